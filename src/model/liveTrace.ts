import type { TraceColumns } from './columns.ts';
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
export function isRunning({ columns }: Trace): boolean {
  let isSo = running.get(columns);
  if (isSo === undefined) {
    isSo = hasRunningSpan(columns);
    running.set(columns, isSo);
  }
  return isSo;
}

/** Asked in every frame, of a snapshot that stays the same for many. */
const running = new WeakMap<TraceColumns, boolean>();

function hasRunningSpan({ duration, issues, length }: TraceColumns): boolean {
  for (let index = 0; index < length; index++) {
    if (Number.isNaN(duration[index]) && !(issues[index]! & issueBit.unfinished)) return true;
  }
  return false;
}

/** Whether something hands out traces that grow. */
export function isLiveTraceSource(value: unknown): value is LiveTraceSource {
  if (typeof value !== 'object' || value === null) return false;
  const { traces, subscribe } = value as Partial<LiveTraceSource>;
  return typeof subscribe === 'function' && Array.isArray(traces);
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
