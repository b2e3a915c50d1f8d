// Which keys and which names say of what kind a span is, and which is asked before which.

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

/** Places in `agentKinds`, as columns hold them. */
export const agentKindCode: Readonly<Record<AgentKind, number>> = Object.fromEntries(
  agentKinds.map((kind, code) => [kind, code]),
) as Record<AgentKind, number>;

export type Kinds = ReadonlyMap<string, AgentKind>;

/** What one key tells. Of all rules that answer for a span, the one of the lowest rank counts. */
export interface KindRule {
  readonly rank: number;
  /** By the value, in lower case. Words that are not among them (`span`, `UNKNOWN`, `general`) are no answer. */
  readonly kinds?: Kinds;
  /** By the key alone, whatever its value is; with `isValueNeeded`, whatever value but none. */
  readonly kind?: AgentKind;
  readonly isValueNeeded?: true;
}

/** Ranks of what is no rule of a single key. */
export const kindRank = { claudeCode: 31, aiSdk: 50, mcp: 60, name: 80, call: 100, none: 1000 } as const;

/** `{ llm: 'chat completion' }` says that both words mean llm. Words stand in upper case too, as most libraries write them. */
function kinds(words: Partial<Record<AgentKind, string>>): Kinds {
  const table = new Map<string, AgentKind>();
  for (const [kind, list] of Object.entries(words)) {
    for (const word of list.split(' ')) {
      table.set(word, kind as AgentKind);
      table.set(word.toUpperCase(), kind as AgentKind);
    }
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

const langfuseKinds = kinds({
  llm: 'generation',
  agent: 'agent',
  tool: 'tool',
  chain: 'chain',
  retriever: 'retriever',
  embedding: 'embedding',
  guardrail: 'guardrail',
  evaluator: 'evaluator',
  other: 'event',
});

const mlflowKinds = kinds({
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
});

const langsmithKinds = kinds({
  llm: 'llm',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  chain: 'chain prompt parser',
});

const laminarKinds = kinds({
  llm: 'llm cached',
  tool: 'tool',
  evaluator: 'evaluator human_evaluator evaluation',
  chain: 'executor pipeline',
});

const loongSuiteKinds = kinds({
  agent: 'agent',
  chain: 'entry chain task',
  iteration: 'step',
  llm: 'llm',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  reranker: 'reranker',
});

const genkitKinds = kinds({
  llm: 'model background-model',
  embedding: 'embedder',
  tool: 'tool tool.v2',
  retriever: 'retriever',
  evaluator: 'evaluator',
});

/** Also of what follows `claude_code.` in a span's name. */
export const claudeCodeKinds = kinds({ agent: 'interaction', llm: 'llm_request', tool: 'tool' });

const openAiAgentsKinds = kinds({
  agent: 'agent',
  llm: 'generation response',
  tool: 'function mcp_tools',
  decision: 'handoff',
  guardrail: 'guardrail',
  chain: 'custom',
});

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

export const mcpKinds = kinds({ tool: 'tools/call', retriever: 'resources/read', chain: 'prompts/get' });

const exactRules: ReadonlyMap<string, KindRule> = new Map<string, KindRule>([
  ['openinference.span.kind', { rank: 10, kinds: openInferenceKinds }],
  ['span_kind', { rank: 11, kinds: openInferenceKinds }],
  ['langfuse.observation.type', { rank: 12, kinds: langfuseKinds }],
  ['mlflow.spanType', { rank: 13, kinds: mlflowKinds }],
  ['langsmith.span.kind', { rank: 14, kinds: langsmithKinds }],
  ['run_type', { rank: 15, kinds: langsmithKinds }],
  ['lmnr.span.type', { rank: 16, kinds: laminarKinds }],
  ['traceloop.span.kind', { rank: 17, kinds: kinds({ chain: 'workflow task', agent: 'agent', tool: 'tool' }) }],
  ['gen_ai.span.kind', { rank: 18, kinds: loongSuiteKinds }],
  ['genkit:metadata:subtype', { rank: 19, kinds: genkitKinds }],
  ['span.type', { rank: 30, kinds: claudeCodeKinds }],
  ['opik.span.type', { rank: 32, kinds: kinds({ llm: 'llm', tool: 'tool', guardrail: 'guardrail' }) }],
  ['span_data.type', { rank: 33, kinds: openAiAgentsKinds }],
  ['gen_ai.operation.name', { rank: 40, kinds: operationKinds }],
  ['gen_ai.tool.name', { rank: 70, kind: 'tool', isValueNeeded: true }],
  ['gen_ai.tool.call.id', { rank: 70, kind: 'tool', isValueNeeded: true }],
  [
    'llm.request.type',
    { rank: 90, kinds: kinds({ llm: 'chat completion', embedding: 'embedding', reranker: 'rerank' }) },
  ],
  ['tool.name', { rank: 101, kind: 'tool' }],
  ['http.request.method', { rank: 107, kind: 'http' }],
  ['http.method', { rank: 107, kind: 'http' }],
  ['url.full', { rank: 107, kind: 'http' }],
  ['db.system', { rank: 108, kind: 'db' }],
  ['db.system.name', { rank: 108, kind: 'db' }],
  ['agent', { rank: 120, kind: 'agent', isValueNeeded: true }],
]);

/** By what a key begins with. */
const prefixRules: readonly (readonly [prefix: string, rule: KindRule])[] = [
  ['flue.tool.', { rank: 71, kind: 'tool' }],
  ['flue.task.', { rank: 72, kind: 'agent' }],
  ['retrieval.documents', { rank: 102, kind: 'retriever' }],
  ['gen_ai.retrieval.', { rank: 102, kind: 'retriever' }],
  ['db.vector.', { rank: 102, kind: 'retriever' }],
  ['embedding.', { rank: 103, kind: 'embedding' }],
  ['memory.', { rank: 104, kind: 'memory' }],
  ['gen_ai.memory.', { rank: 104, kind: 'memory' }],
  ['decision.', { rank: 105, kind: 'decision' }],
  ['gen_ai.evaluation.', { rank: 106, kind: 'evaluator' }],
  ['messaging.', { rank: 109, kind: 'queue' }],
  ['rpc.', { rank: 110, kind: 'rpc' }],
];

export function kindRuleOf(key: string): KindRule | undefined {
  return exactRules.get(key) ?? prefixRules.find(([prefix]) => key.startsWith(prefix))?.[1];
}

/**
 * Keys of a model's name, and keys of tokens used or messages sent and received: one of each is evidence of a call. A model's
 * name alone is none: an agent's own span has one too.
 */
export function isModelKey(key: string): boolean {
  return modelKeys.has(key);
}

export function isCallKey(key: string): boolean {
  return callKeys.has(key) || callPrefixes.some((prefix) => key.startsWith(prefix));
}

const modelKeys: ReadonlySet<string> = new Set([
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

const callPrefixes = [
  'gen_ai.usage.',
  'llm.token_count.',
  'llm.usage.',
  'ai.usage.',
  'gen_ai.prompt.',
  'gen_ai.completion.',
  'llm.input_messages.',
  'llm.output_messages.',
  'llm.prompts.',
  'llm.choices.',
];

const callKeys: ReadonlySet<string> = new Set([
  'llm.prompt_tokens',
  'llm.completion_tokens',
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
  'gen_ai.completion',
  'llm.input_messages',
  'llm.output_messages',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.response.toolCalls',
  'ai.response.object',
]);

interface NameRule {
  readonly name: RegExp;
  readonly kind: AgentKind;
  /** Only where the span's instrumentation scope is this one. */
  readonly scope?: string;
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

export function kindOfName(name: string, scope: string | undefined): AgentKind | undefined {
  return nameRules.find((rule) => rule.name.test(name) && (!rule.scope || rule.scope === scope))?.kind;
}

/** Vercel's AI SDK: a wrapper (`ai.generateText`) around calls of the provider (`ai.generateText.doGenerate`). */
export function kindOfAiSdk(operation: string): AgentKind | undefined {
  if (/\.(dogenerate|dostream)$/i.test(operation)) return 'llm';
  if (/\.doembed$/i.test(operation)) return 'embedding';
  if (/\.dorerank$/i.test(operation)) return 'reranker';
  return aiSdkKinds.get(operation.toLowerCase());
}

/** A word without the quotes that MLflow puts around every value, in lower case; empty where it is none. */
export function wordOf(value: unknown): string {
  if (typeof value !== 'string' || value.length > 200) return '';
  const text = value.trim().toLowerCase();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
