import { type AttributeValue, cachedDetails, type DetailSource, type SpanDetails } from '../model/details.ts';
import { unknownTime } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../model/traceBuilder.ts';

/** Sorts the spans of a file by trace, each with what its details are read from: a record of the format, or where it stands. */
export interface SpanCollector<Source, Context> {
  /** Enters what several spans share; the number is given to `add`. */
  addContext(context: Context): number;
  /** `fields` may be one object that is filled again for each span. */
  add(traceId: string, fields: SpanRecord, source: Source, context: number): void;
  /** The trace of this id, begun if need be: a file may name a trace that has no spans. */
  collection(traceId: string): { readonly reasons: string[] };
  /** `reasons` say why none of the traces is whole, as for a file that is cut off. */
  build(reasons: readonly string[]): Trace[];
}

/**
 * Sorts the spans of a file by trace, and keeps for each the record that its details are read from when somebody looks.
 *
 * Beside the columns it holds one reference a span to the caller's own object and one number for the context that spans
 * share (a resource and scope, a process), and reads nothing else of them.
 */
export class TraceCollector<SourceRecord, Context> implements SpanCollector<SourceRecord, Context> {
  readonly #readDetails: (record: SourceRecord, context: Context) => SpanDetails;
  readonly #readSource: (record: SourceRecord, context: Context) => AttributeValue | undefined;
  readonly #contexts: Context[] = [];
  readonly #collections = new Map<string, Collection<SourceRecord>>();
  /** Spans of one trace mostly follow one another. */
  #latest: Collection<SourceRecord> | undefined;

  /** `readSource` where the records are not what the file has of a span. */
  constructor(
    readDetails: (record: SourceRecord, context: Context) => SpanDetails,
    readSource: (record: SourceRecord, context: Context) => AttributeValue | undefined = recordItself,
  ) {
    this.#readDetails = readDetails;
    this.#readSource = readSource;
  }

  addContext(context: Context): number {
    return this.#contexts.push(context) - 1;
  }

  add(traceId: string, fields: SpanRecord, record: SourceRecord, context: number): void {
    const collection = this.collection(traceId);
    collection.builder.add(fields);
    collection.records.push(record);
    collection.contexts.push(context);
  }

  collection(traceId: string): Collection<SourceRecord> {
    if (this.#latest?.builder.traceId === traceId) return this.#latest;
    let collection = this.#collections.get(traceId);
    if (!collection) {
      collection = {
        builder: new TraceBuilder(traceId),
        records: [],
        contexts: [],
        reasons: [],
        expectedSpans: undefined,
      };
      this.#collections.set(traceId, collection);
    }
    this.#latest = collection;
    return collection;
  }

  build(reasons: readonly string[]): Trace[] {
    return Array.from(this.#collections.values(), ({ builder, records, contexts, expectedSpans, reasons: own }) => {
      const details = detailSource(this.#readDetails, this.#readSource, records, this.#contexts, contexts);
      return builder.build(details, {
        reasons: [...reasons, ...own],
        ...(expectedSpans === undefined ? {} : { expectedSpans }),
      });
    });
  }
}

/** Apart from the collector, so that a trace does not keep the builders of all that were read with it. */
function detailSource<SourceRecord, Context>(
  readDetails: (record: SourceRecord, context: Context) => SpanDetails,
  readSource: (record: SourceRecord, context: Context) => AttributeValue | undefined,
  records: readonly SourceRecord[],
  contexts: readonly Context[],
  contextNumbers: readonly number[],
): DetailSource {
  // Copies, because what grew by pushes holds up to half as much again unused.
  const contextOfRow = contexts.length <= 256 ? new Uint8Array(contextNumbers) : new Uint32Array(contextNumbers);
  const recordOfRow = records.slice();
  const contextOf = (row: number) => contexts[contextOfRow[row]!]!;
  return {
    ...cachedDetails(
      (row) => row,
      (row) => readDetails(recordOfRow[row]!, contextOf(row)),
    ),
    readSource: (row) => readSource(recordOfRow[row]!, contextOf(row)),
  };
}

/** A record is the caller's own object; numbers stand for one that is kept elsewhere. */
function recordItself(record: unknown): AttributeValue | undefined {
  return typeof record === 'object' ? (record as AttributeValue) : undefined;
}

export interface Collection<SourceRecord> {
  readonly builder: TraceBuilder;
  readonly records: SourceRecord[];
  readonly contexts: number[];
  /** Why this trace is not whole. */
  readonly reasons: string[];
  expectedSpans: number | undefined;
}

/** A SpanRecord to fill again for each span. */
export function blankRecord(): SpanRecord {
  return {
    spanId: '',
    parentSpanId: undefined,
    name: '',
    serviceName: '',
    kind: 'unspecified',
    status: 'unset',
    start: unknownTime,
    end: unknownTime,
    followsFrom: false,
  };
}

/** Of unknown origin, so nothing is known of its keys. */
export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : undefined;
}
