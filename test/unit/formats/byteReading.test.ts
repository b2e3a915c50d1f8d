import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createRandom, large, type Random, researchOtlp, services, threeTraces } from '../../../samples/index.ts';
import {
  layoutWaterfall,
  type ParseResult,
  parseTraces,
  TraceFormatError,
  toJaeger,
  toOtlp,
  traceWarnings,
} from '../../../src/core.ts';
import { beginByteReading } from '../../../src/formats/byteReading.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import type { FormatRead } from '../../../src/formats/format.ts';
import { readInputText } from '../../../src/formats/inputValues.ts';
import { hasPassedOver } from '../../../src/formats/misplaced.ts';
import { readInputValues } from '../../../src/formats/parseTraces.ts';
import { formats } from '../../../src/formats/table.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { damagedBytes, oddlyWritten, soiledJson } from '../../jsonChaos.ts';
import { contentOf } from '../../traceContent.ts';

const encoder = new TextEncoder();

/** The slow way, which knows nothing of bytes: JSON.parse, or the reader of damaged text, and the reader of objects. */
function byObjects(input: string | Uint8Array): object {
  return told(() => readInputValues(readInputText(input)));
}

function byParseTraces(input: string | Uint8Array): object {
  return told(() => parseTraces(input));
}

function told(read: () => ParseResult): object {
  try {
    const { format, warnings, skipped, traces } = read();
    return { format, warnings, skipped, traces: traces.map(everythingOf) };
  } catch (error) {
    if (error instanceof TraceFormatError) return { refused: true, position: error.position };
    throw error;
  }
}

function everythingOf(trace: ReturnType<typeof parseTraces>['traces'][number]): object {
  const found = Array.from(trace, (span) => [trace.span(span.key)?.index, trace.span(span.spanId)?.index]);
  const keys = new Set(Array.from(trace).flatMap((span) => Object.keys(span.attributes)));
  const numbers = Array.from(keys, (key) => [key, trace.project(key)]);
  return { ...contentOf(trace), columns: trace.columns, found, numbers, several: trace.project([...keys].reverse()) };
}

/** In the form of the others; undefined where refused. `chunk`: bytes that come at a time. */
function byBytes(bytes: Uint8Array, chunk: number, longest?: number): object | undefined {
  const source = new ByteSource(longest);
  const whole = ByteSource.of(bytes);
  const reading = beginByteReading(whole);
  if (!reading) return undefined;
  const incremental = beginAs(source, bytes);
  for (let from = 0; from < bytes.length; from += chunk) {
    source.append(bytes.subarray(from, from + chunk));
    if (incremental.advance() === 'refused') return undefined;
  }
  const read = incremental.finish();
  // Where something was passed over, the reader of objects looks for spans that it does not expect there.
  return read && !hasPassedOver(read) ? resultOf(incremental.format, read) : undefined;
}

/** What is begun with the first bytes of a file goes on with the source that they are appended to. */
function beginAs(source: ByteSource, bytes: Uint8Array) {
  const { format } = beginByteReading(ByteSource.of(bytes))!;
  const isOf = (value: unknown) => formats.find((candidate) => candidate.detect(value))?.name;
  return formats.find(({ name }) => name === format)!.readBytes!(source, (value) =>
    isOf(value) === undefined ? undefined : isOf(value) === format,
  );
}

function resultOf(format: string, { traces, warnings, skipped }: FormatRead): object | undefined {
  if (traces.length === 0) return undefined;
  return { format, warnings: [...warnings, ...traceWarnings(traces)], skipped, traces: traces.map(everythingOf) };
}

function expectSame(actual: object | undefined, expected: object, title: string): void {
  // The message of a failed toEqual of thousands of values takes minutes, so it is asked for only then.
  if (!isDeepStrictEqual(actual, expected)) expect(actual, title).toEqual(expected);
}

const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join('\n');

/** Values of both formats, small, in the layouts that files have. */
function layouts(): [title: string, value: unknown][] {
  const jaeger = toJaeger(parseTraces(services()).traces[0]!) as unknown as { data: [Record<string, unknown>] };
  const [trace] = jaeger.data;
  const { processes, ...withoutProcesses } = trace;
  const research = researchOtlp();
  const [resource] = research.resourceSpans;
  return [
    ['Jaeger', jaeger],
    ['Jaeger, processes first', { data: [{ processes, ...withoutProcesses }] }],
    ['a Jaeger trace by itself', trace],
    ['a list of Jaeger traces', [trace, { ...trace, traceID: 'ffff' }]],
    ["Jaeger's UI state", { data: trace }],
    ['several Jaeger traces', threeTraces()],
    ['small Jaeger', large({ spans: 12, format: 'jaeger' })],
    ['OTLP', research],
    ['OTLP of a writer', toOtlp(parseTraces(research).traces[0]!)],
    ['a ResourceSpans by itself', resource],
    ['Tempo', { batches: research.resourceSpans }],
    ['Tempo v2', { trace: research, status: 'PARTIAL' }],
    ['Jaeger v3', { result: research }],
    ['a list of OTLP', [research]],
    ['snake_case', snakeCase(research)],
    ['small OTLP', large({ spans: 12, format: 'otlp' })],
    ['base64', withIds(large({ spans: 12, format: 'otlp' }), (id) => Buffer.from(id, 'hex').toString('base64'))],
    ['upper case', withIds(large({ spans: 12, format: 'otlp' }), (id) => id.toUpperCase())],
    [
      'both cases',
      withIds(large({ spans: 12, format: 'otlp' }), (id, key) => (key === 'spanId' ? id.toUpperCase() : id)),
    ],
    ['old libraries', oldLibraries(research)],
  ];
}

function mapped(value: unknown, change: (key: string, item: unknown) => [string, unknown]): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => change(key, item));
  return Object.fromEntries(entries.map(([key, item]) => [key, mapped(item, change)]));
}

function snakeCase(value: unknown): unknown {
  return mapped(value, (key, item) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), item]);
}

function withIds(value: unknown, spell: (id: string, key: string) => string): unknown {
  return mapped(value, (key, item) => [
    key,
    /^(?:span|trace|parentSpan)Id$/.test(key) ? spell(item as string, key) : item,
  ]);
}

function oldLibraries(value: unknown): unknown {
  const names: Record<string, string> = { scopeSpans: 'instrumentationLibrarySpans', scope: 'instrumentationLibrary' };
  return mapped(value, (key, item) => [names[key] ?? key, item]);
}

describe('a file of Jaeger or OTLP', () => {
  it.each(layouts())('is read by bytes as it is by objects: %s', (title, value) => {
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2), `\ufeff${JSON.stringify(value)}\n`]) {
      const bytes = encoder.encode(text);
      const expected = byObjects(bytes);
      expectSame(byParseTraces(text), expected, title);
      expectSame(byParseTraces(bytes), expected, title);
      expectSame(byBytes(bytes, bytes.length), expected, title);
      expectSame(byBytes(bytes, 1000), expected, title);
      expectSame(byBytes(bytes, 100, 100), expected, title);
    }
  });

  it('is read by bytes as it is by objects whatever the chunks that it comes in', () => {
    for (const value of [large({ spans: 12, format: 'jaeger' }), large({ spans: 12, format: 'otlp' })]) {
      const bytes = encoder.encode(JSON.stringify(value));
      const expected = byObjects(bytes);
      for (let chunk = 1; chunk < 80; chunk++) {
        expectSame(byBytes(bytes, chunk), expected, `${chunk} bytes at a time`);
        expectSame(byBytes(bytes, chunk, chunk), expected, `chunks of ${chunk} bytes`);
      }
    }
  });

  it('is read by bytes as JSON Lines, a trace spread over lines put together', () => {
    const { resourceSpans } = large({ spans: 1500, format: 'otlp' });
    const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'gen_ai.user.message' }] }] }] };
    const otlp = lines([...resourceSpans.map((item) => ({ resourceSpans: [item] })), logs]);
    const jaeger = lines(threeTraces().data);
    for (const text of [otlp, jaeger, `${jaeger}\n\n`, jaeger.replaceAll('\n', '\r\n')]) {
      const bytes = encoder.encode(text);
      expectSame(byBytes(bytes, 1000, 1000), byObjects(bytes), text.slice(0, 100));
    }
    // What readers of text see otherwise is left to them.
    for (const text of [
      `${jaeger},`,
      jaeger.replaceAll('\n', ' '),
      `${jaeger}\n${JSON.stringify(threeTraces(), null, 1)}`,
    ]) {
      expect(byBytes(encoder.encode(text), text.length)).toBeUndefined();
      expectSame(byParseTraces(text), byObjects(text), text.slice(0, 100));
    }
  });

  it('keeps ids of any spelling, those of other traces apart', () => {
    const spans = [
      'a',
      'ABCDEF0123456789',
      '0000000000000000',
      '\u00e9',
      'a\\u0062',
      '3fa85f64-5717-4562-b3fc-2c963f66afa6',
    ].map(
      (id, at, all) =>
        `{"traceID":"t","spanID":"${id}","operationName":"n${at}","startTime":${at},"duration":1,"processID":"p","references":[{"refType":"CHILD_OF","traceID":"t","spanID":"${all[at - 1] ?? ''}"}]}`,
    );
    const bytes = encoder.encode(`{"traceID":"t","spans":[${spans.join(',')}],"processes":{"p":{"serviceName":"s"}}}`);
    expectSame(byBytes(bytes, 100, 100), byObjects(bytes), 'ids');
  });
});

describe("a reference's trace", () => {
  const reference = (trace: string) => `[{"refType":"CHILD_OF","traceID":${trace},"spanID":"00000000000000aa"}]`;
  const span = (fields: string) =>
    `{"spanID":"00000000000000ab","operationName":"n","startTime":1,"duration":2,${fields}}`;
  it.each([
    ['comes after the reference', `"references":${reference('"t"')},"traceID":"t"`],
    ['comes again after the reference', `"traceID":"t","references":${reference('"t"')},"traceID":"u"`],
    ['is another', `"traceID":"t","references":${reference('"u"')}`],
    ['is written with an escape', `"traceID":"t","references":${reference('"\\u0074"')}`],
    ['is left out', `"traceID":"t","references":${reference('""')}`],
    ['is left out of the span', `"references":${reference('"t"')}`],
    ['is a number', `"traceID":7,"references":${reference('7')}`],
  ])('%s: it is compared as objects have it', (title, fields) => {
    const parent = '{"traceID":"t","spanID":"00000000000000aa","operationName":"p","startTime":0,"duration":9}';
    // The span twice, as what was met once is expected again.
    const bytes = encoder.encode(
      `{"traceID":"t","processes":{},"spans":[${[parent, span(fields), span(fields)].join(',')}]}`,
    );
    expectSame(byBytes(bytes, 50, 50), byObjects(bytes), title);
  });
});

describe('a trace as large as traces come', () => {
  /** Jaeger's spans with no more than they need, `parentOf` each of them the number of another. */
  function bytesOf(count: number, parentOf: (at: number) => number): Uint8Array {
    const idOf = (at: number) => (at + 1).toString(16).padStart(16, '0');
    const parts = ['{"traceID":"t","processes":{},"spans":['];
    for (let at = 0; at < count; at++) {
      const reference = `{"refType":"CHILD_OF","traceID":"t","spanID":"${idOf(parentOf(at))}"}`;
      const times = `"startTime":${at},"duration":${count - at}`;
      parts.push(
        `${at > 0 ? ',' : ''}{"traceID":"t","spanID":"${idOf(at)}","operationName":"n","references":[${at > 0 ? reference : ''}],${times}}`,
      );
    }
    return encoder.encode(`${parts.join('')}]}`);
  }

  it('is read and laid out: a chain of 100,000 spans', () => {
    const [trace] = parseTraces(bytesOf(100_000, (at) => at - 1)).traces;
    expect(trace!.spanAt(99_999).depth).toBe(99_999);
    expect(layoutWaterfall(trace!).rows.length).toBe(100_000);
  });

  it('is read and laid out: a root with 1,000,000 children', () => {
    const [trace] = parseTraces(bytesOf(1_000_001, () => 0)).traces;
    expect(trace!.columns.subtreeEnd[0]).toBe(1_000_001);
    expect(trace!.columns.depth[1_000_000]).toBe(1);
    expect(layoutWaterfall(trace!).rows.length).toBe(1_000_001);
  });
});

/** How many of the cases a reader of bytes took, so that a test of none is no success. */
function compareMany(count: number, seed: number, make: (random: Random, value: unknown) => Uint8Array): number {
  const values = layouts().filter(([, value]) => JSON.stringify(value).length < 40_000);
  let taken = 0;
  for (let at = 0; at < count; at++) {
    const random = createRandom(seed + at);
    const [title, value] = values[at % values.length]!;
    const bytes = make(random, value);
    const expected = byObjects(bytes);
    const name = `seed ${seed + at}, ${title}`;
    expectSame(byParseTraces(bytes), expected, name);
    const longest = random.pick([7, 64, 1000, 100_000]);
    const read = byBytes(bytes, random.pick([bytes.length, 1 + random.int(0, 500)]), longest);
    if (read) {
      taken++;
      expectSame(read, expected, name);
    }
  }
  return taken;
}

const rounds = Number(process.env.BYTE_READING_ROUNDS ?? 1);

describe('a file that is not as writers write it', () => {
  it('is read the same by bytes where white space, escapes and the order of keys are others and keys come again', () => {
    const taken = compareMany(300 * rounds, 1, (random, value) => {
      const odds = {
        space: random.pick([0, 0.2]),
        escape: random.pick([0, 0.02]),
        reorder: 0.2,
        repeat: random.pick([0, 0.005]),
      };
      return encoder.encode(oddlyWritten(value, random, odds));
    });
    expect(taken).toBeGreaterThan(200 * rounds);
  });

  it('is read the same by bytes where values are others than expected, are missing or come twice', () => {
    const taken = compareMany(400 * rounds, 1_000_001, (random, value) => {
      const soiled = soiledJson(value, random, random.pick([0.001, 0.01, 0.05]));
      const odds = { space: 0, escape: random.pick([0, 0.01]), reorder: 0.1, repeat: random.pick([0, 0.005]) };
      return encoder.encode(oddlyWritten(soiled, random, odds));
    });
    expect(taken).toBeGreaterThan(100 * rounds);
  });

  it('is read the same by bytes, or refused at the same place, where bytes are cut, changed, left out or copied', () => {
    const taken = compareMany(400 * rounds, 2_000_001, (random, value) => {
      const bytes = encoder.encode(JSON.stringify(value));
      return damagedBytes(bytes, random);
    });
    expect(taken).toBeGreaterThan(20 * rounds);
  });
});

describe('a real file', () => {
  for (const folder of ['jaeger', 'otlp']) {
    it.skipIf(!hasCorpus)(`of ${folder} is there to be read${corpusNote}`, () => {
      expect(corpusFiles(folder).length).toBeGreaterThan(0);
    });
    it.each(corpusFiles(folder))(`${folder}/%s is read by bytes as it is by objects${corpusNote}`, (name) => {
      const bytes = new Uint8Array(corpusFile(`${folder}/${name}`));
      const expected = byObjects(bytes);
      expectSame(byParseTraces(bytes), expected, name);
      for (const longest of [undefined, 50_000, 997]) {
        const read = byBytes(bytes, bytes.length, longest);
        expect(read, `${name} is taken by the reader of bytes`).toBeDefined();
        expectSame(read, expected, name);
      }
      if (bytes.length < 100_000) expectSame(byBytes(bytes, 1, 1), expected, name);
    });
  }
});
