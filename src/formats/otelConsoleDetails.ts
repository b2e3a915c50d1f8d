import type {
  Attributes,
  AttributeValue,
  InstrumentationScope,
  SourceEvent,
  SpanDetails,
  SpanLink,
} from '../model/details.ts';
import { isKnown, toUnixNano } from '../model/time.ts';
import { readAttributes } from './anyValue.ts';
import { attributesBeside, keepAttribute } from './apiRecord.ts';
import { firstOf, kindOf, type SpanShape, setConsoleTime, shapeOf, statusOf } from './otelConsoleShapes.ts';
import type { IdTexts } from './spanIdText.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/** What all spans of a list share. */
export interface ConsoleContext {
  readonly ids: IdTexts;
  /** Beside the list, where the spans have none themselves. */
  readonly resource: unknown;
}

export function serviceNameOf(resource: unknown): string | undefined {
  const attributes = resourceAttributesOf(resource);
  if (!Array.isArray(attributes)) return isObject(attributes) ? nonEmpty(attributes['service.name']) : undefined;
  for (const item of attributes as unknown[]) {
    if (!isObject(item)) continue;
    if ((item.Key ?? item.key ?? item[0]) === 'service.name') return nonEmpty(goValue(item.Value ?? item.value));
  }
  const pair: unknown = attributes.find((item) => Array.isArray(item) && item[0] === 'service.name');
  return Array.isArray(pair) ? nonEmpty(pair[1]) : undefined;
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Go's list, Python's and JavaScript's `{ attributes }`, or the attributes themselves. */
function resourceAttributesOf(resource: unknown): unknown {
  if (!isObject(resource)) return resource;
  return resource.attributes ?? resource._attributes ?? resource._rawAttributes ?? resource;
}

export function readConsoleDetails(span: JsonObject, { ids, resource }: ConsoleContext): SpanDetails {
  const shape = shapeOf(span)!;
  const status = span[shape.status];
  return {
    statusMessage: isObject(status) ? asText(firstOf(status, shape.statusMessage)) || undefined : undefined,
    attributes: spanAttributes(span, shape),
    events: asArray(span[shape.events])
      .filter(isObject)
      .map((event) => readEvent(event, shape)),
    links: asArray(span[shape.links])
      .filter(isObject)
      .map((link) => readLink(link, shape, ids)),
    resource: attributesIn(resourceAttributesOf(span[shape.resource] ?? resource)),
    scope: readScope(firstOf(span, shape.scope), shape),
  };
}

/** Attributes as an object, as Go's list of `{ Key, Value: { Type, Value } }`, as OTLP's, or as pairs. */
function attributesIn(source: unknown): Record<string, AttributeValue> {
  if (!Array.isArray(source)) return readAttributes(source);
  return readAttributes(
    source.map((item) => {
      if (Array.isArray(item)) return { key: item[0], value: item[1] };
      return isObject(item) && item.Key !== undefined ? { key: item.Key, value: goValue(item.Value) } : item;
    }),
  );
}

function goValue(value: unknown): unknown {
  return isObject(value) && value.Type !== undefined && Object.hasOwn(value, 'Value') ? value.Value : value;
}

const knownFields = new Map<SpanShape, ReadonlySet<string>>();

/** What is read into columns or has its own place in the details. */
function knownFieldsOf(shape: SpanShape): ReadonlySet<string> {
  let known = knownFields.get(shape);
  if (!known) {
    known = new Set([
      ...[shape.name, shape.kind, shape.start, shape.end, shape.status, shape.attributes, shape.events, shape.links],
      ...[shape.resource, shape.droppedAttributes, shape.droppedEvents, shape.droppedLinks],
      ...[...shape.context, ...shape.parentContext, ...shape.parentId, ...shape.duration, ...shape.scope],
      ...shape.ignored,
      ...(shape.ownSpanId === undefined ? [] : [shape.ownSpanId, shape.traceId]),
    ]);
    knownFields.set(shape, known);
  }
  return known;
}

/** The span's own, and after them what it says beside them. What could not be read stays as it is written. */
function spanAttributes(span: JsonObject, shape: SpanShape): Attributes {
  const attributes = attributesIn(span[shape.attributes]);
  const others = attributesBeside(span, knownFieldsOf(shape));
  const unused = { seconds: NaN, nanos: NaN };
  for (const key of Object.keys(others)) keepNew(attributes, key, others[key]);
  if (kindOf(span[shape.kind], shape) === undefined) keepNew(attributes, shape.kind, span[shape.kind]);
  if (statusOf(span[shape.status], shape) === undefined) keepNew(attributes, shape.status, span[shape.status]);
  for (const field of [shape.start, shape.end]) {
    if (!setConsoleTime(unused, span[field])) keepNew(attributes, field, span[field]);
  }
  for (const field of [...shape.context, ...shape.parentContext]) keepContext(attributes, field, span[field], shape);
  return attributes;
}

function keepNew(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  if (!Object.hasOwn(attributes, key)) keepAttribute(attributes, key, value);
}

/** Usual values of a span context, which say nothing: no state, not remote, the flags. */
const emptyContextValues: ReadonlySet<unknown> = new Set(['', '[]', '00', '01', false, 0, 1, null]);

function keepContext(attributes: Record<string, AttributeValue>, field: string, context: unknown, shape: SpanShape) {
  if (!isObject(context)) return;
  for (const key of Object.keys(context)) {
    const value = context[key];
    if (key === shape.traceId || key === shape.spanId || emptyContextValues.has(value)) continue;
    keepNew(attributes, `${field}.${key}`, value);
  }
}

function readEvent(event: JsonObject, shape: SpanShape): SourceEvent {
  const time = { seconds: NaN, nanos: NaN };
  const source = firstOf(event, shape.eventTime);
  const isTime = setConsoleTime(time, source);
  const attributes = attributesIn(event[shape.attributes]);
  if (!isTime) keepNew(attributes, shape.eventTime[0]!, source);
  keepOthers(attributes, event, [shape.name, shape.attributes, ...shape.eventTime]);
  return {
    name: asText(event[shape.name]) ?? '',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}

function readLink(link: JsonObject, shape: SpanShape, ids: IdTexts): SpanLink {
  const context = isObject(link[shape.linkContext]) ? (link[shape.linkContext] as JsonObject) : link;
  const traceState = asText(context[shape.traceState]);
  const attributes = attributesIn(link[shape.attributes]);
  keepOthers(attributes, link, [shape.linkContext, shape.attributes, shape.traceId, shape.spanId, shape.traceState]);
  return {
    traceId: ids.read(context[shape.traceId]),
    spanId: ids.read(context[shape.spanId]),
    attributes,
    ...(traceState && traceState !== '[]' ? { traceState } : {}),
  };
}

/** Beside those that are known; counts of 0 say nothing. */
function keepOthers(attributes: Record<string, AttributeValue>, record: JsonObject, known: readonly string[]): void {
  const others = attributesBeside(record, new Set(known));
  for (const key of Object.keys(others)) if (others[key] !== 0) keepNew(attributes, key, others[key]);
}

function readScope(scope: unknown, shape: SpanShape): InstrumentationScope | undefined {
  if (!isObject(scope)) return undefined;
  const name = asText(scope[shape.name]) ?? '';
  const version = asText(scope[shape.scopeVersion]);
  const attributes = attributesIn(scope[shape.attributes]);
  const hasAttributes = Object.keys(attributes).length > 0;
  if (!name && !version && !hasAttributes) return undefined;
  return { name, ...(version ? { version } : {}), ...(hasAttributes ? { attributes } : {}) };
}
