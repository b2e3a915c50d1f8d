'use client';

import { useSyncExternalStore } from 'react';
import type { CollapsedSpans } from '../layout/collapse.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { Span, Trace } from '../model/trace.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** The view state that the parts below a `TraceProvider` share, and what changes it. */
export interface TraceViewState {
  /** Undefined where the input could not be read or holds no trace; then `error` may say why. */
  trace: Trace | undefined;
  /** All traces of the input. */
  traces: readonly Trace[];
  error: Error | undefined;
  selectedSpanId: string | null;
  selectedSpan: Span | undefined;
  collapsedSpanIds: CollapsedSpans;
  /** Null for the whole trace. Told when a gesture has ended, not while it lasts. */
  timeRange: TimeRange | null;
  query: string;
  selectSpan(spanId: string | null): void;
  setCollapsedSpanIds(spanIds: CollapsedSpans): void;
  expandAll(): void;
  collapseAll(): void;
  /** In 200 ms, or at once where motion is reduced. */
  setTimeRange(range: TimeRange | null): void;
  zoomToSpan(spanId: string): void;
  setQuery(query: string): void;
  /** Selects the next span that the query matches, or the one before. */
  goToMatch(step: 1 | -1): void;
}

/** The state of the nearest `TraceProvider` or `TraceView`. Throws outside of one. */
export function useTraceView(): TraceViewState {
  const view = useTraceViewContext();
  const { source, trace, viewport, selectedSpanId, selectedIndex, collapsedSpanIds, select, setCollapsed } = view;
  const currentRange = () => (viewport.isZoomed ? viewport.range : null);
  const timeRange = useSyncExternalStore((watcher) => viewport.watchCommits(watcher), currentRange, currentRange);
  return {
    trace,
    traces: source.traces,
    error: source.error,
    selectedSpanId,
    selectedSpan: selectedIndex < 0 ? undefined : trace?.spanAt(selectedIndex),
    collapsedSpanIds,
    timeRange,
    selectSpan: select,
    setCollapsedSpanIds: setCollapsed,
    expandAll: () => setCollapsed(new Set()),
    collapseAll: () => setCollapsed({ all: true, except: new Set() }),
    setTimeRange: (range) => viewport.goTo(range, { reason: 'api' }),
    zoomToSpan: (spanId) => {
      const span = trace?.span(spanId);
      if (span) view.zoomToSpan(span.index);
    },
    query: view.query,
    setQuery: (query) => view.setQuery(query),
    goToMatch: (step) => view.goToMatch(step),
  };
}
