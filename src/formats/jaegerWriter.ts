import type { Attributes, AttributeValue, SpanLink } from '../model/details.ts';
import { issueBit } from '../model/issues.ts';
import type { Span, SpanEvent, Trace } from '../model/trace.ts';
import { base64FromBytes } from './base64.ts';
import {
  impliedMessage,
  impliedStatus,
  linkToMap,
  namesSpan,
  parentReference,
  resourceOf,
  unknownService,
} from './jaegerDetails.ts';
import { keyOfAttribute, logTags, mappedTags, processTags, spanTags, type TagReaders } from './jaegerTags.ts';
import { fromPythonText, toPythonText } from './pythonText.ts';

export interface JaegerTag {
  key: string;
  value: string | number | boolean | null;
  type: string;
}

export interface JaegerReference {
  refType: 'CHILD_OF' | 'FOLLOWS_FROM';
  traceID: string;
  spanID: string;
}

export interface JaegerLog {
  timestamp: number;
  fields: JaegerTag[];
}

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: JaegerReference[];
  /** Microseconds since the epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  logs: JaegerLog[];
  processID: string;
}

export interface JaegerProcess {
  serviceName: string;
  tags?: JaegerTag[];
}

export interface JaegerFile {
  data: { traceID: string; spans: JaegerSpan[]; processes: Record<string, JaegerProcess> }[];
}

export interface JaegerOptions {
  /**
   * Which statuses get an `otel.status_code` tag: `errors`, only where the rest of the span would tell another story;
   * `all`, wherever the status is set, so that ok comes back as ok.
   * @default 'errors'
   */
  statusTags?: 'errors' | 'all';
}

/**
 * The trace in the form that Jaeger's UI reads, `{ data: [{ traceID, spans, processes }] }`, spans in the file's order.
 *
 * - Times are whole microseconds.
 * - Lists and maps are texts as Python's `str()` writes them, the form of the agents' exports that this one agrees with.
 * - Every tag has the type `string`, whatever its value is; readers go by the value. Only what JSON cannot hold as itself has
 *   a type of its own (`int64`, `float64`, `binary`).
 * - What Jaeger has no place for (an open end, a missing start, nanoseconds, links' and scopes' attributes, …) stands in
 *   tags that begin with `spanscope.`, on those spans alone that need them.
 *
 * `parseTraces` reads it back as the same trace. Lost are only, each told by `exportWarnings`:
 *
 * - ok, which comes back as unset, unless `statusTags` is `all`
 * - why the trace is not whole, as far as its spans do not tell (`completeness`)
 * - in lists and maps, bigints within 2^53 come back as numbers; nested more than a hundred deep, they come back as text
 */
export function toJaeger(trace: Trace, { statusTags = 'errors' }: JaegerOptions = {}): JaegerFile {
  const processes = new ProcessTable();
  const { sourceOrder, length } = trace.columns;
  const indexes: number[] = new Array(length);
  for (let index = 0; index < length; index++) indexes[sourceOrder[index]!] = index;
  const spans = indexes.map((index) => writeSpan(trace.spanAt(index), trace, processes, statusTags));
  return { data: [{ traceID: trace.traceId, spans, processes: processes.toObject() }] };
}

/** Processes p1, p2, … in the order in which spans need them: one for each service and resource. */
class ProcessTable {
  readonly #ids = new Map<string, string>();
  readonly #processes: Record<string, JaegerProcess> = {};

  idOf(span: Span): string {
    const tags = processTagsOf(span);
    const key = JSON.stringify([span.serviceName, ...tags]);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = `p${this.#ids.size + 1}`;
      this.#ids.set(key, id);
      this.#processes[id] = { serviceName: span.serviceName, ...(tags.length > 0 ? { tags } : {}) };
    }
    return id;
  }

  /** Jaeger wants a process also where there is no span. */
  toObject(): Record<string, JaegerProcess> {
    return this.#ids.size > 0 ? this.#processes : { p1: { serviceName: unknownService } };
  }
}

/** The resource without `service.name` where a reader gives that back by itself. */
function processTagsOf({ resource, serviceName, attributes }: Span): JaegerTag[] {
  const { 'service.name': name, ...others } = resource;
  const implied = resourceOf({ serviceName, attributes: others, hasNoServiceName: false }, attributes)['service.name'];
  if (implied === name) return writeTags(others, processTags);
  const tags = writeTags(resource, processTags);
  if (name === undefined) tags.push(tag(mappedTags.noServiceName, true));
  return tags;
}

function writeSpan(span: Span, trace: Trace, processes: ProcessTable, statusTags: 'errors' | 'all'): JaegerSpan {
  const start = span.startTimeUnixNano;
  const end = span.endTimeUnixNano;
  const { attributes, events } = span;
  const references = referencesOf(span);
  const tags = writeTags(attributes, spanTags);
  tags.push(
    ...statusTagsOf(span, tags, statusTags),
    ...fieldTags(span),
    ...referenceTags(span, references),
    ...timeTags(trace, span, start, end),
  );
  return {
    traceID: span.traceId,
    spanID: span.spanId === '' ? '0' : span.spanId,
    operationName: span.name,
    references,
    startTime: Number(microseconds(start)),
    duration: end === undefined ? 0 : Number(microseconds(end) - microseconds(start)),
    tags,
    logs: events.map((event) => writeLog(event, start)),
    processID: processes.idOf(span),
  };
}

/** Towards the past, so that a time never moves across its own microsecond. */
function microseconds(unixNano: bigint): bigint {
  const micros = unixNano / 1000n;
  return unixNano % 1000n < 0n ? micros - 1n : micros;
}

/** Whether Jaeger's number says the time to the nanosecond. */
function isExact(unixNano: bigint): boolean {
  return unixNano % 1000n === 0n && isCountable(unixNano);
}

/** Whether a number counts the microseconds up to this time one by one. */
function isCountable(unixNano: bigint): boolean {
  return Number.isSafeInteger(Number(microseconds(unixNano)));
}

function referencesOf({ parentSpanId, traceId, followsFrom, links }: Span): JaegerReference[] {
  const references = links.map(
    ({ refType = 'FOLLOWS_FROM', traceId, spanId }): JaegerReference => ({ refType, traceID: traceId, spanID: spanId }),
  );
  if (parentSpanId !== undefined) {
    references.unshift({ refType: followsFrom ? 'FOLLOWS_FROM' : 'CHILD_OF', traceID: traceId, spanID: parentSpanId });
  }
  return references;
}

/** Where a reader would take another reference for the parent, or find less in a link than there is. */
function referenceTags(
  { parentSpanId, followsFrom, traceId, links }: Span,
  references: readonly JaegerReference[],
): JaegerTag[] {
  const tags: JaegerTag[] = [];
  const found = references[parentReference(references, traceId)];
  const isFound = parentSpanId === undefined ? !found : found === references[0];
  if (!isFound) {
    tags.push(parentSpanId === undefined ? tag(mappedTags.noParent, true) : tag(mappedTags.parentSpanId, parentSpanId));
  }
  if (followsFrom && !(found && isFound)) tags.push(tag(mappedTags.followsFrom, true));
  const areFound = links.length === 0 || isFound || parentSpanId === undefined;
  if (!areFound || !links.every(isWholeReference)) tags.push(tag(mappedTags.links, toPythonText(links.map(linkToMap))));
  return tags;
}

function isWholeReference({ refType, spanId, traceId, attributes, traceState }: SpanLink): boolean {
  const isReadable = refType !== undefined && namesSpan(spanId) && traceId !== '';
  return isReadable && traceState === undefined && Object.keys(attributes).length === 0;
}

function fieldTags({ kind, scope, spanId }: Span): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (kind !== 'unspecified') tags.push(tag(mappedTags.kind, kind));
  if (scope) {
    tags.push(tag(mappedTags.scopeName, scope.name));
    if (scope.version !== undefined) tags.push(tag(mappedTags.scopeVersion, scope.version));
    if (scope.attributes) tags.push(tag(mappedTags.scopeAttributes, toPythonText(scope.attributes)));
  }
  if (spanId === '') tags.push(tag(mappedTags.noId, true));
  return tags;
}

function statusTagsOf(span: Span, tags: readonly JaegerTag[], mode: 'errors' | 'all'): JaegerTag[] {
  const { status, statusMessage, attributes, events } = span;
  const statusTags: JaegerTag[] = [];
  const isToldOtherwise = (status === 'error') !== (impliedStatus(tags, events) === 'error');
  if (isToldOtherwise || (mode === 'all' && status === 'ok')) {
    statusTags.push(tag(mappedTags.statusCode, status.toUpperCase()));
  }
  if (statusMessage !== impliedMessage(attributes, events, status === 'error')) {
    statusTags.push(tag(mappedTags.statusMessage, statusMessage ?? ''));
  }
  return statusTags;
}

function timeTags(trace: Trace, span: Span, start: bigint, end: bigint | undefined): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (trace.columns.issues[span.index]! & issueBit['missing-start']) tags.push(tag(mappedTags.noStart, true));
  else if (!isExact(start)) tags.push(tag(mappedTags.startUnixNano, String(start)));
  if (end === undefined) tags.push(tag(mappedTags.unfinished, true));
  else if (!isExact(end) || !isCountable(start)) tags.push(tag(mappedTags.endUnixNano, String(end)));
  return tags;
}

function writeLog({ name, timeUnixNano, attributes }: SpanEvent, spanStart: bigint): JaegerLog {
  const fields = [tag('event', name), ...writeTags(attributes, logTags)];
  if (timeUnixNano === undefined) fields.push(tag(mappedTags.noTime, true));
  else if (!isExact(timeUnixNano)) fields.push(tag(mappedTags.timeUnixNano, String(timeUnixNano)));
  return { timestamp: Number(microseconds(timeUnixNano ?? spanStart)), fields };
}

function writeTags(attributes: Attributes, readers: TagReaders): JaegerTag[] {
  const types: [key: string, type: string][] = [];
  const tags = Object.entries(attributes).map(([key, value]) => {
    const type = typeToSay(value);
    if (type) types.push([key, type]);
    const written = writeTag(key, value);
    written.key = keyOfAttribute(key, written.value, readers);
    return written;
  });
  if (types.length > 0) tags.push(tag(mappedTags.types, toPythonText(Object.fromEntries(types))));
  return tags;
}

/** What a reader cannot see from the tag itself. */
function typeToSay(value: AttributeValue): 'text' | 'bytes' | 'integer' | undefined {
  if (typeof value === 'string') return fromPythonText(value) === value ? undefined : 'text';
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? 'integer' : undefined;
  return value instanceof Uint8Array ? 'bytes' : undefined;
}

function writeTag(key: string, value: AttributeValue): JaegerTag {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return tag(key, value);
    case 'number':
      // JSON has neither NaN nor -0.
      if (Number.isFinite(value) && !Object.is(value, -0)) return tag(key, value);
      return { key, value: Object.is(value, -0) ? '-0' : String(value), type: 'float64' };
    case 'bigint':
      return { key, value: String(value), type: 'int64' };
  }
  if (value === null || value === undefined) return tag(key, null);
  if (value instanceof Uint8Array) return { key, value: base64FromBytes(value), type: 'binary' };
  return tag(key, toPythonText(value));
}

function tag(key: string, value: JaegerTag['value']): JaegerTag {
  return { key, value, type: 'string' };
}
