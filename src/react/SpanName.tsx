import { memo, type ReactNode } from 'react';
import type { Span, Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { Icon, type IconName, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { RowSlot } from './RowSlot.tsx';
import type { CellsProps } from './SpanRows.tsx';
import { mayFailSoftly, shownSoftFailure } from './traceFacts.ts';
import { visibleText } from './visibleText.ts';

const step = 14;
/** Deeper than this many levels, a level is indented by less, so that the name keeps its room. */
const wideLevels = 10;
const narrowStep = 3;
const widest = 190;

/** A span's icon and name, indented by its depth, with what is wrong in it and below it: the same in tree and waterfall. */
export const SpanName = memo(function SpanName(props: CellsProps) {
  const { trace, facts, index, depth, isExpanded, words, columns, slots } = props;
  const span = trace.spanAt(index);
  const kind = facts.kind(index);
  const label = agentLabel(span) || messages.rows.unnamed;
  const model = kind === 'llm' && !columns.some(({ id }) => id === 'model') ? facts.agents.modelOf(index) : undefined;
  const soft = shownSoftFailure(facts, span);
  const loop = mayFailSoftly.has(kind) ? facts.agents.wastedIn(index) : undefined;
  const errorsBelow = facts.errorCounts[index]!;
  return (
    <>
      <Guides depth={depth} />
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
        <span className="spanscope-marked-name">
          <RowSlot render={slots.renderRowName} {...{ trace, facts, index, depth, isExpanded }}>
            <span className="spanscope-name-text" dir="auto">
              <Marked text={label} words={words} />
            </span>
          </RowSlot>
          {kind !== 'other' && <span className="spanscope-visually-hidden">, {messages.details.agentKinds[kind]}</span>}
          <SpanMarks span={span} />
        </span>
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
      {soft && (
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

/** The text with what is searched for marked in it, in whatever case it stands there. */
function Marked({ text, words }: { text: string; words: readonly string[] }) {
  if (words.length === 0) return text;
  const parts: ReactNode[] = [];
  const folded = text.toLowerCase();
  // Where folding changes lengths (a Turkish capital I) places no longer agree: the text stands unmarked.
  if (folded.length !== text.length) return text;
  const wanted = words.map((word) => word.toLowerCase());
  let from = 0;
  while (from < text.length) {
    let start = -1;
    let length = 0;
    for (const word of wanted) {
      const at = folded.indexOf(word, from);
      if (at < 0 || (start >= 0 && (at > start || (at === start && word.length <= length)))) continue;
      start = at;
      length = word.length;
    }
    if (start < 0) break;
    parts.push(text.slice(from, start), <mark key={start}>{text.slice(start, start + length)}</mark>);
    from = start + length;
  }
  return [...parts, text.slice(from)];
}

/** That the span failed, goes on, or is odd. To outlive a parent or to share an id is too common in sound traces for a mark. */
function SpanMarks({ span }: { span: Span }) {
  const texts = messages.rows;
  const odd = span.issues.flatMap((issue) => texts.oddities[issue] ?? []).join(', ');
  return (
    <>
      {span.status === 'error' && <Mark className="spanscope-error-mark" icon="error" text={texts.error} />}
      {span.duration === undefined && <Mark className="spanscope-open-mark" icon="open" text={texts.open} />}
      {odd !== '' && <Mark className="spanscope-oddity-mark" icon="warning" text={odd} />}
    </>
  );
}

function Mark({ className, icon, text }: { className: string; icon: IconName; text: string }) {
  return (
    <span className={className} title={text}>
      <Icon name={icon} />
      <span className="spanscope-visually-hidden">, {text}</span>
    </span>
  );
}

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
export function Guides({ depth }: { depth: number }) {
  const lines: number[] = [];
  for (let level = 0; level < Math.min(depth, wideLevels); level++) lines.push(level * step + 8.5);
  const width = Math.min(Math.min(depth, wideLevels) * step + Math.max(0, depth - wideLevels) * narrowStep, widest);
  if (width === 0) return null;
  return (
    <svg className="spanscope-guides" width={width} height="100%" aria-hidden="true">
      {lines.map((x) => (
        <line key={x} x1={x} x2={x} y1="0" y2="100%" />
      ))}
      {width === widest && (
        // Indentation has come to its end: the level is told as a number.
        <text x={widest - 2} y="50%" dominantBaseline="central" textAnchor="end">
          {(depth + 1).toLocaleString('en')}
          <title>{messages.rows.level(depth)}</title>
        </text>
      )}
    </svg>
  );
}
