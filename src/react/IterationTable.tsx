'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, type MouseEvent, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { Trace } from '../model/trace.ts';
import type { Iteration } from '../transforms/agentIterations.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { ShowMore } from './AttributeTable.tsx';
import { costText, exactTokens, formatTokens, totalTokens, unknown } from './agentNumbers.ts';
import { classes } from './classes.ts';
import { Icon, type IconName } from './icons.tsx';
import { messages } from './messages.ts';
import { exactDuration } from './spanFacts.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { visibleText } from './visibleText.ts';

export interface IterationTableProps extends TraceSourceProps, TraceViewStateProps {
  /** Styled by `.spanscope-iteration-table`. */
  className?: string;
  style?: CSSProperties;
}

/** The iterations of an agent's run, a row each: time, model calls, tools, tokens, cost, decision, outcome. A click focuses one. */
export const IterationTable = forwardRef<HTMLDivElement, IterationTableProps>(function IterationTable(props, ref) {
  return (
    <TraceScope {...props}>
      <TableFrame className={props.className} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

interface FrameProps {
  className: string | undefined;
  style: CSSProperties | undefined;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function TableFrame({ className, style, forwardedRef }: FrameProps) {
  const { trace, facts } = useTraceViewContext();
  return (
    <div ref={forwardedRef} className={classes('spanscope spanscope-iteration-table', className)} style={style}>
      <ViewErrorBoundary resetKey={trace}>
        {!trace || trace.spanCount === 0 || !facts ? (
          <ViewStates />
        ) : facts.agents.run.iterations.length === 0 ? (
          <p className="spanscope-run-none">{messages.run.noIterations}</p>
        ) : (
          <Table trace={trace} iterations={facts.agents.run.iterations} />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

const rowsAtOnce = 100;

function Table({ trace, iterations }: { trace: Trace; iterations: readonly Iteration[] }) {
  const { selectedIndex } = useTraceViewContext();
  const [limit, setLimit] = useState(rowsAtOnce);
  const texts = messages.run;
  const shown = iterations.slice(0, limit);
  const columns: Columns = {
    agents: new Set(iterations.map((iteration) => iteration.agent)).size > 1,
    tokens: iterations.some((iteration) => iteration.usage !== undefined),
    cost: iterations.some((iteration) => iteration.cost !== undefined),
    decision: iterations.some((iteration) => iteration.chosen !== undefined),
  };
  const longest = iterations.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keys too
    <div className="spanscope-table-scroller" tabIndex={0} role="group" aria-label={texts.iterationTable}>
      <table>
        <caption className="spanscope-visually-hidden">{texts.iterationTable}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.columns.number}</th>
            {columns.agents && <th scope="col">{texts.columns.agent}</th>}
            <th scope="col">{texts.columns.outcome}</th>
            <th scope="col" data-number="">
              {texts.columns.duration}
            </th>
            <th scope="col">{texts.columns.tools}</th>
            {columns.decision && <th scope="col">{texts.columns.decision}</th>}
            <th scope="col" data-number="">
              {texts.columns.calls}
            </th>
            {columns.tokens && (
              <th scope="col" data-number="">
                {texts.columns.tokens}
              </th>
            )}
            {columns.cost && (
              <th scope="col" data-number="">
                {texts.columns.cost}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {shown.map((iteration) => (
            <IterationRow
              key={`${iteration.agent} ${iteration.number} ${iteration.span}`}
              trace={trace}
              iteration={iteration}
              columns={columns}
              longest={longest}
              isSelected={iteration.span === selectedIndex}
            />
          ))}
        </tbody>
      </table>
      <ShowMore rest={iterations.length - limit} step={rowsAtOnce} onMore={() => setLimit(limit + rowsAtOnce)} />
      {iterations.some((iteration) => iteration.isInferred) && (
        <p className="spanscope-run-note">{texts.iterationsInferred}</p>
      )}
    </div>
  );
}

interface Columns {
  agents: boolean;
  tokens: boolean;
  cost: boolean;
  decision: boolean;
}

interface RowProps {
  trace: Trace;
  iteration: Iteration;
  columns: Columns;
  longest: number;
  isSelected: boolean;
}

const outcomeIcons: Readonly<Record<Iteration['outcome'], IconName>> = {
  ok: 'ok',
  error: 'error',
  recovered: 'warning',
  soft: 'warning',
  open: 'open',
};

function IterationRow({ trace, iteration, columns, longest, isSelected }: RowProps) {
  const { select, viewport } = useTraceViewContext();
  const { number, start, end, outcome, usage, cost, tools, llmCalls, chosen } = iteration;
  const texts = messages.run;
  const focus = (event: MouseEvent) => {
    const details = { reason: 'link', event: event.nativeEvent } as const;
    select(trace.spanAt(iteration.span).key, details);
    const air = Math.max((end - start) * 0.04, 10);
    viewport.goTo([start - air, end + air], details);
  };
  const duration = end - start;
  return (
    <tr data-outcome={outcome} data-selected={isSelected || undefined} onClick={focus}>
      <th scope="row">
        <button
          type="button"
          className="spanscope-link"
          aria-label={texts.focusIteration(number)}
          aria-pressed={isSelected}
          onClick={(event) => {
            event.stopPropagation();
            focus(event);
          }}
        >
          {number}
        </button>
      </th>
      {columns.agents && (
        <td dir="auto" className="spanscope-table-name">
          {visibleText(agentLabel(trace.spanAt(iteration.agent)).slice(0, 200))}
        </td>
      )}
      <td>
        <span className="spanscope-iteration-outcome" data-outcome={outcome}>
          <Icon name={outcomeIcons[outcome]} />
          {texts.outcomes[outcome]}
        </span>
      </td>
      <td data-number="" title={exactDuration(duration)}>
        <span className="spanscope-table-bar">
          {formatDuration(duration)}
          <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <rect width={longest > 0 ? Math.max(1, (duration / longest) * 100) : 0} height="4" />
          </svg>
        </span>
      </td>
      <td>
        <ToolNames names={tools} />
      </td>
      {columns.decision && (
        <td dir="auto" className="spanscope-table-name">
          {chosen === undefined ? unknown : visibleText(chosen.slice(0, 200))}
        </td>
      )}
      <td data-number="">{llmCalls.length}</td>
      {columns.tokens && (
        <td data-number="" title={exactTokens(totalTokens(usage))}>
          {formatTokens(totalTokens(usage))}
        </td>
      )}
      {columns.cost && <td data-number="">{costText(cost)}</td>}
    </tr>
  );
}

const namesAtOnce = 4;

/** Each tool once, with how often it was called. */
function ToolNames({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <>{unknown}</>;
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shown = [...counts].slice(0, namesAtOnce);
  return (
    <span className="spanscope-table-tools" title={[...counts].map(([name, count]) => `${name} × ${count}`).join(', ')}>
      {shown.map(([name, count]) => (
        <span key={name}>
          <bdi>{visibleText(name.slice(0, 80))}</bdi>
          {count > 1 && <span className="spanscope-quiet"> × {count}</span>}
        </span>
      ))}
      {counts.size > namesAtOnce && <span className="spanscope-quiet">+{counts.size - namesAtOnce}</span>}
    </span>
  );
}
