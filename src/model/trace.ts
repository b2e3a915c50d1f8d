import {
  type SpanIndex,
  type SpanKind,
  type SpanStatus,
  spanKinds,
  spanStatuses,
  type TraceColumns,
} from './columns.ts';
import {
  type Attributes,
  type AttributeValue,
  type DetailSource,
  type InstrumentationScope,
  numberIn,
  type SpanDetails,
  type SpanLink,
} from './details.ts';
import { issuesOfBits, type SpanIssue } from './issues.ts';
import { shiftedTable } from './shiftedTrace.ts';
import type { IdIndex, SpanIdColumn } from './spanIds.ts';
import type { Nanoseconds } from './time.ts';

/** Something that happened at one moment of a span. */
export interface SpanEvent {
  name: string;
  /** Offset from the trace's start; undefined where the source gives no time. */
  time: Nanoseconds | undefined;
  timeUnixNano: bigint | undefined;
  attributes: Attributes;
}

/** A lazy, read-only list of spans. A span's view is made when it is asked for. */
export interface SpanList extends Iterable<Span> {
  readonly length: number;
  /** Undefined outside [0, length). */
  at(position: number): Span | undefined;
  map<T>(callback: (span: Span, position: number) => T): T[];
}

/**
 * One span, a light view on one row of its trace. Two views of one span are different objects: compare their `key`.
 * Attributes, events, links, resource and scope are read from the source when they are asked for.
 */
export interface Span {
  /** Its row in this snapshot. */
  readonly index: SpanIndex;
  /** Unique in the trace and stable across snapshots: the spanId, then `spanId~2`, … for further spans of the same id. */
  readonly key: string;
  /** Its place in the file: breaks ties, orders what is written. */
  readonly sourceOrder: number;
  readonly traceId: string;
  /** As the file has it; empty where the file gives none. */
  readonly spanId: string;
  /** As the file has it, also where no such span is in the trace. */
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly serviceName: string;
  readonly kind: SpanKind;
  /** Offset from the trace's start. */
  readonly start: Nanoseconds;
  /** Offset from the trace's start; undefined while the span is open. */
  readonly end: Nanoseconds | undefined;
  /** Below zero where the file has the end before the start; undefined while the span is open. */
  readonly duration: Nanoseconds | undefined;
  readonly durationMs: number | undefined;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint | undefined;
  readonly status: SpanStatus;
  readonly statusMessage: string | undefined;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly resource: Attributes;
  readonly scope: InstrumentationScope | undefined;
  /** The span follows from its parent, which does not wait for it (Jaeger's FOLLOWS_FROM). */
  readonly followsFrom: boolean;
  readonly parent: Span | undefined;
  readonly children: SpanList;
  /** 0 for a root. */
  readonly depth: number;
  readonly descendantCount: number;
  readonly issues: readonly SpanIssue[];
  /**
   * The record that the span was read from, as the file has it: an object, or its JSON text. Undefined where it was not kept,
   * as for a trace whose details are redacted.
   */
  readonly source: AttributeValue | undefined;
}

/** Whether a trace is whole, as far as can be known, and if not, why: a sentence each. */
export interface Completeness {
  readonly complete: boolean;
  readonly expectedSpans?: number;
  readonly reasons: readonly string[];
}

/** The tables of texts that columns point into. */
export interface TraceTexts {
  readonly names?: readonly string[];
  readonly serviceNames?: readonly string[];
}

/** A trace: a table of spans in depth-first order. Immutable: what grows is a new snapshot. */
export interface Trace {
  readonly traceId: string;
  readonly spanCount: number;
  readonly completeness: Completeness;
  /** The first start; 0n for an empty trace. */
  readonly startTimeUnixNano: bigint;
  /** From the first start to the last end. */
  readonly duration: Nanoseconds;
  /** Throws a RangeError outside [0, spanCount). */
  spanAt(index: SpanIndex): Span;
  /** By key, or by id: the first span of that id. */
  span(keyOrId: string): Span | undefined;
  /** Every span without a known parent. */
  readonly roots: SpanList;
  [Symbol.iterator](): Iterator<Span>;
  readonly columns: TraceColumns;
  readonly serviceNames: readonly string[];
  /**
   * A number of every span in one pass over the details, by span index: what must be known of all spans at once, as tokens
   * or a chosen attribute.
   *
   * With the key of an attribute, or several of which the first that holds a number counts, it is that number, NaN where
   * there is none. Of a trace that was read by bytes this makes no object for each span.
   */
  project(read: ((details: SpanDetails, index: SpanIndex) => number) | string | readonly string[]): Float64Array;
  /** All details of one span, for walks that stop where they like. Throws a RangeError outside [0, spanCount). */
  detailsAt(index: SpanIndex): SpanDetails;
  /**
   * Whether the details of a span might hold `needle`, as far as the source can tell without reading them: false is
   * certain, true is not. See `DetailSource.mayContain`.
   */
  mayContain(index: SpanIndex, needle: string): boolean;
  /**
   * The same trace with its details read through `wrap`, as redaction does; `texts` stand in the place of the names that
   * columns hold, item for item.
   */
  withDetails(wrap: (source: DetailSource) => DetailSource, texts?: TraceTexts): Trace;
  /**
   * The same spans, each moved in time by so many whole nanoseconds (by index), its events with it. Siblings are put in
   * order of their new starts, so indexes change; `newIndex` has that of each old one. Keys stay.
   */
  withShiftedTimes(shifts: Float64Array): { trace: Trace; newIndex: Int32Array };
}

/** Parent ids by span index. A map is one. */
export interface LooseParentIds extends Iterable<[SpanIndex, string]> {
  get(index: SpanIndex): string | undefined;
}

/** What TraceBuilder hands over. */
export interface TraceTable {
  traceId: string;
  columns: TraceColumns;
  details: DetailSource;
  completeness: Completeness;
  startTimeUnixNano: bigint;
  duration: Nanoseconds;
  spanIds: SpanIdColumn;
  /** Over `spanIds`: the first span of each id. */
  idIndex: IdIndex;
  /** Keys of spans whose key is not their id. */
  keys: ReadonlyMap<SpanIndex, string>;
  /** Those keys' spans. */
  keyIndex: ReadonlyMap<string, SpanIndex>;
  /** Parent ids as the file has them, where the parent is not the span's parent in the table. */
  looseParentIds: LooseParentIds;
  /** Times too far from the trace's start for a number to hold. */
  exactTimes: ReadonlyMap<SpanIndex, { start: bigint; end: bigint | undefined }>;
}

// A registered symbol, so that a trace built by another copy of this package is known too.
const traceBrand = Symbol.for('spanscope.Trace');

export function isTrace(value: unknown): value is Trace {
  return typeof value === 'object' && value !== null && traceBrand in value;
}

export function createTrace(table: TraceTable): Trace {
  return new TableTrace(table);
}

/** What a trace was created from; undefined for one of another copy of this package. */
export function tableOf(trace: Trace): TraceTable | undefined {
  return trace instanceof TableTrace ? trace.table : undefined;
}

/** Reads details past the cache, which would forget for a walk over all what a view is looking at. */
export function detailsOnce(trace: Trace): (index: SpanIndex) => SpanDetails {
  const table = tableOf(trace);
  if (!table) return (index) => trace.detailsAt(index);
  const { details, columns } = table;
  return (index) => {
    const row = columns.sourceOrder[index]!;
    return details.readOnce ? details.readOnce(row) : details.read(row);
  };
}

class TableTrace implements Trace {
  readonly [traceBrand] = true;
  readonly #table: TraceTable;

  constructor(table: TraceTable) {
    this.#table = table;
  }

  get table(): TraceTable {
    return this.#table;
  }

  get traceId(): string {
    return this.#table.traceId;
  }

  get spanCount(): number {
    return this.#table.columns.length;
  }

  get completeness(): Completeness {
    return this.#table.completeness;
  }

  get startTimeUnixNano(): bigint {
    return this.#table.startTimeUnixNano;
  }

  get duration(): Nanoseconds {
    return this.#table.duration;
  }

  get columns(): TraceColumns {
    return this.#table.columns;
  }

  get serviceNames(): readonly string[] {
    return this.#table.columns.serviceNames;
  }

  get roots(): SpanList {
    return new SiblingList(this, this.#table, 0, this.spanCount);
  }

  spanAt(index: SpanIndex): Span {
    if (!(index >= 0 && index < this.spanCount && Number.isInteger(index))) {
      throw new RangeError(this.#noSpanAt(index));
    }
    return new TableSpan(this, this.#table, index);
  }

  span(keyOrId: string): Span | undefined {
    const index = this.#table.keyIndex.get(keyOrId) ?? this.#table.idIndex.find(keyOrId);
    return index < 0 ? undefined : this.spanAt(index);
  }

  *[Symbol.iterator](): Iterator<Span> {
    for (let index = 0; index < this.spanCount; index++) yield this.spanAt(index);
  }

  project(read: ((details: SpanDetails, index: SpanIndex) => number) | string | readonly string[]): Float64Array {
    if (typeof read !== 'function') return this.#projectAttribute(typeof read === 'string' ? [read] : read);
    const { columns, details } = this.#table;
    const { sourceOrder } = columns;
    const column = new Float64Array(columns.length);
    for (let index = 0; index < columns.length; index++) {
      const row = sourceOrder[index]!;
      column[index] = read(details.readOnce ? details.readOnce(row) : details.read(row), index);
    }
    return column;
  }

  detailsAt(index: SpanIndex): SpanDetails {
    const { columns, details } = this.#table;
    const row = columns.sourceOrder[index];
    if (row === undefined) throw new RangeError(this.#noSpanAt(index));
    return details.read(row);
  }

  mayContain(index: SpanIndex, needle: string): boolean {
    const { columns, details } = this.#table;
    return details.mayContain?.(columns.sourceOrder[index]!, needle) ?? true;
  }

  #projectAttribute(keys: readonly string[]): Float64Array {
    const { columns, details } = this.#table;
    const read = (row: number) => (details.readOnce ? details.readOnce(row) : details.read(row));
    const numberOf = details.numbers?.(keys) ?? ((row: number) => numberIn(read(row).attributes, keys));
    const column = new Float64Array(columns.length);
    for (let index = 0; index < columns.length; index++) column[index] = numberOf(columns.sourceOrder[index]!);
    return column;
  }

  withDetails(wrap: (source: DetailSource) => DetailSource, texts?: TraceTexts): Trace {
    const table = this.#table;
    return new TableTrace({ ...table, columns: { ...table.columns, ...texts }, details: wrap(table.details) });
  }

  withShiftedTimes(shifts: Float64Array): { trace: Trace; newIndex: Int32Array } {
    const { table, newIndex } = shiftedTable(this.#table, shifts);
    return { trace: new TableTrace(table), newIndex };
  }

  #noSpanAt(index: SpanIndex): string {
    return `There is no span at ${index}: trace ${this.traceId} has ${this.spanCount} spans, from 0.`;
  }

  toString(): string {
    return `Trace ${this.traceId} of ${this.spanCount} spans`;
  }
}

class TableSpan implements Span {
  readonly index: SpanIndex;
  readonly #trace: Trace;
  readonly #table: TraceTable;

  constructor(trace: Trace, table: TraceTable, index: SpanIndex) {
    this.index = index;
    this.#trace = trace;
    this.#table = table;
  }

  get #columns(): TraceColumns {
    return this.#table.columns;
  }

  get #details(): SpanDetails {
    return this.#table.details.read(this.sourceOrder);
  }

  get key(): string {
    return this.#table.keys.get(this.index) ?? this.spanId;
  }

  get sourceOrder(): number {
    return this.#columns.sourceOrder[this.index]!;
  }

  get traceId(): string {
    return this.#table.traceId;
  }

  get spanId(): string {
    return this.#table.spanIds.at(this.index) ?? '';
  }

  get parentSpanId(): string | undefined {
    const loose = this.#table.looseParentIds.get(this.index);
    if (loose !== undefined) return loose;
    const parent = this.#columns.parent[this.index]!;
    return parent < 0 ? undefined : (this.#table.spanIds.at(parent) ?? '');
  }

  get name(): string {
    return this.#columns.names[this.#columns.name[this.index]!]!;
  }

  get serviceName(): string {
    return this.#columns.serviceNames[this.#columns.service[this.index]!]!;
  }

  get kind(): SpanKind {
    return spanKinds[this.#columns.kind[this.index]!]!;
  }

  get start(): Nanoseconds {
    return this.#columns.start[this.index]!;
  }

  get end(): Nanoseconds | undefined {
    // Where the start is too far off to count in nanoseconds, start and duration no longer add up to the end.
    const exact = this.#table.exactTimes.get(this.index);
    if (exact) return exact.end === undefined ? undefined : Number(exact.end - this.#table.startTimeUnixNano);
    const duration = this.duration;
    return duration === undefined ? undefined : this.start + duration;
  }

  get duration(): Nanoseconds | undefined {
    const duration = this.#columns.duration[this.index]!;
    return Number.isNaN(duration) ? undefined : duration;
  }

  get durationMs(): number | undefined {
    const duration = this.duration;
    return duration === undefined ? undefined : duration / 1e6;
  }

  get startTimeUnixNano(): bigint {
    const exact = this.#table.exactTimes.get(this.index);
    return exact ? exact.start : this.#table.startTimeUnixNano + BigInt(this.start);
  }

  get endTimeUnixNano(): bigint | undefined {
    const exact = this.#table.exactTimes.get(this.index);
    if (exact) return exact.end;
    const duration = this.duration;
    return duration === undefined ? undefined : this.startTimeUnixNano + BigInt(duration);
  }

  get status(): SpanStatus {
    return spanStatuses[this.#columns.status[this.index]!]!;
  }

  get statusMessage(): string | undefined {
    return this.#details.statusMessage;
  }

  get attributes(): Attributes {
    return this.#details.attributes;
  }

  get events(): readonly SpanEvent[] {
    const traceStart = this.#table.startTimeUnixNano;
    return this.#details.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      time: timeUnixNano === undefined ? undefined : Number(timeUnixNano - traceStart),
      timeUnixNano,
      attributes,
    }));
  }

  get links(): readonly SpanLink[] {
    return this.#details.links;
  }

  get resource(): Attributes {
    return this.#details.resource;
  }

  get scope(): InstrumentationScope | undefined {
    return this.#details.scope;
  }

  get source(): AttributeValue | undefined {
    return this.#table.details.readSource?.(this.sourceOrder);
  }

  get followsFrom(): boolean {
    return this.#columns.followsFrom[this.index] === 1;
  }

  get parent(): Span | undefined {
    const parent = this.#columns.parent[this.index]!;
    return parent < 0 ? undefined : new TableSpan(this.#trace, this.#table, parent);
  }

  get children(): SpanList {
    return new SiblingList(this.#trace, this.#table, this.index + 1, this.#columns.subtreeEnd[this.index]!);
  }

  get depth(): number {
    return this.#columns.depth[this.index]!;
  }

  get descendantCount(): number {
    return this.#columns.subtreeEnd[this.index]! - this.index - 1;
  }

  get issues(): readonly SpanIssue[] {
    return issuesOfBits(this.#columns.issues[this.index]!);
  }

  toString(): string {
    return `Span ${this.key} "${this.name}"`;
  }
}

/** The spans in [first, end) that are not below another of them. */
class SiblingList implements SpanList {
  readonly #trace: Trace;
  readonly #table: TraceTable;
  readonly #first: SpanIndex;
  readonly #end: SpanIndex;
  #indexes: readonly SpanIndex[] | undefined;

  constructor(trace: Trace, table: TraceTable, first: SpanIndex, end: SpanIndex) {
    this.#trace = trace;
    this.#table = table;
    this.#first = first;
    this.#end = end;
  }

  get length(): number {
    return this.#all().length;
  }

  at(position: number): Span | undefined {
    const index = this.#all()[position];
    return index === undefined ? undefined : new TableSpan(this.#trace, this.#table, index);
  }

  map<T>(callback: (span: Span, position: number) => T): T[] {
    return Array.from(this, callback);
  }

  *[Symbol.iterator](): Iterator<Span> {
    const { subtreeEnd } = this.#table.columns;
    for (let index = this.#first; index < this.#end; index = subtreeEnd[index]!) {
      yield new TableSpan(this.#trace, this.#table, index);
    }
  }

  #all(): readonly SpanIndex[] {
    if (this.#indexes) return this.#indexes;
    const { subtreeEnd } = this.#table.columns;
    const indexes: SpanIndex[] = [];
    for (let index = this.#first; index < this.#end; index = subtreeEnd[index]!) indexes.push(index);
    this.#indexes = indexes;
    return indexes;
  }
}
