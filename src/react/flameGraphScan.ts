import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { BlockIndex } from './flameForm.ts';
import {
  firstEndingFrom,
  firstFrom,
  firstStartingFrom,
  type LaneBlocks,
  type LaneSteps,
  type LaneSummary,
  type Place,
} from './flameGraphLanes.ts';
import type { FlameFrame } from './flameGraphPainter.ts';
import { type DevicePixels, endOfStep, type PixelScale, type Stretch } from './flameGraphPixels.ts';
import { dimmedFrom, errorColor } from './flameGraphTheme.ts';

/** A block or mark that stands alone is never narrower. */
export const narrowestAlone: CssPixels = 2;

/** Is told of what a lane shows, from left to right. */
export interface LaneVisitor {
  /** A block of a pixel or more; from and to may lie out of the window. */
  block(index: SpanIndex, x0: DevicePixels, x1: DevicePixels, lane: number): void;
  /** Blocks narrower than a pixel, as one. `color` is a place among the theme's colours. */
  mark(from: DevicePixels, to: DevicePixels, color: number): void;
}

/** The lanes of which a part is in the window, whole ones counted from the top. */
export function lanesInSight({ top, laneHeight, height, ratio, blocks }: FlameFrame): {
  firstLane: number;
  endLane: number;
} {
  const firstLane = Math.max(0, Math.floor(top / laneHeight));
  return { firstLane, endLane: Math.min(blocks.laneCount, Math.ceil((top + height / ratio) / laneHeight)) };
}

/** Of a step of time, so many blocks are walked; in a step of more they are looked up. */
const mostWalked = 64;

/** Blocks next to one another that are drawn as one, or the one block that is wide enough for itself. */
interface Mark {
  isBlock: boolean;
  /** The longest of them, the first of those that are equally long; and how long it is. */
  shown: BlockIndex;
  length: Nanoseconds;
  /** When the last of them ends. */
  end: Nanoseconds;
  /** One past the last of them, and when the block there starts; Infinity after the lane's last. */
  next: Place;
  nextTime: Nanoseconds;
}

/**
 * Goes over a lane from pixel to pixel. A mark has the colour of its longest block; of errors where one is in it; of a match
 * where there are matches and one is in it.
 */
export function scanLane(frame: FlameFrame, scale: PixelScale, lane: number, visitor: LaneVisitor): void {
  const { blocks, summary, look, ratio, matches } = frame;
  const { laneSpans, laneOffsets, start } = blocks;
  const limit = laneOffsets[lane + 1]!;
  const alone = Math.round(narrowestAlone * ratio);
  let place = firstEndingFrom(blocks, lane, scale.start);
  let nextError = summary.firstErrorFrom(place);
  let nextMatch = matches ? matches.firstFrom(place) : Infinity;
  let lastMark = -1;
  let lastLength = 0;
  let stretch: Stretch | undefined;
  let steps: LaneSteps | undefined;
  let step = 0;
  let time = place < limit ? start[laneSpans[place]!]! : Infinity;
  let x0 = scale.x(time);
  // One for all marks of the lane.
  const mark: Mark = { isBlock: false, shown: -1, length: 0, end: 0, next: 0, nextTime: 0 };
  while (time <= scale.end) {
    if (!stretch || time >= stretch.end) {
      stretch = scale.stretchAt(time);
      steps = summary.steps(lane, stretch.step);
      if (steps) step = firstFrom(steps.firsts, place);
    }
    if (steps) while (steps.firsts[step]! < place) step++;
    if (steps === undefined || !readStep(steps, step, place, stretch, mark)) {
      walkStep(frame, scale, stretch, lane, place, time, mark);
      if (mark.isBlock) {
        const index = laneSpans[place]!;
        visitor.block(index, Math.round(x0), Math.round(scale.x(mark.end)), lane);
        place = mark.next;
        time = mark.nextTime;
        x0 = scale.x(time);
        continue;
      }
    }
    const { next } = mark;
    let { shown, length } = mark;
    time = mark.nextTime;
    if (nextError < place) nextError = summary.firstErrorFrom(place);
    if (nextMatch < place) nextMatch = matches!.firstFrom(place);
    const hasMatch = nextMatch < next;
    if (hasMatch) {
      shown = laneSpans[nextMatch]!;
      length = Infinity;
    }
    // What happens at the very end of the range is drawn in the last pixel, not after it.
    const from = Math.min(Math.floor(x0), scale.width - 1);
    let to = Math.max(Math.ceil(scale.x(mark.end)), from + 1);
    x0 = scale.x(time);
    if (to - from < alone && Math.floor(x0) - 1 >= from + alone) to = from + alone;
    // Two marks can share a pixel: it is the longer one's, or the error's, or the match's.
    const isShared = from === lastMark;
    if (nextError < next) visitor.mark(from, to, errorColor);
    else {
      const firstOwn = isShared && !hasMatch && length <= lastLength ? from + 1 : from;
      if (firstOwn < to) visitor.mark(firstOwn, to, look.color(shown) + (look.isDimmed(shown) ? dimmedFrom : 0));
    }
    lastLength = isShared && to - 1 === lastMark ? Math.max(length, lastLength) : length;
    lastMark = to - 1;
    place = next;
  }
}

/** A whole step out of a lane's steps, where it begins here and nothing in it is a pixel wide. */
function readStep(steps: LaneSteps, step: number, place: Place, stretch: Stretch, mark: Mark): boolean {
  if (steps.firsts[step] !== place) return false;
  const length = steps.lengths[step]!;
  const end = steps.ends[step]!;
  if (end > stretch.end || length * stretch.perNanosecond >= 1) return false;
  // Nothing in here looks at a block for itself, each of which lies elsewhere in memory.
  mark.shown = steps.longest[step]!;
  mark.length = length;
  mark.end = end;
  mark.next = steps.firsts[step + 1]!;
  mark.nextTime = step + 1 < steps.count ? steps.starts[step + 1]! : Infinity;
  return true;
}

/** The block at `place` where it is a pixel wide, else the blocks from there on that lie in the same step of time. */
function walkStep(
  { blocks, summary }: FlameFrame,
  scale: PixelScale,
  stretch: Stretch,
  lane: number,
  place: Place,
  time: Nanoseconds,
  mark: Mark,
): void {
  const { laneSpans, laneOffsets, start, end } = blocks;
  const limit = laneOffsets[lane + 1]!;
  const { perNanosecond } = stretch;
  const stepEnd = endOfStep(stretch, time);
  let next = place;
  let nextTime = time;
  mark.isBlock = false;
  mark.length = -1;
  const walked = Math.min(limit, place + mostWalked);
  // Blocks do not overlap, so only the last of a step can reach out of it: one that is wide enough for itself, or that ends
  // in another stretch of time.
  do {
    const index = laneSpans[next]!;
    const blockEnd = end[index]!;
    const length = blockEnd - nextTime;
    const isWide = blockEnd <= stretch.end ? length * perNanosecond >= 1 : scale.isWide(nextTime, length);
    if (isWide && next > place) break;
    next++;
    mark.end = blockEnd;
    if (length > mark.length) {
      mark.shown = index;
      mark.length = length;
    }
    nextTime = next < limit ? start[laneSpans[next]!]! : Infinity;
    if (isWide) {
      mark.isBlock = true;
      break;
    }
  } while (nextTime < stepEnd && next < walked);
  mark.next = next;
  mark.nextTime = nextTime;
  if (next === walked && nextTime < stepEnd) lookUpStep(blocks, summary, scale, lane, place, stepEnd, mark);
}

/** The same where there are many of them. */
function lookUpStep(
  blocks: LaneBlocks,
  summary: LaneSummary,
  scale: PixelScale,
  lane: number,
  place: Place,
  stepEnd: Nanoseconds,
  mark: Mark,
): void {
  const { laneSpans, laneOffsets, start, end } = blocks;
  const limit = laneOffsets[lane + 1]!;
  let next = firstStartingFrom(blocks, place + 1, limit, stepEnd);
  const last = laneSpans[next - 1]!;
  if (scale.isWide(start[last]!, end[last]! - start[last]!)) next--;
  mark.shown = summary.longest(lane, place, next);
  mark.length = end[mark.shown]! - start[mark.shown]!;
  mark.end = end[laneSpans[next - 1]!]!;
  mark.next = next;
  mark.nextTime = next < limit ? start[laneSpans[next]!]! : Infinity;
}
