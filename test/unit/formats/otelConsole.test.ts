import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/index.ts';
import { detectFormat, parseTraces, type Trace, TraceFormatError, toJson, toTimeline } from '../../../src/core.ts';
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';
import { formatTree } from '../../formatTree.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

type Fields = Record<string, unknown>;

const python = (fields: Fields = {}): Fields => ({
  name: 'agent',
  context: { trace_id: '0x0af7651916cd43dd8448eb211c80319c', span_id: '0x00f067aa0ba902b7', trace_state: '[]' },
  kind: 'SpanKind.INTERNAL',
  parent_id: null,
  start_time: '2026-11-23T09:30:00.000000Z',
  end_time: '2026-11-23T09:30:02.500000Z',
  status: { status_code: 'UNSET' },
  attributes: { 'gen_ai.operation.name': 'invoke_agent' },
  events: [],
  links: [],
  resource: { attributes: { 'service.name': 'support' }, schema_url: '' },
  ...fields,
});

const pythonChild = python({
  name: 'chat gpt-4o',
  context: { trace_id: '0x0af7651916cd43dd8448eb211c80319c', span_id: '0x00f067aa0ba902b8', trace_state: '[]' },
  kind: 'SpanKind.CLIENT',
  parent_id: '0x00f067aa0ba902b7',
  start_time: '2026-11-23T09:30:01.000001Z',
  end_time: '2026-11-23T09:30:02.000000Z',
  status: { status_code: 'ERROR', description: 'RateLimitError: slow down' },
  events: [
    { name: 'exception', timestamp: '2026-11-23T09:30:01.500000Z', attributes: { 'exception.type': 'RateLimitError' } },
  ],
  links: [{ context: { trace_id: '0x1', span_id: '0x2', trace_state: '[]' }, attributes: { why: 'retry' } }],
});

const pair = (Key: string, Type: string, Value: unknown) => ({ Key, Value: { Type, Value } });

const goContext = (SpanID: string, TraceID = '0af7651916cd43dd8448eb211c80319c') => ({
  ...{ TraceID, SpanID, TraceFlags: '01', TraceState: '', Remote: false },
});

const go = (fields: Fields = {}): Fields => ({
  Name: 'build',
  SpanContext: goContext('00f067aa0ba902b7'),
  Parent: goContext('0000000000000000', '00000000000000000000000000000000'),
  SpanKind: 1,
  StartTime: '2026-11-23T09:30:00.123456789+01:00',
  EndTime: '2026-11-23T09:30:02.123456789+01:00',
  Attributes: [pair('image', 'STRING', 'alpine'), pair('layers', 'INT64SLICE', [1, 2]), pair('cached', 'BOOL', false)],
  Events: null,
  Links: null,
  Status: { Code: 'Unset', Description: '' },
  DroppedAttributes: 0,
  DroppedEvents: 0,
  DroppedLinks: 0,
  Resource: [pair('service.name', 'STRING', 'buildx'), pair('host.cpus', 'INT64', 4)],
  InstrumentationLibrary: { Name: 'tracer', Version: '1.2', SchemaURL: '' },
  ...fields,
});

const javaScript = (fields: Fields = {}): Fields => ({
  name: 'ai.generateText',
  spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7', traceFlags: 1 },
  kind: 0,
  startTime: [1_795_426_200, 123_456_789],
  endTime: [1_795_426_202, 23_456_790],
  duration: [1, 900_000_001],
  ended: true,
  status: { code: 0 },
  attributes: { 'ai.operationId': 'ai.generateText' },
  events: [],
  links: [],
  resource: { attributes: { 'service.name': 'web' } },
  instrumentationScope: { name: 'ai', version: '5.0.0' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
  ...fields,
});

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('otel-console');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

const first = (span: Fields) => only([span]).spanAt(0);

describe("Python's console", () => {
  const tree = 'agent 0–2500 unset\n  chat gpt-4o 1000.001–2000 error';

  it.each([
    [
      'one after another over several lines',
      `${JSON.stringify(python(), null, 4)}\n${JSON.stringify(pythonChild, null, 4)}\n`,
    ],
    ['a line each', `${JSON.stringify(pythonChild)}\n${JSON.stringify(python())}`],
    ['in a list', [pythonChild, python()]],
    ['below spans', { spans: [python(), pythonChild] }],
  ])('is read %s', (_, input) => {
    const trace = only(input);
    expect(formatTree(trace)).toBe(tree);
    expect(trace.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  it('gives kind, status message, events, links and resource', () => {
    const span = only([python(), pythonChild]).span('00f067aa0ba902b8')!;
    expect(span).toMatchObject({
      kind: 'client',
      parentSpanId: '00f067aa0ba902b7',
      serviceName: 'support',
      statusMessage: 'RateLimitError: slow down',
      attributes: { 'gen_ai.operation.name': 'invoke_agent' },
      links: [{ traceId: '1', spanId: '2', attributes: { why: 'retry' } }],
      resource: { 'service.name': 'support' },
      scope: undefined,
    });
    expect(span.events).toEqual([
      {
        name: 'exception',
        time: 1.5e9,
        timeUnixNano: 1_795_426_201_500_000_000n,
        attributes: { 'exception.type': 'RateLimitError' },
      },
    ]);
    expect(Object.keys(span.attributes)).toEqual(['gen_ai.operation.name']);
  });

  it.each([
    ['SpanKind.SERVER', 'server'],
    ['SpanKind.CONSUMER', 'consumer'],
    ['INTERNAL', 'internal'],
    [0, 'internal'],
    [1, 'server'],
    [undefined, 'unspecified'],
  ])('has the kind %j', (kind, expected) => {
    expect(first(python({ kind })).kind).toBe(expected);
  });

  it.each([
    [{ status_code: 'OK' }, 'ok'],
    [{ canonical_code: 'OK' }, 'ok'],
    ['StatusCode.ERROR', 'error'],
    [{ status_code: 2 }, 'error'],
    [undefined, 'unset'],
  ])('has the status %j', (status, expected) => {
    expect(first(python({ status })).status).toBe(expected);
  });

  it('may have times as nanoseconds, and a duration where the end is missing', () => {
    const span = first(python({ start_time: 1_751_181_817_641_060_000, end_time: null, duration_ms: 9621.219 }));
    expect(span.durationMs).toBe(9621.219);
    expect(span.attributes.duration_ms).toBe(9621.219);
  });

  it('has open spans, orphans and spans without a resource', () => {
    const span = first(python({ end_time: null, parent_id: '0xab', resource: undefined }));
    expect(span.issues).toEqual(expect.arrayContaining(['unfinished', 'orphan']));
    expect(span.serviceName).toBe('unknown');
  });

  it('keeps both where a span was printed twice', () => {
    const trace = only([python(), pythonChild, python(), pythonChild]);
    expect(trace.spanCount).toBe(4);
    expect(trace.spanAt(0).issues).toContain('duplicate-id');
  });

  it('keeps what it has no field for, and what it cannot read, as attributes', () => {
    const { traces, warnings } = parseTraces([
      python({
        context: { trace_id: '0x1', span_id: '0x2', trace_state: "['a=1']" },
        kind: 'SpanKind.ODD',
        status: { status_code: 'MAYBE' },
        start_time: 'yesterday',
        thread: 7,
      }),
    ]);
    expect(traces[0]!.spanAt(0).attributes).toEqual({
      'gen_ai.operation.name': 'invoke_agent',
      thread: 7,
      kind: 'SpanKind.ODD',
      status: { status_code: 'MAYBE' },
      start_time: 'yesterday',
      'context.trace_state': "['a=1']",
    });
    expect(warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['unknown-status', 'unreadable-time']));
  });

  it('keeps several traces apart', () => {
    const other = python({ context: { trace_id: '0xff', span_id: '0x00f067aa0ba902b7' } });
    expect(parseTraces([python(), other]).traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['0af7651916cd43dd8448eb211c80319c', 1],
      ['ff', 1],
    ]);
  });

  it('leaves out and counts what is no span', () => {
    const { traces, skipped } = parseTraces([python(), { name: 'x' }, null, 7]);
    expect([traces[0]!.spanCount, skipped]).toEqual([1, 3]);
  });
});

describe("Go's stdouttrace", () => {
  it('is read to the nanosecond, with the list of attributes as values', () => {
    const span = first(go());
    expect(span).toMatchObject({
      name: 'build',
      kind: 'internal',
      serviceName: 'buildx',
      durationMs: 2000,
      issues: [],
    });
    expect(span.parentSpanId).toBeUndefined();
    expect(span.startTimeUnixNano).toBe(1_795_422_600_123_456_789n);
    expect(span.attributes).toEqual({ image: 'alpine', layers: [1, 2], cached: false });
    expect(span.resource).toEqual({ 'service.name': 'buildx', 'host.cpus': 4 });
    expect(span.scope).toEqual({ name: 'tracer', version: '1.2' });
  });

  it('gives events, links, and children below their parent', () => {
    const child = go({
      Name: 'pull',
      SpanContext: goContext('00f067aa0ba902b8'),
      Parent: { ...goContext('00f067aa0ba902b7'), Remote: true },
      SpanKind: 3,
      Events: [
        {
          ...{ Name: 'message', Time: '2026-11-23T08:30:01Z', DroppedAttributeCount: 0 },
          Attributes: [pair('id', 'INT64', 1)],
        },
      ],
      Links: [{ SpanContext: goContext('00000000000000aa', 'bb'), Attributes: null, DroppedAttributeCount: 0 }],
      ChildSpanCount: 2,
    });
    const span = only([go(), child]).span('00f067aa0ba902b8')!;
    expect(span).toMatchObject({ depth: 1, kind: 'client' });
    expect(span.events).toMatchObject([{ name: 'message', time: 876_543_211, attributes: { id: 1 } }]);
    expect(span.links).toEqual([{ traceId: 'bb', spanId: '00000000000000aa', attributes: {} }]);
    expect(span.attributes).toMatchObject({ ChildSpanCount: 2, 'Parent.Remote': true });
  });

  it.each([
    ['Error', 'error'],
    ['Ok', 'ok'],
    ['Unset', 'unset'],
    [1, 'error'],
    [2, 'ok'],
  ])('has the status %j in the order of its own codes', (Code, status) => {
    const span = first(go({ Status: { Code, Description: 'why' } }));
    expect([span.status, span.statusMessage]).toEqual([status, 'why']);
  });

  it('shows a span whose end is the first day of the year 1 as open', () => {
    expect(first(go({ EndTime: '0001-01-01T00:00:00Z' })).issues).toEqual(['unfinished']);
  });

  it('says where the SDK dropped something', () => {
    expect(only([go({ DroppedAttributes: 3, DroppedLinks: 1 })]).completeness).toEqual({
      complete: false,
      reasons: ['4 attributes, events or links were dropped by the SDK.'],
    });
  });
});

describe("JavaScript's ReadableSpan", () => {
  it('is read from its pairs of seconds and nanoseconds, exactly', () => {
    const span = first(javaScript());
    expect(span).toMatchObject({
      name: 'ai.generateText',
      kind: 'internal',
      serviceName: 'web',
      duration: 1_900_000_001,
    });
    expect(span.startTimeUnixNano).toBe(1_795_426_200_123_456_789n);
    expect(span.attributes).toEqual({ 'ai.operationId': 'ai.generateText' });
    expect(span.scope).toEqual({ name: 'ai', version: '5.0.0' });
  });

  it.each([
    ['version 1', { parentSpanId: '00f067aa0ba902b7' }],
    ['version 2', { parentSpanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7' } }],
  ])('finds the parent as %s of the SDK names it', (_, parent) => {
    const child = javaScript({
      spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b8' },
      kind: 2,
      status: { code: 2, message: 'boom' },
      ...parent,
    });
    expect(only([javaScript(), child]).span('00f067aa0ba902b8')).toMatchObject({
      ...{
        depth: 1,
        kind: 'client',
        status: 'error',
        statusMessage: 'boom',
        attributes: { 'ai.operationId': 'ai.generateText' },
      },
    });
  });

  it.each([
    [{ ended: false, endTime: [0, 0], duration: [-1, 0] }, undefined],
    [{ ended: undefined, endTime: [0, 0], duration: [0, 0] }, undefined],
    [{ endTime: undefined }, 1_900_000_001],
    [{ endTime: [1_795_426_200, 123_456_789] }, 0],
    [{ endTime: '2026-11-23T09:30:01.123456789Z' }, 1e9],
  ])('with %j lasts %s ns', (fields, duration) => {
    expect(first(javaScript(fields)).duration).toBe(duration);
  });

  it('gives events and links', () => {
    const span = first(
      javaScript({
        events: [
          { name: 'ai.stream.firstChunk', time: [1_795_426_201, 5], attributes: { a: 1 }, droppedAttributesCount: 0 },
        ],
        links: [{ context: { traceId: 'aa', spanId: 'bb', traceState: 'x=1' }, attributes: {} }],
      }),
    );
    expect(span.events).toEqual([
      {
        name: 'ai.stream.firstChunk',
        time: 876_543_216,
        timeUnixNano: 1_795_426_201_000_000_005n,
        attributes: { a: 1 },
      },
    ]);
    expect(span.links).toEqual([{ traceId: 'aa', spanId: 'bb', attributes: {}, traceState: 'x=1' }]);
  });

  it('may have its ids on the span itself, as who collects the spans of a Vercel app writes them', () => {
    const { spanContext: ids, ...rest } = javaScript();
    const child = {
      ...{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b8', parentSpanId: '00f067aa0ba902b7' },
      ...{ name: 'ai.generateText.doGenerate', startTime: [1_795_426_200, 500_000_001], endTime: [1_795_426_201, 1] },
      ...{ status: { code: 2, message: 'boom' }, attributes: { 'ai.model.id': 'gpt-4o' }, extra: 'kept' },
    };
    const trace = only([{ ...(ids as Fields), ...rest }, child]);
    expect(trace.startTimeUnixNano).toBe(1_795_426_200_123_456_789n);
    expect(trace.span('00f067aa0ba902b7')).toMatchObject({ duration: 1_900_000_001, serviceName: 'web' });
    expect(trace.span('00f067aa0ba902b8')).toMatchObject({
      ...{ depth: 1, start: 376_543_212, duration: 500_000_000, status: 'error', statusMessage: 'boom' },
      attributes: { 'ai.model.id': 'gpt-4o', extra: 'kept' },
    });
    expect(detectFormat({ spans: [child] })).toBe('otel-console');
  });

  it.each([
    ['version 1', { parentId: '00f067aa0ba902b7' }],
    ['version 2', { parentSpanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7' } }],
  ])('may be as the console exporter of %s of the SDK has it, in microseconds', (_, parent) => {
    const printed = (id: string, fields: Fields) => ({
      ...{ resource: { attributes: { 'service.name': 'web' } }, traceId: '0af7651916cd43dd8448eb211c80319c' },
      ...{ name: 'step', id, kind: 2, timestamp: 1_795_426_200_123_456, duration: 1500.5, attributes: { a: 1 } },
      ...{ status: { code: 0 }, events: [], links: [], ...fields },
    });
    const trace = only([
      printed('00f067aa0ba902b7', {}),
      printed('00f067aa0ba902b8', {
        ...parent,
        events: [{ name: 'retry', attributes: {}, time: [1_795_426_200, 124_000_000], droppedAttributesCount: 0 }],
        links: [{ context: { traceId: 'aa', spanId: 'bb', traceFlags: 1 }, attributes: {} }],
      }),
    ]);
    const child = trace.span('00f067aa0ba902b8')!;
    expect(trace.startTimeUnixNano).toBe(1_795_426_200_123_456_000n);
    expect(child).toMatchObject({ kind: 'client', serviceName: 'web', depth: 1, duration: 1_500_500 });
    expect(child.attributes).toEqual({ a: 1 });
    expect(child.events).toMatchObject([{ name: 'retry', time: 544_000 }]);
    expect(child.links).toEqual([{ traceId: 'aa', spanId: 'bb', attributes: {} }]);
  });

  it('may be what JSON makes of a living span', () => {
    const { spanContext, resource: _, ...rest } = javaScript();
    const span = first({ ...rest, _spanContext: spanContext, resource: { _rawAttributes: [['service.name', 'raw']] } });
    expect([span.spanId, span.serviceName]).toEqual(['00f067aa0ba902b7', 'raw']);
  });
});

describe('detection of a console', () => {
  const times = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:01Z' };
  const context = { trace_id: 'aa', span_id: 'bb' };

  it.each([
    [
      'Phoenix JSONL',
      { id: 'x', name: 'llm', context, span_kind: 'LLM', parent_id: null, status_code: 'OK', ...times },
    ],
    ['Phoenix REST', { data: [{ id: 'x', name: 'llm', context, span_kind: 'LLM', ...times }], next_cursor: null }],
    [
      'MLflow v2',
      { info: {}, data: { spans: [{ name: 'x', context, start_time: 1, end_time: 2, status_code: 'OK' }] } },
    ],
    ['plain', { trace_id: 'aa', spans: [{ span_id: 'bb', name: 'x', ...times }] }],
    ['OTLP', { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'aa', spanId: 'bb' }] }] }] }],
  ])('does not take %s for it', (_, input) => {
    expect(detectFormat(input)).not.toBe('otel-console');
  });

  it.each([
    ['Python', python()],
    ['Go', go()],
    ['JavaScript', javaScript()],
  ])('finds %s, alone, in lists and below spans, also beside a trace_id', (_, span) => {
    for (const input of [span, [span], [[span]], { spans: [span] }, { trace_id: 'aa', spans: [span] }]) {
      expect(detectFormat(input)).toBe('otel-console');
    }
  });
});

describe.skipIf(!hasCorpus)(`real console files${corpusNote}`, () => {
  it.each([
    ['simple/promptflow-sample.json', { traces: 1, spans: 10, depth: 2, roots: 2, events: 0, zero: 0 }],
    // Its index counts 14 spans of no duration, as $[1], which have one of less than a millisecond.
    ['simple/buildx-otel-stdouttrace.json', { traces: 1, spans: 73, depth: 6, roots: 1, events: 231, zero: 0 }],
    ['simple/openagent-otel.json', { traces: 1, spans: 6, depth: 3, roots: 1, events: 6, zero: 0 }],
    ['aisdk/openinference-v6-all-spans.json', { traces: 10, spans: 10, depth: 1, roots: 10, events: 2, zero: 0 }],
  ])('%s: %j', (name, counts) => {
    const bytes = corpusFile(name);
    expect(detectFormat(bytes)).toBe('otel-console');
    const { traces, skipped } = parseTraces(bytes);
    const spans = traces.flatMap((trace) => Array.from(trace));
    expect(skipped).toBe(0);
    expect({
      traces: traces.length,
      spans: spans.length,
      depth: Math.max(...spans.map(({ depth }) => depth + 1)),
      roots: spans.filter(({ depth }) => depth === 0).length,
      events: spans.reduce((count, { events }) => count + events.length, 0),
      zero: spans.filter(({ duration }) => duration === 0).length,
    }).toEqual(counts);
  });
});

describe('an input of a console', () => {
  const all = [python(), pythonChild, go({ SpanContext: goContext('cc', 'aa') }), javaScript()];

  it('is never changed', () => {
    for (const trace of parseTraces(deepFrozen(structuredClone(all))).traces) contentOf(trace);
  });

  it('may have hostile keys', () => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1},"constructor":2}') as Fields;
    const span = first(
      JSON.parse(`{"__proto__":{"polluted":2},${JSON.stringify(python({ attributes: hostile })).slice(1)}`),
    );
    expect(Object.hasOwn(span.attributes, '__proto__')).toBe(true);
    expect(span.attributes.constructor).toBe(2);
    expect(({} as Fields).polluted).toBeUndefined();
  });

  it('with values of the wrong type throws nothing but a TraceFormatError, and what is read can be used', () => {
    let read = 0;
    for (let seed = 0; seed < 800; seed++) {
      const random = createRandom(seed);
      const value = soiled(all, random, random.pick([0.005, 0.02, 0.08])) as object;
      let traces: Trace[];
      try {
        ({ traces } = parseTraces(value, { format: 'otel-console' }));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
        continue;
      }
      read++;
      for (const trace of traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        expect(parseTraces(JSON.stringify(toJson(trace))).traces[0]!.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
    }
    expect(read).toBeGreaterThan(600);
  });
});

const dirt = [null, '', 'x', 0, -1, 1e300, NaN, true, [], {}, [null], [[]], { a: { b: 1 } }, 10n ** 30n];

function soiled(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return random.pick(dirt);
  if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
}
