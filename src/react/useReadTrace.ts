'use client';

import { useCallback, useSyncExternalStore } from 'react';
import type { ParseResult } from '../formats/parseTraces.ts';
import type { Trace } from '../model/trace.ts';
import { type ReadProgress, readTraces, type TraceSource } from '../read/readTraces.ts';
import { largest } from './traceSource.ts';

/** How far reading a source has come, and what it gave. */
export interface ReadTrace {
  /** The largest trace of the source, once it is read. */
  trace: Trace | undefined;
  traces: readonly Trace[];
  /** What `readTraces` gave. All views take it as their `trace`. */
  result: ParseResult | undefined;
  /** Undefined before the first bytes came and once it has failed; at the end it stays at all of them. */
  progress: ReadProgress | undefined;
  /** Why there is no trace: a `TraceFormatError`, or an `AbortError` after `cancel`. */
  error: Error | undefined;
  /** Ends reading, for all who read this source. Does nothing where it is done. */
  cancel: () => void;
}

/**
 * Reads a file, a server's answer or a stream off the main thread, and tells how far it is. It begins once the component is
 * mounted, and ends where it is unmounted or given another source. A source is read once, by its identity: by StrictMode's
 * double mount as well as by several components, so do not make a new one with each render.
 *
 * @param source undefined or null for none yet
 */
export function useReadTrace(source: TraceSource | undefined | null): ReadTrace {
  const subscribe = useCallback(
    (listener: () => void) => (source ? readingOf(source).subscribe(listener) : () => {}),
    [source],
  );
  const look = () => (source ? readingOf(source).state : nothingRead);
  return useSyncExternalStore(subscribe, look, lookOnServer);
}

const nothingRead: ReadTrace = {
  trace: undefined,
  traces: [],
  result: undefined,
  progress: undefined,
  error: undefined,
  cancel: () => {},
};

const lookOnServer = () => nothingRead;

const readings = new WeakMap<TraceSource, SourceReading>();

function readingOf(source: TraceSource): SourceReading {
  let reading = readings.get(source);
  if (!reading) {
    reading = new SourceReading(source);
    readings.set(source, reading);
  }
  return reading;
}

/** One source that is being read, and who wants to know. */
class SourceReading {
  state: ReadTrace;
  readonly #source: TraceSource;
  readonly #listeners = new Set<() => void>();
  #controller: AbortController | undefined;
  #isDone = false;

  constructor(source: TraceSource) {
    this.#source = source;
    this.state = { ...nothingRead, cancel: () => this.#cancel() };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#controller) void this.#read();
    return () => {
      this.#listeners.delete(listener);
      // Not at once: StrictMode comes back in the same task, and a stream could not be read again.
      if (!this.#isDone) setTimeout(() => this.#endIfUnheard());
    };
  };

  async #read(): Promise<void> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    try {
      const result = await readTraces(this.#source, { signal, onProgress: (progress) => this.#change({ progress }) });
      this.#end({ result, traces: result.traces, trace: largest(result.traces) });
    } catch (error) {
      this.#end({ error: error instanceof Error ? error : new Error(String(error)), progress: undefined });
    }
  }

  #cancel(): void {
    if (!this.#isDone) this.#controller?.abort();
  }

  #endIfUnheard(): void {
    if (this.#listeners.size > 0 || this.#isDone) return;
    // Who mounts again later reads again.
    if (readings.get(this.#source) === this) readings.delete(this.#source);
    this.#cancel();
  }

  #end(change: Partial<ReadTrace>): void {
    this.#isDone = true;
    this.#change(change);
  }

  #change(change: Partial<ReadTrace>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
