'use client';

import { type ReactNode, useMemo, useState } from 'react';
import type { Span } from '../model/trace.ts';
import type { ToolCallPart } from '../transforms/agentMessage.ts';
import type { AgentSpan } from '../transforms/agentSpan.ts';
import type { PromptDelta } from '../transforms/promptDelta.ts';
import { DecisionCard, DocumentList, EmbeddingList, EvaluationList, MemoryCard } from './AgentCards.tsx';
import { AgentFactList, hasAgentFacts } from './AgentFacts.tsx';
import { Conversation, type KnownCall } from './Conversation.tsx';
import { DetailSection } from './DetailSection.tsx';
import { useDetails } from './DetailsContext.tsx';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { PromptChanges } from './PromptChanges.tsx';
import { RichText } from './RichText.tsx';
import { ToolDefinitionView } from './ToolCard.tsx';
import { ToolUseView } from './ToolUseView.tsx';

export interface AgentContentProps {
  agent: AgentSpan;
  /** As `DetailSection` takes it, by the section's name. */
  section: (name: AgentSectionName) => { title: string; isOpen: boolean; onOpenChange: (isOpen: boolean) => void };
}

export type AgentSectionName =
  | 'decision'
  | 'memory'
  | 'tool'
  | 'query'
  | 'documents'
  | 'documentsBefore'
  | 'conversation'
  | 'content'
  | 'evaluations'
  | 'embeddings'
  | 'toolDefinitions'
  | 'model';

/** What a span means to an agent, as far as its source tells: each part where there is one, whatever the span's kind. */
export function AgentContent({ agent, section }: AgentContentProps) {
  const { span, decision, memory, tool, query, documents, documentsBefore, evaluations, embeddings } = agent;
  const hasOwnContent = agent.kind === 'tool' && tool !== undefined;
  const hasMessages = agent.input.length > 0 || agent.output.length > 0;
  return (
    <>
      {decision && (
        <DetailSection {...section('decision')}>
          <DecisionCard decision={decision} span={span} />
        </DetailSection>
      )}
      {memory && (
        <DetailSection {...section('memory')}>
          <MemoryCard memory={memory} hasDocuments={documents.length > 0} />
        </DetailSection>
      )}
      {hasOwnContent && (
        <DetailSection {...section('tool')}>
          <ToolUseView span={span} tool={tool} />
        </DetailSection>
      )}
      {query !== undefined && query !== '' && !memory && (
        <DetailSection {...section('query')}>
          <RichText text={query} />
        </DetailSection>
      )}
      {documents.length > 0 && (
        <DetailSection {...section('documents')} count={documents.length}>
          <DocumentList documents={documents} />
        </DetailSection>
      )}
      {documentsBefore.length > 0 && (
        <DetailSection {...section('documentsBefore')} count={documentsBefore.length}>
          <DocumentList documents={documentsBefore} />
        </DetailSection>
      )}
      {hasMessages && !hasOwnContent && documents.length === 0 && (
        <ConversationSection agent={agent} section={section} />
      )}
      {evaluations.length > 0 && (
        <DetailSection {...section('evaluations')} count={evaluations.length}>
          <EvaluationList evaluations={evaluations} />
        </DetailSection>
      )}
      {embeddings.length > 0 && (
        <DetailSection {...section('embeddings')} count={embeddings.length}>
          <EmbeddingList embeddings={embeddings} />
        </DetailSection>
      )}
      {agent.toolDefinitions.length > 0 && (
        <DetailSection {...section('toolDefinitions')} count={agent.toolDefinitions.length}>
          <ToolDefinitions agent={agent} />
        </DetailSection>
      )}
      {hasAgentFacts(agent) && (
        <DetailSection {...section('model')}>
          <AgentFactList agent={agent} />
        </DetailSection>
      )}
    </>
  );
}

/** Fewer are read at once: hiding what the call before had as well would save nothing. */
const fewMessages = 4;

function ConversationSection({ agent, section }: AgentContentProps) {
  const { facts } = useDetails();
  const [showsChanges, setShowsChanges] = useState(false);
  const isModelCall = agent.kind === 'llm';
  const delta = useMemo(
    () => (isModelCall && agent.input.length > 0 ? facts.agents.promptDelta(agent.span.index) : undefined),
    [facts, agent, isModelCall],
  );
  const knownCall = useKnownCalls(agent);
  const all = useMemo(() => [...agent.input, ...agent.output], [agent]);
  const texts = messages.agent;
  const kept = delta ? keptAtFirst(delta, agent.input.length) : 0;
  const actions = (
    <>
      {delta && (
        <button
          type="button"
          className="spanscope-quiet-button spanscope-switch"
          aria-pressed={showsChanges}
          title={texts.changesHint}
          onClick={() => setShowsChanges(!showsChanges)}
        >
          {texts.changes}
        </button>
      )}
      <TextModeSwitch />
    </>
  );
  return (
    <DetailSection {...section(isModelCall ? 'conversation' : 'content')} count={all.length} actions={actions}>
      {showsChanges && delta ? (
        <>
          <PromptChanges delta={delta} knownCall={knownCall} />
          <Conversation messages={agent.output} knownCall={knownCall} label={texts.answer} />
        </>
      ) : (
        <Conversation
          messages={all}
          answerFrom={agent.input.length}
          kept={kept >= fewMessages ? kept : 0}
          keptLabel={texts.asBefore(kept)}
          knownCall={knownCall}
          label={isModelCall ? texts.conversation : texts.content}
        />
      )}
    </DetailSection>
  );
}

/** How many messages stand unchanged at the beginning of the newer prompt. */
function keptAtFirst({ kept, changes }: PromptDelta, length: number): number {
  const positions = changes.flatMap((change) => (change.type === 'removed' ? [] : [change.position]));
  return Math.min(kept, length, ...positions);
}

function useKnownCalls(agent: AgentSpan): (call: ToolCallPart) => KnownCall {
  const { trace, facts } = useDetails();
  return useMemo(() => {
    const definitions = new Map(agent.toolDefinitions.map((definition) => [definition.name, definition]));
    return (call) => {
      const found = facts.agents.toolSpanOf(agent.span.index, call);
      const tool = found && facts.agents.agent(found.index).tool;
      return {
        span: found && trace.spanAt(found.index),
        isInferred: found?.isInferred === true,
        definition: definitions.get(call.name),
        result: tool?.result,
        hasResult: tool?.result !== undefined,
      };
    };
  }, [agent, trace, facts]);
}

/** Whether texts are read as Markdown: one choice for all spans that are looked at. */
export function TextModeSwitch() {
  const { textMode, setTextMode } = useDetails();
  return (
    <button
      type="button"
      className="spanscope-quiet-button spanscope-switch"
      aria-pressed={textMode === 'markdown'}
      title={messages.agent.markdownHint}
      onClick={() => setTextMode(textMode === 'markdown' ? 'text' : 'markdown')}
    >
      {messages.agent.markdown}
    </button>
  );
}

function ToolDefinitions({ agent }: { agent: AgentSpan }) {
  const [opened, setOpened] = useState<string>();
  return (
    <ul className="spanscope-tool-definitions">
      {agent.toolDefinitions.slice(0, 200).map((definition, at) => {
        const id = `${at} ${definition.name}`;
        return (
          <li key={id}>
            <button
              type="button"
              className="spanscope-event-fold"
              aria-expanded={opened === id}
              onClick={() => setOpened(opened === id ? undefined : id)}
            >
              <Icon name="chevron" />
              <span className="spanscope-event-name" dir="auto">
                {definition.name || messages.agent.unnamedTool}
              </span>
              {opened !== id && definition.description !== undefined && (
                <span className="spanscope-event-preview" dir="auto">
                  {definition.description.slice(0, 160)}
                </span>
              )}
            </button>
            {opened === id && <ToolDefinitionView definition={definition} />}
          </li>
        );
      })}
    </ul>
  );
}

export interface SpanContentProps {
  span: Span;
  agent: AgentSpan;
  /** What would stand there without the replacement, to be put somewhere within it. */
  standard: ReactNode;
}
