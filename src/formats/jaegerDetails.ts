import type {
  Attributes,
  AttributeValue,
  InstrumentationScope,
  SourceEvent,
  SpanDetails,
  SpanLink,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano, unknownTime } from '../model/time.ts';
import {
  attributesOf,
  isTrue,
  listOfText,
  logTags,
  type MappedTags,
  mapOfText,
  mappedTags,
  processTags,
  readMappedTags,
  spanTags,
  statusOfCode,
  tagList,
  tagsOf,
} from './jaegerTags.ts';
import { setMicroseconds } from './jaegerTime.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/** What stands where nobody names the service. */
export const unknownService = 'unknown';

/** What the spans of one trace of a file share: its processes. They are read when a span is looked at. */
export class JaegerContext {
  readonly traceId: string;
  readonly processes: unknown;
  readonly #read = new WeakMap<JsonObject, JaegerProcess>();

  constructor(traceId: string, processes: unknown) {
    this.traceId = traceId;
    this.processes = processes;
  }

  processOf(span: JsonObject): JaegerProcess {
    const process = processOf(span, this.processes);
    if (!process) return noProcess;
    let read = this.#read.get(process);
    if (!read) {
      read = readProcess(process);
      this.#read.set(process, read);
    }
    return read;
  }
}

export interface JaegerProcess {
  serviceName: string;
  /** Without `service.name`, unless the process has a tag of that name. */
  attributes: Attributes;
  hasNoServiceName: boolean;
}

const noProcess: JaegerProcess = { serviceName: unknownService, attributes: {}, hasNoServiceName: false };

/** The process that a span names, else the one that it embeds. */
export function processOf(span: JsonObject, processes: unknown): JsonObject | undefined {
  const id = asText(span.processID);
  const listed = id !== undefined && isObject(processes) && Object.hasOwn(processes, id) ? processes[id] : undefined;
  if (isObject(listed)) return listed;
  return isObject(span.process) ? span.process : undefined;
}

function readProcess(process: JsonObject): JaegerProcess {
  const tags = tagsOf(process);
  const mapped = readMappedTags(tags, processTags);
  return {
    serviceName: serviceNameOf(process),
    attributes: attributesOf(tags, mapped),
    hasNoServiceName: mapped.has(mappedTags.noServiceName),
  };
}

export function serviceNameOf(process: JsonObject | undefined): string {
  return (process && asText(process.serviceName)) || unknownService;
}

export function readSpanDetails(span: JsonObject, context: JaegerContext): SpanDetails {
  const tags = tagsOf(span);
  const mapped = readMappedTags(tags, spanTags);
  const scope = takeScope(mapped);
  const attributes = attributesOf(tags, mapped);
  const events = asArray(span.logs).filter(isObject).map(readLog);
  const message = mapped.get(mappedTags.statusMessage);
  const isError = (statusOfCode(mapped.get(mappedTags.statusCode)) ?? impliedStatus(tags, events)) === 'error';
  return {
    statusMessage: message === undefined ? impliedMessage(attributes, events, isError) : asText(message) || undefined,
    attributes,
    events,
    links: linksOf(span, context.traceId, mapped),
    resource: resourceOf(context.processOf(span), attributes),
    scope,
  };
}

/**
 * The status of a span without a status code: by its `error` tag, or by an exception together with a
 * `status_description`, which is all that tells of an error in plain traces turned into Jaeger's form.
 */
export function impliedStatus(
  tags: readonly { key?: unknown; value?: unknown }[],
  events: readonly { name: string }[],
): 'error' | 'unset' {
  if (tags.some(({ key, value }) => key === 'error' && isTrue(value))) return 'error';
  const hasDescription = tags.some(({ key }) => key === 'status_description');
  return hasDescription && events.some(({ name }) => name === 'exception') ? 'error' : 'unset';
}

/** The status message of a span without `otel.status_description`. */
export function impliedMessage(
  attributes: Attributes,
  events: readonly { name: string; attributes: Attributes }[],
  isError: boolean,
): string | undefined {
  const description = asText(attributes.status_description);
  if (description || !isError) return description || undefined;
  const exception = events.find(({ name }) => name === 'exception')?.attributes;
  return exception && (asText(exception['exception.message']) || asText(exception.message) || undefined);
}

/**
 * A plain trace keeps its service's name among the span's attributes and has no resource: then the process says nothing
 * more of it.
 */
export function resourceOf(
  { serviceName, attributes: resource, hasNoServiceName }: JaegerProcess,
  attributes: Attributes,
): Attributes {
  const saysNothing = serviceName === unknownService || attributes['service.name'] === serviceName;
  if (hasNoServiceName || saysNothing) return resource;
  return { 'service.name': serviceName, ...resource };
}

/** Leaves among the mapped tags only those that the scope is read from: the others are attributes. */
function takeScope(mapped: MappedTags): InstrumentationScope | undefined {
  const name = asText(mapped.get(mappedTags.scopeName) ?? mapped.get(mappedTags.oldScopeName));
  if (name === undefined) {
    mapped.delete(mappedTags.scopeVersion);
    mapped.delete(mappedTags.oldScopeVersion);
    mapped.delete(mappedTags.scopeAttributes);
    return undefined;
  }
  const version = asText(mapped.get(mappedTags.scopeVersion) ?? mapped.get(mappedTags.oldScopeVersion));
  const attributes = mapOfText(mapped.get(mappedTags.scopeAttributes));
  // Exporters write a scope under its old name as well.
  if (asText(mapped.get(mappedTags.oldScopeName)) !== name) mapped.delete(mappedTags.oldScopeName);
  if (asText(mapped.get(mappedTags.oldScopeVersion)) !== version) mapped.delete(mappedTags.oldScopeVersion);
  return { name, ...(version === undefined ? {} : { version }), ...(attributes && { attributes }) };
}

function readLog(log: JsonObject): SourceEvent {
  const fields = tagList(log.fields);
  const mapped = readMappedTags(fields, logTags);
  const event = eventField(fields);
  return {
    name: event ? asText(event.value)! : 'log',
    timeUnixNano: timeOfLog(log, mapped),
    attributes: attributesOf(fields, mapped, event),
  };
}

/** The field that names the event. */
function eventField(fields: readonly JsonObject[]): JsonObject | undefined {
  return fields.find(({ key, value }) => key === 'event' && asText(value) !== undefined);
}

export function isException(log: unknown): boolean {
  return isObject(log) && eventField(tagList(log.fields))?.value === 'exception';
}

function timeOfLog(log: JsonObject, mapped: MappedTags): bigint | undefined {
  const exact = mapped.get(mappedTags.timeUnixNano);
  if (exact !== undefined) return BigInt(exact as string);
  if (mapped.has(mappedTags.noTime)) return undefined;
  const time: TimePoint = { ...unknownTime };
  setMicroseconds(time, log.timestamp);
  return isKnown(time) ? toUnixNano(time) : undefined;
}

/** Which reference is the parent: the first CHILD_OF of the same trace, else the first FOLLOWS_FROM. -1 for none. */
export function parentReference(references: readonly unknown[], traceId: string): number {
  let followsFrom = -1;
  for (let at = 0; at < references.length; at++) {
    const reference = references[at];
    if (!isObject(reference) || !namesSpan(reference.spanID)) continue;
    if ((asText(reference.traceID) || traceId) !== traceId) continue;
    if (reference.refType !== 'FOLLOWS_FROM') return at;
    if (followsFrom < 0) followsFrom = at;
  }
  return followsFrom;
}

/** Neither empty nor all zeros, which stand for no span. */
export function namesSpan(id: unknown): boolean {
  const text = asText(id) ?? '';
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== 48) return true;
  return false;
}

/** Every reference but the parent's. What a reference embeds of its span is never looked at: it may hold all ancestors. */
function linksOf(span: JsonObject, traceId: string, mapped: MappedTags): readonly SpanLink[] {
  const listed = listOfText(mapped.get(mappedTags.links));
  if (listed) return (listed as readonly unknown[]).filter(isObject).map(linkOfMap);
  const references = asArray(span.references);
  if (references.length === 0 || mapped.has(mappedTags.parentSpanId)) return noLinks;
  const parent = mapped.has(mappedTags.noParent) ? -1 : parentReference(references, traceId);
  const links: SpanLink[] = [];
  for (let at = 0; at < references.length; at++) {
    const reference = references[at];
    if (at === parent || !isObject(reference) || !namesSpan(reference.spanID)) continue;
    links.push({
      traceId: asText(reference.traceID) || traceId,
      spanId: asText(reference.spanID)!,
      attributes: {},
      refType: reference.refType === 'FOLLOWS_FROM' ? 'FOLLOWS_FROM' : 'CHILD_OF',
    });
  }
  return links;
}

const noLinks: readonly SpanLink[] = Object.freeze([]);

/** A link as it stands in the tag `spanscope.links`. */
function linkOfMap(link: JsonObject): SpanLink {
  const traceState = asText(link.trace_state);
  const refType = link.ref_type;
  return {
    traceId: asText(link.trace_id) ?? '',
    spanId: asText(link.span_id) ?? '',
    attributes: isObject(link.attributes) ? (link.attributes as Attributes) : {},
    ...(traceState === undefined ? {} : { traceState }),
    ...(refType === 'CHILD_OF' || refType === 'FOLLOWS_FROM' ? { refType } : {}),
  };
}

export function linkToMap({ traceId, spanId, attributes, traceState, refType }: SpanLink): AttributeValue {
  return {
    trace_id: traceId,
    span_id: spanId,
    ...(refType === undefined ? {} : { ref_type: refType }),
    ...(traceState === undefined ? {} : { trace_state: traceState }),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}
