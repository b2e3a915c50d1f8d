import type { Attributes, AttributeValue } from '../model/details.ts';
import type { AgentKind } from './agentKindRules.ts';
import { at, decoded, isList, isMap, type JsonMap, numberOf, own, textOf } from './agentValues.ts';

// Under which keys tokens, costs and models stand, and which of them is asked before which.

/** Where figures are kept while a span is read. */
export const slot = {
  input: 0,
  output: 1,
  total: 2,
  cacheRead: 3,
  cacheWrite: 4,
  reasoning: 5,
  cost: 6,
  inputCost: 7,
  outputCost: 8,
} as const;
export const slotCount = 9;
type Slot = (typeof slot)[keyof typeof slot];

export interface UsageSink {
  /** A number of a lower rank is kept. */
  enter(slot: Slot, rank: number, value: AttributeValue | undefined): void;
}

/** What one key holds: a number, or an object, perhaps as JSON text, that a reader takes apart. */
export interface UsageKey {
  readonly rank: number;
  readonly slot?: Slot;
  readonly read?: (sink: UsageSink, rank: number, value: AttributeValue) => void;
  /** Written as 0 by a service that fills every field of its schema. */
  readonly isZeroAbsent?: true;
}

/** The rank of counts from which the cache is left out, as Claude Code writes them. */
export const exclusiveRank = 60;
/** Above every rank. */
export const noRank = 255;

const usageKeys = new Map<string, UsageKey>();

/** Keys in the order in which they are asked. */
function numbers(of: Slot, keys: readonly string[], more: Partial<UsageKey> = {}, firstRank = 1): void {
  for (const [place, key] of keys.entries()) usageKeys.set(key, { slot: of, rank: firstRank + place, ...more });
}

numbers(slot.input, [
  ...['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt', 'llm.usage.prompt_tokens'],
  ...['ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens', 'usage.prompt_tokens'],
  'gen_ai.aggregated_usage.input_tokens',
]);
numbers(slot.output, [
  ...['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.token_count.completion'],
  ...['llm.usage.completion_tokens', 'ai.usage.outputTokens', 'ai.usage.completionTokens', 'usage.completion_tokens'],
  'gen_ai.aggregated_usage.output_tokens',
]);
numbers(slot.total, [
  ...['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'llm.token_count.total', 'ai.usage.totalTokens'],
  ...['usage.total_tokens', 'gen_ai.aggregated_usage.total_tokens'],
]);
numbers(slot.cacheRead, [
  ...['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
  ...['llm.token_count.prompt_details.cache_read', 'llm.token_count.prompt_details.cache_input'],
  ...['ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
  ...['gen_ai.usage.details.cache_read_tokens', 'gen_ai.usage.details.cache_read_input_tokens'],
  ...['gen_ai.aggregated_usage.cache_read.input_tokens', 'gen_ai.aggregated_usage.details.cache_read_tokens'],
]);
numbers(slot.cacheWrite, [
  ...['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'],
  ...['gen_ai.usage.cache_write_input_tokens', 'llm.token_count.prompt_details.cache_write'],
  ...['ai.usage.inputTokenDetails.cacheWriteTokens', 'gen_ai.usage.details.cache_write_tokens'],
  'gen_ai.usage.details.cache_creation_input_tokens',
]);
numbers(slot.reasoning, [
  ...['gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.reasoning_tokens', 'llm.usage.reasoning_tokens'],
  ...['llm.token_count.completion_details.reasoning', 'ai.usage.outputTokenDetails.reasoningTokens'],
  ...['ai.usage.reasoningTokens', 'gen_ai.usage.details.reasoning_tokens'],
]);
// Claude Code's. Its names are those of other people too, so they come late.
numbers(slot.input, ['input_tokens'], {}, exclusiveRank);
numbers(slot.output, ['output_tokens'], {}, exclusiveRank);
numbers(slot.cacheRead, ['cache_read_tokens'], {}, exclusiveRank);
numbers(slot.cacheWrite, ['cache_creation_tokens'], {}, exclusiveRank);
numbers(slot.input, ['llm.prompt_tokens'], {}, 50);
numbers(slot.output, ['llm.completion_tokens'], {}, 50);
// Langfuse's columns, 0 where its details say nothing.
numbers(slot.input, ['promptTokens', 'inputUsage'], { isZeroAbsent: true }, 40);
numbers(slot.output, ['completionTokens', 'outputUsage'], { isZeroAbsent: true }, 40);
numbers(slot.total, ['totalTokens', 'totalUsage'], { isZeroAbsent: true }, 40);
// LangSmith's.
numbers(slot.input, ['prompt_tokens'], { isZeroAbsent: true }, 45);
numbers(slot.output, ['completion_tokens'], { isZeroAbsent: true }, 45);
numbers(slot.total, ['total_tokens'], { isZeroAbsent: true }, 45);

numbers(slot.cost, ['calculatedTotalCost', 'totalCost'], { isZeroAbsent: true }, 10);
numbers(slot.cost, ['gen_ai.usage.cost', 'llm.cost.total', 'operation.cost'], {}, 14);
numbers(slot.cost, ['total_cost', 'total_estimated_cost'], {}, 30);
numbers(slot.inputCost, ['gen_ai.usage.input_cost', 'llm.cost.prompt', 'prompt_cost'], {}, 14);
numbers(slot.outputCost, ['gen_ai.usage.output_cost', 'llm.cost.completion', 'completion_cost'], {}, 14);
numbers(slot.inputCost, ['calculatedInputCost', 'inputCost'], { isZeroAbsent: true }, 10);
numbers(slot.outputCost, ['calculatedOutputCost', 'outputCost'], { isZeroAbsent: true }, 10);

/** Objects, in the order in which they are asked. */
for (const [key, rank, read] of [
  ['langfuse.observation.usage_details', 20, readBuckets],
  ['usageDetails', 21, readBuckets],
  ['mlflow.chat.tokenUsage', 22, readUsage],
  ['langsmith.usage_metadata', 23, readUsage],
  ['span_data.usage', 24, readUsage],
  ['usage', 25, readUsage],
  ['usage_details', 26, readBuckets],
  ['gen_ai.usage.input_token_details', 27, (sink, rank, value) => readDetails(sink, rank, decoded(value), undefined)],
  ['langfuse.observation.cost_details', 1, readCost],
  ['costDetails', 2, readCost],
  ['cost_details', 3, readCost],
  ['mlflow.llm.cost', 20, readCost],
] as const satisfies readonly (readonly [string, number, UsageKey['read'] & object])[]) {
  usageKeys.set(key, { rank, read });
}

export function usageKeyOf(key: string): UsageKey | undefined {
  return usageKeys.get(key);
}

type UsageName = 'input' | 'output' | 'total' | 'cacheRead' | 'cacheWrite' | 'reasoning';

/** How providers and libraries call tokens within an object of theirs. */
const namesInUsage: readonly (readonly [UsageName, readonly string[]])[] = [
  [
    'input',
    ['input_tokens', 'prompt_tokens', 'inputTokens', 'promptTokens', 'input', 'prompt_token_count', 'promptTokenCount'],
  ],
  [
    'output',
    [
      'output_tokens',
      'completion_tokens',
      'outputTokens',
      'completionTokens',
      'output',
      'candidates_token_count',
      'candidatesTokenCount',
    ],
  ],
  ['total', ['total_tokens', 'totalTokens', 'total', 'total_token_count', 'totalTokenCount']],
  [
    'cacheRead',
    [
      'cache_read_input_tokens',
      'cacheReadInputTokens',
      'cached_content_token_count',
      'cachedContentTokenCount',
      'cachedInputTokens',
      'cache_read_tokens',
    ],
  ],
  [
    'cacheWrite',
    ['cache_creation_input_tokens', 'cache_write_input_tokens', 'cacheWriteInputTokens', 'cache_write_tokens'],
  ],
  ['reasoning', ['reasoning_tokens', 'thoughts_token_count', 'thoughtsTokenCount', 'reasoningTokens']],
];
const inputDetails = ['input_token_details', 'input_tokens_details', 'prompt_tokens_details', 'inputTokenDetails'];
const outputDetails = [
  'output_token_details',
  'output_tokens_details',
  'completion_tokens_details',
  'outputTokenDetails',
];

/** Usage as a provider or library writes it; `original_usage` is what Opik keeps of the provider's. */
export function readUsage(sink: UsageSink, rank: number, value: AttributeValue | undefined): void {
  const usage = decoded(value);
  if (!isMap(usage)) return;
  const unit = at(usage, 'unit');
  if (typeof unit === 'string' && unit.toUpperCase() !== 'TOKENS') return;
  for (const [name, keys] of namesInUsage) {
    const key = keys.find((each) => !Number.isNaN(numberOf(own(usage, each))));
    if (key !== undefined) sink.enter(slot[name], rank, own(usage, key));
  }
  // Gemini counts thoughts beside the answer.
  const thoughts = numberOf(at(usage, 'thoughts_token_count') ?? at(usage, 'thoughtsTokenCount'));
  const answer = numberOf(at(usage, 'candidates_token_count') ?? at(usage, 'candidatesTokenCount'));
  if (thoughts + answer >= 0) sink.enter(slot.output, rank - 1, thoughts + answer);
  readDetails(sink, rank, firstOf(usage, inputDetails), firstOf(usage, outputDetails));
  for (const key of Object.keys(usage)) {
    if (key.startsWith('original_usage.')) readOriginal(sink, rank, key.slice('original_usage.'.length), usage[key]);
  }
  sink.enter(slot.cost, 25, own(usage, 'total_cost'));
  sink.enter(slot.inputCost, 25, own(usage, 'input_cost'));
  sink.enter(slot.outputCost, 25, own(usage, 'output_cost'));
}

function firstOf(usage: JsonMap, keys: readonly string[]): AttributeValue | undefined {
  const key = keys.find((each) => isMap(own(usage, each)));
  return key === undefined ? undefined : own(usage, key);
}

function readDetails(
  sink: UsageSink,
  rank: number,
  input: AttributeValue | undefined,
  output: AttributeValue | undefined,
): void {
  for (const key of ['cache_read', 'cached_tokens', 'cacheReadTokens'])
    sink.enter(slot.cacheRead, rank, at(input, key));
  for (const key of ['cache_creation', 'cache_write', 'cacheWriteTokens'])
    sink.enter(slot.cacheWrite, rank, at(input, key));
  for (const key of ['reasoning', 'reasoning_tokens', 'reasoningTokens'])
    sink.enter(slot.reasoning, rank, at(output, key));
}

function readOriginal(sink: UsageSink, rank: number, name: string, value: AttributeValue | undefined): void {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (last === 'cached_tokens' || last === 'cache_read_input_tokens') sink.enter(slot.cacheRead, rank, value);
  if (last === 'cache_creation_input_tokens') sink.enter(slot.cacheWrite, rank, value);
  if (last === 'reasoning_tokens') sink.enter(slot.reasoning, rank, value);
}

/**
 * Langfuse's buckets, `{ input, output, total, input_cached_tokens, output_reasoning_tokens }`, do not overlap: what Langfuse
 * shows as input is the sum of all whose name says input. A total that is the sum of the plain two says that here they do.
 */
export function readBuckets(sink: UsageSink, rank: number, value: AttributeValue): void {
  const buckets = decoded(value);
  if (!isMap(buckets)) return;
  const sums = { input: NaN, output: NaN, cacheRead: NaN, cacheWrite: NaN, reasoning: NaN };
  for (const key of Object.keys(buckets)) {
    const number = numberOf(buckets[key]);
    if (Number.isNaN(number) || key === 'total') continue;
    const name = key.toLowerCase();
    const isOfInput = name.includes('input') || name.includes('prompt');
    const isOfOutput = name.includes('output') || name.includes('completion');
    if (isOfInput && !name.includes('prompt_details')) sums.input = (sums.input || 0) + number;
    else if (isOfOutput && !name.includes('completion_details')) sums.output = (sums.output || 0) + number;
    if (name.includes('cache')) {
      const isWritten = name.includes('creation') || name.includes('write');
      if (isWritten) sums.cacheWrite = (sums.cacheWrite || 0) + number;
      else if (isOfInput || name.includes('read')) sums.cacheRead = (sums.cacheRead || 0) + number;
    }
    if (isOfOutput && name.includes('reason')) sums.reasoning = (sums.reasoning || 0) + number;
  }
  const plain = numberOf(own(buckets, 'input')) + numberOf(own(buckets, 'output'));
  const isInclusive = plain === numberOf(own(buckets, 'total'));
  sink.enter(slot.input, rank, isInclusive ? own(buckets, 'input') : sums.input);
  sink.enter(slot.output, rank, isInclusive ? own(buckets, 'output') : sums.output);
  sink.enter(slot.total, rank, own(buckets, 'total'));
  sink.enter(slot.cacheRead, rank, sums.cacheRead);
  sink.enter(slot.cacheWrite, rank, sums.cacheWrite);
  sink.enter(slot.reasoning, rank, sums.reasoning);
}

function readCost(sink: UsageSink, rank: number, value: AttributeValue): void {
  const cost = decoded(value);
  if (!isMap(cost)) return;
  for (const key of ['total', 'total_cost']) sink.enter(slot.cost, rank, own(cost, key));
  for (const key of ['input', 'input_cost']) sink.enter(slot.inputCost, rank, own(cost, key));
  for (const key of ['output', 'output_cost']) sink.enter(slot.outputCost, rank, own(cost, key));
}

/** Attributes in which usage may stand deep inside; they are large, so they are opened only where nothing else tells. */
export function holdsUsageInside(key: string): boolean {
  return key === 'outputs' || key === 'gcp.vertex.agent.llm_response';
}

const insideRank = 100;

export function usageInside(attributes: Attributes, kind: AgentKind, sink: UsageSink): void {
  const response = decoded(own(attributes, 'gcp.vertex.agent.llm_response'));
  readUsage(sink, insideRank, at(response, 'usage_metadata') ?? at(response, 'usageMetadata'));
  if (kind !== 'llm') return;
  const outputs = decoded(own(attributes, 'outputs'));
  readUsage(sink, insideRank + 2, at(outputs, 'usage_metadata'));
  readUsage(sink, insideRank + 4, at(outputs, 'usage'));
  readUsage(sink, insideRank + 6, at(outputs, 'llm_output', 'token_usage'));
  const message =
    at(outputs, 'generations', 0, 0, 'message', 'kwargs') ?? at(outputs, 'generations', 0, 'message', 'kwargs');
  readUsage(sink, insideRank + 8, at(message, 'usage_metadata'));
  readUsage(sink, insideRank + 10, at(message, 'response_metadata', 'token_usage'));
}

export interface ModelKey {
  readonly rank: number;
  readonly isResponse: boolean;
}

const modelRanks = new Map<string, ModelKey>();
for (const [place, key] of [
  ...['gen_ai.response.model', 'llm.response.model_name', 'llm.response.model', 'ai.response.model'],
].entries()) {
  modelRanks.set(key, { rank: place, isResponse: true });
}
for (const [place, key] of [
  ...['gen_ai.request.model', 'llm.model_name', 'llm.request.model_name', 'llm.request.model', 'embedding.model_name'],
  ...['reranker.model_name', 'ai.model.id', 'langfuse.observation.model.name', 'providedModelName', 'mlflow.llm.model'],
  ...['llm_request.model', 'span_data.model', 'llm.model', 'model', 'model_name', 'ls_model_name'],
  ...['traceloop.association.properties.ls_model_name', 'ioa_observe.association.properties.ls_model_name'],
].entries()) {
  modelRanks.set(key, { rank: place, isResponse: false });
}

export function modelKeyOf(key: string): ModelKey | undefined {
  return modelRanks.get(key);
}

/** Attributes in which a model's name may stand inside. */
export function holdsModelInside(key: string): boolean {
  return modelsInside.some(([holder]) => holder === key);
}

const modelsInside: readonly (readonly [key: string, ...path: string[]])[] = [
  ['llm.invocation_parameters', 'model'],
  ['llm.invocation_parameters', 'model_name'],
  ['extra', 'metadata', 'ls_model_name'],
  ['extra', 'invocation_params', 'model'],
  ['extra', 'invocation_params', 'model_name'],
  ['metadata', 'ls_model_name'],
  ['gcp.vertex.agent.llm_request', 'model'],
  ['outputs', 'model'],
  ['inputs', 'model'],
];

/** Empty where there is none. */
export function modelInside(attributes: Attributes): string {
  for (const [key, ...path] of modelsInside) {
    const value = own(attributes, key);
    const model = typeof value === 'string' && !value.includes('model') ? undefined : at(decoded(value), ...path);
    if (isMap(model) || isList(model)) continue;
    const name = textOf(model);
    if (name !== undefined) return name;
  }
  return '';
}
