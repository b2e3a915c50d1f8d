'use client';

import { useMemo, useRef, useState } from 'react';
import { foldedLength } from './attributeText.ts';
import { useDetails } from './DetailsContext.tsx';
import { FoldedText } from './FoldedText.tsx';
import { MediaView } from './MediaView.tsx';
import { messages } from './messages.ts';
import { useOnDemand } from './useOnDemand.ts';
import { visibleText } from './visibleText.ts';

const loadMarkdown = () => import('./MarkdownBody.tsx');

/** Longer texts are shown as they are: nobody reads so much set Markdown, and parsing it would hold the page. */
const longestMarkdown = 60_000;

export interface RichTextProps {
  text: string;
  /** While it is folded. @default 900 */
  characters?: number;
  /** While it is folded. @default 14 */
  lines?: number;
}

/** A text that a model read or wrote: as Markdown where it is such and its reader wants it so, else as it is. */
export function RichText({ text, characters = 900, lines = 14 }: RichTextProps) {
  const { textMode } = useDetails();
  const wantsMarkdown = textMode === 'markdown' && text.length <= longestMarkdown && looksLikeMarkdown(text);
  const markdown = useOnDemand(loadMarkdown, wantsMarkdown);
  const tree = useMemo(() => (markdown ? markdown.markdownTree(text) : undefined), [markdown, text]);
  const shown = useMemo(() => visibleText(text), [text]);
  if (!markdown || !tree) return <FoldedText text={shown} characters={characters} lines={lines} />;
  return (
    <FoldedBlock isLong={foldedLength(text, characters, lines) < text.length} length={text.length}>
      <markdown.MarkdownBody
        tree={tree}
        renderImage={({ url, alt }) => <MediaView part={{ type: 'media', modality: 'image', url, fileName: alt }} />}
      />
    </FoldedBlock>
  );
}

/** A mark that Markdown would set in another way. Most messages have none, and need no parser. */
function looksLikeMarkdown(text: string): boolean {
  return /[*_`#|~[\]<>]|^[ \t]*(?:[-+]|\d{1,9}[.)])\s|^[ \t]*(?:---|===)|https?:\/\//m.test(text);
}

/** Cut by height, as set text has no place at which it could be cut. */
function FoldedBlock({ isLong, length, children }: { isLong: boolean; length: number; children: React.ReactNode }) {
  const [isOpen, setIsOpen] = useState(false);
  const block = useRef<HTMLDivElement>(null);
  if (!isLong) return <div className="spanscope-rich-text">{children}</div>;
  const toggle = () => {
    setIsOpen(!isOpen);
    // The reader stands at the end of what goes away.
    if (isOpen) block.current?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <div ref={block} className="spanscope-rich-text">
      <div className="spanscope-rich-text-content" data-folded={!isOpen || undefined}>
        {children}
      </div>
      <span className="spanscope-text-controls" data-open={isOpen || undefined}>
        <button type="button" className="spanscope-quiet-button" onClick={toggle}>
          {isOpen ? messages.details.showLess : messages.details.showAllCharacters(length)}
        </button>
      </span>
    </div>
  );
}
