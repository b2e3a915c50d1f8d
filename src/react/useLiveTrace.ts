'use client';

import { useMemo, useSyncExternalStore } from 'react';
import { extendedTo, isRunning, type LiveTraceSource } from '../model/liveTrace.ts';
import { timeFromNumber } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';

export interface LiveTraceOptions {
  /** @default the trace that began last */
  traceId?: string;
}

/**
 * A trace of a recorder as it grows, for the `trace` of any view: a new snapshot at most once a frame, and less often where
 * a snapshot costs more than a quarter of the time. While spans run it lasts until now. Undefined while there is none.
 */
export function useLiveTrace(
  source: LiveTraceSource | undefined | null,
  { traceId }: LiveTraceOptions = {},
): Trace | undefined {
  const following = useMemo(() => (source ? new Following(source, traceId) : nothingFollowed), [source, traceId]);
  return useSyncExternalStore(following.subscribe, following.get, following.get);
}

const nothingFollowed = { subscribe: () => () => {}, get: () => undefined };

/** So many times what a snapshot and its rendering took pass before the next. */
const restPerWork = 3;

/** One source that a component follows. */
class Following {
  readonly #source: LiveTraceSource;
  readonly #traceId: string | undefined;
  readonly #listeners = new Set<() => void>();
  #leave: (() => void) | undefined;
  #shown: Trace | undefined;
  #snapshot: Trace | undefined;
  #frame = 0;
  #restUntil = 0;

  constructor(source: LiveTraceSource, traceId: string | undefined) {
    this.#source = source;
    this.#traceId = traceId;
    this.#take();
  }

  readonly get = (): Trace | undefined => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#leave ??= this.#source.subscribe(() => this.#request());
    // What came between rendering and this.
    this.#request();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#leave?.();
      this.#leave = undefined;
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    };
  };

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#tick());
  }

  #tick(): void {
    this.#frame = 0;
    const started = performance.now();
    if (started < this.#restUntil) {
      this.#request();
      return;
    }
    const before = this.#shown;
    this.#take();
    if (this.#shown !== before) {
      for (const listener of this.#listeners) listener();
      // React renders what a store tells it in a microtask; this one comes after.
      queueMicrotask(() => {
        const now = performance.now();
        this.#restUntil = now + restPerWork * (now - started);
      });
    }
    if (this.#shown && isRunning(this.#shown)) this.#request();
  }

  #take(): void {
    const { traces } = this.#source;
    const id = this.#traceId;
    const latest = id === undefined ? traces.at(-1) : traces.find((trace) => trace.traceId === id);
    const mayGo = latest !== undefined && isRunning(latest);
    if (latest === this.#snapshot && !mayGo) return;
    this.#snapshot = latest;
    this.#shown = mayGo ? extendedTo(latest, timeFromNumber(Date.now(), 1e6)) : latest;
  }
}
