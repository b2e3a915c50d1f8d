/**
 * What the model marks a span with when it is built, none of it a reason to drop the span.
 *
 * - `orphan`: names a parent that is not in the trace; it is a root
 * - `duplicate-id`: another span of the trace has the same id; both are kept
 * - `cycle`: its parent is itself or one of its descendants; this edge was cut, it is a root
 * - `outside-parent`: starts before its parent or ends after it
 * - `clock-skew`: of another service than its parent and wholly outside it, though the parent waits for it
 * - `negative-duration`: ends before it starts
 * - `unfinished`: has no end
 * - `implausible-time`: starts or ends over 104 days from the trace's median start (a start of 0 in most cases)
 * - `missing-start`: has no start; it stands at its parent's
 */
export const spanIssues = [
  'orphan',
  'duplicate-id',
  'cycle',
  'outside-parent',
  'clock-skew',
  'negative-duration',
  'unfinished',
  'implausible-time',
  'missing-start',
] as const;
export type SpanIssue = (typeof spanIssues)[number];

/** The bit of an issue in `TraceColumns.issues`. */
export const issueBit: Readonly<Record<SpanIssue, number>> = Object.fromEntries(
  spanIssues.map((issue, at) => [issue, 1 << at]),
) as Record<SpanIssue, number>;

export function issuesOfBits(bits: number): readonly SpanIssue[] {
  return spanIssues.filter((_, at) => bits & (1 << at));
}
