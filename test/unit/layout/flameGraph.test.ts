import { describe, expect, it } from 'vitest';
import { type FlameGraphLayout, layoutFlameGraph } from '../../../src/layout/flameGraph.ts';
import { nextTime } from '../../../src/layout/timeScale.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { chainTrace, flatTrace, randomTrace, randomWideTrace } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

function lanesAsText(layout: FlameGraphLayout): string {
  const lanes: string[] = [];
  for (let lane = 0; lane < layout.laneCount; lane++) {
    const spans = layout.laneSpans.subarray(layout.laneOffsets[lane], layout.laneOffsets[lane + 1]);
    const drawn = Array.from(spans, (index) => {
      return `${layout.trace.spanAt(index).name} [${layout.start[index]} ${layout.end[index]}]`;
    });
    lanes.push(drawn.join(' | '));
  }
  return lanes.join('\n');
}

describe('layoutFlameGraph', () => {
  it('puts children below their parent, and those that follow one another side by side', () => {
    const trace = traceFromText(`
      agent [0 100]
        plan [0 30]
          llm [5 20]
        search [30 80]
          http [40 50]
        answer [90 100]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe(
      dedent(`
        agent [0 100]
        plan [0 30] | search [30 80] | answer [90 100]
        llm [5 20] | http [40 50]
      `),
    );
  });

  it('puts concurrent siblings into lanes of their own and keeps each subtree together', () => {
    const trace = traceFromText(`
      agent [0 100]
        a [10 60]
          a1 [10 30]
            a2 [12 20]
        b [20 70]
          b1 [25 60]
        c [60 90]
          c1 [65 80]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe(
      dedent(`
        agent [0 100]
        a [10 60] | c [60 90]
        a1 [10 30] | c1 [65 80]
        a2 [12 20]
        b [20 70]
        b1 [25 60]
      `),
    );
  });

  it('lets a sibling start in the very instant at which the one before it ends', () => {
    const trace = traceFromText(`
      p [0 10]
        a [0 5]
        b [5 10]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe('p [0 10]\na [0 5] | b [5 10]');
  });

  it('gives spans without length at one instant a place each, and none under a span that starts there', () => {
    const trace = traceFromText(`
      p [0 10]
        a [0 5]
        x [5 5]
        y [5 5]
        b [5 10]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe(
      dedent(`
        p [0 10]
        a [0 5] | x [5 5]
        y [5 5]
        b [5 10]
      `),
    );
  });

  it('draws open spans to the end of the trace, negative durations at their start, implausible times at the bounds', () => {
    // 1.7e18 ns before the trace a number counts in steps of 256.
    const unit = 256;
    const trace = traceFromText(
      `
        p [0 100]
          open [10 -]
          negative [50 40]
          ancient [epoch 20]
      `,
      { unit },
    );
    const layout = layoutFlameGraph(trace);
    const drawn = Array.from(
      trace,
      ({ name, index }) => `${name} ${layout.start[index]! / unit} ${layout.end[index]! / unit}`,
    );
    expect(drawn.sort()).toEqual(['ancient 0 20', 'negative 50 50', 'open 10 100', 'p 0 100']);
  });

  it('puts several roots side by side, or below one another where they overlap', () => {
    const trace = traceFromText(`
      a [0 10]
        a1 [2 8]
      b [5 15]
      c [10 20]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe('a [0 10] | c [10 20]\na1 [2 8]\nb [5 15]');
  });

  it('reserves the room of children that lie outside their parent', () => {
    const trace = traceFromText(`
      r [0 100]
        a [0 10]
          late [0 50]
        b [20 60]
          b1 [30 40]
    `);
    expect(lanesAsText(layoutFlameGraph(trace))).toBe(
      dedent(`
        r [0 100]
        a [0 10]
        late [0 50]
        b [20 60]
        b1 [30 40]
      `),
    );
  });

  it('finds nothing in an empty trace', () => {
    const layout = layoutFlameGraph(traceFromText(''));
    expect(layout.laneCount).toBe(0);
    expect(layout.spanAt(0, 0)).toBe(-1);
  });

  it('finds the span at a point, the nearest within a tolerance, else none', () => {
    const layout = layoutFlameGraph(
      traceFromText(`
        p [0 100]
          a [10 20]
          b [20 30]
          c [40 40]
      `),
    );
    const name = (lane: number, time: number, tolerance?: number) => {
      const index = layout.spanAt(lane, time, tolerance);
      return index < 0 ? '–' : layout.trace.spanAt(index).name;
    };
    expect([9, 10, 19, 20, 29, 30, 39, 40, 41].map((time) => name(1, time)).join('')).toBe('–aabb––c–');
    expect(name(1, 33, 3)).toBe('b');
    expect(name(1, 33, 2)).toBe('–');
    expect(name(1, 36, 5)).toBe('c');
    expect(name(1, 8, 2)).toBe('a');
    expect([name(2, 50), name(-1, 50), name(0, 50)]).toEqual(['–', '–', 'p']);
  });

  it('never draws two spans of a lane over one another, nor a child beside its parent, and finds each where it is drawn', () => {
    for (let seed = 0; seed < 400; seed++) {
      const trace = seed % 4 === 0 ? randomWideTrace(seed) : randomTrace(seed, { spans: 120 });
      const layout = layoutFlameGraph(trace);
      expectNoOverlap(layout, seed);
      const { parent, length } = trace.columns;
      for (let index = 0; index < length; index++) {
        if (parent[index]! >= 0 && !(layout.lane[index]! > layout.lane[parent[index]!]!)) {
          expect.fail(`seed ${seed}: span ${index} does not lie below its parent`);
        }
        const middle = (layout.start[index]! + layout.end[index]!) / 2;
        for (const time of [layout.start[index]!, middle]) {
          if (layout.spanAt(layout.lane[index]!, time) === index) continue;
          expect.fail(`seed ${seed}: span ${index} is not found where it is drawn, at ${time}`);
        }
      }
    }
  });

  it('places every subtree at the lowest lane where it is free, as a search through all lanes does', () => {
    for (let seed = 0; seed < 300; seed++) {
      const trace = seed % 3 === 0 ? randomWideTrace(seed) : randomTrace(seed, { spans: 60 });
      const layout = layoutFlameGraph(trace);
      expect(Array.from(layout.lane), `seed ${seed}`).toEqual(lanesByTrying(trace, layout));
    }
  });

  it('lays out a chain of 100,000 spans and a root with 300,000 children', () => {
    const lines = Array.from({ length: 300_000 }, (_, at) => ({ start: at, end: 400_000 + at }));
    const chain = layoutFlameGraph(chainTrace(100_000));
    expect(chain.lane[99_999]).toBe(99_999);
    expect(chain.trace.spanAt(99_999).depth).toBe(99_999);
    const concurrent = layoutFlameGraph(flatTrace(lines));
    expect(concurrent.laneCount).toBe(300_001);
    const sequential = layoutFlameGraph(
      flatTrace(lines.map(({ start }) => ({ start: start * 2, end: start * 2 + 2 }))),
    );
    expect(sequential.laneCount).toBe(2);
  });
});

function expectNoOverlap(layout: FlameGraphLayout, seed: number): void {
  const { laneSpans, laneOffsets, start, end } = layout;
  expect(new Set(laneSpans).size, `seed ${seed}`).toBe(layout.trace.spanCount);
  for (let lane = 0; lane < layout.laneCount; lane++) {
    for (let at = laneOffsets[lane]!; at < laneOffsets[lane + 1]!; at++) {
      const index = laneSpans[at]!;
      if (layout.lane[index] !== lane)
        expect.fail(`seed ${seed}: span ${index} is listed in lane ${lane}, not its own`);
      for (let other = at + 1; other < laneOffsets[lane + 1]!; other++) {
        const next = laneSpans[other]!;
        if (!(start[index]! < start[next]! && end[index]! <= start[next]!)) {
          expect.fail(`seed ${seed}: spans ${index} and ${next} overlap in lane ${lane}`);
        }
      }
    }
  }
}

/** The slow way: boxes by recursion, and for each all offsets from 0 up until none of the boxes before it is in the way. */
function lanesByTrying(trace: Trace, { start, end }: FlameGraphLayout): number[] {
  interface Box {
    index: number;
    start: number;
    end: number;
    height: number;
    offset: number;
    children: Box[];
  }
  const stack = (boxes: Box[]): number => {
    boxes.sort((a, b) => a.start - b.start || a.index - b.index);
    const inTheWay = (a: Box, b: Box) =>
      a.start < b.end && b.start < a.end && a.offset < b.offset + b.height && b.offset < a.offset + a.height;
    for (const [at, box] of boxes.entries()) {
      while (boxes.slice(0, at).some((other) => inTheWay(box, other))) box.offset++;
    }
    return Math.max(0, ...boxes.map((box) => box.offset + box.height));
  };
  const boxOf = (index: number): Box => {
    const children = trace.spanAt(index).children.map((child) => boxOf(child.index));
    return {
      index,
      start: Math.min(start[index]!, ...children.map((child) => child.start)),
      end: Math.max(
        end[index]! > start[index]! ? end[index]! : nextTime(start[index]!),
        ...children.map(({ end }) => end),
      ),
      height: 1 + stack(children),
      offset: 0,
      children,
    };
  };
  const lanes: number[] = [];
  const place = (box: Box, above: number) => {
    lanes[box.index] = above + box.offset;
    for (const child of box.children) place(child, above + box.offset + 1);
  };
  const roots = trace.roots.map((root) => boxOf(root.index));
  stack(roots);
  for (const root of roots) place(root, 0);
  return lanes;
}
