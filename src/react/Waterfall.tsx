'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, memo, useEffect, useRef, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { BarTooltip } from './BarTooltip.tsx';
import { ColumnCells, ColumnHeaders } from './ColumnCells.tsx';
import { ColumnDivider } from './ColumnDivider.tsx';
import { classes } from './classes.ts';
import { FocusNote } from './FocusNote.tsx';
import { attachTimeGestures } from './gestures.ts';
import { HiddenNote } from './HiddenNote.tsx';
import { messages } from './messages.ts';
import { RowSlot } from './RowSlot.tsx';
import { SpanName } from './SpanName.tsx';
import { type CellsProps, SpanRows } from './SpanRows.tsx';
import { type SpecialCellsProps, SpecialName, specialDuration } from './SpecialRow.tsx';
import type { SpanColumn } from './spanColumns.tsx';
import { TimeAxis, TimeGrid, timeAtX } from './TimeAxis.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useShownColumns } from './useChosenColumns.ts';
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
      <WaterfallFrame columns={props.columns} className={props.className} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

const nameColumn = 'name';
const nameWidth = '--ss-name-width';
/** Beside the track. */
const trackEdge: CssPixels = 24;
/** Columns that nobody asked for leave the track more than those that somebody chose. */
const roomyTrack: CssPixels = 240;
const narrowestTrack: CssPixels = 140;

interface FrameProps {
  columns: readonly SpanColumn[] | undefined;
  className: string | undefined;
  style: CSSProperties | undefined;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function WaterfallFrame({ columns, className, style, forwardedRef }: FrameProps) {
  const { trace } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={useMergedRef(rootRef, forwardedRef)}
      className={classes('spanscope spanscope-waterfall', className)}
      style={style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && trace.spanCount > 0 ? <WaterfallBody rootRef={rootRef} columns={columns} /> : <ViewStates />}
      </ViewErrorBoundary>
    </div>
  );
}

interface BodyProps extends Pick<FrameProps, 'columns'> {
  rootRef: React.RefObject<HTMLDivElement | null>;
}

function WaterfallBody({ rootRef, columns: givenColumns }: BodyProps) {
  const { facts, viewport, showsCriticalPath, rows: layout, columnSizes } = useTraceViewContext();
  const { columns, isUsual } = useShownColumns(givenColumns);
  const gridRef = useRef<HTMLDivElement>(null);
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [painter] = useState(() => new BarPainter());
  const timeAt = (clientX: number) => {
    const grid = gridRef.current;
    return grid && clientX >= grid.getBoundingClientRect().left ? timeAtX(grid, viewport, clientX) : undefined;
  };

  // Not before: the element around has its ref only after the effects of layout in here.
  useEffect(() => {
    const size = columnSizes.get(nameColumn);
    if (size !== undefined) rootRef.current?.style.setProperty(nameWidth, `${size}px`);
  }, [columnSizes, rootRef]);

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
      <FocusNote />
      <HiddenNote />
      <SpanRows
        pattern="treegrid"
        label={messages.rows.treegrid}
        Cells={WaterfallCells}
        columns={columns}
        leastRest={trackEdge + (isUsual ? roomyTrack : narrowestTrack)}
        SpecialCells={WaterfallSpecialCells}
        scrollerRef={scrollerRef}
        timeAt={timeAt}
        draw={(rows) => {
          // Later its observer tells: to ask in every frame would make the browser lay out twice.
          if (painter.trackWidth === 0) painter.trackWidth = gridRef.current?.clientWidth ?? 0;
          painter.draw(rows, layout!, viewport, showsCriticalPath ? facts!.criticalStretches : undefined);
        }}
        header={(onResize) => (
          <div className="spanscope-waterfall-header" role="rowgroup">
            <div role="row" aria-rowindex={1} className="spanscope-waterfall-header-row">
              <span role="columnheader" aria-colindex={1} className="spanscope-column-header">
                {messages.rows.nameColumn}
              </span>
              <ColumnHeaders columns={columns} sizes={columnSizes} onResize={onResize} />
              <span role="columnheader" aria-colindex={columns.length + 2} className="spanscope-time-header">
                <span className="spanscope-visually-hidden">{messages.rows.timeColumn}</span>
                <TimeAxis />
              </span>
            </div>
          </div>
        )}
        backdrop={
          <div className="spanscope-waterfall-grid" ref={gridRef}>
            <TimeGrid />
          </div>
        }
      />
      <BarTooltip scrollerRef={scrollerRef} gridRef={gridRef} />
      <ColumnDivider
        rootRef={rootRef}
        variable={nameWidth}
        label={messages.rows.resizeNames}
        onResize={(size) => (size === undefined ? columnSizes.delete(nameColumn) : columnSizes.set(nameColumn, size))}
      />
    </>
  );
}

const WaterfallCells = memo(function WaterfallCells(props: CellsProps) {
  const { facts, index } = props;
  const wait = facts.kind(index) === 'llm' ? facts.agents.agent(index).timeToFirstToken : undefined;
  return (
    <>
      <div role="gridcell" aria-colindex={1} className="spanscope-name-cell">
        <SpanName {...props} />
      </div>
      <ColumnCells {...props} isGrid />
      <div role="gridcell" aria-colindex={props.columns.length + 2} className="spanscope-time-cell">
        <div className="spanscope-track">
          <div className="spanscope-bar">
            {wait !== undefined && <div className="spanscope-bar-wait" data-wait={wait} />}
            <RowSlot {...props} render={props.slots.renderRowBar} />
          </div>
          <svg className="spanscope-bar-marks" aria-hidden="true">
            <path className="spanscope-critical" />
            <path className="spanscope-event-marks" />
            <path className="spanscope-exception-marks" />
          </svg>
          <span className="spanscope-bar-label">{barLabel(props.trace, props.index)}</span>
          <span className="spanscope-bar-beyond" data-bring-in="" title={messages.rows.bringIn} aria-hidden="true" />
        </div>
      </div>
    </>
  );
});

const WaterfallSpecialCells = memo(function WaterfallSpecialCells(props: SpecialCellsProps) {
  return (
    <>
      <div role="gridcell" aria-colindex={1} className="spanscope-name-cell">
        <SpecialName {...props} />
      </div>
      <div role="gridcell" aria-colindex={props.columns.length + 2} className="spanscope-time-cell">
        <div className="spanscope-track">
          <div className="spanscope-bar" />
          <span className="spanscope-bar-label">{specialDuration(props.special)}</span>
        </div>
      </div>
    </>
  );
});
