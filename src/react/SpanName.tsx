import { memo } from 'react';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import type { CellsProps } from './SpanRows.tsx';
import { visibleText } from './visibleText.ts';

const step = 14;
/** Deeper than this many levels, a level is indented by less, so that the name keeps its room. */
const wideLevels = 10;
const narrowStep = 3;
const widest = 190;

/** Kinds that are asked for more than their name. Others are drawn without a look at what they held. */
const mayFailSoftly: ReadonlySet<AgentKind> = new Set(['llm', 'tool', 'retriever', 'memory', 'guardrail', 'agent']);

/** A span's icon and name, indented by its depth, with what is wrong in it and below it: the same in tree and waterfall. */
export const SpanName = memo(function SpanName({ trace, facts, index, isExpanded, columns }: CellsProps) {
  const span = trace.spanAt(index);
  const kind = facts.kind(index);
  const label = agentLabel(span) || messages.rows.unnamed;
  const model = kind === 'llm' && !columns.includes('model') ? facts.agents.modelOf(index) : undefined;
  const soft = mayFailSoftly.has(kind) && span.status !== 'error' ? facts.agents.softFailure(index) : undefined;
  const isSoft = soft !== undefined;
  const loop = mayFailSoftly.has(kind) ? facts.agents.wastedIn(index) : undefined;
  const errorsBelow = facts.errorCounts[index]!;
  return (
    <>
      <Guides depth={span.depth} />
      {isExpanded === undefined ? (
        <span className="spanscope-toggle" aria-hidden="true" />
      ) : (
        <span
          className="spanscope-toggle"
          data-toggle=""
          aria-hidden="true"
          title={isExpanded ? messages.rows.collapse(label) : messages.rows.expand(label)}
        >
          <Icon name="chevron" />
        </span>
      )}
      <KindIcon kind={kind} className="spanscope-kind-icon" />
      <span className="spanscope-name-line">
        <span className="spanscope-name-text" dir="auto">
          {label}
        </span>
        {kind !== 'other' && <span className="spanscope-visually-hidden">, {messages.details.agentKinds[kind]}</span>}
        {model !== undefined && (
          <span className="spanscope-service-name" dir="auto">
            <Pause />
            {visibleText(model.slice(0, 120))}
          </span>
        )}
        {isFirstOfService(trace, index) && (
          <span className="spanscope-service-name" dir="auto">
            <Pause />
            {span.serviceName}
          </span>
        )}
      </span>
      {span.status === 'error' && (
        <span className="spanscope-error-mark">
          <Icon name="error" />
          <span className="spanscope-visually-hidden">, {messages.rows.error}</span>
        </span>
      )}
      {isSoft && (
        <span className="spanscope-soft-mark" title={messages.agent.softFailures[soft.reason]}>
          <Icon name="warning" />
          <span className="spanscope-visually-hidden">, {messages.agent.softFailure}</span>
        </span>
      )}
      {loop && (
        <span
          className="spanscope-loop-mark"
          title={messages.agent.wasted[loop.kind](
            visibleText(loop.names.slice(0, 4).join(', ').slice(0, 200)),
            loop.rounds,
          )}
        >
          <Icon name="wasted" />
          <span className="spanscope-visually-hidden">, </span>
          {messages.agent.wastedMarks[loop.kind]}
        </span>
      )}
      {span.duration === undefined && (
        <span className="spanscope-open-mark" title={messages.rows.open}>
          <Icon name="open" />
          <span className="spanscope-visually-hidden">, {messages.rows.open}</span>
        </span>
      )}
      {errorsBelow > 0 && isExpanded === false && (
        <span className="spanscope-errors-below" title={messages.rows.errorsBelow(errorsBelow)}>
          <Icon name="error" />
          <span aria-hidden="true">{errorsBelow}</span>
          <span className="spanscope-visually-hidden">, {messages.rows.errorsBelow(errorsBelow)}</span>
        </span>
      )}
      {isExpanded === false && span.descendantCount > 0 && (
        <span className="spanscope-hidden-count" aria-hidden="true">
          {span.descendantCount}
        </span>
      )}
    </>
  );
});

/** Keeps what is spoken of a row from running together: name, service, duration. */
export function Pause() {
  return <span className="spanscope-visually-hidden">, </span>;
}

/** Where a service takes over, its name is said once; its colour goes on below. */
function isFirstOfService({ columns, serviceNames }: Trace, index: number): boolean {
  const above = columns.parent[index]!;
  return serviceNames.length > 1 && (above < 0 || columns.service[above] !== columns.service[index]);
}

/** Indentation by an SVG's own width: markup without `style` attributes, and one element whatever the depth. */
function Guides({ depth }: { depth: number }) {
  const lines: number[] = [];
  for (let level = 0; level < Math.min(depth, wideLevels); level++) lines.push(level * step + 8.5);
  const width = Math.min(Math.min(depth, wideLevels) * step + Math.max(0, depth - wideLevels) * narrowStep, widest);
  if (width === 0) return null;
  return (
    <svg className="spanscope-guides" width={width} height="100%" aria-hidden="true">
      {lines.map((x) => (
        <line key={x} x1={x} x2={x} y1="0" y2="100%" />
      ))}
    </svg>
  );
}
