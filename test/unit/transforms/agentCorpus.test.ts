import { describe, expect, it } from 'vitest';
import { type AgentMessage, agentRun, agentSpan, agentTranscript, parseTraces, type Trace } from '../../../src/core.ts';
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';

/**
 * What the files of the corpus hold. Tokens and cost were added up by scripts that know nothing of this library: usage of the
 * innermost spans that have any. Messages of the calls of models by role, calls asked for within them and results told were
 * counted so in the files with `gen_ai.*.messages`, and read over by eye in the others.
 */
const table = `
file                                  spans llm tool system user assistant toolMsgs calls results input output cost
jaeger/jaegerui-genai.json               57   5    7      5    5         5        0     0       0  8280   1180 -
jaeger/agentevals-kagent-helm.json       96   2    1      2    2         3        1     2       1  3776    130 -
jaeger/packetpanic-agent-traces.json    129   5    2      5    5         9        4     7       4 15874   1579 -
otlp/agentprism-rag-earnings.json        18   1    0      0    1         1        0     0       0   629     19 -
otlp/jaegerui-genai-agent.json            8   3    2      0    3         3        0     0       0  1102    289 -
langfuse/agentprism-langfuse-1.json       6   1    0      1    1         2        0     0       0  1115    101 0.00240375
langfuse/chatml-pydantic-tools.json      13   4    3      4    5         7        2    10       6  1315    209 0.000322649999
langfuse/seed-beeai.json                 30   5    3      3    3         4        0     0       0  5542      - 0.0008313
langfuse/seed-openai-agents.json          6   2    1      2    2         3        1     2       1   140     44 0.000632
phoenix/thesis-chain-spans.jsonl         26   0    0      0    0         0        0     0       0     -      - -
phoenix/thesis-urs001.jsonl              87   2    2      0    2         2        0     0       0   335    269 -
langsmith/refinery-demo.json              5   2    0      1    2         2        0     0       0     -      - -
langsmith/sdk-py-wrap-openai-stream.json  1   1    0      0    1         1        0     0       0     9      9 -
mlflow/mlflow-ui-otel-base64.json         2   0    1      0    0         0        0     0       0     -      - -
mlflow/mlflow-ui-v2-trace.json            3   1    0      0    1         1        0     0       0     -      - -
mlflow/mlflow-v2-predict.json             2   1    0      0    1         1        0     0       0     -      - -
aisdk/openinference-v6-all-spans.json    10   4    0      1    5         5        0     0       0   304    594 -
simple/openagent-otel.json                6   0    0      0    0         0        0     0       0     -      - -
`;

const rows = table
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/) as [string, ...string[]]);

function tracesOf(file: string): Trace[] {
  return parseTraces(corpusFile(file)).traces;
}

function sumOf(values: (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '-' : String(Number(known.reduce((sum, value) => sum + value, 0).toFixed(12)));
}

function countsOf(file: string): string[] {
  const traces = tracesOf(file);
  const runs = traces.map((trace) => agentRun(trace));
  const messages = runs.flatMap(({ trace, llmCalls }) =>
    llmCalls.flatMap((index): readonly AgentMessage[] => {
      const { input, output } = agentSpan(trace.spanAt(index));
      return [...input, ...output];
    }),
  );
  const parts = messages.flatMap((message) => message.parts);
  const count = (values: readonly unknown[]) => String(values.length);
  return [
    String(traces.reduce((sum, { spanCount }) => sum + spanCount, 0)),
    count(runs.flatMap(({ llmCalls }) => llmCalls)),
    count(runs.flatMap(({ toolCalls }) => toolCalls)),
    ...['system', 'user', 'assistant', 'tool'].map((role) =>
      count(messages.filter((message) => message.role === role)),
    ),
    count(parts.filter(({ type }) => type === 'tool-call')),
    count(parts.filter(({ type }) => type === 'tool-result')),
    sumOf(runs.map(({ usage }) => usage?.input)),
    sumOf(runs.map(({ usage }) => usage?.output)),
    sumOf(runs.map(({ cost }) => cost?.total)),
  ];
}

/**
 * The same sums by a reader that shares nothing with the library: spans out of the raw JSON with their ids, and the numbers
 * under the keys that this file has. A span counts where no span below it has such a number.
 */
interface RawSpan {
  readonly id: string;
  readonly parent: string | undefined;
  readonly numbers: ReadonlyMap<string, number>;
}

type Id = string | null | undefined;

/** What spans of the six formats have. */
interface RawFields {
  spanID?: string;
  references?: { spanID?: string }[];
  tags?: { key: string; value: unknown }[];
  spanId?: string;
  parentSpanId?: string;
  startTimeUnixNano?: unknown;
  id?: string;
  traceId?: string;
  parentObservationId?: string | null;
  usageDetails?: Record<string, number>;
  costDetails?: { total?: number };
  span_id?: string;
  parent_id?: string | null;
  attributes?: Record<string, unknown> | { key: string; value?: { intValue?: unknown; doubleValue?: unknown } }[];
  spanContext?: { spanId: string };
  parentSpanContext?: { spanId: string };
  parent_run_id?: string | null;
  outputs?: { usage_metadata?: Record<string, unknown> };
}

function rawSpans(file: string): RawSpan[] {
  const text = new TextDecoder().decode(corpusFile(file));
  const spans = new Map<string, RawSpan>();
  const enter = (id: Id, parent: Id, facts: readonly (readonly [string, unknown])[]) => {
    const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
    const numbers = new Map(known.map(([key, value]) => [key, Number(value)]));
    // Langfuse's export has some of them twice.
    spans.set(String(id), { id: String(id), parent: parent || undefined, numbers });
  };
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const raw = value as RawFields;
    const { attributes = {} } = raw;
    if (raw.spanID && raw.tags) {
      const tags = raw.tags.map((tag) => [tag.key, tag.value] as const);
      enter(raw.spanID, raw.references?.[0]?.spanID, tags);
    } else if (raw.spanId && raw.startTimeUnixNano && Array.isArray(attributes)) {
      const facts = attributes.map((each) => [each.key, each.value?.intValue ?? each.value?.doubleValue] as const);
      enter(raw.spanId, raw.parentSpanId, facts);
    } else if (raw.id && raw.traceId && raw.usageDetails) {
      const buckets = Object.entries(raw.usageDetails);
      const sumOfBuckets = (word: string) => {
        const counts = buckets.filter(([key]) => key.includes(word)).map(([, count]) => count);
        return [word, counts.length > 0 ? counts.reduce((sum, count) => sum + count) : undefined] as const;
      };
      const facts = [sumOfBuckets('input'), sumOfBuckets('output'), ['cost', raw.costDetails?.total] as const];
      enter(raw.id, raw.parentObservationId, facts);
    } else if (raw.span_id && raw.attributes) enter(raw.span_id, raw.parent_id, Object.entries(attributes));
    else if (raw.spanContext) enter(raw.spanContext.spanId, raw.parentSpanContext?.spanId, Object.entries(attributes));
    else if (raw.id && raw.outputs?.usage_metadata)
      enter(raw.id, raw.parent_run_id, Object.entries(raw.outputs.usage_metadata));
    else for (const inner of Object.values(value)) walk(inner);
  };
  const parts = file.endsWith('.jsonl') ? text.split('\n').filter((line) => line !== '') : [text];
  for (const part of parts) walk(JSON.parse(part));
  return [...spans.values()];
}

function sumOfInnermost(spans: readonly RawSpan[], keys: readonly string[]): string {
  const numberOf = ({ numbers }: RawSpan) => keys.map((key) => numbers.get(key)).find((value) => value !== undefined);
  const byId = new Map(spans.map((span) => [span.id, span]));
  const hasBelow = new Set<string>();
  for (const span of spans) {
    if (numberOf(span) === undefined) continue;
    const seen = new Set<string>();
    for (let above = span.parent; above !== undefined && !seen.has(above); above = byId.get(above)?.parent) {
      seen.add(above);
      hasBelow.add(above);
    }
  }
  return sumOf(spans.filter(({ id }) => !hasBelow.has(id)).map(numberOf));
}

const genAiInput = ['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'];
const genAiOutput = ['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'];
const inputKeys = [
  ...genAiInput,
  'llm.token_count.prompt',
  'ai.usage.inputTokens',
  'ai.usage.promptTokens',
  'ai.usage.tokens',
  'input',
];
const outputKeys = [
  ...genAiOutput,
  'llm.token_count.completion',
  'ai.usage.outputTokens',
  'ai.usage.completionTokens',
  'output',
];

describe.skipIf(!hasCorpus)(`The agents' traces of the corpus${corpusNote}`, () => {
  it.each(rows)('%s says what was counted in it by hand', (file, ...expected) => {
    expect(countsOf(file).join(' ')).toBe(expected.join(' '));
  });

  it.each(rows)('%s has these sums in its raw numbers too', (file, ...expected) => {
    const [input, output, cost] = expected.slice(-3);
    const spans = rawSpans(file);
    expect({
      input: sumOfInnermost(spans, [...inputKeys, 'input_tokens']),
      output: sumOfInnermost(spans, [...outputKeys, 'output_tokens']),
      cost: sumOfInnermost(spans, ['cost']),
    }).toEqual({ input, output, cost });
  });

  it.each(rows)('%s is read as a conversation without an error', (file) => {
    for (const trace of tracesOf(file)) {
      const open = [...agentTranscript(agentRun(trace))];
      for (let part = open.pop(); part; part = open.pop()) {
        for (const message of [...part.newMessages(), ...part.answer()]) expect(message.role).not.toBe('other');
        open.push(...part.parts);
      }
    }
  });

  it('is told whose model answered, what it was asked and how soon it did', () => {
    const [trace] = tracesOf('langfuse/agentprism-langfuse-1.json') as [Trace];
    const call = agentSpan([...trace].find(({ name }) => name === 'ai.streamText.doStream')!);
    expect({ ...plain(call), input: call.input.map(({ role }) => role), output: call.output }).toEqual({
      kind: 'llm',
      framework: 'Vercel AI SDK',
      model: 'gpt-5-2025-08-07',
      requestModel: 'gpt-5',
      provider: 'openai',
      usage: { input: 1115, output: 101, total: 1216, cacheRead: 1024, cacheWrite: undefined, reasoning: 64 },
      cost: { total: 0.00240375, input: 0.00139375, output: 0.00101, isEstimated: false },
      timeToFirstToken: 1_399_000_000,
      finishReason: 'stop',
      tools: ['searchLangfuseDocs', 'getLangfuseDocsPage', 'getLangfuseOverview'],
      input: ['system', 'assistant', 'user'],
      output: [
        {
          role: 'assistant',
          parts: [
            {
              type: 'text',
              text: 'I’m the Langfuse Support Assistant. How can I help you with Langfuse (tracing, evals, SDK setup, etc.)?',
            },
          ],
          finishReason: 'stop',
        },
      ],
    });
  });

  it('counts a wrapper and the call within it once, and says so', () => {
    const run = agentRun(tracesOf('jaeger/agentevals-kagent-helm.json')[0]!);
    expect(
      run.totals.audit.map(({ span, own, nested, counted, verdict }) => [
        run.trace.spanAt(span).name,
        own,
        nested,
        counted,
        verdict,
      ]),
    ).toEqual([
      ['call_llm', 1833, 1833, 1833, 'repeated'],
      ['call_llm', 2073, 2073, 2073, 'repeated'],
    ]);
    expect(run.llmCalls.map((call) => run.trace.spanAt(call).name)).toEqual(['openai.chat', 'openai.chat']);
  });

  it('finds the model and the calls of a framework that calls itself the provider and its model unknown', () => {
    const run = agentRun(tracesOf('jaeger/packetpanic-agent-traces.json')[0]!);
    expect(run.models.map(({ model, calls }) => `${model} ${calls}`)).toEqual(['anthropic/claude-opus-4-5-20251101 5']);
    expect(run.tools.map(({ name }) => name)).toEqual(['pyats_list_devices', 'pyats_run_show_command']);
    const tool = agentSpan(run.trace.spanAt(run.toolCalls[1]!)).tool;
    expect(tool?.arguments).toEqual({ device_name: 'R1', command: 'show interfaces' });
  });

  it('sees that an agent asked for the same two tools three times over', () => {
    const run = agentRun(tracesOf('jaeger/jaegerui-genai.json')[0]!);
    expect(
      run.loops.map(({ kind, names, rounds, wasted }) => ({ kind, names, rounds, wasted: wasted.length })),
    ).toEqual([{ kind: 'cycle', names: ['list_dashboards', 'search_traces'], rounds: 3, wasted: 4 }]);
    expect(run.outcome.state).toBe('recovered');
  });

  it('reads what was found, embedded and judged', () => {
    const all = [
      'otlp/agentprism-rag-earnings.json',
      'langsmith/refinery-demo.json',
      'aisdk/openinference-v6-all-spans.json',
    ]
      .flatMap(tracesOf)
      .flatMap((trace) => [...trace])
      .map(agentSpan);
    const retrievers = all.filter(({ kind }) => kind === 'retriever');
    expect(retrievers.map(({ query, documents }) => [query, documents.length])).toEqual([
      ["what was meta's revenue in Q4 2023", 3],
      ['general inquiry', 2],
    ]);
    const embedding = all.find(({ kind }) => kind === 'embedding');
    expect(embedding?.embeddings).toEqual([{ text: 'The quick brown fox jumps over the lazy dog.', dimensions: 1536 }]);
    const scored = [...tracesOf('langfuse/seed-openai-agents.json')[0]!]
      .map(agentSpan)
      .flatMap(({ evaluations }) => evaluations);
    expect(scored.map(({ name, score }) => [name, score])).toContainEqual(['toxicity', 0.8]);
  });
});

function plain(span: ReturnType<typeof agentSpan>): object {
  const { kind, framework, model, requestModel, provider, usage, cost, timeToFirstToken, finishReason } = span;
  const tools = span.toolDefinitions.map(({ name }) => name);
  return { kind, framework, model, requestModel, provider, usage, cost, timeToFirstToken, finishReason, tools };
}
