import { clampedEnd, type SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

/**
 * Start and end of every span as they are drawn and measured, by span index, in nanoseconds from the trace's start:
 * `0 <= start <= end <= trace.duration`.
 *
 * Columns keep what the file says; everything that draws or adds up needs these instead. An open span ends with the
 * trace, an end before its start counts as the start, and an implausible time is moved to the trace's bounds.
 *
 * Where no start has to be moved, which is nearly always, `start` is the trace's own column: read-only as that is.
 */
export interface ClampedTimes {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

export function clampedTimes(trace: Trace): ClampedTimes {
  const { length, start: starts, duration: durations } = trace.columns;
  const traceEnd = trace.duration;
  let start = starts;
  const end = new Float64Array(length);
  // As `spanStart` and `spanEnd` do, but without asking the trace for its columns a million times.
  for (let index = 0; index < length; index++) {
    const from = starts[index]!;
    const duration = durations[index]!;
    const to = duration > 0 ? from + duration : Number.isNaN(duration) && from < traceEnd ? traceEnd : from;
    if (from < 0 || from > traceEnd) {
      if (start === starts) start = starts.slice();
      start[index] = from < 0 ? 0 : traceEnd;
    }
    end[index] = to < 0 ? 0 : to > traceEnd ? traceEnd : to;
  }
  return { start, end };
}

/** One span's start as `clampedTimes` has it. */
export function spanStart(trace: Trace, index: SpanIndex): Nanoseconds {
  return within(trace.columns.start[index]!, trace.duration);
}

/** One span's end as `clampedTimes` has it. */
export function spanEnd(trace: Trace, index: SpanIndex): Nanoseconds {
  return within(clampedEnd(trace.columns, index, trace.duration), trace.duration);
}

function within(time: Nanoseconds, traceEnd: Nanoseconds): Nanoseconds {
  if (time < 0) return 0;
  return time > traceEnd ? traceEnd : time;
}
