import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { parseTraces, searchSpans, type Trace, toJaeger, toOtlp } from '../../../src/core.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { withWrittenDetails } from '../../../src/formats/writtenDetails.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';

/** Every text that a value is or holds, keys and numbers among them. */
function textsIn(value: unknown, texts: string[] = []): string[] {
  if (value instanceof Uint8Array || value === undefined) return texts;
  if (typeof value !== 'object' || value === null) texts.push(String(value));
  else if (Array.isArray(value)) for (const item of value) textsIn(item, texts);
  else
    for (const [key, item] of Object.entries(value)) {
      texts.push(key);
      textsIn(item, texts);
    }
  return texts;
}

function textsOf(trace: Trace, index: number): string[] {
  const { statusMessage, attributes, events, links, resource, scope } = trace.detailsAt(index);
  return [
    ...textsIn([statusMessage, attributes, resource, scope]),
    ...events.flatMap((event) => textsIn([event.name, event.attributes])),
    ...links.flatMap((link) => textsIn([link.traceId, link.spanId, link.attributes])),
  ];
}

const plainFile = {
  trace_id: 'a1',
  spans: [
    { span_id: 'b1', name: 'n', start_time: 1, attributes: { animal: 'Zebra' } },
    { span_id: 'b2', name: 'n', start_time: 2 },
  ],
};

const bytesOf = (file: unknown) => new TextEncoder().encode(JSON.stringify(file));
const onlyTrace = (file: unknown) => parseTraces(bytesOf(file)).traces[0]!;

const ways: readonly (readonly [string, (trace: Trace) => Trace])[] = [
  ['Jaeger', (trace) => onlyTrace(toJaeger(trace))],
  ['OTLP', (trace) => onlyTrace(toOtlp(trace))],
  ['written details', (trace) => withWrittenDetails(trace, new ByteSource(1000))],
];

describe.each(ways)('a search in the bytes of %s', (_, written) => {
  it('passes over no span whose details hold the text, in whatever case', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const trace = written(randomDetailedTrace(seed));
      const random = createRandom(seed);
      const all = Array.from({ length: trace.spanCount }, (_, index) => textsOf(trace, index));
      for (let index = 0; index < trace.spanCount; index++) {
        for (const text of all[index]!) {
          const from = random.int(0, Math.max(0, text.length - 1));
          const part = text.slice(from, from + random.int(0, 12));
          for (const needle of [text, part, part.toUpperCase(), text.toLowerCase()]) {
            if (!trace.mayContain(index, needle)) throw new Error(`seed ${seed}, span ${index}: “${needle}” is in it`);
          }
        }
      }
    }
  });

  it('passes over the spans that do not hold it', () => {
    const trace = written(parseTraces(plainFile).traces[0]!);
    expect([0, 1].map((index) => trace.mayContain(index, 'zebra'))).toEqual([true, false]);
    expect([0, 1].map((index) => trace.mayContain(index, 'ANIMAL'))).toEqual([true, false]);
  });
});

const jaegerSpan = (spanID: string, value: unknown, type = 'string') => ({
  ...{
    traceID: 'a1',
    spanID,
    operationName: 'step',
    startTime: 1_767_225_600_000_000,
    duration: 1000,
    processID: 'p1',
  },
  ...{ references: [], logs: [], tags: [{ key: 'note', type, value }] },
});

const jaegerText = (...spans: string[]) =>
  `{"data":[{"traceID":"a1","spans":[${spans.join()}],"processes":{"p1":{"serviceName":"shop","tags":[]}}}]}`;

const jaeger = (...values: unknown[]) =>
  jaegerText(...values.map((value, at) => JSON.stringify(jaegerSpan(`b${at}`, value))));

describe('a search in bytes', () => {
  it.each([
    ['in another case', 'The Quick fox', 'quick FOX', true],
    ['at the end', 'the quick fox', 'fox', true],
    ['that is not there', 'the quick fox', 'wolf', false],
    ['that nearly is', 'the quick fo x', 'quick fox', false],
    ['longer than the span', 'x', 'long '.repeat(500), false],
    ['beyond ASCII', 'crème brûlée', 'BRÛLÉE', true],
    ['beyond ASCII, in a span within it', 'creme', 'brûlée', false],
    ['whose lower case is of another letter', '12 \u212a', '12 k', true],
    ['a number written otherwise', 1e21, '1e+21', true],
    ['what is not there', null, 'null', true],
  ])('knows a text %s', (_, value, needle, mayContain) => {
    const { traces } = parseTraces(jaeger(value));
    expect(traces[0]!.mayContain(0, needle)).toBe(mayContain);
  });

  it('takes a span for one that might hold it where an escape could be any character', () => {
    const spelled = JSON.stringify(jaegerSpan('b1', 'z')).replace('"z"', '"\\u007aebra"');
    const slashed = JSON.stringify(jaegerSpan('b2', 'z')).replace('"z"', '"zebra\\/lion"');
    const broken = JSON.stringify(jaegerSpan('b3', 'line\nand "quotes"'));
    const trace = parseTraces(jaegerText(spelled, slashed, broken)).traces[0]!;
    const may = (needle: string) => ['b1', 'b2', 'b3'].map((id) => trace.mayContain(trace.span(id)!.index, needle));
    expect(may('zebra')).toEqual([true, true, false]);
    expect(may('zebra/lion')).toEqual([true, true, false]);
    expect(may('line')).toEqual([true, true, true]);
    expect(may('"quotes"')).toEqual([true, true, true]);
  });

  it('finds what the spans of a process share, and nothing of a process in others', () => {
    const processes = { p1: { serviceName: 'shop', tags: [{ key: 'host', type: 'string', value: 'Zebra-1' }] } };
    const other = { traceID: 'a2', spans: [{ ...jaegerSpan('b2', 'x'), traceID: 'a2' }], processes: {} };
    const { traces } = parseTraces(
      JSON.stringify({ data: [{ traceID: 'a1', spans: [jaegerSpan('b1', 'x')], processes }, other] }),
    );
    expect(traces.map((trace) => trace.mayContain(0, 'zebra'))).toEqual([true, false]);
  });

  it('gives what a search of objects gives', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const file = toOtlp(randomDetailedTrace(seed));
      const byBytes = onlyTrace(file);
      const [byObject] = parseTraces(file).traces;
      for (const query of ['plain', 'exception', 'A', 'has:error', 'a=plain', 'message~x', '"a\': 1"', 'true']) {
        const found = searchSpans(byBytes, query, { content: true }).indexes;
        expect([...found], `${seed}: ${query}`).toEqual([...searchSpans(byObject!, query, { content: true }).indexes]);
      }
    }
  });

  it('reads past what a view looks at when it walks over all spans', () => {
    const trace = parseTraces(jaeger(...Array.from({ length: 600 }, (_, at) => `value ${at}`))).traces[0]!;
    const looked = trace.detailsAt(0);
    trace.project(({ attributes }) => String(attributes.note).length);
    expect(trace.detailsAt(0)).toBe(looked);
  });
});
