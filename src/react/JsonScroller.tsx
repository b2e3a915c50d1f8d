'use client';

import {
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useImperativeHandle,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { offsetOf, scrollHeight, scrollTopFor, windowAt } from './rowWindow.ts';
import { ScrollPosition } from './scrollPosition.ts';
import { useKeptFocus } from './useKeptFocus.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { useScrollGeometry } from './useScrollGeometry.ts';

/** Shown before anything can be measured. */
const rowsBeforeMeasuring = 40;
const defaultRowHeight = 20;

export interface JsonScrollerHandle {
  /** The first row in the document. */
  readonly first: number;
  readonly rowsInPage: number;
  /** Scrolls to a row and draws it before it returns. */
  show(row: number, align: 'nearest' | 'center'): void;
}

export interface JsonScrollerProps {
  role: 'tree';
  'aria-label': string;
  onKeyDown: (event: KeyboardEvent) => void;
  onClick: (event: MouseEvent) => void;
  rowsRef: RefObject<HTMLDivElement | null>;
  rowCount: number;
  /** The row that takes the focus. */
  active: number;
  drawRow: (row: number) => ReactNode;
}

/** Rows of one height, of which those in sight and a few more are in the document. */
export const JsonScroller = forwardRef(function JsonScroller(
  { rowsRef, rowCount, active, drawRow, ...treeProps }: JsonScrollerProps,
  ref: ForwardedRef<JsonScrollerHandle>,
) {
  const scrollerRef = useRef<HTMLDivElement>(null);
  const spacerRef = useRef<HTMLDivElement>(null);
  const geometry = useScrollGeometry({ scroller: scrollerRef, rows: rowsRef, defaultRowHeight }, rowCount);
  const [scroll] = useState(() => new ScrollPosition());
  const scrollTop = useSyncExternalStore(scroll.subscribe, scroll.get, scroll.get);
  const shown = geometry ? windowAt(scrollTop, geometry) : unmeasuredWindow(active, rowCount);

  const place = useLatest(() => {
    if (!geometry || !rowsRef.current || !spacerRef.current) return;
    spacerRef.current.style.height = `${scrollHeight(geometry)}px`;
    const top = scrollerRef.current?.scrollTop ?? 0;
    rowsRef.current.style.transform = `translateY(${offsetOf(shown.first, top, geometry)}px)`;
  });
  useIsomorphicLayoutEffect(() => place());
  const onScroll = useLatest(() => {
    if (!geometry || !scrollerRef.current) return;
    const { scrollTop: top } = scrollerRef.current;
    const next = windowAt(top, geometry);
    if (next.first !== shown.first || next.end !== shown.end) scroll.set(top);
    else place();
  });
  const show = useLatest((row: number, align: 'nearest' | 'center') => {
    const scroller = scrollerRef.current;
    if (!scroller || !geometry || row < 0) return;
    spacerRef.current!.style.height = `${scrollHeight(geometry)}px`;
    scroller.scrollTop = scrollTopFor(row, scroller.scrollTop, geometry, align);
    onScroll();
  });
  useImperativeHandle(ref, () => ({
    first: shown.first,
    rowsInPage: geometry ? Math.max(1, Math.floor(geometry.viewportHeight / geometry.rowHeight) - 1) : 10,
    show,
  }));
  useKeptFocus(scrollerRef, () => rowsRef.current?.querySelector<HTMLElement>('[tabindex="0"]'));

  const rows: ReactNode[] = [];
  for (let row = shown.first; row < shown.end; row++) rows.push(drawRow(row));
  const isActiveShown = active >= shown.first && active < shown.end;
  return (
    <div
      ref={scrollerRef}
      className="spanscope-json spanscope-json-scroller"
      dir="ltr"
      tabIndex={isActiveShown ? -1 : 0}
      onScroll={onScroll}
      {...treeProps}
    >
      <div ref={spacerRef} className="spanscope-json-spacer" role="presentation">
        <div ref={rowsRef} role="presentation">
          {rows}
        </div>
      </div>
    </div>
  );
});

function unmeasuredWindow(active: number, rowCount: number) {
  const first = Math.max(0, Math.min(active - rowsBeforeMeasuring / 2, rowCount - rowsBeforeMeasuring));
  return { first, end: Math.min(first + rowsBeforeMeasuring, rowCount) };
}
