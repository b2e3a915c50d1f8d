import { describe, expect, it } from 'vitest';
import { createRandom, large, type Random, samples, threeTraces } from '../../../samples/index.ts';
import {
  detectFormat,
  type FormatName,
  parseTraces,
  type Trace,
  TraceFormatError,
  toJaeger,
  toJson,
  toOtlp,
  toTimeline,
} from '../../../src/core.ts';
import { hasSeed, seedNames, seedNote, seedText } from '../../corpus.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

const plain = {
  trace_id: 't',
  spans: [{ span_id: 'a', name: 'n', start_time: '2026-11-23T09:30:00', end_time: null }],
};

describe('the format of an input', () => {
  it('is found for every sample, parsed or as text', () => {
    for (const { id, format, load } of samples) {
      const input = load();
      expect(detectFormat(input), id).toBe(format ?? (id === 'truncated' ? 'json' : undefined));
      if (typeof input === 'object') expect(detectFormat(JSON.stringify(input)), id).toBe(format);
    }
  });

  it('is found for what the writers write', () => {
    const [trace] = parseTraces(plain).traces;
    const written: [FormatName, object][] = [
      ['json', toJson(trace!)],
      ['jaeger', toJaeger(trace!)],
      ['otlp', toOtlp(trace!)],
    ];
    for (const [format, value] of written) expect(detectFormat(value)).toBe(format);
  });

  it('is undefined for what cannot be read, and never an error', () => {
    for (const input of [
      '',
      'x',
      '<html>',
      '[]',
      '{}',
      'null',
      new Uint8Array([0x1f, 0x8b]),
      {},
      [],
      new Map(),
      Promise.resolve(),
    ]) {
      expect(detectFormat(input)).toBeUndefined();
    }
  });

  it('is that of the first line that is a trace, where others come before it', () => {
    const lines = ['{"resource":"of something else"}', '7', JSON.stringify(plain)];
    const result = parseTraces(lines.join('\n'));
    expect(result.format).toBe('json');
    expect(result.traces).toHaveLength(1);
    expect(result.skipped).toBe(2);
    expect(result.warnings.find(({ code }) => code === 'unreadable-record')?.count).toBe(2);
  });

  it('can be given, and then nothing else is tried', () => {
    expect(parseTraces(plain, { format: 'json' }).format).toBe('json');
    expect(() => parseTraces(plain, { format: 'otlp' })).toThrow(TraceFormatError);
    expect(() => parseTraces(plain, { format: 'nonsense' as FormatName })).toThrow(
      /^There is no format “nonsense”; known are otlp, .*jaeger, .*json\.$/,
    );
  });

  it.each([
    ['a HAR file', { log: { version: '1.2', entries: [{ startedDateTime: '2026-01-01T00:00:00Z', time: 12 }] } }],
    ['logs alone', { resourceLogs: [{ scopeLogs: [] }] }],
  ])('is not mistaken for one of those here: %s', (_name, value) => {
    expect(() => parseTraces(value)).toThrow(TraceFormatError);
  });
});

describe('a result', () => {
  it('tells each kind of warning once for all traces, with the sum and the first place', () => {
    const open = { span_id: 'a', name: 'waits', start_time: '2026-11-23T09:30:00', end_time: null };
    const orphan = { ...open, span_id: 'b', parent_span_id: 'gone', name: 'stray' };
    const { warnings } = parseTraces([
      { trace_id: 'one', spans: [open] },
      { trace_id: 'two', spans: [open, orphan, { ...orphan, span_id: 'c' }] },
    ]);
    expect(warnings).toEqual([
      {
        code: 'orphan',
        message: '2 spans name a parent that is not in the trace (first: stray); shown as roots.',
        count: 2,
        traceId: 'two',
        spanId: 'b',
      },
      {
        code: 'unfinished',
        message: "4 spans have no end (first: waits); drawn open, to the trace's end.",
        count: 4,
        traceId: 'one',
        spanId: 'a',
      },
    ]);
  });

  it('has the traces in the order of the file', () => {
    const names = (threeTraces() as { data: { traceID: string }[] }).data.map(({ traceID }) => traceID);
    expect(parseTraces(threeTraces()).traces.map(({ traceId }) => traceId)).toEqual(names);
  });

  it('comes the same from an object, its text and its bytes, frozen or not', () => {
    for (const format of ['json', 'jaeger', 'otlp'] as const) {
      const value = deepFrozen(large({ spans: 60, format }));
      const text = JSON.stringify(value);
      const results = [value, text, new TextEncoder().encode(text), new TextEncoder().encode(text).buffer].map(
        (input) => parseTraces(input),
      );
      const written = results.map(({ traces }) => JSON.stringify(traces.map(toJson)));
      expect(new Set(written).size).toBe(1);
      expect(JSON.stringify(value)).toBe(text);
    }
  });

  it('is an error where the format is known but holds no trace', () => {
    expect(() => parseTraces({ data: [] })).toThrow(TraceFormatError);
    expect(() => parseTraces({ resourceSpans: [] })).toThrow(TraceFormatError);
    expect(() => parseTraces({ resourceSpans: [{ scopeSpans: [] }] })).toThrow(TraceFormatError);
  });
});

describe('values of the wrong type, anywhere', () => {
  const junk: readonly unknown[] = [
    ...[null, undefined, true, 0, -1, 1e300, NaN, '', '0', 'text', '2026-02-31T00:00:00', '9'.repeat(40), 7n],
    ...[
      [],
      [null],
      [[]],
      {},
      { toString: 1 },
      { ['__proto__']: { a: 1 } },
      { key: 1, value: {} },
      new Date(NaN),
      new Uint8Array(3),
    ],
    ...[Object.create(null), () => 1, Symbol('s'), new Map()],
  ];

  /** A copy in which some parts are junk. */
  function soiled(value: unknown, random: Random, odds: number): unknown {
    if (random.chance(odds)) return junk[random.int(0, junk.length - 1)];
    if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
  }

  it.each(['json', 'jaeger', 'otlp'] as const)('make no reader of %s throw, nor what is read of it later', (format) => {
    const clean = large({ spans: 12, format });
    let read = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = createRandom(seed);
      const value = soiled(clean, random, random.pick([0.002, 0.01, 0.05])) as object;
      let traces: Trace[];
      try {
        ({ traces } = parseTraces(value, { format }));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
        continue;
      }
      read++;
      for (const trace of traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        const again = parseTraces(JSON.stringify(toJson(trace))).traces[0]!;
        expect(again.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
    }
    expect(read).toBeGreaterThan(200);
  });
});

describe.skipIf(!hasSeed)(`the reference traces${seedNote}`, () => {
  it.each(seedNames())('%s is the same tree in both formats', (name) => {
    const [plainTrace] = parseTraces(seedText(`${name}.json`)).traces;
    const jaeger = parseTraces(seedText(`${name}.jaeger.json`));
    expect(jaeger.format).toBe('jaeger');
    const outline = (trace: typeof plainTrace) =>
      Array.from(
        trace!,
        (span) => `${span.depth} ${span.name} ${Math.round(span.start / 1e3)} ${Math.round(span.duration! / 1e3)}`,
      );
    expect(outline(jaeger.traces[0])).toEqual(outline(plainTrace));
  });
});
