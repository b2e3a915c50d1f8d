import { describe, expect, it } from 'vitest';
import { type Attributes, noDetails, setAttribute } from '../../../src/model/details.ts';
import type { Span } from '../../../src/model/trace.ts';
import { TraceBuilder } from '../../../src/model/traceBuilder.ts';
import { agentKind, agentLabel } from '../../../src/transforms/agentKind.ts';

function spanOf(name: string, attributes: Attributes = {}, scope?: string): Span {
  const builder = new TraceBuilder('trace');
  builder.add({
    spanId: 'span',
    parentSpanId: undefined,
    name,
    serviceName: 'app',
    kind: 'internal',
    status: 'ok',
    start: { seconds: 0, nanos: 0 },
    end: { seconds: 1, nanos: 0 },
    followsFrom: false,
  });
  const details = { ...noDetails, attributes, scope: scope === undefined ? undefined : { name: scope } };
  return builder.build({ read: () => details }).spanAt(0);
}

function kindOf(attributes: Attributes, name = 'work'): string {
  return agentKind(spanOf(name, attributes));
}

/** Each value of one key, as a line `value, value: kind`. */
function kindsOfValues(key: string, lines: readonly string[]): void {
  for (const line of lines) {
    const [values, kind] = line.split(': ') as [string, string];
    for (const value of values.split(', ')) expect(kindOf({ [key]: value }), `${key}=${value}`).toBe(kind);
  }
}

describe('agentKind, by the first rule that answers', () => {
  it('1: takes the kind that OpenInference declares, also where Phoenix has it at the top', () => {
    const lines = [
      'LLM: llm',
      'TOOL: tool',
      'AGENT: agent',
      'CHAIN, PROMPT: chain',
      'RETRIEVER: retriever',
      'EMBEDDING: embedding',
      'RERANKER: reranker',
      'GUARDRAIL: guardrail',
      'EVALUATOR: evaluator',
      'UNKNOWN: other',
    ];
    kindsOfValues('openinference.span.kind', lines);
    kindsOfValues('span_kind', lines);
  });

  it('2: takes the type of a Langfuse observation', () => {
    kindsOfValues('langfuse.observation.type', [
      'generation: llm',
      'agent: agent',
      'tool: tool',
      'chain: chain',
      'retriever: retriever',
      'embedding: embedding',
      'guardrail: guardrail',
      'evaluator: evaluator',
      'event, span: other',
    ]);
    expect(kindOf({ 'langfuse.observation.type': 'span', 'gen_ai.operation.name': 'chat' })).toBe('llm');
    expect(kindOf({ 'langfuse.observation.type': 'event', 'gen_ai.operation.name': 'chat' })).toBe('other');
  });

  it('3: takes the type of an MLflow span, with the quotes that MLflow writes', () => {
    kindsOfValues('mlflow.spanType', [
      'LLM, "LLM", "CHAT_MODEL": llm',
      '"AGENT": agent',
      '"TOOL", "FUNCTION": tool',
      '"RETRIEVER": retriever',
      '"EMBEDDING": embedding',
      '"RERANKER": reranker',
      '"MEMORY": memory',
      '"PARSER", "CHAIN", "WORKFLOW", "TASK": chain',
      '"GUARDRAIL": guardrail',
      '"EVALUATOR": evaluator',
      '"UNKNOWN": other',
    ]);
  });

  it('4: takes the kind of a LangSmith run', () => {
    const lines = [
      'llm: llm',
      'tool: tool',
      'retriever: retriever',
      'embedding: embedding',
      'chain, prompt, parser: chain',
    ];
    kindsOfValues('langsmith.span.kind', lines);
    kindsOfValues('run_type', lines);
  });

  it('5: takes the type of a Laminar span', () => {
    kindsOfValues('lmnr.span.type', [
      'LLM, CACHED: llm',
      'TOOL: tool',
      'EVALUATOR, HUMAN_EVALUATOR, EVALUATION: evaluator',
      'EXECUTOR, PIPELINE: chain',
      'DEFAULT: other',
    ]);
  });

  it('6: takes the kind of an OpenLLMetry span', () => {
    kindsOfValues('traceloop.span.kind', ['workflow, task: chain', 'agent: agent', 'tool: tool', 'unknown: other']);
  });

  it('7: takes the kinds of LoongSuite, Genkit, Claude Code, Opik and the OpenAI Agents SDK', () => {
    kindsOfValues('gen_ai.span.kind', [
      'ENTRY, CHAIN: chain',
      'AGENT: agent',
      'STEP: iteration',
      'LLM: llm',
      'TOOL: tool',
    ]);
    kindsOfValues('genkit:metadata:subtype', [
      'model, background-model: llm',
      'embedder: embedding',
      'tool, tool.v2: tool',
      'retriever: retriever',
      'evaluator: evaluator',
    ]);
    kindsOfValues('span.type', ['interaction: agent', 'llm_request: llm', 'tool: tool', 'web: other']);
    kindsOfValues('opik.span.type', ['llm: llm', 'tool: tool', 'guardrail: guardrail', 'general: other']);
    kindsOfValues('span_data.type', [
      'agent: agent',
      'generation, response: llm',
      'function, mcp_tools: tool',
      'handoff: decision',
      'guardrail: guardrail',
      'custom: chain',
    ]);
    const claudeCode = ['claude_code.interaction', 'claude_code.llm_request', 'claude_code.tool', 'claude_code.hook'];
    expect(claudeCode.map((name) => kindOf({}, name))).toEqual(['agent', 'llm', 'tool', 'other']);
  });

  it('8: takes the GenAI operation', () => {
    kindsOfValues('gen_ai.operation.name', [
      'chat, text_completion, completion, generate_content, generate, response, llm_request: llm',
      'embeddings: embedding',
      'execute_tool: tool',
      'invoke_agent, create_agent, invoke_swarm: agent',
      'invoke_workflow, plan, execute_task, agent_step, execute_event_loop_cycle: chain',
      'retrieval, vector_db_retrieve: retriever',
      'rerank: reranker',
      'create_memory, search_memory, update_memory, upsert_memory, delete_memory: memory',
      'create_memory_store, delete_memory_store: memory',
      'something_new: other',
    ]);
  });

  it("9: takes the AI SDK's operation, from its id, its operation name or the span's name", () => {
    const lines = [
      'ai.generateText.doGenerate, ai.streamText.doStream: llm',
      'ai.embed.doEmbed: embedding',
      'ai.rerank.doRerank: reranker',
      'ai.toolCall: tool',
      'ai.generateText, ai.streamText, ai.generateObject, ai.streamObject: agent',
      'ai.embed, ai.embedMany, ai.rerank: chain',
      'ai.somethingNew: other',
    ];
    kindsOfValues('ai.operationId', lines);
    kindsOfValues('operation.name', lines);
    expect(kindOf({ 'operation.name': 'ai.generateText.doGenerate my-function' })).toBe('llm');
    expect(kindOf({}, 'ai.streamText.doStream')).toBe('llm');
    expect(kindOf({ 'ai.operationId': 'ai.toolCall' }, 'ai.generateText')).toBe('tool');
  });

  it('10: takes the method of the Model Context Protocol', () => {
    kindsOfValues('mcp.method.name', [
      'tools/call: tool',
      'resources/read: retriever',
      'prompts/get: chain',
      'initialize: other',
    ]);
    expect(kindOf({ 'mcp.method.name': 'initialize' }, 'llm_call')).toBe('other');
  });

  it('11: takes a tool by its GenAI name or call id, and the tools and tasks of Flue', () => {
    expect(kindOf({ 'gen_ai.tool.name': 'search' })).toBe('tool');
    expect(kindOf({ 'gen_ai.tool.call.id': 'call_1' })).toBe('tool');
    expect(kindOf({ 'gen_ai.tool.name': '' })).toBe('other');
    expect(kindOf({ 'flue.tool.name': 'search' })).toBe('tool');
    expect(kindOf({ 'flue.task.id': '1' })).toBe('agent');
  });

  it.each([
    ['agent_run', 'agent'],
    ['agent_run [planner]', 'agent'],
    ['llm_call', 'llm'],
    ['tool:search', 'tool'],
    ['memory:retrieve', 'memory'],
    ['decision:action_selection', 'decision'],
    ['iteration_12', 'iteration'],
    ['chat gpt-4', 'llm'],
    ['text_completion davinci', 'llm'],
    ['generate_content gemini', 'llm'],
    ['execute_tool search', 'tool'],
    ['running tool', 'tool'],
    ['running 3 tools', 'chain'],
    ['invoke_agent planner', 'agent'],
    ['create_agent planner', 'agent'],
    ['agent run', 'agent'],
    ['embeddings ada', 'embedding'],
    ['rerank cohere', 'reranker'],
    ['retrieval docs', 'retriever'],
    ['invoke_workflow crew', 'chain'],
    ['execute_event_loop_cycle', 'iteration'],
    ['step 4', 'iteration'],
    ['agent_step', 'iteration'],
    ['crewai.workflow', 'chain'],
    ['research.task', 'chain'],
    ['Writer.agent', 'agent'],
    ['search.tool', 'tool'],
    ['autogen process message', 'queue'],
  ])('12: takes the name %s for %s', (name, kind) => {
    expect(kindOf({}, name)).toBe(kind);
  });

  it.each([
    ['planner run', 'pydantic-ai', 'agent'],
    ['call_llm', 'gcp.vertex.agent', 'llm'],
    ['invocation', 'gcp.vertex.agent', 'agent'],
    ['send_data', 'gcp.vertex.agent', 'other'],
    ['agent_turn', 'livekit-agents', 'agent'],
    ['start_agent_activity', 'livekit-agents', 'agent'],
    ['function_tool', 'livekit-agents', 'tool'],
  ])('12: takes the name %s only within the scope %s for %s', (name, scope, kind) => {
    expect(agentKind(spanOf(name, {}, scope))).toBe(kind);
    expect(agentKind(spanOf(name, {}, 'another'))).toBe('other');
  });

  it.each([
    'agent_runner',
    'agent_run_5',
    'my llm_call',
    'llm_calls',
    'user-agent-service',
    'search',
    'GET /tool:search',
    'iteration_last',
    'chat',
    'chatting away',
    'toolbox',
    'a step 4',
    'AgentService.run',
    '',
  ])('never takes a word within a name: %j is other', (name) => {
    expect(kindOf({}, name)).toBe('other');
  });

  it('13: takes the type of an OpenLLMetry request', () => {
    kindsOfValues('llm.request.type', [
      'chat, completion: llm',
      'embedding: embedding',
      'rerank: reranker',
      'x: other',
    ]);
  });

  it('14: takes what the attributes are evidence of', () => {
    expect(kindOf({ 'llm.model': 'gpt-4', 'llm.prompt_tokens': 12 })).toBe('llm');
    expect(kindOf({ 'gen_ai.request.model': 'gpt-4', 'gen_ai.usage.input_tokens': 12 })).toBe('llm');
    expect(kindOf({ 'llm.model_name': 'gpt-4', 'llm.input_messages.0.message.role': 'user' })).toBe('llm');
    expect(kindOf({ 'tool.name': 'search' })).toBe('tool');
    expect(kindOf({ 'retrieval.documents.0.document.id': '1' })).toBe('retriever');
    expect(kindOf({ 'gen_ai.retrieval.query.text': 'x' })).toBe('retriever');
    expect(kindOf({ 'db.vector.query.top_k': 3, 'db.system': 'qdrant' })).toBe('retriever');
    expect(kindOf({ 'embedding.model_name': 'ada' })).toBe('embedding');
    expect(kindOf({ 'memory.operation': 'store' })).toBe('memory');
    expect(kindOf({ 'gen_ai.memory.store.id': '1' })).toBe('memory');
    expect(kindOf({ 'decision.chosen': 'search' })).toBe('decision');
    expect(kindOf({ 'gen_ai.evaluation.name': 'x' })).toBe('evaluator');
  });

  it('14: never takes a model, tokens or messages alone for a call to a model', () => {
    for (const key of ['model', 'llm.model', 'gen_ai.request.model', 'ai.model.id', 'llm.prompt_tokens']) {
      expect(kindOf({ [key]: 'gpt-4' }), key).toBe('other');
    }
    expect(kindOf({ model: 'gpt-4', 'tool.name': 'search' })).toBe('tool');
    expect(kindOf({ model: 'gpt-4', agent_type: 'react', task_preview: 'find a flight' }, 'agent_run')).toBe('agent');
  });

  it('15: takes infrastructure by its protocol', () => {
    for (const key of ['http.request.method', 'http.method', 'url.full']) expect(kindOf({ [key]: 'GET' })).toBe('http');
    for (const key of ['db.system', 'db.system.name']) expect(kindOf({ [key]: 'postgresql' })).toBe('db');
    expect(kindOf({ 'messaging.system': 'kafka' })).toBe('queue');
    expect(kindOf({ 'rpc.method': 'Get' })).toBe('rpc');
  });

  it('16: is other where nothing answers', () => {
    expect(kindOf({})).toBe('other');
    expect(kindOf({ 'some.key': 'value' })).toBe('other');
  });

  it('keeps the order of the rules where several answer', () => {
    const inOrder: readonly (readonly [Attributes, string])[] = [
      [{ 'openinference.span.kind': 'RERANKER' }, 'reranker'],
      [{ 'langfuse.observation.type': 'guardrail' }, 'guardrail'],
      [{ 'mlflow.spanType': '"MEMORY"' }, 'memory'],
      [{ 'langsmith.span.kind': 'retriever' }, 'retriever'],
      [{ 'lmnr.span.type': 'EVALUATOR' }, 'evaluator'],
      [{ 'traceloop.span.kind': 'workflow' }, 'chain'],
      [{ 'genkit:metadata:subtype': 'embedder' }, 'embedding'],
      [{ 'gen_ai.operation.name': 'invoke_agent' }, 'agent'],
      [{ 'ai.operationId': 'ai.generateText.doGenerate' }, 'llm'],
      [{ 'mcp.method.name': 'resources/read' }, 'retriever'],
      [{ 'gen_ai.tool.name': 'search' }, 'tool'],
      [{ name: 'decision:plan' }, 'decision'],
      [{ 'llm.request.type': 'chat' }, 'llm'],
      [{ 'embedding.text': 'x' }, 'embedding'],
      [{ 'http.method': 'POST' }, 'http'],
    ];
    for (let first = 0; first < inOrder.length; first++) {
      const together: Record<string, string> = {};
      for (const [attributes] of inOrder.slice(first)) Object.assign(together, attributes);
      const { name = 'work', ...attributes } = together;
      expect(kindOf(attributes, name), `from rule ${first + 1} on`).toBe(inOrder[first]![1]);
    }
  });

  it('goes on to the next rule where an answer is none, whatever its case', () => {
    for (const nothing of ['span', 'UNKNOWN', 'unknown', 'DEFAULT', 'general', '', ' ']) {
      expect(kindOf({ 'openinference.span.kind': nothing, 'mlflow.spanType': nothing, 'lmnr.span.type': 'tool' })).toBe(
        'tool',
      );
    }
    expect(kindOf({ 'openinference.span.kind': 'Llm ' })).toBe('llm');
  });

  it('is not led astray by hostile attributes', () => {
    const attributes: Record<string, string> = {};
    setAttribute(attributes, '__proto__', 'x');
    setAttribute(attributes, 'constructor', 'x');
    expect(kindOf({ ...attributes, 'openinference.span.kind': '__proto__' })).toBe('other');
    expect(kindOf({ 'openinference.span.kind': ['LLM'], 'gen_ai.operation.name': 7, 'mlflow.spanType': null })).toBe(
      'other',
    );
    expect(kindOf({ 'gen_ai.operation.name': 'toString' })).toBe('other');
  });
});

describe('agentLabel', () => {
  it.each([
    ['tool:search', 'search'],
    ['tool:files:read', 'files:read'],
    ['memory:retrieve', 'retrieve'],
    ['decision:action_selection', 'action_selection'],
    ['iteration_3', 'iteration 3'],
    ['execute_tool search', 'search'],
    ['crewai.workflow', 'crewai'],
    ['Market Analyst.agent', 'Market Analyst'],
    ['llm_call', 'llm_call'],
    ['agent_run', 'agent_run'],
    ['tool:', 'tool:'],
    ['', ''],
  ])('calls %j %j', (name, label) => {
    expect(agentLabel(spanOf(name))).toBe(label);
  });

  it("takes the tool's name where the span's own name says none", () => {
    expect(agentLabel(spanOf('running tool', { 'gen_ai.tool.name': 'search' }))).toBe('search');
    expect(agentLabel(spanOf('ai.toolCall', { 'ai.toolCall.name': 'weather' }))).toBe('weather');
    expect(agentLabel(spanOf('running tool'))).toBe('running tool');
  });
});
