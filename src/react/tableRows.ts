import { sortedIndexes } from '../layout/sortedIndexes.ts';
import type { GroupStatistics, TraceStatistics } from '../transforms/traceStatistics.ts';

export const numberColumns = [
  'count',
  'errors',
  'share',
  'total',
  'self',
  'average',
  'min',
  'p50',
  'p95',
  'max',
  'tokens',
  'cost',
] as const;
export type NumberColumn = (typeof numberColumns)[number];
export type GroupColumn = 'label' | NumberColumn;

export interface TableSort<Column> {
  readonly column: Column;
  readonly isDescending: boolean;
}

/**
 * Rows of a table of groups in the order of the screen. From 0 up a group, from the number of groups up one of the second
 * level, which stands below its own where that is open.
 */
export function groupRows(
  statistics: TraceStatistics,
  sort: TableSort<GroupColumn>,
  search: string,
  isOpen: (group: number) => boolean,
): Int32Array {
  const { within, length } = statistics;
  const wanted = search.trim().toLowerCase();
  const holds = (label: string | undefined) => wanted === '' || (label ?? '').toLowerCase().includes(wanted);
  const inner = within && sortedBy(within, sort);
  const below = new Map<number, number[]>();
  for (const row of inner ?? []) {
    const group = within!.above[row]!;
    const rows = below.get(group);
    if (rows) rows.push(row);
    else below.set(group, [row]);
  }
  const rows: number[] = [];
  for (const group of sortedBy(statistics, sort)) {
    const isFound = holds(statistics.labels[group]);
    const found = (below.get(group) ?? []).filter((row) => isFound || holds(within!.labels[row]));
    if (!isFound && found.length === 0) continue;
    rows.push(group);
    // What was searched for is shown wherever it stands.
    if (isOpen(group) || !isFound) for (const row of found) rows.push(length + row);
  }
  return Int32Array.from(rows);
}

function sortedBy(table: GroupStatistics, { column, isDescending }: TableSort<GroupColumn>): Int32Array {
  const byLabel = sortedIndexes(textRanks(table.labels), column === 'label' && isDescending);
  // Equal ones by their label: the sort is stable.
  return column === 'label' ? byLabel : sortedIndexes(table[column], isDescending, byLabel);
}

/** For each text its place among all in alphabetical order, equal ones the same; NaN for none. */
export function textRanks(texts: readonly (string | undefined)[]): Float64Array {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const distinct = [...new Set(texts)].filter((text) => text !== undefined).sort(compare);
  const ranks = new Map(distinct.map((text, rank) => [text, rank]));
  return Float64Array.from(texts, (text) => (text === undefined ? Number.NaN : ranks.get(text)!));
}

/** After a press on a column's head: numbers begin with the largest, texts with the first. */
export function nextSort<Column>(sort: TableSort<Column>, column: Column, isText: boolean): TableSort<Column> {
  return { column, isDescending: sort.column === column ? !sort.isDescending : !isText };
}
