import { kindCode, type SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { type ClampedTimes, clampedTimes } from './clampedTimes.ts';

/**
 * What a trace's end waited for: stretches of time, each of the one span that ran then and held up all the rest.
 * Columns by section, in order of time, the sections of one root after those of another.
 *
 * ```
 * agent   ▇▇▇▇▁▁▁▁▁▁▁▁▁▁▁▁▁▇▇      sections  agent   [0 4]
 *   a         ▇▇▇▇▇▇                         b       [4 14]
 *   b         ▇▇▇▇▇▇▇▇▇▇                     c       [14 17]
 *   c                   ▇▇▇                  agent   [17 19]
 * ```
 *
 * The sections of a root tile it: they meet without a gap, none is empty, neighbours are of different spans.
 */
export interface CriticalPath {
  /** How many sections. */
  readonly length: number;
  /** Each section's span. */
  readonly span: Int32Array;
  /** Offsets from the trace's start. */
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/**
 * For each root, walks back from its end: the child that ends last at or before the point reached takes over at its end,
 * and its parent resumes where the child starts. Children are clipped to their parent, one wholly outside is left out.
 * So is what the parent does not wait for: consumers of a queue, and spans that follow from their parent. Of children
 * that end together, the one that starts first takes over.
 *
 * The idea is Uber's CRISP, as in Jaeger UI's critical path, which rescans the children at each step and recurses; here
 * each span's children are sorted by their end once and passed once: O(n log n), whatever the depth and width.
 */
export function criticalPath(trace: Trace): CriticalPath {
  const walk = new BackwardWalk(trace);
  const { length, subtreeEnd } = trace.columns;
  for (let root = 0; root < length; root = subtreeEnd[root]!) walk.root(root);
  return walk.sections.toPath();
}

/** How long each span holds up the trace, in nanoseconds by span index. */
export function criticalTimes(trace: Trace, path: CriticalPath): Float64Array {
  const times = new Float64Array(trace.spanCount);
  for (let at = 0; at < path.length; at++) times[path.span[at]!]! += path.end[at]! - path.start[at]!;
  return times;
}

class BackwardWalk {
  readonly sections = new Sections();
  readonly #trace: Trace;
  readonly #times: ClampedTimes;
  // The spans that the walk is within, outermost first, clipped to those before them.
  readonly #spans: SpanIndex[] = [];
  readonly #starts: Nanoseconds[] = [];
  readonly #ends: Nanoseconds[] = [];
  /** Where each one's children begin in `#children`, which holds those not yet passed, by their end. */
  readonly #firstChildren: number[] = [];
  #children: Int32Array = new Int32Array(64);
  #childCount = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#times = clampedTimes(trace);
  }

  root(root: SpanIndex): void {
    const firstSection = this.sections.length;
    let reached = this.#times.end[root]!;
    this.#enter(root, this.#times.start[root]!, reached);
    while (this.#spans.length > 0) {
      const top = this.#spans.length - 1;
      const span = this.#spans[top]!;
      const start = this.#starts[top]!;
      const child = this.#lastChildEndingBy(reached);
      const childEnd = child < 0 ? start : Math.min(this.#times.end[child]!, this.#ends[top]!);
      this.sections.add(span, childEnd, reached);
      reached = childEnd;
      if (child < 0) this.#leave();
      else this.#enter(child, Math.max(this.#times.start[child]!, start), childEnd);
    }
    this.sections.reverseFrom(firstSection);
  }

  #enter(span: SpanIndex, start: Nanoseconds, end: Nanoseconds): void {
    this.#spans.push(span);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#firstChildren.push(this.#childCount);
    const { subtreeEnd, kind, followsFrom } = this.#trace.columns;
    const times = this.#times;
    const first = this.#childCount;
    let sorted = true;
    for (let child = span + 1; child < subtreeEnd[span]!; child = subtreeEnd[child]!) {
      if (kind[child] === kindCode.consumer || followsFrom[child] === 1) continue;
      // Wholly outside, or without an instant that could be its own.
      if (Math.max(times.start[child]!, start) >= Math.min(times.end[child]!, end)) continue;
      if (this.#childCount === this.#children.length) this.#children = grown(this.#children);
      if (this.#childCount > first && times.end[this.#children[this.#childCount - 1]!]! >= times.end[child]!)
        sorted = false;
      this.#children[this.#childCount++] = child;
    }
    if (sorted && (this.#childCount === first || times.end[this.#children[this.#childCount - 1]!]! <= end)) return;
    this.#children
      .subarray(first, this.#childCount)
      .sort((a, b) => Math.min(times.end[a]!, end) - Math.min(times.end[b]!, end) || b - a);
  }

  #leave(): void {
    this.#spans.pop();
    this.#starts.pop();
    this.#ends.pop();
    this.#childCount = this.#firstChildren.pop()!;
  }

  /** Passes the children of the innermost span that end later; takes the next one, or gives -1. */
  #lastChildEndingBy(reached: Nanoseconds): SpanIndex {
    const top = this.#spans.length - 1;
    while (this.#childCount > this.#firstChildren[top]!) {
      const child = this.#children[--this.#childCount]!;
      if (Math.min(this.#times.end[child]!, this.#ends[top]!) <= reached) return child;
    }
    return -1;
  }
}

/** Sections as they are found, in columns that grow. */
class Sections {
  length = 0;
  #span: Int32Array = new Int32Array(64);
  #start: Float64Array = new Float64Array(64);
  #end: Float64Array = new Float64Array(64);

  add(span: SpanIndex, start: Nanoseconds, end: Nanoseconds): void {
    if (start >= end) return;
    if (this.length === this.#span.length) {
      this.#span = grown(this.#span);
      this.#start = grown(this.#start);
      this.#end = grown(this.#end);
    }
    this.#span[this.length] = span;
    this.#start[this.length] = start;
    this.#end[this.length] = end;
    this.length++;
  }

  reverseFrom(first: number): void {
    this.#span.subarray(first, this.length).reverse();
    this.#start.subarray(first, this.length).reverse();
    this.#end.subarray(first, this.length).reverse();
  }

  toPath(): CriticalPath {
    return {
      length: this.length,
      span: this.#span.slice(0, this.length),
      start: this.#start.slice(0, this.length),
      end: this.#end.slice(0, this.length),
    };
  }
}
