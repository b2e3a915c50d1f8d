import {
  type Attributes,
  type AttributeValue,
  type SourceEvent,
  type SpanDetails,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano } from '../model/time.ts';
import { attributesBeside, keepAttribute, objectOf } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { kindOf, linkOf, statusOfWord } from './jsonFields.ts';
import { setTime } from './plainTime.ts';
import { beginningOf, parentIdIn, RecordReading } from './recordReading.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/**
 * What Arize Phoenix exports:
 *
 * - spans as its UI downloads them, one a line, and as OpenInference's specification has them:
 *   `{ name, context: { trace_id, span_id }, span_kind, parent_id, start_time, end_time, status_code, attributes, events }`
 * - pages of its REST API, `{ data: […], next_cursor }`, of such spans or of traces `{ trace_id, spans: [{ span_id, span_kind, … }] }`
 * - rows of its data frames, with the keys `context.span_id`, `attributes.llm.model_name`
 *
 * Phoenix moves `openinference.span.kind` out of the attributes into `span_kind`; here it is back among them. Its OTLP
 * download is read as OTLP.
 */
export const phoenixFormat: TraceFormat = {
  name: 'phoenix',
  detect: (value) => holdsPhoenix(value, 0),
  read: (values, reasons) => new PhoenixReading().read(values, reasons),
};

const deepestList = 3;

function holdsPhoenix(value: unknown, depth: number): boolean {
  if (isPhoenixSpan(value) || isPhoenixTrace(value) || isLoneBareSpan(value)) return true;
  if (depth >= deepestList) return false;
  if (Array.isArray(value)) return beginningOf(value).some((item) => holdsPhoenix(item, depth + 1));
  return isObject(value) && Array.isArray(value.data) && holdsPhoenix(value.data, depth + 1);
}

/** OpenTelemetry's consoles have a `context` too, but their status and kind are called otherwise. */
function isPhoenixSpan(value: unknown): value is JsonObject {
  if (!isObject(value) || (!Object.hasOwn(value, 'span_kind') && !Object.hasOwn(value, 'status_code'))) return false;
  return contextField(value, 'trace_id') !== undefined && contextField(value, 'span_id') !== undefined;
}

/** What the plain format has on a span, and Phoenix has not. */
const plainFields = ['parent_span_id', 'duration_ms', 'status', 'start_time_unix_nano', 'run_type'];

/** Without a context, as in the API of traces, whose spans are close to plain ones. */
function isBareSpan(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value.span_kind === 'string' &&
    asText(value.span_id) !== undefined &&
    !plainFields.some((key) => Object.hasOwn(value, key))
  );
}

/** Of no trace that is known, as what is left of a damaged file. */
function isLoneBareSpan(value: unknown): boolean {
  return isBareSpan(value) && ['parent_id', 'start_time'].every((key) => Object.hasOwn(value as JsonObject, key));
}

function isPhoenixTrace(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    Array.isArray(value.spans) &&
    beginningOf(value.spans).some((span) => isPhoenixSpan(span) || isBareSpan(span))
  );
}

function contextField(span: JsonObject, field: 'trace_id' | 'span_id'): string | undefined {
  const id = isObject(span.context) ? span.context[field] : span[`context.${field}`];
  return asText(id) || undefined;
}

function traceIdOf(span: JsonObject): string | undefined {
  return contextField(span, 'trace_id') ?? (asText(span.trace_id) || undefined);
}

function hasTime({ start_time, end_time, startTime, endTime }: JsonObject): boolean {
  return (start_time ?? end_time ?? startTime ?? endTime) !== undefined;
}

function spanIdOf(span: JsonObject): string {
  return contextField(span, 'span_id') ?? asText(span.span_id) ?? '';
}

interface PhoenixContext {
  /** The fields of the trace around its spans. */
  resource: Attributes;
  projectName: string | undefined;
}

const knownOfTrace = new Set(['trace_id', 'spans']);

class PhoenixReading {
  readonly #reading = new RecordReading<PhoenixContext>(readPhoenixDetails);
  readonly #noTrace: PhoenixContext = { resource: {}, projectName: undefined };
  readonly #noContext = this.#reading.collector.addContext(this.#noTrace);
  #endsInPage = false;

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    for (const value of values) this.#readValue(value, 0);
    if (this.#endsInPage) this.#reading.reasons.push('This is one page of a list that goes on.');
    return this.#reading.result(reasons);
  }

  #readValue(value: unknown, depth: number): void {
    if (Array.isArray(value) && depth < deepestList) {
      for (const item of value) this.#readValue(item, depth + 1);
    } else if (!isObject(value)) {
      this.#reading.skipSpan(undefined);
    } else if (Array.isArray(value.spans)) {
      this.#readTrace(value, value.spans);
    } else if (Array.isArray(value.data) && depth < deepestList) {
      this.#endsInPage = typeof value.next_cursor === 'string' && value.next_cursor !== '';
      for (const item of value.data) this.#readValue(item, depth + 1);
    } else {
      this.#addSpan(value, undefined, this.#noContext, this.#noTrace);
    }
  }

  #readTrace(trace: JsonObject, spans: readonly unknown[]): void {
    const traceId = asText(trace.trace_id) || undefined;
    if (traceId !== undefined) this.#reading.collector.collection(traceId);
    const context = { resource: attributesBeside(trace, knownOfTrace), projectName: textOf(trace.project_name) };
    const number = this.#reading.collector.addContext(context);
    for (const span of spans) this.#addSpan(span, traceId, number, context);
  }

  #addSpan(span: unknown, ofTrace: string | undefined, context: number, { projectName }: PhoenixContext): void {
    const reading = this.#reading;
    const { record } = reading;
    if (!isObject(span) || (spanIdOf(span) === '' && !(asText(span.name) && hasTime(span)))) {
      reading.skipSpan(ofTrace);
      return;
    }
    const traceId = traceIdOf(span) ?? ofTrace ?? 'unknown';
    record.spanId = spanIdOf(span);
    record.parentSpanId = parentIdIn(span.parent_id);
    record.name = asText(span.name) ?? '';
    record.serviceName = serviceNameOf(span) ?? projectName ?? 'unknown';
    record.kind = kindOf(span.span_kind) ?? 'unspecified';
    record.status = statusOfWord(span.status_code) ?? 'unset';
    reading.readTime(record.start, span.start_time, traceId);
    reading.readTime(record.end, span.end_time, traceId);
    reading.collector.add(traceId, record, span, context);
  }
}

function serviceNameOf(span: JsonObject): string | undefined {
  const { attributes } = span;
  const name = isObject(attributes) ? attributes['service.name'] : span['attributes.service.name'];
  return textOf(name) ?? textOf(span.project_name);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const knownOfSpan = new Set([
  ...['context', 'context.trace_id', 'context.span_id', 'trace_id', 'span_id', 'parent_id', 'name', 'span_kind'],
  ...['start_time', 'end_time', 'status_code', 'status_message', 'attributes', 'events', 'links'],
]);

function readPhoenixDetails(span: JsonObject, { resource }: PhoenixContext): SpanDetails {
  const attributes = attributesOf(span);
  keepKind(attributes, span.span_kind);
  for (const key of Object.keys(span)) {
    if (!knownOfSpan.has(key) && !key.startsWith(columnPrefix)) keepBeside(attributes, key, span[key]);
  }
  keepContext(attributes, span.context);
  keepUnread(attributes, span);
  return {
    statusMessage: textOf(span.status_message),
    attributes,
    events: asArray(span.events).map(eventOf),
    links: asArray(span.links).filter(isObject).map(linkOf),
    resource,
    scope: undefined,
  };
}

const columnPrefix = 'attributes.';

/** A data frame has a column for each key that any span has, empty where this one has not. */
function attributesOf(span: JsonObject): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  const own = objectOf(span.attributes);
  if (own) flatten(own, attributes);
  else keepAttribute(attributes, 'attributes', span.attributes);
  for (const key of Object.keys(span)) {
    if (key.startsWith(columnPrefix)) keepAttribute(attributes, key.slice(columnPrefix.length), span[key]);
  }
  return attributes;
}

/** What OpenInference's keys begin with, where attributes are nested, as in `{ llm: { model_name } }`. */
const namespaces = new Set([
  ...['openinference', 'llm', 'input', 'output', 'embedding', 'reranker', 'retrieval', 'tool', 'tool_call', 'session'],
  ...['user', 'agent', 'graph', 'service', 'exception', 'gen_ai', 'tag'],
]);
/** Objects in their own right. */
const values = new Set(['llm.invocation_parameters', 'tool.parameters', 'input.value', 'output.value']);

/** Nested OpenInference attributes under their dotted keys, the rest as it is. */
function flatten(from: JsonObject, attributes: Record<string, AttributeValue>): void {
  const open: [prefix: string, object: JsonObject][] = [['', from]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [prefix, object] = next;
    for (const key of Object.keys(object)) {
      const path = prefix + key;
      const value = object[key];
      const isNested = isObject(value) && Object.keys(value).length > 0 && !values.has(path);
      if (isNested && (prefix !== '' || namespaces.has(key)) && path.length < longestKey)
        open.push([`${path}.`, value]);
      else if (value === null) setAttribute(attributes, path, null);
      else keepBeside(attributes, path, value);
    }
  }
}

/** Hostile depth would make keys of quadratic length. */
const longestKey = 200;

const kindKey = 'openinference.span.kind';

function keepKind(attributes: Record<string, AttributeValue>, kind: unknown): void {
  if (kindOf(kind) !== undefined) return;
  if (!Object.hasOwn(attributes, kindKey)) keepAttribute(attributes, kindKey, kind);
  else if (attributes[kindKey] !== kind) keepBeside(attributes, 'span_kind', kind);
}

/** A field of the span itself, where an attribute has its name. */
function keepBeside(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  keepAttribute(attributes, Object.hasOwn(attributes, key) ? `phoenix.${key}` : key, value);
}

function keepContext(attributes: Record<string, AttributeValue>, context: unknown): void {
  if (!isObject(context)) return;
  for (const key of Object.keys(context)) {
    if (key !== 'trace_id' && key !== 'span_id') keepBeside(attributes, `context.${key}`, context[key]);
  }
}

function keepUnread(attributes: Record<string, AttributeValue>, span: JsonObject): void {
  const unused: TimePoint = { seconds: NaN, nanos: NaN };
  for (const key of ['start_time', 'end_time']) if (!setTime(unused, span[key])) keepBeside(attributes, key, span[key]);
  if (statusOfWord(span.status_code) === undefined) keepBeside(attributes, 'status_code', span.status_code);
  if (typeof span.status_message !== 'string') keepBeside(attributes, 'status_message', span.status_message);
  for (const key of ['events', 'links']) if (!Array.isArray(span[key])) keepBeside(attributes, key, span[key]);
}

const knownOfEvent = new Set(['name', 'timestamp', 'time', 'attributes']);

function eventOf(event: unknown): SourceEvent {
  if (!isObject(event)) return { name: asText(event) ?? 'event', timeUnixNano: undefined, attributes: {} };
  const attributes: Record<string, AttributeValue> = {};
  if (isObject(event.attributes)) flatten(event.attributes, attributes);
  else keepAttribute(attributes, 'attributes', event.attributes);
  for (const key of Object.keys(event)) if (!knownOfEvent.has(key)) keepBeside(attributes, key, event[key]);
  const time: TimePoint = { seconds: NaN, nanos: NaN };
  const written = event.timestamp ?? event.time;
  if (!setTime(time, written)) keepBeside(attributes, 'timestamp', written);
  return {
    name: asText(event.name) ?? 'event',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}
