'use client';

import { Fragment, type ReactNode, useMemo, useState } from 'react';
import type { Span } from '../model/trace.ts';
import type { AgentMessage, MessagePart, ToolCallPart, ToolResultPart } from '../transforms/agentMessage.ts';
import type { ToolDefinition } from '../transforms/agentSpan.ts';
import { isContainer, valueText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon, type IconName } from './icons.tsx';
import { JsonTree } from './JsonTree.tsx';
import { MediaView } from './MediaView.tsx';
import { messages as texts } from './messages.ts';
import { RichText } from './RichText.tsx';
import { ToolCard } from './ToolCard.tsx';
import { ValueView } from './ValueView.tsx';
import { visibleText } from './visibleText.ts';

/** What is known of a tool call beyond the message that asks for it. */
export interface KnownCall {
  span?: Span | undefined;
  /** The span was found by the tool's name and order: the source has no id on one side. */
  isInferred?: boolean;
  definition?: ToolDefinition | undefined;
  result?: ToolResultPart['result'];
  hasResult?: boolean;
}

export interface ConversationProps {
  messages: readonly AgentMessage[];
  /** So many of the first are folded into one line: what the call before had as well. @default 0 */
  kept?: number;
  /** Says what the folded ones are. */
  keptLabel?: string | undefined;
  knownCall?: ((call: ToolCallPart) => KnownCall | undefined) | undefined;
  /** The first message that is the answer and not the prompt. */
  answerFrom?: number | undefined;
  label: string;
}

const messagesAtOnce = 40;

/** Messages as people read a chat: who speaks, then what is said; tools' answers stand beside the calls that asked for them. */
export function Conversation({ messages, kept = 0, keptLabel, knownCall, answerFrom, label }: ConversationProps) {
  const [isKeptOpen, setIsKeptOpen] = useState(false);
  const [limit, setLimit] = useState(messagesAtOnce);
  const answers = useMemo(() => new ToolAnswers(messages), [messages]);
  const first = isKeptOpen ? 0 : Math.min(kept, messages.length);
  // The last are what it came to: of a long conversation the earlier ones wait.
  const from = Math.max(first, messages.length - limit);
  const earlier = from - first;
  return (
    <>
      {kept > 0 && (
        <button
          type="button"
          className="spanscope-kept-messages"
          aria-expanded={isKeptOpen}
          onClick={() => setIsKeptOpen(!isKeptOpen)}
        >
          <Icon name="chevron" />
          {keptLabel ?? texts.agent.earlierMessages(kept)}
        </button>
      )}
      {earlier > 0 && (
        <button type="button" className="spanscope-kept-messages" onClick={() => setLimit(limit + messagesAtOnce)}>
          {texts.agent.showEarlier(Math.min(earlier, messagesAtOnce), earlier)}
        </button>
      )}
      <ol className="spanscope-conversation" aria-label={label}>
        {messages.slice(from).map((message, at) =>
          answers.isAllShownElsewhere(message) ? null : (
            <MessageItem
              // biome-ignore lint/suspicious/noArrayIndexKey: messages have no id, and their order does not change
              key={from + at}
              message={message}
              answers={answers}
              knownCall={knownCall}
              isAnswer={answerFrom !== undefined && from + at >= answerFrom}
            />
          ),
        )}
      </ol>
    </>
  );
}

/** Which result answers which call, among the messages that are shown together. */
class ToolAnswers {
  readonly #byId = new Map<string, ToolResultPart>();
  readonly #calls = new Set<string>();

  constructor(messages: readonly AgentMessage[]) {
    for (const { parts } of messages) {
      for (const part of parts) {
        if (part.type === 'tool-call' && part.id) this.#calls.add(part.id);
        if (part.type === 'tool-result' && part.id && this.#calls.has(part.id) && !this.#byId.has(part.id)) {
          this.#byId.set(part.id, part);
        }
      }
    }
  }

  to(call: ToolCallPart): ToolResultPart | undefined {
    return call.id ? this.#byId.get(call.id) : undefined;
  }

  isShownElsewhere(part: MessagePart): boolean {
    return part.type === 'tool-result' && part.id !== undefined && this.#byId.get(part.id) === part;
  }

  isAllShownElsewhere({ parts }: AgentMessage): boolean {
    return parts.length > 0 && parts.every((part) => this.isShownElsewhere(part));
  }
}

const roleIcons: Readonly<Record<AgentMessage['role'], IconName>> = {
  system: 'system',
  user: 'user',
  assistant: 'llm',
  tool: 'tool',
  other: 'other',
};

interface MessageItemProps {
  message: AgentMessage;
  answers: ToolAnswers;
  knownCall: ConversationProps['knownCall'];
  isAnswer: boolean;
}

function MessageItem({ message, answers, knownCall, isAnswer }: MessageItemProps) {
  const isSystem = message.role === 'system';
  const [isOpen, setIsOpen] = useState(!isSystem);
  const text = useMemo(() => plainText(message), [message]);
  const isCutShort = message.finishReason !== undefined && cutShort.test(message.finishReason);
  return (
    <li className="spanscope-message" data-role={message.role} data-answer={isAnswer || undefined}>
      <div className="spanscope-message-head">
        {isSystem ? (
          <button
            type="button"
            className="spanscope-message-fold"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={roleIcons.system} />
            <MessageRole message={message} />
            {!isOpen && <span className="spanscope-message-preview">{visibleText(text.slice(0, 160))}</span>}
            <Icon name="chevron" />
          </button>
        ) : (
          <>
            <Icon name={roleIcons[message.role]} />
            <MessageRole message={message} />
          </>
        )}
        {isCutShort && (
          <span className="spanscope-soft-mark">
            <Icon name="warning" />
            {texts.agent.stoppedBy(visibleText(message.finishReason!.slice(0, 60)))}
          </span>
        )}
        <CopyButton text={text} label={texts.agent.copyMessage} />
      </div>
      {isOpen && (
        <div className="spanscope-message-body">
          {message.parts.length === 0 && <p className="spanscope-details-none">{texts.agent.emptyText}</p>}
          {message.parts.map((part, at) =>
            answers.isShownElsewhere(part) ? null : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one message have no other name
              <Fragment key={at}>{partView(part, answers, knownCall, message)}</Fragment>
            ),
          )}
        </div>
      )}
    </li>
  );
}

const cutShort = /length|max_tokens|content.?filter|safety|refusal|recitation/i;

function MessageRole({ message }: { message: AgentMessage }) {
  const name = message.name === undefined ? '' : visibleText(message.name.slice(0, 200));
  return (
    <span className="spanscope-message-role">
      {message.role === 'other'
        ? visibleText((message.sourceRole ?? '').slice(0, 60)) || texts.agent.roles.other
        : texts.agent.roles[message.role]}
      {name !== '' && <bdi className="spanscope-message-name"> {name}</bdi>}
    </span>
  );
}

function partView(
  part: MessagePart,
  answers: ToolAnswers,
  knownCall: ConversationProps['knownCall'],
  message: AgentMessage,
): ReactNode {
  switch (part.type) {
    case 'text':
      return part.text === '' ? null : <ValueView value={part.text} label={texts.agent.messageText} />;
    case 'reasoning':
      return <Reasoning text={part.text} />;
    case 'tool-call': {
      const known = knownCall?.(part);
      const answer = answers.to(part);
      return (
        <ToolCard
          name={part.name}
          callId={part.id}
          arguments={part.arguments}
          result={answer ? answer.result : known?.result}
          hasResult={answer !== undefined || known?.hasResult === true}
          isError={answer?.isError === true}
          isServerSide={part.isServerSide === true}
          span={known?.span}
          isInferred={known?.isInferred === true}
          definition={known?.definition}
        />
      );
    }
    case 'tool-result':
      return (
        <ToolCard
          name={part.name ?? message.name ?? texts.agent.toolResult}
          callId={part.id}
          hasArguments={false}
          result={part.result}
          hasResult
          isError={part.isError === true}
        />
      );
    case 'media':
      return <MediaView part={part} />;
    case 'json':
      return isContainer(part.value) ? (
        <JsonTree value={part.value} label={part.sourceType ?? texts.agent.messageText} />
      ) : (
        <FoldedText text={visibleText(valueText(part.value))} className="spanscope-mono" />
      );
  }
}

function Reasoning({ text }: { text: string }) {
  const [isOpen, setIsOpen] = useState(false);
  if (text === '') {
    return (
      <p className="spanscope-reasoning-kept">
        <Icon name="reasoning" />
        {texts.agent.reasoningKept}
      </p>
    );
  }
  return (
    <div className="spanscope-reasoning">
      <button
        type="button"
        className="spanscope-message-fold"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="reasoning" />
        <span className="spanscope-message-role">{texts.agent.reasoning}</span>
        {!isOpen && <span className="spanscope-message-preview">{visibleText(text.slice(0, 160))}</span>}
        <Icon name="chevron" />
      </button>
      {isOpen && <RichText text={text} />}
    </div>
  );
}

/** A message as a person would paste it. */
export function plainText(message: AgentMessage): string {
  return message.parts
    .map(partText)
    .filter((text) => text !== '')
    .join('\n\n');
}

function partText(part: MessagePart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool-call':
      return `${part.name}(${part.arguments === undefined ? '' : valueText(part.arguments)})`;
    case 'tool-result':
      return part.result === undefined ? '' : valueText(part.result);
    case 'media':
      return part.url ?? part.fileId ?? part.fileName ?? part.modality;
    case 'json':
      return valueText(part.value);
  }
}
