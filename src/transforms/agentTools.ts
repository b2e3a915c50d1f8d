import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { RecordedEvents } from './agentFacts.ts';
import type { AgentKind } from './agentKindRules.ts';
import { resultValue } from './agentParts.ts';
import type { ToolDefinition, ToolUse } from './agentSpan.ts';
import {
  at,
  booleanOf,
  decoded,
  firstText,
  firstValue,
  isList,
  isMap,
  type JsonMap,
  known,
  nestedList,
  numberOf,
  own,
  textOf,
} from './agentValues.ts';

const nameKeys = [
  ...['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'tool_call.function.name', 'tool_name', 'mcp.tool.name'],
  'traceloop.entity.name',
];
const callIdKeys = [
  ...['gen_ai.tool.call.id', 'tool_call.id', 'tool.id', 'ai.toolCall.id', 'jsonrpc.request.id', 'tool_call_id'],
  'tool_use_id',
];
const argumentKeys = [
  ...['gen_ai.tool.call.arguments', 'gen_ai.tool.input', 'tool_arguments', 'ai.toolCall.args', 'ai.toolCall.input'],
  ...['gcp.vertex.agent.tool_call_args', 'mcp.request.argument', 'tool_input', 'langfuse.observation.input'],
  ...['mlflow.spanInputs', 'span_data.input', 'input.value', 'tool_call.function.arguments', 'inputs'],
  ...['traceloop.entity.input', 'input'],
];
const resultKeys = [
  ...['gen_ai.tool.call.result', 'gen_ai.tool.output', 'tool_response', 'ai.toolCall.result', 'ai.toolCall.output'],
  ...['gcp.vertex.agent.tool_response', 'mcp.response.value', 'langfuse.observation.output', 'mlflow.spanOutputs'],
  ...['span_data.output', 'output.value', 'outputs', 'traceloop.entity.output', 'output'],
];

/** Keys of which a whole trace's walk may ask: what a tool was called with. */
export function toolNameOf(attributes: Attributes, spanName: string): string {
  return firstText(attributes, nameKeys) ?? nameInSpan(spanName);
}

export function nameInSpan(name: string): string {
  const match = /^(?:tool:|execute_tool |running tool: )(.+)$/s.exec(name) ?? /^(.+)\.tool$/s.exec(name);
  return match?.[1] ?? name;
}

export function toolUseOf(span: Span, kind: AgentKind): ToolUse | undefined {
  if (kind !== 'tool') return undefined;
  const { attributes } = span;
  return {
    name: toolNameOf(attributes, span.name) || undefined,
    callId: firstText(attributes, callIdKeys) ?? textOf(at(decoded(own(attributes, 'outputs')), 'tool_call_id')),
    description: firstText(attributes, ['gen_ai.tool.description', 'tool.description']),
    arguments: toolArguments(attributes, span),
    result: toolResultOf(attributes, span),
    inputSize: known(numberOf(own(attributes, 'tool.input_size'))),
    success: successOf(attributes, span),
  };
}

/** What a tool was called with; undefined where the source does not tell. */
export function toolArguments(attributes: Attributes, span: RecordedEvents): AttributeValue | undefined {
  for (const key of argumentKeys) {
    const value = own(attributes, key);
    if (value === undefined || value === null || value === '' || value === 'N/A') continue;
    return bare(decoded(value));
  }
  const parameters = decoded(own(attributes, 'tool.parameters'));
  if (parameters !== undefined && !isSchema(parameters)) return parameters;
  return decoded(eventValue(span, 'gen_ai.tool.message', 'content'));
}

/** OpenLLMetry's LangChain wraps arguments into the call of a callback: `{ input_str, inputs, tags, metadata }`. */
function bare(value: AttributeValue | undefined): AttributeValue | undefined {
  if (!isMap(value)) return value;
  if ('input_str' in value) {
    const inputs = value.inputs;
    return isMap(inputs) && Object.keys(inputs).length > 0 ? inputs : decoded(value.input_str);
  }
  if (isList(value.args) && isMap(value.kwargs)) return value.args.length === 0 ? value.kwargs : value;
  return value;
}

function toolResultOf(attributes: Attributes, span: Span): AttributeValue | undefined {
  for (const key of resultKeys) {
    const value = own(attributes, key);
    if (value !== undefined && value !== null && value !== '') return bareResult(decoded(value));
  }
  return resultValue(
    eventValue(span, 'gen_ai.choice', 'message') ??
      eventValue(span, 'tool.output', 'content') ??
      eventValue(span, 'tool.output', 'output'),
  );
}

/** Out of LangChain's message and callback around it. */
function bareResult(value: AttributeValue | undefined): AttributeValue | undefined {
  const output = isMap(value) && Object.keys(value).length <= 2 && 'output' in value ? decoded(value.output) : value;
  const content = isMap(output) && isList(output.id) ? at(output, 'kwargs', 'content') : undefined;
  return resultValue(content ?? output);
}

function eventValue(span: RecordedEvents, name: string, key: string): AttributeValue | undefined {
  for (const event of span.events) if (event.name === name) return own(event.attributes, key);
  return undefined;
}

/**
 * OpenInference calls `tool.parameters` the definition of a tool's parameters; half of its libraries write there what a tool was
 * called with. A definition has a schema's words, or names nothing but types.
 */
function isSchema(value: AttributeValue): boolean {
  if (!isMap(value)) return false;
  if ('$schema' in value || isMap(value.properties)) return true;
  const values = Object.values(value);
  return (
    values.length > 0 &&
    values.every((each) => (isMap(each) ? typeof each.type === 'string' : typeWords.has(String(each))))
  );
}

const typeWords = new Set([
  'str',
  'string',
  'int',
  'integer',
  'float',
  'number',
  'bool',
  'boolean',
  'list',
  'array',
  'dict',
  'object',
  'any',
]);

export function successOf(attributes: Attributes, span: Pick<Span, 'status'>): boolean | undefined {
  if (span.status === 'error') return false;
  const stated = booleanOf(own(attributes, 'tool.success') ?? own(attributes, 'success'));
  if (stated !== undefined) return stated;
  const status = firstText(attributes, [
    'gen_ai.tool.status',
    'gen_ai.task.status',
    'tool.status',
    'tool.execution.status',
  ])?.toLowerCase();
  if (status === 'error' || status === 'failed' || status === 'failure') return false;
  if (status === 'success' || status === 'ok') return true;
  if (firstText(attributes, ['pydantic_ai.tool.failure_stage']) !== undefined) return false;
  if (at(decoded(firstValue(attributes, ['mcp.response.value', 'gen_ai.tool.call.result'])), 'isError') === true)
    return false;
  return span.status === 'ok' ? true : undefined;
}

/** What the model could choose from, in each library's shape. */
export function toolDefinitionsOf(attributes: Attributes): readonly ToolDefinition[] {
  for (const found of definitionLists(attributes)) {
    const definitions = found.map(definitionOf).filter((definition) => definition !== undefined);
    if (definitions.length > 0) return definitions;
  }
  return [];
}

function* definitionLists(attributes: Attributes): Generator<readonly AttributeValue[]> {
  yield listIn(own(attributes, 'gen_ai.tool.definitions'));
  // BeeAI writes the whole list into one attribute.
  yield listIn(own(attributes, 'llm.tools'));
  yield nestedList(attributes, 'llm.tools').map((item) => at(item, 'tool', 'json_schema') ?? item);
  yield nestedList(attributes, 'llm.request.functions');
  yield listIn(own(attributes, 'ai.prompt.tools'));
  yield listIn(own(attributes, 'mlflow.chat.tools'));
  const parameters = decoded(own(attributes, 'model_request_parameters'));
  yield [...listIn(at(parameters, 'function_tools')), ...listIn(at(parameters, 'output_tools'))];
  const request = decoded(own(attributes, 'gcp.vertex.agent.llm_request'));
  yield listIn(at(request, 'config', 'tools')).flatMap((tool) =>
    listIn(at(tool, 'function_declarations') ?? at(tool, 'functionDeclarations')),
  );
  for (const key of ['span_data.tools', 'tools']) yield listIn(own(attributes, key));
  for (const key of [
    'llm.invocation_parameters',
    'modelParameters',
    'inputs',
    'mlflow.spanInputs',
    'langfuse.observation.input',
    'input',
    'metadata',
  ])
    yield listIn(at(decoded(own(attributes, key)), 'tools'));
  yield listIn(at(decoded(own(attributes, 'extra')), 'invocation_params', 'tools'));
}

function listIn(value: AttributeValue | undefined): readonly AttributeValue[] {
  const list = decoded(value);
  return isList(list) ? list : [];
}

function definitionOf(value: AttributeValue): ToolDefinition | undefined {
  const tool = decoded(value);
  if (typeof tool === 'string')
    return tool === '' || tool.length > 200 ? undefined : { name: tool, description: undefined, parameters: undefined };
  if (!isMap(tool)) return undefined;
  const inner: JsonMap = isMap(tool.function) ? tool.function : isMap(tool.toolSpec) ? tool.toolSpec : tool;
  const name = textOf(inner.name ?? inner['tool.name']);
  if (name === undefined) return undefined;
  const parameters = firstValue(inner, [
    'parameters',
    'input_schema',
    'inputSchema',
    'parameters_json_schema',
    'parametersJsonSchema',
    'tool.json_schema',
    'tool.parameters',
  ]);
  const description = textOf(inner.description ?? inner['tool.description']);
  return { name, description, parameters: decoded(parameters) };
}
