import { describe, expect, it } from 'vitest';
import {
  type ExportFormat,
  exportWarnings,
  parseTraces,
  type Trace,
  toJaeger,
  toJson,
  toOtlp,
} from '../../../src/core.ts';
import { type AttributeValue, noDetails, type SpanDetails } from '../../../src/model/details.ts';
import { type SpanRecord, TraceBuilder } from '../../../src/model/traceBuilder.ts';
import {
  corpusNote,
  corpusTraceFiles,
  corpusTraces,
  hasCorpus,
  hasSeed,
  seedNames,
  seedNote,
  seedText,
} from '../../corpus.ts';
import { otlpProblems } from '../../otlpRules.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';
import { randomTrace } from '../../randomTrace.ts';
import { contentOf } from '../../traceContent.ts';

const files = corpusTraceFiles();

const writers: Readonly<Record<ExportFormat, (trace: Trace) => object>> = {
  json: toJson,
  jaeger: (trace) => toJaeger(trace),
  otlp: toOtlp,
};

const recordOf = (spanId: string): SpanRecord => ({
  spanId,
  parentSpanId: undefined,
  name: spanId,
  serviceName: 'shop',
  kind: 'unspecified',
  status: 'unset',
  start: { seconds: 1, nanos: 0 },
  end: { seconds: 2, nanos: 0 },
  followsFrom: false,
});

/** Which facts of a trace each warning says may come back otherwise. */
const concerned: Readonly<Record<string, readonly string[]>> = {
  'ok-status': ['status'],
  completeness: ['completeness'],
  'span-order': ['sourceOrder'],
  'service-in-resource': ['resource'],
  'parent-link': ['followsFrom', 'links'],
  'invalid-id': [],
  'wide-integer': [],
  'nested-integer': ['attributes', 'events', 'links', 'resource', 'scope'],
  'deep-nesting': ['attributes', 'events', 'links', 'resource', 'scope'],
  'early-time': ['end', 'events', 'issues', 'duration', 'completeness'],
};

/** The facts that do not come back; empty lists and empty scopes' attributes say as little as none. */
function changedFacts(trace: Trace, back: Trace): string[] {
  type Content = Record<string, unknown> & { spans: Record<string, unknown>[] };
  const [before, after] = [contentOf(trace) as Content, contentOf(back) as Content];
  const changed = new Set<string>();
  const compare = (a: unknown, b: unknown, name: string) => {
    try {
      expect(withoutEmptyScope(b)).toEqual(withoutEmptyScope(a));
    } catch {
      changed.add(name);
    }
  };
  for (const name of Object.keys(before)) if (name !== 'spans') compare(before[name], after[name], name);
  expect(after.spans.length).toBe(before.spans.length);
  for (const [at, span] of before.spans.entries())
    for (const name of Object.keys(span)) {
      if (span[name] !== after.spans[at]![name]) compare(span[name], after.spans[at]![name], name);
    }
  return [...changed];
}

function withoutEmptyScope(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('attributes' in value)) return value;
  return { ...value, attributes: Object.keys(value.attributes as object).length > 0 ? value.attributes : undefined };
}

function expectSameBack(trace: Trace, format: ExportFormat): void {
  const warnings = exportWarnings(trace, format);
  if (warnings.some(({ code }) => code === 'empty-trace')) return;
  const read = parseTraces(JSON.stringify(writers[format](trace)));
  expect(read.format).toBe(format);
  expect(read.traces.length).toBe(1);
  const told = warnings.flatMap(({ code }) => concerned[code]!);
  const untold = changedFacts(trace, read.traces[0]!).filter((fact) => !told.includes(fact));
  expect(untold, `${format} of ${trace.traceId}`).toEqual([]);
}

describe.skipIf(!hasCorpus)(`every export of every real file reads back as the same trace${corpusNote}`, () => {
  for (const file of files) {
    it(`${file}`, () => {
      for (const trace of corpusTraces(file)) {
        for (const format of Object.keys(writers) as ExportFormat[]) expectSameBack(trace, format);
      }
    });
  }
});

describe.skipIf(!hasSeed)(`every export of every reference trace reads back as the same trace${seedNote}`, () => {
  for (const name of seedNames().flatMap((seed) => [`${seed}.json`, `${seed}.jaeger.json`])) {
    it(`${name}`, () => {
      for (const trace of parseTraces(seedText(name)).traces) {
        for (const format of Object.keys(writers) as ExportFormat[]) expectSameBack(trace, format);
      }
    });
  }
});

describe('exportWarnings', () => {
  it('tell of nothing where plain JSON is written', () => {
    for (let seed = 0; seed < 50; seed++) expect(exportWarnings(randomTrace(seed), 'json')).toEqual([]);
  });

  it('need not tell of an attribute that would be taken for the message of a status: the message is written', () => {
    const span = { span_id: 'a', name: 'a', start_time: 1, end_time: 2, status: 'ok' };
    const attributes = { status_description: 'answered' };
    for (const status_message of ['', 'other', 'answered']) {
      const [trace] = parseTraces({ trace_id: 't', spans: [{ ...span, attributes, status_message }] }).traces;
      expect(trace!.spanAt(0).statusMessage).toBe(status_message || undefined);
      for (const format of Object.keys(writers) as ExportFormat[]) expectSameBack(trace!, format);
    }
  });

  it('count the spans that come back otherwise, and name the first', () => {
    const spans = ['a', 'b', 'c'].map((span_id, place) => ({
      span_id,
      name: span_id,
      start_time: place,
      end_time: 9,
      status: place > 0 ? 'ok' : 'unset',
      service_name: 'shop',
    }));
    const [trace] = parseTraces({ trace_id: 't', spans }).traces;
    expect(exportWarnings(trace!, 'jaeger')).toEqual([
      {
        code: 'ok-status',
        message: '2 spans are written with status ok: Jaeger has no word for it, and it reads back as unset.',
        count: 2,
        traceId: 't',
        spanId: 'b',
      },
    ]);
    expect(exportWarnings(trace!, 'jaeger', { statusTags: 'all' })).toEqual([]);
    expect(exportWarnings(trace!, 'otlp').map(({ code, count }) => [code, count])).toEqual([
      ['invalid-id', 3],
      ['service-in-resource', 3],
    ]);
  });
});

describe('warnings of Jaeger', () => {
  const nested = (depth: number, innermost: AttributeValue): AttributeValue => {
    let value = innermost;
    for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
    return value;
  };

  /** Each value at each place of a span where Jaeger has it as text, a span each. */
  const places = (value: AttributeValue): Partial<SpanDetails>[] => [
    { attributes: { key: value } },
    { events: [{ name: 'e', timeUnixNano: 1_500_000_000n, attributes: { key: value } }] },
    { resource: { key: value } },
    { scope: { name: 'scope', attributes: { key: value } } },
    { links: [{ traceId: 't2', spanId: 's2', attributes: { key: value }, refType: 'FOLLOWS_FROM' }] },
  ];

  it('tell of every integer and every nesting that does not come back, and of no other', () => {
    const lost: [value: AttributeValue, codes: string[]][] = [
      [[1n], ['nested-integer']],
      [{ a: { b: -5n } }, ['nested-integer']],
      [[2n ** 53n, 1, 'x', null, new Uint8Array(2)], []],
      [nested(90, 'x'), []],
      [nested(101, 'x'), ['deep-nesting']],
      [nested(2000, 1n), ['nested-integer', 'deep-nesting']],
    ];
    const depths = Array.from({ length: 8 }, (_, place) => nested(96 + place, 'x'));
    for (const [value, codes] of [...lost, ...depths.map((each): [AttributeValue, undefined] => [each, undefined])]) {
      for (const details of places(value)) {
        const builder = new TraceBuilder('t');
        builder.add(recordOf('0123456789abcdef'));
        const trace = builder.build({ read: () => ({ ...noDetails, ...details }) });
        const told = exportWarnings(trace, 'jaeger', { statusTags: 'all' }).map(({ code }) => code);
        if (codes) expect(told).toEqual(codes);
        const back = parseTraces(JSON.stringify(toJaeger(trace, { statusTags: 'all' }))).traces[0]!;
        expect(told.length === 0, `${told} in ${Object.keys(details)}`).toBe(valueIn(back) === valueIn(trace));
      }
    }
  });

  /** As text: no matcher follows two thousand levels. */
  const valueIn = (trace: Trace) => {
    const { attributes, events, resource, scope, links } = trace.spanAt(0);
    const all = [attributes, events[0]?.attributes, resource, scope?.attributes, links[0]?.attributes];
    return JSON.stringify(
      all.map((each) => each?.key ?? 'none'),
      (_, part) => (typeof part === 'bigint' ? `${part}n` : part),
    );
  };

  it('tell of what random values lose', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = randomDetailedTrace(seed);
      expectSameBack(trace, 'jaeger');
    }
  });
});

describe('toOtlp', () => {
  const withValidIds = (trace: Trace) => !exportWarnings(trace, 'otlp').some(({ code }) => code === 'invalid-id');

  it.skipIf(!hasCorpus)(`keeps to the JSON rules of the proto for every real file${corpusNote}`, () => {
    let checked = 0;
    for (const file of files) {
      for (const trace of corpusTraces(file)) {
        if (!withValidIds(trace)) continue;
        checked++;
        expect(otlpProblems(JSON.parse(JSON.stringify(toOtlp(trace)))), file).toEqual([]);
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('keeps to them for values of every kind', () => {
    const attributes = {
      text: 'a',
      yes: true,
      whole: 3,
      large: { intValue: '9007199254740993' },
      half: 0.5,
      list: [1, null, ['x']],
      map: { a: { b: null } },
      nan: { doubleValue: 'NaN' },
      bytes: { bytesValue: 'AQI=' },
    };
    const [trace] = parseTraces({
      trace_id: '0123456789abcdef0123456789abcdef',
      spans: [
        {
          span_id: '0123456789abcdef',
          name: 'a',
          start_time: 1,
          end_time: null,
          status: 'error',
          status_message: 'm',
          kind: 'client',
          attributes,
          events: [{ name: 'e', timestamp: 1, attributes }],
        },
      ],
    }).traces;
    expect(withValidIds(trace!)).toBe(true);
    expect(otlpProblems(JSON.parse(JSON.stringify(toOtlp(trace!))))).toEqual([]);
  });

  it('tells of integers that 64 bits do not hold', () => {
    const codesWith = (attributes: Record<string, AttributeValue>) => {
      const builder = new TraceBuilder('0123456789abcdef0123456789abcdef');
      builder.add(recordOf('0123456789abcdef'));
      return exportWarnings(builder.build({ read: () => ({ ...noDetails, attributes }) }), 'otlp').map(
        ({ code }) => code,
      );
    };
    expect(codesWith({ a: [2n ** 63n] })).toContain('wide-integer');
    expect(codesWith({ a: [-(2n ** 63n)], b: 2n ** 63n - 1n })).not.toContain('wide-integer');
  });

  it('is held by rules that find what is wrong', () => {
    const span = {
      traceId: 'x',
      spanId: '0123456789abcdef',
      kind: 'SERVER',
      startTimeUnixNano: 5,
      other: 1,
      attributes: [{ key: 'a', value: { intValue: '1', stringValue: '1' } }],
    };
    expect(otlpProblems({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })).toEqual([
      '$.resourceSpans[0].scopeSpans[0].spans[0].traceId is no hex32: "x"',
      '$.resourceSpans[0].scopeSpans[0].spans[0].kind is no kind: "SERVER"',
      '$.resourceSpans[0].scopeSpans[0].spans[0].startTimeUnixNano is no uint64: 5',
      '$.resourceSpans[0].scopeSpans[0].spans[0].other is no field of Span',
      '$.resourceSpans[0].scopeSpans[0].spans[0].attributes[0].value holds several values',
    ]);
  });
});
