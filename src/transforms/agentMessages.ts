import type { AttributeValue } from '../model/details.ts';
import type { AgentMessage, MessagePart, MessageRole } from './agentMessage.ts';
import { partsOf, resultValue, toolCall } from './agentParts.ts';
import { at, decoded, isList, isMap, type JsonMap, textOf } from './agentValues.ts';

// Messages in the words of whoever wrote them down: providers' requests and answers, LangChain's objects, lists within lists.

/** What has to be opened until messages come to light is never deeper in earnest. */
const deepest = 6;

/**
 * Messages in a value of unknown shape. What is no message is one of `role`, as text or as JSON: nothing is left out. Empty
 * where nothing is said.
 */
export function messagesIn(value: AttributeValue | undefined, role: MessageRole): AgentMessage[] {
  const read = decoded(value);
  if (read === undefined || read === null || read === '') return [];
  const found = conversation(read, role, 0);
  if (found !== undefined) return found;
  if (isMap(read) && Object.keys(read).length === 0) return [];
  if (isList(read) && read.length === 0) return [];
  const part: MessagePart = typeof read === 'string' ? { type: 'text', text: read } : { type: 'json', value: read };
  return [{ role, parts: [part] }];
}

/** Undefined where a value holds no messages that can be told as such. */
function conversation(value: AttributeValue, role: MessageRole, depth: number): AgentMessage[] | undefined {
  if (depth > deepest) return undefined;
  if (isList(value)) return listOfMessages(value, role, depth);
  if (!isMap(value)) return undefined;
  if (isMessage(value)) return [messageOf(value, role)];
  return wrapped(value, role, depth);
}

function listOfMessages(list: readonly AttributeValue[], role: MessageRole, depth: number): AgentMessage[] | undefined {
  if (list.length === 0) return undefined;
  // LangChain has a list for each of several prompts.
  if (list.length === 1 && isList(list[0])) return conversation(list[0], role, depth + 1);
  if (!list.every((item) => isMap(item) || typeof item === 'string')) return undefined;
  if (list.every((item) => isMap(item) && isMessage(item)))
    return joinedCalls(list.map((item) => messageOf(item as JsonMap, role)));
  const parts = partsOf(list);
  return parts.some(({ type }) => type === 'json') ? undefined : [{ role, parts }];
}

/** OpenAI's Responses have each call as an item of its own: those of one turn are one message. */
function joinedCalls(messages: readonly AgentMessage[]): AgentMessage[] {
  const joined: AgentMessage[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === 'assistant' && message.role === 'assistant' && isItem(last) && isItem(message))
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    else joined.push(message);
  }
  return joined;
}

function isItem({ parts, finishReason }: AgentMessage): boolean {
  return (
    finishReason === undefined &&
    parts.length > 0 &&
    parts.every(({ type }) => type === 'tool-call' || type === 'reasoning')
  );
}

const messageTypes: ReadonlyMap<string, MessageRole> = new Map([
  ['human', 'user'],
  ['ai', 'assistant'],
  ['aimessagechunk', 'assistant'],
  ['system', 'system'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);
const itemRoles: ReadonlyMap<string, MessageRole> = new Map([
  ...['function_call', 'reasoning', 'web_search_call', 'file_search_call', 'custom_tool_call', 'mcp_call'].map(
    (type) => [type, 'assistant'] as const,
  ),
  ...['function_call_output', 'custom_tool_call_output'].map((type) => [type, 'tool'] as const),
]);

function isMessage(map: JsonMap): boolean {
  if (isMap(map.message)) return isMessage(map.message) && Object.keys(map).length <= 2;
  if (typeof map.role === 'string')
    return (
      'content' in map ||
      'parts' in map ||
      'tool_calls' in map ||
      'contents' in map ||
      'function_call' in map ||
      Object.keys(map).length === 1
    );
  if (isList(map.id) && isMap(map.kwargs)) return 'content' in map.kwargs;
  const type = textOf(map.type)?.toLowerCase() ?? '';
  if (itemRoles.has(type)) return true;
  return messageTypes.has(type) && ('content' in map || isMap(map.data));
}

/** One message in any of these shapes. */
export function messageOf(source: JsonMap, role: MessageRole): AgentMessage {
  const map = unwrapped(source);
  const type = textOf(map.type)?.toLowerCase() ?? '';
  const itemRole = typeof map.role === 'string' ? undefined : itemRoles.get(type);
  if (itemRole) return { role: itemRole, parts: partsOf([map]) };
  const said = roleOf(source, map, type, role);
  const parts = partsOfMessage(map, said.role);
  // Anthropic, Gemini and others let the user say what a tool answered.
  const isOfTool = said.role === 'user' && parts.length > 0 && parts.every(({ type }) => type === 'tool-result');
  const sourceRole = isOfTool ? (said.source ?? textOf(map.role)) : said.source;
  const name = textOf(map.name);
  const finishReason = textOf(
    map.finish_reason ?? source.finish_reason ?? map.stop_reason ?? at(map, 'response_metadata', 'finish_reason'),
  );
  return {
    role: isOfTool ? 'tool' : said.role,
    ...(sourceRole === undefined ? {} : { sourceRole }),
    ...(name === undefined ? {} : { name }),
    parts,
    ...(finishReason === undefined ? {} : { finishReason }),
  };
}

function unwrapped(source: JsonMap): JsonMap {
  if (isMap(source.message)) return source.message;
  if (isMap(source.kwargs)) return source.kwargs;
  return isMap(source.data) && messageTypes.has(String(source.type)) ? source.data : source;
}

const roles: ReadonlyMap<string, MessageRole> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['ai', 'assistant'],
  ['model', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);
const plainRoles: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);

function roleOf(
  source: JsonMap,
  map: JsonMap,
  type: string,
  usual: MessageRole,
): { role: MessageRole; source?: string } {
  if (isList(source.id) && isMap(source.kwargs)) {
    // LangChain: the class's name is the last of its path.
    const name = String(source.id.at(-1) ?? '')
      .replace(/Message(?:Chunk)?$/, '')
      .toLowerCase();
    const role =
      messageTypes.get(name) ?? roles.get(name) ?? (name === 'chat' ? roles.get(textOf(map.role) ?? '') : undefined);
    return role ? { role } : { role: 'other', source: name };
  }
  const word = textOf(map.role);
  if (word === undefined) return { role: messageTypes.get(type) ?? messageTypes.get(String(source.type)) ?? usual };
  const role = roles.get(word.toLowerCase());
  if (role === undefined) return { role: 'other', source: word };
  return plainRoles.has(word) ? { role } : { role, source: word };
}

function partsOfMessage(map: JsonMap, role: MessageRole): MessagePart[] {
  const parts: MessagePart[] = [];
  for (const key of ['reasoning_content', 'reasoning']) {
    const text = textOf(map[key]);
    if (text !== undefined) parts.push({ type: 'reasoning', text });
  }
  const content = map.parts ?? map.contents ?? map.content;
  const answers = textOf(map.tool_call_id ?? map.toolCallId);
  const listed = role === 'tool' ? listedResults(map.contents) : [];
  if (listed.length > 0) parts.push(...listed);
  else if (role === 'tool' && !holdsResult(content)) {
    const name = textOf(map.name);
    const isError = map.status === 'error';
    parts.push({
      type: 'tool-result',
      ...(answers === undefined ? {} : { id: answers }),
      ...(name === undefined ? {} : { name }),
      result: resultValue(content),
      ...(isError ? { isError: true } : {}),
    });
  } else parts.push(...partsOf(content));
  const known = new Set(parts.map((part) => (part.type === 'tool-call' ? part.id : undefined)));
  for (const call of callsOf(map)) {
    const part = toolCall(call, false);
    if (part.id === undefined || !known.has(part.id)) parts.push(part);
  }
  const refusal = textOf(map.refusal);
  if (refusal !== undefined) parts.push({ type: 'text', text: refusal });
  if (isMap(map.audio)) parts.push(...partsOf([{ type: 'audio', audio: map.audio }]));
  return parts;
}

/** BeeAI by OpenInference: each part of a tool's message says which call it answers. */
function listedResults(contents: AttributeValue | undefined): MessagePart[] {
  if (!isList(contents)) return [];
  return contents.flatMap((item): MessagePart[] => {
    const id = textOf(at(item, 'message', 'tool_call_id'));
    const said = at(item, 'message_content');
    return id === undefined || said === undefined ? [] : [{ type: 'tool-result', id, result: resultValue([said]) }];
  });
}

/** Whether content says itself that it is a tool's answer. */
function holdsResult(content: AttributeValue | undefined): boolean {
  const value = typeof content === 'string' && content.startsWith('[{') ? decoded(content) : content;
  if (!isList(value)) return false;
  return value.some((part) => partsOf([part])[0]?.type === 'tool-result');
}

function callsOf(map: JsonMap): JsonMap[] {
  const listed = decoded(map.tool_calls) ?? decoded(at(map, 'additional_kwargs', 'tool_calls'));
  const calls = isList(listed)
    ? listed.map((call) => decoded(call)).map((call) => (isMap(call) && isMap(call.tool_call) ? call.tool_call : call))
    : [];
  const old = map.function_call;
  return [...calls, ...(isMap(old) ? [old] : [])].filter(isMap);
}

/** Requests, answers and other objects around messages. */
function wrapped(map: JsonMap, role: MessageRole, depth: number): AgentMessage[] | undefined {
  const inner = (value: AttributeValue | undefined, of = role) => {
    const read = decoded(value);
    return read === undefined || read === null ? undefined : conversation(read, of, depth + 1);
  };
  const listed = inner(map.messages) ?? inner(map.contents);
  if (listed) return [...instructions(map), ...listed];
  if (isMap(map.content) && ('parts' in map.content || 'role' in map.content))
    return withReason(inner(map.content, 'assistant'), map);
  if (isList(map.choices)) return each(map.choices, (choice) => inner(choice, 'assistant'));
  if (isList(map.candidates)) return each(map.candidates, (candidate) => inner(candidate, 'assistant'));
  if (isList(map.generations))
    return inner(
      flattened(map.generations).map((each) => at(each, 'message') ?? each),
      'assistant',
    );
  if (isMap(map.message)) return withReason([messageOf(map.message, role)], map);
  if (isList(map.output)) return inner(map.output, 'assistant');
  for (const key of ['inputs', 'outputs', 'output', 'input', 'response', 'result', 'update']) {
    const found = isMap(map[key]) || isList(map[key]) ? inner(map[key]) : undefined;
    if (found) return found;
  }
  if (typeof map.prompt === 'string' || typeof map.system === 'string') return prompt(map);
  return undefined;
}

function each(
  list: readonly AttributeValue[],
  read: (item: AttributeValue) => AgentMessage[] | undefined,
): AgentMessage[] | undefined {
  const found = list.flatMap((item) => read(item) ?? []);
  return found.length > 0 ? found : undefined;
}

function flattened(lists: readonly AttributeValue[]): AttributeValue[] {
  return lists.flatMap((item) => (isList(item) ? [...item] : [item]));
}

function withReason(messages: AgentMessage[] | undefined, map: JsonMap): AgentMessage[] | undefined {
  const finishReason = textOf(map.finish_reason ?? map.finishReason);
  if (messages?.length !== 1 || finishReason === undefined) return messages;
  return [{ finishReason, ...messages[0]! }];
}

/** The system's part of a request, where it stands beside the messages. */
function instructions(map: JsonMap): AgentMessage[] {
  const said =
    map.system ??
    at(map, 'config', 'system_instruction') ??
    map.system_instruction ??
    map.systemInstruction ??
    map.instructions;
  const content = isMap(said) && 'parts' in said ? said.parts : said;
  const parts = partsOf(content as AttributeValue | undefined);
  return parts.length > 0 ? [{ role: 'system', parts }] : [];
}

function prompt(map: JsonMap): AgentMessage[] {
  const parts = partsOf(map.prompt);
  return [...instructions(map), ...(parts.length > 0 ? [{ role: 'user' as const, parts }] : [])];
}
