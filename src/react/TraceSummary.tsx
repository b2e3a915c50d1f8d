import { useMemo } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd } from '../transforms/clampedTimes.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';

/** What the run came to: the outcome first, then its numbers, and the way to where it first went wrong. */
export function TraceSummary() {
  const { trace, facts, select } = useTraceViewContext();
  // A walk over all spans: not again with every selection.
  const outcome = useMemo(() => trace && facts && outcomeOf(trace, facts), [trace, facts]);
  if (!trace || !outcome) return null;
  const root = trace.roots.at(0)!;
  const texts = messages.traceView;
  const cause = outcome.cause < 0 ? undefined : trace.spanAt(outcome.cause);
  return (
    <header className="spanscope-summary" data-outcome={outcome.word}>
      <span className="spanscope-outcome">
        <Icon name={outcomeIcons[outcome.word]} />
        {texts.outcome[outcome.word]}
      </span>
      <h2 className="spanscope-summary-title" dir="auto" title={root.name}>
        {root.name || messages.rows.unnamed}
      </h2>
      <ul className="spanscope-summary-numbers" aria-label={texts.numbers}>
        <NumberItem>{formatDuration(trace.duration)}</NumberItem>
        <NumberItem>{texts.spans(trace.spanCount)}</NumberItem>
        {trace.serviceNames.length > 1 && <NumberItem>{texts.services(trace.serviceNames.length)}</NumberItem>}
        {outcome.errors > 0 && <NumberItem isError>{texts.errors(outcome.errors)}</NumberItem>}
        {outcome.open > 0 && <NumberItem>{texts.open(outcome.open)}</NumberItem>}
      </ul>
      {cause && (
        <button
          type="button"
          className="spanscope-first-error"
          dir="auto"
          onClick={(event) => select(cause.key, { reason: 'link', event: event.nativeEvent })}
        >
          {outcome.word === 'error' ? texts.cause : texts.firstError}{' '}
          <span dir="auto">{cause.name || messages.rows.unnamed}</span>
        </button>
      )}
    </header>
  );
}

/** Isolated, so that on a page that runs right to left number and unit keep their order. */
function NumberItem({ children, isError = false }: { children: string; isError?: boolean }) {
  return (
    <li data-error={isError ? '' : undefined}>
      <bdi>{children}</bdi>
    </li>
  );
}

const outcomeIcons = { error: 'error', open: 'open', incomplete: 'warning', recovered: 'ok', ok: 'ok' } as const;

interface Outcome {
  word: keyof typeof outcomeIcons;
  errors: number;
  open: number;
  /**
   * Of a failed run the error that its failure came up from, of another the first error; in both cases one that no error
   * below it explains. -1 where there is none.
   */
  cause: number;
}

/** A run failed where a root failed; errors that no root shares were recovered from, as far as the trace tells. */
function outcomeOf(trace: Trace, facts: TraceFacts): Outcome {
  const { status, duration, start, parent, length } = trace.columns;
  let errors = 0;
  let open = 0;
  let firstError = -1;
  let failedTop = -1;
  for (let index = 0; index < length; index++) {
    if (Number.isNaN(duration[index]!)) open++;
    if (status[index] !== statusCode.error) continue;
    errors++;
    if (failedTop < 0 && (parent[index]! < 0 || isTopOfRun(trace, index))) failedTop = index;
    const isOrigin = facts.errorCounts[index] === 0;
    if (isOrigin && (firstError < 0 || start[index]! < start[firstError]!)) firstError = index;
  }
  const word = wordFor(trace, failedTop >= 0, open, errors);
  return { word, errors, open, cause: failedTop >= 0 ? originOf(trace, failedTop) : firstError };
}

/** What is not there may have failed: a trace that is not whole is never called done. */
function wordFor(trace: Trace, hasFailed: boolean, open: number, errors: number): Outcome['word'] {
  if (hasFailed) return 'error';
  if (open > 0) return 'open';
  if (!trace.completeness.complete) return 'incomplete';
  return errors > 0 ? 'recovered' : 'ok';
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
