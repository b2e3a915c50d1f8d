import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { formatDuration } from '../../../src/layout/duration.ts';

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('formatDuration', () => {
  it.each([
    [812, '812 ns'],
    [1, '1 ns'],
    [0.4, '0.4 ns'],
    [0.0001, '<0.001 ns'],
    [4_200, '4.2 µs'],
    [812e6, '812 ms'],
    [812.3e6, '812 ms'],
    [70.44e6, '70.4 ms'],
    [2.43 * second, '2.43 s'],
    [2.5 * second, '2.5 s'],
    [9 * second, '9 s'],
    [59.94 * second, '59.9 s'],
    [3 * minute + 12 * second, '3 min 12 s'],
    [3 * minute, '3 min'],
    [2 * hour + 5 * minute, '2 h 5 min'],
    [23.6 * hour, '23 h 36 min'],
    [4 * day + 7 * hour, '4 d 7 h'],
    [400 * day, '400 d'],
  ])('says %d ns as %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text);
  });

  it.each([
    [999.6, '1 µs'],
    [999_999, '1 ms'],
    [999.6e6, '1 s'],
    [59.96 * second, '1 min'],
    [59 * minute + 59.7 * second, '1 h'],
    [23 * hour + 59.8 * minute, '1 d'],
    [119.8 * second, '2 min'],
  ])('goes over to the next unit where %d ns rounds up to it: %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text);
  });

  it('says – for what is not known, and 0 only for no time at all', () => {
    expect([undefined, NaN, Infinity, -Infinity].map((duration) => formatDuration(duration))).toEqual([
      '–',
      '–',
      '–',
      '–',
    ]);
    expect(formatDuration(0)).toBe('0 ms');
  });

  it('writes a negative duration with a minus sign', () => {
    expect(formatDuration(-5e6)).toBe('−5 ms');
  });

  it('takes more digits, or fewer', () => {
    expect(formatDuration(2_434_567_891, { digits: 6 })).toBe('2.43457 s');
    expect(formatDuration(2_434_567_891, { digits: 1 })).toBe('2 s');
    expect(formatDuration(812_345, { digits: 1 })).toBe('812 µs');
  });

  it('never says that something took no time, nor 1000 of a unit, and stays within two percent', () => {
    const units: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: second, min: minute, h: hour, d: day };
    const random = createRandom(7);
    for (let round = 0; round < 3000; round++) {
      const duration = Math.ceil(10 ** (random.unit() * 18));
      const text = formatDuration(duration);
      const words = text.split(' ');
      let told = 0;
      for (let at = 0; at < words.length; at += 2) told += Number(words[at]) * units[words[at + 1]!]!;
      expect(Math.abs(told / duration - 1), `${duration} as ${text}`).toBeLessThan(0.021);
      expect(text).not.toMatch(/\b1000 |\b60 (s|min)|\b24 h|^0/);
    }
  });
});
