import { type SpanKind, type SpanStatus, spanKinds } from '../model/columns.ts';
import {
  type Attributes,
  type AttributeValue,
  type InstrumentationScope,
  noDetails,
  type SourceEvent,
  type SpanDetails,
  type SpanLink,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano } from '../model/time.ts';
import { fromJsonValue } from './jsonValue.ts';
import { durationOfIso, setTime } from './plainTime.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

// What the fields of a plain span are called and how they are spelled, one function each.

export function traceIdOf(object: JsonObject): string | undefined {
  return asText(object.trace_id ?? object.traceId) || undefined;
}

export function spanIdOf(object: JsonObject): string | undefined {
  return asText(object.span_id ?? object.spanId) || undefined;
}

/** What the object around the spans says for all of them. */
export interface FileContext {
  serviceName: string | undefined;
  resource: Attributes | undefined;
}

export function parentIdOf(span: JsonObject): string | undefined {
  const id = asText(span.parent_span_id ?? span.parentSpanId ?? span.parent_id ?? span.parentId);
  return id === '' ? undefined : id;
}

/** `service_name` stands above the attribute: a writer that gives both has a reason to. */
export function serviceNameOf(span: JsonObject): string | undefined {
  return (
    ownServiceName(span) ??
    serviceNameIn(span.attributes) ??
    nonEmpty(span.service) ??
    serviceNameIn(innerAttributes(span.resource ?? span.resources))
  );
}

export function ownServiceName(object: JsonObject): string | undefined {
  return nonEmpty(object.service_name ?? object.serviceName);
}

export function serviceNameIn(attributes: unknown): string | undefined {
  return isObject(attributes) ? nonEmpty(attributes['service.name']) : undefined;
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Undefined for what names no kind. */
export function kindOf(value: unknown): SpanKind | undefined {
  if (value === undefined || value === null) return 'unspecified';
  if (typeof value === 'number') return spanKinds[value];
  const word = lastWord(value, /^(?:SPAN_KIND_|SpanKind\.)/i);
  return spanKinds.find((kind) => kind === word);
}

/** The status may be an object, as OpenTelemetry has it. */
export function statusWordOf(span: JsonObject): unknown {
  const status = span.status ?? span.status_code ?? span.statusCode;
  return isObject(status) ? (status.status_code ?? status.statusCode ?? status.code) : status;
}

const statusWords: ReadonlyMap<string, SpanStatus> = new Map<string, SpanStatus>([
  ['', 'unset'],
  ['unset', 'unset'],
  ['ok', 'ok'],
  ['error', 'error'],
  ['0', 'unset'],
  ['1', 'ok'],
  ['2', 'error'],
]);

/** Undefined for what names no status. */
export function statusOfWord(word: unknown): SpanStatus | undefined {
  if (word === undefined || word === null) return 'unset';
  return statusWords.get(lastWord(word, /^(?:STATUS_CODE_|StatusCode\.)/i));
}

function lastWord(value: unknown, prefix: RegExp): string {
  return String(asText(value) ?? '?')
    .trim()
    .replace(prefix, '')
    .toLowerCase();
}

/** Milliseconds from the start of the trace, in the place of a time. */
export function offsetOf(span: JsonObject): number | undefined {
  const offset = span.offset_ms ?? span.offsetMs;
  return isOffset(offset) ? offset : undefined;
}

function isOffset(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Milliseconds; `duration` alone has no unit unless it is written as ISO 8601 has it. */
export function durationOf(span: JsonObject): number | undefined {
  const milliseconds = span.duration_ms ?? span.durationMs;
  return isOffset(milliseconds) ? milliseconds : durationOfIso(span.duration);
}

/**
 * What is read into columns or its own place in the details. All else of a span is shown among its attributes, and so is
 * what stands here but could not be read.
 */
const knownFields = new Set([
  ...['trace_id', 'traceId', 'span_id', 'spanId', 'parent_span_id', 'parentSpanId', 'parent_id', 'parentId', 'name'],
  ...['start_time', 'startTime', 'end_time', 'endTime', 'duration_ms', 'durationMs', 'kind'],
  ...['status', 'status_code', 'statusCode', 'status_message', 'statusMessage'],
  ...['status_description', 'statusDescription', 'service_name', 'serviceName', 'service'],
  ...['offset_ms', 'offsetMs', 'duration', 'attributes', 'events', 'links', 'resource', 'resources', 'scope'],
  ...['instrumentation_scope', 'instrumentationScope'],
  ...['follows_from', 'followsFrom'],
]);
const knownEventFields = new Set(['name', 'timestamp', 'time', 'attributes']);

export function readDetails(span: JsonObject, file: FileContext): SpanDetails {
  return {
    statusMessage: statusMessageOf(span),
    attributes: spanAttributes(span),
    events: isFilled(span.events) ? span.events.map(eventOf) : noEvents,
    links: isFilled(span.links) ? span.links.filter(isObject).map(linkOf) : noLinks,
    resource: attributesOfResource(span.resource ?? span.resources) ?? file.resource ?? noAttributes,
    scope: scopeOf(span.scope ?? span.instrumentation_scope ?? span.instrumentationScope),
  };
}

const { events: noEvents, links: noLinks, attributes: noAttributes } = noDetails;

function isFilled(list: unknown): list is readonly unknown[] {
  return Array.isArray(list) && list.length > 0;
}

function spanAttributes(span: JsonObject): Attributes {
  const { attributes } = span;
  const left = unreadFields(span);
  if (left === undefined) return isPlain(attributes) ? (attributes as Attributes) : ownAttributes(span);
  const all = ownAttributes(span);
  for (const key of left) if (!Object.hasOwn(all, key)) addAttribute(all, key, span[key]);
  return all;
}

const unused: TimePoint = { seconds: NaN, nanos: NaN };
const timeFields: ReadonlySet<string> = new Set(['start_time', 'startTime', 'end_time', 'endTime']);
const offsetFields: ReadonlySet<string> = new Set(['offset_ms', 'offsetMs']);

/** The fields that are shown among the attributes; undefined where there are none, as is usual. */
function unreadFields(span: JsonObject): string[] | undefined {
  let left: string[] | undefined;
  for (const key of Object.keys(span)) {
    if (knownFields.has(key) && isRead(span, key)) continue;
    left ??= [];
    left.push(key);
  }
  return left;
}

/** Whether one of the known fields is read into columns or details of its own. */
function isRead(span: JsonObject, key: string): boolean {
  const value = span[key];
  if (value === undefined) return true;
  if (timeFields.has(key)) return setTime(unused, value);
  if (offsetFields.has(key)) return isOffset(value) && (span.start_time ?? span.startTime) == null;
  if (key === 'kind') return kindOf(value) !== undefined;
  if (key === 'status') return statusOfWord(statusWordOf(span)) !== undefined;
  if (key === 'duration') return durationOfIso(value) !== undefined;
  if (key === 'resources') return isObject(value) && span.resource == null;
  return true;
}

/**
 * Whether attributes can be handed on as they are, not copied: nothing in them is written otherwise than it is read. Of a
 * million spans looked at in one walk, copies would be most of the work.
 */
function isPlain(attributes: unknown): boolean {
  if (!isObject(attributes)) return false;
  const prototype: unknown = Object.getPrototypeOf(attributes);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in attributes) {
    const value = attributes[key];
    if (Array.isArray(value) ? value.length > 64 || !value.every(isScalar) : !isScalar(value)) return false;
  }
  return true;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null;
}

function attributesOf(owner: JsonObject, known: ReadonlySet<string>): Record<string, AttributeValue> {
  const attributes = ownAttributes(owner);
  for (const key of Object.keys(owner)) {
    if (!known.has(key) && !Object.hasOwn(attributes, key)) addAttribute(attributes, key, owner[key]);
  }
  return attributes;
}

function ownAttributes(owner: JsonObject): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  if (isObject(owner.attributes)) copyAttributes(owner.attributes, attributes);
  else if (owner.attributes !== undefined && owner.attributes !== null)
    addAttribute(attributes, 'attributes', owner.attributes);
  return attributes;
}

function copyAttributes(from: JsonObject, to: Record<string, AttributeValue>): void {
  for (const key of Object.keys(from)) addAttribute(to, key, from[key]);
}

function addAttribute(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  const read = fromJsonValue(value);
  if (read !== undefined) setAttribute(attributes, key, read);
}

export function statusMessageOf(span: JsonObject): string | undefined {
  // What `toJson` writes where an attribute would be taken for the message that there is not.
  if (span.status_message === '') return undefined;
  const status = isObject(span.status) ? span.status : {};
  return (
    nonEmpty(span.status_message ?? span.statusMessage) ??
    nonEmpty(span.status_description ?? span.statusDescription) ??
    nonEmpty(status.description ?? status.message) ??
    (isObject(span.attributes) ? nonEmpty(span.attributes.status_description) : undefined)
  );
}

function eventOf(event: unknown): SourceEvent {
  if (!isObject(event)) return { name: asText(event) ?? 'event', timeUnixNano: undefined, attributes: {} };
  const time: TimePoint = { seconds: NaN, nanos: NaN };
  setTime(time, event.timestamp ?? event.time);
  return {
    name: asText(event.name) ?? 'event',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes: eventAttributes(event),
  };
}

function eventAttributes(event: JsonObject): Attributes {
  for (const key in event) if (!knownEventFields.has(key)) return attributesOf(event, knownEventFields);
  return isPlain(event.attributes) ? (event.attributes as Attributes) : ownAttributes(event);
}

export function linkOf(link: JsonObject): SpanLink {
  const ids = isObject(link.context) ? link.context : link;
  const traceState = nonEmpty(link.trace_state ?? link.traceState);
  const refType = link.ref_type ?? link.refType;
  return {
    traceId: traceIdOf(ids) ?? '',
    spanId: spanIdOf(ids) ?? '',
    attributes: isObject(link.attributes) ? attributesIn(link.attributes) : {},
    ...(traceState === undefined ? {} : { traceState }),
    ...(refType === 'CHILD_OF' || refType === 'FOLLOWS_FROM' ? { refType } : {}),
  };
}

function attributesIn(source: JsonObject): Attributes {
  if (isPlain(source)) return source as Attributes;
  const attributes: Record<string, AttributeValue> = {};
  copyAttributes(source, attributes);
  return attributes;
}

/** OpenTelemetry's consoles write a resource's attributes one level further in. */
function innerAttributes(resource: unknown): JsonObject | undefined {
  if (!isObject(resource)) return undefined;
  return isObject(resource.attributes) ? resource.attributes : resource;
}

export function attributesOfResource(resource: unknown): Attributes | undefined {
  const inner = innerAttributes(resource);
  return inner && attributesIn(inner);
}

function scopeOf(scope: unknown): InstrumentationScope | undefined {
  if (typeof scope === 'string' && scope !== '') return { name: scope };
  if (!isObject(scope)) return undefined;
  const version = nonEmpty(scope.version);
  return {
    name: asText(scope.name) ?? '',
    ...(version === undefined ? {} : { version }),
    ...(isObject(scope.attributes) ? { attributes: attributesIn(scope.attributes) } : {}),
  };
}
