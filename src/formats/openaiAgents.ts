import { type Attributes, type AttributeValue, noDetails, type SpanDetails } from '../model/details.ts';
import { isKnown, nanosecondsBetween, type TimePoint, unknownTime } from '../model/time.ts';
import { attributesBeside, filledUp, keepAttribute } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { setTime } from './plainTime.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * What the OpenAI Agents SDK sends to OpenAI, or writes for an own processor:
 *
 * ```json
 * { "data": [
 *   { "object": "trace", "id": "trace_1", "workflow_name": "Support", "group_id": "chat-7", "metadata": null },
 *   { "object": "trace.span", "id": "span_1", "trace_id": "trace_1", "parent_id": null, "started_at": "…", "ended_at": "…",
 *     "span_data": { "type": "function", "name": "search", "input": "{}", "output": "…" }, "error": null }
 * ] }
 * ```
 *
 * Also as a list or a line each. The trace is the root, from the first start to the last moment that is known; the spans of
 * a trace that has no such record stand by themselves, and none is made up. Fields of `span_data` are attributes by the
 * name that they have in the file, `span_data.type`, `span_data.input`.
 */
export const openaiAgentsFormat: TraceFormat = {
  name: 'openai-agents',
  detect: (value) => isAgents(value, 0),
  read: (values, reasons) => new AgentsReading().read(values, reasons),
};

const deepestList = 4;

function isAgents(value: unknown, depth: number): boolean {
  if (isTraceRecord(value) || isSpanRecord(value)) return true;
  return depth < deepestList && listsOf(value).some((list) => list.some((item) => isAgents(item, depth + 1)));
}

/** The lists in which records stand: a request's `data`, or how people put together what they collected. */
function listsOf(value: unknown): (readonly unknown[])[] {
  if (Array.isArray(value)) return [value];
  if (!isObject(value)) return [];
  const { data, items, traces, spans, trace } = value;
  const lists = [traces, data, items, spans].filter((list) => Array.isArray(list));
  return isTraceRecord(trace) ? [[trace], ...lists] : lists;
}

function isTraceRecord(value: unknown): value is JsonObject {
  return isObject(value) && value.object === 'trace' && (asText(value.id) ?? asText(value.workflow_name)) !== undefined;
}

function isSpanRecord(value: unknown): value is JsonObject {
  return isObject(value) && value.object === 'trace.span';
}

/** What the file holds of one trace, wherever it stands. */
interface Gathered {
  readonly id: string;
  trace: JsonObject | undefined;
  readonly spans: JsonObject[];
}

class AgentsReading {
  readonly #traces = new Map<string, Gathered>();
  readonly #collector = new TraceCollector<JsonObject, undefined>(readDetails);
  readonly #warnings = new WarningList();
  readonly #record = { ...blankRecord(), start: { ...unknownTime }, end: { ...unknownTime } };
  readonly #time: TimePoint = { ...unknownTime };
  readonly #context = this.#collector.addContext(undefined);

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    for (const value of values) this.#gather(value, undefined, 0);
    for (const trace of this.#traces.values()) this.#addTrace(trace);
    return {
      traces: this.#collector.build(reasons),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  /** `traceId` is that of the trace record around the value. */
  #gather(value: unknown, traceId: string | undefined, depth: number): void {
    const id = isObject(value) ? asText(value.id) || undefined : undefined;
    if (isTraceRecord(value)) {
      this.#gatherTrace(value, id ?? 'unknown');
      for (const span of asArray(value.spans)) this.#gather(span, id, depth + 1);
      return;
    }
    if (isSpanRecord(value) && (id ?? (isObject(value.span_data) ? '' : undefined)) !== undefined) {
      this.#traceOf(asText(value.trace_id) || traceId || 'unknown').spans.push(value);
      return;
    }
    const lists = isSpanRecord(value) || depth >= deepestList ? [] : listsOf(value);
    if (lists.length === 0) this.#noteUnreadable(traceId);
    for (const list of lists) for (const item of list) this.#gather(item, traceId, depth + 1);
  }

  #gatherTrace(record: JsonObject, id: string): void {
    const gathered = this.#traceOf(id);
    gathered.trace = gathered.trace ? filledUp(gathered.trace, record) : record;
  }

  #traceOf(id: string): Gathered {
    let trace = this.#traces.get(id);
    if (!trace) {
      trace = { id, trace: undefined, spans: [] };
      this.#traces.set(id, trace);
    }
    return trace;
  }

  #addTrace(gathered: Gathered): void {
    const { id, trace, spans } = gathered;
    const rootId = trace && freeIdOf(gathered);
    if (trace) this.#addRoot(trace, rootId!, gathered);
    const record = this.#record;
    for (const span of spans) {
      const { error } = span;
      record.spanId = asText(span.id) ?? '';
      record.parentSpanId = parentOf(span, gathered) ?? rootId;
      record.name = nameOf(span);
      record.status = isError(error) ? 'error' : 'unset';
      this.#readTime(record.start, span.started_at, span, id);
      this.#readTime(record.end, span.ended_at, span, id);
      this.#collector.add(id, record, span, this.#context);
    }
  }

  #addRoot(trace: JsonObject, rootId: string, { id, spans }: Gathered): void {
    const record = this.#record;
    record.spanId = rootId;
    record.parentSpanId = undefined;
    record.name = asText(trace.workflow_name) || id;
    record.serviceName = 'unknown';
    record.status = isError(trace.error) ? 'error' : 'unset';
    this.#setRootTimes(spans);
    this.#collector.add(id, record, trace, this.#context);
  }

  /** A trace none of whose spans has ended is open too. */
  #setRootTimes(spans: readonly JsonObject[]): void {
    const { start, end } = this.#record;
    const time = this.#time;
    const last: TimePoint = { ...unknownTime };
    let hasEnd = false;
    copyTime(start, unknownTime);
    for (const span of spans) {
      setTime(time, span.started_at);
      if (isKnown(time) && !(nanosecondsBetween(start, time) >= 0)) copyTime(start, time);
      if (isKnown(time) && !(nanosecondsBetween(last, time) <= 0)) copyTime(last, time);
      setTime(time, span.ended_at);
      hasEnd ||= isKnown(time);
      if (isKnown(time) && !(nanosecondsBetween(last, time) <= 0)) copyTime(last, time);
    }
    copyTime(end, hasEnd ? last : unknownTime);
  }

  #readTime(target: TimePoint, value: unknown, span: JsonObject, traceId: string): void {
    if (setTime(target, value)) return;
    const spanId = asText(span.id) ?? '';
    this.#warnings.add(
      'unreadable-time',
      (count) =>
        `${count} ${count === 1 ? 'time' : 'times'} could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${nameOf(span) || spanId}); taken as missing.`,
      { traceId, spanId },
    );
  }

  #noteUnreadable(traceId: string | undefined): void {
    this.#warnings.add(
      'unreadable-span',
      (count) =>
        `${count} ${count === 1 ? 'record is' : 'records are'} neither a trace nor a span with an id; left out.`,
      traceId === undefined ? {} : { traceId },
    );
  }
}

function copyTime(target: TimePoint, { seconds, nanos }: TimePoint): void {
  target.seconds = seconds;
  target.nanos = nanos;
}

/** Where a trace's id is a span's too, the root gets another. */
function freeIdOf({ id, spans }: Gathered): string {
  const taken = new Set(spans.map((span) => asText(span.id)));
  let free = id;
  while (taken.has(free)) free = `trace:${free}`;
  return free;
}

/** Undefined for what stands at the top; some processors name the trace as the parent there. */
function parentOf(span: JsonObject, { id, trace }: Gathered): string | undefined {
  const parentId = asText(span.parent_id) || undefined;
  return parentId === id && trace ? undefined : parentId;
}

function isError(error: unknown): boolean {
  return typeof error === 'string' ? error !== '' : isObject(error);
}

/** As the SDK's dashboard names a span: by what ran, where its data says it, else by its type. */
function nameOf(span: JsonObject): string {
  const data = isObject(span.span_data) ? span.span_data : {};
  const type = asText(data.type) ?? '';
  switch (type) {
    case 'generation':
    case 'transcription':
    case 'speech':
      return asText(data.model) || type;
    case 'handoff':
      return `${asText(data.from_agent) || '?'} → ${asText(data.to_agent) || '?'}`;
    case 'mcp_tools':
      return asText(data.server) ? `${type} ${asText(data.server)}` : type;
    case 'custom':
      return nameOfCustom(data);
    default:
      return asText(data.name) || asText(span.name) || type;
  }
}

/** The SDK's own tasks and turns are written as custom spans. */
function nameOfCustom(data: JsonObject): string {
  const inner = isObject(data.data) ? data.data : {};
  if (inner.sdk_span_type === 'task') return asText(inner.name) || 'task';
  if (inner.sdk_span_type === 'turn') return asText(inner.turn) ? `turn ${asText(inner.turn)}` : 'turn';
  return asText(data.name) || 'custom';
}

const knownOfSpan = new Set(['object', 'id', 'trace_id', 'parent_id', 'started_at', 'ended_at', 'span_data', 'error']);
const knownOfTrace = new Set(['object', 'id', 'workflow_name', 'spans', 'error']);

function readDetails(record: JsonObject): SpanDetails {
  const { error } = record;
  return {
    ...noDetails,
    statusMessage: (isObject(error) ? asText(error.message) : typeof error === 'string' ? error : '') || undefined,
    attributes: isTraceRecord(record) ? traceAttributes(record) : spanAttributes(record),
  };
}

function traceAttributes(trace: JsonObject): Attributes {
  const attributes = attributesBeside(trace, knownOfTrace);
  keepError(attributes, trace.error);
  return attributes;
}

function spanAttributes(span: JsonObject): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  const { span_data: data } = span;
  if (isObject(data)) for (const key of Object.keys(data)) keepAttribute(attributes, `span_data.${key}`, data[key]);
  else keepAttribute(attributes, 'span_data', data);
  keepError(attributes, span.error);
  const unused: TimePoint = { ...unknownTime };
  for (const field of ['started_at', 'ended_at']) {
    if (!setTime(unused, span[field])) keepAttribute(attributes, field, span[field]);
  }
  const others = attributesBeside(span, knownOfSpan);
  for (const key of Object.keys(others)) {
    if (!Object.hasOwn(attributes, key)) keepAttribute(attributes, key, others[key]);
  }
  return attributes;
}

/** What an error says beside its message. */
function keepError(attributes: Record<string, AttributeValue>, error: unknown): void {
  if (!isObject(error)) {
    if (typeof error !== 'string') keepAttribute(attributes, 'error', error);
    return;
  }
  for (const key of Object.keys(error)) {
    if (key !== 'message' || asText(error.message) === undefined) keepAttribute(attributes, `error.${key}`, error[key]);
  }
}
