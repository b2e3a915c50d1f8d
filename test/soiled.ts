import type { Random } from '../samples/index.ts';

/** What stands in the place of a value where a writer, a tool in between or somebody hostile was at work. */
const junk: readonly unknown[] = [
  ...[null, undefined, true, 0, -1, 1e300, NaN, '', '0', 'text', '{', '2026-02-31T00:00:00', '9'.repeat(40), 7n],
  ...[[], [null], [[]], {}, { toString: 1 }, { ['__proto__']: { a: 1 } }, { key: 1, value: {} }],
  ...[new Date(NaN), new Date(0), new Uint8Array(3), Object.create(null), () => 1, Symbol('s'), new Map()],
];

/** A copy in which each part is junk with the given odds. */
export function soiled(value: unknown, random: Random, odds: number): unknown {
  if (random.chance(odds)) return junk[random.int(0, junk.length - 1)];
  if (Array.isArray(value)) return value.map((item) => soiled(item, random, odds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, soiled(item, random, odds)]));
}
