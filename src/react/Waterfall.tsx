'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, memo, useEffect, useRef, useState } from 'react';
import { ColumnDivider } from './ColumnDivider.tsx';
import { classes } from './classes.ts';
import { FocusNote } from './FocusNote.tsx';
import { attachTimeGestures } from './gestures.ts';
import { HiddenNote } from './HiddenNote.tsx';
import { messages } from './messages.ts';
import { SpanName } from './SpanName.tsx';
import { type CellsProps, SpanRows } from './SpanRows.tsx';
import { type SpecialCellsProps, SpecialName, specialDuration } from './SpecialRow.tsx';
import { ColumnValue, type SpanColumn, usualColumns } from './spanColumns.tsx';
import { TimeAxis, TimeGrid, timeAtX } from './TimeAxis.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { BarPainter, barLabel } from './waterfallBars.ts';

export interface WaterfallProps extends TraceSourceProps, TraceViewStateProps {
  /**
   * Columns between name and time: `model`, `tokens`, `cost`. One for which a narrow view has no room is left out there.
   * @default tokens and cost, where spans tell them
   */
  columns?: readonly SpanColumn[];
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
  const { facts, viewport, showsCriticalPath, rows: layout } = useTraceViewContext();
  const columns = givenColumns ?? usualColumns(facts!);
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
      <FocusNote />
      <HiddenNote />
      <SpanRows
        pattern="treegrid"
        label={messages.rows.treegrid}
        Cells={WaterfallCells}
        columns={columns}
        SpecialCells={WaterfallSpecialCells}
        scrollerRef={scrollerRef}
        timeAt={timeAt}
        draw={(rows) => {
          // Later its observer tells: to ask in every frame would make the browser lay out twice.
          if (painter.trackWidth === 0) painter.trackWidth = gridRef.current?.clientWidth ?? 0;
          painter.draw(rows, layout!, viewport, showsCriticalPath ? facts!.criticalStretches : undefined);
        }}
        header={
          <div className="spanscope-waterfall-header" role="rowgroup">
            <div role="row" aria-rowindex={1} className="spanscope-waterfall-header-row">
              <span role="columnheader" className="spanscope-column-header">
                {messages.rows.nameColumn}
              </span>
              {columns.map((column) => (
                <span
                  key={column}
                  role="columnheader"
                  className="spanscope-column-cell"
                  data-column={column}
                  title={messages.rows.columnTitles[column]}
                >
                  {messages.rows.columns[column]}
                </span>
              ))}
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
  const { facts, index } = props;
  const wait = facts.kind(index) === 'llm' ? facts.agents.agent(index).timeToFirstToken : undefined;
  return (
    <>
      <div role="gridcell" className="spanscope-name-cell">
        <SpanName {...props} />
      </div>
      {props.columns.map((column) => (
        <div key={column} role="gridcell" className="spanscope-column-cell" data-column={column}>
          <ColumnValue column={column} facts={props.facts} index={props.index} />
        </div>
      ))}
      <div role="gridcell" className="spanscope-time-cell">
        <div className="spanscope-track">
          <div className="spanscope-bar">
            {wait !== undefined && <div className="spanscope-bar-wait" data-wait={wait} />}
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
      <div role="gridcell" className="spanscope-name-cell">
        <SpecialName {...props} />
      </div>
      <div role="gridcell" className="spanscope-time-cell">
        <div className="spanscope-track">
          <div className="spanscope-bar" />
          <span className="spanscope-bar-label">{specialDuration(props.special)}</span>
        </div>
      </div>
    </>
  );
});
