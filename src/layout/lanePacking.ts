import { LaneAllocator } from './laneAllocator.ts';

/** From so many boxes at one time on, a search tree is faster than looking at each. */
const manyAtOnce = 48;
/** A power of two. */
const fewestSlots = 64;

/**
 * Stacks boxes (a span's subtree each: from `start` to `end`, `height` lanes) so that none overlap, each at the lowest
 * offset where it is free. Columns by box number, reused from group to group; `offset` is the result.
 */
export class LanePacking {
  start: Float64Array = new Float64Array(64);
  end: Float64Array = new Float64Array(64);
  height: Int32Array = new Int32Array(64);
  offset: Int32Array = new Int32Array(64);
  readonly #allocator = new LaneAllocator();
  /** Boxes that are still open at the time reached: by offset in `#packFew`, a heap by end in `#packMany`. */
  #open: Int32Array = new Int32Array(64);

  /** To be called before a group's boxes are written into the columns. */
  makeRoom(count: number): void {
    if (count <= this.start.length) return;
    const size = Math.max(count, this.start.length * 2);
    this.start = new Float64Array(size);
    this.end = new Float64Array(size);
    this.height = new Int32Array(size);
    this.offset = new Int32Array(size);
  }

  /**
   * Packs one group: the boxes [0, count), ordered by start. The lanes that it needs. O(k log k) for any k of them, whatever
   * their heights.
   */
  pack(count: number): number {
    let lanes = this.#packFew(count);
    if (lanes < 0) lanes = this.#packEqual(count);
    if (lanes < 0) lanes = this.#packMany(count);
    return lanes;
  }

  /** Keeps the open boxes in order of offset and looks for the first gap between them. -1 where they become many. */
  #packFew(count: number): number {
    const open = this.#open;
    let openCount = 0;
    let lanes = 0;
    for (let box = 0; box < count; box++) {
      const start = this.start[box]!;
      const height = this.height[box]!;
      let offset = 0;
      let place = -1;
      let kept = 0;
      for (let n = 0; n < openCount; n++) {
        const other = open[n]!;
        if (this.end[other]! <= start) continue;
        if (place < 0) {
          if (this.offset[other]! - offset >= height) place = kept;
          else offset = this.offset[other]! + this.height[other]!;
        }
        open[kept++] = other;
      }
      if (place < 0) place = kept;
      if (kept === manyAtOnce) return -1;
      open.copyWithin(place + 1, place, kept);
      open[place] = box;
      openCount = kept + 1;
      this.offset[box] = offset;
      if (offset + height > lanes) lanes = offset + height;
    }
    return lanes;
  }

  /**
   * Boxes of one height, as the many leaves of one span are, only ever lie at multiples of it. A tree of minima over
   * these slots finds the lowest that has ended: four times as fast as runs of lanes. -1 where heights differ.
   */
  #packEqual(count: number): number {
    const height = this.height[0]!;
    for (let box = 1; box < count; box++) if (this.height[box]! !== height) return -1;
    // As deep as slots are in use, not as there are boxes: a million of them seldom run at the same time.
    let slots = fewestSlots;
    // Node n has the children 2n and 2n + 1; the ends of the slots stand from `slots` on.
    let earliestEnd = new Float64Array(slots * 2).fill(-Infinity);
    let used = 0;
    for (let box = 0; box < count; box++) {
      const start = this.start[box]!;
      if (earliestEnd[1]! > start) {
        earliestEnd = twiceTheSlots(earliestEnd);
        slots *= 2;
      }
      let node = 1;
      while (node < slots) node = earliestEnd[node * 2]! <= start ? node * 2 : node * 2 + 1;
      const slot = node - slots;
      this.offset[box] = slot * height;
      if (slot >= used) used = slot + 1;
      earliestEnd[node] = this.end[box]!;
      while (node > 1) {
        const other = earliestEnd[node ^ 1]!;
        const earlier = other < earliestEnd[node]! ? other : earliestEnd[node]!;
        node >>= 1;
        if (earliestEnd[node] === earlier) break;
        earliestEnd[node] = earlier;
      }
    }
    return used * height;
  }

  #packMany(count: number): number {
    let capacity = 0;
    for (let box = 0; box < count; box++) capacity += this.height[box]!;
    this.#allocator.reset(capacity);
    if (this.#open.length < count) this.#open = new Int32Array(count);
    let openCount = 0;
    let lanes = 0;
    for (let box = 0; box < count; box++) {
      while (openCount > 0 && this.end[this.#open[0]!]! <= this.start[box]!) {
        const ended = this.#open[0]!;
        this.#allocator.release(this.offset[ended]!, this.height[ended]!);
        openCount = this.#popEarliestEnd(openCount);
      }
      const offset = this.#allocator.take(this.height[box]!);
      this.offset[box] = offset;
      openCount = this.#pushByEnd(box, openCount);
      if (offset + this.height[box]! > lanes) lanes = offset + this.height[box]!;
    }
    return lanes;
  }

  /** A binary heap, the earliest end at its top. */
  #pushByEnd(box: number, count: number): number {
    const heap = this.#open;
    const end = this.end[box]!;
    let at = count;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.end[heap[above]!]! <= end) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = box;
    return count + 1;
  }

  #popEarliestEnd(count: number): number {
    const heap = this.#open;
    const remaining = count - 1;
    const moved = heap[remaining]!;
    const end = this.end[moved]!;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= remaining) break;
      if (below + 1 < remaining && this.end[heap[below + 1]!]! < this.end[heap[below]!]!) below++;
      if (this.end[heap[below]!]! >= end) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = moved;
    return remaining;
  }
}

/** A tree of minima with as many slots again, none of which has an end yet. */
function twiceTheSlots(earliestEnd: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(earliestEnd.length * 2).fill(-Infinity);
  // Each level moves to the left half of the one below; the new root is the minimum of the old one and of nothing.
  for (let level = 1; level < earliestEnd.length; level *= 2) {
    wider.set(earliestEnd.subarray(level, level * 2), level * 2);
  }
  return wider;
}
