import { type RefObject, useRef } from 'react';
import { dragHandlers } from './ColumnDivider.tsx';
import { type ColumnSizes, narrowestColumn } from './columnTracks.ts';
import { messages } from './messages.ts';
import { RowSlot } from './RowSlot.tsx';
import { Pause } from './SpanName.tsx';
import type { CellsProps } from './SpanRows.tsx';
import type { ColumnForm } from './spanColumns.tsx';

/** The cells of a span's chosen columns. Those of a grid are numbered after the name's. */
export function ColumnCells(props: CellsProps & { isGrid: boolean }) {
  const { columns, facts, trace, index, isGrid, slots } = props;
  if (columns.length === 0) return null;
  return (
    <span className="spanscope-columns" role="presentation">
      {columns.map(({ id, label, isNumeric, read }, at) => {
        const value = read(facts, trace, index);
        return (
          <span
            key={id}
            role={isGrid ? 'gridcell' : undefined}
            aria-colindex={isGrid ? at + 2 : undefined}
            className="spanscope-column-cell"
            data-column={id}
            data-numeric={isNumeric || undefined}
          >
            {(value !== null || slots.renderRowCell) && (
              <>
                <Pause />
                {spokenAlone.has(id) || <span className="spanscope-visually-hidden">{label} </span>}
                <RowSlot
                  {...props}
                  render={slots.renderRowCell && ((row) => slots.renderRowCell!({ ...row, columnId: id }))}
                >
                  {value}
                </RowSlot>
              </>
            )}
          </span>
        );
      })}
    </span>
  );
}

/** Their values say themselves what they are. */
const spokenAlone: ReadonlySet<string> = new Set(['tokens', 'cost']);

export interface ColumnHeadersProps {
  columns: readonly ColumnForm[];
  sizes: ColumnSizes;
  onResize: () => void;
}

/** The headers over them, each with a handle at its end that drags and moves by arrow keys. */
export function ColumnHeaders({ columns, sizes, onResize }: ColumnHeadersProps) {
  if (columns.length === 0) return null;
  return (
    <span className="spanscope-columns" role="presentation">
      {columns.map((column, at) => (
        <ColumnHeader key={column.id} {...{ column, at, sizes, onResize }} />
      ))}
    </span>
  );
}

function ColumnHeader({
  column: { id, label, title, width, isNumeric },
  at,
  sizes,
  onResize,
}: Omit<ColumnHeadersProps, 'columns'> & { column: ColumnForm; at: number }) {
  const ref = useRef<HTMLSpanElement>(null);
  return (
    <span
      ref={ref}
      role="columnheader"
      aria-colindex={at + 2}
      aria-label={label}
      className="spanscope-column-cell"
      data-column={id}
      data-numeric={isNumeric || undefined}
      title={title}
    >
      {label}
      <ColumnHandle headerRef={ref} {...{ id, label, width, sizes, onResize }} />
    </span>
  );
}

interface HandleProps
  extends Pick<ColumnForm, 'id' | 'label' | 'width'>,
    Pick<ColumnHeadersProps, 'sizes' | 'onResize'> {
  headerRef: RefObject<HTMLElement | null>;
}

function ColumnHandle({ headerRef, id, label, width, sizes, onResize }: HandleProps) {
  const ref = useRef<HTMLSpanElement>(null);
  const resize = (size: number | undefined) => {
    if (size === undefined) sizes.delete(id);
    else sizes.set(id, Math.max(narrowestColumn, Math.round(size)));
    ref.current?.setAttribute('aria-valuenow', String(sizes.get(id) ?? width));
    onResize();
  };
  const drag = dragHandlers((clientX) => {
    const header = headerRef.current;
    if (!header) return;
    const { left, right } = header.getBoundingClientRect();
    const { direction, marginInlineStart } = getComputedStyle(header);
    resize((direction === 'rtl' ? right - clientX : clientX - left) + Number.parseFloat(marginInlineStart));
  });
  return (
    <span
      ref={ref}
      className="spanscope-column-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label={messages.columns.resize(label)}
      aria-valuenow={sizes.get(id) ?? width}
      aria-valuemin={narrowestColumn}
      tabIndex={0}
      onDoubleClick={() => resize(undefined)}
      {...drag}
    />
  );
}
