import { hierarchy } from 'd3-hierarchy';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../src/model/trace.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { errorCounts } from '../../../src/transforms/errorCounts.ts';
import { selfTimes } from '../../../src/transforms/selfTimes.ts';
import { type SpanNode, spanTree } from '../../../src/transforms/spanTree.ts';
import { timeBounds } from '../../../src/transforms/timeBounds.ts';
import { chainTrace, randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

function byName(trace: Trace, column: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(Array.from(trace, ({ name, index }) => [name, column[index]!]));
}

function treeAsText(node: SpanNode): string {
  const children = node.children.map(treeAsText).join(' ');
  return children === '' ? node.span.name : `${node.span.name}(${children})`;
}

describe('clampedTimes', () => {
  it('ends open spans with the trace, negative durations at their start, and keeps implausible times in bounds', () => {
    const trace = traceFromText(`
      p [0 100]
        open [30 -]
        negative [50 20]
        ancient [epoch -]
        early end [- 40]
    `);
    const { start, end } = clampedTimes(trace);
    const drawn = Object.fromEntries(Array.from(trace, ({ name, index }) => [name, [start[index], end[index]]]));
    expect(drawn).toEqual({
      p: [0, 100],
      open: [30, 100],
      negative: [50, 50],
      ancient: [0, 100],
      'early end': [0, 40],
    });
  });

  it('keeps every span of any trace within the trace', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = randomTrace(seed);
      const { start, end } = clampedTimes(trace);
      for (const { index } of trace) {
        const inOrder = 0 <= start[index]! && start[index]! <= end[index]! && end[index]! <= trace.duration;
        expect(inOrder, `seed ${seed}, span ${index}`).toBe(true);
      }
    }
  });
});

describe('selfTimes', () => {
  it('take the union of the children off, not their sum, each clipped to its parent', () => {
    const trace = traceFromText(`
      p [10 100]
        a [20 50]
        b [40 60]
        inside a and b [45 55]
        early [0 15]
        late [90 150]
        outside [110 120]
    `);
    expect(byName(trace, selfTimes(trace))).toMatchObject({ p: 90 - 40 - 5 - 10, a: 30, early: 15, late: 60 });
  });

  it('count an open span up to the end of the trace', () => {
    const trace = traceFromText(`
      p [0 -]
        a [10 30]
        open [20 -]
        negative [25 5]
    `);
    expect(byName(trace, selfTimes(trace))).toEqual({ p: 10, a: 20, open: 10, negative: 0 });
  });

  it('agree with a look at every instant', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = randomTrace(seed);
      if (trace.duration > 500) continue;
      const { start, end } = clampedTimes(trace);
      const expected = Array.from(trace, (span) => {
        let own = 0;
        for (let instant = start[span.index]!; instant < end[span.index]!; instant++) {
          const inChild = span.children.map(({ index }) => start[index]! <= instant && instant < end[index]!);
          if (!inChild.includes(true)) own++;
        }
        return own;
      });
      expect(Array.from(selfTimes(trace)), `seed ${seed}`).toEqual(expected);
    }
  });
});

describe('errorCounts', () => {
  it('count the errors below each span, without its own', () => {
    const trace = traceFromText(`
      root [0 9] error
        a [0 5] ok
          b [0 3] error
            c [0 2] error
        d [5 9]
      other [9 10]
    `);
    expect(byName(trace, errorCounts(trace))).toEqual({ root: 2, a: 2, b: 1, c: 0, d: 0, other: 0 });
  });

  it('agree with a count of each subtree', () => {
    for (let seed = 0; seed < 200; seed++) {
      const trace = randomTrace(seed);
      const all = [...trace];
      const expected = all.map(({ index, descendantCount }) => {
        return all.slice(index + 1, index + 1 + descendantCount).filter(({ status }) => status === 'error').length;
      });
      expect(Array.from(errorCounts(trace)), `seed ${seed}`).toEqual(expected);
    }
  });
});

describe('timeBounds', () => {
  const trace = traceFromText(`
    p [0 50]
      a [10 20]
        late [15 60]
      open [30 -]
      negative [40 5]
    other [70 90]
  `);

  it('reach from the first start to the last end of the trace', () => {
    expect(timeBounds(trace)).toEqual({ start: 0, end: 90 });
    expect(timeBounds(traceFromText(''))).toEqual({ start: 0, end: 0 });
  });

  it('reach over the subtree of a span or a key, open spans up to their start', () => {
    expect(timeBounds(trace, 'a')).toEqual({ start: 10, end: 60 });
    expect(timeBounds(trace, trace.span('open')!)).toEqual({ start: 30, end: 30 });
    expect(timeBounds(trace, 'negative')).toEqual({ start: 40, end: 40 });
    expect(timeBounds(trace, 'p')).toEqual({ start: 0, end: 60 });
  });

  it('say which span they looked for in vain', () => {
    expect(() => timeBounds(trace, 'gone')).toThrow('Trace trace has no span with the key "gone".');
  });
});

describe('spanTree', () => {
  const trace = traceFromText(`
    session [0 50]
      run [0 40]
        llm [0 20]
        tool [20 40]
      log [40 50]
    other [50 60]
  `);

  it('nests the spans below each root', () => {
    expect(spanTree(trace).map(treeAsText)).toEqual(['session(run(llm tool) log)', 'other']);
    expect(spanTree(traceFromText(''))).toEqual([]);
  });

  it('gives one node for a span or a key', () => {
    expect(treeAsText(spanTree(trace, 'run'))).toBe('run(llm tool)');
    expect(treeAsText(spanTree(trace, trace.span('tool')!))).toBe('tool');
    expect(() => spanTree(trace, 'gone')).toThrow(RangeError);
  });

  it('is what d3.hierarchy takes', () => {
    const root = hierarchy(spanTree(trace, 'session'));
    expect(root.descendants().map(({ data }) => data.span.name)).toEqual(['session', 'run', 'log', 'llm', 'tool']);
    expect(root.height).toBe(2);
  });

  it('builds a chain of 100,000 spans', () => {
    const chain = chainTrace(100_000);
    let node = spanTree(chain, chain.spanAt(0));
    let depth = 1;
    while (node.children.length > 0) {
      node = node.children[0]!;
      depth++;
    }
    expect(depth).toBe(100_000);
  });
});
