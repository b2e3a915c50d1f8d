import { describe, expect, it } from 'vitest';
import { agentRun, errorRun, large, messyRun, researchOtlp } from '../../../samples/index.ts';
import { createRandom } from '../../../samples/random.ts';
import { type AgentColumns, agentColumns, parseTraces, type Trace, toJaeger, toOtlp } from '../../../src/core.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { detailedTrace } from '../../detailedTrace.ts';

/** The same trace twice: out of bytes, where columns pick what they need, and out of objects, where they read all. */
function bothWays(text: string): [Trace, Trace][] {
  const byBytes = parseTraces(new TextEncoder().encode(text)).traces;
  const byObjects = parseTraces(JSON.parse(text) as object).traces;
  expect(byBytes.length).toBe(byObjects.length);
  return byBytes.map((trace, at) => [trace, byObjects[at]!]);
}

function plain(columns: AgentColumns): object {
  const { model, models, ...rest } = columns;
  return { ...rest, model: [...model].map((each) => models[each]) };
}

function expectSame(text: string): void {
  for (const [byBytes, byObjects] of bothWays(text)) {
    expect(plain(agentColumns(byBytes))).toEqual(plain(agentColumns(byObjects)));
  }
}

const keys = [
  ...['openinference.span.kind', 'gen_ai.operation.name', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
  ...['llm.model', 'gen_ai.response.model', 'gen_ai.usage.cost', 'tool.name', 'gen_ai.input.messages', 'outputs'],
  ...['llm.invocation_parameters', 'langfuse.observation.usage_details', 'not.mine', 'otel.scope.name', 'error'],
  ...['spanscope.types', 'gen_ai.prompt.0.content', 'memory.records', '__proto__', 'http.method'],
];
const values = [
  ...['LLM', 'tool', 'chat', 'gpt-4', '17', '-3', '1.5', '', '{"input":3,"output":4}', '{"model":"m"}', '["a"]'],
  ...["{'a': 1}", 'a "quoted" \\ text', 'Ünïcode ✓', 'gcp.vertex.agent'],
  ...[0, 7, -1, 2.5, 1e21, 123456789012345, 9007199254740993n, true, false, null],
  ...[['LLM'], { input: 3 }, { usage_metadata: { input_tokens: 5 } }],
];

describe('agentColumns picked out of bytes are those of objects', () => {
  it('for attributes of any key and value, 400 random spans', () => {
    const random = createRandom(7);
    const spans = Array.from({ length: 400 }, (_, at) => {
      const attributes = Object.fromEntries(
        Array.from({ length: random.int(0, 6) }, () => [random.pick(keys), random.pick(values)]),
      );
      return { id: `s${at}`, name: random.pick(['work', 'call_llm', 'llm_call', 'x run']), details: { attributes } };
    });
    const trace = detailedTrace(spans as Parameters<typeof detailedTrace>[0]);
    for (const written of [toOtlp(trace), toJaeger(trace)]) {
      const text = JSON.stringify(written);
      expectSame(text);
      // One key, and one value, in two spellings.
      expectSame(
        text.replaceAll(/\.(?=[a-z])|(?<=")L(?=LM)/g, (mark) =>
          random.chance(0.3) ? `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}` : mark,
        ),
      );
    }
  });

  it('for spans that are written as no exporter writes them', () => {
    const span = (attributes: unknown) => ({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: Math.random().toString(16).slice(2, 18).padEnd(16, '0'),
      name: 'chat x',
      startTimeUnixNano: '1',
      endTimeUnixNano: '2',
      attributes,
    });
    const model = { key: 'llm.model', value: { stringValue: 'a' } };
    const spans = [
      span([model, { key: 'llm.model', value: { stringValue: 'b' } }]),
      span([{ value: { stringValue: 'a' }, key: 'llm.model' }]),
      span([{ key: 'llm.model' }, { key: 'llm.prompt_tokens', value: { intValue: 5 } }]),
      span([{ key: 'llm.prompt_tokens', value: { intValue: '5', arrayValue: { values: [] } } }, model]),
      span([{ key: 'llm.prompt_tokens', value: { doubleValue: 'NaN' } }, model]),
      span([{ key: 'llm.prompt_tokens', value: 5 }, 'odd', model]),
      span({ 'llm.model': 'a', 'llm.prompt_tokens': 3 }),
      span(null),
      span(undefined),
    ];
    const text = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'gcp.vertex.agent' }, spans }] }] });
    expectSame(text);
    expectSame(text.replaceAll('"llm.model"', '"llm\\u002emodel"'));
    expectSame(text.replaceAll(':', ' : ').replaceAll(',', ' ,\n'));
  });

  it.each([
    ['agentRun', agentRun()],
    ['errorRun', errorRun()],
    ['messyRun', messyRun()],
    ['research', researchOtlp()],
    ['large, Jaeger', large({ spans: 3000, shape: 'agent', format: 'jaeger' })],
    ['large, OTLP', large({ spans: 3000, shape: 'agent', format: 'otlp' })],
  ])('for the sample %s', (_, sample) => {
    for (const trace of parseTraces(sample).traces) {
      expectSame(JSON.stringify(toOtlp(trace)));
      expectSame(JSON.stringify(toJaeger(trace)));
    }
    expectSame(JSON.stringify(sample));
  });

  it.skipIf(!hasCorpus).each(
    ['jaeger', 'otlp'].flatMap((folder) =>
      corpusFiles(folder)
        .filter((name) => name.endsWith('.json'))
        .map((name) => `${folder}/${name}`),
    ),
  )(`for %s${corpusNote}`, (file) => {
    expectSame(new TextDecoder().decode(corpusFile(file)));
  });
});
