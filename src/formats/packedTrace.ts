import { SpanIdColumn, SpanIdIndex } from '../model/spanIds.ts';
import { createTrace, tableOf, type Trace, type TraceTable } from '../model/trace.ts';
import { ByteDetails, type RecordFormat, type SpanPlaces } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';
import { jaegerRecords } from './jaegerRecords.ts';
import { otlpRecords } from './otlpRecords.ts';
import { writtenFormat } from './writtenDetails.ts';

/** A trace as plain data, which `postMessage` takes; its typed arrays may be moved. */
export interface PackedTrace {
  table: Omit<TraceTable, 'details' | 'spanIds' | 'idIndex'>;
  spanIds: ReturnType<SpanIdColumn['packed']>;
  idIndex: ReturnType<SpanIdIndex['packed']>;
  format: string;
  places: SpanPlaces;
}

/** Of a trace whose details are read from bytes; `withWrittenDetails` makes one of any other. */
export function packTrace(trace: Trace): PackedTrace {
  const { details, spanIds, idIndex, ...table } = tableOf(trace);
  if (!(details instanceof ByteDetails)) throw new Error('Only traces whose details are read from bytes can be packed.');
  const { places, format } = details as ByteDetails;
  return {
    table,
    spanIds: spanIds.packed(),
    idIndex: idIndex.packed(),
    format: format.name,
    places: { ...places, contexts: places.contexts.map((context) => format.packContext(context)) },
  };
}

export function unpackTrace(packed: PackedTrace, source: ByteSource): Trace {
  const format = recordFormats.find(({ name }) => name === packed.format)!;
  const spanIds = SpanIdColumn.unpacked(packed.spanIds, source);
  const { slots, seed } = packed.idIndex;
  const contexts = packed.places.contexts.map((context) => format.unpackContext(context));
  return createTrace({
    ...packed.table,
    spanIds,
    idIndex: new SpanIdIndex(spanIds, slots, seed),
    details: new ByteDetails(source, format, { ...packed.places, contexts }),
  });
}

const recordFormats = [jaegerRecords, otlpRecords, writtenFormat] as unknown as RecordFormat[];
