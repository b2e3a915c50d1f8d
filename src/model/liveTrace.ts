import { issueBit } from './issues.ts';
import { fromUnixNano, isKnown, nanosecondsBetween, type TimePoint } from './time.ts';
import { createTrace, type Trace, tableOf } from './trace.ts';

/** What hands out traces that grow: a recorder, or anything of this form. */
export interface LiveTraceSource {
  /** The latest snapshot of each trace, oldest trace first. The same snapshot until its trace changes. */
  readonly traces: readonly Trace[];
  /** Calls back after traces changed; what is returned ends that. */
  subscribe(listener: () => void): () => void;
}

/** Whether a span of the trace still runs, in the eyes of who built it: open, and not given up as unfinished. */
export function isRunning(trace: Trace): boolean {
  const { duration, issues, length } = trace.columns;
  for (let index = 0; index < length; index++) {
    if (Number.isNaN(duration[index]) && !(issues[index]! & issueBit.unfinished)) return true;
  }
  return false;
}

/**
 * The same snapshot, lasting until `now` where it lasted less: open spans are drawn to the trace's end. Costs nothing for
 * the number of spans; all columns are shared.
 */
export function extendedTo(trace: Trace, now: TimePoint): Trace {
  const table = tableOf(trace);
  if (!table || !isKnown(now)) return trace;
  const duration = nanosecondsBetween(fromUnixNano(table.startTimeUnixNano), now);
  return duration > table.duration ? createTrace({ ...table, duration }) : trace;
}
