import { useRef } from 'react';
import type { TimeRange } from '../layout/timeScale.ts';
import { noOpenGroups, plainArrangement } from './shownRows.ts';
import type { SpanColorBy } from './spanColors.ts';
import type { TraceViewStateProps } from './TraceProvider.tsx';
import { useControlled } from './useControlled.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { nothingCollapsed, piecesOf, stateOf, type ViewPieces } from './viewPieces.ts';
import type { ChangeDetails } from './viewport.ts';

export interface KeptPieces extends ViewPieces {
  /** What the time range begins with; where it is now only the viewport knows. */
  initialTimeRange: TimeRange | null;
  /** The owner's range; undefined where the owner leaves it to the viewport. */
  controlledTimeRange: TimeRange | null | undefined;
  /** Columns by name that the owner's whole value holds, null for the usual ones; undefined where there is no such value. */
  controlledColumnNames: readonly string[] | null | undefined;
  initialColumnNames: readonly string[] | undefined;
  /** Whether the state came as one value, from a link as it may be. */
  isLinked: boolean;
  /** Takes the new pieces on, as far as they are our own, and tells the owner of the whole. */
  change: (pieces: Partial<ViewPieces>, details: ChangeDetails) => void;
}

/**
 * Where each piece of view state comes from: its own prop, else the value of the whole, else state of our own that begins
 * with a default of the same order. Pieces of a trace begin anew with another one; how to look at any of them is kept.
 */
export function useViewPieces(
  props: TraceViewStateProps,
  resetKey: string | undefined,
  current: () => Pick<ViewPieces, 'timeRange' | 'columnNames'>,
): KeptPieces {
  const given = props.viewState && piecesOf(props.viewState);
  const first = props.defaultViewState && piecesOf(props.defaultViewState);

  const [selectedSpanId, setSelected] = useControlled(
    defined(props.selectedSpanId, given?.selectedSpanId),
    defined(props.defaultSelectedSpanId, first?.selectedSpanId) ?? null,
    resetKey,
  );
  const [collapsedSpanIds, setCollapsed] = useControlled(
    props.collapsedSpanIds ?? given?.collapsedSpanIds,
    props.defaultCollapsedSpanIds ?? first?.collapsedSpanIds ?? nothingCollapsed,
    resetKey,
  );
  const [query, setQuery] = useControlled(
    props.query ?? given?.query,
    props.defaultQuery ?? first?.query ?? '',
    resetKey,
  );
  const [timeDisplay, setTimeDisplay] = useControlled(
    props.timeDisplay ?? given?.timeDisplay,
    props.defaultTimeDisplay ?? first?.timeDisplay ?? 'relative',
    resetKey,
  );
  const [arrangement, setArrangement] = useControlled(
    given?.arrangement,
    first?.arrangement ?? plainArrangement,
    resetKey,
  );
  const [openGroups, setOpenGroups] = useControlled(given?.openGroups, first?.openGroups ?? noOpenGroups, resetKey);
  const [showsCriticalPath, setShowsCriticalPath] = useControlled(
    given?.showsCriticalPath,
    first?.showsCriticalPath ?? false,
    null,
  );
  const [ownTab, setTab] = useControlled<string | undefined>(undefined, first?.tab, null);
  const tab = given ? given.tab : ownTab;
  const [colorBy, setColorBy] = useControlled<SpanColorBy>(
    props.colorBy ?? given?.colorBy,
    props.defaultColorBy ?? first?.colorBy ?? 'auto',
    null,
  );
  const timeZone = props.timeZone ?? given?.timeZone ?? first?.timeZone;

  const shown: ViewPieces = {
    selectedSpanId,
    collapsedSpanIds,
    timeRange: null,
    query,
    arrangement,
    openGroups,
    columnNames: undefined,
    showsCriticalPath,
    timeDisplay,
    timeZone,
    colorBy,
    tab,
  };
  // Two pieces may change at once, before anything is rendered: the owner is told of both.
  const unrendered = useRef<Partial<ViewPieces>>({});
  useIsomorphicLayoutEffect(() => {
    unrendered.current = {};
  });
  const change = useLatest((pieces: Partial<ViewPieces>, details: ChangeDetails) => {
    if (pieces.selectedSpanId !== undefined) setSelected(pieces.selectedSpanId);
    if (pieces.collapsedSpanIds) setCollapsed(pieces.collapsedSpanIds);
    if (pieces.query !== undefined) setQuery(pieces.query);
    if (pieces.timeDisplay) setTimeDisplay(pieces.timeDisplay);
    if (pieces.arrangement) setArrangement(pieces.arrangement);
    if (pieces.openGroups) setOpenGroups(pieces.openGroups);
    if (pieces.showsCriticalPath !== undefined) setShowsCriticalPath(pieces.showsCriticalPath);
    if (pieces.colorBy !== undefined) setColorBy(pieces.colorBy);
    if (pieces.tab !== undefined) setTab(pieces.tab);
    if (!props.onViewStateChange) return;
    unrendered.current = { ...unrendered.current, ...pieces };
    props.onViewStateChange(stateOf({ ...shown, ...current(), ...unrendered.current }), details);
  });

  return {
    ...shown,
    initialTimeRange: defined(props.defaultTimeRange, first?.timeRange) ?? null,
    controlledTimeRange: defined(props.timeRange, given?.timeRange),
    controlledColumnNames: given && (given.columnNames ?? null),
    initialColumnNames: first?.columnNames,
    isLinked: (given ?? first) !== undefined,
    change,
  };
}

/** The first that is said: null is. */
function defined<Value>(value: Value | undefined, otherwise: Value | undefined): Value | undefined {
  return value === undefined ? otherwise : value;
}
