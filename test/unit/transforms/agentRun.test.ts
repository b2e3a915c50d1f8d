import { describe, expect, it } from 'vitest';
import { errorRun, messyRun, openRun, samples } from '../../../samples/index.ts';
import { createRandom } from '../../../samples/random.ts';
import {
  type AgentRun,
  type AgentRunOptions,
  agentColumns,
  agentKinds,
  agentRun,
  agentSpan,
  agentTranscript,
  openingPoint,
  parseTraces,
  type Trace,
  type TranscriptPart,
  toolCallerOf,
  toolLinks,
} from '../../../src/core.ts';
import { type Attributes, noDetails } from '../../../src/model/details.ts';
import { traceFromText } from '../../traceFromText.ts';

/**
 * A run drawn as text, a line a span; behind `|` what it says: `in`, `out`, `read` and `total` tokens, `cost`, `model`, `args`,
 * `msg` (the status message), `success`.
 */
function run(text: string, options?: AgentRunOptions): AgentRun {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const said = lines.map(
    (line) =>
      new Map(
        (line.split('|')[1] ?? '')
          .trim()
          .split(/\s+/)
          .filter(Boolean)
          .map((word) => word.split('=') as [string, string]),
      ),
  );
  const keys: Record<string, string> = {
    in: 'gen_ai.usage.input_tokens',
    out: 'gen_ai.usage.output_tokens',
    read: 'gen_ai.usage.cache_read.input_tokens',
    total: 'gen_ai.usage.total_tokens',
    cost: 'gen_ai.usage.cost',
    model: 'gen_ai.request.model',
    args: 'gen_ai.tool.call.arguments',
    success: 'tool.success',
    chosen: 'decision.chosen',
  };
  const details = said.map((words) => {
    const attributes: Record<string, string> = {};
    for (const [word, value] of words) if (keys[word]) attributes[keys[word]] = value;
    return { ...noDetails, attributes: attributes as Attributes, statusMessage: words.get('msg') };
  });
  const trace = traceFromText(lines.map((line) => line.split('|')[0]!.trimEnd()).join('\n'), {
    details: { read: (row) => details[row]! },
  });
  return agentRun(trace, options);
}

function names({ trace }: AgentRun, spans: readonly number[]): string {
  return spans.map((index) => trace.spanAt(index).spanId).join(' ');
}

describe('the sums of a run', () => {
  it('count a parent that repeats its children once', () => {
    const { usage, totals } = run(`
agent_run [0 10] | in=30 out=3
  llm_call [0 1] | in=10 out=1
  llm_call [1 2] | in=20 out=2
`);
    expect(usage).toEqual({
      input: 30,
      output: 3,
      total: 33,
      cacheRead: undefined,
      cacheWrite: undefined,
      reasoning: undefined,
    });
    expect(totals.audit).toEqual([
      { span: 0, measure: 'tokens', own: 33, nested: 33, counted: 33, verdict: 'repeated' },
    ]);
  });

  it('take what a parent says more than its children, and mark it', () => {
    const { usage, totals } = run(`
agent_run [0 10] | in=50
  llm_call [0 1] | in=10
  llm_call [1 2] | in=20
`);
    expect(usage?.input).toBe(50);
    expect(totals.audit[0]).toMatchObject({ own: 50, nested: 30, counted: 50, verdict: 'incomplete' });
  });

  it('take what children say more than their parent', () => {
    const { usage, totals } = run(`
agent_run [0 10] | in=5
  llm_call [0 1] | in=10
  llm_call [1 2] | in=20
`);
    expect(usage?.input).toBe(30);
    expect(totals.audit[0]?.verdict).toBe('partial');
  });

  it('add what runs below the tools of a call to what the call itself used', () => {
    const { usage, totals, llmCalls } = run(`
llm_call [0 10] | in=100
  llm_call [0 2] id=inner | in=100
  tool:ask [3 9]
    agent_run [3 9]
      llm_call [4 8] id=sub | in=7
`);
    expect(usage?.input).toBe(107);
    expect(totals.audit).toEqual([
      { span: 0, measure: 'tokens', own: 100, nested: 107, counted: 107, verdict: 'separate' },
    ]);
    expect(llmCalls.length).toBe(2);
  });

  it('hold every subtree, and NaN where nobody says anything', () => {
    const { totals } = run(`
agent_run [0 10]
  iteration_1 [0 5]
    llm_call [0 1] | in=10 out=2 read=4
    tool:x [1 2]
  iteration_2 [5 9]
    llm_call [5 6] | in=20
`);
    expect([...totals.tokens]).toEqual([32, 12, 12, NaN, 20, 20]);
    expect([...totals.cacheReadTokens]).toEqual([4, 4, 4, NaN, NaN, NaN]);
  });

  it('say what a run cost by the trace, and by prices only where the trace is silent', () => {
    const prices = { 'gpt-4': { input: 10, output: 30, cacheRead: 1 } };
    const estimated = run('llm_call [0 1] | in=1000 out=100 read=500 model=gpt-4-0613', { prices });
    expect(estimated.cost).toEqual({
      total: (500 * 10 + 500 + 100 * 30) / 1e6,
      input: undefined,
      output: undefined,
      isEstimated: true,
    });
    const stated = run(
      `
agent_run [0 9] | cost=5
  llm_call [0 1] | in=1000 out=100 model=gpt-4
`,
      { prices },
    );
    expect(stated.cost).toMatchObject({ total: 5, isEstimated: false });
    expect(run('llm_call [0 1] | in=1000 model=other', { prices }).cost).toBeUndefined();
    expect(run('llm_call [0 1] | in=1000 model=gpt-4').cost).toBeUndefined();
  });

  it('agree with a slow search through all descendants, on random trees', () => {
    const random = createRandom(20261125);
    for (let round = 0; round < 60; round++) {
      const lines: string[] = [];
      let depth = 0;
      for (let line = 0; line < 40; line++) {
        depth = line === 0 ? 0 : 1 + Math.floor(random.unit() * Math.min(depth + 1, 6));
        const name = ['llm_call', 'agent_run', 'tool:x', 'step'][Math.floor(random.unit() * 4)];
        lines.push(
          `${'  '.repeat(depth)}${name} [0 1] id=s${line}${random.unit() < 0.5 ? ` | in=${1 + Math.floor(random.unit() * 50)}` : ''}`,
        );
      }
      const { totals, trace, columns } = run(lines.join('\n'));
      for (let index = 0; index < trace.spanCount; index++)
        expect(totals.tokens[index], lines.join('\n')).toBe(slowSum(trace, columns, index));
    }
  });
});

/** The rule as it is told, by recursion. */
function slowSum(trace: Trace, columns: ReturnType<typeof agentColumns>, index: number): number {
  const own = columns.totalTokens[index]!;
  const isCall = agentKinds[columns.kind[index]!] === 'llm';
  let inner = NaN;
  let beyond = NaN;
  const add = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);
  for (const child of trace.spanAt(index).children) {
    const sum = slowSum(trace, columns, child.index);
    const isBorder = ['tool', 'agent'].includes(agentKinds[columns.kind[child.index]!]!);
    if (isCall && isBorder) beyond = add(beyond, sum);
    else inner = add(inner, sum);
  }
  if (Number.isNaN(own)) return add(inner, beyond);
  return add(Number.isNaN(inner) || own > inner ? own : inner, beyond);
}

describe('the time of a run', () => {
  it('counts parallel calls once, gives a call within a tool to the model, and the rest to nobody', () => {
    const { time } = run(`
agent_run [0 100]
  llm_call [10 20]
  tool:a [20 50]
  tool:b [30 60]
    agent_run [30 60]
      llm_call [40 55]
  memory:store [70 75]
`);
    expect(time.shares).toEqual({ llm: 25, tool: 25, retrieval: 0, memory: 5, other: 0, idle: 45 });
    expect(time.busy).toEqual({ llm: 25, tool: 35, retrieval: 0, memory: 5, other: 0 });
  });

  it('shares out the whole, whatever the spans do', () => {
    for (const { load } of samples) {
      const input = load();
      if (typeof input === 'string') continue;
      for (const trace of parseTraces(input).traces) {
        const { shares, busy, total } = agentRun(trace).time;
        const sum = Object.values(shares).reduce((all, share) => all + share, 0);
        expect(sum).toBeCloseTo(total, -1);
        for (const work of ['llm', 'tool', 'retrieval', 'memory', 'other'] as const)
          expect(busy[work]).toBeGreaterThanOrEqual(shares[work]);
      }
    }
  });
});

describe('the errors of a run', () => {
  const failed = `
session [0 100]
  agent_run [0 99] error | msg=timeout
    iteration_1 [0 99] error | msg=timeout
      llm_call [0 40]
      tool:search [50 98] error | msg=timeout
`;

  it('begin once, and are followed to where they ended', () => {
    const { errors, outcome } = run(failed);
    expect(
      errors.map(({ origin, reached, path, message, isRecovered }) => ({
        origin,
        reached,
        path,
        message,
        isRecovered,
      })),
    ).toEqual([{ origin: 4, reached: 1, path: [4, 2, 1], message: 'timeout', isRecovered: false }]);
    expect(outcome).toEqual({ state: 'failed', span: 4, message: 'timeout', isSoft: false });
  });

  it('are recovered where the run went on', () => {
    const { errors, outcome } = run(`
agent_run [0 100] ok
  tool:search [10 20] error | msg=timeout
  llm_call [30 40]
`);
    expect(errors.map(({ isRecovered }) => isRecovered)).toEqual([true]);
    expect(outcome.state).toBe('recovered');
  });

  it('are two where the run failed later by something else', () => {
    const { errors, outcome } = run(`
agent_run [0 100] error | msg=no_answer
  tool:search [10 20] error | msg=timeout
  llm_call [30 40]
`);
    expect(errors.map(({ origin, isRecovered }) => [origin, isRecovered])).toEqual([
      [1, true],
      [0, false],
    ]);
    expect(outcome).toMatchObject({ state: 'failed', span: 0, message: 'no_answer' });
  });

  it('that go unsaid are soft', () => {
    const { outcome, softFailures } = run(`
agent_run [0 100] ok
  tool:search [10 20] ok | success=false
`);
    expect(outcome).toMatchObject({ state: 'succeeded', isSoft: true });
    expect(softFailures).toEqual([{ span: 1, reason: 'tool-failed', message: undefined }]);
  });

  it('open the trace at their origin; a run without one at its slowest step; an empty one nowhere', () => {
    const point = (text: string) => {
      const made = run(text);
      return openingPoint(made.trace, made);
    };
    expect(point(failed)).toMatchObject({ reason: 'error', span: 4, message: 'timeout' });
    expect(point('agent_run [0 100]\n  llm_call [0 10]\n  tool:x [10 90]')).toMatchObject({
      reason: 'slowest',
      span: 2,
      criticalTime: 80,
    });
    expect(point('request [0 100]\n  query [10 90]')).toMatchObject({ reason: 'slowest', span: 1 });
    expect(point('')).toBeUndefined();
  });

  it('are linear in a chain of 50,000 failed spans', () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => ({
      span_id: `s${at}`,
      parent_span_id: at === 0 ? null : `s${at - 1}`,
      name: 'x',
      status: 'error',
      start_time: at,
      end_time: at + 1,
    }));
    const { errors } = agentRun(parseTraces({ trace_id: 't', spans: lines }).traces[0]!);
    expect(errors.length).toBe(1);
    expect(errors[0]!.path.length).toBe(50_000);
  });
});

describe('iterations', () => {
  it('are those that the trace states', () => {
    const { iterations } = run(`
agent_run [0 100]
  iteration_1 [0 40]
    llm_call [0 10] | in=10
    decision:next [10 11] | chosen=search
    tool:search [11 20]
    tool:read [20 30] error
  iteration_2 [40 100] error
    llm_call [40 50] | in=20
`);
    expect(
      iterations.map(({ number, isInferred, agent, tools, chosen, usage, outcome }) => [
        number,
        isInferred,
        agent,
        tools.join(),
        chosen,
        usage?.input,
        outcome,
      ]),
    ).toEqual([
      [1, false, 0, 'search,read', 'search', 10, 'recovered'],
      [2, false, 0, '', undefined, 20, 'error'],
    ]);
  });

  it('are steps and cycles of frameworks too, without those of a sub-agent', () => {
    const { iterations } = run(`
invoke_agent a [0 100]
  step 1 [0 50]
    tool:ask [5 40]
      invoke_agent b [5 40]
        llm_call [6 7] id=x
        tool:y [8 9]
        llm_call [9 10] id=z
  step 2 [50 90]
    llm_call [50 60] id=w
`);
    expect(iterations.map(({ number, isInferred, agent, tools }) => [number, isInferred, agent, tools.join()])).toEqual(
      [
        [1, false, 0, 'ask'],
        [1, true, 3, 'y'],
        [2, true, 3, ''],
        [2, false, 0, ''],
      ],
    );
  });

  it('are found by the rhythm of calls, parallel calls of models in one', () => {
    const made = run(`
agent_run [0 100]
  llm_call [0 10] id=l1 | in=1
  llm_call [2 9] id=l2 | in=2
  tool:a [10 20] id=a
  tool:b [11 15] id=b
  llm_call [20 30] id=l3 | in=4
  llm_call [30 40] id=l4 | in=8
`);
    expect(
      made.iterations.map(({ isInferred, llmCalls, toolCalls, usage, start, end }) => [
        isInferred,
        names(made, llmCalls),
        names(made, toolCalls),
        usage?.input,
        start,
        end,
      ]),
    ).toEqual([
      [true, 'l1 l2', 'a b', 3, 0, 20],
      [true, 'l3', '', 4, 20, 30],
      [true, 'l4', '', 8, 30, 40],
    ]);
    expect(run('agent_run [0 9]\n  llm_call [0 1]').iterations).toEqual([]);
  });
});

describe('loops', () => {
  it('are the same tool with the same arguments, with what that wasted', () => {
    const made = run(`
agent_run [0 100]
  llm_call [0 10] id=l1 | in=5
  tool:a [10 20] id=a1 | args={"q":1}
  llm_call [20 30] id=l2 | in=7
  tool:a [30 45] id=a2 | args={"q":1}
  llm_call [50 60] id=l3 | in=9
  tool:a [60 70] id=a3 | args={"q":2}
`);
    expect(
      made.loops.map((loop) => ({ ...loop, spans: names(made, loop.spans), wasted: names(made, loop.wasted) })),
    ).toEqual([
      {
        kind: 'repeat',
        agent: 0,
        names: ['a'],
        spans: 'a1 a2',
        wasted: 'a2',
        rounds: 2,
        hasSucceeded: undefined,
        evidence: 'arguments',
        wastedTime: 25,
        wastedTokens: 7,
        wastedCost: undefined,
      },
    ]);
  });

  it.each([
    ['A-B-A-B', 'a b a b', 'cycle a,b x2 2'],
    ['A-B-C three times', 'a b c a b c a b c', 'cycle a,b,c x3 6'],
    ['one after another', 'a a a a', 'repeat a x4 3'],
    ['one that comes back', 'a b c a', 'repeat a x2 1'],
    ['none', 'a b c d', ''],
  ])('are told apart: %s', (_, order, expected) => {
    const tools = order.split(' ').map((name, at) => `  tool:${name} [${at} ${at + 1}] id=t${at} | args={}`);
    const { loops } = run(['agent_run [0 100]', ...tools].join('\n'));
    expect(loops.map((loop) => `${loop.kind} ${loop.names} x${loop.rounds} ${loop.wasted.length}`).join('; ')).toBe(
      expected,
    );
  });

  it('need a third round where arguments are not known, and no less than two tools', () => {
    const kinds = (order: string) =>
      run(
        ['agent_run [0 100]', ...order.split(' ').map((name, at) => `  tool:${name} [${at} ${at + 1}] id=t${at}`)].join(
          '\n',
        ),
      ).loops.map(({ kind, evidence }) => `${kind} by ${evidence}`);
    expect(kinds('a b a b')).toEqual([]);
    expect(kinds('a b a b a b')).toEqual(['cycle by names']);
    expect(kinds('a a a a a')).toEqual([]);
  });

  it('are retries after an error, of tools and of models, but not calls in parallel', () => {
    const made = run(`
agent_run [0 100]
  llm_call [0 10] id=l1 error | in=3 model=m
  llm_call [10 20] id=l2 | in=3 model=m
  tool:a [20 30] id=a1 error | args={"q":1}
  tool:a [20 25] id=a0 | args={"q":0}
  llm_call [30 40] id=l3 | in=5 model=m
  tool:a [40 50] id=a2 | args={"q":2}
`);
    expect(
      made.loops.map(({ kind, names: of, spans, hasSucceeded, wastedTime, wastedTokens }) => [
        kind,
        of.join(),
        names(made, spans),
        hasSucceeded,
        wastedTime,
        wastedTokens,
      ]),
    ).toEqual([
      ['retry', 'm', 'l1 l2', true, 10, 3],
      ['retry', 'a', 'a1 a2', true, 10, undefined],
    ]);
    expect(run('agent_run [0 9]\n  tool:a [0 5] id=x error\n  tool:a [1 6] id=y').loops).toEqual([]);
  });

  it('are those of the messy sample', () => {
    const made = agentRun(parseTraces(messyRun()).traces[0]!);
    expect(
      made.loops.map(({ kind, names: of, rounds, evidence }) => `${kind} ${of} x${rounds} by ${evidence}`),
    ).toEqual([
      'repeat web_search x17 by arguments',
      'cycle read_file,count_rows x6 by arguments',
      'retry run_python x2 by error',
    ]);
    expect(made.iterations.filter(({ isInferred }) => isInferred).length).toBeGreaterThan(0);
    expect(made.outcome.message).toMatch(/^hold H-20713 expired/);
  });

  it('are found in no more than linear time in 20,000 calls alike', () => {
    const calls = (more: object) =>
      Array.from({ length: 20_000 }, (_, at) => ({
        span_id: `s${at}`,
        name: 'tool:a',
        start_time: at,
        end_time: at + 1,
        ...more,
      }));
    const count = (more: object) =>
      agentRun(
        parseTraces({
          trace_id: 't',
          spans: [
            { span_id: 'r', name: 'agent_run', start_time: 0, end_time: 1e5 },
            ...calls({ parent_span_id: 'r', ...more }),
          ],
        }).traces[0]!,
      ).loops.length;
    expect(count({})).toBe(0);
    expect(count({ status: 'error' })).toBe(1);
    expect(count({ attributes: { 'gen_ai.tool.call.arguments': '{}' } })).toBe(1);
  });
});

describe('the context of a run', () => {
  it('grows by each call’s own tokens and drops where it is compacted, agent by agent', () => {
    const made = run(`
agent_run [0 100]
  llm_call [0 10] id=a | in=100 read=40
  tool:ask [10 20]
    agent_run [10 20]
      llm_call [11 12] id=b | in=10
  llm_call [20 30] id=c | in=300
  llm_call [30 40] id=d | in=90
`);
    expect(
      made.contextGrowth.map(({ span, agent, input, cacheRead, growth, isCompaction }) => [
        names(made, [span]),
        agent,
        input,
        cacheRead,
        growth,
        isCompaction,
      ]),
    ).toEqual([
      ['a', 0, 100, 40, undefined, false],
      ['b', 3, 10, undefined, undefined, false],
      ['c', 0, 300, undefined, 200, false],
      ['d', 0, 90, undefined, -210, true],
    ]);
    expect(made.previousLlmCall(5)).toBe(1);
  });
});

describe('the samples', () => {
  it('say what their recordings hold', () => {
    const error = agentRun(parseTraces(errorRun()).traces[0]!);
    expect(error.outcome).toMatchObject({
      state: 'failed',
      message: 'fare_rules: the fare service did not answer in 2.0 s (flight ZJ2206-0313)',
    });
    expect(error.iterations.map(({ number, chosen, outcome }) => `${number} ${chosen} ${outcome}`)).toEqual([
      '1 search_flights ok',
      '2 fare_rules error',
    ]);
    expect(error.models.map(({ model, calls, usage }) => [model, calls, usage?.total])).toEqual([['gpt-4.1', 2, 1583]]);
    expect(agentRun(parseTraces(openRun()).traces[0]!).outcome.state).toBe('unfinished');
  });

  it('mean the same as columns and span by span', () => {
    for (const { load } of samples) {
      const input = load();
      for (const trace of typeof input === 'string' ? [] : parseTraces(input).traces.slice(0, 5)) {
        if (trace.spanCount > 2000) continue;
        const columns = agentColumns(trace);
        for (const span of trace) {
          const { kind, usage, cost, model } = agentSpan(span);
          const { index } = span;
          expect([agentKinds[columns.kind[index]!], columns.models[columns.model[index]!]]).toEqual([
            kind,
            model ?? '',
          ]);
          expect([
            columns.inputTokens[index],
            columns.outputTokens[index],
            columns.totalTokens[index],
            columns.cost[index],
          ]).toEqual([usage?.input, usage?.output, usage?.total, cost?.total].map((value) => value ?? NaN));
        }
      }
    }
  });

  it('read as a conversation that repeats nothing', () => {
    const made = agentRun(parseTraces(errorRun()).traces[0]!);
    const lines: string[] = [];
    const write = (parts: readonly TranscriptPart[], depth: number) => {
      for (const part of parts) {
        const said = (messages: ReturnType<TranscriptPart['answer']>) =>
          messages.map(({ role, parts: of }) => `${role}:${of.map(({ type }) => type).join('+')}`).join(' ');
        lines.push(
          `${'  '.repeat(depth)}${part.kind} ${part.label} < ${said(part.newMessages())} > ${part.kind === 'llm' ? said(part.answer()) : ''}`.trimEnd(),
        );
        write(part.parts, depth + 1);
      }
    };
    write(agentTranscript(made), 0);
    expect(lines.filter((line) => /llm|agent|tool/.test(line))).toEqual([
      'agent agent_run <  >',
      '  llm llm_call < system:text user:text > assistant:text+tool-call',
      '  tool search_flights <  >',
      '  llm llm_call < tool:tool-result > assistant:text+tool-call+tool-call+tool-call',
      '  tool fare_rules <  >',
      '  tool fare_rules <  >',
      '  tool fare_rules <  >',
    ]);
  });

  it('link what a model asked for to what ran, both ways', () => {
    const made = agentRun(parseTraces(errorRun()).traces[0]!);
    const links = made.llmCalls.flatMap((call) => toolLinks(made, call));
    expect(
      links.map(({ call, tool, isInferred, result }) => [
        call.name,
        made.trace.spanAt(tool!).name,
        isInferred,
        result !== undefined,
      ]),
    ).toEqual([
      ['search_flights', 'tool:search_flights', false, true],
      ...Array.from({ length: 3 }, () => ['fare_rules', 'tool:fare_rules', false, false]),
    ]);
    expect(new Set(links.map(({ tool }) => tool)).size).toBe(4);
    for (const { tool, llm, call } of links) expect(toolCallerOf(made, tool!)).toMatchObject({ llm, call });
  });
});
