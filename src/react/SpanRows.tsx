'use client';

import {
  type ComponentType,
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { hasChildren, isOpen, rowAction, rowByName, rowIntent } from '../layout/rowNavigation.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { timeKey, zoomByKey } from './gestures.ts';
import { NameTooltip } from './NameTooltip.tsx';
import {
  isCompressed,
  offsetOf,
  type RowWindow,
  type ScrollGeometry,
  scrollHeight,
  scrollTopFor,
  windowAt,
} from './rowWindow.ts';
import { catchSecondClick } from './secondClick.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

/** How many rows a server sends, and the first render in a browser shows, before anything can be measured. */
const rowsBeforeMeasuring = 30;
const defaultRowHeight = 28;
const typeAheadPause = 700;

export interface CellsProps {
  trace: Trace;
  facts: TraceFacts;
  index: SpanIndex;
  isExpanded: boolean | undefined;
}

export interface SpanRowsProps {
  /** `treegrid`: each row holds gridcells. `tree`: each row is a treeitem. */
  pattern: 'treegrid' | 'tree';
  label: string;
  /** What stands in a row. It is drawn again only when its span or its being expanded changes. */
  Cells: ComponentType<CellsProps>;
  /** A row of column headers above the rows. */
  header?: ReactNode;
  /** Behind the rows, as high as what is visible of them. */
  backdrop?: ReactNode;
  /** The time under the pointer, where rows have a time axis. */
  timeAt?: (clientX: number) => number | undefined;
  /** Called with the element of the rows in each frame in which something moved, and after each render. */
  draw?: (rows: HTMLElement) => void;
  scrollerRef?: RefObject<HTMLDivElement | null>;
}

/**
 * The rows of a trace that are in sight, and a few more: what waterfall and tree have in common. It owns scrolling, focus,
 * keys and ARIA; what a row looks like is the caller's.
 *
 * Rows stand in normal flow, moved as one by a transform: nothing in the markup needs a `style` attribute.
 */
export function SpanRows({
  pattern,
  label,
  Cells,
  header,
  backdrop,
  timeAt,
  draw,
  scrollerRef: givenScrollerRef,
}: SpanRowsProps) {
  const view = useTraceViewContext();
  const trace = view.trace!;
  const facts = view.facts!;
  const layout = view.rows!;
  const { viewport, selectedIndex } = view;
  const rowCount = layout.rows.length;

  const ownScrollerRef = useRef<HTMLDivElement>(null);
  const scrollerRef = givenScrollerRef ?? ownScrollerRef;
  const rowsRef = useRef<HTMLDivElement>(null);
  const spacerRef = useRef<HTMLDivElement>(null);
  const frameRef = useRef<HTMLDivElement>(null);
  const geometry = useScrollGeometry(scrollerRef, rowsRef, rowCount);
  const [scroll] = useState(() => new ScrollPosition());
  const scrollTop = useSyncExternalStore(scroll.subscribe, scroll.get, scroll.get);
  const shown = geometry ? windowAt(scrollTop, geometry) : { first: 0, end: Math.min(rowsBeforeMeasuring, rowCount) };

  const [focused, setFocused] = useState<SpanIndex>(-1);
  const activeIndex = visibleIndex(trace, layout, focused >= 0 ? focused : selectedIndex);

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
    paint();
  });
  useEffect(() => viewport.onDraw(paint), [viewport, paint]);

  const onScroll = useLatest(() => {
    const scroller = scrollerRef.current;
    if (!scroller || !geometry) return;
    const next = windowAt(scroller.scrollTop, geometry);
    if (next.first !== shown.first || next.end !== shown.end) scroll.set(scroller.scrollTop);
    else place();
  });

  const scrollTo = useLatest((index: SpanIndex, align: 'nearest' | 'center') => {
    const scroller = scrollerRef.current;
    const row = layout.rowOf(visibleIndex(trace, layout, index));
    if (!scroller || !geometry || row < 0) return;
    const top = scrollTopFor(row, scroller.scrollTop, geometry, align);
    if (top !== scroller.scrollTop) {
      scroller.scrollTop = top;
      onScroll();
    }
  });

  // What another view selects comes into sight here.
  const isMeasured = geometry !== undefined;
  useEffect(() => {
    if (selectedIndex >= 0 && isMeasured) scrollTo(selectedIndex, 'center');
  }, [selectedIndex, isMeasured, scrollTo]);

  const focusRow = useLatest((index: SpanIndex) => {
    setFocused(index);
    scrollTo(index, 'nearest');
    rowElement(rowsRef.current, index)?.focus({ preventScroll: true });
  });
  useKeptFocus(frameRef, rowsRef, activeIndex);

  const typed = useRef({ text: '', at: 0 });
  const onKeyDown = useLatest((event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented || activeIndex < 0 || isTextField(event.target)) return;
    const rightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const isTyping = event.timeStamp - typed.current.at < typeAheadPause && typed.current.text !== '';
    const intent = isTyping && event.key.length === 1 ? undefined : rowIntent(event, rightToLeft);
    const details = { reason: 'keyboard', event: event.nativeEvent } as const;
    const zoom = timeAt && !isTyping ? timeKey(event) : undefined;
    if (zoom) {
      event.preventDefault();
      const middle = (spanStart(trace, activeIndex) + spanEnd(trace, activeIndex)) / 2;
      zoomByKey(viewport, zoom, middle, event.nativeEvent);
      return;
    }
    // The details that stand beside the rows close; with none open the key is the page's, whose dialog this may be.
    if (event.key === 'Escape' && selectedIndex >= 0) {
      event.preventDefault();
      event.stopPropagation();
      view.select(null, details);
      return;
    }
    if (!intent) {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      typed.current = { text: isTyping ? typed.current.text + event.key : event.key, at: event.timeStamp };
      const found = rowByName(trace, layout, activeIndex, typed.current.text);
      if (found >= 0) focusRow(found);
      return;
    }
    const page = geometry ? Math.max(1, Math.floor(geometry.viewportHeight / geometry.rowHeight) - 1) : 10;
    const action = rowAction(trace, layout, activeIndex, intent, page);
    event.preventDefault();
    if (!action) return;
    if (action.type === 'toggle') for (const index of action.indexes) view.toggle(index, details);
    else if (action.type === 'select') view.select(trace.spanAt(activeIndex).key, details);
    else if (action.type === 'zoom') view.zoomToSpan(activeIndex, details);
    else if (action.type === 'focus') {
      focusRow(action.index);
      // Where a span is selected, its details are open beside the rows: they follow.
      if (selectedIndex >= 0) view.select(trace.spanAt(action.index).key, details);
    }
  });

  const onClick = useLatest((event: MouseEvent<HTMLElement>) => {
    const index = indexOfTarget(event.target);
    if (index < 0) return;
    setFocused(index);
    if ((event.target as Element).closest('[data-toggle]')) {
      view.toggle(index, { reason: 'toggle', event: event.nativeEvent });
    } else {
      view.select(trace.spanAt(index).key, { reason: 'click', event: event.nativeEvent });
      if (!timeAt) return;
      catchSecondClick(event.currentTarget, event.nativeEvent, (second) =>
        view.zoomToSpan(index, { reason: 'double-click', event: second }),
      );
    }
  });
  const onDoubleClick = useLatest((event: MouseEvent<HTMLElement>) => {
    const index = indexOfTarget(event.target);
    if (index < 0 || !timeAt || (event.target as Element).closest('[data-toggle]')) return;
    view.zoomToSpan(index, { reason: 'double-click', event: event.nativeEvent });
  });
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'touch') viewport.hover(indexOfTarget(event.target), timeAt?.(event.clientX));
  };

  const isGrid = pattern === 'treegrid';
  const rows: ReactNode[] = [];
  for (let row = shown.first; row < shown.end; row++) {
    const index = layout.rows[row]!;
    if (index < 0) continue;
    rows.push(
      <SpanRow
        key={trace.spanAt(index).key}
        isGrid={isGrid}
        trace={trace}
        facts={facts}
        index={index}
        row={row}
        isExpanded={hasChildren(trace, index) ? isOpen(trace, layout, index) : undefined}
        isSelected={index === selectedIndex}
        holdsSelection={selectedIndex > index && index === visibleIndex(trace, layout, selectedIndex)}
        isActive={index === activeIndex || (activeIndex < 0 && row === 0)}
        Cells={Cells}
      />,
    );
  }
  const isActiveShown = activeIndex < 0 || isWithin(layout.rowOf(activeIndex), shown);
  const body = (
    <div ref={spacerRef} className="spanscope-rows-spacer" role="presentation">
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: one listener for all rows; keys are handled by the frame around them. */}
      <div
        ref={rowsRef}
        className="spanscope-rows"
        role={isGrid ? 'rowgroup' : 'presentation'}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onPointerMove={onPointerMove}
        onPointerLeave={() => viewport.hover(-1, undefined)}
        onFocus={(event) => setFocused(indexOfTarget(event.target))}
      >
        {rows}
      </div>
    </div>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the role is treegrid or tree.
    <div
      ref={frameRef}
      className="spanscope-rows-frame"
      role={pattern}
      tabIndex={isActiveShown ? -1 : 0}
      aria-label={label}
      aria-rowcount={isGrid ? rowCount + 1 : undefined}
      aria-multiselectable={false}
      onKeyDown={onKeyDown}
    >
      {header}
      <div className="spanscope-rows-view" role="presentation">
        {backdrop}
        <div ref={scrollerRef} className="spanscope-rows-scroller" role="presentation" onScroll={onScroll}>
          {body}
        </div>
      </div>
      <NameTooltip rowsRef={rowsRef} />
    </div>
  );
}

interface SpanRowProps extends CellsProps {
  isGrid: boolean;
  row: number;
  isSelected: boolean;
  /** The selected span lies hidden below this one. */
  holdsSelection: boolean;
  isActive: boolean;
  Cells: ComponentType<CellsProps>;
}

const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const { isGrid, trace, facts, index, row, isExpanded, isSelected, holdsSelection, isActive, Cells } = props;
  const { position, setSize } = facts.siblingPosition(index);
  const span = trace.spanAt(index);
  return (
    <div
      role={isGrid ? 'row' : 'treeitem'}
      className="spanscope-row"
      data-span-id={span.key}
      data-index={index}
      data-status={span.status}
      data-open={span.duration === undefined || undefined}
      data-selected={isSelected || undefined}
      data-holds-selection={holdsSelection || undefined}
      data-color={facts.color(index)}
      aria-level={span.depth + 1}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-rowindex={isGrid ? row + 2 : undefined}
      aria-expanded={isExpanded}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
    >
      <Cells trace={trace} facts={facts} index={index} isExpanded={isExpanded} />
    </div>
  );
});

/** Measures the rows and what holds them; undefined until there is a document to measure. */
function useScrollGeometry(
  scrollerRef: RefObject<HTMLDivElement | null>,
  rowsRef: RefObject<HTMLDivElement | null>,
  rowCount: number,
): ScrollGeometry | undefined {
  const [measured, setMeasured] = useState<{ rowHeight: number; viewportHeight: number }>();
  useIsomorphicLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const measure = () => {
      const rowHeight = rowsRef.current?.firstElementChild?.getBoundingClientRect().height || defaultRowHeight;
      const viewportHeight = scroller.clientHeight;
      // No height yet (hidden, or a test without layout): the first rows stay, as a server sends them.
      if (viewportHeight === 0) return;
      const frame = scroller.closest<HTMLElement>('.spanscope-rows-frame');
      frame?.style.setProperty('--ss-scrollbar-width', `${scroller.offsetWidth - scroller.clientWidth}px`);
      setMeasured((last) =>
        last?.rowHeight === rowHeight && last.viewportHeight === viewportHeight ? last : { rowHeight, viewportHeight },
      );
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    const firstRow = rowsRef.current?.firstElementChild;
    if (firstRow) observer.observe(firstRow);
    return () => observer.disconnect();
  }, [scrollerRef, rowsRef]);
  return measured && { ...measured, rowCount };
}

/**
 * Where the rows were last rendered for. An external store, because React renders a change of one before the frame is
 * painted; for a change of state on scrolling it would wait, and the eye would see the ground where rows are to come.
 */
class ScrollPosition {
  #scrollTop = 0;
  readonly #watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly get = (): number => this.#scrollTop;

  set(scrollTop: number): void {
    this.#scrollTop = scrollTop;
    for (const watcher of this.#watchers) watcher();
  }
}

/** A row that scrolls out of sight is taken away; the focus then waits on the list, not on the page's body. */
function useKeptFocus(
  frameRef: RefObject<HTMLDivElement | null>,
  rowsRef: RefObject<HTMLDivElement | null>,
  activeIndex: SpanIndex,
): void {
  const hadFocus = useRef(false);
  useIsomorphicLayoutEffect(() => {
    const frame = frameRef.current;
    if (!frame) return;
    if (hadFocus.current && document.activeElement === document.body) frame.focus({ preventScroll: true });
    if (document.activeElement === frame) rowElement(rowsRef.current, activeIndex)?.focus({ preventScroll: true });
    hadFocus.current = frame.contains(document.activeElement);
  });
}

function visibleIndex(trace: Trace, layout: WaterfallLayout, index: SpanIndex): SpanIndex {
  if (index < 0 || index >= trace.spanCount) return -1;
  return layout.rowOf(index) >= 0 ? index : layout.visibleAncestor(index);
}

function isWithin(row: number, { first, end }: RowWindow): boolean {
  return row >= first && row < end;
}

function rowElement(rows: HTMLElement | null, index: SpanIndex): HTMLElement | null {
  return rows?.querySelector<HTMLElement>(`:scope > [data-index="${index}"]`) ?? null;
}

function indexOfTarget(target: EventTarget): SpanIndex {
  const row = (target as Element).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset.index) : -1;
}

function isTextField(target: EventTarget): boolean {
  return (target as Element).closest('input, textarea, select, [contenteditable]') !== null;
}

function markHovered(rows: HTMLElement, index: SpanIndex): void {
  for (const row of rows.children) {
    const isHovered = (row as HTMLElement).dataset.index === String(index);
    if (isHovered !== row.hasAttribute('data-hovered')) row.toggleAttribute('data-hovered', isHovered);
  }
}
