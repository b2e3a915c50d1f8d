import type { Trace } from '../model/trace.ts';
import { openingPoint } from '../transforms/agentErrors.ts';
import type { TraceFacts } from './traceFacts.ts';

/** Where to look first, as a span's key: what a failed run failed of, else what the run waited for longest. */
export function openingSpanId(trace: Trace, facts: TraceFacts): string | undefined {
  if (trace.spanCount === 0) return undefined;
  if (facts.agents.isUnread) {
    const { isFailed, cause } = facts.plainOutcome;
    return isFailed ? trace.spanAt(cause).key : undefined;
  }
  const point = openingPoint(trace, facts.agents.run);
  return !point || point.reason === 'start' ? undefined : trace.spanAt(point.span).key;
}
