'use client';

import { type CSSProperties, forwardRef, memo, useMemo } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { ColumnCells } from './ColumnCells.tsx';
import { classes } from './classes.ts';
import { FocusNote } from './FocusNote.tsx';
import { HiddenNote } from './HiddenNote.tsx';
import { messages } from './messages.ts';
import { Pause, SpanName } from './SpanName.tsx';
import { type CellsProps, SpanRows } from './SpanRows.tsx';
import { type SpecialCellsProps, SpecialName, specialDuration } from './SpecialRow.tsx';
import type { SpanColumn } from './spanColumns.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useShownColumns } from './useChosenColumns.ts';
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
        <SpanTreeBody columns={props.columns} />
      </div>
    </TraceScope>
  );
});

function SpanTreeBody({ columns }: Pick<SpanTreeProps, 'columns'>) {
  const { trace } = useTraceViewContext();
  return (
    <ViewErrorBoundary resetKey={trace}>
      {trace && trace.spanCount > 0 ? (
        <>
          <CompletenessNote />
          <FocusNote />
          <HiddenNote />
          <TreeRows columns={columns} />
        </>
      ) : (
        <ViewStates />
      )}
    </ViewErrorBoundary>
  );
}

/** For the name of 180 px, the duration, and the row's edges. */
const leastRest: CssPixels = 260;

function TreeRows({ columns: givenColumns }: { columns: readonly SpanColumn[] | undefined }) {
  const { columns: all, isUsual } = useShownColumns(givenColumns);
  // A tree has the duration at the end of every row.
  const columns = useMemo(() => all.filter(({ id }) => id !== 'duration'), [all]);
  return (
    <SpanRows
      pattern="tree"
      label={messages.rows.tree}
      Cells={TreeCells}
      SpecialCells={TreeSpecialCells}
      columns={columns}
      leastRest={leastRest}
      header={() =>
        // Said with each value to assistive technology: a tree has no headers.
        columns.length > 0 &&
        !isUsual && (
          <div className="spanscope-tree-header" aria-hidden="true">
            <span className="spanscope-columns">
              {columns.map(({ id, label, title, isNumeric }) => (
                <span
                  key={id}
                  className="spanscope-column-cell"
                  data-column={id}
                  data-numeric={isNumeric || undefined}
                  title={title}
                >
                  {label}
                </span>
              ))}
            </span>
            <span className="spanscope-tree-duration">{messages.columns.labels.duration}</span>
          </div>
        )
      }
    />
  );
}

const TreeCells = memo(function TreeCells(props: CellsProps) {
  return (
    <>
      <SpanName {...props} />
      <ColumnCells {...props} isGrid={false} />
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
