import type { SpanKind, SpanStatus } from '../model/columns.ts';
import { completenessOf } from '../model/completeness.ts';
import {
  type Attributes,
  type AttributeValue,
  type InstrumentationScope,
  type SpanLink,
  setAttribute,
} from '../model/details.ts';
import { isKnown, nanosecondsBetween, type TimePoint, toIsoTime, unknownTime } from '../model/time.ts';
import type { Span, Trace } from '../model/trace.ts';
import type { SpanRecord } from '../model/traceBuilder.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import {
  attributesOfResource,
  durationOf,
  type FileContext,
  kindOf,
  offsetOf,
  ownServiceName,
  parentIdOf,
  readDetails,
  serviceNameIn,
  serviceNameOf,
  spanIdOf,
  statusMessageOf,
  statusOfWord,
  statusWordOf,
  traceIdOf,
} from './jsonFields.ts';
import { toJsonValue } from './jsonValue.ts';
import { setSum, setTime } from './plainTime.ts';
import { isRounded, noteRoundedTime } from './recordReading.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * The project's own plain format:
 *
 * ```json
 * { "trace_id": "…", "spans": [{
 *   "span_id": "…", "parent_span_id": null, "name": "llm_call",
 *   "start_time": "2026-11-23T09:30:00.123456", "end_time": null, "duration_ms": null, "status": "ok",
 *   "attributes": { "service.name": "agent" },
 *   "events": [{ "name": "retry", "timestamp": "2026-11-23T09:30:01Z", "attributes": {} }]
 * }] }
 * ```
 *
 * Times without a zone are UTC; numbers are seconds, milliseconds, microseconds or nanoseconds by their size. Optional on a span:
 * `trace_id`, `kind`, `status_message`, `service_name`, `resource`, `scope`, `links`, `follows_from`. Names may be written in camelCase.
 * Several traces may stand in an array, one on a line, or below `traces`; spans may also stand alone, each with its `trace_id`, or all of one trace.
 * Instead of its times a span may have `offset_ms`, from the trace's start, and a `duration` as ISO 8601 writes it (`PT0.1S`).
 * Fields of a span that the format does not know are shown among its attributes.
 */
export const jsonFormat: TraceFormat = {
  name: 'json',
  detect: (value) => holdsPlainSpans(value, 0),
  read: (values, reasons) => new PlainReader().read(values, reasons),
};

/** What wraps traces in a file, at most this deep. */
const wrapperKeys = ['traces', 'trace', 'data'];
const deepestWrapper = 4;

function holdsPlainSpans(value: unknown, depth: number): boolean {
  if (depth > deepestWrapper) return false;
  if (Array.isArray(value)) {
    const first = value.find(isObjectOrArray);
    return first !== undefined && holdsPlainSpans(first, depth + 1);
  }
  if (!isObject(value)) return false;
  if (Array.isArray(value.spans)) {
    const isNamed = traceIdOf(value) !== undefined;
    const first = value.spans.find(isNamedSpan);
    if (!first) return isNamed && !value.spans.some(isForeignSpan);
    return !isForeignSpan(first) && (isNamed || isPlainSpan(first));
  }
  if (isPlainSpan(value)) return true;
  return wrapperKeys.some((key) => isObjectOrArray(value[key]) && holdsPlainSpans(value[key], depth + 1));
}

function isObjectOrArray(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function isNamedSpan(span: unknown): span is JsonObject {
  return isObject(span) && (spanIdOf(span) !== undefined || asText(span.name) !== undefined);
}

/** What LangSmith, OTLP and MLflow have on a span, and the plain format has not. */
const foreignFields = ['run_type', 'startTimeUnixNano', 'start_time_unix_nano'];

/** Jaeger's spans have their name elsewhere, those of OpenTelemetry's consoles their ids. */
function isForeignSpan(span: unknown): boolean {
  if (!isObject(span)) return false;
  if (span.operationName !== undefined && asText(span.name) === undefined) return true;
  if (isObject(span.context) && (span.context.span_id ?? span.context.spanId) !== undefined) return true;
  return foreignFields.some((key) => span[key] !== undefined && span[key] !== null);
}

const timeFields = [
  ...['start_time', 'startTime', 'end_time', 'endTime', 'duration_ms', 'durationMs', 'offset_ms', 'offsetMs'],
];

/** Whether it is known for a span without the object that names its trace. */
function isPlainSpan(span: JsonObject): boolean {
  return spanIdOf(span) !== undefined && timeFields.some((key) => Object.hasOwn(span, key)) && !isForeignSpan(span);
}

const unixEpoch: TimePoint = { seconds: 0, nanos: 0 };

const zeroId = '0000000000000000';

class PlainReader {
  readonly #collector = new TraceCollector<JsonObject, FileContext>(readDetails);
  readonly #warnings = new WarningList();
  readonly #record: SpanRecord = {
    ...blankRecord(),
    start: { seconds: NaN, nanos: NaN },
    end: { seconds: NaN, nanos: NaN },
  };
  readonly #statuses = new Map<unknown, SpanStatus | undefined>();
  /** Whether the id that stands for no parent elsewhere is a span's own here. */
  #hasZeroSpan: boolean | undefined;
  #siblings: readonly unknown[] = [];
  /** When the trace began, where the object around its spans says it. */
  readonly #origin: TimePoint = { ...unknownTime };
  #noFile = -1;
  #skipped = 0;
  #unnamed = 0;

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    for (const value of values) this.#readValue(value, 0);
    return { traces: this.#collector.build(reasons), warnings: this.#warnings.toArray(), skipped: this.#skipped };
  }

  #readValue(value: unknown, depth: number): void {
    if (Array.isArray(value) && depth <= deepestWrapper) {
      for (const item of value) this.#readValue(item, depth + 1);
    } else if (isObject(value) && Array.isArray(value.spans)) {
      this.#readTrace(value, value.spans);
    } else if (isObject(value) && isPlainSpan(value)) {
      setTime(this.#origin, undefined);
      if (this.#noFile < 0) this.#noFile = this.#collector.addContext({ serviceName: undefined, resource: undefined });
      this.#addSpan(value, 'unknown', this.#noFile, undefined);
    } else {
      const wrapped =
        isObject(value) && depth <= deepestWrapper ? wrapperKeys.find((key) => isObjectOrArray(value[key])) : undefined;
      if (wrapped === undefined)
        this.#skip(
          'unreadable-record',
          (count) =>
            `${count} ${count === 1 ? 'record is' : 'records are'} neither a trace nor a span with a trace_id; skipped.`,
        );
      else this.#readValue((value as JsonObject)[wrapped], depth + 1);
    }
  }

  #readTrace(file: JsonObject, spans: readonly unknown[]): void {
    const traceId = traceIdOf(file);
    const resource = attributesOfResource(file.resource);
    const serviceName = ownServiceName(file) ?? serviceNameIn(resource);
    const context = this.#collector.addContext({ serviceName, resource });
    this.#siblings = spans;
    setTime(this.#origin, file.start_time ?? file.startTime);
    this.#hasZeroSpan = undefined;
    const fallbackId = traceId ?? this.#idForUnnamed(spans);
    if (fallbackId !== undefined) this.#noteCompleteness(fallbackId, file.completeness);
    for (const span of spans) {
      if (!isObject(span) || !this.#addSpan(span, fallbackId!, context, serviceName)) {
        this.#skip(
          'unreadable-span',
          (count) =>
            `${count} ${count === 1 ? 'entry' : 'entries'} of the lists of spans ${count === 1 ? 'is no object, or has' : 'are no objects, or have'} neither id nor name; skipped.`,
          fallbackId,
        );
      }
    }
  }

  /** Undefined where every span names its trace itself. */
  #idForUnnamed(spans: readonly unknown[]): string | undefined {
    if (spans.length > 0 && spans.every((span) => isObject(span) && traceIdOf(span) !== undefined)) return undefined;
    this.#unnamed++;
    return this.#unnamed === 1 ? 'unknown' : `unknown~${this.#unnamed}`;
  }

  #noteCompleteness(traceId: string, completeness: unknown): void {
    const collection = this.#collector.collection(traceId);
    if (!isObject(completeness)) return;
    if (typeof completeness.expected_spans === 'number') collection.expectedSpans = completeness.expected_spans;
    for (const reason of asArray(completeness.reasons)) if (typeof reason === 'string') collection.reasons.push(reason);
  }

  /** False for what has neither id nor name. */
  #addSpan(span: JsonObject, fallbackId: string, context: number, fileService: string | undefined): boolean {
    const record = this.#record;
    const spanId = spanIdOf(span);
    const name = asText(span.name);
    if (spanId === undefined && name === undefined) return false;
    const traceId = traceIdOf(span) ?? fallbackId;
    record.spanId = spanId ?? '';
    record.parentSpanId = parentIdOf(span);
    if (record.parentSpanId === zeroId && !this.#isZeroASpan()) record.parentSpanId = undefined;
    record.name = name ?? '';
    record.serviceName = serviceNameOf(span) ?? fileService ?? 'unknown';
    record.kind = kindOf(span.kind) ?? 'unspecified';
    record.status = this.#statusOf(span, traceId, record.spanId);
    record.followsFrom = (span.follows_from ?? span.followsFrom) === true;
    this.#setTimes(record, span, traceId);
    this.#collector.add(traceId, record, span, context);
    return true;
  }

  #setTimes(record: SpanRecord, span: JsonObject, traceId: string): void {
    const { start, end } = record;
    const startField = span.start_time ?? span.startTime;
    const endField = span.end_time ?? span.endTime;
    if (!setTime(start, startField)) this.#noteUnreadableTime(record, startField, traceId);
    if (!setTime(end, endField)) this.#noteUnreadableTime(record, endField, traceId);
    if (isRounded(startField)) noteRoundedTime(this.#warnings, record, traceId);
    if (isRounded(endField)) noteRoundedTime(this.#warnings, record, traceId);
    if (startField === undefined || startField === null) this.#setOffset(record, span, traceId);
    const milliseconds = durationOf(span);
    if (milliseconds === undefined) return;
    if (!isKnown(end)) setSum(end, start, milliseconds);
    else if (!isKnown(start)) setSum(start, end, -milliseconds);
    else if (disagrees(milliseconds, nanosecondsBetween(start, end) / 1e6)) this.#noteMismatch(record, traceId);
  }

  /** From the start that the file gives for the trace, else from 1970: what lies between the spans counts. */
  #setOffset(record: SpanRecord, span: JsonObject, traceId: string): void {
    const offset = offsetOf(span);
    if (offset === undefined) return;
    setSum(record.start, isKnown(this.#origin) ? this.#origin : unixEpoch, offset);
    if (isKnown(this.#origin)) return;
    this.#warnings.add(
      'relative-times',
      (count) =>
        `${count} ${count === 1 ? 'span has' : 'spans have'} an offset_ms and no start_time; when the trace began is not known, and 1970 is shown for it.`,
      { traceId, spanId: record.spanId },
    );
  }

  #isZeroASpan(): boolean {
    this.#hasZeroSpan ??= this.#siblings.some((span) => isObject(span) && spanIdOf(span) === zeroId);
    return this.#hasZeroSpan;
  }

  #noteUnreadableTime({ name, spanId }: SpanRecord, value: unknown, traceId: string): void {
    this.#warnings.add(
      'unreadable-time',
      (count) =>
        `${count} ${count === 1 ? 'time' : 'times'} of spans could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${name || spanId}); taken as missing.`,
      { traceId, spanId },
    );
  }

  #noteMismatch({ name, spanId }: SpanRecord, traceId: string): void {
    this.#warnings.add(
      'duration-mismatch',
      (count) =>
        `${count} ${count === 1 ? 'span has' : 'spans have'} a duration_ms other than end_time minus start_time (first: ${name || spanId}); the times count.`,
      { traceId, spanId },
    );
  }

  #statusOf(span: JsonObject, traceId: string, spanId: string): SpanStatus {
    const word = statusWordOf(span);
    let status = this.#statuses.get(word);
    if (status === undefined) {
      status = statusOfWord(word);
      if (status !== undefined) this.#statuses.set(word, status);
    }
    if (status !== undefined) return status;
    this.#warnings.add(
      'unknown-status',
      (count) =>
        `${count} ${count === 1 ? 'span has a status' : 'spans have a status'} that is none of unset, ok and error (first: “${(asText(word) ?? typeof word).slice(0, 40)}”); shown as unset.`,
      { traceId, spanId },
    );
    return 'unset';
  }

  #skip(code: string, describe: (count: number) => string, traceId?: string): void {
    this.#skipped++;
    this.#warnings.add(code, describe, traceId === undefined ? {} : { traceId });
  }
}

/** More than a millisecond and more than a hundredth: less is rounding. */
function disagrees(stated: number, measured: number): boolean {
  const difference = Math.abs(stated - measured);
  return difference > 1 && difference > Math.abs(measured) / 100;
}

/** A span in the plain format, as `toJson` writes it: keys with a `?` only where there is something to say. */
interface PlainSpan {
  span_id: string;
  parent_span_id: string | null;
  name: string;
  start_time: string | null;
  end_time: string | null;
  duration_ms: number | null;
  status: SpanStatus;
  attributes: Record<string, unknown>;
  events: { name: string; timestamp: string | null; attributes: Record<string, unknown> }[];
  kind?: SpanKind;
  status_message?: string;
  service_name?: string;
  follows_from?: true;
  links?: object[];
  resource?: Record<string, unknown>;
  scope?: object;
}

/**
 * The trace in the plain format, its spans in the file's order, all times in UTC with a `Z` and as many digits as they need.
 *
 * `kind`, `status_message`, `service_name`, `follows_from`, `links`, `resource` and `scope` stand only on spans where the other
 * fields do not tell them already, `completeness` only on a trace that is not whole. Integers beyond 2^53, bytes, NaN and the
 * infinities in attributes are written as OTLP writes them (`{ "intValue": "9007199254740993" }`, `bytesValue`, `doubleValue`), so
 * that reading back what was written gives the same trace. Values of attributes are handed on, not copied.
 */
export function toJson(trace: Trace): object {
  const completeness = statedCompleteness(trace);
  return {
    trace_id: trace.traceId,
    ...(completeness && { completeness }),
    spans: indexesInFileOrder(trace).map((index) => plainSpanOf(trace.spanAt(index))),
  };
}

/** What a reader cannot find out from the spans again. */
function statedCompleteness({ columns, completeness: { expectedSpans, reasons } }: Trace): object | undefined {
  const found = completenessOf(columns, { expectedSpans }).reasons;
  const stated = reasons.filter((reason) => !found.includes(reason));
  if (expectedSpans === undefined && stated.length === 0) return undefined;
  return { ...(expectedSpans === undefined ? {} : { expected_spans: expectedSpans }), reasons: stated };
}

function indexesInFileOrder(trace: Trace): number[] {
  const { length, sourceOrder } = trace.columns;
  const indexes: number[] = new Array(length);
  for (let index = 0; index < length; index++) indexes[sourceOrder[index]!] = index;
  return indexes;
}

function plainSpanOf(span: Span): PlainSpan {
  const hasStart = !span.issues.includes('missing-start');
  const end = span.endTimeUnixNano;
  const plain: PlainSpan = {
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    start_time: hasStart ? writtenTime(span.startTimeUnixNano) : null,
    end_time: end === undefined ? null : writtenTime(end),
    duration_ms: hasStart ? (span.durationMs ?? null) : null,
    status: span.status,
    attributes: plainAttributes(span.attributes),
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      timestamp: timeUnixNano === undefined ? null : writtenTime(timeUnixNano),
      attributes: plainAttributes(attributes),
    })),
  };
  if (span.kind !== 'unspecified') plain.kind = span.kind;
  if (span.links.length > 0) plain.links = span.links.map(plainLink);
  if (Object.keys(span.resource).length > 0) plain.resource = plainResource(span.resource);
  if (span.scope) plain.scope = plainScope(span.scope);
  if (span.followsFrom) plain.follows_from = true;
  if (span.statusMessage !== statusMessageOf({ attributes: plain.attributes })) {
    plain.status_message = span.statusMessage ?? '';
  }
  const { attributes, resource } = plain;
  if (span.serviceName !== (serviceNameOf({ attributes, resource }) ?? 'unknown'))
    plain.service_name = span.serviceName;
  return plain;
}

/** ISO 8601, or nanoseconds since the epoch for years that no date can hold. */
function writtenTime(unixNano: bigint): string {
  const latestDate = 8_640_000_000_000_000_000_000n;
  return unixNano > -latestDate && unixNano < latestDate ? toIsoTime(unixNano) : String(unixNano);
}

function plainAttributes(attributes: Attributes): Record<string, unknown> {
  const plain: Record<string, AttributeValue> = {};
  for (const key of Object.keys(attributes)) setAttribute(plain, key, toJsonValue(attributes[key]!) as AttributeValue);
  return plain;
}

/** A reader looks below `attributes` where a resource has such an object: then ours has to stand there whole. */
function plainResource(resource: Attributes): Record<string, unknown> {
  const plain = plainAttributes(resource);
  return isObject(plain.attributes) ? { attributes: plain } : plain;
}

function plainLink({ traceId, spanId, attributes, traceState, refType }: SpanLink): object {
  return {
    trace_id: traceId,
    span_id: spanId,
    attributes: plainAttributes(attributes),
    ...(traceState === undefined ? {} : { trace_state: traceState }),
    ...(refType === undefined ? {} : { ref_type: refType }),
  };
}

function plainScope({ name, version, attributes }: InstrumentationScope): object {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(attributes === undefined ? {} : { attributes: plainAttributes(attributes) }),
  };
}
