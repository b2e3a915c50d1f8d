import { gunzipSync } from 'node:zlib';
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

interface EventFields {
  [key: string]: unknown;
}

const event = (ph: string, name: string | undefined, ts: unknown, more: EventFields = {}): EventFields => ({
  ph,
  name,
  ts,
  pid: 1,
  tid: 1,
  ...more,
});
const slice = (name: string, ts: unknown, dur: unknown, more: EventFields = {}) =>
  event('X', name, ts, { dur, ...more });

function only(input: object | string): Trace {
  const { format, traces } = parseTraces(input);
  expect(format).toBe('chrome');
  expect(traces).toHaveLength(1);
  return traces[0]!;
}

/** Times in these tests are milliseconds: a file's 1000. */
function tree(...events: EventFields[]): string {
  return formatTree(only(events), { services: false });
}

function spanNamed(trace: Trace, name: string): Span {
  const span = Array.from(trace).find((candidate) => candidate.name === name);
  if (!span) throw new Error(`No span is named ${name}.`);
  return span;
}

function warningsOf(...events: EventFields[]) {
  return parseTraces({ traceEvents: events }).warnings.map(({ code, count, message }) => ({ code, count, message }));
}

const nested = [slice('a', 1000, 9000), slice('b', 2000, 3000), slice('c', 5000, 5000)];
const nestedTree = 'a 0–9 unset\n  b 1–4 unset\n  c 4–9 unset';

describe('a file', () => {
  it('is an object with traceEvents, an array, or an event a line', () => {
    const lines = nested.map((item) => JSON.stringify(item)).join('\n');
    for (const input of [{ traceEvents: nested, displayTimeUnit: 'ms' }, nested, lines]) {
      expect(formatTree(only(input))).toBe(nestedTree);
    }
  });

  it('may be an array that is never closed, or has a comma after its last event', () => {
    const text = nested.map((item) => JSON.stringify(item)).join(',\n');
    for (const input of [`[\n${text}`, `[\n${text},\n`, `[\n${text},\n]`, `{"traceEvents":[${text},]}`]) {
      expect(formatTree(only(input))).toBe(nestedTree);
    }
  });

  it('that breaks off within an event keeps the events before it', () => {
    const text = JSON.stringify(nested);
    expect(formatTree(only(text.slice(0, -12)))).toBe('a 0–9 unset\n  b 1–4 unset');
  });

  it('of several objects is a trace each, and a build has its own id', () => {
    const bazel = { otherData: { build_id: 'build-7' }, traceEvents: nested };
    const text = [{ traceEvents: nested }, bazel, { traceEvents: nested }].map((v) => JSON.stringify(v)).join('\n');
    expect(parseTraces(text).traces.map(({ traceId, spanCount }) => [traceId, spanCount])).toEqual([
      ['trace', 3],
      ['build-7', 3],
      ['trace~2', 3],
    ]);
  });

  it('keeps the events that can be read, and counts the others', () => {
    const { traces, skipped, warnings } = parseTraces({ traceEvents: [7, null, {}, ...nested, 'x'] });
    expect([traces[0]!.spanCount, skipped]).toEqual([3, 4]);
    expect(warnings).toMatchObject([{ code: 'unreadable-span', count: 4 }]);
  });

  it('without any slice has no trace', () => {
    expect(() => parseTraces({ traceEvents: [] })).toThrow(TraceFormatError);
    expect(() => parseTraces({ traceEvents: [event('C', 'count', 1)] })).toThrow(TraceFormatError);
  });
});

describe('slices nest', () => {
  it('by time within their thread alone, in whatever order they stand', () => {
    const other = slice('other thread', 3000, 1000, { tid: 2 });
    const expected = `a 0–9 unset\n  b 1–4 unset\n  c 4–9 unset\nother thread 2–3 unset`;
    expect(tree(...nested, other)).toBe(expected);
    expect(tree(other, ...nested.toReversed())).toBe(expected);
  });

  it('only where one holds all of the other: what overlaps stands beside it', () => {
    expect(
      tree(slice('a', 0, 10_000), slice('b', 5000, 10_000), slice('c', 6000, 1000), slice('d', 11_000, 1000)),
    ).toBe('a 0–10 unset\nb 5–15 unset\n  c 6–7 unset\n  d 11–12 unset');
  });

  it('the first of the file around the second where both take the same time', () => {
    expect(tree(slice('a', 0, 1000), slice('b', 0, 1000))).toBe('a 0–1 unset\n  b 0–1 unset');
  });

  it('by nanoseconds, though fractions of microseconds add up to a little more', () => {
    // 0.1 + 0.7 is 0.7999999999999999 and 0.2 + 0.6 is 0.8.
    expect(tree(slice('a', 0.1, 0.7), slice('b', 0.2, 0.6))).toBe('a 0–0.0007 unset\n  b 0.0001–0.0007 unset');
  });

  it('as their begins and ends say, also where no time passes', () => {
    const edges = (name: string, from: number, to: number) => [event('B', name, from), event('E', name, to)];
    const [beginA, endA] = edges('a', 0, 1000);
    expect(tree(beginA!, ...edges('in a', 1000, 1000), endA!)).toBe('a 0–1 unset\n  in a 1–1 unset');
    expect(tree(beginA!, endA!, ...edges('after a', 1000, 1000))).toBe('a 0–1 unset\nafter a 1–1 unset');
  });

  it('the same as they were made, from a random tree in random order, of X and of B with E', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = createRandom(seed);
      const parents: number[] = [];
      const events: EventFields[] = [];
      let clock = 1_700_000_000_000_000;
      const open: number[] = [];
      const begins: number[] = [];
      const close = () => {
        const at = open.pop()!;
        clock += random.int(1, 50);
        const begin = begins[at]!;
        if (random.chance(0.5)) events.push(slice(`s${at}`, begin, clock - begin));
        else events.push(event('B', `s${at}`, begin), event('E', random.chance(0.8) ? `s${at}` : undefined, clock));
      };
      for (let n = 0; n < 80; n++) {
        while (open.length > 0 && random.chance(0.45)) close();
        parents.push(open.at(-1) ?? -1);
        clock += random.int(1, 50);
        begins.push(clock);
        open.push(n);
      }
      while (open.length > 0) close();
      const shuffled = events.map((item) => ({ item, at: random.int(0, 1e6) })).sort((a, b) => a.at - b.at);
      const trace = only({ traceEvents: shuffled.map(({ item }) => item) });
      const found = Array.from(trace, ({ name, parent }) => `${name} < ${parent?.name ?? ''}`).sort();
      const made = parents.map((parent, n) => `s${n} < ${parent < 0 ? '' : `s${parent}`}`).sort();
      expect(found, `seed ${seed}`).toEqual(made);
    }
  });

  it('in the innermost that holds them, as a slow search finds it among slices that overlap at random', () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = createRandom(seed);
      const slices = Array.from({ length: 60 }, (_, n) => ({
        ...{ n, lane: random.int(1, 2), start: random.int(0, 60), length: random.int(0, 30) },
      }));
      const trace = only(slices.map(({ n, lane, start, length }) => slice(`${n}`, start, length, { tid: lane })));
      const sorted = slices.toSorted((a, b) => a.start - b.start || b.length - a.length || a.n - b.n);
      for (const [at, inner] of sorted.entries()) {
        const outer = sorted
          .slice(0, at)
          .findLast(
            ({ lane, start, length }) =>
              lane === inner.lane && start + length >= inner.start + inner.length && start + length > inner.start,
          );
        expect(spanNamed(trace, `${inner.n}`).parent?.name, `seed ${seed}, slice ${inner.n}`).toBe(
          outer && `${outer.n}`,
        );
      }
    }
  });

  it('without recursion or rescans: 100,000 deep, and 100,000 that all overlap', () => {
    const count = 100_000;
    const deep = Array.from({ length: count }, (_, n) => slice('d', n, 2 * (count - n)));
    const trace = only({ traceEvents: deep });
    expect(trace.spanAt(count - 1).depth).toBe(count - 1);
    const overlapping = Array.from({ length: count }, (_, n) => slice('o', n, count));
    expect(only({ traceEvents: overlapping }).roots).toHaveLength(count);
    const begun = Array.from({ length: count }, (_, n) => event('B', `b${n % 7}`, n));
    expect(only({ traceEvents: begun }).spanAt(count - 1).depth).toBe(count - 1);
  });
});

describe('begins and ends', () => {
  it('go by name, so that ends out of order close their own', () => {
    const events = [event('B', 'a', 0), event('B', 'b', 1000), event('E', 'a', 5000), event('E', 'b', 6000)];
    expect(tree(...events)).toBe('a 0–5 unset\nb 1–6 unset');
  });

  it('without a name close the latest', () => {
    const events = [event('B', 'a', 0), event('B', 'b', 1000), event('E', undefined, 2000), event('E', '', 3000)];
    expect(tree(...events)).toBe('a 0–3 unset\n  b 1–2 unset');
  });

  it('leave a slice open that never ends, no longer than what it began in', () => {
    const events = [slice('a', 0, 5000), event('B', 'b', 1000), slice('c', 2000, 1000), slice('later', 6000, 1000)];
    expect(tree(...events)).toBe('a 0–5 unset\n  b 1– unset [unfinished]\n    c 2–3 unset\nlater 6–7 unset');
    expect(spanNamed(only([slice('x', 5, undefined)]), 'x').issues).toEqual(['unfinished']);
  });

  it('are told where an end has no begin', () => {
    expect(warningsOf(slice('a', 0, 1), event('E', 'b', 2), event('E', undefined, 3))).toEqual([
      {
        code: 'unmatched-end',
        count: 2,
        message: '2 events end a slice that did not begin in the file (E, e or F); left out.',
      },
    ]);
  });

  it('are merged: what the end says counts', () => {
    const trace = only([
      event('B', 'a', 0, { cat: 'net', args: { url: 'u', state: 'begun' } }),
      event('E', 'a', 1, { cat: 'net', args: { state: 'done', bytes: 7 } }),
    ]);
    expect(spanNamed(trace, 'a').attributes).toEqual({ url: 'u', state: 'done', bytes: 7, cat: 'net' });
  });
});

describe('asynchronous slices', () => {
  it('go by category, id and scope, from thread to thread', () => {
    const async = (ph: string, name: string, ts: number, more: EventFields) =>
      event(ph, name, ts, { cat: 'net', id: '0x1', ...more });
    const trace = only([
      async('b', 'request', 0, {}),
      async('b', 'dns', 1000, { tid: 2 }),
      async('n', 'resolved', 1500, { tid: 3, args: { ip: '::1' } }),
      async('e', 'dns', 2000, { tid: 3 }),
      async('b', 'another id', 1000, { id: '0x2' }),
      async('e', 'another id', 2000, { id: '0x2' }),
      async('b', 'another scope', 1000, { scope: 's' }),
      async('e', 'another scope', 3000, { scope: 's' }),
      async('e', 'request', 9000, { tid: 4 }),
    ]);
    expect(formatTree(trace)).toBe(
      ['request 0–9 unset', '  dns 1–2 unset', 'another id 1–2 unset', 'another scope 1–3 unset'].join('\n'),
    );
    expect(spanNamed(trace, 'dns').events.map(({ name, time, attributes }) => [name, time, attributes.ip])).toEqual([
      ['resolved', 1_500_000, '::1'],
    ]);
  });

  it('may be of the older kind, with steps', () => {
    const events = [
      event('S', 'job', 0, { id: 1 }),
      event('T', 'job', 500, { id: 1 }),
      event('F', 'job', 1000, { id: 1 }),
    ];
    const trace = only(events);
    expect(formatTree(trace)).toBe('job 0–1 unset');
    expect(spanNamed(trace, 'job').events).toHaveLength(1);
  });

  it('hold within a process where their id is local', () => {
    const local = (ph: string, name: string, ts: number, pid: number) =>
      event(ph, name, ts, { pid, id2: { local: '1' } });
    const trace = only([
      local('b', 'one', 0, 1),
      local('b', 'two', 1, 2),
      local('e', 'one', 2, 1),
      local('e', 'two', 3, 2),
    ]);
    expect(trace.roots).toHaveLength(2);
    expect(parseTraces([local('b', 'one', 0, 1), local('e', 'one', 2, 2)]).warnings.map(({ code }) => code)).toEqual([
      'unmatched-end',
      'unfinished',
    ]);
  });
});

describe('an event of one moment', () => {
  it('belongs to the innermost slice around it on its thread', () => {
    const trace = only([
      ...nested,
      event('i', 'in b', 3000, { s: 't' }),
      event('I', 'at the end of a', 10_000),
      event('R', 'in a', 1500),
      event('i', 'first', 1000, { args: { k: 1 } }),
    ]);
    expect(Array.from(trace, ({ name, events }) => [name, events.map((item) => item.name)])).toEqual([
      ['a', ['first', 'in a']],
      ['b', ['in b']],
      ['c', ['at the end of a']],
    ]);
    expect(trace.spanAt(0).events[0]).toMatchObject({ name: 'first', time: 0, attributes: { k: 1 } });
    expect(trace.spanAt(1).events[0]).toMatchObject({ attributes: { s: 't' } });
  });

  it('is counted where no slice is around it', () => {
    expect(warningsOf(...nested, event('i', 'x', 0), event('i', 'y', 2000, { tid: 9 }))).toMatchObject([
      { code: 'event-outside-spans', count: 2 },
    ]);
  });
});

describe('what is neither', () => {
  it('is counted: counters by themselves, all others together', () => {
    const events = [...nested, event('C', 'n', 1), event('C', 'n', 2), event('s', 'f', 1), event('?', 'q', 1)];
    expect(warningsOf(...events)).toEqual([
      { code: 'skipped-counters', count: 2, message: '2 values of counters are no span (C); left out.' },
      {
        code: 'skipped-events',
        count: 2,
        message: '2 events are neither slices nor moments (1 × start of a flow (s), 1 × unknown); left out.',
      },
    ]);
  });
});

describe('a span', () => {
  it('has an id that stays: process, thread, and its number there', () => {
    expect(Array.from(only(nested), ({ spanId }) => spanId)).toEqual(['1:1:0', '1:1:1', '1:1:2']);
  });

  it('is of the service that its process is named, and knows its thread', () => {
    const trace = only({
      otherData: { version: '7' },
      traceEvents: [
        slice('a', 0, 1000),
        slice('b', 0, 1000, { pid: 2 }),
        slice('c', 0, 1000, { pid: undefined, tid: undefined }),
        { ph: 'M', name: 'process_name', pid: 1, args: { name: 'Renderer' } },
        { ph: 'M', name: 'thread_name', pid: 1, tid: 1, args: { name: 'main' } },
        { ph: 'M', name: 'process_labels', pid: 1, args: { labels: 'tab' } },
      ],
    });
    expect(Array.from(trace, ({ serviceName }) => serviceName)).toEqual(['Renderer', 'Process 2', 'unknown']);
    expect(trace.spanAt(0).resource).toEqual({
      'service.name': 'Renderer',
      'process.pid': 1,
      'thread.id': 1,
      process_labels: 'tab',
      'thread.name': 'main',
      otherData: { version: '7' },
    });
  });

  it('has its arguments as attributes, and fields of the same name beside them', () => {
    const trace = only([
      slice('a', 0, 1, { cat: 'gc', tts: 5, args: { cat: 'tabby', size: 2 } }),
      slice('b', 5, 1, { args: 'text' }),
    ]);
    expect(spanNamed(trace, 'a').attributes).toEqual({ cat: 'tabby', size: 2, 'event.cat': 'gc', tts: 5 });
    expect(spanNamed(trace, 'b').attributes).toEqual({ args: 'text' });
  });

  it('has times to the nanosecond, since when the file says that they begin', () => {
    const span = spanNamed(only([slice('a', 81_994_916_951.849, 1.87)]), 'a');
    expect([span.startTimeUnixNano, span.duration]).toEqual([81_994_916_951_849n, 1870]);
    const clang = only({ beginningOfTime: 1_641_999_834_929_426, traceEvents: [slice('a', 7070.5, 2578)] });
    expect(clang.startTimeUnixNano).toBe(1_641_999_834_936_496_500n);
    expect(clang.duration).toBe(2_578_000);
  });

  it('may have no start, or end before it', () => {
    const noStart = spanNamed(only([slice('a', 'soon', 5), ...nested.slice(1)]), 'a');
    expect(noStart.issues).toEqual(['unfinished', 'missing-start']);
    expect(noStart.attributes).toEqual({ ts: 'soon', dur: 5 });
    expect(spanNamed(only([slice('a', 5, -2)]), 'a').issues).toEqual(['negative-duration']);
  });

  it('keeps hostile keys as keys', () => {
    const trace = only(`[{"ph":"X","name":"a","ts":1,"dur":1,"args":{"__proto__":{"x":1},"constructor":"c"}}]`);
    expect(Object.keys(spanNamed(trace, 'a').attributes)).toEqual(['__proto__', 'constructor']);
    expect(({} as EventFields).x).toBeUndefined();
  });
});

describe('detection', () => {
  it('goes by the shape of an event', () => {
    expect(detectFormat(nested)).toBe('chrome');
    expect(detectFormat([{ ph: 'M', name: 'process_name', pid: 1, args: { name: 'x' } }, ...nested])).toBe('chrome');
    for (const other of [
      [{ ph: 7.4, ts: '2026-01-01', name: 'acidity' }],
      [{ ph: 'phase', ts: 1 }],
      [{ traceId: 't', id: 'a', timestamp: 1 }],
      { trace_id: 't', spans: [{ span_id: 'a', name: 'n', start_time: 1, ph: 'X' }] },
      { resourceSpans: [] },
    ]) {
      expect(detectFormat(other)).not.toBe('chrome');
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
  const clean = {
    otherData: { build_id: 'b' },
    traceEvents: [
      ...nested,
      event('B', 'd', 2500, { args: { k: 1 } }),
      event('i', 'm', 2600),
      event('E', 'd', 2700),
      event('b', 'async', 0, { id2: { global: 1 } }),
      event('e', 'async', 5, { id2: { global: 1 } }),
      event('C', 'n', 1),
      { ph: 'M', name: 'thread_name', pid: 1, tid: 1, args: { name: 'main' } },
    ],
  };
  let read = 0;
  for (let seed = 0; seed < 600; seed++) {
    const random = createRandom(seed);
    const value = soiled(clean, random, random.pick([0.01, 0.05, 0.1]));
    if (typeof value !== 'object' || value === null) continue;
    try {
      for (const trace of parseTraces(value, { format: 'chrome' }).traces) {
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

/** The index counts X and B; asynchronous slices come on top. `note` says where its depth comes from another reading. */
const real: Record<
  string,
  { spans: number; asynchronous?: number; depth: number; events?: number; open?: number; note?: string }
> = {
  'bazel-queuing.json.gz': {
    ...{ spans: 12_778, depth: 7, events: 5 },
    note: 'its index: 34, with $.traceEvents[10384] within [10016], which ends earlier',
  },
  'catapult-big-trace.json': { spans: 933, depth: 5 },
  'clang-analysis.json': { spans: 2869, depth: 18 },
  'lighthouse-load.json': {
    ...{ spans: 7828, asynchronous: 3, depth: 6, events: 708, open: 8 },
    note: 'its index: 5, with $[1627], a B, apart from $[1625], the X around it',
  },
  'speedscope-out-of-order.json': { spans: 3, depth: 3, note: 'its index: 1, with $[2] not put before $[0]' },
  'viztracer-multiprocess.json': { spans: 12_533, depth: 31 },
};

describe.skipIf(!hasCorpus)(`real files${corpusNote}`, () => {
  it('are all listed here', () => {
    expect(corpusFiles('chrome')).toEqual(Object.keys(real).sort());
  });

  for (const [name, { spans: slices, asynchronous = 0, depth, events = 0, open = 0, note }] of Object.entries(real)) {
    it(`${name}: ${slices} slices in ${depth} levels${note === undefined ? '' : ` (${note})`}`, () => {
      const bytes = corpusFile(`chrome/${name}`);
      const { format, traces, skipped } = parseTraces(name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      expect({ format, traces: traces.length, skipped }).toEqual({ format: 'chrome', traces: 1, skipped: 0 });
      const spans = Array.from(traces[0]!);
      expect(spans).toHaveLength(slices + asynchronous);
      expect(Math.max(...spans.map((span) => span.depth + 1))).toBe(depth);
      expect(spans.reduce((sum, span) => sum + span.events.length, 0)).toBe(events);
      expect(spans.filter(({ issues }) => issues.includes('unfinished'))).toHaveLength(open);
      // Nested by containment, so nothing but an open span can stick out.
      expect(spans.filter(({ issues }) => issues.some((issue) => issue !== 'unfinished'))).toEqual([]);
    });
  }

  it('has lists of several processes in one list', () => {
    const slice = (name: string, pid: number) => ({ name, ph: 'X', ts: 1, dur: 2, pid, tid: 1 });
    const { traces, skipped } = parseTraces({ traceEvents: [[slice('a', 1)], slice('b', 2), [[slice('c', 3)]]] });
    expect([...traces[0]!].map((span) => span.name).sort()).toEqual(['a', 'b', 'c']);
    expect(skipped).toBe(0);
  });
});
