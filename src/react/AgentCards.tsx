'use client';

import { useState } from 'react';
import type { Span } from '../model/trace.ts';
import type { AgentSpan, DecisionFacts, Evaluation, MemoryFacts, RetrievedDocument } from '../transforms/agentSpan.ts';
import { ShowMore } from './AttributeTable.tsx';
import { valueText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { useDetails } from './DetailsContext.tsx';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { RichText } from './RichText.tsx';
import { Fact } from './SpanFactList.tsx';
import { formatCount } from './spanFacts.ts';
import { ValueView } from './ValueView.tsx';
import { visibleText } from './visibleText.ts';

const itemsAtOnce = 20;

/** What a search found, each with its score as a number and as a bar beside the best one's. */
export function DocumentList({ documents }: { documents: readonly RetrievedDocument[] }) {
  const [limit, setLimit] = useState(itemsAtOnce);
  const best = documents.reduce((most, { score }) => Math.max(most, score ?? 0), 0);
  return (
    <>
      <ol className="spanscope-documents">
        {documents.slice(0, limit).map((document, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: documents may share an id or have none
          <DocumentItem key={at} document={document} position={at + 1} best={best} />
        ))}
      </ol>
      <ShowMore rest={documents.length - limit} step={itemsAtOnce} onMore={() => setLimit(limit + itemsAtOnce)} />
    </>
  );
}

interface DocumentItemProps {
  document: RetrievedDocument;
  position: number;
  best: number;
}

function DocumentItem({ document, position, best }: DocumentItemProps) {
  const { id, content, score, metadata } = document;
  const texts = messages.agent;
  const share = score !== undefined && best > 0 ? Math.max(0, score / best) * 100 : undefined;
  return (
    <li className="spanscope-document">
      <div className="spanscope-document-head">
        <span className="spanscope-quiet">{position}</span>
        <bdi className="spanscope-document-id">{visibleText((id ?? texts.document).slice(0, 300))}</bdi>
        {score !== undefined && (
          <span className="spanscope-document-score" title={texts.score}>
            {share !== undefined && (
              <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                <rect className="spanscope-score-track" width="100" height="4" />
                <rect width={Math.min(100, share)} height="4" />
              </svg>
            )}
            <span className="spanscope-visually-hidden">{texts.score} </span>
            {formatCount(score)}
          </span>
        )}
        {content !== undefined && <CopyButton text={content} label={texts.copyDocument} />}
      </div>
      {content !== undefined && content !== '' && <RichText text={content} characters={320} lines={4} />}
      {metadata !== undefined && metadata !== null && <Metadata value={metadata} />}
    </li>
  );
}

function Metadata({ value }: { value: RetrievedDocument['metadata'] }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="spanscope-quiet-button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {messages.agent.metadata}
      </button>
      {isOpen && <ValueView value={value} label={messages.agent.metadata} />}
    </>
  );
}

/** What was to be chosen, what was chosen and why, and the step that came after. */
export function DecisionCard({ decision, span }: { decision: DecisionFacts; span: Span }) {
  const texts = messages.agent;
  const { type, options, optionCount, chosen, reason } = decision;
  const chosenText = chosen === undefined ? undefined : valueText(chosen);
  const isAmongOptions = options.some((option) => valueText(option) === chosenText);
  return (
    <div className="spanscope-card">
      {chosenText !== undefined && (
        <p className="spanscope-decision-chosen">
          <Icon name="decision" />
          <span className="spanscope-label">{texts.chosen}</span> <bdi>{visibleText(chosenText.slice(0, 500))}</bdi>
        </p>
      )}
      {options.length > 0 && (
        <ul className="spanscope-options" aria-label={texts.options}>
          {options.slice(0, 100).map((option, at) => {
            const text = valueText(option);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: options may be called the same
              <li key={at} data-chosen={text === chosenText || undefined}>
                {isAmongOptions && <Icon name={text === chosenText ? 'ok' : 'unset'} />}
                <bdi>{visibleText(text.slice(0, 300))}</bdi>
                {text === chosenText && <span className="spanscope-visually-hidden">, {texts.chosen}</span>}
              </li>
            );
          })}
        </ul>
      )}
      {reason !== undefined && reason !== '' && <RichText text={reason} />}
      <dl className="spanscope-fields">
        {type !== undefined && (
          <Fact label={texts.decisionType}>
            <bdi>{visibleText(type)}</bdi>
          </Fact>
        )}
        {options.length === 0 && optionCount !== undefined && (
          <Fact label={texts.optionCount}>{formatCount(optionCount)}</Fact>
        )}
        <FollowedBy span={span} />
      </dl>
    </div>
  );
}

/** The siblings that began after a decision, which are what it led to. */
function FollowedBy({ span }: { span: Span }) {
  const { follow, facts } = useDetails();
  const followers = spansAfter(span, 4);
  if (followers.length === 0) return null;
  return (
    <Fact label={messages.agent.followedBy}>
      <span className="spanscope-follow-list">
        {followers.map((next) => (
          <button
            key={next.key}
            type="button"
            className="spanscope-link"
            dir="auto"
            onClick={(event) => follow(next.key, event)}
          >
            <KindIcon kind={facts.kind(next.index)} />
            {next.name || messages.details.unnamed}
          </button>
        ))}
      </span>
    </Fact>
  );
}

function spansAfter(span: Span, most: number): Span[] {
  const found: Span[] = [];
  for (const sibling of span.parent?.children ?? []) {
    if (sibling.index <= span.index) continue;
    found.push(sibling);
    if (found.length === most) break;
  }
  return found;
}

/** What was asked of a memory, and what it held, unless that stands below as documents. */
export function MemoryCard({ memory, hasDocuments }: { memory: MemoryFacts; hasDocuments: boolean }) {
  const texts = messages.agent;
  const { operation, type, store, recordId, query, count, records } = memory;
  return (
    <div className="spanscope-card">
      <dl className="spanscope-fields">
        {operation !== undefined && (
          <Fact label={texts.memoryOperation}>
            <bdi>{visibleText(operation)}</bdi>
            {type !== undefined && <span className="spanscope-aside"> {visibleText(type)}</span>}
          </Fact>
        )}
        {operation === undefined && type !== undefined && <Fact label={texts.memoryType}>{visibleText(type)}</Fact>}
        {store !== undefined && (
          <Fact label={texts.memoryStore}>
            <bdi>{visibleText(store)}</bdi>
          </Fact>
        )}
        {recordId !== undefined && (
          <Fact label={texts.recordId} copy={{ text: recordId, label: texts.copyFact(texts.recordId) }}>
            <bdi>{visibleText(recordId.slice(0, 300))}</bdi>
          </Fact>
        )}
        {count !== undefined && <Fact label={texts.recordCount}>{formatCount(count)}</Fact>}
      </dl>
      {query !== undefined && query !== '' && <RichText text={query} />}
      {records !== undefined && !hasDocuments && (
        <>
          <span className="spanscope-label">{texts.records}</span>
          <ValueView value={records} label={texts.records} />
        </>
      )}
    </div>
  );
}

/** What judges said, each with its score or its word, and why. */
export function EvaluationList({ evaluations }: { evaluations: readonly Evaluation[] }) {
  return (
    <ul className="spanscope-documents">
      {evaluations.map(({ name, score, label, explanation }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: evaluations may be called the same
        <li key={at} className="spanscope-document">
          <div className="spanscope-document-head">
            <bdi className="spanscope-document-id">{visibleText(name.slice(0, 300))}</bdi>
            <span className="spanscope-document-score">
              {[label && visibleText(label.slice(0, 100)), score === undefined ? undefined : formatCount(score)]
                .filter((part) => part !== undefined && part !== '')
                .join(' · ')}
            </span>
          </div>
          {explanation !== undefined && explanation !== '' && <RichText text={explanation} />}
        </li>
      ))}
    </ul>
  );
}

/** Texts that were embedded; a vector itself is of no use to a reader, so its length stands for it. */
export function EmbeddingList({ embeddings }: Pick<AgentSpan, 'embeddings'>) {
  const [limit, setLimit] = useState(itemsAtOnce);
  return (
    <>
      <ol className="spanscope-documents">
        {embeddings.slice(0, limit).map(({ text, dimensions }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same text may be embedded twice
          <li key={at} className="spanscope-document">
            {text !== undefined && <RichText text={text} characters={320} lines={4} />}
            {dimensions !== undefined && (
              <span className="spanscope-aside">{messages.agent.dimensions(dimensions)}</span>
            )}
          </li>
        ))}
      </ol>
      <ShowMore rest={embeddings.length - limit} step={itemsAtOnce} onMore={() => setLimit(limit + itemsAtOnce)} />
    </>
  );
}
