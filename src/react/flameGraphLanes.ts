import type { FlameGraphLayout } from '../layout/flameGraph.ts';
import type { SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';

/** Blocks in lanes: those of a lane lie one after another in `laneSpans`, none over another. */
export type LaneBlocks = Pick<FlameGraphLayout, 'laneCount' | 'lane' | 'laneOffsets' | 'laneSpans' | 'start' | 'end'>;

/** A block's place in `laneSpans`. */
export type Place = number;

const fanOut = 16;

/**
 * What a drawing asks of a stretch of a lane without walking it: which block is the longest, which is the next with an error.
 *
 * The longest is kept for every 16 places, for every 16 of these, and so on (0.27 bytes a block): a stretch of n blocks is
 * answered by at most 30 looks on each of log16 n levels. Starts and lengths are kept in the order of lanes too (12 bytes a
 * block): a frame looks at hundreds of thousands of neighbours, and by span index each of them lies elsewhere in memory.
 */
export class LaneSummary {
  /** By place. */
  readonly start: Float64Array;
  /** By place, to 7 digits: to compare by, and to tell what is narrower than a pixel. */
  readonly length: Float32Array;
  /** Level by level, the place of the longest block in each group of 16 of the level below. */
  readonly #longest: Uint32Array[] = [];
  readonly #errors: MarkedPlaces;

  constructor(blocks: LaneBlocks, isError: (index: SpanIndex) => boolean) {
    const { laneSpans, start, end } = blocks;
    this.start = new Float64Array(laneSpans.length);
    this.length = new Float32Array(laneSpans.length);
    for (let place = 0; place < laneSpans.length; place++) {
      const index = laneSpans[place]!;
      this.start[place] = start[index]!;
      this.length[place] = end[index]! - start[index]!;
    }
    this.#errors = new MarkedPlaces(blocks, isError);
    let count = laneSpans.length;
    while (count > fanOut) count = this.#addLevel(count);
  }

  /** Of the blocks at [from, to), which must hold one; the first of those that are equally long. */
  longest(from: Place, to: Place): Place {
    let best = from;
    let low = from;
    let high = to;
    for (let level = -1; low < high; level++) {
      const isTop = level + 1 === this.#longest.length || high - low < fanOut * 2;
      while (low < high && (isTop || low % fanOut !== 0)) best = this.#longer(best, this.#entry(level, low++));
      while (low < high && high % fanOut !== 0) best = this.#longer(best, this.#entry(level, --high));
      low /= fanOut;
      high /= fanOut;
    }
    return best;
  }

  /** The first place from `from` on, in this lane or a later one, whose block has an error; Infinity where there is none. */
  firstErrorFrom(from: Place): Place {
    return this.#errors.firstFrom(from);
  }

  #addLevel(count: number): number {
    const level = this.#longest.length - 1;
    const places = new Uint32Array(Math.ceil(count / fanOut));
    for (let group = 0; group < places.length; group++) {
      const end = Math.min((group + 1) * fanOut, count);
      let best = this.#entry(level, group * fanOut);
      for (let at = group * fanOut + 1; at < end; at++) best = this.#longer(best, this.#entry(level, at));
      places[group] = best;
    }
    this.#longest.push(places);
    return places.length;
  }

  #entry(level: number, at: number): Place {
    return level < 0 ? at : this.#longest[level]![at]!;
  }

  #longer(a: Place, b: Place): Place {
    const difference = this.length[a]! - this.length[b]!;
    return difference > 0 || (difference === 0 && a < b) ? a : b;
  }
}

/** The places of some blocks, ascending: those with an error, or those that a search has found. */
export class MarkedPlaces {
  readonly #places: Uint32Array;

  constructor({ laneSpans }: LaneBlocks, isMarked: (index: SpanIndex) => boolean) {
    let places: Uint32Array = new Uint32Array(16);
    let count = 0;
    for (let place = 0; place < laneSpans.length; place++) {
      if (!isMarked(laneSpans[place]!)) continue;
      if (count === places.length) places = grown(places);
      places[count++] = place;
    }
    this.#places = places.slice(0, count);
  }

  /** The first marked place from `from` on, in this lane or a later one; Infinity where there is none. */
  firstFrom(from: Place): Place {
    const places = this.#places;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (places[middle]! < from) low = middle + 1;
      else high = middle;
    }
    return places[low] ?? Infinity;
  }
}

/** The first place of a lane whose block ends at `time` or later; one past the lane's last where none does. */
export function firstEndingFrom(blocks: LaneBlocks, lane: number, time: Nanoseconds): Place {
  const { laneOffsets, laneSpans, end } = blocks;
  let low = laneOffsets[lane]!;
  let high = laneOffsets[lane + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (end[laneSpans[middle]!]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The first place in [from, limit) whose block starts at `time` or later, else `limit`. It gallops: near places are found
 * in few looks, however many there are, which is what a drawing wants that steps from pixel to pixel.
 */
export function firstStartingFrom({ start }: LaneSummary, from: Place, limit: Place, time: Nanoseconds): Place {
  let step = 1;
  let low = from;
  let high = from;
  while (high < limit && start[high]! < time) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (high > limit) high = limit;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (start[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
