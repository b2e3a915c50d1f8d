'use client';

import { Fragment, type KeyboardEvent, useDeferredValue, useMemo, useState } from 'react';
import type { Attributes, AttributeValue } from '../model/details.ts';
import {
  isContainer,
  isList,
  jsonText,
  looksLikeJson,
  needsQuotes,
  parseJsonContainer,
  type ValueContainer,
  valueText,
  valueType,
  webAddress,
} from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { FoldedText } from './FoldedText.tsx';
import { JsonTree } from './JsonTree.tsx';
import { messages } from './messages.ts';

export interface AttributeTableProps {
  attributes: Attributes;
}

/** A table with more than this many attributes has a filter. */
const fewAttributes = 8;
const rowsAtOnce = 100;

/** Attributes in the order of the file, each by its type, with a filter where there are many. */
export function AttributeTable({ attributes }: AttributeTableProps) {
  const keys = useMemo(() => Object.keys(attributes), [attributes]);
  const [query, setQuery] = useState('');
  const [limit, setLimit] = useState(rowsAtOnce);
  const asked = useDeferredValue(query.trim().toLowerCase());
  const found = useMemo(
    () => (asked === '' ? keys : keys.filter((key) => isAbout(asked, key, attributes[key]!))),
    [asked, keys, attributes],
  );
  return (
    <>
      {keys.length > fewAttributes && (
        <AttributeFilter query={query} onQuery={setQuery} count={keys.length} found={found.length} />
      )}
      {found.length === 0 && <p className="spanscope-details-none">{messages.details.nothingFound}</p>}
      {found.length > 0 && (
        <dl className="spanscope-fields">
          {found.slice(0, limit).map((key) => (
            <AttributeRow key={key} name={key} value={attributes[key]!} />
          ))}
        </dl>
      )}
      <ShowMore rest={found.length - limit} step={rowsAtOnce} onMore={() => setLimit(limit + rowsAtOnce)} />
    </>
  );
}

/** Case does not count. Of long lists and objects, what their text says. */
function isAbout(query: string, key: string, value: AttributeValue): boolean {
  return key.toLowerCase().includes(query) || valueText(value).toLowerCase().includes(query);
}

interface FilterProps {
  query: string;
  onQuery: (query: string) => void;
  count: number;
  found: number;
}

function AttributeFilter({ query, onQuery, count, found }: FilterProps) {
  const clearOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || query === '') return;
    // The first Escape is the filter's, the next one closes the details.
    event.stopPropagation();
    event.preventDefault();
    onQuery('');
  };
  return (
    <div className="spanscope-filter">
      <input
        type="search"
        className="spanscope-filter-input"
        value={query}
        placeholder={messages.details.filter(count)}
        aria-label={messages.details.filter(count)}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={clearOnEscape}
      />
      <span className="spanscope-filter-count" role="status">
        {query.trim() !== '' && messages.details.filtered(found, count)}
      </span>
    </div>
  );
}

/** A button for what a list leaves out; nothing where it leaves out nothing. */
export function ShowMore({ rest, step, onMore }: { rest: number; step: number; onMore: () => void }) {
  if (rest <= 0) return null;
  return (
    <button type="button" className="spanscope-quiet-button spanscope-show-more" onClick={onMore}>
      {messages.details.showMore(Math.min(step, rest), rest)}
    </button>
  );
}

/** Above this length a text is parsed as JSON only when somebody asks for its tree. */
const longestParsedUnasked = 1_000_000;

function AttributeRow({ name, value }: { name: string; value: AttributeValue }) {
  const mayBeTree = isContainer(value) || (typeof value === 'string' && looksLikeJson(value));
  const [asksRaw, setAsksRaw] = useState(typeof value === 'string' && value.length > longestParsedUnasked);
  const container = useMemo(
    () => (mayBeTree && !asksRaw ? containerOf(value) : undefined),
    [value, mayBeTree, asksRaw],
  );
  const isEmpty = container !== undefined && Object.keys(container).length === 0;
  const isTree = container !== undefined && !isEmpty;
  // A text that only looks like JSON has nothing to switch to once that is known.
  const canSwitch = mayBeTree && !isEmpty && (asksRaw || isTree);
  const isBlock = isLong(isTree ? container : value);
  return (
    <div className="spanscope-field" data-block={isBlock || undefined}>
      <dt>
        <FieldName name={name} />
      </dt>
      <dd data-type={valueType(value)} title={isTree ? undefined : messages.details.types[valueType(value)]}>
        {isTree ? <JsonTree value={container} label={name} /> : <PlainValue value={value} />}
        <span className="spanscope-field-actions">
          {canSwitch && (
            <button
              type="button"
              className="spanscope-quiet-button"
              aria-pressed={asksRaw}
              aria-label={messages.details.rawOf(name)}
              title={messages.details.rawOf(name)}
              onClick={() => setAsksRaw(!asksRaw)}
            >
              {messages.details.raw}
            </button>
          )}
          <CopyButton text={name} label={messages.details.copyKey(name)} icon="key" />
          <CopyButton text={() => valueText(value)} label={messages.details.copyValue(name)} />
        </span>
      </dd>
    </div>
  );
}

function containerOf(value: AttributeValue): ValueContainer | undefined {
  if (isContainer(value)) return value;
  return typeof value === 'string' ? parseJsonContainer(value) : undefined;
}

/** Needs more room than the column of values has. */
function isLong(value: AttributeValue): boolean {
  if (typeof value === 'string') return value.length > 90 || value.includes('\n');
  if (value instanceof Uint8Array) return value.length > 24;
  return isContainer(value) && !isSmall(value);
}

function isSmall(container: ValueContainer): boolean {
  const length = isList(container) ? container.length : Object.keys(container).length;
  const entries = length > 6 ? undefined : Object.values(container);
  return entries?.every((entry) => !isContainer(entry) && valueText(entry).length <= 24) ?? false;
}

/** A key that breaks after its dots and underscores rather than anywhere. */
function FieldName({ name }: { name: string }) {
  const parts = name.length > 500 ? [name] : name.split(/(?<=[._:/-])/);
  return (
    <span dir="auto">
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other name
        <Fragment key={at}>
          {at > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </span>
  );
}

function PlainValue({ value }: { value: AttributeValue }) {
  if (typeof value === 'string') return <PlainText text={value} />;
  if (value instanceof Uint8Array) {
    return (
      <>
        <span className="spanscope-quiet">{messages.details.bytes(value.length)}</span>{' '}
        <FoldedText text={valueText(value)} characters={192} lines={4} className="spanscope-mono" />
      </>
    );
  }
  if (!isContainer(value)) return <bdi>{String(value)}</bdi>;
  if (Object.keys(value).length === 0) return <>{isList(value) ? '[]' : '{}'}</>;
  return <FoldedText text={jsonText(value)} lines={12} characters={1000} className="spanscope-mono" />;
}

function PlainText({ text }: { text: string }) {
  const address = webAddress(text);
  if (address) {
    return (
      <a className="spanscope-link" href={address} target="_blank" rel="noopener noreferrer" dir="auto">
        {text}
      </a>
    );
  }
  return <FoldedText text={text} quote={needsQuotes(text) ? '"' : ''} />;
}
