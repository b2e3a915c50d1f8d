import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { Loop } from '../transforms/agentLoops.ts';
import type { ToolCallPart } from '../transforms/agentMessage.ts';
import { type AgentRun, agentRun } from '../transforms/agentRun.ts';
import { type AgentSpan, agentSpan, type SoftFailure } from '../transforms/agentSpan.ts';
import type { AuditLine } from '../transforms/agentTotals.ts';
import { agentTranscript, type TranscriptPart } from '../transforms/agentTranscript.ts';
import type { Prices } from '../transforms/agentUsage.ts';
import { type PromptDelta, promptDelta } from '../transforms/promptDelta.ts';
import { type ToolLink, toolCallerOf, toolLinks } from '../transforms/toolLinks.ts';
import { totalTokens } from './agentNumbers.ts';
import { looksLikeJson } from './attributeText.ts';

const keptAgents = 2000;
/** As many are read while the first view of them is drawn. */
const mostReadAtOnce = 4000;
const mostReadUnasked = 50_000;

export interface Spent {
  readonly value: number;
  readonly isSum: boolean;
  readonly isEstimated: boolean;
}

/** The agent's meaning of a trace, each fact worked out when somebody looks and shared by all views. */
export class RunFacts {
  readonly #trace: Trace;
  readonly #prices: Prices | undefined;
  readonly #agents = new Map<SpanIndex, AgentSpan>();
  #run: AgentRun | undefined;
  #transcript: readonly TranscriptPart[] | undefined;
  readonly #links = new Map<SpanIndex, readonly ToolLink[]>();
  #byCallId: ReadonlyMap<string, SpanIndex> | undefined;
  #isRead: boolean;
  #task: string | null | undefined;
  #soft: ReadonlyMap<SpanIndex, SoftFailure> | undefined;
  #loops: ReadonlyMap<SpanIndex, Loop> | undefined;
  #audit: ReadonlyMap<string, AuditLine> | undefined;

  constructor(trace: Trace, prices?: Prices) {
    this.#trace = trace;
    this.#prices = prices;
    this.#isRead = trace.spanCount <= mostReadAtOnce;
  }

  agent(index: SpanIndex): AgentSpan {
    let agent = this.#agents.get(index);
    if (!agent) {
      agent = agentSpan(this.#trace.spanAt(index));
      if (this.#agents.size >= keptAgents) this.#agents.delete(this.#agents.keys().next().value as SpanIndex);
      this.#agents.set(index, agent);
    }
    return agent;
  }

  get run(): AgentRun {
    this.#run ??= agentRun(this.#trace, this.#prices && { prices: this.#prices });
    return this.#run;
  }

  /**
   * Telling takes a look at the attributes of every span, which for so many is not done while a view is drawn: until it
   * has been done, only what the columns and single spans know is told.
   */
  get isUnread(): boolean {
    return !this.#isRead;
  }

  /** So large that it is read only when somebody asks. */
  get isHuge(): boolean {
    return this.#trace.spanCount > mostReadUnasked;
  }

  /** Reads in steps, the page going on between two of them, and calls `onRead` at the end. The function returned ends it. */
  readInSteps(onRead: () => void): () => void {
    const steps = [
      () => this.run.columns,
      () => this.run.totals,
      () => this.run.softFailures,
      () => this.run.outcome,
      () => this.run.time,
      () => this.run.iterations,
      () => this.run.loops,
      () => this.run.contextGrowth,
    ];
    let timer: ReturnType<typeof setTimeout>;
    const next = () => {
      steps.shift()?.();
      if (steps.length > 0) {
        timer = setTimeout(next);
        return;
      }
      this.#isRead = true;
      onRead();
    };
    timer = setTimeout(next);
    return () => clearTimeout(timer);
  }

  /** A model was called, or tokens were counted: there is a run to tell of. */
  get isAgentRun(): boolean {
    if (this.isUnread) return false;
    const { run } = this;
    return run.llmCalls.length > 0 || run.iterations.length > 0 || run.usage !== undefined || run.agents.length > 0;
  }

  /** What the run was asked to do, where an agent's span says it. */
  get task(): string | undefined {
    if (this.#task === undefined) this.#task = this.#findTask() ?? null;
    return this.#task ?? undefined;
  }

  #findTask(): string | undefined {
    const { columns } = this.#trace;
    // The outermost agent says it, or a session or chain around it.
    const outer = new Set<SpanIndex>();
    for (const agent of this.run.agents) for (const span of agent.spans) outer.add(span);
    const candidates = [...outer].sort((a, b) => columns.depth[a]! - columns.depth[b]! || a - b).slice(0, 3);
    for (const index of [...candidates, 0, ...this.run.llmCalls.slice(0, 1)]) {
      for (const message of this.agent(index).input) {
        if (message.role !== 'user') continue;
        const text = message.parts.find((part) => part.type === 'text')?.text.trim();
        if (text && !looksLikeJson(text)) return text;
      }
    }
    return undefined;
  }

  /** The model that a call of one went to. Of an agent's own span it is said by its calls. */
  modelOf(index: SpanIndex): string | undefined {
    return this.agent(index).model;
  }

  /**
   * Tokens or cost of a span and all below it; `isSum` where that is more than its own. Undefined where nobody says
   * anything. While the trace is unread, its own alone.
   */
  spent(index: SpanIndex, of: 'tokens' | 'cost'): Spent | undefined {
    if (this.isUnread) {
      const { usage, cost } = this.agent(index);
      const value = of === 'tokens' ? totalTokens(usage) : cost?.total;
      return value === undefined ? undefined : { value, isSum: false, isEstimated: false };
    }
    const { totals, columns } = this.run;
    const value = totals[of][index]!;
    if (Number.isNaN(value)) return undefined;
    const own = of === 'tokens' ? columns.totalTokens[index]! : columns.cost[index]!;
    const isLeaf = this.#trace.columns.subtreeEnd[index] === index + 1;
    return {
      value,
      isSum: !isLeaf && own !== value,
      isEstimated: of === 'cost' && totals.isCostEstimated[index] === 1,
    };
  }

  /** How the sum of a span that speaks for its descendants too came about. */
  auditOf(index: SpanIndex, measure: AuditLine['measure']): AuditLine | undefined {
    if (this.isUnread) return undefined;
    this.#audit ??= new Map(this.run.totals.audit.map((line) => [`${line.measure} ${line.span}`, line]));
    return this.#audit.get(`${measure} ${index}`);
  }

  softFailure(index: SpanIndex): SoftFailure | undefined {
    if (this.isUnread) return this.agent(index).softFailure;
    this.#soft ??= new Map(this.run.softFailures.map((failure) => [failure.span, failure]));
    return this.#soft.get(index);
  }

  /** The loop in which this call was for nothing. */
  wastedIn(index: SpanIndex): Loop | undefined {
    if (this.isUnread) return undefined;
    if (!this.#loops) {
      const loops = new Map<SpanIndex, Loop>();
      for (const loop of this.run.loops) {
        for (const span of loop.wasted) if (!loops.has(span)) loops.set(span, loop);
      }
      this.#loops = loops;
    }
    return this.#loops.get(index);
  }

  /** What is new in the prompt of a model's call; undefined for an agent's first call. */
  promptDelta(index: SpanIndex): PromptDelta | undefined {
    if (this.isUnread) return undefined;
    const before = this.run.previousLlmCall(index);
    return before === undefined ? undefined : promptDelta(this.agent(before), this.agent(index));
  }

  /** The run as a tree of steps. */
  get transcript(): readonly TranscriptPart[] {
    this.#transcript ??= agentTranscript(this.run);
    return this.#transcript;
  }

  /** Tools were recorded as spans of their own, not in the messages of models alone. */
  get hasToolSpans(): boolean {
    return this.run.toolCalls.length > 0;
  }

  /** The span of the tool that an answer of a model asked for, now or in an earlier call that this one was told of. */
  toolSpanOf(llmCall: SpanIndex, call: ToolCallPart): FoundTool | undefined {
    if (this.isUnread) return undefined;
    const byId = call.id === undefined ? undefined : this.#toolsById.get(call.id);
    if (byId !== undefined) return { index: byId, isInferred: false };
    const calls = this.agent(llmCall).output.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'));
    const link = this.#linksOf(llmCall)[calls.indexOf(call)];
    return link?.tool === undefined ? undefined : { index: link.tool, isInferred: link.isInferred };
  }

  /** The model's call that asked for a tool, and what that knew of it. */
  callerOf(tool: SpanIndex): ToolLink | undefined {
    return this.isUnread ? undefined : toolCallerOf(this.run, tool);
  }

  get #toolsById(): ReadonlyMap<string, SpanIndex> {
    if (!this.#byCallId) {
      const byCallId = new Map<string, SpanIndex>();
      for (const index of this.run.toolCalls) {
        const id = this.agent(index).tool?.callId;
        if (id !== undefined && id !== '' && !byCallId.has(id)) byCallId.set(id, index);
      }
      this.#byCallId = byCallId;
    }
    return this.#byCallId;
  }

  #linksOf(llmCall: SpanIndex): readonly ToolLink[] {
    let links = this.#links.get(llmCall);
    if (!links) {
      links = toolLinks(this.run, llmCall);
      this.#links.set(llmCall, links);
    }
    return links;
  }
}

export interface FoundTool {
  readonly index: SpanIndex;
  /** By its name and order, as one side has no id. */
  readonly isInferred: boolean;
}
