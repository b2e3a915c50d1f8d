import type { SpanKind } from '../model/columns.ts';
import {
  type Attributes,
  type AttributeValue,
  type SourceEvent,
  type SpanDetails,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano, unknownTime } from '../model/time.ts';
import { setMicroseconds } from './jaegerTime.ts';
import { fromJsonValue } from './jsonValue.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/** What is read into columns or its own place in the details. All else of a span is shown among its attributes. */
const knownFields = new Set([
  ...['traceId', 'id', 'parentId', 'name', 'timestamp', 'duration', 'kind'],
  ...['localEndpoint', 'annotations', 'binaryAnnotations', 'tags'],
]);

/** Tags by which OpenTelemetry says what Zipkin has no field for; read into those, and no attributes. */
const mappedTags = new Set(['otel.status_code', 'otel.status_description', 'otel.scope.name', 'otel.scope.version']);

export function readZipkinDetails(span: JsonObject): SpanDetails {
  const version = tagText(span, 'otel.scope.version') ?? tagText(span, 'otel.library.version');
  const scope = tagText(span, 'otel.scope.name') ?? tagText(span, 'otel.library.name');
  return {
    statusMessage: statusMessageOf(span),
    attributes: attributesOf(span),
    events: asArray(span.annotations).map(eventOf),
    links: [],
    resource: resourceOf(span),
    scope: scope === undefined ? undefined : { name: scope, ...(version === undefined ? {} : { version }) },
  };
}

/** Version 1 has no local endpoint: each annotation says where it was made. */
export function serviceNameOf(span: JsonObject): string | undefined {
  if (isObject(span.localEndpoint)) return asText(span.localEndpoint.serviceName) || undefined;
  for (const list of [span.annotations, span.binaryAnnotations]) {
    for (const item of asArray(list)) {
      const name = isObject(item) && isObject(item.endpoint) ? asText(item.endpoint.serviceName) : undefined;
      if (name) return name;
    }
  }
  return undefined;
}

const kindByAnnotation: ReadonlyMap<unknown, SpanKind> = new Map<string, SpanKind>([
  ...(['cs', 'cr'] as const).map((value) => [value, 'client'] as const),
  ...(['sr', 'ss'] as const).map((value) => [value, 'server'] as const),
  ['ms', 'producer'],
  ['mr', 'consumer'],
]);

/** Version 1 says by annotations which side reports: client send, server receive … */
export function kindOfAnnotations(annotations: readonly unknown[]): SpanKind | undefined {
  for (const annotation of annotations) {
    const kind = isObject(annotation) ? kindByAnnotation.get(annotation.value) : undefined;
    if (kind) return kind;
  }
  return undefined;
}

/** In lower case: `ok`, `error`, or anything else that stands there. */
export function statusCodeOf(span: JsonObject): string | undefined {
  return tagText(span, 'otel.status_code')?.toLowerCase();
}

function tagText(span: JsonObject, key: string): string | undefined {
  return isObject(span.tags) && Object.hasOwn(span.tags, key) ? asText(span.tags[key]) : undefined;
}

/** The tag `error` holds a message, or nothing but the fact. */
function statusMessageOf(span: JsonObject): string | undefined {
  const description = tagText(span, 'otel.status_description');
  if (description) return description;
  const error = tagText(span, 'error');
  return error && statusCodeOf(span) !== 'ok' && error !== 'true' && error !== 'false' ? error : undefined;
}

function attributesOf(span: JsonObject): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  if (isObject(span.tags)) {
    for (const key of Object.keys(span.tags)) if (!isMapped(key, span.tags[key])) add(attributes, key, span.tags[key]);
  } else if (span.tags !== undefined && span.tags !== null) add(attributes, 'tags', span.tags);
  for (const tag of asArray(span.binaryAnnotations)) {
    const key = isObject(tag) ? asText(tag.key) : undefined;
    if (isObject(tag) && key !== undefined) add(attributes, key, tag.value);
  }
  for (const key of Object.keys(span)) if (!knownFields.has(key)) addBeside(attributes, key, span[key]);
  addUnread(attributes, span);
  return attributes;
}

function isMapped(key: string, value: unknown): boolean {
  if (!mappedTags.has(key) || asText(value) === undefined) return false;
  return key !== 'otel.status_code' || ['ok', 'error', 'unset'].includes(String(value).toLowerCase());
}

/** What stands in a field that says nothing there: a duration without a start, a kind that is none. */
function addUnread(attributes: Record<string, AttributeValue>, span: JsonObject): void {
  const time: TimePoint = { ...unknownTime };
  for (const key of ['timestamp', 'duration']) {
    setMicroseconds(time, span[key]);
    const isRead = isKnown(time) && (key === 'timestamp' || isTimed(span));
    if (!isRead && span[key] !== undefined && span[key] !== null) addBeside(attributes, key, span[key]);
  }
  for (const key of ['annotations', 'binaryAnnotations', 'localEndpoint']) {
    const isRead = key === 'localEndpoint' ? isObject(span[key]) : Array.isArray(span[key]);
    if (!isRead && span[key] !== undefined && span[key] !== null) addBeside(attributes, key, span[key]);
  }
  const { kind } = span;
  if (kind !== undefined && kind !== null && !/^(?:client|server|producer|consumer)$/i.test(asText(kind) ?? '')) {
    addBeside(attributes, 'kind', kind);
  }
}

function isTimed(span: JsonObject): boolean {
  const time: TimePoint = { ...unknownTime };
  setMicroseconds(time, span.timestamp);
  return isKnown(time) && !isZero(span.timestamp);
}

export function isZero(timestamp: unknown): boolean {
  return timestamp === 0 || timestamp === '0';
}

function add(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  const read = fromJsonValue(value);
  if (read !== undefined) setAttribute(attributes, key, read);
}

/** A tag may have the name of a field of the span: both are shown. */
function addBeside(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  add(attributes, Object.hasOwn(attributes, key) ? `zipkin.${key}` : key, value);
}

function resourceOf(span: JsonObject): Attributes {
  const resource: Record<string, AttributeValue> = {};
  const service = serviceNameOf(span);
  if (service !== undefined) resource['service.name'] = service;
  const endpoint = span.localEndpoint;
  if (!isObject(endpoint)) return resource;
  for (const key of Object.keys(endpoint)) if (key !== 'serviceName') add(resource, key, endpoint[key]);
  return resource;
}

function eventOf(annotation: unknown): SourceEvent {
  if (!isObject(annotation)) {
    return { name: asText(annotation) ?? 'annotation', timeUnixNano: undefined, attributes: {} };
  }
  const time: TimePoint = { ...unknownTime };
  setMicroseconds(time, annotation.timestamp);
  const value = asText(annotation.value);
  const named = value === undefined ? undefined : openTelemetryEvent(value);
  const attributes: Record<string, AttributeValue> = {};
  if (named) for (const key of Object.keys(named.attributes)) add(attributes, key, named.attributes[key]);
  for (const key of Object.keys(annotation)) {
    const isRead = (key === 'timestamp' && isKnown(time)) || (key === 'value' && value !== undefined);
    if (!isRead) addBeside(attributes, key, annotation[key]);
  }
  return {
    name: named?.name ?? value ?? 'annotation',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}

/**
 * An event of OpenTelemetry as its exporters write it into an annotation's text: `"name": {"key": "value"}`
 * (https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/#events), the collector's `name|{"key":"value"}|0`.
 */
function openTelemetryEvent(value: string): { name: string; attributes: JsonObject } | undefined {
  if (value.startsWith('"') && value.endsWith('}')) {
    const parsed = objectOf(`{${value}}`);
    const names = parsed ? Object.keys(parsed) : [];
    const attributes = names.length === 1 ? parsed![names[0]!] : undefined;
    return isObject(attributes) ? { name: names[0]!, attributes } : undefined;
  }
  const from = value.indexOf('|{');
  const to = value.lastIndexOf('}|');
  const attributes = from > 0 && to > from ? objectOf(value.slice(from + 1, to + 1)) : undefined;
  return attributes && { name: value.slice(0, from), attributes };
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
