import {
  type Attributes,
  type AttributeValue,
  type SourceEvent,
  type SpanDetails,
  type SpanLink,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano, unknownTime } from '../model/time.ts';
import { bytesFromBase64 } from './base64.ts';
import { setMicroseconds } from './jaegerTime.ts';
import { fromPythonText } from './pythonText.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/**
 * Tags that say what Jaeger has no field for. Those of the first group are OpenTelemetry's own mapping to Jaeger
 * (https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/); those that begin with `spanscope.` are written
 * only where something would be lost without them. All are read into the fields they stand for and are no attributes.
 */
export const mappedTags = {
  kind: 'span.kind',
  statusCode: 'otel.status_code',
  statusMessage: 'otel.status_description',
  scopeName: 'otel.scope.name',
  scopeVersion: 'otel.scope.version',
  unfinished: 'spanscope.unfinished',
  noStart: 'spanscope.no_start',
  noParent: 'spanscope.no_parent',
  noId: 'spanscope.no_id',
  startUnixNano: 'spanscope.start_unix_nano',
  endUnixNano: 'spanscope.end_unix_nano',
  timeUnixNano: 'spanscope.time_unix_nano',
  noTime: 'spanscope.no_time',
  plainText: 'spanscope.plain_text',
} as const;

const hidden: ReadonlySet<string> = new Set(Object.values(mappedTags));

/** A process as its spans share it. */
export interface JaegerContext {
  traceId: string;
  serviceName: string;
  /** Without `service.name`. */
  resource: Attributes;
}

export const noProcess: Attributes = Object.freeze({});

export function readSpanDetails(span: JsonObject, context: JaegerContext): SpanDetails {
  const tags = tagsOf(span);
  const attributes = attributesOfTags(tags);
  return {
    statusMessage: asText(tagValue(tags, mappedTags.statusMessage)) ?? asText(attributes.status_description),
    attributes,
    events: asArray(span.logs).filter(isObject).map(readLog),
    links: linksOf(span, context.traceId),
    resource: resourceOf(context, attributes),
    scope: scopeOf(tags),
  };
}

/** `tags`, and Elasticsearch's `tag` map, in which dots are written as @. */
export function tagsOf(span: JsonObject): readonly JsonObject[] {
  const list = asArray(span.tags).filter(isObject);
  if (!isObject(span.tag)) return list;
  return [...list, ...Object.entries(span.tag).map(([key, value]) => ({ key: key.replaceAll('@', '.'), value }))];
}

export function tagValue(tags: readonly JsonObject[], key: string): unknown {
  return tags.find((tag) => tag.key === key)?.value;
}

/**
 * A plain trace keeps its service's name among the span's attributes and has no resource: then the process says nothing
 * more. `unknown` is what stands where nobody gave a name.
 */
function resourceOf({ serviceName, resource }: JaegerContext, attributes: Attributes): Attributes {
  if (attributes['service.name'] === serviceName || serviceName === 'unknown') return resource;
  return { 'service.name': serviceName, ...resource };
}

function scopeOf(tags: readonly JsonObject[]) {
  const name = asText(tagValue(tags, mappedTags.scopeName)) ?? asText(tagValue(tags, 'otel.library.name'));
  if (name === undefined) return undefined;
  const version = asText(tagValue(tags, mappedTags.scopeVersion)) ?? asText(tagValue(tags, 'otel.library.version'));
  return version === undefined ? { name } : { name, version };
}

/** Tags as attributes. A key that comes again with another value gets a list of its values: none is lost. */
export function attributesOfTags(tags: readonly JsonObject[], skip?: string): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const repeated = new Set<string>();
  const plainText = plainTextKeys(tags);
  for (const tag of tags) {
    const key = asText(tag.key);
    if (key === undefined || key === skip || hidden.has(key)) continue;
    const value = plainText.has(key) && typeof tag.value === 'string' ? tag.value : valueOfTag(tag);
    if (!Object.hasOwn(attributes, key)) setAttribute(attributes, key, value);
    else if (repeated.has(key))
      setAttribute(attributes, key, [...(attributes[key] as readonly AttributeValue[]), value]);
    else if (attributes[key] !== value) {
      setAttribute(attributes, key, [attributes[key]!, value]);
      repeated.add(key);
    }
  }
  return attributes;
}

/** Keys of texts that look like structures and are none, as `toJaeger` lists them. */
function plainTextKeys(tags: readonly JsonObject[]): ReadonlySet<string> {
  const listed = tagValue(tags, mappedTags.plainText);
  if (typeof listed !== 'string') return noKeys;
  try {
    return new Set(asArray(JSON.parse(listed)).filter((key) => typeof key === 'string'));
  } catch {
    return noKeys;
  }
}

const noKeys: ReadonlySet<string> = new Set();

/** By the value itself; its `type` counts only where a text stands for what JSON cannot hold. */
function valueOfTag({ type, value }: JsonObject): AttributeValue {
  if (typeof value === 'string') return valueOfText(value, type);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (value === undefined) return null;
  return typeof value === 'bigint' ? value : (value as AttributeValue);
}

function valueOfText(text: string, type: unknown): AttributeValue {
  switch (type) {
    case 'int64':
      return integerOf(text) ?? text;
    case 'float64':
      return numberOf(text) ?? text;
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'binary':
      return bytesFromBase64(text) ?? text;
    default:
      return fromPythonText(text);
  }
}

function integerOf(text: string): number | bigint | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function numberOf(text: string): number | undefined {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

function readLog(log: JsonObject): SourceEvent {
  const fields = asArray(log.fields).filter(isObject);
  const event = fields.find((field) => field.key === 'event');
  const name = event === undefined ? undefined : asText(event.value);
  return {
    name: name ?? 'log',
    timeUnixNano: timeOfLog(log, fields),
    attributes: attributesOfTags(fields, name === undefined ? undefined : 'event'),
  };
}

function timeOfLog(log: JsonObject, fields: readonly JsonObject[]): bigint | undefined {
  const exact = tagValue(fields, mappedTags.timeUnixNano);
  if (typeof exact === 'string' && /^-?\d{1,30}$/.test(exact)) return BigInt(exact);
  if (tagValue(fields, mappedTags.noTime) === true) return undefined;
  const time: TimePoint = { ...unknownTime };
  setMicroseconds(time, log.timestamp);
  return isKnown(time) ? toUnixNano(time) : undefined;
}

/** Which reference is the parent: CHILD_OF before FOLLOWS_FROM, and only of the same trace. -1 for none. */
export function parentReference(references: readonly unknown[], traceId: string): number {
  let followsFrom = -1;
  for (let at = 0; at < references.length; at++) {
    const reference = references[at];
    if (!isObject(reference) || !isSpanId(reference.spanID)) continue;
    if (reference.traceID !== undefined && reference.traceID !== traceId) continue;
    if (reference.refType !== 'FOLLOWS_FROM') return at;
    if (followsFrom < 0) followsFrom = at;
  }
  return followsFrom;
}

/** Neither empty nor all zeros, which stand for no span. */
export function isSpanId(id: unknown): id is string | number {
  return (typeof id === 'string' || typeof id === 'number') && !/^0*$/.test(String(id));
}

/** Every reference but the parent's. What a reference embeds of its span is never looked at: it may hold all ancestors. */
function linksOf(span: JsonObject, traceId: string): readonly SpanLink[] {
  const references = asArray(span.references);
  if (references.length === 0) return noLinks;
  const parent = tagValue(tagsOf(span), mappedTags.noParent) === true ? -1 : parentReference(references, traceId);
  const links: SpanLink[] = [];
  references.forEach((reference, at) => {
    if (at === parent || !isObject(reference) || !isSpanId(reference.spanID)) return;
    links.push({
      traceId: asText(reference.traceID) ?? traceId,
      spanId: String(reference.spanID),
      attributes: {},
      refType: reference.refType === 'CHILD_OF' ? 'CHILD_OF' : 'FOLLOWS_FROM',
    });
  });
  return links;
}

const noLinks: readonly SpanLink[] = Object.freeze([]);
