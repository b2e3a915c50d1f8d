import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { createTimeScale, nextTime } from '../../../src/layout/timeScale.ts';

describe('createTimeScale', () => {
  it('maps a range of time onto [0, 1] and back, and goes on beyond it', () => {
    const scale = createTimeScale([100, 300]);
    expect([0, 100, 200, 300, 500].map(scale.toUnit)).toEqual([-0.5, 0, 0.5, 1, 2]);
    expect([-0.5, 0, 0.5, 1, 2].map(scale.toTime)).toEqual([0, 100, 200, 300, 500]);
    expect(scale.range).toEqual([100, 300]);
  });

  it('gives each segment its share of the width', () => {
    const scale = createTimeScale([
      { range: [0, 100], share: 2 },
      { range: [100, 900], share: 1 },
      { range: [900, 1000], share: 1 },
    ]);
    expect([0, 50, 100, 500, 900, 950, 1000].map(scale.toUnit)).toEqual([0, 0.25, 0.5, 0.625, 0.75, 0.875, 1]);
    expect([0, 0.25, 0.5, 0.625, 0.75, 0.875, 1].map(scale.toTime)).toEqual([0, 50, 100, 500, 900, 950, 1000]);
    expect(scale.range).toEqual([0, 1000]);
    expect(scale.toUnit(1100)).toBe(1.25);
  });

  it('widens a range without length, so that its instant stands at 0', () => {
    const scale = createTimeScale([5, 5]);
    expect(scale.toUnit(5)).toBe(0);
    expect(scale.range).toEqual([5, 6]);
    expect(nextTime(2 ** 53)).toBeGreaterThan(2 ** 53);
  });

  it('keeps single nanoseconds apart in ten minutes', () => {
    const tenMinutes = 600e9;
    const scale = createTimeScale([tenMinutes - 1, tenMinutes]);
    expect([tenMinutes - 2, tenMinutes - 1, tenMinutes, tenMinutes + 1].map(scale.toUnit)).toEqual([-1, 0, 1, 2]);
  });

  it('comes back from time to unit to time, over any segments', () => {
    for (let seed = 0; seed < 100; seed++) {
      const random = createRandom(seed);
      let time = random.int(0, 1000);
      const segments = Array.from({ length: random.int(1, 6) }, () => {
        const start = time;
        time += random.int(1, 1_000_000);
        return { range: [start, time] as const, share: random.int(1, 100) };
      });
      const scale = createTimeScale(segments);
      let last = -Infinity;
      for (let at = scale.range[0]; at <= scale.range[1]; at += (scale.range[1] - scale.range[0]) / 50) {
        const unit = scale.toUnit(at);
        expect(unit).toBeGreaterThan(last);
        expect(scale.toTime(unit)).toBeCloseTo(at, 4);
        last = unit;
      }
    }
  });

  it('refuses ranges and segments that make no scale, and says why', () => {
    expect(() => createTimeScale([5, 4])).toThrow('[5, 4]');
    expect(() => createTimeScale([NaN, 4])).toThrow(RangeError);
    expect(() => createTimeScale([])).toThrow('at least one segment');
    expect(() => createTimeScale([{ range: [0, 0], share: 1 }])).toThrow('Segment 0');
    expect(() =>
      createTimeScale([
        { range: [0, 5], share: 1 },
        { range: [6, 9], share: 1 },
      ]),
    ).toThrow('Segment 1 of a time scale does not start where the one before it ends');
  });
});
