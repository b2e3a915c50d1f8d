import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { RowValue } from '../layout/visibleRows.ts';
import type { WaterfallLayout } from '../layout/waterfall.ts';
import type { TraceColumns } from '../model/columns.ts';
import { isRunning } from '../model/liveTrace.ts';
import type { Trace } from '../model/trace.ts';
import { noRow } from './rowElements.ts';
import { rowAt, type ScrollGeometry, scrollHeight, scrollTopOf } from './rowWindow.ts';
import type { ScrollPosition } from './scrollPosition.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import type { Viewport } from './viewport.ts';

/** A row by what stays the same while its trace grows: a span by its key. */
type KeptRow = { key: string } | { value: RowValue; columns: TraceColumns };

/** The row that has the focus: in a trace that grows the same span at whatever row it stands now. */
export function useFocusedRow(trace: Trace): [focused: RowValue, setFocused: (value: RowValue) => void] {
  const [kept, setKept] = useState<KeptRow>();
  const set = useLatest((value: RowValue) => {
    if (value >= 0 && value < trace.spanCount) setKept({ key: trace.spanAt(value).key });
    else setKept(value === noRow ? undefined : { value, columns: trace.columns });
  });
  if (!kept) return [noRow, set];
  if ('key' in kept) return [trace.span(kept.key)?.index ?? noRow, set];
  return [kept.columns === trace.columns ? kept.value : noRow, set];
}

/** What stood at the top of the rows in sight, when they were last drawn or scrolled. */
interface Seen {
  trace: Trace;
  layout: WaterfallLayout;
  geometry: ScrollGeometry;
  scrollTop: CssPixels;
}

export interface GrowingRows {
  trace: Trace;
  layout: WaterfallLayout;
  geometry: ScrollGeometry | undefined;
  scroller: RefObject<HTMLElement | null>;
  scroll: ScrollPosition;
  viewport: Viewport;
}

export interface Following {
  /** The trace grows, and its end is no longer followed. */
  isLeft: boolean;
  follow: () => void;
  /** To be called when the rows were scrolled. */
  onScroll: (scrollTop: CssPixels) => void;
  /** To be called once the rows have their height, after each render. */
  settle: () => void;
}

/** Without news for so long nobody waits for more. */
const quietAfter = 5000;

/**
 * Where rows stand while a trace grows: at its end as long as that is followed, else the rows in sight stay where they are,
 * whatever comes above them. Scrolling up leaves the end, scrolling down to it follows it again.
 */
export function useFollowing({ trace, layout, geometry, scroller, scroll, viewport }: GrowingRows): Following {
  const seen = useRef<Seen>(undefined);
  /** Where we scrolled to ourselves: what the browser tells of that is nobody's wish. */
  const own = useRef<CssPixels>(undefined);
  const isFollowing = useSyncExternalStore(
    (watcher) => viewport.watchCommits(watcher),
    () => viewport.isFollowing,
    () => true,
  );
  const isGrowing = useIsGrowing(trace);

  const scrollTo = useLatest((top: CssPixels) => {
    const element = scroller.current;
    if (!element || Math.abs(element.scrollTop - top) < 0.5) return;
    element.scrollTop = top;
    own.current = element.scrollTop;
    scroll.set(element.scrollTop);
  });
  const note = (scrollTop: CssPixels, rows: ScrollGeometry) => {
    const before = seen.current?.scrollTop ?? 0;
    if (seen.current) seen.current.scrollTop = scrollTop;
    if (scrollTop === own.current) return;
    own.current = undefined;
    const isAtEnd = scrollTop >= bottomOf(rows) - rows.rowHeight / 2;
    if (scrollTop < before && !isAtEnd) viewport.leaveEnd();
    else if (scrollTop > before && isAtEnd && isGrowing) viewport.followEnd();
  };
  const onScroll = useLatest((scrollTop: CssPixels) => {
    if (geometry) note(scrollTop, geometry);
  });
  const settle = useLatest(() => {
    const before = seen.current;
    if (!geometry) return;
    const hasGrown = before && before.trace.columns !== trace.columns && before.trace.traceId === trace.traceId;
    if (hasGrown) {
      // Somebody scrolled, and the browser has not told yet.
      const { scrollTop: actual } = scroller.current ?? before;
      if (actual !== before.scrollTop) note(actual, before.geometry);
      const kept = viewport.isFollowing ? bottomOf(geometry) : topOfSameRow(before, layout, geometry);
      if (kept !== undefined) {
        scrollTo(kept);
        before.scrollTop = scroller.current?.scrollTop ?? kept;
      }
    }
    seen.current = { trace, layout, geometry, scrollTop: before?.scrollTop ?? 0 };
  });
  const follow = useLatest(() => {
    viewport.followEnd();
    if (geometry) scrollTo(bottomOf(geometry));
    if (seen.current) seen.current.scrollTop = scroller.current?.scrollTop ?? 0;
  });
  return { isLeft: isGrowing && !isFollowing, follow, onScroll, settle };
}

function bottomOf(geometry: ScrollGeometry): CssPixels {
  return Math.max(0, scrollHeight(geometry) - geometry.viewportHeight);
}

/** Undefined where nothing has to move: at the very top, new rows above are to be seen. */
function topOfSameRow(
  { trace, layout, geometry: before, scrollTop }: Seen,
  next: WaterfallLayout,
  geometry: ScrollGeometry,
): CssPixels | undefined {
  if (scrollTop <= 0) return undefined;
  const { row, rest } = rowAt(scrollTop, before);
  const last = Math.min(layout.rows.length, row + Math.ceil(before.viewportHeight / before.rowHeight));
  for (let at = row; at < last; at++) {
    const value = layout.rows[at]!;
    const index = value < 0 ? undefined : next.trace.span(trace.spanAt(value).key)?.index;
    const nextRow = index === undefined ? -1 : next.rowOf(index);
    if (nextRow >= 0) return scrollTopOf(nextRow - (at - row), rest, geometry);
  }
  return undefined;
}

/** Whether more of the trace may come: spans run, or some came a moment ago. */
function useIsGrowing(trace: Trace): boolean {
  const [grown, setGrown] = useState(false);
  const before = useRef(trace);
  useIsomorphicLayoutEffect(() => {
    const last = before.current;
    before.current = trace;
    if (last.traceId !== trace.traceId) setGrown(false);
    else if (last.spanCount !== trace.spanCount) setGrown(true);
  }, [trace]);
  const { spanCount } = trace;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each span that comes begins the wait anew.
  useEffect(() => {
    if (!grown) return;
    const timer = setTimeout(() => setGrown(false), quietAfter);
    return () => clearTimeout(timer);
  }, [grown, spanCount]);
  return grown || isRunning(trace);
}
