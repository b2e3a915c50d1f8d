import { absent } from './duration.ts';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });

const thousands = [
  { symbol: 'k', size: 1e3 },
  { symbol: 'M', size: 1e6 },
  { symbol: 'B', size: 1e9 },
  { symbol: 'T', size: 1e12 },
] as const;

/** A count of tokens or spans as people say it: `812`, `2.7k`, `12.4k`, `1.25M`. */
export function formatQuantity(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return absent;
  const size = Math.abs(value);
  if (size < 1000) return grouped.format(size < 100 ? value : Math.round(value));
  let at = 0;
  while (at + 1 < thousands.length && size >= thousands[at + 1]!.size * 0.9995) at++;
  const { symbol, size: unit } = thousands[at]!;
  const scaled = value / unit;
  // Three digits count, no zeros behind a point.
  return `${Number(scaled.toPrecision(Math.abs(scaled) >= 1000 ? 4 : 3))}${symbol}`;
}

/** US dollars with the digits that matter: `$12.40`, `$0.08`, `$0.0043`, `<$0.0001`. */
export function formatCost(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return absent;
  if (value === 0) return '$0';
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size >= 1000) return `${sign}$${grouped.format(Math.round(size))}`;
  if (size >= 0.995) return `${sign}$${size.toFixed(2)}`;
  if (size < 0.0001) return `${sign}<$0.0001`;
  const digits = size >= 0.0995 ? 2 : size >= 0.00995 ? 3 : 4;
  return `${sign}$${size.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, '$1')}`;
}

/** A difference with its sign in front, its size written by `format`: `+1.6 s`, `−300 ms`. */
export function formatDifference(value: number, format: (value: number) => string): string {
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;
}
