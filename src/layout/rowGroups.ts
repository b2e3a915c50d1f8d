import { type SpanIndex, statusCode } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { type ShownPosition, type ShownTree, spanAtPosition } from './shownTree.ts';

/** What becomes one row. Each rule is asked of two spans at a time, so none walks the trace. */
export interface GroupRules {
  /**
   * Whether two neighbouring siblings, both without children, are the same thing done again. `a` is the first of the group.
   * @default the same name, service and kind
   */
  areAlike?: (trace: Trace, a: SpanIndex, b: SpanIndex) => boolean;
  /** How many alike siblings make a group. @default 5 */
  minSiblings?: number;
  /**
   * Whether a span and its only child are one step told twice.
   * @default the same name and service
   */
  isChainLink?: (trace: Trace, parent: SpanIndex, onlyChild: SpanIndex) => boolean;
  /** How many spans make a chain. @default 2 */
  minChain?: number;
}

/**
 * A row in place of several spans. Of a chain, the children of its last span are shown below the row; open, a group shows its
 * spans below it as well.
 */
export interface GroupRow {
  readonly type: 'group';
  readonly of: 'siblings' | 'chain';
  /** The key of its first span: stable while the trace grows. */
  readonly key: string;
  readonly first: SpanIndex;
  /** In order; of a chain from the outermost in. */
  readonly spans: Int32Array;
  readonly count: number;
  /** How many of them have the status `error`. */
  readonly errors: number;
  /** The first start and the last end, as drawn. */
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
  /** Of siblings the sum of their durations, as drawn; of a chain that of its outermost span, which holds the others. */
  readonly totalDuration: Nanoseconds;
  readonly isExpanded: boolean;
}

/** Groups by number, in order of their first position; no two overlap. The spans of each are neighbouring positions. */
export interface RowGroups {
  readonly count: number;
  readonly first: Int32Array;
  /** The last position, itself included. */
  readonly last: Int32Array;
  /** 1 for a chain. */
  readonly isChain: Uint8Array;
  /** By position: the number of the group that begins there, or -1. */
  readonly beginning: Int32Array;
}

/** One pass: alike leaves of one parent are neighbouring positions, and so are a span and its only child. */
export function rowGroups(trace: Trace, tree: ShownTree, rules: GroupRules): RowGroups {
  const { areAlike = isSameCall, isChainLink = isSameStep } = rules;
  const minSiblings = Math.max(2, rules.minSiblings ?? 5);
  const minChain = Math.max(2, rules.minChain ?? 2);
  const { length, parent, subtreeEnd } = tree;
  const spanAt = (position: ShownPosition) => spanAtPosition(tree, position);
  const isLeaf = (position: ShownPosition) => subtreeEnd[position] === position + 1;
  const list = new GroupList(length);
  for (let position = 0; position < length; ) {
    let next = position + 1;
    if (isLeaf(position)) {
      while (
        next < length &&
        parent[next] === parent[position] &&
        isLeaf(next) &&
        areAlike(trace, spanAt(position), spanAt(next))
      )
        next++;
      if (next - position >= minSiblings) list.add(position, next - 1, false);
    } else {
      while (
        subtreeEnd[next - 1]! > next &&
        subtreeEnd[next] === subtreeEnd[next - 1] &&
        isChainLink(trace, spanAt(next - 1), spanAt(next))
      )
        next++;
      if (next - position >= minChain) list.add(position, next - 1, true);
      // A link that is none by itself may begin another chain; a shorter chain leaves its spans as they are.
    }
    position = next;
  }
  return list.toGroups();
}

/** The number of the group that a position belongs to, or -1. */
export function groupOfPosition(groups: RowGroups, position: ShownPosition): number {
  let low = 0;
  let high = groups.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (groups.first[middle]! <= position) low = middle + 1;
    else high = middle;
  }
  return low > 0 && groups.last[low - 1]! >= position ? low - 1 : -1;
}

export function groupRow(
  trace: Trace,
  tree: ShownTree,
  groups: RowGroups,
  group: number,
  isExpanded: boolean,
): GroupRow {
  const from = groups.first[group]!;
  const count = groups.last[group]! - from + 1;
  const isChain = groups.isChain[group] === 1;
  const spans = Int32Array.from({ length: count }, (_, at) => spanAtPosition(tree, from + at));
  const first = spans[0]!;
  let errors = 0;
  let start = Infinity;
  let end = -Infinity;
  let totalDuration = 0;
  for (const span of spans) {
    const spanStarts = spanStart(trace, span);
    const spanEnds = spanEnd(trace, span);
    if (trace.columns.status[span] === statusCode.error) errors++;
    start = Math.min(start, spanStarts);
    end = Math.max(end, spanEnds);
    if (!isChain || span === first) totalDuration += spanEnds - spanStarts;
  }
  const of = isChain ? 'chain' : 'siblings';
  return {
    type: 'group',
    of,
    key: trace.spanAt(first).key,
    first,
    spans,
    count,
    errors,
    start,
    end,
    totalDuration,
    isExpanded,
  };
}

function isSameCall({ columns }: Trace, a: SpanIndex, b: SpanIndex): boolean {
  const { name, service, kind } = columns;
  return name[a] === name[b] && service[a] === service[b] && kind[a] === kind[b];
}

function isSameStep({ columns }: Trace, a: SpanIndex, b: SpanIndex): boolean {
  return columns.name[a] === columns.name[b] && columns.service[a] === columns.service[b];
}

class GroupList {
  #count = 0;
  #first: Int32Array = new Int32Array(64);
  #last: Int32Array = new Int32Array(64);
  #isChain: Uint8Array = new Uint8Array(64);
  readonly #beginning: Int32Array;

  constructor(length: number) {
    this.#beginning = new Int32Array(length).fill(-1);
  }

  add(first: ShownPosition, last: ShownPosition, isChain: boolean): void {
    if (this.#count === this.#first.length) {
      this.#first = grown(this.#first);
      this.#last = grown(this.#last);
      this.#isChain = grown(this.#isChain);
    }
    this.#first[this.#count] = first;
    this.#last[this.#count] = last;
    this.#isChain[this.#count] = isChain ? 1 : 0;
    this.#beginning[first] = this.#count++;
  }

  toGroups(): RowGroups {
    return {
      count: this.#count,
      first: this.#first.slice(0, this.#count),
      last: this.#last.slice(0, this.#count),
      isChain: this.#isChain.slice(0, this.#count),
      beginning: this.#beginning,
    };
  }
}
