'use client';

import { type ReactNode, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { ToolDefinition } from '../transforms/agentSpan.ts';
import { valueText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { useDetails } from './DetailsContext.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { ValueView } from './ValueView.tsx';
import { visibleText } from './visibleText.ts';

export interface ToolCardProps {
  name: string;
  callId?: string | undefined;
  /** Undefined where the source tells none; `hasArguments` false leaves the part out. */
  arguments?: AttributeValue | undefined;
  hasArguments?: boolean;
  result?: AttributeValue | undefined;
  /** False while nothing is known of a result: an answer of a model asks, and its tools are yet to run. */
  hasResult?: boolean;
  isError?: boolean;
  isServerSide?: boolean;
  /** The tool's own span. */
  span?: Span | undefined;
  /** The span was found by the tool's name and order. */
  isInferred?: boolean;
  definition?: ToolDefinition | undefined;
}

/** A call of a tool: what it was given and, beside it, what it gave; the way to its span and to its definition. */
export function ToolCard(props: ToolCardProps) {
  const { name, callId, hasArguments = true, hasResult = false, isError = false, span, definition } = props;
  const { follow } = useDetails();
  const [showsDefinition, setShowsDefinition] = useState(false);
  const texts = messages.agent;
  const hasFailed = isError || span?.status === 'error';
  const failure = hasFailed && !hasResult ? span?.statusMessage || undefined : undefined;
  return (
    <div className="spanscope-tool-card" data-error={hasFailed || undefined}>
      <div className="spanscope-tool-head">
        <Icon name="tool" className="spanscope-tool-icon" />
        <span className="spanscope-tool-name" dir="auto">
          {visibleText(name) || texts.unnamedTool}
        </span>
        {hasFailed && (
          <span className="spanscope-tool-failed">
            <Icon name="error" />
            {texts.failed}
          </span>
        )}
        {props.isServerSide && <span className="spanscope-aside">{texts.serverSide}</span>}
        {props.isInferred && span && (
          <span className="spanscope-aside" title={texts.inferredLinkHint}>
            {texts.inferredLink}
          </span>
        )}
        {callId !== undefined && callId !== '' && (
          <span className="spanscope-tool-id" title={texts.callId}>
            {visibleText(callId.slice(0, 200))}
          </span>
        )}
        <span className="spanscope-tool-links">
          {definition && (
            <button
              type="button"
              className="spanscope-quiet-button"
              aria-expanded={showsDefinition}
              onClick={() => setShowsDefinition(!showsDefinition)}
            >
              {texts.definition}
            </button>
          )}
          {span && (
            <button
              type="button"
              className="spanscope-link"
              title={texts.toToolSpan(span.name)}
              onClick={(event) => follow(span.key, event)}
            >
              {span.duration === undefined ? texts.toSpan : formatDuration(span.duration)}
              <span className="spanscope-visually-hidden">, {texts.toToolSpan(span.name)}</span>
              <Icon name="goTo" />
            </button>
          )}
        </span>
      </div>
      {showsDefinition && definition && <ToolDefinitionView definition={definition} />}
      <div
        className="spanscope-tool-sides"
        data-two={(hasArguments && (hasResult || failure !== undefined)) || undefined}
      >
        {hasArguments && (
          <ToolSide title={texts.arguments} copy={props.arguments} copyLabel={texts.copyArguments(name)}>
            <ValueView value={props.arguments} label={texts.argumentsOf(name)} />
          </ToolSide>
        )}
        {failure !== undefined && (
          <ToolSide title={texts.error} copy={failure} copyLabel={messages.details.copyMessage}>
            <div className="spanscope-tool-failure">
              <FoldedText text={visibleText(failure)} />
            </div>
          </ToolSide>
        )}
        {hasResult && (
          <ToolSide title={texts.result} copy={props.result} copyLabel={texts.copyResult(name)}>
            <ValueView value={props.result} label={texts.resultOf(name)} />
          </ToolSide>
        )}
      </div>
    </div>
  );
}

interface ToolSideProps {
  title: string;
  copy: AttributeValue | undefined;
  copyLabel: string;
  children: ReactNode;
}

/** One side of a call: arguments or result. */
export function ToolSide({ title, copy, copyLabel, children }: ToolSideProps) {
  return (
    <div className="spanscope-tool-side">
      <div className="spanscope-tool-side-head">
        <span className="spanscope-label">{title}</span>
        {copy !== undefined && <CopyButton text={() => valueText(copy)} label={copyLabel} />}
      </div>
      {children}
    </div>
  );
}

/** What a model knows of a tool: its description and the schema of its arguments. */
export function ToolDefinitionView({ definition }: { definition: ToolDefinition }) {
  return (
    <div className="spanscope-tool-definition">
      {definition.description !== undefined && definition.description !== '' && (
        <ValueView value={definition.description} label={messages.agent.definition} />
      )}
      {definition.parameters !== undefined && (
        <ValueView value={definition.parameters} label={messages.agent.schemaOf(definition.name)} />
      )}
    </div>
  );
}
