import { grown } from '../model/grow.ts';
import { SpanRows } from '../model/spanRows.ts';
import type { StringCodes } from '../model/stringTable.ts';
import type { Trace } from '../model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../model/traceBuilder.ts';
import { ByteDetails, type RecordFormat, type SpanPlaces } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';
import type { SpanCollector } from './traceCollector.ts';

/** Spans as a scanner finds them, of any trace, in the order of the file: their columns, where each stands, whose it is. */
export class ScannedSpans {
  readonly rows: SpanRows;
  /** File offsets. */
  offset: Float64Array = new Float64Array(64);
  /** A number of a trace's id, or `noTraceId` or `asObject`. */
  trace: Int32Array = new Int32Array(64);

  constructor(source: ByteSource) {
    this.rows = new SpanRows(source);
  }

  get length(): number {
    return this.rows.length;
  }

  /** The new row, whose columns are to be filled, as those of `rows` are. */
  addRow(offset: number, trace: number): number {
    const row = this.rows.addRow();
    if (row === this.offset.length) {
      this.offset = grown(this.offset);
      this.trace = grown(this.trace);
    }
    this.offset[row] = offset;
    this.trace[row] = trace;
    return row;
  }

  /** A span of which nothing is known but where it stands. */
  addUnread(offset: number): void {
    this.addRow(offset, asObject);
    this.rows.ids.pushWords(0, 0);
    this.rows.parentIds.pushWords(0, 0);
  }

  clear(): void {
    this.rows.clear();
  }
}

/** In the place of a trace's number: the span names none. */
export const noTraceId = -1;
/** In the place of a trace's number: the span is one that only the reader of objects reads. */
export const asObject = -2;

interface Collection {
  readonly builder: TraceBuilder;
  readonly reasons: string[];
  offsets: Uint32Array | Float64Array;
  count: number;
  /** Rows from which on another context counts, and which. */
  readonly contextRows: number[];
  readonly contextNumbers: number[];
}

/** Sorts spans by trace, as TraceCollector does, and keeps for each only where it stands in the file's bytes. */
export class ByteCollector<Context> implements SpanCollector<number, Context> {
  readonly #source: ByteSource;
  readonly #format: RecordFormat<Context>;
  readonly #contexts: Context[] = [];
  readonly #collections = new Map<string, Collection>();
  #latest: Collection | undefined;

  constructor(source: ByteSource, format: RecordFormat<Context>) {
    this.#source = source;
    this.#format = format;
  }

  addContext(context: Context): number {
    return this.#contexts.push(context) - 1;
  }

  add(traceId: string, fields: SpanRecord, offset: number, context: number): void {
    const collection = this.collection(traceId);
    collection.builder.add(fields);
    setContext(collection, context);
    reserve(collection, 1, offset);
    collection.offsets[collection.count++] = offset;
  }

  /** Adds rows that follow one another in the file and are of one trace. */
  addRows(
    traceId: string,
    spans: ScannedSpans,
    from: number,
    to: number,
    names: StringCodes,
    services: StringCodes,
    context: number,
  ): void {
    const collection = this.collection(traceId);
    collection.builder.addRows(spans.rows, from, to, names, services);
    setContext(collection, context);
    reserve(collection, to - from, spans.offset[to - 1]!);
    collection.offsets.set(spans.offset.subarray(from, to), collection.count);
    collection.count += to - from;
  }

  collection(traceId: string): Collection {
    if (this.#latest?.builder.traceId === traceId) return this.#latest;
    let collection = this.#collections.get(traceId);
    if (!collection) {
      collection = {
        builder: new TraceBuilder(traceId, this.#source),
        reasons: [],
        offsets: new Uint32Array(64),
        count: 0,
        contextRows: [],
        contextNumbers: [],
      };
      this.#collections.set(traceId, collection);
    }
    this.#latest = collection;
    return collection;
  }

  build(reasons: readonly string[]): Trace[] {
    return Array.from(this.#collections.values(), (collection) => {
      const details = new ByteDetails(this.#source, this.#format, placesOf(collection, this.#contexts));
      return collection.builder.build(details, { reasons: [...reasons, ...collection.reasons] });
    });
  }
}

function setContext({ contextRows, contextNumbers, count }: Collection, context: number): void {
  if (contextNumbers[contextNumbers.length - 1] === context) return;
  contextRows.push(count);
  contextNumbers.push(context);
}

function reserve(collection: Collection, count: number, lastOffset: number): void {
  if (lastOffset >= 2 ** 32 && collection.offsets instanceof Uint32Array) {
    collection.offsets = Float64Array.from(collection.offsets);
  }
  const length = collection.count + count;
  if (length > collection.offsets.length) collection.offsets = grown(collection.offsets, length);
}

/** With copies of the right length, and of the contexts only those of this trace. */
function placesOf<Context>(
  { offsets, count, contextRows, contextNumbers }: Collection,
  all: readonly Context[],
): SpanPlaces<Context> {
  const numberHere = new Map<number, number>();
  for (const context of contextNumbers) if (!numberHere.has(context)) numberHere.set(context, numberHere.size);
  return {
    offsets: offsets.slice(0, count),
    contextRows: Uint32Array.from(contextRows),
    contextNumbers: Uint32Array.from(contextNumbers, (context) => numberHere.get(context)!),
    contexts: Array.from(numberHere.keys(), (context) => all[context]!),
  };
}
