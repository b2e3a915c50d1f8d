import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/index.ts';
import {
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
import { contentOf, deepFrozen } from '../../traceContent.ts';

interface SpanFields {
  [key: string]: unknown;
}

const start = 1_700_000_000_000_000;

/** Each span is of trace `t` and lasts 1 ms unless it says otherwise. */
function zipkinFile(...spans: SpanFields[]): SpanFields[] {
  return spans.map((span) => ({
    traceId: 't',
    name: span.id,
    timestamp: start,
    duration: 1000,
    localEndpoint: { serviceName: 'agent' },
    ...span,
  }));
}

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('zipkin');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

function spanOf(fields: SpanFields): Span {
  return only(zipkinFile({ id: 'a', ...fields })).span('a')!;
}

const client = { kind: 'CLIENT', localEndpoint: { serviceName: 'web' } };
const server = { kind: 'SERVER', shared: true, localEndpoint: { serviceName: 'db' } };

describe('a file', () => {
  it('is a list of spans, a list of lists, lists a line or spans a line, and each is the same trace', () => {
    const spans = zipkinFile({ id: 'a' }, { id: 'b', parentId: 'a' });
    const lines = spans.map((span) => JSON.stringify(span)).join('\n');
    const lists = spans.map((span) => JSON.stringify([span])).join('\n');
    for (const input of [spans, [spans], [[spans[0]], [], [spans[1]]], lines, lists]) {
      expect(formatTree(only(input))).toBe('a 0–1 unset\n  b 0–1 unset');
    }
  });

  it('may hold several traces, in one list or a list each', () => {
    const [one, two] = [zipkinFile({ id: 'a' }), zipkinFile({ id: 'a', traceId: 'u' })];
    for (const input of [
      [one, two],
      [...one, ...two],
    ]) {
      expect(parseTraces(input).traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
        ['t', 1],
        ['u', 1],
      ]);
    }
  });

  it('keeps the records that can be read, and counts the others', () => {
    const { traces, skipped, warnings } = parseTraces([...zipkinFile({ id: 'a' }), 7, null, { traceId: 't' }, {}]);
    expect(traces[0]!.spanCount).toBe(1);
    expect(skipped).toBe(4);
    expect(warnings.find(({ code }) => code === 'unreadable-span')).toMatchObject({ count: 4 });
  });
});

describe('several reports of one call', () => {
  it('are the client with the server below it, in whichever order they stand', () => {
    const halves = [
      { id: 'r', name: 'root', duration: 9000, localEndpoint: { serviceName: 'web' } },
      { id: 'x', parentId: 'r', name: 'call', duration: 8000, ...client },
      { id: 'x', parentId: 'r', name: 'handle', duration: 7000, ...server },
      { id: 'q', parentId: 'x', name: 'query', duration: 2000, localEndpoint: { serviceName: 'db' } },
      { id: 'w', parentId: 'x', name: 'wait', duration: 1000, localEndpoint: { serviceName: 'web' } },
    ];
    for (const order of [halves, halves.toReversed(), [...halves.slice(2), ...halves.slice(0, 2)]]) {
      const trace = only(zipkinFile(...order));
      const outline = Array.from(trace, ({ depth, name, key }) => `${'  '.repeat(depth)}${name} ${key}`).sort();
      expect(outline).toEqual(['root r', '  call x', '    handle x~2', '      query q', '    wait w'].sort());
      expect(trace.span('x~2')!.parent!.key).toBe('x');
      expect(trace.span('q')!.parent!.key).toBe('x~2');
      expect(trace.completeness.complete).toBe(true);
    }
  });

  it('are told apart by kind where none says that it is shared, and where both are of one service', () => {
    const trace = only(
      zipkinFile({ id: 'x', kind: 'SERVER' }, { id: 'x', kind: 'CLIENT', duration: 2000 }, { id: 'y', parentId: 'x' }),
    );
    expect(formatTree(trace)).toBe(
      ['x 0–2 unset [duplicate-id]', '  x 0–1 unset [duplicate-id]', '    y 0–1 unset'].join('\n'),
    );
  });

  it('hang a bare annotation from the client too, and stand beside each other where they are the same report twice', () => {
    const bare = { id: 'x', parentId: 'r', duration: undefined, localEndpoint: undefined };
    const trace = only(
      zipkinFile(
        { id: 'r', duration: 5000 },
        { ...bare, name: 'noted' },
        { id: 'x', parentId: 'r', ...client, name: 'call' },
        { id: 'x', parentId: 'r', ...client, name: 'again' },
      ),
    );
    expect(Array.from(trace, ({ name, parent }) => `${name} < ${parent?.name ?? ''}`)).toEqual([
      'r < ',
      'call < r',
      'noted < call',
      'again < r',
    ]);
  });

  it('are the server alone, below the parent that it names, where the client did not report', () => {
    const trace = only(zipkinFile({ id: 'r' }, { id: 'x', parentId: 'r', ...server }));
    expect(trace.span('x')!.parent!.spanId).toBe('r');
    expect(trace.span('x')!.attributes).toEqual({ shared: true });
  });

  it('never mix between traces', () => {
    const { traces } = parseTraces(zipkinFile({ id: 'x', ...client }, { id: 'x', traceId: 'u', ...server }));
    expect(traces.map(({ spanCount, roots }) => [spanCount, roots.length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('take no time to speak of where one id is reported 20,000 times', () => {
    const spans = Array.from({ length: 20_000 }, (_, at) => ({ id: 'x', kind: at % 2 ? 'SERVER' : 'CLIENT' }));
    expect(only(zipkinFile(...spans)).spanCount).toBe(20_000);
  });
});

describe('a time', () => {
  it('is exact to the microsecond, and below where the file says so', () => {
    const span = spanOf({ timestamp: 1_700_000_000_123_457, duration: 1.5 });
    expect(span.startTimeUnixNano).toBe(1_700_000_000_123_457_000n);
    expect(span.duration).toBe(1500);
  });

  it.each([undefined, null, 0, 'soon'])(
    'that is missing as a start (%s) is marked, and the duration kept',
    (timestamp) => {
      const span = only(zipkinFile({ id: 'r', duration: 5000 }, { id: 'a', parentId: 'r', timestamp })).span('a')!;
      expect(span.issues).toEqual(['unfinished', 'missing-start']);
      expect(span.attributes.duration).toBe(1000);
      expect(span.attributes.timestamp).toBe(typeof timestamp === 'string' ? timestamp : undefined);
    },
  );

  it('that is missing as a duration leaves the span open', () => {
    expect(spanOf({ duration: undefined }).issues).toEqual(['unfinished']);
    expect(spanOf({ duration: 0 }).duration).toBe(0);
  });
});

describe('the status', () => {
  it.each([
    ['no tag', undefined, 'unset', undefined],
    ['a tag error with a message', { error: 'timeout' }, 'error', 'timeout'],
    ['an empty tag error', { error: '' }, 'error', undefined],
    ['a tag error "true"', { error: 'true' }, 'error', undefined],
    ['otel.status_code OK', { 'otel.status_code': 'OK' }, 'ok', undefined],
    ['otel.status_code ERROR', { 'otel.status_code': 'ERROR', 'otel.status_description': 'no' }, 'error', 'no'],
    ['otel.status_code OK above error', { 'otel.status_code': 'OK', error: 'x' }, 'ok', undefined],
  ])('with %s', (_name, tags, status, message) => {
    const span = spanOf({ tags });
    expect(span.status).toBe(status);
    expect(span.statusMessage).toBe(message);
  });
});

describe('the details', () => {
  it('are the tags as attributes, what has no place beside them, and where the span was made as the resource', () => {
    const span = spanOf({
      kind: 'PRODUCER',
      debug: true,
      tags: { 'http.method': 'GET', debug: 'as a tag', 'otel.scope.name': 'lib', 'otel.scope.version': '1' },
      localEndpoint: { serviceName: 'agent', ipv4: '10.0.0.1', port: 80 },
      remoteEndpoint: { serviceName: 'kafka' },
    });
    expect(span.kind).toBe('producer');
    expect(span.serviceName).toBe('agent');
    expect(span.attributes).toEqual({
      'http.method': 'GET',
      debug: 'as a tag',
      'zipkin.debug': true,
      remoteEndpoint: { serviceName: 'kafka' },
    });
    expect(span.resource).toEqual({ 'service.name': 'agent', ipv4: '10.0.0.1', port: 80 });
    expect(span.scope).toEqual({ name: 'lib', version: '1' });
  });

  it('have each annotation as an event, with what OpenTelemetry wrote into its text', () => {
    const annotations = [
      { timestamp: start + 500, value: 'first_token' },
      { timestamp: start + 600, value: '"exception": {"exception.message":"no"}' },
      { timestamp: start + 700, value: 'retry|{"n":2}|0' },
      { value: '"said" {}' },
    ];
    expect(spanOf({ annotations }).events.map(({ name, time, attributes }) => [name, time, attributes])).toEqual([
      ['first_token', 500_000, {}],
      ['exception', 600_000, { 'exception.message': 'no' }],
      ['retry', 700_000, { n: 2 }],
      ['"said" {}', undefined, {}],
    ]);
  });

  it('keep hostile keys as keys', () => {
    const span = only(
      `[{"traceId":"t","id":"a","timestamp":1,"tags":{"__proto__":"p","constructor":"c"},"__proto__":{"x":1}}]`,
    ).span('a')!;
    expect(Object.keys(span.attributes).sort()).toEqual(['__proto__', 'constructor', 'zipkin.__proto__']);
    expect(({} as SpanFields).x).toBeUndefined();
  });

  it('come from version 1 where there is no local endpoint', () => {
    const endpoint = { serviceName: 'old' };
    const span = spanOf({
      localEndpoint: undefined,
      annotations: [{ timestamp: start, value: 'sr', endpoint }],
      binaryAnnotations: [{ key: 'error', value: 'x', endpoint }],
    });
    expect([span.serviceName, span.kind, span.status, span.attributes]).toEqual([
      'old',
      'server',
      'error',
      { error: 'x' },
    ]);
  });
});

describe('detection', () => {
  it.each([
    ['Langfuse observations', [{ id: 'o', traceId: 't', type: 'SPAN', startTime: '2026-01-01T00:00:00Z', name: 'n' }]],
    ['Langfuse scores', [{ id: 's', traceId: 't', name: 'n', value: 1, timestamp: '2026-01-01T00:00:00Z' }]],
    ['spans with a spanId', [{ traceId: 't', spanId: 's', id: 'x', name: 'n', timestamp: 1 }]],
    ['Jaeger', [{ traceID: 't', spanID: 's', operationName: 'n', startTime: 1, duration: 1 }]],
  ])('does not mistake %s for Zipkin', (_name, value) => {
    expect(detectFormat(value)).not.toBe('zipkin');
  });

  it('knows a span by any of the fields that only Zipkin has', () => {
    for (const fields of [{ timestamp: 1 }, { localEndpoint: {} }, { remoteEndpoint: {} }, { annotations: [] }]) {
      expect(detectFormat([{ traceId: 't', id: 'a', ...fields }])).toBe('zipkin');
    }
  });
});

const junk: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1e300, NaN, '', '0', 'text', 7n, [], [null], [[]], {}, { toString: 1 }],
  ...[{ ['__proto__']: { a: 1 } }, new Date(NaN), new Uint8Array(3), Object.create(null), () => 1, Symbol('s')],
];

function soiled(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return junk[random.int(0, junk.length - 1)];
  if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
}

it('values of the wrong type throw nothing else than a TraceFormatError, and the input stays as it is', () => {
  const clean = zipkinFile(
    { id: 'r' },
    { id: 'x', parentId: 'r', ...client, tags: { error: '', k: 'v' }, remoteEndpoint: { port: 1 } },
    { id: 'x', parentId: 'r', ...server, annotations: [{ timestamp: start, value: '"e": {"k":1}' }] },
    { id: 'y', parentId: 'x', binaryAnnotations: [{ key: 'k', value: 1, endpoint: { serviceName: 's' } }] },
  );
  let read = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = createRandom(seed);
    const value = soiled(clean, random, random.pick([0.01, 0.05, 0.1]));
    if (typeof value !== 'object' || value === null) continue;
    if (JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? 0 : part)) === undefined) continue;
    try {
      for (const trace of parseTraces(value, { format: 'zipkin' }).traces) {
        contentOf(trace);
        toTimeline(trace, { roots: 'all' });
        expect(parseTraces(JSON.stringify(toJson(trace))).traces[0]!.spanCount, `seed ${seed}`).toBe(trace.spanCount);
      }
      read++;
    } catch (error) {
      expect(error, `seed ${seed}`).toBeInstanceOf(TraceFormatError);
    }
  }
  expect(read).toBeGreaterThan(300);
  const frozen = deepFrozen(clean);
  expect(contentOf(only(frozen))).toEqual(contentOf(only(JSON.stringify(frozen))));
});

/** `depth` of the index, where a half of a call is not below the other, is given where it differs. */
const real = {
  'lens-ascend.json': { spans: 8, depth: 4, services: 3, duplicates: 2, open: 0, events: 0, indexDepth: 3, at: '$[4]' },
  'lens-messaging-kafka.json': { spans: 28, depth: 5, services: 2, duplicates: 0, open: 0, events: 0 },
  'lens-netflix.json': {
    spans: 8,
    depth: 5,
    services: 4,
    duplicates: 4,
    open: 3,
    events: 5,
    indexDepth: 3,
    at: '$[2]',
  },
  'lens-smartthings-oauth.json': {
    ...{ spans: 175, depth: 33, services: 8, duplicates: 45, open: 19, events: 9, indexDepth: 24, at: '$[4]' },
  },
} satisfies Record<string, object>;

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it('are all listed here', () => {
    expect(corpusFiles('zipkin')).toEqual(Object.keys(real).sort());
  });

  for (const [name, counts] of Object.entries(real)) {
    const note = 'at' in counts ? ` (its index: ${counts.indexDepth}, with ${counts.at} beside its other half)` : '';
    it(`${name}: ${counts.spans} spans in ${counts.depth} levels${note}`, () => {
      const { format, traces, skipped } = parseTraces(corpusFile(`zipkin/${name}`));
      const spans = traces.flatMap((trace) => Array.from(trace));
      expect({ format, traces: traces.length, skipped }).toEqual({ format: 'zipkin', traces: 1, skipped: 0 });
      expect(counts).toMatchObject({
        spans: spans.length,
        depth: Math.max(...spans.map(({ depth }) => depth + 1)),
        services: new Set(spans.map(({ serviceName }) => serviceName)).size,
        duplicates: spans.filter(({ key, spanId }) => key !== spanId).length,
        open: spans.filter(({ issues }) => issues.includes('unfinished')).length,
        events: spans.reduce((sum, { events }) => sum + events.length, 0),
      });
      expect(spans.filter(({ issues }) => issues.includes('orphan') || issues.includes('cycle'))).toEqual([]);
    });
  }
});
