import { answer, costOf, countTokens, type Message, system, type ToolCall, toolResult } from './conversation.ts';
import {
  type Attributes,
  addAttributes,
  type DraftSpan,
  type Failure,
  type Recording,
  type Scope,
  type Value,
} from './draft.ts';
import type { Random } from './random.ts';

/** An agent that records itself with the GenAI semantic conventions of OpenTelemetry. */
export interface GenAiAgent {
  name: string;
  description: string;
  model: string;
  provider: string;
  /** The model that really answered, where it is named otherwise. */
  responseModel?: string;
  instructions: string;
  temperature: number;
  /** Dollars for a million tokens. */
  price: { readonly input: number; readonly output: number };
  conversationId: string;
  /** What each LLM call sends: it grows with every answer and every tool result. */
  history: Message[];
}

export const CHAT_SCOPE: Scope = { name: 'opentelemetry.instrumentation.openai_v2', version: '2.2b0' };

/** An agent at work: where its spans go, and its own chance. */
export interface AgentAtWork {
  readonly recording: Recording;
  readonly random: Random;
  readonly agent: GenAiAgent;
}

/** Tokens that the definitions of the tools take in each call. */
const TOOL_DEFINITION_TOKENS = 388;

export function agentAttributes(agent: GenAiAgent): Attributes {
  return {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.provider.name': agent.provider,
    'gen_ai.agent.name': agent.name,
    'gen_ai.agent.description': agent.description,
    'gen_ai.conversation.id': agent.conversationId,
    'gen_ai.request.model': agent.model,
  };
}

/** One LLM call: the answer goes to the agent's history. */
export function chat(
  { recording, random, agent }: AgentAtWork,
  text: string,
  calls: readonly ToolCall[] = [],
): DraftSpan {
  const reply = answer(text, calls);
  const inputTokens = countTokens(agent.history) + countTokens(agent.instructions) + TOOL_DEFINITION_TOKENS;
  const outputTokens = countTokens(reply);
  const milliseconds = random.vary(340 + outputTokens * 8 + inputTokens * 0.06);
  const span = recording.leaf(`chat ${agent.model}`, milliseconds, {
    kind: 'client',
    scope: CHAT_SCOPE,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': agent.provider,
      'gen_ai.request.model': agent.model,
      'gen_ai.request.temperature': agent.temperature,
      'gen_ai.request.max_tokens': 4096,
      'gen_ai.response.model': agent.responseModel ?? agent.model,
      'gen_ai.response.id': `chatcmpl-${random.hex(12)}`,
      'gen_ai.response.finish_reasons': [calls.length > 0 ? 'tool_calls' : 'stop'],
      'gen_ai.response.time_to_first_chunk': Math.round(milliseconds * 0.22) / 1000,
      'gen_ai.usage.input_tokens': inputTokens,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.usage.cache_read.input_tokens': agent.history.length > 1 ? Math.floor(inputTokens / 256) * 128 : 0,
      'gen_ai.usage.cost': costOf(inputTokens, outputTokens, agent.price),
      'gen_ai.system_instructions': JSON.stringify(system(agent.instructions)),
      'gen_ai.input.messages': JSON.stringify(agent.history),
      'gen_ai.output.messages': JSON.stringify([reply]),
      'server.address': 'llm.example',
    },
  });
  agent.history.push(reply);
  return span;
}

/** Runs a tool; what `body` returns is its result, recorded on the span and added to the agent's history. */
export function executeTool(
  { recording, agent }: AgentAtWork,
  call: ToolCall,
  body: (span: DraftSpan) => Value,
): DraftSpan {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': call.id,
    'gen_ai.tool.call.arguments': JSON.stringify(call.arguments),
  };
  return recording.span(`execute_tool ${call.name}`, { attributes }, (span) => {
    const result = body(span);
    if (span.status === 'error') {
      addAttributes(span, { 'error.type': String(span.events.at(-1)?.attributes['exception.type'] ?? '_OTHER') });
    } else {
      addAttributes(span, { 'gen_ai.tool.call.result': typeof result === 'string' ? result : JSON.stringify(result) });
    }
    agent.history.push(toolResult(call.id, result));
  });
}

/** What an agent hands back: a summary, or what ended its work. */
export interface Outcome {
  summary: string;
  failure?: Failure;
}

/** One turn of an agent's loop, as frameworks name it: `step 1`, `step 2`, … */
export function step({ recording }: AgentAtWork, number: number, body: (span: DraftSpan) => void): DraftSpan {
  return recording.span(`step ${number}`, { attributes: { 'agent.step': number } }, body);
}

/** The state is saved: a span that starts and ends at the same nanosecond. */
export function checkpoint({ recording, agent }: AgentAtWork, number: number): void {
  recording.span('checkpoint', {
    attributes: { 'checkpoint.number': number, 'checkpoint.messages': agent.history.length },
  });
}

/** A tool call with an id of its own. */
export function toolCall({ random }: AgentAtWork, name: string, args: ToolCall['arguments']): ToolCall {
  return { id: `call_${random.hex(10)}`, name, arguments: args };
}

/** A request over HTTP as the caller sees it. */
export function httpRequest(
  { recording }: AgentAtWork,
  request: { method: string; url: string; status: number; resend?: number },
  body: (span: DraftSpan) => void,
): DraftSpan {
  const attributes = {
    'http.request.method': request.method,
    'url.full': request.url,
    'http.response.status_code': request.status,
    ...(request.resend ? { 'http.request.resend_count': request.resend } : {}),
  };
  return recording.span(request.method, { kind: 'client', attributes }, (span) => {
    body(span);
    if (request.status >= 400) {
      span.status = 'error';
      addAttributes(span, { 'error.type': String(request.status) });
    }
  });
}
