import { describe, expect, it } from 'vitest';
import { agentRun, errorRun, messyRun, samples, services, threeTraces } from '../../../samples/index.ts';
import { type JaegerOptions, parseTraces, type Trace, toJaeger } from '../../../src/core.ts';
import { mappedTags } from '../../../src/formats/jaegerTags.ts';
import {
  corpusFile,
  corpusFiles,
  corpusNote,
  hasCorpus,
  hasSeed,
  seedNames,
  seedNote,
  seedText,
} from '../../corpus.ts';
import { formatTree } from '../../formatTree.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

interface SpanFields {
  [key: string]: unknown;
}

const start = 1_700_000_000_000_000;

/** A file of one trace; each span has a time and no references unless it says so. */
function jaegerFile(...spans: SpanFields[]) {
  return {
    data: [
      {
        traceID: 't',
        spans: spans.map((span) => ({
          traceID: 't',
          operationName: span.spanID,
          references: [],
          startTime: start,
          duration: 1000,
          tags: [],
          logs: [],
          processID: 'p1',
          ...span,
        })),
        processes: { p1: { serviceName: 'agent', tags: [] } },
      },
    ],
  };
}

const childOf = (spanID: string, traceID = 't') => ({ refType: 'CHILD_OF', traceID, spanID });
const followsFrom = (spanID: string, traceID = 't') => ({ refType: 'FOLLOWS_FROM', traceID, spanID });
const tag = (key: string, value: unknown, type = 'string') => ({ key, value, type });

function only(input: object | string): Trace {
  const { traces } = parseTraces(input);
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

/** What a span that has these fields is read as. */
function spanOf(fields: SpanFields) {
  return only(jaegerFile({ spanID: 'a', ...fields })).span('a')!;
}

function writtenAndRead(trace: Trace, options?: JaegerOptions): Trace {
  return only(JSON.stringify(toJaeger(trace, options)));
}

describe('the parent', () => {
  it('is the first reference of the same trace, CHILD_OF before FOLLOWS_FROM', () => {
    const trace = only(
      jaegerFile(
        { spanID: 'a' },
        { spanID: 'b' },
        { spanID: 'c', references: [childOf('a', 'another'), followsFrom('a'), childOf('b')] },
      ),
    );
    expect(trace.span('c')!.parent!.spanId).toBe('b');
    expect(trace.span('c')!.followsFrom).toBe(false);
    expect(trace.span('c')!.links.map(({ traceId, spanId, refType }) => [traceId, spanId, refType])).toEqual([
      ['another', 'a', 'CHILD_OF'],
      ['t', 'a', 'FOLLOWS_FROM'],
    ]);
  });

  it('is not waited for where the span only follows from it', () => {
    const trace = only(jaegerFile({ spanID: 'a' }, { spanID: 'b', references: [followsFrom('a')] }));
    expect(trace.span('b')!.followsFrom).toBe(true);
  });

  it('may stand in the field of old exports, also beside a reference to another trace', () => {
    const references = [childOf('a', 'another')];
    const trace = only(
      jaegerFile({ spanID: 'a' }, { spanID: 'b', parentSpanID: 'a' }, { spanID: 'c', parentSpanID: 'a', references }),
    );
    expect(trace.span('b')!.depth).toBe(1);
    expect(trace.span('c')!.depth).toBe(1);
    expect(trace.span('c')!.links.map(({ traceId }) => traceId)).toEqual(['another']);
  });

  it.each(['', '0', '0000000000000000'])('is none where its id is "%s"', (id) => {
    const trace = only(jaegerFile({ spanID: 'b', references: [childOf(id)] }));
    expect(trace.span('b')!.parentSpanId).toBeUndefined();
    expect(trace.completeness.complete).toBe(true);
  });

  it('is never looked for in the span that a reference embeds', () => {
    const trap = {
      refType: 'CHILD_OF',
      traceID: 't',
      spanID: 'a',
      get span(): never {
        throw new Error('An embedded span was read.');
      },
    };
    expect(only(jaegerFile({ spanID: 'a' }, { spanID: 'b', references: [trap] })).span('b')!.links).toEqual([]);
  });
});

describe('the status', () => {
  it.each([
    ['no word of it', [], 'unset'],
    ['a tag error=true', [tag('error', true, 'bool')], 'error'],
    ['a tag error="true"', [tag('error', 'true')], 'error'],
    ['a tag error=false', [tag('error', false, 'bool')], 'unset'],
    ['otel.status_code=ERROR', [tag('otel.status_code', 'ERROR')], 'error'],
    ['otel.status_code=Error', [tag('otel.status_code', 'Error')], 'error'],
    ['otel.status_code=OK', [tag('otel.status_code', 'OK')], 'ok'],
    ['otel.status_code=OK, whatever the tag error says', [tag('error', 'true'), tag('otel.status_code', 'OK')], 'ok'],
    ['a code that nobody knows', [tag('otel.status_code', 'FINE')], 'unset'],
    ['a description alone', [tag('status_description', 'slow')], 'unset'],
  ])('with %s', (_, tags, status) => {
    expect(spanOf({ tags }).status).toBe(status);
  });

  it('is an error where a plain export tells of one: an exception and a description', () => {
    const logs = [{ timestamp: start, fields: [tag('event', 'exception'), tag('message', 'no answer')] }];
    const span = spanOf({ tags: [tag('status_description', 'no answer in 0.9 s')], logs });
    expect(span.status).toBe('error');
    expect(span.statusMessage).toBe('no answer in 0.9 s');
    expect(spanOf({ logs }).status).toBe('unset');
  });
});

describe('the status message', () => {
  const logs = [{ timestamp: start, fields: [tag('event', 'exception'), tag('exception.message', 'no answer')] }];

  it('is the description, else on an error what the exception says', () => {
    const described = [tag('error', true), tag('status_description', 'slow'), tag('otel.status_description', 'late')];
    expect(spanOf({ tags: described, logs }).statusMessage).toBe('late');
    expect(spanOf({ tags: described.slice(0, 2), logs }).statusMessage).toBe('slow');
    expect(spanOf({ tags: [tag('error', true)], logs }).statusMessage).toBe('no answer');
    expect(spanOf({ logs }).statusMessage).toBeUndefined();
  });
});

describe('a tag that stands for a field', () => {
  it('is an attribute where its value cannot be read', () => {
    const span = spanOf({ tags: [tag('span.kind', 'sideways'), tag('otel.status_code', 'FINE')] });
    expect(span.kind).toBe('unspecified');
    expect(span.attributes).toEqual({ 'span.kind': 'sideways', 'otel.status_code': 'FINE' });
  });

  it('counts once, and further values are kept', () => {
    const span = spanOf({ tags: [tag('span.kind', 'client'), tag('span.kind', 'server'), tag('span.kind', 'client')] });
    expect(span.kind).toBe('client');
    expect(span.attributes).toEqual({ 'span.kind': 'server' });
  });

  it('is the scope, under its new name or its old one', () => {
    const old = [tag('otel.library.name', 'redis'), tag('otel.library.version', '4')];
    expect(spanOf({ tags: old }).scope).toEqual({ name: 'redis', version: '4' });
    expect(spanOf({ tags: [tag('otel.scope.name', 'redis'), ...old] }).attributes).toEqual({});
    const other = spanOf({ tags: [tag('otel.scope.name', 'http'), ...old] });
    expect(other.scope).toEqual({ name: 'http', version: '4' });
    expect(other.attributes).toEqual({ 'otel.library.name': 'redis' });
  });

  it('means nothing in a log or a process', () => {
    const logs = [{ timestamp: start, fields: [tag('event', 'call'), tag('span.kind', 'client')] }];
    expect(spanOf({ logs }).events[0]!.attributes).toEqual({ 'span.kind': 'client' });
  });
});

describe('values', () => {
  it('count by what they are, whatever their type says', () => {
    const tags = [tag('tokens', 500), tag('ok', true), tag('temperature', 0.7), tag('none', null)];
    expect(spanOf({ tags }).attributes).toEqual({ tokens: 500, ok: true, temperature: 0.7, none: null });
  });

  it('are numbers and booleans where a text of such a type stands for one, and text where it is binary', () => {
    const tags = [
      tag('small', '42', 'int64'),
      tag('large', '9223372036854775222', 'int64'),
      tag('not a number', 'NaN', 'float64'),
      tag('yes', 'true', 'bool'),
      tag('blob', 'AAAwOQ==', 'binary'),
      tag('odd', 'forty-two', 'int64'),
    ];
    expect(spanOf({ tags }).attributes).toEqual({
      small: 42,
      large: 9223372036854775222n,
      'not a number': NaN,
      yes: true,
      blob: 'AAAwOQ==',
      odd: 'forty-two',
    });
  });

  it('of one key that differ are all kept', () => {
    const tags = [tag('url', 'a'), tag('url', 'b'), tag('url', 'c'), tag('same', 1), tag('same', 1)];
    expect(spanOf({ tags }).attributes).toEqual({ url: ['a', 'b', 'c'], same: 1 });
  });

  it('of hostile keys change no prototype', () => {
    const span = spanOf({ tags: [tag('__proto__', 'polluted'), tag('constructor', 'x')] });
    expect(Object.entries(span.attributes)).toEqual([
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

it('takes processes as services with their resource, and a process that stands in the span', () => {
  const file = jaegerFile(
    { spanID: 'a' },
    { spanID: 'b', processID: 'gone', process: { serviceName: 'cart', tags: [tag('host', 'h1')] } },
  );
  const trace = only(file);
  expect(trace.span('a')!.resource).toEqual({ 'service.name': 'agent' });
  expect(trace.span('b')!.serviceName).toBe('cart');
  expect(trace.span('b')!.resource).toEqual({ 'service.name': 'cart', host: 'h1' });
});

it('takes nothing amiss in a process that stands in the span', () => {
  const cyclic: Record<string, unknown> = { serviceName: 'cart', tags: [tag('n', 5n)] };
  cyclic.self = cyclic;
  const spans = [1, 2].map((n) => ({ spanID: `${n}`, operationName: 'op', traceID: 't', process: cyclic }));
  const trace = only(spans);
  expect(trace.serviceNames).toEqual(['cart']);
  expect(trace.span('2')!.resource).toEqual({ 'service.name': 'cart', n: 5n });
});

it('reads logs as events, named by their first field `event`', () => {
  const logs = [
    { timestamp: start + 5, fields: [tag('event', 'retry'), tag('n', 2), tag('event', 'again')] },
    { timestamp: start + 6, fields: [tag('message', 'hello')] },
    { fields: [tag('event', { no: 'name' })] },
  ];
  expect(spanOf({ logs }).events.map(({ name, time, attributes }) => [name, time, attributes])).toEqual([
    ['retry', 5000, { n: 2, event: 'again' }],
    ['log', 6000, { message: 'hello' }],
    ['log', undefined, { event: { no: 'name' } }],
  ]);
});

it('reads times as numbers, texts and fractions of microseconds', () => {
  expect(spanOf({ startTime: String(start), duration: '250' }).duration).toBe(250_000);
  expect(spanOf({ duration: 0.25 }).duration).toBe(250);
  expect(spanOf({ duration: -3 }).duration).toBe(-3000);
});

it('finds traces by themselves, in lists, as lines, in the state of a page and as bare spans', () => {
  const trace = jaegerFile({ spanID: 'a' }, { spanID: 'b', references: [childOf('a')] }).data[0]!;
  const expected = formatTree(only({ data: [trace] }));
  for (const input of [trace, [trace], { data: trace, id: 't', state: 'FETCH_DONE' }, JSON.stringify(trace)]) {
    expect(formatTree(only(input))).toBe(expected);
  }
  const other = { ...trace, traceID: 'u', spans: trace.spans.map((span) => ({ ...span, traceID: 'u' })) };
  const lines = parseTraces(`${JSON.stringify(trace)}\n${JSON.stringify(other)}\n`);
  expect(lines.traces.map((each) => [each.traceId, each.spanCount])).toEqual([
    ['t', 2],
    ['u', 2],
  ]);
  const bare = trace.spans.map((span) => ({ ...span, process: { serviceName: 'agent', tags: [] } }));
  expect(formatTree(only(bare))).toBe(expected);
});

it('reads spans as Elasticsearch keeps them', () => {
  const source = {
    traceID: 't',
    spanID: 'a',
    operationName: 'get',
    startTimeMillis: start / 1000,
    duration: 1000,
    tags: [{ key: 'http.status_code', type: 'int64', value: '200' }],
    tag: { 'span@kind': 'server', error: 'true', 'peer@service': 'db' },
    logs: [],
    process: { serviceName: 'web', tag: { 'host@name': 'h1' } },
  };
  const documents = [{ _index: 'jaeger-span', _id: '1', _source: source }];
  const expected = {
    kind: 'server',
    status: 'error',
    service: 'web',
    duration: 1_000_000,
    unix: BigInt(start) * 1000n,
    attributes: { 'http.status_code': 200, error: 'true', 'peer.service': 'db' },
    resource: { 'service.name': 'web', 'host.name': 'h1' },
  };
  for (const input of [source, [source], documents, { hits: { hits: documents } }, JSON.stringify(documents[0])]) {
    const span = only(input).span('a')!;
    expect({
      kind: span.kind,
      status: span.status,
      service: span.serviceName,
      duration: span.duration,
      unix: span.startTimeUnixNano,
      attributes: span.attributes,
      resource: span.resource,
    }).toEqual(expected);
  }
});

it('takes a trace without spans for an empty one', () => {
  for (const spans of [[], null]) expect(only({ data: [{ traceID: 't', spans, processes: {} }] }).spanCount).toBe(0);
});

it('keeps the id of each trace as it is written, and a span with the trace that it names', () => {
  const span = (traceID: string, spanID: string) => ({ traceID, spanID, operationName: spanID, references: [] });
  const { traces } = parseTraces({ data: [{ traceID: '5b8e', spans: [span('5b8e', 'a'), span('00005b8e', 'b')] }] });
  expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
    ['5b8e', 1],
    ['00005b8e', 1],
  ]);
});

it('keeps both of two spans that are the same', () => {
  const trace = only(jaegerFile({ spanID: 'a' }, { spanID: 'a' }));
  expect(Array.from(trace, ({ key, issues }) => [key, issues])).toEqual([
    ['a', ['duplicate-id']],
    ['a~2', ['duplicate-id']],
  ]);
});

it('never mixes the ids of two traces', () => {
  const { traces } = parseTraces(threeTraces());
  for (const trace of traces) for (const span of trace) expect(span.traceId).toBe(trace.traceId);
});

it('leaves out what is no span, counts it and tells of it', () => {
  const file = jaegerFile({ spanID: 'a' });
  const { traces, skipped, warnings } = parseTraces({
    data: [{ ...file.data[0], spans: [...file.data[0]!.spans, null, 7, {}, { spanID: null }] }, 'no trace'],
  });
  expect(traces[0]!.spanCount).toBe(1);
  expect(skipped).toBe(4);
  expect(warnings.map(({ code, count, traceId }) => [code, count, traceId])).toEqual([
    ['unreadable-span', 4, 't'],
    ['unknown-value', 1, undefined],
  ]);
});

it('passes on what Jaeger itself noted', () => {
  const ofSpan = parseTraces(jaegerFile({ spanID: 'a', warnings: ['clock skew adjustment disabled', null] })).warnings;
  expect(ofSpan).toEqual([
    {
      code: 'source-warning',
      message: 'Jaeger noted a warning in the file (first: clock skew adjustment disabled).',
      count: 1,
      traceId: 't',
      spanId: 'a',
    },
  ]);
  const file = jaegerFile({ spanID: 'a' });
  const { warnings } = parseTraces({
    data: [{ ...file.data[0], warnings: ['late spans'], errors: ['too large'] }],
    errors: [{ code: 404, msg: 'trace not found' }],
  });
  expect(warnings).toHaveLength(1);
  expect(warnings[0]!.count).toBe(3);
});

it('reads an input that may not be changed', () => {
  const trace = only(deepFrozen(services()));
  for (const span of trace) expect(span.attributes).toBeDefined();
});

describe('writing', () => {
  const written = (trace: Trace, options?: JaegerOptions) => toJaeger(trace, options).data[0]!.spans;

  it('gives every tag the type string and structures as Python writes them', () => {
    const trace = only({
      trace_id: 't',
      spans: [
        {
          span_id: 'a',
          name: 'run',
          start_time: '2026-11-23T09:30:00.000001',
          end_time: '2026-11-23T09:30:01',
          status: 'ok',
          attributes: {
            'service.name': 's',
            n: 500,
            config: { type: 'react', stream: true, stop: null, keys: ['a', "b's"] },
          },
        },
      ],
    });
    expect(toJaeger(trace)).toEqual({
      data: [
        {
          traceID: 't',
          spans: [
            {
              traceID: 't',
              spanID: 'a',
              operationName: 'run',
              references: [],
              startTime: 1_795_426_200_000_001,
              duration: 999_999,
              tags: [
                tag('service.name', 's'),
                tag('n', 500),
                tag('config', `{'type': 'react', 'stream': True, 'stop': None, 'keys': ['a', "b's"]}`),
              ],
              logs: [],
              processID: 'p1',
            },
          ],
          processes: { p1: { serviceName: 's' } },
        },
      ],
    });
  });

  it('says ok only when asked, and an error only where nothing else tells of it', () => {
    const trace = only(errorRun());
    const codes = (options?: JaegerOptions) =>
      written(trace, options).flatMap(({ tags }) =>
        tags.filter(({ key }) => key === 'otel.status_code').map(({ value }) => value),
      );
    // One failed span has neither an exception nor a description.
    expect(codes()).toEqual(['ERROR']);
    expect(new Set(codes({ statusTags: 'all' }))).toEqual(new Set(['OK', 'ERROR']));
    for (const span of trace)
      expect(writtenAndRead(trace).span(span.key)!.status === 'error').toBe(span.status === 'error');
  });

  it('corrects what would be taken for an error', () => {
    const logs = [{ timestamp: start, fields: [tag('event', 'exception')] }];
    const tags = [tag('otel.status_code', 'UNSET'), tag('status_description', 'caught')];
    const trace = only(jaegerFile({ spanID: 'a', tags, logs }));
    expect(trace.span('a')!.status).toBe('unset');
    expect(writtenAndRead(trace).span('a')!.status).toBe('unset');
  });

  it('adds a tag of its own only to spans that need one', () => {
    for (const sample of [agentRun(), errorRun()]) {
      for (const { tags } of written(only(sample))) {
        const own = tags.filter(({ key }) => key.startsWith('spanscope.'));
        expect(own.filter(({ key }) => key !== 'spanscope.unfinished')).toEqual([]);
      }
    }
    const keysOf = (fields: SpanFields) =>
      written(only(jaegerFile({ spanID: 'a', ...fields })))[0]!.tags.map(({ key }) => key);
    expect(keysOf({ duration: 0.5 })).toEqual(['spanscope.end_unix_nano']);
    expect(keysOf({ startTime: undefined })).toEqual(['spanscope.no_start', 'spanscope.unfinished']);
    expect(keysOf({ references: [childOf('b'), followsFrom('c'), childOf('d', 'another')] })).toEqual([]);
  });

  it('keeps times that a number of microseconds does not hold', () => {
    const far = 9_999_999_999_999_999_123_000n;
    const tags = [tag('spanscope.start_unix_nano', String(far)), tag('spanscope.end_unix_nano', String(far + 2000n))];
    const span = writtenAndRead(only(jaegerFile({ spanID: 'a', tags }))).span('a')!;
    expect([span.startTimeUnixNano, span.endTimeUnixNano]).toEqual([far, far + 2000n]);
    expect(span.attributes).toEqual({});
  });

  it('keeps a negative duration', () => {
    const trace = only(jaegerFile({ spanID: 'a', duration: -5 }));
    expect(written(trace)[0]!.duration).toBe(-5);
    expect(writtenAndRead(trace).span('a')!.duration).toBe(-5000);
  });

  it('writes a value however deep it is, and reads it back as text where nobody could walk it', () => {
    let value: unknown = 1;
    for (let depth = 0; depth < 20_000; depth++) value = [value];
    const trace = only({
      trace_id: 't',
      spans: [{ span_id: 'a', name: 'a', start_time: '2026-11-23T09:30:00Z', attributes: { value } }],
    });
    expect(writtenAndRead(trace).span('a')!.attributes).toEqual({
      value: `${'['.repeat(20_000)}1${']'.repeat(20_000)}`,
    });
  });

  it('keeps the order of the file', () => {
    const trace = only(messyRun());
    const inFile = [...trace].sort((a, b) => a.sourceOrder - b.sourceOrder).map((span) => span.spanId);
    expect(written(trace).map(({ spanID }) => spanID)).toEqual(inFile);
  });

  it.each(samples.filter(({ format }) => format))('is read back as the same trace: $title', ({ load }) => {
    for (const trace of parseTraces(load()).traces) {
      expect(contentOf(writtenAndRead(trace, { statusTags: 'all' }))).toEqual(contentOf(trace));
    }
  });

  it('is read back as the same trace, whatever is wrong with it and whatever its details are', () => {
    const keys = [...Object.values(mappedTags), 'spanscope.attribute.a', 'spanscope.other'];
    for (let seed = 1; seed <= 300; seed++) {
      const trace = randomDetailedTrace(seed, keys);
      expect(contentOf(writtenAndRead(trace, { statusTags: 'all' })), `seed ${seed}`).toEqual(contentOf(trace));
    }
  });
});

describe.skipIf(!hasSeed)(`the reference traces${seedNote}`, () => {
  it.each(seedNames())('%s is written in the form that Jaeger users know, to the letter', (name) => {
    expect(toJaeger(only(seedText(`${name}.json`)))).toEqual(JSON.parse(seedText(`${name}.jaeger.json`)));
  });

  it.each(seedNames())('%s in that form is read and written as it was', (name) => {
    const text = seedText(`${name}.jaeger.json`);
    expect(toJaeger(only(text))).toEqual(JSON.parse(text));
  });

  it.each(seedNames())('%s comes out of that form as the same trace, but for ok, which it does not hold', (name) => {
    const withoutOk = (trace: Trace) => formatTree(trace).replaceAll(' ok', ' unset');
    expect(withoutOk(only(seedText(`${name}.jaeger.json`)))).toBe(withoutOk(only(seedText(`${name}.json`))));
  });
});

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it('jaeger-ui01.json has references into another trace, two of one span, values of every type', () => {
    const trace = only(corpusFile('jaeger/jaeger-ui01.json'));
    const span = trace.span('0000000000000004')!;
    expect(span.parentSpanId).toBe('0000000000000002');
    expect(span.links.map(({ traceId, spanId, refType }) => [traceId, spanId, refType])).toEqual([
      ['00000000000000ff', '00000000000000ff', 'CHILD_OF'],
      ['0000000000000001', '0000000000000002', 'FOLLOWS_FROM'],
    ]);
    expect(trace.span('0000000000000002~2')!.attributes).toEqual({
      'peer.service': 'service-y',
      'peer.ipv4': 23456,
      error: true,
      temperature: 72.5,
      javascript_limit: 9223372036854775222n,
      blob: 'AAAwOQ==',
    });
  });

  it('dsb-social-network.json embeds all ancestors in each reference, which nobody looks at', () => {
    const file = JSON.parse(new TextDecoder().decode(corpusFile('jaeger/dsb-social-network.json')));
    let traps = 0;
    for (const { spans } of file.data) {
      for (const { references } of spans) {
        for (const reference of references) {
          if (reference.span) traps++;
          Object.defineProperty(reference, 'span', {
            get() {
              throw new Error('An embedded span was read.');
            },
          });
        }
      }
    }
    expect(traps).toBeGreaterThan(600);
    for (const trace of parseTraces(file).traces) for (const span of trace) expect(span.links).toEqual([]);
  });

  it.each(corpusFiles('jaeger'))('%s is written and read back as the same traces', (name) => {
    for (const trace of parseTraces(corpusFile(`jaeger/${name}`)).traces) {
      expect(contentOf(writtenAndRead(trace, { statusTags: 'all' }))).toEqual(contentOf(trace));
    }
  });
});
