import type { SpanIndex, TraceColumns } from './columns.ts';
import { grown } from './grow.ts';
import { permuted } from './permuted.ts';
import { type IdIndex, type SpanIdColumn, SpanIdIndex } from './spanIds.ts';
import type { SpanRows } from './spanRows.ts';
import { maxExactNanoseconds, type Nanoseconds, nanosecondsBetween, type TimePoint } from './time.ts';
import type { LooseParentIds } from './trace.ts';

const noRow = -1;

/** Where the spans of a snapshot stand, and when. */
export interface GrownPlaces {
  /** The row at each index. */
  readonly order: Int32Array;
  readonly indexOfRow: Int32Array;
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly depth: Int32Array;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly traceStart: TimePoint;
  /** From the first start to the last end that is known. */
  readonly lasting: Nanoseconds;
  readonly spanIds: SpanIdColumn;
  readonly idIndex: IdIndex;
  readonly looseParentIds: LooseParentIds;
}

/** What a full build found, from which growth goes on. */
export interface GrowthStart {
  parentRow: Int32Array;
  order: Int32Array;
  columns: Pick<TraceColumns, 'start' | 'duration' | 'parent' | 'subtreeEnd'>;
  traceStart: TimePoint;
}

/**
 * A trace that grows, from one snapshot to the next: new spans are put in their places between those that stand, spans that
 * waited for one of them move below it with all that they hold. What each span costs to a snapshot is a few steps over typed
 * arrays; looking up, comparing and sorting are done for new spans alone.
 *
 * It knows clean spans: each with an id of its own and a start, no parents in a circle, times within 52 days of each other.
 * For all else `next` gives undefined, and the trace is to be built as a whole, from then on.
 */
export class TraceGrowth {
  readonly #rows: SpanRows;
  readonly #ids: GrowingIdIndex;
  /** By the id that rows name as their parent while no span has it. */
  readonly #awaiting = new Map<string, number[]>();
  #parentRow: Int32Array;
  #places: Omit<GrownPlaces, 'spanIds' | 'idIndex' | 'looseParentIds'> & { count: number };
  #leastSeconds = Infinity;
  #mostSeconds = -Infinity;

  private constructor(rows: SpanRows, { parentRow, order, columns, traceStart }: GrowthStart) {
    this.#rows = rows;
    this.#ids = new GrowingIdIndex(rows.ids);
    this.#parentRow = parentRow;
    const count = order.length;
    const indexOfRow = new Int32Array(count);
    for (let index = 0; index < count; index++) indexOfRow[order[index]!] = index;
    const depth = new Int32Array(0);
    this.#places = { ...columns, order, indexOfRow, depth, traceStart, lasting: 0, count };
  }

  /** Undefined where the spans that there are do not allow it. */
  static from(rows: SpanRows, start: GrowthStart): TraceGrowth | undefined {
    const growth = new TraceGrowth(rows, start);
    for (let row = 0; row < start.order.length; row++) if (!growth.#enter(row)) return undefined;
    for (let row = 0; row < start.order.length; row++) {
      if (start.parentRow[row]! >= 0 || !rows.parentIds.hasId(row)) continue;
      // A parent that is there and not taken was cut off: a circle.
      if (growth.#ids.findSame(rows.parentIds, row) >= 0) return undefined;
      growth.#await(row);
    }
    return growth;
  }

  /** The places of all rows there are now; of `changed` the start may not have changed, or undefined is given. */
  next(changed: readonly number[]): GrownPlaces | undefined {
    const before = this.#places;
    const { length } = this.#rows;
    for (let row = before.count; row < length; row++) if (!this.#enter(row)) return undefined;
    for (const row of changed) {
      if (row < before.count && (!this.#hasSameStart(row) || !this.#fits(row))) return undefined;
    }
    if (this.#parentRow.length < length) this.#parentRow = grown(this.#parentRow, length);
    const adopted = this.#findParents(before.count, length);
    if (!adopted || !this.#isTree(adopted)) return undefined;
    const order = length === before.count ? before.order : this.#spliced(adopted);
    const places = this.#placed(order, changed);
    this.#places = { ...places, count: length };
    const { spanIds, ...rest } = { ...places, spanIds: this.#rows.ids.permuted(order) };
    return {
      ...rest,
      spanIds,
      idIndex: new RowIdIndex(this.#ids, places.indexOfRow, spanIds),
      looseParentIds: new RootParentIds(this.#rows.parentIds, places.parent, order),
    };
  }

  /** Whether the row is as growth wants them; its id is known from then on. */
  #enter(row: number): boolean {
    return this.#rows.ids.hasId(row) && this.#fits(row) && this.#ids.add(row) < 0;
  }

  #fits(row: number): boolean {
    const { startSeconds, endSeconds } = this.#rows;
    const start = startSeconds[row]!;
    const end = endSeconds[row]!;
    if (Number.isNaN(start)) return false;
    // The end of an open span is NaN, and no comparison with it is true.
    this.#leastSeconds = Math.min(this.#leastSeconds, end < start ? end : start);
    this.#mostSeconds = Math.max(this.#mostSeconds, end > start ? end : start);
    return this.#mostSeconds - this.#leastSeconds < maxExactNanoseconds / 1e9 / 2;
  }

  #hasSameStart(row: number): boolean {
    const { start, indexOfRow, traceStart } = this.#places;
    return start[indexOfRow[row]!] === this.#offset(traceStart, row);
  }

  #offset(from: TimePoint, row: number): Nanoseconds {
    const { startSeconds, startNanos } = this.#rows;
    return (startSeconds[row]! - from.seconds) * 1e9 + (startNanos[row]! - from.nanos);
  }

  #duration(row: number): Nanoseconds {
    const { startSeconds, startNanos, endSeconds, endNanos } = this.#rows;
    return (endSeconds[row]! - startSeconds[row]!) * 1e9 + (endNanos[row]! - startNanos[row]!);
  }

  #await(row: number): void {
    const id = this.#rows.parentIds.at(row)!;
    const rows = this.#awaiting.get(id);
    if (rows) rows.push(row);
    else this.#awaiting.set(id, [row]);
  }

  /** The parents of new rows; returns the rows that had waited for one of them. Undefined where a row is its own parent. */
  #findParents(from: number, end: number): number[] | undefined {
    const { ids, parentIds } = this.#rows;
    const adopted: number[] = [];
    for (let row = from; row < end && this.#awaiting.size > 0; row++) {
      const id = ids.at(row)!;
      const waiting = this.#awaiting.get(id);
      if (!waiting) continue;
      this.#awaiting.delete(id);
      for (const child of waiting) {
        this.#parentRow[child] = row;
        adopted.push(child);
      }
    }
    for (let row = from; row < end; row++) {
      this.#parentRow[row] = noRow;
      if (!parentIds.hasId(row)) continue;
      const parent = this.#ids.findSame(parentIds, row);
      if (parent === row) return undefined;
      this.#parentRow[row] = parent;
      if (parent < 0) this.#await(row);
    }
    return adopted;
  }

  /** Whether no row that found its parent lies above it as well. */
  #isTree(adopted: readonly number[]): boolean {
    const { count } = this.#places;
    const { length } = this.#rows;
    // Rows are marked, so that a long chain is walked once.
    const walkOf = new Map<number, number>();
    for (const from of [...adopted, ...range(count, length)]) {
      let row = from;
      while (row >= 0 && !walkOf.has(row)) {
        walkOf.set(row, from);
        row = this.#parentRow[row]!;
      }
      if (row >= 0 && walkOf.get(row) === from) return false;
    }
    return true;
  }

  /** All rows in depth-first order: those of before as they stood, what is new between them. */
  #spliced(adopted: readonly number[]): Int32Array {
    const { count, order: oldOrder, subtreeEnd, indexOfRow } = this.#places;
    const { length } = this.#rows;
    const compare = (a: number, b: number) => this.#rows.compareStarts(a, b);
    const childrenOf = new Map<number, number[]>();
    const moved = Int32Array.from(
      adopted.filter((row) => row < count),
      (row) => indexOfRow[row]!,
    ).sort();
    const whole = new Region(0, count, moved);
    const regions = new Map<SpanIndex, Region>();
    for (const index of moved) regions.set(index, new Region(index, subtreeEnd[index]!, noIndexes));
    const addChild = (parent: number, row: number) => {
      const children = childrenOf.get(parent);
      if (children) children.push(row);
      else childrenOf.set(parent, [row]);
    };
    for (const row of adopted) if (row < count) addChild(this.#parentRow[row]!, row);
    for (let row = count; row < length; row++) {
      const parent = this.#parentRow[row]!;
      if (parent >= count) {
        addChild(parent, row);
        continue;
      }
      const above = parent < 0 ? -1 : indexOfRow[parent]!;
      const root = above < 0 ? -1 : lastAtMost(moved, above);
      const region = root >= 0 && above < subtreeEnd[root]! ? regions.get(root)! : whole;
      region.insertions.push({ row, before: this.#placeBelow(above, row), above });
    }
    for (const region of [whole, ...regions.values()]) {
      // At one place what lies deeper ends first: the parent that begins later.
      region.insertions.sort((a, b) => a.before - b.before || b.above - a.above || compare(a.row, b.row));
    }
    for (const children of childrenOf.values()) children.sort(compare);

    const order = new Int32Array(length);
    let at = 0;
    const open: (Region | { rows: readonly number[]; next: number })[] = [whole];
    const begin = (row: number) => {
      const region = row < count ? regions.get(indexOfRow[row]!) : undefined;
      if (region) {
        open.push(region);
        return;
      }
      order[at++] = row;
      const children = childrenOf.get(row);
      if (children) open.push({ rows: children, next: 0 });
    };
    while (open.length > 0) {
      const top = open.at(-1)!;
      if (!(top instanceof Region)) {
        if (top.next === top.rows.length) open.pop();
        else begin(top.rows[top.next++]!);
        continue;
      }
      const insertion = top.insertions[top.nextInsertion];
      const stop = insertion ? insertion.before : top.end;
      at = top.copy(oldOrder, order, at, stop, subtreeEnd);
      if (insertion) {
        top.nextInsertion++;
        begin(insertion.row);
      } else open.pop();
    }
    return order;
  }

  /** The old index before which a new row belongs, among the children of the span at `above`; -1 for the roots. */
  #placeBelow(above: SpanIndex, row: number): SpanIndex {
    const { order, parent, subtreeEnd, count } = this.#places;
    let low = above + 1;
    let high = above < 0 ? count : subtreeEnd[above]!;
    // Between `low`, where a child begins, and `high`, where one ends: all before `low` start earlier.
    while (low < high) {
      let child = (low + high) >> 1;
      while (parent[child] !== above) child = parent[child]!;
      if (child < low) child = low;
      if (this.#rows.compareStarts(order[child]!, row) <= 0) low = subtreeEnd[child]!;
      else high = child;
    }
    return low;
  }

  #placed(order: Int32Array, changed: readonly number[]) {
    const before = this.#places;
    const count = order.length;
    const indexOfRow = new Int32Array(count);
    const parent = new Int32Array(count);
    const subtreeEnd = new Int32Array(count);
    const depth = new Int32Array(count);
    for (let index = 0; index < count; index++) {
      const row = order[index]!;
      indexOfRow[row] = index;
      const aboveRow = this.#parentRow[row]!;
      const above = aboveRow < 0 ? noRow : indexOfRow[aboveRow]!;
      parent[index] = above;
      depth[index] = above < 0 ? 0 : depth[above]! + 1;
    }
    for (let index = count - 1; index >= 0; index--) {
      if (subtreeEnd[index] === 0) subtreeEnd[index] = index + 1;
      const above = parent[index]!;
      if (above >= 0 && subtreeEnd[above]! < subtreeEnd[index]!) subtreeEnd[above] = subtreeEnd[index]!;
    }
    const traceStart = this.#firstStart();
    const earlier = nanosecondsBetween(traceStart, before.traceStart);
    const start = new Float64Array(count);
    const duration = new Float64Array(count);
    for (let index = 0; index < count; index++) {
      const row = order[index]!;
      if (row < before.count) {
        const old = before.indexOfRow[row]!;
        start[index] = before.start[old]! + earlier;
        duration[index] = before.duration[old]!;
      } else {
        start[index] = this.#offset(traceStart, row);
        duration[index] = this.#duration(row);
      }
    }
    for (const row of changed) duration[indexOfRow[row]!] = this.#duration(row);
    let lasting = 0;
    for (let index = 0; index < count; index++) {
      const end = start[index]! + duration[index]!;
      if (start[index]! > lasting) lasting = start[index]!;
      if (end > lasting) lasting = end;
    }
    return { order, indexOfRow, parent, subtreeEnd, depth, start, duration, traceStart, lasting };
  }

  #firstStart(): TimePoint {
    const { count, traceStart } = this.#places;
    let first = count > 0 ? traceStart : this.#rows.startOf(0);
    for (let row = count; row < this.#rows.length; row++) {
      if (this.#offset(first, row) < 0) first = this.#rows.startOf(row);
    }
    return first;
  }
}

const noIndexes = new Int32Array(0);

function* range(from: number, end: number): Iterable<number> {
  for (let number = from; number < end; number++) yield number;
}

/** The last of sorted values that is not greater; -1 where there is none. */
function lastAtMost(values: Int32Array, most: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : values[low - 1]!;
}

interface Insertion {
  readonly row: number;
  /** An index of the old order. */
  readonly before: SpanIndex;
  /** The parent's, -1 for a root. */
  readonly above: SpanIndex;
}

/** Whole subtrees of the old order, [from, end), and what comes between their spans. */
class Region {
  readonly end: SpanIndex;
  readonly insertions: Insertion[] = [];
  nextInsertion = 0;
  #cursor: SpanIndex;
  /** Roots of subtrees that go elsewhere. */
  readonly #without: Int32Array;
  #nextWithout = 0;

  constructor(from: SpanIndex, end: SpanIndex, without: Int32Array) {
    this.#cursor = from;
    this.end = end;
    this.#without = without;
  }

  /** Copies what stands before `stop` and was not copied yet; returns where the copy ends. */
  copy(from: Int32Array, to: Int32Array, place: number, stop: SpanIndex, subtreeEnd: Int32Array): number {
    let at = place;
    while (this.#cursor < stop) {
      const gone = this.#without[this.#nextWithout] ?? stop;
      if (gone === this.#cursor) {
        this.#cursor = subtreeEnd[gone]!;
        this.#nextWithout++;
        continue;
      }
      const end = Math.min(gone, stop);
      to.set(from.subarray(this.#cursor, end), at);
      at += end - this.#cursor;
      this.#cursor = end;
    }
    return at;
  }
}

/** Finds rows of a column of ids that grows. Shared by all snapshots: rows are only added. */
class GrowingIdIndex {
  readonly #ids: SpanIdColumn;
  #index: SpanIdIndex;
  #count = 0;
  #capacity = 64;

  constructor(ids: SpanIdColumn) {
    this.#ids = ids;
    this.#index = this.#empty();
  }

  /** The row that stands for this id already, or -1. */
  add(row: number): number {
    if (this.#count === this.#capacity) {
      this.#capacity *= 2;
      this.#index = this.#empty();
      for (let known = 0; known < this.#count; known++) this.#index.add(known);
    }
    this.#count++;
    return this.#index.add(row);
  }

  find(id: string): number {
    return this.#index.find(id);
  }

  findSame(column: SpanIdColumn, row: number): number {
    return this.#index.findSame(column, row);
  }

  #empty(): SpanIdIndex {
    return new SpanIdIndex(this.#ids, new Int32Array(Math.ceil(this.#capacity * 1.25) + 1).fill(-1));
  }
}

/** Finds spans of one snapshot by the rows that they came from. */
class RowIdIndex implements IdIndex {
  readonly #ids: GrowingIdIndex;
  readonly #indexOfRow: Int32Array;
  readonly #spanIds: SpanIdColumn;

  constructor(ids: GrowingIdIndex, indexOfRow: Int32Array, spanIds: SpanIdColumn) {
    this.#ids = ids;
    this.#indexOfRow = indexOfRow;
    this.#spanIds = spanIds;
  }

  find(id: string): number {
    // Rows that came after the snapshot are not in it.
    return this.#indexOfRow[this.#ids.find(id)] ?? -1;
  }

  remapped(ids: SpanIdColumn, newRow: Int32Array): IdIndex {
    return new RowIdIndex(this.#ids, permuted(newRow, this.#indexOfRow), ids);
  }

  packed(): { slots: Int32Array; seed: number } {
    const index = new SpanIdIndex(this.#spanIds);
    for (let row = 0; row < this.#spanIds.length; row++) index.add(row);
    return index.packed();
  }
}

/** The ids that roots name as their parents. */
class RootParentIds implements LooseParentIds {
  readonly #parentIds: SpanIdColumn;
  readonly #parent: Int32Array;
  readonly #order: Int32Array;

  constructor(parentIds: SpanIdColumn, parent: Int32Array, order: Int32Array) {
    this.#parentIds = parentIds;
    this.#parent = parent;
    this.#order = order;
  }

  get(index: SpanIndex): string | undefined {
    return this.#parent[index] === noRow ? this.#parentIds.at(this.#order[index]!) : undefined;
  }

  *[Symbol.iterator](): Iterator<[SpanIndex, string]> {
    for (let index = 0; index < this.#parent.length; index++) {
      const id = this.get(index);
      if (id !== undefined) yield [index, id];
    }
  }
}
