import { grown } from '../model/grow.ts';

const uniformFree = 1;
const uniformBusy = 2;
const mixed = 0;

/**
 * A stack of lanes, each free or taken, that finds the lowest run of free ones.
 *
 * A segment tree over the lanes: each node knows its longest free run and those at its two edges, so that the lowest
 * run of a length is found, and a run is taken or given back, in O(log lanes). Nodes are made only where lanes differ,
 * which keeps a group that holds one subtree of 100,000 lanes and a few of one lane cheap.
 *
 * (The same structure as for allotting hotel rooms or memory, first fit; SigNoz packs its flame graph's lanes likewise.)
 */
export class LaneAllocator {
  #size = 1;
  #nodes = 0;
  /** The first of a node's two children, the second follows it; 0 for none yet. */
  #child: Int32Array = new Int32Array(64);
  #state: Uint8Array = new Uint8Array(64);
  #fromLeft: Int32Array = new Int32Array(64);
  #fromRight: Int32Array = new Int32Array(64);
  #longest: Int32Array = new Int32Array(64);

  /** Starts anew with at least `lanes` lanes, all free. */
  reset(lanes: number): void {
    this.#size = 1;
    while (this.#size < lanes) this.#size *= 2;
    this.#nodes = 0;
    this.#newNode();
    this.#setUniform(0, this.#size, uniformFree);
  }

  /** Takes the lowest `count` free lanes that lie together; the first of them. There must be room. */
  take(count: number): number {
    const first = this.#lowestRun(count);
    this.#assign(0, 0, this.#size, first, first + count, uniformBusy);
    return first;
  }

  release(first: number, count: number): void {
    this.#assign(0, 0, this.#size, first, first + count, uniformFree);
  }

  #lowestRun(count: number): number {
    let node = 0;
    let first = 0;
    let size = this.#size;
    while (this.#state[node] === mixed) {
      const left = this.#child[node]!;
      size >>= 1;
      const acrossMiddle = this.#fromRight[left]! + this.#fromLeft[left + 1]!;
      if (this.#longest[left]! >= count) {
        node = left;
      } else if (acrossMiddle >= count) {
        return first + size - this.#fromRight[left]!;
      } else {
        node = left + 1;
        first += size;
      }
    }
    return first;
  }

  /** Recursion as deep as the tree is: 20 for a million lanes. */
  #assign(node: number, nodeFirst: number, size: number, first: number, end: number, state: number): void {
    if (first <= nodeFirst && nodeFirst + size <= end) {
      this.#setUniform(node, size, state);
      return;
    }
    const half = size >> 1;
    const middle = nodeFirst + half;
    if (this.#state[node] !== mixed) this.#split(node, half);
    const left = this.#child[node]!;
    if (first < middle) this.#assign(left, nodeFirst, half, first, end, state);
    if (end > middle) this.#assign(left + 1, middle, half, first, end, state);
    this.#join(node, left, half);
  }

  #split(node: number, half: number): void {
    if (this.#child[node] === 0) {
      const left = this.#newNode();
      this.#newNode();
      this.#child[node] = left;
    }
    const left = this.#child[node]!;
    const state = this.#state[node]!;
    this.#setUniform(left, half, state);
    this.#setUniform(left + 1, half, state);
    this.#state[node] = mixed;
  }

  #join(node: number, left: number, half: number): void {
    const right = left + 1;
    if (this.#state[left] !== mixed && this.#state[left] === this.#state[right]) {
      this.#setUniform(node, half * 2, this.#state[left]!);
      return;
    }
    const leftLength = this.#fromLeft[left]!;
    const rightLength = this.#fromRight[right]!;
    this.#fromLeft[node] = leftLength === half ? half + this.#fromLeft[right]! : leftLength;
    this.#fromRight[node] = rightLength === half ? half + this.#fromRight[left]! : rightLength;
    this.#longest[node] = Math.max(
      this.#longest[left]!,
      this.#longest[right]!,
      this.#fromRight[left]! + this.#fromLeft[right]!,
    );
  }

  #setUniform(node: number, size: number, state: number): void {
    const free = state === uniformFree ? size : 0;
    this.#state[node] = state;
    this.#fromLeft[node] = free;
    this.#fromRight[node] = free;
    this.#longest[node] = free;
  }

  #newNode(): number {
    const node = this.#nodes++;
    if (node === this.#state.length) {
      this.#child = grown(this.#child);
      this.#state = grown(this.#state);
      this.#fromLeft = grown(this.#fromLeft);
      this.#fromRight = grown(this.#fromRight);
      this.#longest = grown(this.#longest);
    }
    this.#child[node] = 0;
    return node;
  }
}
