import { describe, expect, it } from 'vitest';
import {
  agentRun,
  deepChain,
  errorRun,
  large,
  messyRun,
  openRun,
  researchOtlp,
  services,
  threeTraces,
} from '../../../samples/index.ts';
import { type JaegerOptions, parseTraces, type Trace, toJaeger } from '../../../src/core.ts';
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
import { randomTrace } from '../../randomTrace.ts';
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

  it('may stand in the field of old exports', () => {
    const trace = only(jaegerFile({ spanID: 'a' }, { spanID: 'b', parentSpanID: 'a' }));
    expect(trace.span('b')!.depth).toBe(1);
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
    ['otel.status_code=OK', [tag('otel.status_code', 'OK')], 'ok'],
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

it('reads logs as events, named by their field `event`', () => {
  const logs = [
    { timestamp: start + 5, fields: [tag('event', 'retry'), tag('n', 2)] },
    { timestamp: start + 6, fields: [tag('message', 'hello')] },
  ];
  expect(spanOf({ logs }).events.map(({ name, time, attributes }) => [name, time, attributes])).toEqual([
    ['retry', 5000, { n: 2 }],
    ['log', 6000, { message: 'hello' }],
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

it('never mixes the ids of two traces', () => {
  const { traces } = parseTraces(threeTraces());
  for (const trace of traces) for (const span of trace) expect(span.traceId).toBe(trace.traceId);
});

it('leaves out what is no span, counts it and tells of it', () => {
  const file = jaegerFile({ spanID: 'a' });
  const { traces, skipped, warnings } = parseTraces({
    data: [{ ...file.data[0], spans: [...file.data[0]!.spans, null, 7, {}] }],
  });
  expect(traces[0]!.spanCount).toBe(1);
  expect(skipped).toBe(3);
  expect(warnings.find(({ code }) => code === 'unreadable-span')!.count).toBe(3);
});

it('passes on what Jaeger itself noted', () => {
  const { warnings } = parseTraces(jaegerFile({ spanID: 'a', warnings: ['clock skew adjustment disabled'] }));
  expect(warnings.find(({ code }) => code === 'source-warning')!.message).toContain('clock skew adjustment disabled');
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

  it('keeps the order of the file', () => {
    const trace = only(messyRun());
    const inFile = [...trace].sort((a, b) => a.sourceOrder - b.sourceOrder).map((span) => span.spanId);
    expect(written(trace).map(({ spanID }) => spanID)).toEqual(inFile);
  });

  it.each([
    ['agentRun', agentRun()],
    ['errorRun', errorRun()],
    ['openRun', openRun()],
    ['services', services()],
    ['deepChain', deepChain(300)],
    ['large', large({ spans: 400, format: 'jaeger' })],
  ])('is read back as the same trace: %s', (_, sample) => {
    const trace = only(sample);
    expect(contentOf(writtenAndRead(trace, { statusTags: 'all' }))).toEqual(contentOf(trace));
  });

  it.each([
    ['messyRun', messyRun()],
    ['researchOtlp', researchOtlp()],
  ])('is read back as the same trace but for what it says it loses: %s', (_, sample) => {
    const trace = only(sample);
    const withoutLosses = (each: Trace) =>
      JSON.parse(
        JSON.stringify(contentOf(each), (key, value) => {
          if (key === 'links')
            return value.map(({ traceId, spanId }: { traceId: string; spanId: string }) => ({ traceId, spanId }));
          if (key === 'scope' && value) return { name: value.name, version: value.version };
          return typeof value === 'bigint' ? `${value}n` : value;
        }),
      );
    expect(withoutLosses(writtenAndRead(trace, { statusTags: 'all' }))).toEqual(withoutLosses(trace));
  });

  it('is read back as the same trace, whatever is wrong with it', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const trace = randomTrace(seed);
      expect(formatTree(writtenAndRead(trace, { statusTags: 'all' })), `seed ${seed}`).toBe(formatTree(trace));
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
  it.each(corpusFiles('jaeger'))('%s is written and read back as the same traces', (name) => {
    for (const trace of parseTraces(corpusFile(`jaeger/${name}`)).traces) {
      expect(contentOf(writtenAndRead(trace, { statusTags: 'all' }))).toEqual(contentOf(trace));
    }
  });
});
