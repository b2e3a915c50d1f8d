// TEMPORARY: the stop-gap reader, until the real one replaces this file.
// biome-ignore-all lint: temporary
import type { SpanDetails } from '../model/details.ts';
import { isKnown, timeFromNumber, toUnixNano } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { blankRecord, TraceCollector } from './traceCollector.ts';
export function toJaeger(trace: Trace): object {
  return { traceId: trace.traceId };
}
const nano = (t: any) => (isKnown(t) ? toUnixNano(t) : undefined);
const isTraceLike = (t: any) =>
  Array.isArray(t?.spans) && (typeof t.traceID === 'string' || t.spans[0]?.operationName !== undefined);
const tracesOf = (value: any): any[] =>
  (Array.isArray(value?.data) ? value.data : Array.isArray(value) ? value : [value]).filter(isTraceLike);
export const jaegerFormat: TraceFormat = {
  name: 'jaeger',
  detect: (value) => tracesOf(value).length > 0,
  read(values, reasons): FormatRead {
    const tagsOf = (s: any) => Object.fromEntries((s.tags ?? []).map((t: any) => [t.key, t.value]));
    const collector = new TraceCollector<any, undefined>((s): SpanDetails => {
      const tags = tagsOf(s);
      return {
        statusMessage: tags['otel.status_description'] ?? tags.status_description,
        attributes: tags,
        events: (s.logs ?? []).map((l: any) => {
          const f = Object.fromEntries(l.fields.map((x: any) => [x.key, x.value]));
          return {
            name: String(f.event ?? 'log'),
            timeUnixNano: nano(timeFromNumber(l.timestamp, 1e3)),
            attributes: f,
          };
        }),
        links: [],
        resource: {},
        scope: undefined,
      };
    });
    const context = collector.addContext(undefined);
    const r = blankRecord();
    for (const v of values)
      for (const t of tracesOf(v)) {
        collector.collection(t.traceID);
        for (const s of t.spans) {
          const ref = (s.references ?? [])[0];
          const tags = tagsOf(s);
          r.spanId = s.spanID;
          r.parentSpanId = ref?.spanID;
          r.name = s.operationName;
          r.serviceName = t.processes?.[s.processID]?.serviceName ?? 'unknown';
          r.status =
            tags.error === true || tags['otel.status_code'] === 'ERROR' || tags.status_description ? 'error' : 'unset';
          r.start = timeFromNumber(s.startTime, 1e3);
          r.end = timeFromNumber(s.startTime + s.duration, 1e3);
          r.followsFrom = ref?.refType === 'FOLLOWS_FROM';
          collector.add(t.traceID, r, s, context);
        }
      }
    return { traces: collector.build(reasons), warnings: [], skipped: 0 };
  },
};
