'use client';

import { type KeyboardEvent, useEffect, useState } from 'react';
import type { ValueContainer } from './attributeText.ts';
import { Icon } from './icons.tsx';
import { type JsonPath, JsonSearch } from './jsonSearch.ts';
import { messages } from './messages.ts';
import { formatCount } from './spanFacts.ts';

export interface JsonSearchBoxProps {
  value: ValueContainer;
  label: string;
  /** Called with the match to show; undefined where nothing is searched. */
  onMatch: (path: JsonPath | undefined) => void;
}

/** In ms: the rest of a frame is the page's. */
const slice = 8;

/** Finds keys and texts in a tree of values, from match to match by Enter and Shift+Enter. */
export function JsonSearchBox({ value, label, onMatch }: JsonSearchBoxProps) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<{ search: JsonSearch; count: number }>();
  const [at, setAt] = useState(0);
  const asked = query.trim();

  useEffect(() => {
    setAt(0);
    if (asked === '') {
      setFound(undefined);
      return;
    }
    const search = new JsonSearch(value, asked);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = () => {
      const goesOn = search.run(slice);
      setFound({ search, count: search.matchCount });
      if (goesOn) timer = setTimeout(next);
    };
    next();
    return () => clearTimeout(timer);
  }, [value, asked]);

  const count = found?.count ?? 0;
  const search = found?.search;
  const hasMatch = at < count;
  useEffect(() => onMatch(hasMatch ? search?.matchAt(at) : undefined), [search, at, hasMatch, onMatch]);

  const go = (step: 1 | -1) => {
    if (count > 0) setAt((at + step + count) % count);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && query !== '') {
      // The first Escape is the search's, the next one closes the details.
      event.stopPropagation();
      setQuery('');
    } else return;
    event.preventDefault();
  };
  const texts = messages.json;
  return (
    <div className="spanscope-filter spanscope-json-search">
      <input
        type="search"
        className="spanscope-filter-input"
        value={query}
        placeholder={texts.search}
        aria-label={texts.searchIn(label)}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="spanscope-filter-count" role="status">
        {asked !== '' &&
          found &&
          texts.found(count === 0 ? 0 : at + 1, formatCount(count), !found.search.isDone || found.search.isCut)}
      </span>
      {count > 1 && (
        <>
          <button
            type="button"
            className="spanscope-icon-button spanscope-previous"
            aria-label={texts.previous}
            title={texts.previous}
            onClick={() => go(-1)}
          >
            <Icon name="chevron" />
          </button>
          <button
            type="button"
            className="spanscope-icon-button spanscope-next"
            aria-label={texts.next}
            title={texts.next}
            onClick={() => go(1)}
          >
            <Icon name="chevron" />
          </button>
        </>
      )}
    </div>
  );
}
