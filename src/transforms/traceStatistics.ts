import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentColumns } from './agentColumns.ts';
import { sumOfKnown } from './agentFigures.ts';
import { type AgentTotals, agentTotals } from './agentTotals.ts';
import { type ClampedTimes, clampedTimes } from './clampedTimes.ts';
import { selfTimesWithin } from './selfTimes.ts';
import { groupsWithin, type SpanGrouping, spanGroups } from './spanGroups.ts';

export interface StatisticsOptions {
  /** @default 'name' */
  groupBy?: SpanGrouping;
  /** A second level below it. */
  thenBy?: SpanGrouping | undefined;
}

/** A trace's spans by group, columns by row. Times in nanoseconds, clamped to the trace's bounds. */
export interface GroupStatistics {
  readonly length: number;
  /** Undefined for spans without a value: no model, not the attribute. */
  readonly labels: readonly (string | undefined)[];
  readonly count: Float64Array;
  readonly errors: Float64Array;
  /** Of all its spans, but a span below another of its group is in that one's time already and is not counted twice. */
  readonly total: Float64Array;
  readonly self: Float64Array;
  /** Of the durations of all its spans; percentiles by nearest rank. */
  readonly average: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly p50: Float64Array;
  readonly p95: Float64Array;
  /** With what lies below, counted as `total` is; NaN where nobody says anything. */
  readonly tokens: Float64Array;
  /** US dollars, as `tokens`. */
  readonly cost: Float64Array;
  /** Its self time's share of all self times: a trace's shares add up to 1; 0 where no span takes time. */
  readonly share: Float64Array;
  /** Each span's row, by span index. */
  readonly rowOf: Uint32Array;
}

export interface TraceStatistics extends GroupStatistics {
  /** The second level, where there is one: `above` has each of its rows' place in the first. */
  readonly within: (GroupStatistics & { readonly above: Uint32Array }) | undefined;
}

/** What a trace is made of. O(n log n) for n spans. */
export function traceStatistics(trace: Trace, { groupBy = 'name', thenBy }: StatisticsOptions = {}): TraceStatistics {
  const times = clampedTimes(trace);
  const facts = {
    trace,
    times,
    self: selfTimesWithin(trace, times),
    totals: agentTotals(trace, agentColumns(trace)),
  };
  const first = spanGroups(trace, groupBy);
  const table = groupStatistics(facts, first.groupOf, first.labels);
  if (thenBy === undefined) return { ...table, within: undefined };
  const both = groupsWithin(first, spanGroups(trace, thenBy));
  return { ...table, within: { ...groupStatistics(facts, both.groupOf, both.labels), above: both.above } };
}

interface Facts {
  readonly trace: Trace;
  readonly times: ClampedTimes;
  readonly self: Float64Array;
  readonly totals: AgentTotals;
}

function groupStatistics(facts: Facts, rowOf: Uint32Array, labels: readonly (string | undefined)[]): GroupStatistics {
  const { trace, self: selfOf } = facts;
  const { status } = trace.columns;
  const length = labels.length;
  const count = new Float64Array(length);
  const errors = new Float64Array(length);
  const self = new Float64Array(length);
  let allSelf = 0;
  for (let index = 0; index < rowOf.length; index++) {
    const row = rowOf[index]!;
    count[row]!++;
    self[row]! += selfOf[index]!;
    allSelf += selfOf[index]!;
    if (status[index] === statusCode.error) errors[row]!++;
  }
  const share = self.map((time) => (allSelf === 0 ? 0 : time / allSelf));
  const sums = sumsOfOutermost(facts, rowOf, length);
  return { length, labels, count, errors, self, share, ...sums, ...spread(facts.times, rowOf, count), rowOf };
}

/** Depth-first order tells with a stack which groups a span is below of. */
function sumsOfOutermost({ trace, times, totals }: Facts, rowOf: Uint32Array, length: number) {
  const { subtreeEnd } = trace.columns;
  const total = new Float64Array(length);
  const tokens = new Float64Array(length).fill(NaN);
  const cost = new Float64Array(length).fill(NaN);
  const open = new Int32Array(length);
  const above: number[] = [];
  for (let index = 0; index < rowOf.length; index++) {
    while (above.length > 0 && subtreeEnd[above[above.length - 1]!]! <= index) open[rowOf[above.pop()!]!]!--;
    const row = rowOf[index]!;
    if (open[row] === 0) {
      total[row]! += times.end[index]! - times.start[index]!;
      tokens[row] = sumOfKnown(tokens[row]!, totals.tokens[index]!);
      cost[row] = sumOfKnown(cost[row]!, totals.cost[index]!);
    }
    if (subtreeEnd[index]! > index + 1) {
      above.push(index);
      open[row]!++;
    }
  }
  return { total, tokens, cost };
}

/** How durations lie: each group's side by side in one array, sorted. */
function spread({ start, end }: ClampedTimes, rowOf: Uint32Array, count: Float64Array) {
  const { length } = count;
  const begin = new Uint32Array(length + 1);
  for (let row = 0; row < length; row++) begin[row + 1] = begin[row]! + count[row]!;
  const next = begin.slice();
  const durations = new Float64Array(rowOf.length);
  for (let index = 0; index < rowOf.length; index++) durations[next[rowOf[index]!]!++] = end[index]! - start[index]!;
  const column = () => new Float64Array(length);
  const [average, min, max, p50, p95] = [column(), column(), column(), column(), column()];
  for (let row = 0; row < length; row++) {
    if (count[row] === 1) {
      // A million names of a span each: no view of the array for every one.
      const only = durations[begin[row]!]!;
      for (const each of [average, min, max, p50, p95]) each[row] = only;
      continue;
    }
    const sorted = durations.subarray(begin[row]!, begin[row + 1]!).sort();
    const last = sorted.length - 1;
    average[row] = sorted.reduce((sum, duration) => sum + duration, 0) / sorted.length;
    min[row] = sorted[0]!;
    max[row] = sorted[last]!;
    p50[row] = sorted[Math.ceil(0.5 * sorted.length) - 1]!;
    p95[row] = sorted[Math.ceil(0.95 * sorted.length) - 1]!;
  }
  return { average, min, max, p50, p95 };
}
