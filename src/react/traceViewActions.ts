import { type Ref, useImperativeHandle } from 'react';
import type { CollapsedSpans } from '../layout/collapse.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { ViewState } from '../layout/viewState.ts';
import type { TraceViewContextValue } from './TraceProvider.tsx';
import { useLatest } from './useLatest.ts';

/** What code may do with a view: by `useTraceView()` below a provider, and from outside by `apiRef`. */
export interface TraceViewActions {
  selectSpan(spanId: string | null): void;
  /**
   * Brings a span's row into sight, also where it is folded away or left out by a filter; it need not be selected. False where the
   * trace has no such span.
   */
  scrollToSpan(spanId: string, options?: { align?: 'nearest' | 'center' }): boolean;
  setCollapsedSpanIds(spanIds: CollapsedSpans): void;
  expandAll(): void;
  collapseAll(): void;
  /** Collapses all but the way to each error. */
  expandToErrors(): void;
  /** Collapses all but the way to what the trace's end waited for. */
  expandToCriticalPath(): void;
  /** In 200 ms, or at once where motion is reduced; null for the whole trace. */
  setTimeRange(range: TimeRange | null): void;
  /** The same as `setTimeRange`. */
  zoomTo(range: TimeRange | null): void;
  zoomToSpan(spanId: string): void;
  /** Shows the whole trace, or all the time of a span. */
  fit(spanId?: string): void;
  /** Through the ranges that were shown before. */
  zoomBack(): void;
  zoomForward(): void;
  setQuery(query: string): void;
  /** Selects the next span that the query matches, or the one before. */
  goToMatch(step: 1 | -1): void;
  /** All that a link needs: see `encodeViewState`. */
  getViewState(): ViewState;
  /** What the value leaves out is as at the beginning. Pieces that the owner controls are asked for by their callbacks. */
  setViewState(state: ViewState): void;
}

/** Actions that always meet the view as it was last rendered. */
export function useTraceViewActions(view: TraceViewContextValue | undefined, apiRef?: Ref<TraceViewActions>): void {
  const current = useLatest(() => view!);
  useImperativeHandle(apiRef, () => actionsOf(current), [current]);
}

export function actionsOf(view: () => TraceViewContextValue): TraceViewActions {
  const zoomTo = (range: TimeRange | null) => view().viewport.goTo(range, { reason: 'api' });
  const zoomToSpan = (spanId: string) => {
    const span = view().trace?.span(spanId);
    if (span) view().zoomToSpan(span.index);
  };
  return {
    selectSpan: (spanId) => view().select(spanId),
    scrollToSpan: (spanId, { align = 'center' } = {}) => view().reveal(spanId, align),
    setCollapsedSpanIds: (spanIds) => view().setCollapsed(spanIds),
    expandAll: () => view().setCollapsed(new Set()),
    collapseAll: () => view().setCollapsed({ all: true, except: new Set() }),
    expandToErrors: () => view().fold('errors'),
    expandToCriticalPath: () => view().fold('critical-path'),
    setTimeRange: zoomTo,
    zoomTo,
    zoomToSpan,
    fit: (spanId) => (spanId === undefined ? zoomTo(null) : zoomToSpan(spanId)),
    zoomBack: () => view().viewport.travel(-1, { reason: 'api' }),
    zoomForward: () => view().viewport.travel(1, { reason: 'api' }),
    setQuery: (query) => view().setQuery(query),
    goToMatch: (step) => view().goToMatch(step),
    getViewState: () => view().getViewState(),
    setViewState: (state) => view().setViewState(state),
  };
}
