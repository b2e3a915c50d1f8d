import { expect, it } from 'vitest';
import { agentKind, agentRun, agentSpan } from '../../../src/core.ts';
import { type AgentTracer, createAgentTracer } from '../../../src/tracer.ts';
import { recordingTracer } from './recordedSpans.ts';

async function run(agent: AgentTracer): Promise<string> {
  return agent.agentRun(
    { task: 'Find the secret', type: 'researcher', model: 'm-1', baggage: { 'session.id': 's1' } },
    async (task) => {
      await task.iteration(1, async (round) => {
        await round.memoryOperation({ operation: 'search', type: 'long_term', query: 'secret query' }, (memory) =>
          memory.setResult({ count: 2 }),
        );
        await round.llmCall(
          { model: 'm-1', provider: 'acme', promptTokens: 120, temperature: 0.2, messages: 'secret prompt' },
          async (call) => call.setResult({ completionTokens: 30, output: 'secret answer', finishReason: 'stop' }),
        );
        round.decision({ type: 'next_action', options: ['search', 'answer'] }, (d) =>
          d.setResult({ chosen: 'search' }),
        );
        await Promise.allSettled([
          round.toolCall({ name: 'search', input: { q: 'secret' } }, async () => 'secret result'),
          round.toolCall({ name: 'fetch', input: { url: 'x' } }, async () => {
            throw new Error('refused');
          }),
        ]);
        round.toolCall({ name: 'soft' }, (call) => call.setResult({ success: false }));
      });
      task.setResult({ iterations: 1, status: 'done' });
      return 'answer';
    },
  );
}

it('writes the GenAI conventions, which this project reads back as what they mean', async () => {
  const { recorder, tracer, drawn } = recordingTracer();
  expect(await run(createAgentTracer({ tracer }))).toBe('answer');
  expect(drawn()).toEqual([
    'invoke_agent researcher ok',
    '  iteration_1 ok',
    '    search_memory ok',
    '    chat m-1 ok',
    '    decision:next_action ok',
    '    execute_tool search ok',
    '    execute_tool fetch error',
    '    execute_tool soft ok',
  ]);
  const trace = recorder.traces[0]!;
  expect(Array.from(trace, agentKind)).toEqual([
    'agent',
    'iteration',
    'memory',
    'llm',
    'decision',
    'tool',
    'tool',
    'tool',
  ]);
  expect(trace.spanAt(3).attributes).toEqual({
    'session.id': 's1',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'acme',
    'gen_ai.request.model': 'm-1',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.usage.input_tokens': 120,
    'gen_ai.usage.output_tokens': 30,
    'gen_ai.response.finish_reasons': ['stop'],
  });
  expect(trace.spanAt(7).attributes).toMatchObject({ 'gen_ai.tool.name': 'soft', 'gen_ai.tool.status': 'error' });
  expect(agentSpan(trace.spanAt(3))).toMatchObject({ model: 'm-1' });
  expect(agentRun(trace).iterations).toHaveLength(1);
});

it('writes the plain scheme where asked', async () => {
  const { recorder, tracer, drawn } = recordingTracer();
  await run(createAgentTracer({ tracer, conventions: 'plain' }));
  expect(drawn()).toEqual([
    'agent_run ok',
    '  iteration_1 ok',
    '    memory:search ok',
    '    llm_call ok',
    '    decision:next_action ok',
    '    tool:search ok',
    '    tool:fetch error',
    '    tool:soft ok',
  ]);
  const attributes = Array.from(recorder.traces[0]!, (span) => {
    const { 'session.id': session, ...own } = span.attributes;
    expect(session).toBe('s1');
    return own;
  });
  expect(attributes).toEqual([
    { agent_type: 'researcher', model: 'm-1', total_iterations: 1, status_description: 'done' },
    {},
    { 'memory.operation': 'search', 'memory.type': 'long_term' },
    {
      'llm.model': 'm-1',
      'llm.prompt_tokens': 120,
      'llm.temperature': 0.2,
      'llm.completion_tokens': 30,
      'llm.duration_ms': expect.any(Number),
    },
    { 'decision.type': 'next_action', 'decision.option_count': 2, 'decision.chosen': 'search' },
    { 'tool.name': 'search', 'tool.input_size': 14, 'tool.success': true },
    { 'tool.name': 'fetch', 'tool.input_size': 11, 'tool.success': false, 'error.type': 'Error' },
    { 'tool.name': 'soft', 'tool.success': false },
  ]);
});

it('records contents only where asked for', async () => {
  for (const conventions of ['genai', 'plain'] as const) {
    const silent = recordingTracer();
    await run(createAgentTracer({ tracer: silent.tracer, conventions }));
    const texts = Array.from(silent.recorder.traces[0]!, (span) => JSON.stringify(span.attributes)).join();
    expect(texts).not.toContain('secret');
  }
  const { recorder, tracer } = recordingTracer();
  await run(createAgentTracer({ tracer, content: true }));
  const trace = recorder.traces[0]!;
  expect(trace.spanAt(0).attributes['gen_ai.input.messages']).toBe(
    '[{"role":"user","parts":[{"type":"text","content":"Find the secret"}]}]',
  );
  expect(trace.spanAt(3).attributes['gen_ai.output.messages']).toContain('secret answer');
  expect(trace.spanAt(5).attributes['gen_ai.tool.call.arguments']).toBe('{"q":"secret"}');
  const tools = recordingTracer();
  await run(createAgentTracer({ tracer: tools.tracer, content: { tools: true } }));
  expect(tools.recorder.traces[0]!.spanAt(0).attributes).not.toHaveProperty('gen_ai.input.messages');
  expect(tools.recorder.traces[0]!.spanAt(5).attributes).toHaveProperty('gen_ai.tool.call.arguments');
});

it('is not stopped by what JSON cannot hold', () => {
  const { recorder, tracer } = recordingTracer();
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  createAgentTracer({ tracer, content: true }).toolCall({ name: 'odd', input: cycle }, (call) =>
    call.setResult({ output: { big: 10n } }),
  );
  const { attributes } = recorder.traces[0]!.spanAt(0);
  expect(attributes['gen_ai.tool.call.arguments']).toMatch(/^\[no JSON: /);
  expect(attributes['gen_ai.tool.call.result']).toBe('{"big":"10"}');
});
