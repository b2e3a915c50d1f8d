import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/index.ts';
import {
  agentKind,
  detectFormat,
  parseTraces,
  type Trace,
  TraceFormatError,
  toJson,
  toTimeline,
} from '../../../src/core.ts';
import { formatTree } from '../../formatTree.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

interface Fields {
  [key: string]: unknown;
}

const span = (id: string, parent_span_id: string | null, fields: Fields = {}) => ({
  id,
  trace_id: 't1',
  parent_span_id,
  name: id,
  type: 'general',
  start_time: '2026-01-01 00:00:00.100000+00:00',
  end_time: '2026-01-01T00:00:00.900Z',
  error_info: null,
  ...fields,
});

const file = (spans: unknown[], trace: Fields = {}, rest: Fields = {}) => ({
  trace: {
    id: 't1',
    name: 'answer',
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-01-01T00:00:01Z',
    input: { q: 'x' },
    output: { a: 'y' },
    thread_id: 'chat-1',
    ...trace,
  },
  spans,
  downloaded_at: '2026-01-02T00:00:00',
  project_name: 'shop',
  ...rest,
});

const llm = span('call', 'plan', {
  type: 'llm',
  model: 'gpt-4o',
  provider: 'openai',
  usage: { prompt_tokens: 1 },
  total_estimated_cost: 0.1,
  error_info: { exception_type: 'RateLimitError', message: 'slow down', traceback: 'at …' },
});
const run = file([span('plan', null), llm, span('search', null, { type: 'tool' })]);

function only(input: object | string): Trace {
  const { traces, format } = parseTraces(input);
  expect(format).toBe('opik');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

describe('a trace', () => {
  const trace = only(run);

  it('is the root of its spans, of the service that Opik calls its project', () => {
    expect(trace.traceId).toBe('t1');
    expect(formatTree(trace, { services: true })).toBe(
      [
        'answer 0–1000 unset service=shop',
        '  plan 100–900 unset service=shop',
        '    call 100–900 error service=shop',
        '  search 100–900 unset service=shop',
      ].join('\n'),
    );
  });

  it('keeps what has no column under its own key', () => {
    expect(trace.span('t1')!.attributes).toEqual({
      input: { q: 'x' },
      output: { a: 'y' },
      thread_id: 'chat-1',
      downloaded_at: '2026-01-02T00:00:00',
    });
    expect(trace.span('call')!.attributes).toEqual({
      model: 'gpt-4o',
      provider: 'openai',
      usage: { prompt_tokens: 1 },
      total_estimated_cost: 0.1,
      error_info: llm.error_info,
      'opik.span.type': 'llm',
    });
    expect(trace.span('call')!.resource).toEqual({ project_name: 'shop' });
    expect([agentKind(trace.span('call')!), agentKind(trace.span('search')!)]).toEqual(['llm', 'tool']);
  });

  it('tells errors by what was noted of the exception', () => {
    expect(trace.span('call')!.statusMessage).toBe('slow down');
    const other = only(
      file([span('a', null, { error_info: { exception_type: 'E' } })], { error_info: { message: 'm' } }),
    );
    expect(Array.from(other, ({ status, statusMessage }) => [status, statusMessage])).toEqual([
      ['error', 'm'],
      ['error', 'E'],
    ]);
  });

  it('starts with its first span where it has no start, and is open without an end', () => {
    const open = only(file([span('a', null)], { start_time: null, end_time: null }));
    expect(Array.from(open, ({ start, duration }) => [start, duration])).toEqual([
      [0, undefined],
      [0, 800_000_000],
    ]);
  });

  it('may be named as a parent itself, and share its id with a span', () => {
    expect(formatTree(only(file([span('a', 't1')])))).toBe('answer 0–1000 unset\n  a 100–900 unset');
    const shared = only(file([span('t1', null), span('a', 't1')]));
    expect(Array.from(shared, ({ key, depth }) => [key, depth])).toEqual([
      ['trace:t1', 0],
      ['t1', 1],
      ['a', 2],
    ]);
  });

  it('without spans is a span nonetheless, and with fewer than it counted is not whole', () => {
    expect(only(file([])).spanCount).toBe(1);
    expect(only(file([span('a', null)], { span_count: 3 })).completeness).toMatchObject({
      complete: false,
      expectedSpans: 4,
    });
    expect(only(file([span('a', null)], { span_count: 1 })).completeness.complete).toBe(true);
  });
});

it('several traces stand in a list or one a line', () => {
  const both = [run, file([], { id: 't2' })];
  for (const input of [both, both.map((item) => JSON.stringify(item)).join('\n')]) {
    expect(parseTraces(input).traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['t1', 4],
      ['t2', 1],
    ]);
  }
});

it('what is no span is skipped and counted, a parent outside is an orphan’s, and what could not be read is kept', () => {
  const { traces, skipped, warnings } = parseTraces(
    file([null, {}, span('a', 'gone', { end_time: 'later', trace_id: 'other', type: 7 })]),
  );
  expect([skipped, warnings.find(({ code }) => code === 'unreadable-span')?.count]).toEqual([2, 2]);
  expect(warnings.find(({ code }) => code === 'unreadable-time')?.message).toContain('“later” of a');
  const a = traces[0]!.span('a')!;
  expect(a.issues).toContain('orphan');
  expect(a.attributes).toEqual({ end_time: 'later', trace_id: 'other', 'opik.span.type': 7 });
});

it('hostile keys are keys as any other', () => {
  const hostile = file([{ ...span('a', null), ...JSON.parse('{"metadata": {"__proto__": {"polluted": 1}}}') }]);
  const input = JSON.stringify(hostile).replace('"thread_id"', '"__proto__"');
  expect(Object.keys(only(input).spanAt(0).attributes)).toContain('__proto__');
  expect(({} as Fields).polluted).toBeUndefined();
});

describe('detection', () => {
  it.each<[string, object]>([
    ['Tempo', { trace: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 't', spanId: 's', name: 'n' }] }] }] } }],
    ['Langfuse', { trace: { id: 't', timestamp: '2026-01-01T00:00:00Z' }, observations: [] }],
    ['MLflow', { trace: { trace_info: { trace_id: 't', experiment_id: '0' }, spans: [] }, spans: [] }],
    ['plain traces below trace', { trace: { trace_id: 't', spans: [{ span_id: 'a', name: 'a', start_time: 1 }] } }],
    [
      'the artifact of MLflow',
      { spans: [{ id: 'a', context: { span_id: 'a', trace_id: 't' }, attributes: { 'mlflow.spanType': '"LLM"' } }] },
    ],
  ])('does not mistake %s for Opik', (_name, value) => {
    expect(detectFormat(value)).not.toBe('opik');
  });

  it('knows it by the download or by the type of a span', () => {
    expect(detectFormat(file([]))).toBe('opik');
    const { trace } = file([]);
    const other = { ...trace, id: 't2' };
    const { traces } = parseTraces([
      { trace, spans: [] },
      { trace: other, spans: [] },
    ]);
    expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['t1', 1],
      ['t2', 1],
    ]);
    const { downloaded_at, ...bare } = run;
    expect(detectFormat(bare)).toBe('opik');
  });
});

const junk: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1e300, NaN, '', '0', 'text', 7n, [], [null], [[]], {}, { toString: 1 }],
  ...[{ ['__proto__']: { a: 1 } }, new Date(NaN), new Uint8Array(3), Object.create(null), () => 1, Symbol('s')],
];

function soiled(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return junk[random.int(0, junk.length - 1)];
  if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
}

it('values of the wrong type throw nothing else than a TraceFormatError, and the input stays as it is', () => {
  let read = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = createRandom(seed);
    const value = soiled([run, file([span('a', null)], { id: 't2' })], random, random.pick([0.01, 0.05, 0.1]));
    if (typeof value !== 'object' || value === null) continue;
    try {
      for (const trace of parseTraces(value, { format: 'opik' }).traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        expect(parseTraces(JSON.stringify(toJson(trace))).traces[0]!.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
      read++;
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
    }
  }
  expect(read).toBeGreaterThan(300);
  const frozen = deepFrozen(run);
  expect(contentOf(only(frozen))).toEqual(contentOf(only(JSON.stringify(frozen))));
});
