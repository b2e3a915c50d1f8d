import { type SpanKind, type SpanStatus, spanKinds } from '../model/columns.ts';
import { type Attributes, type AttributeValue, setAttribute } from '../model/details.ts';
import { bytesFromBase64 } from './base64.ts';
import { fromJsonValue } from './jsonValue.ts';
import { fromPythonText } from './pythonText.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

/**
 * Tags that say what Jaeger has no field for. The first group is OpenTelemetry's own mapping to Jaeger
 * (https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/jaeger/). Those that begin with `spanscope.` are written
 * only where something would be lost or read wrongly without them:
 *
 * | tag | on | what it says |
 * |---|---|---|
 * | `unfinished`, `no_start`, `no_id` | span | `true`: no end, no start, no id |
 * | `start_unix_nano`, `end_unix_nano` | span | the exact time, decimal, where microseconds do not hold it |
 * | `time_unix_nano`, `no_time` | log | the same for an event |
 * | `no_parent`, `parent_span_id`, `follows_from` | span | the parent, where the references tell of another |
 * | `links` | span | all links, where a reference does not hold one: `[{'trace_id': …, 'span_id': …}]` |
 * | `scope_attributes` | span | the instrumentation scope's, a map |
 * | `no_service_name` | process | `true`: the resource has no `service.name` |
 * | `types` | all | `{KEY: 'bytes'}` base64, `'integer'` a bigint within 2^53, `'text'` a text that looks like a structure |
 * | `attribute.KEY` | all | an attribute KEY that would be taken for one of these tags |
 *
 * All are read into the fields that they stand for. One whose value cannot be read is an attribute as any other.
 */
export const mappedTags = {
  kind: 'span.kind',
  statusCode: 'otel.status_code',
  statusMessage: 'otel.status_description',
  scopeName: 'otel.scope.name',
  scopeVersion: 'otel.scope.version',
  oldScopeName: 'otel.library.name',
  oldScopeVersion: 'otel.library.version',
  scopeAttributes: 'spanscope.scope_attributes',
  unfinished: 'spanscope.unfinished',
  noStart: 'spanscope.no_start',
  noId: 'spanscope.no_id',
  startUnixNano: 'spanscope.start_unix_nano',
  endUnixNano: 'spanscope.end_unix_nano',
  timeUnixNano: 'spanscope.time_unix_nano',
  noTime: 'spanscope.no_time',
  noParent: 'spanscope.no_parent',
  parentSpanId: 'spanscope.parent_span_id',
  followsFrom: 'spanscope.follows_from',
  links: 'spanscope.links',
  noServiceName: 'spanscope.no_service_name',
  types: 'spanscope.types',
} as const;

/** Begins the names of all tags of this project's own. */
export const ownPrefix = 'spanscope.';
const attributePrefix = `${ownPrefix}attribute.`;

/** Whether a value can be read as what its tag stands for, by the tags of a span, a log or a process. */
export type TagReaders = ReadonlyMap<string, (value: unknown) => boolean>;

const isText = (value: unknown) => asText(value) !== undefined;
const isMap = (value: unknown) => mapOfText(value) !== undefined;
const isUnixNano = (value: unknown) => typeof value === 'string' && /^-?\d{1,40}$/.test(value);

export const spanTags: TagReaders = new Map([
  [mappedTags.kind, (value: unknown) => kindOf(value) !== undefined],
  [mappedTags.statusCode, (value: unknown) => statusOfCode(value) !== undefined],
  [mappedTags.statusMessage, isText],
  [mappedTags.scopeName, isText],
  [mappedTags.scopeVersion, isText],
  [mappedTags.oldScopeName, isText],
  [mappedTags.oldScopeVersion, isText],
  [mappedTags.scopeAttributes, isMap],
  [mappedTags.unfinished, isTrue],
  [mappedTags.noStart, isTrue],
  [mappedTags.noId, isTrue],
  [mappedTags.startUnixNano, isUnixNano],
  [mappedTags.endUnixNano, isUnixNano],
  [mappedTags.noParent, isTrue],
  [mappedTags.parentSpanId, isText],
  [mappedTags.followsFrom, isTrue],
  [mappedTags.links, (value: unknown) => listOfText(value) !== undefined],
  [mappedTags.types, isMap],
]);

export const logTags: TagReaders = new Map([
  [mappedTags.timeUnixNano, isUnixNano],
  [mappedTags.noTime, isTrue],
  [mappedTags.types, isMap],
]);

export const processTags: TagReaders = new Map([
  [mappedTags.noServiceName, isTrue],
  [mappedTags.types, isMap],
]);

const kindOfText: ReadonlyMap<unknown, SpanKind> = new Map(spanKinds.map((kind) => [kind, kind]));
const statusOfText: ReadonlyMap<unknown, SpanStatus> = new Map([
  ['ERROR', 'error'],
  ['OK', 'ok'],
  ['UNSET', 'unset'],
]);

export function kindOf(value: unknown): SpanKind | undefined {
  return kindOfText.get(value) ?? (typeof value === 'string' ? kindOfText.get(value.toLowerCase()) : undefined);
}

/** By name alone: as numbers, 1 and 2 have been ok and error as well as error and ok. */
export function statusOfCode(value: unknown): SpanStatus | undefined {
  return statusOfText.get(value) ?? (typeof value === 'string' ? statusOfText.get(value.toUpperCase()) : undefined);
}

/** True, or how Elasticsearch and Python have it as text. */
export function isTrue(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value.length === 4 && value.toLowerCase() === 'true');
}

export function mapOfText(value: unknown): Attributes | undefined {
  const map = typeof value === 'string' ? fromPythonText(value) : undefined;
  return isObject(map) && !(map instanceof Uint8Array) ? (map as Attributes) : undefined;
}

export function listOfText(value: unknown): readonly AttributeValue[] | undefined {
  const list = typeof value === 'string' ? fromPythonText(value) : undefined;
  return Array.isArray(list) ? list : undefined;
}

/** `tags`, a list or a map, and after it Elasticsearch's map `tag`, in which dots are written as @. */
export function tagsOf({ tags, tag }: JsonObject): readonly JsonObject[] {
  const list = tagList(tags);
  if (!isObject(tag)) return list;
  return [...list, ...Object.entries(tag).map(([key, value]) => ({ key: key.replaceAll('@', '.'), value }))];
}

/** A list of `{ key, value }`; also of a map, as some have it. */
export function tagList(tags: unknown): readonly JsonObject[] {
  if (Array.isArray(tags)) return tags.every(isObject) ? tags : tags.filter(isObject);
  return isObject(tags) ? Object.entries(tags).map(([key, value]) => ({ key, value })) : [];
}

/** The tags that are read into fields, by key: of those that come again the first that can be read. */
export type MappedTags = Map<string, unknown>;

export function readMappedTags(tags: readonly JsonObject[], readers: TagReaders): MappedTags {
  const mapped: MappedTags = new Map();
  for (const { key, value } of tags) {
    if (typeof key === 'string' && !mapped.has(key) && readers.get(key)?.(value)) mapped.set(key, value);
  }
  return mapped;
}

/** The key under which an attribute is written so that it is read as that attribute, and as nothing else. */
export function keyOfAttribute(key: string, writtenValue: unknown, readers: TagReaders): string {
  const isTaken = key.startsWith(attributePrefix) || readers.get(key)?.(writtenValue);
  return isTaken ? attributePrefix + key : key;
}

/** All tags but the mapped ones. A key that comes again with another value gets a list of its values: none is lost. */
export function attributesOf(tags: readonly JsonObject[], mapped: MappedTags, without?: JsonObject): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const repeated = new Map<string, AttributeValue[]>();
  const types = mapOfText(mapped.get(mappedTags.types)) ?? noTypes;
  for (const tag of tags) {
    const name = asText(tag.key);
    if (name === undefined || tag === without || (mapped.has(name) && mapped.get(name) === tag.value)) continue;
    const key = name.startsWith(attributePrefix) ? name.slice(attributePrefix.length) : name;
    const value = valueOfTag(tag, Object.hasOwn(types, key) ? types[key] : undefined);
    if (!Object.hasOwn(attributes, key)) {
      setAttribute(attributes, key, value);
      continue;
    }
    const values = repeated.get(key);
    if (values) values.push(value);
    else if (!Object.is(attributes[key], value)) {
      const both = [attributes[key]!, value];
      repeated.set(key, both);
      setAttribute(attributes, key, both);
    }
  }
  return attributes;
}

const noTypes: Attributes = Object.freeze({});

/** By the value itself; the tag's type counts only where a text stands for what JSON cannot hold. */
function valueOfTag({ type, value }: JsonObject, exactType: unknown): AttributeValue {
  if (typeof value === 'string') return valueOfText(value, type, exactType);
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? (fromJsonValue(value) ?? null) : (value as AttributeValue);
}

/** `binary` stays as it is: Jaeger's API has it in base64, its storages in hexadecimal. */
function valueOfText(text: string, type: unknown, exactType: unknown): AttributeValue {
  if (exactType === 'text') return text;
  if (exactType === 'bytes') return bytesFromBase64(text) ?? text;
  if (exactType === 'integer') return /^-?\d+$/.test(text) ? BigInt(text) : text;
  switch (type) {
    case 'int64':
      return integerOf(text) ?? text;
    case 'float64':
      return numberOf(text) ?? text;
    case 'bool':
      return isTrue(text) ? true : text.toLowerCase() === 'false' ? false : text;
    case 'binary':
      return text;
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
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}
