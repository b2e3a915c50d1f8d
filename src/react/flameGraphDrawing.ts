import type { TimeRange } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { BlockIndex, FlameForm, WindowRect } from './flameForm.ts';
import { firstEndingFrom, firstStartingFrom } from './flameGraphLanes.ts';
import { type FlameFrame, FlamePainter, rectOf } from './flameGraphPainter.ts';
import { type DevicePixels, PixelScale } from './flameGraphPixels.ts';
import { type FlameTheme, readFlameTheme, watchTheme } from './flameGraphTheme.ts';
import { offsetOf, type ScrollGeometry, scrollHeight, scrollTopFor } from './rowWindow.ts';
import { timeAtX } from './TimeAxis.tsx';
import type { ChangeDetails, Viewport } from './viewport.ts';

/** Room above the first lane and below the last. */
const roomAround: CssPixels = 6;
/** A mark of a pixel is hit from this far. */
const reach: CssPixels = 2;
/** A block is in sight when so much of it is. */
const leastInSight: CssPixels = 24;

/**
 * ```
 * scroller ┌ content, as high as all lanes ──────────┐
 *          │ ┌ pane (sticky), as high as the window ┐ │
 *          │ │ axis                                 │ │
 *          │ │ stage: the canvas                    │ │
 * ```
 */
export interface FlameElements {
  scroller: HTMLElement;
  content: HTMLElement;
  pane: HTMLElement;
  stage: HTMLElement;
  canvas: HTMLCanvasElement;
  /** Reads colours: no transition on it. */
  probe: HTMLElement;
  /** Has colours of the theme with a transition, to tell of their change. */
  watched: HTMLElement;
}

/** A flame graph's canvas: its size, its scrolling, what lies under a point. It draws when it is told to. */
export class FlameGraphDrawing {
  selected: BlockIndex = -1;
  focused: BlockIndex = -1;
  hovered: BlockIndex = -1;
  readonly #elements: FlameElements;
  readonly #viewport: Viewport;
  readonly #laneHeight: CssPixels;
  readonly #painter = new FlamePainter();
  readonly #cleanUp: (() => void)[] = [];
  #context: CanvasRenderingContext2D | null = null;
  #form: FlameForm | undefined;
  #theme: FlameTheme | undefined;
  #size = { width: 0, height: 0, paneHeight: 0 };
  /** In device pixels as the browser counts them, where it tells. */
  #pixelSize: { width: DevicePixels; height: DevicePixels } | undefined;
  #scrollTop = 0;

  constructor(elements: FlameElements, viewport: Viewport, laneHeight: CssPixels) {
    this.#elements = elements;
    this.#viewport = viewport;
    this.#laneHeight = laneHeight;
    const onScroll = () => {
      this.#scrollTop = elements.scroller.scrollTop;
      viewport.frames.request();
    };
    elements.scroller.addEventListener('scroll', onScroll, { passive: true });
    this.#cleanUp.push(() => elements.scroller.removeEventListener('scroll', onScroll));
    this.#cleanUp.push(
      watchTheme(elements.watched, () => {
        this.#theme = undefined;
        viewport.frames.request();
      }),
    );
    this.#measure();
    this.#observeSize();
  }

  dispose(): void {
    for (const cleanUp of this.#cleanUp) cleanUp();
  }

  show(form: FlameForm): void {
    if (this.#form === form) return;
    const isOther = this.#form?.blocks !== form.blocks;
    this.#form = form;
    if (!isOther) {
      this.#viewport.frames.request();
      return;
    }
    this.#place();
    if (form.rootsAtBottom) this.scrollToRoots();
  }

  scrollToRoots(): void {
    const { scroller } = this.#elements;
    scroller.scrollTop = this.#form?.rootsAtBottom ? scroller.scrollHeight : 0;
    this.#scrollTop = scroller.scrollTop;
  }

  readonly draw = (): void => {
    const frame = this.frame();
    if (!frame) return;
    const { canvas } = this.#elements;
    if (canvas.width !== frame.width || canvas.height !== frame.height) {
      canvas.width = frame.width;
      canvas.height = frame.height;
    }
    // Not before there is something to draw: a document without layout has no canvas either.
    this.#context ??= canvas.getContext('2d');
    if (!this.#context) return;
    const look = this.#form!.look;
    look.beginFrame();
    this.#painter.draw(this.#context, frame);
    if (look.isGuessing) this.#viewport.frames.request();
  };

  timeAt(clientX: CssPixels): Nanoseconds | undefined {
    return this.#size.width > 0 ? timeAtX(this.#elements.stage, this.#viewport, clientX) : undefined;
  }

  /** The block drawn at a point of the window, or -1. */
  blockAt(clientX: CssPixels, clientY: CssPixels): BlockIndex {
    const form = this.#form;
    const { stage } = this.#elements;
    const rect = stage.getBoundingClientRect();
    if (!form || !(rect.width > 0) || clientX < rect.left || clientX > rect.right) return -1;
    const { blocks, summary } = form;
    const lane = Math.floor((clientY - rect.top + this.#top()) / this.#laneHeight);
    if (clientY < rect.top || clientY > rect.bottom || lane < 0 || lane >= blocks.laneCount) return -1;
    const timeAt = (x: CssPixels) => timeAtX(stage, this.#viewport, x);
    const pixel = timeAt(clientX + 1) - timeAt(clientX);
    const hit = form.blockAt(lane, timeAt(clientX), 0);
    if (hit >= 0 && blocks.end[hit]! - blocks.start[hit]! >= pixel) return hit;
    // A mark stands for all that are merged into it, and has the colour of the longest: that one is meant.
    const from = firstEndingFrom(blocks, lane, timeAt(clientX - reach));
    const to = firstStartingFrom(blocks, from, blocks.laneOffsets[lane + 1]!, timeAt(clientX + reach));
    return to > from ? summary.longest(lane, from, to) : -1;
  }

  /** Where a block is, in CSS pixels from the stage's corner, cut to the stage; undefined where it is not in sight. */
  blockInStage(index: BlockIndex): { x: CssPixels; y: CssPixels; width: CssPixels; height: CssPixels } | undefined {
    const frame = this.frame();
    if (!frame || index < 0) return undefined;
    const { x, y, width, height } = rectOf(frame, new PixelScale(frame.scale, frame.width), index);
    const left = Math.max(x, 0);
    const right = Math.min(x + width, frame.width);
    if (right <= left || y + height <= 0 || y >= frame.height) return undefined;
    const { ratio } = frame;
    return { x: left / ratio, y: y / ratio, width: (right - left) / ratio, height: height / ratio };
  }

  /** The same in pixels of the window, as a thing to stand below. */
  blockInWindow(index: BlockIndex): WindowRect | undefined {
    const block = this.blockInStage(index);
    if (!block) return undefined;
    const { left, top } = this.#elements.stage.getBoundingClientRect();
    // A tooltip stands to the right of a point; here that is where the block begins.
    return { left: left + block.x, right: left + block.x, top: top + block.y, bottom: top + block.y + block.height };
  }

  /** Scrolls a block's lane into sight. */
  scrollTo(index: BlockIndex, align: 'nearest' | 'center'): void {
    const { scroller } = this.#elements;
    const geometry = this.#geometry();
    if (!geometry || index < 0) return;
    const top = scrollTopFor(this.#form!.blocks.lane[index]!, scroller.scrollTop, geometry, align);
    if (top === scroller.scrollTop) return;
    scroller.scrollTop = top;
    this.#scrollTop = scroller.scrollTop;
    this.#viewport.frames.request();
  }

  /** Moves the time range, as wide as it is, so that a block is in sight. */
  panTo(index: BlockIndex, details: ChangeDetails): void {
    if (!this.#form || index < 0) return;
    const { start, end } = this.#form.blocks;
    const { range } = this.#viewport;
    const least = ((range[1] - range[0]) * leastInSight) / Math.max(this.#size.width, leastInSight);
    const next = rangeShowing(range, [start[index]!, end[index]!], least);
    if (next !== range) this.#viewport.goTo(next, details);
  }

  scrollBy(pixels: CssPixels): void {
    this.#elements.scroller.scrollTop += pixels;
  }

  /** What is shown now, as it would be drawn; undefined where there is no room for anything. */
  frame(): FlameFrame | undefined {
    const form = this.#form;
    const { width, height } = this.#size;
    if (!form || width <= 0 || height <= 0) return undefined;
    const ratio = devicePixelRatio || 1;
    this.#theme ??= readFlameTheme(this.#elements.probe);
    return {
      blocks: form.blocks,
      summary: form.summary,
      look: form.look,
      matches: form.matches,
      critical: form.critical,
      theme: this.#theme,
      scale: this.#viewport.scale,
      width: exactly(this.#pixelSize?.width, width * ratio),
      height: exactly(this.#pixelSize?.height, height * ratio),
      ratio,
      laneHeight: this.#laneHeight,
      top: this.#top(),
      selected: this.selected,
      hovered: this.hovered,
      focused: this.focused,
      pointerTime: this.#viewport.pointerTime,
    };
  }

  #geometry(): ScrollGeometry | undefined {
    if (!this.#form || this.#size.height <= 0) return undefined;
    const viewportHeight = this.#size.height - 2 * roomAround;
    return { rowCount: this.#form.blocks.laneCount, rowHeight: this.#laneHeight, viewportHeight };
  }

  #top(): CssPixels {
    const geometry = this.#geometry();
    if (!geometry) return 0;
    const top = this.#scrollTop - offsetOf(0, this.#scrollTop, geometry) - roomAround;
    if (!this.#form!.rootsAtBottom) return top;
    const spare = geometry.viewportHeight - geometry.rowCount * geometry.rowHeight;
    return top - Math.max(0, spare);
  }

  /** The canvas is as high as the window; the height of all lanes is an empty element's. */
  #place(): void {
    const { content, pane } = this.#elements;
    const geometry = this.#geometry();
    if (!geometry) return;
    const { height, paneHeight } = this.#size;
    pane.style.height = `${paneHeight}px`;
    content.style.height = `${paneHeight - height + scrollHeight(geometry) + 2 * roomAround}px`;
    this.#scrollTop = this.#elements.scroller.scrollTop;
    this.#viewport.frames.request();
  }

  #measure(): void {
    const { scroller, stage, pane } = this.#elements;
    const paneHeight = scroller.clientHeight;
    if (paneHeight !== this.#size.paneHeight) pane.style.height = `${paneHeight}px`;
    this.#size = { width: stage.clientWidth, height: stage.clientHeight, paneHeight };
    this.#place();
  }

  #observeSize(): void {
    if (typeof ResizeObserver === 'undefined') return;
    const { scroller, stage } = this.#elements;
    const observer = new ResizeObserver((entries) => {
      for (const { target, devicePixelContentBoxSize: boxes } of entries) {
        const box = target === stage ? boxes?.[0] : undefined;
        if (box) this.#pixelSize = { width: box.inlineSize, height: box.blockSize };
      }
      this.#measure();
      // In this frame, before it is shown: a canvas of a new size is empty.
      this.draw();
    });
    observer.observe(scroller);
    try {
      observer.observe(stage, { box: 'device-pixel-content-box' });
    } catch {
      // Safari does not count device pixels; a size in CSS pixels times their ratio is near enough.
      observer.observe(stage);
    }
    this.#cleanUp.push(() => observer.disconnect());
  }
}

/** A length in device pixels as the browser counted it, unless that is of another ratio than now. */
function exactly(counted: DevicePixels | undefined, computed: DevicePixels): DevicePixels {
  return counted !== undefined && Math.abs(counted - computed) < 2 ? counted : Math.round(computed);
}

/** The range itself where enough of the span is in it, else one as long with the span in its middle. */
export function rangeShowing(range: TimeRange, [start, end]: TimeRange, least: Nanoseconds): TimeRange {
  const length = range[1] - range[0];
  const inSight = Math.min(end, range[1]) - Math.max(start, range[0]);
  if (inSight >= Math.min(end - start, least) && start <= range[1] && end >= range[0]) return range;
  // Of a span that is longer than the window its start is shown.
  const from = end - start <= length ? (start + end - length) / 2 : start - length * 0.1;
  return [from, from + length];
}
