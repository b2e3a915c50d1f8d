import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { type FlameTable, flameTable } from '../layout/flameTable.ts';
import type { FlameWeight } from '../layout/flameWeight.ts';
import { layoutMergedFlameGraph, type MergedFlameGraphLayout } from '../layout/mergedFlameGraph.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { Nanoseconds } from '../model/time.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import type { BlockIndex, FlameForm } from './flameForm.ts';
import { mergedForm, mergedWidth } from './flameMerged.ts';
import type { FlameSettings } from './flameSettings.ts';
import { blockName } from './flameSpoken.ts';
import { FlameTimeline } from './flameTimeline.ts';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { type ChangeDetails, sameRange, Viewport } from './viewport.ts';

/** A flame graph's form with what moves it: what the stage, the breadcrumb and the tooltip work on. */
export interface FlameView {
  form: FlameForm;
  /** Of the width: time in the timeline form, else `mergedWidth`. */
  viewport: Viewport;
  /** The merged layout, where that is the form. */
  merged: MergedFlameGraphLayout | undefined;
  selected: BlockIndex;
  /** -1 ends the selection. */
  select(block: BlockIndex, details: ChangeDetails): void;
  /** Shows a block over the whole width; -1 shows all. */
  fit(block: BlockIndex, details: ChangeDetails): void;
  hover(block: BlockIndex, time: Nanoseconds | undefined): void;
  hoveredBlock(): BlockIndex;
  /** From the root to the block that is zoomed into; empty where all is shown. */
  path: readonly BlockIndex[];
  name(block: BlockIndex): string;
  formatWeight(weight: number): string;
}

/** The view of a trace over time, undefined where it is not asked for. */
export function useTimelineView(settings: FlameSettings, isShown: boolean): FlameView | undefined {
  const { trace, facts, viewport, selectedIndex, select, zoomToSpan, matches } = useTraceViewContext();
  const timeline = useMemo(() => (isShown ? new FlameTimeline(trace!, facts!) : undefined), [trace, facts, isShown]);
  const rootsAtBottom = settings.roots === 'bottom';
  const { colorBy, criticalPath } = settings;
  const form = useMemo(
    () => timeline?.form({ colorBy, rootsAtBottom, criticalPath, matches }),
    [timeline, colorBy, rootsAtBottom, criticalPath, matches],
  );
  const [fitted, setFitted] = useState<BlockIndex>(-1);
  const path = useZoomPath(form, viewport, fitted < (trace?.spanCount ?? 0) ? fitted : -1, selectedIndex);
  return useMemo(
    () =>
      form && {
        form,
        viewport,
        merged: undefined,
        selected: selectedIndex,
        select: (block, details) => select(block < 0 ? null : form.trace.spanAt(block).key, details),
        fit: (block, details) => {
          setFitted(block);
          if (block < 0) viewport.goTo(null, details);
          else zoomToSpan(block, details);
        },
        hover: (block, time) => viewport.hover(block, time),
        hoveredBlock: () => (viewport.hoveredIndex < form.trace.spanCount ? viewport.hoveredIndex : -1),
        path,
        name: (block) => agentLabel(form.trace.spanAt(block)) || messages.rows.unnamed,
        formatWeight: formatDuration,
      },
    [form, viewport, selectedIndex, select, zoomToSpan, path],
  );
}

export interface MergedViewOptions {
  settings: FlameSettings;
  isShown: boolean;
  /** A row of the table whose blocks stand out; -1 for none. */
  highlightedRow: number;
  formatWeight: ((weight: number) => string) | undefined;
}

/** The view of merged spans with the table beside it, undefined where it is not asked for. */
export function useMergedView(options: MergedViewOptions): { view: FlameView; table: FlameTable } | undefined {
  const { isShown, highlightedRow } = options;
  const { weight, order, roots, colorBy, collapseRepeated, criticalPath } = options.settings;
  const { trace, facts, viewport: shared, selectedIndex, select, matches } = useTraceViewContext();
  const usage = isShown ? (isOfUsage(weight) ? facts?.usage : facts?.usageAtHand) : undefined;
  const layout = useMemo(
    () => (isShown ? layoutMergedFlameGraph(trace!, { weight, order, collapseRepeated, usage }) : undefined),
    [trace, isShown, weight, order, collapseRepeated, usage],
  );
  const table = useMemo(
    () => (isShown ? flameTable(trace!, { collapseRepeated, usage }) : undefined),
    [trace, isShown, collapseRepeated, usage],
  );
  const formatWeight = options.formatWeight ?? weightFormat(weight);
  const form = useMemo(() => {
    if (!layout || !table) return undefined;
    const highlighted =
      highlightedRow < 0 ? undefined : (block: number) => table.rowOf[layout.longestSpan[block]!] === highlightedRow;
    const rootsAtBottom = roots === 'bottom';
    return mergedForm(layout, facts!, {
      colorBy,
      rootsAtBottom,
      criticalPath,
      matches,
      highlighted,
      isTime: weight === 'time',
      formatWeight,
    });
  }, [layout, table, facts, colorBy, roots, criticalPath, matches, highlightedRow, weight, formatWeight]);
  const viewport = useMergedViewport(shared, layout);
  // By a span of it: blocks have other numbers in the layout of another weight.
  const [fittedSpan, setFittedSpan] = useState({ trace, span: -1 });
  const fitted = layout && fittedSpan.trace === trace && fittedSpan.span >= 0 ? layout.blockOf[fittedSpan.span]! : -1;
  useFittedAnew(viewport, layout, fitted);
  const selected = layout && selectedIndex >= 0 ? layout.blockOf[selectedIndex]! : -1;
  const path = useZoomPath(form, viewport, fitted, selected);
  return useMemo(() => {
    if (!form || !layout || !table) return undefined;
    const view: FlameView = {
      form,
      viewport,
      merged: layout,
      selected,
      select: (block, details) => select(block < 0 ? null : trace!.spanAt(layout.longestSpan[block]!).key, details),
      fit: (block, details) => {
        setFittedSpan({ trace, span: block < 0 ? -1 : layout.longestSpan[block]! });
        viewport.goTo(block < 0 ? null : rangeOf(layout, block), details);
      },
      hover: (block) => shared.hover(block < 0 ? -1 : layout.longestSpan[block]!, undefined),
      hoveredBlock: () => (shared.hoveredIndex < 0 ? -1 : (layout.blockOf[shared.hoveredIndex] ?? -1)),
      path,
      name: (block) => blockName(layout, block),
      formatWeight,
    };
    return { view, table };
  }, [form, layout, table, viewport, selected, select, shared, path, trace, formatWeight]);
}

export function isOfUsage(weight: FlameWeight): boolean {
  return typeof weight === 'string' && !['time', 'self-time', 'count'].includes(weight);
}

function rangeOf(layout: MergedFlameGraphLayout, block: BlockIndex): TimeRange {
  return [layout.x0[block]! * mergedWidth, layout.x1[block]! * mergedWidth];
}

/** A window onto the width of merged blocks, and frames drawn also when another view hovers a span. */
function useMergedViewport(shared: Viewport, layout: MergedFlameGraphLayout | undefined): Viewport {
  const [viewport] = useState(() => new Viewport(mergedWidth));
  useEffect(() => viewport.connect(), [viewport]);
  const isShown = layout !== undefined;
  useEffect(() => (isShown ? shared.onDraw(() => viewport.frames.request()) : undefined), [shared, viewport, isShown]);
  return viewport;
}

/** Another weight, order or rule moves blocks: what was zoomed into stays so, where it still has a place. */
function useFittedAnew(viewport: Viewport, layout: MergedFlameGraphLayout | undefined, fitted: BlockIndex): void {
  const fitAnew = useLatest(() => {
    if (layout) viewport.reset(fitted < 0 ? null : rangeOf(layout, fitted));
  });
  useIsomorphicLayoutEffect(fitAnew, [layout, fitAnew]);
}

/**
 * The path to the block that is zoomed into: of the one fitted last, or the one selected, the lowest ancestor that the window
 * lies within.
 */
function useZoomPath(
  form: FlameForm | undefined,
  viewport: Viewport,
  fitted: BlockIndex,
  selected: BlockIndex,
): readonly BlockIndex[] {
  const current = () => viewport.range;
  const range = useSyncExternalStore((watcher) => viewport.watchCommits(watcher), current, current);
  return useMemo(() => {
    if (!form || sameRange(range, viewport.full)) return [];
    const { start, end } = form.blocks;
    const holdsRange = (block: BlockIndex) => {
      const air = Math.max((end[block]! - start[block]!) * 0.05, 10);
      return range[0] >= start[block]! - air && range[1] <= end[block]! + air;
    };
    for (const candidate of [fitted, selected]) {
      const path: BlockIndex[] = [];
      for (let at = candidate; at >= 0; at = form.tree.parent[at]!) {
        if (path.length > 0 || holdsRange(at)) path.push(at);
      }
      if (path.length > 0) return path.reverse();
    }
    return [];
  }, [form, viewport, range, fitted, selected]);
}

/** How a weight is written where the caller does not say. */
export function weightFormat(weight: FlameWeight): (value: number) => string {
  switch (weight) {
    case 'time':
    case 'self-time':
      return formatDuration;
    case 'cost':
      return formatCost;
    case 'count':
      return messages.traceView.spans;
    case 'tokens':
    case 'input-tokens':
    case 'output-tokens':
      return messages.flameGraph.tokens;
    default:
      return formatQuantity;
  }
}
