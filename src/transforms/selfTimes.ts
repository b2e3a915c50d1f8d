import type { Trace } from '../model/trace.ts';
import { type ClampedTimes, clampedTimes } from './clampedTimes.ts';

/**
 * The time in which a span runs and none of its children does, in nanoseconds by span index: its duration without the
 * union of its children (not their sum: children may overlap), each child clipped to its parent. Open spans run to the
 * trace's end.
 */
export function selfTimes(trace: Trace): Float64Array {
  return selfTimesWithin(trace, clampedTimes(trace));
}

/** The same where the clamped times are at hand. */
export function selfTimesWithin(trace: Trace, { start, end }: ClampedTimes): Float64Array {
  const { length, parent } = trace.columns;
  const selfTime = new Float64Array(length);
  // How far the children met so far reach: siblings come by start, so what a child adds to their union lies after it.
  const coveredUntil = start.slice();
  for (let index = 0; index < length; index++) {
    selfTime[index] = end[index]! - start[index]!;
    const above = parent[index]!;
    if (above < 0) continue;
    const from = Math.max(start[index]!, coveredUntil[above]!);
    const to = Math.min(end[index]!, end[above]!);
    if (to <= from) continue;
    selfTime[above]! -= to - from;
    coveredUntil[above] = to;
  }
  return selfTime;
}
