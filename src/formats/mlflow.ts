import { isKnown, type TimePoint } from '../model/time.ts';
import { objectOf } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { statusOfWord, statusWordOf } from './jsonFields.ts';
import {
  attributeText,
  holdsMlflowKey,
  type MlflowContext,
  parentIdOf,
  readMlflowDetails,
  resourceOf,
  spanIdOf,
  traceIdOf,
} from './mlflowFields.ts';
import { readOtlpTime } from './otlpTime.ts';
import { beginningOf, RecordReading } from './recordReading.ts';
import { IdTexts } from './spanIdText.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

/**
 * What MLflow exports:
 *
 * - traces `{ info, data: { spans } }`, also as `trace_info` and `trace_data`, the data as an object or as JSON text
 * - the artifact `traces.json`, `{ spans, request, response }`, and the rows of `search_traces`
 * - spans of schema 2 (`context`, `parent_id`, `start_time` in nanoseconds), 3 (base64 ids, `start_time_unix_nano`) and 4
 *   (`otel_trace_id`, hex ids), their attributes as an object of JSON texts or as OTLP's list
 *
 * A trace goes by MLflow's id, `tr-…`. What `info` says of it is the resource of its spans: `trace_metadata` and `tags`
 * under their own keys.
 */
export const mlflowFormat: TraceFormat = { name: 'mlflow', detect: (value) => holdsMlflow(value, 0), read };

const wrapperFields = ['traces', 'trace', 'data'] as const;
const deepestWrapper = 4;

function holdsMlflow(value: unknown, depth: number): boolean {
  if (depth > deepestWrapper) return false;
  if (Array.isArray(value)) return beginningOf(value).some((item) => holdsMlflow(item, depth + 1));
  if (!isObject(value)) return false;
  if (isMlflowSpan(value) || documentOf(value)) return true;
  return wrapperFields.some((field) => holdsMlflow(containerOf(value[field]), depth + 1));
}

/** Lists, objects, and objects as JSON text. */
function containerOf(value: unknown): unknown {
  return Array.isArray(value) ? value : objectOf(value);
}

/** A span by its attributes: exporters of other tools write spans that MLflow recorded too, with a kind of their own. */
function isMlflowSpan(value: unknown): value is JsonObject {
  if (!isObject(value) || Object.hasOwn(value, 'span_kind')) return false;
  if (typeof value.kind === 'string' && value.kind.startsWith('SpanKind.')) return false;
  if (value.start_time_unix_nano === undefined && !isObject(value.context)) return false;
  return holdsMlflowKey(value.attributes);
}

interface Document {
  /** What is known of the trace; undefined in the artifact. */
  info: JsonObject | undefined;
  /** Around the spans: the data, or the document itself. */
  data: JsonObject | undefined;
  spans: readonly unknown[];
}

function documentOf(value: JsonObject): Document | undefined {
  const info = objectOf(value.info ?? value.trace_info);
  const data = objectOf(value.data ?? value.trace_data);
  const isTold = info !== undefined && isInfo(info);
  if (data && Array.isArray(data.spans) && (info || beginningOf(data.spans).some(isMlflowSpan))) {
    return { info, data, spans: data.spans };
  }
  if (Array.isArray(value.spans) && (isTold || beginningOf(value.spans).some(isMlflowSpan))) {
    return { info, data: value, spans: value.spans };
  }
  return isTold ? { info, data: undefined, spans: [] } : undefined;
}

const infoFields = [
  'execution_duration',
  'execution_duration_ms',
  'execution_time_ms',
  'trace_location',
  'experiment_id',
];

function isInfo(info: JsonObject): boolean {
  const hasId = asText(info.trace_id ?? info.request_id) !== undefined;
  return hasId && infoFields.some((field) => Object.hasOwn(info, field));
}

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new MlflowReading(new IdTexts());
  for (const value of values) reading.readValue(value, 0);
  if (!reading.ids.hasBothCases) return reading.result(reasons);
  const inLowerCase = new MlflowReading(new IdTexts(true));
  for (const value of values) inLowerCase.readValue(value, 0);
  return inLowerCase.result(reasons);
}

class MlflowReading {
  readonly ids: IdTexts;
  readonly #reading = new RecordReading<MlflowContext>(readMlflowDetails);
  readonly #noDocument: number;

  constructor(ids: IdTexts) {
    this.ids = ids;
    this.#noDocument = this.#reading.collector.addContext({ traceId: undefined, resource: {}, ids });
  }

  result(reasons: readonly string[]): FormatRead {
    this.ids.settle();
    return this.#reading.result(reasons);
  }

  readValue(value: unknown, depth: number): void {
    if (Array.isArray(value) && depth <= deepestWrapper) {
      for (const item of value) this.readValue(item, depth + 1);
      return;
    }
    const found = isObject(value) ? documentOf(value) : undefined;
    const wrapped = isObject(value) && !found && depth <= deepestWrapper ? wrappedIn(value) : undefined;
    if (found) this.#readDocument(value as JsonObject, found);
    else if (isMlflowSpan(value)) this.#addSpan(value, undefined, this.#noDocument, undefined);
    else if (wrapped !== undefined) this.readValue(wrapped, depth + 1);
    else this.#reading.skipRecord('neither a trace nor a span of MLflow');
  }

  #readDocument(document: JsonObject, { info, data, spans }: Document): void {
    const traceId = info && (asText(info.trace_id ?? info.request_id) || undefined);
    const resource = resourceOf(document, info, data);
    const context = this.#reading.collector.addContext({ traceId, resource, ids: this.ids });
    if (traceId !== undefined) {
      const collection = this.#reading.collector.collection(traceId);
      const expected = expectedSpans(resource['mlflow.trace.sizeStats']);
      if (expected !== undefined) collection.expectedSpans = expected;
      if (!data) collection.reasons.push('The file has no spans of this trace.');
    }
    if (typeof resource.data === 'string') this.#reading.skipRecord('a trace whose data is no JSON');
    const serviceName = attributeText(resource['service.name']);
    for (const span of spans) {
      if (isObject(span)) this.#addSpan(span, traceId, context, serviceName);
      else this.#reading.skipSpan(traceId);
    }
  }

  #addSpan(span: JsonObject, ofTrace: string | undefined, context: number, ofResource: string | undefined): void {
    const reading = this.#reading;
    const { record } = reading;
    const spanId = spanIdOf(span, this.ids);
    const name = asText(span.name);
    if (spanId === '' && name === undefined) {
      reading.skipSpan(ofTrace);
      return;
    }
    const traceId = ofTrace ?? traceIdOf(span, this.ids) ?? 'unknown';
    record.spanId = spanId;
    record.parentSpanId = parentIdOf(span, this.ids) || undefined;
    record.name = name ?? '';
    record.serviceName = serviceNameOf(span) ?? ofResource ?? 'unknown';
    record.status = statusOfWord(statusWordOf(span)) ?? 'unset';
    const isOld = span.start_time_unix_nano === undefined;
    reading.readTime(record.start, isOld ? span.start_time : span.start_time_unix_nano, traceId, readNanoseconds);
    reading.readTime(record.end, endOf(span), traceId, readNanoseconds);
    reading.collector.add(traceId, record, span, context);
  }
}

/** Protobuf writes 0 for what is not there; schema 2 has null. */
function endOf(span: JsonObject): unknown {
  const end = span.end_time_unix_nano;
  if (end === undefined) return span.end_time;
  return end === 0 || end === '0' ? undefined : end;
}

function wrappedIn(value: JsonObject): unknown {
  for (const field of wrapperFields) {
    const container = containerOf(value[field]);
    if (container !== undefined) return container;
  }
  return undefined;
}

/** Always nanoseconds, however small: recorded traces of tests begin at 0. */
function readNanoseconds(target: TimePoint, value: unknown): boolean {
  readOtlpTime(value, target);
  return value === undefined || value === null || value === '' || isKnown(target);
}

function serviceNameOf({ attributes }: JsonObject): string | undefined {
  return isObject(attributes) ? attributeText(attributes['service.name']) : undefined;
}

/** MLflow notes how many spans a trace has when it is complete. */
function expectedSpans(sizeStats: unknown): number | undefined {
  const count = objectOf(sizeStats)?.num_spans;
  return typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
