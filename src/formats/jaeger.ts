import type { FormatRead, TraceFormat } from './format.ts';
import { JaegerByteReading } from './jaegerBytes.ts';
import { type JaegerContext, readSpanDetails } from './jaegerDetails.ts';
import { holdsSpans, JaegerReading } from './jaegerReading.ts';
import { type JsonObject, TraceCollector } from './traceCollector.ts';

export { type JaegerOptions, toJaeger } from './jaegerWriter.ts';

/**
 * What Jaeger's UI and API export, `{ data: [{ traceID, spans, processes }] }`, and what comes close:
 *
 * - a trace by itself, lists of traces, one on each line, the UI's own state (`{ data: trace }`)
 * - spans by themselves with their process embedded, as Elasticsearch keeps them (`startTimeMillis`, a map `tag`), also
 *   in its `_source` and `hits`
 *
 * Times are microseconds. Unset and ok look alike in Jaeger unless `otel.status_code` says which.
 */
export const jaegerFormat: TraceFormat = {
  name: 'jaeger',
  detect: (value) => holdsSpans(value, 0),
  read,
  readBytes: (source, isJaeger) => new JaegerByteReading(source, isJaeger),
};

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new ObjectReading();
  for (const value of values) reading.addValue(value, 0);
  return reading.result(reasons);
}

/** Of objects: the details of each span are read from its own. */
class ObjectReading extends JaegerReading<JsonObject> {
  constructor() {
    super(new TraceCollector<JsonObject, JaegerContext>(readSpanDetails));
  }

  protected lengthOf(spans: readonly unknown[]): number {
    return spans.length;
  }

  protected addSpans(spans: readonly unknown[], traceId: string): void {
    for (let at = 0; at < spans.length; at++) this.addSpan(spans[at], traceId, itself);
  }
}

function itself(span: JsonObject): JsonObject {
  return span;
}
