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
 */
function assignLanes(trace: Trace, start: Float64Array, end: Float64Array): Int32Array {
  const { length, parent, subtreeEnd } = trace.columns;
  const boxes = new LanePacking(length);
  let group: Int32Array = new Int32Array(64);
  const packWithin = (first: SpanIndex, limit: SpanIndex): { lanes: number; count: number } => {
    let count = 0;
    let sorted = true;
    for (let child = first; child < limit; child = subtreeEnd[child]!) {
      if (count === group.length) group = grown(group);
      if (count > 0 && boxes.start[child]! < boxes.start[group[count - 1]!]!) sorted = false;
      group[count++] = child;
    }
    // Siblings are ordered by their own starts; a descendant that starts before its ancestor can make a box start earlier.
    if (!sorted) group.subarray(0, count).sort((a, b) => boxes.start[a]! - boxes.start[b]! || a - b);
    return { lanes: boxes.pack(group, count), count };
  };
  for (let index = length - 1; index >= 0; index--) {
    let boxStart = start[index]!;
    // A span without length takes its instant all the same, so that no other of the lane is drawn onto it.
    let boxEnd = end[index]! > boxStart ? end[index]! : nextTime(boxStart);
    let lanes = 0;
    if (subtreeEnd[index]! > index + 1) {
      const packed = packWithin(index + 1, subtreeEnd[index]!);
      lanes = packed.lanes;
      for (let at = 0; at < packed.count; at++) {
        const child = group[at]!;
        if (boxes.start[child]! < boxStart) boxStart = boxes.start[child]!;
        if (boxes.end[child]! > boxEnd) boxEnd = boxes.end[child]!;
      }
    }
    boxes.start[index] = boxStart;
    boxes.end[index] = boxEnd;
    boxes.height[index] = lanes + 1;
  }
  packWithin(0, length);
  const lane = boxes.offset;
  for (let index = 0; index < length; index++) {
    if (parent[index]! >= 0) lane[index]! += lane[parent[index]!]! + 1;
  }
  return lane;
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
  for (let index = 0; index < lane.length; index++) laneSpans[next[lane[index]!]!++] = index;
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
