import type { AttributeValue } from '../model/details.ts';
import type { MediaPart, MessagePart, ToolCallPart, ToolResultPart } from './agentMessage.ts';
import { at, decoded, firstValue, isList, isMap, type JsonMap, textOf } from './agentValues.ts';

// One part of a message, in the words of OpenTelemetry, OpenAI, Anthropic, Bedrock, Gemini, the AI SDK and others.

/** What a message's content holds: a text, a list of parts, or one part. */
export function partsOf(content: AttributeValue | undefined): MessagePart[] {
  if (content === undefined || content === null || content === '') return [];
  const value = typeof content === 'string' ? partsInText(content) : content;
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (isList(value)) return value.map(partOf).filter((part) => part !== undefined);
  const part = partOf(value);
  return part ? [part] : [];
}

/** Some libraries write a list of parts as JSON into the place of a text. Any other JSON is what somebody said. */
function partsInText(text: string): AttributeValue {
  if (!/^\s*\[\s*\{/.test(text.slice(0, 200))) return text;
  const value = decoded(text);
  return isList(value) && value.length > 0 && value.every(isPart) ? value : text;
}

function isPart(value: AttributeValue): boolean {
  if (!isMap(value)) return false;
  const type = textOf(value.type)?.toLowerCase();
  if (type !== undefined) return knownTypes.has(type);
  return Object.keys(value).every((key) => untypedKeys.has(key));
}

function partOf(value: AttributeValue): MessagePart | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return { type: 'text', text: value };
  if (!isMap(value)) return { type: 'json', value };
  // OpenInference has each part within a part of its own.
  const inner = value.message_content;
  const part = isMap(inner) ? inner : value;
  const type = textOf(part.type)?.toLowerCase();
  const read = type === undefined ? undefined : typed(part, type);
  return read ?? untyped(part) ?? { type: 'json', value: part, ...(type === undefined ? {} : { sourceType: type }) };
}

const textTypes = new Set(['text', 'input_text', 'output_text', 'summary_text', 'refusal']);
const reasoningTypes = new Set(['reasoning', 'thinking', 'redacted_thinking', 'reasoning_text', 'thought']);
const callTypes = new Set([
  'tool_call',
  'tool_use',
  'tool-call',
  'function_call',
  'function',
  'custom_tool_call',
  'mcp_call',
]);
const serverCallTypes = new Set([
  'server_tool_call',
  'server_tool_use',
  'mcp_tool_use',
  'web_search_call',
  'file_search_call',
  'code_interpreter_call',
]);
const resultTypes = new Set([
  ...[
    'tool_call_response',
    'tool_result',
    'tool-result',
    'function_call_output',
    'custom_tool_call_output',
    'tool-return',
  ],
  ...[
    'server_tool_call_response',
    'web_search_tool_result',
    'mcp_tool_result',
    'code_execution_tool_result',
    'tool-error',
  ],
]);
const mediaTypes: ReadonlyMap<string, MediaPart['modality']> = new Map([
  ...['image', 'image_url', 'input_image', 'image-url'].map((type) => [type, 'image'] as const),
  ...['audio', 'input_audio', 'output_audio', 'audio-url'].map((type) => [type, 'audio'] as const),
  ...['video', 'video_url', 'video-url'].map((type) => [type, 'video'] as const),
  ...['file', 'input_file', 'document', 'document-url', 'blob', 'uri', 'media', 'binary'].map(
    (type) => [type, 'file'] as const,
  ),
]);
const knownTypes: ReadonlySet<string> = new Set([
  ...textTypes,
  ...reasoningTypes,
  ...callTypes,
  ...serverCallTypes,
  ...resultTypes,
  ...mediaTypes.keys(),
]);

function typed(part: JsonMap, type: string): MessagePart | undefined {
  if (textTypes.has(type)) return textPart(part);
  if (reasoningTypes.has(type)) return { type: 'reasoning', text: reasoningText(part) };
  if (callTypes.has(type)) return toolCall(part, false);
  if (serverCallTypes.has(type)) return toolCall(part, true);
  if (resultTypes.has(type)) return toolResult(part, type);
  const modality = mediaTypes.get(type);
  return modality && media(part, modality);
}

function textPart(part: JsonMap): MessagePart | undefined {
  const text = part.text ?? part.content ?? part.refusal ?? part.value;
  if (typeof text === 'string') return { type: 'text', text };
  const inner = isMap(text) ? text.value : undefined;
  return typeof inner === 'string' ? { type: 'text', text: inner } : undefined;
}

function reasoningText(part: JsonMap): string {
  const said = part.thinking ?? part.text ?? part.content ?? part.summary ?? part.reasoning;
  if (typeof said === 'string') return said;
  if (!isList(said)) return '';
  return said
    .map((item) => textOf(isMap(item) ? item.text : item) ?? '')
    .filter((text) => text !== '')
    .join('\n\n');
}

const idKeys = ['call_id', 'id', 'toolCallId', 'tool_call_id', 'tool_use_id', 'toolUseId', 'toolu_id'];

/** A call in any of the shapes in which a message, or a list of calls, holds one. */
export function toolCall(call: JsonMap, isServerSide: boolean): ToolCallPart {
  const inner = isMap(call.function) ? call.function : call;
  const id = textOf(firstValue(call, idKeys));
  const name = textOf(inner.name ?? call.toolName ?? call.tool_name) ?? textOf(call.type) ?? '';
  return {
    type: 'tool-call',
    ...(id === undefined ? {} : { id }),
    name,
    arguments: argumentsOf(inner),
    ...(isServerSide ? { isServerSide: true } : {}),
  };
}

function argumentsOf(call: JsonMap): AttributeValue | undefined {
  for (const key of ['arguments', 'input', 'args', 'parameters', 'action']) {
    const value = call[key];
    if (value !== undefined && value !== null) return decoded(value);
  }
  return undefined;
}

function toolResult(part: JsonMap, type: string): ToolResultPart {
  const id = textOf(firstValue(part, ['tool_use_id', ...idKeys]));
  const name = textOf(part.name ?? part.toolName);
  const result = firstValue(part, ['response', 'result', 'output', 'content', 'error']);
  const isError =
    part.is_error === true || part.isError === true || type === 'tool-error' || at(result, 'type') === 'error-text';
  return {
    type: 'tool-result',
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    result: resultValue(result),
    ...(isError ? { isError: true } : {}),
  };
}

/** What a tool gave, out of the text parts that some providers put around it. */
export function resultValue(result: AttributeValue | undefined): AttributeValue | undefined {
  const value = decoded(result);
  if (isList(value) && value.length === 1) {
    const only = value[0]!;
    const text = isMap(only) ? (only.text ?? only.json) : undefined;
    if (text !== undefined && isMap(only) && (only.type === undefined || only.type === 'text')) return decoded(text);
  }
  // The AI SDK says of what type a result is.
  if (isMap(value) && ['text', 'json', 'error-text', 'error-json'].includes(String(value.type)) && 'value' in value)
    return value.value;
  return value;
}

function media(part: JsonMap, usual: MediaPart['modality']): MediaPart | undefined {
  const inner = holderOfMedia(part);
  const source = isMap(inner.source) ? inner.source : inner;
  const mediaType = textOf(
    firstValue(source, ['media_type', 'mime_type', 'mimeType', 'mediaType']) ??
      firstValue(inner, ['media_type', 'mime_type', 'mediaType', 'format']),
  );
  const url = textOf(
    firstValue(inner, ['url', 'uri', 'file_uri', 'fileUri', 'image_url']) ?? firstValue(source, ['url', 'uri']),
  );
  const data = firstValue(source, ['data', 'content', 'bytes', 'file_data', 'base64']) ?? dataIn(inner);
  const fileId = textOf(firstValue(inner, ['file_id', 'fileId']) ?? firstValue(part, ['file_id']));
  const fileName = textOf(firstValue(inner, ['filename', 'file_name', 'fileName']));
  const isData = typeof data === 'string' || data instanceof Uint8Array;
  if (url === undefined && !isData && fileId === undefined) return undefined;
  const isAddress =
    typeof data === 'string' && url === undefined && /^(?:https?|data|blob|file|gs|s3):/i.test(data.slice(0, 8));
  return {
    type: 'media',
    modality: modalityOf(textOf(part.modality) ?? mediaType, usual),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(url === undefined ? (isAddress ? { url: data } : {}) : { url }),
    ...(isData && !isAddress ? { data } : {}),
    ...(fileId === undefined ? {} : { fileId }),
    ...(fileName === undefined ? {} : { fileName }),
  };
}

const mediaHolders = ['image_url', 'image', 'input_audio', 'audio', 'file', 'video_url', 'video', 'document', 'media'];

function holderOfMedia(part: JsonMap): JsonMap {
  for (const key of mediaHolders) {
    const inner = part[key];
    // OpenInference: `image.image.url`.
    if (isMap(inner)) return isMap(inner.image) ? inner.image : inner;
  }
  return part;
}

function dataIn(part: JsonMap): AttributeValue | undefined {
  for (const key of ['image', 'audio', 'file', 'file_data']) if (typeof part[key] === 'string') return part[key];
  return undefined;
}

function modalityOf(said: string | undefined, usual: MediaPart['modality']): MediaPart['modality'] {
  const word = said?.toLowerCase() ?? '';
  for (const modality of ['image', 'audio', 'video'] as const) if (word.startsWith(modality)) return modality;
  return usual;
}

const untypedKeys: ReadonlySet<string> = new Set([
  ...['text', 'toolUse', 'toolResult', 'function_call', 'functionCall', 'function_response', 'functionResponse'],
  ...['inline_data', 'inlineData', 'file_data', 'fileData', 'reasoningContent', 'image', 'document', 'thought'],
  ...['thought_signature', 'thoughtSignature', 'cachePoint', 'video'],
]);

/** Bedrock's and Gemini's parts are known by their only key. */
function untyped(part: JsonMap): MessagePart | undefined {
  const { text } = part;
  if (typeof text === 'string') return part.thought === true ? { type: 'reasoning', text } : { type: 'text', text };
  const call = part.toolUse ?? part.function_call ?? part.functionCall;
  if (isMap(call)) return toolCall(call, false);
  const result = part.toolResult ?? part.function_response ?? part.functionResponse;
  if (isMap(result)) {
    const read = toolResult(result, '');
    return result.status === 'error' ? { ...read, isError: true } : read;
  }
  const reasoning = at(part, 'reasoningContent', 'reasoningText', 'text');
  if (typeof reasoning === 'string') return { type: 'reasoning', text: reasoning };
  const data = part.inline_data ?? part.inlineData ?? part.file_data ?? part.fileData;
  if (isMap(data)) return media(data, 'file');
  if (isMap(part.image)) return media(part, 'image');
  if (isMap(part.document)) return media(part, 'file');
  return undefined;
}
