'use client';

import { type CSSProperties, forwardRef, type ReactNode, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { Trace } from '../model/trace.ts';
import type { RunError } from '../transforms/agentErrors.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import type { AgentRun } from '../transforms/agentRun.ts';
import { costText, exactTokens, formatTokens, totalTokens } from './agentNumbers.ts';
import { classes } from './classes.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { RunAudit } from './RunAudit.tsx';
import { formatShare } from './spanFacts.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { SplitBar } from './UsageBar.tsx';
import { ViewStates } from './ViewStates.tsx';
import { visibleText } from './visibleText.ts';

export interface RunSummaryProps extends TraceSourceProps, TraceViewStateProps {
  /** Styled by `.spanscope-run-summary`; `data-outcome` says how the run ended. */
  className?: string;
  style?: CSSProperties;
}

/**
 * What a run came to: its outcome and what it was for, how long it took and what it used, what it failed of and the way
 * there, where its time went. Of a trace without an agent it tells what can be told of any trace.
 */
export const RunSummary = forwardRef<HTMLElement, RunSummaryProps>(function RunSummary(props, ref) {
  return (
    <TraceScope {...props}>
      <SummaryBody className={props.className} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

interface SummaryBodyProps {
  className: string | undefined;
  style: CSSProperties | undefined;
  forwardedRef: React.ForwardedRef<HTMLElement>;
}

function SummaryBody({ className, style, forwardedRef }: SummaryBodyProps) {
  const { trace, facts, readRun } = useTraceViewContext();
  const [isReading, setIsReading] = useState(false);
  if (!trace || !facts || trace.spanCount === 0) {
    return (
      <header
        ref={forwardedRef}
        className={classes('spanscope spanscope-run-summary', className)}
        part="summary"
        style={style}
      >
        <ViewStates />
      </header>
    );
  }
  const root = trace.roots.at(0)!;
  const outcome = summaryOutcome(trace, facts);
  const { word } = outcome;
  const texts = messages.traceView;
  const task = facts.agents.isAgentRun ? facts.agents.task : undefined;
  return (
    <header
      ref={forwardedRef}
      className={classes('spanscope spanscope-run-summary', className)}
      part="summary"
      style={style}
      data-outcome={word}
    >
      <div className="spanscope-summary">
        <span className="spanscope-outcome">
          <Icon name={outcomeIcons[word]} />
          {texts.outcome[word]}
        </span>
        <h2 className="spanscope-summary-title" dir="auto" title={root.name}>
          {root.name || messages.rows.unnamed}
        </h2>
        {task !== undefined && (
          <span className="spanscope-summary-task" dir="auto" title={task.slice(0, 2000)}>
            {visibleText(task.slice(0, 300))}
          </span>
        )}
        <Numbers trace={trace} facts={facts} />
      </div>
      <Causes trace={trace} facts={facts} outcome={outcome} />
      {facts.agents.isAgentRun && (
        <>
          <TimeShares run={facts.agents.run} />
          <RunAudit trace={trace} audit={facts.agents.run.totals.audit} />
        </>
      )}
      {facts.agents.isUnread && facts.agents.isHuge && (
        <button
          type="button"
          className="spanscope-quiet-button spanscope-read-all"
          title={messages.run.readAllHint}
          aria-disabled={isReading || undefined}
          onClick={() => {
            if (isReading) return;
            setIsReading(true);
            readRun();
          }}
        >
          {isReading ? messages.run.reading : messages.run.readAll}
        </button>
      )}
    </header>
  );
}

const outcomeIcons = { error: 'error', open: 'open', incomplete: 'warning', recovered: 'ok', ok: 'ok' } as const;

type OutcomeWord = keyof typeof outcomeIcons;

interface SummaryOutcome {
  readonly word: OutcomeWord;
  /** Where the reason is to be seen; undefined where nothing failed. */
  readonly error: Pick<RunError, 'origin' | 'type' | 'message' | 'path' | 'isRecovered'> | undefined;
  /** How many others there are. */
  readonly others: number;
}

function summaryOutcome(trace: Trace, facts: TraceFacts): SummaryOutcome {
  if (facts.agents.isUnread) return plainSummaryOutcome(trace, facts);
  const { outcome, errors } = facts.agents.run;
  const error = errors.find(({ origin }) => origin === outcome.span) ?? errors[0];
  return {
    word: outcomeWord(trace, outcome.state === 'failed', outcome.state === 'unfinished', errors.length > 0),
    error,
    others: Math.max(0, errors.length - 1),
  };
}

function plainSummaryOutcome(trace: Trace, facts: TraceFacts): SummaryOutcome {
  const { isFailed, cause } = facts.plainOutcome;
  const word = outcomeWord(trace, isFailed, facts.counts.open > 0, facts.counts.errors > 0);
  if (cause < 0) return { word, error: undefined, others: 0 };
  const message = trace.spanAt(cause).statusMessage;
  return { word, error: { origin: cause, type: undefined, message, path: [], isRecovered: !isFailed }, others: 0 };
}

/** What is not there may have failed: a trace that is not whole is never called done. */
function outcomeWord(trace: Trace, isFailed: boolean, isOpen: boolean, hasErrors: boolean): OutcomeWord {
  if (isFailed) return 'error';
  if (isOpen) return 'open';
  if (!trace.completeness.complete) return 'incomplete';
  return hasErrors ? 'recovered' : 'ok';
}

/** The four numbers that are asked for first, then what else there is to count. */
function Numbers({ trace, facts }: { trace: Trace; facts: TraceFacts }) {
  const texts = messages.traceView;
  const { isAgentRun } = facts.agents;
  const run = isAgentRun ? facts.agents.run : undefined;
  const usage = run?.usage;
  const cost = run?.cost;
  const tokens = totalTokens(usage);
  const cached = usage?.cacheRead && usage.input ? formatShare(usage.cacheRead, usage.input) : undefined;
  const { errors, open } = facts.counts;
  const isInferred = run?.iterations.some((iteration) => iteration.isInferred) === true;
  return (
    <ul className="spanscope-summary-numbers" aria-label={texts.numbers}>
      <NumberItem>{formatDuration(trace.duration)}</NumberItem>
      <NumberItem>{texts.spans(trace.spanCount)}</NumberItem>
      {tokens !== undefined && (
        <NumberItem title={exactTokens(tokens)}>
          {messages.run.tokens(formatTokens(tokens))}
          {cached !== undefined && ` (${messages.run.cached(cached)})`}
        </NumberItem>
      )}
      {cost && <NumberItem title={cost.isEstimated ? messages.run.estimated : undefined}>{costText(cost)}</NumberItem>}
      {run && run.iterations.length > 0 && (
        <NumberItem title={isInferred ? messages.run.iterationsInferred : undefined}>
          {`${isInferred ? '≈ ' : ''}${messages.run.iterations(run.iterations.length)}`}
        </NumberItem>
      )}
      {trace.serviceNames.length > 1 && <NumberItem>{texts.services(trace.serviceNames.length)}</NumberItem>}
      {errors > 0 && (
        <NumberItem of="error" title={run && messages.run.errorOrigins(run.errors.length, errors)}>
          {texts.errors(errors)}
        </NumberItem>
      )}
      {run && run.softFailures.length > 0 && (
        <NumberItem of="soft" title={messages.run.softHint}>
          {messages.run.softFailures(run.softFailures.length)}
        </NumberItem>
      )}
      {run && run.loops.length > 0 && (
        <NumberItem of="soft" title={messages.run.loopsHint}>
          {`≈ ${messages.run.loops(run.loops.length)}`}
        </NumberItem>
      )}
      {open > 0 && <NumberItem>{texts.open(open)}</NumberItem>}
    </ul>
  );
}

interface NumberItemProps {
  children: ReactNode;
  title?: string | undefined;
  of?: 'error' | 'soft';
}

/** Isolated, so that on a page that runs right to left number and unit keep their order. */
function NumberItem({ children, title, of }: NumberItemProps) {
  return (
    <li title={title} data-error={of === 'error' ? '' : undefined} data-soft={of === 'soft' ? '' : undefined}>
      <bdi>{children}</bdi>
    </li>
  );
}

interface CausesProps {
  trace: Trace;
  facts: TraceFacts;
  outcome: SummaryOutcome;
}

/** What a failed run failed of, else its first error; of one without errors nothing. */
function Causes({ trace, facts, outcome }: CausesProps) {
  const { select } = useTraceViewContext();
  const texts = messages.traceView;
  const { error: shown, others } = outcome;
  if (!shown) return null;
  const origin = trace.spanAt(shown.origin);
  const reason = reasonText(shown);
  return (
    <div className="spanscope-summary-cause">
      <button
        type="button"
        className="spanscope-first-error"
        dir="auto"
        title={reason.slice(0, 2000)}
        onClick={(event) => select(origin.key, { reason: 'link', event: event.nativeEvent })}
      >
        <span className="spanscope-first-error-label">{outcome.word === 'error' ? texts.cause : texts.firstError}</span>{' '}
        <strong dir="auto">{origin.name || messages.rows.unnamed}</strong>
        {reason !== '' && (
          <>
            {' '}
            <span className="spanscope-first-error-reason" dir="auto">
              {visibleText(reason.slice(0, 400))}
            </span>
          </>
        )}
      </button>
      <PathOfError trace={trace} facts={facts} error={shown} />
      {others > 0 && <span className="spanscope-aside">{texts.otherErrors(others)}</span>}
    </div>
  );
}

function reasonText({ type, message }: Pick<RunError, 'type' | 'message'>): string {
  return [type, message].filter((part) => part !== undefined && part !== '').join(': ');
}

const agentSteps: ReadonlySet<AgentKind> = new Set(['tool', 'llm', 'agent', 'iteration', 'retriever', 'memory']);

/** The step of the agent that it ended, where the error itself is below one. */
function PathOfError({
  trace,
  facts,
  error,
}: {
  trace: Trace;
  facts: TraceFacts;
  error: Pick<RunError, 'path' | 'isRecovered'>;
}) {
  if (error.isRecovered) return <span className="spanscope-aside">{messages.run.recovered}</span>;
  const step = error.path.slice(1, -1).find((index) => agentSteps.has(facts.kind(index)));
  if (step === undefined) return null;
  return (
    <span className="spanscope-aside" dir="auto">
      {messages.traceView.inStep(visibleText(agentLabel(trace.spanAt(step)).slice(0, 80)))}
    </span>
  );
}

const shareNames = ['llm', 'tool', 'retrieval', 'memory', 'other', 'idle'] as const;

/** Where the time went, as one bar with its legend. */
function TimeShares({ run }: { run: AgentRun }) {
  const { total, shares } = run.time;
  // What took less than a thousandth is no answer to where the time went.
  const shown = shareNames.filter((name) => shares[name] > total / 1000);
  if (!(total > 0) || shown.length === 0) return null;
  const texts = messages.run;
  return (
    <div className="spanscope-time-shares" role="group" aria-label={texts.time}>
      <SplitBar parts={shown.map((name) => ({ name, value: shares[name] }))} />
      <ul className="spanscope-legend">
        {shown.map((name) => (
          <li key={name} title={`${formatDuration(shares[name])}${name === 'idle' ? `. ${texts.idleHint}` : ''}`}>
            <span className="spanscope-legend-mark" data-part={name} />
            {texts.shares[name]} <bdi className="spanscope-legend-value">{formatShare(shares[name], total)}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
