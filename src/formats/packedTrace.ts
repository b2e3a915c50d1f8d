import type { SpanIndex, TraceColumns } from '../model/columns.ts';
import { type PackedSpanIds, SpanIdColumn, SpanIdIndex } from '../model/spanIds.ts';
import { type Completeness, createTrace, type Trace, type TraceTable, tableOf } from '../model/trace.ts';
import { ByteDetails, type RecordFormat, type SpanPlaces } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';
import { jaegerRecords } from './jaegerRecords.ts';
import { otlpRecords } from './otlpRecords.ts';
import { writtenFormat } from './writtenDetails.ts';

/** A trace whose details are read from bytes as plain data, all of it but the bytes. */
export interface PackedTrace {
  traceId: string;
  columns: TraceColumns;
  completeness: Completeness;
  startTimeUnixNano: bigint;
  duration: number;
  spanIds: PackedSpanIds;
  idIndex: { slots: Int32Array; seed: number };
  keys: TraceTable['keys'];
  keyIndex: TraceTable['keyIndex'];
  looseParentIds: ReadonlyMap<SpanIndex, string>;
  exactTimes: TraceTable['exactTimes'];
  format: RecordFormat['name'];
  /** Contexts as their format packs them. */
  places: SpanPlaces;
}

const recordFormats = { jaeger: jaegerRecords, otlp: otlpRecords, written: writtenFormat } as Record<
  RecordFormat['name'],
  RecordFormat
>;

/**
 * Makes a message of a trace, for `postMessage`, and the list of what is to be transferred with it: the trace here cannot be
 * used afterwards. The file's bytes are not in it. Undefined for a trace whose details are
 * not read from bytes; `withWrittenDetails` makes one of it that is.
 */
export function packTrace(trace: Trace): { message: PackedTrace; transfer: ArrayBuffer[] } | undefined {
  const table = tableOf(trace);
  if (!table || !(table.details instanceof ByteDetails)) return undefined;
  const { traceId, columns, completeness, startTimeUnixNano, duration } = table;
  const { keys, keyIndex, exactTimes } = table;
  const looseParentIds = new Map(table.looseParentIds);
  const { format, places } = table.details as ByteDetails;
  const message: PackedTrace = {
    ...{ traceId, columns, completeness, startTimeUnixNano, duration, keys, keyIndex, looseParentIds, exactTimes },
    spanIds: table.spanIds.packed(),
    idIndex: table.idIndex.packed(),
    format: format.name,
    places: { ...places, contexts: places.contexts.map((context) => format.packContext(context)) },
  };
  const arrays = [...Object.values(columns), ...Object.values(message.spanIds), ...Object.values(message.places)];
  const buffers = [...arrays, message.idIndex.slots].filter((array) => ArrayBuffer.isView(array));
  // A buffer may be transferred once only, and a shared one not at all.
  const transfer = new Set(buffers.map(({ buffer }) => buffer));
  return { message, transfer: Array.from(transfer).filter((buffer) => buffer instanceof ArrayBuffer) };
}

/** The trace that a message of `packTrace` holds, over the same bytes. Costs nothing for each span. */
export function unpackTrace(message: PackedTrace, source: ByteSource): Trace {
  const { spanIds, idIndex, format: formatName, places, ...rest } = message;
  const format = recordFormats[formatName];
  const contexts = places.contexts.map((context) => format.unpackContext(context));
  const ids = SpanIdColumn.unpacked(spanIds, source);
  return createTrace({
    ...rest,
    details: new ByteDetails(source, format, { ...places, contexts }),
    spanIds: ids,
    idIndex: new SpanIdIndex(ids, idIndex.slots, idIndex.seed),
  });
}
