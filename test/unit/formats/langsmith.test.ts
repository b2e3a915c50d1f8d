import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/index.ts';
import {
  agentKind,
  detectFormat,
  parseTraces,
  type Span,
  type Trace,
  TraceFormatError,
  toJson,
  toTimeline,
} from '../../../src/core.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { formatTree } from '../../formatTree.ts';
import { soiled } from '../../soiled.ts';
import { contentOf, deepFrozen } from '../../traceContent.ts';

interface Fields {
  [key: string]: unknown;
}

/** LangSmith's own writing: microseconds, and no zone. */
function at(milliseconds: number): string {
  return new Date(Date.UTC(2026, 0, 1) + milliseconds).toISOString().replace('Z', '000');
}

/** A run of trace `t` that lasts from 0 to 1000 ms unless it says otherwise. */
function run(fields: Fields = {}): Fields {
  return {
    id: 'r',
    trace_id: 't',
    name: fields.id ?? 'r',
    run_type: 'chain',
    start_time: at(0),
    end_time: at(1000),
    parent_run_id: null,
    error: null,
    ...fields,
  };
}

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('langsmith');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

function spanOf(fields: Fields): Span {
  return only([run(fields)]).spanAt(0);
}

function lines(...records: object[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

/** `dotted_order` of a path of ids, each a millisecond after the one before. */
function dotted(...ids: string[]): string {
  return ids.map((id, index) => `20260101T000000${String(index).padStart(3, '0')}000Z${id}`).join('.');
}

const a = run({ id: 'a', trace_id: 'a' });
const b = run({ id: 'b', trace_id: 'a', parent_run_id: 'a', run_type: 'llm', start_time: at(100), end_time: at(900) });
const c = run({ id: 'c', trace_id: 'a', parent_run_id: 'b', run_type: 'tool', start_time: at(200), end_time: at(300) });
const tree = 'a 0–1000 unset\n  b 100–900 unset\n    c 200–300 unset';

function without(record: Fields, ...keys: string[]): Fields {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}

describe('runs', () => {
  it('come flat, nested, in lists, in pages and a line each, and are the same trace', () => {
    const nested = { ...a, child_runs: [{ ...b, child_runs: [{ ...c, child_runs: [] }] }] };
    for (const input of [
      [a, b, c],
      [c, b, a],
      { runs: [a, b, c], cursors: { next: null, prev: null } },
      { trace_id: 'a', runs: [a, b, c] },
      { data: [a, b, c] },
      nested,
      [nested],
      { runs: [nested] },
      lines(a, b, c),
      lines({ runs: [a] }, { runs: [c, b] }),
      [[a], [b, c]],
      [{ runs: [a] }, { runs: [b, c] }],
      [nested, b, c],
      [c, nested],
    ]) {
      expect(formatTree(only(input))).toBe(tree);
      expect(only(input).traceId).toBe('a');
    }
  });

  it('are children of what they are nested in, where they do not name a parent', () => {
    const keys = ['parent_run_id', 'trace_id'];
    const nested = {
      ...without(a, ...keys),
      child_runs: [{ ...without(b, ...keys), child_runs: [without(c, ...keys)] }],
    };
    expect(formatTree(only(nested))).toBe(tree);
    expect(only(nested).traceId).toBe('a');
    const nameless = { ...without(a, 'id', ...keys), child_runs: [without(b, ...keys)] };
    expect(Array.from(only(nameless), ({ name, depth }) => `${name} ${depth}`)).toEqual(['a 0', 'b 1']);
  });

  it('take parent and trace from dotted_order where nothing else tells them', () => {
    const runs = [
      { ...without(a, 'trace_id'), dotted_order: dotted('a') },
      { ...without(b, 'trace_id', 'parent_run_id'), dotted_order: dotted('a', 'b') },
      { ...without(c, 'trace_id', 'parent_run_id'), parent_run_id: null, dotted_order: dotted('a', 'b', 'c') },
    ];
    expect(formatTree(only(runs))).toBe(tree);
    expect(only(runs).traceId).toBe('a');
    const page = only([runs[2]!]);
    expect(page.traceId).toBe('a');
    expect(page.spanAt(0).parentSpanId).toBe('b');
    expect(page.spanAt(0).issues).toEqual(['orphan']);
  });

  it('take their parent from a dotted_order of plain numbers too', () => {
    const runs = [a, without(b, 'parent_run_id'), without(c, 'parent_run_id')];
    const numbered = runs.map((record, index) => ({ ...record, dotted_order: ['1', '1.1', '1.1.1'][index] }));
    expect(formatTree(only(numbered))).toBe(tree);
    expect(only([numbered[1]!]).spanAt(0).issues).toEqual(['orphan']);
  });

  it('take their parent from the list of all ancestors', () => {
    const runs = [a, b, c].map((record) => without(record, 'parent_run_id'));
    const [first, second, third] = runs;
    expect(
      formatTree(only([first!, { ...second, parent_run_ids: ['a'] }, { ...third, parent_run_ids: ['a', 'b'] }])),
    ).toBe(tree);
  });

  it('without a trace are of that of their parents, which has the id of its root', () => {
    const runs = [c, b, a].map((record) => without(record, 'trace_id'));
    expect(only(runs).traceId).toBe('a');
    expect(only([c, b].map((record) => without(record, 'trace_id'))).traceId).toBe('a');
    const circle = [run({ id: 'x', parent_run_id: 'y' }), run({ id: 'y', parent_run_id: 'x' })];
    const { traces } = parseTraces(circle.map((record) => without(record, 'trace_id')));
    expect(traces.map(({ spanCount }) => spanCount)).toEqual([2]);
  });

  it('are kept apart by trace', () => {
    const { traces } = parseTraces({ runs: [a, run({ trace_id: 'u' }), b, run({ trace_id: 'u', id: 's' })] });
    expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['a', 2],
      ['u', 2],
    ]);
  });

  it('whose parent is missing, or is a line of zeros', () => {
    const zeros = '00000000-0000-0000-0000-000000000000';
    expect(formatTree(only([run({ parent_run_id: 'gone' })]))).toBe('r 0–1000 unset [orphan]');
    expect(formatTree(only([run({ parent_run_id: zeros })]))).toBe('r 0–1000 unset');
    expect(formatTree(only([run({ parent_run_id: '' })]))).toBe('r 0–1000 unset');
  });

  it('nest as deep as a program calls', () => {
    let nested: Fields = run({ id: 'run0' });
    for (let depth = 1; depth < 20_000; depth++) nested = { ...run({ id: `run${depth}` }), child_runs: [nested] };
    expect(only(nested).spanAt(19_999).depth).toBe(19_999);
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      without(run({ id: `run${index}`, parent_run_id: `run${index + 1}` }), 'trace_id'),
    );
    expect(only(chain).spanCount).toBe(20_000);
  });

  it('that hold themselves are walked once', () => {
    const circle = run({ child_runs: [] as unknown[] });
    (circle.child_runs as unknown[]).push(circle, { ...without(circle, 'id') });
    expect(only(circle).spanCount).toBe(2);
  });

  it('that cannot be read are left out and counted', () => {
    const { traces, skipped, warnings } = parseTraces({ runs: [null, 'x', {}, run({ start_time: 'soon' })] });
    expect(traces[0]!.spanCount).toBe(1);
    expect(skipped).toBe(3);
    expect(warnings.map(({ code, count }) => [code, count])).toEqual([
      ['unreadable-span', 3],
      ['unreadable-time', 1],
      ['missing-start', 1],
    ]);
    expect(traces[0]!.spanAt(0).attributes.start_time).toBe('soon');
    const feedback = { id: 'f', run_id: 'r', key: 'helpful', score: 1 };
    expect(parseTraces(lines(run(), feedback)).warnings[0]).toMatchObject({ code: 'unreadable-record', count: 1 });
  });

  it('of a page that goes on are not the whole', () => {
    expect(only({ runs: [a], cursors: { next: 'abc' } }).completeness.reasons).toEqual([
      'This is one page of a list of runs that goes on.',
    ]);
    expect(only(lines({ runs: [a], cursors: { next: 'b' } }, { runs: [b], cursors: {} })).completeness.complete).toBe(
      true,
    );
  });
});

describe('a body that the SDK sends', () => {
  const post = { ...without(run({ inputs: { q: 1 }, outputs: {}, tags: ['x'], events: [] }), 'end_time', 'error') };
  const patch = {
    id: 'r',
    trace_id: 't',
    parent_run_id: null,
    end_time: at(500),
    outputs: { answer: 2 },
    tags: [],
    error: 'late failure',
    events: [{ name: 'new_token', time: at(200) }],
  };

  it('is one run of begin and end', () => {
    for (const input of [
      { post: [post], patch: [patch] },
      { patch: [patch], post: [post] },
      lines({ post: [post], patch: [] }, { post: [], patch: [patch] }),
      lines(post, { ...patch, dotted_order: dotted('r') }),
    ]) {
      const trace = only(input);
      expect(formatTree(trace)).toBe('r 0–500 error');
      const span = trace.spanAt(0);
      expect(span.statusMessage).toBe('late failure');
      expect(span.attributes).toMatchObject({ inputs: { q: 1 }, outputs: { answer: 2 }, tags: ['x'] });
      expect(span.events).toHaveLength(1);
    }
  });

  it('is open without its patch, and without its post begins as dotted_order says', () => {
    expect(formatTree(only({ post: [post], patch: [] }))).toBe('r 0– unset [unfinished]');
    const alone = only({ post: [], patch: [{ ...patch, name: 'r', dotted_order: dotted('x', 'r') }] });
    expect(alone.spanAt(0).startTimeUnixNano).toBe(BigInt(Date.UTC(2026, 0, 1, 0, 0, 0, 1)) * 1_000_000n);
    expect(alone.spanAt(0).durationMs).toBe(499);
  });
});

describe('a run', () => {
  it('has times to the microsecond, UTC where no zone is given, and milliseconds as numbers', () => {
    const begin = BigInt(Date.UTC(2024, 3, 29, 0, 49, 12)) * 1_000_000n + 90_123_000n;
    for (const start_time of ['2024-04-29T00:49:12.090123', '2024-04-29T00:49:12.090123+00:00']) {
      expect(spanOf({ start_time, end_time: null }).startTimeUnixNano).toBe(begin);
    }
    const dumped = spanOf({ start_time: 1714351752090, end_time: 1714351753090 });
    expect(dumped.startTimeUnixNano).toBe(1714351752090_000_000n);
    expect(dumped.durationMs).toBe(1000);
  });

  it('that is pending has no end', () => {
    expect(formatTree(only([run({ status: 'pending', end_time: null })]))).toBe('r 0– unset [unfinished]');
  });

  it('has gone well or failed by its status or its error', () => {
    expect(spanOf({ status: 'success' }).status).toBe('ok');
    expect(spanOf({ status: 'error' }).status).toBe('error');
    expect(spanOf({ error: 'ValueError(1)' }).status).toBe('error');
    expect(spanOf({ error: '' }).status).toBe('unset');
    expect(spanOf({}).status).toBe('unset');
    expect(spanOf({ status: 'queued' }).attributes.status).toBe('queued');
    expect(spanOf({ status: 'success' }).attributes).not.toHaveProperty('status');
  });

  it('tells its error without the traceback, which stays whole in the attribute', () => {
    const error = "ValueError('no')Traceback (most recent call last):\n\n\n  File x\n\nValueError: no";
    const span = spanOf({ error });
    expect(span.statusMessage).toBe("ValueError('no')");
    expect(span.attributes.error).toBe(error);
    expect(spanOf({ error: 'short\nand more' }).statusMessage).toBe('short\nand more');
    expect(spanOf({ error: 'short' }).attributes).not.toHaveProperty('error');
    expect(spanOf({ error: { code: 5 } })).toMatchObject({ status: 'error', attributes: { error: { code: 5 } } });
  });

  it('that was interrupted to wait or to go on elsewhere has not failed', () => {
    for (const error of ['GraphInterrupt((Interrupt(1),))Traceback', 'ParentCommand(goto)']) {
      expect(spanOf({ error, status: 'error' }).status).toBe('unset');
      expect(spanOf({ error }).statusMessage).toContain('(');
    }
    expect(spanOf({ error: 'GraphInterruptError()' }).status).toBe('error');
  });

  it.each([
    ['llm', 'llm'],
    ['tool', 'tool'],
    ['retriever', 'retriever'],
    ['embedding', 'embedding'],
    ['chain', 'chain'],
    ['prompt', 'chain'],
    ['parser', 'chain'],
  ])('of type %s is known as %s', (run_type, kind) => {
    expect(agentKind(spanOf({ run_type, name: 'x' }))).toBe(kind);
  });

  it('keeps what has no column under its own key, without the nulls', () => {
    const fields = {
      inputs: { messages: [['x']] },
      outputs: { generations: [] },
      extra: { metadata: { ls_model_name: 'gpt-4o', thread_id: 't1' }, invocation_params: {} },
      tags: ['seq:step:1'],
      total_tokens: 0,
      total_cost: '0.0012',
      session_id: 'b7e8',
      dotted_order: dotted('r'),
      inputs_s3_urls: { ROOT: 'https://example.com' },
      first_token_time: at(5),
    };
    expect(spanOf({ ...fields, reference_example_id: null }).attributes).toEqual({ ...fields, run_type: 'chain' });
  });

  it('has its events with their times, and what they hold', () => {
    const events = [
      { name: 'new_token', time: '2026-01-01T00:00:00.000001', kwargs: { token: 'a' } },
      { name: 'end', time: 'never' },
      'text',
    ];
    const begin = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;
    expect(only([run({ events })]).spanAt(0).events).toMatchObject([
      { name: 'new_token', timeUnixNano: begin + 1000n, attributes: { kwargs: { token: 'a' } } },
      { name: 'end', timeUnixNano: undefined, attributes: { time: 'never' } },
      { name: 'text', timeUnixNano: undefined },
    ]);
    expect(spanOf({ events: 'none' }).attributes.events).toBe('none');
  });

  it('is of the project as its service, its own or that of the list or the trace', () => {
    expect(spanOf({ session_name: 'shop' }).serviceName).toBe('shop');
    expect(spanOf({ session_id: 'b7e8' }).serviceName).toBe('unknown');
    const listed = only({ project_name: 'shop', session_id: 'b7e8', runs: [a, b] });
    expect(listed.serviceNames).toEqual(['shop']);
    expect(listed.spanAt(0).resource).toEqual({ session_id: 'b7e8' });
    expect(only([b, { ...a, session_name: 'shop' }, c]).serviceNames).toEqual(['shop']);
  });

  it('without a name is called by its type', () => {
    expect(spanOf({ name: null, run_type: 'llm' }).name).toBe('llm');
  });

  it('is kept twice where one list has its id twice', () => {
    expect(Array.from(only([run(), run()]), ({ key }) => key)).toEqual(['r', 'r~2']);
    expect(only([run(), run({ start_time: at(5) })]).spanCount).toBe(2);
  });
});

describe('the format', () => {
  it.each([
    ['Langfuse', 'langfuse', { data: [{ id: 'o', traceId: 't', type: 'SPAN', startTime: at(0), sessionId: 's' }] }],
    ['Jaeger', 'jaeger', { data: [{ traceID: 't', spans: [{ traceID: 't', spanID: 'a', operationName: 'x' }] }] }],
    [
      'a chat session',
      'json',
      { trace_id: 't', session_id: 's', spans: [{ span_id: 'a', name: 'x', start_time: at(0) }] },
    ],
    ['OTLP', 'otlp', { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'aa', spanId: 'bb', name: 'x' }] }] }] }],
  ])('is not seen in %s', (_name, format, value) => {
    expect(detectFormat(value)).toBe(format);
  });

  it.each([
    ['MLflow runs', { runs: [{ info: { run_id: 'a', start_time: 1 }, data: {} }] }],
    ['a build', { runs: [{ id: 1, name: 'ci', status: 'success' }] }],
    ['Opik', { trace: { id: 't' }, spans: [{ id: 's', type: 'llm', trace_id: 't', start_time: at(0) }] }],
  ])('is not seen in %s, whoever reads that', (_name, value) => {
    expect(detectFormat(value)).not.toBe('langsmith');
  });

  it('is seen in each of its layouts, also where the first records are soiled', () => {
    for (const input of [
      run(),
      [null, {}, run()],
      { runs: [7, run()] },
      { post: [], patch: [{ id: 'r', dotted_order: dotted('r') }] },
      { runs: [], cursors: {} },
      lines({ note: 'header' }, run()),
    ]) {
      expect(detectFormat(input)).toBe('langsmith');
    }
    expect(() => parseTraces({ runs: [], cursors: {} })).toThrow('there is no trace in it');
  });
});

describe('an input', () => {
  it('is not changed, and details come from it when somebody looks', () => {
    const bodies = { post: [without(a, 'end_time'), b], patch: [{ ...a, outputs: { x: 1 }, child_runs: [c] }] };
    const input = deepFrozen(bodies);
    const text = JSON.stringify(input);
    contentOf(only(input));
    expect(JSON.stringify(input)).toBe(text);
    const inputs = { messages: ['x'] };
    expect(spanOf({ inputs }).attributes.inputs).toBe(inputs);
  });

  it('may have hostile keys and ids', () => {
    const post = JSON.parse(`{"__proto__":{"polluted":1},"constructor":2,${JSON.stringify(run()).slice(1)}`) as Fields;
    const span = only({
      post: [without(post, 'end_time')],
      patch: [{ id: 'r', trace_id: 't', end_time: at(5) }],
    }).spanAt(0);
    expect(span.durationMs).toBe(5);
    expect(Object.hasOwn(span.attributes, '__proto__')).toBe(true);
    expect(span.attributes.constructor).toBe(2);
    expect(({} as Fields).polluted).toBeUndefined();
    const names = ['constructor', '__proto__', 'toString'];
    const runs = names.map((id, index) => run({ id, trace_id: '__proto__', parent_run_id: names[index - 1] }));
    expect(Array.from(only(runs), ({ depth }) => depth)).toEqual([0, 1, 2]);
  });

  it('with values of the wrong type throws nothing but a TraceFormatError, and what is read can be used', () => {
    const clean = {
      runs: [{ ...a, child_runs: [without(b, 'trace_id'), c] }, run({ dotted_order: dotted('a', 'r'), error: 'x' })],
      post: [without(run({ id: 'p', events: [{ name: 'new_token', time: at(1) }] }), 'end_time')],
      patch: [{ id: 'p', end_time: at(4), parent_run_ids: ['a'], extra: { metadata: {} } }],
      cursors: { next: null },
      project_name: 'shop',
    };
    let read = 0;
    for (let seed = 0; seed < 600; seed++) {
      const random = createRandom(seed);
      const value = soiled(clean, random, random.pick([0.005, 0.02, 0.08])) as object;
      let traces: Trace[];
      try {
        ({ traces } = parseTraces(value, { format: 'langsmith' }));
      } catch (error) {
        expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
        continue;
      }
      read++;
      for (const trace of traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        const again = parseTraces(JSON.stringify(toJson(trace))).traces[0]!;
        expect(again.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
    }
    expect(read).toBeGreaterThan(400);
  });

  it('loses no run that stands whole in it, and nests it as its flat list says', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed);
      const count = random.int(1, 14);
      const parents = Array.from({ length: count }, (_, index) =>
        random.chance(0.85) ? random.int(-1, index - 1) : -1,
      );
      const flat = parents.map((parent, index) =>
        run({
          id: `r${index}`,
          start_time: at(index),
          parent_run_id: parent < 0 ? null : `r${parent}`,
          mark: `mark ${index}`,
        }),
      );
      const nested = flat.map((record) => ({ ...without(record, 'parent_run_id'), child_runs: [] as Fields[] }));
      for (const [index, parent] of parents.entries()) if (parent >= 0) nested[parent]!.child_runs.push(nested[index]!);
      const roots = nested.filter((_, index) => parents[index]! < 0);
      const expected = formatTree(only(flat));
      for (const input of [lines(...flat), { runs: flat }, roots, lines(...roots), [...flat].reverse()]) {
        const trace = only(input);
        expect(formatTree(trace), `seed ${seed}`).toBe(expected);
        const marks = Array.from(trace, ({ attributes }) => attributes.mark);
        expect(marks.sort(), `seed ${seed}`).toEqual(flat.map(({ mark }) => mark).sort());
      }
    }
  });
});

describe.skipIf(!hasCorpus)(`real langsmith files${corpusNote}`, () => {
  it('are all listed here', () => {
    expect(corpusFiles('langsmith')).toEqual(['refinery-demo.json', 'sdk-py-wrap-openai-stream.json']);
  });

  it('refinery-demo.json: 5 runs on 2 levels', () => {
    const result = parseTraces(corpusFile('langsmith/refinery-demo.json'));
    expect([result.format, result.skipped, result.warnings]).toEqual(['langsmith', 0, []]);
    expect(formatTree(result.traces[0]!, { services: true })).toBe(
      [
        'CustomerSupportAgent 0–15000 unset service=demo-project',
        '  IntentClassifier 1000–3000 unset service=demo-project',
        '  RetrieveKnowledgeBase 3500–5000 unset service=demo-project',
        '  GenerateResponse 5500–10000 unset service=demo-project',
        '  ValidateResponse 10500–12000 error service=demo-project',
      ].join('\n'),
    );
  });

  it('sdk-py-wrap-openai-stream.json: 1 run, which its index takes for open without $.patch[0].end_time', () => {
    const result = parseTraces(corpusFile('langsmith/sdk-py-wrap-openai-stream.json'));
    expect([result.format, result.skipped, result.warnings]).toEqual(['langsmith', 0, []]);
    const [trace] = result.traces;
    expect(formatTree(trace!)).toBe('ChatOpenAI 0–1328.441 unset');
    expect(trace!.spanAt(0).events).toHaveLength(12);
  });
});

describe('runs that stand where LangSmith has none', () => {
  const other = run({ id: 'other', trace_id: 'u' });

  it('are shown where they are in a list below a key that is not known', () => {
    const { traces, warnings } = parseTraces([run({ child_runz: [run({ id: 'child', parent_run_id: 'r' })] })]);
    expect(traces.map((trace) => toTimeline(trace)).join('\n')).toContain('child');
    expect(warnings.map(({ code }) => code)).toEqual(['misplaced-span']);
  });

  it.each(['inputs', 'outputs', 'extra'])('are content where a run was given them: %s', (key) => {
    for (const content of [{ run: other }, [other], { runs: [[other]] }]) {
      const { traces, warnings } = parseTraces([run({ [key]: content })]);
      expect(traces.flatMap((trace) => Array.from(trace, ({ spanId }) => spanId))).toEqual(['r']);
      expect(warnings).toEqual([]);
    }
  });
});
