import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import { isTrace, type Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { nextTime, type TimeRange, type TimeSegment } from './timeScale.ts';
import type { WaterfallLayout } from './waterfall.ts';

export interface CompressionOptions {
  /** The time to be shown. @default the whole trace, or all that the layout's rows show */
  range?: TimeRange;
  /** Which share of the range a stretch of idle time must be longer than. At least 0.01. @default 0.05 */
  minGap?: number;
  /** Which share of the width each break gets; all breaks together get half at most. @default 0.02 */
  gapShare?: number;
}

/** What is kept of idle time beside the bars that end there, as a share of the range, so that their ends are seen. */
const padding = 0.005;

/**
 * The segments of a time scale (`createTimeScale`) in which long idle stretches shrink to breaks, marked `compressed`; one
 * plain segment where there are none, or where breaks would save nothing.
 *
 * Time is idle where no span without children runs and none starts or ends: a session that waits ten minutes for its user
 * is idle all the same, and so is a span that was never ended. Over a layout the rows count: a collapsed span is drawn as one bar, and so it is busy.
 *
 * ```
 * session ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇      session ▇▇▇▇▇╱╱▇▇▇▇
 *   turn  ▇▇▇▇▇                              turn    ▇▇▇▇▇╱╱
 *   turn                           ▇▇▇       turn         ╱╱ ▇▇▇
 * ```
 */
export function compressedSegments(source: Trace | WaterfallLayout, options: CompressionOptions = {}): TimeSegment[] {
  const range = options.range ?? (isTrace(source) ? ([0, source.duration] as const) : source.timeRange);
  const [start, end] = range;
  const plain: TimeSegment[] = [{ range: [start, end > start ? end : nextTime(start)], share: 1 }];
  const length = end - start;
  if (!(length > 0)) return plain;
  const { gapShare = 0.02 } = options;
  const minGap = Math.max(options.minGap ?? 0.05, 0.01);
  const busy = new BusyTime(range);
  if (isTrace(source)) addTrace(busy, source);
  else addRows(busy, source);
  const pad = padding * length;
  const breaks = busy
    .gaps(minGap * length)
    .map(([from, to]): TimeRange => [from === start ? from : from + pad, to === end ? to : to - pad])
    .filter(([from, to]) => to - from > gapShare * length);
  if (breaks.length === 0 || !(gapShare > 0)) return plain;
  return segmentsAround(range, breaks, Math.min(gapShare, 0.5 / breaks.length));
}

/** The part of the segments that a range shows, each at its density, going on beyond their ends as the outermost do. */
export function segmentsWithin(segments: readonly TimeSegment[], [start, end]: TimeRange): TimeSegment[] {
  const to = end > start ? end : nextTime(start);
  const within: TimeSegment[] = [];
  for (const [at, segment] of segments.entries()) {
    const [from, until] = segment.range;
    const first = at === 0 ? start : Math.max(start, from);
    const last = at === segments.length - 1 ? to : Math.min(to, until);
    if (!(last > first)) continue;
    within.push({ ...segment, range: [first, last], share: (segment.share * (last - first)) / (until - from) });
  }
  return within;
}

function segmentsAround([start, end]: TimeRange, breaks: readonly TimeRange[], gapShare: number): TimeSegment[] {
  const idle = breaks.reduce((sum, [from, to]) => sum + (to - from), 0);
  const busyTime = end - start - idle;
  // Nothing runs at all: there is nothing to make room for.
  if (!(busyTime > 0)) return [{ range: [start, end], share: 1 }];
  const busyShare = 1 - gapShare * breaks.length;
  const segments: TimeSegment[] = [];
  const addBusy = (from: Nanoseconds, to: Nanoseconds) => {
    if (to > from) segments.push({ range: [from, to], share: ((to - from) / busyTime) * busyShare });
  };
  let reached = start;
  for (const [from, to] of breaks) {
    addBusy(reached, from);
    segments.push({ range: [from, to], share: gapShare, compressed: true });
    reached = to;
  }
  addBusy(reached, end);
  return segments;
}

function addTrace(busy: BusyTime, trace: Trace): void {
  const { length, subtreeEnd } = trace.columns;
  for (let index = 0; index < length; index++) addSpan(busy, trace, index, subtreeEnd[index] === index + 1);
}

function addRows(busy: BusyTime, layout: WaterfallLayout): void {
  const { trace } = layout;
  for (const value of layout.rows) {
    if (value >= 0) {
      addSpan(busy, trace, value, !layout.isExpanded(value));
      continue;
    }
    const row = layout.special(value);
    if (row.type === 'group') for (const index of row.spans) addSpan(busy, trace, index, row.of === 'siblings');
  }
}

function addSpan(busy: BusyTime, trace: Trace, index: SpanIndex, isBar: boolean): void {
  const start = spanStart(trace, index);
  const end = spanEnd(trace, index);
  // Of a span without an end nobody knows how long it worked: one forgotten would keep a whole run from being compressed.
  if (isBar && !Number.isNaN(trace.columns.duration[index]!)) {
    busy.add(start, end);
  } else {
    busy.add(start, start);
    busy.add(end, end);
  }
}

const bucketCount = 2048;

/**
 * Finds the long gaps in a union of intervals without sorting them: time in 2,048 buckets, a gap of one hundredth of it
 * leaves twenty of them empty. In the bucket before the empty ones the last end, in the one after them the first start, are
 * the gap's exact ends. The idea is that of the maximum gap by the pigeonhole principle; O(intervals + buckets).
 */
class BusyTime {
  readonly #start: Nanoseconds;
  readonly #end: Nanoseconds;
  readonly #bucketsPerTime: number;
  /** How many intervals begin in a bucket less those that ended in the bucket before. */
  readonly #changes = new Int32Array(bucketCount + 1);
  readonly #firstStart = new Float64Array(bucketCount).fill(Infinity);
  readonly #lastEnd = new Float64Array(bucketCount).fill(-Infinity);

  constructor([start, end]: TimeRange) {
    this.#start = start;
    this.#end = end;
    this.#bucketsPerTime = bucketCount / (end - start);
  }

  add(start: Nanoseconds, end: Nanoseconds): void {
    if (end < this.#start || start > this.#end) return;
    const first = this.#bucketOf(start);
    const last = this.#bucketOf(end);
    this.#changes[first]!++;
    this.#changes[last + 1]!--;
    if (start < this.#firstStart[first]!) this.#firstStart[first] = start;
    if (end > this.#lastEnd[last]!) this.#lastEnd[last] = end;
  }

  /** Longer than so much, in order. The range's ends end a gap too. */
  gaps(longerThan: Nanoseconds): TimeRange[] {
    const gaps: TimeRange[] = [];
    let running = 0;
    let idleSince = this.#start;
    let isIdle = true;
    const close = (until: Nanoseconds) => {
      if (until - idleSince > longerThan) gaps.push([idleSince, until]);
    };
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      running += this.#changes[bucket]!;
      if (running === 0) {
        isIdle = true;
        continue;
      }
      // Between two busy buckets that touch, a gap is at most two buckets long: too short to count.
      if (isIdle) close(Math.max(this.#firstStart[bucket]!, this.#start));
      isIdle = false;
      idleSince = Math.min(this.#lastEnd[bucket]!, this.#end);
    }
    if (isIdle) close(this.#end);
    else if (this.#end - idleSince > longerThan) gaps.push([idleSince, this.#end]);
    return gaps;
  }

  #bucketOf(time: Nanoseconds): number {
    const bucket = Math.floor((time - this.#start) * this.#bucketsPerTime);
    return bucket < 0 ? 0 : bucket >= bucketCount ? bucketCount - 1 : bucket;
  }
}
