import type { MergedFlameGraphLayout } from '../layout/mergedFlameGraph.ts';
import type { SpanIndex } from '../model/columns.ts';
import { criticalPath, criticalTimes } from '../transforms/criticalPath.ts';
import type { PixelScale } from './flameGraphPixels.ts';
import type { CriticalTable } from './traceFacts.ts';

/** Where blocks are marked as held up by: the stretches of a block in device pixels, one after another. */
export interface CriticalStripes {
  /** Calls `fill` for each stretch of a block that lies in [left, right). */
  each(block: number, scale: PixelScale, left: number, right: number, fill: (x0: number, x1: number) => void): void;
}

/** The sections of a trace's critical path, of each span those on it. */
export class CriticalSections implements CriticalStripes {
  readonly #table: CriticalTable;

  constructor(table: CriticalTable) {
    this.#table = table;
  }

  each(span: SpanIndex, scale: PixelScale, left: number, right: number, fill: (x0: number, x1: number) => void): void {
    const { firsts, times } = this.#table;
    const limit = firsts[span + 1]!;
    let at = this.#firstEndingAfter(firsts[span]!, limit, scale.start);
    while (at < limit && times[at * 2]! <= scale.end) {
      const start = times[at * 2]!;
      // A parent of a million calls has as many sections: those that end within one step are one stretch.
      const next = Math.max(at + 1, this.#firstEndingAfter(at + 1, limit, scale.stepEnd(start)));
      const x0 = Math.max(scale.x(start), left);
      const x1 = Math.min(Math.max(scale.x(times[next * 2 - 1]!), x0 + 1), right);
      if (x1 > x0) fill(x0, x1);
      at = next;
    }
  }

  #firstEndingAfter(from: number, limit: number, time: number): number {
    let low = from;
    let high = limit;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#table.times[middle * 2 + 1]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Of a merged block, the share of its time in which it held the trace up, from its left edge on. */
export class CriticalShares implements CriticalStripes {
  readonly #share: Float64Array;
  readonly #layout: MergedFlameGraphLayout;
  readonly #width: number;

  constructor(layout: MergedFlameGraphLayout, width: number) {
    this.#layout = layout;
    this.#width = width;
    this.#share = new Float64Array(layout.length);
    const times = criticalTimes(layout.trace, criticalPath(layout.trace));
    for (let index = 0; index < times.length; index++) {
      const block = layout.blockOf[index]!;
      if (block >= 0) this.#share[block]! += times[index]!;
    }
    for (let block = 0; block < layout.length; block++) {
      const total = layout.totalTime[block]!;
      this.#share[block] = total > 0 ? Math.min(1, this.#share[block]! / total) : 0;
    }
  }

  each(block: number, scale: PixelScale, left: number, right: number, fill: (x0: number, x1: number) => void): void {
    const share = this.#share[block]!;
    if (share === 0) return;
    const start = this.#layout.x0[block]! * this.#width;
    const end = start + (this.#layout.x1[block]! * this.#width - start) * share;
    const x0 = Math.max(scale.x(start), left);
    const x1 = Math.min(Math.max(scale.x(end), x0 + 1), right);
    if (x1 > x0) fill(x0, x1);
  }
}
