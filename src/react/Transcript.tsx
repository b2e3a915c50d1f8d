'use client';

import {
  type CSSProperties,
  type ForwardedRef,
  forwardRef,
  type MouseEvent,
  type SyntheticEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import type { AgentMessage, ToolCallPart } from '../transforms/agentMessage.ts';
import { TextModeSwitch } from './AgentContent.tsx';
import { ShowMore } from './AttributeTable.tsx';
import { costText, formatTokens, totalTokens } from './agentNumbers.ts';
import { valueText } from './attributeText.ts';
import { Conversation, type KnownCall } from './Conversation.tsx';
import { classes } from './classes.ts';
import { DetailsProvider, type TextMode } from './DetailsContext.tsx';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { exactDuration } from './spanFacts.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { type TranscriptRow, transcriptRows } from './transcriptRows.ts';
import { useLatest } from './useLatest.ts';
import { ViewErrorBoundary, ViewStates } from './ViewStates.tsx';
import { visibleText } from './visibleText.ts';

export interface TranscriptProps extends TraceSourceProps, TraceViewStateProps {
  /** As of `SpanDetails`. @default false */
  allowRemoteMedia?: boolean;
  /** Styled by `.spanscope-transcript`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * A run read as one conversation: what models were told and answered, what tools, memories and decisions did in between,
 * each once and in order. Runs of sub-agents are folded. The head of a step selects its span.
 */
export const Transcript = forwardRef<HTMLDivElement, TranscriptProps>(function Transcript(props, ref) {
  return (
    <TraceScope {...props}>
      <TranscriptFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function TranscriptFrame(props: TranscriptProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace, facts } = useTraceViewContext();
  return (
    <div
      ref={props.forwardedRef}
      className={classes('spanscope spanscope-transcript', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {!trace || trace.spanCount === 0 || !facts ? (
          <ViewStates />
        ) : (
          <Steps trace={trace} facts={facts} allowRemoteMedia={props.allowRemoteMedia === true} />
        )}
      </ViewErrorBoundary>
    </div>
  );
}

interface StepsProps {
  trace: Trace;
  facts: TraceFacts;
  allowRemoteMedia: boolean;
}

const stepsAtOnce = 60;

function Steps({ trace, facts, allowRemoteMedia }: StepsProps) {
  const { select, selectedIndex } = useTraceViewContext();
  const [opened, setOpened] = useState<ReadonlySet<SpanIndex>>(new Set());
  const [limit, setLimit] = useState(stepsAtOnce);
  const [textMode, setTextMode] = useState<TextMode>('markdown');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => transcriptRows(facts.agents.transcript, opened), [facts, opened]);
  const follow = useLatest((key: string, event: SyntheticEvent) =>
    select(key, { reason: 'link', event: event.nativeEvent }),
  );
  const shared = useMemo(
    () => ({ trace, facts, textMode, setTextMode, allowRemoteMedia, follow }),
    [trace, facts, textMode, allowRemoteMedia, follow],
  );
  // What another view selects comes into sight here, where it has a step of its own.
  const place = rows.findIndex((row) => row.part.span === selectedIndex);
  useEffect(() => {
    if (place < 0) return;
    if (place >= limit) setLimit(place + stepsAtOnce);
    else scroller.current?.querySelector(`[data-index="${selectedIndex}"]`)?.scrollIntoView?.({ block: 'nearest' });
  }, [place, selectedIndex, limit]);
  if (rows.length === 0) return <p className="spanscope-run-none">{messages.run.noTranscript}</p>;
  const toggle = (span: SpanIndex) => {
    const next = new Set(opened);
    if (!next.delete(span)) next.add(span);
    setOpened(next);
  };
  return (
    <DetailsProvider value={shared}>
      <div
        ref={scroller}
        className="spanscope-transcript-scroller"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keys too
        tabIndex={0}
        role="group"
        aria-label={messages.run.transcript}
      >
        <div className="spanscope-transcript-tools">
          <TextModeSwitch />
        </div>
        <ol className="spanscope-steps">
          {rows.slice(0, limit).map((row) => (
            <Step
              key={row.part.span}
              trace={trace}
              facts={facts}
              row={row}
              isSelected={row.part.span === selectedIndex}
              onToggle={toggle}
              onSelect={(event) => follow(trace.spanAt(row.part.span).key, event)}
            />
          ))}
        </ol>
        <ShowMore rest={rows.length - limit} step={stepsAtOnce} onMore={() => setLimit(limit + stepsAtOnce)} />
      </div>
    </DetailsProvider>
  );
}

interface StepProps {
  trace: Trace;
  facts: TraceFacts;
  row: TranscriptRow;
  isSelected: boolean;
  onToggle: (span: SpanIndex) => void;
  onSelect: (event: MouseEvent) => void;
}

const deepestIndent = 5;

function Step({ trace, facts, row, isSelected, onToggle, onSelect }: StepProps) {
  const { part, depth, isFold, isOpen, steps } = row;
  const span = trace.spanAt(part.span);
  const loop = facts.agents.wastedIn(part.span);
  const hasFailed = span.status === 'error';
  // Asked for above in a card that tells its result and leads to it: nothing is left for a step of its own to say.
  const isTold = part.kind === 'tool' && part.parts.length === 0 && part.failure === undefined && !hasFailed && !loop;
  if (isTold && !isSelected && facts.agents.callerOf(part.span)) return null;
  return (
    <li
      className="spanscope-step"
      data-kind={part.kind}
      data-depth={Math.min(depth, deepestIndent)}
      data-selected={isSelected || undefined}
      data-error={hasFailed || undefined}
      data-index={part.span}
    >
      <div className="spanscope-step-head" data-color={facts.color(part.span)}>
        {isFold && (
          <button
            type="button"
            className="spanscope-step-fold"
            aria-expanded={isOpen}
            aria-label={messages.run.openSubAgent(part.label)}
            onClick={() => onToggle(part.span)}
          >
            <Icon name="chevron" />
          </button>
        )}
        <button
          type="button"
          className="spanscope-step-name"
          aria-pressed={isSelected}
          title={messages.run.selectStep(span.name)}
          onClick={onSelect}
        >
          <KindIcon kind={part.kind} className="spanscope-kind-icon" />
          <bdi>{visibleText(part.label) || messages.details.unnamed}</bdi>
        </button>
        {isFold && <span className="spanscope-aside">{messages.run.steps(steps)}</span>}
        <StepSummary facts={facts} row={row} />
        {loop && <span className="spanscope-loop-mark">{messages.agent.wastedMarks[loop.kind]}</span>}
        <span className="spanscope-step-time" title={exactDuration(span.duration)}>
          {span.duration === undefined ? messages.details.open : formatDuration(span.duration)}
        </span>
      </div>
      {part.failure !== undefined && (
        <p className="spanscope-step-failure" data-soft={!hasFailed || undefined} dir="auto">
          <Icon name={hasFailed ? 'error' : 'warning'} />
          <span>{visibleText(part.failure.slice(0, 600))}</span>
        </p>
      )}
      {part.kind === 'llm' && <ModelCall trace={trace} facts={facts} row={row} />}
      {part.kind === 'agent' && !isFold && part.parts.length === 0 && (
        <Conversation messages={part.answer()} label={messages.agent.answer} />
      )}
    </li>
  );
}

/** What a step came to, in a few words beside its name. */
function StepSummary({ facts, row }: { facts: TraceFacts; row: TranscriptRow }) {
  const { part } = row;
  const agent = facts.agents.agent(part.span);
  const words: string[] = [];
  if (part.kind === 'llm') {
    if (agent.model !== undefined) words.push(agent.model);
    const total = totalTokens(agent.usage);
    if (total !== undefined) words.push(messages.run.tokens(formatTokens(total)));
    if (agent.cost) words.push(costText(agent.cost));
  } else if (agent.decision?.chosen !== undefined) {
    words.push(messages.run.chose(valueText(agent.decision.chosen)));
  } else if (agent.memory) {
    if (agent.memory.type !== undefined) words.push(agent.memory.type);
    if (agent.memory.count !== undefined) words.push(String(agent.memory.count));
  } else if (agent.documents.length > 0) {
    words.push(`${agent.documents.length} ${messages.agent.documents.toLowerCase()}`);
  } else if (part.kind === 'tool' && agent.tool?.arguments !== undefined) {
    words.push(valueText(agent.tool.arguments).replace(/\s+/g, ' '));
  }
  if (words.length === 0) return null;
  return (
    <span className="spanscope-step-summary" dir="auto">
      {visibleText(words.join(' · ').slice(0, 240))}
    </span>
  );
}

/** What the model was newly told, and what it answered. */
function ModelCall({ trace, facts, row }: { trace: Trace; facts: TraceFacts; row: TranscriptRow }) {
  const { part } = row;
  const knownCall = useMemo(() => knownCalls(trace, facts, part.span), [trace, facts, part.span]);
  const said = useMemo(() => {
    // What tools gave stands with their calls, one step up.
    const told = part.newMessages().filter((message) => !isToolsAnswer(message) || !facts.agents.hasToolSpans);
    return { told: told.length, all: [...told, ...part.answer()] };
  }, [facts, part]);
  if (said.all.length === 0) return null;
  return (
    <Conversation
      messages={said.all}
      answerFrom={said.told}
      knownCall={knownCall}
      label={agentLabel(trace.spanAt(part.span))}
    />
  );
}

function isToolsAnswer(message: AgentMessage): boolean {
  return message.parts.length > 0 && message.parts.every((part) => part.type === 'tool-result');
}

function knownCalls(trace: Trace, facts: TraceFacts, llmCall: SpanIndex): (call: ToolCallPart) => KnownCall {
  return (call) => {
    const found = facts.agents.toolSpanOf(llmCall, call);
    if (!found) return {};
    const { tool } = facts.agents.agent(found.index);
    return {
      span: trace.spanAt(found.index),
      isInferred: found.isInferred,
      result: tool?.result,
      hasResult: tool?.result !== undefined,
    };
  };
}
