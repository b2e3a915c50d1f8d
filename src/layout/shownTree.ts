import type { SpanIndex } from '../model/columns.ts';
import { hasBit, type SpanBits, setBit, spanBits } from '../model/spanBits.ts';
import type { Span, Trace } from '../model/trace.ts';
import { indexOf } from '../transforms/timeBounds.ts';

export interface ShownTreeOptions {
  /** Shows the subtree of this span alone (its index, view or key), the span itself as root. @default the whole trace */
  focus?: SpanIndex | Span | string;
  /** Shows these spans alone, and the spans above them. @default all */
  matches?: SpanBits;
  /** Leaves these spans out; what is below them moves up to the next span that is shown. @default none */
  hide?: SpanBits | ((index: SpanIndex) => boolean);
}

/** A span's place among the spans that a view shows, in depth-first order. */
export type ShownPosition = number;

/**
 * The tree that a view shows: the trace's own, or what focus, search and hiding leave of it, closed up, so that walks and
 * toggles meet no span that is left out.
 *
 * ```
 * trace   0 agent  1 langgraph (hidden)  2 llm  3 tool         position   0       1     2
 *                                                              spans      0       2     3
 *                                                              parent     -1      0     0
 *                                                              subtreeEnd 3       2     3
 * ```
 */
export interface ShownTree {
  readonly length: number;
  /** By position, ascending. Undefined where every span stands at its own index. */
  readonly spans: Int32Array | undefined;
  /** Positions; -1 for a root. */
  readonly parent: Int32Array;
  /** Positions. */
  readonly subtreeEnd: Int32Array;
  readonly depth: Int32Array;
  /** How many spans `hide` leaves out that would be shown without it. */
  readonly hiddenCount: number;
}

export function shownTree(trace: Trace, { focus, matches, hide }: ShownTreeOptions): ShownTree {
  const { parent, subtreeEnd, depth, length } = trace.columns;
  if (focus === undefined && !matches && !hide) {
    return { length, spans: undefined, parent, subtreeEnd, depth, hiddenCount: 0 };
  }
  const first = focusIndex(trace, focus);
  const end = first === undefined ? length : subtreeEnd[first]!;
  const kept = matches && withAncestors(trace, matches);
  const hidden = typeof hide === 'function' ? spanBits(trace, hide) : hide;
  return closedUp(trace, first ?? 0, end, kept, hidden);
}

/** Undefined for no focus. Throws a RangeError for a span that the trace does not have. */
export function focusIndex(trace: Trace, focus: SpanIndex | Span | string | undefined): SpanIndex | undefined {
  if (focus === undefined) return undefined;
  return typeof focus === 'number' ? trace.spanAt(focus).index : indexOf(trace, focus);
}

/** The spans and all that they lie below. */
export function withAncestors(trace: Trace, bits: SpanBits): SpanBits {
  const { length, parent } = trace.columns;
  const kept = bits.slice();
  // From the last to the first, all descendants come before their ancestor.
  for (let index = length - 1; index >= 0; index--) {
    if (parent[index]! >= 0 && hasBit(kept, index)) setBit(kept, parent[index]!, true);
  }
  return kept;
}

function closedUp(
  trace: Trace,
  first: SpanIndex,
  end: SpanIndex,
  kept: SpanBits | undefined,
  hidden: SpanBits | undefined,
): ShownTree {
  const isKept = (index: SpanIndex) => !kept || hasBit(kept, index);
  const isShown = (index: SpanIndex) => isKept(index) && !(hidden && hasBit(hidden, index));
  let length = 0;
  let hiddenCount = 0;
  for (let index = first; index < end; index++) {
    if (isShown(index)) length++;
    else if (isKept(index)) hiddenCount++;
  }
  const spans = new Int32Array(length);
  const parent = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  const depth = new Int32Array(length);
  // The shown spans that the walk is within, outermost first.
  const path: ShownPosition[] = [];
  const leave = (index: SpanIndex, position: ShownPosition) => {
    while (path.length > 0 && trace.columns.subtreeEnd[spans[path.at(-1)!]!]! <= index)
      subtreeEnd[path.pop()!] = position;
  };
  let position = 0;
  for (let index = first; index < end; index++) {
    if (!isShown(index)) continue;
    leave(index, position);
    spans[position] = index;
    parent[position] = path.at(-1) ?? -1;
    depth[position] = path.length;
    path.push(position++);
  }
  leave(end, position);
  return { length, spans, parent, subtreeEnd, depth, hiddenCount };
}

export function spanAtPosition({ spans }: ShownTree, position: ShownPosition): SpanIndex {
  return spans ? spans[position]! : position;
}

/** -1 where the view does not show the span. */
export function positionOf(tree: ShownTree, index: SpanIndex): ShownPosition {
  if (!tree.spans) return index >= 0 && index < tree.length ? index : -1;
  let low = 0;
  let high = tree.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tree.spans[middle]! < index) low = middle + 1;
    else high = middle;
  }
  return tree.spans[low] === index ? low : -1;
}
