import type { Attributes, AttributeValue, InstrumentationScope, SpanDetails } from '../model/details.ts';
import type { TimePoint } from '../model/time.ts';
import { attributesBeside, keepAttribute, objectOf } from './apiRecord.ts';
import { setTime } from './plainTime.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

// What the fields of Langfuse's records are called: in camelCase by the API and the UI, in snake_case in files that its
// database exports.

export function idOf(record: JsonObject): string {
  return asText(record.id) ?? '';
}

export function traceIdOf(record: JsonObject): string | undefined {
  return asText(record.traceId ?? record.trace_id) || undefined;
}

export function parentIdOf(observation: JsonObject): string | undefined {
  return asText(observation.parentObservationId ?? observation.parent_observation_id) || undefined;
}

export function startOf(observation: JsonObject): unknown {
  return observation.startTime ?? observation.start_time;
}

export function endOf(observation: JsonObject): unknown {
  return observation.endTime ?? observation.end_time;
}

/**
 * What came by OpenTelemetry keeps its resource in the metadata. Where that is JSON text, the name is looked up in it
 * without reading the rest, for the columns ask every observation: an unescaped quote stands only around a key or value.
 */
export function serviceNameOf({ metadata }: JsonObject): string | undefined {
  if (typeof metadata === 'string') return serviceNameInText(metadata);
  const resource = isObject(metadata) ? metadata.resourceAttributes : undefined;
  const name =
    typeof resource === 'string'
      ? objectOf(resource)?.['service.name']
      : isObject(resource)
        ? resource['service.name']
        : undefined;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

const serviceNameKey = '"service.name":"';

function serviceNameInText(metadata: string): string | undefined {
  const resource = metadata.indexOf('"resourceAttributes":{');
  const at = resource < 0 ? -1 : metadata.indexOf(serviceNameKey, resource);
  if (at < 0) return undefined;
  const start = at + serviceNameKey.length;
  const name = metadata.slice(start, metadata.indexOf('"', start));
  return name === '' || name.includes('\\') ? undefined : name;
}

/** What the spans of one trace share. */
export interface LangfuseContext {
  /** The record of the trace, and of the object around it. */
  trace: JsonObject | undefined;
  wrapper: JsonObject | undefined;
  scores: ReadonlyMap<JsonObject, readonly unknown[]>;
}

export function readLangfuseDetails(record: JsonObject, context: LangfuseContext): SpanDetails {
  return record === context.trace ? traceDetails(record, context) : observationDetails(record, context);
}

const knownOfObservation = new Set([
  ...[
    'id',
    'traceId',
    'trace_id',
    'name',
    'parentObservationId',
    'parent_observation_id',
    'metadata',
    'scores',
    'type',
  ],
  ...['startTime', 'start_time', 'endTime', 'end_time', 'statusMessage', 'status_message'],
]);

function observationDetails(observation: JsonObject, { scores }: LangfuseContext): SpanDetails {
  const attributes = attributesBeside(observation, knownOfObservation);
  const { type } = observation;
  if (typeof type === 'string') keepAttribute(attributes, 'langfuse.observation.type', type.toLowerCase());
  else keepAttribute(attributes, 'type', type);
  keepUnreadableTimes(attributes, observation, ['startTime', 'start_time', 'endTime', 'end_time']);
  const message = observation.statusMessage ?? observation.status_message;
  if (typeof message !== 'string') keepAttribute(attributes, 'statusMessage', message);
  keepAttribute(attributes, 'scores', scores.get(observation) ?? observation.scores);
  return { ...readMetadata(observation.metadata, attributes), statusMessage: textOf(message), events: [], links: [] };
}

const knownOfTrace = new Set(['id', 'name', 'observations', 'scores', 'metadata', 'trace']);

function traceDetails(trace: JsonObject, { wrapper, scores }: LangfuseContext): SpanDetails {
  const attributes = attributesBeside(trace, knownOfTrace);
  if (wrapper) {
    const beside = attributesBeside(wrapper, knownOfTrace);
    for (const key of Object.keys(beside))
      if (!Object.hasOwn(attributes, key)) keepAttribute(attributes, key, beside[key]);
  }
  keepAttribute(attributes, 'scores', scores.get(trace));
  return { ...readMetadata(trace.metadata, attributes), statusMessage: undefined, events: [], links: [] };
}

function keepUnreadableTimes(attributes: Record<string, AttributeValue>, record: JsonObject, keys: string[]): void {
  const unused: TimePoint = { seconds: NaN, nanos: NaN };
  for (const key of keys) if (!setTime(unused, record[key])) keepAttribute(attributes, key, record[key]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Metadata holds what an OpenTelemetry span had: its attributes go among those of the span, its resource and scope to their
 * own place. The rest, and attributes whose key the observation itself has with another value, stay in `metadata`.
 */
function readMetadata(
  metadata: unknown,
  attributes: Record<string, AttributeValue>,
): { attributes: Attributes; resource: Attributes; scope: InstrumentationScope | undefined } {
  const fields = objectOf(metadata);
  if (!fields) {
    keepAttribute(attributes, 'metadata', metadata);
    return { attributes, resource: {}, scope: undefined };
  }
  const rest = attributesBeside(fields, openTelemetryFields);
  const raw = objectOf(fields.attributes);
  if (raw) moveAttributes(raw, attributes, rest);
  else keepAttribute(rest, 'attributes', fields.attributes);
  const resource = objectOf(fields.resourceAttributes);
  if (!resource) keepAttribute(rest, 'resourceAttributes', fields.resourceAttributes);
  const scope = scopeOf(objectOf(fields.scope));
  if (!scope) keepAttribute(rest, 'scope', fields.scope);
  if (Object.keys(rest).length > 0) keepAttribute(attributes, 'metadata', rest);
  return { attributes, resource: resource ? attributesBeside(resource, noFields) : {}, scope };
}

const openTelemetryFields = new Set(['attributes', 'resourceAttributes', 'scope']);
const noFields: ReadonlySet<string> = new Set();

function moveAttributes(
  raw: JsonObject,
  attributes: Record<string, AttributeValue>,
  rest: Record<string, AttributeValue>,
): void {
  const left: Record<string, AttributeValue> = {};
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(attributes, key)) keepAttribute(attributes, key, raw[key]);
    else if (attributes[key] !== raw[key]) keepAttribute(left, key, raw[key]);
  }
  if (Object.keys(left).length > 0) keepAttribute(rest, 'attributes', left);
}

function scopeOf(scope: JsonObject | undefined): InstrumentationScope | undefined {
  if (!scope || typeof scope.name !== 'string') return undefined;
  const attributes = objectOf(scope.attributes);
  return {
    name: scope.name,
    ...(typeof scope.version === 'string' && scope.version !== '' ? { version: scope.version } : {}),
    ...(attributes ? { attributes: attributesBeside(attributes, noFields) } : {}),
  };
}
