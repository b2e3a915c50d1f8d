import { useMemo } from 'react';
import type { Clock } from '../layout/clockTime.ts';
import type { Trace } from '../model/trace.ts';

/** Times from the trace's start, or as a clock shows them. */
export type TimeDisplay = 'relative' | 'absolute';

/** The zone itself where this machine knows it, else UTC. */
export function knownTimeZone(timeZone: string | undefined): string {
  if (timeZone === undefined) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** What tells a trace's times as times of day; undefined where they are told from its start. */
export function useClock(trace: Trace | undefined, display: TimeDisplay, timeZone: string): Clock | undefined {
  return useMemo(() => {
    if (!trace || trace.spanCount === 0 || display === 'relative') return undefined;
    return { startTimeUnixNano: trace.startTimeUnixNano, timeZone };
  }, [trace, display, timeZone]);
}
