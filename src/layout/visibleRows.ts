import { grown } from '../model/grow.ts';
import { hasBit, type SpanBits } from '../model/spanBits.ts';
import type { RowGroups } from './rowGroups.ts';
import { type ShownPosition, type ShownTree, spanAtPosition } from './shownTree.ts';
import type { TimeGaps } from './timeGaps.ts';

/**
 * A row: from 0 up a span's index, below 0 a row of another kind, the groups from -1 down and the gaps below them.
 */
export type RowValue = number;

/** What rows are made of, shared by all layouts that differ in what is collapsed, open, or zoomed to. */
export interface RowSource {
  readonly tree: ShownTree;
  readonly groups: RowGroups | undefined;
  readonly gaps: TimeGaps | undefined;
}

export interface RowState {
  readonly collapsed: SpanBits;
  /** By the group's number. */
  readonly expandedGroups: SpanBits;
}

export interface Rows {
  readonly values: Int32Array;
  /** Undefined where each row's depth is that of its span in the shown tree. */
  readonly depths: Int32Array | undefined;
}

export const noRows: Rows = { values: new Int32Array(0), depths: undefined };

export function groupValue(group: number): RowValue {
  return -1 - group;
}

export function gapValue({ groups }: RowSource, gap: number): RowValue {
  return -1 - (groups?.count ?? 0) - gap;
}

/** Which group or gap a value below 0 stands for. */
export function specialOf({ groups }: RowSource, value: RowValue): { group: number } | { gap: number } {
  const number = -1 - value;
  const groupCount = groups?.count ?? 0;
  return number < groupCount ? { group: number } : { gap: number - groupCount };
}

export interface RowWalk {
  /** Positions [from, end) that are whole subtrees. */
  from: ShownPosition;
  end: ShownPosition;
  /** How much deeper (or less deep) than in the tree the first of them is drawn. */
  shift: number;
  /** The span whose children these are: its gap after the last child comes last. */
  parent?: ShownPosition;
  /** Leaves out the gap before the first position: its row stands already. */
  withoutFirstGap?: boolean;
}

/** The rows of some positions: a walk that hops over what is collapsed and costs by the rows that it gives. */
export function visibleRows(source: RowSource, state: RowState, walk: RowWalk): Rows {
  return source.groups || source.gaps
    ? new SpecialWalk(source, state).rows(walk)
    : spanRows(source.tree, state.collapsed, walk);
}

/** Spans alone: one pass counts, one fills. */
function spanRows(tree: ShownTree, collapsed: SpanBits, { from, end }: RowWalk): Rows {
  const { subtreeEnd } = tree;
  const next = (position: ShownPosition) =>
    hasBit(collapsed, spanAtPosition(tree, position)) ? subtreeEnd[position]! : position + 1;
  let count = 0;
  for (let position = from; position < end; count++) position = next(position);
  const values = new Int32Array(count);
  let position = from;
  for (let row = 0; row < count; row++) {
    values[row] = spanAtPosition(tree, position);
    position = next(position);
  }
  return { values, depths: undefined };
}

/** Groups and gaps too. */
class SpecialWalk {
  readonly #source: RowSource;
  readonly #state: RowState;
  #values: Int32Array = new Int32Array(64);
  #depths: Int32Array = new Int32Array(64);
  #count = 0;
  #shift = 0;
  /** What ends at a position further on, the innermost last: a change of depth, and a gap to tell of there (-1: none). */
  readonly #scopes: { end: ShownPosition; shift: number; gap: number; depth: number }[] = [];

  constructor(source: RowSource, state: RowState) {
    this.#source = source;
    this.#state = state;
  }

  rows({ from, end, shift, parent, withoutFirstGap }: RowWalk): Rows {
    const { tree, groups, gaps } = this.#source;
    this.#shift = shift;
    if (parent !== undefined) this.#enter(parent);
    let position = from;
    for (;;) {
      this.#leaveUpTo(position);
      if (position >= end) break;
      const depth = tree.depth[position]! + this.#shift;
      const gap = gaps ? gaps.leading[position]! : -1;
      if (gap >= 0 && !(withoutFirstGap && position === from)) this.#add(gapValue(this.#source, gap), depth);
      const group = groups ? groups.beginning[position]! : -1;
      position = group >= 0 ? this.#group(group, position, depth) : this.#span(position, depth);
    }
    return { values: this.#values.slice(0, this.#count), depths: this.#depths.slice(0, this.#count) };
  }

  /** The row of a group, and where the walk goes on. */
  #group(group: number, first: ShownPosition, depth: number): ShownPosition {
    const { tree, groups } = this.#source;
    const last = groups!.last[group]!;
    const isChain = groups!.isChain[group] === 1;
    this.#add(groupValue(group), depth);
    if (hasBit(this.#state.expandedGroups, group)) {
      this.#scopes.push({ end: isChain ? tree.subtreeEnd[first]! : last + 1, shift: 1, gap: -1, depth });
      this.#shift += 1;
      return this.#span(first, depth + 1);
    }
    if (!isChain) return last + 1;
    for (let position = first; position <= last; position++) {
      if (hasBit(this.#state.collapsed, spanAtPosition(tree, position))) return tree.subtreeEnd[first]!;
    }
    // The last span's children are drawn right below the row of the chain.
    this.#scopes.push({ end: tree.subtreeEnd[last]!, shift: first - last, gap: -1, depth });
    this.#shift += first - last;
    this.#enter(last);
    return last + 1;
  }

  #span(position: ShownPosition, depth: number): ShownPosition {
    const { tree } = this.#source;
    const span = spanAtPosition(tree, position);
    this.#add(span, depth);
    if (hasBit(this.#state.collapsed, span)) return tree.subtreeEnd[position]!;
    this.#enter(position);
    return position + 1;
  }

  #enter(position: ShownPosition): void {
    const { tree, gaps } = this.#source;
    const gap = gaps ? gaps.trailing[position]! : -1;
    if (gap < 0) return;
    this.#scopes.push({
      end: tree.subtreeEnd[position]!,
      shift: 0,
      gap,
      depth: tree.depth[position]! + this.#shift + 1,
    });
  }

  #leaveUpTo(position: ShownPosition): void {
    while (this.#scopes.length > 0 && this.#scopes.at(-1)!.end <= position) {
      const { shift, gap, depth } = this.#scopes.pop()!;
      this.#shift -= shift;
      if (gap >= 0) this.#add(gapValue(this.#source, gap), depth);
    }
  }

  #add(value: RowValue, depth: number): void {
    if (this.#count === this.#values.length) {
      this.#values = grown(this.#values);
      this.#depths = grown(this.#depths);
    }
    this.#values[this.#count] = value;
    this.#depths[this.#count++] = depth;
  }
}
