'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, memo, useEffect, useRef, useState } from 'react';
import { ColumnDivider } from './ColumnDivider.tsx';
import { classes } from './classes.ts';
import { attachTimeGestures } from './gestures.ts';
import { messages } from './messages.ts';
import { SpanName } from './SpanName.tsx';
import { type CellsProps, SpanRows } from './SpanRows.tsx';
import { TimeAxis, TimeGrid, timeAtX } from './TimeAxis.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { BarPainter, barLabel } from './waterfallBars.ts';

export interface WaterfallProps extends TraceSourceProps, TraceViewStateProps {
  /** Styled by `.spanscope-waterfall`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * The spans of a trace as rows, each with its bar in time. A `treegrid`: arrows move and expand, Enter selects and Escape
 * ends the selection, `f` fits the span, `+`, `-` and `0` zoom.
 * Rows carry `data-span-id`, `data-status`, `data-selected`, `data-open`.
 */
export const Waterfall = forwardRef<HTMLDivElement, WaterfallProps>(function Waterfall(props, ref) {
  return (
    <TraceScope {...props}>
      <WaterfallFrame className={props.className} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

interface FrameProps {
  className: string | undefined;
  style: CSSProperties | undefined;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function WaterfallFrame({ className, style, forwardedRef }: FrameProps) {
  const { trace } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={useMergedRef(rootRef, forwardedRef)}
      className={classes('spanscope spanscope-waterfall', className)}
      style={style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && trace.spanCount > 0 ? <WaterfallBody rootRef={rootRef} /> : <ViewStates />}
      </ViewErrorBoundary>
    </div>
  );
}

function WaterfallBody({ rootRef }: { rootRef: React.RefObject<HTMLDivElement | null> }) {
  const { trace, viewport } = useTraceViewContext();
  const gridRef = useRef<HTMLDivElement>(null);
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [painter] = useState(() => new BarPainter());
  const timeAt = (clientX: number) => {
    const grid = gridRef.current;
    return grid && clientX >= grid.getBoundingClientRect().left ? timeAtX(grid, viewport, clientX) : undefined;
  };

  useEffect(() => {
    const grid = gridRef.current;
    if (!grid || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => {
      painter.trackWidth = grid.clientWidth;
      viewport.frames.drawNow();
    });
    observer.observe(grid);
    return () => observer.disconnect();
  }, [painter, viewport]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    const grid = gridRef.current;
    if (!scroller || !grid) return;
    return attachTimeGestures(scroller, { viewport, timeAt: (clientX) => timeAtX(grid, viewport, clientX) });
  }, [viewport]);

  return (
    <>
      <CompletenessNote />
      <SpanRows
        pattern="treegrid"
        label={messages.rows.treegrid}
        Cells={WaterfallCells}
        scrollerRef={scrollerRef}
        timeAt={timeAt}
        draw={(rows) => {
          // Later its observer tells: to ask in every frame would make the browser lay out twice.
          if (painter.trackWidth === 0) painter.trackWidth = gridRef.current?.clientWidth ?? 0;
          painter.draw(rows, trace!, viewport);
        }}
        header={
          <div className="spanscope-waterfall-header" role="rowgroup">
            <div role="row" aria-rowindex={1} className="spanscope-waterfall-header-row">
              <span role="columnheader" className="spanscope-column-header">
                {messages.rows.nameColumn}
              </span>
              <span role="columnheader" className="spanscope-time-header">
                <span className="spanscope-visually-hidden">{messages.rows.timeColumn}</span>
                <TimeAxis />
              </span>
            </div>
          </div>
        }
        backdrop={
          <div className="spanscope-waterfall-grid" ref={gridRef}>
            <TimeGrid />
          </div>
        }
      />
      <ColumnDivider rootRef={rootRef} variable="--ss-name-width" label={messages.rows.resizeNames} />
    </>
  );
}

const WaterfallCells = memo(function WaterfallCells(props: CellsProps) {
  return (
    <>
      <div role="gridcell" className="spanscope-name-cell">
        <SpanName {...props} />
      </div>
      <div role="gridcell" className="spanscope-time-cell">
        <div className="spanscope-track">
          <div className="spanscope-bar" />
          <span className="spanscope-bar-label">{barLabel(props.trace, props.index)}</span>
        </div>
      </div>
    </>
  );
});
