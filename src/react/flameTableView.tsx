import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { FlameTable } from '../layout/flameTable.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { CssPixels } from '../layout/units.ts';
import type { FlameView } from './flameView.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { offsetOf, type ScrollGeometry, scrollHeight, scrollTopFor, windowAt } from './rowWindow.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

const rowHeight: CssPixels = 26;
/** What a server shows of it, which has no height. */
const unmeasuredHeight: CssPixels = 260;

type Column = 'name' | 'count' | 'total' | 'self' | 'tokens' | 'cost';

export interface FlameTableViewProps {
  table: FlameTable;
  view: FlameView;
  /** The row whose blocks stand out; -1 for none. */
  highlightedRow: number;
  onHighlight: (row: number) => void;
}

/** All names of a trace with what they came to. A row chosen makes its blocks stand out, and a block chosen is shown here. */
export function FlameTableView({ table, view, highlightedRow, onHighlight }: FlameTableViewProps) {
  const { facts, selectedIndex } = useTraceViewContext();
  const texts = messages.flameGraph.table;
  const columns: readonly Column[] = facts?.usageAtHand
    ? ['name', 'count', 'total', 'self', 'tokens', 'cost']
    : ['name', 'count', 'total', 'self'];
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<{ column: Column; isDescending: boolean }>({ column: 'self', isDescending: true });
  const order = useMemo(() => orderedRows(table, search, sort.column, sort.isDescending), [table, search, sort]);
  const selectedRow = selectedIndex >= 0 ? table.rowOf[selectedIndex]! : -1;
  const choose = (row: number, event: Event) => {
    const isOff = row === highlightedRow;
    onHighlight(isOff ? -1 : row);
    if (isOff) return;
    const span = table.longestSpan[row]!;
    const block = view.form.blockOf(span);
    if (block < 0) return;
    view.select(block, { reason: event.type === 'keydown' ? 'keyboard' : 'click', event });
    const { start, end } = view.form.blocks;
    const [from, to] = view.viewport.range;
    // Out of sight, it would stand out to nobody.
    if (end[block]! <= from || start[block]! >= to) view.fit(-1, { reason: 'click', event });
  };
  return (
    <div className="spanscope-flame-table" data-usage={facts?.usageAtHand ? '' : undefined}>
      <div className="spanscope-flame-table-search">
        <input
          type="search"
          value={search}
          placeholder={texts.search(table.length)}
          aria-label={texts.search(table.length)}
          onChange={(event) => setSearch(event.target.value)}
        />
        {search !== '' && <span role="status">{texts.found(order.length, table.length)}</span>}
        {highlightedRow >= 0 && (
          <button type="button" className="spanscope-text-button" onClick={() => onHighlight(-1)}>
            <Icon name="close" />
            {texts.showAll}
          </button>
        )}
      </div>
      <TableGrid
        table={table}
        order={order}
        columns={columns}
        selectedRow={selectedRow}
        highlightedRow={highlightedRow}
        onChoose={choose}
        head={columns.map((column) => (
          <ColumnHead
            key={column}
            column={column}
            sort={sort.column === column ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
            onSort={() =>
              setSort((before) => ({
                column,
                isDescending: before.column === column ? !before.isDescending : column !== 'name',
              }))
            }
          />
        ))}
      />
    </div>
  );
}

function ColumnHead({
  column,
  sort,
  onSort,
}: {
  column: Column;
  sort: 'ascending' | 'descending' | 'none';
  onSort: () => void;
}) {
  return (
    <div role="columnheader" aria-sort={sort} data-column={column} className="spanscope-flame-cell">
      <button type="button" onClick={onSort}>
        {messages.flameGraph.table.columns[column]}
        <Icon name="sort" />
      </button>
    </div>
  );
}

interface TableGridProps {
  table: FlameTable;
  /** Rows of the table in the order of the screen. */
  order: Int32Array;
  columns: readonly Column[];
  selectedRow: number;
  highlightedRow: number;
  onChoose: (row: number, event: Event) => void;
  head: ReactNode;
}

function TableGrid({ table, order, columns, selectedRow, highlightedRow, onChoose, head }: TableGridProps) {
  const takesFocus = useRef(false);
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(unmeasuredHeight);
  const [active, setActive] = useState(0);
  const geometry: ScrollGeometry = { rowCount: order.length, rowHeight, viewportHeight: height };
  const shown = windowAt(scrollTop, geometry);
  const placeOfSelected = useMemo(() => (selectedRow < 0 ? -1 : order.indexOf(selectedRow)), [order, selectedRow]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setHeight(scroller.clientHeight));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, []);
  const show = (place: number, align: 'nearest' | 'center') => {
    const scroller = scrollerRef.current;
    if (!scroller || place < 0) return;
    scroller.scrollTop = scrollTopFor(place, scroller.scrollTop, geometry, align);
    setScrollTop(scroller.scrollTop);
    setActive(place);
  };
  useIsomorphicLayoutEffect(() => show(placeOfSelected, 'center'), [placeOfSelected]);

  // When the row that the keys have led to is there.
  useIsomorphicLayoutEffect(() => {
    if (!takesFocus.current) return;
    const row = scrollerRef.current?.querySelector<HTMLElement>(`[data-place="${active}"]`);
    row?.focus({ preventScroll: true });
    takesFocus.current = row === null || row === undefined;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -order.length,
      End: order.length,
    };
    if (event.ctrlKey || event.metaKey || event.altKey || order.length === 0) return;
    const step = steps[event.key];
    const place = Number((event.currentTarget as HTMLElement).dataset.place);
    if (step !== undefined) {
      takesFocus.current = true;
      show(Math.max(0, Math.min(place + step, order.length - 1)), 'nearest');
    } else if (event.key === 'Enter' || event.key === ' ') onChoose(order[place]!, event.nativeEvent);
    else return;
    event.preventDefault();
  };
  // One row is reached by Tab, whatever is scrolled into sight.
  const tabPlace = active >= shown.first && active < shown.end ? active : Math.ceil(scrollTop / rowHeight);
  const places = Array.from({ length: Math.max(0, shown.end - shown.first) }, (_, at) => shown.first + at);
  return (
    <div
      className="spanscope-flame-grid"
      role="grid"
      aria-label={messages.flameGraph.table.label}
      aria-rowcount={order.length + 1}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="spanscope-flame-row spanscope-flame-head">
          {head}
        </div>
      </div>
      <div
        ref={scrollerRef}
        role="rowgroup"
        className="spanscope-flame-table-scroller"
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <RowsHolder height={scrollHeight(geometry)} offset={offsetOf(shown.first, scrollTop, geometry)}>
          {places.map((place) => {
            const row = order[place]!;
            return (
              <div
                key={row}
                role="row"
                className="spanscope-flame-row"
                aria-rowindex={place + 2}
                aria-selected={row === selectedRow}
                data-place={place}
                tabIndex={place === tabPlace ? 0 : -1}
                onKeyDown={onKeyDown}
                data-highlighted={row === highlightedRow || undefined}
                data-selected={row === selectedRow || undefined}
                onClick={(event) => {
                  setActive(place);
                  onChoose(row, event.nativeEvent);
                }}
              >
                {columns.map((column) => (
                  <Cell key={column} table={table} row={row} column={column} />
                ))}
              </div>
            );
          })}
        </RowsHolder>
      </div>
    </div>
  );
}

/** Places by the CSSOM: a strict policy blocks style attributes in a server's markup. */
function RowsHolder({ height, offset, children }: { height: CssPixels; offset: CssPixels; children: ReactNode }) {
  const spacerRef = useRef<HTMLDivElement>(null);
  const rowsRef = useRef<HTMLDivElement>(null);
  useIsomorphicLayoutEffect(() => {
    spacerRef.current!.style.height = `${height}px`;
    rowsRef.current!.style.transform = `translateY(${offset}px)`;
  }, [height, offset]);
  return (
    <div ref={spacerRef} role="presentation" className="spanscope-flame-table-spacer">
      <div ref={rowsRef} role="presentation">
        {children}
      </div>
    </div>
  );
}

function Cell({ table, row, column }: { table: FlameTable; row: number; column: Column }) {
  if (column === 'name') {
    const name = table.names[row]! || messages.rows.unnamed;
    return (
      <div role="gridcell" data-column="name" className="spanscope-flame-cell" dir="auto" title={name.slice(0, 1000)}>
        {table.errors[row]! > 0 && (
          <span className="spanscope-flame-cell-error">
            <Icon name="error" />
            <span className="spanscope-visually-hidden">{messages.traceView.errors(table.errors[row]!)}</span>
          </span>
        )}
        <span className="spanscope-flame-cell-name">{name.length > 300 ? `${name.slice(0, 300)}…` : name}</span>
      </div>
    );
  }
  const value = table[column][row]!;
  return (
    <div role="gridcell" data-column={column} className="spanscope-flame-cell">
      {formats[column](value)}
    </div>
  );
}

const formats = {
  count: (value: number) => value.toLocaleString('en'),
  total: (value: number) => formatDuration(value),
  self: (value: number) => formatDuration(value),
  tokens: formatQuantity,
  cost: formatCost,
} as const;

/** The rows whose name holds what is searched, sorted; unknown values last, equal ones by name. */
function orderedRows(table: FlameTable, search: string, column: Column, isDescending: boolean): Int32Array {
  const wanted = search.trim().toLowerCase();
  const rows: number[] = [];
  for (let row = 0; row < table.length; row++) {
    if (wanted === '' || table.names[row]!.toLowerCase().includes(wanted)) rows.push(row);
  }
  const order = Int32Array.from(rows);
  const sign = isDescending ? -1 : 1;
  const byName = (a: number, b: number) =>
    table.names[a]! === table.names[b]! ? a - b : table.names[a]! < table.names[b]! ? -1 : 1;
  if (column === 'name') return order.sort((a, b) => sign * byName(a, b));
  const values = table[column];
  return order.sort((a, b) => {
    const isUnknown = Number(Number.isNaN(values[a]!)) - Number(Number.isNaN(values[b]!));
    if (isUnknown !== 0) return isUnknown;
    return sign * (values[a]! - values[b]!) || byName(a, b);
  });
}
