import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { RowValue } from '../layout/visibleRows.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { SpanIndex } from '../model/columns.ts';
import { useFocusedRow, useFollowing } from './growingRows.ts';
import { attachLongPress } from './longPress.ts';
import type { MenuAnchor } from './Menu.tsx';
import { markHovered, noRow, rowElement, rowOfTarget } from './rowElements.ts';
import { isCompressed, offsetOf, type RowWindow, scrollHeight, scrollTopFor, windowAt } from './rowWindow.ts';
import { ScrollPosition } from './scrollPosition.ts';
import { catchSecondClick } from './secondClick.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useKeptFocus } from './useKeptFocus.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { useRowKeys } from './useRowKeys.ts';
import { useScrollGeometry } from './useScrollGeometry.ts';

/** How many rows a server sends, and the first render in a browser shows, before anything can be measured. */
const rowsBeforeMeasuring = 30;
const defaultRowHeight = 28;

export interface RowListOptions {
  /** The time under the pointer, where rows have a time axis. */
  timeAt?: ((clientX: number) => number | undefined) | undefined;
  /** Called with the element of the rows in each frame in which something moved, and after each render. */
  draw?: ((rows: HTMLElement) => void) | undefined;
  scrollerRef?: RefObject<HTMLDivElement | null> | undefined;
  /** Called with the scroller whenever it was measured. The same function from render to render. */
  onMeasure?: (scroller: HTMLElement) => void;
}

export interface RowList {
  /** Has the role and the keys. */
  frameRef: RefObject<HTMLDivElement | null>;
  scrollerRef: RefObject<HTMLDivElement | null>;
  /** In the scroller, as high as all rows. */
  spacerRef: RefObject<HTMLDivElement | null>;
  /** In the spacer: its children are the rows, which carry `data-index`. */
  rowsRef: RefObject<HTMLDivElement | null>;
  /** The rows to be rendered. */
  shown: RowWindow;
  /** The value of the row that Tab leads to; `noRow` for the first. */
  active: RowValue;
  following: ReturnType<typeof useFollowing>;
  /** What is asked of a span, and where. */
  menu: { index: SpanIndex; columnId: string | undefined; anchor: MenuAnchor } | undefined;
  /** Gives the focus back to the row. */
  closeMenu: () => void;
  leaveMenu: () => void;
  isHelpOpen: boolean;
  setIsHelpOpen: (isOpen: boolean) => void;
  frameProps: { tabIndex: number; onKeyDown: (event: KeyboardEvent<HTMLElement>) => void };
  scrollerProps: { onScroll: () => void };
  rowsProps: {
    onClick: (event: MouseEvent<HTMLElement>) => void;
    onDoubleClick: (event: MouseEvent<HTMLElement>) => void;
    onContextMenu: (event: MouseEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerLeave: () => void;
    onFocus: (event: FocusEvent<HTMLElement>) => void;
  };
}

/**
 * How a list of rows behaves, whatever it looks like: which rows are in sight, scrolling, focus, keys, pointer and menu. Events are
 * heard by what holds the rows, and found by `data-index`; a row's toggle has `data-toggle`.
 */
export function useRowList({ timeAt, draw, scrollerRef: givenScrollerRef, onMeasure }: RowListOptions): RowList {
  const view = useTraceViewContext();
  const trace = view.trace!;
  const layout = view.rows!;
  const { viewport, selectedIndex } = view;
  const rowCount = layout.rows.length;

  const ownScrollerRef = useRef<HTMLDivElement>(null);
  const scrollerRef = givenScrollerRef ?? ownScrollerRef;
  const rowsRef = useRef<HTMLDivElement>(null);
  const spacerRef = useRef<HTMLDivElement>(null);
  const frameRef = useRef<HTMLDivElement>(null);
  const geometry = useScrollGeometry(
    { scroller: scrollerRef, rows: rowsRef, defaultRowHeight, ...(onMeasure && { onMeasure }) },
    rowCount,
  );
  const [scroll] = useState(() => new ScrollPosition());
  const scrollTop = useSyncExternalStore(scroll.subscribe, scroll.get, scroll.get);
  const shown = geometry ? windowAt(scrollTop, geometry) : { first: 0, end: Math.min(rowsBeforeMeasuring, rowCount) };

  const [focused, setFocused] = useFocusedRow(trace);
  const following = useFollowing({ trace, layout, geometry, scroller: scrollerRef, scroll, viewport });
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const active = shownValue(layout, focused === noRow && selectedIndex >= 0 ? selectedIndex : focused);

  const place = useLatest(() => {
    const scroller = scrollerRef.current;
    if (!scroller || !rowsRef.current || !spacerRef.current || !geometry) return;
    spacerRef.current.style.height = `${scrollHeight(geometry)}px`;
    // To read the scroll position makes the browser lay out in the midst of our writing: only where it counts.
    const top = isCompressed(geometry) ? scroller.scrollTop : 0;
    rowsRef.current.style.transform = `translateY(${offsetOf(shown.first, top, geometry)}px)`;
  });
  const paint = useLatest(() => {
    const rows = rowsRef.current;
    if (!rows) return;
    draw?.(rows);
    markHovered(rows, viewport.hoveredIndex);
  });

  useIsomorphicLayoutEffect(() => {
    place();
    following.settle();
    paint();
  });
  useEffect(() => viewport.onDraw(paint), [viewport, paint]);

  const onScroll = useLatest(() => {
    const scroller = scrollerRef.current;
    if (!scroller || !geometry) return;
    following.onScroll(scroller.scrollTop);
    const next = windowAt(scroller.scrollTop, geometry);
    if (next.first !== shown.first || next.end !== shown.end) scroll.set(scroller.scrollTop);
    else place();
  });

  const scrollTo = useLatest((value: RowValue, align: 'nearest' | 'center') => {
    const scroller = scrollerRef.current;
    const row = layout.rowOf(shownValue(layout, value));
    if (!scroller || !geometry || row < 0) return;
    const top = scrollTopFor(row, scroller.scrollTop, geometry, align);
    if (top !== scroller.scrollTop) {
      scroller.scrollTop = top;
      onScroll();
    }
  });

  const showSelected = useLatest((key: string) => {
    scrollTo(trace.span(key)!.index, 'center');
    // Who looks at a span does not want it to scroll away.
    if (!view.isOpening) viewport.leaveEnd();
  });
  // What another view selects comes into sight here. By its key: in a trace that grows the index changes.
  const isMeasured = geometry !== undefined;
  const selectedKey = selectedIndex < 0 ? undefined : trace.spanAt(selectedIndex).key;
  useEffect(() => {
    if (selectedKey !== undefined && isMeasured) showSelected(selectedKey);
  }, [selectedKey, isMeasured, showSelected]);

  const { revealed } = view;
  const showRevealed = useLatest(() => {
    const index = revealed && trace.span(revealed.spanId)?.index;
    if (index !== undefined) scrollTo(index, revealed!.align);
  });
  useEffect(() => {
    if (revealed && isMeasured) showRevealed();
  }, [revealed, isMeasured, showRevealed]);

  const focusRow = useLatest((value: RowValue) => {
    setFocused(value);
    scrollTo(value, 'nearest');
    rowElement(rowsRef.current, value)?.focus({ preventScroll: true });
  });
  useKeptFocus(frameRef, () => rowElement(rowsRef.current, active));

  const onKeyDown = useRowKeys({
    active,
    hasTime: timeAt !== undefined,
    rowsInPage: geometry ? Math.max(1, Math.floor(geometry.viewportHeight / geometry.rowHeight) - 1) : 10,
    focusRow,
    showHelp: () => setIsHelpOpen(true),
  });

  const onClick = useLatest((event: MouseEvent<HTMLElement>) => {
    const index = rowOfTarget(event.target);
    if (index === noRow) return;
    setFocused(index);
    if (index < 0) view.toggleGroup(index);
    else if ((event.target as Element).closest('[data-bring-in]')) {
      view.zoomToSpan(index, { reason: 'click', event: event.nativeEvent });
    } else if ((event.target as Element).closest('[data-toggle]')) {
      const details = { reason: 'toggle', event: event.nativeEvent } as const;
      if (event.altKey) view.toggleSubtree(index, details);
      else view.toggle(index, details);
    } else {
      view.select(trace.spanAt(index).key, { reason: 'click', event: event.nativeEvent });
      if (!timeAt) return;
      catchSecondClick(event.currentTarget, event.nativeEvent, (second) =>
        view.zoomToSpan(index, { reason: 'double-click', event: second }),
      );
    }
  });
  const onDoubleClick = useLatest((event: MouseEvent<HTMLElement>) => {
    const index = rowOfTarget(event.target);
    if (index < 0 || !timeAt || (event.target as Element).closest('[data-toggle]')) return;
    view.zoomToSpan(index, { reason: 'double-click', event: event.nativeEvent });
  });
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') viewport.hover(rowOfTarget(event.target), timeAt?.(event.clientX));
  };

  const [menu, setMenu] = useState<{ key: string; columnId: string | undefined; anchor: MenuAnchor }>();
  const menuIndex = menu ? (trace.span(menu.key)?.index ?? noRow) : noRow;
  const onContextMenu = useLatest((event: MouseEvent<HTMLElement>) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    // With Shift the browser's own menu, which belongs to whoever asks for it.
    if (!row || event.shiftKey) return;
    event.preventDefault();
    openMenu(event.nativeEvent);
  });
  const openMenu = useLatest((event: globalThis.MouseEvent) => {
    const target = event.target as Element;
    const row = target.closest<HTMLElement>('[data-index]');
    if (!row) return;
    const index = Number(row.dataset.index);
    setFocused(index);
    if (index < 0) return;
    const columnId = target.closest<HTMLElement>('[data-column]')?.dataset.column;
    setMenu({ key: trace.spanAt(index).key, columnId, anchor: menuAnchor(event, row) });
  });
  useEffect(() => (rowsRef.current ? attachLongPress(rowsRef.current, openMenu) : undefined), [openMenu]);
  const closeMenu = () => {
    setMenu(undefined);
    rowElement(rowsRef.current, active)?.focus({ preventScroll: true });
  };

  return {
    frameRef,
    scrollerRef,
    spacerRef,
    rowsRef,
    shown,
    active,
    following,
    menu: menu && menuIndex >= 0 ? { index: menuIndex, columnId: menu.columnId, anchor: menu.anchor } : undefined,
    closeMenu,
    leaveMenu: () => setMenu(undefined),
    isHelpOpen,
    setIsHelpOpen,
    // Where its row is scrolled out of sight, the frame stands in for it.
    frameProps: { tabIndex: active === noRow || isWithin(layout.rowOf(active), shown) ? -1 : 0, onKeyDown },
    scrollerProps: { onScroll },
    rowsProps: {
      onClick,
      onDoubleClick,
      onContextMenu,
      onPointerMove,
      onPointerLeave: () => viewport.hover(noRow, undefined),
      onFocus: (event) => setFocused(rowOfTarget(event.target)),
    },
  };
}

/** At the pointer; below the row's name where a key asked, which has no place. */
function menuAnchor({ clientX, clientY }: globalThis.MouseEvent, row: HTMLElement): MenuAnchor {
  const { left, top, right, bottom } = row.getBoundingClientRect();
  const isWithin = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  if (isWithin && clientX + clientY > 0) return { left: clientX, top: clientY, right: clientX, bottom: clientY };
  return { left: left + 24, top, right: left + 24, bottom };
}

/** The value itself where it has a row, else that of the row which stands for the span. */
export function shownValue(layout: WaterfallLayout, value: RowValue): RowValue {
  if (value >= layout.trace.spanCount || value === noRow) return noRow;
  if (layout.rowOf(value) >= 0) return value;
  const standIn = value < 0 ? noRow : layout.visibleAncestor(value);
  return layout.rowOf(standIn) >= 0 ? standIn : noRow;
}

function isWithin(row: number, { first, end }: RowWindow): boolean {
  return row >= first && row < end;
}

/** What tells a row that is no span from others, for React. */
export function specialKey(layout: WaterfallLayout, value: RowValue): string {
  const special = layout.special(value);
  return special.type === 'group' ? `group ${special.key}` : `gap ${special.parent} ${special.start}`;
}
