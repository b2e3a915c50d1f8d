import { useMemo, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { FlameTable } from '../layout/flameTable.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { FlameView } from './flameView.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { GridHead, VirtualGrid } from './VirtualGrid.tsx';

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
  const cells = (row: number) => columns.map((column) => <Cell key={column} table={table} row={row} column={column} />);
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
      <VirtualGrid
        label={texts.label}
        order={order}
        cells={cells}
        selectedRow={selectedRow}
        highlightedRow={highlightedRow}
        onChoose={choose}
        head={columns.map((column) => (
          <GridHead
            key={column}
            column={column}
            label={texts.columns[column]}
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

function Cell({ table, row, column }: { table: FlameTable; row: number; column: Column }) {
  if (column === 'name') {
    const name = table.names[row]! || messages.rows.unnamed;
    return (
      <div role="gridcell" data-column="name" className="spanscope-grid-cell" dir="auto" title={name.slice(0, 1000)}>
        {table.errors[row]! > 0 && (
          <span className="spanscope-grid-cell-error">
            <Icon name="error" />
            <span className="spanscope-visually-hidden">{messages.traceView.errors(table.errors[row]!)}</span>
          </span>
        )}
        <span className="spanscope-grid-cell-name">{name.length > 300 ? `${name.slice(0, 300)}…` : name}</span>
      </div>
    );
  }
  const value = table[column][row]!;
  return (
    <div role="gridcell" data-column={column} className="spanscope-grid-cell">
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
