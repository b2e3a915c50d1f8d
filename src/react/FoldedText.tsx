'use client';

import { useRef, useState } from 'react';
import { foldedLength, textPrefix } from './attributeText.ts';
import { classes } from './classes.ts';
import { messages } from './messages.ts';

/** How many characters each step adds: a text of 3 MB in one piece would hold the page for seconds. */
const charactersAtOnce = 100_000;

export interface FoldedTextProps {
  text: string;
  /** While it is folded. @default 400 */
  characters?: number;
  /** While it is folded. @default 6 */
  lines?: number;
  /** Put before and after. @default '' */
  quote?: string;
  className?: string;
  /** Of the buttons. */
  tabIndex?: number;
}

/** A text with its line breaks, folded to its first lines where it is long. It opens in steps. */
export function FoldedText({ text, characters = 400, lines = 6, quote = '', className, tabIndex }: FoldedTextProps) {
  const element = useRef<HTMLSpanElement>(null);
  const [openedTo, setOpenedTo] = useState(0);
  const folded = foldedLength(text, characters, lines);
  const shown = Math.min(text.length, Math.max(folded, openedTo));
  const hasMore = shown < text.length;
  const fold = () => {
    setOpenedTo(0);
    // The reader stands at the end of what goes away.
    element.current?.scrollIntoView?.({ block: 'nearest' });
  };
  const showMore = () => setOpenedTo(Math.min(text.length, (openedTo === 0 ? 0 : shown) + charactersAtOnce));
  return (
    <span ref={element} className={classes('spanscope-text', className)}>
      <span className="spanscope-text-content" dir="auto">
        {quote}
        {hasMore ? `${textPrefix(text, shown)}…` : text}
        {quote}
      </span>
      {folded < text.length && (
        <span className="spanscope-text-controls" data-open={openedTo > 0 || undefined}>
          {hasMore && (
            <button
              type="button"
              className="spanscope-quiet-button"
              data-unfold=""
              tabIndex={tabIndex}
              onClick={showMore}
            >
              {moreLabel(text.length, openedTo === 0 ? 0 : shown)}
            </button>
          )}
          {openedTo > 0 && (
            <button
              type="button"
              className="spanscope-quiet-button"
              data-unfold={hasMore ? undefined : ''}
              tabIndex={tabIndex}
              onClick={fold}
            >
              {messages.details.showLess}
            </button>
          )}
        </span>
      )}
    </span>
  );
}

function moreLabel(length: number, shown: number): string {
  if (shown === 0 && length <= charactersAtOnce) return messages.details.showAllCharacters(length);
  return messages.details.showMoreCharacters(Math.min(charactersAtOnce, length - shown), shown, length);
}
