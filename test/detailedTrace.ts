import { noDetails, type SpanDetails } from '../src/model/details.ts';
import { timeFromNumber, unknownTime } from '../src/model/time.ts';
import type { Trace } from '../src/model/trace.ts';
import { type BuildOptions, type SpanRecord, TraceBuilder } from '../src/model/traceBuilder.ts';

export interface DetailedSpan extends Partial<Omit<SpanRecord, 'start' | 'end'>> {
  id: string;
  parent?: string;
  /** In ms after 2026-11-23 09:30 UTC; null for none. */
  start?: number | null;
  end?: number | null;
  details?: Partial<SpanDetails>;
}

const startMs = Date.UTC(2026, 10, 23, 9, 30);
const timeOf = (ms: number | null) => (ms === null ? unknownTime : timeFromNumber(startMs + ms, 1e6));

/** A trace of spans with details, each as little described as a test needs. Names are ids where none is given. */
export function detailedTrace(spans: readonly DetailedSpan[], options?: BuildOptions, traceId = 'trace-1'): Trace {
  const builder = new TraceBuilder(traceId);
  for (const { id, parent, start = 0, end = 100, details: _details, ...more } of spans) {
    builder.add({
      spanId: id,
      parentSpanId: parent,
      name: id,
      serviceName: 'agent',
      kind: 'internal',
      status: 'unset',
      followsFrom: false,
      ...more,
      start: timeOf(start),
      end: timeOf(end),
    });
  }
  return builder.build({ read: (row) => ({ ...noDetails, ...spans[row]!.details }) }, options);
}

/** Nanoseconds since the epoch of so many ms after the start of `detailedTrace`'s time. */
export function unixNanoAt(ms: number): bigint {
  return BigInt(startMs) * 1_000_000n + BigInt(Math.round(ms * 1e6));
}
