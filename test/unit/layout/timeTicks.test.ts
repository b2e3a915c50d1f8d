import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import type { TimeRange } from '../../../src/layout/timeScale.ts';
import { timeStep, timeTicks } from '../../../src/layout/timeTicks.ts';

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function labels(range: TimeRange, count?: number): string {
  return timeTicks(range, { count })
    .map((tick) => tick.label)
    .join(', ');
}

describe('timeTicks', () => {
  it.each<[TimeRange, string]>([
    [[0, 10], '0 ns, 2 ns, 4 ns, 6 ns, 8 ns, 10 ns'],
    [[0, 3], '0 ns, 1 ns, 2 ns, 3 ns'],
    [[0, 2500], '0 µs, 0.5 µs, 1.0 µs, 1.5 µs, 2.0 µs, 2.5 µs'],
    [[0, 812e6], '0 ms, 200 ms, 400 ms, 600 ms, 800 ms'],
    [[0, 9 * second], '0 s, 2 s, 4 s, 6 s, 8 s'],
    [[0, 2.2 * second], '0 s, 0.5 s, 1.0 s, 1.5 s, 2.0 s'],
    [[0, 80 * second], '0 s, 15 s, 30 s, 45 s, 1 min, 1 min 15 s'],
    [[0, 3 * minute], '0 s, 30 s, 1 min, 1 min 30 s, 2 min, 2 min 30 s, 3 min'],
    [[0, 2 * hour], '0 s, 30 min, 1 h, 1 h 30 min, 2 h'],
    [[0, 20 * hour], '0 s, 6 h, 12 h, 18 h'],
    [[0, 4 * day], '0 s, 1 d, 2 d, 3 d, 4 d'],
    [[0, 100 * day], '0 s, 20 d, 40 d, 60 d, 80 d, 100 d'],
  ])('stand at round times of %j', (range, expected) => {
    expect(labels(range)).toBe(expected);
  });

  it('have labels with enough digits to tell neighbours apart when zoomed in far', () => {
    const at = 9 * minute + 59 * second;
    expect(labels([at, at + 3])).toBe(
      '9 min 59.000000000 s, 9 min 59.000000001 s, 9 min 59.000000002 s, 9 min 59.000000003 s',
    );
    expect(labels([812_000_000, 812_000_004])).toBe(
      '812.000000 ms, 812.000001 ms, 812.000002 ms, 812.000003 ms, 812.000004 ms',
    );
  });

  it('begin within the range where it does not begin at 0, also before the trace', () => {
    expect(labels([1.1 * second, 3.2 * second], 3)).toBe('2 s, 3 s');
    expect(labels([-20, 10], 3)).toBe('−20 ns, −10 ns, 0 ns, 10 ns');
  });

  it('are as many as their labels leave room for', () => {
    expect(timeTicks([0, 9 * second], { width: 1000 }).length).toBeGreaterThan(8);
    expect(timeTicks([0, 9 * second], { width: 200 }).length).toBeLessThanOrEqual(3);
    // As on a phone: short labels, so two of them would be a waste.
    expect(timeTicks([0, 8.9 * second], { width: 396 }).map(({ label }) => label)).toEqual([
      '0 s',
      '2 s',
      '4 s',
      '6 s',
      '8 s',
    ]);
    const deep: TimeRange = [599 * second, 599 * second + 100];
    expect(timeTicks(deep, { width: 600 }).length).toBeLessThanOrEqual(5);
    expect(timeTicks([0, 10], { width: 1 }).length).toBeGreaterThan(0);
  });

  it('come for a range without length', () => {
    expect(timeTicks([0, 0])).toEqual([{ time: 0, label: '0 ns' }]);
  });

  it('are multiples of the step within the range, about as many as asked, with labels all different', () => {
    for (let seed = 0; seed < 2000; seed++) {
      const random = createRandom(seed);
      const length = Math.ceil(10 ** (random.unit() * 16));
      const start = random.chance(0.3) ? 0 : Math.floor(random.unit() * Math.min(length * 1000, 2 ** 53));
      const range = [start, start + length] as const;
      const count = random.int(1, 12);
      const ticks = timeTicks(range, { count });
      const step = timeStep(range, count);
      expect(step * count, `seed ${seed}`).toBeGreaterThanOrEqual(length * 0.999999);
      expect(ticks.length, `seed ${seed}`).toBeLessThanOrEqual(count + 1);
      for (const { time } of ticks) {
        expect(time % step, `seed ${seed}`).toBe(0);
        expect(time >= range[0] && time <= range[1], `seed ${seed}`).toBe(true);
      }
      expect(new Set(ticks.map(({ label }) => label)).size, `seed ${seed}: ${ticks.map((t) => t.label)}`).toBe(
        ticks.length,
      );
    }
  });
});
