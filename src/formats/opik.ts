import { type AttributeValue, type SpanDetails, setAttribute } from '../model/details.ts';
import { isKnown, nanosecondsBetween, type TimePoint, unknownTime } from '../model/time.ts';
import { attributesBeside, keepAttribute } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { setTime } from './plainTime.ts';
import { beginningOf, parentIdIn, RecordReading } from './recordReading.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

/**
 * What Opik's command line exports: `{ trace: { id, name, start_time, … }, spans: [{ id, parent_span_id, type, … }], downloaded_at, project_name }`,
 * one trace a file, or several in a list or one a line.
 *
 * Opik draws the trace itself above its spans, so it becomes the root. A span's `type` is the attribute `opik.span.type`; all
 * else that has no column stands under its own key.
 */
export const opikFormat: TraceFormat = {
  name: 'opik',
  detect: (value) => isOpik(value, 0),
  read: (values, reasons) => new OpikReading().read(values, reasons),
};

const deepestList = 3;
const spanTypes: ReadonlySet<unknown> = new Set(['llm', 'tool', 'general', 'guardrail']);

function isOpik(value: unknown, depth: number): boolean {
  if (Array.isArray(value)) return depth < deepestList && beginningOf(value).some((item) => isOpik(item, depth + 1));
  if (isLoneSpan(value)) return true;
  if (!isDocument(value)) return false;
  if (Object.hasOwn(value, 'downloaded_at') || beginningOf(value.spans).some(isTypedSpan)) return true;
  // A trace without spans is still one, and drawn as its own root.
  return value.spans.length === 0 && asText(value.trace.id) !== undefined && value.trace.start_time !== undefined;
}

interface OpikDocument extends JsonObject {
  readonly trace: JsonObject;
  readonly spans: readonly unknown[];
}

function isDocument(value: unknown): value is OpikDocument {
  return isObject(value) && isObject(value.trace) && Array.isArray(value.spans);
}

function isTypedSpan(span: unknown): boolean {
  return isObject(span) && asText(span.id) !== undefined && spanTypes.has(span.type);
}

/** As the API has them, and as what is left of a damaged file. */
function isLoneSpan(span: unknown): span is JsonObject {
  return isObject(span) && isTypedSpan(span) && asText(span.trace_id) !== undefined && span.start_time !== undefined;
}

interface OpikContext {
  /** Undefined for spans by themselves. */
  trace: JsonObject | undefined;
  document: JsonObject;
}

class OpikReading {
  readonly #reading = new RecordReading<OpikContext>(readOpikDetails);
  readonly #roots = new Map<string, string>();
  #noDocument: number | undefined;
  #unnamed = 0;

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    for (const value of values) this.#readValue(value, 0);
    return this.#reading.result(reasons);
  }

  #readValue(value: unknown, depth: number): void {
    if (Array.isArray(value) && depth < deepestList) for (const item of value) this.#readValue(item, depth + 1);
    else if (isDocument(value)) this.#readDocument(value);
    else if (isLoneSpan(value)) this.#readLoneSpan(value);
    else this.#reading.skipRecord('no trace with its spans');
  }

  #readDocument(document: OpikDocument): void {
    const { trace, spans } = document;
    const ids = new Set<string>();
    for (const span of spans) if (isObject(span)) ids.add(asText(span.id) ?? '');
    const traceId = asText(trace.id) || idOfFirst(spans) || this.#nextUnnamed();
    const project = textOf(document.project_name) ?? textOf(trace.project_name) ?? 'unknown';
    const context = this.#reading.collector.addContext({ trace, document });
    let rootId = traceId;
    while (ids.has(rootId)) rootId = `trace:${rootId}`;
    this.#roots.set(traceId, rootId);
    this.#addRoot(document, traceId, rootId, project, context);
    for (const span of spans)
      this.#addSpan(span, { traceId, rootId, isTraceASpan: rootId !== traceId }, project, context);
    const count = trace.span_count;
    if (typeof count !== 'number' || !Number.isSafeInteger(count) || count <= spans.length) return;
    this.#reading.collector.collection(traceId).expectedSpans = count + 1;
  }

  /** Its trace may be in the file before it; none is made up. */
  #readLoneSpan(span: JsonObject): void {
    const traceId = asText(span.trace_id)!;
    this.#noDocument ??= this.#reading.collector.addContext({ trace: undefined, document: {} });
    const rootId = this.#roots.get(traceId);
    this.#addSpan(span, { traceId, rootId, isTraceASpan: false }, 'unknown', this.#noDocument);
  }

  #nextUnnamed(): string {
    this.#unnamed++;
    return this.#unnamed === 1 ? 'unknown' : `unknown~${this.#unnamed}`;
  }

  #addRoot({ trace, spans }: OpikDocument, traceId: string, rootId: string, project: string, context: number): void {
    const { record, collector } = this.#reading;
    record.spanId = rootId;
    record.parentSpanId = undefined;
    record.name = asText(trace.name) || traceId;
    record.serviceName = project;
    record.status = hasError(trace) ? 'error' : 'unset';
    this.#reading.readTime(record.start, trace.start_time, traceId);
    this.#reading.readTime(record.end, trace.end_time, traceId);
    if (!isKnown(record.start)) copyTime(record.start, firstStart(spans));
    collector.add(traceId, record, trace, context);
  }

  #addSpan(
    span: unknown,
    { traceId, rootId, isTraceASpan }: { traceId: string; rootId: string | undefined; isTraceASpan: boolean },
    project: string,
    context: number,
  ): void {
    const { record, collector } = this.#reading;
    const spanId = isObject(span) ? (asText(span.id) ?? '') : '';
    if (!isObject(span) || (spanId === '' && asText(span.name) === undefined)) {
      this.#reading.skipSpan(traceId);
      return;
    }
    const parentId = parentIdIn(span.parent_span_id);
    record.spanId = spanId;
    record.parentSpanId = parentId === undefined || (parentId === traceId && !isTraceASpan) ? rootId : parentId;
    record.name = asText(span.name) || asText(span.type) || '';
    record.serviceName = textOf(span.project_name) ?? project;
    record.status = hasError(span) ? 'error' : 'unset';
    this.#reading.readTime(record.start, span.start_time, traceId);
    this.#reading.readTime(record.end, span.end_time, traceId);
    collector.add(traceId, record, span, context);
  }
}

function idOfFirst(spans: readonly unknown[]): string | undefined {
  const first = spans.find(isObject);
  return first && (asText(first.trace_id) || undefined);
}

function firstStart(spans: readonly unknown[]): TimePoint {
  const first: TimePoint = { ...unknownTime };
  const time: TimePoint = { seconds: NaN, nanos: NaN };
  for (const span of spans) {
    if (!isObject(span)) continue;
    setTime(time, span.start_time);
    if (isKnown(time) && !(nanosecondsBetween(first, time) >= 0)) copyTime(first, time);
  }
  return first;
}

function copyTime(target: TimePoint, time: TimePoint): void {
  target.seconds = time.seconds;
  target.nanos = time.nanos;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hasError({ error_info: error }: JsonObject): boolean {
  return isObject(error) ? Object.keys(error).length > 0 : textOf(error) !== undefined;
}

const knownOfTrace = new Set(['id', 'name', 'start_time', 'end_time']);
const knownOfSpan = new Set(['id', 'trace_id', 'parent_span_id', 'name', 'start_time', 'end_time', 'type']);
const knownOfDocument = new Set(['trace', 'spans', 'project_name']);

function readOpikDetails(record: JsonObject, { trace, document }: OpikContext): SpanDetails {
  const isRoot = record === trace;
  const attributes = attributesBeside(record, isRoot ? knownOfTrace : knownOfSpan);
  if (!isRoot) keepAttribute(attributes, 'opik.span.type', record.type);
  if (!isRoot && record.trace_id !== trace?.id) keepBeside(attributes, 'trace_id', record.trace_id);
  keepUnreadTimes(attributes, record);
  if (isRoot) {
    const beside = attributesBeside(document, knownOfDocument);
    for (const key of Object.keys(beside)) keepBeside(attributes, key, beside[key]);
  }
  const project = textOf(document.project_name);
  const resource: Record<string, AttributeValue> = {};
  if (project !== undefined) setAttribute(resource, 'project_name', project);
  return { statusMessage: messageOf(record), attributes, events: [], links: [], resource, scope: undefined };
}

function keepBeside(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  keepAttribute(attributes, Object.hasOwn(attributes, key) ? `export.${key}` : key, value);
}

function keepUnreadTimes(attributes: Record<string, AttributeValue>, record: JsonObject): void {
  const unused: TimePoint = { seconds: NaN, nanos: NaN };
  for (const key of ['start_time', 'end_time'])
    if (!setTime(unused, record[key])) keepAttribute(attributes, key, record[key]);
}

/** Opik notes an exception's type, message and stack; the message may be missing. */
function messageOf({ error_info: error }: JsonObject): string | undefined {
  if (!isObject(error)) return textOf(error);
  return textOf(error.message) ?? textOf(error.exception_type);
}
