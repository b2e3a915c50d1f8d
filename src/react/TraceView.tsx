'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, type RefObject, useEffect, useRef } from 'react';
import { ColumnDivider } from './ColumnDivider.tsx';
import { classes } from './classes.ts';
import { FlameGraph } from './FlameGraph.tsx';
import { Minimap } from './Minimap.tsx';
import { messages } from './messages.ts';
import { SpanDetails } from './SpanDetails.tsx';
import { SpanTree } from './SpanTree.tsx';
import { TracePicker } from './TracePicker.tsx';
import {
  TraceProvider,
  TraceScope,
  type TraceSourceProps,
  type TraceViewStateProps,
  useTraceViewContext,
} from './TraceProvider.tsx';
import { TraceSummary } from './TraceSummary.tsx';
import { TraceToolbar, type TraceViewName } from './TraceToolbar.tsx';
import { useControlled } from './useControlled.ts';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { Waterfall } from './Waterfall.tsx';

export interface TraceViewProps extends TraceSourceProps, TraceViewStateProps {
  /** @default 'waterfall' */
  defaultView?: TraceViewName;
  view?: TraceViewName;
  onViewChange?: (view: TraceViewName) => void;
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
  if (props.trace === undefined) return <TraceScope {...props}>{frame}</TraceScope>;
  return (
    <TraceProvider {...props} {...(pickedTraceId === undefined ? {} : { traceId: pickedTraceId })}>
      {frame}
    </TraceProvider>
  );
});

interface FrameProps extends TraceViewProps {
  onPickTrace: (traceId: string) => void;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function TraceViewFrame(props: FrameProps) {
  const { source, trace } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  const [view, setOwnView] = useControlled(props.view, props.defaultView ?? 'waterfall', null);
  const setView = (next: TraceViewName) => {
    setOwnView(next);
    props.onViewChange?.(next);
  };
  const theme = props.theme === 'auto' ? undefined : props.theme;
  return (
    <div
      ref={useMergedRef(rootRef, props.forwardedRef)}
      className={classes('spanscope spanscope-trace-view', props.className)}
      style={props.style}
      data-theme={theme}
      data-density={props.density}
    >
      <ViewErrorBoundary resetKey={source}>
        {source.traces.length > 1 && <TracePicker onPick={props.onPickTrace} />}
        {trace && trace.spanCount > 0 ? (
          <>
            <TraceSummary />
            <TraceToolbar view={view} onViewChange={setView} />
            <CompletenessNote />
            <Panes view={view} rootRef={rootRef} />
          </>
        ) : (
          <ViewStates />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

const views = { waterfall: Waterfall, tree: SpanTree, 'flame-graph': FlameGraph };

function Panes({ view, rootRef }: { view: TraceViewName; rootRef: RefObject<HTMLDivElement | null> }) {
  const { trace, selectedIndex, select } = useTraceViewContext();
  const mainRef = useRef<HTMLDivElement>(null);
  const View = views[view];
  const detailsRef = useRef<HTMLDivElement>(null);
  const isDetailed = selectedIndex >= 0;
  // Where the details lie over the rows, a focus that stayed in the rows would be out of sight.
  useEffect(() => {
    const details = detailsRef.current;
    if (!isDetailed || !details || getComputedStyle(details).position !== 'absolute') return;
    if (!mainRef.current?.contains(document.activeElement)) return;
    details.querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  }, [isDetailed]);
  const close = () => {
    const key = trace!.spanAt(selectedIndex).key;
    select(null);
    // The focus goes back to where the span was selected, not to the page's body.
    const row = mainRef.current?.querySelector<HTMLElement>(`[data-span-id="${CSS.escape(key)}"]`);
    (row ?? mainRef.current?.querySelector<HTMLElement>('[tabindex="0"]'))?.focus({ preventScroll: true });
  };
  return (
    <div className="spanscope-panes" data-detailed={isDetailed || undefined}>
      <div ref={mainRef} className="spanscope-main-pane">
        <ViewErrorBoundary resetKey={`${trace?.traceId} ${view}`}>
          {view !== 'tree' && <Minimap className="spanscope-view-minimap" />}
          <View />
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
          <div ref={detailsRef} className="spanscope-details-pane">
            <ViewErrorBoundary resetKey={`${trace?.traceId} ${selectedIndex}`}>
              <SpanDetails onClose={close} />
            </ViewErrorBoundary>
          </div>
        </>
      )}
    </div>
  );
}
