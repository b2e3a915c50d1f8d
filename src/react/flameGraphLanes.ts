import type { FlameGraphLayout } from '../layout/flameGraph.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { BlockIndex } from './flameForm.ts';

/** Blocks in lanes: those of a lane lie one after another in `laneSpans`, none over another. */
export type LaneBlocks = Pick<FlameGraphLayout, 'laneCount' | 'lane' | 'laneOffsets' | 'laneSpans' | 'start' | 'end'>;

/** A block's place in `laneSpans`. */
export type Place = number;

/** Lanes of fewer blocks are walked. */
const fewBlocks = 1024;
/** Where a step of time has fewer blocks on the average, walking over them costs no more than looking them up. */
const fewestInStep = 8;

/**
 * A lane cut at every multiple of one step of time; steps in which no block starts are left out. All that is asked of a step is in
 * columns, one step after another: by block each of it would lie elsewhere in memory, which takes ten times as long.
 */
export interface LaneSteps {
  readonly count: number;
  /** In nanoseconds, a power of two. */
  readonly step: Nanoseconds;
  /** The first place of each step, then the lane's end. */
  readonly firsts: Uint32Array;
  /** When the first block of each step starts. */
  readonly starts: Float64Array;
  /** When the last one ends. */
  readonly ends: Float64Array;
  /** The longest block that starts in each step; the first of those that are equally long. */
  readonly longest: Uint32Array;
  /** How long that one is, to 7 digits: to compare by, and to tell what is narrower than a pixel. */
  readonly lengths: Float32Array;
}

/**
 * What a drawing asks of a stretch of a lane without walking it: which block is the longest, which is the next with an error.
 *
 * A drawing goes over a lane by steps of time of half a pixel to a pixel, powers of two that begin at 0. A lane's steps are
 * looked for when a drawing first wants them, in one walk over the lane, and those of any coarser step in a walk over those.
 * They are kept while they are many times fewer than the blocks, 2 to 7 bytes a block in all: finer ones have so few blocks
 * each that a frame walks over these. Of starts and lengths there is no other copy in the order of lanes.
 */
export class LaneSummary {
  readonly #blocks: LaneBlocks;
  readonly #errors: MarkedPlaces;
  readonly #lanes = new Map<number, { levels: LaneSteps[]; tooFine: Nanoseconds }>();

  constructor(blocks: LaneBlocks, errors: MarkedPlaces) {
    this.#blocks = blocks;
    this.#errors = errors;
  }

  /** A lane's steps; undefined where it is as well to walk over the blocks themselves. */
  steps(lane: number, step: Nanoseconds): LaneSteps | undefined {
    const { laneOffsets } = this.#blocks;
    const count = laneOffsets[lane + 1]! - laneOffsets[lane]!;
    if (count < fewBlocks) return undefined;
    let known = this.#lanes.get(lane);
    if (!known) {
      known = { levels: [], tooFine: 0 };
      this.#lanes.set(lane, known);
    }
    if (step <= known.tooFine) return undefined;
    const { levels } = known;
    // From the finest to the coarsest.
    let at = 0;
    while (at < levels.length && levels[at]!.step < step) at++;
    if (levels[at]?.step === step) return levels[at];
    const finer = at > 0 ? levels[at - 1] : this.#finestWithin(lane, step, known);
    if (!finer) return undefined;
    if (at === 0) levels.unshift(finer);
    if (finer.step === step) return finer;
    const made = this.#coarser(finer, step);
    levels.splice(levels.indexOf(finer) + 1, 0, made);
    return made;
  }

  /** Of the blocks at [from, to) of a lane, which must hold one; the first of those that are equally long. */
  longest(lane: number, from: Place, to: Place): BlockIndex {
    const finest = this.#lanes.get(lane)?.levels[0];
    if (!finest) return this.#longestOf(from, to);
    const { firsts, longest, count } = finest;
    let at = firstFrom(firsts, from);
    if (at >= count || firsts[at + 1]! > to) return this.#longestOf(from, to);
    let best = this.#longestOf(from, Math.max(firsts[at]!, from + 1));
    for (; at < count && firsts[at + 1]! <= to; at++) best = this.#longer(best, longest[at]!);
    return firsts[at]! < to ? this.#longer(best, this.#longestOf(firsts[at]!, to)) : best;
  }

  /** The first place from `from` on, in this lane or a later one, whose block has an error; Infinity where there is none. */
  firstErrorFrom(from: Place): Place {
    return this.#errors.firstFrom(from);
  }

  #finestWithin(lane: number, step: Nanoseconds, known: { tooFine: Nanoseconds }): LaneSteps | undefined {
    const { laneOffsets, laneSpans, start } = this.#blocks;
    const from = laneOffsets[lane]!;
    const to = laneOffsets[lane + 1]!;
    const extent = start[laneSpans[to - 1]!]! - start[laneSpans[from]!]!;
    // The step that would do if blocks lay evenly.
    const even = 2 ** Math.ceil(Math.log2(Math.max(1, (extent * 2 * fewestInStep) / (to - from))));
    for (const tried of even < step && even > known.tooFine ? [even, step] : [step]) {
      const steps = this.#walked(from, to, tried);
      if (steps) return steps;
      known.tooFine = tried;
    }
    return undefined;
  }

  #walked(from: Place, to: Place, step: Nanoseconds): LaneSteps | undefined {
    const { laneSpans, start, end } = this.#blocks;
    const { firsts, starts, ends, longest, lengths } = scratchSteps(Math.floor((to - from) / fewestInStep));
    const most = longest.length;
    let count = 0;
    let stepEnd = -Infinity;
    let lastEnd = 0;
    let greatest = 0;
    for (let place = from; place < to; place++) {
      const index = laneSpans[place]!;
      const time = start[index]!;
      if (time >= stepEnd) {
        if (count > 0) {
          ends[count - 1] = lastEnd;
          lengths[count - 1] = greatest;
        }
        if (count === most) return undefined;
        firsts[count] = place;
        starts[count] = time;
        longest[count++] = index;
        stepEnd = (Math.floor(time / step) + 1) * step;
        lastEnd = end[index]!;
        greatest = lastEnd - time;
        continue;
      }
      lastEnd = end[index]!;
      if (lastEnd - time > greatest) {
        longest[count - 1] = index;
        greatest = lastEnd - time;
      }
    }
    ends[count - 1] = lastEnd;
    lengths[count - 1] = greatest;
    firsts[count] = to;
    return trimmed({ step, count, firsts, starts, ends, longest, lengths });
  }

  #coarser(finer: LaneSteps, step: Nanoseconds): LaneSteps {
    const { firsts, starts, ends, longest, lengths } = scratchSteps(finer.count);
    let count = 0;
    let stepEnd = -Infinity;
    for (let at = 0; at < finer.count; at++) {
      const time = finer.starts[at]!;
      if (time >= stepEnd) {
        firsts[count] = finer.firsts[at]!;
        starts[count] = time;
        longest[count] = finer.longest[at]!;
        lengths[count++] = finer.lengths[at]!;
        stepEnd = (Math.floor(time / step) + 1) * step;
      } else {
        const longer = this.#longer(longest[count - 1]!, finer.longest[at]!);
        if (longer !== longest[count - 1]) lengths[count - 1] = finer.lengths[at]!;
        longest[count - 1] = longer;
      }
      ends[count - 1] = finer.ends[at]!;
    }
    firsts[count] = finer.firsts[finer.count]!;
    return trimmed({ step, count, firsts, starts, ends, longest, lengths });
  }

  #longestOf(from: Place, to: Place): BlockIndex {
    const { laneSpans } = this.#blocks;
    let best = laneSpans[from]!;
    for (let place = from + 1; place < to; place++) best = this.#longer(best, laneSpans[place]!);
    return best;
  }

  /** Where both are as long, the first of them. */
  #longer(one: BlockIndex, other: BlockIndex): BlockIndex {
    const { start, end } = this.#blocks;
    return end[other]! - start[other]! > end[one]! - start[one]! ? other : one;
  }
}

/** Room for steps whose number is not known yet. */
function scratchSteps(most: number): Omit<LaneSteps, 'step' | 'count'> {
  return {
    firsts: new Uint32Array(most + 1),
    starts: new Float64Array(most),
    ends: new Float64Array(most),
    longest: new Uint32Array(most),
    lengths: new Float32Array(most),
  };
}

function trimmed({ step, count, firsts, starts, ends, longest, lengths }: LaneSteps): LaneSteps {
  return {
    step,
    count,
    firsts: firsts.slice(0, count + 1),
    starts: starts.slice(0, count),
    ends: ends.slice(0, count),
    longest: longest.slice(0, count),
    lengths: lengths.slice(0, count),
  };
}

/** The places of some blocks, ascending: those with an error, or those that a search has found. */
export class MarkedPlaces {
  readonly #places: Uint32Array;

  /** @param marks by block: those that are `mark`, or where that is left out those that are not 0 */
  constructor({ laneSpans }: Pick<LaneBlocks, 'laneSpans'>, marks: ArrayLike<number>, mark?: number) {
    let places: Uint32Array = new Uint32Array(16);
    let count = 0;
    for (let place = 0; place < laneSpans.length; place++) {
      const found = marks[laneSpans[place]!]!;
      if (mark === undefined ? found === 0 : found !== mark) continue;
      if (count === places.length) places = grown(places);
      places[count++] = place;
    }
    this.#places = places.slice(0, count);
  }

  /** The first marked place from `from` on, in this lane or a later one; Infinity where there is none. */
  firstFrom(from: Place): Place {
    return this.#places[firstFrom(this.#places, from)] ?? Infinity;
  }
}

/** Where the first value of `from` or more is in an ascending list; its length where none is. */
export function firstFrom(ascending: Uint32Array, from: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
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
export function firstStartingFrom(
  { laneSpans, start }: LaneBlocks,
  from: Place,
  limit: Place,
  time: Nanoseconds,
): Place {
  let step = 1;
  let low = from;
  let high = from;
  while (high < limit && start[laneSpans[high]!]! < time) {
    low = high + 1;
    high += step;
    step *= 2;
  }
  if (high > limit) high = limit;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (start[laneSpans[middle]!]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
