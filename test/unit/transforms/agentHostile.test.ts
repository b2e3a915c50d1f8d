import { describe, expect, it } from 'vitest';
import { agentColumns, agentRun, agentSpan, agentTranscript, parseTraces } from '../../../src/core.ts';
import { askAll, factsOf, meaningOf } from '../../agentFacts.ts';

describe('Hostile content', () => {
  it('of 10 MB of base64 is one part of media', () => {
    const content = 'iVBORw0K'.repeat(1_300_000);
    const { input } = meaningOf({
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.input.messages': JSON.stringify([
          { role: 'user', parts: [{ type: 'blob', mime_type: 'image/png', content }] },
        ]),
      },
    });
    expect(input[0]?.parts[0]).toEqual({ type: 'media', modality: 'image', mediaType: 'image/png', data: content });
  });

  it('of a million items is read once through', () => {
    const list = JSON.stringify(Array.from({ length: 1_000_000 }, (_, at) => at));
    const { input, tool } = meaningOf({ name: 'tool:x', attributes: { 'input.value': list } });
    expect(tool?.arguments).toHaveLength(1_000_000);
    expect(input[0]?.parts[0]?.type).toBe('json');
    const messages = JSON.stringify(Array.from({ length: 200_000 }, () => ({ role: 'user', content: 'x' })));
    expect(meaningOf({ attributes: { 'gen_ai.input.messages': messages } }).input.length).toBe(200_000);
  });

  it.each([
    ['lists in lists', `${'['.repeat(100_000)}1${']'.repeat(100_000)}`],
    ['messages in messages', `${'{"messages":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['outputs in outputs', `${'{"outputs":{"x":'.repeat(10_000)}1${'}}'.repeat(10_000)}`],
    ['broken JSON', '[{"role":"user","content":"x"'],
    ['quotes without end', `[1234567890123456789,${'"\\"'.repeat(200_000)}`],
    ['brackets without end', '['.repeat(1_000_000)],
    ['nothing but spaces', `${' '.repeat(1_000_000)}[`],
  ])('of %s is kept as it is or as JSON', (_, text) => {
    for (const key of [
      'gen_ai.input.messages',
      'input.value',
      'langfuse.observation.usage_details',
      'outputs',
      'gen_ai.tool.definitions',
      'gcp.vertex.agent.llm_request',
    ]) {
      const span = meaningOf({ name: 'llm_call', attributes: { [key]: text } });
      expect(askAll(span)).toContain('kind');
    }
    const [message] = meaningOf({ attributes: { 'input.value': text } }).input;
    expect(['text', 'json']).toContain(message?.parts[0]?.type);
  });

  it('of text within text within text is opened so far and no further', () => {
    let text = JSON.stringify([{ role: 'user', content: 'hello' }]);
    for (let level = 0; level < 2; level++) text = JSON.stringify(text);
    expect(meaningOf({ attributes: { input: text } }).input).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'hello' }] },
    ]);
    for (let level = 0; level < 8; level++) text = JSON.stringify(text);
    expect(meaningOf({ attributes: { input: text } }).input[0]?.parts[0]?.type).toBe('text');
  });

  it('loses no digit of a long integer', () => {
    const { tool } = meaningOf({
      name: 'tool:x',
      attributes: {
        'gen_ai.tool.call.arguments':
          '{"id":12345678901234567890,"n":[-9007199254740993],"s":"x: 12345678901234567890"}',
      },
    });
    expect(tool?.arguments).toEqual({
      id: '12345678901234567890',
      n: ['-9007199254740993'],
      s: 'x: 12345678901234567890',
    });
  });

  it('of keys of prototypes pollutes nothing', () => {
    const attributes = JSON.parse(
      '{"__proto__":{"polluted":1},"llm.input_messages.0.__proto__.polluted":1,"llm.input_messages.__proto__.polluted":1,"llm.input_messages.constructor.prototype.polluted":1,"llm.input_messages.0.message.role":"user","llm.input_messages.0.message.content":"hi","gen_ai.request.__proto__":1,"gen_ai.request.constructor":2}',
    ) as Record<string, unknown>;
    const span = meaningOf({ name: 'llm_call', attributes });
    expect(span.input[0]?.role).toBe('user');
    expect(factsOf(span).parameters).toEqual({ constructor: 2 });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('of an index beyond reason makes no list of that length', () => {
    const { input } = meaningOf({
      name: 'llm_call',
      attributes: {
        'llm.input_messages.4000000000.message.content': 'far',
        'llm.input_messages.20000.message.content': 'far',
        'llm.input_messages.3.message.content': 'near',
      },
    });
    expect(input.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: 'near' }]]);
  });

  it('of values of every wrong type is read without an error', () => {
    const wrong = [
      null,
      true,
      1e308,
      -1,
      NaN,
      '',
      'x',
      [],
      {},
      [null],
      [[]],
      [{}],
      { role: 1 },
      { role: 'user' },
      { content: { parts: 1 } },
      { message: [] },
      { choices: [1, null] },
    ];
    const keys = [
      ...[
        'gen_ai.input.messages',
        'gen_ai.output.messages',
        'gen_ai.system_instructions',
        'events',
        'ai.prompt',
        'ai.response.toolCalls',
      ],
      ...[
        'usage',
        'usageDetails',
        'costDetails',
        'outputs',
        'inputs',
        'extra',
        'gcp.vertex.agent.llm_response',
        'retrieval.documents',
        'tools',
      ],
      ...[
        'llm.tools',
        'scores',
        'decision.options',
        'gen_ai.response.finish_reasons',
        'tag.tags',
        'pydantic_ai.all_messages',
        'embedding.embeddings',
      ],
      ...[
        'span_data.output',
        'mlflow.spanOutputs',
        'model_request_parameters',
        'annotations',
        'completionStartTime',
        'model',
        'llm.model',
      ],
    ];
    for (const name of ['llm_call', 'tool:x', 'memory:x', 'decision:x', 'agent_run', 'retrieval x']) {
      for (const value of wrong) {
        for (const given of [value, JSON.stringify(value) ?? '']) {
          const span = meaningOf({ name, attributes: Object.fromEntries(keys.map((key) => [key, given])) });
          expect(factsOf(span).kind).toBeTypeOf('string');
        }
      }
    }
  });

  it('of 50,000 spans within each other, calls, agents and tools, is worked out without recursion', () => {
    const names = ['agent_run', 'llm_call', 'tool:x', 'iteration_1', 'memory:y'];
    const spans = Array.from({ length: 50_000 }, (_, at) => ({
      span_id: `s${at}`,
      parent_span_id: at === 0 ? null : `s${at - 1}`,
      name: names[at % names.length],
      start_time: at,
      end_time: 200_000 - at,
      attributes: { 'llm.prompt_tokens': 1 },
    }));
    const trace = parseTraces({ trace_id: 't', spans }).traces[0]!;
    const run = agentRun(trace);
    const { usage, time, iterations, loops, errors, outcome, contextGrowth, models, tools, agents } = run;
    expect(usage?.input).toBeGreaterThan(0);
    expect([time.total, iterations.length, loops.length, errors.length, outcome.state, contextGrowth.length]).toEqual([
      200_000e9,
      10_000,
      0,
      0,
      'succeeded',
      10_000,
    ]);
    expect([models.length, tools.length, agents.length]).toEqual([1, 1, 1]);
    expect(agentTranscript(run).length).toBe(1);
  });

  it('of a new key for each span does not stay in memory for good', () => {
    const spans = Array.from({ length: 30_000 }, (_, at) => ({
      span_id: `s${at}`,
      name: 'x',
      start_time: at,
      end_time: at + 1,
      attributes: { [`key.${at}`]: at, 'llm.prompt_tokens': at },
    }));
    const trace = parseTraces({ trace_id: 't', spans }).traces[0]!;
    expect(agentColumns(trace).inputTokens[29_999]).toBe(29_999);
    expect(agentSpan(trace.spanAt(3)).usage?.input).toBe(3);
  });
});
