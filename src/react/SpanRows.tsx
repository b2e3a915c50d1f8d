'use client';

import { type ComponentType, memo, type ReactNode, type RefObject } from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { useColumnTracks } from './columnTracks.ts';
import { Icon } from './icons.tsx';
import { KeyHelp } from './KeyHelp.tsx';
import { messages } from './messages.ts';
import { NameTooltip } from './NameTooltip.tsx';
import { RowMenu } from './RowMenu.tsx';
import type { RowSlots } from './RowSlot.tsx';
import { noRow } from './rowElements.ts';
import { type SpecialCellsProps, SpecialRow } from './SpecialRow.tsx';
import type { ColumnForm } from './spanColumns.tsx';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { shownValue, specialKey, useRowList } from './useRowList.ts';

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
  const { selectedIndex } = view;
  const rowCount = layout.rows.length;

  const list = useRowList({ timeAt, draw, scrollerRef: givenScrollerRef, onMeasure: tellScrollbarWidth });
  const { frameRef, scrollerRef, spacerRef, rowsRef, shown, active, following, menu } = list;
  const placeColumns = useColumnTracks(frameRef, columns, view.columnSizes, leastRest);

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
  const body = (
    <div ref={spacerRef} className="spanscope-rows-spacer" role="presentation">
      <div ref={rowsRef} className="spanscope-rows" role={isGrid ? 'rowgroup' : 'presentation'} {...list.rowsProps}>
        {rows}
      </div>
    </div>
  );
  const frame = (
    <div
      ref={frameRef}
      className="spanscope-rows-frame"
      role={pattern}
      data-columns={columns.map(({ id }) => id).join(' ') || undefined}
      aria-label={label}
      aria-rowcount={isGrid ? rowCount + 1 : undefined}
      aria-colcount={isGrid ? columns.length + 2 : undefined}
      aria-multiselectable={false}
      {...list.frameProps}
    >
      {header?.(placeColumns)}
      <div className="spanscope-rows-view" role="presentation">
        {backdrop}
        <div ref={scrollerRef} className="spanscope-rows-scroller" role="presentation" {...list.scrollerProps}>
          {body}
        </div>
      </div>
      <NameTooltip rowsRef={rowsRef} />
      {menu && (
        <RowMenu
          {...menu}
          hasTime={timeAt !== undefined}
          near={frameRef.current!}
          onClose={list.closeMenu}
          onLeave={list.leaveMenu}
        />
      )}
      {list.isHelpOpen && <KeyHelp onClose={() => list.setIsHelpOpen(false)} />}
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
