import { clampedEnd, kindCode, type SpanIndex } from '../model/columns.ts';
import { issueBit } from '../model/issues.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

export interface ClockSkewAdjustment {
  /** The key of the outermost span that was moved for its own sake. */
  readonly key: string;
  /** How many spans moved with it, itself included. */
  readonly spans: number;
  /** By how much: above 0 later, below 0 earlier. */
  readonly shift: Nanoseconds;
}

export interface AdjustedTrace {
  readonly trace: Trace;
  /** By index in the new trace, 0 for a span that stayed. */
  readonly shifts: Float64Array;
  /** How many spans moved. */
  readonly adjustedSpans: number;
  /** One for each clock that was taken to be wrong, in the order of the new trace. */
  readonly adjustments: readonly ClockSkewAdjustment[];
}

/**
 * A new trace in which spans of another service than their parent's, wholly outside it though it waited for them, are moved
 * into it, with what lies below them in the same service. Never applied unasked: which of two clocks is wrong cannot be
 * known, and what is shown then is a guess.
 *
 * The algorithm is Jaeger's clock skew adjuster (`clockskew.go` in jaegertracing/jaeger, after Zipkin's `CorrectForClockSkew`):
 * the child is put in the middle of its parent, as if the network took as long there as back; a child that is longer than
 * its parent starts with it, if it started before. Parents come first, and a child is compared with its parent where that
 * stands by then. Other than Jaeger's it moves no span that overlaps its parent: that is how asynchronous calls look.
 * Spans without an end or with implausible times stay.
 *
 * ```
 * web   ▇▇▇▇▇▇▇▇▇▇                      web   ▇▇▇▇▇▇▇▇▇▇
 *   db                ▇▇▇▇       →        db     ▇▇▇▇        moved by −13
 *     disk             ▇▇                   disk  ▇▇         with it
 * ```
 */
export function adjustClockSkew(trace: Trace): AdjustedTrace {
  const { columns } = trace;
  const { length, parent, service } = columns;
  const shifts = new Float64Array(length);
  // The span that each one moved with; itself where it was moved for its own sake, -1 where it stays.
  const movedWith = new Int32Array(length).fill(-1);
  const counts = new Map<SpanIndex, number>();
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    if (above < 0 || columns.issues[index]! & issueBit['implausible-time']) continue;
    if (service[index] === service[above]) {
      shifts[index] = shifts[above]!;
      movedWith[index] = movedWith[above]!;
    } else {
      shifts[index] = skewOf(trace, index, above, shifts[above]!);
      if (shifts[index] !== 0) movedWith[index] = index;
    }
    if (shifts[index] !== 0) counts.set(movedWith[index]!, (counts.get(movedWith[index]!) ?? 0) + 1);
  }
  if (counts.size === 0) return { trace, shifts, adjustedSpans: 0, adjustments: [] };
  const { trace: adjusted, newIndex } = trace.withShiftedTimes(shifts);
  const newShifts = new Float64Array(length);
  let adjustedSpans = 0;
  for (let index = 0; index < length; index++) {
    newShifts[newIndex[index]!] = shifts[index]!;
    if (shifts[index] !== 0) adjustedSpans++;
  }
  const adjustments = Array.from(counts, ([index, spans]) => ({
    index: newIndex[index]!,
    spans,
    shift: shifts[index]!,
  }))
    .sort((a, b) => a.index - b.index)
    .map(({ index, spans, shift }) => ({ key: adjusted.spanAt(index).key, spans, shift }));
  return { trace: adjusted, shifts: newShifts, adjustedSpans, adjustments };
}

/** By how much a span of another service is off its parent, which stands `parentShift` from where the file has it. */
function skewOf({ columns }: Trace, index: SpanIndex, above: SpanIndex, parentShift: Nanoseconds): Nanoseconds {
  const { start, duration, kind, followsFrom, issues } = columns;
  const isWaitedFor = followsFrom[index] === 0 && kind[index] !== kindCode.consumer;
  const isOpen = Number.isNaN(duration[index]!) || Number.isNaN(duration[above]!);
  if (!isWaitedFor || isOpen || issues[above]! & issueBit['implausible-time']) return 0;
  const parentStart = start[above]! + parentShift;
  const parentEnd = clampedEnd(columns, above, 0) + parentShift;
  const childStart = start[index]!;
  const childEnd = clampedEnd(columns, index, 0);
  if (childEnd >= parentStart && childStart <= parentEnd) return 0;
  const room = parentEnd - parentStart - (childEnd - childStart);
  if (room < 0) return childStart < parentStart ? parentStart - childStart : 0;
  return parentStart + Math.floor(room / 2) - childStart;
}
