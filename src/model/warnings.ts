import { type SpanIssue, spanIssues } from './issues.ts';
import { isTrace, type Span, type Trace } from './trace.ts';

/** Something that a reader of a file met, once for each kind. */
export interface ParseWarning {
  code: string;
  /** What happened, how often, where first, and what was done about it. */
  message: string;
  count: number;
  /** The first trace concerned. */
  traceId?: string;
  /** The key of the first span concerned. */
  spanId?: string;
}

/** How often each issue occurs and what was done about it: `[one, many, consequence]`. */
const sentences: Readonly<Record<SpanIssue, readonly [one: string, many: string, consequence: string]>> = {
  orphan: ['names a parent that is not in the trace', 'name a parent that is not in the trace', 'shown as roots'],
  'duplicate-id': [
    'shares its id with another',
    'share their id with another',
    'all kept, the further ones under keys like id~2',
  ],
  cycle: ['is its own ancestor', 'are their own ancestors', 'cut there and shown as roots'],
  'outside-parent': [
    'starts before or ends after its parent',
    'start before or end after their parent',
    'drawn as they are',
  ],
  'clock-skew': [
    'lies wholly outside its parent of another service',
    'lie wholly outside their parent of another service',
    'the clocks of the services may differ',
  ],
  'negative-duration': ['ends before it starts', 'end before they start', 'drawn at their start'],
  unfinished: ['has no end', 'have no end', "drawn open, to the trace's end"],
  'implausible-time': [
    "starts or ends over 104 days from the trace's median start",
    "start or end over 104 days from the trace's median start",
    "left out of the trace's bounds",
  ],
  'missing-start': ['has no start', 'have no start', "placed at their parent's"],
};

/** One warning for each kind of issue that the spans of one or several traces are marked with, in the order of `spanIssues`. */
export function traceWarnings(traces: Trace | readonly Trace[]): ParseWarning[] {
  const counts = new Uint32Array(spanIssues.length);
  const firsts: (Span | undefined)[] = spanIssues.map(() => undefined);
  for (const trace of isTrace(traces) ? [traces] : traces) countIssues(trace, counts, firsts);
  const warnings: ParseWarning[] = [];
  for (const [at, code] of spanIssues.entries()) {
    const count = counts[at]!;
    if (count === 0) continue;
    const [one, many, consequence] = sentences[code];
    const first = firsts[at]!;
    warnings.push({
      code,
      message: `${count} ${count === 1 ? 'span' : 'spans'} ${count === 1 ? one : many} (first: ${first.name || first.key}); ${consequence}.`,
      count,
      traceId: first.traceId,
      spanId: first.key,
    });
  }
  return warnings;
}

function countIssues(trace: Trace, counts: Uint32Array, firsts: (Span | undefined)[]): void {
  const { issues, length } = trace.columns;
  for (let index = 0; index < length; index++) {
    const bits = issues[index]!;
    if (bits === 0) continue;
    for (let at = 0; at < spanIssues.length; at++) {
      if (!(bits & (1 << at))) continue;
      counts[at]!++;
      firsts[at] ??= trace.spanAt(index);
    }
  }
}
