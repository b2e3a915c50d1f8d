import type { SpanIndex, TraceColumns } from './columns.ts';
import type { DetailSource } from './details.ts';
import { markPlacement } from './dirt.ts';
import { issueBit } from './issues.ts';
import { permuted } from './permuted.ts';
import type { Nanoseconds } from './time.ts';
import type { TraceTable } from './trace.ts';

/**
 * A table whose spans are moved in time, each by its number of nanoseconds (whole, by index), with their events. The tree
 * stays as it is; siblings are put in order of their new starts, and how spans lie to their parents is marked anew. A span
 * whose time no number holds stays where it is.
 *
 * @returns with `newIndex`, the index of each old one.
 */
export function shiftedTable(table: TraceTable, shifts: Float64Array): { table: TraceTable; newIndex: Int32Array } {
  const { columns } = table;
  const { length } = columns;
  const shiftOf = (index: SpanIndex): Nanoseconds => (table.exactTimes.has(index) ? 0 : shifts[index]!);
  const start = columns.start.slice();
  for (let index = 0; index < length; index++) start[index]! += shiftOf(index);
  const { first, last } = boundsOf(table, start);
  const order = orderByStart(columns, start);
  const newIndex = new Int32Array(length);
  for (let index = 0; index < length; index++) newIndex[order[index]!] = index;
  const shiftBySource = new Float64Array(length);
  for (let index = 0; index < length; index++) shiftBySource[columns.sourceOrder[index]!] = shiftOf(index);
  const moved: TraceColumns = {
    ...columns,
    start: permuted(start, order),
    duration: permuted(columns.duration, order),
    parent: permuted(columns.parent, order),
    subtreeEnd: permuted(columns.subtreeEnd, order),
    depth: permuted(columns.depth, order),
    name: permuted(columns.name, order),
    service: permuted(columns.service, order),
    kind: permuted(columns.kind, order),
    status: permuted(columns.status, order),
    followsFrom: permuted(columns.followsFrom, order),
    issues: permuted(columns.issues, order),
    sourceOrder: permuted(columns.sourceOrder, order),
  };
  for (let index = 0; index < length; index++) {
    moved.start[index]! -= first;
    moved.subtreeEnd[index]! += index - order[index]!;
    if (moved.parent[index]! >= 0) moved.parent[index] = newIndex[moved.parent[index]!]!;
    moved.issues[index]! &= ~placementIssues;
  }
  markPlacement(moved);
  const spanIds = table.spanIds.permuted(order);
  const remap = <T>(map: Iterable<readonly [SpanIndex, T]>) =>
    new Map(Array.from(map, ([index, value]) => [newIndex[index]!, value] as const));
  return {
    newIndex,
    table: {
      ...table,
      columns: moved,
      details: shiftedDetails(table.details, shiftBySource),
      startTimeUnixNano: table.startTimeUnixNano + BigInt(first),
      duration: last - first,
      spanIds,
      idIndex: table.idIndex.remapped(spanIds, newIndex),
      keys: remap(table.keys),
      keyIndex: new Map(Array.from(table.keyIndex, ([key, index]) => [key, newIndex[index]!])),
      looseParentIds: remap(table.looseParentIds),
      exactTimes: remap(table.exactTimes),
    },
  };
}

const placementIssues = issueBit['outside-parent'] | issueBit['clock-skew'];

/** From the first start to the last end, of spans whose time is plausible; [0, the trace's duration] where none is. */
function boundsOf({ columns, duration }: TraceTable, start: Float64Array): { first: Nanoseconds; last: Nanoseconds } {
  let first = Infinity;
  let last = -Infinity;
  for (let index = 0; index < columns.length; index++) {
    if (columns.issues[index]! & issueBit['implausible-time']) continue;
    first = Math.min(first, start[index]!);
    // The duration of an open span is NaN, which counts up to its start.
    last = Math.max(last, start[index]! + Math.max(0, columns.duration[index]! || 0));
  }
  return first <= last ? { first, last } : { first: 0, last: duration };
}

/** Old indexes in the new depth-first order. Subtrees stay whole, so only siblings are sorted, where a shift put them wrong. */
function orderByStart({ length, subtreeEnd, sourceOrder }: TraceColumns, start: Float64Array): Int32Array {
  const order = new Int32Array(length);
  let count = 0;
  // Siblings that are still to come, the next of each level on top.
  const waiting: SpanIndex[] = [];
  const pushChildren = (from: SpanIndex, end: SpanIndex) => {
    const first = waiting.length;
    let sorted = true;
    for (let index = from; index < end; index = subtreeEnd[index]!) {
      if (waiting.length > first && start[waiting.at(-1)!]! > start[index]!) sorted = false;
      waiting.push(index);
    }
    if (!sorted) {
      const children = waiting.slice(first).sort((a, b) => start[a]! - start[b]! || sourceOrder[a]! - sourceOrder[b]!);
      for (let at = 0; at < children.length; at++) waiting[first + at] = children[at]!;
    }
    for (let low = first, high = waiting.length - 1; low < high; low++, high--) {
      [waiting[low], waiting[high]] = [waiting[high]!, waiting[low]!];
    }
  };
  pushChildren(0, length);
  while (waiting.length > 0) {
    const index = waiting.pop()!;
    order[count++] = index;
    if (subtreeEnd[index]! > index + 1) pushChildren(index + 1, subtreeEnd[index]!);
  }
  return order;
}

function shiftedDetails(source: DetailSource, shiftBySource: Float64Array): DetailSource {
  return {
    read(row) {
      const details = source.read(row);
      const shift = shiftBySource[row]!;
      if (shift === 0 || details.events.length === 0) return details;
      const events = details.events.map((event) => ({
        ...event,
        timeUnixNano: event.timeUnixNano === undefined ? undefined : event.timeUnixNano + BigInt(shift),
      }));
      return { ...details, events };
    },
    ...(source.readSource && { readSource: (row: number) => source.readSource!(row) }),
    ...(source.mayContain && { mayContain: (row: number, needle: string) => source.mayContain!(row, needle) }),
  };
}
