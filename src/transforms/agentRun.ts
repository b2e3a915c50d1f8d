import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import type { RunError, RunOutcome, SoftFailureOfSpan } from './agentErrors.ts';
import type { Iteration } from './agentIterations.ts';
import type { Loop } from './agentLoops.ts';
import type { AgentTime } from './agentTime.ts';
import type { AgentTotals } from './agentTotals.ts';
import type { Cost, Prices, TokenUsage } from './agentUsage.ts';
import type { ContextPoint } from './contextGrowth.ts';

export interface AgentRunOptions {
  /** For calls whose cost the trace does not say. None is built in. */
  readonly prices?: Prices;
  /** Where `agentColumns(trace)` was made before. */
  readonly columns?: AgentColumns;
}

/**
 * A trace read as an agent's run: what it used, where its time went, what it did again and again, what failed. Rows are
 * span indexes of `trace`. What is expensive and not always looked at (loops, which need the arguments of all tools) is
 * worked out when it is first asked for.
 */
export interface AgentRun {
  readonly trace: Trace;
  readonly columns: AgentColumns;
  readonly totals: AgentTotals;
  /** Of the whole trace, undefined where no span says anything. */
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  readonly time: AgentTime;
  /** Calls of models in order of their start, wrappers around another call left out. */
  readonly llmCalls: readonly SpanIndex[];
  /** Calls of tools in order of their start, wrappers left out. */
  readonly toolCalls: readonly SpanIndex[];
  /** By number of calls, the most first. */
  readonly models: readonly ModelUse[];
  readonly tools: readonly ToolCount[];
  readonly agents: readonly AgentUse[];
  /** By the time at which they began. */
  readonly errors: readonly RunError[];
  readonly softFailures: readonly SoftFailureOfSpan[];
  readonly outcome: RunOutcome;
  /** In order of their start. */
  readonly iterations: readonly Iteration[];
  /** By what they wasted, the worst first. */
  readonly loops: readonly Loop[];
  readonly contextGrowth: readonly ContextPoint[];
  /** The row of the agent that a span belongs to: the nearest agent above, else the root. */
  agentOf(span: SpanIndex): SpanIndex;
  /** The call of a model that the same agent made before this one. */
  previousLlmCall(span: SpanIndex): SpanIndex | undefined;
}

export interface ModelUse {
  readonly model: string;
  readonly calls: number;
  readonly errors: number;
  readonly usage: TokenUsage | undefined;
  readonly cost: Cost | undefined;
  /** In which any call of it ran. */
  readonly time: Nanoseconds;
  readonly spans: readonly SpanIndex[];
}

export interface ToolCount {
  readonly name: string;
  readonly calls: number;
  readonly errors: number;
  readonly softFailures: number;
  readonly time: Nanoseconds;
  readonly spans: readonly SpanIndex[];
}

export interface AgentUse {
  readonly name: string;
  readonly runs: number;
  readonly spans: readonly SpanIndex[];
}
