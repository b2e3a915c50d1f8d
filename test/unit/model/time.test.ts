import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import {
  fromUnixNano,
  isKnown,
  nanosecondsBetween,
  timeFromIso,
  timeFromNanoString,
  timeFromNumber,
  toIsoTime,
  toUnixNano,
} from '../../../src/model/time.ts';

/** In UTC, with all nine digits. */
function isoOf(text: string): string {
  const time = timeFromIso(text);
  if (!isKnown(time)) return 'unknown';
  return `${new Date(time.seconds * 1000).toISOString().slice(0, 19)}.${String(time.nanos).padStart(9, '0')}`;
}

describe('timeFromIso', () => {
  it.each([
    ['2026-11-23T09:30:00Z', '2026-11-23T09:30:00.000000000'],
    ['2026-11-23T09:30:00z', '2026-11-23T09:30:00.000000000'],
    ['2026-11-23T09:30:00', '2026-11-23T09:30:00.000000000'],
    ['2026-11-23T09:30:00.123456', '2026-11-23T09:30:00.123456000'],
    ['2026-11-23 09:30:00.5', '2026-11-23T09:30:00.500000000'],
    ['2026-11-23 09:30:00,25 UTC', '2026-11-23T09:30:00.250000000'],
    ['2026-11-23T09:30', '2026-11-23T09:30:00.000000000'],
    ['2026-11-23', '2026-11-23T00:00:00.000000000'],
    ['2026-11-23T09:30:00.123456789Z', '2026-11-23T09:30:00.123456789'],
    ['2026-11-23T09:30:00.1234567899Z', '2026-11-23T09:30:00.123456789'],
    ['2026-11-23T09:30:00+02:00', '2026-11-23T07:30:00.000000000'],
    ['2026-11-23T09:30:00-0530', '2026-11-23T15:00:00.000000000'],
    ['2026-11-23T09:30:00+01', '2026-11-23T08:30:00.000000000'],
    ['2026-11-23 09:30:00 +00:00', '2026-11-23T09:30:00.000000000'],
    ['2026-01-01T00:00:00+14:00', '2025-12-31T10:00:00.000000000'],
    [' 2026-11-23T09:30:00Z\n', '2026-11-23T09:30:00.000000000'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000000'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000000000'],
    ['2026-11-23T24:00:00Z', '2026-11-24T00:00:00.000000000'],
    ['1969-12-31T23:59:59.75Z', '1969-12-31T23:59:59.750000000'],
    ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000000000'],
  ])('reads %j as %s', (text, expected) => {
    expect(isoOf(text)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2023-02-29',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-11-00',
    '2026-11-23T25:00:00Z',
    '2026-11-23T09:60:00Z',
    '2026-11-23T09:30:61Z',
    '2026-11-23T24:00:01Z',
    '2026-11-23T09:30:00.Z',
    '2026-11-23T09:30:00 PST',
    '2026-11-23T09:30:00+99:00',
    '23.11.2026 09:30',
    '1764000000',
  ])('takes %j for no time', (text) => {
    expect(isoOf(text)).toBe('unknown');
  });

  it('does not run away on text without end', () => {
    expect(isoOf(`2026-11-23T09:30:00.${'1'.repeat(1_000_000)}Z`)).toBe('unknown');
    expect(isoOf(' '.repeat(1_000_000))).toBe('unknown');
  });
});

describe('timeFromNumber', () => {
  it('reads seconds, milliseconds, microseconds and nanoseconds since the epoch', () => {
    expect(timeFromNumber(1_700_000_000, 1e9)).toEqual({ seconds: 1_700_000_000, nanos: 0 });
    expect(timeFromNumber(1_700_000_000_123, 1e6)).toEqual({ seconds: 1_700_000_000, nanos: 123_000_000 });
    expect(timeFromNumber(1_700_000_000_123_456, 1e3)).toEqual({ seconds: 1_700_000_000, nanos: 123_456_000 });
    expect(timeFromNumber(1_500_000_001, 1)).toEqual({ seconds: 1, nanos: 500_000_001 });
  });

  it('takes a fraction as it is written, not as the binary number next to it', () => {
    expect(timeFromNumber(1_700_000_000.123456, 1e9)).toEqual({ seconds: 1_700_000_000, nanos: 123_456_000 });
    expect(timeFromNumber(1_700_000_000_123.456, 1e6)).toEqual({ seconds: 1_700_000_000, nanos: 123_456_000 });
    expect(timeFromNumber(1_700_000_000_123_456.5, 1e3)).toEqual({ seconds: 1_700_000_000, nanos: 123_456_500 });
    expect(timeFromNumber(0.000001, 1e9)).toEqual({ seconds: 0, nanos: 1000 });
    expect(timeFromNumber(2.9999999999, 1e9)).toEqual({ seconds: 3, nanos: 0 });
    expect(timeFromNumber(1.5, 1)).toEqual({ seconds: 0, nanos: 2 });
  });

  it('keeps nanoseconds above 0 before the epoch', () => {
    expect(timeFromNumber(-1.25, 1e9)).toEqual({ seconds: -2, nanos: 750_000_000 });
    expect(timeFromNumber(-1, 1e3)).toEqual({ seconds: -1, nanos: 999_999_000 });
  });

  it('takes what is no finite number for no time', () => {
    for (const value of [NaN, Infinity, -Infinity]) expect(isKnown(timeFromNumber(value, 1e6))).toBe(false);
  });
});

describe('timeFromNanoString', () => {
  it('reads every digit of a 64-bit number', () => {
    expect(timeFromNanoString('1544712660123456789')).toEqual({ seconds: 1_544_712_660, nanos: 123_456_789 });
    expect(timeFromNanoString('7')).toEqual({ seconds: 0, nanos: 7 });
    expect(timeFromNanoString('0')).toEqual({ seconds: 0, nanos: 0 });
  });

  it('takes anything else for no time', () => {
    for (const text of ['', '-5', '1.5', '0x10', '1e9', ' 5', '5 ', '1'.repeat(25)]) {
      expect(isKnown(timeFromNanoString(text)), text).toBe(false);
    }
  });
});

describe('points in time', () => {
  it('become nanoseconds since the epoch and come back, on both sides of it', () => {
    const random = createRandom(1);
    for (let round = 0; round < 500; round++) {
      const unixNano =
        BigInt(random.int(-4_000_000_000, 4_000_000_000)) * 1_000_000_000n + BigInt(random.int(0, 999_999_999));
      expect(toUnixNano(fromUnixNano(unixNano))).toBe(unixNano);
    }
    expect(fromUnixNano(-1n)).toEqual({ seconds: -1, nanos: 999_999_999 });
  });

  it('lie an exact number of nanoseconds apart', () => {
    const from = timeFromIso('2026-11-23T09:30:00.999999999Z');
    expect(nanosecondsBetween(from, timeFromIso('2026-11-23T09:30:01.000000001Z'))).toBe(2);
    expect(nanosecondsBetween(timeFromIso('2026-11-23T09:30:01.000000001Z'), from)).toBe(-2);
    expect(nanosecondsBetween(from, timeFromIso('2027-03-01T00:00:00Z'))).toBe((98 * 86_400 - 34_201) * 1e9 + 1);
    expect(nanosecondsBetween(from, timeFromIso(''))).toBeNaN();
  });

  it.each([
    ['2026-11-23T09:30:00Z', '2026-11-23T09:30:00Z'],
    ['2026-11-23T09:30:00.12Z', '2026-11-23T09:30:00.120Z'],
    ['2026-11-23T09:30:00.123456Z', '2026-11-23T09:30:00.123456Z'],
    ['2026-11-23T09:30:00.123456789+01:00', '2026-11-23T08:30:00.123456789Z'],
    ['1969-12-31T23:59:59.000000001Z', '1969-12-31T23:59:59.000000001Z'],
  ])('are written in UTC with as many digits as they need: %s', (text, written) => {
    expect(toIsoTime(toUnixNano(timeFromIso(text)))).toBe(written);
  });

  it('say so where a date cannot hold them', () => {
    expect(() => toIsoTime(10n ** 30n)).toThrow(RangeError);
  });
});

describe('a time that nobody means', () => {
  it('is unknown from thirty million years on, so that no sum runs over what numbers hold', () => {
    for (const unit of [1, 1e3, 1e6, 1e9] as const) {
      for (const value of [1e300, -1e300, Number.MAX_VALUE]) expect(isKnown(timeFromNumber(value, unit))).toBe(false);
    }
    expect(timeFromNumber(1e14, 1e9)).toEqual({ seconds: 1e14, nanos: 0 });
    expect(isKnown(timeFromNumber(1e15, 1e9))).toBe(false);
    expect(fromUnixNano(-(10n ** 23n))).toEqual({ seconds: -1e14, nanos: 0 });
    expect(isKnown(fromUnixNano(10n ** 24n))).toBe(false);
    expect(isKnown(fromUnixNano(-(10n ** 300n)))).toBe(false);
  });
});
