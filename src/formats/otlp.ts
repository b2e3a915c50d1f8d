import { spanKinds, spanStatuses, type SpanKind, type SpanStatus } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { OtlpContext, readSpanDetails, refTypeOfLink } from './otlpDetails.ts';
import { readOtlpTime } from './otlpTime.ts';
import { IdTexts } from './spanIdText.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

export { toOtlp } from './otlpWriter.ts';

/**
 * OTLP's JSON (opentelemetry-proto, "JSON Protobuf Encoding") and what is wrapped around it or comes close:
 * `{ resourceSpans }`, Tempo's `{ batches }` and `{ trace: { resourceSpans } }`, Jaeger v3's `{ result: { resourceSpans } }`,
 * a ResourceSpans by itself, lists of these, and several values (the collector's JSON Lines), whose spans are put together
 * by trace. Field names in camelCase or snake_case; ids as hex, base64 or bytes; enums as numbers or names.
 */
export const otlpFormat: TraceFormat = { name: 'otlp', detect: isOtlp, read };

const spanFields = ['resourceSpans', 'resource_spans', 'batches'] as const;
const scopeFields = ['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'] as const;
const otherSignals = ['resourceLogs', 'resource_logs', 'resourceMetrics', 'resource_metrics', 'resourceProfiles'] as const;
/** What responses wrap a trace in. Tracetest has both, one in the other. */
const wrappers = ['trace', 'result'] as const;
const deepestWrapper = 5;

function isOtlp(value: unknown, depth = 0): boolean {
  if (depth > deepestWrapper) return false;
  if (Array.isArray(value)) return value.length > 0 && isOtlp(value.find(isObject), depth + 1);
  if (!isObject(value)) return false;
  return (
    resourceSpansOf(value) !== undefined ||
    isResourceSpans(value) ||
    otherSignals.some((field) => Array.isArray(value[field])) ||
    wrappers.some((field) => isObject(value[field]) && isOtlp(value[field], depth + 1))
  );
}

function isResourceSpans(value: unknown): boolean {
  return isObject(value) && scopeFields.some((field) => Array.isArray(value[field]));
}

/** Jaeger's own model has batches too, of a process and spans. */
function resourceSpansOf(value: JsonObject): readonly unknown[] | undefined {
  for (const field of spanFields) {
    const list = value[field];
    if (!Array.isArray(list)) continue;
    if (field !== 'batches' || list.length === 0 || list.some(isResourceSpans)) return list;
  }
  return undefined;
}

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new OtlpReading(new IdTexts());
  reading.readValues(values);
  if (!reading.ids.hasBothCases) return reading.result(reasons);
  const lowerCase = new OtlpReading(new IdTexts(true));
  lowerCase.readValues(values);
  return lowerCase.result(reasons);
}

interface DroppedCounts {
  attributes: number;
  events: number;
  links: number;
}

class OtlpReading {
  readonly ids: IdTexts;
  readonly #collector: TraceCollector<JsonObject, OtlpContext>;
  readonly #warnings = new WarningList();
  readonly #dropped = new Map<string, DroppedCounts>();
  readonly #reasons: string[] = [];
  readonly #record = blankRecord();
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  /** Spans of one trace mostly follow one another. */
  #traceIdSource: unknown;
  #traceId = '';

  constructor(ids: IdTexts) {
    this.ids = ids;
    this.#collector = new TraceCollector((span, context) => readSpanDetails(span, context));
    this.#record.start = this.#start;
    this.#record.end = this.#end;
  }

  result(reasons: readonly string[]): FormatRead {
    for (const [traceId, counts] of this.#dropped) {
      this.#collector.collection(traceId).reasons.push(droppedSentence(counts));
    }
    return {
      traces: this.#collector.build([...reasons, ...this.#reasons]),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  readValues(values: readonly unknown[]): void {
    let genAiRecords = 0;
    for (const value of values) this.#readValue(value, 0);
    void genAiRecords;
  }

  #readValue(value: unknown, depth: number): void {
    if (depth > deepestWrapper) return;
    if (Array.isArray(value)) {
      for (const item of value) this.#readValue(item, depth + 1);
      return;
    }
    if (!isObject(value)) return;
    const resourceSpans = resourceSpansOf(value);
    if (resourceSpans) for (const item of resourceSpans) this.#readResource(item);
    else if (isResourceSpans(value)) this.#readResource(value);
    else for (const field of wrappers) this.#readValue(value[field], depth + 1);
  }

  #readResource(resourceSpans: unknown): void {
    if (!isObject(resourceSpans)) return;
    for (const field of scopeFields) {
      for (const scopeSpans of asArray(resourceSpans[field])) {
        if (isObject(scopeSpans)) this.#readScope(scopeSpans, resourceSpans['resource']);
      }
    }
  }

  #readScope(scopeSpans: JsonObject, resource: unknown): void {
    const scope = scopeSpans['scope'] ?? scopeSpans['instrumentationLibrary'] ?? scopeSpans['instrumentation_library'];
    const context = new OtlpContext(resource, scope, this.ids);
    const contextNumber = this.#collector.addContext(context);
    this.#record.serviceName = context.serviceName;
    for (const span of asArray(scopeSpans['spans'])) this.#readSpan(span, contextNumber);
  }

  #readSpan(span: unknown, context: number): void {
    if (!isObject(span) || isBlank(span)) {
      this.#warnings.add('unreadable-span', unreadableSentence);
      return;
    }
    const record = this.#record;
    const traceIdSource = span['traceId'] ?? span['trace_id'];
    if (traceIdSource !== this.#traceIdSource) {
      this.#traceIdSource = traceIdSource;
      this.#traceId = this.ids.read(traceIdSource);
    }
    record.spanId = this.ids.read(span['spanId'] ?? span['span_id']);
    const parentSpanId = this.ids.read(span['parentSpanId'] ?? span['parent_span_id']);
    record.parentSpanId = parentSpanId === '' ? undefined : parentSpanId;
    record.name = asText(span['name']) ?? '';
    record.kind = kindOf(span['kind']);
    record.status = statusOf(span['status']);
    readOtlpTime(span['startTimeUnixNano'] ?? span['start_time_unix_nano'], this.#start);
    readOtlpTime(span['endTimeUnixNano'] ?? span['end_time_unix_nano'], this.#end);
    // The default of a field that was not set: the span had not ended.
    if (this.#end.seconds === 0 && this.#end.nanos === 0) this.#end.seconds = NaN;
    record.followsFrom = parentSpanId !== '' && followsFromParent(span, parentSpanId, this.ids);
    this.#collector.add(this.#traceId, record, span, context);
  }
}
void droppedSentence; void spanKinds; void spanStatuses;
function droppedSentence(_c: DroppedCounts): string { return ''; }
function followsFromParent(_s: JsonObject, _p: string, _i: IdTexts): boolean { void refTypeOfLink; return false; }
function isBlank(span: JsonObject): boolean { return (span['spanId'] ?? span['span_id'] ?? span['traceId'] ?? span['trace_id'] ?? span['name']) === undefined; }
function unreadableSentence(count: number): string { return `${count} spans could not be read and were left out.`; }
function kindOf(value: unknown): SpanKind { return spanKinds[value as number] ?? 'unspecified'; }
function statusOf(value: unknown): SpanStatus { return spanStatuses[(value as any)?.code as number] ?? 'unset'; }
