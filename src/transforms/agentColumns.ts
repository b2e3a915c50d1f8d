/**
 * What must be known of every span to draw and to add up agents' runs, a column each, by span index.
 *
 * ```
 * index         0        1          2       3         4
 * name          session  agent_run  iter_1  llm_call  tool:search
 * kind          other    agent      …       llm       tool          codes into `agentKinds`
 * inputTokens   NaN      NaN        NaN     1350      NaN           the span's own, NaN where it says nothing
 * cost          NaN      NaN        NaN     0.0043    NaN
 * model         0        1          0       1         0             into `models`, 0 for none
 * ```
 */
export interface AgentColumns {
  readonly length: number;
  /** Into `agentKinds`. */
  readonly kind: Uint8Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  readonly totalTokens: Float64Array;
  readonly cacheReadTokens: Float64Array;
  readonly cacheWriteTokens: Float64Array;
  readonly reasoningTokens: Float64Array;
  /** US dollars. */
  readonly cost: Float64Array;
  /** Into `models`. */
  readonly model: Uint32Array;
  /** `models[0]` is empty: no model. */
  readonly models: readonly string[];
}
