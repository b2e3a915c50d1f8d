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
 * a snapshot costs more than a quarter of the time or makes frames late. While spans run it lasts until now. Undefined while there is none.
 */
export function useLiveTrace(
  source: LiveTraceSource | undefined | null,
  { traceId }: LiveTraceOptions = {},
): Trace | undefined {
  const following = useMemo(() => followed(source, traceId), [source, traceId]);
  return useSyncExternalStore(following.subscribe, following.get, following.get)[0];
}

/** All traces of a recorder as they grow, oldest first: as `useLiveTrace`. */
export function useLiveTraces(source: LiveTraceSource | undefined | null): readonly Trace[] {
  const following = useMemo(() => followed(source, null), [source]);
  return useSyncExternalStore(following.subscribe, following.get, following.get);
}

type Followed = Pick<Following, 'subscribe' | 'get'>;

/** One trace by its id, the latest for undefined, all for null. */
function followed(source: LiveTraceSource | undefined | null, traceId: string | undefined | null): Followed {
  return source ? new Following(source, traceId) : nothingFollowed;
}

const none: readonly Trace[] = [];
const nothingFollowed: Followed = { subscribe: () => () => {}, get: () => none };

/** So many times what a snapshot and its rendering took pass before the next. */
const restPerWork = 3;
/** A snapshot that took longer than this until the next frame made that one late. */
const lateFrame = 24;
/** Then so much passes before the next, in ms, so that of twenty frames no more than one is late. */
const restAfterLate = 420;

/** One source that a component follows. */
class Following {
  readonly #source: LiveTraceSource;
  readonly #traceId: string | undefined | null;
  readonly #listeners = new Set<() => void>();
  #leave: (() => void) | undefined;
  #shown: readonly Trace[] = none;
  #snapshots: readonly Trace[] = none;
  #frame = 0;
  #restUntil = 0;
  /** When the last snapshot was begun that nobody has seen a frame of. */
  #begun: number | undefined;

  constructor(source: LiveTraceSource, traceId: string | undefined | null) {
    this.#source = source;
    this.#traceId = traceId;
    this.#take();
  }

  readonly get = (): readonly Trace[] => this.#shown;

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
    if (this.#begun !== undefined) {
      if (started - this.#begun > lateFrame) this.#restUntil = Math.max(this.#restUntil, started + restAfterLate);
      this.#begun = undefined;
    }
    if (started < this.#restUntil) {
      this.#request();
      return;
    }
    const before = this.#shown;
    this.#take();
    if (this.#shown !== before) {
      this.#begun = started;
      for (const listener of this.#listeners) listener();
      // React renders what a store tells it in a microtask; this one comes after.
      queueMicrotask(() => {
        const now = performance.now();
        this.#restUntil = now + restPerWork * (now - started);
      });
      // The next frame tells how long it took with all that the browser does after us.
      this.#request();
    }
    if (this.#shown.some(isRunning)) this.#request();
  }

  #take(): void {
    const latest = this.#asked();
    const mayGo = latest.some(isRunning);
    if (!mayGo && isSame(latest, this.#snapshots)) return;
    this.#snapshots = latest;
    const now = timeFromNumber(Date.now(), 1e6);
    this.#shown = mayGo ? latest.map((trace) => (isRunning(trace) ? extendedTo(trace, now) : trace)) : latest;
  }

  #asked(): readonly Trace[] {
    const { traces } = this.#source;
    const id = this.#traceId;
    if (id === null) return traces;
    return id === undefined ? traces.slice(-1) : traces.filter((trace) => trace.traceId === id).slice(0, 1);
  }
}

function isSame(a: readonly Trace[], b: readonly Trace[]): boolean {
  return a.length === b.length && a.every((trace, at) => trace === b[at]);
}
