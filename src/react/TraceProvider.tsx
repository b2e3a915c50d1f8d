'use client';

import {
  createContext,
  type ReactNode,
  type Ref,
  type RefObject,
  useContext,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type CollapsedSpans, toggled, withExpanded } from '../layout/collapse.ts';
import type { GroupRules } from '../layout/rowGroups.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { ViewState } from '../layout/viewState.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Span, Trace } from '../model/trace.ts';
import type { Prices } from '../transforms/agentUsage.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { matchAfter, matchNumber } from '../transforms/searchSpans.ts';
import type { ColumnSizes } from './columnTracks.ts';
import { type Fold, folded, withSubtreeToggled } from './levels.ts';
import type { MenuItem } from './Menu.tsx';
import type { RowSlots } from './RowSlot.tsx';
import { type RowArrangement, useShownRows } from './shownRows.ts';
import { type SpanColorBy, spanColor } from './spanColors.ts';
import { columnId, type SpanColumn } from './spanColumns.tsx';
import { type TraceFacts, traceFacts } from './traceFacts.ts';
import { readTraceSource, type TraceSource, type TraceViewInput } from './traceSource.ts';
import { type TraceViewActions, useTraceViewActions } from './traceViewActions.ts';
import { columnsByName, useChosenColumns } from './useChosenColumns.ts';
import { knownTimeZone, type TimeDisplay, useClock } from './useClock.ts';
import { useControlled } from './useControlled.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { useRunReading } from './useRunReading.ts';
import { type ShownSearch, useSearch } from './useSearch.ts';
import { useViewPieces } from './useViewPieces.ts';
import { useViewport } from './useViewport.ts';
import { piecesOf, stateOf } from './viewPieces.ts';
import type { ChangeDetails, TimeRangeChangeDetails, Viewport } from './viewport.ts';

/** The pieces of view state, each a triad: controlled by its value, begun by its default, told by its callback. */
export interface TraceViewStateProps extends RowSlots {
  /** A span's key; null for none. */
  selectedSpanId?: string | null;
  /** @default null */
  defaultSelectedSpanId?: string | null;
  onSelectedSpanIdChange?: (spanId: string | null, details: ChangeDetails) => void;
  /** Keys of spans whose descendants are hidden, or `{ all: true, except }`. */
  collapsedSpanIds?: CollapsedSpans;
  /** @default an empty set: all spans are shown */
  defaultCollapsedSpanIds?: CollapsedSpans;
  onCollapsedSpanIdsChange?: (spanIds: CollapsedSpans, details: ChangeDetails) => void;
  /** The part of the trace's time that is shown, in ns from its start; null for the whole. */
  timeRange?: TimeRange | null;
  /** @default null */
  defaultTimeRange?: TimeRange | null;
  /** At most once a frame while a gesture lasts (`phase: 'change'`), once when it ends (`phase: 'commit'`). */
  onTimeRangeChange?: (range: TimeRange | null, details: TimeRangeChangeDetails) => void;
  /** What is searched for, in the language of the search box. */
  query?: string;
  /** @default '' */
  defaultQuery?: string;
  onQueryChange?: (query: string, details: ChangeDetails) => void;
  /** What stands beside the names in waterfall and tree. */
  columns?: readonly SpanColumn[];
  /** @default tokens and cost, where spans tell them */
  defaultColumns?: readonly SpanColumn[];
  /** Undefined where somebody goes back to the usual ones. */
  onColumnsChange?: (columns: readonly SpanColumn[] | undefined, details: ChangeDetails) => void;
  /** Whether axes tell times from the trace's start or by a clock. */
  timeDisplay?: TimeDisplay;
  /** @default 'relative' */
  defaultTimeDisplay?: TimeDisplay;
  onTimeDisplayChange?: (display: TimeDisplay, details: ChangeDetails) => void;
  /** An IANA name, as `Europe/Berlin`, for times by the clock. One that the browser does not know counts as UTC. @default 'UTC' */
  timeZone?: string;
  /** What the colours of spans say. */
  colorBy?: SpanColorBy;
  /** @default 'auto': the service where there are several, else the kind */
  defaultColorBy?: SpanColorBy;
  onColorByChange?: (colorBy: SpanColorBy, details: ChangeDetails) => void;
  /**
   * All of the above and more as one value, for a link or a reload: see `encodeViewState`. A piece that has its own prop is that
   * prop's; what the value leaves out is as at the beginning.
   */
  viewState?: ViewState;
  /** The span that it selects is brought into sight, also where it is folded away. */
  defaultViewState?: ViewState;
  /** Called when a person has changed any of it: once when a gesture ends, not while it lasts. */
  onViewStateChange?: (state: ViewState, details: ChangeDetails) => void;
  /** To scroll, zoom, fold and search from outside. */
  apiRef?: Ref<TraceViewActions>;
  /** The address that shows a view, for the row menu's "Copy link": of the state as it is, with the span selected. */
  linkToView?: (state: ViewState) => string;
  /** Which spans become one row where repeated spans are grouped. Keep the object the same between renders. */
  groupRules?: GroupRules;
  /** Items of the host's own at the end of a row's context menu. */
  rowMenuItems?: (span: Span) => readonly MenuItem[];
  /** Called for a link into another trace. Without it such links are plain text. */
  onOpenTrace?: (traceId: string, spanId?: string) => void;
}

export interface TraceSourceProps {
  /**
   * A trace, an exported one as it is (JSON text, bytes, or the parsed object), or what `parseTraces` or `useReadTrace` gave.
   * Not needed below a `TraceProvider`.
   */
  trace?: TraceViewInput;
  /** Which trace of an input that holds several. @default the largest */
  traceId?: string;
  /** US dollars for a million tokens, by model, for calls whose cost the trace does not say. None is built in. */
  prices?: Prices;
}

export interface TraceProviderProps extends TraceSourceProps, TraceViewStateProps {
  children?: ReactNode;
}

/** What the parts of a view share. */
export interface TraceViewContextValue {
  source: TraceSource;
  trace: Trace | undefined;
  facts: TraceFacts | undefined;
  /** Goes up when `facts` know more than before. */
  readCount: number;
  /** Reads what an agent did in a trace so large that it is not done unasked. */
  readRun: () => void;
  /** The rows that are not hidden. */
  rows: WaterfallLayout | undefined;
  viewport: Viewport;
  selectedSpanId: string | null;
  /** The selection is still the one that the view opened with. */
  isOpening: boolean;
  /** -1 where no span of this trace is selected. */
  selectedIndex: SpanIndex;
  collapsedSpanIds: CollapsedSpans;
  query: string;
  setQuery: (query: string, details?: ChangeDetails) => void;
  /** What is found so far; undefined where nothing is searched for. */
  search: ShownSearch | undefined;
  /** By span, 1 for a match; undefined where nothing is searched for. */
  matches: Uint8Array | undefined;
  /** Which of the matches is selected, from 1; 0 for none. */
  matchNumber: number;
  /** Selects the next match after the selected span, or the one before. */
  goToMatch: (step: 1 | -1, details?: ChangeDetails) => void;
  /** The search box, where there is one: `/` leads there. */
  searchInputRef: RefObject<HTMLInputElement | null>;
  arrangement: RowArrangement;
  arrange: (change: Partial<RowArrangement>, details?: ChangeDetails) => void;
  /** The view that is open, where several are offered; undefined until one is chosen. */
  tab: string | undefined;
  setTab: (tab: string) => void;
  colorBy: SpanColorBy;
  setColorBy: (colorBy: SpanColorBy, details?: ChangeDetails) => void;
  /** A place in the palette, as `colorBy` has it. */
  colorOf: (index: SpanIndex) => number;
  /** Brings a span's row into sight. False where the trace has no such span. */
  reveal: (spanId: string, align: 'nearest' | 'center') => boolean;
  /** What was last asked for so; a new object each time. */
  revealed: { readonly spanId: string; readonly align: 'nearest' | 'center' } | undefined;
  getViewState: () => ViewState;
  setViewState: (state: ViewState) => void;
  /** Undefined for the usual ones. */
  chosenColumns: readonly SpanColumn[] | undefined;
  setColumns: (columns: readonly SpanColumn[] | undefined, details?: ChangeDetails) => void;
  /** Columns of the caller's that were shown at any time. */
  offeredColumns: readonly SpanColumn[];
  columnSizes: ColumnSizes;
  /** Opens or closes a group, given by its row's value. */
  toggleGroup: (value: RowValue) => void;
  /** Whether bars show where they hold up the trace. */
  showsCriticalPath: boolean;
  setShowsCriticalPath: (shows: boolean) => void;
  timeDisplay: TimeDisplay;
  setTimeDisplay: (display: TimeDisplay, details?: ChangeDetails) => void;
  /** Of times by the clock. */
  timeZone: string;
  select: (spanId: string | null, details?: ChangeDetails) => void;
  setCollapsed: (spanIds: CollapsedSpans, details?: ChangeDetails) => void;
  toggle: (index: SpanIndex, details?: ChangeDetails) => void;
  /** Folds by levels, or down to what counts. */
  fold: (fold: Fold, details?: ChangeDetails) => void;
  /** Collapses a span and all below it, or expands them where it is collapsed. */
  toggleSubtree: (index: SpanIndex, details?: ChangeDetails) => void;
  /** Shows the time of one span and nothing more. */
  zoomToSpan: (index: SpanIndex, details?: ChangeDetails) => void;
  rowMenuItems: ((span: Span) => readonly MenuItem[]) | undefined;
  linkToView: ((state: ViewState) => string) | undefined;
  slots: RowSlots;
  onOpenTrace: ((traceId: string, spanId?: string) => void) | undefined;
  /** Begins the ids of elements, so that several views stand on one page. */
  idPrefix: string;
}

const TraceViewContext = createContext<TraceViewContextValue | undefined>(undefined);

const byApi: ChangeDetails = { reason: 'api' };

/** One view state, shared by all parts below it. */
export function TraceProvider(props: TraceProviderProps) {
  const {
    trace: input,
    traceId,
    onSelectedSpanIdChange,
    onCollapsedSpanIdsChange,
    onTimeRangeChange,
    onOpenTrace,
    prices,
    rowMenuItems,
    linkToView,
    renderRowName,
    renderRowBar,
    renderRowCell,
  } = props;
  const source = useMemo(() => readTraceSource(input, traceId), [input, traceId]);
  const trace = source.trace;
  const resetKey = trace?.traceId;

  const viewportRef = useRef<Viewport>(undefined);
  const columnsRef = useRef<readonly SpanColumn[]>(undefined);
  const pieces = useViewPieces(props, resetKey, () => ({
    timeRange: viewportRef.current?.settledRange ?? null,
    columnNames: columnsRef.current?.map(columnId),
  }));
  const { selectedSpanId, collapsedSpanIds, query, arrangement, openGroups, timeDisplay, colorBy, change } = pieces;
  const [hasSelected, setHasSelected] = useControlled<boolean>(undefined, false, resetKey);
  const facts = trace && traceFacts(trace, prices);
  const search = useSearch(trace, facts, query);
  const searchInputRef = useRef<HTMLInputElement>(null);
  const columns = useChosenColumns(props, pieces);
  const segments = trace && arrangement.compress ? traceFacts(trace).compressedSegments : undefined;
  const viewport = useViewport(trace, segments, pieces, (range, details) => {
    onTimeRangeChange?.(range, details);
    if (details.phase === 'commit') change({ timeRange: range }, { reason: details.reason, event: details.event });
  });
  useIsomorphicLayoutEffect(() => {
    viewportRef.current = viewport;
    columnsRef.current = columns.chosenColumns;
  });
  const timeZone = useMemo(() => knownTimeZone(pieces.timeZone), [pieces.timeZone]);
  const clock = useClock(trace, timeDisplay, timeZone);
  useIsomorphicLayoutEffect(() => viewport.setClock(clock), [viewport, clock]);
  const setTimeDisplay = useLatest((display: TimeDisplay, details: ChangeDetails = byApi) => {
    if (display === timeDisplay) return;
    props.onTimeDisplayChange?.(display, details);
    change({ timeDisplay: display }, details);
  });
  const shownRows = useShownRows(trace, arrangement, search, props.groupRules);
  // When the first view asks: a flame graph alone has no rows, and each would take four bytes.
  const shown = useMemo(
    () => ({
      get rows() {
        return shownRows?.at(collapsedSpanIds, openGroups);
      },
    }),
    [shownRows, collapsedSpanIds, openGroups],
  );
  const idPrefix = useId();
  const { readCount, readRun } = useRunReading(trace, facts);
  const showsCriticalPath = pieces.showsCriticalPath;
  const setShowsCriticalPath = useLatest((shows: boolean) => change({ showsCriticalPath: shows }, byApi));
  const setTab = useLatest((tab: string) => change({ tab }, byApi));
  const setColorBy = useLatest((by: SpanColorBy, details: ChangeDetails = byApi) => {
    props.onColorByChange?.(by, details);
    change({ colorBy: by }, details);
  });
  const colorOf = useMemo(() => {
    if (!trace || !facts) return () => 0;
    return colorBy === 'auto' ? (index: SpanIndex) => facts.color(index) : spanColor(trace, facts, colorBy);
  }, [trace, facts, colorBy]);

  const [revealed, setRevealed] = useState<TraceViewContextValue['revealed']>();
  const reveal = useLatest((spanId: string, align: 'nearest' | 'center') => {
    if (!trace?.span(spanId)) return false;
    uncover(spanId, byApi);
    setRevealed({ spanId, align });
    return true;
  });
  const getViewState = useLatest(() =>
    stateOf({
      ...pieces,
      timeRange: viewport.settledRange,
      columnNames: columns.chosenColumns?.map(columnId),
    }),
  );
  const setViewState = useLatest((state: ViewState) => {
    const next = piecesOf(state);
    viewport.goTo(next.timeRange, byApi);
    setTimeDisplay(next.timeDisplay);
    columns.setColumns(columnsByName(next.columnNames, columns.offeredColumns));
    setColorBy(next.colorBy);
    setQuery(next.query);
    setCollapsed(next.collapsedSpanIds);
    select(next.selectedSpanId);
    const { arrangement, openGroups, showsCriticalPath, tab } = next;
    change({ arrangement, openGroups, showsCriticalPath, ...(tab !== undefined && { tab }) }, byApi);
  });
  // A link to a span leads to it, also where the link itself says that it is folded away.
  const hasSearched = query.trim() === '' || search?.done === true;
  const linkedTraceId = useRef<string>(undefined);
  const followLink = useLatest((traceId: string | undefined, isSettled: boolean) => {
    if (traceId === undefined || !isSettled || linkedTraceId.current === traceId) return;
    linkedTraceId.current = traceId;
    if (pieces.isLinked && selectedSpanId !== null) uncover(selectedSpanId, byApi);
  });
  useEffect(() => followLink(resetKey, hasSearched), [resetKey, hasSearched, followLink]);

  const select = useLatest((spanId: string | null, details: ChangeDetails = byApi) => {
    // Who follows a link wants to see where it leads, also where that is folded away.
    if (spanId !== null && details.reason === 'link') uncover(spanId, details);
    setHasSelected(true);
    if (spanId === selectedSpanId) return;
    onSelectedSpanIdChange?.(spanId, details);
    change({ selectedSpanId: spanId }, details);
  });
  const uncover = useLatest((spanId: string, details: ChangeDetails) => {
    const index = trace?.span(spanId)?.index;
    const rows = shown.rows;
    if (!trace || !rows || index === undefined) return;
    if (!rows.holds(index)) {
      const { focusSpanId } = arrangement;
      const focus = focusSpanId === null ? undefined : trace.span(focusSpanId)?.index;
      const isInFocus = focus !== undefined && index >= focus && index < trace.columns.subtreeEnd[focus]!;
      arrange({ focusSpanId: isInFocus ? focusSpanId : null, matchesOnly: false, withoutNoise: false }, details);
    }
    const { spans, groups } = rows.closedAbove(index);
    const keys = spans.map((above) => trace.spanAt(above).key);
    if (keys.length > 0) setCollapsed(withExpanded(collapsedSpanIds, keys), details);
    if (groups.length > 0) change({ openGroups: new Set([...openGroups, ...groups]) }, details);
  });
  const setCollapsed = useLatest((spanIds: CollapsedSpans, details: ChangeDetails = byApi) => {
    onCollapsedSpanIdsChange?.(spanIds, details);
    change({ collapsedSpanIds: spanIds }, details);
  });
  const toggle = useLatest((index: SpanIndex, details: ChangeDetails = byApi) => {
    const rows = shown.rows;
    if (!trace || !rows || trace.columns.subtreeEnd[index] === index + 1) return;
    const next = toggled(collapsedSpanIds, trace.spanAt(index).key);
    shownRows?.keep(next, openGroups, rows.toggle(index));
    setCollapsed(next, details);
  });
  const fold = useLatest((fold: Fold, details: ChangeDetails = byApi) => {
    if (!trace) return;
    const next = folded(trace, traceFacts(trace), collapsedSpanIds, fold);
    if (next !== collapsedSpanIds) setCollapsed(next, details);
  });
  const toggleSubtree = useLatest((index: SpanIndex, details: ChangeDetails = byApi) => {
    const rows = shown.rows;
    if (!trace || !rows?.hasChildren(index)) return;
    setCollapsed(withSubtreeToggled(trace, collapsedSpanIds, index, rows.isExpanded(index)), details);
  });
  const toggleGroup = useLatest((value: RowValue) => {
    const rows = shown.rows;
    const group = rows && value < 0 ? rows.special(value) : undefined;
    if (!rows || group?.type !== 'group') return;
    const next = new Set(openGroups);
    if (!next.delete(group.key)) next.add(group.key);
    shownRows?.keep(collapsedSpanIds, next, rows.toggleGroup(value));
    change({ openGroups: next }, byApi);
  });
  const arrange = useLatest((changes: Partial<RowArrangement>, details: ChangeDetails = byApi) =>
    change({ arrangement: { ...arrangement, ...changes } }, details),
  );
  const setQuery = useLatest((next: string, details: ChangeDetails = byApi) => {
    if (next === query) return;
    props.onQueryChange?.(next, details);
    change({ query: next }, details);
  });
  const awaitedMatch = useRef<{ step: 1 | -1; details: ChangeDetails }>(undefined);
  const goToMatch = useLatest((step: 1 | -1, details: ChangeDetails = byApi) => {
    awaitedMatch.current = undefined;
    if (!trace) return;
    if (!search) {
      // Who types fast presses Enter before anything can be found.
      if (query.trim() !== '') awaitedMatch.current = { step, details };
      return;
    }
    const from = selectedSpanId === null ? -1 : (trace.span(selectedSpanId)?.index ?? -1);
    const found = matchAfter(search.result, from < 0 && step < 0 ? trace.spanCount : from, step);
    if (found < 0) return;
    const { key } = trace.spanAt(found);
    uncover(key, details);
    select(key, details);
  });
  useEffect(() => {
    if (search && awaitedMatch.current) goToMatch(awaitedMatch.current.step, awaitedMatch.current.details);
  }, [search, goToMatch]);
  const zoomToSpan = useLatest((index: SpanIndex, details: ChangeDetails = byApi) => {
    if (!trace) return;
    const start = spanStart(trace, index);
    const end = spanEnd(trace, index);
    // A little air on both sides, so that the bar's ends can be seen to be its ends.
    const air = Math.max((end - start) * 0.04, 10);
    viewport.goTo([start - air, end + air], details);
  });

  const slots = useMemo<RowSlots>(
    () => ({
      ...(renderRowName && { renderRowName }),
      ...(renderRowBar && { renderRowBar }),
      ...(renderRowCell && { renderRowCell }),
    }),
    [renderRowName, renderRowBar, renderRowCell],
  );
  const selectedIndex = selectedSpanId === null ? -1 : (trace?.span(selectedSpanId)?.index ?? -1);
  const value = useMemo<TraceViewContextValue>(
    () => ({
      source,
      trace,
      facts,
      readCount,
      readRun,
      get rows() {
        return shown.rows;
      },
      viewport,
      selectedSpanId,
      isOpening: selectedSpanId !== null && !hasSelected,
      selectedIndex,
      collapsedSpanIds,
      query,
      setQuery,
      search,
      matches: search?.result.query && search.matches,
      matchNumber: search && selectedIndex >= 0 ? matchNumber(search.result, selectedIndex) : 0,
      goToMatch,
      searchInputRef,
      arrangement,
      arrange,
      tab: pieces.tab,
      setTab,
      colorBy,
      setColorBy,
      colorOf,
      reveal,
      revealed,
      getViewState,
      setViewState,
      ...columns,
      toggleGroup,
      showsCriticalPath,
      setShowsCriticalPath,
      timeDisplay,
      setTimeDisplay,
      timeZone,
      select,
      setCollapsed,
      toggle,
      fold,
      toggleSubtree,
      zoomToSpan,
      rowMenuItems,
      linkToView,
      slots,
      onOpenTrace,
      idPrefix,
    }),
    [
      source,
      trace,
      facts,
      readCount,
      readRun,
      shown,
      viewport,
      selectedSpanId,
      hasSelected,
      selectedIndex,
      collapsedSpanIds,
      query,
      setQuery,
      search,
      goToMatch,
      arrangement,
      arrange,
      pieces.tab,
      setTab,
      colorBy,
      setColorBy,
      colorOf,
      reveal,
      revealed,
      getViewState,
      setViewState,
      columns,
      toggleGroup,
      showsCriticalPath,
      setShowsCriticalPath,
      timeDisplay,
      setTimeDisplay,
      timeZone,
      select,
      setCollapsed,
      toggle,
      fold,
      toggleSubtree,
      zoomToSpan,
      rowMenuItems,
      linkToView,
      slots,
      onOpenTrace,
      idPrefix,
    ],
  );
  useTraceViewActions(value, props.apiRef);
  return <TraceViewContext.Provider value={value}>{props.children}</TraceViewContext.Provider>;
}

/** The view state of the nearest `TraceProvider`. Throws outside of one. */
export function useTraceViewContext(): TraceViewContextValue {
  const value = useContext(TraceViewContext);
  if (!value) {
    throw new Error(
      'This part of spanscope has no trace: give it a `trace` prop, or put it below a <TraceProvider trace={…}>.',
    );
  }
  return value;
}

/**
 * Gives a part its view state: the provider's above it, or one of its own where it has a `trace` of its own or stands alone.
 */
export function TraceScope(props: TraceProviderProps) {
  const above = useContext(TraceViewContext);
  const isShared = above !== undefined && props.trace === undefined;
  useTraceViewActions(above, isShared ? props.apiRef : undefined);
  if (isShared) return <>{props.children}</>;
  return <TraceProvider {...props} />;
}
