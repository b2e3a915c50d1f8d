import { useEffect, useRef, useState } from 'react';
import type { TimeRange, TimeSegment } from '../layout/timeScale.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';
import type { KeptPieces } from './useViewPieces.ts';
import { type TimeRangeListener, Viewport } from './viewport.ts';

/** What is known of a trace that was shown; itself only as long as somebody else keeps it. */
interface ShownTrace {
  traceId: string;
  start: bigint;
  trace: WeakRef<Trace>;
}

function shownTrace(trace: Trace): ShownTrace {
  return { traceId: trace.traceId, start: trace.startTimeUnixNano, trace: new WeakRef(trace) };
}

/** Where the span at an index of the trace before stands now; -1 where nobody can tell. */
function indexNow(index: SpanIndex, before: Trace | undefined, now: Trace): SpanIndex {
  if (index < 0 || before === undefined || index >= before.spanCount) return -1;
  return now.span(before.spanAt(index).key)?.index ?? -1;
}

/**
 * The time that views of a trace share. Where the trace has grown and begins earlier now, ranges are moved by as much: an
 * owner of the range is told, and its own one stands for the new one until it answers.
 */
export function useViewport(
  trace: Trace | undefined,
  segments: readonly TimeSegment[] | undefined,
  { controlledTimeRange: controlled, initialTimeRange: initial }: KeptPieces,
  listener: TimeRangeListener,
): Viewport {
  const [viewport] = useState(() => new Viewport(trace?.duration ?? 0, controlled ?? initial));
  const shown = useRef<ShownTrace | undefined>(trace && shownTrace(trace));
  useIsomorphicLayoutEffect(() => {
    const before = shown.current;
    shown.current = trace && shownTrace(trace);
    let owned = controlled;
    if (trace && before?.traceId === trace.traceId) {
      const earlier = Number(before.start - trace.startTimeUnixNano);
      viewport.grow(trace.duration, earlier, segments);
      viewport.moveHover(indexNow(viewport.hoveredIndex, before.trace.deref(), trace));
      if (owned && earlier !== 0) owned = movedBy(owned, earlier);
      viewport.setControlled(owned);
      if (earlier !== 0 && viewport.isZoomed) listener(viewport.range, { reason: 'growth', phase: 'commit' });
      return;
    }
    viewport.setDuration(trace?.duration ?? 0, segments);
    if (trace && before?.traceId !== trace.traceId) viewport.reset(initial);
    viewport.setControlled(owned);
  }, [viewport, trace, segments, controlled]);
  useIsomorphicLayoutEffect(() => viewport.setListener(listener));
  useEffect(() => viewport.connect(), [viewport]);
  return viewport;
}

function movedBy([start, end]: TimeRange, by: number): TimeRange {
  return [start + by, end + by];
}
