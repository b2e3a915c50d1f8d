import { useEffect } from 'react';
import type { ParseResult } from '../formats/parseTraces.ts';
import type { LiveTraceSource } from '../model/liveTrace.ts';
import { TraceView, type TraceViewProps } from '../react/TraceView.tsx';
import { useReadTrace } from '../react/useReadTrace.ts';
import type { TraceSource } from '../read/readTraces.ts';
import { LiveView } from './LiveView.tsx';

export interface ElementViewProps extends TraceViewProps {
  /** What hands out traces that grow: goes before the rest. */
  live: LiveTraceSource | undefined;
  /** What is to be read first; then it is the trace. */
  source: TraceSource | undefined;
  onRead: (result: ParseResult) => void;
  onReadError: (error: Error) => void;
}

/** What the custom element draws: the viewer, over what is there already or what comes. */
export function ElementView({ live, source, onRead, onReadError, ...view }: ElementViewProps) {
  const reading = useReadTrace(source);
  const { result, error } = reading;
  useEffect(() => {
    if (result) onRead(result);
    else if (error) onReadError(error);
  }, [result, error, onRead, onReadError]);
  const { trace, ...others } = view;
  if (live) return <LiveView {...others} live={live} />;
  if (source) return <TraceView {...others} trace={reading} />;
  return <TraceView {...others} {...(trace === undefined ? {} : { trace })} />;
}
