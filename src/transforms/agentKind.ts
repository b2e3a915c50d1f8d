import type { Attributes } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import { figuresOf } from './agentFigures.ts';
import type { AgentKind } from './agentKindRules.ts';
import { own } from './agentValues.ts';

export { type AgentKind, agentKinds } from './agentKindRules.ts';

/**
 * The span's kind by the first of these that gives an answer: what a tracing library says outright, in order of
 * reliability; an operation; the span's whole name; what its attributes are evidence of. Nothing is guessed from a word
 * within a name, nor is a model's name alone a call to it: an agent's own span has one too.
 *
 * The order matters where a span speaks several conventions at once: LangSmith writes the operation `embeddings` onto a
 * retriever, OpenLLMetry marks LangChain's root as a workflow that invokes an agent. Of all spans at once: `agentColumns`.
 */
export function agentKind(span: Span): AgentKind {
  return figuresOf(span.name, span.scope?.name, span.attributes).kind;
}

/**
 * What to call the span beside the icon of its kind: `search` for `tool:search`, `retrieve` for `memory:retrieve`,
 * `iteration 2` for `iteration_2`, the tool's name where the span is named after no tool (`running tool`); else its name.
 */
export function agentLabel(span: Span): string {
  const { name } = span;
  return isNameOfAnyTool(name) ? (toolName(span.attributes) ?? name) : labelOfName(name);
}

/** The same for spans whose attributes say nothing of it: see `isNameOfAnyTool`. */
export function labelOfName(name: string): string {
  const prefixed = /^(?:tool|memory|decision):(.+)$/s.exec(name) ?? /^(?:execute_tool|running tool:) (.+)$/s.exec(name);
  if (prefixed) return prefixed[1]!;
  const iteration = /^iteration_(\d+)$/.exec(name);
  if (iteration) return `iteration ${iteration[1]}`;
  const entity = /^(.+)\.(?:workflow|task|agent|tool)$/s.exec(name);
  return entity ? entity[1]! : name;
}

/** Whether spans of this name are told apart by their tool's name alone. */
export function isNameOfAnyTool(name: string): boolean {
  return namesOfAnyTool.has(name);
}

const namesOfAnyTool = new Set([
  'running tool',
  'execute_tool',
  'function_tool',
  'ai.toolCall',
  'claude_code.tool',
  'tools/call',
]);

function toolName(attributes: Attributes): string | undefined {
  for (const key of ['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'tool_name']) {
    const value = own(attributes, key);
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
