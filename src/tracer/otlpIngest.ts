import { readInputText } from '../formats/inputValues.ts';
import { type OtlpContext, readSpanDetails } from '../formats/otlpDetails.ts';
import { isOtlp, OtlpReading } from '../formats/otlpReading.ts';
import type { TraceInput } from '../formats/parseTraces.ts';
import { IdTexts } from '../formats/spanIdText.ts';
import { isObject, type JsonObject, type SpanCollector } from '../formats/traceCollector.ts';
import { TraceFormatError } from '../formats/traceFormatError.ts';
import type { SpanDetails } from '../model/details.ts';
import type { SpanRecord } from '../model/traceBuilder.ts';
import type { ParseWarning } from '../model/warnings.ts';

/** Who takes the spans of a body. The record is filled again for the next span. */
export interface IngestTarget {
  take(traceId: string, record: SpanRecord, details: () => SpanDetails): void;
  addReason(traceId: string, reason: string): void;
}

export interface IngestedBody {
  /** Entries among the spans that could not be read. */
  skipped: number;
  warnings: ParseWarning[];
}

/**
 * Hands over the spans of a body of OTLP/HTTP in JSON (an ExportTraceServiceRequest; `{}` is one without spans).
 *
 * @throws TraceFormatError where the body is no JSON, or no OTLP.
 */
export function ingestOtlp(body: TraceInput, target: IngestTarget): IngestedBody {
  const isText = typeof body === 'string' || body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  const { values, warnings, skipped } = isText ? readInputText(body) : { values: [body], warnings: [], skipped: 0 };
  for (const value of values) {
    if (!isOtlp(value, 0) && !isEmptyRequest(value)) throw notOtlp();
  }
  const reading = new IngestReading(target);
  for (const value of values) if (!isEmptyRequest(value)) reading.addValue(value);
  const read = reading.result([]);
  return { skipped: skipped + read.skipped, warnings: [...warnings, ...read.warnings] };
}

function isEmptyRequest(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function notOtlp(): TraceFormatError {
  return new TraceFormatError(
    'unknown-format',
    'This is JSON, but no OTLP: expected was an object with resourceSpans, as OTLP/HTTP exporters send it with the content type application/json.',
  );
}

class IngestReading extends OtlpReading<JsonObject> {
  constructor(target: IngestTarget) {
    // Bodies of one trace come from several senders, so ids are compared in one case.
    super(new IdTexts(true), new IngestCollector(target));
  }

  protected addSpans(spans: readonly unknown[], contextNumber: number): void {
    for (const span of spans) this.addSpan(span, contextNumber, (object) => object);
  }
}

class IngestCollector implements SpanCollector<JsonObject, OtlpContext> {
  readonly #target: IngestTarget;
  readonly #contexts: OtlpContext[] = [];

  constructor(target: IngestTarget) {
    this.#target = target;
  }

  addContext(context: OtlpContext): number {
    return this.#contexts.push(context) - 1;
  }

  add(traceId: string, record: SpanRecord, span: JsonObject, contextNumber: number): void {
    const context = this.#contexts[contextNumber]!;
    this.#target.take(traceId, record, () => readSpanDetails(span, context));
  }

  collection(traceId: string): { reasons: string[] } {
    const target = this.#target;
    const reasons: string[] = [];
    reasons.push = (...added) => {
      for (const reason of added) target.addReason(traceId, reason);
      return 0;
    };
    return { reasons };
  }

  build(): [] {
    return [];
  }
}
