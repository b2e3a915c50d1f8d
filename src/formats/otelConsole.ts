import { isKnown, type TimePoint, timeFromNumber } from '../model/time.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { type ConsoleContext, readConsoleDetails, serviceNameOf } from './otelConsoleDetails.ts';
import { firstOf, kindOf, ownIds, type SpanShape, setConsoleTime, shapeOf, statusOf } from './otelConsoleShapes.ts';
import { setSum } from './plainTime.ts';
import { IdTexts } from './spanIdText.ts';
import { asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * Spans as the SDKs of OpenTelemetry print them, one object each:
 *
 * - Python's ConsoleSpanExporter and `to_json`: `{ name, context: { trace_id, span_id }, parent_id, … }`, ids with `0x`
 * - Go's stdouttrace: `{ Name, SpanContext: { TraceID, SpanID }, Parent, … }`
 * - JavaScript's ReadableSpan: `{ name, spanContext: { traceId, spanId }, startTime: [seconds, nanoseconds], … }`, also with
 *   its ids on the span itself, and as JavaScript's ConsoleSpanExporter has it: `{ traceId, id, timestamp, duration, … }`
 *
 * One after another, a line each, in a list, or in `{ spans: […] }`.
 */
export const otelConsoleFormat: TraceFormat = { name: 'otel-console', detect: (value) => holdsSpans(value, 0), read };

/** Lists and wrappers in one another, at most. */
const deepestWrapper = 4;

function holdsSpans(value: unknown, depth: number): boolean {
  if (isObject(value) && shapeOf(value)) return true;
  const inner = innerOf(value);
  return inner !== undefined && depth < deepestWrapper && inner.some((item) => holdsSpans(item, depth + 1));
}

function innerOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  return [value.spans, value.traces, value.data].find((list) => Array.isArray(list));
}

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new ConsoleReading(new IdTexts());
  for (const value of values) reading.addValue(value, undefined, 0);
  if (!reading.ids.hasBothCases) return reading.result(reasons);
  const inLowerCase = new ConsoleReading(new IdTexts(true));
  for (const value of values) inLowerCase.addValue(value, undefined, 0);
  return inLowerCase.result(reasons);
}

class ConsoleReading {
  readonly ids: IdTexts;
  readonly #collector = new TraceCollector<JsonObject, ConsoleContext>(readConsoleDetails);
  readonly #warnings = new WarningList();
  readonly #dropped = new Map<string, number>();
  readonly #record = blankRecord();
  readonly #start: TimePoint = { seconds: NaN, nanos: NaN };
  readonly #end: TimePoint = { seconds: NaN, nanos: NaN };
  readonly #duration: TimePoint = { seconds: NaN, nanos: NaN };
  #resource: unknown;
  #context = -1;

  constructor(ids: IdTexts) {
    this.ids = ids;
    this.#record.start = this.#start;
    this.#record.end = this.#end;
  }

  result(reasons: readonly string[]): FormatRead {
    this.ids.settle();
    for (const [traceId, count] of this.#dropped) {
      const what = count === 1 ? '1 attribute, event or link was' : `${count} attributes, events or links were`;
      this.#collector.collection(traceId).reasons.push(`${what} dropped by the SDK.`);
    }
    return {
      traces: this.#collector.build(reasons),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  /** `resource` is what stands beside the list that the value is in. */
  addValue(value: unknown, resource: unknown, depth: number): void {
    const shape = isObject(value) ? shapeOf(value) : undefined;
    const inner = shape || depth >= deepestWrapper ? undefined : innerOf(value);
    if (shape) {
      this.#addSpan(value as JsonObject, shape, resource);
    } else if (inner) {
      const ownResource = isObject(value) ? value.resource : undefined;
      for (const item of inner) this.addValue(item, ownResource ?? resource, depth + 1);
    } else {
      this.#warnings.add('unreadable-span', (count) =>
        count === 1
          ? '1 record has no ids of a span and was left out.'
          : `${count} records have no ids of a span and were left out.`,
      );
    }
  }

  #addSpan(span: JsonObject, shape: SpanShape, resource: unknown): void {
    const record = this.#record;
    const own = ownIds(span, shape);
    const traceId = this.ids.read(own.traceId) || 'unknown';
    record.spanId = this.ids.read(own.spanId);
    record.parentSpanId = this.#parentIdOf(span, shape);
    record.name = asText(span[shape.name]) ?? '';
    record.serviceName = serviceNameOf(span[shape.resource] ?? resource) ?? 'unknown';
    record.kind = kindOf(span[shape.kind], shape) ?? 'unspecified';
    record.status = this.#statusOf(span[shape.status], shape, traceId);
    this.#setTimes(span, shape, traceId);
    this.#collector.add(traceId, record, span, this.#contextOf(resource));
    this.#countDropped(span, shape, traceId);
  }

  #parentIdOf(span: JsonObject, shape: SpanShape): string | undefined {
    const parent = firstOf(span, shape.parentContext);
    const id = this.ids.read(isObject(parent) ? parent[shape.spanId] : firstOf(span, shape.parentId));
    return id === '' ? undefined : id;
  }

  #statusOf(source: unknown, shape: SpanShape, traceId: string) {
    const status = statusOf(source, shape);
    if (status !== undefined) return status;
    this.#warnings.add(
      'unknown-status',
      (count) =>
        `${count} ${count === 1 ? 'span has a status' : 'spans have a status'} that is none of unset, ok and error; shown as unset.`,
      { traceId, spanId: this.#record.spanId },
    );
    return 'unset';
  }

  #setTimes(span: JsonObject, shape: SpanShape, traceId: string): void {
    for (const [target, field] of [
      [this.#start, shape.start],
      [this.#end, shape.end],
    ] as const) {
      if (!setConsoleTime(target, span[field])) this.#noteUnreadableTime(span[field], traceId);
    }
    // JavaScript has zeros until a span ends.
    if (this.#end.seconds === 0 && this.#end.nanos === 0) this.#end.seconds = NaN;
    if (isKnown(this.#end) || span.ended === false || span._ended === false) return;
    this.#setEndByDuration(span, shape);
  }

  /**
   * JavaScript has a pair of seconds and nanoseconds, or microseconds where it prints; `duration_ms` is what people add to
   * what Python prints.
   */
  #setEndByDuration(span: JsonObject, shape: SpanShape): void {
    const duration = firstOf(span, shape.duration);
    const milliseconds = span.duration_ms;
    const time = this.#duration;
    // Zero, or below it, while the span is open.
    if (
      Array.isArray(duration) &&
      setConsoleTime(time, duration) &&
      (time.seconds > 0 || (time.seconds === 0 && time.nanos > 0))
    ) {
      setSum(this.#end, this.#start, time.seconds * 1e3);
      setSum(this.#end, this.#end, time.nanos / 1e6);
    } else if (typeof duration === 'number' && isKnown(timeFromNumber(duration, 1e3))) {
      setSum(this.#end, this.#start, duration / 1e3);
    } else if (typeof milliseconds === 'number' && isKnown(timeFromNumber(milliseconds, 1e6))) {
      setSum(this.#end, this.#start, milliseconds);
    }
  }

  #noteUnreadableTime(value: unknown, traceId: string): void {
    const { name, spanId } = this.#record;
    this.#warnings.add(
      'unreadable-time',
      (count) =>
        `${count} ${count === 1 ? 'time' : 'times'} of spans could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${name || spanId}); taken as missing.`,
      { traceId, spanId },
    );
  }

  #contextOf(resource: unknown): number {
    if (this.#context < 0 || resource !== this.#resource) {
      this.#resource = resource;
      this.#context = this.#collector.addContext({ ids: this.ids, resource });
    }
    return this.#context;
  }

  #countDropped(span: JsonObject, shape: SpanShape, traceId: string): void {
    const count =
      countOf(span[shape.droppedAttributes]) + countOf(span[shape.droppedEvents]) + countOf(span[shape.droppedLinks]);
    if (count > 0) this.#dropped.set(traceId, (this.#dropped.get(traceId) ?? 0) + count);
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
