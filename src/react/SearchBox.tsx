import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import type { QueryProblem } from '../transforms/queryTerms.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { CompletionList, useCompletions } from './SearchCompletions.tsx';
import { useTraceViewContext } from './TraceProvider.tsx';

/**
 * The one box that finds spans: what is typed, what is wrong with it, how many spans match, and the way from one to the next.
 * Enter goes to the next match, Shift with Enter to the one before, Escape empties the box. While something is typed, what could
 * stand there is offered: arrows choose, Enter or Tab takes, Escape closes the list.
 */
export function SearchBox() {
  const { trace, query, setQuery, search, goToMatch, searchInputRef } = useTraceViewContext();
  const problem = search?.result.problems[0];
  const problemId = useId();
  const listId = useId();
  const boxRef = useRef<HTMLDivElement>(null);
  const completions = useCompletions(searchInputRef, trace, query, (text) => setQuery(text, { reason: 'keyboard' }));
  const isOffered = completions.options.length > 0;
  const texts = messages.search;
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const details = { reason: 'keyboard', event: event.nativeEvent } as const;
    if (completions.onKeyDown(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Enter') goToMatch(event.shiftKey ? -1 : 1, details);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
      goToMatch(event.key === 'ArrowDown' ? 1 : -1, details);
    else if (event.key === 'Escape' && query !== '') setQuery('', details);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div role="search" className="spanscope-search">
      <div ref={boxRef} className="spanscope-search-box" data-problem={problem?.severity}>
        <Icon name="search" />
        <span className="spanscope-search-field">
          {problem && <Underlined text={query} problem={problem} />}
          <input
            ref={searchInputRef}
            type="text"
            // Not `search`: each browser draws that in its own way, and some clear it on Escape before anybody is asked.
            role="searchbox"
            aria-label={texts.label}
            aria-invalid={problem?.severity === 'error' || undefined}
            aria-describedby={problem ? problemId : undefined}
            aria-keyshortcuts="/"
            aria-autocomplete="list"
            aria-controls={isOffered ? listId : undefined}
            aria-activedescendant={completions.active < 0 ? undefined : `${listId}-${completions.active}`}
            placeholder={texts.placeholder}
            value={query}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => {
              setQuery(event.target.value, { reason: 'keyboard', event: event.nativeEvent });
              completions.offer();
            }}
            onBlur={completions.close}
            onKeyDown={onKeyDown}
          />
        </span>
        {query !== '' && <MatchCounter />}
      </div>
      {isOffered && <CompletionList id={listId} completions={completions} boxRef={boxRef} />}
      {problem && (
        <p id={problemId} className="spanscope-search-problem" data-severity={problem.severity}>
          {problem.message}
        </p>
      )}
    </div>
  );
}

function MatchCounter() {
  const { search, matchNumber, goToMatch, setQuery } = useTraceViewContext();
  const texts = messages.search;
  const found = search?.result.indexes.length ?? 0;
  const isSearching = search !== undefined && !search.done;
  const details = (event: { nativeEvent: Event }) => ({ reason: 'click', event: event.nativeEvent }) as const;
  return (
    <>
      <output className="spanscope-search-count" aria-live="polite" data-searching={isSearching || undefined}>
        {search?.result.query && texts.count(matchNumber, found, !search.done)}
      </output>
      <button
        type="button"
        className="spanscope-search-button"
        aria-label={texts.previous}
        title={`${texts.previous} (Shift+Enter)`}
        aria-disabled={found === 0}
        onClick={(event) => goToMatch(-1, details(event))}
      >
        <Icon name="up" />
      </button>
      <button
        type="button"
        className="spanscope-search-button"
        aria-label={texts.next}
        title={`${texts.next} (Enter)`}
        aria-disabled={found === 0}
        onClick={(event) => goToMatch(1, details(event))}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        className="spanscope-search-button"
        aria-label={texts.clear}
        title={`${texts.clear} (Esc)`}
        onClick={(event) => setQuery('', details(event))}
      >
        <Icon name="close" />
      </button>
    </>
  );
}

/** The box's text once more behind it, unseen but for a line below what is wrong. It scrolls as the box does. */
function Underlined({ text, problem: { from, to, severity } }: { text: string; problem: QueryProblem }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = ref.current;
    const input = element?.parentElement?.querySelector('input');
    if (!element || !input) return;
    const follow = () => {
      element.scrollLeft = input.scrollLeft;
    };
    follow();
    input.addEventListener('scroll', follow);
    return () => input.removeEventListener('scroll', follow);
  });
  return (
    <span ref={ref} className="spanscope-search-underline" aria-hidden="true">
      {text.slice(0, from)}
      <span data-severity={severity}>{text.slice(from, to) || ' '}</span>
      {text.slice(to)}
    </span>
  );
}
