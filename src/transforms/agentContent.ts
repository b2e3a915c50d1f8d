import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span, SpanEvent } from '../model/trace.ts';
import type { AgentMessage, MessagePart, MessageRole } from './agentMessage.ts';
import { messageOf, messagesIn } from './agentMessages.ts';
import { partsOf, toolCall } from './agentParts.ts';
import { at, decoded, isList, isMap, nested, nestedList, numberOf, own, textOf } from './agentValues.ts';

// Where each library keeps what a step was given and what it gave. The first place that holds anything is read, so that what
// stands in several is not shown twice.

type Reader = (attributes: Attributes, span: Span) => readonly AgentMessage[];

/** What the span was given. */
export function inputOf(span: Span): readonly AgentMessage[] {
  return firstFilled(inputs, span);
}

/** What the span gave. */
export function outputOf(span: Span): readonly AgentMessage[] {
  return firstFilled(outputs, span);
}

function firstFilled(readers: readonly Reader[], span: Span): readonly AgentMessage[] {
  const { attributes } = span;
  for (const read of readers) {
    const messages = read(attributes, span);
    if (messages.length > 0) return messages;
  }
  return [];
}

/** Messages under one of several keys. */
function under(role: MessageRole, ...keys: readonly string[]): Reader {
  return (attributes) => {
    for (const key of keys) {
      const messages = messagesIn(own(attributes, key), role);
      if (messages.length > 0) return messages;
    }
    return [];
  };
}

const inputs: readonly Reader[] = [
  (attributes) => semconvInput(attributes),
  (_, span) => semconvInput(eventAttributes(span, 'gen_ai.client.inference.operation.details')),
  (_, span) => eventMessages(span, false),
  (attributes) => listedEvents(attributes, false),
  (attributes) => flattenedMessages(nested(attributes, 'gen_ai.prompt'), 'user'),
  (attributes) => flattenedMessages(nested(attributes, 'llm.input_messages'), 'user'),
  (attributes) => texts(nestedList(attributes, 'llm.prompts'), 'prompt', 'user'),
  (attributes) => aiSdkInput(attributes),
  (attributes) => allMessages(attributes).before,
  under('user', 'langfuse.observation.input', 'mlflow.spanInputs'),
  (attributes) => adkMessages(attributes, 'gcp.vertex.agent.llm_request', 'user'),
  under('user', 'span_data.input', 'span_data._input', 'gen_ai.prompt'),
  (_, span) => messagesIn(own(eventAttributes(span, 'gen_ai.content.prompt'), 'gen_ai.prompt'), 'user'),
  under(
    'user',
    'input.value',
    'inputs',
    'traceloop.entity.input',
    'user_prompt',
    'new_context',
    'input',
    'task',
    'task_preview',
  ),
  (_, span) => said(span, 'Agent Start', 'agent_instructions', 'system'),
];

const outputs: readonly Reader[] = [
  under('assistant', 'gen_ai.output.messages'),
  (_, span) =>
    messagesIn(
      own(eventAttributes(span, 'gen_ai.client.inference.operation.details'), 'gen_ai.output.messages'),
      'assistant',
    ),
  (_, span) => eventMessages(span, true),
  (attributes) => listedEvents(attributes, true),
  (attributes) => flattenedMessages(nested(attributes, 'gen_ai.completion'), 'assistant'),
  (attributes) => joinedChunks(flattenedMessages(nested(attributes, 'llm.output_messages'), 'assistant')),
  (attributes) => texts(nestedList(attributes, 'llm.choices'), 'completion', 'assistant'),
  (attributes) => aiSdkOutput(attributes),
  under('assistant', 'langfuse.observation.output', 'mlflow.spanOutputs'),
  (attributes) => adkMessages(attributes, 'gcp.vertex.agent.llm_response', 'assistant'),
  (attributes) => agentsOutput(attributes),
  under('assistant', 'gen_ai.completion'),
  (_, span) => messagesIn(own(eventAttributes(span, 'gen_ai.content.completion'), 'gen_ai.completion'), 'assistant'),
  (attributes) => allMessages(attributes).after,
  under(
    'assistant',
    'final_result',
    'output.value',
    'outputs',
    'traceloop.entity.output',
    'response.model_output',
    'output',
    'answer',
  ),
  (_, span) => said(span, 'Agent Response', 'response', 'assistant'),
];

/** OpenTelemetry since 1.37. Instructions are parts, without a role. */
function semconvInput(attributes: Attributes): readonly AgentMessage[] {
  const messages = messagesIn(own(attributes, 'gen_ai.input.messages'), 'user');
  const parts = partsOf(decoded(own(attributes, 'gen_ai.system_instructions')));
  if (parts.length === 0 || messages.some(({ role }) => role === 'system')) return messages;
  return [{ role: 'system', parts }, ...messages];
}

function eventAttributes(span: Span, name: string): Attributes {
  return span.events.find((event) => event.name === name)?.attributes ?? {};
}

const eventRoles: ReadonlyMap<string, MessageRole> = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
  ['gen_ai.choice', 'assistant'],
]);

/** OpenTelemetry until 1.36, Strands, Semantic Kernel: an event a message. */
function eventMessages(span: Span, isOutput: boolean): AgentMessage[] {
  return span.events
    .filter(({ name }) => eventRoles.has(name) && (name === 'gen_ai.choice') === isOutput)
    .flatMap((event) => eventMessage(event.name, event.attributes));
}

function eventMessage(name: string, attributes: Attributes): AgentMessage[] {
  const role = eventRoles.get(name)!;
  const body = bodyOf(attributes);
  const finishReason = textOf(body.finish_reason);
  const inner = decoded(body.message);
  const source = isMap(inner) ? inner : undefined;
  const message = source
    ? messageOf({ role, ...source }, role)
    : messageOf({ role, ...body, ...(inner === undefined ? {} : { content: inner }) }, role);
  if (message.parts.length === 0 && finishReason === undefined) return [];
  const isOfTool = role === 'tool' && typeof body.id === 'string' && message.parts[0]?.type === 'tool-result';
  const parts = isOfTool ? message.parts.map((part) => ({ id: body.id as string, ...part })) : message.parts;
  return [{ ...message, role, parts, ...(finishReason === undefined ? {} : { finishReason }) }];
}

/** The event's own attributes, its body where a library keeps one, or the JSON text of it. */
function bodyOf(attributes: Attributes): { readonly [key: string]: AttributeValue } {
  const body = decoded(own(attributes, 'gen_ai.event.content') ?? own(attributes, 'body'));
  return isMap(body) ? body : attributes;
}

/** pydantic-ai writes the events of a call as a list into one attribute. */
function listedEvents(attributes: Attributes, isOutput: boolean): AgentMessage[] {
  const list = decoded(own(attributes, 'events') ?? own(attributes, 'all_messages_events'));
  if (!isList(list)) return [];
  return list.flatMap((item) => {
    const name = textOf(at(item, 'event.name')) ?? '';
    if (!isMap(item) || !eventRoles.has(name) || (name === 'gen_ai.choice') !== isOutput) return [];
    return eventMessage(name, item);
  });
}

/** `gen_ai.prompt.0.role`, `llm.input_messages.0.message.role`: put together again. */
function flattenedMessages(value: AttributeValue | undefined, role: MessageRole): AgentMessage[] {
  const items = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return items.filter(isMap).flatMap((item) => {
    const message = messageOf(isMap(item.message) ? item.message : item, role);
    const finishReason = textOf(item.finish_reason);
    if (message.parts.length === 0 && finishReason === undefined) return [];
    return [finishReason === undefined ? message : { ...message, finishReason }];
  });
}

/** Above this number of texts in a row, a library wrote each piece of a stream as a message of its own. */
const mostAnswers = 16;

function joinedChunks(messages: AgentMessage[]): AgentMessage[] {
  const pieces = messages.map(({ role, parts }) =>
    role === 'assistant' && parts.length === 1 ? parts[0]! : undefined,
  );
  const texts = pieces.map((part) => (part?.type === 'text' ? part.text : undefined));
  if (messages.length <= mostAnswers || texts.includes(undefined)) return messages;
  return [{ ...messages.at(-1)!, parts: [{ type: 'text', text: texts.join('') }] }];
}

/** `llm.prompts.0.prompt.text` */
function texts(items: readonly AttributeValue[], field: string, role: MessageRole): AgentMessage[] {
  return items.flatMap((item) => {
    const text = textOf(at(item, field, 'text') ?? at(item, 'text') ?? (typeof item === 'string' ? item : undefined));
    return text === undefined ? [] : [{ role, parts: [{ type: 'text', text }] }];
  });
}

function aiSdkInput(attributes: Attributes): readonly AgentMessage[] {
  const messages = messagesIn(own(attributes, 'ai.prompt.messages'), 'user');
  return messages.length > 0 ? messages : messagesIn(own(attributes, 'ai.prompt'), 'user');
}

function aiSdkOutput(attributes: Attributes): AgentMessage[] {
  const parts: MessagePart[] = [];
  const find = (name: string) => own(attributes, `ai.response.${name}`) ?? own(attributes, `ai.result.${name}`);
  const reasoning = textOf(find('reasoning'));
  if (reasoning !== undefined) parts.push({ type: 'reasoning', text: reasoning });
  const text = textOf(find('text'));
  if (text !== undefined) parts.push({ type: 'text', text });
  const object = decoded(find('object'));
  if (object !== undefined && object !== null && object !== '') parts.push({ type: 'json', value: object });
  const calls = decoded(find('toolCalls'));
  if (isList(calls)) for (const call of calls) if (isMap(call)) parts.push(toolCall(call, false));
  const finishReason = textOf(find('finishReason'));
  if (parts.length === 0) return [];
  return [{ role: 'assistant', parts, ...(finishReason === undefined ? {} : { finishReason }) }];
}

/** A whole run's conversation on the agent's own span: what it was given ends where it first answers. */
function allMessages(attributes: Attributes): { before: readonly AgentMessage[]; after: readonly AgentMessage[] } {
  const messages = messagesIn(own(attributes, 'pydantic_ai.all_messages') ?? own(attributes, 'all_messages'), 'user');
  const first = numberOf(own(attributes, 'pydantic_ai.new_message_index')) || 0;
  const answer = messages.findIndex(({ role }, index) => index >= first && role === 'assistant');
  return answer < 0
    ? { before: messages, after: [] }
    : { before: messages.slice(0, answer), after: messages.slice(answer) };
}

/** Google's ADK writes `{}` where there is nothing. */
function adkMessages(attributes: Attributes, key: string, role: MessageRole): readonly AgentMessage[] {
  const value = decoded(own(attributes, key));
  return isMap(value) && Object.keys(value).length > 0 ? messagesIn(value, role) : [];
}

/** The OpenAI Agents SDK: the answer, or the whole response where it kept that. */
function agentsOutput(attributes: Attributes): readonly AgentMessage[] {
  const messages = messagesIn(own(attributes, 'span_data.output'), 'assistant');
  return messages.length > 0
    ? messages
    : messagesIn(at(decoded(own(attributes, 'span_data._response')), 'output'), 'assistant');
}

function said(span: Span, event: string, field: string, role: MessageRole): AgentMessage[] {
  return span.events
    .filter((each: SpanEvent) => each.name === event)
    .flatMap(({ attributes }) => {
      const text = textOf(own(attributes, field));
      return text === undefined ? [] : [{ role, parts: [{ type: 'text' as const, text }] }];
    });
}
