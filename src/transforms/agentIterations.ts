import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import type { SoftFailureOfSpan } from './agentErrors.ts';
import { agentKindCode } from './agentKindRules.ts';
import type { AgentSteps } from './agentSteps.ts';
import { type AgentTotals, costSum, usageSum } from './agentTotals.ts';
import type { Cost, TokenUsage } from './agentUsage.ts';
import { known, numberOf, own } from './agentValues.ts';
import { errorCounts } from './errorCounts.ts';

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

/** What iterations are made of. */
export interface IterationParts {
  readonly trace: Trace;
  readonly columns: AgentColumns;
  readonly steps: AgentSteps;
  readonly totals: AgentTotals;
  readonly softFailures: readonly SoftFailureOfSpan[];
  toolName(span: SpanIndex): string;
  /** By a decision's span. */
  chosen(span: SpanIndex): string | undefined;
}

/** Those that the trace states; of agents that state none, those that the rhythm of their calls shows. */
export function agentIterations(parts: IterationParts): readonly Iteration[] {
  const { steps } = parts;
  const iterationOf = statedIterations(parts);
  const groups = new Map<SpanIndex, Members>();
  const stating = new Set<SpanIndex>();
  for (let index = 0; index < iterationOf.length; index++) {
    if (iterationOf[index] !== index) continue;
    groups.set(index, emptyMembers());
    stating.add(steps.agent[index]!);
  }
  const rest = new Map<SpanIndex, Call[]>();
  const place = (call: SpanIndex, list: 'llmCalls' | 'toolCalls') => {
    const iteration = iterationOf[call]!;
    const agent = steps.agent[call]!;
    if (iteration >= 0) groups.get(iteration)![list].push(call);
    else if (!stating.has(agent)) listOf(rest, agent).push({ call, isLlm: list === 'llmCalls' });
  };
  for (const call of steps.llmCalls) place(call, 'llmCalls');
  for (const call of steps.toolCalls) place(call, 'toolCalls');
  const decisionCode = agentKindCode.decision;
  const { kind } = parts.columns;
  for (let index = 0; index < kind.length; index++) {
    const iteration = iterationOf[index]!;
    if (kind[index] === decisionCode && iteration >= 0) groups.get(iteration)!.decisions.push(index);
  }
  const facts = new OutcomeFacts(parts, iterationOf);
  const numbers = new Map<SpanIndex, number>();
  const stated = [...groups].map(([span, members]) => statedIteration(parts, span, members, facts, numbers));
  const inferred = [...rest].flatMap(([agent, calls]) => inferredIterations(parts, agent, calls, facts));
  return [...stated, ...inferred].sort((a, b) => a.start - b.start || a.span - b.span);
}

interface Members {
  readonly llmCalls: SpanIndex[];
  readonly toolCalls: SpanIndex[];
  readonly decisions: SpanIndex[];
}

interface Call {
  readonly call: SpanIndex;
  readonly isLlm: boolean;
}

function emptyMembers(): Members {
  return { llmCalls: [], toolCalls: [], decisions: [] };
}

function listOf<Item>(lists: Map<SpanIndex, Item[]>, key: SpanIndex): Item[] {
  let list = lists.get(key);
  if (!list) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

/** Frameworks mark turns by names as well, as chains. */
const turnName = /^(?:step|turn) \d+$|^iteration[-_ ]\d+$|^agent_step\b|^execute_event_loop_cycle$/i;

/** By span index: the outermost iteration of its agent that it lies in, its own row for an iteration, -1 for none. */
function statedIterations({ trace, columns }: IterationParts): Int32Array {
  const { length, parent, name, names } = trace.columns;
  const isTurn = names.map((each) => turnName.test(each));
  const iterationOf = new Int32Array(length).fill(-1);
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    const kind = columns.kind[index]!;
    // A sub-agent's calls are none of its caller's.
    const around = above < 0 || kind === agentKindCode.agent ? -1 : iterationOf[above]!;
    const isIteration = kind === agentKindCode.iteration || (kind === agentKindCode.chain && isTurn[name[index]!]!);
    iterationOf[index] = around < 0 && isIteration ? index : around;
  }
  return iterationOf;
}

/** Errors and soft failures below each span, and within each iteration. */
class OutcomeFacts {
  readonly #errors: Uint32Array;
  readonly #soft = new Set<SpanIndex>();
  readonly #status: Uint8Array;
  readonly #duration: Float64Array;
  readonly softIterations = new Set<SpanIndex>();

  constructor({ trace, softFailures }: IterationParts, iterationOf: Int32Array) {
    this.#errors = errorCounts(trace);
    this.#status = trace.columns.status;
    this.#duration = trace.columns.duration;
    for (const { span, reason } of softFailures) {
      if (reason === 'interrupted') continue;
      this.#soft.add(span);
      if (iterationOf[span]! >= 0) this.softIterations.add(iterationOf[span]!);
    }
  }

  ofSpan(span: SpanIndex): Iteration['outcome'] {
    if (this.#status[span] === statusCode.error) return 'error';
    if (Number.isNaN(this.#duration[span]!)) return 'open';
    if (this.#errors[span]! > 0) return 'recovered';
    return this.softIterations.has(span) ? 'soft' : 'ok';
  }

  /** Of calls that belong together: an error of the last one is not made good. */
  ofCalls(calls: readonly SpanIndex[]): Iteration['outcome'] {
    if (calls.some((call) => Number.isNaN(this.#duration[call]!))) return 'open';
    if (this.#status[calls.at(-1)!] === statusCode.error) return 'error';
    if (calls.some((call) => this.#status[call] === statusCode.error || this.#errors[call]! > 0)) return 'recovered';
    return calls.some((call) => this.#soft.has(call)) ? 'soft' : 'ok';
  }
}

function statedIteration(
  parts: IterationParts,
  span: SpanIndex,
  { llmCalls, toolCalls, decisions }: Members,
  facts: OutcomeFacts,
  numbers: Map<SpanIndex, number>,
): Iteration {
  const { trace, steps, totals } = parts;
  const agent = steps.agent[span]!;
  const count = (numbers.get(agent) ?? 0) + 1;
  const { name, names } = trace.columns;
  const stated = /(\d{1,9})$/.exec(names[name[span]!]!)?.[1] ?? own(trace.spanAt(span).attributes, 'iteration');
  const number = known(numberOf(stated)) ?? count;
  numbers.set(agent, number);
  return {
    number,
    isInferred: false,
    agent,
    span,
    start: steps.start[span]!,
    end: steps.end[span]!,
    llmCalls,
    toolCalls,
    tools: toolCalls.map(parts.toolName),
    decisions,
    chosen: firstChosen(parts, decisions),
    usage: usageSum(totals, [span]),
    cost: costSum(totals, [span]),
    outcome: facts.ofSpan(span),
  };
}

function firstChosen(parts: IterationParts, decisions: readonly SpanIndex[]): string | undefined {
  for (const decision of decisions) {
    const chosen = parts.chosen(decision);
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

/**
 * A turn begins with a call of a model that comes after the turn's calls of models have ended, and holds the tools called until
 * the next one. A lone call of a model makes no turns.
 */
function inferredIterations(parts: IterationParts, agent: SpanIndex, calls: Call[], facts: OutcomeFacts): Iteration[] {
  const { start, end } = parts.steps;
  if (calls.length < 2 || !calls.some(({ isLlm }) => isLlm)) return [];
  calls.sort((a, b) => start[a.call]! - start[b.call]! || a.call - b.call);
  const turns: Members[] = [];
  let modelsEnd = -Infinity;
  for (const { call, isLlm } of calls) {
    if (isLlm) {
      if (turns.length === 0 || start[call]! >= modelsEnd || turns.at(-1)!.toolCalls.length > 0)
        turns.push(emptyMembers());
      turns.at(-1)!.llmCalls.push(call);
      modelsEnd = Math.max(modelsEnd, end[call]!);
    } else {
      if (turns.length === 0) turns.push(emptyMembers());
      turns.at(-1)!.toolCalls.push(call);
    }
  }
  return turns.map((turn, place) => inferredIteration(parts, agent, place + 1, turn, facts));
}

function inferredIteration(
  parts: IterationParts,
  agent: SpanIndex,
  number: number,
  { llmCalls, toolCalls, decisions }: Members,
  facts: OutcomeFacts,
): Iteration {
  const { steps, totals, trace } = parts;
  const calls = [...llmCalls, ...toolCalls].sort((a, b) => a - b);
  const byTime = [...calls].sort((a, b) => steps.start[a]! - steps.start[b]! || a - b);
  const { subtreeEnd } = trace.columns;
  // A tool that ran below its model's call is in that call's sums.
  let covered = -1;
  const outer = calls.filter((call) => {
    if (call < covered) return false;
    covered = subtreeEnd[call]!;
    return true;
  });
  return {
    number,
    isInferred: true,
    agent,
    span: byTime[0]!,
    start: steps.start[byTime[0]!]!,
    end: calls.reduce((last, call) => Math.max(last, steps.end[call]!), 0),
    llmCalls,
    toolCalls,
    tools: toolCalls.map(parts.toolName),
    decisions,
    chosen: undefined,
    usage: usageSum(totals, outer),
    cost: costSum(totals, outer),
    outcome: facts.ofCalls(byTime),
  };
}
