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

const second = 1_700_000_000;
const traceId = 'tr-5b8efff798038103d269b633813fc60c';

const info: Fields = {
  trace_id: traceId,
  request_time: '2026-01-01T00:00:00Z',
  execution_duration: '1.2s',
  state: 'OK',
  trace_metadata: { 'mlflow.trace.session': 's1' },
  tags: { 'mlflow.traceName': 'agent' },
  assessments: [],
};

/** Spans of schema 3: base64 ids, values as JSON text. */
const spans3 = [
  {
    trace_id: 'W47/95gDgQPSabYzgT/GDA==',
    span_id: '7uGbfsPBsXQ=',
    parent_span_id: '',
    name: 'agent',
    start_time_unix_nano: `${second}000000000`,
    end_time_unix_nano: `${second + 1}000000001`,
    status: { code: 'STATUS_CODE_OK', message: '' },
    attributes: {
      'mlflow.traceRequestId': `"${traceId}"`,
      'mlflow.spanType': '"AGENT"',
      'mlflow.spanInputs': '{"q":"x"}',
      count: '8',
      big: '9007199254740993',
      nested: '{"id":12345678901234567890}',
      plain: 'Result: 75',
    },
    events: [{ name: 'exception', time_unix_nano: `${second}500000000`, attributes: { 'exception.message': '8' } }],
  },
  {
    trace_id: 'W47/95gDgQPSabYzgT/GDA==',
    span_id: '7uGbfsPBsXU=',
    parent_span_id: '7uGbfsPBsXQ=',
    name: 'llm',
    start_time_unix_nano: `${second}100000000`,
    end_time_unix_nano: 0,
    status: { code: 'STATUS_CODE_ERROR', message: 'rate limited' },
    attributes: { 'mlflow.traceRequestId': `"${traceId}"`, 'mlflow.spanType': '"CHAT_MODEL"' },
    events: [],
  },
];

const span2 = (span_id: string, parent_id: string | null, fields: Fields = {}) => ({
  name: span_id,
  context: { span_id, trace_id: 'aaaa' },
  parent_id,
  start_time: 100,
  end_time: 200,
  status_code: 'OK',
  status_message: '',
  attributes: { 'mlflow.spanType': '"LLM"' },
  events: [],
  ...fields,
});

function only(input: object | string): Trace {
  const { traces, format } = parseTraces(input);
  expect(format).toBe('mlflow');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

describe('schema 3', () => {
  const trace = only({ info, data: { spans: spans3 } });

  it('has base64 ids, and 0 for the end of an open span', () => {
    expect(trace.traceId).toBe(traceId);
    expect(formatTree(trace)).toBe('agent 0–1000.000001 ok\n  llm 100– error [unfinished]');
    expect(Array.from(trace, ({ spanId }) => spanId)).toEqual(['eee19b7ec3c1b174', 'eee19b7ec3c1b175']);
    expect(trace.spanAt(1).statusMessage).toBe('rate limited');
    expect(trace.startTimeUnixNano).toBe(BigInt(second) * 1_000_000_000n);
  });

  it('has JSON text for values, read to the last digit, and other text as it is', () => {
    expect(trace.spanAt(0).attributes).toEqual({
      'mlflow.traceRequestId': traceId,
      'mlflow.spanType': 'AGENT',
      'mlflow.spanInputs': { q: 'x' },
      count: 8,
      big: 9007199254740993n,
      nested: '{"id":12345678901234567890}',
      plain: 'Result: 75',
    });
    expect(Array.from(trace, agentKind)).toEqual(['agent', 'llm']);
  });

  it('has events with values that are no JSON', () => {
    expect(trace.spanAt(0).events).toEqual([
      expect.objectContaining({ name: 'exception', time: 500_000_000, attributes: { 'exception.message': '8' } }),
    ]);
  });

  it('says of the trace what is the resource of its spans', () => {
    const { trace_metadata, tags, ...rest } = info;
    expect(trace.spanAt(1).resource).toEqual({ ...rest, ...(trace_metadata as Fields), ...(tags as Fields) });
  });
});

it.each<[string, object | string]>([
  ['with data as JSON text', { info, data: JSON.stringify({ spans: spans3 }) }],
  ['as trace_info and trace_data', { trace_info: info, trace_data: { spans: spans3 } }],
  ['with spans beside the info', { trace: { trace_info: info, spans: spans3 } }],
  ['in a list', [{ info, data: { spans: spans3 } }]],
  ['below traces', { traces: [{ trace_info: info, spans: spans3 }] }],
  ['as the artifact', { spans: spans3, request: 'q', response: 'r' }],
  ['one span a line', spans3.map((span) => JSON.stringify(span)).join('\n')],
  ['as a row of search_traces', { trace_id: traceId, trace: '{}', spans: spans3, tags: {} }],
])('a trace is read %s', (_name, input) => {
  const trace = only(input);
  expect([trace.traceId, trace.spanCount]).toEqual([traceId, 2]);
  expect(trace.spanAt(1).parent?.name).toBe('agent');
});

it('schema 4 has OpenTelemetry’s id beside its own, and may have attributes as OTLP’s list', () => {
  const attributes = [
    { key: 'mlflow.spanType', value: { stringValue: 'TOOL' } },
    { key: 'mlflow.spanInputs', value: { stringValue: '{"q":1}' } },
    { key: 'digits', value: { stringValue: '8' } },
    { key: 'count', value: { intValue: '8' } },
  ];
  const span = {
    trace_id: traceId,
    otel_trace_id: 'ffff',
    span_id: 'eee1',
    parent_span_id: null,
    name: 'a',
    start_time_unix_nano: 0,
    end_time_unix_nano: 5_000_000,
    status: { code: 'OK', message: null },
    attributes,
  };
  const trace = only({ info, data: { spans: [span] } });
  expect(formatTree(trace)).toBe('a 0–5 ok');
  expect(trace.spanAt(0).attributes).toEqual({
    'mlflow.spanType': 'TOOL',
    'mlflow.spanInputs': { q: 1 },
    digits: '8',
    count: 8,
    otel_trace_id: 'ffff',
  });
});

describe('schema 2', () => {
  it('counts nanoseconds, however few, and goes by the id of the request', () => {
    const trace = only({
      info: { request_id: 'r1', experiment_id: '0', execution_time_ms: 1, request_metadata: { k: 'v' } },
      data: { spans: [span2('a', null, { start_time: 0 }), span2('b', 'a', { end_time: null })] },
    });
    expect(trace.traceId).toBe('r1');
    expect(Array.from(trace, ({ start, duration }) => [start, duration])).toEqual([
      [0, 200],
      [100, undefined],
    ]);
    expect(trace.spanAt(0).attributes.trace_id).toBe('aaaa');
    expect(trace.spanAt(0).resource.k).toBe('v');
  });

  it('keeps the traces of a file apart', () => {
    const file = (request_id: string) => ({
      info: { request_id, experiment_id: '0' },
      data: { spans: [span2('a', null)] },
    });
    expect(parseTraces([file('r1'), file('r2')]).traces.map((trace) => trace.traceId)).toEqual(['r1', 'r2']);
  });
});

describe('a trace that is not whole', () => {
  it('has fewer spans than MLflow counted', () => {
    const counted = { ...info, trace_metadata: { 'mlflow.trace.sizeStats': '{"num_spans": 5}' } };
    expect(only({ info: counted, data: { spans: spans3 } }).completeness).toMatchObject({
      complete: false,
      expectedSpans: 5,
    });
  });

  it('is there without spans where only its info was exported', () => {
    const trace = only({ info });
    expect(trace.spanCount).toBe(0);
    expect(trace.completeness.reasons).toContain('The file has no spans of this trace.');
  });

  it('says so where its data is damaged text', () => {
    const { skipped, warnings } = parseTraces({ info, data: '{"spans": [' });
    expect(skipped).toBe(1);
    expect(warnings[0]!.message).toBe('1 record is a trace whose data is no JSON; skipped.');
  });
});

it('what is no span is skipped and counted, and what could not be read is among the attributes', () => {
  const odd = span2('a', null, {
    start_time: 'soon',
    status_code: 'FINE',
    events: 'none',
    links: [{ trace_id: 'W47/95gDgQPSabYzgT/GDA==', span_id: '7uGbfsPBsXQ=' }],
  });
  const { skipped, warnings, traces } = parseTraces({ info, data: { spans: [odd, null, {}] } });
  expect([skipped, warnings.find(({ code }) => code === 'unreadable-span')?.count]).toEqual([2, 2]);
  expect(warnings.find(({ code }) => code === 'unreadable-time')?.message).toContain('“soon” of a');
  expect(traces[0]!.spanAt(0).attributes).toMatchObject({ start_time: 'soon', status: 'FINE', events: 'none' });
  expect(traces[0]!.spanAt(0).links).toEqual([
    { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', attributes: {} },
  ]);
});

it('hostile keys are keys as any other', () => {
  const attributes = JSON.parse(
    '{"mlflow.spanType": "\\"LLM\\"", "__proto__": "{\\"__proto__\\": {\\"polluted\\": 1}}"}',
  );
  const file = {
    info: JSON.parse('{"trace_id": "t", "experiment_id": "0", "tags": {"__proto__": "x"}}'),
    data: { spans: [span2('a', null, { attributes })] },
  };
  const span = only(file).spanAt(0);
  expect(Object.keys(span.attributes)).toContain('__proto__');
  expect(Object.keys(span.resource)).toContain('__proto__');
  expect(({} as Fields).polluted).toBeUndefined();
});

describe('detection', () => {
  const recorded = { 'mlflow.spanType': '"LLM"' };
  const context = { trace_id: '0x1', span_id: '0x2' };
  it.each<[string, object]>([
    ['Phoenix spans', { context, name: 'n', span_kind: 'LLM', status_code: 'OK', attributes: recorded }],
    [
      'the console of OpenTelemetry',
      {
        context,
        name: 'n',
        kind: 'SpanKind.INTERNAL',
        status: {},
        start_time: '2026-01-01T00:00:00Z',
        attributes: recorded,
      },
    ],
    ['spans with a context alone', { spans: [{ context, name: 'n', parent_id: null, start_time: 1, attributes: {} }] }],
    [
      'OTLP',
      {
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: 't',
                    spanId: 's',
                    name: 'n',
                    attributes: [{ key: 'mlflow.spanType', value: { stringValue: 'LLM' } }],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    ['plain spans', { trace_id: 't', spans: [{ span_id: 's', name: 'n', start_time: 1, attributes: recorded }] }],
    [
      'Opik',
      {
        trace: { id: 't', name: 'n', start_time: '2026-01-01T00:00:00Z' },
        spans: [{ id: 's', type: 'llm' }],
        downloaded_at: 'x',
      },
    ],
  ])('does not mistake %s for MLflow', (_name, value) => {
    expect(detectFormat(value)).not.toBe('mlflow');
  });

  it('takes no MLflow span for one of Phoenix or of a console', () => {
    expect(detectFormat(span2('a', null))).toBe('mlflow');
    expect(detectFormat({ spans: [span2('a', null)] })).toBe('mlflow');
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
  const clean = [{ info, data: { spans: spans3 } }, { spans: [span2('a', null), span2('b', 'a')] }];
  let read = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = createRandom(seed);
    const value = soiled(clean, random, random.pick([0.01, 0.05, 0.1]));
    if (typeof value !== 'object' || value === null) continue;
    try {
      for (const trace of parseTraces(value, { format: 'mlflow' }).traces) {
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
  const frozen = deepFrozen({ info, data: { spans: spans3 } });
  expect(contentOf(only(frozen))).toEqual(contentOf(only(JSON.stringify(frozen))));
});

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it.each([
    ['mlflow-v2-predict.json', 2, 2, '58f4e27101304034b15c512b603bf1b2'],
    ['mlflow-ui-v2-trace.json', 3, 3, '1'],
    ['mlflow-ui-otel-base64.json', 2, 2, 'tr-b4b75f11c8c04dd7fddae56c28c6ccfd'],
  ])('%s: %i spans, %i deep', (name, spans, depth, id) => {
    const bytes = corpusFile(`mlflow/${name}`);
    const { format, traces, skipped } = parseTraces(bytes);
    expect([format, traces.length, skipped]).toEqual(['mlflow', 1, 0]);
    expect(detectFormat(bytes)).toBe('mlflow');
    const [trace] = traces;
    expect([trace!.traceId, trace!.spanCount]).toEqual([id, spans]);
    expect(Math.max(...Array.from(trace!, (span) => span.depth + 1))).toBe(depth);
    expect(Array.from(trace!).filter(({ issues }) => issues.includes('orphan'))).toHaveLength(0);
  });
});
