import { type KeyboardEvent, type RefObject, useMemo, useRef, useState } from 'react';
import type { Trace } from '../model/trace.ts';
import { type QueryCompletion, queryCompletions, queryVocabulary } from '../transforms/queryCompletion.ts';
import { placeMenu } from './Menu.tsx';
import { messages } from './messages.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';
import { visibleText } from './visibleText.ts';

const noOptions: readonly QueryCompletion[] = [];

export interface Completions {
  options: readonly QueryCompletion[];
  /** Which of them the keys have come to; -1 for none. */
  active: number;
  /** After something was typed: what could stand at the cursor is offered. */
  offer: () => void;
  close: () => void;
  accept: (option: QueryCompletion) => void;
  /** Whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => boolean;
}

/** What could stand at the cursor of the search box: fields, the trace's own attributes, and their values. */
export function useCompletions(
  inputRef: RefObject<HTMLInputElement | null>,
  trace: Trace | undefined,
  query: string,
  setQuery: (query: string) => void,
): Completions {
  const [cursor, setCursor] = useState<number>();
  const [active, setActive] = useState(-1);
  const nextCursor = useRef<number>(undefined);

  const found = useMemo(() => {
    if (cursor === undefined || !trace || cursor > query.length) return undefined;
    return queryCompletions(query, cursor, queryVocabulary(trace));
  }, [trace, query, cursor]);
  // The only one is what stands there already.
  const isDone = found?.options.length === 1 && query.slice(found.from, found.to) === found.options[0]!.text;
  const options = isDone ? noOptions : (found?.options ?? noOptions);

  useIsomorphicLayoutEffect(() => {
    if (nextCursor.current === undefined) return;
    inputRef.current?.setSelectionRange(nextCursor.current, nextCursor.current);
    nextCursor.current = undefined;
  });

  const close = () => {
    setCursor(undefined);
    setActive(-1);
  };
  const offer = () => {
    const { selectionStart, selectionEnd, value } = inputRef.current!;
    const isAtWord =
      selectionStart === selectionEnd && selectionStart !== null && /\S$/.test(value.slice(0, selectionStart));
    setActive(-1);
    setCursor(isAtWord ? selectionStart : undefined);
  };
  const accept = (option: QueryCompletion) => {
    if (!found) return;
    const isWhole = option.kind === 'value';
    const inserted = isWhole && !/^\s/.test(query.slice(found.to)) ? `${option.text} ` : option.text;
    const end = found.from + inserted.length;
    setQuery(query.slice(0, found.from) + inserted + query.slice(found.to));
    nextCursor.current = end;
    setActive(-1);
    // After a field its values follow.
    setCursor(isWhole ? undefined : end);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): boolean => {
    if (event.key === 'ArrowDown' && event.altKey) {
      setCursor(inputRef.current!.selectionStart ?? query.length);
      return true;
    }
    if (options.length === 0) return false;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      // Beyond either end the box itself is next, so that a person comes back to what was typed.
      const next = active + step;
      setActive(next < -1 ? options.length - 1 : next >= options.length ? -1 : next);
    } else if (event.key === 'Escape') close();
    else if (active >= 0 && (event.key === 'Enter' || event.key === 'Tab')) accept(options[active]!);
    else {
      if (event.key === 'Enter' || event.key === 'Tab') close();
      return false;
    }
    return true;
  };
  return { options, active, offer, close, accept, onKeyDown };
}

interface CompletionListProps {
  id: string;
  completions: Completions;
  /** What the list stands below. */
  boxRef: RefObject<HTMLElement | null>;
}

/** The list below the box, in the browser's top layer. The focus stays in the box. */
export function CompletionList({ id, completions: { options, active, accept }, boxRef }: CompletionListProps) {
  const ref = useRef<HTMLDivElement>(null);
  useIsomorphicLayoutEffect(() => {
    const list = ref.current;
    const box = boxRef.current;
    if (!list || !box) return;
    if (typeof list.showPopover === 'function' && !list.matches(':popover-open')) list.showPopover();
    placeMenu(list, box.getBoundingClientRect());
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [options, active]);
  return (
    <div
      ref={ref}
      id={id}
      role="listbox"
      aria-label={messages.search.completions}
      className="spanscope-completions"
      popover="manual"
    >
      {options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box has the focus, and its keys choose.
        <div
          key={option.text}
          id={`${id}-${at}`}
          role="option"
          tabIndex={-1}
          className="spanscope-completion"
          aria-selected={at === active}
          data-kind={option.kind}
          // The focus is not to leave the box.
          onPointerDown={(event) => event.preventDefault()}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => accept(option)}
        >
          <span dir="auto">{visibleText(option.label.slice(0, 120))}</span>
          <span className="spanscope-completion-kind">{messages.search.completionKinds[option.kind]}</span>
        </div>
      ))}
    </div>
  );
}
