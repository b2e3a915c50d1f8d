'use client';

import { useMemo, useSyncExternalStore } from 'react';
import type { CollapsedSpans } from '../layout/collapse.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { Span, Trace } from '../model/trace.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { actionsOf, type TraceViewActions } from './traceViewActions.ts';
import { useLatest } from './useLatest.ts';

/** The view state that the parts below a `TraceProvider` share, and what changes it. */
export interface TraceViewState extends TraceViewActions {
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
}

/** The state of the nearest `TraceProvider` or `TraceView`. Throws outside of one. */
export function useTraceView(): TraceViewState {
  const view = useTraceViewContext();
  const { source, trace, viewport, selectedSpanId, selectedIndex, collapsedSpanIds, query } = view;
  const currentRange = () => (viewport.isZoomed ? viewport.range : null);
  const timeRange = useSyncExternalStore((watcher) => viewport.watchCommits(watcher), currentRange, currentRange);
  const latest = useLatest(() => view);
  const actions = useMemo(() => actionsOf(latest), [latest]);
  return {
    ...actions,
    trace,
    traces: source.traces,
    error: source.error,
    selectedSpanId,
    selectedSpan: selectedIndex < 0 ? undefined : trace?.spanAt(selectedIndex),
    collapsedSpanIds,
    timeRange,
    query,
  };
}
