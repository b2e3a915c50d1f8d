import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import type { Clock } from '../../../src/layout/clockTime.ts';
import type { TimeRange } from '../../../src/layout/timeScale.ts';
import { formatTimeAt, timeStep, timeTicks } from '../../../src/layout/timeTicks.ts';

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

function clockAt(iso: string, timeZone?: string): Clock {
  return { startTimeUnixNano: BigInt(Date.parse(iso)) * 1_000_000n, timeZone };
}

function labels(clock: Clock, range: TimeRange, count = 6): string {
  return timeTicks(range, { count, clock })
    .map(({ label }) => label)
    .join(', ');
}

describe('ticks by a clock', () => {
  it('stand where the clock shows round times, not where the trace has lasted for one', () => {
    const clock = clockAt('2026-11-25T14:03:20.250Z');
    expect(labels(clock, [0, 9 * second])).toBe('14:03:22, 14:03:24, 14:03:26, 14:03:28');
    expect(timeTicks([0, 9 * second], { clock })[0]!.time).toBe(1.75 * second);
    expect(labels(clock, [0, 2 * hour])).toBe('14:30, 15:00, 15:30, 16:00');
    expect(labels(clock, [0, 20 * hour])).toBe('18:00, Nov 26, 06:00');
    expect(labels(clock, [0, 4 * day])).toBe('Nov 26, Nov 27, Nov 28, Nov 29');
    expect(labels(clock, [0, 100 * day])).toMatch(/^Dec \d+, 2026, .*2027$/);
  });

  it('count down to the nanosecond', () => {
    const clock = clockAt('2026-11-25T14:03:20.250Z');
    expect(labels(clock, [1000, 1003])).toBe(
      '14:03:20.250001000, 14:03:20.250001001, 14:03:20.250001002, 14:03:20.250001003',
    );
    expect(labels(clock, [0, 20e6], 4)).toBe('14:03:20.250, 14:03:20.255, 14:03:20.260, 14:03:20.265, 14:03:20.270');
  });

  it('follow the time zone, also one of half hours', () => {
    const start = '2026-11-25T14:03:00Z';
    expect(labels(clockAt(start, 'Europe/Berlin'), [0, hour], 3)).toBe('15:30, 16:00');
    expect(labels(clockAt(start, 'Asia/Kolkata'), [0, 3 * hour], 3)).toBe('20:00, 21:00, 22:00');
    expect(labels(clockAt(start, 'America/New_York'), [0, 3 * hour], 3)).toBe('10:00, 11:00, 12:00');
    expect(() => labels(clockAt(start, 'Mars/Olympus'), [0, hour])).toThrow(RangeError);
  });

  it('keep to the clock over a change to and from summer time', () => {
    const spring = clockAt('2026-03-28T22:00:00Z', 'Europe/Berlin');
    expect(labels(spring, [0, 9 * hour], 4)).toBe('Mar 29, 03:00, 06:00, 09:00');
    const days = timeTicks([0, 3 * day], { count: 3, clock: spring });
    expect(days.map(({ label }) => label)).toEqual(['Mar 29', 'Mar 30', 'Mar 31', 'Apr 1']);
    expect((days[1]!.time - days[0]!.time) / hour).toBe(23);
    const autumn = timeTicks([0, 3 * day], { count: 3, clock: clockAt('2026-10-24T22:00:00Z', 'Europe/Berlin') });
    expect((autumn[1]!.time - autumn[0]!.time) / hour).toBe(25);
  });

  it('speak the language that they are asked for', () => {
    const clock = { ...clockAt('2026-05-24T14:03:00Z'), locale: 'de' };
    expect(labels(clock, [0, 2 * day], 2)).toMatch(/25\. Mai, 26\. Mai/);
  });

  it('fall back to the time since the start where no calendar reaches', () => {
    const clock: Clock = { startTimeUnixNano: 10n ** 26n };
    expect(timeTicks([0, 10], { clock })).toEqual(timeTicks([0, 10]));
    expect(formatTimeAt(5, { range: [0, 10], clock })).toBe('5 ns');
  });

  it('are whole multiples on the clock within the range, ascending, their labels all different', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = createRandom(seed);
      const clock: Clock = {
        startTimeUnixNano: BigInt(random.int(0, 4e9)) * 1_000_000_000n + BigInt(random.int(0, 999_999_999)),
        timeZone: random.pick(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Auckland']),
      };
      const length = Math.ceil(10 ** (random.unit() * 13));
      const start = random.int(0, 1e6);
      const range = [start, start + length] as const;
      const count = random.int(2, 10);
      const ticks = timeTicks(range, { count, clock });
      const step = timeStep(range, count);
      const where = `seed ${seed}: ${ticks.map(({ label }) => label).join(' | ')}`;
      expect(ticks.length, where).toBeLessThanOrEqual(count + 2);
      for (const [at, { time }] of ticks.entries()) {
        expect(time >= range[0] && time <= range[1], where).toBe(true);
        if (at > 0) expect(time, where).toBeGreaterThan(ticks[at - 1]!.time);
        if (clock.timeZone === 'UTC') expect((clock.startTimeUnixNano + BigInt(time)) % BigInt(step), where).toBe(0n);
      }
      if (length < 12 * hour) expect(new Set(ticks.map(({ label }) => label)).size, where).toBe(ticks.length);
    }
  });
});

describe('ticks fitted to a width', () => {
  it('leave room between their labels at any zoom, relative and by the clock', () => {
    for (let seed = 0; seed < 1000; seed++) {
      const random = createRandom(seed);
      const length = Math.ceil(10 ** (random.unit() * 15));
      const start = random.chance(0.3) ? 0 : Math.floor(random.unit() * 1e15);
      const range = [start, start + length] as const;
      const width = random.int(100, 2000);
      const clock = random.chance(0.5) ? clockAt('2026-11-25T14:03:20.250Z', 'Europe/Berlin') : undefined;
      const ticks = timeTicks(range, { width, clock });
      for (let at = 1; at < ticks.length; at++) {
        const room = ((ticks[at]!.time - ticks[at - 1]!.time) / length) * width;
        expect(room, `seed ${seed}: ${ticks[at - 1]!.label}`).toBeGreaterThan(ticks[at - 1]!.label.length * 6.5);
      }
    }
  });
});

describe('formatTimeAt', () => {
  it('is as exact as a pixel is wide', () => {
    expect(formatTimeAt(812_345_678, { range: [0, 1e9], width: 1000 })).toBe('0.812 s');
    expect(formatTimeAt(812_345_678, { range: [0, 9e9], width: 900 })).toBe('0.81 s');
    expect(formatTimeAt(812_345_678, { range: [812e6, 813e6], width: 1000 })).toBe('812.346 ms');
    expect(formatTimeAt(812_345_678.4, { range: [812_345_600, 812_345_700] })).toBe('812.345678 ms');
    expect(formatTimeAt(150_049e6, { range: [0, 200e9], width: 2000 })).toBe('2 min 30.0 s');
    expect(formatTimeAt(2.4 * hour, { range: [0, 10 * day] })).toBe('2 h 24 min');
    expect(formatTimeAt(-5, { range: [-10, 10] })).toBe('−5 ns');
  });

  it('tells date and time of day by a clock', () => {
    const clock = clockAt('2026-11-25T23:03:20.250Z', 'Europe/Berlin');
    expect(formatTimeAt(0, { range: [0, 1e9], clock })).toBe('Nov 26, 2026, 00:03:20.250');
    expect(formatTimeAt(1, { range: [0, 100], clock: { ...clock, locale: 'en-GB' } })).toBe(
      '26 Nov 2026, 00:03:20.250000001',
    );
    expect(formatTimeAt(0, { range: [0, 10 * day], clock })).toBe('Nov 26, 2026, 00:03:20');
  });
});
