import type { Value } from './draft.ts';

/** A message in the shape of `gen_ai.input.messages`. */
export type Message = {
  readonly role: string;
  readonly parts: readonly MessagePart[];
  readonly finish_reason?: string;
};
export type MessagePart = { readonly type: string; readonly [key: string]: Value };

export function system(content: string): MessagePart[] {
  return [{ type: 'text', content }];
}

export function user(content: string): Message {
  return { role: 'user', parts: [{ type: 'text', content }] };
}

export function toolResult(id: string, response: Value): Message {
  return { role: 'tool', parts: [{ type: 'tool_call_response', id, response }] };
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: { readonly [key: string]: Value };
}

/** What a model answered: a thought, the calls that it asks for, or both. */
export function answer(content: string, calls: readonly ToolCall[] = []): Message {
  const text: MessagePart[] = content === '' ? [] : [{ type: 'text', content }];
  return {
    role: 'assistant',
    parts: [
      ...text,
      ...calls.map((call) => ({ type: 'tool_call', id: call.id, name: call.name, arguments: call.arguments })),
    ],
    finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
  };
}

/** The usual estimate of four characters a token. */
export function countTokens(messages: unknown): number {
  return Math.ceil(JSON.stringify(messages).length / 4);
}

/** Dollars for one call, to a millionth. */
export function costOf(
  inputTokens: number,
  outputTokens: number,
  price: { readonly input: number; readonly output: number },
): number {
  return Math.round(inputTokens * price.input + outputTokens * price.output) / 1e6;
}
