import { kindCode, type SpanIndex, type SpanKind, type SpanStatus, statusCode, type TraceColumns } from './columns.ts';
import { completenessOf } from './completeness.ts';
import type { DetailSource } from './details.ts';
import { cutCycles, markPlacement } from './dirt.ts';
import { issueBit } from './issues.ts';
import { permuted } from './permuted.ts';
import { type SpanIdBytes, SpanIdIndex } from './spanIds.ts';
import { SpanRows } from './spanRows.ts';
import { type StringCodes, StringTable } from './stringTable.ts';
import {
  isKnown,
  maxExactNanoseconds,
  type Nanoseconds,
  nanosecondsBetween,
  type TimePoint,
  toUnixNano,
} from './time.ts';
import { createTrace, type Trace } from './trace.ts';
import { TraceGrowth } from './traceGrowth.ts';

/** What the columns take of a span. A builder keeps none of it, so one object may be filled again for each span. */
export interface SpanRecord {
  /** Empty where the file has none. */
  spanId: string;
  /** Undefined for none; what stands for none (all zeros, an empty string) is the format's to know. */
  parentSpanId: string | undefined;
  name: string;
  serviceName: string;
  kind: SpanKind;
  status: SpanStatus;
  /** `unknownTime` where the file has none. */
  start: TimePoint;
  /** `unknownTime` while the span is open. */
  end: TimePoint;
  followsFrom: boolean;
}

export interface BuildOptions {
  /** How many spans the trace is said to have, where the source says it. */
  expectedSpans?: number;
  /** Why the trace is not whole, as far as the source says: a sentence each. */
  reasons?: readonly string[];
  /**
   * The trace still goes on: a parent that is not in it is awaited, not missing, a span without an end is running, not
   * unfinished, and what runs lasts until `now`.
   */
  growing?: { now: TimePoint };
}

const noRow = -1;

/**
 * Puts the spans of one trace in depth-first order and marks what is wrong with them. Nothing is dropped: an orphan
 * becomes a root, a cycle is cut at its earliest span, spans of one id are all kept.
 *
 * Spans may come in any order; `add` costs O(1), `build` O(n log n) at the worst and O(n) for siblings in order of start.
 */
export class TraceBuilder {
  readonly #traceId: string;
  readonly #rows: SpanRows;
  readonly #names = new StringTable();
  readonly #services = new StringTable();
  /** Of a trace that is built while it grows, and clean. */
  #growth: TraceGrowth | undefined;
  /** Whether the last snapshot of a growing trace showed that it can only be built as a whole. */
  #isUneven = false;
  /** Rows that were replaced since the last snapshot. */
  #replaced: number[] = [];

  /** With the file's `bytes` ids of any spelling take 8 bytes each. */
  constructor(traceId: string, bytes?: SpanIdBytes) {
    this.#traceId = traceId;
    this.#rows = new SpanRows(bytes);
  }

  get traceId(): string {
    return this.#traceId;
  }

  get spanCount(): number {
    return this.#rows.length;
  }

  /** The span's row, the number by which `details` will be asked for it. */
  add(record: SpanRecord): number {
    const rows = this.#rows;
    const row = rows.addRow();
    rows.ids.push(record.spanId === '' ? undefined : record.spanId);
    rows.parentIds.push(record.parentSpanId);
    this.#fill(row, record);
    return row;
  }

  /** Says anew all of a row but its ids, as when an open span ends. Traces that were built before stay as they are. */
  replace(row: number, record: SpanRecord): void {
    this.#fill(row, record);
    if (this.#growth) this.#replaced.push(row);
  }

  #fill(row: number, record: SpanRecord): void {
    const rows = this.#rows;
    rows.name[row] = this.#names.add(record.name);
    rows.service[row] = this.#services.add(record.serviceName);
    rows.startSeconds[row] = record.start.seconds;
    rows.startNanos[row] = record.start.nanos;
    rows.endSeconds[row] = record.end.seconds;
    rows.endNanos[row] = record.end.nanos;
    rows.kind[row] = kindCode[record.kind];
    rows.status[row] = statusCode[record.status];
    rows.followsFrom[row] = record.followsFrom ? 1 : 0;
  }

  /** Whether a row has this name and this start: then a record of its id is no other span. */
  isSameSpan(row: number, { name, start }: SpanRecord): boolean {
    const rows = this.#rows;
    const isSameTime = rows.startSeconds[row] === start.seconds && rows.startNanos[row] === start.nanos;
    return isSameTime && this.#names.strings[rows.name[row]!] === name;
  }

  isOpen(row: number): boolean {
    return Number.isNaN(this.#rows.endSeconds[row]);
  }

  /**
   * Adds rows of a table that several traces are sorted out of; what their numbers of names and services mean, `names` and
   * `services` say.
   */
  addRows(rows: SpanRows, from: number, to: number, names: StringCodes, services: StringCodes): void {
    const first = this.#rows.append(rows, from, to);
    const { name, service, length } = this.#rows;
    for (let row = first; row < length; row++) {
      name[row] = names.codeIn(this.#names, name[row]!);
      service[row] = services.codeIn(this.#services, service[row]!);
    }
  }

  /**
   * A snapshot of what was added so far. The builder can go on growing and build again: a growing trace from one snapshot to
   * the next, where its spans allow it.
   */
  build(details: DetailSource, options: BuildOptions = {}): Trace {
    const grown = options.growing && this.#grow(details, options.growing, options);
    return grown ?? this.#buildWhole(details, options);
  }

  #grow(details: DetailSource, { now }: { now: TimePoint }, options: BuildOptions): Trace | undefined {
    const places = this.#growth?.next(this.#replaced);
    this.#replaced = [];
    if (!places) {
      // It knew clean spans so far: what came is not, and stays there.
      if (this.#growth) this.#isUneven = true;
      this.#growth = undefined;
      return undefined;
    }
    const { order, start, duration, parent, subtreeEnd, depth, traceStart, lasting } = places;
    const issues = new Uint16Array(order.length);
    let isRunning = false;
    for (let index = 0; index < order.length; index++) {
      if (duration[index]! < 0) issues[index] = issueBit['negative-duration'];
      else if (Number.isNaN(duration[index]!)) isRunning = true;
    }
    const columns = this.#columnsOf(order, { start, duration, parent, subtreeEnd, depth, issues });
    return createTrace({
      traceId: this.#traceId,
      columns,
      details,
      completeness: completenessOf(columns, options),
      startTimeUnixNano: toUnixNano(traceStart),
      duration: isRunning ? Math.max(lasting, nanosecondsBetween(traceStart, now)) : lasting,
      spanIds: places.spanIds,
      idIndex: places.idIndex,
      keys: new Map(),
      keyIndex: new Map(),
      looseParentIds: places.looseParentIds,
      exactTimes: new Map(),
    });
  }

  #columnsOf(
    order: Int32Array,
    places: Pick<TraceColumns, 'start' | 'duration' | 'parent' | 'subtreeEnd' | 'depth' | 'issues'>,
  ): TraceColumns {
    const columns: TraceColumns = {
      length: order.length,
      ...places,
      name: permuted(this.#rows.name, order),
      service: permuted(this.#rows.service, order),
      kind: permuted(this.#rows.kind, order),
      status: permuted(this.#rows.status, order),
      followsFrom: permuted(this.#rows.followsFrom, order),
      sourceOrder: new Uint32Array(order),
      names: this.#names.strings.slice(),
      serviceNames: this.#services.strings.slice(),
    };
    markPlacement(columns);
    return columns;
  }

  #buildWhole(details: DetailSource, options: BuildOptions): Trace {
    const count = this.#rows.length;
    const marks = new Uint16Array(count);
    const { idIndex, duplicates } = this.#indexIds(marks);
    const parentRow = this.#resolveParents(idIndex, duplicates, marks, options.growing !== undefined);
    cutCycles(parentRow, (a, b) => this.#rows.compareStarts(a, b), marks);
    const { order, parent, subtreeEnd, depth } = this.#depthFirst(parentRow);

    const times = this.#times(order, parent, marks, options.growing?.now);
    const { start, duration, traceStart } = times;
    const issues = permuted(marks, order);
    const columns = this.#columnsOf(order, { start, duration, parent, subtreeEnd, depth, issues });
    if (options.growing && !this.#isUneven && traceStart) {
      const isEven = times.exact.size === 0;
      this.#growth = isEven ? TraceGrowth.from(this.#rows, { parentRow, order, columns, traceStart }) : undefined;
      this.#isUneven = !this.#growth;
    }

    const spanIds = this.#rows.ids.permuted(order);
    const { keys, keyIndex } = this.#keysOfRepeatedIds(order, idIndex, duplicates);
    const indexOfRow = new Int32Array(count);
    for (let index = 0; index < count; index++) indexOfRow[order[index]!] = index;
    return createTrace({
      traceId: this.#traceId,
      columns,
      details,
      completeness: completenessOf(columns, options),
      startTimeUnixNano: times.traceStart ? toUnixNano(times.traceStart) : 0n,
      duration: times.traceDuration,
      spanIds,
      idIndex: idIndex.remapped(spanIds, indexOfRow),
      keys,
      keyIndex,
      looseParentIds: this.#looseParentIds(order, parent),
      exactTimes: times.exact,
    });
  }

  /** `duplicates` holds, by the first row of an id that repeats, all rows of that id. */
  #indexIds(marks: Uint16Array): { idIndex: SpanIdIndex; duplicates: Map<number, number[]> } {
    const idIndex = new SpanIdIndex(this.#rows.ids);
    const duplicates = new Map<number, number[]>();
    for (let row = 0; row < this.#rows.length; row++) {
      const first = idIndex.add(row);
      if (first < 0) continue;
      const rows = duplicates.get(first);
      if (rows) rows.push(row);
      else duplicates.set(first, [first, row]);
      marks[first]! |= issueBit['duplicate-id'];
      marks[row]! |= issueBit['duplicate-id'];
    }
    return { idIndex, duplicates };
  }

  #resolveParents(
    idIndex: SpanIdIndex,
    duplicates: Map<number, number[]>,
    marks: Uint16Array,
    areAwaited: boolean,
  ): Int32Array {
    const parentRow = new Int32Array(this.#rows.length).fill(noRow);
    const byService = new Map<number, Map<number, number>>();
    for (let row = 0; row < this.#rows.length; row++) {
      if (!this.#rows.parentIds.hasId(row)) continue;
      const near = this.#parentNear(row, parentRow, marks);
      if (near >= 0) {
        parentRow[row] = near;
        continue;
      }
      const first = idIndex.findSame(this.#rows.parentIds, row);
      if (first < 0 && !areAwaited) marks[row]! |= issueBit.orphan;
      parentRow[row] = duplicates.has(first)
        ? this.#parentAmong(duplicates.get(first)!, row, idIndex, byService)
        : first;
    }
    return parentRow;
  }

  /**
   * Writers mostly put a span near its parent: below the span before it or one of those around that one, which costs less to
   * look at than any place of the index. -1 where it is elsewhere, or shares its id.
   */
  #parentNear(row: number, parentRow: Int32Array, marks: Uint16Array): number {
    const { ids, parentIds } = this.#rows;
    let candidate = row - 1;
    for (let step = 0; step < 4 && candidate >= 0; step++) {
      if (ids.equals(candidate, parentIds, row)) {
        return marks[candidate]! & issueBit['duplicate-id'] ? noRow : candidate;
      }
      candidate = parentRow[candidate]!;
    }
    return noRow;
  }

  /**
   * Several spans share the parent's id, as the client's and the server's half of one call do (Zipkin's shared spans):
   * a child belongs to the half of its own service, to the server's where both are, else to the first. The other halves
   * themselves name their own id, and belong to the first.
   */
  #parentAmong(
    rows: readonly number[],
    child: number,
    idIndex: SpanIdIndex,
    byService: Map<number, Map<number, number>>,
  ): number {
    const first = rows[0]!;
    if (this.#rows.ids.hasId(child) && idIndex.findSame(this.#rows.ids, child) === first) return first;
    let ofService = byService.get(first);
    if (!ofService) {
      ofService = new Map();
      for (const row of rows) {
        const service = this.#rows.service[row]!;
        const known = ofService.get(service);
        const isServer = this.#rows.kind[row] === kindCode.server;
        if (known === undefined || (isServer && this.#rows.kind[known] !== kindCode.server))
          ofService.set(service, row);
      }
      byService.set(first, ofService);
    }
    return ofService.get(this.#rows.service[child]!) ?? first;
  }

  #depthFirst(parentRow: Int32Array) {
    const count = this.#rows.length;
    const { firstChild, nextSibling, firstRoot } = this.#siblings(parentRow);
    const order = new Int32Array(count);
    const parent = new Int32Array(count);
    const subtreeEnd = new Int32Array(count);
    const depth = new Int32Array(count);
    const indexOfRow = new Int32Array(count);
    let row = firstRoot;
    let level = 0;
    for (let index = 0; index < count; ) {
      order[index] = row;
      indexOfRow[row] = index;
      const above = parentRow[row]!;
      parent[index] = above < 0 ? noRow : indexOfRow[above]!;
      depth[index] = level;
      index++;
      if (firstChild[row]! >= 0) {
        row = firstChild[row]!;
        level++;
        continue;
      }
      // Climb until a sibling is left; each span that is climbed past has all its descendants before `index`.
      subtreeEnd[indexOfRow[row]!] = index;
      while (nextSibling[row]! < 0 && parentRow[row]! >= 0) {
        row = parentRow[row]!;
        level--;
        subtreeEnd[indexOfRow[row]!] = index;
      }
      row = nextSibling[row]!;
    }
    return { order, parent, subtreeEnd, depth };
  }

  /** Children of each row, and the roots, as linked lists ordered by start. */
  #siblings(parentRow: Int32Array) {
    const count = this.#rows.length;
    const firstChild = new Int32Array(count).fill(noRow);
    const nextSibling = new Int32Array(count).fill(noRow);
    let firstRoot = noRow;
    for (let row = count - 1; row >= 0; row--) {
      const above = parentRow[row]!;
      if (above < 0) {
        nextSibling[row] = firstRoot;
        firstRoot = row;
      } else {
        nextSibling[row] = firstChild[above]!;
        firstChild[above] = row;
      }
    }
    firstRoot = this.#sortList(firstRoot, nextSibling);
    for (let row = 0; row < count; row++) {
      if (firstChild[row]! >= 0) firstChild[row] = this.#sortList(firstChild[row]!, nextSibling);
    }
    return { firstChild, nextSibling, firstRoot };
  }

  /** The new first of the list. Most files have siblings in order, which costs one look at each. */
  #sortList(first: number, next: Int32Array): number {
    let sorted = true;
    for (let row = first; sorted && row >= 0 && next[row]! >= 0; row = next[row]!) {
      sorted = this.#rows.compareStarts(row, next[row]!) <= 0;
    }
    if (sorted) return first;
    const rows: number[] = [];
    for (let row = first; row >= 0; row = next[row]!) rows.push(row);
    rows.sort((a, b) => this.#rows.compareStarts(a, b));
    for (let at = 0; at < rows.length; at++) next[rows[at]!] = rows[at + 1] ?? noRow;
    return rows[0]!;
  }

  #times(order: Int32Array, parent: Int32Array, marks: Uint16Array, now: TimePoint | undefined) {
    const count = this.#rows.length;
    const plausible = this.#plausibleSeconds();
    const traceStart = this.#firstTime(plausible);
    const start = new Float64Array(count);
    const duration = new Float64Array(count);
    const exact = new Map<SpanIndex, { start: bigint; end: bigint | undefined }>();
    let traceDuration = 0;
    let isRunning = false;
    for (let index = 0; index < count; index++) {
      const row = order[index]!;
      const startTime = this.#rows.startOf(row);
      const endTime = this.#rows.endOf(row);
      const endOffset = nanosecondsBetween(traceStart, endTime);
      if (isKnown(startTime)) {
        start[index] = nanosecondsBetween(traceStart, startTime);
        duration[index] = nanosecondsBetween(startTime, endTime);
      } else {
        marks[row]! |= issueBit['missing-start'];
        const above = parent[index]!;
        // A parent that starts in 1970 is drawn from the trace's start, so this is where its child stands.
        const parentSeconds = above < 0 ? NaN : this.#rows.startSeconds[order[above]!]!;
        const parentIsPlausible = above >= 0 && (Number.isNaN(parentSeconds) || plausible(parentSeconds));
        start[index] = parentIsPlausible ? start[above]! : 0;
        duration[index] = endOffset - start[index]!;
      }
      const startIsPlausible = !isKnown(startTime) || plausible(startTime.seconds);
      const endIsPlausible = !isKnown(endTime) || plausible(endTime.seconds);
      if (!startIsPlausible || !endIsPlausible) marks[row]! |= issueBit['implausible-time'];
      if (!isExact(start[index]!) || !isExact(duration[index]!) || !isExact(endOffset)) {
        exact.set(index, {
          start: isKnown(startTime) ? toUnixNano(startTime) : toUnixNano(traceStart) + BigInt(start[index]!),
          end: isKnown(endTime) ? toUnixNano(endTime) : undefined,
        });
      }
      if (startIsPlausible) traceDuration = Math.max(traceDuration, start[index]!);
      if (endIsPlausible) traceDuration = Math.max(traceDuration, endOffset || 0);
      if (duration[index]! < 0) marks[row]! |= issueBit['negative-duration'];
      if (isKnown(endTime)) continue;
      if (now) isRunning = true;
      else marks[row]! |= issueBit.unfinished;
    }
    if (now && isRunning) traceDuration = Math.max(traceDuration, nanosecondsBetween(traceStart, now));
    return { start, duration, traceStart: count > 0 ? traceStart : undefined, traceDuration, exact };
  }

  /** Whether a time lies within 104 days of the trace's median start. The median is only looked for where the spread is wider. */
  #plausibleSeconds(): (seconds: number) => boolean {
    const limit = Math.floor(maxExactNanoseconds / 1e9);
    let least = Infinity;
    let most = -Infinity;
    for (let row = 0; row < this.#rows.length; row++) {
      const start = this.#rows.startSeconds[row]!;
      const end = this.#rows.endSeconds[row]!;
      if (start < least) least = start;
      if (start > most) most = start;
      if (end < least) least = end;
      if (end > most) most = end;
    }
    // Half the limit, so that the distance of any two plausible times stays exact.
    if (!(most - least > limit / 2)) return () => true;
    const starts = this.#rows.startSeconds.slice(0, this.#rows.length).filter(Number.isFinite).sort();
    const median = starts.length > 0 ? starts[starts.length >> 1]! : most;
    return (seconds) => Math.abs(seconds - median) <= limit;
  }

  /** The first plausible start; where no span has one, the first plausible end; else 1970. */
  #firstTime(plausible: (seconds: number) => boolean): TimePoint {
    let first: TimePoint | undefined;
    for (let row = 0; row < this.#rows.length; row++) {
      const seconds = this.#rows.startSeconds[row]!;
      if (!plausible(seconds) || Number.isNaN(seconds)) continue;
      if (
        !first ||
        seconds < first.seconds ||
        (seconds === first.seconds && this.#rows.startNanos[row]! < first.nanos)
      ) {
        first = this.#rows.startOf(row);
      }
    }
    for (let row = 0; !first && row < this.#rows.length; row++) {
      const end = this.#rows.endOf(row);
      if (isKnown(end) && plausible(end.seconds)) first = end;
    }
    return first ?? { seconds: 0, nanos: 0 };
  }

  #keysOfRepeatedIds(order: Int32Array, idIndex: SpanIdIndex, duplicates: Map<number, number[]>) {
    const keyOfRow = new Map<number, string>();
    const taken = new Set<string>();
    const nextKey = (id: string, from: number): number => {
      let n = from;
      while (taken.has(`${id}~${n}`) || idIndex.find(`${id}~${n}`) >= 0) n++;
      taken.add(`${id}~${n}`);
      return n;
    };
    for (const rows of duplicates.values()) {
      const id = this.#rows.ids.at(rows[0]!)!;
      let n = 1;
      for (const row of rows.slice(1)) {
        n = nextKey(id, n + 1);
        keyOfRow.set(row, `${id}~${n}`);
      }
    }
    let n = 0;
    for (let row = 0; row < this.#rows.length; row++) {
      if (this.#rows.ids.hasId(row)) continue;
      n = nextKey('', n + 1);
      keyOfRow.set(row, `~${n}`);
    }
    const keys = new Map<SpanIndex, string>();
    const keyIndex = new Map<string, SpanIndex>();
    if (keyOfRow.size > 0) {
      for (let index = 0; index < order.length; index++) {
        const key = keyOfRow.get(order[index]!);
        if (key === undefined) continue;
        keys.set(index, key);
        keyIndex.set(key, index);
      }
    }
    return { keys, keyIndex };
  }

  /** Where the parent's id cannot be had from the parent: orphans and cut edges. */
  #looseParentIds(order: Int32Array, parent: Int32Array): Map<SpanIndex, string> {
    const loose = new Map<SpanIndex, string>();
    for (let index = 0; index < order.length; index++) {
      if (parent[index]! >= 0) continue;
      const id = this.#rows.parentIds.at(order[index]!);
      if (id !== undefined) loose.set(index, id);
    }
    return loose;
  }
}

/** Whether a number counts this time in single nanoseconds. NaN is no time, so there is nothing to lose. */
function isExact(time: Nanoseconds): boolean {
  return !(Math.abs(time) > maxExactNanoseconds);
}
