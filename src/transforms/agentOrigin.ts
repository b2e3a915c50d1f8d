import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import type { RecordedEvents } from './agentFacts.ts';
import { at, decoded, firstText, isList, numberOf, own, textOf } from './agentValues.ts';

// Who recorded a span, whose model it called, for whom, and when the answer began.

const scopeNames: readonly (readonly [begin: string, name: string])[] = [
  ['openinference.instrumentation', 'OpenInference'],
  ['@arizeai/openinference', 'OpenInference'],
  ['opentelemetry.instrumentation', 'OpenLLMetry'],
  ['traceloop', 'OpenLLMetry'],
  ['gcp.vertex.agent', 'Google ADK'],
  ['pydantic-ai', 'Pydantic AI'],
  ['strands', 'Strands'],
  ['livekit-agents', 'LiveKit Agents'],
  ['langfuse-sdk', 'Langfuse'],
  ['ai', 'Vercel AI SDK'],
];
/** By what an attribute's key begins with, where the scope does not tell. */
const keyNames: readonly (readonly [begin: string, name: string])[] = [
  ['ai.', 'Vercel AI SDK'],
  ['gcp.vertex.agent.', 'Google ADK'],
  ['pydantic_ai.', 'Pydantic AI'],
  ['openinference.', 'OpenInference'],
  ['traceloop.', 'OpenLLMetry'],
  ['langsmith.', 'LangSmith'],
  ['mlflow.', 'MLflow'],
  ['lmnr.', 'Laminar'],
  ['opik.', 'Opik'],
  ['span_data.', 'OpenAI Agents'],
  ['genkit:', 'Genkit'],
  ['langfuse.', 'Langfuse'],
  ['logfire.', 'Logfire'],
];
const frameworks: ReadonlyMap<string, string> = new Map([
  ['langchain', 'LangChain'],
  ['langgraph', 'LangGraph'],
  ['crewai', 'CrewAI'],
  ['autogen', 'AutoGen'],
  ['gcp.vertex.agent', 'Google ADK'],
  ['strands-agents', 'Strands'],
  ['litellm', 'LiteLLM'],
]);

export function frameworkOf(span: Span): string | undefined {
  const { attributes } = span;
  const named = frameworks.get(providerText(attributes)?.toLowerCase() ?? '');
  if (named !== undefined) return named;
  const scope = span.scope?.name ?? '';
  for (const [begin, name] of scopeNames) {
    if (scope !== begin && !(begin.length > 2 && scope.startsWith(begin))) continue;
    if (name === 'OpenLLMetry' && !isOfModels(scope, attributes)) return undefined;
    const library = /\.instrumentation\.(.+)$/.exec(scope)?.[1];
    return library === undefined ? name : `${name} ${library}`;
  }
  if (span.name.startsWith('claude_code.') || own(attributes, 'span.type') === 'llm_request') return 'Claude Code';
  if (Object.hasOwn(attributes, 'run_type') && Object.hasOwn(attributes, 'inputs')) return 'LangSmith';
  const keys = Object.keys(attributes);
  return keyNames.find(([begin]) => keys.some((key) => key.startsWith(begin)))?.[1];
}

/** `opentelemetry.instrumentation.fastapi` instruments no model. */
function isOfModels(scope: string, attributes: Attributes): boolean {
  return (
    scope.startsWith('traceloop') || Object.keys(attributes).some((key) => /^(?:gen_ai|llm|traceloop)\./.test(key))
  );
}

const providerKeys = [
  'gen_ai.provider.name',
  'gen_ai.system',
  'llm.provider',
  'llm.system',
  'ai.model.provider',
  'mlflow.llm.provider',
  'provider',
];
const moreProviderKeys = [
  'ls_provider',
  'traceloop.association.properties.ls_provider',
  'ioa_observe.association.properties.ls_provider',
];

function providerText(attributes: Attributes): string | undefined {
  return firstText(attributes, providerKeys);
}

/** One spelling for each vendor: the left word is how others write it. */
const vendors: ReadonlyMap<string, string> = new Map([
  ['az.ai.openai', 'azure.ai.openai'],
  ['azure', 'azure.ai.openai'],
  ['azure_openai', 'azure.ai.openai'],
  ['az.ai.inference', 'azure.ai.inference'],
  ['aws_bedrock', 'aws.bedrock'],
  ['aws', 'aws.bedrock'],
  ['bedrock', 'aws.bedrock'],
  ['amazon_bedrock', 'aws.bedrock'],
  ['google', 'gcp.gemini'],
  ['gemini', 'gcp.gemini'],
  ['google_genai', 'gcp.gemini'],
  ['gcp.gen_ai', 'gcp.gemini'],
  ['vertexai', 'gcp.vertex_ai'],
  ['vertex_ai', 'gcp.vertex_ai'],
  ['google_vertexai', 'gcp.vertex_ai'],
  ['mistralai', 'mistral_ai'],
  ['mistral', 'mistral_ai'],
  ['xai', 'x_ai'],
]);

/** The vendor whose model was called. A framework is none, nor is a word that stands for not knowing. */
export function providerOf(attributes: Attributes): string | undefined {
  const extra = decoded(own(attributes, 'extra'));
  const metadata = decoded(own(attributes, 'metadata'));
  const candidates = [
    ...[...providerKeys, ...moreProviderKeys].map((key) => firstText(attributes, [key])),
    textOf(at(extra, 'metadata', 'ls_provider')),
    textOf(at(metadata, 'ls_provider')),
  ];
  for (const candidate of candidates) {
    const word = candidate?.trim().toLowerCase() ?? '';
    if (word === '' || word === 'unknown' || word === 'other' || word === '_other' || frameworks.has(word)) continue;
    return vendors.get(word) ?? withoutApi(word);
  }
  return undefined;
}

/** The AI SDK names the interface too: `openai.chat`, `google.generative-ai`, `amazon-bedrock`. */
function withoutApi(word: string): string {
  if (/^(?:azure\.ai|aws|gcp|ibm|az\.ai)\./.test(word) || !word.includes('.')) return word;
  const vendor = word.slice(0, word.indexOf('.'));
  return vendors.get(vendor) ?? vendor;
}

/** MLflow and others note what holds for the whole trace beside its spans. */
function textAround(span: Span, keys: readonly string[]): string | undefined {
  return firstText(span.attributes, keys) ?? firstText(span.resource, keys);
}

export function sessionOf(span: Span): string | undefined {
  const metadata = at(decoded(own(span.attributes, 'extra')), 'metadata');
  return (
    textAround(span, [
      ...[
        'gen_ai.conversation.id',
        'session.id',
        'langfuse.session.id',
        'sessionId',
        'traceloop.association.properties.session_id',
      ],
      ...[
        'traceloop.association.properties.thread_id',
        'lmnr.association.properties.session_id',
        'ai.telemetry.metadata.sessionId',
      ],
      ...['gcp.vertex.agent.session_id', 'mlflow.trace.session'],
    ]) ??
    textOf(at(metadata, 'thread_id') ?? at(metadata, 'session_id') ?? at(metadata, 'conversation_id')) ??
    firstText(span.attributes, ['thread_id', 'group_id'])
  );
}

export function userOf(span: Span): string | undefined {
  return textAround(span, [
    ...[
      'user.id',
      'enduser.id',
      'langfuse.user.id',
      'userId',
      'gen_ai.user',
      'llm.user',
      'traceloop.association.properties.user_id',
    ],
    ...['lmnr.association.properties.user_id', 'ai.telemetry.metadata.userId', 'mlflow.trace.user', 'kagent.user_id'],
  ]);
}

/** What libraries call an agent is a step's or a function's name on other spans. */
export function agentNameOf(attributes: Attributes, isAgent: boolean): string | undefined {
  const stated = firstText(attributes, ['gen_ai.agent.name', 'agent.name', 'agent_name']);
  if (stated !== undefined || !isAgent) return stated;
  return firstText(attributes, [
    ...['traceloop.entity.name', 'graph.node.name', 'graph.node.id', 'ai.telemetry.functionId', 'agent_type', 'agent'],
    'span_data.name',
  ]);
}

export function tagsOf(attributes: Attributes): readonly string[] {
  for (const key of [
    'tag.tags',
    'langfuse.trace.tags',
    'tags',
    'langsmith.span.tags',
    'logfire.tags',
    'lmnr.association.properties.tags',
  ]) {
    const value = decoded(own(attributes, key));
    if (isList(value) && value.length > 0) return value.map((tag) => textOf(tag) ?? '').filter((tag) => tag !== '');
    if (typeof value === 'string' && value !== '') return value.split(',').map((tag) => tag.trim());
  }
  return [];
}

export function finishReasonOf(attributes: Attributes, events: RecordedEvents['events']): string | undefined {
  const listed = decoded(own(attributes, 'gen_ai.response.finish_reasons'));
  const first = isList(listed) ? textOf(listed[0]) : textOf(listed);
  return (
    first ??
    firstText(attributes, [
      ...[
        'ai.response.finishReason',
        'llm.finish_reason',
        'llm.response.finish_reason',
        'gen_ai.completion.0.finish_reason',
      ],
      ...['gen_ai.response.stop_reason', 'llm.response.stop_reason', 'ai.finishReason', 'stop_reason', 'finish_reason'],
    ]) ??
    firstOfEvents(events)
  );
}

function firstOfEvents(events: RecordedEvents['events']): string | undefined {
  for (const { name, attributes } of events) {
    if (name !== 'gen_ai.choice') continue;
    const reason = firstText(attributes, ['finish_reason']);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const second = 1e9;
const millisecond = 1e6;
/** How long until the first token, and in what unit: each key has its own. */
const durationKeys: readonly (readonly [key: string, unit: number])[] = [
  ['gen_ai.response.time_to_first_chunk', second],
  ['gen_ai.client.operation.time_to_first_chunk', second],
  ['timeToFirstToken', second],
  ['ai.response.msToFirstChunk', millisecond],
  // Strands; in spite of its name, OpenTelemetry's is in seconds.
  ['gen_ai.server.time_to_first_token', millisecond],
  ['llm.first_token_ms', millisecond],
  ['ttft_ms', millisecond],
];
const momentKeys = [
  'langfuse.observation.completion_start_time',
  'completionStartTime',
  'completion_start_time',
  'first_token_time',
];
const firstTokenEvents = new Set([
  ...[
    'ai.stream.firstChunk',
    'First Token Stream Event',
    'gen_ai.content.completion.chunk',
    'new_token',
    'first_token',
  ],
  'mlflow.chunk.item.0',
]);

/** How long the model itself took, where the span is longer than that: retries, parsing and waiting are left out. */
export function modelTime(attributes: Attributes): number | undefined {
  for (const key of ['ai.response.msToFinish', 'llm.duration_ms']) {
    const duration = numberOf(own(attributes, key));
    if (duration > 0) return Math.round(duration * millisecond);
  }
  return undefined;
}

/** Tokens a second, where the source says it. */
export function statedRate(attributes: Attributes): number | undefined {
  for (const key of ['ai.response.avgOutputTokensPerSecond', 'ai.response.avgCompletionTokensPerSecond']) {
    const rate = numberOf(own(attributes, key));
    if (rate > 0) return rate;
  }
  return undefined;
}

/** From the span's start, in nanoseconds; undefined where nothing tells. */
export function timeToFirstToken(span: Span): number | undefined {
  const { attributes, events } = span;
  for (const [key, unit] of durationKeys) {
    const duration = numberOf(own(attributes, key));
    if (duration > 0) return Math.round(duration * unit);
  }
  for (const key of momentKeys) {
    const offset = offsetOf(own(attributes, key), span);
    if (offset !== undefined) return offset;
  }
  for (const event of events) {
    if (!firstTokenEvents.has(event.name)) continue;
    if (event.time !== undefined) return event.time >= span.start ? event.time - span.start : undefined;
    const duration = numberOf(
      own(event.attributes, 'ai.response.msToFirstChunk') ?? own(event.attributes, 'ai.stream.msToFirstChunk'),
    );
    if (duration > 0) return Math.round(duration * millisecond);
  }
  return undefined;
}

/** Dates hold milliseconds; what is said finer is read out of the text. */
function offsetOf(moment: AttributeValue | undefined, span: Span): number | undefined {
  const text = textOf(decoded(moment));
  if (text === undefined || text.length > 40) return undefined;
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)?$/.exec(text.trim());
  if (!match) return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = match;
  const seconds = Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(seconds)) return undefined;
  const nanos = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
  const offset = Number(nanos - span.startTimeUnixNano);
  return offset >= 0 ? offset : undefined;
}
