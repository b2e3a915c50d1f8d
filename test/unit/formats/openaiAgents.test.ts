import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/index.ts';
import { detectFormat, parseTraces, type Trace, TraceFormatError, toJson, toTimeline } from '../../../src/core.ts';
import { formatTree } from '../../formatTree.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

type Fields = Record<string, unknown>;

const traceRecord = (fields: Fields = {}): Fields => ({
  object: 'trace',
  id: 'trace_1',
  workflow_name: 'Customer support',
  group_id: 'chat-7',
  metadata: null,
  ...fields,
});

/** A second long, a second after the trace's start for each number in its id. */
function span(number: number, data: Fields, fields: Fields = {}): Fields {
  return {
    object: 'trace.span',
    id: `span_${number}`,
    trace_id: 'trace_1',
    parent_id: null,
    started_at: `2026-11-23T09:30:0${number}.000000+00:00`,
    ended_at: `2026-11-23T09:30:0${number + 1}.000000+00:00`,
    span_data: data,
    error: null,
    ...fields,
  };
}

const file = (...spans: Fields[]) => ({ data: [traceRecord(), ...spans] });

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('openai-agents');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

const run = file(
  span(
    1,
    { type: 'agent', name: 'Triage', handoffs: ['Refunds'], tools: [], output_type: 'str' },
    { ended_at: '2026-11-23T09:30:06.5Z' },
  ),
  span(2, { type: 'generation', model: 'gpt-4o', input: [{ role: 'user', content: 'hi' }] }, { parent_id: 'span_1' }),
  span(
    3,
    { type: 'function', name: 'search', input: '{}', output: 'x' },
    {
      parent_id: 'span_1',
      error: { message: 'Tool failed', data: { code: 7 } },
    },
  ),
  span(4, { type: 'handoff', from_agent: 'Triage', to_agent: 'Refunds' }, { parent_id: 'span_1' }),
);

const tree = `
Customer support 0–5500 unset
  Triage 0–5500 unset
    gpt-4o 1000–2000 unset
    search 2000–3000 error
    Triage → Refunds 3000–4000 unset`.trimStart();

describe('reading OpenAI Agents', () => {
  it('gives the trace as the root, from the first start to the last end', () => {
    expect(formatTree(only(run))).toBe(tree);
    expect(only(run).traceId).toBe('trace_1');
  });

  it.each([
    ['a list', run.data],
    ['JSON Lines', run.data.map((item) => JSON.stringify(item)).join('\n')],
    ['several requests', run.data.map((item) => JSON.stringify({ data: [item] })).join('\n')],
    ['spans before their trace', [...run.data].reverse()],
    [
      'spans within their trace',
      { ...traceRecord(), spans: run.data.slice(1).map(({ trace_id: _, ...rest }) => rest) },
    ],
    ['a trace beside its spans', { trace: run.data[0], spans: run.data.slice(1) }],
    ['the trace written when it began and when it ended', [...run.data, traceRecord({ metadata: { a: 1 } })]],
  ])('gives the same for %s', (_, input) => {
    expect(formatTree(only(input))).toBe(tree);
  });

  it.each([
    [{ type: 'agent', name: 'Triage' }, 'Triage'],
    [{ type: 'generation' }, 'generation'],
    [{ type: 'response', response_id: 'resp_1' }, 'response'],
    [{ type: 'handoff', from_agent: 'A', to_agent: null }, 'A → ?'],
    [{ type: 'guardrail', name: 'Politeness', triggered: true }, 'Politeness'],
    [{ type: 'custom', name: 'Step', data: {} }, 'Step'],
    [{ type: 'custom', name: 'task', data: { sdk_span_type: 'task', name: 'Runner run' } }, 'Runner run'],
    [{ type: 'custom', name: 'turn', data: { sdk_span_type: 'turn', turn: 3, agent_name: 'A' } }, 'turn 3'],
    [{ type: 'mcp_tools', server: 'files', result: ['read'] }, 'mcp_tools files'],
    [{ type: 'transcription', model: 'whisper-1' }, 'whisper-1'],
    [{ type: 'speech_group', input: 'x' }, 'speech_group'],
    [{ type: 'of the future' }, 'of the future'],
    [null, ''],
  ])('names %j as the dashboard does', (data, name) => {
    expect(only(file(span(1, data as Fields))).spanAt(1).name).toBe(name);
  });

  it('gives what has no column as attributes: the data of a span by its own keys, the group of the trace', () => {
    const trace = only(run);
    expect(trace.spanAt(0).attributes).toEqual({ group_id: 'chat-7' });
    expect(trace.span('span_2')!.attributes).toEqual({
      'span_data.type': 'generation',
      'span_data.model': 'gpt-4o',
      'span_data.input': [{ role: 'user', content: 'hi' }],
    });
    expect(trace.span('span_3')).toMatchObject({
      status: 'error',
      statusMessage: 'Tool failed',
      attributes: { 'error.data': { code: 7 }, 'span_data.output': 'x' },
    });
    expect(only(file(span(1, {}, { extra: [1] }))).spanAt(1).attributes).toEqual({ extra: [1] });
  });

  it('keeps an error that is text, and one of no known form', () => {
    const trace = only(file(span(1, {}, { error: 'boom' }), span(2, {}, { error: {} }), span(3, {}, { error: 5 })));
    expect(Array.from(trace, ({ status, statusMessage }) => [status, statusMessage])).toEqual([
      ['unset', undefined],
      ['error', 'boom'],
      ['error', undefined],
      ['unset', undefined],
    ]);
    expect(trace.span('span_3')!.attributes).toEqual({ error: 5 });
  });

  it('shows an open span, and a trace none of whose spans has ended as open', () => {
    const open = span(1, { type: 'agent', name: 'A' }, { ended_at: null });
    expect(formatTree(only(file(open)))).toBe('Customer support 0– unset [unfinished]\n  A 0– unset [unfinished]');
    const half = only(file(open, span(2, { type: 'function', name: 'f' }, { parent_id: 'span_1' })));
    expect(formatTree(half).split('\n')[0]).toBe('Customer support 0–2000 unset');
  });

  it('puts together what several records say of a trace', () => {
    const trace = only([traceRecord(), { object: 'trace', id: 'trace_1', metadata: { tier: 'gold' } }]);
    expect(trace.spanAt(0)).toMatchObject({
      name: 'Customer support',
      attributes: { group_id: 'chat-7', metadata: { tier: 'gold' } },
    });
  });

  it('takes a time without a zone for UTC, digit by digit', () => {
    const trace = only(
      file(span(1, {}, { started_at: '2026-11-23T09:30:01.123456', ended_at: '2026-11-23T10:30:02+01:00' })),
    );
    expect(trace.spanAt(1).startTimeUnixNano).toBe(1_795_426_201_123_456_000n);
    expect(trace.spanAt(1).durationMs).toBe(876.544);
  });

  it('makes up no root where the file has none, and marks what names a missing parent', () => {
    const trace = only({ data: [span(1, { type: 'agent', name: 'A' }), span(2, {}, { parent_id: 'span_9' })] });
    expect(Array.from(trace, ({ depth, issues }) => [depth, issues])).toEqual([
      [0, []],
      [0, ['orphan']],
    ]);
  });

  it('takes the trace named as a parent for the root, and a span of its id for another', () => {
    const trace = only(
      file(span(1, { name: 'a' }, { parent_id: 'trace_1' }), span(2, { name: 'b' }, { id: 'trace_1' })),
    );
    expect(Array.from(trace, ({ depth, name, key }) => [depth, name, key])).toEqual([
      [0, 'Customer support', 'trace:trace_1'],
      [1, 'a', 'span_1'],
      [1, 'b', 'trace_1'],
    ]);
  });

  it('keeps several traces apart, also one without spans', () => {
    const { traces } = parseTraces([
      traceRecord(),
      traceRecord({ id: 'trace_2', workflow_name: 'Empty' }),
      span(1, {}),
      span(1, {}, { trace_id: 'trace_3' }),
    ]);
    expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['trace_1', 2],
      ['trace_2', 1],
      ['trace_3', 1],
    ]);
  });

  it('leaves out and counts what is no record, and tells of a time that it cannot read', () => {
    const { traces, warnings, skipped } = parseTraces([
      ...run.data,
      { object: 'trace.span' },
      7,
      span(5, {}, { ended_at: 'soon' }),
    ]);
    expect(traces[0]!.spanCount).toBe(6);
    expect(skipped).toBe(2);
    expect(warnings.map(({ code, count }) => [code, count])).toEqual(
      expect.arrayContaining([
        ['unreadable-span', 2],
        ['unreadable-time', 1],
      ]),
    );
    expect(traces[0]!.span('span_5')!.attributes).toEqual({ ended_at: 'soon' });
  });
});

describe('detection of OpenAI Agents', () => {
  it.each([
    ['Jaeger', { data: [{ traceID: 't', spans: [{ traceID: 't', spanID: 'a', operationName: 'x' }], processes: {} }] }],
    ['Langfuse', { data: [{ id: 'o', traceId: 't', type: 'SPAN', startTime: '2026-01-01T00:00:00Z' }], meta: {} }],
    ['Opik', { trace: { id: 't', name: 'x' }, spans: [{ id: 's', type: 'llm' }], downloaded_at: '2026-01-01' }],
    ['a list of chat completions', { object: 'list', data: [{ object: 'chat.completion', id: 'c' }] }],
  ])('does not take %s for it', (_, input) => {
    expect(detectFormat(input)).not.toBe('openai-agents');
  });

  it('finds it beside the others that have data', () => {
    expect(detectFormat(run)).toBe('openai-agents');
    expect(detectFormat({ object: 'list', data: [span(1, {})], has_more: false })).toBe('openai-agents');
  });
});

describe('an input of OpenAI Agents', () => {
  it('is never changed', () => {
    contentOf(only(deepFrozen(structuredClone(run))));
  });

  it('may have hostile keys and ids', () => {
    const data = JSON.parse('{"type":"agent","__proto__":{"polluted":1},"constructor":2}') as Fields;
    const hostile = JSON.parse(`{"__proto__":{"polluted":2},${JSON.stringify(span(1, data)).slice(1)}`) as Fields;
    const trace = only(file(hostile, span(2, {}, { id: '__proto__', parent_id: 'span_1' })));
    expect(trace.span('__proto__')!.depth).toBe(2);
    const { attributes } = trace.span('span_1')!;
    expect(Object.keys(attributes)).toEqual(
      expect.arrayContaining(['span_data.__proto__', 'span_data.constructor', '__proto__']),
    );
    expect(({} as Fields).polluted).toBeUndefined();
  });

  it('with values of the wrong type throws nothing but a TraceFormatError, and what is read can be used', () => {
    let read = 0;
    for (let seed = 0; seed < 600; seed++) {
      const random = createRandom(seed);
      const value = soiled(run, random, random.pick([0.005, 0.02, 0.08])) as object;
      let traces: Trace[];
      try {
        ({ traces } = parseTraces(value, { format: 'openai-agents' }));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
        continue;
      }
      read++;
      for (const trace of traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        expect(parseTraces(JSON.stringify(toJson(trace))).traces[0]!.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
    }
    expect(read).toBeGreaterThan(400);
  });
});

const dirt = [null, '', 'x', 0, -1, 1e300, NaN, true, [], {}, [null], [[]], { a: { b: 1 } }, 10n ** 30n];

function soiled(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return random.pick(dirt);
  if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
}
