'use client';

import { useState } from 'react';
import type { AgentMessage } from '../transforms/agentMessage.ts';
import type { PromptChange, PromptDelta } from '../transforms/promptDelta.ts';
import { Conversation, type ConversationProps, plainText } from './Conversation.tsx';
import { messages } from './messages.ts';
import { TextDiff } from './TextDiff.tsx';

export interface PromptChangesProps {
  delta: PromptDelta;
  knownCall: ConversationProps['knownCall'];
}

/** What a model was told that it was not told the call before: messages added, removed and rewritten. */
export function PromptChanges({ delta, knownCall }: PromptChangesProps) {
  const texts = messages.agent;
  if (delta.changes.length === 0) return <p className="spanscope-details-none">{texts.samePrompt(delta.kept)}</p>;
  const groups = grouped(delta.changes);
  return (
    <div className="spanscope-prompt-changes">
      {delta.kept > 0 && <p className="spanscope-details-none">{texts.keptMessages(delta.kept)}</p>}
      {groups.map((group, at) =>
        group.type === 'rewritten' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes have no other name
          <Rewritten key={at} before={group.before} after={group.message} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: changes have no other name
          <div key={at} className="spanscope-prompt-change" data-change={group.type}>
            <p className="spanscope-prompt-change-title">
              {group.type === 'added'
                ? texts.addedMessages(group.messages.length)
                : texts.removedMessages(group.messages.length)}
            </p>
            <Conversation messages={group.messages} knownCall={knownCall} label={texts[group.type]} />
          </div>
        ),
      )}
    </div>
  );
}

type Group =
  | { type: 'added' | 'removed'; messages: AgentMessage[] }
  | { type: 'rewritten'; before: AgentMessage; message: AgentMessage };

/** Neighbours of one sort, so that a tool's answer finds its call. */
function grouped(changes: readonly PromptChange[]): Group[] {
  const groups: Group[] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    if (change.type === 'rewritten') groups.push({ type: 'rewritten', before: change.before, message: change.message });
    else if (last && last.type === change.type) last.messages.push(change.message);
    else groups.push({ type: change.type, messages: [change.message] });
  }
  return groups;
}

function Rewritten({ before, after }: { before: AgentMessage; after: AgentMessage }) {
  const [showsDiff, setShowsDiff] = useState(true);
  const texts = messages.agent;
  return (
    <div className="spanscope-prompt-change" data-change="rewritten">
      <p className="spanscope-prompt-change-title">
        {texts.rewrittenMessage(texts.roles[after.role])}{' '}
        <button
          type="button"
          className="spanscope-quiet-button"
          aria-pressed={showsDiff}
          onClick={() => setShowsDiff(!showsDiff)}
        >
          {texts.differences}
        </button>
      </p>
      {showsDiff ? (
        <TextDiff before={plainText(before)} after={plainText(after)} />
      ) : (
        <Conversation messages={[after]} label={texts.added} />
      )}
    </div>
  );
}
