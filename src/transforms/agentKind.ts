import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';

/** The kinds, in an order that gives columns their codes. */
export const agentKinds = [
  'agent',
  'llm',
  'tool',
  'retriever',
  'embedding',
  'reranker',
  'memory',
  'decision',
  'guardrail',
  'evaluator',
  'chain',
  'iteration',
  'http',
  'db',
  'queue',
  'rpc',
  'other',
] as const;

/** What a span does in an agent's run, or in the services below it. */
export type AgentKind = (typeof agentKinds)[number];

/**
 * The span's kind by the first of these that gives an answer: what a tracing library says outright, in order of
 * reliability; an operation; the span's whole name; what its attributes are evidence of. Nothing is guessed from a word
 * within a name, nor is a model's name alone a call to it: an agent's own span has one too.
 *
 * The order matters where a span speaks several conventions at once: LangSmith writes the operation `embeddings` onto a
 * retriever, OpenLLMetry marks LangChain's root as a workflow that invokes an agent.
 */
export function agentKind(span: Span): AgentKind {
  const { attributes } = span;
  return (
    kindDeclared(attributes) ??
    kindOfSubtype(span, attributes) ??
    operationKinds.get(textOf(attributes, 'gen_ai.operation.name')) ??
    kindOfAiSdk(span, attributes) ??
    kindOfMcp(attributes) ??
    kindOfToolCall(attributes) ??
    kindOfName(span) ??
    requestKinds.get(textOf(attributes, 'llm.request.type')) ??
    kindOfEvidence(attributes) ??
    'other'
  );
}

/**
 * What to call the span beside the icon of its kind: `search` for `tool:search`, `retrieve` for `memory:retrieve`,
 * `iteration 2` for `iteration_2`, the tool's name where the span is named after no tool (`running tool`); else its name.
 */
export function agentLabel(span: Span): string {
  const { name } = span;
  const prefixed = /^(?:tool|memory|decision):(.+)$/s.exec(name) ?? /^execute_tool (.+)$/s.exec(name);
  if (prefixed) return prefixed[1]!;
  const iteration = /^iteration_(\d+)$/.exec(name);
  if (iteration) return `iteration ${iteration[1]}`;
  const entity = /^(.+)\.(?:workflow|task|agent|tool)$/s.exec(name);
  if (entity) return entity[1]!;
  if (namesOfAnyTool.has(name)) return toolName(span.attributes) ?? name;
  return name;
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

type Kinds = ReadonlyMap<string, AgentKind>;

/** `llm: 'chat completion'` says that both words mean llm. */
function kinds(words: Partial<Record<AgentKind, string>>): Kinds {
  const table = new Map<string, AgentKind>();
  for (const [kind, list] of Object.entries(words)) {
    for (const word of list.split(' ')) table.set(word, kind as AgentKind);
  }
  return table;
}

const openInferenceKinds = kinds({
  llm: 'llm',
  tool: 'tool',
  agent: 'agent',
  chain: 'chain prompt',
  retriever: 'retriever',
  embedding: 'embedding',
  reranker: 'reranker',
  guardrail: 'guardrail',
  evaluator: 'evaluator',
});

/** Words that are in no table (`span`, `UNKNOWN`, `DEFAULT`, `general`) are no answer: the next key is asked. */
const declaringKeys: readonly (readonly [key: string, kinds: Kinds])[] = [
  ['openinference.span.kind', openInferenceKinds],
  ['span_kind', openInferenceKinds],
  [
    'langfuse.observation.type',
    kinds({
      llm: 'generation',
      agent: 'agent',
      tool: 'tool',
      chain: 'chain',
      retriever: 'retriever',
      embedding: 'embedding',
      guardrail: 'guardrail',
      evaluator: 'evaluator',
      other: 'event',
    }),
  ],
  [
    'mlflow.spanType',
    kinds({
      llm: 'llm chat_model',
      agent: 'agent',
      tool: 'tool function',
      retriever: 'retriever',
      embedding: 'embedding',
      reranker: 'reranker',
      memory: 'memory',
      chain: 'parser chain workflow task',
      guardrail: 'guardrail',
      evaluator: 'evaluator',
    }),
  ],
  ...['langsmith.span.kind', 'run_type'].map(
    (key) =>
      [
        key,
        kinds({
          llm: 'llm',
          tool: 'tool',
          retriever: 'retriever',
          embedding: 'embedding',
          chain: 'chain prompt parser',
        }),
      ] as const,
  ),
  [
    'lmnr.span.type',
    kinds({
      llm: 'llm cached',
      tool: 'tool',
      evaluator: 'evaluator human_evaluator evaluation',
      chain: 'executor pipeline',
    }),
  ],
  ['traceloop.span.kind', kinds({ chain: 'workflow task', agent: 'agent', tool: 'tool' })],
  [
    'gen_ai.span.kind',
    kinds({
      agent: 'agent',
      chain: 'entry chain task',
      iteration: 'step',
      llm: 'llm',
      tool: 'tool',
      retriever: 'retriever',
      embedding: 'embedding',
      reranker: 'reranker',
    }),
  ],
  [
    'genkit:metadata:subtype',
    kinds({
      llm: 'model background-model',
      embedding: 'embedder',
      tool: 'tool tool.v2',
      retriever: 'retriever',
      evaluator: 'evaluator',
    }),
  ],
];

function kindDeclared(attributes: Attributes): AgentKind | undefined {
  for (const [key, table] of declaringKeys) {
    const kind = table.get(textOf(attributes, key));
    if (kind) return kind;
  }
  return undefined;
}

const claudeCodeKinds = kinds({ agent: 'interaction', llm: 'llm_request', tool: 'tool' });
const opikKinds = kinds({ llm: 'llm', tool: 'tool', guardrail: 'guardrail' });
const openAiAgentsKinds = kinds({
  agent: 'agent',
  llm: 'generation response',
  tool: 'function mcp_tools',
  decision: 'handoff',
  guardrail: 'guardrail',
  chain: 'custom',
});

function kindOfSubtype(span: Span, attributes: Attributes): AgentKind | undefined {
  return (
    claudeCodeKinds.get(textOf(attributes, 'span.type')) ??
    claudeCodeKinds.get(/^claude_code\.(\w+)$/.exec(span.name)?.[1] ?? '') ??
    opikKinds.get(textOf(attributes, 'opik.span.type')) ??
    openAiAgentsKinds.get(textOf(attributes, 'span_data.type'))
  );
}

/** `gen_ai.operation.name` of OpenTelemetry's GenAI conventions and of the frameworks that add to them. */
const operationKinds = kinds({
  llm: 'chat text_completion completion generate_content generate response llm_request',
  embedding: 'embeddings',
  tool: 'execute_tool',
  agent: 'invoke_agent create_agent invoke_swarm',
  chain: 'invoke_workflow plan execute_task agent_step execute_event_loop_cycle',
  retriever: 'retrieval vector_db_retrieve',
  reranker: 'rerank',
  memory:
    'create_memory search_memory update_memory upsert_memory delete_memory create_memory_store delete_memory_store',
});

const aiSdkKinds = kinds({
  tool: 'ai.toolcall',
  agent: 'ai.generatetext ai.streamtext ai.generateobject ai.streamobject',
  chain: 'ai.embed ai.embedmany ai.rerank',
});

/** Vercel's AI SDK: a wrapper (`ai.generateText`) around calls of the provider (`ai.generateText.doGenerate`). */
function kindOfAiSdk(span: Span, attributes: Attributes): AgentKind | undefined {
  const operation =
    textOf(attributes, 'ai.operationId') ||
    textOf(attributes, 'operation.name').split(' ', 1)[0] ||
    span.name.toLowerCase();
  if (/\.(dogenerate|dostream)$/.test(operation)) return 'llm';
  if (operation.endsWith('.doembed')) return 'embedding';
  if (operation.endsWith('.dorerank')) return 'reranker';
  return aiSdkKinds.get(operation);
}

const mcpKinds = kinds({ tool: 'tools/call', retriever: 'resources/read', chain: 'prompts/get' });

function kindOfMcp(attributes: Attributes): AgentKind | undefined {
  const method = textOf(attributes, 'mcp.method.name');
  return method === '' ? undefined : (mcpKinds.get(method) ?? 'other');
}

function kindOfToolCall(attributes: Attributes): AgentKind | undefined {
  if (has(attributes, 'gen_ai.tool.name') || has(attributes, 'gen_ai.tool.call.id')) return 'tool';
  if (hasPrefix(attributes, 'flue.tool.')) return 'tool';
  if (hasPrefix(attributes, 'flue.task.')) return 'agent';
  return undefined;
}

interface NameRule {
  name: RegExp;
  kind: AgentKind;
  /** Only where the span's instrumentation scope is this one. */
  scope?: string;
}

/** Whole names and fixed beginnings, never a word inside: services and functions are called all sorts of things. */
const nameRules: readonly NameRule[] = [
  { name: /^agent_run(\b|$)/, kind: 'agent' },
  { name: /^llm_call$/, kind: 'llm' },
  { name: /^tool:./s, kind: 'tool' },
  { name: /^memory:./s, kind: 'memory' },
  { name: /^decision:./s, kind: 'decision' },
  { name: /^iteration_\d+$/, kind: 'iteration' },
  { name: /^(chat|text_completion|generate_content) ./, kind: 'llm' },
  { name: /^execute_tool ./, kind: 'tool' },
  { name: /^running tool$/, kind: 'tool' },
  { name: /^running \d+ tools$/, kind: 'chain' },
  { name: /^(invoke_agent|create_agent) ./, kind: 'agent' },
  { name: /^agent run$/, kind: 'agent' },
  { name: /^.+ run$/, kind: 'agent', scope: 'pydantic-ai' },
  { name: /^embeddings ./, kind: 'embedding' },
  { name: /^rerank ./, kind: 'reranker' },
  { name: /^retrieval ./, kind: 'retriever' },
  { name: /^invoke_workflow ./, kind: 'chain' },
  { name: /^call_llm$/, kind: 'llm', scope: 'gcp.vertex.agent' },
  { name: /^invocation$/, kind: 'agent', scope: 'gcp.vertex.agent' },
  { name: /^send_data$/, kind: 'other', scope: 'gcp.vertex.agent' },
  { name: /^execute_event_loop_cycle$/, kind: 'iteration' },
  { name: /^step \d+$/, kind: 'iteration' },
  { name: /^agent_step\b/, kind: 'iteration' },
  { name: /\.(workflow|task)$/, kind: 'chain' },
  { name: /\.agent$/, kind: 'agent' },
  { name: /\.tool$/, kind: 'tool' },
  { name: /^autogen (create|process|publish|send|ack) /, kind: 'queue' },
  { name: /^(agent_turn|start_agent_activity)$/, kind: 'agent', scope: 'livekit-agents' },
  { name: /^function_tool$/, kind: 'tool', scope: 'livekit-agents' },
];

function kindOfName(span: Span): AgentKind | undefined {
  const { name } = span;
  return nameRules.find((rule) => rule.name.test(name) && (!rule.scope || rule.scope === span.scope?.name))?.kind;
}

const requestKinds = kinds({ llm: 'chat completion', embedding: 'embedding', reranker: 'rerank' });

const modelKeys = new Set([
  'gen_ai.response.model',
  'gen_ai.request.model',
  'llm.response.model_name',
  'llm.model_name',
  'llm.request.model_name',
  'llm.request.model',
  'llm.response.model',
  'ai.response.model',
  'ai.model.id',
  'langfuse.observation.model.name',
  'mlflow.llm.model',
  'llm_request.model',
  'llm.model',
  'model',
]);

/** Tokens used, or messages sent and received. A key that ends in a dot stands for all keys below it. */
const callKeys = [
  'gen_ai.usage.',
  'llm.token_count.',
  'llm.usage.',
  'llm.prompt_tokens',
  'llm.completion_tokens',
  'ai.usage.',
  'usage.prompt_tokens',
  'usage.completion_tokens',
  'usage.total_tokens',
  'langfuse.observation.usage_details',
  'mlflow.chat.tokenUsage',
  'langsmith.usage_metadata',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.prompt',
  'gen_ai.prompt.',
  'gen_ai.completion',
  'gen_ai.completion.',
  'llm.input_messages.',
  'llm.output_messages.',
  'llm.prompts.',
  'llm.choices.',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.response.toolCalls',
  'ai.response.object',
] as const;

const evidence: readonly (readonly [kind: AgentKind, keys: readonly string[]])[] = [
  ['tool', ['tool.name']],
  ['retriever', ['retrieval.documents.', 'gen_ai.retrieval.', 'db.vector.']],
  ['embedding', ['embedding.']],
  ['memory', ['memory.', 'gen_ai.memory.']],
  ['decision', ['decision.']],
  ['evaluator', ['gen_ai.evaluation.']],
  ['http', ['http.request.method', 'http.method', 'url.full']],
  ['db', ['db.system', 'db.system.name']],
  ['queue', ['messaging.']],
  ['rpc', ['rpc.']],
];

function kindOfEvidence(attributes: Attributes): AgentKind | undefined {
  const keys = Object.keys(attributes);
  if (keys.some((key) => modelKeys.has(key)) && keys.some((key) => isAmong(key, callKeys))) return 'llm';
  return evidence.find(([, evident]) => keys.some((key) => isAmong(key, evident)))?.[0];
}

function isAmong(key: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => key === pattern || (pattern.endsWith('.') && key.startsWith(pattern)));
}

function hasPrefix(attributes: Attributes, prefix: string): boolean {
  return Object.keys(attributes).some((key) => key.startsWith(prefix));
}

function has(attributes: Attributes, key: string): boolean {
  const value = own(attributes, key);
  return value !== undefined && value !== null && value !== '';
}

function own(attributes: Attributes, key: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

/** A word as the tables have it: lower case, without the quotes that MLflow puts around every value. Empty for no word. */
function textOf(attributes: Attributes, key: string): string {
  const value = own(attributes, key);
  if (typeof value !== 'string' || value.length > 200) return '';
  const text = value.trim().toLowerCase();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
