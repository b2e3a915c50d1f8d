import { describe, expect, it } from 'vitest';
import { factsOf, meaningOf } from '../../agentFacts.ts';

const weather = { name: 'get_weather', description: 'The weather', parameters: { type: 'object', properties: {} } };
const ask = { role: 'user', parts: [{ type: 'text', text: 'Weather in Oslo?' }] };
const call = { type: 'tool-call', id: 'c1', name: 'get_weather', arguments: { city: 'Oslo' } };
const asks = { role: 'assistant', parts: [call] };
const result = { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', result: { celsius: 4 } }] };
const rules = { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] };

describe('agentSpan reads a model’s call as it is written by', () => {
  it('OpenTelemetry since 1.37', () => {
    const span = meaningOf({
      name: 'chat gpt-4.1',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-4.1',
        'gen_ai.response.model': 'gpt-4.1-2025-04-14',
        'gen_ai.request.temperature': 0.2,
        'gen_ai.request.max_tokens': 100,
        'gen_ai.conversation.id': 'chat-1',
        'user.id': 'u1',
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 40,
        'gen_ai.usage.cache_creation.input_tokens': 8,
        'gen_ai.usage.reasoning.output_tokens': 5,
        'gen_ai.usage.cost': 0.5,
        'gen_ai.response.finish_reasons': ['tool_calls'],
        'gen_ai.response.time_to_first_chunk': 1,
        'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be brief.' }]),
        'gen_ai.input.messages': JSON.stringify([
          { role: 'user', parts: [{ type: 'text', content: 'Weather in Oslo?' }] },
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'get_weather', arguments: { city: 'Oslo' } }],
          },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: { celsius: 4 } }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', content: 'It is cold.' },
              { type: 'blob', mime_type: 'image/png', modality: 'image', content: 'iVBORw0=' },
              { type: 'uri', uri: 'https://a.example/x.wav', modality: 'audio' },
              { type: 'compaction', content: 'x' },
            ],
            finish_reason: 'tool_calls',
          },
        ]),
        'gen_ai.tool.definitions': JSON.stringify([{ type: 'function', ...weather }]),
        'gen_ai.input.messages_ref': 's3://bucket/1',
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'chat gpt-4.1',
      model: 'gpt-4.1-2025-04-14',
      requestModel: 'gpt-4.1',
      responseModel: 'gpt-4.1-2025-04-14',
      provider: 'openai',
      usage: { input: 100, output: 20, total: 120, cacheRead: 40, cacheWrite: 8, reasoning: 5 },
      cost: { total: 0.5, isEstimated: false },
      parameters: { temperature: 0.2, max_tokens: 100 },
      timeToFirstToken: 1e9,
      tokensPerSecond: 20,
      session: 'chat-1',
      user: 'u1',
      finishReason: 'tool_calls',
      input: [rules, ask, asks, result],
      output: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'It is cold.' },
            { type: 'media', modality: 'image', mediaType: 'image/png', data: 'iVBORw0=' },
            { type: 'media', modality: 'audio', url: 'https://a.example/x.wav' },
            { type: 'json', value: { type: 'compaction', content: 'x' }, sourceType: 'compaction' },
          ],
          finishReason: 'tool_calls',
        },
      ],
      contentReference: 's3://bucket/1',
      toolDefinitions: [weather],
    });
  });

  it('OpenTelemetry until 1.36, an event a message', () => {
    const span = meaningOf({
      name: 'chat gpt-4',
      attributes: {
        'gen_ai.system': 'az.ai.openai',
        'gen_ai.usage.prompt_tokens': '7',
        'gen_ai.usage.completion_tokens': '3',
      },
      events: [
        { name: 'gen_ai.system.message', attributes: { content: 'Be brief.' } },
        {
          name: 'gen_ai.user.message',
          attributes: { 'gen_ai.event.content': '{"content":"Weather in Oslo?","role":"user"}' },
        },
        {
          name: 'gen_ai.assistant.message',
          attributes: {
            tool_calls: JSON.stringify([
              { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
            ]),
          },
        },
        { name: 'gen_ai.tool.message', attributes: { id: 'c1', content: '{"celsius":4}' } },
        { name: 'gen_ai.choice', attributes: { index: 0, finish_reason: 'stop', message: '{"content":"Cold."}' } },
      ],
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'chat gpt-4',
      provider: 'azure.ai.openai',
      usage: { input: 7, output: 3, total: 10 },
      tokensPerSecond: 1.5,
      finishReason: 'stop',
      input: [rules, ask, asks, result],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }], finishReason: 'stop' }],
    });
  });

  it('OpenInference', () => {
    const span = meaningOf({
      name: 'ChatOpenAI',
      scope: 'openinference.instrumentation.langchain',
      attributes: {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'gpt-4o',
        'llm.provider': 'openai',
        'llm.invocation_parameters': '{"model":"gpt-4o","temperature":0,"stop":null}',
        'llm.token_count.prompt': 10,
        'llm.token_count.completion': 5,
        'llm.token_count.total': 15,
        'llm.token_count.prompt_details.cache_read': 4,
        'llm.token_count.prompt_details.cache_write': 1,
        'llm.token_count.completion_details.reasoning': 2,
        'llm.cost.prompt': 0.1,
        'llm.cost.completion': 0.2,
        'session.id': 's',
        'tag.tags': ['a', 'b'],
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'Be brief.',
        'llm.input_messages.1.message.role': 'user',
        'llm.input_messages.1.message.contents.0.message_content.type': 'text',
        'llm.input_messages.1.message.contents.0.message_content.text': 'Weather in Oslo?',
        'llm.input_messages.1.message.contents.1.message_content.type': 'image',
        'llm.input_messages.1.message.contents.1.message_content.image.image.url': 'data:image/png;base64,AA==',
        'llm.input_messages.2.message.role': 'assistant',
        'llm.input_messages.2.message.tool_calls.0.tool_call.id': 'c1',
        'llm.input_messages.2.message.tool_calls.0.tool_call.function.name': 'get_weather',
        'llm.input_messages.2.message.tool_calls.0.tool_call.function.arguments': '{"city":"Oslo"}',
        'llm.input_messages.3.message.role': 'tool',
        'llm.input_messages.3.message.tool_call_id': 'c1',
        'llm.input_messages.3.message.content': '{"celsius":4}',
        'llm.output_messages.0.message.role': 'assistant',
        'llm.output_messages.0.message.content': 'Cold.',
        'llm.tools.0.tool.json_schema': JSON.stringify({ type: 'function', function: weather }),
        'input.value': 'not this',
        'output.value': 'nor this',
        'annotations.0.annotation.name': 'right',
        'annotations.0.annotation.score': 1,
        'annotations.0.annotation.label': 'yes',
      },
      events: [{ name: 'First Token Stream Event', timestamp: '2026-01-01T00:00:00.500Z' }],
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'ChatOpenAI',
      framework: 'OpenInference langchain',
      model: 'gpt-4o',
      requestModel: 'gpt-4o',
      provider: 'openai',
      usage: { input: 10, output: 5, total: 15, cacheRead: 4, cacheWrite: 1, reasoning: 2 },
      cost: { total: 0.1 + 0.2, input: 0.1, output: 0.2, isEstimated: false },
      parameters: { temperature: 0 },
      timeToFirstToken: 5e8,
      tokensPerSecond: 5 / 1.5,
      session: 's',
      tags: ['a', 'b'],
      input: [
        rules,
        {
          role: 'user',
          parts: [...ask.parts, { type: 'media', modality: 'image', url: 'data:image/png;base64,AA==' }],
        },
        asks,
        result,
      ],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }] }],
      toolDefinitions: [weather],
      evaluations: [{ name: 'right', score: 1, label: 'yes' }],
    });
  });

  it('OpenLLMetry, flattened', () => {
    const span = meaningOf({
      name: 'openai.chat',
      scope: 'opentelemetry.instrumentation.openai.v1',
      attributes: {
        'llm.request.type': 'chat',
        'gen_ai.system': 'OpenAI',
        'gen_ai.request.model': 'gpt-4',
        'gen_ai.usage.prompt_tokens': 9,
        'gen_ai.usage.completion_tokens': 1,
        'llm.usage.total_tokens': 10,
        'gen_ai.usage.cache_read_input_tokens': 3,
        'gen_ai.usage.cache_creation_input_tokens': 2,
        'gen_ai.usage.reasoning_tokens': 1,
        'traceloop.association.properties.session_id': 's',
        'traceloop.association.properties.user_id': 'u',
        'gen_ai.prompt.0.role': 'user',
        'gen_ai.prompt.0.content': '[{"type":"text","text":"Weather in Oslo?"}]',
        'gen_ai.prompt.1.role': 'assistant',
        'gen_ai.prompt.1.tool_calls.0.id': 'c1',
        'gen_ai.prompt.1.tool_calls.0.name': 'get_weather',
        'gen_ai.prompt.1.tool_calls.0.arguments': '{"city":"Oslo"}',
        'gen_ai.prompt.2.role': 'tool',
        'gen_ai.prompt.2.content': '{"celsius":4}',
        'gen_ai.prompt.2.tool_call_id': 'c1',
        'gen_ai.completion.0.role': 'assistant',
        'gen_ai.completion.0.content': 'Cold',
        'gen_ai.completion.0.finish_reason': 'length',
        'llm.request.functions.0.name': 'get_weather',
        'llm.request.functions.0.description': 'The weather',
        'llm.request.functions.0.parameters': JSON.stringify(weather.parameters),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'openai.chat',
      framework: 'OpenLLMetry openai.v1',
      model: 'gpt-4',
      requestModel: 'gpt-4',
      provider: 'openai',
      usage: { input: 9, output: 1, total: 10, cacheRead: 3, cacheWrite: 2, reasoning: 1 },
      tokensPerSecond: 0.5,
      session: 's',
      user: 'u',
      finishReason: 'length',
      softFailure: { reason: 'truncated' },
      input: [ask, asks, result],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold' }], finishReason: 'length' }],
      toolDefinitions: [weather],
    });
  });

  it('the Vercel AI SDK', () => {
    const span = meaningOf({
      name: 'ai.streamText.doStream',
      scope: 'ai',
      attributes: {
        'ai.operationId': 'ai.streamText.doStream',
        'ai.model.id': 'gemini-2.5-pro',
        'ai.model.provider': 'google.generative-ai',
        'ai.response.model': 'gemini-2.5-pro-001',
        'ai.usage.inputTokens': 12,
        'ai.usage.outputTokens': 6,
        'ai.usage.totalTokens': 18,
        'ai.usage.cachedInputTokens': 2,
        'ai.usage.reasoningTokens': 4,
        'ai.settings.temperature': 0.5,
        'ai.telemetry.metadata.sessionId': 's',
        'ai.telemetry.metadata.userId': 'u',
        'ai.response.msToFirstChunk': 250,
        'ai.response.finishReason': 'tool-calls',
        'ai.prompt.messages': JSON.stringify([
          { role: 'system', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Weather in Oslo?' },
              { type: 'file', data: 'AAAA', mediaType: 'application/pdf' },
            ],
          },
          {
            role: 'assistant',
            content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'get_weather', input: { city: 'Oslo' } }],
          },
          {
            role: 'tool',
            content: [
              {
                type: 'tool-result',
                toolCallId: 'c1',
                toolName: 'get_weather',
                output: { type: 'json', value: { celsius: 4 } },
              },
            ],
          },
        ]),
        'ai.prompt.tools': [
          JSON.stringify({
            type: 'function',
            name: 'get_weather',
            description: 'The weather',
            inputSchema: weather.parameters,
          }),
        ],
        'ai.response.reasoning': 'Hm.',
        'ai.response.text': 'One moment.',
        'ai.response.toolCalls': JSON.stringify([
          { toolCallId: 'c1', toolName: 'get_weather', input: '{"city":"Oslo"}' },
        ]),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'ai.streamText.doStream',
      framework: 'Vercel AI SDK',
      model: 'gemini-2.5-pro-001',
      requestModel: 'gemini-2.5-pro',
      responseModel: 'gemini-2.5-pro-001',
      provider: 'gcp.gemini',
      usage: { input: 12, output: 6, total: 18, cacheRead: 2, reasoning: 4 },
      parameters: { temperature: 0.5 },
      timeToFirstToken: 25e7,
      tokensPerSecond: 6 / 1.75,
      session: 's',
      user: 'u',
      finishReason: 'tool-calls',
      input: [
        rules,
        {
          role: 'user',
          parts: [...ask.parts, { type: 'media', modality: 'file', mediaType: 'application/pdf', data: 'AAAA' }],
        },
        asks,
        { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', name: 'get_weather', result: { celsius: 4 } }] },
      ],
      output: [
        {
          role: 'assistant',
          parts: [{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: 'One moment.' }, call],
          finishReason: 'tool-calls',
        },
      ],
      toolDefinitions: [weather],
    });
  });

  it('Langfuse’s SDK, whose buckets of tokens do not overlap', () => {
    const span = meaningOf({
      scope: 'langfuse-sdk',
      attributes: {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'claude-4',
        'langfuse.observation.model.parameters': '{"temperature":0.1}',
        'langfuse.observation.usage_details':
          '{"input":10,"input_cached_tokens":30,"output":5,"output_reasoning_tokens":2,"total":47}',
        'langfuse.observation.cost_details': '{"input":0.25,"output":0.5,"total":0.75}',
        'langfuse.observation.completion_start_time': '"2026-01-01T00:00:00.400Z"',
        'langfuse.observation.level': 'WARNING',
        'langfuse.observation.status_message': 'slow',
        'langfuse.session.id': 's',
        'langfuse.user.id': 'u',
        'langfuse.trace.tags': ['x'],
        'langfuse.observation.input': '[{"role":"user","content":"Weather in Oslo?"}]',
        'langfuse.observation.output': '{"role":"assistant","content":"Cold."}',
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'work',
      framework: 'Langfuse',
      model: 'claude-4',
      requestModel: 'claude-4',
      usage: { input: 40, output: 7, total: 47, cacheRead: 30, reasoning: 2 },
      cost: { total: 0.75, input: 0.25, output: 0.5, isEstimated: false },
      parameters: { temperature: 0.1 },
      timeToFirstToken: 4e8,
      tokensPerSecond: 7 / 1.6,
      session: 's',
      user: 'u',
      tags: ['x'],
      softFailure: { reason: 'warning', message: 'slow' },
      input: [ask],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }] }],
    });
  });

  it('MLflow, in a provider’s own shape', () => {
    const span = meaningOf({
      attributes: {
        'mlflow.spanType': '"CHAT_MODEL"',
        'mlflow.llm.model': '"claude-4"',
        'mlflow.llm.provider': 'anthropic',
        'mlflow.chat.tokenUsage':
          '{"input_tokens":5,"output_tokens":2,"total_tokens":7,"cache_read_input_tokens":1,"cache_creation_input_tokens":2}',
        'mlflow.llm.cost': '{"input_cost":1,"output_cost":2,"total_cost":3}',
        'mlflow.trace.session': 's',
        'mlflow.spanInputs': JSON.stringify({
          system: 'Be brief.',
          messages: [
            { role: 'user', content: 'Weather in Oslo?' },
            {
              role: 'assistant',
              content: [{ type: 'tool_use', id: 'c1', name: 'get_weather', input: { city: 'Oslo' } }],
            },
            {
              role: 'user',
              content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: '{"celsius":4}' }] }],
            },
          ],
          tools: [{ name: 'get_weather', description: 'The weather', input_schema: weather.parameters }],
        }),
        'mlflow.spanOutputs': JSON.stringify({
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.' },
            { type: 'text', text: 'Cold.' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ],
          stop_reason: 'end_turn',
        }),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'work',
      framework: 'MLflow',
      model: 'claude-4',
      requestModel: 'claude-4',
      provider: 'anthropic',
      usage: { input: 5, output: 2, total: 7, cacheRead: 1, cacheWrite: 2 },
      cost: { total: 3, input: 1, output: 2, isEstimated: false },
      tokensPerSecond: 1,
      session: 's',
      finishReason: 'end_turn',
      input: [rules, ask, asks, { ...result, sourceRole: 'user' }],
      output: [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm.' },
            { type: 'text', text: 'Cold.' },
            { type: 'media', modality: 'image', mediaType: 'image/png', data: 'AAAA' },
          ],
          finishReason: 'end_turn',
        },
      ],
      toolDefinitions: [weather],
    });
  });

  it('LangSmith, with LangChain’s objects', () => {
    const human = {
      lc: 1,
      type: 'constructor',
      id: ['langchain', 'schema', 'messages', 'HumanMessage'],
      kwargs: { content: 'Weather in Oslo?' },
    };
    const ai = {
      lc: 1,
      type: 'constructor',
      id: ['langchain', 'schema', 'messages', 'AIMessage'],
      kwargs: {
        content: '',
        tool_calls: [{ id: 'c1', name: 'get_weather', args: { city: 'Oslo' } }],
        usage_metadata: {
          input_tokens: 8,
          output_tokens: 4,
          total_tokens: 12,
          input_token_details: { cache_read: 2 },
          output_token_details: { reasoning: 1 },
        },
        response_metadata: { finish_reason: 'tool_calls' },
      },
    };
    const span = meaningOf({
      name: 'ChatOpenAI',
      attributes: {
        run_type: 'llm',
        inputs: { messages: [[human]] },
        outputs: { generations: [[{ text: '', message: ai }]] },
        extra: {
          metadata: { ls_model_name: 'gpt-4o', ls_provider: 'openai', ls_temperature: 0.3, thread_id: 'th' },
          invocation_params: { tools: [{ type: 'function', function: weather }] },
        },
        total_cost: '0.25',
        first_token_time: '2026-01-01T00:00:01',
        session_id: 'a project',
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'ChatOpenAI',
      framework: 'LangSmith',
      model: 'gpt-4o',
      requestModel: 'gpt-4o',
      provider: 'openai',
      usage: { input: 8, output: 4, total: 12, cacheRead: 2, reasoning: 1 },
      cost: { total: 0.25, isEstimated: false },
      parameters: { temperature: 0.3 },
      timeToFirstToken: 1e9,
      tokensPerSecond: 4,
      session: 'th',
      finishReason: 'tool_calls',
      input: [ask],
      output: [{ ...asks, finishReason: 'tool_calls' }],
      toolDefinitions: [weather],
    });
  });

  it('Google’s ADK', () => {
    const span = meaningOf({
      name: 'call_llm',
      scope: 'gcp.vertex.agent',
      attributes: {
        'gen_ai.system': 'gcp.vertex.agent',
        'gcp.vertex.agent.session_id': 's',
        'gcp.vertex.agent.llm_request': JSON.stringify({
          model: 'gemini-2.5-flash',
          config: { system_instruction: 'Be brief.', temperature: 0.4, tools: [{ function_declarations: [weather] }] },
          contents: [
            { role: 'user', parts: [{ text: 'Weather in Oslo?' }] },
            { role: 'model', parts: [{ function_call: { id: 'c1', name: 'get_weather', args: { city: 'Oslo' } } }] },
            {
              role: 'user',
              parts: [{ function_response: { id: 'c1', name: 'get_weather', response: { celsius: 4 } } }],
            },
          ],
        }),
        'gcp.vertex.agent.llm_response': JSON.stringify({
          content: { role: 'model', parts: [{ text: 'Thinking.', thought: true }, { text: 'Cold.' }] },
          finish_reason: 'STOP',
          usage_metadata: {
            prompt_token_count: 9,
            candidates_token_count: 3,
            thoughts_token_count: 2,
            total_token_count: 14,
            cached_content_token_count: 4,
          },
        }),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'call_llm',
      framework: 'Google ADK',
      model: 'gemini-2.5-flash',
      requestModel: 'gemini-2.5-flash',
      usage: { input: 9, output: 5, total: 14, cacheRead: 4, reasoning: 2 },
      parameters: { temperature: 0.4 },
      tokensPerSecond: 2.5,
      session: 's',
      finishReason: 'STOP',
      input: [
        rules,
        ask,
        { ...asks, sourceRole: 'model' },
        {
          role: 'tool',
          sourceRole: 'user',
          parts: [{ type: 'tool-result', id: 'c1', name: 'get_weather', result: { celsius: 4 } }],
        },
      ],
      output: [
        {
          role: 'assistant',
          sourceRole: 'model',
          parts: [
            { type: 'reasoning', text: 'Thinking.' },
            { type: 'text', text: 'Cold.' },
          ],
          finishReason: 'STOP',
        },
      ],
      toolDefinitions: [weather],
    });
  });

  it('Strands, with Bedrock’s blocks in events', () => {
    const span = meaningOf({
      name: 'chat',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.system': 'strands-agents',
        'gen_ai.request.model': 'claude',
        'gen_ai.usage.input_tokens': 4,
        'gen_ai.usage.output_tokens': 2,
        'gen_ai.usage.total_tokens': 6,
        'gen_ai.usage.cache_read_input_tokens': 1,
        'gen_ai.usage.cache_write_input_tokens': 1,
        'gen_ai.server.time_to_first_token': 120,
      },
      events: [
        { name: 'gen_ai.user.message', attributes: { content: '[{"text":"Weather in Oslo?"}]' } },
        {
          name: 'gen_ai.tool.message',
          attributes: {
            content: '[{"toolResult":{"toolUseId":"c1","status":"error","content":[{"json":{"celsius":4}}]}}]',
          },
        },
        {
          name: 'gen_ai.choice',
          attributes: {
            finish_reason: 'tool_use',
            message: '[{"toolUse":{"toolUseId":"c1","name":"get_weather","input":{"city":"Oslo"}}}]',
          },
        },
      ],
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'chat',
      framework: 'Strands',
      model: 'claude',
      requestModel: 'claude',
      usage: { input: 4, output: 2, total: 6, cacheRead: 1, cacheWrite: 1 },
      timeToFirstToken: 12e7,
      tokensPerSecond: 2 / 1.88,
      finishReason: 'tool_use',
      input: [ask, { role: 'tool', parts: [{ type: 'tool-result', id: 'c1', result: { celsius: 4 }, isError: true }] }],
      output: [{ ...asks, finishReason: 'tool_use' }],
    });
  });

  it('pydantic-ai 1, which lists events in one attribute', () => {
    const span = meaningOf({
      name: 'chat gpt-4o',
      scope: 'pydantic-ai',
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.usage.input_tokens': 5,
        'gen_ai.usage.details.cache_read_tokens': 2,
        'operation.cost': 0.125,
        model_request_parameters: JSON.stringify({
          function_tools: [
            { name: 'get_weather', description: 'The weather', parameters_json_schema: weather.parameters },
          ],
        }),
        events: JSON.stringify([
          { 'event.name': 'gen_ai.user.message', role: 'user', content: 'Weather in Oslo?' },
          { 'event.name': 'gen_ai.choice', index: 0, message: { role: 'assistant', content: 'Cold.' } },
        ]),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'chat gpt-4o',
      framework: 'Pydantic AI',
      usage: { input: 5, total: 5, cacheRead: 2 },
      cost: { total: 0.125, isEstimated: false },
      input: [ask],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }] }],
      toolDefinitions: [weather],
    });
  });

  it('the OpenAI Agents SDK, each call an item of its own', () => {
    const span = meaningOf({
      attributes: {
        'span_data.type': 'response',
        'span_data.model': 'gpt-4.1',
        'span_data.usage': { input_tokens: 3, output_tokens: 1, input_tokens_details: { cached_tokens: 2 } },
        'span_data._input': [
          { role: 'user', content: 'Weather in Oslo?' },
          { type: 'function_call', call_id: 'c1', id: 'fc_1', name: 'get_weather', arguments: '{"city":"Oslo"}' },
          { type: 'function_call_output', call_id: 'c1', output: '{"celsius":4}' },
        ],
        'span_data._response': {
          output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Cold.' }] }],
        },
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'work',
      framework: 'OpenAI Agents',
      model: 'gpt-4.1',
      requestModel: 'gpt-4.1',
      usage: { input: 3, output: 1, total: 4, cacheRead: 2 },
      tokensPerSecond: 0.5,
      input: [ask, asks, result],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }] }],
    });
  });

  it('Claude Code, which counts the cache apart', () => {
    const span = meaningOf({
      name: 'claude_code.llm_request',
      attributes: {
        'span.type': 'llm_request',
        model: 'claude-opus-4',
        input_tokens: 10,
        output_tokens: 4,
        cache_read_tokens: 100,
        cache_creation_tokens: 5,
        ttft_ms: 800,
        stop_reason: 'refusal',
        new_context: 'Weather in Oslo?',
        'response.model_output': '<REDACTED>',
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'claude_code.llm_request',
      framework: 'Claude Code',
      model: 'claude-opus-4',
      requestModel: 'claude-opus-4',
      usage: { input: 115, output: 4, total: 119, cacheRead: 100, cacheWrite: 5 },
      timeToFirstToken: 8e8,
      tokensPerSecond: 4 / 1.2,
      finishReason: 'refusal',
      softFailure: { reason: 'refusal' },
      input: [ask],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: '<REDACTED>' }] }],
    });
  });

  it('Opik', () => {
    const span = meaningOf({
      attributes: {
        'opik.span.type': 'llm',
        model: 'gpt-4o',
        provider: 'openai',
        usage: {
          prompt_tokens: 6,
          completion_tokens: 2,
          total_tokens: 8,
          'original_usage.prompt_tokens_details.cached_tokens': 4,
        },
        total_estimated_cost: 0.001,
        thread_id: 'th',
        input: { messages: [{ role: 'user', content: 'Weather in Oslo?' }] },
        output: { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: 'Cold.' } }] },
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'work',
      framework: 'Opik',
      model: 'gpt-4o',
      requestModel: 'gpt-4o',
      provider: 'openai',
      usage: { input: 6, output: 2, total: 8, cacheRead: 4 },
      cost: { total: 0.001, isEstimated: false },
      tokensPerSecond: 1,
      session: 'th',
      finishReason: 'stop',
      input: [ask],
      output: [{ role: 'assistant', parts: [{ type: 'text', text: 'Cold.' }], finishReason: 'stop' }],
    });
  });

  it('the plain scheme', () => {
    const span = meaningOf({
      name: 'llm_call',
      attributes: {
        'llm.model': 'gpt-4',
        'llm.prompt_tokens': '1350',
        'llm.completion_tokens': '193',
        'llm.temperature': 0.7,
        'llm.duration_ms': 1900,
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'llm',
      label: 'llm_call',
      model: 'gpt-4',
      requestModel: 'gpt-4',
      usage: { input: 1350, output: 193, total: 1543 },
      parameters: { temperature: 0.7 },
      tokensPerSecond: 193 / 1.9,
    });
  });
});

describe('agentSpan reads a tool’s use as it is written by', () => {
  const use = { name: 'get_weather', callId: 'c1', arguments: { city: 'Oslo' }, result: { celsius: 4 } };
  const text = JSON.stringify(use.arguments);
  const answer = JSON.stringify(use.result);

  it.each([
    [
      'OpenTelemetry',
      {
        'gen_ai.tool.name': 'get_weather',
        'gen_ai.tool.call.id': 'c1',
        'gen_ai.tool.call.arguments': text,
        'gen_ai.tool.call.result': answer,
      },
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'TOOL',
        'tool.name': 'get_weather',
        'tool.id': 'c1',
        'tool.parameters': '{"city":"str"}',
        'input.value': text,
        'output.value': answer,
      },
    ],
    [
      'OpenInference without input',
      {
        'openinference.span.kind': 'TOOL',
        'tool.name': 'get_weather',
        'tool.id': 'c1',
        'tool.parameters': text,
        'output.value': answer,
      },
    ],
    [
      'OpenLLMetry',
      {
        'traceloop.span.kind': 'tool',
        'traceloop.entity.name': 'get_weather',
        'gen_ai.tool.call.id': 'c1',
        'traceloop.entity.input': JSON.stringify({ input_str: "{'city': 'Oslo'}", inputs: use.arguments, tags: [] }),
        'traceloop.entity.output': JSON.stringify({
          output: { id: ['a', 'ToolMessage'], kwargs: { content: answer } },
          kwargs: {},
        }),
      },
    ],
    [
      'the AI SDK',
      {
        'ai.operationId': 'ai.toolCall',
        'ai.toolCall.name': 'get_weather',
        'ai.toolCall.id': 'c1',
        'ai.toolCall.args': text,
        'ai.toolCall.result': answer,
      },
    ],
    [
      'pydantic-ai 2',
      { 'gen_ai.tool.name': 'get_weather', 'gen_ai.tool.call.id': 'c1', tool_arguments: text, tool_response: answer },
    ],
    [
      'Google’s ADK',
      {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'get_weather',
        'gen_ai.tool.call.id': 'c1',
        'gcp.vertex.agent.tool_call_args': text,
        'gcp.vertex.agent.tool_response': answer,
      },
    ],
    [
      'Model Context Protocol',
      {
        'mcp.method.name': 'tools/call',
        'gen_ai.tool.name': 'get_weather',
        'jsonrpc.request.id': 'c1',
        'mcp.request.argument': text,
        'mcp.response.value': answer,
      },
    ],
    [
      'LangSmith',
      {
        run_type: 'tool',
        'tool.name': 'get_weather',
        inputs: use.arguments,
        outputs: { output: use.result, tool_call_id: 'c1' },
      },
    ],
    [
      'the OpenAI Agents SDK',
      {
        'span_data.type': 'function',
        'tool.name': 'get_weather',
        'tool_call.id': 'c1',
        'span_data.input': text,
        'span_data.output': answer,
      },
    ],
  ])('%s', (_, attributes) => {
    const { kind, tool } = factsOf(meaningOf({ attributes }));
    expect({ kind, tool }).toEqual({ kind: 'tool', tool: use });
  });

  it('Strands, whose tools answer in events', () => {
    const { tool } = factsOf(
      meaningOf({
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'get_weather',
          'gen_ai.tool.call.id': 'c1',
          'gen_ai.tool.status': 'error',
        },
        events: [
          { name: 'gen_ai.tool.message', attributes: { content: text } },
          { name: 'gen_ai.choice', attributes: { message: '[{"text":"{\\"celsius\\":4}"}]' } },
        ],
      }),
    );
    expect(tool).toEqual({ ...use, success: false });
  });

  it('MLflow and Langfuse, by the span’s name', () => {
    for (const attributes of [
      { 'mlflow.spanType': 'TOOL', 'mlflow.spanInputs': text, 'mlflow.spanOutputs': answer },
      { 'langfuse.observation.type': 'tool', input: text, output: answer },
    ]) {
      expect(factsOf(meaningOf({ name: 'get_weather', attributes })).tool).toEqual({
        name: 'get_weather',
        arguments: use.arguments,
        result: use.result,
      });
    }
  });

  it('the plain scheme, which fails softly', () => {
    const span = meaningOf({
      name: 'tool:search',
      attributes: { 'tool.name': 'search', 'tool.input_size': '20', 'tool.success': 'false' },
      status: 'ok',
    });
    expect(factsOf(span)).toEqual({
      kind: 'tool',
      label: 'search',
      tool: { name: 'search', inputSize: 20, success: false },
      softFailure: { reason: 'tool-failed' },
    });
  });
});

describe('agentSpan reads other steps', () => {
  it('an agent by the plain scheme, whose model makes it no call', () => {
    const span = meaningOf({
      name: 'agent_run',
      attributes: { task_preview: 'Find a flight', agent_type: 'react', model: 'gpt-4' },
    });
    expect(factsOf(span)).toEqual({
      kind: 'agent',
      label: 'agent_run',
      agentName: 'react',
      model: 'gpt-4',
      requestModel: 'gpt-4',
      input: [{ role: 'user', parts: [{ type: 'text', text: 'Find a flight' }] }],
    });
  });

  it('a whole run that pydantic-ai keeps on the agent’s span', () => {
    const span = meaningOf({
      name: 'helper run',
      scope: 'pydantic-ai',
      attributes: {
        agent_name: 'helper',
        'pydantic_ai.all_messages': JSON.stringify([
          { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
          { role: 'user', parts: [{ type: 'text', content: 'Weather in Oslo?' }] },
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'c1', name: 'get_weather', arguments: '{"city":"Oslo"}' }],
          },
          { role: 'user', parts: [{ type: 'tool_call_response', id: 'c1', result: { celsius: 4 } }] },
        ]),
      },
    });
    expect(factsOf(span)).toEqual({
      kind: 'agent',
      label: 'helper run',
      framework: 'Pydantic AI',
      agentName: 'helper',
      input: [rules, ask],
      output: [asks, { ...result, sourceRole: 'user' }],
    });
  });

  it('retrievers and rerankers', () => {
    const retriever = meaningOf({
      attributes: {
        'openinference.span.kind': 'RETRIEVER',
        'input.value': 'oslo',
        'retrieval.documents.0.document.id': 'd1',
        'retrieval.documents.0.document.content': 'Oslo is cold.',
        'retrieval.documents.0.document.score': '0.9',
        'retrieval.documents.0.document.metadata': '{"page":2}',
        'retrieval.documents.7.document.content': 'Far away.',
      },
    });
    expect(retriever.query).toBe('oslo');
    expect(retriever.documents).toEqual([
      { id: 'd1', content: 'Oslo is cold.', score: 0.9, metadata: { page: 2 } },
      { id: undefined, content: 'Far away.', score: undefined, metadata: undefined },
    ]);
    const reranker = meaningOf({
      attributes: {
        'openinference.span.kind': 'RERANKER',
        'reranker.query': 'cold',
        'reranker.model_name': 'rerank-1',
        'reranker.input_documents.0.document.content': 'a',
        'reranker.input_documents.1.document.content': 'b',
        'reranker.output_documents.0.document.content': 'b',
        'reranker.output_documents.0.document.score': 0.5,
      },
    });
    expect([reranker.query, reranker.model, reranker.documentsBefore.length, reranker.documents]).toEqual([
      'cold',
      'rerank-1',
      2,
      [{ id: undefined, content: 'b', score: 0.5, metadata: undefined }],
    ]);
  });

  it('documents of OpenTelemetry, LangChain, MLflow and databases of vectors', () => {
    const contents = (
      attributes: Record<string, unknown>,
      events: { name: string; attributes: Record<string, unknown> }[] = [],
    ) => meaningOf({ attributes, events }).documents.map(({ content, score }) => `${content} ${score}`);
    expect(
      contents({ 'gen_ai.operation.name': 'retrieval', 'gen_ai.retrieval.documents': '[{"id":"1","score":0.5}]' }),
    ).toEqual(['undefined 0.5']);
    expect(
      contents({
        run_type: 'retriever',
        outputs: { documents: [{ page_content: 'x', metadata: {}, type: 'Document' }] },
      }),
    ).toEqual(['x undefined']);
    expect(
      contents({ 'mlflow.spanType': 'RETRIEVER', 'mlflow.spanOutputs': '[{"page_content":"y","id":"1"}]' }),
    ).toEqual(['y undefined']);
    expect(
      contents({ 'gen_ai.operation.name': 'vector_db_retrieve' }, [
        { name: 'db.query.result', attributes: { document: 'z', score: 2 } },
      ]),
    ).toEqual(['z 2']);
  });

  it('memories and decisions of the plain scheme', () => {
    const memory = meaningOf({
      name: 'memory:retrieve',
      attributes: {
        'memory.operation': 'retrieve',
        'memory.type': 'episodic',
        'memory.hits': 2,
        'memory.records': ['a', 'b'],
      },
    });
    expect(factsOf(memory)).toEqual({
      kind: 'memory',
      label: 'retrieve',
      memory: { operation: 'retrieve', type: 'episodic', count: 2, records: ['a', 'b'] },
    });
    const decision = meaningOf({
      name: 'decision:action_selection',
      attributes: {
        'decision.type': 'action_selection',
        'decision.option_count': '3',
        'decision.options': '["a","b","c"]',
        'decision.chosen': 'b',
      },
    });
    expect(factsOf(decision)).toEqual({
      kind: 'decision',
      label: 'action_selection',
      decision: { type: 'action_selection', optionCount: 3, options: ['a', 'b', 'c'], chosen: 'b' },
    });
  });

  it('an evaluator’s result', () => {
    const span = meaningOf({
      attributes: {
        'gen_ai.evaluation.name': 'tone',
        'gen_ai.evaluation.score.value': 0.5,
        'gen_ai.evaluation.score.label': 'fair',
      },
      events: [
        {
          name: 'gen_ai.evaluation.result',
          attributes: { 'gen_ai.evaluation.name': 'facts', 'gen_ai.evaluation.explanation': 'none' },
        },
      ],
    });
    expect(factsOf(span)).toEqual({
      kind: 'evaluator',
      label: 'work',
      evaluations: [
        { name: 'facts', explanation: 'none' },
        { name: 'tone', score: 0.5, label: 'fair' },
      ],
    });
  });

  it('an interruption that is recorded as an error', () => {
    const span = meaningOf({
      status: 'error',
      statusMessage: 'wait',
      events: [{ name: 'exception', attributes: { 'exception.type': 'langgraph.errors.GraphInterrupt' } }],
    });
    expect(span.softFailure).toEqual({ reason: 'interrupted', message: 'wait' });
  });
});

describe('agentSpan keeps apart', () => {
  it('what is absent and what is 0', () => {
    expect(meaningOf({ name: 'llm_call' }).usage).toBeUndefined();
    expect(meaningOf({ name: 'llm_call' }).cost).toBeUndefined();
    const { usage, cost } = meaningOf({
      name: 'llm_call',
      attributes: { 'llm.prompt_tokens': 0, 'gen_ai.usage.cost': 0 },
    });
    expect([usage?.input, usage?.output, cost?.total]).toEqual([0, undefined, 0]);
  });

  it('a cache that is counted apart, by a cache that is larger than the input', () => {
    const usage = (cached: number) =>
      meaningOf({ attributes: { 'gen_ai.usage.input_tokens': 10, 'gen_ai.usage.cache_read.input_tokens': cached } })
        .usage;
    expect([usage(4)?.input, usage(90)?.input]).toEqual([10, 100]);
  });

  it('Langfuse’s columns that are 0 because nothing is known', () => {
    const span = meaningOf({
      attributes: {
        'langfuse.observation.type': 'generation',
        usageDetails: {},
        inputUsage: 0,
        totalUsage: 0,
        totalCost: 0,
      },
    });
    expect([span.usage, span.cost]).toEqual([undefined, undefined]);
  });

  it('a vendor and a framework', () => {
    const span = meaningOf({ attributes: { 'gen_ai.provider.name': 'langchain', ls_provider: 'aws_bedrock' } });
    expect([span.framework, span.provider]).toEqual(['LangChain', 'aws.bedrock']);
  });

  it('a model that is called unknown and one that is known', () => {
    expect(meaningOf({ attributes: { 'gen_ai.request.model': 'unknown', 'llm.model': 'gpt-4' } }).model).toBe('gpt-4');
  });
});
