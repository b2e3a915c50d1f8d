import type { SpanIndex } from '../model/columns.ts';
import { emptyBits, hasBit, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { timeBounds } from '../transforms/timeBounds.ts';
import { type CollapsedSpans, collapsedBits, isCollapsed, withBit } from './collapse.ts';
import { type GroupRow, type GroupRules, groupOfPosition, groupRow, rowGroups } from './rowGroups.ts';
import {
  focusIndex,
  positionOf,
  type ShownPosition,
  type ShownTreeOptions,
  shownTree,
  spanAtPosition,
} from './shownTree.ts';
import { type GapOptions, type GapRow, gapRow, timeGaps } from './timeGaps.ts';
import { createTimeScale, type TimeRange, type TimeScale, type TimeSegment } from './timeScale.ts';
import {
  groupValue,
  noRows,
  type RowSource,
  type RowState,
  type Rows,
  type RowValue,
  specialOf,
  visibleRows,
} from './visibleRows.ts';

export interface WaterfallOptions extends ShownTreeOptions {
  /** @default none */
  collapsed?: CollapsedSpans;
  /**
   * What the width shows: one range, or segments where gaps are compressed.
   * @default the whole trace, or all of the subtree in focus
   */
  timeRange?: TimeRange | readonly TimeSegment[];
  /**
   * Whether alike siblings and chains of one span become one row, by the default rules or by rules of the caller's.
   * @default false
   */
  group?: boolean | GroupRules;
  /** The keys of groups that show their spans: see `GroupRow.key`. @default none */
  expandedGroups?: ReadonlySet<string>;
  /** Whether time in which no child of a span runs has a row of its own. @default false */
  gaps?: boolean | GapOptions;
}

/**
 * The rows of a waterfall and where their bars lie. Immutable: a change gives a new layout, which shares what it can.
 *
 * ```
 * rows   0  1  2  7  8       1, 3 … 6 lie below a collapsed 2
 * row    0  1  2  3  4
 *
 * rows   0  1 -1 -4  7       -1 is a group of 2 … 6, -4 a gap before 7: ask `special`
 * ```
 *
 * Methods that take a row's value take that of any row: a span's index, or a number below 0.
 */
export interface WaterfallLayout {
  readonly trace: Trace;
  readonly timeScale: TimeScale;
  readonly timeRange: TimeRange;
  /** The value of each visible row: a span index, or a number below 0 for a row of another kind. */
  readonly rows: Int32Array;
  /** How many spans `hide` leaves out. */
  readonly hiddenCount: number;
  /** What a value below 0 stands for. */
  special(value: RowValue): GroupRow | GapRow;
  /** How deep a row is in this view, 0 for a root. */
  depthOf(value: RowValue): number;
  /** The value of the row that a row lies below; undefined for a root. */
  parentOf(value: RowValue): RowValue | undefined;
  /** Whether anything can be shown below: children in this view, or the spans of a group. */
  hasChildren(value: RowValue): boolean;
  /** Whether a row shows what can be shown below it. */
  isExpanded(value: RowValue): boolean;
  /** The span's siblings in this view, itself included. */
  siblingsOf(index: SpanIndex): SpanIndex[];
  /** Whether the span is shown for a match below it alone. */
  isDimmed(index: SpanIndex): boolean;
  isCollapsed(index: SpanIndex): boolean;
  /** The value's row, or -1 where it has none: an ancestor or a group hides it, or this view leaves it out. */
  rowOf(value: RowValue): number;
  /** The row that shows a span or stands for it: its own, its group's, or that of the nearest ancestor that has one; else -1. */
  rowFor(index: SpanIndex): number;
  /** Whether the view has the span, in sight or folded away: focus, search or hiding may leave it out. */
  holds(index: SpanIndex): boolean;
  /** What has to be opened to bring a span into sight: collapsed spans above it, and the keys of closed groups. */
  closedAbove(index: SpanIndex): { spans: SpanIndex[]; groups: string[] };
  /** The value of that row; the span itself where there is none. */
  visibleAncestor(index: SpanIndex): RowValue;
  /** The bar's left and right ends as fractions of the time range; not clipped to [0, 1], never `x1 < x0`. */
  x0(value: RowValue): number;
  x1(value: RowValue): number;
  /** Collapses or expands one span (`collapse`: which of them). Walks only the rows that appear. */
  toggle(index: SpanIndex, collapse?: boolean): WaterfallLayout;
  /** Opens or closes a group, given by its row's value. Walks only its rows and what lies below them. */
  toggleGroup(value: RowValue, expand?: boolean): WaterfallLayout;
  /** The same view with other spans collapsed: what is shown, grouped and marked is not worked out again. */
  withCollapsed(collapsed: CollapsedSpans): WaterfallLayout;
  withTimeRange(timeRange: TimeRange | readonly TimeSegment[]): WaterfallLayout;
}

/** Throws a RangeError where `focus` is no span of the trace. */
export function layoutWaterfall(trace: Trace, options: WaterfallOptions = {}): WaterfallLayout {
  const { group = false, gaps = false } = options;
  const tree = shownTree(trace, options);
  const source: RowSource = {
    tree,
    groups: group === false ? undefined : rowGroups(trace, tree, group === true ? {} : group),
    gaps: gaps === false ? undefined : timeGaps(trace, tree, gaps === true ? {} : gaps),
  };
  const state: RowState = {
    collapsed: collapsedBits(trace, options.collapsed ?? new Set()),
    expandedGroups: expandedGroupBits(trace, source, options.expandedGroups),
  };
  const rows = allRows(source, state);
  const timeScale = createTimeScale(options.timeRange ?? wholeRange(trace, options));
  return new Waterfall({ trace, source, matches: options.matches }, state, rows, timeScale);
}

function wholeRange(trace: Trace, { focus }: WaterfallOptions): TimeRange {
  const index = focusIndex(trace, focus);
  if (index === undefined) return [0, trace.duration];
  const { start, end } = timeBounds(trace, trace.spanAt(index));
  // An open span is drawn to the trace's end.
  return [start, Math.max(end, spanEnd(trace, index))];
}

function expandedGroupBits(trace: Trace, { tree, groups }: RowSource, keys: ReadonlySet<string> | undefined): SpanBits {
  const bits = emptyBits(groups?.count ?? 0);
  for (const key of keys ?? []) {
    const index = trace.span(key)?.index;
    const position = index === undefined ? -1 : positionOf(tree, index);
    const group = groups && position >= 0 ? groups.beginning[position]! : -1;
    if (group >= 0) setBit(bits, group, true);
  }
  return bits;
}

function allRows(source: RowSource, state: RowState): Rows {
  return visibleRows(source, state, { from: 0, end: source.tree.length, shift: 0 });
}

/** What layouts of one view share. */
interface View {
  readonly trace: Trace;
  readonly source: RowSource;
  readonly matches: SpanBits | undefined;
}

class Waterfall implements WaterfallLayout {
  readonly timeScale: TimeScale;
  readonly #view: View;
  readonly #state: RowState;
  readonly #rows: Rows;

  constructor(view: View, state: RowState, rows: Rows, timeScale: TimeScale) {
    this.#view = view;
    this.#state = state;
    this.#rows = rows;
    this.timeScale = timeScale;
  }

  get trace(): Trace {
    return this.#view.trace;
  }

  get rows(): Int32Array {
    return this.#rows.values;
  }

  get timeRange(): TimeRange {
    return this.timeScale.range;
  }

  get hiddenCount(): number {
    return this.#view.source.tree.hiddenCount;
  }

  special(value: RowValue): GroupRow | GapRow {
    const { source, trace } = this.#view;
    const special = specialOf(source, value);
    if ('group' in special && value < 0) {
      return groupRow(
        trace,
        source.tree,
        source.groups!,
        special.group,
        hasBit(this.#state.expandedGroups, special.group),
      );
    }
    if ('gap' in special && special.gap < (source.gaps?.count ?? 0))
      return gapRow(source.tree, source.gaps!, special.gap);
    throw new RangeError(
      `No row of this view has the value ${value}: groups and gaps have the values that \`rows\` holds.`,
    );
  }

  depthOf(value: RowValue): number {
    const row = this.#rows.depths ? this.rowOf(value) : -1;
    if (row >= 0) return this.#rows.depths![row]!;
    const { tree } = this.#view.source;
    const position = value < 0 ? this.#positionOfSpecial(value) : positionOf(tree, value);
    return position < 0 ? 0 : tree.depth[position]!;
  }

  parentOf(value: RowValue): RowValue | undefined {
    const { tree, groups, gaps } = this.#view.source;
    const special = value < 0 ? specialOf(this.#view.source, value) : undefined;
    if (special && 'gap' in special) {
      const before = gaps!.before[special.gap]!;
      const group = groups && gaps!.leading[before] === special.gap ? groupOfPosition(groups, before) : -1;
      const isBetweenMembers = group >= 0 && groups!.isChain[group] === 0 && groups!.first[group]! < before;
      return isBetweenMembers ? groupValue(group) : this.#valueAt(gaps!.parent[special.gap]!);
    }
    const position = special ? groups!.first[special.group]! : positionOf(tree, value);
    if (position < 0) return undefined;
    const group = special || !groups ? -1 : groupOfPosition(groups, position);
    const isInGroup = group >= 0 && (groups!.isChain[group] === 0 || groups!.first[group] === position);
    return isInGroup ? groupValue(group) : this.#valueAt(tree.parent[position]!);
  }

  hasChildren(value: RowValue): boolean {
    const { source } = this.#view;
    if (value < 0) return 'group' in specialOf(source, value);
    const position = positionOf(source.tree, value);
    return position >= 0 && source.tree.subtreeEnd[position]! > position + 1;
  }

  isExpanded(value: RowValue): boolean {
    if (value >= 0) return this.hasChildren(value) && !this.isCollapsed(value);
    const special = specialOf(this.#view.source, value);
    return 'group' in special && hasBit(this.#state.expandedGroups, special.group);
  }

  siblingsOf(index: SpanIndex): SpanIndex[] {
    const { tree } = this.#view.source;
    const position = positionOf(tree, index);
    if (position < 0) return [];
    const above = tree.parent[position]!;
    const end = above < 0 ? tree.length : tree.subtreeEnd[above]!;
    const siblings: SpanIndex[] = [];
    for (let at = above + 1; at < end; at = tree.subtreeEnd[at]!) siblings.push(spanAtPosition(tree, at));
    return siblings;
  }

  isDimmed(index: SpanIndex): boolean {
    const { matches } = this.#view;
    return matches !== undefined && !hasBit(matches, index);
  }

  isCollapsed(index: SpanIndex): boolean {
    return isCollapsed(this.#state.collapsed, index);
  }

  rowOf(value: RowValue): number {
    if (value >= 0) {
      const row = this.#lastRowUpTo(value * 2);
      return row >= 0 && this.rows[row] === value ? row : -1;
    }
    // Several gaps may end at one place: they stand together.
    const order = this.#orderOf(value);
    for (let row = this.#lastRowUpTo(order); row >= 0 && this.#orderOf(this.rows[row]!) === order; row--) {
      if (this.rows[row] === value) return row;
    }
    return -1;
  }

  rowFor(index: SpanIndex): number {
    const { trace, source } = this.#view;
    let shown = index;
    while (shown >= 0 && positionOf(source.tree, shown) < 0) shown = trace.columns.parent[shown] ?? -1;
    if (shown < 0) return -1;
    // Depth-first order puts nothing between a hidden span and the topmost collapsed span above it, or the group that
    // it is in, but hidden spans.
    return this.#lastRowUpTo(shown * 2);
  }

  holds(index: SpanIndex): boolean {
    return positionOf(this.#view.source.tree, index) >= 0;
  }

  closedAbove(index: SpanIndex): { spans: SpanIndex[]; groups: string[] } {
    const { trace, source } = this.#view;
    const spans: SpanIndex[] = [];
    const groups: string[] = [];
    for (let at = index; at >= 0; at = trace.columns.parent[at]!) {
      if (at !== index && this.isCollapsed(at)) spans.push(at);
      const group = this.#closedGroupOf(at);
      // What lies below a closed chain is in sight, its own spans are not.
      if (group >= 0 && (at === index || source.groups!.isChain[group] === 0)) {
        groups.push(trace.spanAt(spanAtPosition(source.tree, source.groups!.first[group]!)).key);
      }
    }
    return { spans, groups };
  }

  /** The number of the group that hides a span; -1 where none does. */
  #closedGroupOf(index: SpanIndex): number {
    const { tree, groups } = this.#view.source;
    const position = groups ? positionOf(tree, index) : -1;
    const group = position < 0 ? -1 : groupOfPosition(groups!, position);
    return group >= 0 && !hasBit(this.#state.expandedGroups, group) ? group : -1;
  }

  visibleAncestor(index: SpanIndex): RowValue {
    return this.rows[this.rowFor(index)] ?? index;
  }

  x0(value: RowValue): number {
    return this.timeScale.toUnit(value < 0 ? this.special(value).start : spanStart(this.trace, value));
  }

  x1(value: RowValue): number {
    return this.timeScale.toUnit(value < 0 ? this.special(value).end : spanEnd(this.trace, value));
  }

  toggle(index: SpanIndex, collapse = !this.isCollapsed(index)): WaterfallLayout {
    const { source, trace } = this.#view;
    const isLeaf = trace.columns.subtreeEnd[index] === undefined || trace.columns.subtreeEnd[index] === index + 1;
    if (isLeaf || collapse === this.isCollapsed(index)) return this;
    const state = { ...this.#state, collapsed: withBit(this.#state.collapsed, index, collapse) };
    const row = this.rowOf(index);
    const position = positionOf(source.tree, index);
    const group = source.groups && position >= 0 ? groupOfPosition(source.groups, position) : -1;
    if (row < 0 && group >= 0) return this.#withGroupRows(state, group);
    if (row < 0) return new Waterfall(this.#view, state, this.#rows, this.timeScale);
    const end = source.tree.subtreeEnd[position]!;
    const inserted = collapse
      ? noRows
      : visibleRows(source, state, { from: position + 1, end, shift: this.#shiftOf(row, position), parent: position });
    return this.#spliced(state, row + 1, this.#rowAfter(row, end), inserted);
  }

  toggleGroup(value: RowValue, expand = !this.isExpanded(value)): WaterfallLayout {
    if (value >= 0 || !this.hasChildren(value) || expand === this.isExpanded(value)) return this;
    const special = specialOf(this.#view.source, value);
    if (!('group' in special)) return this;
    const expandedGroups = withBit(this.#state.expandedGroups, special.group, expand);
    return this.#withGroupRows({ ...this.#state, expandedGroups }, special.group);
  }

  withCollapsed(collapsed: CollapsedSpans): WaterfallLayout {
    const state = { ...this.#state, collapsed: collapsedBits(this.trace, collapsed) };
    return new Waterfall(this.#view, state, allRows(this.#view.source, state), this.timeScale);
  }

  withTimeRange(timeRange: TimeRange | readonly TimeSegment[]): WaterfallLayout {
    return new Waterfall(this.#view, this.#state, this.#rows, createTimeScale(timeRange));
  }

  /** Makes the rows of a group and of what is below it again, where it has a row. */
  #withGroupRows(state: RowState, group: number): WaterfallLayout {
    const { source } = this.#view;
    const { tree, groups } = source;
    const row = this.rowOf(groupValue(group));
    if (row < 0) return new Waterfall(this.#view, state, this.#rows, this.timeScale);
    const from = groups!.first[group]!;
    const end = groups!.isChain[group] === 1 ? tree.subtreeEnd[from]! : groups!.last[group]! + 1;
    const walk = { from, end, shift: this.#shiftOf(row, from), withoutFirstGap: true };
    return this.#spliced(state, row, this.#rowAfter(row, end), visibleRows(source, state, walk));
  }

  #spliced(state: RowState, from: number, to: number, inserted: Rows): WaterfallLayout {
    const rows = {
      values: spliced(this.#rows.values, from, to, inserted.values),
      depths: this.#rows.depths && spliced(this.#rows.depths, from, to, inserted.depths ?? noRows.values),
    };
    return new Waterfall(this.#view, state, rows, this.timeScale);
  }

  /** The first row after those below `row`, which reach up to the position `end`. */
  #rowAfter(row: number, end: ShownPosition): number {
    const { depths } = this.#rows;
    let after = this.#lastRowUpTo(spanAtPosition(this.#view.source.tree, end - 1) * 2) + 1;
    // Gaps after last children stand where the next span would: those of spans below are deeper than this row.
    while (depths && after < this.rows.length && this.rows[after]! < 0 && depths[after]! > depths[row]!) after++;
    return after;
  }

  #shiftOf(row: number, position: ShownPosition): number {
    const { depths } = this.#rows;
    return depths ? depths[row]! - this.#view.source.tree.depth[position]! : 0;
  }

  /** The value of the row that stands for a position; undefined for -1. */
  #valueAt(position: ShownPosition): RowValue | undefined {
    return position < 0 ? undefined : this.rows[this.rowFor(spanAtPosition(this.#view.source.tree, position))];
  }

  /** Where the row of a group or gap stands: right before this position. */
  #positionOfSpecial(value: RowValue): ShownPosition {
    const { source } = this.#view;
    const special = specialOf(source, value);
    return 'group' in special ? source.groups!.first[special.group]! : source.gaps!.before[special.gap]!;
  }

  /** Rows ascend by this number: twice its index for a span, one less than the next span's for a row of another kind. */
  #orderOf(value: RowValue): number {
    if (value >= 0) return value * 2;
    const { tree } = this.#view.source;
    const position = this.#positionOfSpecial(value);
    return position < tree.length ? spanAtPosition(tree, position) * 2 - 1 : this.trace.spanCount * 2;
  }

  /** The last row whose order is not beyond `order`, by binary search. */
  #lastRowUpTo(order: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#orderOf(this.rows[middle]!) <= order) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function spliced(values: Int32Array, from: number, to: number, inserted: Int32Array): Int32Array {
  const result = new Int32Array(from + inserted.length + values.length - to);
  result.set(values.subarray(0, from));
  result.set(inserted, from);
  result.set(values.subarray(to), from + inserted.length);
  return result;
}
