'use client';

import { useMemo, useState } from 'react';
import type { Span } from '../model/trace.ts';
import type { ToolUse } from '../transforms/agentSpan.ts';
import { useDetails } from './DetailsContext.tsx';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { Fact } from './SpanFactList.tsx';
import { formatCount } from './spanFacts.ts';
import { ToolDefinitionView, ToolSide } from './ToolCard.tsx';
import { ValueView } from './ValueView.tsx';
import { visibleText } from './visibleText.ts';

/** A tool's own span: what it was given, what it gave, which model's call asked for it, and what that knew of it. */
export function ToolUseView({ span, tool }: { span: Span; tool: ToolUse }) {
  const { trace, facts, follow } = useDetails();
  const [showsDefinition, setShowsDefinition] = useState(false);
  const texts = messages.agent;
  const asked = useMemo(() => facts.agents.callerOf(span.index), [facts, span.index]);
  const asker = asked && trace.spanAt(asked.llm);
  const name = tool.name ?? span.name;
  const isOpen = span.duration === undefined;
  return (
    <div className="spanscope-tool-use">
      <div className="spanscope-tool-sides" data-two="">
        <ToolSide title={texts.arguments} copy={tool.arguments} copyLabel={texts.copyArguments(name)}>
          {tool.arguments === undefined && tool.inputSize !== undefined ? (
            <p className="spanscope-details-none">{texts.sizeOnly(tool.inputSize)}</p>
          ) : (
            <ValueView value={tool.arguments} label={texts.argumentsOf(name)} />
          )}
        </ToolSide>
        <ToolSide title={texts.result} copy={tool.result} copyLabel={texts.copyResult(name)}>
          {tool.result === undefined ? (
            <p className="spanscope-details-none">
              {isOpen ? texts.stillRuns : span.status === 'error' ? texts.noResultOfError : texts.notTold}
            </p>
          ) : (
            <ValueView value={tool.result} label={texts.resultOf(name)} />
          )}
        </ToolSide>
      </div>
      <dl className="spanscope-fields">
        {asker && (
          <Fact label={texts.askedBy}>
            <button type="button" className="spanscope-link" dir="auto" onClick={(event) => follow(asker.key, event)}>
              {asker.name || messages.details.unnamed}
            </button>{' '}
            {facts.agents.agent(asker.index).model !== undefined && (
              <span className="spanscope-aside">{visibleText(facts.agents.agent(asker.index).model!)}</span>
            )}
            {asked.isInferred && (
              <span className="spanscope-aside" title={texts.inferredLinkHint}>
                {' '}
                {texts.inferredLink}
              </span>
            )}
          </Fact>
        )}
        {tool.callId !== undefined && tool.callId !== '' && (
          <Fact label={texts.callId} copy={{ text: tool.callId, label: texts.copyFact(texts.callId) }}>
            <span className="spanscope-mono">{visibleText(tool.callId.slice(0, 200))}</span>
          </Fact>
        )}
        {tool.inputSize !== undefined && tool.arguments !== undefined && (
          <Fact label={texts.inputSize}>{formatCount(tool.inputSize)}</Fact>
        )}
      </dl>
      {asked?.definition && (
        <>
          <button
            type="button"
            className="spanscope-event-fold"
            aria-expanded={showsDefinition}
            onClick={() => setShowsDefinition(!showsDefinition)}
          >
            <Icon name="chevron" />
            {texts.definition}
          </button>
          {showsDefinition && <ToolDefinitionView definition={asked.definition} />}
        </>
      )}
    </div>
  );
}
