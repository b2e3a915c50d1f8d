import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import type { Attributes, AttributeValue } from '../../../src/model/details.ts';
import { hasBit } from '../../../src/model/spanBits.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { agentKind } from '../../../src/transforms/agentKind.ts';
import { criticalPath } from '../../../src/transforms/criticalPath.ts';
import { printQuery, type Query, type QueryTerm } from '../../../src/transforms/query.ts';
import {
  matchAfter,
  matchNumber,
  type SearchProgress,
  SpanSearch,
  searchInSlices,
  searchSpans,
} from '../../../src/transforms/searchSpans.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';
import { randomQuery } from '../../randomQuery.ts';
import { chainTrace, randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const agent = traceFromText(
  `
  session [0 100]
    run [0 90] service=agent
      llm call [0 40] service=model error
        http [10 30] client
      tool:search [50 80] id=c0ffee
    log [95 -]
  stray [100 110] parent=gone server
`,
  {
    unit: 1e6,
    details: {
      read: (row) => ({
        statusMessage: row === 2 ? 'Deadline exceeded' : undefined,
        attributes: {
          row,
          'llm.model': row === 2 ? 'gpt-4' : 'none',
          tags: ['fast', `n${row}`],
          deep: { a: [{ b: 'Nested' }] },
        },
        events:
          row === 4
            ? [{ name: 'retry', timeUnixNano: undefined, attributes: { 'exception.type': 'TimeoutError' } }]
            : [],
        links: [],
        resource: { 'service.version': '1.2' },
        scope: undefined,
      }),
    },
  },
);

function found(query: string, trace = agent): string {
  const { indexes, problems } = searchSpans(trace, query);
  expect(problems).toEqual([]);
  return Array.from(indexes, (index) => trace.spanAt(index).name).join(', ');
}

/** A slow, obvious reading of the language: one span at a time, by its view. */
function agrees(query: Query, span: Span, trace: Trace): boolean {
  switch (query.type) {
    case 'and':
      return !query.terms.some((term) => !agrees(term, span, trace));
    case 'or':
      return query.terms.some((term) => agrees(term, span, trace));
    case 'not':
      return !agrees(query.term, span, trace);
    default:
      return termAgrees(query, span, trace);
  }
}

function termAgrees(term: QueryTerm, span: Span, trace: Trace): boolean {
  const places: Attributes[] = [
    span.attributes,
    ...span.events.map((event) => event.attributes),
    span.scope?.attributes ?? {},
    span.resource,
  ];
  switch (term.type) {
    case 'text': {
      const isId = (id: string) => id === term.text || id === term.text.toLowerCase();
      const content = [
        span.statusMessage ?? '',
        span.scope?.name ?? '',
        ...textsOf(span.attributes),
        ...span.events.flatMap((event) => [event.name, ...textsOf(event.attributes)]),
        ...span.links.flatMap((link) => [link.spanId, link.traceId, ...textsOf(link.attributes)]),
      ];
      return (
        isId(span.spanId) ||
        isId(span.key) ||
        [span.name, span.serviceName, ...content].some((text) => holds(text, term.text))
      );
    }
    case 'name':
      return term.operator === '=' ? span.name === term.value : holds(span.name, term.value);
    case 'service':
      return term.operator === '=' ? span.serviceName === term.value : holds(span.serviceName, term.value);
    case 'id':
      return term.operator === '='
        ? [term.value, term.value.toLowerCase()].some((id) => id !== '' && (id === span.spanId || id === span.key))
        : holds(span.spanId, term.value) || holds(span.key, term.value);
    case 'kind':
      return span.kind === term.value || agentKind(span) === term.value;
    case 'status':
      return span.status === term.value;
    case 'number': {
      const value = {
        duration: span.duration,
        self: selfTimes(trace)[span.index],
        start: span.start,
        end: span.duration === undefined ? undefined : span.start + span.duration,
        depth: span.depth,
        children: span.children.length,
        descendants: span.descendantCount,
      }[term.field];
      return value !== undefined && compared(value, term.operator, term.value);
    }
    case 'has':
      return places.some((place) => Object.keys(place).includes(term.key));
    case 'is':
      switch (term.state) {
        case 'error':
          return span.status === 'error';
        case 'open':
          return span.end === undefined;
        case 'root':
          return span.parent === undefined;
        case 'leaf':
          return span.children.length === 0;
        case 'critical':
          return criticalPath(trace).span.includes(span.index);
        case 'slowest': {
          const times = Array.from(selfTimes(trace), (time, index) => ({ time, index })).filter(({ time }) => time > 0);
          const slowest = times.sort((a, b) => b.time - a.time || a.index - b.index).slice(0, 10);
          return slowest.some(({ index }) => index === span.index);
        }
        case 'soft-failure':
          return false;
        default:
          return span.issues.includes(term.state);
      }
    case 'attribute': {
      const values = places.flatMap((place) =>
        Object.entries(place)
          .filter(([key]) => key === term.key)
          .map(([, value]) => value),
      );
      if (term.operator === '~')
        return values.some((value) => textsOf({ value }).some((text) => holds(text, term.value)));
      const items = values.flatMap((value) => (Array.isArray(value) ? (value as AttributeValue[]) : [value]));
      const isEqual = (item: AttributeValue) =>
        typeof item === 'number' && isNumeric(term.value)
          ? item === Number(term.value)
          : !(typeof item === 'object' && item !== null) && String(item) === term.value;
      if (term.operator === '=') return items.some(isEqual);
      if (term.operator === '!=') return values.length > 0 && !items.some(isEqual);
      const { operator } = term;
      return items.some((item) => {
        const number = typeof item === 'string' && isNumeric(item) ? Number(item) : item;
        return (
          (typeof number === 'number' || typeof number === 'bigint') && compared(number, operator, Number(term.value))
        );
      });
    }
  }
}

function isNumeric(text: string): boolean {
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function textsOf(value: AttributeValue | Attributes): string[] {
  if (value instanceof Uint8Array) return [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [String(value)];
}

function compared(a: number | bigint, operator: string, b: number): boolean {
  const sign = a > b ? 1 : a < b ? -1 : Number.isNaN(Number(a)) ? Number.NaN : 0;
  if (Number.isNaN(sign)) return operator === '!=';
  return { '=': sign === 0, '!=': sign !== 0, '<': sign < 0, '<=': sign <= 0, '>': sign > 0, '>=': sign >= 0 }[
    operator
  ]!;
}

function indexesByOracle(trace: Trace, query: Query): number[] {
  return Array.from(trace)
    .filter((span) => agrees(query, span, trace))
    .map(({ index }) => index);
}

describe('searchSpans', () => {
  it.each([
    ['llm', 'llm call'],
    ['MODEL', 'llm call'],
    ['c0ffee', 'tool:search'],
    ['"llm call"', 'llm call'],
    ['call llm', 'llm call'],
    ['tool:search', 'tool:search'],
    ['deadline', 'llm call'],
    ['retry', 'tool:search'],
    ['timeouterror', 'tool:search'],
    ['n5', 'log'],
    ['nested', 'session, run, llm call, http, tool:search, log, stray'],
    ['service.version', ''],
    ['1.2', ''],
    ['service.version=1.2 name:log', 'log'],
    ['service:agent', 'run'],
    ['name=run OR name=lo', 'run'],
    ['status:error', 'llm call'],
    ['kind:client OR kind:server', 'http, stray'],
    ['kind:tool', 'tool:search'],
    ['duration>40ms', 'session, run'],
    ['duration<=10ms -is:root', ''],
    ['self>=30ms', 'tool:search'],
    ['start>=95ms', 'log, stray'],
    ['end<=40ms', 'llm call, http'],
    ['depth=2', 'llm call, tool:search'],
    ['children>1', 'session, run'],
    ['descendants=4', ''],
    ['descendants=3', 'run'],
    ['has:exception.type', 'tool:search'],
    ['llm.model=gpt-4', 'llm call'],
    ['llm.model!=none', 'llm call'],
    ['nothing!=none', ''],
    ['-nothing=none name:log', 'log'],
    ['llm.model~GPT', 'llm call'],
    ['tags=n3', 'http'],
    ['tags=n', ''],
    ['deep~nested name:http', 'http'],
    ['row>4', 'log, stray'],
    ['row=2.0', 'llm call'],
    ['is:open', 'log'],
    ['is:unfinished', 'log'],
    ['is:orphan', 'stray'],
    ['is:root', 'session, stray'],
    ['is:leaf is:critical', 'http, tool:search, log, stray'],
    ['is:error OR (name:log -is:critical)', 'llm call'],
  ])('finds by %s: %s', (query, expected) => {
    expect(found(query)).toBe(expected);
  });

  it('finds nothing by an empty query or one with an error, and says what the error is', () => {
    expect(searchSpans(agent, ' ')).toMatchObject({ query: undefined, problems: [] });
    expect([...searchSpans(agent, ' ').indexes]).toEqual([]);
    const { indexes, problems } = searchSpans(agent, 'run OR');
    expect([...indexes]).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('leaves content out where asked, and then reads no span', () => {
    const unread = agent.withDetails(() => ({
      read: () => {
        throw new Error('a span was read');
      },
    }));
    const names = (query: string) => [...searchSpans(unread, query, { content: false }).indexes];
    expect(names('deadline')).toEqual([]);
    expect(names('llm OR (duration>80ms -is:leaf) OR is:critical')).toContain(2);
  });

  it('reads only the spans that columns leave open', () => {
    const read: number[] = [];
    const watched = agent.withDetails((source) => ({
      read: (row) => {
        read.push(row);
        return source.read(row);
      },
    }));
    expect(found('name:o llm.model=none -status:error', watched)).toBe('session, tool:search, log');
    expect(new Set(read)).toEqual(new Set([0, 4, 5]));
  });

  it('asks the source whether a span may hold the needle before it reads it', () => {
    const read: number[] = [];
    const asked = new Set<string>();
    const watched = agent.withDetails((source) => ({
      read: (row) => {
        read.push(row);
        return source.read(row);
      },
      mayContain: (row, needle) => {
        asked.add(needle);
        return row === 4 || row === 5;
      },
    }));
    expect(found('RETRY', watched)).toBe('tool:search');
    expect(new Set(read)).toEqual(new Set([4, 5]));
    expect(found('-has:exception.type', watched)).toBe('session, run, llm call, http, log, stray');
    expect([...asked]).toEqual(['RETRY', 'exception.type']);
  });

  it('takes the caller at its word about soft failures, and knows some itself', () => {
    const failing = (attributes: Attributes) => {
      const trace = traceFromText('a [0 1]\nb [1 2] error', {
        details: {
          read: () => ({ statusMessage: undefined, attributes, events: [], links: [], resource: {}, scope: undefined }),
        },
      });
      return found('is:soft-failure', trace);
    };
    expect(failing({ 'tool.success': false })).toBe('a');
    expect(failing({ isError: true })).toBe('a');
    expect(failing({ 'gen_ai.tool.status': 'error' })).toBe('a');
    expect(failing({ 'tool.success': true })).toBe('');
    expect([...searchSpans(agent, 'is:soft-failure', { isSoftFailure: ({ name }) => name === 'log' }).indexes]).toEqual(
      [5],
    );
  });

  it('walks values of any depth and such as hold themselves', () => {
    const loop: Record<string, unknown> = { text: 'needle' };
    loop.self = loop;
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const trace = traceFromText('a [0 1]', {
      details: {
        read: () => ({
          statusMessage: undefined,
          attributes: { loop, deep } as never,
          events: [],
          links: [],
          resource: {},
          scope: undefined,
        }),
      },
    });
    expect(found('needle', trace)).toBe('a');
    expect(found('bottom', trace)).toBe('a');
    expect(found('hay', trace)).toBe('');
  });

  it('finds what a slow reading of the language finds, in any trace by any query', () => {
    let matches = 0;
    for (let seed = 0; seed < 1500; seed++) {
      const random = createRandom(seed);
      const trace = seed % 3 === 0 ? randomTrace(seed) : randomDetailedTrace(seed, ['name', 'two words']);
      const query = randomQuery(random, random.int(0, 3));
      const { indexes, bits } = searchSpans(trace, printQuery(query));
      const expected = indexesByOracle(trace, query);
      expect([...indexes], `seed ${seed}: ${printQuery(query)}`).toEqual(expected);
      expect([...searchSpans(trace, query).indexes]).toEqual(expected);
      expect(Array.from(trace, ({ index }) => index).filter((index) => hasBit(bits, index))).toEqual(expected);
      matches += expected.length;
    }
    expect(matches).toBeGreaterThan(5000);
  });
});

describe('a search in slices', () => {
  it('gives in the end what the whole search gives, growing on the way', async () => {
    for (let seed = 0; seed < 60; seed++) {
      const trace = randomDetailedTrace(seed);
      const query = printQuery(randomQuery(createRandom(seed), 2));
      let last: SearchProgress | undefined;
      for await (const progress of searchInSlices(trace, query, { sliceMs: 0, pause: async () => {} })) {
        if (last) {
          expect(progress.examined).toBeGreaterThanOrEqual(last.examined);
          const now = new Set(progress.result.indexes);
          expect([...last.result.indexes].every((index) => now.has(index))).toBe(true);
        }
        last = progress;
      }
      expect(last!.done).toBe(true);
      expect(last!.examined).toBe(last!.total);
      expect([...last!.result.indexes], `seed ${seed}: ${query}`).toEqual([...searchSpans(trace, query).indexes]);
    }
  });

  it('has what columns decide after its first slice, and reads a few spans in each', () => {
    const trace = chainTrace(40_000);
    const search = new SpanSearch(trace, 's39999');
    expect(search.run(0)).toBe(true);
    while (search.result.indexes.length === 0) search.run(0);
    const { examined } = search;
    expect(examined).toBeLessThan(100);
    search.run(0);
    expect(search.examined - examined).toBe(8);
    search.run(Infinity);
    expect(search.done).toBe(true);
    expect(search.run(0)).toBe(false);
  });

  it('ends when its signal says so, and leaves its caller with what it found', async () => {
    const signal = { aborted: false };
    let slices = 0;
    for await (const { done } of searchInSlices(chainTrace(1000), 'nowhere', { sliceMs: 0, signal })) {
      expect(done).toBe(false);
      if (++slices === 3) signal.aborted = true;
    }
    expect(slices).toBe(3);
  });

  it('hands out results that stay as they were', () => {
    const search = new SpanSearch(chainTrace(100), 's1');
    search.run(0);
    const first = search.result;
    const copy = [...first.indexes];
    search.run(Infinity);
    expect([...first.indexes]).toEqual(copy);
    expect(search.result.indexes.length).toBe(11);
  });
});

describe('steps from match to match', () => {
  it('go on and back, around the ends, and count', () => {
    const result = searchSpans(agent, 'name:l');
    expect([...result.indexes]).toEqual([2, 4, 5].filter((index) => agent.spanAt(index).name.includes('l')));
    const [first, last] = [result.indexes[0]!, result.indexes.at(-1)!];
    expect(matchAfter(result, first, 1)).toBe(result.indexes[1]);
    expect(matchAfter(result, last, 1)).toBe(first);
    expect(matchAfter(result, first, -1)).toBe(last);
    expect(matchAfter(result, 3, -1)).toBe(2);
    expect(matchAfter(result, 6, 1)).toBe(first);
    expect(matchNumber(result, last)).toBe(result.indexes.length);
    expect(matchNumber(result, 0)).toBe(0);
    expect(matchAfter(searchSpans(agent, 'name=x'), 0, 1)).toBe(-1);
  });
});
