'use client';

import { type CSSProperties, forwardRef, memo } from 'react';
import { classes } from './classes.ts';
import { FocusNote } from './FocusNote.tsx';
import { messages } from './messages.ts';
import { Pause, SpanName } from './SpanName.tsx';
import { type CellsProps, SpanRows } from './SpanRows.tsx';
import { type SpecialCellsProps, SpecialName, specialDuration } from './SpecialRow.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { barLabel } from './waterfallBars.ts';

export interface SpanTreeProps extends TraceSourceProps, TraceViewStateProps {
  /** Styled by `.spanscope-span-tree`. */
  className?: string;
  style?: CSSProperties;
}

/** The spans of a trace as a tree of names with their durations, for a narrow place beside other content. */
export const SpanTree = forwardRef<HTMLDivElement, SpanTreeProps>(function SpanTree(props, ref) {
  return (
    <TraceScope {...props}>
      <div ref={ref} className={classes('spanscope spanscope-span-tree', props.className)} style={props.style}>
        <SpanTreeBody />
      </div>
    </TraceScope>
  );
});

function SpanTreeBody() {
  const { trace } = useTraceViewContext();
  return (
    <ViewErrorBoundary resetKey={trace}>
      {trace && trace.spanCount > 0 ? (
        <>
          <CompletenessNote />
          <FocusNote />
          <SpanRows pattern="tree" label={messages.rows.tree} Cells={TreeCells} SpecialCells={TreeSpecialCells} />
        </>
      ) : (
        <ViewStates />
      )}
    </ViewErrorBoundary>
  );
}

const TreeCells = memo(function TreeCells(props: CellsProps) {
  return (
    <>
      <SpanName {...props} />
      <span className="spanscope-tree-duration">
        <Pause />
        {barLabel(props.trace, props.index)}
      </span>
    </>
  );
});

const TreeSpecialCells = memo(function TreeSpecialCells(props: SpecialCellsProps) {
  return (
    <>
      <SpecialName {...props} />
      <span className="spanscope-tree-duration">
        <Pause />
        {specialDuration(props.special)}
      </span>
    </>
  );
});
