import type { TimeScale } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { AgentKind } from '../transforms/agentKind.ts';
import type { CriticalStripes } from './flameCritical.ts';
import { FlameDecorations } from './flameGraphDecorations.ts';
import type { LaneBlocks, LaneSummary, MarkedPlaces } from './flameGraphLanes.ts';
import { type DevicePixels, PixelScale } from './flameGraphPixels.ts';
import { type LaneVisitor, lanesInSight, narrowestAlone, scanLane } from './flameGraphScan.ts';
import { dimmedFrom, errorColor, type FlameTheme } from './flameGraphTheme.ts';

/** What a block looks like, asked only of blocks that are drawn. */
export interface BlockLook {
  /** To be called before the first of a frame's questions. */
  beginFrame(): void;
  /** Whether a colour since then was a guess: then another frame is wanted. */
  readonly isGuessing: boolean;
  /** A place in the palette, or `errorColor`. */
  color(index: SpanIndex): number;
  /** Not what is looked for, where something is looked for. */
  isDimmed(index: SpanIndex): boolean;
  label(index: SpanIndex): string;
  /** Written after the label where there is room for both. */
  value(index: SpanIndex): string;
  kind(index: SpanIndex): AgentKind;
  isError(index: SpanIndex): boolean;
  isOpen(index: SpanIndex): boolean;
}

/** What is drawn: blocks in lanes, and the part of them that is on screen. */
export interface FlameFrame {
  blocks: LaneBlocks;
  summary: LaneSummary;
  look: BlockLook;
  /** What a mark must show where it is among those merged into it. */
  matches: MarkedPlaces | undefined;
  critical: CriticalStripes | undefined;
  theme: FlameTheme;
  scale: TimeScale;
  width: DevicePixels;
  height: DevicePixels;
  /** Device pixels of a CSS pixel. */
  ratio: number;
  laneHeight: CssPixels;
  /** How much of the lanes lies above the window; below 0 for room above the first. */
  top: CssPixels;
  selected: SpanIndex;
  hovered: SpanIndex;
  /** -1 where the focus is elsewhere, or not to be shown. */
  focused: SpanIndex;
  pointerTime: Nanoseconds | undefined;
}

/** Where a block is drawn. */
export interface BlockRect {
  x: DevicePixels;
  y: DevicePixels;
  width: DevicePixels;
  height: DevicePixels;
}

/** From this width on a block has round corners and is drawn for itself. */
const narrowestRound: CssPixels = 8;
/** Blocks reach this far out of the window at most: browsers lose precision in the millions of pixels. */
const beyond: DevicePixels = 64;

/**
 * Draws lanes of blocks on a canvas. For each lane in sight it goes from pixel to pixel: blocks of a pixel and more are
 * drawn, those in between are merged into a mark that has the colour of its longest, or of errors where it has one. So a
 * frame costs O(pixels × lanes × log blocks), whatever the trace.
 *
 * Marks and narrow blocks go into one line of pixels for each lane, which is stretched to the lane's height: a rectangle
 * for each of them takes 15 times as long. Nothing is allocated for a block.
 */
export class FlamePainter implements LaneVisitor {
  readonly #decorations = new FlameDecorations();
  #lines: ImageData | undefined;
  #pixels: Uint32Array = new Uint32Array(0);
  #linesCanvas: HTMLCanvasElement | undefined;
  /** What of each line is drawn on. */
  #lineStart: Int32Array = new Int32Array(0);
  #lineEnd: Int32Array = new Int32Array(0);
  /** Blocks that are wide enough to be drawn for themselves. */
  #count = 0;
  #frame: FlameFrame | undefined;
  /** The line of pixels of the lane that is scanned. */
  #line = 0;
  #index: Int32Array = new Int32Array(256);
  #left: Int32Array = new Int32Array(256);
  #right: Int32Array = new Int32Array(256);
  #lane: Int32Array = new Int32Array(256);
  #color: Int32Array = new Int32Array(256);

  draw(context: CanvasRenderingContext2D, frame: FlameFrame): void {
    const { width, height, theme, ratio } = frame;
    context.clearRect(0, 0, width, height);
    if (width <= 0 || height <= 0) return;
    const scale = new PixelScale(frame.scale, width);
    const { firstLane, endLane } = lanesInSight(frame);
    this.#prepareLines(context, width, Math.max(0, endLane - firstLane));
    this.#count = 0;
    this.#frame = frame;
    for (let lane = firstLane; lane < endLane; lane++) {
      this.#line = lane - firstLane;
      scanLane(frame, scale, lane, this);
    }

    this.#decorations.prepare(context, theme, ratio, frame.laneHeight);
    this.#fillBlocks(context, frame);
    // After the blocks: a mark of a pixel stays visible where a neighbour is rounded over it.
    this.#stretchLines(context, frame, firstLane, endLane);
    for (let at = 0; at < this.#count; at++) {
      const rect = this.#rectAt(frame, at);
      this.#decorations.drawBlock(context, frame, this.#index[at]!, rect);
      if (frame.critical) this.#decorations.drawCritical(context, frame, scale, this.#index[at]!, rect);
    }
    this.#decorations.drawOutlines(context, frame, (index) => rectOf(frame, scale, index));
    if (frame.pointerTime !== undefined) this.#decorations.drawCrosshair(context, frame, scale.x(frame.pointerTime));
  }

  #prepareLines(context: CanvasRenderingContext2D, width: DevicePixels, lanes: number): void {
    if (
      !this.#lines ||
      this.#lines.width !== width ||
      this.#lines.height < lanes ||
      this.#lines.height > lanes * 4 + 16
    ) {
      this.#lines = context.createImageData(width, Math.max(1, lanes + 4));
      this.#pixels = new Uint32Array(this.#lines.data.buffer);
      this.#linesCanvas ??= context.canvas.ownerDocument.createElement('canvas');
      this.#linesCanvas.width = width;
      this.#linesCanvas.height = this.#lines.height;
      this.#lineStart = new Int32Array(this.#lines.height);
      this.#lineEnd = new Int32Array(this.#lines.height);
    }
    this.#pixels.fill(0);
    this.#lineStart.fill(width);
    this.#lineEnd.fill(0);
  }

  block(index: SpanIndex, x0: DevicePixels, x1: DevicePixels, lane: number): void {
    const { ratio, width, look } = this.#frame!;
    const left = Math.max(x0, -beyond);
    const right = Math.min(Math.max(x1, x0 + 1), width + beyond);
    const gap = right - left > 4 * ratio ? Math.max(1, Math.round(ratio)) : right - left > 2 ? 1 : 0;
    const color = look.color(index) + (look.isDimmed(index) ? dimmedFrom : 0);
    if (right - left >= narrowestRound * ratio) {
      this.#push(index, left, right - gap, lane, color);
      return;
    }
    const stripe = Math.max(1, Math.round(2 * ratio));
    if (!look.isError(index)) {
      this.mark(left, right - gap, color);
    } else if (right - gap - left <= stripe * 2) {
      this.mark(left, right - gap, errorColor);
    } else {
      this.mark(left, left + stripe, errorColor);
      this.mark(left + stripe, right - gap, color);
    }
  }

  /** An error that is drawn stays. */
  mark(from: DevicePixels, to: DevicePixels, color: number): void {
    const { errorPixel, pixels } = this.#frame!.theme;
    if (color === errorColor) this.#fillLine(this.#line, from, to, errorPixel, 0);
    else this.#fillLine(this.#line, from, to, pixels[color]!, errorPixel);
  }

  /** Fills [from, to) of a lane's line, but for pixels that are `kept` already. */
  #fillLine(line: number, from: DevicePixels, to: DevicePixels, pixel: number, kept: number): void {
    const width = this.#lines!.width;
    const start = Math.max(0, from);
    const end = Math.min(to, width);
    if (start >= end) return;
    const offset = line * width;
    for (let at = offset + start; at < offset + end; at++) {
      if (kept === 0 || this.#pixels[at] !== kept) this.#pixels[at] = pixel;
    }
    if (start < this.#lineStart[line]!) this.#lineStart[line] = start;
    if (end > this.#lineEnd[line]!) this.#lineEnd[line] = end;
  }

  #push(index: SpanIndex, left: DevicePixels, right: DevicePixels, lane: number, color: number): void {
    const at = this.#count++;
    if (at === this.#index.length) {
      this.#index = grown(this.#index);
      this.#left = grown(this.#left);
      this.#right = grown(this.#right);
      this.#lane = grown(this.#lane);
      this.#color = grown(this.#color);
    }
    this.#index[at] = index;
    this.#left[at] = left;
    this.#right[at] = right;
    this.#lane[at] = lane;
    this.#color[at] = color;
  }

  /** One path for each colour. */
  #fillBlocks(context: CanvasRenderingContext2D, frame: FlameFrame): void {
    const radius = 3 * frame.ratio;
    // In forced colours a block is its border, which lies within it: blocks side by side stay two.
    const edge = frame.theme.isForced ? frame.ratio / 2 : 0;
    for (let color = 0; color < frame.theme.colors.length; color++) {
      let isEmpty = true;
      for (let at = 0; at < this.#count; at++) {
        if (this.#color[at] !== color) continue;
        if (isEmpty) context.beginPath();
        isEmpty = false;
        const { x, y, width, height } = this.#rectAt(frame, at);
        context.roundRect(x + edge, y + edge, width - 2 * edge, height - 2 * edge, Math.min(radius, width / 6));
      }
      if (isEmpty) continue;
      context.fillStyle = frame.theme.colors[color]!;
      context.fill();
      if (frame.theme.isForced) {
        context.strokeStyle = color < dimmedFrom ? frame.theme.onBar : frame.theme.onDimmed;
        context.lineWidth = frame.ratio;
        context.stroke();
      }
    }
  }

  readonly #rect: BlockRect = { x: 0, y: 0, width: 0, height: 0 };

  #rectAt(frame: FlameFrame, at: number): BlockRect {
    const rect = this.#rect;
    rect.x = this.#left[at]!;
    rect.width = this.#right[at]! - rect.x;
    rect.y = laneTop(frame, this.#lane[at]!);
    rect.height = laneBottom(frame, this.#lane[at]!) - rect.y;
    return rect;
  }

  #stretchLines(context: CanvasRenderingContext2D, frame: FlameFrame, firstLane: number, endLane: number): void {
    const scratch = this.#linesCanvas!;
    let isEmpty = true;
    for (let lane = firstLane; lane < endLane; lane++) {
      const line = lane - firstLane;
      const from = this.#lineStart[line]!;
      const length = this.#lineEnd[line]! - from;
      if (length <= 0) continue;
      if (isEmpty) {
        isEmpty = false;
        scratch.getContext('2d')?.putImageData(this.#lines!, 0, 0);
        context.imageSmoothingEnabled = false;
      }
      const y = laneTop(frame, lane);
      context.drawImage(scratch, from, line, length, 1, from, y, length, laneBottom(frame, lane) - y);
    }
  }
}

/** Where a block is drawn, or would be were it in sight; never narrower than a mark that stands alone. */
export function rectOf(frame: FlameFrame, scale: PixelScale, index: SpanIndex): BlockRect {
  const { blocks, ratio, width } = frame;
  const x0 = scale.x(blocks.start[index]!);
  const x1 = scale.x(blocks.end[index]!);
  const isWide = x1 - x0 >= 1;
  const left = isWide ? Math.round(x0) : Math.min(Math.floor(x0), width - 1);
  const right = Math.max(isWide ? Math.round(x1) : Math.ceil(x1), left + Math.round(narrowestAlone * ratio));
  const gap = right - left > 4 * ratio ? Math.max(1, Math.round(ratio)) : 0;
  const lane = blocks.lane[index]!;
  const x = Math.max(left, -beyond);
  const y = laneTop(frame, lane);
  return { x, y, width: Math.min(right - gap, width + beyond) - x, height: laneBottom(frame, lane) - y };
}

function laneTop({ laneHeight, top, ratio }: FlameFrame, lane: number): DevicePixels {
  return Math.round((lane * laneHeight - top) * ratio);
}

/** A pixel is left between lanes. */
function laneBottom({ laneHeight, top, ratio }: FlameFrame, lane: number): DevicePixels {
  return Math.round(((lane + 1) * laneHeight - top) * ratio) - Math.max(1, Math.round(ratio));
}
