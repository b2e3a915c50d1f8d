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

const base = Date.UTC(2026, 0, 1);

function at(milliseconds: number): string {
  return new Date(base + milliseconds).toISOString();
}

/** An observation of trace `t` that lasts from 100 to 900 ms unless it says otherwise. */
function observation(fields: Fields = {}): Fields {
  return {
    id: 'o1',
    traceId: 't',
    type: 'SPAN',
    name: fields.id ?? 'o1',
    startTime: at(100),
    endTime: at(900),
    parentObservationId: null,
    level: 'DEFAULT',
    statusMessage: null,
    ...fields,
  };
}

function traceRecord(fields: Fields = {}): Fields {
  return { id: 't', name: 'agent', timestamp: at(0), ...fields };
}

/** The layout of the UI's download. */
function file(...observations: Fields[]): Fields {
  return { trace: traceRecord(), observations };
}

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('langfuse');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

function spanOf(fields: Fields): Span {
  return only(file(observation(fields))).span('o1')!;
}

function lines(...records: object[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

const observations = [
  observation({ id: 'a', startTime: at(100), endTime: at(900) }),
  observation({ id: 'b', parentObservationId: 'a', startTime: at(200), endTime: at(300), type: 'GENERATION' }),
  observation({ id: 'c', startTime: at(950), endTime: at(1000) }),
];

const bare = ['a 0–800 unset', '  b 100–200 unset', 'c 850–900 unset'].join('\n');
const rooted = ['agent 0–1000 unset', '  a 100–900 unset', '    b 200–300 unset', '  c 950–1000 unset'].join('\n');

describe('a trace', () => {
  it('is the root of its observations, in each layout that has a record of it', () => {
    const fields = traceRecord();
    for (const input of [
      { ...fields, observations },
      { trace: fields, observations },
      { trace: { ...fields, observations } },
      { trace: { ...fields, observations }, observations },
      { data: [{ ...fields, observations }], meta: { page: 1, totalPages: 1 } },
      { data: { ...fields, observations } },
      [{ ...fields, observations }],
      lines({ ...fields, observations: [] }, ...observations),
      lines(...observations, fields),
    ]) {
      expect(formatTree(only(input))).toBe(rooted);
      expect(only(input).spanAt(0).spanId).toBe('t');
    }
  });

  it('is not made up where observations stand by themselves', () => {
    for (const input of [
      observations,
      lines(...observations),
      { data: observations, meta: {} },
      { data: observations, meta: { cursor: null } },
      lines({ data: observations.slice(0, 1), meta: {} }, { data: observations.slice(1), meta: {} }),
    ]) {
      expect(formatTree(only(input))).toBe(bare);
    }
  });

  it('is the object around its observations where nothing else tells of it, named as what stands at its top', () => {
    const [a, b, c] = observations;
    expect(formatTree(only({ observations: [a, b], scores: [] }))).toBe(
      'a 0–800 unset\n  a 0–800 unset\n    b 100–200 unset',
    );
    expect(only({ observations: [a, b, c] }).spanAt(0).name).toBe('t');
    expect(only({ observations: [{ ...a, traceName: 'research' }] }).spanAt(0).name).toBe('research');
  });

  it('without a name is called by its id, as Langfuse does', () => {
    expect(only({ trace: traceRecord({ name: null }), observations }).spanAt(0).name).toBe('t');
  });

  it('begins with its first observation where its own time is later', () => {
    const trace = only({ trace: traceRecord({ timestamp: at(150) }), observations });
    expect(trace.spanAt(0).startTimeUnixNano).toBe(BigInt(base + 100) * 1_000_000n);
    expect(Array.from(trace).flatMap(({ issues }) => issues)).toEqual([]);
  });

  it('ends by its latency, in seconds, where its observations are not in the file', () => {
    const list = { data: [traceRecord({ observations: ['x', 'y'], latency: 1.25 })], meta: { page: 1, totalPages: 1 } };
    const trace = only(list);
    expect(formatTree(trace)).toBe('agent 0–1250 unset');
    expect(trace.completeness).toMatchObject({ complete: false, expectedSpans: 3 });
    expect(formatTree(only({ ...file(observation({ endTime: null })), trace: traceRecord({ latency: 2 }) }))).toBe(
      'agent 0–2000 unset\n  o1 100– unset [unfinished]',
    );
  });

  it('without observations is as long as its latency says', () => {
    const empty = (latency: unknown) => only({ trace: traceRecord({ latency }), observations: [] });
    expect(formatTree(empty(0))).toBe('agent 0–0 unset');
    expect(formatTree(empty('2'))).toBe('agent 0–2000 unset');
    expect(formatTree(empty(null))).toBe('agent 0– unset [unfinished]');
  });

  it('may have a field data, which is no page then', () => {
    expect(only({ trace: traceRecord(), observations, data: { x: 1 } }).spanAt(0).attributes.data).toEqual({ x: 1 });
  });

  it('shares its service with its observations, where only one side names it', () => {
    const metadata = { resourceAttributes: { 'service.name': 'shop' } };
    expect(only({ trace: traceRecord({ metadata }), observations }).serviceNames).toEqual(['shop']);
    expect(only(file(observation({ metadata }))).serviceNames).toEqual(['shop']);
  });

  it('is open while nothing in it has ended', () => {
    const running = observation({ endTime: null });
    for (const latency of [0, null, undefined]) {
      expect(formatTree(only({ trace: traceRecord({ latency }), observations: [running] }))).toBe(
        'agent 0– unset [unfinished]\n  o1 100– unset [unfinished]',
      );
    }
  });

  it('keeps its id free for children where an old SDK gave that id to an observation as well', () => {
    const trace = only(file(observation({ id: 't', name: 'chain' }), observation({ parentObservationId: 't' })));
    expect(formatTree(trace)).toBe('agent 0–900 unset\n  chain 100–900 unset\n    o1 100–900 unset');
    expect(Array.from(trace, ({ spanId }) => spanId)).toEqual(['trace:t', 't', 'o1']);
  });

  it('may be named as the parent of an observation', () => {
    const named = observation({ parentObservationId: 't' });
    expect(formatTree(only(file(named)))).toBe('agent 0–900 unset\n  o1 100–900 unset');
    expect(formatTree(only([named]))).toBe('o1 0–800 unset');
  });

  it('keeps apart from others in the file', () => {
    const other = observation({ traceId: 'u' });
    const { traces } = parseTraces({ data: [observation(), other, observation({ id: 'o2' })], meta: {} });
    expect(traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['t', 2],
      ['u', 1],
    ]);
    expect(parseTraces({ observations: [observation(), other] }).traces.map(({ spanCount }) => spanCount)).toEqual([
      1, 1,
    ]);
    const files = [file(observation()), { trace: traceRecord({ id: 'u', name: 'second' }), observations: [other] }];
    for (const input of [files, lines(...files)]) {
      expect(parseTraces(input).traces.map((trace) => trace.spanAt(0).name)).toEqual(['agent', 'second']);
    }
  });

  it('tells where the file is one page of more', () => {
    for (const meta of [{ cursor: 'abc' }, { page: 1, totalPages: 3 }]) {
      const { completeness } = only({ data: observations, meta });
      expect(completeness.complete).toBe(false);
      expect(completeness.reasons.join(' ')).toContain('one page of a list that goes on');
    }
    const pages = lines(
      { data: observations.slice(0, 2), meta: { cursor: 'b' } },
      { data: [observations[2]], meta: {} },
    );
    expect(only(pages).completeness.complete).toBe(true);
  });

  it('keeps all that its record says, without the nulls', () => {
    const record = traceRecord({
      userId: 'u1',
      sessionId: 's1',
      release: null,
      tags: ['a'],
      input: '{"q":1}',
      output: { text: 'hi' },
      totalCost: 0.01,
      metadata: '{"topic":"x","resourceAttributes":{"service.name":"shop"},"scope":{"name":"sdk","version":"3"}}',
    });
    const root = only({ trace: record, observations, exportedBy: 'me' }).spanAt(0);
    expect(root.attributes).toEqual({
      timestamp: at(0),
      userId: 'u1',
      sessionId: 's1',
      tags: ['a'],
      input: '{"q":1}',
      output: { text: 'hi' },
      totalCost: 0.01,
      exportedBy: 'me',
      metadata: { topic: 'x' },
    });
    expect(root.resource).toEqual({ 'service.name': 'shop' });
    expect(root.scope).toEqual({ name: 'sdk', version: '3' });
    expect(root.serviceName).toBe('shop');
  });
});

describe('an observation', () => {
  it('is one span where the file has it in two lists, with what either says', () => {
    const [a, b, c] = observations;
    const trace = only({
      trace: { ...traceRecord(), observations: [{ ...a, output: 'late', input: 'other' }, b] },
      observations: [{ ...a, input: 'first', output: null }, b, c],
    });
    expect(formatTree(trace)).toBe(rooted);
    expect(trace.span('a')!.attributes).toMatchObject({ input: 'first', output: 'late' });
    const overlapping = lines({ data: [a, b], meta: {} }, { data: [b, c], meta: {} });
    expect(formatTree(only(overlapping))).toBe(bare);
  });

  it('is kept twice where one list has its id twice, and where two lists mean different moments', () => {
    expect(only(file(observation(), observation())).spanCount).toBe(3);
    const other = { trace: { ...traceRecord(), observations: [observation({ startTime: at(500) })] } };
    const trace = only({ ...other, observations: [observation()] });
    expect(Array.from(trace, ({ key }) => key)).toEqual(['t', 'o1', 'o1~2']);
  });

  it('whose parent is not in the file is an orphan, beside the root', () => {
    const trace = only(file(observation(), observation({ id: 'o2', parentObservationId: 'gone' })));
    expect(formatTree(trace)).toBe('agent 0–900 unset\n  o1 100–900 unset\no2 100–900 unset [orphan]');
  });

  it('of type EVENT is a moment, and of any other type is open without an end', () => {
    expect(spanOf({ type: 'EVENT', endTime: null }).duration).toBe(0);
    expect(spanOf({ type: 'EVENT', endTime: undefined }).duration).toBe(0);
    expect(spanOf({ type: 'EVENT' }).durationMs).toBe(800);
    expect(spanOf({ type: 'TOOL', endTime: null }).issues).toEqual(['unfinished']);
  });

  it('has failed where its level is ERROR alone, and keeps level and message', () => {
    const failed = spanOf({ level: 'ERROR', statusMessage: 'rate limit' });
    expect([failed.status, failed.statusMessage, failed.attributes.level]).toEqual(['error', 'rate limit', 'ERROR']);
    const warned = spanOf({ level: 'WARNING', statusMessage: 'slow' });
    expect([warned.status, warned.statusMessage, warned.attributes.level]).toEqual(['unset', 'slow', 'WARNING']);
    expect(spanOf({}).statusMessage).toBeUndefined();
  });

  it.each([
    ['GENERATION', 'llm'],
    ['AGENT', 'agent'],
    ['TOOL', 'tool'],
    ['CHAIN', 'chain'],
    ['RETRIEVER', 'retriever'],
    ['EMBEDDING', 'embedding'],
    ['GUARDRAIL', 'guardrail'],
    ['EVALUATOR', 'evaluator'],
    ['EVENT', 'other'],
  ])('of type %s is known as %s', (type, kind) => {
    expect(agentKind(spanOf({ type, name: 'x' }))).toBe(kind);
  });

  it('keeps what has no column under its own key', () => {
    const fields = {
      model: 'gpt-4o',
      modelParameters: { temperature: 0 },
      input: [{ role: 'user', content: 'x' }],
      output: '{"role":"assistant"}',
      usageDetails: { input: 10, output: 2, total: 12 },
      costDetails: { total: 0.01 },
      completionStartTime: at(300),
      timeToFirstToken: 0.2,
      promptName: null,
      version: '1',
    };
    const { promptName: _, ...kept } = fields;
    expect(spanOf({ type: 'GENERATION', ...fields }).attributes).toEqual({
      ...kept,
      level: 'DEFAULT',
      'langfuse.observation.type': 'generation',
    });
    const second = { providedModelName: 'gpt-4o', inputPrice: '0.0000025', traceName: 'x' };
    expect(spanOf(second).attributes).toMatchObject(second);
  });

  it.each(['an object', 'text'])('lays out what OpenTelemetry gave it, with metadata as %s', (form) => {
    const metadata = {
      attributes: { 'gen_ai.request.model': 'gpt-4o', model: 'other', level: 'DEFAULT' },
      resourceAttributes: { 'service.name': 'shop', 'host.name': 'h' },
      scope: { name: 'ai', version: '1.2', attributes: { public: 'k' } },
      topic: 'x',
    };
    const span = spanOf({ model: 'gpt', metadata: form === 'text' ? JSON.stringify(metadata) : metadata });
    expect(span.attributes).toEqual({
      model: 'gpt',
      level: 'DEFAULT',
      'langfuse.observation.type': 'span',
      'gen_ai.request.model': 'gpt-4o',
      metadata: { topic: 'x', attributes: { model: 'other' } },
    });
    expect(span.resource).toEqual({ 'service.name': 'shop', 'host.name': 'h' });
    expect(span.scope).toEqual({ name: 'ai', version: '1.2', attributes: { public: 'k' } });
    expect(span.serviceName).toBe('shop');
  });

  it('takes no service from text that only quotes one', () => {
    const quoted = JSON.stringify({ note: '"resourceAttributes":{"service.name":"forged"}' });
    expect(spanOf({ metadata: quoted }).serviceName).toBe('unknown');
    expect(spanOf({ metadata: 'not { json' }).attributes.metadata).toBe('not { json');
  });

  it('without a name is called by its type', () => {
    expect(spanOf({ name: null, type: 'GENERATION' }).name).toBe('GENERATION');
  });

  it('is read from the names of the database too, and times without a zone are UTC', () => {
    const record = {
      id: 'b',
      trace_id: 't',
      type: 'TOOL',
      name: 'search',
      parent_observation_id: 'a',
      start_time: '2026-01-01 00:00:00.200123',
      end_time: '2026-01-01 00:00:00.300456',
      status_message: 'no',
      level: 'ERROR',
    };
    const trace = only(lines(observations[0]!, record));
    expect(formatTree(trace)).toBe('a 0–800 unset\n  search 100.123–200.456 error');
    expect(trace.span('b')!.statusMessage).toBe('no');
    expect(Object.keys(trace.span('b')!.attributes)).toEqual(['level', 'langfuse.observation.type']);
  });

  it('that cannot be read is left out and counted, and a time that cannot be read is kept as an attribute', () => {
    const { traces, skipped, warnings } = parseTraces({
      trace: traceRecord(),
      observations: [null, 'text', {}, observation({ startTime: 'yesterday' }), observation({ id: 'o2' })],
    });
    expect(traces[0]!.spanCount).toBe(3);
    expect(skipped).toBe(3);
    expect(warnings.map(({ code, count }) => [code, count])).toEqual([
      ['unreadable-span', 3],
      ['unreadable-time', 1],
      ['missing-start', 1],
    ]);
    expect(traces[0]!.span('o1')!.attributes.startTime).toBe('yesterday');
  });
});

describe('a score', () => {
  const ofSpan = { id: 's1', traceId: 't', observationId: 'b', name: 'toxicity', value: 0.8, dataType: 'NUMERIC' };
  const ofTrace = { ...ofSpan, id: 's2', observationId: null, name: 'helpful' };

  it('stands with the span that it belongs to, once', () => {
    for (const input of [
      { trace: { ...traceRecord(), scores: [ofSpan, ofTrace] }, observations, scores: [ofSpan] },
      { ...traceRecord(), observations, scores: [ofSpan, ofTrace] },
      lines({ ...traceRecord(), observations }, ofSpan, ofTrace),
    ]) {
      const trace = only(input);
      expect(trace.span('b')!.attributes.scores).toEqual([ofSpan]);
      expect(trace.spanAt(0).attributes.scores).toEqual([ofTrace]);
      expect(trace.span('a')!.attributes).not.toHaveProperty('scores');
    }
  });

  it('of a trace without a record stands with the first observation at its top', () => {
    const trace = only(lines(ofTrace, ...observations));
    expect(trace.span('a')!.attributes.scores).toEqual([ofTrace]);
  });

  it('is counted where its trace is not in the file, and no trace by itself', () => {
    const { traces, skipped, warnings } = parseTraces(lines(...observations, { ...ofTrace, traceId: 'gone' }));
    expect(traces).toHaveLength(1);
    expect(skipped).toBe(1);
    expect(warnings[0]!.message).toBe('1 score belongs to a trace that is not in the file; skipped.');
    expect(detectFormat([ofTrace, ofSpan])).toBeUndefined();
    expect(detectFormat(lines(ofTrace, ofSpan))).toBeUndefined();
  });
});

describe('the format', () => {
  it.each([
    ['Jaeger', 'jaeger', { data: [{ traceID: 't', spans: [{ traceID: 't', spanID: 'a', operationName: 'x' }] }] }],
    ['Tempo', 'otlp', { trace: { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'aa', spanId: 'bb' }] }] }] } }],
    ['LangSmith', 'langsmith', { data: [{ id: 'r', trace_id: 't', run_type: 'llm', start_time: at(0) }] }],
    ['the plain format', 'json', [{ trace_id: 't', span_id: 'a', type: 'SPAN', name: 'x', start_time: at(0) }]],
    ['Zipkin', 'zipkin', [{ traceId: 't', id: 'a', name: 'x', timestamp: 1_700_000_000_000_000 }]],
  ])('is not seen in %s', (_name, format, value) => {
    expect(detectFormat(value)).toBe(format);
  });

  it.each([
    [
      'OpenAI Agents',
      {
        data: [
          { object: 'trace', id: 't' },
          { object: 'trace.span', id: 's', trace_id: 't' },
        ],
      },
    ],
    ['Phoenix', { data: [{ id: 'x', span_kind: 'LLM', context: { trace_id: 't', span_id: 's' } }], next_cursor: null }],
    ['Opik', { trace: { id: 't', name: 'x' }, spans: [{ id: 's', type: 'llm', trace_id: 't', start_time: at(0) }] }],
    ['weather', { id: 'station', timestamp: at(0), observations: [{ type: 'RAIN', startTime: at(0) }] }],
    ['a list of ids', { observations: ['a', 'b'] }],
  ])('is not seen in %s, whoever reads that', (_name, value) => {
    expect(detectFormat(value)).not.toBe('langfuse');
  });

  it('is seen in each of its layouts, however the first records are soiled', () => {
    for (const input of [
      { trace: traceRecord(), observations: [null, 'x', observation()] },
      { trace: traceRecord(), observations: [] },
      { observations: [observation()], scores: [] },
      { data: [observation()], meta: { cursor: null } },
      { data: [traceRecord({ observations: ['a'] })], meta: {} },
      [{ id: 's', traceId: 't', value: 1, dataType: 'NUMERIC' }, observation()],
      observation(),
    ]) {
      expect(detectFormat(input)).toBe('langfuse');
    }
  });
});

describe('an input', () => {
  it('is not changed, and details come from it when somebody looks', () => {
    const input = deepFrozen({ ...file(...observations), scores: [{ traceId: 't', value: 1, observationId: 'b' }] });
    const text = JSON.stringify(input);
    contentOf(only(input));
    expect(JSON.stringify(input)).toBe(text);
    const prompt = { messages: ['x'] };
    const span = only(file(observation({ input: prompt }))).span('o1')!;
    expect(span.attributes.input).toBe(prompt);
  });

  it('may have hostile keys', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":2,"metadata":{"__proto__":{"p":1}}}',
    ) as Fields;
    const record = JSON.parse(JSON.stringify(observation()).replace('{', `{${JSON.stringify(hostile).slice(1, -1)},`));
    const other = { ...observation(), output: 'x' };
    const trace = only({ trace: { ...traceRecord(), observations: [other] }, observations: [record] });
    const { attributes } = trace.span('o1')!;
    expect(Object.hasOwn(attributes, '__proto__')).toBe(true);
    expect(attributes.constructor).toBe(2);
    expect(attributes.output).toBe('x');
    expect(({} as Fields).polluted).toBeUndefined();
  });

  it('may have ids that are names of what every object has', () => {
    const names = ['constructor', '__proto__', 'toString'];
    const trace = only(file(...names.map((id, index) => observation({ id, parentObservationId: names[index - 1] }))));
    expect(Array.from(trace, ({ depth }) => depth)).toEqual([0, 1, 2, 3]);
  });

  it('with values of the wrong type throws nothing but a TraceFormatError, and what is read can be used', () => {
    const clean = {
      trace: { ...traceRecord({ latency: 1, metadata: '{"scope":{"name":"x"}}' }), scores: [{ id: 's', value: 1 }] },
      observations: [
        ...observations,
        observation({ metadata: { attributes: { a: 1 }, resourceAttributes: { 'service.name': 's' }, scope: {} } }),
      ],
      scores: [{ id: 's2', traceId: 't', observationId: 'a', value: 1 }],
    };
    let read = 0;
    for (let seed = 0; seed < 600; seed++) {
      const random = createRandom(seed);
      const value = soiled(clean, random, random.pick([0.005, 0.02, 0.08])) as object;
      let traces: Trace[];
      try {
        ({ traces } = parseTraces(value, { format: 'langfuse' }));
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

  it('loses no observation that stands whole in it, whatever is left out, doubled or moved around it', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed);
      const records = Array.from({ length: random.int(1, 12) }, (_, index) =>
        observation({
          id: `o${random.chance(0.1) ? 0 : index}`,
          traceId: random.pick(['t', 'u']),
          parentObservationId: random.chance(0.7) ? `o${random.int(0, 14)}` : null,
          startTime: at(random.int(0, 500)),
          mark: `mark ${index}`,
        }),
      );
      const marks = records.map(({ mark }) => mark).sort();
      const document = { trace: traceRecord(), observations: records };
      for (const input of [records, lines(...records), document, { data: records, meta: {} }]) {
        const { traces } = parseTraces(input);
        const found = traces.flatMap((trace) => Array.from(trace, ({ attributes }) => attributes.mark));
        expect(found.filter(Boolean).sort(), `seed ${seed}`).toEqual(marks);
      }
    }
  });
});

describe.skipIf(!hasCorpus)(`real langfuse files${corpusNote}`, () => {
  /** Observations, and levels of them, as counted; the trace, their root, is one more of each. */
  const counts: Readonly<Record<string, { observations: number; levels: number; zeroDurations: number }>> = {
    'agentprism-langfuse-1.json': { observations: 5, levels: 3, zeroDurations: 0 },
    'chatml-pydantic-tools.json': { observations: 12, levels: 4, zeroDurations: 0 },
    'seed-beeai.json': { observations: 29, levels: 4, zeroDurations: 0 },
    'seed-openai-agents.json': { observations: 5, levels: 3, zeroDurations: 1 },
  };

  it('are all listed here', () => {
    expect(corpusFiles('langfuse')).toEqual(Object.keys(counts).sort());
  });

  it.each(Object.entries(counts))(
    '%s: its observations, below $.trace, which its index does not count',
    (name, count) => {
      const result = parseTraces(corpusFile(`langfuse/${name}`));
      expect(result.format).toBe('langfuse');
      expect(result.skipped).toBe(0);
      expect(result.warnings).toEqual([]);
      expect(result.traces).toHaveLength(1);
      const spans = Array.from(result.traces[0]!);
      expect(spans).toHaveLength(count.observations + 1);
      expect(Math.max(...spans.map(({ depth }) => depth))).toBe(count.levels);
      expect(spans.filter(({ duration }) => duration === 0)).toHaveLength(count.zeroDurations);
      expect(result.traces[0]!.roots).toHaveLength(1);
      expect(spans[0]!.duration).toBe(Math.round(Number(spans[0]!.attributes.latency) * 1e9));
    },
  );
});
