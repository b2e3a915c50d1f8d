import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import { sumOfKnown } from './agentFigures.ts';
import { agentKindCode } from './agentKindRules.ts';
import { type AgentSteps, unionTime } from './agentSteps.ts';
import { known } from './agentValues.ts';

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

export interface LoopParts {
  readonly trace: Trace;
  readonly columns: AgentColumns;
  readonly steps: AgentSteps;
  toolName(span: SpanIndex): string;
  /** What a tool was called with, to be compared; undefined where the trace does not tell. */
  signature(span: SpanIndex): string | undefined;
  /** Whether a tool said that it failed although its span has no error. */
  hasFailedSoftly(span: SpanIndex): boolean;
  costOf(call: SpanIndex): number;
}

/** Each call belongs to one loop at most: retries are found first, then what repeats without a break, then what comes back. */
export function agentLoops(parts: LoopParts): readonly Loop[] {
  const loops: Draft[] = [];
  for (const [agent, sequence] of sequences(parts)) {
    const finder = new LoopFinder(parts, agent, sequence);
    loops.push(...finder.find());
  }
  const leading = leadingCalls(parts, loops);
  const weighed = loops.map((draft) => weigh(parts, draft, leading));
  return weighed.sort((a, b) => b.wastedTime - a.wastedTime || a.spans[0]! - b.spans[0]!);
}

interface Step {
  readonly span: SpanIndex;
  readonly name: string;
  /** Undefined for a model's call, and where a tool's arguments are not known. */
  readonly signature: string | undefined;
  readonly isLlm: boolean;
  readonly hasFailed: boolean;
}

type Draft = Pick<Loop, 'kind' | 'agent' | 'names' | 'spans' | 'wasted' | 'rounds' | 'hasSucceeded' | 'evidence'>;

/** The calls of each agent, in order of their start. */
function sequences(parts: LoopParts): Map<SpanIndex, Step[]> {
  const { steps, trace, columns } = parts;
  const isLlm = new Set(steps.llmCalls);
  const found = new Map<SpanIndex, Step[]>();
  const all = [...steps.llmCalls, ...steps.toolCalls].sort((a, b) => steps.start[a]! - steps.start[b]! || a - b);
  for (const span of all) {
    const agent = steps.agent[span]!;
    const isError = trace.columns.status[span] === statusCode.error;
    const step: Step = isLlm.has(span)
      ? { span, name: columns.models[columns.model[span]!]!, signature: undefined, isLlm: true, hasFailed: isError }
      : {
          span,
          name: parts.toolName(span),
          signature: parts.signature(span),
          isLlm: false,
          hasFailed: isError || parts.hasFailedSoftly(span),
        };
    const list = found.get(agent);
    if (list) list.push(step);
    else found.set(agent, [step]);
  }
  return found;
}

/** A repetition has at most so many calls a round. */
const longestRound = 4;
/** Of calls whose arguments are not known, so many rounds by names alone. */
const leastRoundsByName = 3;
/** A retry comes at once, or after a step or two to mend what failed. */
const mostBetween = 3;

class LoopFinder {
  readonly #start: Float64Array;
  readonly #end: Float64Array;
  readonly #agent: SpanIndex;
  readonly #steps: readonly Step[];
  readonly #tools: readonly Step[];
  readonly #claimed = new Set<SpanIndex>();
  readonly #found: Draft[] = [];

  constructor({ steps: { start, end } }: LoopParts, agent: SpanIndex, steps: readonly Step[]) {
    this.#start = start;
    this.#end = end;
    this.#agent = agent;
    this.#steps = steps;
    this.#tools = steps.filter(({ isLlm }) => !isLlm);
  }

  find(): readonly Draft[] {
    this.#retries(this.#tools);
    this.#retries(this.#steps.filter(({ isLlm }) => isLlm));
    for (let round = 1; round <= longestRound; round++) this.#cycles(round);
    this.#repeats();
    return this.#found;
  }

  /** A call that failed, and the next one of the same name. */
  #retries(steps: readonly Step[]): void {
    const next = nextOfSameName(steps);
    for (let at = 0; at < steps.length; at++) {
      if (!steps[at]!.hasFailed || this.#claimed.has(steps[at]!.span)) continue;
      const attempts = [steps[at]!];
      for (let now = at; steps[now]!.hasFailed; ) {
        const following = this.#after(steps, now, next);
        if (following < 0 || following - now > mostBetween || (steps[now]!.isLlm && following !== now + 1)) break;
        attempts.push(steps[following]!);
        now = following;
      }
      if (attempts.length < 2) continue;
      this.#claim({
        kind: 'retry',
        names: [attempts[0]!.name],
        spans: attempts.map(({ span }) => span),
        wasted: attempts.filter(({ hasFailed }) => hasFailed).map(({ span }) => span),
        rounds: attempts.length,
        hasSucceeded: !attempts.at(-1)!.hasFailed,
        evidence: 'error',
      });
    }
  }

  /** Calls in parallel are no second attempts. */
  #after(steps: readonly Step[], at: number, next: Int32Array): number {
    let following = next[at]!;
    while (
      following >= 0 &&
      following - at <= mostBetween &&
      this.#start[steps[following]!.span]! < this.#end[steps[at]!.span]!
    )
      following = next[following]!;
    return following;
  }

  /** `round` calls that come again right after themselves, in the same order. */
  #cycles(round: number): void {
    const tools = this.#tools;
    let at = 0;
    while (at + 2 * round <= tools.length) {
      let length = round;
      while (at + length < tools.length && this.#isAlike(tools[at + length]!, tools[at + length - round]!)) length++;
      const rounds = Math.floor(length / round);
      const steps = tools.slice(at, at + rounds * round);
      const isKnown = steps.every(({ signature }) => signature !== undefined);
      const isLoop =
        rounds >= (isKnown ? 2 : leastRoundsByName) && (isKnown || round > 1) && isNoSmallerRound(steps, round);
      if (!isLoop || steps.some(({ span }) => this.#claimed.has(span))) {
        // What begins within this stretch ends where it ends, and is refused for the same reason.
        at += length - round + 1;
        continue;
      }
      this.#claim({
        kind: round === 1 ? 'repeat' : 'cycle',
        names: steps.slice(0, round).map(({ name }) => name),
        spans: steps.map(({ span }) => span),
        wasted: steps.slice(round).map(({ span }) => span),
        rounds,
        hasSucceeded: undefined,
        evidence: isKnown ? 'arguments' : 'names',
      });
      at += rounds * round;
    }
  }

  #isAlike(a: Step, b: Step): boolean {
    return a.name === b.name && a.signature === b.signature;
  }

  /** The same call again, whatever came between. */
  #repeats(): void {
    const groups = new Map<string, Step[]>();
    for (const step of this.#tools) {
      if (step.signature === undefined || this.#claimed.has(step.span)) continue;
      const key = `${step.name}\n${step.signature}`;
      const group = groups.get(key);
      if (group) group.push(step);
      else groups.set(key, [step]);
    }
    for (const group of groups.values()) {
      if (group.length < 2) continue;
      this.#claim({
        kind: 'repeat',
        names: [group[0]!.name],
        spans: group.map(({ span }) => span),
        wasted: group.slice(1).map(({ span }) => span),
        rounds: group.length,
        hasSucceeded: undefined,
        evidence: 'arguments',
      });
    }
  }

  #claim(draft: Omit<Draft, 'agent'>): void {
    for (const span of draft.spans) this.#claimed.add(span);
    this.#found.push({ ...draft, agent: this.#agent });
  }
}

/** A round of A-A is no round of two. */
function isNoSmallerRound(steps: readonly Step[], round: number): boolean {
  return (
    round === 1 ||
    steps.slice(0, round).some((step) => step.name !== steps[0]!.name || step.signature !== steps[0]!.signature)
  );
}

function nextOfSameName(steps: readonly Step[]): Int32Array {
  const next = new Int32Array(steps.length);
  const seen = new Map<string, number>();
  for (let at = steps.length - 1; at >= 0; at--) {
    next[at] = seen.get(steps[at]!.name) ?? -1;
    seen.set(steps[at]!.name, at);
  }
  return next;
}

/** By the first of the tools that it led to: a model's call all of whose tools were for nothing. */
function leadingCalls(parts: LoopParts, loops: readonly Draft[]): Map<SpanIndex, SpanIndex> {
  const wasted = new Set(loops.flatMap((loop) => loop.wasted));
  const leading = new Map<SpanIndex, SpanIndex>();
  const { steps } = parts;
  const isLlm = new Set(steps.llmCalls);
  const open = new Map<SpanIndex, { llm: SpanIndex; tools: SpanIndex[] }>();
  const settle = (turn: { llm: SpanIndex; tools: SpanIndex[] } | undefined) => {
    if (turn && turn.tools.length > 0 && turn.tools.every((tool) => wasted.has(tool)))
      leading.set(turn.tools[0]!, turn.llm);
  };
  for (const span of [...steps.llmCalls, ...steps.toolCalls].sort(
    (a, b) => steps.start[a]! - steps.start[b]! || a - b,
  )) {
    const agent = steps.agent[span]!;
    if (isLlm.has(span)) {
      settle(open.get(agent));
      open.set(agent, { llm: span, tools: [] });
    } else open.get(agent)?.tools.push(span);
  }
  for (const turn of open.values()) settle(turn);
  return leading;
}

function weigh(parts: LoopParts, draft: Draft, leading: ReadonlyMap<SpanIndex, SpanIndex>): Loop {
  const { columns, steps } = parts;
  const isOfModel = columns.kind[draft.spans[0]!] === agentKindCode.llm;
  const calls = isOfModel
    ? draft.wasted
    : draft.wasted.map((tool) => leading.get(tool)).filter((call) => call !== undefined);
  const sum = (of: (call: SpanIndex) => number) =>
    known(calls.reduce((total, call) => sumOfKnown(total, of(call)), NaN));
  return {
    ...draft,
    wastedTime: unionTime([...new Set([...draft.wasted, ...calls])], steps),
    wastedTokens: sum((call) => columns.totalTokens[call]!),
    wastedCost: sum((call) => parts.costOf(call)),
  };
}
