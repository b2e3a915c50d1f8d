import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { flameTable } from '../../../src/layout/flameTable.ts';
import type { FlameWeight, UsageTotals } from '../../../src/layout/flameWeight.ts';
import {
  layoutMergedFlameGraph,
  type MergedFlameGraphLayout,
  type MergedFlameGraphOptions,
} from '../../../src/layout/mergedFlameGraph.ts';
import { repeatedFrame } from '../../../src/layout/repeatedNames.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import { chainTrace, flatTrace, randomRecords, traceOfRecords } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

/** Names out of few, so that spans meet. */
function randomMergingTrace(seed: number, spans = 60): Trace {
  const random = createRandom(seed + 1000);
  const records = randomRecords(seed, { spans });
  for (const record of records) record.name = random.pick(['llm', 'search', 'iteration_1', 'iteration_2', 'plan']);
  return traceOfRecords(records);
}

function drawn(layout: MergedFlameGraphLayout): string {
  return Array.from({ length: layout.length }, (_, block) => {
    const name = layout.name(block) || `other (${layout.folded[block]})`;
    return `${'  '.repeat(layout.depth[block]!)}${name} ×${layout.count[block]} ${layout.weight[block]}`;
  }).join('\n');
}

const run = traceFromText(`
  agent [0 100]
    iteration_1 [0 40]
      llm [0 20]
      llm [20 30] error
    iteration_2 [40 100]
      llm [40 60]
      search [60 90]
        llm [70 80]
`);

describe('layoutMergedFlameGraph', () => {
  it('merges spans of equal name along their path, the widest first', () => {
    expect(drawn(layoutMergedFlameGraph(run))).toBe(
      dedent(`
        agent ×1 100
          iteration_2 ×1 60
            search ×1 30
              llm ×1 10
            llm ×1 20
          iteration_1 ×1 40
            llm ×2 30
      `),
    );
  });

  it('takes repeated frames as one by a rule of names, and orders by name where asked', () => {
    expect(drawn(layoutMergedFlameGraph(run, { collapseRepeated: true, order: 'name' }))).toBe(
      dedent(`
        agent ×1 100
          iteration_* ×2 100
            llm ×3 50
            search ×1 30
              llm ×1 10
      `),
    );
  });

  it('knows of each block what its spans took, themselves and together, and what failed', () => {
    const layout = layoutMergedFlameGraph(run, { collapseRepeated: true });
    const block = layout.blockOf[run.span('llm')!.index]!;
    const facts = [layout.count, layout.errors, layout.totalTime, layout.selfTime].map((column) => column[block]);
    expect(facts).toEqual([3, 1, 50, 50]);
    expect(run.spanAt(layout.longestSpan[block]!).duration).toBe(20);
    const agent = layout.blockOf[0]!;
    expect([layout.totalTime[agent], layout.selfTime[agent], layout.x0[agent], layout.x1[agent]]).toEqual([
      100, 0, 0, 1,
    ]);
  });

  it('keeps spans of equal name and different kind apart', () => {
    const trace = traceFromText('get [0 10] client\n  get [1 9] server\nget [10 12] server');
    expect(drawn(layoutMergedFlameGraph(trace))).toBe('get ×1 10\n  get ×1 8\nget ×1 2');
  });

  it('weighs by count, self time, and a function of a span', () => {
    expect(drawn(layoutMergedFlameGraph(run, { weight: 'count' })).split('\n')[0]).toBe('agent ×1 8');
    expect(
      drawn(layoutMergedFlameGraph(run, { weight: 'self-time' }))
        .split('\n')
        .slice(0, 2),
    ).toEqual(['agent ×1 100', '  iteration_2 ×1 60']);
    const ofErrors = layoutMergedFlameGraph(run, { weight: (span) => (span.status === 'error' ? 7 : Number.NaN) });
    expect(drawn(ofErrors)).toBe('agent ×1 7\n  iteration_1 ×1 7\n    llm ×2 7');
    expect(ofErrors.weightlessSpans).toBe(4);
    expect(ofErrors.blockOf[run.span('search')!.index]).toBe(-1);
  });

  it('weighs by tokens and cost as they were counted, once', () => {
    const usage: UsageTotals = {
      tokens: Float64Array.of(100, 60, 60, Number.NaN, 40, 40, Number.NaN, Number.NaN),
      inputTokens: new Float64Array(8).fill(Number.NaN),
      outputTokens: new Float64Array(8).fill(Number.NaN),
      cost: new Float64Array(8).fill(0.001),
    };
    expect(drawn(layoutMergedFlameGraph(run, { weight: 'tokens', usage }))).toBe(
      dedent(`
        agent ×1 100
          iteration_1 ×1 60
            llm ×2 60
          iteration_2 ×1 40
            llm ×1 40
      `),
    );
    expect(layoutMergedFlameGraph(run, { weight: 'input-tokens', usage }).length).toBe(0);
    expect(layoutMergedFlameGraph(run, { weight: 'tokens' }).length).toBe(0);
  });

  it('refuses a weight that it does not know, and says which there are', () => {
    expect(() => layoutMergedFlameGraph(run, { weight: 'money' as FlameWeight })).toThrow(/"money".*time, self-time/);
  });

  it('makes a block wide enough for children that ran at the same time', () => {
    const trace = traceFromText('all [0 10]\n  a [0 8]\n  b [0 8]\n  c [1 9]');
    const layout = layoutMergedFlameGraph(trace);
    expect(drawn(layout)).toBe('all ×1 24\n  a ×1 8\n  b ×1 8\n  c ×1 8');
    expect(layout.totalTime[0]).toBe(10);
  });

  it('folds the smallest siblings into one where there are too many, last among them', () => {
    const children = Array.from({ length: 20 }, (_, at) => `  child ${at} [0 ${100 - at}]`).join('\n');
    const trace = traceFromText(`all [0 1000]\n${children}\n    below [0 10]`);
    expect(drawn(layoutMergedFlameGraph(trace, { maxBlocks: 5 }))).toBe(
      dedent(`
        all ×1 1810
          child 0 ×1 100
          child 1 ×1 99
          child 2 ×1 98
          other (17) ×18 1513
      `),
    );
  });

  it('gives what a slow, obvious version gives, over random traces and every weight', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = randomMergingTrace(seed);
      const weight = weightOf(seed);
      const collapseRepeated = seed % 2 === 0;
      const order = seed % 5 === 0 ? 'name' : 'weight';
      const layout = layoutMergedFlameGraph(trace, { weight, collapseRepeated, order });
      expect(paths(layout), `seed ${seed}`).toEqual(pathsBySlowWay(trace, { weight, collapseRepeated }));
      expectWellPlaced(layout, seed);
    }
  });

  it('keeps every sum when it folds', () => {
    for (let seed = 0; seed < 200; seed++) {
      const trace = randomMergingTrace(seed, 200);
      const weight = weightOf(seed);
      const whole = layoutMergedFlameGraph(trace, { weight });
      for (const maxBlocks of [1, 2, 3, 7, 20]) {
        const folded = layoutMergedFlameGraph(trace, { weight, maxBlocks });
        expect(folded.length).toBeLessThanOrEqual(Math.max(maxBlocks, 1));
        expectWellPlaced(folded, seed);
        for (const column of ['ownWeight', 'count', 'errors', 'selfTime'] as const) {
          expect(sum(folded[column]), `seed ${seed} ${column}`).toBeCloseTo(sum(whole[column]), 5);
        }
        expect(folded.totalWeight).toBeCloseTo(whole.totalWeight, 5);
        expect(folded.weightlessSpans).toBe(whole.weightlessSpans);
        for (let index = 0; index < trace.spanCount; index++) {
          expect(folded.blockOf[index]! < 0).toBe(whole.blockOf[index]! < 0);
        }
      }
    }
  });

  it('lays out a chain of 100,000 spans, and a root with a million children of different names', () => {
    const chain = layoutMergedFlameGraph(chainTrace(100_000));
    expect(chain.length).toBe(50_000);
    expect(chain.folded.at(-1)).toBe(1);
    expect(chain.count.at(-1)).toBe(50_001);
    expectWellPlaced(chain, 0);
    const flat = layoutMergedFlameGraph(
      flatTrace(Array.from({ length: 999_999 }, (_, at) => ({ start: at, end: at + 1 }))),
    );
    expect(flat.length).toBe(50_000);
    expect(flat.folded[flat.length - 1]).toBe(950_001);
    expect(sum(flat.count)).toBe(1_000_000);
  });

  it('finds nothing in an empty trace', () => {
    const layout = layoutMergedFlameGraph(traceFromText(''));
    expect([layout.length, layout.depthCount, layout.totalWeight, layout.blockAt(0, 0.5)]).toEqual([0, 0, 0, -1]);
  });

  it('finds the block at a place, else the nearest within a tolerance', () => {
    const layout = layoutMergedFlameGraph(run);
    const nameAt = (depth: number, x: number, tolerance?: number) => {
      const block = layout.blockAt(depth, x, tolerance);
      return block < 0 ? '–' : layout.name(block);
    };
    expect([0, 0.3, 0.59, 0.6, 0.99].map((x) => nameAt(1, x))).toEqual([
      'iteration_2',
      'iteration_2',
      'iteration_2',
      'iteration_1',
      'iteration_1',
    ]);
    expect([nameAt(2, 0.55), nameAt(2, 0.55, 0.06), nameAt(9, 0), nameAt(-1, 0)]).toEqual(['–', 'llm', '–', '–']);
  });
});

describe('flameTable', () => {
  it('adds up what has the same name, and counts no time twice where one is below another', () => {
    const trace = traceFromText(`
      a [0 100]
        b [0 50]
          a [10 40] error
        b [50 60]
    `);
    const table = flameTable(trace);
    const rows = table.names.map((name, row) => [
      name,
      table.count[row],
      table.errors[row],
      table.total[row],
      table.self[row],
    ]);
    expect(rows).toEqual([
      ['a', 2, 1, 100, 70],
      ['b', 2, 0, 60, 30],
    ]);
  });

  it('gives what a walk over each span and all its ancestors gives', () => {
    for (let seed = 0; seed < 150; seed++) {
      const trace = randomMergingTrace(seed);
      const { start, end } = clampedTimes(trace);
      const self = selfTimes(trace);
      const table = flameTable(trace, { collapseRepeated: true });
      const key = (span: Span) => `${repeatedFrame(span.name)} ${span.kind}`;
      const expected = new Map<string, number[]>();
      for (const span of trace) {
        const row = expected.get(key(span)) ?? [0, 0, 0];
        let isNested = false;
        for (let above = span.parent; above; above = above.parent) isNested ||= key(above) === key(span);
        row[0]!++;
        if (!isNested) row[1]! += end[span.index]! - start[span.index]!;
        row[2]! += self[span.index]!;
        expected.set(key(span), row);
      }
      const rows = Array.from(trace, (span) => [key(span), table.rowOf[span.index]!] as const);
      expect(new Set(rows.map(([, row]) => row)).size).toBe(expected.size);
      for (const [name, row] of rows) {
        expect([table.count[row], table.total[row], table.self[row]], `seed ${seed}`).toEqual(expected.get(name));
      }
    }
  });
});

it('takes a number off a name only behind a word that counts steps', () => {
  const names = [
    'iteration_12',
    'Step 3',
    'agent/turn-7',
    'batch#1',
    'gpt-4',
    'http2',
    'claude-3',
    'step',
    'misstep4',
    'user_17',
  ];
  expect(names.map(repeatedFrame)).toEqual([
    'iteration_*',
    'Step *',
    'agent/turn-*',
    'batch#*',
    'gpt-4',
    'http2',
    'claude-3',
    'step',
    'misstep4',
    'user_17',
  ]);
});

function weightOf(seed: number): FlameWeight {
  const weights: FlameWeight[] = ['time', 'self-time', 'count', (span) => (span.index % 3) - 1];
  return weights[seed % weights.length]!;
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0);
}

interface Sums {
  weight: number;
  count: number;
  errors: number;
  totalTime: number;
  selfTime: number;
}

function paths(layout: MergedFlameGraphLayout): Record<string, Sums> {
  const found: Record<string, Sums> = {};
  const names: string[] = [];
  for (let block = 0; block < layout.length; block++) {
    const kind = layout.trace.spanAt(layout.longestSpan[block]!).kind;
    names.length = layout.depth[block]!;
    names.push(`${layout.name(block)}:${kind}`);
    found[names.join(' > ')] = {
      weight: rounded(layout.weight[block]!),
      count: layout.count[block]!,
      errors: layout.errors[block]!,
      totalTime: layout.totalTime[block]!,
      selfTime: layout.selfTime[block]!,
    };
  }
  return found;
}

/** Recursion, a string for each path, a map. */
function pathsBySlowWay(trace: Trace, { weight, collapseRepeated }: MergedFlameGraphOptions): Record<string, Sums> {
  const { start, end } = clampedTimes(trace);
  const self = selfTimes(trace);
  const found = new Map<string, Sums>();
  const duration = (span: Span) => end[span.index]! - start[span.index]!;
  const whole = (span: Span): number => {
    const below = span.children.map(whole).reduce((total, each) => total + each, 0);
    if (weight === 'time') return Math.max(duration(span), below);
    if (weight === 'self-time') return self[span.index]! + below;
    if (weight === 'count') return 1 + below;
    return Math.max(0, (weight as (span: Span) => number)(span)) + below;
  };
  const walk = (span: Span, above: string) => {
    const name = collapseRepeated ? repeatedFrame(span.name) : span.name;
    const path = `${above}${above && ' > '}${name}:${span.kind}`;
    const sums = found.get(path) ?? { weight: 0, count: 0, errors: 0, totalTime: 0, selfTime: 0 };
    sums.weight += whole(span);
    sums.count++;
    if (span.status === 'error') sums.errors++;
    sums.totalTime += duration(span);
    sums.selfTime += self[span.index]!;
    found.set(path, sums);
    for (const child of span.children) walk(child, path);
  };
  for (const root of trace.roots) walk(root, '');
  return Object.fromEntries(
    [...found]
      .filter(([, sums]) => sums.weight > 0)
      .map(([path, sums]) => [path, { ...sums, weight: rounded(sums.weight) }]),
  );
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function expectWellPlaced(layout: MergedFlameGraphLayout, seed: number): void {
  const { parent, subtreeEnd, depth, x0, x1, weight, totalWeight, depthBlocks, depthOffsets } = layout;
  const tiny = 1e-9;
  for (let block = 0; block < layout.length; block++) {
    const above = parent[block]!;
    const at = `seed ${seed}, block ${block}`;
    if (Math.abs(x1[block]! - x0[block]! - weight[block]! / totalWeight) > tiny) expect.fail(`${at} has another width`);
    if (above >= 0 && !(x0[block]! >= x0[above]! - tiny && x1[block]! <= x1[above]! + tiny))
      expect.fail(`${at} is out of its parent`);
    if (depth[block] !== (above < 0 ? 0 : depth[above]! + 1)) expect.fail(`${at} is not below its parent`);
    if (!(above < block && (above < 0 || subtreeEnd[block]! <= subtreeEnd[above]!)))
      expect.fail(`${at} is not in order`);
    const middle = (x0[block]! + x1[block]!) / 2;
    if (x1[block]! - x0[block]! > 1e-12 && layout.blockAt(depth[block]!, middle) !== block)
      expect.fail(`${at} is not found where it is`);
  }
  for (let level = 0; level < layout.depthCount; level++) {
    for (let at = depthOffsets[level]! + 1; at < depthOffsets[level + 1]!; at++) {
      if (x0[depthBlocks[at]!]! < x1[depthBlocks[at - 1]!]! - 1e-15)
        expect.fail(`seed ${seed}: level ${level} overlaps`);
    }
  }
}
