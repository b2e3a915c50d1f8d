import type { SpanIndex } from '../model/columns.ts';
import type { SoftFailure } from './agentSpan.ts';

/** One thing that went wrong, and not the five rows that it coloured. */
export interface RunError {
  /** The innermost span that failed. */
  readonly origin: SpanIndex;
  /** The outermost span that failed by it; the origin itself where it did not spread. */
  readonly reached: SpanIndex;
  /** From the origin outwards, both ends included. */
  readonly path: readonly SpanIndex[];
  /** Of an exception, where one was recorded: `TimeoutError`. */
  readonly type: string | undefined;
  readonly message: string | undefined;
  /** The run went on and came to an end without it. */
  readonly isRecovered: boolean;
}

export interface SoftFailureOfSpan extends SoftFailure {
  readonly span: SpanIndex;
}

/**
 * - `failed`: an outermost span of the run has an error.
 * - `recovered`: something failed, the run went on to its end.
 * - `succeeded`: nothing failed; `isSoft` where something went wrong without an error.
 * - `unfinished`: the run is open: it goes on, or was cut off.
 * - `empty`: no spans.
 */
export interface RunOutcome {
  readonly state: 'succeeded' | 'recovered' | 'failed' | 'unfinished' | 'empty';
  /** Where the reason is to be seen: the origin of the error that made the run fail, else undefined. */
  readonly span: SpanIndex | undefined;
  readonly message: string | undefined;
  readonly isSoft: boolean;
}

/** Where to look first in a trace. */
export interface OpeningPoint {
  /** `error`: the run failed here first. `slowest`: it waited here longest. `start`: neither can be said. */
  readonly reason: 'error' | 'slowest' | 'start';
  readonly span: SpanIndex;
  /** The error's. */
  readonly message: string | undefined;
  /** For how long the trace's end waited for the span. */
  readonly criticalTime: number | undefined;
}
