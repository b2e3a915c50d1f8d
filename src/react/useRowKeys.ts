import { type KeyboardEvent, useRef } from 'react';
import { type RowAction, rowAction, rowByName, rowIntent } from '../layout/rowNavigation.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import { moveByKey, timeKey, zoomByKey } from './gestures.ts';
import { noRow } from './rowElements.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useLatest } from './useLatest.ts';
import { type ViewKey, viewKey } from './viewKeys.ts';
import type { ChangeDetails } from './viewport.ts';

export interface RowKeysOptions {
  /** The value of the row that has the focus; `noRow` for none. */
  active: RowValue;
  hasTime: boolean;
  rowsInPage: number;
  focusRow: (value: RowValue) => void;
  showHelp: () => void;
}

const typeAheadPause = 700;

/** What keys do in a list of rows: move, fold, zoom, search, and letters that lead to the next row of that name. */
export function useRowKeys({ active, hasTime, rowsInPage, focusRow, showHelp }: RowKeysOptions) {
  const view = useTraceViewContext();
  const { viewport, selectedIndex } = view;
  const trace = view.trace!;
  const layout = view.rows!;
  const typed = useRef({ text: '', at: 0 });

  const middle = () => {
    const { timeScale } = layout;
    return timeScale.toTime((layout.x0(active) + layout.x1(active)) / 2);
  };

  /** Whether the key meant anything: letters that do not begin what is typed ahead. */
  const onViewKey = (key: ViewKey | undefined, details: ChangeDetails): boolean => {
    const isMoving = key === 'zoom-in' || key === 'zoom-out' || key === 'pan-left' || key === 'pan-right';
    if (key === 'help') showHelp();
    else if (key === 'search' && view.searchInputRef.current) view.searchInputRef.current.select();
    else if ((key === 'next-match' || key === 'previous-match') && view.search) {
      view.goToMatch(key === 'next-match' ? 1 : -1, details);
    } else if (key === 'expand-level' || key === 'collapse-level') view.fold(key, details);
    else if (isMoving && hasTime) moveByKey(viewport, key, middle(), details.event);
    else return false;
    return true;
  };

  const onEscape = (details: ChangeDetails): boolean => {
    if (viewport.marked) viewport.mark(undefined);
    // The details that stand beside the rows close; with none open the key is the page's, whose dialog this may be.
    else if (selectedIndex >= 0) view.select(null, details);
    else return false;
    return true;
  };

  const act = (action: RowAction, details: ChangeDetails): void => {
    if (action.type === 'toggle') for (const index of action.indexes) view.toggle(index, details);
    else if (action.type === 'toggle-group') view.toggleGroup(action.value);
    else if (action.type === 'focus') {
      focusRow(action.index);
      // Where a span is selected, its details are open beside the rows: they follow.
      if (selectedIndex >= 0 && action.index >= 0) view.select(trace.spanAt(action.index).key, details);
    } else if (active < 0) view.toggleGroup(active);
    else if (action.type === 'select') view.select(trace.spanAt(active).key, details);
    else if (hasTime) view.zoomToSpan(active, details);
  };

  const typeAhead = (event: KeyboardEvent, isTyping: boolean): void => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    typed.current = { text: isTyping ? typed.current.text + event.key : event.key, at: event.timeStamp };
    const found = rowByName(trace, layout, active, typed.current.text);
    if (found >= 0) focusRow(found);
  };

  return useLatest((event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented || active === noRow || isTextField(event.target)) return;
    const isTyping = event.timeStamp - typed.current.at < typeAheadPause && typed.current.text !== '';
    const details = { reason: 'keyboard', event: event.nativeEvent } as const;
    const zoom = hasTime && !isTyping ? timeKey(event) : undefined;
    if (zoom) {
      event.preventDefault();
      zoomByKey(viewport, zoom, middle(), event.nativeEvent);
      return;
    }
    if (!isTyping && onViewKey(viewKey(event), details)) {
      event.preventDefault();
      return;
    }
    if (event.key === 'Escape') {
      if (!onEscape(details)) return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const rightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const intent = isTyping && event.key.length === 1 ? undefined : rowIntent(event, rightToLeft);
    if (!intent) return typeAhead(event, isTyping);
    const action = rowAction(trace, layout, active, intent, rowsInPage);
    event.preventDefault();
    if (action) act(action, details);
  });
}

function isTextField(target: EventTarget): boolean {
  return (target as Element).closest('input, textarea, select, [contenteditable]') !== null;
}
