import type { Span, Trace } from '../model/trace.ts';
import type { ClampedTimes } from '../transforms/clampedTimes.ts';

/**
 * What the width of a block in a merged flame graph stands for.
 *
 * - `time`: how long spans took, what lies below them included. Where children ran at the same time, their sum counts if it is
 *   longer: a block is always wide enough for those below it.
 * - `self-time`: the time in which a span ran and none of its children did. A block is as wide as all self times below it.
 * - `tokens`, `input-tokens`, `output-tokens`, `cost`: what models used, counted once (`UsageTotals`).
 * - `count`: one for each span.
 * - a function: any number at or above 0 of a span for itself, without those below it. What is no such number counts as 0.
 */
export type FlameWeight =
  | 'time'
  | 'self-time'
  | 'tokens'
  | 'input-tokens'
  | 'output-tokens'
  | 'cost'
  | 'count'
  | ((span: Span) => number);

/** What each span and all below it used, by span index; NaN where nobody says anything. As `agentTotals` counts it. */
export interface UsageTotals {
  readonly tokens: Float64Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** US dollars. */
  readonly cost: Float64Array;
}

/** What weights are worked out from; each asked for only where a weight needs it. */
export interface WeightSources {
  readonly times: ClampedTimes;
  readonly selfTimes: () => Float64Array;
  readonly usage: () => UsageTotals | undefined;
}

/** The weight of each span without those below it, by span index: adding up a subtree gives the width of its block. */
export function ownWeights(trace: Trace, weight: FlameWeight, sources: WeightSources): Float64Array {
  if (typeof weight === 'function') {
    const own = new Float64Array(trace.spanCount);
    for (let index = 0; index < own.length; index++) {
      const value = Number(weight(trace.spanAt(index)));
      own[index] = value > 0 && value < Infinity ? value : 0;
    }
    return own;
  }
  switch (weight) {
    case 'count':
      return new Float64Array(trace.spanCount).fill(1);
    case 'self-time':
      return sources.selfTimes();
    case 'time':
      return withoutChildren(trace, (index) => sources.times.end[index]! - sources.times.start[index]!);
    default: {
      const column = usageColumn(weight, sources.usage());
      return column ? withoutChildren(trace, (index) => column[index]!) : new Float64Array(trace.spanCount);
    }
  }
}

function usageColumn(weight: string, usage: UsageTotals | undefined): Float64Array | undefined {
  switch (weight) {
    case 'tokens':
      return usage?.tokens;
    case 'input-tokens':
      return usage?.inputTokens;
    case 'output-tokens':
      return usage?.outputTokens;
    case 'cost':
      return usage?.cost;
    default:
      throw new RangeError(
        `A flame graph has no weight ${JSON.stringify(weight)}: use time, self-time, tokens, input-tokens, output-tokens, cost, count, or a function of a span.`,
      );
  }
}

/** From what a span has with all below it, what it has for itself: never below 0, where those below it have more. */
function withoutChildren(trace: Trace, inclusive: (index: number) => number): Float64Array {
  const { length, parent } = trace.columns;
  const own = new Float64Array(length);
  const ofChildren = new Float64Array(length);
  // From the last to the first, all children come before their parent.
  for (let index = length - 1; index >= 0; index--) {
    const given = inclusive(index);
    const whole = given > ofChildren[index]! && given < Infinity ? given : ofChildren[index]!;
    own[index] = whole - ofChildren[index]!;
    if (parent[index]! >= 0) ofChildren[parent[index]!]! += whole;
  }
  return own;
}
