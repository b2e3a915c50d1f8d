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
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';
import { formatTree } from '../../formatTree.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

interface Fields {
  [key: string]: unknown;
}

const trace_id = '5b8efff798038103d269b633813fc60c';

/** A span as Phoenix's UI downloads it. */
const line = (span_id: string, parent_id: string | null, fields: Fields = {}) => ({
  id: `U3Bhbjo${span_id}`,
  name: span_id,
  context: { trace_id, span_id },
  span_kind: 'CHAIN',
  parent_id,
  start_time: '2026-01-01T00:00:00+00:00',
  end_time: '2026-01-01T00:00:01.5+00:00',
  status_code: 'OK',
  status_message: '',
  attributes: {},
  events: [],
  ...fields,
});

const run = [
  line('agent', null, { span_kind: 'AGENT' }),
  line('llm', 'agent', {
    span_kind: 'LLM',
    start_time: '2026-01-01T00:00:00.100000001Z',
    end_time: '2026-01-01T00:00:01Z',
    status_code: 'ERROR',
    status_message: 'rate limited',
    attributes: { 'llm.model_name': 'gpt-4o', 'llm.token_count.prompt': 3 },
    events: [
      { name: 'exception', timestamp: '2026-01-01T00:00:00.9Z', message: 'm', attributes: { 'exception.type': 'E' } },
    ],
  }),
];

function only(input: object | string): Trace {
  const { traces, format } = parseTraces(input);
  expect(format).toBe('phoenix');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

describe('spans as the UI downloads them', () => {
  it('are read one a line, with their kind back among the attributes', () => {
    const trace = only(run.map((span) => JSON.stringify(span)).join('\n'));
    expect(trace.traceId).toBe(trace_id);
    expect(formatTree(trace)).toBe('agent 0–1500 ok\n  llm 100.000001–1000 error');
    const llm = trace.span('llm')!;
    expect(llm.statusMessage).toBe('rate limited');
    expect(llm.attributes).toEqual({
      'llm.model_name': 'gpt-4o',
      'llm.token_count.prompt': 3,
      'openinference.span.kind': 'LLM',
      id: 'U3Bhbjollm',
    });
    expect(llm.events).toEqual([
      expect.objectContaining({
        name: 'exception',
        time: 900_000_000,
        attributes: { 'exception.type': 'E', message: 'm' },
      }),
    ]);
    expect(Array.from(trace, agentKind)).toEqual(['agent', 'llm']);
  });

  it('are open without an end, and roots without a parent however that is written', () => {
    const trace = only([line('a', '', { end_time: null }), line('b', '0000000000000000'), line('c', null)]);
    expect(Array.from(trace, ({ depth, issues }) => [depth, ...issues])).toEqual([[0, 'unfinished'], [0], [0]]);
  });

  it('keep the traces of one file apart', () => {
    const other = line('agent', null, { context: { trace_id: 'other', span_id: 'agent' } });
    expect(parseTraces([...run, other]).traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      [trace_id, 2],
      ['other', 1],
    ]);
  });

  it('may have the kind of OpenTelemetry in its place, as in OpenInference’s specification', () => {
    const trace = only([
      line('a', null, {
        span_kind: 'SPAN_KIND_CLIENT',
        context: { trace_id: '409df945-e058-4829-b240-cfbdd2ff4488', span_id: '01fa9612-01b8-4358-85d6-e3e067305ec3' },
        attributes: { 'openinference.span.kind': 'LLM' },
      }),
    ]);
    const span = trace.spanAt(0);
    expect([span.kind, agentKind(span), span.spanId]).toEqual([
      'client',
      'llm',
      '01fa9612-01b8-4358-85d6-e3e067305ec3',
    ]);
    expect(span.attributes).not.toHaveProperty('span_kind');
  });

  it('may have nested attributes, which get OpenInference’s dotted keys', () => {
    const nested = {
      llm: { model_name: 'gpt-4o', token_count: { prompt: 3 }, invocation_parameters: { temperature: 0 } },
      metadata: { a: { b: 1 } },
      input: { value: 'x' },
      'input.value': 'y',
    };
    const { attributes } = only([line('a', null, { attributes: nested })]).spanAt(0);
    expect(attributes).toMatchObject({
      'llm.model_name': 'gpt-4o',
      'llm.token_count.prompt': 3,
      'llm.invocation_parameters': { temperature: 0 },
      metadata: { a: { b: 1 } },
      'input.value': 'y',
      'phoenix.input.value': 'x',
    });
  });

  it('lose nothing that could not be read', () => {
    const { traces, warnings } = parseTraces([
      line('a', null, { start_time: 'yesterday', status_code: 'FINE', events: 'none', id: 1, attributes: { id: 2 } }),
    ]);
    expect(traces[0]!.spanAt(0).attributes).toMatchObject({
      start_time: 'yesterday',
      status_code: 'FINE',
      events: 'none',
      id: 2,
      'phoenix.id': 1,
    });
    expect(warnings.find(({ code }) => code === 'unreadable-time')?.message).toBe(
      '1 time of spans could not be read (first: “yesterday” of a); taken as missing.',
    );
  });

  it('with times that JSON rounds say so', () => {
    const times = { start_time: 1_700_000_000_000_000_000, end_time: '1700000000000000123' };
    const { warnings, traces } = parseTraces([line('a', null, times)]);
    expect(warnings.find(({ code }) => code === 'rounded-time')?.count).toBe(1);
    expect(traces[0]!.spanAt(0).duration).toBe(123);
  });

  it('that are none are skipped, and counted', () => {
    const { skipped, warnings, traces } = parseTraces([...run, 7, null, { span_kind: 'LLM' }]);
    expect([skipped, traces[0]!.spanCount]).toEqual([3, 2]);
    expect(warnings.find(({ code }) => code === 'unreadable-span')?.count).toBe(3);
  });
});

describe('the REST API', () => {
  it('gives pages of spans, and a trace of a page that is not the last is not whole', () => {
    expect(only({ data: run, next_cursor: null }).completeness.complete).toBe(true);
    const { completeness } = only({ data: run, next_cursor: 'abc' });
    expect(completeness.reasons).toEqual(['This is one page of a list that goes on.']);
  });

  it('gives traces whose spans have no context', () => {
    const bare = (span_id: string, parent_id: string | null) => ({
      span_id,
      parent_id,
      name: span_id,
      span_kind: 'TOOL',
      status_code: 'OK',
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-01-01T00:00:01Z',
    });
    const file = { trace_id: 't', project_id: 'p', spans: [bare('a', null), bare('b', 'a')] };
    for (const input of [file, { data: [file], next_cursor: null }]) {
      const trace = only(input);
      expect(formatTree(trace)).toBe('a 0–1000 ok\n  b 0–1000 ok');
      expect(trace.spanAt(1).resource).toEqual({ project_id: 'p' });
      expect(agentKind(trace.spanAt(1))).toBe('tool');
    }
  });
});

it('rows of a data frame have flat keys, and columns that are empty for most', () => {
  const row = (span_id: string, parent_id: string | null, fields: Fields) => ({
    name: span_id,
    span_kind: 'LLM',
    parent_id,
    start_time: 1_767_225_600_000,
    end_time: 1_767_225_601_000,
    status_code: 'UNSET',
    status_message: '',
    events: [],
    'context.span_id': span_id,
    'context.trace_id': 't',
    'attributes.llm.model_name': null,
    'attributes.service.name': 'shop',
    ...fields,
  });
  const trace = only([row('a', null, {}), row('b', 'a', { 'attributes.llm.model_name': 'gpt-4o' })]);
  expect(formatTree(trace, { services: true })).toBe('a 0–1000 unset service=shop\n  b 0–1000 unset service=shop');
  expect(Array.from(trace, ({ attributes }) => attributes['llm.model_name'])).toEqual([undefined, 'gpt-4o']);
});

it('hostile keys are keys as any other', () => {
  const attributes = JSON.parse('{"__proto__": {"polluted": 1}, "llm": {"__proto__": {"polluted": 1}}}');
  const { attributes: read } = only([line('a', null, { attributes })]).spanAt(0);
  expect(Object.keys(read)).toEqual(['__proto__', 'llm.__proto__.polluted', 'openinference.span.kind', 'id']);
  expect(({} as Fields).polluted).toBeUndefined();
});

describe('detection', () => {
  const console = {
    name: 'n',
    context: { trace_id: '0x1', span_id: '0x2' },
    kind: 'SpanKind.INTERNAL',
    parent_id: null,
    start_time: '2026-01-01T00:00:00Z',
    status: { status_code: 'UNSET' },
  };
  it.each([
    ['the console of OpenTelemetry', console],
    ['several of its spans', { spans: [console] }],
    [
      'plain spans with an OpenInference kind',
      { trace_id: 't', spans: [{ span_id: 'a', parent_span_id: null, name: 'a', span_kind: 'LLM', start_time: 1 }] },
    ],
    [
      'Jaeger’s data',
      { data: [{ traceID: 't', spans: [{ traceID: 't', spanID: 's', operationName: 'n' }], processes: {} }] },
    ],
    [
      'Langfuse’s data',
      { data: [{ id: 'o', traceId: 't', type: 'SPAN', startTime: '2026-01-01T00:00:00Z', name: 'n' }] },
    ],
    [
      'OTLP as Phoenix downloads it',
      { resource_spans: [{ scope_spans: [{ spans: [{ trace_id: 't', span_id: 's', name: 'n' }] }] }] },
    ],
  ])('does not mistake %s for Phoenix', (_name, value) => {
    expect(detectFormat(value)).not.toBe('phoenix');
  });

  it('takes no Phoenix span for a plain one', () => {
    expect(
      detectFormat({
        trace_id: 't',
        spans: [{ span_id: 'a', parent_id: null, name: 'a', span_kind: 'LLM', start_time: 1 }],
      }),
    ).toBe('phoenix');
    expect(detectFormat(run[0]!)).toBe('phoenix');
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
  const clean = {
    data: [...run, { trace_id: 't', spans: [{ span_id: 'a', span_kind: 'LLM', name: 'a' }] }],
    next_cursor: 'x',
  };
  let read = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = createRandom(seed);
    const value = soiled(clean, random, random.pick([0.01, 0.05, 0.1]));
    if (typeof value !== 'object' || value === null) continue;
    try {
      for (const trace of parseTraces(value, { format: 'phoenix' }).traces) {
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

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it('thesis-chain-spans.jsonl, rows of a data frame: 26 spans in 1 trace, of which 14 are orphans', () => {
    const { format, traces, skipped } = parseTraces(corpusFile('phoenix/thesis-chain-spans.jsonl'));
    expect([format, traces.length, skipped]).toEqual(['phoenix', 1, 0]);
    const spans = Array.from(traces[0]!);
    expect(spans).toHaveLength(26);
    expect(Math.max(...spans.map(({ depth }) => depth + 1))).toBe(3);
    expect(spans.filter(({ issues }) => issues.includes('orphan'))).toHaveLength(14);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(0);
    expect(spans.filter(({ duration }) => duration === 0)).toHaveLength(6);
    expect(new Set(spans.map(agentKind))).toEqual(new Set(['chain']));
  });

  it('thesis-urs001.jsonl has plain spans, whose kind and status are none of Phoenix’s: 87 spans in 6 traces', () => {
    const { format, traces, skipped, warnings } = parseTraces(corpusFile('phoenix/thesis-urs001.jsonl'));
    expect([format, traces.length, skipped]).toEqual(['json', 6, 0]);
    const spans = traces.flatMap((trace) => Array.from(trace));
    expect(spans).toHaveLength(87);
    expect(Math.max(...traces.map(({ spanCount }) => spanCount))).toBe(36);
    expect(Math.max(...spans.map(({ depth }) => depth + 1))).toBe(5);
    expect(spans.filter(({ issues }) => issues.includes('orphan'))).toHaveLength(11);
    expect(spans.filter(({ duration }) => duration === 0)).toHaveLength(26);
    expect(spans.flatMap(({ events }) => [...events])).toHaveLength(11);
    expect(warnings.find(({ code }) => code === 'rounded-time')?.count).toBe(174);
  });
});
