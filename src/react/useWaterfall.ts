'use client';

import { type HTMLAttributes, type RefObject, useEffect, useReducer } from 'react';
import type { GroupRow } from '../layout/rowGroups.ts';
import type { GapRow } from '../layout/timeGaps.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span } from '../model/trace.ts';
import { type AgentKind, agentLabel } from '../transforms/agentKind.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { attachTimeGestures } from './gestures.ts';
import type { MenuAnchor } from './Menu.tsx';
import { messages } from './messages.ts';
import { noRow } from './rowElements.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useLatest } from './useLatest.ts';
import { specialKey, useRowList } from './useRowList.ts';
import { type TraceViewState, useTraceView } from './useTraceView.ts';

/** Attributes for an element, `data-…` among them. */
export type ElementProps = HTMLAttributes<HTMLElement> & {
  [data: `data-${string}`]: string | number | boolean | undefined;
};

interface AnyRow {
  /** For React. */
  key: string;
  /** Its place among all rows, from 0. */
  row: number;
  /** In this view, 0 for a root. */
  depth: number;
  /** Undefined where nothing can be shown below it. */
  isExpanded: boolean | undefined;
  isSelected: boolean;
  /** Where its bar begins and ends, as fractions of the time that is shown: below 0 and above 1 out of sight. */
  start: number;
  end: number;
  /** For the row's element: role, level, place, focus. It may hold anything. */
  rowProps: ElementProps;
  /** For what opens and closes it, where it can: a press there does. */
  toggleProps: ElementProps;
}

export interface WaterfallSpanRow extends AnyRow {
  type: 'span';
  span: Span;
  /** What to call it beside the icon of its kind. */
  label: string;
  kind: AgentKind;
  /** A place in a palette of ten, and 10 for an error: as `colorBy` has it. */
  color: number;
  /** Undefined where nothing is searched for. */
  isMatch: boolean | undefined;
  /** Errors below it, to be told where it is closed. */
  errorsBelow: number;
}

/** A row in place of several spans, or of time in which nobody recorded anything: where the view's state asks for them. */
export interface WaterfallSpecialRow extends AnyRow {
  type: 'group' | 'gap';
  special: GroupRow | GapRow;
}

export type WaterfallRow = WaterfallSpanRow | WaterfallSpecialRow;

export interface HeadlessWaterfall {
  /** The state that all parts below the provider share, and what changes it. */
  view: TraceViewState;
  /** Those in sight and a few more. */
  rows: readonly WaterfallRow[];
  rowCount: number;
  /** What the width shows now, also while a gesture lasts. */
  timeRange: TimeRange;
  /** From a time to a fraction of the width: for an axis. */
  toUnit: (time: Nanoseconds) => number;
  /** The treegrid: it holds the scroller, and hears the keys. Give it a name by `aria-label`. */
  gridProps: ElementProps & { ref: RefObject<HTMLDivElement | null> };
  /** Scrolls; of a height of its own, and `overflow: auto`. It holds the spacer alone. */
  scrollerProps: ElementProps & { ref: RefObject<HTMLDivElement | null> };
  /** As high as all rows: it holds the element of the rows alone. */
  spacerProps: ElementProps & { ref: RefObject<HTMLDivElement | null> };
  /** Holds the rows, which are all of one height, and nothing else. */
  rowsProps: ElementProps & { ref: RefObject<HTMLDivElement | null> };
  /** What was asked of a span by the right button, a long press or the keyboard; undefined where nothing is. */
  menu: { span: Span; anchor: MenuAnchor } | undefined;
  /** Gives the focus back to the row. */
  closeMenu: () => void;
}

export interface HeadlessWaterfallOptions {
  /** What is as wide as the time that is shown, for gestures and the crosshair: a column of the rows, or the axis. */
  trackRef: RefObject<HTMLElement | null>;
}

/**
 * All that a waterfall does, without a look: rows in sight of a million, scrolling, folding, selection, zoom, pan, search, keys,
 * roles. Below a `TraceProvider` with a trace that could be read; the element `trackRef` tells where time lies. It renders with every frame of a
 * gesture, which suits rows that are cheap to draw; `Waterfall` moves its bars around React.
 */
export function useWaterfall({ trackRef }: HeadlessWaterfallOptions): HeadlessWaterfall {
  const context = useTraceViewContext();
  const view = useTraceView();
  if (!context.trace || !context.facts || !context.rows) {
    throw new Error(
      'useWaterfall() has no trace: use it in a part that is rendered only where useTraceView().trace is there.',
    );
  }
  const { trace, facts, rows: layout, viewport, selectedIndex, matches } = context;
  const timeAt = useLatest((clientX: CssPixels) => {
    const box = trackRef.current?.getBoundingClientRect();
    return box && box.width > 0 ? viewport.scale.toTime((clientX - box.left) / box.width) : undefined;
  });
  const list = useRowList({ timeAt });
  const { frameRef, scrollerRef, spacerRef, rowsRef, shown, active, menu } = list;

  const [, renderFrame] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let drawn = viewport.scale;
    return viewport.onDraw(() => {
      if (viewport.scale === drawn) return;
      drawn = viewport.scale;
      renderFrame();
    });
  }, [viewport]);
  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    return attachTimeGestures(scroller, { viewport, timeAt });
  }, [viewport, scrollerRef, timeAt]);

  const common = (value: RowValue, row: number, isSelected: boolean, key: string): AnyRow => {
    const isExpanded = layout.hasChildren(value) ? layout.isExpanded(value) : undefined;
    const depth = layout.depthOf(value);
    const special = value < 0 ? layout.special(value) : undefined;
    const isActive = value === active || (active === noRow && row === 0);
    const { position, setSize } =
      value < 0 ? { position: undefined, setSize: undefined } : facts.siblingPosition(value);
    return {
      key,
      row,
      depth,
      isExpanded,
      isSelected,
      start: viewport.scale.toUnit(special ? special.start : spanStart(trace, value)),
      end: viewport.scale.toUnit(special ? special.end : spanEnd(trace, value)),
      rowProps: {
        role: 'row',
        tabIndex: isActive ? 0 : -1,
        'data-index': value,
        'aria-level': depth + 1,
        'aria-rowindex': row + 1,
        'aria-posinset': position,
        'aria-setsize': setSize,
        'aria-expanded': isExpanded,
        'aria-selected': isSelected,
      },
      toggleProps: isExpanded === undefined ? { 'aria-hidden': true } : { 'aria-hidden': true, 'data-toggle': '' },
    };
  };
  const rows: WaterfallRow[] = [];
  for (let row = shown.first; row < shown.end; row++) {
    const value = layout.rows[row]!;
    if (value < 0) {
      const special = layout.special(value);
      const key = specialKey(layout, value);
      rows.push({ ...common(value, row, false, key), type: special.type, special });
      continue;
    }
    const span = trace.spanAt(value);
    const shared = common(value, row, value === selectedIndex, span.key);
    rows.push({
      ...shared,
      rowProps: { ...shared.rowProps, 'data-span-id': span.key, 'data-status': span.status },
      type: 'span',
      span,
      label: agentLabel(span) || messages.rows.unnamed,
      kind: facts.kind(value),
      color: context.colorOf(value),
      isMatch: matches && matches[value] === 1,
      errorsBelow: facts.errorCounts[value]!,
    });
  }

  return {
    view,
    rows,
    rowCount: layout.rows.length,
    timeRange: viewport.range,
    toUnit: (time) => viewport.scale.toUnit(time),
    gridProps: {
      ref: frameRef,
      role: 'treegrid',
      'aria-rowcount': layout.rows.length,
      'aria-multiselectable': false,
      ...list.frameProps,
    },
    scrollerProps: { ref: scrollerRef, role: 'presentation', ...list.scrollerProps },
    spacerProps: { ref: spacerRef, role: 'presentation' },
    rowsProps: { ref: rowsRef, role: 'rowgroup', ...list.rowsProps },
    menu: menu && { span: trace.spanAt(menu.index), anchor: menu.anchor },
    closeMenu: list.closeMenu,
  };
}
