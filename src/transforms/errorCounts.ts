import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';

/** How many spans with status `error` lie below each span, itself left out, by span index. */
export function errorCounts(trace: Trace): Uint32Array {
  const { length, parent, status } = trace.columns;
  const counts = new Uint32Array(length);
  // From the last to the first, all descendants come before their ancestor.
  for (let index = length - 1; index >= 0; index--) {
    const above = parent[index]!;
    if (above >= 0) counts[above]! += counts[index]! + (status[index] === statusCode.error ? 1 : 0);
  }
  return counts;
}
