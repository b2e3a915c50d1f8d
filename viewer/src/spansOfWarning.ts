import { type ParseWarning, type Span, type SpanIssue, spanIssues, type Trace } from 'spanscope';

/** A span of a file: its key means something only within its trace. */
export interface SpanPlace {
  traceId: string;
  spanId: string;
}

export interface FoundSpan {
  place: SpanPlace;
  isFirst: boolean;
}

/** How many spans a warning leads to, told without looking for them: a large trace takes its time. */
export function spansOf(traces: readonly Trace[], warning: ParseWarning): 'none' | 'one' | 'many' {
  if (issueOf(warning) >= 0) return warning.count === 1 ? 'one' : 'many';
  return namedSpan(traces, warning) ? 'one' : 'none';
}

/**
 * The next span that a warning is of, after `last`, in the order of the file's traces; after the last one the first again.
 * A warning of the model marks its spans; any other names the first place alone. Undefined where it is of no span.
 */
export function spanAfter(traces: readonly Trace[], warning: ParseWarning, last?: SpanPlace): FoundSpan | undefined {
  const issue = issueOf(warning);
  if (issue < 0) {
    const span = namedSpan(traces, warning);
    return span && { place: { traceId: span.traceId, spanId: span.key }, isFirst: true };
  }
  const from = last ? traces.findIndex((trace) => trace.traceId === last.traceId) : 0;
  const after = last ? (traces[from]?.span(last.spanId)?.index ?? -1) : -1;
  const found = nextMarked(traces, issue, from, after + 1) ?? nextMarked(traces, issue, 0, 0);
  if (!found) return undefined;
  const first = nextMarked(traces, issue, 0, 0)!;
  const isFirst = found.traceId === first.traceId && found.spanId === first.spanId;
  return { place: found, isFirst };
}

/** Which mark of the model a warning is about; -1 for none. */
function issueOf({ code }: ParseWarning): number {
  return spanIssues.indexOf(code as SpanIssue);
}

function namedSpan(traces: readonly Trace[], { traceId, spanId }: ParseWarning): Span | undefined {
  return traces.find((trace) => trace.traceId === traceId)?.span(spanId ?? '');
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
