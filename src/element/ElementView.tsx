import { useEffect } from 'react';
import type { ParseResult } from '../formats/parseTraces.ts';
import { TraceView, type TraceViewProps } from '../react/TraceView.tsx';
import { useReadTrace } from '../react/useReadTrace.ts';
import type { TraceSource } from '../read/readTraces.ts';

export interface ElementViewProps extends TraceViewProps {
  /** What is to be read first; then it is the trace. */
  source: TraceSource | undefined;
  onRead: (result: ParseResult) => void;
  onReadError: (error: Error) => void;
}

/** What the custom element draws: the viewer, over what is there already or what comes. */
export function ElementView({ source, onRead, onReadError, ...view }: ElementViewProps) {
  const reading = useReadTrace(source);
  const { result, error } = reading;
  useEffect(() => {
    if (result) onRead(result);
    else if (error) onReadError(error);
  }, [result, error, onRead, onReadError]);
  const { trace, ...others } = view;
  if (source) return <TraceView {...others} trace={reading} />;
  return <TraceView {...others} {...(trace === undefined ? {} : { trace })} />;
}
