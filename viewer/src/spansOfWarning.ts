import { type ParseWarning, type SpanIssue, spanIssues, type Trace } from 'spanscope';

/** A span of a file: its key means something only within its trace. */
export interface SpanPlace {
  traceId: string;
  spanId: string;
}

export interface FoundSpan {
  place: SpanPlace;
  isFirst: boolean;
  /** Whether the warning is of no other span that could be shown. */
  isOnly: boolean;
}

/**
 * The next span that a warning is of, after `last`, in the order of the file's traces; after the last one the first again.
 * A warning of the model marks its spans; any other names the first place alone. Undefined where it is of no span.
 */
export function spanAfter(traces: readonly Trace[], warning: ParseWarning, last?: SpanPlace): FoundSpan | undefined {
  const issue = spanIssues.indexOf(warning.code as SpanIssue);
  if (issue < 0) {
    const { traceId, spanId } = warning;
    const span = traces.find((trace) => trace.traceId === traceId)?.span(spanId ?? '');
    return span && { place: { traceId: span.traceId, spanId: span.key }, isFirst: true, isOnly: true };
  }
  const from = last ? traces.findIndex((trace) => trace.traceId === last.traceId) : 0;
  const after = last ? (traces[from]?.span(last.spanId)?.index ?? -1) : -1;
  const found = nextMarked(traces, issue, from, after + 1) ?? nextMarked(traces, issue, 0, 0);
  if (!found) return undefined;
  const first = nextMarked(traces, issue, 0, 0)!;
  const isFirst = found.traceId === first.traceId && found.spanId === first.spanId;
  return { place: found, isFirst, isOnly: warning.count === 1 };
}

function nextMarked(traces: readonly Trace[], issue: number, from: number, start: number): SpanPlace | undefined {
  for (let at = from; at < traces.length; at++) {
    const trace = traces[at]!;
    const { issues, length } = trace.columns;
    for (let index = at === from ? start : 0; index < length; index++) {
      if (issues[index]! & (1 << issue)) return { traceId: trace.traceId, spanId: trace.spanAt(index).key };
    }
  }
  return undefined;
}
