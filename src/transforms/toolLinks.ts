import type { SpanIndex } from '../model/columns.ts';
import type { ToolCallPart, ToolResultPart } from './agentMessage.ts';
import type { AgentRun } from './agentRun.ts';
import { type AgentSpan, agentSpan, type ToolDefinition } from './agentSpan.ts';

/** One call that a model asked for, and what became of it. */
export interface ToolLink {
  /** The model's call that asked. */
  readonly llm: SpanIndex;
  readonly call: ToolCallPart;
  /** The tool's own span; undefined where none was recorded: the call was never executed, or by somebody else. */
  readonly tool: SpanIndex | undefined;
  /** What the model was told next; undefined where it never was. */
  readonly result: ToolResultPart | undefined;
  readonly definition: ToolDefinition | undefined;
  /** Without an id on both sides, the span is found by the tool's name and order. A view says so. */
  readonly isInferred: boolean;
}

/**
 * What a model's call asked tools to do: by the call's id where both sides have it, else by the tool's name, in order, among
 * the calls of the same agent before its next call of a model. Reads the messages of this call and of the next.
 */
export function toolLinks(run: AgentRun, llm: SpanIndex): readonly ToolLink[] {
  const { trace } = run;
  const asking = agentSpan(trace.spanAt(llm));
  const calls = asking.output.flatMap(({ parts }) => parts).filter((part) => part.type === 'tool-call');
  if (calls.length === 0) return [];
  const next = nextCall(run, llm);
  const spans = toolSpansBetween(run, llm, next).map((index) => ({ index, use: agentSpan(trace.spanAt(index)).tool! }));
  const results = resultsIn(next === undefined ? undefined : agentSpan(trace.spanAt(next)));
  const taken = new Set<SpanIndex>();
  const byId = calls.map((call) => {
    const found = call.id === undefined ? undefined : spans.find(({ use }) => use.callId === call.id);
    if (found) taken.add(found.index);
    return found?.index;
  });
  return calls.map((call, place) => {
    let tool = byId[place];
    if (tool === undefined) {
      tool = spans.find(
        ({ index, use }) => !taken.has(index) && use.name === call.name && !isOfOther(use.callId, call.id),
      )?.index;
      if (tool !== undefined) taken.add(tool);
    }
    return {
      llm,
      call,
      tool,
      result: call.id === undefined ? undefined : results.get(call.id),
      definition: asking.toolDefinitions.find(({ name }) => name === call.name),
      isInferred: tool !== undefined && byId[place] === undefined,
    };
  });
}

/** The model's call that asked for a tool's span; undefined where none did. */
export function toolCallerOf(run: AgentRun, tool: SpanIndex): ToolLink | undefined {
  const agent = run.agentOf(tool);
  const { start } = run.trace.columns;
  let asking: SpanIndex | undefined;
  for (const call of run.llmCalls) {
    if (start[call]! > start[tool]!) break;
    if (run.agentOf(call) === agent) asking = call;
  }
  return asking === undefined ? undefined : toolLinks(run, asking).find((link) => link.tool === tool);
}

/** Both sides have an id, and not the same. */
function isOfOther(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function nextCall(run: AgentRun, llm: SpanIndex): SpanIndex | undefined {
  const agent = run.agentOf(llm);
  const at = run.llmCalls.indexOf(llm);
  return run.llmCalls.slice(at + 1).find((call) => run.agentOf(call) === agent);
}

function toolSpansBetween(run: AgentRun, llm: SpanIndex, next: SpanIndex | undefined): SpanIndex[] {
  const { start } = run.trace.columns;
  const agent = run.agentOf(llm);
  const end = next === undefined ? Infinity : start[next]!;
  return run.toolCalls.filter(
    (tool) => run.agentOf(tool) === agent && start[tool]! >= start[llm]! && start[tool]! < end,
  );
}

function resultsIn(span: AgentSpan | undefined): ReadonlyMap<string, ToolResultPart> {
  const results = new Map<string, ToolResultPart>();
  for (const { parts } of span?.input ?? []) {
    for (const part of parts) if (part.type === 'tool-result' && part.id !== undefined) results.set(part.id, part);
  }
  return results;
}
