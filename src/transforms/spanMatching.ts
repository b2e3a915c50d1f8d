import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentColumns } from './agentColumns.ts';
import { commonSubsequence } from './commonSubsequence.ts';
import { likeness } from './nameLikeness.ts';
import type { NameKey } from './sameNames.ts';
import { type SpanShapes, spanShapes } from './spanShapes.ts';

/** Which span of one trace is which of another: -1 where it is none. */
export interface SpanMatches {
  /** By span index of a. */
  readonly inB: Int32Array;
  /** By span index of b. */
  readonly inA: Int32Array;
}

/**
 * Finds again the spans of a trace in another, in five steps, as GumTree does for programs (Falleri and others, "Fine-grained and
 * accurate source code differencing", 2014):
 *
 * 1. Down the tree: children of a pair are paired in order, alike subtrees first, then by kind and name; then those that only
 *    came in another order; then those whose name alone differs from another's with the same tree below it.
 * 2. Subtrees left on both sides that are alike, the largest first: moved. Of a single span only where no other is like it.
 * 3. Spans left whose kind and name no other has: moved, and changed below.
 * 4. Up the tree: parents left whose children are pairs, where the name is the same or the place is.
 * 5. Spans left in one place, between the same neighbours, that are of one kind and whose names are alike: renamed. A name
 *    that is nothing like the one before is told from another span by nothing: removed and added.
 */
export function matchSpans(a: Trace, b: Trace, sameName: NameKey): SpanMatches {
  const matching = new Matching(a, b, spanShapes([a, b], sameName));
  matching.downFrom(-1, -1);
  matching.moved();
  matching.unique();
  matching.up();
  matching.renamed(agentColumns(a).kind, agentColumns(b).kind);
  return { inB: matching.inB, inA: matching.inA };
}

class Matching {
  readonly inA: Int32Array;
  readonly inB: Int32Array;
  readonly #a: Trace['columns'];
  readonly #b: Trace['columns'];
  readonly #shapesA: SpanShapes;
  readonly #shapesB: SpanShapes;
  /** Pairs whose children are still to be paired: a, b, a, b, … */
  readonly #open: number[] = [];

  constructor(a: Trace, b: Trace, [shapesA, shapesB]: [SpanShapes, SpanShapes]) {
    this.#a = a.columns;
    this.#b = b.columns;
    this.#shapesA = shapesA;
    this.#shapesB = shapesB;
    this.inB = new Int32Array(a.spanCount).fill(-1);
    this.inA = new Int32Array(b.spanCount).fill(-1);
  }

  /** -1 for what stands above the roots. */
  downFrom(a: SpanIndex, b: SpanIndex): void {
    this.#open.push(a, b);
    while (this.#open.length > 0) {
      const inB = this.#open.pop()!;
      const inA = this.#open.pop()!;
      this.#pairChildren(inA, inB);
    }
  }

  moved(): void {
    const left = unmatched(this.inB);
    if (left.length === 0) return;
    const byShape = listsBy(left, this.#shapesA.shape);
    const inB = unmatched(this.inA);
    const leavesInB = listsBy(
      inB.filter((span) => this.#shapesB.below[span] === 0),
      this.#shapesB.shape,
    );
    const size = (span: SpanIndex) => this.#b.subtreeEnd[span]! - span;
    inB.sort((one, other) => size(other) - size(one) || one - other);
    const next = new Map<number, number>();
    for (const span of inB) {
      if (this.inA[span]! >= 0) continue;
      const shape = this.#shapesB.shape[span]!;
      const alike = byShape.get(shape);
      if (!alike) continue;
      if (size(span) === 1 && (alike.length > 1 || leavesInB.get(shape)!.length > 1)) continue;
      let at = next.get(shape) ?? 0;
      while (at < alike.length && this.inB[alike[at]!]! >= 0) at++;
      next.set(shape, at + 1);
      if (at < alike.length) this.#pair(alike[at]!, span);
    }
  }

  unique(): void {
    const byKey = listsBy(unmatched(this.inB), this.#shapesA.key);
    for (const [key, spans] of listsBy(unmatched(this.inA), this.#shapesB.key)) {
      const others = byKey.get(key);
      if (spans.length !== 1 || others?.length !== 1) continue;
      const [a, b] = [others[0]!, spans[0]!];
      // Pairs found further down in the meantime stand.
      if (this.inB[a]! >= 0 || this.inA[b]! >= 0) continue;
      this.inB[a] = b;
      this.inA[b] = a;
      this.downFrom(a, b);
    }
  }

  up(): void {
    const { parent, subtreeEnd } = this.#b;
    for (let span = this.inA.length - 1; span >= 0; span--) {
      if (this.inA[span]! >= 0) continue;
      for (let child = span + 1; child < subtreeEnd[span]!; child = subtreeEnd[child]!) {
        const other = this.inA[child]! < 0 ? -1 : this.#a.parent[this.inA[child]!]!;
        if (other < 0 || this.inB[other]! >= 0) continue;
        const isSame = this.#shapesA.key[other] === this.#shapesB.key[span];
        if (!isSame && !this.#areInOnePlace(other, span, parent[span]!)) continue;
        this.inB[other] = span;
        this.inA[span] = other;
        this.downFrom(other, span);
        break;
      }
    }
  }

  renamed(kindsOfA: ArrayLike<number>, kindsOfB: ArrayLike<number>): void {
    const placeOfA = placesOfLeft(this.#a, this.inB, this.#b.parent);
    const placeOfB = placesOfLeft(this.#b, this.inA, this.#a.parent);
    // A place is that of b: below a span, after another; in a they stand for what they are paired with.
    const left = new Map<string, SpanIndex[]>();
    for (const [span, { above, before }] of placeOfA) {
      const aboveInB = above < 0 ? -1 : this.inB[above]!;
      if (above >= 0 && aboveInB < 0) continue;
      const place = `${aboveInB} ${before < 0 ? -1 : this.inB[before]!} ${kindsOfA[span]} ${this.#a.kind[span]}`;
      const spans = left.get(place);
      if (spans) spans.push(span);
      else left.set(place, [span]);
    }
    const found = new Map<string, SpanIndex[]>();
    for (const [span, { above, before }] of placeOfB) {
      const place = `${above} ${before} ${kindsOfB[span]} ${this.#b.kind[span]}`;
      if (!left.has(place)) continue;
      const spans = found.get(place);
      if (spans) spans.push(span);
      else found.set(place, [span]);
    }
    for (const [place, inB] of found) this.#pairRenamed(left.get(place)!, inB);
  }

  #pairRenamed(inA: readonly SpanIndex[], inB: readonly SpanIndex[]): void {
    if (inA.length > mostInOnePlace || inB.length > mostInOnePlace) return;
    const nameOf = ({ names, name }: Trace['columns'], span: SpanIndex) => names[name[span]!]!;
    const candidates = inA.flatMap((a) =>
      inB.map((b) => ({ a, b, score: likeness(nameOf(this.#a, a), nameOf(this.#b, b)) })),
    );
    candidates.sort((one, other) => other.score - one.score);
    for (const { a, b, score } of candidates) {
      if (score < leastLikeness || this.inB[a]! >= 0 || this.inA[b]! >= 0) continue;
      this.inB[a] = b;
      this.inA[b] = a;
      this.downFrom(a, b);
    }
  }

  #areInOnePlace(a: SpanIndex, b: SpanIndex, above: SpanIndex): boolean {
    const aboveInA = this.#a.parent[a]!;
    if (this.#a.kind[a] !== this.#b.kind[b]) return false;
    return aboveInA < 0 ? above < 0 : this.inB[aboveInA] === above;
  }

  #pair(a: SpanIndex, b: SpanIndex): void {
    const size = this.#a.subtreeEnd[a]! - a;
    if (this.#shapesA.shape[a] === this.#shapesB.shape[b] && size === this.#b.subtreeEnd[b]! - b) {
      // Alike down to the last span: each by its place. What is a pair already, from elsewhere, stays one.
      for (let at = 0; at < size; at++) {
        if (this.inB[a + at]! >= 0 || this.inA[b + at]! >= 0) continue;
        this.inB[a + at] = b + at;
        this.inA[b + at] = a + at;
      }
      return;
    }
    this.inB[a] = b;
    this.inA[b] = a;
    this.#open.push(a, b);
  }

  #pairChildren(a: SpanIndex, b: SpanIndex): void {
    const inA = childrenLeft(this.#a, a, this.inB);
    const inB = childrenLeft(this.#b, b, this.inA);
    const shapeA = this.#shapesA.shape;
    const shapeB = this.#shapesB.shape;
    let first = 0;
    while (first < inA.length && first < inB.length && shapeA[inA[first]!] === shapeB[inB[first]!]) {
      this.#pair(inA[first]!, inB[first]!);
      first++;
    }
    let endA = inA.length;
    let endB = inB.length;
    while (endA > first && endB > first && shapeA[inA[endA - 1]!] === shapeB[inB[endB - 1]!]) {
      this.#pair(inA[--endA]!, inB[--endB]!);
    }
    if (first < endA && first < endB) this.#pairMiddle(inA.slice(first, endA), inB.slice(first, endB));
    if (a < 0) this.#pairOnlyRoots(inA, inB);
  }

  #pairMiddle(inA: readonly SpanIndex[], inB: readonly SpanIndex[]): void {
    const { key: keyA, shape: shapeA, below: belowA } = this.#shapesA;
    const { key: keyB, shape: shapeB, below: belowB } = this.#shapesB;
    let fromA = 0;
    let fromB = 0;
    const gap = (toA: number, toB: number) => {
      const leftA = inA.slice(fromA, toA);
      const leftB = inB.slice(fromB, toB);
      const pair = (a: number, b: number) => this.#pair(leftA[a]!, leftB[b]!);
      commonSubsequence(valuesAt(leftA, keyA), valuesAt(leftB, keyB), pair);
    };
    commonSubsequence(valuesAt(inA, shapeA), valuesAt(inB, shapeB), (a, b) => {
      gap(a, b);
      this.#pair(inA[a]!, inB[b]!);
      fromA = a + 1;
      fromB = b + 1;
    });
    gap(inA.length, inB.length);
    this.#pairInTurn(inA, inB, shapeA, shapeB);
    this.#pairInTurn(inA, inB, keyA, keyB);
    this.#pairInTurn(inA, inB, belowA, belowB);
  }

  /** Those left whose values are equal, the first with the first; a value of 0 is none of `below`'s. */
  #pairInTurn(inA: readonly SpanIndex[], inB: readonly SpanIndex[], valueA: Int32Array, valueB: Int32Array): void {
    const isBelow = valueA === this.#shapesA.below;
    const left = inA.filter((span) => this.inB[span]! < 0 && !(isBelow && valueA[span] === 0));
    if (left.length === 0) return;
    const byValue = listsBy(left.reverse(), valueA);
    for (const span of inB) {
      if (this.inA[span]! >= 0 || (isBelow && valueB[span] === 0)) continue;
      const others = byValue.get(valueB[span]!);
      const other = others?.pop();
      if (other !== undefined) this.#pair(other, span);
    }
  }

  /** A run is a run, whatever it is called. */
  #pairOnlyRoots(inA: readonly SpanIndex[], inB: readonly SpanIndex[]): void {
    if (inA.length === 1 && inB.length === 1 && this.inB[inA[0]!]! < 0 && this.inA[inB[0]!]! < 0) {
      this.#pair(inA[0]!, inB[0]!);
    }
  }
}

/** Of more each with each would be too many. */
const mostInOnePlace = 24;
const leastLikeness = 0.5;

/** The spans that are no pairs, each with its parent and the sibling before it that is a pair within the same parents. */
function placesOfLeft(columns: Trace['columns'], matches: Int32Array, parentOfOther: Int32Array) {
  const { length, parent } = columns;
  const lastPaired = new Map<SpanIndex, SpanIndex>();
  const places = new Map<SpanIndex, { above: SpanIndex; before: SpanIndex }>();
  for (let span = 0; span < length; span++) {
    const above = parent[span]!;
    const other = matches[span]!;
    if (other < 0) {
      places.set(span, { above, before: lastPaired.get(above) ?? -1 });
      continue;
    }
    const aboveOther = parentOfOther[other]!;
    const isInPlace = above < 0 ? aboveOther < 0 : matches[above] === aboveOther;
    if (isInPlace) lastPaired.set(above, span);
  }
  return places;
}

function childrenLeft(columns: Trace['columns'], above: SpanIndex, matches: Int32Array): SpanIndex[] {
  const { subtreeEnd, length } = columns;
  const children: SpanIndex[] = [];
  const end = above < 0 ? length : subtreeEnd[above]!;
  for (let span = above + 1; span < end; span = subtreeEnd[span]!) if (matches[span]! < 0) children.push(span);
  return children;
}

function unmatched(matches: Int32Array): SpanIndex[] {
  const spans: SpanIndex[] = [];
  for (let span = 0; span < matches.length; span++) if (matches[span]! < 0) spans.push(span);
  return spans;
}

function valuesAt(spans: readonly SpanIndex[], column: Int32Array): number[] {
  return spans.map((span) => column[span]!);
}

function listsBy(spans: readonly SpanIndex[], column: Int32Array): Map<number, SpanIndex[]> {
  const lists = new Map<number, SpanIndex[]>();
  for (const span of spans) {
    const list = lists.get(column[span]!);
    if (list) list.push(span);
    else lists.set(column[span]!, [span]);
  }
  return lists;
}
