import {
  type Attributes,
  type AttributeValue,
  type SourceEvent,
  type SpanDetails,
  type SpanLink,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano } from '../model/time.ts';
import { readAttributes } from './anyValue.ts';
import { attributesBeside, keepAttribute, objectOf } from './apiRecord.ts';
import { statusMessageOf, statusOfWord, statusWordOf } from './jsonFields.ts';
import { readOtlpTime } from './otlpTime.ts';
import type { IdTexts } from './spanIdText.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

// What the fields of MLflow's records are called, schema by schema, and how their values are written.

/** What the spans of one trace share. */
export interface MlflowContext {
  /** MLflow's own; undefined for spans by themselves. */
  traceId: string | undefined;
  resource: Attributes;
  ids: IdTexts;
}

export function spanIdOf(span: JsonObject, ids: IdTexts): string {
  return idIn(span, 'span_id', ids);
}

export function parentIdOf(span: JsonObject, ids: IdTexts): string {
  return ids.read(span.parent_span_id ?? span.parent_id);
}

/** MLflow's id of the trace where the span tells it, else OpenTelemetry's. */
export function traceIdOf(span: JsonObject, ids: IdTexts): string | undefined {
  const { attributes } = span;
  const own = isObject(attributes) ? attributeText(attributes['mlflow.traceRequestId']) : undefined;
  return own ?? (otelTraceId(span, ids) || undefined);
}

function otelTraceId(span: JsonObject, ids: IdTexts): string {
  return idIn(span, 'trace_id', ids);
}

function idIn(span: JsonObject, field: 'trace_id' | 'span_id', ids: IdTexts): string {
  return ids.read(span[field] ?? (isObject(span.context) ? span.context[field] : undefined));
}

/** Whether attributes, an object or OTLP's list, have a key of MLflow's. */
export function holdsMlflowKey(attributes: unknown): boolean {
  if (Array.isArray(attributes)) return attributes.some((item) => isObject(item) && isMlflowKey(item.key));
  return isObject(attributes) && Object.keys(attributes).some(isMlflowKey);
}

function isMlflowKey(key: unknown): boolean {
  return typeof key === 'string' && key.startsWith('mlflow.');
}

/** A text, without the quotes that MLflow writes attributes in. */
export function attributeText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const decoded = value.startsWith('"') ? decodedValue(value) : value;
  return typeof decoded === 'string' && decoded !== '' ? decoded : undefined;
}

/**
 * The value of a JSON text; the text itself where it is none, as in spans that came by OpenTelemetry, or where
 * `JSON.parse` would round an integer in it.
 */
function decodedValue(text: string): AttributeValue {
  if (/^-?\d{16,40}$/.test(text)) return integerOf(text);
  if (!beginsJson.test(text) || longInteger.test(text)) return text;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return text;
  }
}

const beginsJson = /^\s*(?:["[{\d-]|true|false|null)/;
const longInteger = /[:,[]\s{0,9}-?\d{16}/;

function integerOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** OTLP's list holds typed values; only what begins as JSON text does is decoded there. */
const beginsStructure = /^\s*["[{]/;

function decodedAttributes(attributes: unknown, isDecoded: (text: string) => boolean): Record<string, AttributeValue> {
  const result: Record<string, AttributeValue> = {};
  const read: JsonObject = Array.isArray(attributes)
    ? readAttributes(attributes)
    : isObject(attributes)
      ? attributes
      : {};
  for (const key of Object.keys(read)) {
    const value = read[key];
    if (value === null) setAttribute(result, key, null);
    else keepAttribute(result, key, typeof value === 'string' && isDecoded(value) ? decodedValue(value) : value);
  }
  return result;
}

function attributesOf(attributes: unknown): Record<string, AttributeValue> {
  return decodedAttributes(attributes, Array.isArray(attributes) ? (text) => beginsStructure.test(text) : () => true);
}

const knownOfSpan = new Set([
  ...['trace_id', 'span_id', 'parent_span_id', 'parent_id', 'context', 'name', 'attributes', 'events', 'links'],
  ...[
    'start_time',
    'end_time',
    'start_time_unix_nano',
    'end_time_unix_nano',
    'status',
    'status_code',
    'status_message',
  ],
]);

export function readMlflowDetails(span: JsonObject, { traceId, resource, ids }: MlflowContext): SpanDetails {
  const attributes = attributesOf(span.attributes);
  for (const key of Object.keys(span)) {
    if (!knownOfSpan.has(key) && span[key] !== '') keepBeside(attributes, key, span[key]);
  }
  keepContext(attributes, span.context);
  keepTraceId(attributes, otelTraceId(span, ids), traceId);
  keepUnread(attributes, span);
  return {
    statusMessage: statusMessageOf(span),
    attributes,
    events: asArray(span.events).map(eventOf),
    links: asArray(span.links)
      .filter(isObject)
      .map((link) => linkOf(link, ids)),
    resource,
    scope: undefined,
  };
}

/** A field of the span itself, where an attribute has its name. */
function keepBeside(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  keepAttribute(attributes, Object.hasOwn(attributes, key) ? `span.${key}` : key, value);
}

function keepContext(attributes: Record<string, AttributeValue>, context: unknown): void {
  if (!isObject(context)) return;
  for (const key of Object.keys(context)) {
    if (key !== 'trace_id' && key !== 'span_id') keepBeside(attributes, `context.${key}`, context[key]);
  }
}

/** OpenTelemetry's id of the trace, where MLflow's does not hold it. */
function keepTraceId(attributes: Record<string, AttributeValue>, id: string, traceId: string | undefined): void {
  const known = traceId ?? asText(attributes['mlflow.traceRequestId']) ?? id;
  if (id !== '' && known !== id && known !== `tr-${id}`) keepBeside(attributes, 'trace_id', id);
}

function keepUnread(attributes: Record<string, AttributeValue>, span: JsonObject): void {
  const unused: TimePoint = { seconds: NaN, nanos: NaN };
  for (const key of ['start_time', 'end_time', 'start_time_unix_nano', 'end_time_unix_nano']) {
    readOtlpTime(span[key], unused);
    if (!isKnown(unused) && span[key] !== '') keepBeside(attributes, key, span[key]);
  }
  for (const key of ['events', 'links']) if (!Array.isArray(span[key])) keepBeside(attributes, key, span[key]);
  if (!isObject(span.attributes) && !Array.isArray(span.attributes))
    keepBeside(attributes, 'attributes', span.attributes);
  if (statusOfWord(statusWordOf(span)) === undefined) keepBeside(attributes, 'status', span.status ?? span.status_code);
}

const knownOfEvent = new Set(['name', 'timestamp', 'time_unix_nano', 'attributes']);

function eventOf(event: unknown): SourceEvent {
  if (!isObject(event)) return { name: asText(event) ?? 'event', timeUnixNano: undefined, attributes: {} };
  const attributes = decodedAttributes(event.attributes, (text) => text.startsWith('"'));
  for (const key of Object.keys(event)) if (!knownOfEvent.has(key)) keepBeside(attributes, key, event[key]);
  const time: TimePoint = { seconds: NaN, nanos: NaN };
  const written = event.time_unix_nano ?? event.timestamp;
  readOtlpTime(written, time);
  if (!isKnown(time)) keepBeside(attributes, 'timestamp', written);
  return {
    name: asText(event.name) ?? 'event',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}

function linkOf(link: JsonObject, ids: IdTexts): SpanLink {
  return {
    traceId: ids.read(link.trace_id),
    spanId: ids.read(link.span_id),
    attributes: decodedAttributes(link.attributes, (text) => text.startsWith('"')),
  };
}

/** Maps whose keys stand for themselves: `mlflow.trace.session`, `mlflow.source.name`. */
const mapFields = ['trace_metadata', 'request_metadata', 'tags'];
const knownOfInfo = new Set(mapFields);
const knownOfDocument = new Set([...['info', 'trace_info', 'data', 'trace_data', 'spans', 'trace', ...mapFields]]);

/** What is told of the trace beside its spans: the fields of `info`, and what stands beside `info` and beside the spans. */
export function resourceOf(
  document: JsonObject,
  info: JsonObject | undefined,
  data: JsonObject | undefined,
): Attributes {
  const resource: Record<string, AttributeValue> = info ? attributesBeside(info, knownOfInfo) : {};
  for (const owner of new Set([info, data, document])) {
    if (!owner) continue;
    for (const field of mapFields) keepMap(resource, field, owner[field]);
    if (owner === info) continue;
    const beside = attributesBeside(owner, knownOfDocument);
    for (const key of Object.keys(beside)) keepFree(resource, key, beside[key]!, owner === data ? 'data' : 'trace');
  }
  for (const data of [document.data, document.trace_data]) {
    if (typeof data === 'string' && !objectOf(data)) keepFree(resource, 'data', data, 'trace');
  }
  return resource;
}

function keepMap(resource: Record<string, AttributeValue>, field: string, value: unknown): void {
  if (value === null || value === undefined) return;
  const map: JsonObject | undefined = Array.isArray(value) ? readAttributes(value) : objectOf(value);
  if (!map) keepAttribute(resource, field, value);
  else for (const key of Object.keys(map)) keepFree(resource, key, map[key], field);
}

/** Under its own key, or with its owner's name before it where that is taken by another value. */
function keepFree(resource: Record<string, AttributeValue>, key: string, value: unknown, owner: string): void {
  if (!Object.hasOwn(resource, key)) keepAttribute(resource, key, value);
  else if (resource[key] !== value) keepAttribute(resource, `${owner}.${key}`, value);
}
