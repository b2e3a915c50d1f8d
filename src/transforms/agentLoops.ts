import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';

/**
 * Work done again. Always inferred, never stated in a trace: a poll looks the same.
 *
 * - `repeat`: the same tool with the same arguments again.
 * - `cycle`: several calls in the same order again and again, A-B-A-B.
 * - `retry`: after an error the same tool, or the model, again.
 */
export interface Loop {
  readonly kind: 'repeat' | 'cycle' | 'retry';
  readonly agent: SpanIndex;
  /** Of the tools in one round, in order; a model's name where calls of it were retried. */
  readonly names: readonly string[];
  /** All calls in order of their start, the first round too. */
  readonly spans: readonly SpanIndex[];
  /** Those of `spans` that were for nothing: all after the first round; in a retry, the attempts that failed. */
  readonly wasted: readonly SpanIndex[];
  readonly rounds: number;
  /** Whether the last attempt of a retry went well. */
  readonly hasSucceeded: boolean | undefined;
  /** In which a wasted call, or a model's call that led to nothing else, ran. */
  readonly wastedTime: Nanoseconds;
  /** Of model calls that led to nothing but wasted calls; undefined where no tokens are known. */
  readonly wastedTokens: number | undefined;
  readonly wastedCost: number | undefined;
  /** By `names` alone where the trace has no arguments. */
  readonly evidence: 'arguments' | 'names' | 'error';
}
