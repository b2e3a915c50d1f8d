import { type Attributes, SpanKind } from '@opentelemetry/api';
import type {
  AgentRunOptions,
  AgentRunResult,
  DecisionOptions,
  DecisionResult,
  LlmCallOptions,
  LlmCallResult,
  MemoryOperationOptions,
  MemoryOperationResult,
  ToolCallOptions,
  ToolCallResult,
} from './agentCalls.ts';

/** Which contents may be recorded: texts of people and models, arguments and results of tools. */
export interface RecordedContent {
  /** The task, messages to models and their answers. */
  messages: boolean;
  /** Arguments and results of tools, texts of memories and decisions. */
  tools: boolean;
}

/** How a call is told: its span's name and kind, and the attributes of what is known before and after it. */
export interface Told {
  name: string;
  kind?: SpanKind;
  attributes: Attributes;
}

/** A scheme of names and keys. Every key that is undefined is left out. */
export interface AgentConventions {
  agentRun(options: AgentRunOptions, content: RecordedContent): Told;
  agentRunResult(result: AgentRunResult, content: RecordedContent): Attributes;
  llmCall(options: LlmCallOptions, content: RecordedContent): Told;
  llmCallResult(result: LlmCallResult, content: RecordedContent): Attributes;
  toolCall(options: ToolCallOptions, content: RecordedContent): Told;
  toolCallResult(result: ToolCallResult, content: RecordedContent): Attributes;
  memoryOperation(options: MemoryOperationOptions, content: RecordedContent): Told;
  memoryOperationResult(result: MemoryOperationResult, content: RecordedContent): Attributes;
  decision(options: DecisionOptions, content: RecordedContent): Told;
  decisionResult(result: DecisionResult, content: RecordedContent): Attributes;
}

/**
 * OpenTelemetry's GenAI conventions (semantic-conventions-genai, `gen-ai-spans`, `gen-ai-agent-spans`). They have neither
 * decisions nor iterations: those keep the plain scheme's names.
 */
export const genAiConventions: AgentConventions = {
  agentRun: ({ task, type, model, conversationId }, content) => ({
    name: type ? `invoke_agent ${type}` : 'invoke_agent',
    kind: SpanKind.INTERNAL,
    attributes: known({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': type,
      'gen_ai.request.model': model,
      'gen_ai.conversation.id': conversationId,
      'gen_ai.input.messages': content.messages && task !== undefined ? messageJson('user', task) : undefined,
    }),
  }),
  agentRunResult: ({ iterations, output, status }, content) =>
    known({
      total_iterations: iterations,
      status_description: status,
      'gen_ai.output.messages': content.messages && output !== undefined ? messageJson('assistant', output) : undefined,
    }),
  llmCall: ({ model, provider, operation = 'chat', promptTokens, messages, ...request }, content) => ({
    name: `${operation} ${model}`,
    kind: SpanKind.CLIENT,
    attributes: known({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      'gen_ai.request.temperature': request.temperature,
      'gen_ai.request.top_p': request.topP,
      'gen_ai.request.max_tokens': request.maxTokens,
      'gen_ai.usage.input_tokens': promptTokens,
      'gen_ai.input.messages': content.messages && messages !== undefined ? jsonText(messages) : undefined,
    }),
  }),
  llmCallResult: (result, content) =>
    known({
      'gen_ai.usage.input_tokens': result.promptTokens,
      'gen_ai.usage.output_tokens': result.completionTokens,
      'gen_ai.usage.cache_read.input_tokens': result.cacheReadTokens,
      'gen_ai.usage.cache_creation.input_tokens': result.cacheWriteTokens,
      'gen_ai.usage.reasoning.output_tokens': result.reasoningTokens,
      'gen_ai.usage.cost': result.cost,
      'gen_ai.response.model': result.model,
      'gen_ai.response.id': result.id,
      'gen_ai.response.finish_reasons': result.finishReason === undefined ? undefined : [result.finishReason],
      'gen_ai.response.time_to_first_chunk': seconds(result.timeToFirstTokenMs),
      'gen_ai.output.messages': content.messages && result.output !== undefined ? outputJson(result.output) : undefined,
    }),
  toolCall: ({ name, input, callId }, content) => ({
    name: `execute_tool ${name}`,
    kind: SpanKind.INTERNAL,
    attributes: known({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': callId,
      'gen_ai.tool.call.arguments': content.tools && input !== undefined ? jsonText(input) : undefined,
    }),
  }),
  toolCallResult: ({ success, output }, content) =>
    known({
      'gen_ai.tool.status': success === false ? 'error' : undefined,
      'gen_ai.tool.call.result': content.tools && output !== undefined ? jsonText(output) : undefined,
    }),
  memoryOperation: ({ operation, type, store, query }, content) => ({
    name: `${memoryOperationName(operation)}${store ? ` ${store}` : ''}`,
    attributes: known({
      'gen_ai.operation.name': memoryOperationName(operation),
      'gen_ai.memory.store.id': store,
      'gen_ai.memory.query.text': content.tools ? query : undefined,
      'memory.operation': operation,
      'memory.type': type,
    }),
  }),
  memoryOperationResult: ({ count, records }, content) =>
    known({
      'gen_ai.memory.record.count': count,
      'gen_ai.memory.records': content.tools && records !== undefined ? jsonText(records) : undefined,
    }),
  decision: plainDecision,
  decisionResult: plainDecisionResult,
};

/** The plain scheme: names and keys as they are written by hand, without a prefix of a standard. */
export const plainConventions: AgentConventions = {
  agentRun: ({ task, type, model }, content) => ({
    name: 'agent_run',
    attributes: known({
      task_preview: content.messages && task !== undefined ? preview(task) : undefined,
      agent_type: type,
      model,
    }),
  }),
  agentRunResult: ({ iterations, status }) => known({ total_iterations: iterations, status_description: status }),
  llmCall: ({ model, promptTokens, temperature }) => ({
    name: 'llm_call',
    attributes: known({ 'llm.model': model, 'llm.prompt_tokens': promptTokens, 'llm.temperature': temperature }),
  }),
  llmCallResult: ({ promptTokens, completionTokens, durationMs }) =>
    known({
      'llm.prompt_tokens': promptTokens,
      'llm.completion_tokens': completionTokens,
      'llm.duration_ms': durationMs,
    }),
  toolCall: ({ name, input }) => ({
    name: `tool:${name}`,
    attributes: known({
      'tool.name': name,
      'tool.input_size': input === undefined ? undefined : jsonText(input).length,
    }),
  }),
  toolCallResult: ({ success }) => known({ 'tool.success': success }),
  memoryOperation: ({ operation, type }) => ({
    name: `memory:${operation}`,
    attributes: known({ 'memory.operation': operation, 'memory.type': type }),
  }),
  memoryOperationResult: () => ({}),
  decision: plainDecision,
  decisionResult: plainDecisionResult,
};

function plainDecision({ type, options }: DecisionOptions, content: RecordedContent): Told {
  return {
    name: `decision:${type}`,
    attributes: known({
      'decision.type': type,
      'decision.option_count': options?.length,
      'decision.options': content.tools ? options?.slice() : undefined,
    }),
  };
}

function plainDecisionResult({ chosen, reason }: DecisionResult, content: RecordedContent): Attributes {
  return known({ 'decision.chosen': chosen, 'decision.reason': content.tools ? reason : undefined });
}

function known(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

const memoryOperationNames: Readonly<Record<string, string>> = {
  ...{ read: 'search_memory', retrieve: 'search_memory', search: 'search_memory', recall: 'search_memory' },
  ...{ write: 'upsert_memory', store: 'upsert_memory', save: 'upsert_memory', upsert: 'upsert_memory' },
  ...{ create: 'create_memory', add: 'create_memory', update: 'update_memory' },
  ...{ delete: 'delete_memory', forget: 'delete_memory', clear: 'delete_memory' },
};

/** Of another word the operation is named as it is. */
function memoryOperationName(operation: string): string {
  return Object.hasOwn(memoryOperationNames, operation) ? memoryOperationNames[operation]! : `${operation}_memory`;
}

function messageJson(role: 'user' | 'assistant', content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

/** A text is one message of the assistant; else it is messages in the shape of the conventions already. */
function outputJson(output: unknown): string {
  return typeof output === 'string' ? messageJson('assistant', output) : jsonText(output);
}

/** Text for anything: what JSON cannot hold (cycles, bigints) is told, and never stops the program that is traced. */
function jsonText(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)) ?? String(value);
  } catch (error) {
    return `[no JSON: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}]`;
  }
}

const longestPreview = 100;

function preview(text: string): string {
  return text.length > longestPreview ? `${text.slice(0, longestPreview)}…` : text;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
