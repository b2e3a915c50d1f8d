import type { Trace } from '../model/trace.ts';
import type { SpanMatches } from './spanMatching.ts';

/** The tree of two traces' pairs: columns by row, a parent before its children. */
export interface MergedRows {
  readonly length: number;
  /** -1 where only b has the span. */
  readonly spanInA: Int32Array;
  /** -1 where only a has the span. */
  readonly spanInB: Int32Array;
  /** -1 for a root. */
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly depth: Int32Array;
  /** 1 where the parents of a pair are no pair. */
  readonly isMoved: Uint8Array;
  /** Each span's row, by span index. */
  readonly rowOfA: Int32Array;
  readonly rowOfB: Int32Array;
}

/**
 * A pair stands where b has it; what only a has stands below the row of its parent in a, after the row of the sibling
 * before it, if that is still there. O(n).
 */
export function mergedRows(a: Trace, b: Trace, matches: SpanMatches): MergedRows {
  const lists = siblingLists(a, b, matches);
  const length = lists.spanInA.length;
  const spanInA = new Int32Array(length);
  const spanInB = new Int32Array(length);
  const parent = new Int32Array(length);
  const subtreeEnd = new Int32Array(length);
  const depth = new Int32Array(length);
  const isMoved = new Uint8Array(length);
  const rowOfA = new Int32Array(a.spanCount);
  const rowOfB = new Int32Array(b.spanCount);
  // The way down to the row at hand: nodes, and the row of each.
  const path: number[] = [];
  const rows: number[] = [];
  let node = lists.firstChild[length]!;
  for (let row = 0; row < length; row++) {
    const [inA, inB] = [lists.spanInA[node]!, lists.spanInB[node]!];
    spanInA[row] = inA;
    spanInB[row] = inB;
    parent[row] = rows.at(-1) ?? -1;
    depth[row] = rows.length;
    if (inA >= 0) rowOfA[inA] = row;
    if (inB >= 0) rowOfB[inB] = row;
    if (inA >= 0 && inB >= 0) isMoved[row] = areParentsApart(a, inA, b, inB, matches) ? 1 : 0;
    path.push(node);
    rows.push(row);
    let next = lists.firstChild[node]!;
    while (next < 0 && path.length > 0) {
      subtreeEnd[rows.pop()!] = row + 1;
      next = lists.nextSibling[path.pop()!]!;
    }
    node = next;
  }
  return { length, spanInA, spanInB, parent, subtreeEnd, depth, isMoved, rowOfA, rowOfB };
}

function areParentsApart(a: Trace, inA: number, b: Trace, inB: number, { inB: matchOf }: SpanMatches): boolean {
  const above = a.columns.parent[inA]!;
  return (above < 0 ? -1 : matchOf[above]! < 0 ? -2 : matchOf[above]!) !== b.columns.parent[inB]!;
}

/** Nodes: the spans of b by index, then those that only a has. The one after the last stands above the roots. */
function siblingLists(a: Trace, b: Trace, { inA, inB }: SpanMatches) {
  const countOfB = b.spanCount;
  const nodeOfA = new Int32Array(a.spanCount);
  let length = countOfB;
  for (let span = 0; span < a.spanCount; span++) nodeOfA[span] = inB[span]! >= 0 ? inB[span]! : length++;
  const top = length;
  const spanInA = new Int32Array(length).fill(-1);
  const spanInB = new Int32Array(length).fill(-1);
  spanInA.set(inA);
  const firstChild = new Int32Array(length + 1).fill(-1);
  const nextSibling = new Int32Array(length).fill(-1);
  // From the last to the first, so that each goes before those after it.
  for (let span = countOfB - 1; span >= 0; span--) {
    spanInB[span] = span;
    const above = b.columns.parent[span]! < 0 ? top : b.columns.parent[span]!;
    nextSibling[span] = firstChild[above]!;
    firstChild[above] = span;
  }
  // By node: the last child so far, in a's order, that stands below it.
  const lastPlaced = new Int32Array(length + 1).fill(-1);
  for (let span = 0; span < a.spanCount; span++) {
    const node = nodeOfA[span]!;
    const above = a.columns.parent[span]! < 0 ? top : nodeOfA[a.columns.parent[span]!]!;
    if (node < countOfB) {
      const aboveInB = b.columns.parent[node]! < 0 ? top : b.columns.parent[node]!;
      if (aboveInB === above) lastPlaced[above] = node;
      continue;
    }
    spanInA[node] = span;
    const before = lastPlaced[above]!;
    if (before < 0) {
      nextSibling[node] = firstChild[above]!;
      firstChild[above] = node;
    } else {
      nextSibling[node] = nextSibling[before]!;
      nextSibling[before] = node;
    }
    lastPlaced[above] = node;
  }
  return { spanInA, spanInB, firstChild, nextSibling };
}
