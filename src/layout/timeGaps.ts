import type { SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { type ShownPosition, type ShownTree, spanAtPosition } from './shownTree.ts';

export interface GapOptions {
  /** @default 100 ms, as Sentry marks missing instrumentation */
  atLeast?: Nanoseconds;
}

/** A row for time in which a span has children and none of them runs: something was done there that nobody recorded. */
export interface GapRow {
  readonly type: 'gap';
  /** The span that lasts through the gap; undefined between two roots. */
  readonly parent: SpanIndex | undefined;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
  readonly duration: Nanoseconds;
}

/** Gaps by number. */
export interface TimeGaps {
  readonly count: number;
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** The position of the span that lasts through it, -1 between roots. */
  readonly parent: Int32Array;
  /** The position that its row comes before; of a gap after the last child, where the parent's subtree ends. */
  readonly before: Int32Array;
  /** By position: the gap between it and what came before it in its parent, or -1. */
  readonly leading: Int32Array;
  /** By position: the gap after its last child, or -1. */
  readonly trailing: Int32Array;
}

/**
 * One pass in depth-first order, in which siblings come by start: what a span's children have covered so far reaches to one
 * moment, and a gap is from there to the next child. Children are clipped to their parent. A span without children has no
 * gaps, and an open one none after its last child: how long it lasts is not known.
 */
export function timeGaps(trace: Trace, tree: ShownTree, { atLeast = 100e6 }: GapOptions): TimeGaps {
  const { length, parent, subtreeEnd } = tree;
  const least = Math.max(atLeast, 1);
  const list = new GapList(length);
  const coveredUntil = new Float64Array(length);
  let coveredByRoots = Infinity;
  for (let position = 0; position < length; position++) {
    const span = spanAtPosition(tree, position);
    const start = spanStart(trace, span);
    const end = spanEnd(trace, span);
    coveredUntil[position] = start;
    const above = parent[position]!;
    const covered = above < 0 ? coveredByRoots : coveredUntil[above]!;
    const gapEnd = above < 0 ? start : Math.min(start, spanEnd(trace, spanAtPosition(tree, above)));
    if (gapEnd - covered >= least) list.leading[position] = list.add(covered, gapEnd, above, position);
    if (above >= 0) coveredUntil[above] = Math.max(covered, end);
    else coveredByRoots = Math.max(coveredByRoots === Infinity ? 0 : coveredByRoots, end);
  }
  for (let position = 0; position < length; position++) {
    const span = spanAtPosition(tree, position);
    if (subtreeEnd[position] === position + 1 || Number.isNaN(trace.columns.duration[span]!)) continue;
    const end = spanEnd(trace, span);
    if (end - coveredUntil[position]! >= least) {
      list.trailing[position] = list.add(coveredUntil[position]!, end, position, subtreeEnd[position]!);
    }
  }
  return list.toGaps();
}

export function gapRow(tree: ShownTree, gaps: TimeGaps, gap: number): GapRow {
  const start = gaps.start[gap]!;
  const end = gaps.end[gap]!;
  const parent = gaps.parent[gap]!;
  return {
    type: 'gap',
    parent: parent < 0 ? undefined : spanAtPosition(tree, parent),
    start,
    end,
    duration: end - start,
  };
}

class GapList {
  readonly leading: Int32Array;
  readonly trailing: Int32Array;
  #count = 0;
  #start: Float64Array = new Float64Array(64);
  #end: Float64Array = new Float64Array(64);
  #parent: Int32Array = new Int32Array(64);
  #before: Int32Array = new Int32Array(64);

  constructor(length: number) {
    this.leading = new Int32Array(length).fill(-1);
    this.trailing = new Int32Array(length).fill(-1);
  }

  add(start: Nanoseconds, end: Nanoseconds, parent: ShownPosition, before: ShownPosition): number {
    if (this.#count === this.#start.length) {
      this.#start = grown(this.#start);
      this.#end = grown(this.#end);
      this.#parent = grown(this.#parent);
      this.#before = grown(this.#before);
    }
    this.#start[this.#count] = start;
    this.#end[this.#count] = end;
    this.#parent[this.#count] = parent;
    this.#before[this.#count] = before;
    return this.#count++;
  }

  toGaps(): TimeGaps {
    return {
      count: this.#count,
      start: this.#start.subarray(0, this.#count),
      end: this.#end.subarray(0, this.#count),
      parent: this.#parent.subarray(0, this.#count),
      before: this.#before.subarray(0, this.#count),
      leading: this.leading,
      trailing: this.trailing,
    };
  }
}
