import type { Attributes, AttributeValue, SpanLink } from '../model/details.ts';
import { issueBit } from '../model/issues.ts';
import type { Span, SpanEvent, Trace } from '../model/trace.ts';
import { base64FromBytes } from './base64.ts';
import { mappedTags } from './jaegerTags.ts';
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
 * - Times are whole microseconds. What is finer stands in `spanscope.*` tags, as an open end and a missing start do.
 * - Lists and maps are texts as Python's `str()` writes them, the form of the agents' exports that this one agrees with.
 * - Every tag has the type `string`, whatever its value is; readers go by the value. Only what JSON cannot hold as itself has
 *   a type of its own (`int64`, `float64`, `binary`).
 *
 * `parseTraces` reads it back as the same trace, but for these: ok is unset unless `statusTags` is `all`, links lose their
 * attributes and trace state, scopes their attributes.
 */
export function toJaeger(trace: Trace, { statusTags = 'errors' }: JaegerOptions = {}): JaegerFile {
  const processes = new ProcessTable();
  const order = Uint32Array.from({ length: trace.spanCount }, (_, index) => index).sort(
    (a, b) => trace.columns.sourceOrder[a]! - trace.columns.sourceOrder[b]!,
  );
  const spans = Array.from(order, (index) => writeSpan(trace.spanAt(index), trace, processes, statusTags));
  return { data: [{ traceID: trace.traceId, spans, processes: processes.toObject() }] };
}

/** Processes p1, p2, … in the order in which spans need them: one for each service and resource. */
class ProcessTable {
  readonly #ids = new Map<string, string>();
  readonly #processes: Record<string, JaegerProcess> = {};

  idOf(span: Span): string {
    const tags = writeTags(withoutServiceName(span));
    const key = JSON.stringify([span.serviceName, tags]);
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
    return this.#ids.size > 0 ? this.#processes : { p1: { serviceName: 'unknown' } };
  }
}

function withoutServiceName(span: Span): Attributes {
  const { resource } = span;
  if (resource['service.name'] !== span.serviceName) return resource;
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== 'service.name'));
}

function writeSpan(span: Span, trace: Trace, processes: ProcessTable, statusTags: 'errors' | 'all'): JaegerSpan {
  const start = span.startTimeUnixNano;
  const end = span.endTimeUnixNano;
  const startMicros = microseconds(start);
  const logs = span.events.map((event) => writeLog(event, start));
  const tags = [
    ...writeTags(span.attributes),
    ...statusTagsOf(span, logs, statusTags),
    ...fieldTags(span),
    ...timeTags(trace, span, start, end),
  ];
  const references = referencesOf(span);
  if (span.parentSpanId === undefined && references.some((reference) => reference.traceID === span.traceId)) {
    tags.push(tag(mappedTags.noParent, true));
  }
  return {
    traceID: span.traceId,
    spanID: span.spanId === '' ? '0' : span.spanId,
    operationName: span.name,
    references,
    startTime: startMicros,
    duration: end === undefined ? 0 : microseconds(end) - startMicros,
    tags,
    logs,
    processID: processes.idOf(span),
  };
}

/** Towards the past, so that a time never moves across its own microsecond. */
function microseconds(unixNano: bigint): number {
  const micros = unixNano / 1000n;
  return Number(unixNano % 1000n < 0n ? micros - 1n : micros);
}

function referencesOf(span: Span): JaegerReference[] {
  const { parentSpanId, traceId } = span;
  const parent: JaegerReference[] =
    parentSpanId === undefined
      ? []
      : [{ refType: span.followsFrom ? 'FOLLOWS_FROM' : 'CHILD_OF', traceID: traceId, spanID: parentSpanId }];
  return [...parent, ...span.links.map(writeLink)];
}

function writeLink({ refType = 'FOLLOWS_FROM', traceId, spanId }: SpanLink): JaegerReference {
  return { refType, traceID: traceId, spanID: spanId };
}

function fieldTags(span: Span): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (span.kind !== 'unspecified') tags.push(tag(mappedTags.kind, span.kind));
  if (span.scope && span.attributes['otel.library.name'] !== span.scope.name) {
    tags.push(tag(mappedTags.scopeName, span.scope.name));
    if (span.scope.version !== undefined) tags.push(tag(mappedTags.scopeVersion, span.scope.version));
  }
  if (span.spanId === '') tags.push(tag(mappedTags.noId, true));
  return tags;
}

/** What a reader would take the span's status for, from its `error` tag or its exception. */
function apparentStatus(span: Span, logs: readonly JaegerLog[]): 'error' | 'unset' {
  const { error } = span.attributes;
  if (error === true || (typeof error === 'string' && error.toLowerCase() === 'true')) return 'error';
  const hasException = logs.some((log) =>
    log.fields.some(({ key, value }) => key === 'event' && value === 'exception'),
  );
  return hasException && Object.hasOwn(span.attributes, 'status_description') ? 'error' : 'unset';
}

function statusTagsOf(span: Span, logs: readonly JaegerLog[], mode: 'errors' | 'all'): JaegerTag[] {
  const tags: JaegerTag[] = [];
  const isToldOtherwise = (span.status === 'error') !== (apparentStatus(span, logs) === 'error');
  if (isToldOtherwise || (mode === 'all' && span.status === 'ok')) {
    tags.push(tag(mappedTags.statusCode, span.status.toUpperCase()));
  }
  const { statusMessage } = span;
  if (statusMessage !== undefined && statusMessage !== span.attributes.status_description) {
    tags.push(tag(mappedTags.statusMessage, statusMessage));
  }
  return tags;
}

function timeTags(trace: Trace, span: Span, start: bigint, end: bigint | undefined): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (trace.columns.issues[span.index]! & issueBit['missing-start']) tags.push(tag(mappedTags.noStart, true));
  else if (start % 1000n !== 0n) tags.push(tag(mappedTags.startUnixNano, String(start)));
  if (end === undefined) tags.push(tag(mappedTags.unfinished, true));
  else if (end % 1000n !== 0n) tags.push(tag(mappedTags.endUnixNano, String(end)));
  return tags;
}

function writeLog(event: SpanEvent, spanStart: bigint): JaegerLog {
  const { timeUnixNano } = event;
  const fields = [tag('event', event.name), ...writeTags(event.attributes)];
  if (timeUnixNano === undefined) fields.push(tag(mappedTags.noTime, true));
  else if (timeUnixNano % 1000n !== 0n) fields.push(tag(mappedTags.timeUnixNano, String(timeUnixNano)));
  return { timestamp: microseconds(timeUnixNano ?? spanStart), fields };
}

function writeTags(attributes: Attributes): JaegerTag[] {
  const plainText: string[] = [];
  const tags = Object.entries(attributes).map(([key, value]) => {
    if (typeof value === 'string' && fromPythonText(value) !== value) plainText.push(key);
    return writeTag(key, value);
  });
  if (plainText.length > 0) tags.push(tag(mappedTags.plainText, JSON.stringify(plainText)));
  return tags;
}

function writeTag(key: string, value: AttributeValue): JaegerTag {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return tag(key, value);
    case 'number':
      return Number.isFinite(value) ? tag(key, value) : { key, value: String(value), type: 'float64' };
    case 'bigint':
      return { key, value: String(value), type: 'int64' };
  }
  if (value === null || value === undefined) return tag(key, null);
  if (value instanceof Uint8Array) return { key, value: base64FromBytes(value), type: 'binary' };
  return tag(key, toPythonText(value) ?? '…');
}

function tag(key: string, value: JaegerTag['value']): JaegerTag {
  return { key, value, type: 'string' };
}
