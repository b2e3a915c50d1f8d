import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import { type AgentKind, agentKindCode } from './agentKindRules.ts';
import { nameInSpan } from './agentTools.ts';
import { clampedTimes } from './clampedTimes.ts';

/** Who did what in a run, in order: the calls of models and tools, each with the agent that made it. */
export interface AgentSteps {
  /** As drawn: within the trace, none below zero. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** By span index: the nearest agent above or the span itself, else its root. */
  readonly agent: Int32Array;
  /** By span index: the outermost agent, else the root. */
  readonly outermost: Int32Array;
  /** In order of their start. Wrappers around a call are left out. */
  readonly llmCalls: readonly SpanIndex[];
  readonly toolCalls: readonly SpanIndex[];
}

export function agentSteps(trace: Trace, { kind }: AgentColumns): AgentSteps {
  const { length, parent } = trace.columns;
  const { start, end } = clampedTimes(trace);
  const agent = new Int32Array(length);
  const outermost = new Int32Array(length);
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    const isAgent = kind[index] === agentKindCode.agent;
    agent[index] = isAgent || above < 0 ? index : agent[above]!;
    const outer = above < 0 ? index : outermost[above]!;
    // A root that is no agent gives way to the first agent below it.
    outermost[index] = isAgent && kind[outer] !== agentKindCode.agent ? index : outer;
  }
  const isWrapper = wrappers(trace, kind);
  const calls = (of: AgentKind) => {
    const found: SpanIndex[] = [];
    const code = agentKindCode[of];
    for (let index = 0; index < length; index++) if (kind[index] === code && isWrapper[index] === 0) found.push(index);
    return found.sort((a, b) => start[a]! - start[b]! || a - b);
  };
  return { start, end, agent, outermost, llmCalls: calls('llm'), toolCalls: calls('tool') };
}

/**
 * 1 for a model's call that is a library's wrapper around the calls below it, and for a tool's around the same tool. What runs
 * below a call's tools and agents are calls of others.
 */
function wrappers(trace: Trace, kind: Uint8Array): Uint8Array {
  const { length, parent, name, names } = trace.columns;
  const holdsCall = new Uint8Array(length);
  const isWrapper = new Uint8Array(length);
  for (let index = length - 1; index >= 0; index--) {
    const isCall = kind[index] === agentKindCode.llm;
    if (isCall) isWrapper[index] = holdsCall[index]!;
    const above = parent[index]!;
    if (above < 0) continue;
    const isBorder = kind[index] === agentKindCode.tool || kind[index] === agentKindCode.agent;
    if (isCall || (holdsCall[index] === 1 && !isBorder)) holdsCall[above] = 1;
    const isToolInTool = kind[index] === agentKindCode.tool && kind[above] === agentKindCode.tool;
    if (isToolInTool && nameInSpan(names[name[index]!]!) === nameInSpan(names[name[above]!]!)) isWrapper[above] = 1;
  }
  return isWrapper;
}

/** The time in which any of the spans ran: a union, not a sum. */
export function unionTime(spans: readonly SpanIndex[], { start, end }: Pick<AgentSteps, 'start' | 'end'>): number {
  const ordered = [...spans].sort((a, b) => start[a]! - start[b]!);
  let total = 0;
  let reached = -Infinity;
  for (const span of ordered) {
    const from = Math.max(start[span]!, reached);
    if (end[span]! > from) total += end[span]! - from;
    reached = Math.max(reached, end[span]!);
  }
  return total;
}
