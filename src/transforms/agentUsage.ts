import { slot } from './agentUsageKeys.ts';
import { known } from './agentValues.ts';

/**
 * Tokens, each undefined where the source does not tell: absent is not 0. Input includes what was read from and written to
 * a cache, output includes reasoning, also where the source counts them apart.
 */
export interface TokenUsage {
  readonly input: number | undefined;
  readonly output: number | undefined;
  /** As stated, else the sum of what is known of input and output. */
  readonly total: number | undefined;
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly reasoning: number | undefined;
}

/** US dollars, as far as a source ever says. */
export interface Cost {
  readonly total: number;
  readonly input: number | undefined;
  readonly output: number | undefined;
  /** From a table of prices that the caller gave, not from the trace. */
  readonly isEstimated: boolean;
}

/** US dollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** @default input */
  readonly cacheRead?: number;
  /** @default input */
  readonly cacheWrite?: number;
}

/**
 * Prices by model as the trace calls it. Where none is called so, the longest name that the model's begins with, so that
 * `gpt-4.1` prices `gpt-4.1-2025-04-14`.
 */
export type Prices = Readonly<Record<string, ModelPrice>>;

/** Undefined where nothing is known. `numbers` are in the order of `slot`. */
export function usageOf(numbers: ArrayLike<number>): TokenUsage | undefined {
  const usage = {
    input: known(numbers[slot.input]!),
    output: known(numbers[slot.output]!),
    total: known(numbers[slot.total]!),
    cacheRead: known(numbers[slot.cacheRead]!),
    cacheWrite: known(numbers[slot.cacheWrite]!),
    reasoning: known(numbers[slot.reasoning]!),
  };
  return Object.values(usage).some((value) => value !== undefined) ? usage : undefined;
}
