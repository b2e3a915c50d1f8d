import { type SpanIndex, spanStatuses, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentColumns, agentColumns } from './agentColumns.ts';
import { agentKindCode } from './agentKindRules.ts';
import { agentTotals } from './agentTotals.ts';
import { clampedTimes } from './clampedTimes.ts';
import { type MergedRows, mergedRows } from './comparisonRows.ts';
import { type NameKey, nameWithoutIds } from './sameNames.ts';
import { selfTimesWithin } from './selfTimes.ts';
import { matchSpans } from './spanMatching.ts';

/** The order gives the codes that `TraceComparison.change` holds. */
export const spanChanges = ['same', 'changed', 'added', 'removed'] as const;
export type SpanChange = (typeof spanChanges)[number];

/** What differs within a pair; the order gives the bits of `TraceComparison.differences`. */
export const pairDifferences = ['moved', 'name', 'status', 'duration', 'selfTime', 'tokens', 'cost'] as const;
export type PairDifference = (typeof pairDifferences)[number];

export interface CompareOptions {
  /**
   * Names for which it gives the same answer are the same name; `(name) => name` for exactly the same.
   * @default nameWithoutIds
   */
  sameName?: NameKey;
  /**
   * A time differs where it does so by more than this share of the longer one and by more than `leastTime`: no two runs
   * take the same time to the nanosecond. The differences themselves are exact.
   * @default 0.1
   */
  tolerance?: number;
  /** @default 1_000_000 (1 ms) */
  leastTime?: Nanoseconds;
}

/**
 * Two traces as one tree, columns by row, depth-first: the spans of b in their order, those that only a has between them,
 * each after the sibling that it follows in a.
 *
 * ```
 * row          0        1          2           3
 * spanInA      0        1          2           -1         -1 where added
 * spanInB      0        1          -1          2          -1 where removed
 * change       same     changed    removed     added
 * selfTime     0        1.2 s      −300 ms     80 ms      b minus a; what a trace does not have counts as 0
 * ```
 */
export interface TraceComparison extends MergedRows {
  readonly a: Trace;
  readonly b: Trace;
  /** Into `spanChanges`. */
  readonly change: Uint8Array;
  /** A bit for each of `pairDifferences`; 0 where there is no pair. */
  readonly differences: Uint8Array;
  /** Of a span's start from its trace's start, in ns; NaN where there is no pair. */
  readonly start: Float64Array;
  /** b minus a, in ns, times clamped to their traces' bounds. Added counts whole, removed with a minus. */
  readonly duration: Float64Array;
  readonly selfTime: Float64Array;
  /** With what lies below, as `agentTotals` counts; NaN where neither side tells. */
  readonly tokens: Float64Array;
  /** US dollars, as `tokens`. */
  readonly cost: Float64Array;
  readonly totalsOfA: ComparedTotals;
  readonly totalsOfB: ComparedTotals;
}

/** What one side comes to as a whole. */
export interface ComparedTotals {
  readonly spans: number;
  readonly duration: Nanoseconds;
  /** Spans with status `error`. */
  readonly errors: number;
  readonly llmCalls: number;
  readonly toolCalls: number;
  /** Spans that are an iteration of an agent's loop. */
  readonly iterations: number;
  /** Undefined where no span tells. */
  readonly tokens: number | undefined;
  readonly cost: number | undefined;
}

/** O(n log n) for n spans in all; see `commonSubsequence` for what bounds it where siblings are many and alike. */
export function compareTraces(a: Trace, b: Trace, options: CompareOptions = {}): TraceComparison {
  const { sameName = nameWithoutIds, tolerance = 0.1, leastTime = 1e6 } = options;
  const rows = mergedRows(a, b, matchSpans(a, b, sameName));
  const factsA = factsOf(a);
  const factsB = factsOf(b);
  const { spanInA, spanInB, length } = rows;
  const delta = (of: (facts: SideFacts) => Float64Array, absent: number) =>
    differenceOf(of(factsA), of(factsB), spanInA, spanInB, absent);
  const start = delta((facts) => facts.start, NaN);
  const duration = delta((facts) => facts.duration, 0);
  const selfTime = delta((facts) => facts.selfTime, 0);
  const tokens = delta((facts) => facts.tokens, 0);
  const cost = delta((facts) => facts.cost, 0);
  const change = new Uint8Array(length);
  const differences = new Uint8Array(length);
  const differs = (of: Float64Array, ofA: Float64Array, row: number) => {
    const size = Math.abs(of[row]!);
    const before = ofA[spanInA[row]!]!;
    return size > leastTime && size > tolerance * Math.max(before, before + of[row]!);
  };
  for (let row = 0; row < length; row++) {
    const inA = spanInA[row]!;
    const inB = spanInB[row]!;
    if (inA < 0 || inB < 0) {
      change[row] = inA < 0 ? changeCode.added : changeCode.removed;
      continue;
    }
    let bits = 0;
    if (rows.isMoved[row] === 1) bits |= differenceBit.moved;
    if (!isSameName(a, inA, b, inB, sameName)) bits |= differenceBit.name;
    if (a.columns.status[inA] !== b.columns.status[inB]) bits |= differenceBit.status;
    if (differs(duration, factsA.duration, row)) bits |= differenceBit.duration;
    if (differs(selfTime, factsA.selfTime, row)) bits |= differenceBit.selfTime;
    if (Math.abs(tokens[row]!) > 0) bits |= differenceBit.tokens;
    // Sums of costs differ in their last digits.
    if (Math.abs(cost[row]!) > 1e-9) bits |= differenceBit.cost;
    differences[row] = bits;
    change[row] = bits === 0 ? changeCode.same : changeCode.changed;
  }
  return {
    a,
    b,
    ...rows,
    change,
    differences,
    start,
    duration,
    selfTime,
    tokens,
    cost,
    totalsOfA: factsA.totals,
    totalsOfB: factsB.totals,
  };
}

export const changeCode: Readonly<Record<SpanChange, number>> = { same: 0, changed: 1, added: 2, removed: 3 };

/** Where each difference stands in `TraceComparison.differences`. */
export const differenceBit: Readonly<Record<PairDifference, number>> = Object.fromEntries(
  pairDifferences.map((difference, at) => [difference, 1 << at]),
) as Record<PairDifference, number>;

/** The differences of a pair, by name. */
export function differencesAt(comparison: TraceComparison, row: number): PairDifference[] {
  return pairDifferences.filter((difference) => (comparison.differences[row]! & differenceBit[difference]) !== 0);
}

interface SideFacts {
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly selfTime: Float64Array;
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
  readonly totals: ComparedTotals;
}

function factsOf(trace: Trace): SideFacts {
  const times = clampedTimes(trace);
  const duration = times.end.map((end, index) => end - times.start[index]!);
  const columns = agentColumns(trace);
  const { tokens, cost } = agentTotals(trace, columns);
  const totals = totalsOf(trace, columns, tokens, cost);
  return { start: times.start, duration, selfTime: selfTimesWithin(trace, times), tokens, cost, totals };
}

function totalsOf(trace: Trace, { kind }: AgentColumns, tokens: Float64Array, cost: Float64Array): ComparedTotals {
  const { status, subtreeEnd } = trace.columns;
  const ofKind = (code: number) => kind.reduce((count, each) => count + (each === code ? 1 : 0), 0);
  const sumOfRoots = (column: Float64Array) => {
    let sum: number | undefined;
    for (let root = 0; root < trace.spanCount; root = subtreeEnd[root]!) {
      const value = column[root]!;
      if (!Number.isNaN(value)) sum = (sum ?? 0) + value;
    }
    return sum;
  };
  return {
    spans: trace.spanCount,
    duration: trace.duration,
    errors: status.reduce((count, each) => count + (each === statusCode.error ? 1 : 0), 0),
    llmCalls: ofKind(agentKindCode.llm),
    toolCalls: ofKind(agentKindCode.tool),
    iterations: ofKind(agentKindCode.iteration),
    tokens: sumOfRoots(tokens),
    cost: sumOfRoots(cost),
  };
}

/** b minus a; where only one side has a value the other's is `absent`, where neither has, NaN. */
function differenceOf(
  ofA: Float64Array,
  ofB: Float64Array,
  spanInA: Int32Array,
  spanInB: Int32Array,
  absent: number,
): Float64Array {
  const difference = new Float64Array(spanInA.length);
  for (let row = 0; row < difference.length; row++) {
    const before = spanInA[row]! < 0 ? NaN : ofA[spanInA[row]!]!;
    const after = spanInB[row]! < 0 ? NaN : ofB[spanInB[row]!]!;
    const isNone = Number.isNaN(before) && Number.isNaN(after);
    difference[row] = isNone ? NaN : (Number.isNaN(after) ? absent : after) - (Number.isNaN(before) ? absent : before);
  }
  return difference;
}

function isSameName(a: Trace, inA: SpanIndex, b: Trace, inB: SpanIndex, sameName: NameKey): boolean {
  const before = a.columns.names[a.columns.name[inA]!]!;
  const after = b.columns.names[b.columns.name[inB]!]!;
  return before === after || sameName(before) === sameName(after);
}

/** The status of both sides of a pair in words, undefined where it is the same. */
export function statusChange(comparison: TraceComparison, row: number): readonly [string, string] | undefined {
  if ((comparison.differences[row]! & differenceBit.status) === 0) return undefined;
  const { a, b, spanInA, spanInB } = comparison;
  return [spanStatuses[a.columns.status[spanInA[row]!]!]!, spanStatuses[b.columns.status[spanInB[row]!]!]!];
}
