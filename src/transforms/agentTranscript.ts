import type { SpanIndex } from '../model/columns.ts';
import { type AgentKind, agentKinds } from './agentKindRules.ts';
import type { AgentMessage } from './agentMessage.ts';
import type { AgentRun } from './agentRun.ts';
import { type AgentSpan, agentSpan } from './agentSpan.ts';
import { promptDelta } from './promptDelta.ts';

/**
 * A run read as one conversation: what agents, models, tools, memories and decisions said, in order of their start, each
 * agent's and each tool's own steps within it. Plumbing is left out. Messages are read when they are asked for.
 *
 * ```
 * agent triage
 *   llm      said: the question (new) · answered: call list_dashboards
 *   tool     list_dashboards
 *   tool     summarize
 *     agent summarizer
 *       llm
 *   llm      said: two results (new) · answered: the reason
 * ```
 */
export interface TranscriptPart {
  readonly kind: AgentKind;
  readonly span: SpanIndex;
  readonly label: string;
  /** An error's or a soft failure's message, where the step failed. */
  readonly failure: string | undefined;
  /** Below this one. */
  readonly parts: readonly TranscriptPart[];
  /** Of a model's call: what it was told and the agent's call before was neither told nor answered. */
  newMessages(): readonly AgentMessage[];
  /** Of a model's call: what it answered. Of other steps: what they gave; empty for an agent, whose steps say it. */
  answer(): readonly AgentMessage[];
}

const spoken: ReadonlySet<AgentKind> = new Set([
  ...(['agent', 'llm', 'tool', 'retriever', 'reranker', 'memory', 'decision', 'guardrail', 'evaluator'] as const),
]);

/** The outermost parts, of each root in turn. A part is made for each step of an agent, no message is read. */
export function agentTranscript(run: AgentRun): readonly TranscriptPart[] {
  const { trace, columns } = run;
  const { length, parent } = trace.columns;
  const calls = new Set(run.llmCalls);
  const failures = new Map<SpanIndex, string>();
  for (const { span, message, reason } of run.softFailures) failures.set(span, message ?? reason);
  for (const { origin, message, type } of run.errors) failures.set(origin, message ?? type ?? 'error');
  const top: Part[] = [];
  /** By span index: the part that it is, or lies in. */
  const partOf: (Part | undefined)[] = new Array(length);
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    const around = above < 0 ? undefined : partOf[above];
    const kind = agentKinds[columns.kind[index]!]!;
    const isSpoken = kind === 'llm' ? calls.has(index) : spoken.has(kind);
    if (!isSpoken && !failures.has(index)) {
      partOf[index] = around;
      continue;
    }
    const part = new Part(run, index, kind, failures.get(index));
    partOf[index] = part;
    // What runs below a model's call (its tools, in some libraries) comes after it, not within it.
    const holder = around?.kind === 'llm' ? around.holder : around;
    part.holder = holder;
    (holder ? holder.parts : top).push(part);
  }
  const start = trace.columns.start;
  const byStart = (a: Part, b: Part) => start[a.span]! - start[b.span]! || a.span - b.span;
  for (const part of new Set(partOf)) part?.parts.sort(byStart);
  return top.sort(byStart);
}

class Part implements TranscriptPart {
  readonly kind: AgentKind;
  readonly span: SpanIndex;
  readonly failure: string | undefined;
  readonly parts: Part[] = [];
  holder: Part | undefined = undefined;
  readonly #run: AgentRun;
  #agentSpan: AgentSpan | undefined;

  constructor(run: AgentRun, span: SpanIndex, kind: AgentKind, failure: string | undefined) {
    this.#run = run;
    this.span = span;
    this.kind = kind;
    this.failure = failure;
  }

  get label(): string {
    return this.#meaning.label;
  }

  newMessages(): readonly AgentMessage[] {
    if (this.kind !== 'llm') return [];
    const previous = this.#run.previousLlmCall(this.span);
    if (previous === undefined) return this.#meaning.input;
    const before = agentSpan(this.#run.trace.spanAt(previous));
    return promptDelta(before, this.#meaning).changes.flatMap((change) => {
      if (change.type === 'removed' || (change.type === 'added' && change.isPreviousAnswer)) return [];
      return [change.message];
    });
  }

  answer(): readonly AgentMessage[] {
    return this.kind === 'agent' ? [] : this.#meaning.output;
  }

  get #meaning(): AgentSpan {
    this.#agentSpan ??= agentSpan(this.#run.trace.spanAt(this.span));
    return this.#agentSpan;
  }
}
