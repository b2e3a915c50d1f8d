import { useMemo, useRef, useState } from 'react';
import { sortedIndexes } from '../layout/sortedIndexes.ts';
import type { Trace } from '../model/trace.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { useFitting } from './fittingColumns.ts';
import { Icon, KindIcon } from './icons.tsx';
import type { MenuAnchor } from './Menu.tsx';
import { messages } from './messages.ts';
import type { TableRowsProps } from './SpanTableGroups.tsx';
import { type ColumnForm, columnForms, columnId, type SpanColumn, usualColumns } from './spanColumns.tsx';
import { saveCsv } from './spanTableCsv.ts';
import { type ColumnValues, columnValues, csvHead } from './spanTableValues.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { nextSort, type TableSort } from './tableRows.ts';
import { tableTexts as texts } from './tableTexts.ts';
import type { TraceFacts } from './traceFacts.ts';
import { GridHead, VirtualGrid } from './VirtualGrid.tsx';
import { visibleText } from './visibleText.ts';

const usualOfSpans: readonly SpanColumn[] = ['service', 'status', 'start', 'duration', 'self-time'];

/** A row for each span. */
export function SpanRowsTable({ trace, facts, rootRef, search, controls, columns: given }: TableRowsProps) {
  const { select, selectedIndex, matches, chosenColumns } = useTraceViewContext();
  const [chooserAnchor, setChooserAnchor] = useState<MenuAnchor>();
  const chooserRef = useRef<HTMLButtonElement>(null);
  const asked = given ?? chosenColumns;
  const wanted = useMemo(
    () => asked ?? [...usualOfSpans, ...usualColumns(facts).filter((column) => !usualOfSpans.includes(column))],
    [asked, facts],
  );
  const forms = useMemo(() => columnForms(wanted, trace).map((form, at) => ({ ...form, weight: at })), [wanted, trace]);
  const columns = useFitting(rootRef, forms);
  const [sort, setSort] = useState<TableSort<string>>({ column: 'duration', isDescending: true });
  const [kept] = useState(() => new WeakMap<Trace, Map<string, ColumnValues>>());
  const valuesOf = (id: string): ColumnValues => {
    const known = kept.get(trace) ?? new Map<string, ColumnValues>();
    kept.set(trace, known);
    const column = id === 'name' ? 'name' : (wanted.find((each) => columnId(each) === id) ?? (id as SpanColumn));
    const values = known.get(id) ?? columnValues(column, trace, facts);
    known.set(id, values);
    return values;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: values are of the trace and its columns
  const order = useMemo(() => {
    const found = foundSpans(trace, search, matches);
    return sortedIndexes(valuesOf(sort.column).numbers, sort.isDescending, found);
  }, [trace, search, matches, sort, wanted]);
  const save = () => {
    const all: readonly (SpanColumn | 'name')[] = [
      'name',
      ...forms.map(({ id }) => wanted.find((each) => columnId(each) === id)!),
    ];
    const values = all.map((column) => valuesOf(typeof column === 'string' ? column : columnId(column)));
    const head = ['Name', ...forms.map(({ label }) => label)].map((label, at) => csvHead(all[at]!, label));
    saveCsv(
      trace,
      'spans',
      (function* () {
        yield head;
        for (const index of order) yield values.map((each) => each.cell(index));
      })(),
    );
  };
  const more = (
    <button
      ref={chooserRef}
      type="button"
      className="spanscope-text-button"
      aria-haspopup="dialog"
      onClick={() => setChooserAnchor(chooserRef.current!.getBoundingClientRect())}
    >
      <Icon name="options" />
      {texts.columnsMenu}
    </button>
  );
  return (
    <>
      {controls(trace.spanCount, order.length, save, given ? undefined : more)}
      <VirtualGrid
        label={texts.label.spans}
        order={order}
        selectedRow={selectedIndex}
        highlightedRow={-1}
        onChoose={(index, event) =>
          select(trace.spanAt(index).key, { reason: event.type === 'keydown' ? 'keyboard' : 'click', event })
        }
        spanIdOf={(index) => trace.spanAt(index).key}
        head={[{ id: 'name', label: texts.columns.label, title: undefined, isNumeric: false }, ...columns].map(
          ({ id, label, title, isNumeric }) => (
            <GridHead
              key={id}
              column={id}
              isText={!isNumeric}
              label={label}
              title={title}
              sort={sort.column !== id ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
              onSort={() => setSort(nextSort(sort, id, !isNumeric))}
            />
          ),
        )}
        cells={(index) => <SpanCells trace={trace} facts={facts} index={index} columns={columns} />}
      />
      {order.length === 0 && <p className="spanscope-table-nothing">{texts.nothing}</p>}
      {chooserAnchor && (
        <ColumnChooser
          anchor={chooserAnchor}
          onClose={() => {
            setChooserAnchor(undefined);
            chooserRef.current?.focus();
          }}
          onLeave={() => setChooserAnchor(undefined)}
        />
      )}
    </>
  );
}

interface SpanCellsProps {
  trace: Trace;
  facts: TraceFacts;
  index: number;
  columns: readonly ColumnForm[];
}

function SpanCells({ trace, facts, index, columns }: SpanCellsProps) {
  const name = visibleText(trace.spanAt(index).name.slice(0, 300)) || messages.rows.unnamed;
  return (
    <>
      <div role="gridcell" data-column="name" className="spanscope-grid-cell" dir="auto" title={name}>
        <KindIcon kind={facts.kind(index)} />
        <span className="spanscope-grid-cell-name">{name}</span>
      </div>
      {columns.map(({ id, isNumeric, read }) => (
        <div
          key={id}
          role="gridcell"
          data-column={id}
          data-text={!isNumeric || undefined}
          className="spanscope-grid-cell spanscope-column-cell"
        >
          {read(facts, trace, index)}
        </div>
      ))}
    </>
  );
}

/** Undefined for all: those that the view's query matches and whose name holds what is searched for. */
function foundSpans(trace: Trace, search: string, matches: Uint8Array | undefined): Int32Array | undefined {
  const wanted = search.trim().toLowerCase();
  if (wanted === '' && !matches) return undefined;
  const { name, names, length } = trace.columns;
  const isFound = Uint8Array.from(names, (text) => (text.toLowerCase().includes(wanted) ? 1 : 0));
  const found = new Int32Array(length);
  let count = 0;
  for (let index = 0; index < length; index++) {
    if (isFound[name[index]!] === 1 && (!matches || matches[index] === 1)) found[count++] = index;
  }
  return found.subarray(0, count);
}
