import { type ReactNode, type RefObject, useMemo, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Trace } from '../model/trace.ts';
import { groupQuery } from '../transforms/groupQuery.ts';
import type { SpanGrouping } from '../transforms/spanGroups.ts';
import { type TraceStatistics, traceStatistics } from '../transforms/traceStatistics.ts';
import { useFitting } from './fittingColumns.ts';
import { Icon, KindIcon } from './icons.tsx';
import type { SpanColumn } from './spanColumns.tsx';
import { groupCsv, saveCsv } from './spanTableCsv.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { type GroupColumn, groupRows, type NumberColumn, nextSort, type TableSort } from './tableRows.ts';
import { tableTexts as texts } from './tableTexts.ts';
import type { TraceFacts } from './traceFacts.ts';
import { GridHead, VirtualGrid } from './VirtualGrid.tsx';
import { visibleText } from './visibleText.ts';

/** What both kinds of rows are given. */
export interface TableRowsProps {
  columns?: readonly SpanColumn[];
  trace: Trace;
  facts: TraceFacts;
  rootRef: RefObject<HTMLDivElement | null>;
  search: string;
  /** What stands above, with what these rows know of it. */
  controls: TableControls;
}

export type TableControls = (count: number, found: number, save: () => void, more?: ReactNode) => ReactNode;

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

interface GroupsProps extends TableRowsProps {
  groupBy: SpanGrouping;
  thenBy: SpanGrouping | undefined;
}

/** The spans of a trace by what they have in common. */
export function GroupTable({ trace, rootRef, groupBy, thenBy, search, controls }: GroupsProps) {
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
