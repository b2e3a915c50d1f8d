import type { SpanKind, SpanStatus } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import type { FormatRead } from './format.ts';
import { isException, JaegerContext, namesSpan, parentReference, processOf, serviceNameOf } from './jaegerDetails.ts';
import {
  isTrue,
  kindOf,
  type MappedTags,
  mappedTags,
  ownPrefix,
  readMappedTags,
  spanTags,
  statusOfCode,
  tagsOf,
} from './jaegerTags.ts';
import { setEnd, setMicroseconds, setUnixNanoText } from './jaegerTime.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, type SpanCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/** Lists and wrappers in one another, at most. */
const deepestWrapper = 4;

export function holdsSpans(value: unknown, depth: number): boolean {
  if (isTrace(value) || isSpan(value)) return true;
  const inner = innerOf(value);
  return inner !== undefined && depth < deepestWrapper && inner.some((item) => holdsSpans(item, depth + 1));
}

/** What a list or a wrapper holds. */
function innerOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  const { data, hits } = value;
  if (Array.isArray(data)) return data;
  if (isObject(data)) return [data];
  return isObject(hits) && Array.isArray(hits.hits) ? hits.hits : undefined;
}

function isTrace(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const { traceID, spans } = value;
  if (Array.isArray(spans)) return asText(traceID) !== undefined || spans.some(isSpan);
  // Go writes an empty list as null.
  return spans === null && asText(traceID) !== undefined && isObject(value.processes);
}

export function isSpan(value: unknown): boolean {
  const record = recordOf(value);
  return isObject(record) && record.spanID !== undefined && (record.operationName ?? record.traceID) !== undefined;
}

/** Elasticsearch gives out documents with the record in their `_source`. */
export function recordOf(value: unknown): unknown {
  return isObject(value) && value.spanID === undefined && isObject(value._source) ? value._source : value;
}

/** What the columns take out of a span's tags, in one walk. */
interface Facts {
  error: boolean;
  status: SpanStatus | undefined;
  hasDescription: boolean;
  kind: SpanKind | undefined;
  hasOwnTags: boolean;
}

/**
 * Reads values of Jaeger's formats. Where the spans come from, as objects or as bytes, is the business of who extends this:
 * `Source` is what their details are read from later.
 */
export abstract class JaegerReading<Source> {
  readonly #collector: SpanCollector<Source, JaegerContext>;
  readonly #warnings = new WarningList();
  readonly #record = blankRecord();
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  readonly #facts: Facts = {
    error: false,
    status: undefined,
    hasDescription: false,
    kind: undefined,
    hasOwnTags: false,
  };
  /** Of the trace that is being read. */
  #processes: unknown;
  #serviceNames = new Map<unknown, string>();
  #contexts = new Map<string, number>();

  constructor(collector: SpanCollector<Source, JaegerContext>) {
    this.#collector = collector;
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

  addValue(value: unknown, depth: number): void {
    const inner = innerOf(value);
    if (isTrace(value)) this.#addTrace(value);
    else if (isSpan(value)) this.#addList([value], '', undefined);
    else if (Array.isArray(value) && value.some(isSpan)) this.#addMixed(value);
    else if (inner && depth < deepestWrapper) {
      if (isObject(value)) this.addSourceWarnings(value.errors);
      if (inner.some(isSpan)) this.#addMixed(inner);
      else for (const item of inner) this.addValue(item, depth + 1);
    } else {
      this.#warnings.add('unknown-value', (count) =>
        count === 1
          ? '1 value of the file is no Jaeger trace and was left out.'
          : `${count} values of the file are no Jaeger traces and were left out.`,
      );
    }
  }

  /** Spans by themselves; what is left of a damaged file may have whole traces among them. */
  #addMixed(items: readonly unknown[]): void {
    const traces = items.filter(isTrace);
    for (const trace of traces) this.#addTrace(trace);
    this.#addList(traces.length === 0 ? items : items.filter((item) => !isTrace(item)), '', undefined);
  }

  #addTrace(trace: JsonObject): void {
    const traceId = asText(trace.traceID);
    const spans = asArray(trace.spans);
    if (this.lengthOf(spans) === 0) this.#collector.collection(traceId ?? '');
    this.addSourceWarnings(trace.warnings, traceId);
    this.addSourceWarnings(trace.errors, traceId);
    this.#addList(spans, traceId ?? '', trace.processes);
  }

  protected abstract lengthOf(spans: readonly unknown[]): number;

  /** Adds each of these spans, which are all that the trace's object has of them. */
  protected abstract addSpans(spans: readonly unknown[], traceId: string): void;

  #addList(spans: readonly unknown[], traceId: string, processes: unknown): void {
    if (processes !== this.#processes) {
      this.#processes = processes;
      this.#serviceNames = new Map();
      this.#contexts = new Map();
    }
    this.addSpans(spans, traceId);
  }

  /** The processes of the trace that is being read, as the file has them. */
  protected get processes(): unknown {
    return this.#processes;
  }

  /** `sourceOf` gives what the details are read from later. */
  protected addSpan(item: unknown, traceIdOfTrace: string, sourceOf: (span: JsonObject) => Source): void {
    const span = recordOf(item);
    if (!isObject(span) || (asText(span.spanID) ?? asText(span.operationName)) === undefined) {
      this.#warnings.add('unreadable-span', unreadableSpans, { traceId: traceIdOfTrace });
      return;
    }
    const record = this.#record;
    const traceId = asText(span.traceID) ?? traceIdOfTrace;
    const facts = this.#readTags(span);
    record.spanId = asText(span.spanID) ?? '';
    record.name = asText(span.operationName) ?? '';
    record.serviceName = this.#serviceNameOf(span);
    record.kind = facts.kind ?? 'unspecified';
    record.status = facts.status ?? statusWithoutCode(span, facts);
    this.#readParent(span, traceId);
    this.#readTimes(span);
    if (facts.hasOwnTags) this.#readOwnTags(readMappedTags(tagsOf(span), spanTags));
    this.#collector.add(traceId, record, sourceOf(span), this.contextOf(traceId));
    if (Array.isArray(span.warnings)) this.addSourceWarnings(span.warnings, traceId, record.spanId);
  }

  #serviceNameOf(span: JsonObject): string {
    const id = span.processID;
    let name = this.#serviceNames.get(id);
    if (name === undefined) {
      const process = processOf(span, this.#processes);
      name = serviceNameOf(process);
      if (process !== span.process) this.#serviceNames.set(id, name);
    }
    return name;
  }

  protected contextOf(traceId: string): number {
    let context = this.#contexts.get(traceId);
    if (context === undefined) {
      context = this.#collector.addContext(new JaegerContext(traceId, this.#processes));
      this.#contexts.set(traceId, context);
    }
    return context;
  }

  #readTags(span: JsonObject): Facts {
    const facts = this.#facts;
    facts.error = false;
    facts.status = undefined;
    facts.hasDescription = false;
    facts.kind = undefined;
    facts.hasOwnTags = false;
    const { tags } = span;
    if (!Array.isArray(tags) || span.tag !== undefined) {
      for (const { key, value } of tagsOf(span)) if (typeof key === 'string') noteTag(facts, key, value);
      return facts;
    }
    for (let at = 0; at < tags.length; at++) {
      const tag: unknown = tags[at];
      if (!isObject(tag)) continue;
      const { key } = tag;
      if (typeof key === 'string' && isNoted(key)) noteTag(facts, key, tag.value);
    }
    return facts;
  }

  #readParent(span: JsonObject, traceId: string): void {
    const record = this.#record;
    record.parentSpanId = undefined;
    record.followsFrom = false;
    const { references } = span;
    const at = Array.isArray(references) ? parentReference(references, traceId) : -1;
    if (at >= 0) {
      const reference = (references as JsonObject[])[at]!;
      record.parentSpanId = asText(reference.spanID);
      record.followsFrom = reference.refType === 'FOLLOWS_FROM';
    } else if (namesSpan(span.parentSpanID)) {
      record.parentSpanId = asText(span.parentSpanID);
    }
  }

  #readTimes(span: JsonObject): void {
    let { startTime } = span;
    if (startTime === undefined || startTime === null) {
      const milliseconds = asText(span.startTimeMillis);
      startTime = milliseconds ? Number(milliseconds) * 1000 : undefined;
    }
    setMicroseconds(this.#start, startTime);
    setEnd(this.#end, this.#start, startTime, span.duration);
  }

  /** What `toJaeger` wrote since Jaeger has no field for it. */
  #readOwnTags(own: MappedTags): void {
    const record = this.#record;
    if (own.has(mappedTags.noId)) record.spanId = '';
    if (own.has(mappedTags.noParent) || own.has(mappedTags.parentSpanId)) {
      record.parentSpanId = asText(own.get(mappedTags.parentSpanId));
      record.followsFrom = false;
    }
    if (own.has(mappedTags.followsFrom)) record.followsFrom = true;
    setUnixNanoText(this.#start, own.get(mappedTags.startUnixNano));
    setUnixNanoText(this.#end, own.get(mappedTags.endUnixNano));
    if (own.has(mappedTags.unfinished)) setUnknown(this.#end);
    if (own.has(mappedTags.noStart)) setUnknown(this.#start);
  }

  /** What Jaeger itself found odd about a trace or a span, or could not find. */
  protected addSourceWarnings(warnings: unknown, traceId?: string, spanId?: string): void {
    for (const warning of asArray(warnings)) {
      const text = isObject(warning) ? asText(warning.msg ?? warning.message) : asText(warning);
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

/** Most tags are not, and to know it by length and first letter costs least. */
function isNoted(key: string): boolean {
  switch (key.length) {
    case 5:
      return key === 'error';
    case 9:
      return key === mappedTags.kind;
    case 16:
      if (key === mappedTags.statusCode) return true;
      break;
    case 18:
      if (key === 'status_description') return true;
      break;
  }
  return key.length > ownPrefix.length && key.startsWith(ownPrefix);
}

function noteTag(facts: Facts, key: string, value: unknown): void {
  switch (key) {
    case 'error':
      facts.error ||= isTrue(value);
      break;
    case 'status_description':
      facts.hasDescription = true;
      break;
    case mappedTags.statusCode:
      facts.status ??= statusOfCode(value);
      break;
    case mappedTags.kind:
      facts.kind ??= kindOf(value);
      break;
    default:
      facts.hasOwnTags ||= key.startsWith(ownPrefix);
  }
}

/** As `impliedStatus` has it, without reading the logs of most spans. */
function statusWithoutCode(span: JsonObject, { error, hasDescription }: Facts): SpanStatus {
  return error || (hasDescription && asArray(span.logs).some(isException)) ? 'error' : 'unset';
}
