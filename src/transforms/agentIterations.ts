import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Cost, TokenUsage } from './agentUsage.ts';

/** One turn of an agent: it asks a model, and does what that says. */
export interface Iteration {
  /** Within its agent: as the trace has it where it says so, else counted from 1. */
  readonly number: number;
  /** No span stands for it: found by the rhythm of model calls and tools. A view says so. */
  readonly isInferred: boolean;
  /** The agent's row. */
  readonly agent: SpanIndex;
  /** Its own span, or the first of its calls where it is inferred. */
  readonly span: SpanIndex;
  /** Offsets from the trace's start. */
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
  readonly llmCalls: readonly SpanIndex[];
  readonly toolCalls: readonly SpanIndex[];
  /** Names of the tools called, in order, each call. */
  readonly tools: readonly string[];
  readonly decisions: readonly SpanIndex[];
  /** What was chosen, by the first decision's span; undefined where none says it. */
  readonly chosen: string | undefined;
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  /** `soft`: no error, but a tool said that it failed, or an answer was cut off. `recovered`: a call failed, the iteration did not. */
  readonly outcome: 'ok' | 'error' | 'recovered' | 'soft' | 'open';
}
