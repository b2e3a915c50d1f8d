import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span, Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from './clampedTimes.ts';

/** Offsets from the trace's start. */
export interface TimeBounds {
  start: Nanoseconds;
  end: Nanoseconds;
}

/**
 * From the first start to the last end in the whole trace, or in the subtree of `root` (a span or its key). Times are
 * clamped as `clampedTimes` has it, except that an open span counts up to its start: when it ends is not known.
 */
export function timeBounds(trace: Trace, root?: Span | string): TimeBounds {
  const { length, subtreeEnd, duration } = trace.columns;
  const first = root === undefined ? 0 : indexOf(trace, root);
  const last = root === undefined ? length : subtreeEnd[first]!;
  if (first === last) return { start: 0, end: 0 };
  let start = Infinity;
  let end = -Infinity;
  for (let index = first; index < last; index++) {
    const startOfSpan = spanStart(trace, index);
    start = Math.min(start, startOfSpan);
    end = Math.max(end, Number.isNaN(duration[index]!) ? startOfSpan : spanEnd(trace, index));
  }
  return { start, end };
}

/** The index of a span in this trace, given by its view (also one of another snapshot) or by its key. */
export function indexOf(trace: Trace, spanOrKey: Span | string): SpanIndex {
  const key = typeof spanOrKey === 'string' ? spanOrKey : spanOrKey.key;
  const span = trace.span(key);
  if (!span) throw new RangeError(`Trace ${trace.traceId} has no span with the key ${JSON.stringify(key)}.`);
  return span.index;
}
