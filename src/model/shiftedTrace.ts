import type { SpanIndex, TraceColumns } from './columns.ts';
import type { DetailSource } from './details.ts';
import { markPlacement } from './dirt.ts';
import { issueBit } from './issues.ts';
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
  const start = columns.start.map((time, index) => time + shiftOf(index));
  const { first, last } = boundsOf(table, start);
  const order = orderByStart(columns, start);
  const newIndex = new Int32Array(length);
  for (let index = 0; index < length; index++) newIndex[order[index]!] = index;
  const shiftBySource = new Map<number, Nanoseconds>();
  for (let index = 0; index < length; index++) {
    if (shiftOf(index) !== 0) shiftBySource.set(columns.sourceOrder[index]!, shiftOf(index));
  }
  const moved: TraceColumns = {
    ...columns,
    start: Float64Array.from(order, (old) => start[old]! - first),
    duration: Float64Array.from(order, (old) => columns.duration[old]!),
    parent: Int32Array.from(order, (old) => (columns.parent[old]! < 0 ? -1 : newIndex[columns.parent[old]!]!)),
    subtreeEnd: Int32Array.from(order, (old, index) => index + columns.subtreeEnd[old]! - old),
    depth: Int32Array.from(order, (old) => columns.depth[old]!),
    name: Uint32Array.from(order, (old) => columns.name[old]!),
    service: Uint32Array.from(order, (old) => columns.service[old]!),
    kind: Uint8Array.from(order, (old) => columns.kind[old]!),
    status: Uint8Array.from(order, (old) => columns.status[old]!),
    followsFrom: Uint8Array.from(order, (old) => columns.followsFrom[old]!),
    issues: Uint16Array.from(order, (old) => columns.issues[old]! & ~placementIssues),
    sourceOrder: Uint32Array.from(order, (old) => columns.sourceOrder[old]!),
  };
  markPlacement(moved);
  const spanIds = table.spanIds.permuted(order);
  const remap = <T>(map: ReadonlyMap<SpanIndex, T>) =>
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
    const children = waiting.splice(first);
    if (!sorted) children.sort((a, b) => start[a]! - start[b]! || sourceOrder[a]! - sourceOrder[b]!);
    for (let at = children.length - 1; at >= 0; at--) waiting.push(children[at]!);
  };
  pushChildren(0, length);
  while (waiting.length > 0) {
    const index = waiting.pop()!;
    order[count++] = index;
    if (subtreeEnd[index]! > index + 1) pushChildren(index + 1, subtreeEnd[index]!);
  }
  return order;
}

function shiftedDetails(source: DetailSource, shiftBySource: ReadonlyMap<number, Nanoseconds>): DetailSource {
  return {
    read(row) {
      const details = source.read(row);
      const shift = shiftBySource.get(row);
      if (shift === undefined || details.events.length === 0) return details;
      const events = details.events.map((event) => ({
        ...event,
        timeUnixNano: event.timeUnixNano === undefined ? undefined : event.timeUnixNano + BigInt(shift),
      }));
      return { ...details, events };
    },
    ...(source.mayContain && { mayContain: (row: number, needle: string) => source.mayContain!(row, needle) }),
  };
}
