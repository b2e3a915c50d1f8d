import { expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { parseTraces } from '../../../src/formats/parseTraces.ts';
import { formatDuration } from '../../../src/layout/duration.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { comparisonSummary, comparisonText } from '../../../src/text/comparisonText.ts';
import { compareTraces } from '../../../src/transforms/compareTraces.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';
import { traceOfRecords } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

const milliseconds = { unit: 1e6 };

/** A run of an agent: each iteration's calls in turn, milliseconds and tokens. */
function run(iterations: readonly { llm: number; tokens: number; search: number }[]): Trace {
  let now = 0;
  const step = (name: string, parent: string, length: number, attributes: object = {}) => ({
    span_id: `${name}-${now}-${parent}`,
    parent_span_id: parent,
    name,
    start_time: now,
    end_time: now + length,
    attributes,
  });
  const spans: object[] = [];
  for (const [at, { llm, tokens, search }] of iterations.entries()) {
    const iteration = step(`iteration_${at + 1}`, 'root', (llm + search) / 1000);
    spans.push(iteration);
    const usage = { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': tokens };
    spans.push(step('llm_call', iteration.span_id, llm / 1000, usage));
    now += llm / 1000;
    spans.push(step('tool:search', iteration.span_id, search / 1000));
    now += search / 1000;
  }
  const root = { span_id: 'root', name: 'agent_run', start_time: 0, end_time: now };
  return parseTraces({ trace_id: 'run', spans: [root, ...spans] } as object).traces[0]!;
}

it('says how much slower, through what, and what there is more of', () => {
  const before = run([
    { llm: 400, tokens: 1000, search: 300 },
    { llm: 400, tokens: 1000, search: 300 },
  ]);
  const after = run([
    { llm: 400, tokens: 1000, search: 900 },
    { llm: 400, tokens: 1000, search: 800 },
    { llm: 100, tokens: 2050, search: 500 },
  ]);
  expect(comparisonSummary(compareTraces(before, after))).toBe(
    '1.7 s slower: tool:search +1.6 s in 3 calls; 1 more iteration; 1 more model call; 1 more tool call; 3 more spans; +2.05k tokens',
  );
  expect(comparisonSummary(compareTraces(after, before))).toBe(
    '1.7 s faster: tool:search −1.6 s in 3 calls; 1 fewer iteration; 1 fewer model call; 1 fewer tool call; 3 fewer spans; −2.05k tokens',
  );
  expect(comparisonSummary(compareTraces(before, before))).toBe('No difference');
});

it('says only what a slow count of both traces says too, over 500 random pairs', () => {
  let named = 0;
  for (let seed = 0; seed < 500; seed++) {
    const [a, b] = [namedTrace(seed), namedTrace(seed + 1000)];
    const summary = comparisonSummary(compareTraces(a, b), (name) => name);
    const difference = b.duration - a.duration;
    const word = difference > 0 ? 'slower' : 'faster';
    if (difference === 0) expect(summary).not.toMatch(/slower|faster/);
    else expect(summary.startsWith(`${formatDuration(Math.abs(difference))} ${word}`), summary).toBe(true);
    const causes = /: ([^;]*)/.exec(summary)?.[1]?.split(', ') ?? [];
    for (const cause of causes) {
      const [, name, sign, time] = /^(\w+) ([+−])(.*) in \d+ spans?$/.exec(cause)!;
      const expected = selfTimeOf(b, name!) - selfTimeOf(a, name!);
      expect(`${sign}${time}`, `seed ${seed}: ${summary}`).toBe(
        `${expected < 0 ? '−' : '+'}${formatDuration(Math.abs(expected))}`,
      );
      expect(Math.sign(expected)).toBe(Math.sign(difference));
      named++;
    }
    const spans = b.spanCount - a.spanCount;
    const said = /(\d+) (more|fewer) spans?/.exec(summary);
    expect(said ? Number(said[1]) * (said[2] === 'more' ? 1 : -1) : 0).toBe(spans);
    const errors = errorsOf(b) - errorsOf(a);
    const saidErrors = /(\d+) (more|fewer) errors?/.exec(summary);
    expect(saidErrors ? Number(saidErrors[1]) * (saidErrors[2] === 'more' ? 1 : -1) : 0).toBe(errors);
  }
  expect(named).toBeGreaterThan(100);
});

it('prints totals, and the rows that differ in the order of the tree', () => {
  const a = 'agent [0 100]\n  search [40 60]\n  answer [60 90]';
  const b = 'agent [0 130]\n  plan\u001b[31m [0 20]\n  search [50 120] error';
  const comparison = compareTraces(traceFromText(a, milliseconds), traceFromText(b, milliseconds));
  expect(comparisonText(comparison)).toBe(
    dedent(String.raw`
      30 ms slower: search +50 ms in 1 span, plan\u001b[31m +20 ms in 1 span; 1 more error

                before   after
      duration  100 ms  130 ms  +30 ms
      spans          3       3       –
      errors         0       1      +1

      ~ agent  +30 ms
        + plan\u001b[31m  +20 ms
        ~ search  +50 ms  unset → error
        - answer  −30 ms
    `).trim(),
  );
  const short = comparisonText(comparison, { rows: 1 });
  expect(short).toContain('  ~ search');
  expect(short).toContain('… and 2 more rows that differ');
});

it('shows what stands above a row that differs, as the same', () => {
  const a = 'agent [0 100]\n  step [0 90]\n    one [0 10]\n    two [10 20]\n  other [90 99]';
  const comparison = compareTraces(traceFromText(a), traceFromText(a.replace('two [10 20]', 'two [10 20] error')));
  expect(comparisonText(comparison)).toMatch(/\n= agent\n {2}= step\n {4}~ two {2}unset → error$/);
});

it.skipIf(!hasCorpus)(`says what was done to a copy of a real run${corpusNote}`, () => {
  for (const file of ['agentevals-kagent-helm.json', 'packetpanic-agent-traces.json']) {
    const text = new TextDecoder().decode(corpusFile(`jaeger/${file}`));
    const copy = JSON.parse(text) as { data: { spans: { duration: number; operationName: string }[] }[] };
    const { spans } = copy.data[0]!;
    const leaf = spans.length - 1;
    spans[leaf]!.duration += 2_000_000;
    const { operationName } = spans[leaf]!;
    const [before, after] = [text, copy].map((input) => parseTraces(input).traces[0]!);
    const lines = comparisonText(compareTraces(before!, after!)).split('\n');
    const changed = lines.filter((line) => /^ *~/.test(line));
    expect(changed.some((line) => line.includes(`~ ${operationName}  +2 s`))).toBe(true);
    expect(lines.some((line) => /^ *[+-] /.test(line))).toBe(false);
    expect(comparisonText(compareTraces(before!, before!))).toMatch(/^No difference\n/);
  }
});

function namedTrace(seed: number): Trace {
  const random = createRandom(seed);
  return traceOfRecords(
    Array.from({ length: random.int(1, 30) }, (_, at) => ({
      spanId: `s${at}`,
      parentSpanId: at === 0 ? undefined : `s${random.int(0, at - 1)}`,
      name: random.pick(['a', 'b', 'c', 'd']),
      serviceName: 'app',
      kind: 'internal' as const,
      status: random.pick(['ok', 'error'] as const),
      start: { seconds: 1_700_000_000, nanos: random.int(0, 500) * 1e6 },
      end: { seconds: 1_700_000_000, nanos: random.int(500, 999) * 1e6 },
      followsFrom: false,
    })),
  );
}

function selfTimeOf(trace: Trace, name: string): number {
  const self = selfTimes(trace);
  return [...trace].reduce((sum, span) => sum + (span.name === name ? self[span.index]! : 0), 0);
}

function errorsOf(trace: Trace): number {
  return [...trace].filter((span) => span.status === 'error').length;
}
