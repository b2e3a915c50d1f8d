import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { parseTraces } from '../../../src/formats/parseTraces.ts';
import type { Trace } from '../../../src/model/trace.ts';
import type { SpanRecord } from '../../../src/model/traceBuilder.ts';
import { agentColumns } from '../../../src/transforms/agentColumns.ts';
import { agentTotals } from '../../../src/transforms/agentTotals.ts';
import { commonSubsequence } from '../../../src/transforms/commonSubsequence.ts';
import { comparePair } from '../../../src/transforms/comparePair.ts';
import {
  changeCode,
  compareTraces,
  differencesAt,
  spanChanges,
  type TraceComparison,
} from '../../../src/transforms/compareTraces.ts';
import { nameWithoutIds } from '../../../src/transforms/sameNames.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import { comparisonToText } from '../../comparisonToText.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { randomTrace, traceOfRecords } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

function compared(a: string, b: string): string {
  return comparisonToText(compareTraces(traceFromText(a, { unit: 1e6 }), traceFromText(b, { unit: 1e6 })));
}

describe('compareTraces', () => {
  it('draws both traces as one tree: what b has in its order, what only a has after its sibling there', () => {
    const a = `
      agent [0 100]
        llm [0 40]
          http [10 30]
        search [40 60]
        answer [60 90]
    `;
    const b = `
      agent [0 130]
        llm [0 40]
          http [10 30]
        calculator [40 50]
        search [50 120] error
    `;
    expect(compared(a, b)).toBe(
      dedent(`
        ~ agent (duration)
          = llm
            = http
          + calculator
          ~ search (status, duration, selfTime)
          - answer
      `).trim(),
    );
  });

  it('finds a subtree again below another parent, and what changed within it', () => {
    const a = `
      run [0 100]
        plan [0 50]
          fetch [0 40]
            dns [0 10]
            tls [10 20]
        act [50 100]
    `;
    const b = `
      run [0 100]
        plan [0 50]
        act [50 100]
          fetch [50 90]
            dns [50 60]
            retry [60 62]
            tls [62 72]
    `;
    expect(compared(a, b)).toContain('~ fetch (moved)\n      = dns\n      + retry\n      = tls');
  });

  it('takes a span with the same tree below it, in the same place, for renamed', () => {
    const a = 'run [0 9]\n  planner [0 5]\n    llm [0 4]\n  end [6 8]';
    const b = 'run [0 9]\n  planner v2b [0 5]\n    llm [0 4]\n  end [6 8]';
    expect(compared(a, b)).toContain('~ planner → planner v2b (name)\n    = llm');
  });

  it('finds alike subtrees again elsewhere, each once, but not a single span that has others like it', () => {
    const a =
      'run [0 99]\n  one [0 50]\n    db [0 9]\n      get [1 2]\n    db [9 20]\n      get [10 11]\n    log [20 21]\n    log [21 22]\n  two [50 99]';
    const b =
      'run [0 99]\n  one [0 50]\n  two [50 99]\n    db [50 59]\n      get [51 52]\n    db [59 60]\n      get [59 60]\n    log [60 61]\n    log [61 62]';
    expect(compared(a, b)).toBe(
      [
        '= run',
        '  ~ one (selfTime)',
        '    - log',
        '    - log',
        '  ~ two (selfTime)',
        '    ~ db (moved)',
        '      = get',
        '    ~ db (moved, duration, selfTime)',
        '      = get',
        '    + log',
        '    + log',
      ].join('\n'),
    );
  });

  it('takes a renamed span for itself although what runs below it runs elsewhere too', () => {
    const a = 'run [0 9]\n  plan [0 3]\n    llm [0 3]\n  draft [3 6]\n    llm [3 6]\n  check [6 9]';
    const b = 'run [0 9]\n  think [0 3]\n    llm [0 3]\n  write [3 6]\n    llm [3 6]\n  check [6 9]\n  end [9 9]';
    expect(compared(a, b)).toContain('~ plan → think (name)\n    = llm\n  ~ draft → write (name)\n    = llm\n');
  });

  it('takes a leaf for renamed that has another name like its own, of several between the same neighbours the one that is alike', () => {
    const a = 'run [0 9]\n  read file [0 3]\n  think [3 6]\n  end [6 9]';
    const b = 'run [0 9]\n  stop [0 3]\n  read files [3 6]\n  end [6 9]';
    expect(compared(a, b).split('\n').sort()).toEqual(
      ['= run', '  ~ read file → read files (name)', '  - think', '  + stop', '  = end'].sort(),
    );
    expect(compared('run [0 9]\n  search [0 3]', 'run [0 9]\n  weather [0 3]')).toBe('= run\n  - search\n  + weather');
  });

  it('takes no leaf of one kind for one of another', () => {
    const trace = (operation: string) =>
      parseTraces({
        trace_id: 't',
        spans: [
          { span_id: 'r', name: 'run', start_time: 0, end_time: 2 },
          {
            span_id: 's',
            parent_span_id: 'r',
            name: `span ${operation}`,
            start_time: 0,
            end_time: 1,
            attributes: { 'gen_ai.operation.name': operation },
          },
        ],
      } as object).traces[0]!;
    const comparison = compareTraces(trace('chat'), trace('execute_tool'));
    expect([count(comparison, 'added'), count(comparison, 'removed')]).toEqual([1, 1]);
  });

  it('pairs by what stands around a span before it pairs the first with the first', () => {
    const a = 'run [0 9]\n  x [0 1]\n    p [0 1]\n  y [1 2]\n  x [2 3]\n    q [2 3]';
    const b = 'run [0 9]\n  y [1 2]\n  x [2 3]\n    q [2 3]\n    r [2 3]';
    expect(compared(a, b)).toBe('= run\n  - x\n    - p\n  = y\n  = x\n    = q\n    + r');
  });

  it('pairs two roots whatever they are called', () => {
    expect(compared('yesterday [0 9]\n  llm [0 4]', 'today [0 9]\n  llm [0 4]')).toBe(
      '~ yesterday → today (name)\n  = llm',
    );
  });

  it('leaves numbers and ids in names out, and keeps them where it is told to', () => {
    const [a, b] = [traceFromText('GET /users/17 [0 9]\n  x [0 4]'), traceFromText('GET /users/18 [0 9]\n  y [0 4]')];
    expect(comparisonToText(compareTraces(a, b))).toContain('= GET /users/17 → GET /users/18');
    const exact = compareTraces(a, b, { sameName: (name) => name });
    expect(comparisonToText(exact)).toContain('~ GET /users/17 → GET /users/18 (name)');
  });

  it('gives an empty comparison of empty traces, and all added against an empty one', () => {
    const empty = traceOfRecords([]);
    expect(compareTraces(empty, empty).length).toBe(0);
    const trace = randomTrace(5);
    expect(new Set(compareTraces(empty, trace).change)).toEqual(new Set([changeCode.added]));
    expect(new Set(compareTraces(trace, empty).change)).toEqual(new Set([changeCode.removed]));
  });

  it('finds no change between a trace and itself, over 1,000 random traces', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const trace = randomTrace(seed);
      const comparison = compareTraces(trace, trace);
      expect(comparison.length, `seed ${seed}`).toBe(trace.spanCount);
      for (let row = 0; row < comparison.length; row++) {
        expect([comparison.spanInA[row], comparison.spanInB[row]], `seed ${seed}`).toEqual([row, row]);
        expect(spanChanges[comparison.change[row]!], `seed ${seed}`).toBe('same');
        expect([comparison.start[row], comparison.duration[row], comparison.selfTime[row]]).toEqual([0, 0, 0]);
      }
    }
  });

  it('has every span of both in one row, in a tree, and its differences sum to the difference of the sums', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const [a, b] = [randomTrace(seed), randomTrace(seed + 7_000)];
      // By two names in all, so that nearly everything is alike.
      const sameName = (name: string) => String(Number(name.slice(1)) % (seed % 5));
      const comparison = compareTraces(a, b, { sameName });
      expectOneTree(comparison, `seed ${seed}`);
      expect(sum(comparison.selfTime), `seed ${seed}`).toBe(sum(selfTimes(b)) - sum(selfTimes(a)));
      const { totalsOfA, totalsOfB } = comparison;
      expect(totalsOfB.spans - totalsOfA.spans).toBe(count(comparison, 'added') - count(comparison, 'removed'));
    }
  });

  it('gives an edit script back, over 1,000 random traces', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = createRandom(seed);
      const spans = randomTree(random);
      const { edited, expected } = withEdits(spans, random);
      const comparison = compareTraces(traceOfTree(spans), traceOfTree(edited), { sameName: (name) => name });
      expect(edits(comparison), `seed ${seed}`).toEqual(expected.sort());
    }
  });

  it.skipIf(!hasCorpus)(`sums tokens and costs of real files, each against itself and the next${corpusNote}`, () => {
    let last: Trace | undefined;
    let compares = 0;
    for (const folder of ['aisdk', 'langfuse', 'langsmith', 'mlflow', 'otlp', 'phoenix']) {
      for (const file of corpusFiles(folder)) {
        let trace: Trace | undefined;
        try {
          trace = parseTraces(corpusFile(`${folder}/${file}`)).traces[0];
        } catch {
          continue;
        }
        if (!trace) continue;
        expect(new Set(compareTraces(trace, trace).change).has(changeCode.changed)).toBe(false);
        if (last) {
          const comparison = compareTraces(last, trace);
          expectOneTree(comparison, file);
          expect(sum(comparison.selfTime)).toBeCloseTo(sum(selfTimes(trace)) - sum(selfTimes(last)), -1);
          const [totalsA, totalsB] = [last, trace].map((each) => agentTotals(each, agentColumns(each)));
          expect(sum(comparison.tokens)).toBe(sum(totalsB!.tokens) - sum(totalsA!.tokens));
          expect(sum(comparison.cost)).toBeCloseTo(sum(totalsB!.cost) - sum(totalsA!.cost), 9);
          compares++;
        }
        last = trace;
      }
    }
    expect(compares).toBeGreaterThan(10);
  });

  it('pairs a hundred thousand alike children but for those that came in, and a hundred thousand deep', () => {
    const wide = (names: readonly string[]) =>
      traceOfTree([
        { name: 'root', parent: -1, start: 0, end: 1e9 },
        ...names.map((name, at) => ({ name, parent: 0, start: at, end: at + 1 })),
      ]);
    const names = Array.from({ length: 50_000 }, (_, at) => `n${(at * 7919) % 13}a`);
    const more = [...names.slice(0, 20_000), 'new', ...names.slice(20_001, 40_000), 'new', ...names.slice(40_000)];
    const comparison = compareTraces(wide(names), wide(more));
    expect([count(comparison, 'added'), count(comparison, 'removed')]).toEqual([2, 1]);
    const chain = (length: number) =>
      traceOfTree(Array.from({ length }, (_, at) => ({ name: 'step', parent: at - 1, start: at, end: 1e6 - at })));
    expect(count(compareTraces(chain(50_000), chain(50_010)), 'added')).toBe(10);
  });
});

describe('comparePair', () => {
  it('reads which attributes differ and leaves equal ones out, of any depth', () => {
    const trace = (id: string, attributes: object) =>
      parseTraces({
        trace_id: id,
        spans: [{ span_id: '1', name: 'llm', start_time: 0, end_time: 1, attributes }],
      } as object).traces[0]!;
    const same = { list: [1, { two: 2 }], text: 'x' };
    const a = trace('a', { ...same, model: 'gpt-4', gone: true });
    const b = trace('b', { ...same, model: 'gpt-5', new: [1] });
    expect(comparePair(compareTraces(a, b), 0).attributes).toEqual([
      { key: 'gone', before: true, after: undefined },
      { key: 'model', before: 'gpt-4', after: 'gpt-5' },
      { key: 'new', before: undefined, after: [1] },
    ]);
  });
});

describe('commonSubsequence', () => {
  it('is as long as the slow way finds', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = createRandom(seed);
      const items = () => Array.from({ length: random.int(0, 30) }, () => random.int(0, seed % 9));
      const [a, b] = [items(), items()];
      const pairs: [number, number][] = [];
      commonSubsequence(a, b, (inA, inB) => pairs.push([inA, inB]));
      for (const [at, [inA, inB]] of pairs.entries()) {
        expect(a[inA]).toBe(b[inB]);
        if (at > 0) expect(inA > pairs[at - 1]![0] && inB > pairs[at - 1]![1]).toBe(true);
      }
      expect(pairs.length, `seed ${seed}`).toBe(slowLength(a, b));
    }
  });

  it('stays a common subsequence where the lists are too alike for the longest', () => {
    const random = createRandom(3);
    const [a, b] = [20_000, 21_000].map((length) => Array.from({ length }, () => random.int(0, 3)));
    let [lastA, lastB, length] = [-1, -1, 0];
    commonSubsequence(a!, b!, (inA, inB) => {
      expect(inA > lastA && inB > lastB && a![inA] === b![inB]).toBe(true);
      [lastA, lastB] = [inA, inB];
      length++;
    });
    expect(length).toBeGreaterThan(2_000);
  });
});

it('nameWithoutIds takes out what differs from run to run, and nothing of a word', () => {
  expect(
    ['GET /users/1871', 'iteration_3', 'job 9f86d081884c7d65', 'http2', 's3', 'deadbeef', 'tool:search'].map(
      nameWithoutIds,
    ),
  ).toEqual(['GET /users/*', 'iteration_*', 'job *', 'http2', 's3', 'deadbeef', 'tool:search']);
  expect(nameWithoutIds('x 123e4567-e89b-12d3-a456-426614174000')).toBe('x *');
});

function expectOneTree(comparison: TraceComparison, note: string): void {
  const { a, b, length, spanInA, spanInB, rowOfA, rowOfB, parent, subtreeEnd, depth } = comparison;
  expect(
    [...spanInA].filter((span) => span >= 0).sort((x, y) => x - y),
    note,
  ).toEqual([...Array(a.spanCount).keys()]);
  expect(
    [...spanInB].filter((span) => span >= 0),
    note,
  ).toEqual([...Array(b.spanCount).keys()]);
  for (let row = 0; row < length; row++) {
    const above = parent[row]!;
    expect(depth[row], note).toBe(above < 0 ? 0 : depth[above]! + 1);
    if (above >= 0) expect(above < row && subtreeEnd[row]! <= subtreeEnd[above]!, note).toBe(true);
    const inB = spanInB[row]!;
    const [side, span, rows] = inB >= 0 ? [b, inB, rowOfB] : [a, spanInA[row]!, rowOfA];
    const parentOfSpan = side.columns.parent[span]!;
    expect(above, note).toBe(parentOfSpan < 0 ? -1 : rows[parentOfSpan]);
  }
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + (value || 0), 0);
}

function count({ change }: TraceComparison, of: (typeof spanChanges)[number]): number {
  return change.reduce((total, each) => total + (each === changeCode[of] ? 1 : 0), 0);
}

function slowLength(a: readonly number[], b: readonly number[]): number {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      lengths[i]![j] =
        a[i - 1] === b[j - 1] ? lengths[i - 1]![j - 1]! + 1 : Math.max(lengths[i - 1]![j]!, lengths[i]![j - 1]!);
    }
  }
  return lengths[a.length]![b.length]!;
}

/** Spans by name, each name once; times in milliseconds. */
interface TreeSpan {
  name: string;
  /** The parent's place in the list, -1 for none. */
  parent: number;
  start: number;
  end: number;
}

function randomTree(random: Random): TreeSpan[] {
  const length = random.int(3, 40);
  return Array.from({ length }, (_, at) => {
    const start = random.int(0, 1000);
    const parent = at === 0 ? -1 : random.int(Math.max(0, at - 6), at - 1);
    return {
      name: `span ${String.fromCharCode(97 + (at % 26))}${at}x`,
      parent,
      start,
      end: start + random.int(50, 900),
    };
  });
}

function traceOfTree(spans: readonly TreeSpan[]): Trace {
  const at = (time: number) => ({
    seconds: 1_700_000_000 + Math.floor(time / 1000),
    nanos: Math.round((time % 1000) * 1e6),
  });
  return traceOfRecords(
    spans.map(
      ({ name, parent, start, end }, place): SpanRecord => ({
        spanId: `id${place}`,
        parentSpanId: parent < 0 ? undefined : `id${parent}`,
        name,
        serviceName: 'app',
        kind: 'internal',
        status: 'ok',
        start: at(start),
        end: at(end),
        followsFrom: false,
      }),
    ),
  );
}

/** Does up to six edits, each on a span of its own, and says what they should come to. */
function withEdits(spans: readonly TreeSpan[], random: Random): { edited: TreeSpan[]; expected: string[] } {
  const tree: (TreeSpan & { gone?: boolean })[] = spans.map((span) => ({ ...span }));
  const expected: string[] = [];
  const touched = new Set<number>([0]);
  const isFree = (at: number) => {
    if (touched.has(at) || tree[at]!.gone) return false;
    return !touched.has(tree[at]!.parent) || tree[at]!.parent === 0;
  };
  const childrenOf = (at: number) => [...tree.keys()].filter((each) => tree[each]!.parent === at && !tree[each]!.gone);
  const isBelow = (at: number, top: number): boolean => at === top || (at >= 0 && isBelow(tree[at]!.parent, top));
  for (let edit = random.int(1, 6); edit > 0; edit--) {
    const at = random.int(1, spans.length - 1);
    if (!isFree(at) || childrenOf(at).some((child) => touched.has(child))) continue;
    const span = tree[at]!;
    const kind = random.pick(['delete', 'insert', 'rename', 'move', 'slow'] as const);
    if (kind === 'delete') {
      const below = [...tree.keys()].filter((each) => isBelow(each, at));
      if (below.some((each) => touched.has(each))) continue;
      for (const each of below) {
        if (!tree[each]!.gone) expected.push(`removed ${tree[each]!.name}`);
        tree[each]!.gone = true;
        touched.add(each);
      }
    } else if (kind === 'insert') {
      touched.add(tree.push({ name: `new ${edit}`, parent: at, start: random.int(0, 1000), end: 1500 }) - 1);
      expected.push(`added new ${edit}`);
    } else if (kind === 'rename') {
      span.name = `${span.name} again`;
      expected.push(`name ${span.name}`);
      for (const child of childrenOf(at)) touched.add(child);
    } else if (kind === 'move') {
      const target = random.int(0, spans.length - 1);
      if (tree[target]!.gone || isBelow(target, at) || target === span.parent || touched.has(target)) continue;
      expected.push(`moved ${span.name}`);
      span.parent = target;
      touched.add(target);
    } else {
      span.end += 3000;
      expected.push(`duration ${span.name}`);
    }
    touched.add(at);
  }
  const places = new Map<number, number>([[-1, -1]]);
  const kept = [...tree.entries()].filter(([, span]) => !span.gone);
  for (const [place, [at]] of kept.entries()) places.set(at, place);
  return { edited: kept.map(([, span]) => ({ ...span, parent: places.get(span.parent)! })), expected };
}

function edits(comparison: TraceComparison): string[] {
  const found: string[] = [];
  for (let row = 0; row < comparison.length; row++) {
    const { a, b, spanInA, spanInB, change } = comparison;
    const name = spanInB[row]! >= 0 ? b.spanAt(spanInB[row]!).name : a.spanAt(spanInA[row]!).name;
    const kind = spanChanges[change[row]!]!;
    if (kind === 'added' || kind === 'removed') found.push(`${kind} ${name}`);
    for (const difference of differencesAt(comparison, row)) {
      // A span's self time changes with what runs below it: no edit of its own.
      if (difference !== 'selfTime') found.push(`${difference} ${name}`);
    }
  }
  return found.sort();
}
