import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import type { CollapsedSpans } from '../../../src/layout/collapse.ts';
import { layoutWaterfall, type WaterfallLayout } from '../../../src/layout/waterfall.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const agent = traceFromText(`
  session [0 100]
    run [0 90]
      llm [0 40]
        http [10 30]
      tool [50 80]
    log [95 100]
  other [100 110]
`);

function namesOf(layout: WaterfallLayout): string {
  return Array.from(layout.rows, (index) => layout.trace.spanAt(index).name).join(' ');
}

/** The slow way: down from the roots, stopping at what is collapsed. */
function visibleByRecursion(trace: Trace, isCollapsed: (span: Span) => boolean): number[] {
  const rows: number[] = [];
  const visit = (span: Span) => {
    rows.push(span.index);
    if (!isCollapsed(span)) for (const child of span.children) visit(child);
  };
  for (const root of trace.roots) visit(root);
  return rows;
}

describe('layoutWaterfall', () => {
  it('has a row for every span, depth-first, when nothing is collapsed', () => {
    expect(namesOf(layoutWaterfall(agent))).toBe('session run llm http tool log other');
  });

  it('leaves out what lies below collapsed spans, given by key', () => {
    expect(namesOf(layoutWaterfall(agent, { collapsed: new Set(['run']) }))).toBe('session run log other');
    expect(namesOf(layoutWaterfall(agent, { collapsed: new Set(['llm', 'unknown', 'log']) }))).toBe(
      'session run llm tool log other',
    );
  });

  it('collapses all spans but some', () => {
    expect(namesOf(layoutWaterfall(agent, { collapsed: { all: true, except: new Set() } }))).toBe('session other');
    expect(namesOf(layoutWaterfall(agent, { collapsed: { all: true, except: new Set(['session', 'run']) } }))).toBe(
      'session run llm tool log other',
    );
  });

  it('toggles one span and leaves the layout that it came from as it was', () => {
    const all = layoutWaterfall(agent);
    const run = agent.span('run')!.index;
    const collapsed = all.toggle(run);
    expect(namesOf(collapsed)).toBe('session run log other');
    expect(namesOf(collapsed.toggle(run))).toBe('session run llm http tool log other');
    expect(namesOf(all)).toBe('session run llm http tool log other');
    expect(all.isCollapsed(run)).toBe(false);
  });

  it('remembers what is collapsed below a collapsed span', () => {
    const [session, llm] = ['session', 'llm'].map((key) => agent.span(key)!.index) as [number, number];
    const layout = layoutWaterfall(agent).toggle(session).toggle(llm);
    expect(namesOf(layout)).toBe('session other');
    expect(namesOf(layout.toggle(session))).toBe('session run llm tool log other');
  });

  it('can be told which way to toggle, and has nothing to toggle on a leaf', () => {
    const layout = layoutWaterfall(agent);
    const [run, http] = ['run', 'http'].map((key) => agent.span(key)!.index) as [number, number];
    expect(layout.toggle(run, false)).toBe(layout);
    expect(namesOf(layout.toggle(run, true).toggle(run, true))).toBe('session run log other');
    expect(layout.toggle(http)).toBe(layout);
  });

  it('tells the row of a span, and which collapsed ancestor hides it', () => {
    const layout = layoutWaterfall(agent, { collapsed: new Set(['run', 'llm']) });
    const found = Array.from(agent, ({ name, index }) => {
      return `${name} ${layout.rowOf(index)} ${agent.spanAt(layout.visibleAncestor(index)).name}`;
    });
    expect(found).toEqual([
      'session 0 session',
      'run 1 run',
      'llm -1 run',
      'http -1 run',
      'tool -1 run',
      'log 2 log',
      'other 3 other',
    ]);
  });

  it('gives bars as fractions of the time range, beyond it where they lie beyond it', () => {
    const trace = traceFromText(`
      a [0 100]
        b [25 50]
        open [75 -]
        negative [50 10]
    `);
    const bars = (layout: WaterfallLayout) =>
      Object.fromEntries(Array.from(trace, ({ name, index }) => [name, [layout.x0(index), layout.x1(index)]]));
    const whole = layoutWaterfall(trace);
    expect(bars(whole)).toEqual({ a: [0, 1], b: [0.25, 0.5], open: [0.75, 1], negative: [0.5, 0.5] });
    const zoomed = whole.withTimeRange([50, 100]);
    expect(bars(zoomed)).toEqual({ a: [-1, 1], b: [-0.5, 0], open: [0.5, 1], negative: [0, 0] });
    expect(zoomed.timeRange).toEqual([50, 100]);
    expect(zoomed.rows).toBe(whole.rows);
  });

  it('draws a trace without length at the left edge, and an empty one not at all', () => {
    const instant = layoutWaterfall(traceFromText('a [7 7]'));
    expect([instant.x0(0), instant.x1(0)]).toEqual([0, 0]);
    expect(layoutWaterfall(traceFromText('')).rows.length).toBe(0);
  });

  it('compresses a gap where the time range comes in segments', () => {
    const trace = traceFromText('a [0 10]\nb [990 1000]');
    const layout = layoutWaterfall(trace, {
      timeRange: [
        { range: [0, 10], share: 45 },
        { range: [10, 990], share: 10 },
        { range: [990, 1000], share: 45 },
      ],
    });
    expect([layout.x0(0), layout.x1(0), layout.x0(1), layout.x1(1)]).toEqual([0, 0.45, 0.55, 1]);
  });

  it('shows the same rows after any toggles as a walk from the roots does', () => {
    for (let seed = 0; seed < 300; seed++) {
      const random = createRandom(seed);
      const trace = randomTrace(seed);
      if (trace.spanCount === 0) continue;
      const keys = new Set(Array.from(trace, (span) => span.key).filter(() => random.chance(0.3)));
      const collapsed: CollapsedSpans = random.chance(0.5) ? keys : { all: true, except: keys };
      const isIn = (span: Span) => keys.has(span.key) === !('all' in collapsed);
      const state = Array.from(trace, isIn);
      let layout = layoutWaterfall(trace, { collapsed });
      for (let step = 0; step < 20; step++) {
        expect(Array.from(layout.rows), `seed ${seed}`).toEqual(
          visibleByRecursion(trace, ({ index }) => state[index]!),
        );
        for (const { index } of trace) {
          expect(layout.rowOf(index), `seed ${seed}`).toBe(layout.rows.indexOf(index));
          let shown: Span = trace.spanAt(index);
          while (!layout.rows.includes(shown.index)) shown = shown.parent!;
          expect(layout.visibleAncestor(index), `seed ${seed}`).toBe(shown.index);
        }
        const index = random.int(0, trace.spanCount - 1);
        if (trace.spanAt(index).descendantCount === 0) continue;
        state[index] = !state[index];
        layout = layout.toggle(index);
      }
    }
  });
});
