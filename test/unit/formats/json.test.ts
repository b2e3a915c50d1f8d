import { describe, expect, it } from 'vitest';
import {
  deepChain,
  dirty,
  empty,
  hugeAttribute,
  large,
  manyServices,
  messyRun,
  noRoot,
  researchOtlp,
  samples,
  services,
  threeTraces,
} from '../../../samples/index.ts';
import { detectFormat, type ParseResult, parseTraces, type Trace, toJson, toTimeline } from '../../../src/core.ts';
import { corpusFile, corpusNote, hasCorpus, hasSeed, seedNames, seedNote, seedText } from '../../corpus.ts';
import { detailedTrace, unixNanoAt } from '../../detailedTrace.ts';
import { formatTree } from '../../formatTree.ts';
import { randomTrace } from '../../randomTrace.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

/** A file of spans that are each as little described as a test needs. */
function file(...spans: object[]): object {
  return {
    trace_id: 't1',
    spans: spans.map((span, at) => ({
      span_id: `s${at}`,
      parent_span_id: at === 0 ? null : 's0',
      name: `span ${at}`,
      start_time: '2026-11-23T09:30:00',
      end_time: '2026-11-23T09:30:01',
      status: 'ok',
      ...span,
    })),
  };
}

function only(result: ParseResult): Trace {
  expect(result.traces).toHaveLength(1);
  return result.traces[0]!;
}

const readOne = (input: object | string) => only(parseTraces(input));
const firstSpan = (span: object) => readOne(file(span)).spanAt(0);
const codes = (input: object | string) => parseTraces(input).warnings.map(({ code, count }) => `${code}:${count}`);

/** Through text, as a file is written and read. */
function written(trace: Trace): Trace {
  return readOne(JSON.stringify(toJson(trace)));
}

describe('reading plain JSON', () => {
  it('gives spans in a tree, by start, with times in milliseconds and statuses', () => {
    const trace = readOne(
      file(
        { name: 'session', status: 'unset', end_time: '2026-11-23T09:30:08.591269' },
        { name: 'later', start_time: '2026-11-23T09:30:01', end_time: '2026-11-23T09:30:02' },
        {
          name: 'earlier',
          start_time: '2026-11-23T09:30:00.5',
          end_time: '2026-11-23T09:30:00.500001',
          status: 'error',
        },
        { name: 'open', start_time: '2026-11-23T09:30:03', end_time: null, duration_ms: null },
      ),
    );
    expect(formatTree(trace)).toBe(
      [
        'session 0–8591.269 unset',
        '  earlier 500–500.001 error',
        '  later 1000–2000 ok',
        '  open 3000– ok [unfinished]',
      ].join('\n'),
    );
  });

  it('takes a time without a zone as UTC and keeps every digit of it', () => {
    expect(firstSpan({ start_time: '2026-11-23T09:30:00.123456' }).startTimeUnixNano).toBe(1795426200123456000n);
    expect(firstSpan({ start_time: '2026-11-23T09:30:00.123456789Z' }).startTimeUnixNano).toBe(1795426200123456789n);
    expect(firstSpan({ start_time: '2026-11-23T11:30:00.5+02:00' }).startTimeUnixNano).toBe(1795426200500000000n);
    expect(firstSpan({ start_time: '2026-11-23 09:30:00' }).startTimeUnixNano).toBe(1795426200000000000n);
  });

  it.each([
    ['seconds', 1795426200.25],
    ['milliseconds', 1795426200250],
    ['microseconds', 1795426200250000],
    ['nanoseconds in digits', '1795426200250000000'],
    ['a bigint of nanoseconds', 1795426200250000000n],
    ['seconds in digits', '1795426200.25'],
    ['a Date', new Date(1795426200250)],
  ])('knows the unit of a number by its size: %s', (_unit, start_time) => {
    expect(firstSpan({ start_time, end_time: null }).startTimeUnixNano).toBe(1795426200250000000n);
  });

  it('reads usual times as any other way of reading them does', () => {
    for (let day = 0; day < 800; day++) {
      const milliseconds = Date.UTC(1999, 11, 1) + day * 86_400_000 * 19 + day * 3_723_001;
      const text = new Date(milliseconds).toISOString();
      const expected = BigInt(milliseconds) * 1_000_000n;
      expect(firstSpan({ start_time: text, end_time: null }).startTimeUnixNano, text).toBe(expected);
      const naive = text.slice(0, -1);
      expect(firstSpan({ start_time: naive, end_time: null }).startTimeUnixNano, naive).toBe(expected);
      const zoned = new Date(milliseconds - 5.5 * 3_600_000).toISOString().replace('Z', '-05:30');
      expect(firstSpan({ start_time: zoned, end_time: null }).startTimeUnixNano, zoned).toBe(expected);
    }
  });

  it('takes the end from duration_ms where there is no end, and the start where there is no start', () => {
    expect(firstSpan({ end_time: null, duration_ms: 812.345 }).end).toBe(812_345_000);
    const span = firstSpan({ start_time: null, duration_ms: 0.25 });
    expect(span.startTimeUnixNano).toBe(1795426200999750000n);
    expect(span.issues).toEqual([]);
  });

  it('goes by start and end where duration_ms says something else, and says so above a millisecond and a hundredth', () => {
    const result = parseTraces(
      file({ duration_ms: 500 }, { duration_ms: 1000.9 }, { duration_ms: 1009 }, { duration_ms: 1011 }),
    );
    expect(only(result).spanAt(0).durationMs).toBe(1000);
    expect(result.warnings).toEqual([
      {
        code: 'duration-mismatch',
        message: '2 spans have a duration_ms other than end_time minus start_time (first: span 0); the times count.',
        count: 2,
        traceId: 't1',
        spanId: 's0',
      },
    ]);
  });

  it('takes a time that it cannot read as missing, and says so', () => {
    const result = parseTraces(file({ end_time: 'yesterday' }, { start_time: { no: 'time' } }));
    expect(formatTree(only(result))).toBe('span 0 0– ok [unfinished]\n  span 1 0–1000 ok [missing-start]');
    expect(result.warnings[0]).toMatchObject({ code: 'unreadable-time', count: 2, spanId: 's0' });
    expect(result.warnings[0]!.message).toContain('“yesterday” of span 0');
  });

  it.each([
    ['ok', 'ok'],
    ['OK', 'ok'],
    ['Error', 'error'],
    ['STATUS_CODE_ERROR', 'error'],
    ['StatusCode.OK', 'ok'],
    [2, 'error'],
    [null, 'unset'],
    ['', 'unset'],
    [{ status_code: 'ERROR', description: 'boom' }, 'error'],
    [{ code: 1 }, 'ok'],
  ])('reads the status %j as %s', (status, expected) => {
    expect(firstSpan({ status }).status).toBe(expected);
    expect(codes(file({ status }))).toEqual([]);
  });

  it('shows a status of another word as unset and says which', () => {
    const [warning] = parseTraces(file({ status: 'meh' }, { status: 'meh' }, { status: true })).warnings;
    expect(warning).toMatchObject({ code: 'unknown-status', count: 3, traceId: 't1', spanId: 's0' });
    expect(warning!.message).toContain('“meh”');
    expect(firstSpan({ status: { code: { toString: 1 } } }).status).toBe('unset');
  });

  it('finds the status message beside the status, in it, or among the attributes', () => {
    expect(firstSpan({ status_description: 'a' }).statusMessage).toBe('a');
    expect(firstSpan({ status_message: 'b', attributes: { status_description: 'c' } }).statusMessage).toBe('b');
    expect(firstSpan({ attributes: { status_description: 'c' } }).statusMessage).toBe('c');
    expect(firstSpan({ status: { code: 2, message: 'd' } }).statusMessage).toBe('d');
    expect(firstSpan({}).statusMessage).toBeUndefined();
  });

  it('finds the service where exporters put it', () => {
    expect(firstSpan({ attributes: { 'service.name': 'a' }, service: 'z' }).serviceName).toBe('a');
    expect(firstSpan({ service_name: 'b' }).serviceName).toBe('b');
    expect(firstSpan({ service: 'c' }).serviceName).toBe('c');
    expect(firstSpan({ resource: { 'service.name': 'd' } }).serviceName).toBe('d');
    expect(firstSpan({ resource: { attributes: { 'service.name': 'e' } } }).serviceName).toBe('e');
    expect(firstSpan({}).serviceName).toBe('unknown');
    expect(readOne({ ...file({}), service_name: 'f' }).spanAt(0).serviceName).toBe('f');
  });

  it('reads kind, resource, scope, links, follows_from and attributes of events', () => {
    const span = firstSpan({
      kind: 'SPAN_KIND_CLIENT',
      resource: { 'host.name': 'h' },
      scope: { name: 'ai', version: '5.0' },
      follows_from: true,
      links: [{ trace_id: 't2', span_id: 'x', attributes: { why: 'retry' } }],
      events: [
        { name: 'token', timestamp: '2026-11-23T09:30:00.25', attributes: { text: 'a' } },
        { name: 'no time', level: 'info' },
        'bare',
      ],
    });
    expect(span.kind).toBe('client');
    expect(span.resource).toEqual({ 'host.name': 'h' });
    expect(span.scope).toEqual({ name: 'ai', version: '5.0' });
    expect(span.followsFrom).toBe(true);
    expect(span.links).toEqual([{ traceId: 't2', spanId: 'x', attributes: { why: 'retry' } }]);
    expect(span.events).toEqual([
      { name: 'token', time: 250_000_000, timeUnixNano: 1795426200250000000n, attributes: { text: 'a' } },
      { name: 'no time', time: undefined, timeUnixNano: undefined, attributes: { level: 'info' } },
      { name: 'bare', time: undefined, timeUnixNano: undefined, attributes: {} },
    ]);
  });

  it('reads names in camelCase', () => {
    const trace = readOne({
      traceId: 'camel',
      spans: [
        {
          spanId: 'a',
          parentSpanId: null,
          name: 'root',
          startTime: 1795426200000,
          endTime: 1795426201000,
          status: 'ok',
        },
        {
          spanId: 'b',
          parentSpanId: 'a',
          name: 'child',
          startTime: 1795426200000,
          durationMs: 20,
          statusMessage: 'fine',
        },
      ],
    });
    expect(trace.traceId).toBe('camel');
    expect(formatTree(trace)).toBe('root 0–1000 ok\n  child 0–20 unset');
    expect(trace.spanAt(1).statusMessage).toBe('fine');
  });

  it('does not call rounding a disagreement: half a millisecond of one', () => {
    expect(codes(file({ end_time: '2026-11-23T09:30:00.001', duration_ms: 1.5 }))).toEqual([]);
  });

  it('shows what it cannot read among the attributes', () => {
    const span = firstSpan({ kind: 'llm', status: 'meh', start_time: 'noon', attributes: { model: 'm', kind: 'own' } });
    expect(span.attributes).toEqual({ model: 'm', kind: 'own', status: 'meh', start_time: 'noon' });
    expect(firstSpan({ kind: 'llm' }).attributes).toEqual({ kind: 'llm' });
    expect(firstSpan({ kind: 'llm' }).kind).toBe('unspecified');
  });

  it('takes a parent of zeros for none, unless a span has that id', () => {
    const zero = '0000000000000000';
    expect(formatTree(readOne(file({ parent_span_id: zero })))).toBe('span 0 0–1000 ok');
    expect(formatTree(readOne(file({ span_id: zero }, { parent_span_id: zero })))).toBe(
      'span 0 0–1000 ok\n  span 1 0–1000 ok',
    );
  });

  it('shows fields that it does not know among the attributes, where none of that name is', () => {
    const span = firstSpan({ attributes: { model: 'gpt-4' }, input: { q: 1 }, model: 'other', tags: ['a'] });
    expect(span.attributes).toEqual({ model: 'gpt-4', input: { q: 1 }, tags: ['a'] });
  });

  it('leaves out what is no span, counts it and says so', () => {
    const result = parseTraces({
      trace_id: 't',
      spans: [null, 7, 'x', [], {}, { name: 'nameless id' }, { span_id: 'id' }],
    });
    expect(only(result).spanCount).toBe(2);
    expect(result.skipped).toBe(5);
    expect(result.warnings[0]).toMatchObject({ code: 'unreadable-span', count: 5, traceId: 't' });
  });

  it('reads several traces from an array, from lines, from `traces` and from spans that name theirs', () => {
    const a = { trace_id: 'a', spans: [{ span_id: '1', name: 'x', start_time: 1795426200 }] };
    const b = { trace_id: 'b', spans: [] };
    const lone = [
      { trace_id: 'a', span_id: '1', name: 'x', start_time: 1795426200 },
      { trace_id: 'b', span_id: '1', name: 'y', start_time: 1795426200 },
      { trace_id: 'a', span_id: '2', parent_span_id: '1', name: 'z', start_time: 1795426201 },
    ];
    const lines = (values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');
    const outline = (input: object | string) =>
      parseTraces(input).traces.map(({ traceId, spanCount }) => `${traceId}:${spanCount}`);
    expect(outline([a, b])).toEqual(['a:1', 'b:0']);
    expect(outline(lines([a, b]))).toEqual(['a:1', 'b:0']);
    expect(outline({ traces: [a, b] })).toEqual(['a:1', 'b:0']);
    expect(outline(lone)).toEqual(['a:2', 'b:1']);
    expect(outline(lines(lone))).toEqual(['a:2', 'b:1']);
  });

  it('goes by the trace that a span names, and keeps files without an id apart', () => {
    const span = { span_id: '1', name: 'x', start_time: 1795426200 };
    const { traces } = parseTraces({ trace_id: 'a', spans: [{ ...span, trace_id: 'b' }, span] });
    expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    const unnamed = parseTraces([{ spans: [span] }, { spans: [span, { ...span, span_id: '2' }] }]);
    expect(unnamed.traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['unknown', 1],
      ['unknown~2', 2],
    ]);
  });

  it('makes an empty trace of one without spans', () => {
    const trace = readOne(empty());
    expect(trace.spanCount).toBe(0);
    expect(trace.completeness.complete).toBe(true);
    expect(toTimeline(trace)).toBe('Empty trace');
  });

  it('keeps hostile keys as attributes and changes no prototype', () => {
    const text =
      '{"trace_id":"t","spans":[{"span_id":"a","name":"n","start_time":"2026-01-01T00:00:00","__proto__":{"polluted":1},' +
      '"attributes":{"__proto__":{"polluted":true},"constructor":"c","toString":"s"}}]}';
    const { attributes } = readOne(text).spanAt(0);
    expect(Object.keys(attributes)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(Object.getOwnPropertyDescriptor(attributes, '__proto__')?.value).toEqual({ polluted: true });
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('never changes what it is given', () => {
    for (const value of [dirty(), large({ spans: 50, format: 'json' }), hugeAttribute(1000)]) {
      const before = JSON.stringify(value);
      const trace = readOne(deepFrozen(value));
      contentOf(trace);
      toJson(trace);
      expect(JSON.stringify(value)).toBe(before);
    }
  });

  it('reads values of any depth', () => {
    const depth = 100_000;
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const text = `{"trace_id":"t","spans":[{"span_id":"a","name":"n","start_time":1795426200,"attributes":{"deep":${deep}}}]}`;
    const trace = readOne(text);
    expect(trace.spanAt(0).attributes).toHaveProperty('deep.a.a.a');
    expect(toJson(trace)).toHaveProperty('spans.0.attributes.deep.a.a.a');
  });

  it('marks every kind of dirt and drops none of it', () => {
    const { spans } = dirty();
    const result = parseTraces(dirty());
    expect(only(result).spanCount).toBe(spans.length);
    expect(new Set(result.warnings.map(({ code }) => code))).toEqual(
      new Set([
        'orphan',
        'duplicate-id',
        'cycle',
        'outside-parent',
        'negative-duration',
        'unfinished',
        'implausible-time',
        'duration-mismatch',
      ]),
    );
  });

  it('has times as pairs of seconds and nanoseconds, as the AI SDK keeps them', () => {
    const span = (spanId: string, parentSpanId: string | null, startTime: number[], endTime: unknown) => ({
      ...{ traceId: 't', spanId, parentSpanId, name: spanId, startTime, endTime, attributes: {} },
    });
    const { traces, warnings } = parseTraces([
      span('ai.generateText', null, [1_767_225_600, 5], [1_767_225_601, 500_000_005]),
      span('ai.toolCall', 'ai.generateText', [1_767_225_600, 250_000_005], [1_767_225_600, 1e9]),
    ]);
    expect(traces[0]!.startTimeUnixNano).toBe(1_767_225_600_000_000_005n);
    expect(formatTree(traces[0]!)).toBe('ai.generateText 0–1500 unset\n  ai.toolCall 250– unset [unfinished]');
    expect(warnings.map(({ code }) => code)).toContain('unreadable-time');
  });
});

describe('writing plain JSON', () => {
  it('has exactly the keys of the format, in their order, and times with a Z', () => {
    const trace = readOne(
      file({
        start_time: '2026-11-23T09:30:00.123456',
        end_time: null,
        attributes: { 'service.name': 'agent' },
        events: [{ name: 'e', timestamp: '2026-11-23T09:30:01', attributes: { a: 1 } }],
      }),
    );
    expect(JSON.stringify(toJson(trace))).toBe(
      JSON.stringify({
        trace_id: 't1',
        spans: [
          {
            span_id: 's0',
            parent_span_id: null,
            name: 'span 0',
            start_time: '2026-11-23T09:30:00.123456Z',
            end_time: null,
            duration_ms: null,
            status: 'ok',
            attributes: { 'service.name': 'agent' },
            events: [{ name: 'e', timestamp: '2026-11-23T09:30:01Z', attributes: { a: 1 } }],
          },
        ],
      }),
    );
  });

  it('keeps the order of the file', () => {
    const trace = readOne(file({}, { start_time: '2026-11-23T09:30:00.9' }, { start_time: '2026-11-23T09:30:00.1' }));
    expect(toJson(trace)).toMatchObject({ spans: [{ span_id: 's0' }, { span_id: 's1' }, { span_id: 's2' }] });
  });

  it('brings back details that the format has only optional keys for', () => {
    const trace = detailedTrace(
      [
        {
          id: 'a',
          serviceName: 'web',
          kind: 'server',
          status: 'error',
          details: {
            statusMessage: 'boom',
            attributes: { 'service.name': 'other' },
            links: [
              { traceId: 't2', spanId: 'b', attributes: { n: 1 }, traceState: 'k=v', refType: 'FOLLOWS_FROM' },
              { traceId: '', spanId: '', attributes: {} },
            ],
            resource: { 'host.name': 'h' },
            scope: { name: 'lib', version: '1.2', attributes: { deep: { er: [1, null] } } },
            events: [{ name: '', timeUnixNano: undefined, attributes: {} }],
          },
        },
        {
          id: 'b',
          parent: 'a',
          followsFrom: true,
          start: null,
          end: 20,
          details: { statusMessage: 'x', attributes: { status_description: 'x' } },
        },
        { id: 'b', parent: 'gone', start: 10, end: 5 },
        { id: '', start: -1e12, end: 10 },
      ],
      { expectedSpans: 9, reasons: ['Two spans were dropped.'] },
    );
    expect(contentOf(written(trace))).toEqual(contentOf(trace));
    expect(JSON.stringify(toJson(trace))).toContain('"service_name":"web"');
  });

  it('brings back values that JSON has no words for, in lists and objects too', () => {
    const attributes = {
      big: 9007199254740993n,
      negative: -9223372036854775808n,
      bytes: new Uint8Array([0, 1, 254, 255]),
      none: new Uint8Array(),
      nan: NaN,
      infinite: [1, Infinity, { deeper: [-Infinity, { ['__proto__']: 18446744073709551615n }] }],
      plain: { intValue: '12', doubleValue: 'one', list: [null, true, 'x'] },
      single: { intValue: '12' },
    };
    const trace = detailedTrace([
      { id: 'a', details: { attributes, events: [{ name: 'e', timeUnixNano: unixNanoAt(1), attributes }] } },
    ]);
    const { spans } = toJson(trace) as { spans: [{ attributes: Record<string, unknown> }] };
    expect(spans[0].attributes.big).toEqual({ intValue: '9007199254740993' });
    expect(spans[0].attributes.bytes).toEqual({ bytesValue: 'AAH+/w==' });
    expect(spans[0].attributes.nan).toEqual({ doubleValue: 'NaN' });
    expect(contentOf(written(trace))).toEqual(contentOf(trace));
  });

  it('hands on what needs no rewriting as it is', () => {
    const prompt = { messages: [{ content: 'x'.repeat(100) }] };
    const trace = detailedTrace([{ id: 'a', details: { attributes: { prompt } } }]);
    expect((toJson(trace) as { spans: [{ attributes: object }] }).spans[0].attributes).toHaveProperty('prompt', prompt);
    expect((toJson(trace) as { spans: [{ attributes: { prompt: object } }] }).spans[0].attributes.prompt).toBe(prompt);
  });

  it('brings back random traces of every kind of dirt', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = randomTrace(seed);
      expect(contentOf(written(trace)), `seed ${seed}`).toEqual(contentOf(trace));
    }
  });

  it('brings back every sample, whatever format it came in', () => {
    for (const { id, format, load } of samples) {
      if (format === undefined || id === 'truncated') continue;
      for (const trace of parseTraces(load()).traces) expect(contentOf(written(trace)), id).toEqual(contentOf(trace));
    }
    const others = [noRoot(), deepChain(300), threeTraces(), manyServices(7), services(), messyRun(), researchOtlp()];
    for (const value of others) {
      for (const trace of parseTraces(value).traces) expect(contentOf(written(trace))).toEqual(contentOf(trace));
    }
  });

  it('writes a time that no date can hold as nanoseconds', () => {
    const trace = readOne(file({ start_time: '9'.repeat(30), end_time: null }, {}));
    expect(contentOf(written(trace))).toEqual(contentOf(trace));
  });
});

describe.skipIf(!hasSeed)(`the reference traces${seedNote}`, () => {
  it.each([
    ['agent_run_5', 30],
    ['agent_run_error', 25],
    ['empty', 0],
    ['no_root', 1],
    ['process_query', 4],
  ])('%s has %i spans', (name, spans) => {
    const result = parseTraces(seedText(`${name}.json`));
    expect(result.format).toBe('json');
    expect(only(result).spanCount).toBe(spans);
    expect(result.warnings.map(({ code }) => code)).toEqual(name === 'no_root' ? ['orphan'] : []);
  });

  it.each(seedNames())('%s is drawn as its timeline, to the character', (name) => {
    expect(`${toTimeline(readOne(seedText(`${name}.json`)))}\n`).toBe(seedText(`${name}.timeline.txt`));
  });

  it.each(seedNames())('%s is written as it was, but for a Z at each time and digits that floats lost', (name) => {
    const source = JSON.parse(seedText(`${name}.json`)) as { spans: { duration_ms: number }[] };
    const expected = JSON.parse(
      JSON.stringify(source, (_key, value) =>
        typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value) ? `${value}Z` : value,
      ),
      (key, value) => (key === 'duration_ms' ? Math.round(value * 1e6) / 1e6 : value),
    ) as object;
    expect(JSON.stringify(toJson(readOne(source)))).toBe(JSON.stringify(expected));
    expect(contentOf(written(readOne(source)))).toEqual(contentOf(readOne(source)));
  });

  it('tells what went wrong in the run that failed', () => {
    const trace = readOne(seedText('agent_run_error.json'));
    const failed = Array.from(trace).filter(({ status }) => status === 'error');
    expect(failed.map(({ name }) => name)).toEqual(['agent_run', 'iteration_4', 'tool:search']);
    expect(failed.at(-1)!.statusMessage).toBe('search backend did not answer in 0.9 s');
    expect(failed.at(-1)!.events.at(-1)).toMatchObject({ name: 'exception', attributes: { type: 'TimeoutError' } });
  });
});

describe('spans with an offset and a duration in the place of times', () => {
  const spans = [
    { span_id: 'a', parent_span_id: '', name: 'root', kind: 1, status_code: 0, offset_ms: 0, duration: 'PT3.764059S' },
    {
      ...{ span_id: 'b', parent_span_id: 'a', name: 'db.query', kind: 3, status_code: 2, offset_ms: 4.000001 },
      ...{ duration: 'PT0.08S', resources: { 'service.name': 'shop' }, attributes: { 'db.system': 'redis' } },
    },
  ];

  it('are read as a trace that begins in 1970, to the nanosecond, and a warning says so', () => {
    const trace = readOne(spans);
    expect(formatTree(trace)).toBe(
      'root 0–3764.059 unset service=unknown\n  db.query 4.000001–84.000001 error service=shop',
    );
    expect(Array.from(trace, ({ kind }) => kind)).toEqual(['internal', 'client']);
    expect(trace.startTimeUnixNano).toBe(0n);
    expect(trace.span('b')).toMatchObject({
      attributes: { 'db.system': 'redis' },
      resource: { 'service.name': 'shop' },
    });
    expect(codes(spans)).toEqual(['relative-times:2']);
  });

  it('begin when the file says that their trace does', () => {
    const input = { trace_id: 't', start_time: '2026-11-23T09:30:00Z', spans };
    expect(readOne(input).span('b')!.startTimeUnixNano).toBe(1_795_426_200_004_000_001n);
    expect(codes(input)).toEqual([]);
  });

  it.each([
    ['PT0.1S', 100],
    ['PT1H2M3,5S', 3_723_500],
    ['P1DT1M', 86_460_000],
    ['P2W', 1_209_600_000],
    ['PT0.000000001S', 0.000001],
  ])('may last %s', (duration, milliseconds) => {
    const span = readOne([{ ...spans[0], duration }]).spanAt(0);
    expect(span.durationMs).toBe(milliseconds);
    expect(span.attributes).toEqual({});
  });

  it.each(['P', 'PT', 'P1Y', 'PTS', '3.7', 'PT1S ', 5, ['PT1S']])(
    'keep as an attribute what is no duration: %j',
    (duration) => {
      const span = readOne([{ ...spans[0], duration }]).spanAt(0);
      expect(span.duration).toBeUndefined();
      expect(span.attributes).toEqual({ duration });
    },
  );

  it('have their own times before an offset, which stays an attribute then', () => {
    const span = firstSpan({ offset_ms: 7 });
    expect(span.durationMs).toBe(1000);
    expect(span.attributes).toEqual({ offset_ms: 7 });
  });

  it.skipIf(!hasCorpus)(`are those of a real file: 100 spans, 35 levels${corpusNote}`, () => {
    const bytes = corpusFile('simple/signoz-large-trace.json');
    expect(detectFormat(bytes)).toBe('json');
    const { traces, skipped } = parseTraces(bytes);
    expect([traces.length, traces[0]!.spanCount, skipped]).toEqual([1, 100, 0]);
    expect(Math.max(...Array.from(traces[0]!, ({ depth }) => depth + 1))).toBe(35);
    expect(traces[0]!.spanAt(0).durationMs).toBe(3764.059);
  });
});
