import type { Nanoseconds } from '../model/time.ts';

/** In nanoseconds. */
export interface TimeByWork {
  readonly llm: Nanoseconds;
  readonly tool: Nanoseconds;
  /** Retrievers, embeddings, rerankers. */
  readonly retrieval: Nanoseconds;
  readonly memory: Nanoseconds;
  /** Guardrails, requests, queries and the like that are not part of one of the above. */
  readonly other: Nanoseconds;
}

/** Where a run's time went. Unions of intervals, never sums: calls in parallel count once. */
export interface AgentTime {
  readonly total: Nanoseconds;
  /** In which such work ran. May overlap, so may add up to more than the total. */
  readonly busy: TimeByWork;
  /**
   * The total shared out, for a bar: each moment goes to the first in this order that ran then: llm, tool, retrieval,
   * memory, other; else it is idle.
   */
  readonly shares: TimeByWork & { readonly idle: Nanoseconds };
}
