'use client';

import {
  type CSSProperties,
  type ForwardedRef,
  forwardRef,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatDuration } from '../layout/duration.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import { sortedIndexes } from '../layout/sortedIndexes.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Trace } from '../model/trace.ts';
import { type CsvCell, csvText } from '../text/csv.ts';
import { groupQuery } from '../transforms/groupQuery.ts';
import { queryVocabulary } from '../transforms/queryCompletion.ts';
import type { SpanGrouping } from '../transforms/spanGroups.ts';
import { type TraceStatistics, traceStatistics } from '../transforms/traceStatistics.ts';
import { ColumnChooser } from './ColumnChooser.tsx';
import { classes } from './classes.ts';
import { Icon, KindIcon } from './icons.tsx';
import type { MenuAnchor } from './Menu.tsx';
import { messages } from './messages.ts';
import { fileName, saveFile } from './saveFile.ts';
import { type ColumnForm, columnForms, columnId, type SpanColumn, usualColumns } from './spanColumns.tsx';
import { type ColumnValues, columnValues, csvHead } from './spanTableValues.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { type GroupColumn, groupRows, type NumberColumn, numberColumns, type TableSort } from './tableRows.ts';
import { tableTexts as texts } from './tableTexts.ts';
import type { TraceFacts } from './traceFacts.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';
import { useMergedRef } from './useMergedRef.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { GridHead, VirtualGrid } from './VirtualGrid.tsx';
import { visibleText } from './visibleText.ts';

export interface SpanTableProps extends TraceSourceProps, TraceViewStateProps {
  /** What makes the rows to begin with. @default 'name' */
  defaultGroupBy?: SpanGrouping;
  /** A second level below it. @default none */
  defaultThenBy?: SpanGrouping;
  /** `spans`: a row for each span, with the view's columns. @default 'groups' */
  defaultRows?: 'groups' | 'spans';
  /** Styled by `.spanscope-span-table`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * What a trace is made of: its spans by name, service, kind, model, tool or an attribute, with what they came to; or a row for
 * each span. A group that is chosen becomes the query of the other views; both save as CSV.
 */
export const SpanTable = forwardRef<HTMLDivElement, SpanTableProps>(function SpanTable(props, ref) {
  return (
    <TraceScope {...props}>
      <TableFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function TableFrame(props: SpanTableProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace, facts } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={useMergedRef(rootRef, props.forwardedRef)}
      className={classes('spanscope spanscope-span-table', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && facts && trace.spanCount > 0 ? (
          <>
            <CompletenessNote />
            <TableBody {...props} trace={trace} facts={facts} rootRef={rootRef} />
          </>
        ) : (
          <ViewStates />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

interface BodyProps extends SpanTableProps {
  trace: Trace;
  facts: TraceFacts;
  rootRef: RefObject<HTMLDivElement | null>;
}

function TableBody({ defaultGroupBy = 'name', defaultThenBy, defaultRows = 'groups', ...props }: BodyProps) {
  const [rows, setRows] = useState(defaultRows);
  const [groupBy, setGroupBy] = useState<SpanGrouping>(defaultGroupBy);
  const [thenBy, setThenBy] = useState<SpanGrouping | undefined>(defaultThenBy);
  const [search, setSearch] = useState('');
  const controls = (count: number, found: number, save: () => void, more?: ReactNode) => (
    <div className="spanscope-table-controls" role="group" aria-label={texts.controls}>
      <select
        className="spanscope-flame-select"
        aria-label={texts.show}
        value={rows}
        onChange={(event) => {
          setRows(event.target.value as typeof rows);
          setSearch('');
        }}
      >
        <option value="groups">{texts.modes.groups}</option>
        <option value="spans">{texts.modes.spans}</option>
      </select>
      {rows === 'groups' && (
        <>
          <GroupingSelect
            label={texts.groupBy}
            trace={props.trace}
            value={groupBy}
            onChange={(by) => setGroupBy(by!)}
          />
          <GroupingSelect label={texts.thenBy} trace={props.trace} value={thenBy} onChange={setThenBy} hasNone />
        </>
      )}
      <input
        type="search"
        value={search}
        placeholder={texts.search(count, rows)}
        aria-label={texts.search(count, rows)}
        onChange={(event) => setSearch(event.target.value)}
      />
      <span role="status" className="spanscope-table-found">
        {found === count ? '' : texts.found(found, count)}
      </span>
      {more}
      <button type="button" className="spanscope-text-button" title={texts.saveTitle} onClick={save}>
        <Icon name="save" />
        {texts.save}
      </button>
    </div>
  );
  return rows === 'groups' ? (
    <Groups {...props} groupBy={groupBy} thenBy={thenBy} search={search} controls={controls} />
  ) : (
    <Spans {...props} search={search} controls={controls} />
  );
}

type Controls = (count: number, found: number, save: () => void, more?: ReactNode) => ReactNode;

const groupings = ['name', 'service', 'kind', 'agentKind', 'model', 'tool'] as const;
const mostAttributes = 60;
const attributeMark = 'attribute:';

interface GroupingSelectProps {
  label: string;
  trace: Trace;
  value: SpanGrouping | undefined;
  onChange: (by: SpanGrouping | undefined) => void;
  hasNone?: boolean;
}

function GroupingSelect({ label, trace, value, onChange, hasNone }: GroupingSelectProps) {
  const keys = useMemo(() => [...queryVocabulary(trace).attributes.keys()].slice(0, mostAttributes), [trace]);
  const own = typeof value === 'object' ? value.attribute : undefined;
  const all = own === undefined || keys.includes(own) ? keys : [own, ...keys];
  const chosen = own === undefined ? ((value as string | undefined) ?? '') : `${attributeMark}${own}`;
  return (
    <label className="spanscope-table-choice">
      <span aria-hidden="true">{label}</span>
      <select
        aria-label={label}
        className="spanscope-flame-select"
        value={chosen}
        onChange={({ target }) => {
          const text = target.value;
          if (text === '') onChange(undefined);
          else if (text.startsWith(attributeMark)) onChange({ attribute: text.slice(attributeMark.length) });
          else onChange(text as SpanGrouping);
        }}
      >
        {hasNone && <option value="">{texts.none}</option>}
        {groupings.map((by) => (
          <option key={by} value={by}>
            {texts.groupings[by as keyof typeof texts.groupings]}
          </option>
        ))}
        {all.length > 0 && (
          <optgroup label={texts.attributes}>
            {all.map((key) => (
              <option key={key} value={`${attributeMark}${key}`}>
                {visibleText(key.slice(0, 100))}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

/** Of the names, in a narrow place and in a wide one. */
const leastName: CssPixels = 120;
const roomyName: CssPixels = 220;
const roomy: CssPixels = 640;
const columnGap: CssPixels = 8;
const edges: CssPixels = 34;

/** As many columns as there is room for, and the grid's tracks for them; all until the width is known. */
function useFitting<Column extends { width: CssPixels; weight: number }>(
  rootRef: RefObject<HTMLDivElement | null>,
  columns: readonly Column[],
): readonly Column[] {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const root = rootRef.current;
    if (!root || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWidth(root.clientWidth));
    observer.observe(root);
    return () => observer.disconnect();
  }, [rootRef]);
  const fitting = useMemo(() => {
    if (width === 0) return columns;
    let left = width - edges - (width < roomy ? leastName : roomyName);
    const kept = new Set<Column>();
    for (const column of [...columns].sort((one, other) => one.weight - other.weight)) {
      left -= column.width + columnGap;
      if (left < 0) break;
      kept.add(column);
    }
    return columns.filter((column) => kept.has(column));
  }, [columns, width]);
  useIsomorphicLayoutEffect(() => {
    const tracks = fitting.map((column) => `${column.width}px`).join(' ');
    rootRef.current?.style.setProperty('--ss-grid-columns', `minmax(0, 1fr) ${tracks}`);
  }, [rootRef, fitting]);
  return fitting;
}

/** Weights say which go first where there is no room: the largest. */
const groupColumns: readonly { id: NumberColumn; width: CssPixels; weight: number }[] = [
  { id: 'count', width: 58, weight: 1 },
  { id: 'errors', width: 56, weight: 5 },
  { id: 'share', width: 92, weight: 3 },
  { id: 'total', width: 72, weight: 4 },
  { id: 'self', width: 72, weight: 2 },
  { id: 'average', width: 72, weight: 8 },
  { id: 'min', width: 68, weight: 12 },
  { id: 'p50', width: 68, weight: 10 },
  { id: 'p95', width: 68, weight: 9 },
  { id: 'max', width: 68, weight: 11 },
  { id: 'tokens', width: 66, weight: 6 },
  { id: 'cost', width: 66, weight: 7 },
];

const noGroups: ReadonlySet<number> = new Set();

interface GroupsProps extends BodyProps {
  groupBy: SpanGrouping;
  thenBy: SpanGrouping | undefined;
  search: string;
  controls: Controls;
}

function Groups({ trace, rootRef, groupBy, thenBy, search, controls }: GroupsProps) {
  const { query, setQuery } = useTraceViewContext();
  const statistics = useMemo(() => traceStatistics(trace, { groupBy, thenBy }), [trace, groupBy, thenBy]);
  const { length, within } = statistics;
  const [sort, setSort] = useState<TableSort<GroupColumn>>({ column: 'self', isDescending: true });
  const [opened, setOpened] = useState({ of: statistics, groups: noGroups });
  const open = opened.of === statistics ? opened.groups : noGroups;
  const [chosen, setChosen] = useState<{ of: TraceStatistics; row: number; query: string }>();
  const order = useMemo(
    () => groupRows(statistics, sort, search, (group) => open.has(group)),
    [statistics, sort, search, open],
  );
  const told = useMemo(() => {
    const hasAny = (column: Float64Array) => column.some((value) => value > 0);
    return groupColumns.filter(
      ({ id }) => (id !== 'tokens' && id !== 'cost' && id !== 'errors') || hasAny(statistics[id]),
    );
  }, [statistics]);
  const columns = useFitting(rootRef, told);
  const placeOf = (row: number) => (row < length ? ([statistics, row] as const) : ([within!, row - length] as const));
  const labelOf = (row: number) => {
    const [table, at] = placeOf(row);
    return table.labels[at] === undefined ? texts.without : visibleText(table.labels[at].slice(0, 300)) || '""';
  };
  const choose = (row: number, event: Event) => {
    const [table, at] = placeOf(row);
    const own = groupQuery(trace, row < length ? groupBy : thenBy!, table.labels[at], {
      groupOf: table.rowOf,
      group: at,
    });
    const group = row < length ? undefined : within!.above[at]!;
    const above =
      group === undefined
        ? ''
        : groupQuery(trace, groupBy, statistics.labels[group], { groupOf: statistics.rowOf, group });
    if (own === undefined || above === undefined) return;
    const next = above === '' ? own : `${above} ${own}`;
    const details = { reason: event.type === 'keydown' ? 'keyboard' : 'click', event } as const;
    const isOff = next === query;
    setChosen(isOff ? undefined : { of: statistics, row, query: next });
    setQuery(isOff ? '' : next, details);
  };
  const toggle = (row: number) => {
    const groups = new Set(open);
    if (!groups.delete(row)) groups.add(row);
    setOpened({ of: statistics, groups });
  };
  const save = () => saveCsv(trace, 'groups', groupCsv(statistics, order));
  return (
    <>
      {controls(
        length,
        order.reduce((count, row) => count + (row < length ? 1 : 0), 0),
        save,
      )}
      <VirtualGrid
        label={texts.label.groups}
        order={order}
        selectedRow={-1}
        highlightedRow={chosen && chosen.of === statistics && chosen.query === query ? chosen.row : -1}
        onChoose={choose}
        {...(within && {
          tree: {
            levelOf: (row: number) => (row < length ? 1 : 2),
            isExpanded: (row: number) => (row < length ? open.has(row) : undefined),
            onToggle: toggle,
          },
        })}
        head={(['label', ...columns.map(({ id }) => id)] as GroupColumn[]).map((column) => (
          <GridHead
            key={column}
            column={column === 'label' ? 'name' : column}
            label={column === 'label' ? groupingLabel(groupBy) : texts.columns[column]}
            title={texts.titles[column]}
            sort={sort.column !== column ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
            onSort={() => setSort(nextSort(sort, column, column === 'label'))}
          />
        ))}
        cells={(row) => {
          const [table, at] = placeOf(row);
          const label = labelOf(row);
          return (
            <>
              <div role="gridcell" data-column="name" className="spanscope-grid-cell" dir="auto" title={label}>
                {within && row < length && (
                  <span className="spanscope-table-toggle" data-toggle="" data-open={open.has(row) || undefined}>
                    <Icon name="chevron" />
                  </span>
                )}
                {groupBy === 'agentKind' && row < length && (
                  <KindIcon kind={(table.labels[at] ?? 'other') as 'other'} />
                )}
                <span className="spanscope-grid-cell-name" data-none={table.labels[at] === undefined || undefined}>
                  {label}
                </span>
              </div>
              {columns.map(({ id }) => (
                <div
                  key={id}
                  role="gridcell"
                  data-column={id}
                  data-error={(id === 'errors' && table.errors[at]! > 0) || undefined}
                  className="spanscope-grid-cell"
                >
                  {id === 'share' ? <Share value={table.share[at]!} /> : numberText(id, table[id][at]!)}
                </div>
              ))}
            </>
          );
        }}
      />
      {order.length === 0 && <p className="spanscope-table-nothing">{texts.nothing}</p>}
    </>
  );
}

function groupingLabel(by: SpanGrouping): string {
  return typeof by === 'object' ? visibleText(by.attribute.slice(0, 100)) : texts.groupings[by];
}

function nextSort<Column>(sort: TableSort<Column>, column: Column, isText: boolean): TableSort<Column> {
  return { column, isDescending: sort.column === column ? !sort.isDescending : !isText };
}

function Share({ value }: { value: number }) {
  return (
    <span className="spanscope-table-share">
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={value > 0 ? Math.max(1, value * 100) : 0} height="4" />
      </svg>
      {percentText(value)}
    </span>
  );
}

function percentText(share: number): string {
  if (share === 0) return '0 %';
  return share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(1)} %`;
}

function numberText(column: NumberColumn, value: number): string {
  if (column === 'tokens') return formatQuantity(value);
  if (column === 'cost') return formatCost(value);
  if (column === 'count' || column === 'errors') return value === 0 ? '–' : value.toLocaleString('en');
  return formatDuration(value);
}

function* groupCsv(statistics: TraceStatistics, order: Int32Array): Generator<readonly CsvCell[]> {
  const { within, length } = statistics;
  const isTime = (column: NumberColumn) => !['count', 'errors', 'share', 'tokens', 'cost'].includes(column);
  const head = numberColumns.map((column) => `${texts.columns[column]}${isTime(column) ? ' (ms)' : ''}`);
  yield [texts.columns.label, ...(within ? [texts.thenBy] : []), ...head];
  for (const row of order) {
    const [table, at] = row < length ? [statistics, row] : [within!, row - length];
    const group = row < length ? row : within!.above[at]!;
    const second = within ? [row < length ? undefined : (table.labels[at] ?? texts.without)] : [];
    const numbers = numberColumns.map((column) => table[column][at]! / (isTime(column) ? 1e6 : 1));
    yield [statistics.labels[group] ?? texts.without, ...second, ...numbers];
  }
}

function saveCsv(trace: Trace, what: string, rows: Iterable<readonly CsvCell[]>): void {
  // With a mark of its encoding, without which Excel takes UTF-8 for something else.
  const blob = new Blob(['\ufeff', csvText(rows)], { type: 'text/csv;charset=utf-8' });
  saveFile(blob, `${fileName(`${trace.spanAt(0).name} ${what}`)}.csv`);
}

const usualOfSpans: readonly SpanColumn[] = ['service', 'status', 'start', 'duration', 'self-time'];

function Spans({
  trace,
  facts,
  rootRef,
  search,
  controls,
  columns: given,
}: BodyProps & Pick<GroupsProps, 'search' | 'controls'>) {
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
