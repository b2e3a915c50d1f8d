'use client';

import { useMemo, useState } from 'react';
import type { AttributeValue } from '../model/details.ts';
import { isContainer, isList, looksLikeJson, parseJsonContainer, valueText } from './attributeText.ts';
import { FoldedText } from './FoldedText.tsx';
import { JsonTree } from './JsonTree.tsx';
import { messages } from './messages.ts';
import { RichText } from './RichText.tsx';

/** A text of JSON above this length is parsed when somebody asks for its tree. */
const longestParsedUnasked = 1_000_000;

/** A value by its type: objects, lists and texts of JSON as a tree, other texts as what a model reads. */
export function ValueView({ value, label }: { value: AttributeValue | undefined; label: string }) {
  const [isAskedFor, setIsAskedFor] = useState(false);
  const isText = typeof value === 'string';
  const mayParse = isText && looksLikeJson(value) && (isAskedFor || value.length <= longestParsedUnasked);
  const container = useMemo(
    () => (isContainer(value) ? value : mayParse ? parseJsonContainer(value as string) : undefined),
    [value, mayParse],
  );
  if (value === undefined) return <p className="spanscope-details-none">{messages.agent.notTold}</p>;
  if (container) {
    if (isList(container) ? container.length > 0 : Object.keys(container).length > 0)
      return <JsonTree value={container} label={label} />;
    return <span className="spanscope-mono spanscope-quiet">{isList(container) ? '[]' : '{}'}</span>;
  }
  if (!isText) return <FoldedText text={valueText(value)} className="spanscope-mono" />;
  if (value === '') return <p className="spanscope-details-none">{messages.agent.emptyText}</p>;
  return (
    <>
      <RichText text={value} />
      {looksLikeJson(value) && !mayParse && (
        <button type="button" className="spanscope-quiet-button" onClick={() => setIsAskedFor(true)}>
          {messages.agent.asTree}
        </button>
      )}
    </>
  );
}
