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
  type Place,
} from './flameGraphLanes.ts';
import type { FlameFrame } from './flameGraphPainter.ts';
import type { DevicePixels, PixelScale, Stretch } from './flameGraphPixels.ts';
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

/**
 * Goes over a lane from pixel to pixel. A mark has the colour of its longest block; of errors where one is in it; of a match
 * where there are matches and one is in it.
 */
export function scanLane(frame: FlameFrame, scale: PixelScale, lane: number, visitor: LaneVisitor): void {
  const { blocks, summary, look, ratio, matches } = frame;
  const { laneSpans, laneOffsets, start, end } = blocks;
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
  while (time <= scale.end) {
    if (!stretch || time >= stretch.end) {
      stretch = scale.stretchAt(time);
      steps = summary.steps(lane, stretch.step);
      if (steps) step = firstFrom(steps.firsts, place);
    }
    let next: Place;
    let shown: BlockIndex;
    let length: Nanoseconds;
    let markEnd: Nanoseconds;
    if (steps) while (steps.firsts[step]! < place) step++;
    if (
      steps?.firsts[step] === place &&
      steps.ends[step]! <= stretch.end &&
      steps.lengths[step]! * stretch.perNanosecond < 1
    ) {
      // Nothing in here looks at a block for itself, each of which lies elsewhere in memory.
      shown = steps.longest[step]!;
      length = steps.lengths[step]!;
      markEnd = steps.ends[step]!;
      next = steps.firsts[++step]!;
      time = step < steps.count ? steps.starts[step]! : Infinity;
    } else {
      const first = laneSpans[place]!;
      const isBlock = scale.isWide(time, end[first]! - time);
      next = isBlock ? place + 1 : endOfMark(blocks, scale, place, limit);
      time = next < limit ? start[laneSpans[next]!]! : Infinity;
      if (isBlock) {
        visitor.block(first, Math.round(x0), Math.round(scale.x(end[first]!)), lane);
        place = next;
        x0 = scale.x(time);
        continue;
      }
      shown = summary.longest(lane, place, next);
      length = end[shown]! - start[shown]!;
      markEnd = end[laneSpans[next - 1]!]!;
    }
    if (nextError < place) nextError = summary.firstErrorFrom(place);
    if (nextMatch < place) nextMatch = matches!.firstFrom(place);
    const hasMatch = nextMatch < next;
    if (hasMatch) {
      shown = laneSpans[nextMatch]!;
      length = Infinity;
    }
    // What happens at the very end of the range is drawn in the last pixel, not after it.
    const from = Math.min(Math.floor(x0), scale.width - 1);
    let to = Math.max(Math.ceil(scale.x(markEnd)), from + 1);
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

/** One past the last of the blocks from `place` on that lie in the same step of time and are narrower than a pixel. */
function endOfMark(blocks: LaneBlocks, scale: PixelScale, place: Place, limit: Place): Place {
  const { laneSpans, start, end } = blocks;
  const next = firstStartingFrom(blocks, place + 1, limit, scale.stepEnd(start[laneSpans[place]!]!));
  const last = laneSpans[next - 1]!;
  // Blocks do not overlap, so only the last of a step can reach out of it.
  return next - 1 > place && scale.isWide(start[last]!, end[last]! - start[last]!) ? next - 1 : next;
}
