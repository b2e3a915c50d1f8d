import type { FormatRead, TraceFormat } from './format.ts';
import { OtlpByteReading } from './otlpBytes.ts';
import { type OtlpContext, readSpanDetails } from './otlpDetails.ts';
import { isOtlp, OtlpReading } from './otlpReading.ts';
import { IdTexts } from './spanIdText.ts';
import { type JsonObject, TraceCollector } from './traceCollector.ts';

export { toOtlp } from './otlpWriter.ts';

/**
 * OTLP's JSON (opentelemetry-proto, "JSON Protobuf Encoding"), what is wrapped around it and what comes close:
 *
 * - `{ resourceSpans }`, Tempo's `{ batches }` and `{ trace: { resourceSpans } }`, Jaeger v3's
 *   `{ result: { resourceSpans } }`, a ResourceSpans by itself, lists of these
 * - several values, as the collector's JSON Lines: the spans of a trace are put together from all of them
 * - fields in camelCase or snake_case, ids as hex, base64 or bytes, enums as numbers or names, 64-bit integers as
 *   strings, numbers or `{ low, high }`
 *
 * A span without an end, or with an end of 0, is open: protobuf leaves out what is 0. A start of 0 is 1970 where the file
 * writes it, and missing where it does not.
 */
export const otlpFormat: TraceFormat = {
  name: 'otlp',
  detect: (value) => isOtlp(value, 0),
  read,
  readBytes: (source, isOfFormat) => new OtlpByteReading(source, isOfFormat),
};

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new ObjectReading(new IdTexts());
  for (const value of values) reading.addValue(value);
  if (!reading.ids.hasBothCases) return reading.result(reasons);
  const inLowerCase = new ObjectReading(new IdTexts(true));
  for (const value of values) inLowerCase.addValue(value);
  return inLowerCase.result(reasons);
}

/** Of objects: the details of each span are read from its own. */
class ObjectReading extends OtlpReading<JsonObject> {
  constructor(ids: IdTexts) {
    super(ids, new TraceCollector<JsonObject, OtlpContext>(readSpanDetails));
  }

  protected addSpans(spans: readonly unknown[], contextNumber: number): void {
    for (let at = 0; at < spans.length; at++) this.addSpan(spans[at], contextNumber, itself);
  }
}

function itself(span: JsonObject): JsonObject {
  return span;
}
