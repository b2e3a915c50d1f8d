import { describe, expect, it } from 'vitest';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { type CriticalPath, criticalPath, criticalTimes } from '../../../src/transforms/criticalPath.ts';
import { chainTrace, flatTrace, randomTrace, randomWideTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

interface Section {
  span: number;
  start: number;
  end: number;
}

function sectionsOf(path: CriticalPath): Section[] {
  return Array.from({ length: path.length }, (_, at) => ({
    span: path.span[at]!,
    start: path.start[at]!,
    end: path.end[at]!,
  }));
}

function pathAsText(text: string): string {
  const trace = traceFromText(text);
  const sections = sectionsOf(criticalPath(trace));
  return sections.map(({ span, start, end }) => `${trace.spanAt(span).name} ${start}–${end}`).join(', ');
}

/** The slow way: by recursion, with a look at all children at every step. */
function sectionsByRecursion(trace: Trace): Section[] {
  const times = clampedTimes(trace);
  const within = (span: Span, start: number, end: number): Section[] => {
    const sections: Section[] = [];
    const clipped = span.children
      .map((child) => child)
      .filter((child) => child.kind !== 'consumer' && !child.followsFrom)
      .map((child) => ({
        child,
        start: Math.max(start, times.start[child.index]!),
        end: Math.min(end, times.end[child.index]!),
      }))
      .filter((child) => child.start < child.end);
    let reached = end;
    for (;;) {
      const candidates = clipped.filter((child) => child.end <= reached);
      if (candidates.length === 0) break;
      const last = candidates.reduce((best, child) => (child.end > best.end ? child : best));
      if (last.end < reached) sections.unshift({ span: span.index, start: last.end, end: reached });
      sections.unshift(...within(last.child, last.start, last.end));
      reached = last.start;
    }
    if (start < reached) sections.unshift({ span: span.index, start, end: reached });
    return sections;
  };
  return [...trace.roots].flatMap((root) => within(root, times.start[root.index]!, times.end[root.index]!));
}

describe('criticalPath', () => {
  it('walks back from the end: the child that ends last takes over, its parent resumes at its start', () => {
    expect(
      pathAsText(`
        agent [0 19]
          a [4 10]
          b [4 14]
          c [14 17]
      `),
    ).toBe('agent 0–4, b 4–14, c 14–17, agent 17–19');
  });

  it('goes from a child to the one before it where that ends in the instant in which it starts', () => {
    expect(
      pathAsText(`
        p [0 10]
          b [0 5]
          c [5 10]
      `),
    ).toBe('b 0–5, c 5–10');
  });

  it('skips a child that still runs when the next one on the path starts', () => {
    expect(
      pathAsText(`
        p [0 10]
          early [0 3]
          overlapping [2 7]
          last [5 10]
      `),
    ).toBe('early 0–3, p 3–5, last 5–10');
  });

  it('goes down through all levels', () => {
    expect(
      pathAsText(`
        p [0 10]
          q [1 9]
            r [2 8]
              s [3 7]
      `),
    ).toBe('p 0–1, q 1–2, r 2–3, s 3–7, r 7–8, q 8–9, p 9–10');
  });

  it('clips children to their parent, grandchildren too, and leaves out what lies wholly outside', () => {
    expect(
      pathAsText(`
        all [0 100]
          p [20 50]
            late [40 90]
              deep [45 80]
            early [10 30]
            outside [60 70]
            touching [50 55]
      `),
    ).toBe('all 0–20, early 20–30, p 30–40, late 40–45, deep 45–50, all 50–100');
  });

  it('does not wait for consumers of a queue or spans that follow from their parent, nor for what is below them', () => {
    expect(
      pathAsText(`
        p [0 10]
          work [1 4]
          queue [2 9] consumer
            inner [3 8]
          follower [4 10] follows
      `),
    ).toBe('p 0–1, work 1–4, p 4–10');
  });

  it('starts at a root whatever it is: a consumer, an orphan, one of several', () => {
    expect(
      pathAsText(`
        queue [0 10] consumer
          a [0 5]
        orphan [5 20] parent=nowhere
          b [10 20]
      `),
    ).toBe('a 0–5, queue 5–10, orphan 5–10, b 10–20');
  });

  it('gives the time of children that end together to the one that starts first', () => {
    expect(
      pathAsText(`
        p [0 10]
          long [2 10]
          short [6 10]
      `),
    ).toBe('p 0–2, long 2–10');
  });

  it('has no section for spans that take no time', () => {
    expect(
      pathAsText(`
        p [0 10]
          instant [5 5]
          negative [7 3]
          c [10 10]
      `),
    ).toBe('p 0–10');
    expect(pathAsText('p [5 5]')).toBe('');
    expect(pathAsText('')).toBe('');
  });

  it('lets an open span run to the end of the trace', () => {
    expect(
      pathAsText(`
        p [0 -]
          done [0 6]
          open [4 -]
          last [10 10]
      `),
    ).toBe('p 0–4, open 4–10');
  });

  it('tiles every root exactly, and agrees with a recursive search through all children', () => {
    for (let seed = 0; seed < 600; seed++) {
      const trace = seed % 5 === 0 ? randomWideTrace(seed) : randomTrace(seed, { spans: 60 });
      const path = criticalPath(trace);
      const sections = sectionsOf(path);
      expect(sections, `seed ${seed}`).toEqual(sectionsByRecursion(trace));

      const times = clampedTimes(trace);
      let at = 0;
      for (const root of trace.roots) {
        let reached = times.start[root.index]!;
        for (; at < path.length && reached < times.end[root.index]!; at++) {
          const { span, start, end } = sections[at]!;
          expect(start, `seed ${seed}`).toBe(reached);
          expect(span >= root.index && span <= root.index + root.descendantCount, `seed ${seed}`).toBe(true);
          expect(start >= times.start[span]! && end <= times.end[span]!, `seed ${seed}`).toBe(true);
          reached = end;
        }
        expect(reached, `seed ${seed}`).toBe(times.end[root.index]);
      }
      expect(at, `seed ${seed}`).toBe(path.length);
      const sum = criticalTimes(trace, path).reduce((total, time) => total + time, 0);
      const rootTime = trace.roots
        .map(({ index }) => times.end[index]! - times.start[index]!)
        .reduce((a, b) => a + b, 0);
      expect(sum, `seed ${seed}`).toBe(rootTime);
    }
  });

  it('finds its way through a chain of 100,000 spans and a root with 100,000 children', () => {
    const count = 100_000;
    expect(criticalPath(chainTrace(count)).length).toBe(2 * count - 1);
    const sequential = Array.from({ length: count }, (_, at) => ({ start: at * 10, end: at * 10 + 9 }));
    expect(criticalPath(flatTrace(sequential)).length).toBe(2 * count - 1);
    const overlapping = Array.from({ length: count }, (_, at) => ({ start: at, end: 3 * count - at }));
    expect(criticalPath(flatTrace(overlapping)).length).toBe(1);
  });
});

describe('criticalTimes', () => {
  it('adds up the sections of each span', () => {
    const trace = traceFromText(`
      p [0 10]
        a [1 4]
        b [5 9]
    `);
    expect(Array.from(criticalTimes(trace, criticalPath(trace)))).toEqual([3, 3, 4]);
  });
});
