'use client';

import {
  type ComponentType,
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
import type { CssPixels } from '../layout/units.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { useColumnTracks } from './columnTracks.ts';
import { useFocusedRow, useFollowing } from './growingRows.ts';
import { Icon } from './icons.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { attachLongPress } from './longPress.ts';
import type { MenuAnchor } from './Menu.tsx';
import { messages } from './messages.ts';
import { NameTooltip } from './NameTooltip.tsx';
import { RowMenu } from './RowMenu.tsx';
import type { RowSlots } from './RowSlot.tsx';
import { markHovered, noRow, rowElement, rowOfTarget } from './rowElements.ts';
import { isCompressed, offsetOf, type RowWindow, scrollHeight, scrollTopFor, windowAt } from './rowWindow.ts';
import { type SpecialCellsProps, SpecialRow } from './SpecialRow.tsx';
import { ScrollPosition } from './scrollPosition.ts';
import { catchSecondClick } from './secondClick.ts';
import type { ColumnForm } from './spanColumns.tsx';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { useKeptFocus } from './useKeptFocus.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { useRowKeys } from './useRowKeys.ts';
import { useScrollGeometry } from './useScrollGeometry.ts';

/** How many rows a server sends, and the first render in a browser shows, before anything can be measured. */
const rowsBeforeMeasuring = 30;
const defaultRowHeight = 28;
const noWords: readonly string[] = [];

export interface CellsProps {
  trace: Trace;
  facts: TraceFacts;
  index: SpanIndex;
  /** In this view, 0 for a root. */
  depth: number;
  isExpanded: boolean | undefined;
  columns: readonly ColumnForm[];
  /** What is searched for: to be marked in names. */
  words: readonly string[];
  slots: RowSlots;
}

export interface SpanRowsProps {
  /** `treegrid`: each row holds gridcells. `tree`: each row is a treeitem. */
  pattern: 'treegrid' | 'tree';
  label: string;
  /** What stands in a row. It is drawn again only when its span or its being expanded changes. */
  Cells: ComponentType<CellsProps>;
  /** Between name and time, or name and duration. */
  columns: readonly ColumnForm[];
  /** The same for a row that is no span. */
  SpecialCells: ComponentType<SpecialCellsProps>;
  /** Behind the rows, as high as what is visible of them. */
  backdrop?: ReactNode;
  /** The time under the pointer, where rows have a time axis. */
  timeAt?: (clientX: number) => number | undefined;
  /** Called with the element of the rows in each frame in which something moved, and after each render. */
  draw?: (rows: HTMLElement) => void;
  scrollerRef?: RefObject<HTMLDivElement | null>;
  /** What names and time keep for themselves, whatever columns there are. */
  leastRest: CssPixels;
  /** Given what to call when the width of a column has changed. */
  header?: (onResize: () => void) => ReactNode;
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
  columns,
  SpecialCells,
  header,
  backdrop,
  timeAt,
  draw,
  scrollerRef: givenScrollerRef,
  leastRest,
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
  const placeColumns = useColumnTracks(frameRef, columns, view.columnSizes, leastRest);
  const geometry = useScrollGeometry(
    { scroller: scrollerRef, rows: rowsRef, defaultRowHeight, onMeasure: tellScrollbarWidth },
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

  const isGrid = pattern === 'treegrid';
  const rows: ReactNode[] = [];
  for (let row = shown.first; row < shown.end; row++) {
    const index = layout.rows[row]!;
    const isActive = index === active || (active === noRow && row === 0);
    if (index < 0) {
      rows.push(
        <SpecialRow
          key={specialKey(layout, index)}
          value={index}
          {...{ isGrid, row, isActive, columns, SpecialCells }}
        />,
      );
      continue;
    }
    rows.push(
      <SpanRow
        key={trace.spanAt(index).key}
        isGrid={isGrid}
        trace={trace}
        facts={facts}
        index={index}
        row={row}
        depth={layout.depthOf(index)}
        isExpanded={layout.hasChildren(index) ? layout.isExpanded(index) : undefined}
        isSelected={index === selectedIndex}
        color={view.colorOf(index)}
        isMatch={view.matches && view.matches[index] === 1}
        words={view.matches && view.matches[index] === 1 ? view.search!.words : noWords}
        columns={columns}
        slots={view.slots}
        holdsSelection={selectedIndex > index && index === shownValue(layout, selectedIndex)}
        isActive={isActive}
        Cells={Cells}
      />,
    );
  }
  const isActiveShown = active === noRow || isWithin(layout.rowOf(active), shown);
  const body = (
    <div ref={spacerRef} className="spanscope-rows-spacer" role="presentation">
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: one listener for all rows; keys are handled by the frame around them. */}
      <div
        ref={rowsRef}
        className="spanscope-rows"
        role={isGrid ? 'rowgroup' : 'presentation'}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onContextMenu={onContextMenu}
        onPointerMove={onPointerMove}
        onPointerLeave={() => viewport.hover(noRow, undefined)}
        onFocus={(event) => setFocused(rowOfTarget(event.target))}
      >
        {rows}
      </div>
    </div>
  );
  const frame = (
    // biome-ignore lint/a11y/noStaticElementInteractions: the role is treegrid or tree.
    <div
      ref={frameRef}
      className="spanscope-rows-frame"
      role={pattern}
      data-columns={columns.map(({ id }) => id).join(' ') || undefined}
      tabIndex={isActiveShown ? -1 : 0}
      aria-label={label}
      aria-rowcount={isGrid ? rowCount + 1 : undefined}
      aria-colcount={isGrid ? columns.length + 2 : undefined}
      aria-multiselectable={false}
      onKeyDown={onKeyDown}
    >
      {header?.(placeColumns)}
      <div className="spanscope-rows-view" role="presentation">
        {backdrop}
        <div ref={scrollerRef} className="spanscope-rows-scroller" role="presentation" onScroll={onScroll}>
          {body}
        </div>
      </div>
      <NameTooltip rowsRef={rowsRef} />
      {menu && menuIndex >= 0 && (
        <RowMenu
          index={menuIndex}
          columnId={menu.columnId}
          anchor={menu.anchor}
          hasTime={timeAt !== undefined}
          near={frameRef.current!}
          onClose={closeMenu}
          onLeave={() => setMenu(undefined)}
        />
      )}
      {isHelpOpen && <KeyHelp onClose={() => setIsHelpOpen(false)} />}
    </div>
  );
  return (
    <>
      {frame}
      {following.isLeft && (
        <button
          type="button"
          className="spanscope-follow"
          onClick={() => {
            following.follow();
            // The button goes: the focus stays with the rows.
            frameRef.current?.focus({ preventScroll: true });
          }}
        >
          <Icon name="toEnd" />
          {messages.rows.follow}
        </button>
      )}
    </>
  );
}

interface SpanRowProps extends CellsProps {
  isGrid: boolean;
  row: number;
  isSelected: boolean;
  /** A place in the palette. */
  color: number;
  /** Undefined where nothing is searched for. */
  isMatch: boolean | undefined;
  /** The selected span lies hidden below this one. */
  holdsSelection: boolean;
  isActive: boolean;
  Cells: ComponentType<CellsProps>;
}

const SpanRow = memo(function SpanRow(props: SpanRowProps) {
  const {
    isGrid,
    trace,
    facts,
    index,
    row,
    depth,
    isExpanded,
    isMatch,
    words,
    columns,
    slots,
    isSelected,
    color,
    holdsSelection,
    isActive,
    Cells,
  } = props;
  const { position, setSize } = facts.siblingPosition(index);
  const span = trace.spanAt(index);
  return (
    <div
      role={isGrid ? 'row' : 'treeitem'}
      className="spanscope-row"
      part="row"
      data-span-id={span.key}
      data-index={index}
      data-status={span.status}
      data-open={span.duration === undefined || undefined}
      data-selected={isSelected || undefined}
      data-match={isMatch || undefined}
      data-dimmed={isMatch === false || undefined}
      data-holds-selection={holdsSelection || undefined}
      data-color={color}
      aria-level={depth + 1}
      aria-posinset={position}
      aria-setsize={setSize}
      aria-rowindex={isGrid ? row + 2 : undefined}
      aria-expanded={isExpanded}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
    >
      <Cells
        trace={trace}
        facts={facts}
        index={index}
        depth={depth}
        isExpanded={isExpanded}
        words={words}
        columns={columns}
        slots={slots}
      />
    </div>
  );
});

/** To what stands beside the rows and is to end where they do. */
function tellScrollbarWidth(scroller: HTMLElement): void {
  const frame = scroller.closest<HTMLElement>('.spanscope-rows-frame');
  frame?.style.setProperty('--ss-scrollbar-width', `${scroller.offsetWidth - scroller.clientWidth}px`);
}

/** At the pointer; below the row's name where a key asked, which has no place. */
function menuAnchor({ clientX, clientY }: globalThis.MouseEvent, row: HTMLElement): MenuAnchor {
  const { left, top, right, bottom } = row.getBoundingClientRect();
  const isWithin = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  if (isWithin && clientX + clientY > 0) return { left: clientX, top: clientY, right: clientX, bottom: clientY };
  return { left: left + 24, top, right: left + 24, bottom };
}

/** The value itself where it has a row, else that of the row which stands for the span. */
function shownValue(layout: WaterfallLayout, value: RowValue): RowValue {
  if (value >= layout.trace.spanCount || value === noRow) return noRow;
  if (layout.rowOf(value) >= 0) return value;
  const standIn = value < 0 ? noRow : layout.visibleAncestor(value);
  return layout.rowOf(standIn) >= 0 ? standIn : noRow;
}

function specialKey(layout: WaterfallLayout, value: RowValue): string {
  const special = layout.special(value);
  return special.type === 'group' ? `group ${special.key}` : `gap ${special.parent} ${special.start}`;
}

function isWithin(row: number, { first, end }: RowWindow): boolean {
  return row >= first && row < end;
}
