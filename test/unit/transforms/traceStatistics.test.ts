import { expect, it } from 'vitest';
import { parseTraces } from '../../../src/formats/parseTraces.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { agentColumns } from '../../../src/transforms/agentColumns.ts';
import { agentKind } from '../../../src/transforms/agentKind.ts';
import { agentRun } from '../../../src/transforms/agentRun.ts';
import { agentTotals } from '../../../src/transforms/agentTotals.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import type { SpanGrouping } from '../../../src/transforms/spanGroups.ts';
import { type GroupStatistics, traceStatistics } from '../../../src/transforms/traceStatistics.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

it('sums spans up by name, and a span below another of its name only once', () => {
  const trace = traceFromText(`
    agent [0 100]
      search [0 40] error
        search [10 30]
      search [50 60]
      llm [60 100]
  `);
  const { labels, count, total, self, errors, average, min, max, p50, p95, share } = traceStatistics(trace);
  expect(labels).toEqual(['agent', 'search', 'llm']);
  expect([...count]).toEqual([1, 3, 1]);
  expect([...total]).toEqual([100, 50, 40]);
  expect([...self]).toEqual([10, 50, 40]);
  expect([...errors]).toEqual([0, 1, 0]);
  expect([average[1], min[1], max[1], p50[1], p95[1]]).toEqual([70 / 3, 10, 40, 20, 40]);
  expect([...share]).toEqual([0.1, 0.5, 0.4]);
});

it('has a second level, whose rows say which of the first they are part of', () => {
  const trace = traceFromText(`
    a [0 9] service=web
      b [0 5] service=db
      b [5 9] service=web
      b [6 7] service=db
  `);
  const { labels, within } = traceStatistics(trace, { groupBy: 'service', thenBy: 'name' });
  expect(labels).toEqual(['web', 'db']);
  const rows = within!.labels.map((label, row) => [labels[within!.above[row]!], label, within!.count[row]]);
  expect(rows).toEqual([
    ['web', 'a', 1],
    ['db', 'b', 2],
    ['web', 'b', 1],
  ]);
});

it('groups by any attribute, of the span or of its resource, and leaves nobody out', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
  const span = (id: string, attributes: object) => ({ span_id: id, name: 'x', start_time: 0, end_time: 1, attributes });
  const { traces } = parseTraces({
    trace_id: 't',
    spans: [
      span('1', { tier: 'gold' }),
      span('2', { tier: 7 }),
      span('3', {}),
      span('4', { tier: ['a', { b: 1 }] }),
      span('5', { tier: '7' }),
      span('6', JSON.parse('{"tier": null, "__proto__": 1}')),
      span('7', { tier: deep }),
    ],
  } as object);
  const { labels, count } = traceStatistics(traces[0]!, { groupBy: { attribute: 'tier' } });
  expect(labels.slice(0, 5)).toEqual(['gold', '7', undefined, '["a",{"b":1}]', 'null']);
  expect([...count]).toEqual([1, 2, 1, 1, 1, 1]);
  expect(traceStatistics(traces[0]!, { groupBy: { attribute: 'constructor' } }).labels).toEqual([undefined]);
});

it('is empty of an empty trace', () => {
  expect(traceStatistics(traceFromText(''), { thenBy: 'kind' })).toMatchObject({ length: 0, within: { length: 0 } });
});

const groupings: SpanGrouping[] = [
  'name',
  'service',
  'kind',
  'agentKind',
  'model',
  'tool',
  { attribute: 'http.method' },
];

it('agrees with a slow look at each group, over 300 random traces', () => {
  for (let seed = 0; seed < 300; seed++) {
    const trace = randomTrace(seed);
    expectRight(trace, 'service', 'kind', `seed ${seed}`);
    expectRight(trace, 'kind', 'name', `seed ${seed}`);
  }
});

it.skipIf(!hasCorpus)(
  `agrees with it on every real file of up to 3,000 spans${corpusNote}`,
  { timeout: 240_000 },
  () => {
    let files = 0;
    for (const folder of [
      'aisdk',
      'chrome',
      'jaeger',
      'langfuse',
      'langsmith',
      'mlflow',
      'otlp',
      'phoenix',
      'simple',
      'zipkin',
    ]) {
      for (const file of corpusFiles(folder)) {
        const trace = firstTraceOf(`${folder}/${file}`);
        if (!trace || trace.spanCount > 3000) continue;
        for (const [at, groupBy] of groupings.entries()) {
          expectRight(trace, groupBy, groupings[(at + 1) % groupings.length]!, `${folder}/${file}`);
        }
        files++;
      }
    }
    expect(files).toBeGreaterThan(20);
  },
);

function firstTraceOf(path: string): Trace | undefined {
  try {
    return parseTraces(corpusFile(path)).traces[0];
  } catch {
    return undefined;
  }
}

function expectRight(trace: Trace, groupBy: SpanGrouping, thenBy: SpanGrouping, note: string): void {
  const statistics = traceStatistics(trace, { groupBy, thenBy });
  const spans = [...trace];
  const slow = { trace, spans, self: selfTimes(trace), totals: agentTotals(trace, agentColumns(trace)) };
  const labelsOf = (by: SpanGrouping) => spans.map((span) => slowLabel(trace, span, by));
  const [first, second] = [labelsOf(groupBy), labelsOf(thenBy)];
  for (let row = 0; row < statistics.length; row++) {
    const members = spans.filter((span) => first[span.index] === statistics.labels[row]);
    expectRow(statistics, row, members, slow, note);
  }
  const within = statistics.within!;
  for (let row = 0; row < within.length; row++) {
    const above = statistics.labels[within.above[row]!];
    const members = spans.filter(({ index }) => first[index] === above && second[index] === within.labels[row]);
    expectRow(within, row, members, slow, note);
  }
  const counted = (table: GroupStatistics) => table.count.reduce((sum, count) => sum + count, 0);
  expect([counted(statistics), counted(within)], note).toEqual([trace.spanCount, trace.spanCount]);
}

interface Slow {
  trace: Trace;
  spans: Span[];
  self: Float64Array;
  totals: ReturnType<typeof agentTotals>;
}

function expectRow(table: GroupStatistics, row: number, members: Span[], slow: Slow, note: string): void {
  const times = clampedTimes(slow.trace);
  const lengthOf = ({ index }: Span) => times.end[index]! - times.start[index]!;
  const isMember = new Set(members.map((span) => span.index));
  const outermost = members.filter(({ index }) => {
    for (let above = slow.trace.columns.parent[index]!; above >= 0; above = slow.trace.columns.parent[above]!) {
      if (isMember.has(above)) return false;
    }
    return true;
  });
  const sorted = members.map(lengthOf).sort((a, b) => a - b);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const known = (values: number[]) => {
    const some = values.filter((value) => !Number.isNaN(value));
    return some.length === 0 ? NaN : sum(some);
  };
  const allSelf = sum([...slow.self]);
  const self = sum(members.map(({ index }) => slow.self[index]!));
  const expected = {
    count: members.length,
    errors: members.filter((span) => span.status === 'error').length,
    total: sum(outermost.map(lengthOf)),
    self,
    average: sum(sorted) / sorted.length,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    // The least value that at least so many of all are not above.
    p50: sorted.find((value) => sorted.filter((other) => other <= value).length >= 0.5 * sorted.length)!,
    p95: sorted.find((value) => sorted.filter((other) => other <= value).length >= 0.95 * sorted.length)!,
    tokens: known(outermost.map(({ index }) => slow.totals.tokens[index]!)),
    cost: known(outermost.map(({ index }) => slow.totals.cost[index]!)),
    share: allSelf === 0 ? 0 : self / allSelf,
  };
  for (const [key, value] of Object.entries(expected)) {
    const found = table[key as keyof typeof expected][row]!;
    const isClose = Object.is(found, value) || Math.abs(found - value) <= 1e-9 * Math.abs(value);
    expect(isClose, `${note}: ${key} of ${table.labels[row]} is ${found}, not ${value}`).toBe(true);
  }
}

function slowLabel(trace: Trace, span: Span, by: SpanGrouping): string | undefined {
  const { model, models } = agentColumns(trace);
  if (by === 'name') return span.name;
  if (by === 'service') return span.serviceName;
  if (by === 'kind') return span.kind;
  if (by === 'agentKind') return agentKind(span);
  if (by === 'model') return models[model[span.index]!] || undefined;
  if (by === 'tool') return toolOf(trace, span);
  const value = span.attributes[by.attribute] ?? span.resource[by.attribute];
  return value === undefined ? undefined : String(value);
}

function toolOf(trace: Trace, span: Span): string | undefined {
  return agentKind(span) === 'tool' ? agentRun(trace).toolName(span.index) || undefined : undefined;
}
