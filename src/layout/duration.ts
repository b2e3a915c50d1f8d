import type { Nanoseconds } from '../model/time.ts';

export interface DurationFormat {
  /**
   * How many digits count, for durations under a minute. Trailing zeros of a fraction are left out.
   * @default 3
   */
  digits?: number;
}

const unitsBelowMinute = [
  { symbol: 'ns', length: 1 },
  { symbol: 'µs', length: 1e3 },
  { symbol: 'ms', length: 1e6 },
  { symbol: 's', length: 1e9 },
] as const;

/** A minute and longer are told in two neighbouring units: `3 min 12 s`, `2 h 5 min`, `4 d 7 h`. */
const longUnits = [
  { symbol: 'min', length: 60e9, part: { symbol: 's', length: 1e9 }, limit: 3_600e9 },
  { symbol: 'h', length: 3_600e9, part: { symbol: 'min', length: 60e9 }, limit: 86_400e9 },
  { symbol: 'd', length: 86_400e9, part: { symbol: 'h', length: 3_600e9 }, limit: Infinity },
] as const;

/** What stands where there is no value. */
export const absent = '–';

/**
 * A duration as people say it: `812 ns`, `4.2 µs`, `812 ms`, `2.43 s`, `3 min 12 s`, `2 h 5 min`. An open span's (undefined)
 * and anything that is not a finite number give `–`; a negative one has a true minus sign. What took time is never 0.
 */
export function formatDuration(duration: Nanoseconds | undefined, { digits = 3 }: DurationFormat = {}): string {
  if (duration === undefined || !Number.isFinite(duration)) return absent;
  if (duration === 0) return '0 ms';
  if (duration < 0) return `−${formatPositive(-duration, digits)}`;
  return formatPositive(duration, digits);
}

function formatPositive(duration: Nanoseconds, digits: number): string {
  if (duration < 0.001) return '<0.001 ns';
  for (const { symbol, length } of unitsBelowMinute) {
    const limit = symbol === 's' ? 60 : 1000;
    // Rounding may reach the next unit: 999.6 ms is 1 s, not 1000 ms.
    const value = rounded(duration / length, digits, limit);
    if (value < limit) return `${value} ${symbol}`;
  }
  for (const { symbol, length, part, limit } of longUnits) {
    const inParts = Math.round(duration / part.length) * part.length;
    if (inParts >= limit) continue;
    const whole = Math.floor(inParts / length);
    const rest = Math.round((inParts - whole * length) / part.length);
    return rest === 0 ? `${whole} ${symbol}` : `${whole} ${symbol} ${rest} ${part.symbol}`;
  }
  return absent;
}

/** To so many significant digits, but never less exact than whole units. */
function rounded(value: number, digits: number, limit: number): number {
  if (value >= limit) return value;
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value)));
  return Number(value.toFixed(Math.min(decimals, 20)));
}
