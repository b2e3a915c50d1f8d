import { describe, expect, it } from 'vitest';
import { factsOf, meaningOf, type SpanText } from '../../agentFacts.ts';

/**
 * Each key of each convention, one at a time, so that a key that nobody reads any more is noticed although another of the
 * same span tells the same. What a whole span of a convention means is in `agentSpan.test.ts`, kinds are in `agentKind.test.ts`.
 */
type Row = readonly [key: string, value: unknown, expected: unknown, beside?: Record<string, unknown>];

const llm = { 'openinference.span.kind': 'LLM' };
const tool = { 'openinference.span.kind': 'TOOL' };
const retriever = { 'openinference.span.kind': 'RETRIEVER' };
const json = JSON.stringify;

function fact(name: string, key: string, value: unknown, beside: Record<string, unknown> = llm): unknown {
  return factsOf(meaningOf({ attributes: { ...beside, [key]: value } }))[name];
}

/** Under a key of a like name nothing must be found: what is found comes from this one. */
function eachKey(name: string, rows: readonly Row[], beside?: Record<string, unknown>) {
  it.each(rows as [string, unknown, unknown, Record<string, unknown>?][])(
    `${name} in %s`,
    (key, value, expected, more) => {
      expect(fact(name, key, value, more ?? beside)).toEqual(expected);
      expect(fact(name, `not.${key}`, value, more ?? beside)).not.toEqual(expected);
    },
  );
}

describe('agentSpan reads, one key at a time,', () => {
  eachKey(
    'model',
    [
      ...['gen_ai.response.model', 'gen_ai.request.model', 'llm.response.model_name', 'llm.model_name'],
      ...['llm.request.model_name', 'embedding.model_name', 'reranker.model_name', 'llm.request.model'],
      ...['llm.response.model', 'ai.response.model', 'ai.model.id', 'langfuse.observation.model.name'],
      ...['model', 'providedModelName', 'mlflow.llm.model', 'llm_request.model', 'llm.model', 'ls_model_name'],
      ...['span_data.model', 'model_name'],
    ].map((key) => [key, 'm-1', 'm-1'] as const),
  );
  eachKey('model', [
    ['llm.invocation_parameters', '{"model":"m-1"}', 'm-1'],
    ['llm.invocation_parameters', '{"model_name":"m-1"}', 'm-1'],
    ['extra', { metadata: { ls_model_name: 'm-1' } }, 'm-1'],
    ['extra', { invocation_params: { model: 'm-1' } }, 'm-1'],
    ['extra', { invocation_params: { model_name: 'm-1' } }, 'm-1'],
    ['gcp.vertex.agent.llm_request', '{"model":"m-1"}', 'm-1'],
    ['mlflow.llm.model', '"m-1"', 'm-1'],
  ]);

  it('model: who answered before who was asked', () => {
    for (const [asked, answered] of [
      ['gen_ai.request.model', 'gen_ai.response.model'],
      ['llm.request.model_name', 'llm.response.model_name'],
      ['ai.model.id', 'ai.response.model'],
    ] as const) {
      const { model, requestModel, responseModel } = meaningOf({ attributes: { [asked]: 'a', [answered]: 'b' } });
      expect({ model, requestModel, responseModel }).toEqual({ model: 'b', requestModel: 'a', responseModel: 'b' });
    }
  });

  eachKey('provider', [
    ...['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'mlflow.llm.provider'].map(
      (key) => [key, 'OpenAI', 'openai'] as const,
    ),
    ['provider', 'openai', 'openai'],
    ['ai.model.provider', 'openai.chat', 'openai'],
    ['ai.model.provider', 'google.generative-ai', 'gcp.gemini'],
    ['extra', { metadata: { ls_provider: 'anthropic' } }, 'anthropic'],
    ...(
      [
        ['azure.ai.openai', 'azure.ai.openai az.ai.openai azure'],
        ['aws.bedrock', 'aws.bedrock aws_bedrock AWS'],
        ['gcp.gemini', 'gcp.gemini google gcp.gen_ai'],
        ['gcp.vertex_ai', 'gcp.vertex_ai vertexai'],
        ['mistral_ai', 'mistral_ai mistralai'],
        ['x_ai', 'x_ai xai'],
      ] as const
    ).flatMap(([vendor, spellings]) =>
      spellings.split(' ').map((spelling) => ['gen_ai.system', spelling, vendor] as const),
    ),
  ]);
  eachKey('framework', [
    ['gen_ai.system', 'Langchain', 'LangChain', {}],
    ['gen_ai.system', 'crewai', 'CrewAI', {}],
    ['gen_ai.system', 'autogen', 'AutoGen', {}],
    ['gen_ai.system', 'gcp.vertex.agent', 'Google ADK', {}],
    ['gen_ai.system', 'strands-agents', 'Strands', {}],
    ['traceloop.span.kind', 'tool', 'OpenLLMetry', {}],
    ['langsmith.span.kind', 'llm', 'LangSmith', {}],
    ['mlflow.spanType', 'LLM', 'MLflow', {}],
    ['lmnr.span.type', 'LLM', 'Laminar', {}],
    ['logfire.msg', 'x', 'Logfire', {}],
    ['genkit:metadata:subtype', 'model', 'Genkit', {}],
    ['pydantic_ai.all_messages', '[]', 'Pydantic AI', {}],
    ['span.type', 'llm_request', 'Claude Code', {}],
  ]);

  describe('tokens', () => {
    const counts = {
      input: [
        ...['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.token_count.prompt', 'prompt_tokens'],
        ...['ai.usage.promptTokens', 'ai.usage.inputTokens', 'ai.usage.tokens', 'promptTokens', 'usage.prompt_tokens'],
        ...['gen_ai.aggregated_usage.input_tokens', 'input_tokens', 'llm.prompt_tokens', 'llm.usage.prompt_tokens'],
      ],
      output: [
        ...['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.token_count.completion'],
        ...['ai.usage.completionTokens', 'ai.usage.outputTokens', 'completionTokens', 'usage.completion_tokens'],
        ...['gen_ai.aggregated_usage.output_tokens', 'output_tokens', 'llm.completion_tokens', 'completion_tokens'],
        'llm.usage.completion_tokens',
      ],
      total: [
        ...['llm.token_count.total', 'gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'ai.usage.totalTokens'],
        ...['usage.total_tokens', 'total_tokens', 'totalTokens'],
      ],
      cacheRead: [
        ...['gen_ai.usage.cache_read.input_tokens', 'llm.token_count.prompt_details.cache_read'],
        ...['llm.token_count.prompt_details.cache_input', 'gen_ai.usage.cache_read_input_tokens'],
        ...['ai.usage.cachedInputTokens', 'ai.usage.inputTokenDetails.cacheReadTokens', 'cache_read_tokens'],
        ...['gen_ai.usage.details.cache_read_tokens', 'gen_ai.usage.details.cache_read_input_tokens'],
        'gen_ai.aggregated_usage.cache_read.input_tokens',
      ],
      cacheWrite: [
        ...['gen_ai.usage.cache_creation.input_tokens', 'llm.token_count.prompt_details.cache_write'],
        ...['gen_ai.usage.cache_creation_input_tokens', 'ai.usage.inputTokenDetails.cacheWriteTokens'],
        ...['gen_ai.usage.details.cache_write_tokens', 'gen_ai.usage.cache_write_input_tokens'],
        ...['cache_creation_tokens', 'gen_ai.usage.details.cache_creation_input_tokens'],
      ],
      reasoning: [
        ...['gen_ai.usage.reasoning.output_tokens', 'llm.token_count.completion_details.reasoning'],
        ...['gen_ai.usage.reasoning_tokens', 'llm.usage.reasoning_tokens', 'ai.usage.reasoningTokens'],
        ...['ai.usage.outputTokenDetails.reasoningTokens', 'gen_ai.usage.details.reasoning_tokens'],
      ],
    } as const;
    const rows = (Object.keys(counts) as (keyof typeof counts)[]).flatMap((of) =>
      counts[of].map((key) => [key, of] as const),
    );

    it.each(rows)('in %s, for %s, as number or text', (key, of) => {
      const plenty = { ...llm, 'gen_ai.usage.input_tokens': 900, 'gen_ai.usage.output_tokens': 900 };
      const beside = of === 'input' || of === 'output' || of === 'total' ? llm : plenty;
      for (const value of [7, '7'])
        expect(meaningOf({ attributes: { ...beside, [key]: value } }).usage).toHaveProperty(of, 7);
      expect(meaningOf({ attributes: { ...beside, [key]: 'many' } }).usage?.[of]).not.toBe(7);
    });

    const buckets = { input: 10, output: 5, total: 52, input_cached_tokens: 30, output_reasoning_tokens: 7 };
    const ofBuckets = { input: 40, output: 12, total: 52, cacheRead: 30, reasoning: 7 };
    const usage = { input_tokens: 8, output_tokens: 4, total_tokens: 12 };
    eachKey('usage', [
      ['langfuse.observation.usage_details', json(buckets), ofBuckets],
      ['usageDetails', buckets, ofBuckets],
      ['usage', { input: 8, output: 4, total: 12, unit: 'TOKENS' }, { input: 8, output: 4, total: 12 }],
      [
        'mlflow.chat.tokenUsage',
        json({ ...usage, cache_read_input_tokens: 2, cache_creation_input_tokens: 1 }),
        { input: 8, output: 4, total: 12, cacheRead: 2, cacheWrite: 1 },
      ],
      [
        'langsmith.usage_metadata',
        json({
          ...usage,
          input_token_details: { cache_read: 2, cache_creation: 1 },
          output_token_details: { reasoning: 3 },
        }),
        { input: 8, output: 4, total: 12, cacheRead: 2, cacheWrite: 1, reasoning: 3 },
      ],
      [
        'gen_ai.usage.input_token_details',
        json({ cache_read: 2 }),
        { input: 8, output: 4, total: 12, cacheRead: 2 },
        { ...llm, 'gen_ai.usage.input_tokens': 8, 'gen_ai.usage.output_tokens': 4 },
      ],
      ['outputs', { usage_metadata: usage }, { input: 8, output: 4, total: 12 }],
      [
        'usage',
        {
          prompt_tokens: 8,
          completion_tokens: 4,
          total_tokens: 12,
          'original_usage.prompt_tokens_details.cached_tokens': 2,
        },
        { input: 8, output: 4, total: 12, cacheRead: 2 },
      ],
      [
        'gcp.vertex.agent.llm_response',
        json({
          usage_metadata: {
            prompt_token_count: 8,
            candidates_token_count: 3,
            thoughts_token_count: 1,
            total_token_count: 12,
            cached_content_token_count: 2,
          },
        }),
        { input: 8, output: 4, total: 12, cacheRead: 2, reasoning: 1 },
      ],
    ]);
  });

  eachKey('cost', [
    ...['gen_ai.usage.cost', 'llm.cost.total', 'operation.cost', 'calculatedTotalCost', 'totalCost'].map(
      (key) => [key, 0.5, { total: 0.5, isEstimated: false }] as const,
    ),
    ['total_cost', '0.5', { total: 0.5, isEstimated: false }],
    ['total_estimated_cost', 0.5, { total: 0.5, isEstimated: false }],
    ['outputs', { usage_metadata: { input_tokens: 1, total_cost: 0.5 } }, { total: 0.5, isEstimated: false }],
    ['gen_ai.usage.input_cost', 0.5, { total: 0.5, input: 0.5, isEstimated: false }],
    ['gen_ai.usage.output_cost', 0.5, { total: 0.5, output: 0.5, isEstimated: false }],
    ['llm.cost.prompt', 0.5, { total: 0.5, input: 0.5, isEstimated: false }],
    ['llm.cost.completion', 0.5, { total: 0.5, output: 0.5, isEstimated: false }],
    [
      'langfuse.observation.cost_details',
      '{"input":0.25,"output":0.5,"total":0.75}',
      { total: 0.75, input: 0.25, output: 0.5, isEstimated: false },
    ],
    [
      'costDetails',
      { input: 0.25, output: 0.5, total: 0.75 },
      { total: 0.75, input: 0.25, output: 0.5, isEstimated: false },
    ],
    [
      'mlflow.llm.cost',
      '{"input_cost":0.25,"output_cost":0.5,"total_cost":0.75}',
      { total: 0.75, input: 0.25, output: 0.5, isEstimated: false },
    ],
  ]);

  eachKey('parameters', [
    ...['temperature', 'top_p', 'top_k', 'max_tokens', 'seed', 'frequency_penalty', 'presence_penalty'].map(
      (name) => [`gen_ai.request.${name}`, 0.5, { [name]: 0.5 }] as const,
    ),
    ['gen_ai.request.stop_sequences', ['x'], { stop_sequences: ['x'] }],
    ['llm.invocation_parameters', '{"temperature":0.5}', { temperature: 0.5 }],
    ...['temperature', 'maxTokens', 'maxOutputTokens', 'maxRetries'].map(
      (name) => [`ai.settings.${name}`, 2, { [name]: 2 }] as const,
    ),
    ['langfuse.observation.model.parameters', '{"temperature":0.5}', { temperature: 0.5 }],
    ['modelParameters', { temperature: 0.5 }, { temperature: 0.5 }],
    ['extra', { metadata: { ls_temperature: 0.5, ls_max_tokens: 9 } }, { temperature: 0.5, max_tokens: 9 }],
    ['extra', { invocation_params: { temperature: 0.5, model: 'm', tools: [] } }, { temperature: 0.5 }],
    [
      'gcp.vertex.agent.llm_request',
      '{"config":{"temperature":0.5,"system_instruction":"x","tools":[]}}',
      { temperature: 0.5 },
    ],
    ['llm.temperature', 0.5, { temperature: 0.5 }],
  ]);

  eachKey('session', [
    ...['gen_ai.conversation.id', 'session.id', 'langfuse.session.id', 'gcp.vertex.agent.session_id', 'thread_id'].map(
      (key) => [key, 's', 's'] as const,
    ),
    ...['traceloop.association.properties.session_id', 'traceloop.association.properties.thread_id', 'group_id'].map(
      (key) => [key, 's', 's'] as const,
    ),
    ...['lmnr.association.properties.session_id', 'ai.telemetry.metadata.sessionId', 'mlflow.trace.session'].map(
      (key) => [key, 's', 's'] as const,
    ),
    ...['thread_id', 'session_id', 'conversation_id'].map(
      (name) => ['extra', { metadata: { [name]: 's' } }, 's'] as const,
    ),
  ]);
  eachKey('user', [
    ...['user.id', 'enduser.id', 'langfuse.user.id', 'gen_ai.user', 'llm.user', 'mlflow.trace.user'].map(
      (key) => [key, 'u', 'u'] as const,
    ),
    ...['traceloop.association.properties.user_id', 'lmnr.association.properties.user_id'].map(
      (key) => [key, 'u', 'u'] as const,
    ),
    ['ai.telemetry.metadata.userId', 'u', 'u'],
  ]);

  it('no session in what is a project, a transport or a run', () => {
    for (const key of ['session_id', 'langsmith.trace.session_id', 'mcp.session.id'])
      expect(fact('session', key, 's')).toBeUndefined();
  });

  eachKey(
    'agentName',
    [
      ...['gen_ai.agent.name', 'agent.name', 'agent_name', 'traceloop.entity.name', 'graph.node.id'].map(
        (key) => [key, 'a', 'a'] as const,
      ),
      ...['graph.node.name', 'agent_type', 'ai.telemetry.functionId'].map((key) => [key, 'a', 'a'] as const),
    ],
    { 'openinference.span.kind': 'AGENT' },
  );
  eachKey('tags', [
    ['tag.tags', ['a', 'b'], ['a', 'b']],
    ['langfuse.trace.tags', ['a', 'b'], ['a', 'b']],
    ['langsmith.span.tags', 'a, b', ['a', 'b']],
    ['logfire.tags', ['a', 'b'], ['a', 'b']],
    ['lmnr.association.properties.tags', ['a', 'b'], ['a', 'b']],
  ]);

  eachKey('timeToFirstToken', [
    ['gen_ai.response.time_to_first_chunk', 0.5, 5e8],
    ['gen_ai.client.operation.time_to_first_chunk', 0.5, 5e8],
    ['timeToFirstToken', 0.5, 5e8],
    ['ai.response.msToFirstChunk', 500, 5e8],
    ['gen_ai.server.time_to_first_token', 500, 5e8],
    ['ttft_ms', 500, 5e8],
    ['langfuse.observation.completion_start_time', '"2026-01-01T00:00:00.500Z"', 5e8],
    ['langfuse.observation.completion_start_time', '2026-01-01T00:00:00.500Z', 5e8],
    ['completionStartTime', '2026-01-01T00:00:00.500Z', 5e8],
    ['first_token_time', '2026-01-01T00:00:00.500', 5e8],
  ]);
  it.each([
    ...['ai.stream.firstChunk', 'First Token Stream Event', 'gen_ai.content.completion.chunk', 'new_token'],
    'mlflow.chunk.item.0',
  ])('timeToFirstToken in the event %s', (name) => {
    const events = [{ name, timestamp: '2026-01-01T00:00:00.500Z' }];
    expect(meaningOf({ attributes: llm, events }).timeToFirstToken).toBe(5e8);
    expect(meaningOf({ attributes: llm, events: [{ ...events[0]!, name: 'x' }] }).timeToFirstToken).toBeUndefined();
  });

  it('how long a model worked, apart from what was around the call', () => {
    const rate = (attributes: Record<string, unknown>) =>
      meaningOf({ attributes: { ...llm, ...attributes } }).tokensPerSecond;
    const output = { 'gen_ai.usage.output_tokens': 30 };
    // The span takes 2 s.
    expect(rate(output)).toBe(15);
    expect(rate({ ...output, 'ai.response.msToFirstChunk': 500, 'ai.response.msToFinish': 1500 })).toBe(30);
    expect(rate({ ...output, 'llm.duration_ms': 1000 })).toBe(30);
    expect(rate({ ...output, 'ai.response.avgOutputTokensPerSecond': 12.5 })).toBe(12.5);
  });

  const args = { city: 'Oslo' };
  eachKey(
    'tool',
    [
      ...['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name', 'tool_name', 'traceloop.entity.name'].map(
        (key) => [key, 'weather', { name: 'weather' }] as const,
      ),
      ...['gen_ai.tool.call.id', 'tool.id', 'tool_call.id', 'ai.toolCall.id', 'jsonrpc.request.id'].map(
        (key) => [key, 'c1', { name: 'work', callId: 'c1' }] as const,
      ),
      ['outputs', { tool_call_id: 'c1', output: 4 }, { name: 'work', callId: 'c1', result: 4 }],
      ...['gen_ai.tool.call.arguments', 'ai.toolCall.args', 'langfuse.observation.input', 'mlflow.spanInputs'].map(
        (key) => [key, json(args), { name: 'work', arguments: args }] as const,
      ),
      ...['tool_arguments', 'gcp.vertex.agent.tool_call_args', 'mcp.request.argument', 'tool_input', 'inputs'].map(
        (key) => [key, json(args), { name: 'work', arguments: args }] as const,
      ),
      ...['input.value', 'tool.parameters', 'span_data.input', 'input', 'traceloop.entity.input'].map(
        (key) => [key, json(args), { name: 'work', arguments: args }] as const,
      ),
      ['traceloop.entity.input', json({ args: [], kwargs: args }), { name: 'work', arguments: args }],
      ['traceloop.entity.input', json({ input_str: 'x', inputs: args }), { name: 'work', arguments: args }],
      ...['gen_ai.tool.call.result', 'output.value', 'ai.toolCall.result', 'langfuse.observation.output'].map(
        (key) => [key, '{"celsius":4}', { name: 'work', result: { celsius: 4 } }] as const,
      ),
      ...['mlflow.spanOutputs', 'tool_response', 'gcp.vertex.agent.tool_response', 'mcp.response.value'].map(
        (key) => [key, '{"celsius":4}', { name: 'work', result: { celsius: 4 } }] as const,
      ),
      ...['traceloop.entity.output', 'span_data.output', 'output'].map(
        (key) => [key, '{"celsius":4}', { name: 'work', result: { celsius: 4 } }] as const,
      ),
      ['gen_ai.tool.description', 'The weather', { name: 'work', description: 'The weather' }],
      ['tool.description', 'The weather', { name: 'work', description: 'The weather' }],
      ['tool.input_size', '20', { name: 'work', inputSize: 20 }],
      ['tool.success', 'true', { name: 'work', success: true }],
    ],
    tool,
  );
  it('tool: nothing in what ADK writes where there is nothing', () => {
    expect(fact('tool', 'gcp.vertex.agent.tool_call_args', 'N/A', tool)).toEqual({ name: 'work' });
    expect(fact('tool', 'tool.parameters', '{"city":"str"}', tool)).toEqual({ name: 'work' });
  });
  it('tool: the result of Claude Code in an event', () => {
    const events = [{ name: 'tool.output', attributes: { content: 'cold' } }];
    expect(factsOf(meaningOf({ attributes: { 'span.type': 'tool' }, events })).tool).toMatchObject({ result: 'cold' });
  });

  const definition = { name: 'weather', description: 'The weather', parameters: { type: 'object' } };
  const ofOpenAi = { type: 'function', function: definition };
  eachKey('toolDefinitions', [
    ['gen_ai.tool.definitions', json([{ type: 'function', ...definition }]), [definition]],
    ['llm.tools.0.tool.json_schema', json(ofOpenAi), [definition]],
    ['ai.prompt.tools', [json({ type: 'function', ...definition })], [definition]],
    ['mlflow.chat.tools', json([ofOpenAi]), [definition]],
    ['model_request_parameters', json({ function_tools: [definition] }), [definition]],
    [
      'gcp.vertex.agent.llm_request',
      json({ config: { tools: [{ function_declarations: [definition] }] } }),
      [definition],
    ],
    ['extra', { invocation_params: { tools: [ofOpenAi] } }, [definition]],
    ['span_data.tools', [ofOpenAi], [definition]],
  ]);
  it('toolDefinitions in llm.request.functions', () => {
    const attributes = {
      ...llm,
      'llm.request.functions.0.name': 'weather',
      'llm.request.functions.0.description': 'The weather',
      'llm.request.functions.0.parameters': '{"type":"object"}',
    };
    expect(factsOf(meaningOf({ attributes })).toolDefinitions).toEqual([definition]);
  });

  eachKey(
    'query',
    [
      ...['gen_ai.retrieval.query.text', 'reranker.query', 'input.value', 'mlflow.spanInputs', 'ai.value'].map(
        (key) => [key, 'oslo', 'oslo'] as const,
      ),
      ['inputs', { query: 'oslo' }, 'oslo'],
      ['langfuse.observation.input', '{"query":"oslo"}', 'oslo'],
    ],
    retriever,
  );
  const found = [{ id: '1', content: 'cold', score: 0.5, metadata: { page: 2 } }];
  const page = { page_content: 'cold', metadata: { page: 2 }, type: 'Document' };
  eachKey(
    'documents',
    [
      ['gen_ai.retrieval.documents', json(found), found],
      ['retrieval.documents.0.document.content', 'cold', [{ content: 'cold' }]],
      ['retrieval.documents.0.document.id', '1', [{ id: '1' }]],
      ['retrieval.documents.0.document.score', '0.5', [{ score: 0.5 }]],
      ['outputs', { documents: [page] }, [{ content: 'cold', metadata: { page: 2 } }]],
      ['mlflow.spanOutputs', json([{ ...page, id: '1' }]), [{ id: '1', content: 'cold', metadata: { page: 2 } }]],
      ['langfuse.observation.output', json([page]), [{ content: 'cold', metadata: { page: 2 } }]],
      ['output', { documents: [page] }, [{ content: 'cold', metadata: { page: 2 } }]],
      ['reranker.output_documents.0.document.content', 'cold', [{ content: 'cold' }]],
    ],
    retriever,
  );
  it('documents in an event of a database of vectors', () => {
    const events = [
      { name: 'db.query.result', attributes: { id: '1', score: 0.5, document: 'cold', metadata: '{"page":2}' } },
    ];
    expect(factsOf(meaningOf({ attributes: retriever, events })).documents).toEqual(found);
  });

  it.each([
    [
      'kinds of embeddings',
      { 'embedding.embeddings.0.embedding.text': 'x', 'embedding.embeddings.0.embedding.vector': [1, 2, 3] },
    ],
    ['ai.value and ai.embedding', { 'ai.value': 'x', 'ai.embedding': '[1,2,3]' }],
    ['ai.values and ai.embeddings', { 'ai.values': ['x'], 'ai.embeddings': ['[1,2,3]'] }],
    ['gen_ai.embeddings.dimension.count', { 'ai.value': 'x', 'gen_ai.embeddings.dimension.count': 3 }],
  ])('embeddings in %s, whose vectors are counted, not shown', (_, attributes) => {
    const all = { 'openinference.span.kind': 'EMBEDDING', ...attributes };
    expect(factsOf(meaningOf({ attributes: all })).embeddings).toEqual([{ text: 'x', dimensions: 3 }]);
  });

  const evaluation = { name: 'tone', score: 0.5, label: 'fair', explanation: 'because' };
  it.each<[string, SpanText]>([
    [
      'gen_ai.evaluation.result',
      {
        events: [
          {
            name: 'gen_ai.evaluation.result',
            attributes: {
              'gen_ai.evaluation.name': 'tone',
              'gen_ai.evaluation.score.value': 0.5,
              'gen_ai.evaluation.score.label': 'fair',
              'gen_ai.evaluation.explanation': 'because',
            },
          },
        ],
      },
    ],
    ...['annotations', 'evaluations'].map((prefix): [string, SpanText] => [
      prefix,
      {
        attributes: Object.fromEntries(
          Object.entries(evaluation).map(([name, value]) => [`${prefix}.0.annotation.${name}`, value]),
        ),
      },
    ]),
    ['scores', { attributes: { scores: [{ name: 'tone', value: 0.5, label: 'fair', comment: 'because' }] } }],
  ])('evaluations in %s', (_, span) => {
    expect(factsOf(meaningOf(span)).evaluations).toEqual([evaluation]);
  });

  it.each<[string, SpanText, string]>([
    ['langfuse.observation.level WARNING', { attributes: { 'langfuse.observation.level': 'WARNING' } }, 'warning'],
    ['langfuse.observation.level ERROR', { attributes: { 'langfuse.observation.level': 'ERROR' } }, 'logged-error'],
    ['logfire.level_num', { attributes: { 'logfire.level_num': 17 } }, 'logged-error'],
    ['gen_ai.tool.status', { attributes: { ...tool, 'gen_ai.tool.status': 'error' } }, 'tool-failed'],
    ['tool.success', { attributes: { ...tool, 'tool.success': false }, status: 'ok' }, 'tool-failed'],
    ['isError of MCP', { attributes: { ...tool, 'mcp.response.value': '{"isError":true}' } }, 'tool-failed'],
    [
      'pydantic_ai.tool.failure_stage',
      { attributes: { ...tool, 'pydantic_ai.tool.failure_stage': 'run' } },
      'tool-failed',
    ],
    ...['length', 'max_tokens'].map((reason): [string, SpanText, string] => [
      `finish reason ${reason}`,
      { attributes: { ...llm, 'gen_ai.response.finish_reasons': [reason] } },
      'truncated',
    ]),
    [
      'finish reason content_filter',
      { attributes: { ...llm, 'gen_ai.response.finish_reasons': ['content_filter'] } },
      'content-filter',
    ],
    [
      'span_data.triggered',
      { attributes: { 'span_data.type': 'guardrail', 'span_data.triggered': true } },
      'guardrail',
    ],
    ...['langgraph.errors.GraphInterrupt', 'ParentCommand', 'Command', 'CallDeferred', 'ApprovalRequired'].map(
      (type): [string, SpanText, string] => [
        type,
        { status: 'error', events: [{ name: 'exception', attributes: { 'exception.type': type } }] },
        'interrupted',
      ],
    ),
  ])('softFailure in %s', (_, span, reason) => {
    expect(meaningOf(span).softFailure?.reason).toBe(reason);
  });
});

describe('agentSpan reads a whole step as its convention documents it:', () => {
  const cases: readonly (readonly [string, SpanText, Record<string, unknown>])[] = [
    [
      'a memory of OpenTelemetry',
      {
        name: 'search_memory notes',
        attributes: {
          'gen_ai.operation.name': 'search_memory',
          'gen_ai.memory.store.id': 'notes',
          'gen_ai.memory.query.text': 'flights',
          'gen_ai.memory.record.count': '2',
          'gen_ai.memory.records': json([{ id: 'r1', content: 'window seat' }]),
        },
      },
      {
        kind: 'memory',
        label: 'search_memory notes',
        query: 'flights',
        memory: {
          operation: 'search',
          store: 'notes',
          query: 'flights',
          count: 2,
          records: [{ id: 'r1', content: 'window seat' }],
        },
      },
    ],
    [
      'one record of a memory of OpenTelemetry',
      {
        name: 'upsert_memory notes',
        attributes: {
          'gen_ai.operation.name': 'upsert_memory',
          'gen_ai.memory.store.id': 'notes',
          'gen_ai.memory.record.id': 'r7',
        },
      },
      {
        kind: 'memory',
        label: 'upsert_memory notes',
        memory: { operation: 'upsert', store: 'notes', recordId: 'r7' },
      },
    ],
    [
      'a memory of MLflow',
      {
        name: 'recall',
        attributes: {
          'mlflow.spanType': '"MEMORY"',
          'mlflow.spanInputs': '{"query":"flights"}',
          'mlflow.spanOutputs': '["window seat"]',
        },
      },
      {
        kind: 'memory',
        label: 'recall',
        framework: 'MLflow',
        query: 'flights',
        documents: [{ content: 'window seat' }],
        memory: { query: 'flights', count: 1, records: ['window seat'] },
        input: [{ role: 'user', parts: [{ type: 'json', value: { query: 'flights' } }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'window seat' }] }],
      },
    ],
    [
      'a retrieval of OpenTelemetry',
      {
        name: 'retrieval H7STPQYOND',
        attributes: {
          'gen_ai.operation.name': 'retrieval',
          'gen_ai.provider.name': 'openai',
          'gen_ai.data_source.id': 'H7STPQYOND',
          'gen_ai.request.top_k': 3,
          'gen_ai.retrieval.query.text': 'capital of France',
          'gen_ai.retrieval.documents': json([{ id: 'doc_1', score: 0.95 }]),
        },
      },
      {
        kind: 'retriever',
        label: 'retrieval H7STPQYOND',
        provider: 'openai',
        parameters: { top_k: 3 },
        query: 'capital of France',
        dataSource: 'H7STPQYOND',
        documents: [{ id: 'doc_1', score: 0.95 }],
      },
    ],
    [
      'the AI SDK’s reranking',
      {
        name: 'ai.rerank.doRerank',
        scope: 'ai',
        attributes: {
          'operation.name': 'ai.rerank.doRerank',
          'ai.operationId': 'ai.rerank.doRerank',
          'ai.model.id': 'rerank-v3.5',
          'ai.model.provider': 'cohere.reranking',
          'ai.documents': [json('sunny day'), json('rainy afternoon')],
          'ai.ranking.type': 'text',
          'ai.ranking': [json({ index: 1, relevanceScore: 0.9 }), json({ index: 0, relevanceScore: 0.2 })],
        },
      },
      {
        kind: 'reranker',
        label: 'ai.rerank.doRerank',
        framework: 'Vercel AI SDK',
        model: 'rerank-v3.5',
        requestModel: 'rerank-v3.5',
        provider: 'cohere',
        documents: [
          { content: 'rainy afternoon', score: 0.9 },
          { content: 'sunny day', score: 0.2 },
        ],
        documentsBefore: [{ content: 'sunny day' }, { content: 'rainy afternoon' }],
      },
    ],
    [
      'a tool of Claude Code',
      {
        name: 'claude_code.tool',
        attributes: { 'span.type': 'tool', tool_name: 'Bash', tool_use_id: 'toolu_1', tool_input: '{"command":"ls"}' },
        events: [{ name: 'tool.output', attributes: { content: 'README.md' } }],
      },
      {
        kind: 'tool',
        label: 'Bash',
        framework: 'Claude Code',
        tool: { name: 'Bash', callId: 'toolu_1', arguments: { command: 'ls' }, result: 'README.md' },
      },
    ],
    [
      'a person’s turn in Claude Code',
      { name: 'claude_code.interaction', attributes: { 'span.type': 'interaction', user_prompt: 'Fix it' } },
      {
        kind: 'agent',
        label: 'claude_code.interaction',
        framework: 'Claude Code',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Fix it' }] }],
      },
    ],
    [
      'a model’s call of BeeAI',
      {
        name: 'OpenAIChatModel',
        scope: 'openinference.instrumentation.beeai',
        attributes: {
          'openinference.span.kind': 'LLM',
          'llm.model_name': 'gpt-4o-mini',
          'llm.provider': 'openai',
          'llm.invocation_parameters': { temperature: 0.7, top_k: 'null', max_tokens: 'null' },
          'llm.token_count.prompt': 20,
          'llm.token_count.completion': 6,
          'llm.token_count.total': 26,
          'llm.tools': json([
            { 'tool.name': 'Wikipedia', 'tool.description': 'Search', 'tool.parameters': json({ type: 'object' }) },
          ]),
          'llm.input_messages.0.message.role': 'user',
          'llm.input_messages.0.message.contents.0.message_content.type': 'text',
          'llm.input_messages.0.message.contents.0.message_content.text': 'Plan a trip',
          'llm.input_messages.1.message.role': 'tool',
          'llm.input_messages.1.message.contents.0.message.tool_call_id': 'c1',
          'llm.input_messages.1.message.contents.0.message_content.type': 'text',
          'llm.input_messages.1.message.contents.0.message_content.text': 'Barcelona is a city.',
          'llm.output_messages.0.message.role': 'assistant',
          'llm.output_messages.0.message.tool_calls.0.tool_call.id': 'c2',
          'llm.output_messages.0.message.tool_calls.0.tool_call.function.name': 'Wikipedia',
          'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments': '{"query":"Gaudí"}',
          'output.value': '',
          'metadata.chunks_count': 12,
        },
      },
      {
        kind: 'llm',
        label: 'OpenAIChatModel',
        framework: 'OpenInference beeai',
        model: 'gpt-4o-mini',
        requestModel: 'gpt-4o-mini',
        provider: 'openai',
        usage: { input: 20, output: 6, total: 26 },
        parameters: { temperature: 0.7 },
        tokensPerSecond: 3,
        input: [
          { role: 'user', parts: [{ type: 'text', text: 'Plan a trip' }] },
          { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', result: 'Barcelona is a city.' }] },
        ],
        output: [
          {
            role: 'assistant',
            parts: [{ type: 'tool-call', id: 'c2', name: 'Wikipedia', arguments: { query: 'Gaudí' } }],
          },
        ],
        toolDefinitions: [{ name: 'Wikipedia', description: 'Search', parameters: { type: 'object' } }],
      },
    ],
    [
      'a tool of BeeAI',
      {
        name: 'tool.search.wikipedia.success-12',
        scope: 'openinference.instrumentation.beeai',
        attributes: {
          'openinference.span.kind': 'TOOL',
          target: 'tool.search.wikipedia.success',
          'tool.name': 'Wikipedia',
          'tool.description': 'Search',
          'tool.parameters': { query: 'Tourism in Barcelona', full_text: false },
          'output.value': '[{"title":"Barcelona"}]',
        },
      },
      {
        kind: 'tool',
        label: 'tool.search.wikipedia.success-12',
        output: [{ role: 'assistant', parts: [{ type: 'json', value: [{ title: 'Barcelona' }] }] }],
        framework: 'OpenInference beeai',
        tool: {
          name: 'Wikipedia',
          description: 'Search',
          arguments: { query: 'Tourism in Barcelona', full_text: false },
          result: [{ title: 'Barcelona' }],
        },
      },
    ],
    [
      'a step of a ReAct agent of BeeAI',
      {
        name: 'agent.react.update-13',
        scope: 'openinference.instrumentation.beeai',
        attributes: {
          'openinference.span.kind': 'AGENT',
          thought: 'I will first research.',
          'tool.name': 'Wikipedia',
          'tool.parameters': { query: 'Tourism' },
        },
      },
      { kind: 'agent', label: 'agent.react.update-13', framework: 'OpenInference beeai' },
    ],
    [
      'the AI SDK 3 and 4',
      {
        name: 'ai.generateText.doGenerate',
        scope: 'ai',
        attributes: {
          'operation.name': 'ai.generateText.doGenerate my-function',
          'ai.operationId': 'ai.generateText.doGenerate',
          'ai.telemetry.functionId': 'my-function',
          'ai.model.id': 'gpt-4o',
          'ai.model.provider': 'openai.chat',
          'ai.usage.promptTokens': 9,
          'ai.usage.completionTokens': 3,
          'ai.settings.maxTokens': 100,
          'ai.prompt.format': 'messages',
          'ai.prompt.messages': json([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]),
          'ai.response.text': 'Hello',
          'ai.response.finishReason': 'stop',
        },
      },
      {
        kind: 'llm',
        label: 'ai.generateText.doGenerate',
        framework: 'Vercel AI SDK',
        model: 'gpt-4o',
        requestModel: 'gpt-4o',
        provider: 'openai',
        usage: { input: 9, output: 3, total: 12 },
        parameters: { maxTokens: 100 },
        tokensPerSecond: 1.5,
        finishReason: 'stop',
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }], finishReason: 'stop' }],
      },
    ],
    [
      'Laminar',
      {
        name: 'openai.chat',
        attributes: {
          'lmnr.span.type': 'LLM',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 10,
          'gen_ai.usage.output_tokens': 2,
          'gen_ai.usage.cache_read_input_tokens': 4,
          'gen_ai.usage.cost': 0.002,
          'lmnr.association.properties.session_id': 's',
          'lmnr.association.properties.user_id': 'u',
          'lmnr.association.properties.tags': ['t'],
          'gen_ai.prompt.0.role': 'user',
          'gen_ai.prompt.0.content': 'Hi',
          'gen_ai.completion.0.role': 'assistant',
          'gen_ai.completion.0.content': 'Hello',
        },
      },
      {
        kind: 'llm',
        label: 'openai.chat',
        framework: 'Laminar',
        model: 'gpt-4o',
        requestModel: 'gpt-4o',
        provider: 'openai',
        usage: { input: 10, output: 2, total: 12, cacheRead: 4 },
        cost: { total: 0.002, isEstimated: false },
        tokensPerSecond: 1,
        session: 's',
        user: 'u',
        tags: ['t'],
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
      },
    ],
    [
      'LangSmith’s exporter to OpenTelemetry',
      {
        name: 'ChatOpenAI',
        attributes: {
          'langsmith.span.kind': 'llm',
          'gen_ai.operation.name': 'chat',
          'gen_ai.system': 'openai',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.usage.input_tokens': 8,
          'gen_ai.usage.output_tokens': 4,
          'langsmith.usage_metadata': json({
            input_tokens: 8,
            output_tokens: 4,
            input_token_details: { cache_read: 2 },
            output_token_details: { reasoning: 1 },
          }),
          'langsmith.trace.session_id': 'a project',
          'langsmith.span.tags': 'a, b',
          'gen_ai.prompt': json({ messages: [{ role: 'user', content: 'Hi' }] }),
          'gen_ai.completion': json({ choices: [{ message: { role: 'assistant', content: 'Hello' } }] }),
        },
      },
      {
        kind: 'llm',
        label: 'ChatOpenAI',
        framework: 'LangSmith',
        model: 'gpt-4o',
        requestModel: 'gpt-4o',
        provider: 'openai',
        usage: { input: 8, output: 4, total: 12, cacheRead: 2, reasoning: 1 },
        tokensPerSecond: 2,
        tags: ['a', 'b'],
        input: [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }] }],
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] }],
      },
    ],
    [
      'a handoff of the OpenAI Agents SDK',
      {
        name: 'handoff',
        attributes: { 'span_data.type': 'handoff', 'span_data.from_agent': 'triage', 'span_data.to_agent': 'refunds' },
      },
      {
        kind: 'decision',
        label: 'handoff',
        framework: 'OpenAI Agents',
        decision: { type: 'handoff', options: [], chosen: 'refunds' },
      },
    ],
    [
      'a cycle of Strands',
      {
        name: 'execute_event_loop_cycle',
        attributes: { 'gen_ai.system': 'strands-agents', 'event_loop.cycle_id': 'c-1' },
      },
      { kind: 'iteration', label: 'execute_event_loop_cycle', framework: 'Strands' },
    ],
    [
      'a run of a whole agent by pydantic-ai, with its sums',
      {
        name: 'agent run',
        scope: 'pydantic-ai',
        attributes: {
          'gen_ai.agent.name': 'helper',
          model_name: 'gpt-4o',
          'gen_ai.aggregated_usage.input_tokens': 30,
          'gen_ai.aggregated_usage.output_tokens': 6,
          'gen_ai.aggregated_usage.details.cache_read_tokens': 10,
          'logfire.msg': 'helper run',
          final_result: 'Done',
        },
      },
      {
        kind: 'agent',
        label: 'agent run',
        framework: 'Pydantic AI',
        agentName: 'helper',
        model: 'gpt-4o',
        requestModel: 'gpt-4o',
        usage: { input: 30, output: 6, total: 36, cacheRead: 10 },
        output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Done' }] }],
      },
    ],
    [
      'a crew’s agent by OpenLLMetry',
      {
        name: 'Market Analyst.agent',
        scope: 'opentelemetry.instrumentation.crewai',
        attributes: {
          'traceloop.span.kind': 'agent',
          'traceloop.entity.name': 'Market Analyst',
          'gen_ai.system': 'crewai',
          'gen_ai.usage.input_tokens': '30',
          'gen_ai.usage.output_tokens': '6',
        },
      },
      {
        kind: 'agent',
        label: 'Market Analyst',
        framework: 'CrewAI',
        agentName: 'Market Analyst',
        usage: { input: 30, output: 6, total: 36 },
      },
    ],
  ];

  it.each(cases)('%s', (_, span, expected) => {
    expect(factsOf(meaningOf(span))).toEqual(expected);
  });
});
