import type { SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { clampedTimes } from '../transforms/clampedTimes.ts';
import { LanePacking } from './lanePacking.ts';
import { nextTime } from './timeScale.ts';

/**
 * Spans over time in lanes, roots in lane 0. A span's children lie in lanes below it; what runs at the same time lies in
 * lanes of its own, and a subtree stays together: no stranger lies between its lanes while it runs.
 *
 * ```
 * lane 0  agent ──────────────────────────
 * lane 1  plan ────  search ─────  answer
 * lane 2  llm ──     http ──       llm ─      ← below plan, search, answer
 * lane 3             search ───               ← at the same time as the search above, so below its subtree
 * ```
 */
export interface FlameGraphLayout {
  readonly trace: Trace;
  readonly laneCount: number;
  /** The lane of each span, by span index. */
  readonly lane: Int32Array;
  /** Lane n holds `laneSpans[laneOffsets[n] … laneOffsets[n + 1])`. */
  readonly laneOffsets: Int32Array;
  /** Span indexes, lane by lane, in each by start. */
  readonly laneSpans: Int32Array;
  /** Where each span is drawn, by span index: see `clampedTimes`. No two spans of a lane overlap or start together. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /**
   * The span of a lane at a time, or -1. A span holds its start and all times before its end; one without length its
   * start. With a `tolerance` in nanoseconds, else the nearest span that is not further away than that.
   */
  spanAt(lane: number, time: Nanoseconds, tolerance?: Nanoseconds): SpanIndex;
}

/** O(n log n) at the worst, O(n) where siblings follow one another. Neither depth nor width is limited. */
export function layoutFlameGraph(trace: Trace): FlameGraphLayout {
  const { start, end } = clampedTimes(trace);
  const lane = assignLanes(trace, start, end);
  const { laneOffsets, laneSpans } = groupByLane(lane, start);
  const laneCount = laneOffsets.length - 1;
  return {
    trace,
    laneCount,
    lane,
    laneOffsets,
    laneSpans,
    start,
    end,
    spanAt(atLane, time, tolerance = 0) {
      if (!(atLane >= 0 && atLane < laneCount)) return -1;
      const first = laneOffsets[atLane]!;
      const at = lastUpTo(laneSpans, start, first, laneOffsets[atLane + 1]!, time);
      const before = at >= first ? laneSpans[at]! : -1;
      if (before >= 0 && (time < end[before]! || time === start[before]!)) return before;
      const after = at + 1 < laneOffsets[atLane + 1]! ? laneSpans[at + 1]! : -1;
      const distanceBefore = before < 0 ? Infinity : time - end[before]!;
      const distanceAfter = after < 0 ? Infinity : start[after]! - time;
      if (tolerance > 0 && Math.min(distanceBefore, distanceAfter) <= tolerance) {
        return distanceBefore <= distanceAfter ? before : after;
      }
      return -1;
    },
  };
}

/**
 * Bottom-up: when a span is reached, from the last to the first, the subtrees below it are packed already and each is a
 * box; they are stacked into the span's own box. Then top-down: offsets within boxes add up to lanes.
 *
 * Memory that is new costs more here than the work in it, so little is: a box has the times of its span until it is known
 * to need others, and a column first holds the heights of boxes, then their offsets, then lanes.
 */
function assignLanes(trace: Trace, start: Float64Array, end: Float64Array): Int32Array {
  const { length, parent, subtreeEnd } = trace.columns;
  const lane = new Int32Array(length);
  let boxStart = start;
  let boxEnd = end;
  const packing = new LanePacking();
  const packOverlapping = (first: SpanIndex, limit: SpanIndex): number => {
    const group = siblingsByStart(subtreeEnd, boxStart, first, limit);
    packing.makeRoom(group.length);
    for (let at = 0; at < group.length; at++) {
      packing.start[at] = boxStart[group[at]!]!;
      packing.end[at] = boxEnd[group[at]!]!;
      packing.height[at] = lane[group[at]!]!;
    }
    const lanes = packing.pack(group.length);
    for (let at = 0; at < group.length; at++) lane[group[at]!] = packing.offset[at]!;
    return lanes;
  };
  // At -1 the roots are packed.
  for (let index = length - 1; index >= -1; index--) {
    const limit = index < 0 ? length : subtreeEnd[index]!;
    let from = index < 0 ? 0 : start[index]!;
    let lastEnd = -Infinity;
    let lanes = 0;
    let isSequence = true;
    for (let child = index + 1; child < limit; child = subtreeEnd[child]!) {
      const childStart = boxStart[child]!;
      if (childStart < lastEnd) isSequence = false;
      if (childStart < from) from = childStart;
      if (boxEnd[child]! > lastEnd) lastEnd = boxEnd[child]!;
      if (lane[child]! > lanes) lanes = lane[child]!;
    }
    if (!isSequence) lanes = packOverlapping(index + 1, limit);
    else for (let child = index + 1; child < limit; child = subtreeEnd[child]!) lane[child] = 0;
    if (index < 0) break;
    // A span without length takes its instant all the same, so that no other of the lane is drawn onto it.
    const ownEnd = end[index]! > start[index]! ? end[index]! : nextTime(start[index]!);
    const to = lastEnd > ownEnd ? lastEnd : ownEnd;
    if (from !== start[index]!) {
      if (boxStart === start) boxStart = start.slice();
      boxStart[index] = from;
    }
    if (to !== end[index]!) {
      if (boxEnd === end) boxEnd = end.slice();
      boxEnd[index] = to;
    }
    lane[index] = lanes + 1;
  }
  for (let index = 0; index < length; index++) {
    if (parent[index]! >= 0) lane[index]! += lane[parent[index]!]! + 1;
  }
  return lane;
}

/** Siblings are ordered by their own starts; a descendant that starts before its ancestor can make a box start earlier. */
function siblingsByStart(
  subtreeEnd: Int32Array,
  boxStart: Float64Array,
  first: SpanIndex,
  limit: SpanIndex,
): Int32Array {
  let siblings: Int32Array = new Int32Array(16);
  let count = 0;
  let isSorted = true;
  for (let sibling = first; sibling < limit; sibling = subtreeEnd[sibling]!) {
    if (count === siblings.length) siblings = grown(siblings);
    if (count > 0 && boxStart[sibling]! < boxStart[siblings[count - 1]!]!) isSorted = false;
    siblings[count++] = sibling;
  }
  const found = siblings.subarray(0, count);
  return isSorted ? found : found.sort((a, b) => boxStart[a]! - boxStart[b]! || a - b);
}

/** A counting sort by lane. Depth-first order is order of start within a lane, except in traces with skewed starts. */
function groupByLane(lane: Int32Array, start: Float64Array): { laneOffsets: Int32Array; laneSpans: Int32Array } {
  let laneCount = 0;
  for (let index = 0; index < lane.length; index++) if (lane[index]! >= laneCount) laneCount = lane[index]! + 1;
  const laneOffsets = new Int32Array(laneCount + 1);
  for (let index = 0; index < lane.length; index++) laneOffsets[lane[index]! + 1]!++;
  for (let n = 0; n < laneCount; n++) laneOffsets[n + 1]! += laneOffsets[n]!;
  const next = laneOffsets.slice(0, laneCount);
  const laneSpans = new Int32Array(lane.length);
  let isSorted = true;
  for (let index = 0; index < lane.length; index++) {
    const place = next[lane[index]!]!++;
    if (place > laneOffsets[lane[index]!]! && start[index]! < start[laneSpans[place - 1]!]!) isSorted = false;
    laneSpans[place] = index;
  }
  if (isSorted) return { laneOffsets, laneSpans };
  for (let n = 0; n < laneCount; n++) sortByStart(laneSpans.subarray(laneOffsets[n], laneOffsets[n + 1]), start);
  return { laneOffsets, laneSpans };
}

function sortByStart(spans: Int32Array, start: Float64Array): void {
  for (let at = 1; at < spans.length; at++) {
    if (start[spans[at]!]! >= start[spans[at - 1]!]!) continue;
    spans.sort((a, b) => start[a]! - start[b]!);
    return;
  }
}

/** The last place in [first, end) whose span starts at or before `time`, or `first - 1`. */
function lastUpTo(spans: Int32Array, start: Float64Array, first: number, end: number, time: Nanoseconds): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (start[spans[middle]!]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
