import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { type CollapsedBits, type CollapsedSpans, collapsedBits, isCollapsed, withBit } from './collapse.ts';
import { createTimeScale, type TimeRange, type TimeScale, type TimeSegment } from './timeScale.ts';

export interface WaterfallOptions {
  /** @default none */
  collapsed?: CollapsedSpans;
  /**
   * What the width shows: one range, or segments where gaps are compressed.
   * @default the whole trace
   */
  timeRange?: TimeRange | readonly TimeSegment[];
}

/**
 * The rows of a waterfall and where their bars lie. Immutable: a change gives a new layout, which shares what it can.
 *
 * ```
 * rows   0  1  2  7  8       1, 3 … 6 lie below a collapsed 2
 * row    0  1  2  3  4
 * ```
 */
export interface WaterfallLayout {
  readonly trace: Trace;
  readonly timeScale: TimeScale;
  readonly timeRange: TimeRange;
  /** The span index of each visible row, ascending. A number below 0 is free for rows that are no span. */
  readonly rows: Int32Array;
  isCollapsed(index: SpanIndex): boolean;
  /** The span's row, or -1 where an ancestor hides it. */
  rowOf(index: SpanIndex): number;
  /** The span itself where it has a row, else the collapsed ancestor that hides it. */
  visibleAncestor(index: SpanIndex): SpanIndex;
  /** The bar's left and right ends as fractions of the time range; not clipped to [0, 1], never `x1 < x0`. */
  x0(index: SpanIndex): number;
  x1(index: SpanIndex): number;
  /** Collapses or expands one span (`collapse`: which of them). Walks only the rows that appear. */
  toggle(index: SpanIndex, collapse?: boolean): WaterfallLayout;
  withTimeRange(timeRange: TimeRange | readonly TimeSegment[]): WaterfallLayout;
}

export function layoutWaterfall(trace: Trace, options: WaterfallOptions = {}): WaterfallLayout {
  const bits = collapsedBits(trace, options.collapsed ?? new Set());
  const rows = visibleRows(trace, bits, 0, trace.columns.length);
  return new Waterfall(trace, bits, rows, createTimeScale(options.timeRange ?? [0, trace.duration]));
}

class Waterfall implements WaterfallLayout {
  readonly trace: Trace;
  readonly rows: Int32Array;
  readonly timeScale: TimeScale;
  readonly #collapsed: CollapsedBits;

  constructor(trace: Trace, collapsed: CollapsedBits, rows: Int32Array, timeScale: TimeScale) {
    this.trace = trace;
    this.rows = rows;
    this.timeScale = timeScale;
    this.#collapsed = collapsed;
  }

  get timeRange(): TimeRange {
    return this.timeScale.range;
  }

  isCollapsed(index: SpanIndex): boolean {
    return isCollapsed(this.#collapsed, index);
  }

  rowOf(index: SpanIndex): number {
    const row = this.#lastRowUpTo(index);
    return row >= 0 && this.rows[row] === index ? row : -1;
  }

  visibleAncestor(index: SpanIndex): SpanIndex {
    // Depth-first order puts nothing between a hidden span and the topmost collapsed span above it but hidden spans.
    return this.rows[this.#lastRowUpTo(index)] ?? index;
  }

  x0(index: SpanIndex): number {
    return this.timeScale.toUnit(spanStart(this.trace, index));
  }

  x1(index: SpanIndex): number {
    return this.timeScale.toUnit(spanEnd(this.trace, index));
  }

  toggle(index: SpanIndex, collapse = !this.isCollapsed(index)): WaterfallLayout {
    const subtreeEnd = this.trace.columns.subtreeEnd[index];
    if (subtreeEnd === undefined || subtreeEnd === index + 1 || collapse === this.isCollapsed(index)) return this;
    const bits = withBit(this.#collapsed, index, collapse);
    const row = this.rowOf(index);
    if (row < 0) return new Waterfall(this.trace, bits, this.rows, this.timeScale);
    const inserted = collapse ? new Int32Array(0) : visibleRows(this.trace, bits, index + 1, subtreeEnd);
    const firstAfter = this.#lastRowUpTo(subtreeEnd - 1) + 1;
    const rows = new Int32Array(row + 1 + inserted.length + this.rows.length - firstAfter);
    rows.set(this.rows.subarray(0, row + 1));
    rows.set(inserted, row + 1);
    rows.set(this.rows.subarray(firstAfter), row + 1 + inserted.length);
    return new Waterfall(this.trace, bits, rows, this.timeScale);
  }

  withTimeRange(timeRange: TimeRange | readonly TimeSegment[]): WaterfallLayout {
    return new Waterfall(this.trace, this.#collapsed, this.rows, createTimeScale(timeRange));
  }

  /** The last row whose span is not after `index`, by binary search. */
  #lastRowUpTo(index: SpanIndex): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rows[middle]! <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The spans in [first, end) that nothing in it hides. One pass counts, one fills: each hops over what is collapsed. */
function visibleRows(trace: Trace, bits: CollapsedBits, first: SpanIndex, end: SpanIndex): Int32Array {
  const { subtreeEnd } = trace.columns;
  let count = 0;
  for (let index = first; index < end; count++) index = isCollapsed(bits, index) ? subtreeEnd[index]! : index + 1;
  const rows = new Int32Array(count);
  let index = first;
  for (let row = 0; row < count; row++) {
    rows[row] = index;
    index = isCollapsed(bits, index) ? subtreeEnd[index]! : index + 1;
  }
  return rows;
}
