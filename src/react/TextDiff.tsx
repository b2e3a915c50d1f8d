'use client';

import { useMemo } from 'react';
import { FoldedText } from './FoldedText.tsx';
import { messages } from './messages.ts';
import { useOnDemand } from './useOnDemand.ts';
import { visibleText } from './visibleText.ts';

const loadDiff = () => import('./diffTexts.ts');

/** So much of what is the same stands around what is not. */
const around = 240;

/** Two texts as one, what was taken out and put in marked: by line and colour, and in words for who sees neither. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const diff = useOnDemand(loadDiff, true);
  const parts = useMemo(() => diff?.textDiff(before, after), [diff, before, after]);
  if (!diff) return <p className="spanscope-details-none">{messages.agent.comparing}</p>;
  if (!parts) {
    return (
      <>
        <p className="spanscope-details-none">{messages.agent.tooDifferent}</p>
        <FoldedText text={visibleText(after)} />
      </>
    );
  }
  return (
    <div className="spanscope-diff" dir="auto">
      {parts.map((part, at) => {
        const text = visibleText(part.text);
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
        if (part.kind === 'same') return <span key={at}>{shortened(text)}</span>;
        const Element = part.kind === 'added' ? 'ins' : 'del';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
          <Element key={at}>
            <span className="spanscope-visually-hidden">
              {part.kind === 'added' ? messages.agent.added : messages.agent.removed}{' '}
            </span>
            {text.length > 20_000 ? `${text.slice(0, 20_000)}…` : text}
          </Element>
        );
      })}
    </div>
  );
}

function shortened(text: string): string {
  return text.length <= around * 2 + 40 ? text : `${text.slice(0, around)}\n ⋯ \n${text.slice(-around)}`;
}
