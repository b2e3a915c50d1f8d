import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentColumns, agentColumns } from './agentColumns.ts';
import { type RunError, type RunOutcome, runErrors, runOutcome, type SoftFailureOfSpan } from './agentErrors.ts';
import { sumOfKnown } from './agentFigures.ts';
import { agentIterations, type Iteration } from './agentIterations.ts';
import { agentKindCode } from './agentKindRules.ts';
import { agentLoops, type Loop } from './agentLoops.ts';
import { agentNameOf } from './agentOrigin.ts';
import { type AgentStepFacts, agentStepFacts } from './agentStepFacts.ts';
import { type AgentSteps, agentSteps, unionTime } from './agentSteps.ts';
import { type AgentTime, agentTime } from './agentTime.ts';
import { toolNameOf } from './agentTools.ts';
import { type AgentTotals, agentTotals, callCosts, costSum, usageSum } from './agentTotals.ts';
import { type Cost, type Prices, type TokenUsage, usageOf } from './agentUsage.ts';
import { type ContextPoint, contextGrowth } from './contextGrowth.ts';

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
  /** Of a tool's call: as its attributes say, else out of the span's name. */
  toolName(span: SpanIndex): string;
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

export function agentRun(trace: Trace, options: AgentRunOptions = {}): AgentRun {
  return new TraceRun(trace, options);
}

class TraceRun implements AgentRun {
  readonly trace: Trace;
  readonly columns: AgentColumns;
  readonly #prices: Prices | undefined;
  readonly #known = new Map<string, unknown>();
  readonly #toolNames = new Map<SpanIndex, string>();
  #facts: AgentStepFacts | undefined;

  constructor(trace: Trace, { prices, columns }: AgentRunOptions) {
    this.trace = trace;
    this.columns = columns ?? agentColumns(trace);
    this.#prices = prices;
  }

  get totals(): AgentTotals {
    return this.#once('totals', () => agentTotals(this.trace, this.columns, this.#prices));
  }

  get usage(): TokenUsage | undefined {
    return this.#once('usage', () => usageSum(this.totals, this.#roots));
  }

  get cost(): Cost | undefined {
    return this.#once('cost', () => costSum(this.totals, this.#roots));
  }

  get time(): AgentTime {
    return this.#once('time', () => agentTime(this.trace, this.columns));
  }

  get llmCalls(): readonly SpanIndex[] {
    return this.#steps.llmCalls;
  }

  get toolCalls(): readonly SpanIndex[] {
    return this.#steps.toolCalls;
  }

  get models(): readonly ModelUse[] {
    return this.#once('models', () => {
      const { models, model } = this.columns;
      return this.#grouped(this.llmCalls, (call) => models[model[call]!]!).map(([name, spans]) =>
        this.#modelUse(name, spans),
      );
    });
  }

  get tools(): readonly ToolCount[] {
    return this.#once('tools', () =>
      this.#grouped(this.toolCalls, (call) => this.#stepFacts.toolName(call) ?? this.toolName(call)).map(
        ([name, spans]) => ({
          name,
          calls: spans.length,
          errors: this.#errorsAmong(spans),
          softFailures: spans.filter((span) => this.#softSpans.has(span)).length,
          time: unionTime(spans, this.#steps),
          spans,
        }),
      ),
    );
  }

  get agents(): readonly AgentUse[] {
    return this.#once('agents', () => {
      const rows: SpanIndex[] = [];
      for (let index = 0; index < this.columns.length; index++)
        if (this.columns.kind[index] === agentKindCode.agent) rows.push(index);
      const nameOf = (row: SpanIndex) => {
        const span = this.trace.spanAt(row);
        return agentNameOf(span.attributes, true) ?? span.name;
      };
      return this.#grouped(rows, nameOf).map(([name, spans]) => ({ name, runs: spans.length, spans }));
    });
  }

  get errors(): readonly RunError[] {
    return this.#once('errors', () => runErrors(this.trace, this.columns, this.#steps));
  }

  get softFailures(): readonly SoftFailureOfSpan[] {
    return this.#once('softFailures', () => this.#stepFacts.softFailures);
  }

  get outcome(): RunOutcome {
    return this.#once('outcome', () => runOutcome(this.trace, this.#steps, this.errors, this.softFailures));
  }

  get iterations(): readonly Iteration[] {
    return this.#once('iterations', () =>
      agentIterations({
        trace: this.trace,
        columns: this.columns,
        steps: this.#steps,
        totals: this.totals,
        softFailures: this.softFailures,
        toolName: (span) => this.toolName(span),
        chosen: (span) => this.#stepFacts.chosen(span),
      }),
    );
  }

  get loops(): readonly Loop[] {
    return this.#once('loops', () => {
      const costs = callCosts(this.columns, this.#prices);
      return agentLoops({
        trace: this.trace,
        columns: this.columns,
        steps: this.#steps,
        toolName: (span) => this.toolName(span),
        signature: (span) => this.#stepFacts.signature(span),
        hasFailedSoftly: (span) => this.#softSpans.has(span),
        costOf: (call) => costs(call).cost,
      });
    });
  }

  get contextGrowth(): readonly ContextPoint[] {
    return this.#once('contextGrowth', () => contextGrowth(this.columns, this.#steps));
  }

  agentOf(span: SpanIndex): SpanIndex {
    return this.#steps.agent[span] ?? span;
  }

  previousLlmCall(span: SpanIndex): SpanIndex | undefined {
    return this.#previousCalls.get(span);
  }

  toolName(span: SpanIndex): string {
    let name = this.#facts?.toolName(span) ?? this.#toolNames.get(span);
    if (name === undefined) {
      const view = this.trace.spanAt(span);
      name = toolNameOf(view.attributes, view.name);
      this.#toolNames.set(span, name);
    }
    return name;
  }

  get #stepFacts(): AgentStepFacts {
    this.#facts ??= agentStepFacts(this.trace, this.columns);
    return this.#facts;
  }

  get #steps(): AgentSteps {
    return this.#once('steps', () => agentSteps(this.trace, this.columns));
  }

  get #softSpans(): ReadonlySet<SpanIndex> {
    return this.#once('softSpans', () => new Set(this.softFailures.map(({ span }) => span)));
  }

  get #previousCalls(): ReadonlyMap<SpanIndex, SpanIndex> {
    return this.#once('previousCalls', () => {
      const last = new Map<SpanIndex, SpanIndex>();
      const previous = new Map<SpanIndex, SpanIndex>();
      for (const call of this.llmCalls) {
        const before = last.get(this.agentOf(call));
        if (before !== undefined) previous.set(call, before);
        last.set(this.agentOf(call), call);
      }
      return previous;
    });
  }

  get #roots(): readonly SpanIndex[] {
    const { length, subtreeEnd } = this.trace.columns;
    const roots: SpanIndex[] = [];
    for (let index = 0; index < length; index = subtreeEnd[index]!) roots.push(index);
    return roots;
  }

  #modelUse(model: string, spans: readonly SpanIndex[]): ModelUse {
    const { columns } = this;
    const costs = callCosts(columns, this.#prices);
    const sum = (column: Float64Array) => spans.reduce((total, span) => sumOfKnown(total, column[span]!), NaN);
    let total = NaN;
    let isEstimated = false;
    for (const span of spans) {
      const call = costs(span);
      if (Number.isNaN(call.cost)) continue;
      total = sumOfKnown(total, call.cost);
      isEstimated ||= call.isEstimated;
    }
    return {
      model,
      calls: spans.length,
      errors: this.#errorsAmong(spans),
      usage: usageOf([
        sum(columns.inputTokens),
        sum(columns.outputTokens),
        sum(columns.totalTokens),
        sum(columns.cacheReadTokens),
        sum(columns.cacheWriteTokens),
        sum(columns.reasoningTokens),
      ]),
      cost: Number.isNaN(total) ? undefined : { total, input: undefined, output: undefined, isEstimated },
      time: unionTime(spans, this.#steps),
      spans,
    };
  }

  #errorsAmong(spans: readonly SpanIndex[]): number {
    return spans.filter((span) => this.trace.columns.status[span] === statusCode.error).length;
  }

  /** Spans by a name of theirs, the name of most spans first. */
  #grouped(spans: readonly SpanIndex[], nameOf: (span: SpanIndex) => string): [string, SpanIndex[]][] {
    const groups = new Map<string, SpanIndex[]>();
    for (const span of spans) {
      const name = nameOf(span);
      const group = groups.get(name);
      if (group) group.push(span);
      else groups.set(name, [span]);
    }
    return [...groups].sort(([, a], [, b]) => b.length - a.length);
  }

  #once<T>(name: string, read: () => T): T {
    if (this.#known.has(name)) return this.#known.get(name) as T;
    const value = read();
    this.#known.set(name, value);
    return value;
  }
}
