import { clampedEnd, type SpanIndex } from '../model/columns.ts';
import type { AttributeValue } from '../model/details.ts';
import { fromUnixNano, type Nanoseconds } from '../model/time.ts';
import type { Span, Trace } from '../model/trace.ts';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

/** `879,123,456` */
export function formatCount(count: number): string {
  return grouped.format(count).replace('-', '−');
}

/** A duration to its last nanosecond: `879,123,456 ns`. */
export function exactDuration(duration: Nanoseconds | undefined): string | undefined {
  return duration === undefined || !Number.isFinite(duration) ? undefined : `${formatCount(duration)} ns`;
}

/** `812 bytes`, `2.4 kB`, `7.5 MB`: thousands, as files are sold. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const [size, unit] = bytes < 999_500 ? [bytes / 1000, 'kB'] : [bytes / 1e6, 'MB'];
  return `${size < 9.95 ? size.toFixed(1) : formatCount(Math.round(size))} ${unit}`;
}

/**
 * A point in time in UTC, to the microsecond, or to the nanosecond where it has any: `2026-11-23 09:30:00.000001 UTC`.
 * The same on a server and in every zone, so that it can be compared with a log.
 */
export function absoluteTime(unixNano: bigint): string {
  const { seconds, nanos } = fromUnixNano(unixNano);
  const date = new Date(seconds * 1000);
  // Outside the years that a Date can hold there is only the number itself.
  if (Number.isNaN(date.getTime())) return `${unixNano} ns`;
  const [day, time] = date.toISOString().slice(0, -5).split('T');
  const digits = String(nanos).padStart(9, '0');
  return `${day} ${time}.${digits.endsWith('000') ? digits.slice(0, 6) : digits} UTC`;
}

/** `78 %`, `0.4 %`, `<0.1 %`; neither 0 % nor 100 % for what is only near it. Undefined where there is no whole. */
export function formatShare(part: number, whole: number): string | undefined {
  if (!(whole > 0) || !(part >= 0)) return undefined;
  const percent = (part / whole) * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '<0.1 %';
  if (percent < 9.95) return `${percent.toFixed(1)} %`;
  if (percent > 99 && percent < 100) return '>99 %';
  return `${Math.round(percent)} %`;
}

/** As it is drawn: an open span runs to the trace's end, an end before its start counts as the start. */
export function shownDuration(trace: Trace, index: SpanIndex): Nanoseconds {
  return clampedEnd(trace.columns, index, trace.duration) - trace.columns.start[index]!;
}

/** An exception as a span's events tell of it, or its attributes. */
export interface RecordedException {
  type: string | undefined;
  message: string | undefined;
  stack: string | undefined;
}

const exceptionKeys = {
  type: ['exception.type', 'type', 'error.type', 'error.kind'],
  message: ['exception.message', 'message', 'error.message'],
  stack: ['exception.stacktrace', 'stacktrace', 'stack_trace', 'stack', 'traceback', 'error.stack'],
} as const;

/**
 * What a span failed with: an event `exception` with OpenTelemetry's keys (`exception.type`, …) or bare ones (`type`, …),
 * or one `error` as OpenTracing logs it. Where there is no such event, the span's own `exception.*` and `error.*` attributes.
 */
export function recordedExceptions(span: Pick<Span, 'events' | 'attributes'>): RecordedException[] {
  const found: RecordedException[] = [];
  for (const event of span.events) {
    if (!isExceptionEvent(event)) continue;
    const exception = exceptionOf(event.attributes, '');
    if (exception) found.push(exception);
  }
  if (found.length === 0) {
    const exception = exceptionOf(span.attributes, '.');
    if (exception) found.push(exception);
  }
  return found;
}

export function isExceptionEvent(event: {
  name: string;
  attributes: Readonly<Record<string, AttributeValue>>;
}): boolean {
  if (event.name === 'exception' || event.name === 'error') return true;
  return textOf(event.attributes, 'exception.type') !== undefined;
}

/** `mark`: a key counts only if it has this in it, as a bare `type` or `message` on a span says nothing of an error. */
function exceptionOf(
  attributes: Readonly<Record<string, AttributeValue>>,
  mark: string,
): RecordedException | undefined {
  const first = (keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const text = key.includes(mark) ? textOf(attributes, key) : undefined;
      if (text !== undefined) return text;
    }
    return undefined;
  };
  const exception = {
    type: first(exceptionKeys.type),
    message: first(exceptionKeys.message),
    stack: first(exceptionKeys.stack),
  };
  return (exception.type ?? exception.message ?? exception.stack) ? exception : undefined;
}

/** Own properties only: a key `toString` is not everybody's. */
function textOf(attributes: Readonly<Record<string, AttributeValue>>, key: string): string | undefined {
  if (!Object.hasOwn(attributes, key)) return undefined;
  const value = attributes[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
