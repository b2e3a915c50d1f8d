import { clampedEnd, type SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

/**
 * Start and end of every span as they are drawn and measured, by span index, in nanoseconds from the trace's start:
 * `0 <= start <= end <= trace.duration`.
 *
 * Columns keep what the file says; everything that draws or adds up needs these instead. An open span ends with the
 * trace, an end before its start counts as the start, and an implausible time is moved to the trace's bounds.
 */
export interface ClampedTimes {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

export function clampedTimes(trace: Trace): ClampedTimes {
  const { length } = trace.columns;
  const start = new Float64Array(length);
  const end = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    start[index] = spanStart(trace, index);
    end[index] = spanEnd(trace, index);
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
