import type { SpanDetails } from '../model/details.ts';
import type { TimePoint } from '../model/time.ts';
import type { SpanRecord } from '../model/traceBuilder.ts';
import type { FormatRead } from './format.ts';
import { setTime } from './plainTime.ts';
import { asText, blankRecord, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

type ReadTime = (target: TimePoint, value: unknown) => boolean;

/** What reading the records of an observability tool's API gathers: the spans, and what was odd about them. */
export class RecordReading<Context> {
  readonly collector: TraceCollector<JsonObject, Context>;
  readonly warnings = new WarningList();
  /** Filled again for each span. */
  readonly record: SpanRecord = {
    ...blankRecord(),
    start: { seconds: NaN, nanos: NaN },
    end: { seconds: NaN, nanos: NaN },
  };
  /** Why none of the traces is whole. */
  readonly reasons: string[] = [];
  #skipped = 0;

  constructor(readDetails: (record: JsonObject, context: Context) => SpanDetails) {
    this.collector = new TraceCollector(readDetails);
  }

  result(reasons: readonly string[]): FormatRead {
    return {
      traces: this.collector.build([...reasons, ...this.reasons]),
      warnings: this.warnings.toArray(),
      skipped: this.#skipped,
    };
  }

  skipSpan(traceId: string | undefined): void {
    this.#skipped++;
    this.warnings.add(
      'unreadable-span',
      (count) =>
        `${count} ${count === 1 ? 'span is no object, or has' : 'spans are no objects, or have'} neither id nor name; skipped.`,
      traceId === undefined ? {} : { traceId },
    );
  }

  /** `expected` as in `neither a trace nor a span of MLflow`. */
  skipRecord(expected: string): void {
    this.#skipped++;
    this.warnings.add(
      'unreadable-record',
      (count) => `${count} ${count === 1 ? 'record is' : 'records are'} ${expected}; skipped.`,
    );
  }

  /** Reads the time into `target`, one of the times of `record`; `read` where it is not told by its looks. */
  readTime(target: TimePoint, value: unknown, traceId: string, read: ReadTime = setTime): void {
    const { name, spanId } = this.record;
    if (!read(target, value)) {
      this.warnings.add(
        'unreadable-time',
        (count) =>
          `${count} ${count === 1 ? 'time' : 'times'} of spans could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${name || spanId}); taken as missing.`,
        { traceId, spanId },
      );
    } else if (isRounded(value)) noteRoundedTime(this.warnings, this.record, traceId);
  }
}

/** Enough of a list to tell its format by. */
export function beginningOf(list: readonly unknown[]): readonly unknown[] {
  return list.slice(0, 20);
}

/** Whether `JSON.parse` could not keep its last digits. */
export function isRounded(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
}

export function noteRoundedTime(
  warnings: WarningList,
  { name, spanId }: { name: string; spanId: string },
  traceId: string,
): void {
  warnings.add(
    'rounded-time',
    (count) =>
      `${count} ${count === 1 ? 'time is a number' : 'times are numbers'} beyond 2^53 (first: of ${name || spanId}), which JSON readers round, nanoseconds of today to 256; taken as rounded. Export times as text to have them exact.`,
    { traceId, spanId },
  );
}

const zeroId = /^0+$/;

/** The id of a parent; undefined for what stands for none: nothing at all, or only zeros. */
export function parentIdIn(value: unknown): string | undefined {
  const id = asText(value);
  return id === undefined || id === '' || (id.length >= 8 && zeroId.test(id)) ? undefined : id;
}
