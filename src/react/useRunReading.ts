import { useEffect, useRef, useState } from 'react';
import type { Trace } from '../model/trace.ts';
import type { TraceFacts } from './traceFacts.ts';
import { useLatest } from './useLatest.ts';

/** A trace that grows is read once nothing came for so long: what was read of one snapshot is lost with the next. */
const quiet = 500;

export interface RunReading {
  /** Goes up when the facts know more than before. */
  readCount: number;
  /** Reads what an agent did in a trace so large that it is not done unasked. */
  readRun: () => void;
}

/** Reads what an agent did, in steps, in traces that are not read at once. */
export function useRunReading(trace: Trace | undefined, facts: TraceFacts | undefined): RunReading {
  const [readCount, setReadCount] = useState(0);
  const readRun = useLatest(() => facts?.agents.readInSteps(() => setReadCount((count) => count + 1)));
  const readBefore = useRef<string>(undefined);
  useEffect(() => {
    const hasGrown = readBefore.current === trace?.traceId;
    readBefore.current = trace?.traceId;
    if (!facts?.agents.isUnread || facts.agents.isHuge) return;
    if (!hasGrown) return readRun();
    let stop: (() => void) | undefined;
    const timer = setTimeout(() => {
      stop = readRun();
    }, quiet);
    return () => {
      clearTimeout(timer);
      stop?.();
    };
  }, [trace?.traceId, facts, readRun]);
  return { readCount, readRun };
}
