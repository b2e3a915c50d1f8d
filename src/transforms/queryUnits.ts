import type { Nanoseconds } from '../model/time.ts';

/** The units of a time in a query, the longest first. */
const units: readonly (readonly [symbol: string, length: Nanoseconds])[] = [
  ['h', 3_600e9],
  ['m', 60e9],
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];

const lengths = new Map<string, Nanoseconds>([...units, ['µs', 1e3], ['μs', 1e3], ['min', 60e9]]);

/** What a person may write after a number, for messages. */
export const unitNames = 'ns, us (µs), ms, s, m, h';

const decimal = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:e[+-]?\d{1,3})?$/i;

/** A decimal number as a query has it; undefined for anything else, hexadecimal and infinity too. */
export function parseDecimal(text: string): number | undefined {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value + 0 : undefined;
}

/**
 * `100ms`, `1.5s`, `-3us` in nanoseconds; a 0 needs no unit. Undefined where it is no time, `'no-unit'` for a bare number.
 * Fifteen digits count, so that `1.1ms` is 1,100,000 ns and not one binary fraction more.
 */
export function parseTime(text: string): Nanoseconds | 'no-unit' | undefined {
  const symbol = /[a-zµμ]*$/i.exec(text)![0];
  const number = parseDecimal(text.slice(0, text.length - symbol.length));
  if (number === undefined) return undefined;
  if (symbol === '') return number === 0 ? 0 : 'no-unit';
  const length = lengths.get(symbol.toLowerCase());
  if (length === undefined) return undefined;
  const time = Number((number * length).toPrecision(15)) + 0;
  return Number.isFinite(time) ? time : undefined;
}

/** The shortest way to write a time that `parseTime` reads as the same number: in the longest unit that it is a whole of. */
export function printTime(time: Nanoseconds): string {
  if (time === 0) return '0ns';
  for (const [symbol, length] of units) {
    const text = `${time / length}${symbol}`;
    if (Number.isInteger(time / length) && parseTime(text) === time) return text;
  }
  return `${time}ns`;
}
