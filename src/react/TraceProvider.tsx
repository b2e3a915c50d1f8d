'use client';

import { createContext, type ReactNode, useContext, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type CollapsedSpans, toggled, withExpanded } from '../layout/collapse.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import { layoutWaterfall, type WaterfallLayout } from '../layout/waterfall.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { Prices } from '../transforms/agentUsage.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { type TraceFacts, traceFacts } from './traceFacts.ts';
import { readTraceSource, type TraceSource, type TraceViewInput } from './traceSource.ts';
import { useControlled } from './useControlled.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { type ChangeDetails, type TimeRangeChangeDetails, Viewport } from './viewport.ts';

/** The pieces of view state, each a triad: controlled by its value, begun by its default, told by its callback. */
export interface TraceViewStateProps {
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
  /** Called for a link into another trace. Without it such links are plain text. */
  onOpenTrace?: (traceId: string, spanId?: string) => void;
}

export interface TraceSourceProps {
  /**
   * A trace, an exported one as it is (JSON text, bytes, or the parsed object), or what `parseTraces` gave.
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
  select: (spanId: string | null, details?: ChangeDetails) => void;
  setCollapsed: (spanIds: CollapsedSpans, details?: ChangeDetails) => void;
  toggle: (index: SpanIndex, details?: ChangeDetails) => void;
  /** Shows the time of one span and nothing more. */
  zoomToSpan: (index: SpanIndex, details?: ChangeDetails) => void;
  onOpenTrace: ((traceId: string, spanId?: string) => void) | undefined;
  /** Begins the ids of elements, so that several views stand on one page. */
  idPrefix: string;
}

const TraceViewContext = createContext<TraceViewContextValue | undefined>(undefined);

const nothingCollapsed: CollapsedSpans = new Set<string>();
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
  } = props;
  const source = useMemo(() => readTraceSource(input, traceId), [input, traceId]);
  const trace = source.trace;
  const resetKey = trace?.traceId;

  const [selectedSpanId, setSelected] = useControlled(
    props.selectedSpanId,
    props.defaultSelectedSpanId ?? null,
    resetKey,
  );
  const [collapsedSpanIds, setCollapsedOwn] = useControlled(
    props.collapsedSpanIds,
    props.defaultCollapsedSpanIds ?? nothingCollapsed,
    resetKey,
  );
  const [hasSelected, setHasSelected] = useControlled<boolean>(undefined, false, resetKey);
  const viewport = useViewport(trace, props.timeRange, props.defaultTimeRange, onTimeRangeChange);
  const rows = useMemo(() => (trace ? rowsOf(trace, collapsedSpanIds) : undefined), [trace, collapsedSpanIds]);
  const idPrefix = useId();
  const facts = trace && traceFacts(trace, prices);
  const [readCount, setReadCount] = useState(0);
  const readRun = useLatest(() => facts?.agents.readInSteps(() => setReadCount((count) => count + 1)));
  useEffect(() => {
    return facts?.agents.isUnread && !facts.agents.isHuge ? readRun() : undefined;
  }, [facts, readRun]);

  const select = useLatest((spanId: string | null, details: ChangeDetails = byApi) => {
    // Who follows a link wants to see where it leads, also where that is folded away.
    if (spanId !== null && details.reason === 'link') uncover(spanId, details);
    setHasSelected(true);
    if (spanId === selectedSpanId) return;
    setSelected(spanId);
    onSelectedSpanIdChange?.(spanId, details);
  });
  const uncover = useLatest((spanId: string, details: ChangeDetails) => {
    const closed: string[] = [];
    for (let above = trace?.span(spanId)?.parent; above; above = above.parent) {
      if (rows?.isCollapsed(above.index)) closed.push(above.key);
    }
    if (closed.length > 0) setCollapsed(withExpanded(collapsedSpanIds, closed), details);
  });
  const setCollapsed = useLatest((spanIds: CollapsedSpans, details: ChangeDetails = byApi) => {
    setCollapsedOwn(spanIds);
    onCollapsedSpanIdsChange?.(spanIds, details);
  });
  const toggle = useLatest((index: SpanIndex, details: ChangeDetails = byApi) => {
    if (!trace || !rows || trace.columns.subtreeEnd[index] === index + 1) return;
    const next = toggled(collapsedSpanIds, trace.spanAt(index).key);
    keepRows(trace, next, rows.toggle(index));
    setCollapsed(next, details);
  });
  const zoomToSpan = useLatest((index: SpanIndex, details: ChangeDetails = byApi) => {
    if (!trace) return;
    const start = spanStart(trace, index);
    const end = spanEnd(trace, index);
    // A little air on both sides, so that the bar's ends can be seen to be its ends.
    const air = Math.max((end - start) * 0.04, 10);
    viewport.goTo([start - air, end + air], details);
  });

  const value = useMemo<TraceViewContextValue>(
    () => ({
      source,
      trace,
      facts,
      readCount,
      readRun,
      rows,
      viewport,
      selectedSpanId,
      isOpening: selectedSpanId !== null && !hasSelected,
      selectedIndex: selectedSpanId === null ? -1 : (trace?.span(selectedSpanId)?.index ?? -1),
      collapsedSpanIds,
      select,
      setCollapsed,
      toggle,
      zoomToSpan,
      onOpenTrace,
      idPrefix,
    }),
    [
      source,
      trace,
      facts,
      readCount,
      readRun,
      rows,
      viewport,
      selectedSpanId,
      hasSelected,
      collapsedSpanIds,
      select,
      setCollapsed,
      toggle,
      zoomToSpan,
      onOpenTrace,
      idPrefix,
    ],
  );
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
  if (above && props.trace === undefined) return <>{props.children}</>;
  return <TraceProvider {...props} />;
}

function useViewport(
  trace: Trace | undefined,
  controlled: TimeRange | null | undefined,
  initial: TimeRange | null | undefined,
  listener: TraceViewStateProps['onTimeRangeChange'],
): Viewport {
  const [viewport] = useState(() => new Viewport(trace?.duration ?? 0, controlled ?? initial));
  const shownTraceId = useRef(trace?.traceId);
  useIsomorphicLayoutEffect(() => {
    viewport.setDuration(trace?.duration ?? 0);
    if (trace && shownTraceId.current !== trace.traceId) viewport.reset(initial ?? null);
    shownTraceId.current = trace?.traceId;
    viewport.setControlled(controlled);
  }, [viewport, trace, controlled]);
  useIsomorphicLayoutEffect(() => viewport.setListener(listener));
  useEffect(() => viewport.connect(), [viewport]);
  return viewport;
}

// A toggle splices the rows it has; the set that stands for the result finds them here again.
const rowsByTrace = new WeakMap<Trace, WeakMap<CollapsedSpans, WaterfallLayout>>();

function rowsOf(trace: Trace, collapsed: CollapsedSpans): WaterfallLayout {
  return rowsByTrace.get(trace)?.get(collapsed) ?? keepRows(trace, collapsed, layoutWaterfall(trace, { collapsed }));
}

function keepRows(trace: Trace, collapsed: CollapsedSpans, rows: WaterfallLayout): WaterfallLayout {
  let ofTrace = rowsByTrace.get(trace);
  if (!ofTrace) {
    ofTrace = new WeakMap();
    rowsByTrace.set(trace, ofTrace);
  }
  ofTrace.set(collapsed, rows);
  return rows;
}
