import { type SpanKind, type SpanStatus, spanKinds } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import {
  attributesOfTags,
  isSpanId,
  type JaegerContext,
  mappedTags,
  noProcess,
  parentReference,
  readSpanDetails,
} from './jaegerTags.ts';
import { setEnd, setMicroseconds, setUnixNanoText } from './jaegerTime.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

export { type JaegerOptions, toJaeger } from './jaegerWriter.ts';

/**
 * What Jaeger's UI and API export (`{ data: [trace] }`), and what comes close: a trace by itself, a list of traces, the
 * UI's own state (`{ data: trace }`), spans by themselves with their process embedded, as storage dumps have them.
 * Times are microseconds. Unset and ok look alike in Jaeger unless `otel.status_code` says which.
 */
export const jaegerFormat: TraceFormat = { name: 'jaeger', detect: (value) => tracesOf(value).length > 0, read };

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new JaegerReading();
  for (const value of values) {
    const traces = tracesOf(value);
    if (traces.length === 0) reading.addUnknown();
    for (const trace of traces) reading.addTrace(trace);
  }
  return reading.result(reasons);
}

/** The traces that a value holds; spans by themselves as one without an id, for each knows its own. */
function tracesOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) {
    if (value.some(isTrace)) return value.filter(isTrace);
    return value.some(isSpan) ? [{ spans: value }] : [];
  }
  if (!isObject(value)) return [];
  const { data } = value;
  if (isTrace(value)) return [value];
  if (isSpan(value)) return [{ spans: [value] }];
  if (Array.isArray(data)) return data.filter(isTrace);
  return isTrace(data) ? [data] : [];
}

function isTrace(value: unknown): value is JsonObject {
  if (!isObject(value) || !Array.isArray(value.spans)) return false;
  return value.traceID !== undefined || value.spans.some(isSpan);
}

function isSpan(value: unknown): boolean {
  return (
    isObject(value) && value.spanID !== undefined && (value.operationName !== undefined || value.traceID !== undefined)
  );
}

/** What the columns take out of a span's tags, in one walk. */
interface Facts {
  error: boolean;
  statusCode: string | undefined;
  hasDescription: boolean;
  kind: SpanKind;
  isOpen: boolean;
  hasNoStart: boolean;
  hasNoParent: boolean;
  hasNoId: boolean;
  startUnixNano: unknown;
  endUnixNano: unknown;
}

class JaegerReading {
  readonly #collector = new TraceCollector<JsonObject, JaegerContext>(readSpanDetails);
  readonly #warnings = new WarningList();
  readonly #record = blankRecord();
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  readonly #facts = {} as Facts;
  #serviceName = '';

  constructor() {
    this.#record.start = this.#start;
    this.#record.end = this.#end;
  }

  result(reasons: readonly string[]): FormatRead {
    return {
      traces: this.#collector.build(reasons),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  addUnknown(): void {
    this.#warnings.add('unknown-value', (count) =>
      count === 1
        ? '1 value of the file is no Jaeger trace and was left out.'
        : `${count} values of the file are no Jaeger traces and were left out.`,
    );
  }

  addTrace(trace: JsonObject): void {
    const traceId = asText(trace.traceID);
    const spans = asArray(trace.spans);
    if (spans.length === 0 && traceId !== undefined) this.#collector.collection(traceId);
    this.#addSourceWarnings(trace.warnings, traceId);
    const contexts = new Map<string, number>();
    for (const span of spans) this.#addSpan(span, trace, traceId ?? '', contexts);
  }

  #addSpan(span: unknown, trace: JsonObject, traceIdOfTrace: string, contexts: Map<string, number>): void {
    if (!isObject(span) || (span.spanID === undefined && span.operationName === undefined)) {
      this.#warnings.add('unreadable-span', unreadableSpans, { traceId: traceIdOfTrace });
      return;
    }
    const record = this.#record;
    const traceId = asText(span.traceID) ?? traceIdOfTrace;
    const context = this.#contextOf(span, trace, traceId, contexts);
    const facts = this.#readTags(span);
    record.spanId = facts.hasNoId ? '' : (asText(span.spanID) ?? '');
    record.name = asText(span.operationName) ?? '';
    record.serviceName = this.#serviceName;
    record.kind = facts.kind;
    record.status = statusOf(span, facts);
    this.#readParent(span, traceId, facts.hasNoParent);
    this.#readTimes(span, facts);
    this.#collector.add(traceId, record, span, context);
    if (Array.isArray(span.warnings)) this.#addSourceWarnings(span.warnings, traceId, record.spanId);
  }

  #contextOf(span: JsonObject, trace: JsonObject, traceId: string, contexts: Map<string, number>): number {
    const processId = span.processID;
    const listed =
      isObject(trace.processes) && typeof processId === 'string' && Object.hasOwn(trace.processes, processId);
    const process = listed ? (trace.processes as JsonObject)[processId as string] : span.process;
    this.#serviceName = (isObject(process) && asText(process.serviceName)) || 'unknown';
    // An embedded process has no id of its own: it is its service and tags.
    const key = listed ? `${processId} ${traceId}` : `${JSON.stringify(process) ?? ''} ${traceId}`;
    let context = contexts.get(key);
    if (context === undefined) {
      const resource = isObject(process) ? attributesOfTags(asArray(process.tags).filter(isObject)) : noProcess;
      context = this.#collector.addContext({ traceId, serviceName: this.#serviceName, resource });
      contexts.set(key, context);
    }
    return context;
  }

  #readTags(span: JsonObject): Facts {
    const facts = this.#facts;
    facts.error = false;
    facts.statusCode = undefined;
    facts.hasDescription = false;
    facts.kind = 'unspecified';
    facts.isOpen = false;
    facts.hasNoStart = false;
    facts.hasNoParent = false;
    facts.hasNoId = false;
    facts.startUnixNano = undefined;
    facts.endUnixNano = undefined;
    const { tags } = span;
    if (Array.isArray(tags)) for (const tag of tags) if (isObject(tag)) readTag(facts, tag.key, tag.value);
    if (isObject(span.tag))
      for (const [key, value] of Object.entries(span.tag)) readTag(facts, key.replaceAll('@', '.'), value);
    return facts;
  }

  #readParent(span: JsonObject, traceId: string, hasNoParent: boolean): void {
    const record = this.#record;
    record.parentSpanId = undefined;
    record.followsFrom = false;
    if (hasNoParent) return;
    const references = asArray(span.references);
    const at = references.length === 0 ? -1 : parentReference(references, traceId);
    if (at >= 0) {
      const reference = references[at] as JsonObject;
      record.parentSpanId = String(reference.spanID);
      record.followsFrom = reference.refType === 'FOLLOWS_FROM';
    } else if (references.length === 0 && isSpanId(span.parentSpanID)) {
      record.parentSpanId = String(span.parentSpanID);
    }
  }

  #readTimes(span: JsonObject, facts: Facts): void {
    const startTime =
      span.startTime ?? (typeof span.startTimeMillis === 'number' ? span.startTimeMillis * 1000 : undefined);
    setMicroseconds(this.#start, startTime);
    setEnd(this.#end, this.#start, startTime, span.duration);
    setUnixNanoText(this.#start, facts.startUnixNano);
    setUnixNanoText(this.#end, facts.endUnixNano);
    if (facts.isOpen) setUnknown(this.#end);
    if (facts.hasNoStart) setUnknown(this.#start);
  }

  /** What Jaeger itself found odd about the trace or a span. */
  #addSourceWarnings(warnings: unknown, traceId: string | undefined, spanId?: string): void {
    for (const warning of asArray(warnings)) {
      const text = asText(warning);
      if (!text) continue;
      const place = { ...(traceId === undefined ? {} : { traceId }), ...(spanId === undefined ? {} : { spanId }) };
      this.#warnings.add(
        'source-warning',
        (count) =>
          `Jaeger noted ${count === 1 ? 'a warning' : `${count} warnings`} in the file (first: ${text.slice(0, 300)}).`,
        place,
      );
    }
  }
}

function unreadableSpans(count: number): string {
  return count === 1
    ? '1 record has neither a spanID nor an operationName and was left out.'
    : `${count} records have neither a spanID nor an operationName and were left out.`;
}

function setUnknown(time: TimePoint): void {
  time.seconds = NaN;
  time.nanos = NaN;
}

function readTag(facts: Facts, key: unknown, value: unknown): void {
  switch (key) {
    case 'error':
      facts.error = value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
      break;
    case 'status_description':
      facts.hasDescription = true;
      break;
    case mappedTags.statusCode:
      facts.statusCode = asText(value)?.toUpperCase();
      break;
    case mappedTags.kind:
      facts.kind = spanKinds.find((kind) => kind === value) ?? 'unspecified';
      break;
    case mappedTags.unfinished:
      facts.isOpen = value === true;
      break;
    case mappedTags.noStart:
      facts.hasNoStart = value === true;
      break;
    case mappedTags.noParent:
      facts.hasNoParent = value === true;
      break;
    case mappedTags.noId:
      facts.hasNoId = value === true;
      break;
    case mappedTags.startUnixNano:
      facts.startUnixNano = value;
      break;
    case mappedTags.endUnixNano:
      facts.endUnixNano = value;
      break;
  }
}

const statusByCode: Readonly<Record<string, SpanStatus>> = { ERROR: 'error', OK: 'ok', UNSET: 'unset' };

/**
 * A status code counts first, then the `error` tag. Plain traces that were turned into Jaeger's form hold no status: there
 * an exception among the logs together with a `status_description` tells of an error.
 */
function statusOf(span: JsonObject, facts: Facts): SpanStatus {
  const byCode = facts.statusCode === undefined ? undefined : statusByCode[facts.statusCode];
  if (byCode) return byCode;
  if (facts.error || (facts.hasDescription && hasException(span))) return 'error';
  return 'unset';
}

function hasException(span: JsonObject): boolean {
  return asArray(span.logs).some((log) => {
    if (!isObject(log)) return false;
    return asArray(log.fields).some((field) => isObject(field) && field.key === 'event' && field.value === 'exception');
  });
}
