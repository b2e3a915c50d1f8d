import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import { firstEndingFrom, firstStartingFrom, type LaneSummary, type Place } from './flameGraphLanes.ts';
import type { FlameFrame } from './flameGraphPainter.ts';
import type { DevicePixels, PixelScale } from './flameGraphPixels.ts';
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
  const { laneSpans, laneOffsets } = blocks;
  const { start, length } = summary;
  const limit = laneOffsets[lane + 1]!;
  const alone = Math.round(narrowestAlone * ratio);
  let place = firstEndingFrom(blocks, lane, scale.start);
  let nextError = summary.firstErrorFrom(place);
  let nextMatch = matches ? matches.firstFrom(place) : Infinity;
  let lastMark = -1;
  let lastLength = 0;
  let x0 = place < limit ? scale.x(start[place]!) : 0;
  while (place < limit && start[place]! <= scale.end) {
    if (scale.isWide(start[place]!, length[place]!)) {
      const index = laneSpans[place++]!;
      visitor.block(index, Math.round(x0), Math.round(scale.x(blocks.end[index]!)), lane);
      if (place < limit) x0 = scale.x(start[place]!);
      continue;
    }
    const next = endOfMark(summary, scale, place, limit);
    let shown = summary.longest(place, next);
    if (nextError < place) nextError = summary.firstErrorFrom(place);
    if (nextMatch < place) nextMatch = matches!.firstFrom(place);
    const hasMatch = nextMatch < next;
    if (hasMatch) shown = nextMatch;
    // What happens at the very end of the range is drawn in the last pixel, not after it.
    const from = Math.min(Math.floor(x0), scale.width - 1);
    let to = Math.max(Math.ceil(scale.x(start[next - 1]! + length[next - 1]!)), from + 1);
    x0 = next < limit ? scale.x(start[next]!) : Infinity;
    if (to - from < alone && Math.floor(x0) - 1 >= from + alone) to = from + alone;
    // Two marks can share a pixel: it is the longer one's, or the error's, or the match's.
    const isShared = from === lastMark;
    if (nextError < next) visitor.mark(from, to, errorColor);
    else {
      const first = isShared && !hasMatch && length[shown]! <= lastLength ? from + 1 : from;
      const index = laneSpans[shown]!;
      if (first < to) visitor.mark(first, to, look.color(index) + (look.isDimmed(index) ? dimmedFrom : 0));
    }
    const shownLength = hasMatch ? Infinity : length[shown]!;
    lastLength = isShared && to - 1 === lastMark ? Math.max(shownLength, lastLength) : shownLength;
    lastMark = to - 1;
    place = next;
  }
}

/** One past the last of the blocks from `place` on that lie in the same step of time and are narrower than a pixel. */
function endOfMark(summary: LaneSummary, scale: PixelScale, place: Place, limit: Place): Place {
  const { start, length } = summary;
  const next = firstStartingFrom(summary, place + 1, limit, scale.stepEnd(start[place]!));
  // Blocks do not overlap, so only the last of a step can reach out of it.
  return next - 1 > place && scale.isWide(start[next - 1]!, length[next - 1]!) ? next - 1 : next;
}
