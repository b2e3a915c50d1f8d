import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { createTimeScale, type TimeScale } from './timeScale.ts';

export interface MinimapOptions {
  /** How many columns and rows the picture has at the most, in whole pixels. */
  width: number;
  height: number;
  /** @default the whole trace */
  timeScale?: TimeScale;
  /** A place in a palette, below 255. @default 0 for all */
  colorOf?: (index: number) => number;
}

/**
 * A trace seen from afar: spans in their order from top to bottom, in time from left to right. Where there are more spans
 * than rows, a row stands for a band of them and a cell says how many of the band are busy there.
 *
 * ```
 * spans 0–3   ████████████████     cells[row * width + column]
 * spans 4–7   ▒▒▒▒    ░░░░         coverage: the share of the band that is busy
 * ```
 */
export interface MinimapLayout {
  readonly width: number;
  /** At most as many as there are spans. */
  readonly rows: number;
  /** By cell: 0 where nothing is busy, else one more than the colour that most spans of the band have there. */
  readonly colors: Uint8Array;
  /** By cell, 0 to 255: the share of the band's spans that are busy. */
  readonly coverage: Uint8Array;
  /** By cell: 1 where a span of the band has an error. */
  readonly errors: Uint8Array;
}

/** O(spans + rows × width × colours), by sums over differences: a span costs its two ends, whatever its length. */
export function layoutMinimap(trace: Trace, options: MinimapOptions): MinimapLayout {
  const width = Math.max(1, Math.floor(options.width));
  const rows = Math.max(0, Math.min(trace.spanCount, Math.floor(options.height)));
  const toX = pixelsOf(options.timeScale ?? createTimeScale([0, Math.max(trace.duration, 1)]), width);
  const layout: MinimapLayout = {
    width,
    rows,
    colors: new Uint8Array(rows * width),
    coverage: new Uint8Array(rows * width),
    errors: new Uint8Array(rows * width),
  };
  const band = new Band(width);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * trace.spanCount) / rows);
    const to = Math.floor(((row + 1) * trace.spanCount) / rows);
    for (let index = from; index < to; index++) {
      const x0 = Math.min(Math.max(0, Math.floor(toX(spanStart(trace, index)))), width - 1);
      const x1 = Math.max(x0 + 1, Math.min(width, Math.ceil(toX(spanEnd(trace, index)))));
      band.add(x0, x1, options.colorOf?.(index) ?? 0, trace.columns.status[index] === statusCode.error);
    }
    band.write(layout, row * width, to - from);
  }
  return layout;
}

/** Over one segment a product: a scale's own look-up, twice for each of a million spans, costs three times all else here. */
function pixelsOf({ segments, range: [start, end], toUnit }: TimeScale, width: number): (time: number) => number {
  if (segments.length > 1) return (time) => toUnit(time) * width;
  const perNanosecond = width / (end - start);
  return (time) => (time - start) * perNanosecond;
}

/** Sums of one band of spans: where each begins +1, where it ends -1. Emptied as it is written. */
class Band {
  readonly #width: number;
  readonly #errors: Int32Array;
  /** By colour; an array, as a Map's look-up for each span costs more than all else here. */
  readonly #byColor: (Int32Array | undefined)[] = [];
  readonly #isUsed = new Uint8Array(255);

  constructor(width: number) {
    this.#width = width;
    this.#errors = new Int32Array(width + 1);
  }

  add(x0: number, x1: number, color: number, isError: boolean): void {
    let steps = this.#byColor[color];
    if (!steps) {
      steps = new Int32Array(this.#width + 1);
      this.#byColor[color] = steps;
    }
    this.#isUsed[color] = 1;
    steps[x0]!++;
    steps[x1]!--;
    if (!isError) return;
    this.#errors[x0]!++;
    this.#errors[x1]!--;
  }

  write(layout: MinimapLayout, offset: number, spanCount: number): void {
    const total = new Int32Array(this.#width);
    const most = new Int32Array(this.#width);
    for (let color = 0; color < this.#byColor.length; color++) {
      const steps = this.#byColor[color];
      if (!steps || this.#isUsed[color] === 0) continue;
      for (let x = 0, busy = 0; x < this.#width; x++) {
        busy += steps[x]!;
        if (busy === 0) continue;
        total[x]! += busy;
        if (busy <= most[x]!) continue;
        most[x] = busy;
        layout.colors[offset + x] = color + 1;
      }
      steps.fill(0);
    }
    for (let x = 0, failed = 0; x < this.#width; x++) {
      failed += this.#errors[x]!;
      if (failed > 0) layout.errors[offset + x] = 1;
      layout.coverage[offset + x] = Math.round((total[x]! / spanCount) * 255);
    }
    this.#errors.fill(0);
    this.#isUsed.fill(0);
  }
}
