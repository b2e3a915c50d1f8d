'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, type RefObject, useEffect, useMemo, useRef } from 'react';
import { ColumnDivider } from './ColumnDivider.tsx';
import { ContextGrowth, type ContextGrowthProps } from './ContextGrowth.tsx';
import { classes } from './classes.ts';
import { FlameGraph } from './FlameGraph.tsx';
import { IterationTable } from './IterationTable.tsx';
import { Minimap } from './Minimap.tsx';
import { messages } from './messages.ts';
import { openingSpanId } from './openingSpan.ts';
import { RunSummary } from './RunSummary.tsx';
import { SpanDetails, type SpanDetailsOptions } from './SpanDetails.tsx';
import { SpanTable } from './SpanTable.tsx';
import { SpanTree } from './SpanTree.tsx';
import { focusedElement } from './shadowRoots.ts';
import { TracePicker } from './TracePicker.tsx';
import {
  TraceProvider,
  TraceScope,
  type TraceSourceProps,
  type TraceViewStateProps,
  useTraceViewContext,
} from './TraceProvider.tsx';
import { TraceToolbar, type TraceViewName } from './TraceToolbar.tsx';
import { Transcript } from './Transcript.tsx';
import { traceFacts } from './traceFacts.ts';
import { readTraceSource } from './traceSource.ts';
import { useControlled } from './useControlled.ts';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { Waterfall } from './Waterfall.tsx';

export interface TraceViewProps extends TraceSourceProps, TraceViewStateProps, SpanDetailsOptions {
  /**
   * The span to begin with. Where neither this nor `selectedSpanId` is given, a failed run opens at the span that it
   * failed of, another at the span that it waited for longest.
   */
  defaultSelectedSpanId?: string | null;
  /** @default 'waterfall' */
  defaultView?: TraceViewName;
  view?: TraceViewName;
  onViewChange?: (view: TraceViewName) => void;
  /** How many tokens a model's context holds: a line in the growth of the context. */
  contextWindow?: ContextGrowthProps['contextWindow'];
  /** For an input of several traces: called when another is picked. */
  onTraceIdChange?: (traceId: string) => void;
  /** `auto` follows the page's `color-scheme`. @default 'auto' */
  theme?: 'auto' | 'light' | 'dark';
  /** Rows of 28 px or of 22 px. @default 'comfortable' */
  density?: 'comfortable' | 'compact';
  /** Styled by `.spanscope-trace-view`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * The whole viewer: what the run came to, then its spans as waterfall, tree or flame graph, and beside them all about the
 * span that is selected. It takes an exported trace as it is, and says in place what it cannot read.
 */
export const TraceView = forwardRef<HTMLDivElement, TraceViewProps>(function TraceView(props, ref) {
  const [pickedTraceId, setPickedTraceId] = useControlled(props.traceId, undefined, props.trace);
  const pick = (traceId: string) => {
    setPickedTraceId(traceId);
    props.onTraceIdChange?.(traceId);
  };
  const frame = <TraceViewFrame {...props} onPickTrace={pick} forwardedRef={ref} />;
  const opening = useOpeningPoint(props, pickedTraceId);
  if (props.trace === undefined) return <TraceScope {...props}>{frame}</TraceScope>;
  return (
    <TraceProvider
      {...props}
      {...(opening === undefined ? {} : { defaultSelectedSpanId: opening })}
      {...(pickedTraceId === undefined ? {} : { traceId: pickedTraceId })}
    >
      {frame}
    </TraceProvider>
  );
});

interface FrameProps extends TraceViewProps {
  onPickTrace: (traceId: string) => void;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function TraceViewFrame(props: FrameProps) {
  const { source, trace, facts, tab, setTab } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  const chosenView = props.view ?? tab ?? props.defaultView ?? 'waterfall';
  const views = facts?.agents.isAgentRun ? viewsOfAgents : viewsOfAnyTrace;
  const view = views.find((name) => name === chosenView) ?? 'waterfall';
  const setView = (next: TraceViewName) => {
    setTab(next);
    props.onViewChange?.(next);
  };
  const theme = props.theme === 'auto' ? undefined : props.theme;
  return (
    <div
      ref={useMergedRef(rootRef, props.forwardedRef)}
      className={classes('spanscope spanscope-trace-view', props.className)}
      part="view"
      style={props.style}
      data-theme={theme}
      data-density={props.density}
    >
      <ViewErrorBoundary resetKey={source}>
        {source.traces.length > 1 && <TracePicker onPick={props.onPickTrace} />}
        {trace && trace.spanCount > 0 ? (
          <>
            <RunSummary />
            <TraceToolbar views={views} view={view} onViewChange={setView} />
            <CompletenessNote />
            <Panes {...props} shownView={view} rootRef={rootRef} />
          </>
        ) : (
          <ViewStates />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

const viewsOfAnyTrace: readonly TraceViewName[] = ['waterfall', 'tree', 'flame-graph', 'table'];
const viewsOfAgents: readonly TraceViewName[] = [...viewsOfAnyTrace, 'transcript', 'iterations'];

const viewsOverTime: ReadonlySet<TraceViewName> = new Set(['waterfall', 'flame-graph']);

interface PanesProps extends TraceViewProps {
  shownView: TraceViewName;
  rootRef: RefObject<HTMLDivElement | null>;
}

function MainView({
  shownView,
  columns,
  contextWindow,
  allowRemoteMedia,
}: TraceViewProps & Pick<PanesProps, 'shownView'>) {
  const columnProps = columns === undefined ? {} : { columns };
  switch (shownView) {
    case 'waterfall':
      return <Waterfall {...columnProps} />;
    case 'tree':
      return <SpanTree {...columnProps} />;
    case 'flame-graph':
      return <FlameGraph />;
    case 'table':
      return <SpanTable {...columnProps} />;
    case 'transcript':
      return <Transcript {...(allowRemoteMedia === undefined ? {} : { allowRemoteMedia })} />;
    case 'iterations':
      return (
        <div className="spanscope-run-views">
          <ContextGrowth {...(contextWindow === undefined ? {} : { contextWindow })} />
          <IterationTable />
        </div>
      );
  }
}

function Panes({ rootRef, ...props }: PanesProps) {
  const { trace, selectedIndex, select, isOpening } = useTraceViewContext();
  const mainRef = useRef<HTMLDivElement>(null);
  const detailsRef = useRef<HTMLDivElement>(null);
  const isDetailed = selectedIndex >= 0;
  // Where the details lie over the rows, a focus that stayed in the rows would be out of sight.
  useEffect(() => {
    const details = detailsRef.current;
    if (!isDetailed || isOpening || !details || getComputedStyle(details).position !== 'absolute') return;
    if (!mainRef.current?.contains(focusedElement(details))) return;
    details.querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  }, [isDetailed, isOpening]);
  const close = () => {
    const key = trace!.spanAt(selectedIndex).key;
    select(null);
    // The focus goes back to where the span was selected, not to the page's body.
    const row = mainRef.current?.querySelector<HTMLElement>(`[data-span-id="${CSS.escape(key)}"]`);
    (row ?? mainRef.current?.querySelector<HTMLElement>('[tabindex="0"]'))?.focus({ preventScroll: true });
  };
  return (
    <div className="spanscope-panes" data-detailed={isDetailed || undefined} data-opening={isOpening || undefined}>
      <div ref={mainRef} className="spanscope-main-pane" part="main">
        <ViewErrorBoundary resetKey={`${trace?.traceId} ${props.shownView}`}>
          {viewsOverTime.has(props.shownView) && <Minimap className="spanscope-view-minimap" />}
          <MainView {...props} />
        </ViewErrorBoundary>
      </div>
      {isDetailed && (
        <>
          <ColumnDivider
            rootRef={rootRef}
            variable="--ss-details-width"
            label={messages.traceView.resizeDetails}
            fromEnd
            smallest={240}
          />
          <div ref={detailsRef} className="spanscope-details-pane" part="details">
            <ViewErrorBoundary resetKey={`${trace?.traceId} ${selectedIndex}`}>
              <SpanDetails {...detailsOptions(props)} onClose={close} />
            </ViewErrorBoundary>
          </div>
        </>
      )}
    </div>
  );
}

function detailsOptions({ detailTabs, detailContent, allowRemoteMedia }: SpanDetailsOptions): SpanDetailsOptions {
  return {
    ...(detailTabs === undefined ? {} : { detailTabs }),
    ...(detailContent === undefined ? {} : { detailContent }),
    ...(allowRemoteMedia === undefined ? {} : { allowRemoteMedia }),
  };
}

/** The key of the span that a view opens at, where its owner says nothing of a selection. Looked for once in a trace that grows. */
function useOpeningPoint(props: TraceViewProps, pickedTraceId: string | undefined): string | undefined {
  const { trace: input, prices } = props;
  const isGiven =
    props.selectedSpanId !== undefined ||
    props.defaultSelectedSpanId !== undefined ||
    (props.viewState ?? props.defaultViewState) !== undefined;
  const opening = useRef<{ traceId: string; spanId: string | undefined }>(undefined);
  return useMemo(() => {
    if (isGiven || input === undefined) return undefined;
    const { trace } = readTraceSource(input, pickedTraceId);
    if (!trace) return undefined;
    const { traceId } = trace;
    if (opening.current?.traceId !== traceId) {
      opening.current = { traceId, spanId: openingSpanId(trace, traceFacts(trace, prices)) };
    }
    return opening.current.spanId;
  }, [isGiven, input, pickedTraceId, prices]);
}
