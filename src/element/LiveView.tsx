import { useEffect, useMemo, useRef, useState } from 'react';
import type { ParseResult } from '../formats/parseTraces.ts';
import type { LiveTraceSource } from '../model/liveTrace.ts';
import { TraceView, type TraceViewProps } from '../react/TraceView.tsx';
import { useLiveTraces } from '../react/useLiveTrace.ts';

export interface LiveViewProps extends TraceViewProps {
  live: LiveTraceSource;
}

interface Held {
  live: LiveTraceSource;
  traceId: string;
}

/**
 * The viewer over traces that grow: the latest of them, until the person picks one or does anything with the one that is
 * shown. Then that one stays.
 */
export function LiveView({ live, traceId, ...view }: LiveViewProps) {
  const traces = useLiveTraces(live);
  const [held, setHeld] = useState<Held>();
  const rootRef = useRef<HTMLDivElement>(null);
  const result = useMemo<ParseResult | undefined>(
    () => (traces.length > 0 ? { format: 'otlp', traces: [...traces], warnings: [], skipped: 0 } : undefined),
    [traces],
  );
  const known = (id: string | undefined) => (traces.some((trace) => trace.traceId === id) ? id : undefined);
  // One that the recorder had to let go of cannot be held.
  const shown = known(traceId) ?? known(held?.live === live ? held.traceId : undefined) ?? traces.at(-1)?.traceId;
  useEffect(() => {
    const root = rootRef.current;
    if (!root || shown === undefined) return;
    const hold = () => setHeld((before) => (before?.live === live ? before : { live, traceId: shown }));
    root.addEventListener('pointerdown', hold);
    root.addEventListener('keydown', hold);
    return () => {
      root.removeEventListener('pointerdown', hold);
      root.removeEventListener('keydown', hold);
    };
  }, [live, shown]);
  return (
    <TraceView
      {...view}
      ref={rootRef}
      {...(result && { trace: result })}
      {...(shown !== undefined && { traceId: shown })}
      onTraceIdChange={(id) => {
        setHeld({ live, traceId: id });
        view.onTraceIdChange?.(id);
      }}
    />
  );
}
