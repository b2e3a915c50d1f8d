import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { Icon } from './icons.tsx';
import { offsetOf, type ScrollGeometry, scrollHeight, scrollTopFor, windowAt } from './rowWindow.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

const rowHeight: CssPixels = 26;
/** What a server shows of it, which has no height. */
const unmeasuredHeight: CssPixels = 260;

export interface VirtualGridProps {
  label: string;
  /** Rows, by any number of the caller's, in the order of the screen. */
  order: Int32Array;
  head: ReactNode;
  cells: (row: number) => ReactNode;
  /** -1 for none. */
  selectedRow: number;
  highlightedRow: number;
  onChoose: (row: number, event: Event) => void;
  /** For rows that stand below others: then it is a treegrid. */
  tree?: GridTree;
  /** Of a row that stands for a span. */
  spanIdOf?: (row: number) => string;
}

interface GridTree {
  /** From 1. */
  levelOf: (row: number) => number;
  /** Undefined for a row that has none below. */
  isExpanded: (row: number) => boolean | undefined;
  onToggle: (row: number) => void;
}

/** A table of rows of one height, of which only those in sight are there, as many as there may be. Its columns are the caller's `--ss-grid-columns`. */
export function VirtualGrid({
  label,
  order,
  head,
  cells,
  selectedRow,
  highlightedRow,
  onChoose,
  tree,
  spanIdOf,
}: VirtualGridProps) {
  const takesFocus = useRef(false);
  const scrollerRef = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [height, setHeight] = useState(unmeasuredHeight);
  const [active, setActive] = useState(0);
  const geometry: ScrollGeometry = { rowCount: order.length, rowHeight, viewportHeight: height };
  const shown = windowAt(scrollTop, geometry);
  const placeOfSelected = useMemo(() => (selectedRow < 0 ? -1 : order.indexOf(selectedRow)), [order, selectedRow]);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setHeight(scroller.clientHeight));
    observer.observe(scroller);
    return () => observer.disconnect();
  }, []);
  const show = (place: number, align: 'nearest' | 'center') => {
    const scroller = scrollerRef.current;
    if (!scroller || place < 0) return;
    scroller.scrollTop = scrollTopFor(place, scroller.scrollTop, geometry, align);
    setScrollTop(scroller.scrollTop);
    setActive(place);
  };
  useIsomorphicLayoutEffect(() => show(placeOfSelected, 'center'), [placeOfSelected]);

  // When the row that the keys have led to is there.
  useIsomorphicLayoutEffect(() => {
    if (!takesFocus.current) return;
    const row = scrollerRef.current?.querySelector<HTMLElement>(`[data-place="${active}"]`);
    row?.focus({ preventScroll: true });
    takesFocus.current = row === null || row === undefined;
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -order.length,
      End: order.length,
    };
    if (event.ctrlKey || event.metaKey || event.altKey || order.length === 0) return;
    const step = steps[event.key];
    const place = Number((event.currentTarget as HTMLElement).dataset.place);
    if (step !== undefined) {
      takesFocus.current = true;
      show(Math.max(0, Math.min(place + step, order.length - 1)), 'nearest');
    } else if (event.key === 'Enter' || event.key === ' ') onChoose(order[place]!, event.nativeEvent);
    else if (tree && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
      fold(tree, place, (event.key === 'ArrowRight') !== isRightToLeft);
    } else return;
    event.preventDefault();
  };
  const fold = ({ levelOf, isExpanded, onToggle }: GridTree, place: number, opens: boolean) => {
    const row = order[place]!;
    if (isExpanded(row) === !opens) {
      takesFocus.current = true;
      onToggle(row);
      return;
    }
    const level = levelOf(row);
    let next = place;
    if (opens && isExpanded(row)) next++;
    else if (!opens) while (next > 0 && levelOf(order[next]!) >= level && level > 1) next--;
    if (next === place) return;
    takesFocus.current = true;
    show(next, 'nearest');
  };
  // One row is reached by Tab, whatever is scrolled into sight.
  const tabPlace = active >= shown.first && active < shown.end ? active : Math.ceil(scrollTop / rowHeight);
  const places = Array.from({ length: Math.max(0, shown.end - shown.first) }, (_, at) => shown.first + at);
  return (
    <div
      className="spanscope-grid"
      role={tree ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={order.length + 1}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className="spanscope-grid-row spanscope-grid-head">
          {head}
        </div>
      </div>
      <div
        ref={scrollerRef}
        role="rowgroup"
        className="spanscope-grid-scroller"
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <RowsHolder height={scrollHeight(geometry)} offset={offsetOf(shown.first, scrollTop, geometry)}>
          {places.map((place) => {
            const row = order[place]!;
            return (
              <div
                key={row}
                role="row"
                className="spanscope-grid-row"
                aria-rowindex={place + 2}
                aria-selected={row === selectedRow || row === highlightedRow}
                aria-level={tree?.levelOf(row)}
                aria-expanded={tree?.isExpanded(row)}
                data-place={place}
                data-level={tree?.levelOf(row)}
                data-span-id={spanIdOf?.(row)}
                tabIndex={place === tabPlace ? 0 : -1}
                onKeyDown={onKeyDown}
                data-highlighted={row === highlightedRow || undefined}
                data-selected={row === selectedRow || undefined}
                onClick={(event) => {
                  setActive(place);
                  if (tree && (event.target as Element).closest('[data-toggle]')) tree.onToggle(row);
                  else onChoose(row, event.nativeEvent);
                }}
              >
                {cells(row)}
              </div>
            );
          })}
        </RowsHolder>
      </div>
    </div>
  );
}

export interface GridHeadProps {
  column: string;
  label: string;
  title?: string | undefined;
  /** Its cells begin where it does. */
  isText?: boolean;
  sort: 'ascending' | 'descending' | 'none';
  onSort: () => void;
}

export function GridHead({ column, label, title, isText, sort, onSort }: GridHeadProps) {
  return (
    <div
      role="columnheader"
      aria-sort={sort}
      data-column={column}
      data-text={isText || undefined}
      className="spanscope-grid-cell"
    >
      <button type="button" onClick={onSort} title={title}>
        <span className="spanscope-grid-head-text">{label}</span>
        <Icon name="sort" />
      </button>
    </div>
  );
}

/** Places by the CSSOM: a strict policy blocks style attributes in a server's markup. */
function RowsHolder({ height, offset, children }: { height: CssPixels; offset: CssPixels; children: ReactNode }) {
  const spacerRef = useRef<HTMLDivElement>(null);
  const rowsRef = useRef<HTMLDivElement>(null);
  useIsomorphicLayoutEffect(() => {
    spacerRef.current!.style.height = `${height}px`;
    rowsRef.current!.style.transform = `translateY(${offset}px)`;
  }, [height, offset]);
  return (
    <div ref={spacerRef} role="presentation" className="spanscope-grid-spacer">
      <div ref={rowsRef} role="presentation">
        {children}
      </div>
    </div>
  );
}
