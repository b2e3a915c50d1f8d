import { type SpanKind, type SpanStatus, spanKinds } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { setEnd, setMicroseconds } from './jaegerTime.ts';
import { isPrintedByJavaScript } from './otelConsoleShapes.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';
import { isZero, kindOfAnnotations, readZipkinDetails, serviceNameOf, statusCodeOf } from './zipkinDetails.ts';

/**
 * Zipkin's spans, version 2 (https://zipkin.io/zipkin-api/): a list of them, or a list of such lists as `/api/v2/traces`
 * answers. Times are microseconds. Of version 1 the annotations that stand for kind, service and tags are read too.
 *
 * A call may be reported several times under one id: by its client, by its server (`shared`), and by others who add an
 * annotation. All reports are kept: those beside the client's are its children, and a span that names this id as its
 * parent belongs to the report of its own service.
 */
export const zipkinFormat: TraceFormat = { name: 'zipkin', detect, read };

function detect(value: unknown): boolean {
  if (!Array.isArray(value)) return isZipkinSpan(value);
  return value.some((item) => (Array.isArray(item) ? item.some(isZipkinSpan) : isZipkinSpan(item)));
}

const kinds: ReadonlySet<unknown> = new Set(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']);

/** Langfuse's scores have `traceId`, `id` and a `timestamp` too, but in words; OTLP-like spans have a `spanId`. */
function isZipkinSpan(value: unknown): boolean {
  if (!isObject(value) || asText(value.traceId) === undefined || asText(value.id) === undefined) return false;
  if (value.spanId !== undefined || value.startTime !== undefined || value.type !== undefined) return false;
  if (isPrintedByJavaScript(value)) return false;
  return (
    typeof value.timestamp === 'number' ||
    kinds.has(value.kind) ||
    typeof value.duration === 'number' ||
    isObject(value.localEndpoint) ||
    isObject(value.remoteEndpoint) ||
    Array.isArray(value.annotations) ||
    Array.isArray(value.binaryAnnotations)
  );
}

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new ZipkinReading();
  for (const value of values) {
    if (!Array.isArray(value)) reading.enter(value);
    else for (const item of value) for (const span of Array.isArray(item) ? item : [item]) reading.enter(span);
  }
  return reading.result(reasons);
}

class ZipkinReading {
  readonly #collector = new TraceCollector<JsonObject, undefined>(readZipkinDetails);
  readonly #context = this.#collector.addContext(undefined);
  readonly #warnings = new WarningList();
  readonly #record = blankRecord();
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  readonly #spans: JsonObject[] = [];
  /** By trace and id: the place in `#spans` of the first report. */
  readonly #firstOfId = new Map<string, Map<string, number>>();
  /** By the place of an id's first report, the places of all of them, where there are several. */
  readonly #reports = new Map<number, number[]>();

  constructor() {
    this.#record.start = this.#start;
    this.#record.end = this.#end;
  }

  enter(span: unknown): void {
    const traceId = isObject(span) ? asText(span.traceId) : undefined;
    if (
      traceId === undefined ||
      !isObject(span) ||
      (asText(span.id) === undefined && asText(span.name) === undefined)
    ) {
      this.#warnings.add('unreadable-span', unreadableSpans, traceId === undefined ? {} : { traceId });
      return;
    }
    const place = this.#spans.push(span) - 1;
    const id = idOf(span.id);
    if (id === '') return;
    let ofTrace = this.#firstOfId.get(traceId);
    if (!ofTrace) {
      ofTrace = new Map();
      this.#firstOfId.set(traceId, ofTrace);
    }
    const first = ofTrace.get(id);
    if (first === undefined) {
      ofTrace.set(id, place);
      return;
    }
    const reports = this.#reports.get(first);
    if (reports) reports.push(place);
    else this.#reports.set(first, [first, place]);
  }

  result(reasons: readonly string[]): FormatRead {
    const mainOf = this.#orderReports();
    this.#spans.forEach((span, place) => {
      this.#add(span, mainOf.get(place));
    });
    return {
      traces: this.#collector.build(reasons),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  /**
   * Puts the client's report of an id before the others, among the places that they have: the first of an id is the one
   * that the others, and children of a service that reports nothing, hang from.
   *
   * @returns by place, the first report of those that are not the first.
   */
  #orderReports(): Map<number, JsonObject> {
    const mainOf = new Map<number, JsonObject>();
    for (const places of this.#reports.values()) {
      const spans = places.map((place) => this.#spans[place]!).sort((a, b) => rankOf(a) - rankOf(b));
      places.forEach((place, at) => {
        this.#spans[place] = spans[at]!;
        if (at > 0) mainOf.set(place, spans[0]!);
      });
    }
    return mainOf;
  }

  #add(span: JsonObject, main: JsonObject | undefined): void {
    const record = this.#record;
    record.spanId = idOf(span.id);
    const isOtherHalf = main !== undefined && rankOf(span) !== rankOf(main);
    record.parentSpanId = isOtherHalf ? record.spanId : idOf(span.parentId) || undefined;
    record.name = asText(span.name) ?? '';
    record.serviceName = serviceNameOf(span) ?? 'unknown';
    record.kind = kindOf(span);
    record.status = statusOf(span);
    // Zipkin's own readers take a time of 0 for none.
    const timestamp = isZero(span.timestamp) ? undefined : span.timestamp;
    setMicroseconds(this.#start, timestamp);
    setEnd(this.#end, this.#start, timestamp, span.duration);
    this.#collector.add(asText(span.traceId)!, record, span, this.#context);
  }
}

/** The lower, the nearer to where the call was made. A shared span never is where its id was made. */
function rankOf(span: JsonObject): number {
  if (span.shared === true) return 3;
  const kind = kindOf(span);
  if (kind === 'client' || kind === 'producer') return 0;
  return kind === 'unspecified' ? 2 : 1;
}

/** `''` for none, which all zeros stand for too. */
function idOf(value: unknown): string {
  const text = asText(value) ?? '';
  return /[^0]/.test(text) ? text : '';
}

function kindOf(span: JsonObject): SpanKind {
  const { kind } = span;
  if (kind === undefined || kind === null) return kindOfAnnotations(asArray(span.annotations)) ?? 'unspecified';
  const word = typeof kind === 'string' ? kind.toLowerCase() : undefined;
  return spanKinds.find((known) => known === word) ?? 'unspecified';
}

/** OpenTelemetry's code counts first. Else a tag `error` says it by being there, whatever its value. */
function statusOf(span: JsonObject): SpanStatus {
  const code = statusCodeOf(span);
  if (code === 'ok' || code === 'error') return code;
  if (isObject(span.tags) && Object.hasOwn(span.tags, 'error')) return 'error';
  return asArray(span.binaryAnnotations).some((tag) => isObject(tag) && tag.key === 'error') ? 'error' : 'unset';
}

function unreadableSpans(count: number): string {
  return count === 1
    ? '1 record has no traceId, or neither an id nor a name, and was left out.'
    : `${count} records have no traceId, or neither an id nor a name, and were left out.`;
}
