import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { compressedSegments, segmentsWithin } from '../../../src/layout/timeCompression.ts';
import { createTimeScale, type TimeRange, type TimeSegment } from '../../../src/layout/timeScale.ts';
import { scaleTicks, timeTicks } from '../../../src/layout/timeTicks.ts';
import { layoutWaterfall } from '../../../src/layout/waterfall.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { flatTrace, randomTrace } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const session = traceFromText(`
  session [0 1000]
    turn [0 40]
      llm [0 30]
    turn [640 700]
      llm [650 690]
    turn [960 1000]
`);

function segmentsText(segments: readonly TimeSegment[]): string {
  return segments
    .map(({ range, share, compressed }) => `${range[0]}–${range[1]} ${share.toFixed(3)}${compressed ? ' break' : ''}`)
    .join(', ');
}

/** The slow way: all intervals in order of start, merged. */
function gapsByOracle(trace: Trace, [start, end]: TimeRange, isBar: (span: Span) => boolean): TimeRange[] {
  const times = clampedTimes(trace);
  const busy = Array.from(trace)
    .flatMap((span) => {
      const [from, to] = [times.start[span.index]!, times.end[span.index]!];
      return isBar(span) ? [[from, to] as const] : [[from, from] as const, [to, to] as const];
    })
    .filter(([from, to]) => to >= start && from <= end)
    .sort((a, b) => a[0] - b[0]);
  const gaps: TimeRange[] = [];
  let covered = start;
  for (const [from, to] of [...busy, [end, end] as const]) {
    if (from - covered > 0.05 * (end - start)) gaps.push([covered, from]);
    covered = Math.max(covered, Math.min(to, end));
  }
  return gaps;
}

describe('compressedSegments', () => {
  it('shrinks idle time to breaks, though a span lasts through it', () => {
    expect(segmentsText(compressedSegments(session))).toBe(
      '0–45 0.270, 45–635 0.020 break, 635–705 0.420, 705–955 0.020 break, 955–1000 0.270',
    );
  });

  it('leaves busy time as it is: one plain segment', () => {
    expect(compressedSegments(traceFromText('a [0 100]'))).toEqual([{ range: [0, 100], share: 1 }]);
    expect(compressedSegments(traceFromText('a [5 5]'))).toEqual([{ range: [0, 1], share: 1 }]);
    expect(compressedSegments(traceFromText(''))).toEqual([{ range: [0, 1], share: 1 }]);
    expect(compressedSegments(session, { gapShare: 0.7 })).toHaveLength(1);
    expect(compressedSegments(session, { minGap: 0.6 })).toHaveLength(1);
  });

  it('does not take a span that was never ended for work until the end', () => {
    const withOpen = traceFromText('a [0 100]\n  b [0 5]\n  watch [3 -]\n  b [95 100]');
    expect(segmentsText(compressedSegments(withOpen))).toMatch(/^0–5.5 .*5.5–94.5 0.020 break/);
  });

  it('takes the rows of a layout as they are drawn: what is collapsed is one bar', () => {
    const layout = layoutWaterfall(session);
    expect(compressedSegments(layout)).toEqual(compressedSegments(session));
    expect(compressedSegments(layout.toggle(0))).toHaveLength(1);
    const turns = traceFromText('a [0 100]\n  b [0 1]\n  b [50 51]\n  b [52 53]\n  b [54 55]\n  b [99 100]');
    const grouped = layoutWaterfall(turns, { group: true, gaps: { atLeast: 1 } });
    expect(compressedSegments(grouped)).toEqual(compressedSegments(turns));
  });

  it('gives all breaks together half the width at most', () => {
    const busy = flatTrace(Array.from({ length: 16 }, (_, at) => ({ start: at * 100, end: at * 100 + 1 })));
    const breaks = compressedSegments(busy, { gapShare: 0.045 }).filter(({ compressed }) => compressed);
    expect(breaks).toHaveLength(15);
    expect(breaks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(0.5);
  });

  it('finds the gaps that sorting finds, tiles the range, and maps both ways without a step back', () => {
    let found = 0;
    const isBar = (span: Span) => span.children.length === 0 && span.end !== undefined;
    for (let seed = 0; seed < 600; seed++) {
      const random = createRandom(seed);
      const trace = randomTrace(seed, { spans: seed % 2 ? 40 : 6 });
      if (trace.spanCount === 0 || trace.duration === 0) continue;
      const range: TimeRange = random.chance(0.5) ? [0, trace.duration] : [trace.duration * 0.2, trace.duration * 0.7];
      const segments = compressedSegments(trace, { range });
      const length = range[1] - range[0];
      const pad = 0.005 * length;
      const expected = gapsByOracle(trace, range, isBar).map(([from, to]) => [
        from === range[0] ? from : from + pad,
        to === range[1] ? to : to - pad,
      ]);
      const breaks = segments.filter(({ compressed }) => compressed);
      found += breaks.length;
      if (breaks.length > 0 || expected.length === 0) {
        expect(
          breaks.map((each) => [...each.range]),
          `seed ${seed}`,
        ).toEqual(expected);
      }
      expect(segments[0]!.range[0]).toBe(range[0]);
      expect(segments.at(-1)!.range[1]).toBe(range[1]);
      expect(segments.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      const scale = createTimeScale(segments);
      const densities = segments.map(({ range: [from, to], share }) => share / (to - from));
      for (const [at, { compressed }] of segments.entries()) {
        if (compressed) expect(densities[at]!).toBeLessThan(1 / length);
        else expect(densities[at]!).toBeGreaterThanOrEqual(0.999 / length);
      }
      let last = -Infinity;
      for (let step = 0; step <= 60; step++) {
        const time = range[0] + (length * step) / 60;
        const unit = scale.toUnit(time);
        expect(unit, `seed ${seed}`).toBeGreaterThanOrEqual(last);
        expect(Math.abs(scale.toTime(unit) - time), `seed ${seed}`).toBeLessThan(length * 1e-9);
        last = unit;
      }
      for (const { range: edges } of segments)
        for (const time of edges) expect(scale.toTime(scale.toUnit(time))).toBeCloseTo(time, 6);
    }
    expect(found).toBeGreaterThan(200);
  });
});

describe('segmentsWithin', () => {
  it('is the same picture, cut out: every time within stands where the zoom puts it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const segments = compressedSegments(session);
      const whole = createTimeScale(segments);
      const from = random.unit() * 900 - 20;
      const range: TimeRange = [from, from + random.unit() * 200 + 1];
      const zoomed = createTimeScale(segmentsWithin(segments, range));
      expect(zoomed.range[0]).toBe(range[0]);
      expect(zoomed.range[1]).toBe(range[1]);
      const [left, right] = range.map(whole.toUnit) as [number, number];
      for (let step = 0; step <= 10; step++) {
        const time = range[0] + ((range[1] - range[0]) * step) / 10;
        expect(zoomed.toUnit(time)).toBeCloseTo((whole.toUnit(time) - left) / (right - left), 9);
      }
    }
    expect(createTimeScale(segmentsWithin(compressedSegments(session), [50, 50])).range).toEqual([50, 51]);
  });
});

describe('scaleTicks', () => {
  it('are those of timeTicks without breaks', () => {
    const scale = createTimeScale([0, 9e9]);
    expect(scaleTicks(scale, { width: 700 })).toEqual(timeTicks([0, 9e9], { width: 700 }));
  });

  it('tell the time on each side of a break, and never within one', () => {
    const scale = createTimeScale([
      { range: [0, 2e9], share: 49 },
      { range: [2e9, 600e9], share: 2, compressed: true },
      { range: [600e9, 602e9], share: 49 },
    ]);
    expect(scaleTicks(scale, { width: 800 }).map(({ label }) => label)).toEqual([
      '0 s',
      '0.5 s',
      '1.0 s',
      '1.5 s',
      '10 min',
      '10 min 1 s',
      '10 min 2 s',
    ]);
  });

  it('never lie upon one another, whatever the segments and the width', () => {
    for (let seed = 0; seed < 500; seed++) {
      const random = createRandom(seed);
      let time = random.int(0, 10) * 10 ** random.int(0, 12);
      const segments: TimeSegment[] = Array.from({ length: random.int(1, 9) }, (_, at) => {
        const from = time;
        time += random.int(1, 1000) * 10 ** random.int(0, 9);
        return at % 2
          ? { range: [from, time], share: 2, compressed: true }
          : { range: [from, time], share: random.int(1, 50) };
      });
      const scale = createTimeScale(segments);
      const width = random.int(50, 2000);
      const ticks = scaleTicks(scale, { width });
      for (const [at, tick] of ticks.entries()) {
        const inBreak = segments.some(
          ({ range, compressed }) => compressed && tick.time > range[0] && tick.time < range[1],
        );
        expect(inBreak).toBe(false);
        const next = ticks[at + 1];
        if (!next || segments.length === 1) continue;
        const room = (scale.toUnit(next.time) - scale.toUnit(tick.time)) * width;
        expect(room, `seed ${seed}`).toBeGreaterThanOrEqual(tick.label.length * 7);
      }
    }
  });
});
