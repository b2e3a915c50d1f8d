import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd } from '../transforms/clampedTimes.ts';

export interface PlainOutcome {
  readonly isFailed: boolean;
  /**
   * Of a failed run the error that its failure came up from, of another the first error; in both cases one that no error
   * below it explains. -1 where there is none.
   */
  readonly cause: number;
}

/**
 * How a trace ended, from its columns alone: what is told of a trace too large to be read in one go. A run failed where a root
 * failed; errors that no root shares were recovered from, as far as the trace tells.
 */
export function plainOutcome(trace: Trace, errorCounts: Uint32Array): PlainOutcome {
  const { status, start, parent, length } = trace.columns;
  let firstError = -1;
  let failedTop = -1;
  for (let index = 0; index < length; index++) {
    if (status[index] !== statusCode.error) continue;
    if (failedTop < 0 && (parent[index]! < 0 || isTopOfRun(trace, index))) failedTop = index;
    const isOrigin = errorCounts[index] === 0;
    if (isOrigin && (firstError < 0 || start[index]! < start[firstError]!)) firstError = index;
  }
  return failedTop >= 0
    ? { isFailed: true, cause: originOf(trace, failedTop) }
    : { isFailed: false, cause: firstError };
}

/** Down from a failed span, each time to the failed child that ended last: what it raised is what its parent got. */
function originOf(trace: Trace, failed: number): number {
  const { status, subtreeEnd } = trace.columns;
  let origin = failed;
  for (;;) {
    let last = -1;
    for (let child = origin + 1; child < subtreeEnd[origin]!; child = subtreeEnd[child]!) {
      if (status[child] === statusCode.error && (last < 0 || spanEnd(trace, child) >= spanEnd(trace, last)))
        last = child;
    }
    if (last < 0) return origin;
    origin = last;
  }
}

/** The only child of a root, as an agent's run below its session, stands for the root. */
function isTopOfRun({ columns }: Trace, index: number): boolean {
  const above = columns.parent[index]!;
  return (
    above >= 0 &&
    columns.parent[above]! < 0 &&
    index === above + 1 &&
    columns.subtreeEnd[index] === columns.subtreeEnd[above]
  );
}
