import { useEffect, useState } from 'react';
import type { Span, Trace } from '../model/trace.ts';
import { queryWords } from '../transforms/query.ts';
import { type SearchProgress, SpanSearch } from '../transforms/searchSpans.ts';
import { shownSoftFailure, type TraceFacts } from './traceFacts.ts';

/** What is found for a query so far. */
export interface ShownSearch extends SearchProgress {
  trace: Trace;
  text: string;
  /** What to mark in names. */
  words: readonly string[];
  /** By span, 1 for a match: what a canvas asks of each of its blocks. */
  matches: Uint8Array;
}

/** Between two slices the page may answer; more often than this nobody can read what has changed. */
const sliceMs = 10;
const tellEvery = 80;

/** Searches a trace in slices while the page goes on. Undefined where nothing is searched for. */
export function useSearch(
  trace: Trace | undefined,
  facts: TraceFacts | undefined,
  text: string,
): ShownSearch | undefined {
  const [shown, setShown] = useState<ShownSearch>();
  useEffect(() => {
    if (!trace || !facts || text.trim() === '') {
      setShown(undefined);
      return;
    }
    const isSoftFailure = (span: Span) => shownSoftFailure(facts, span) !== undefined;
    const search = new SpanSearch(trace, text, { isSoftFailure });
    let words: readonly string[] | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let toldAt = -Infinity;
    const step = () => {
      const goesOn = search.run(sliceMs);
      const now = performance.now();
      if (!goesOn || now - toldAt >= tellEvery) {
        toldAt = now;
        const { progress } = search;
        words ??= progress.result.query ? queryWords(progress.result.query) : [];
        setShown({ ...progress, trace, text, words, matches: matchBytes(trace, progress.result.indexes) });
      }
      timer = goesOn ? setTimeout(step) : undefined;
    };
    step();
    return () => clearTimeout(timer);
  }, [trace, facts, text]);
  // Of the query before, until the first slice of this one is through: in the frame that follows.
  return shown?.trace === trace && shown?.text === text ? shown : undefined;
}

function matchBytes(trace: Trace, indexes: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(trace.spanCount);
  for (const index of indexes) bytes[index] = 1;
  return bytes;
}
