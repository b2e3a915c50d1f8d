import type { SpanIndex } from '../model/columns.ts';

/**
 * What each span and all below it used, by span index, NaN where nobody says anything. Never counted twice:
 *
 * - A span's own numbers count where no descendant has any. Else the larger of both sides counts, for a parent repeats its
 *   children's, or knows of calls that nobody recorded; what was decided is in `audit`.
 * - A model's call does not include what runs below its tools and sub-agents: that is added.
 */
export interface AgentTotals {
  readonly tokens: Float64Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly cacheReadTokens: Float64Array;
  readonly cacheWriteTokens: Float64Array;
  readonly reasoningTokens: Float64Array;
  /** US dollars; stated ones, and estimated ones where prices were given and the trace says nothing. */
  readonly cost: Float64Array;
  /** 1 where `cost` holds an estimate. */
  readonly isCostEstimated: Uint8Array;
  /** How sums came about where a span and its descendants both speak, by span index. */
  readonly audit: readonly AuditLine[];
}

/**
 * A span says `own`, what lies below it sums up to `nested`, `counted` is what goes into the sums:
 * “agent says 29,899 tokens, its descendants sum to 29,899: counted once”.
 */
export interface AuditLine {
  readonly span: SpanIndex;
  readonly measure: 'tokens' | 'cost';
  readonly own: number;
  readonly nested: number;
  readonly counted: number;
  /**
   * `repeated`: both say the same. `incomplete`: the span says more than what was recorded below it. `partial`: it says
   * less. `separate`: a model's call, and others below its tools, are added.
   */
  readonly verdict: 'repeated' | 'incomplete' | 'partial' | 'separate';
}
