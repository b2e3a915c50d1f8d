import { formatDuration } from '../layout/duration.ts';
import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';

/** What the run came to: the outcome first, then its numbers, and the way to where it first went wrong. */
export function TraceSummary() {
  const { trace, facts, select } = useTraceViewContext();
  if (!trace || !facts) return null;
  const root = trace.roots.at(0)!;
  const outcome = outcomeOf(trace, facts);
  const texts = messages.traceView;
  const cause = outcome.firstError < 0 ? undefined : trace.spanAt(outcome.firstError);
  return (
    <header className="spanscope-summary" data-outcome={outcome.word}>
      <span className="spanscope-outcome">
        <Icon name={outcome.word === 'error' ? 'error' : outcome.word === 'open' ? 'open' : 'ok'} />
        {texts.outcome[outcome.word]}
      </span>
      <h2 className="spanscope-summary-title" dir="auto" title={root.name}>
        {root.name || messages.rows.unnamed}
      </h2>
      <ul className="spanscope-summary-numbers" aria-label={texts.numbers}>
        <li>{formatDuration(trace.duration)}</li>
        <li>{texts.spans(trace.spanCount)}</li>
        {trace.serviceNames.length > 1 && <li>{texts.services(trace.serviceNames.length)}</li>}
        {outcome.errors > 0 && <li data-error="">{texts.errors(outcome.errors)}</li>}
        {outcome.open > 0 && <li>{texts.open(outcome.open)}</li>}
      </ul>
      {cause && (
        <button
          type="button"
          className="spanscope-first-error"
          onClick={(event) => select(cause.key, { reason: 'link', event: event.nativeEvent })}
        >
          {texts.firstError} <span dir="auto">{cause.name || messages.rows.unnamed}</span>
        </button>
      )}
    </header>
  );
}

interface Outcome {
  word: 'error' | 'recovered' | 'open' | 'ok';
  errors: number;
  open: number;
  /** The first error that no error below it explains, or -1. */
  firstError: number;
}

/** A run failed where a root failed; errors that no root shares were recovered from, as far as the trace tells. */
function outcomeOf(trace: Trace, facts: TraceFacts): Outcome {
  const { status, duration, start, parent, length } = trace.columns;
  let errors = 0;
  let open = 0;
  let firstError = -1;
  let failed = false;
  for (let index = 0; index < length; index++) {
    if (Number.isNaN(duration[index]!)) open++;
    if (status[index] !== statusCode.error) continue;
    errors++;
    failed ||= parent[index]! < 0 || isTopOfRun(trace, index);
    const isOrigin = facts.errorCounts[index] === 0;
    if (isOrigin && (firstError < 0 || start[index]! < start[firstError]!)) firstError = index;
  }
  const word = failed ? 'error' : open > 0 ? 'open' : errors > 0 ? 'recovered' : 'ok';
  return { word, errors, open, firstError };
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
