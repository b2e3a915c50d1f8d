import { expect, it } from 'vitest';
import { createRandom } from '../../../samples/index.ts';
import type { AttributeValue } from '../../../src/model/details.ts';
import { hasMoreEntries, JsonSearch } from '../../../src/react/jsonSearch.ts';

function found(value: object, query: string): string[] {
  const search = new JsonSearch(value as Record<string, AttributeValue>, query);
  while (search.run(1));
  return Array.from({ length: search.matchCount }, (_, at) => search.matchAt(at)!.join('/'));
}

/** Slow and obvious: every entry, by recursion. */
function foundSlowly(value: AttributeValue, query: string, path: number[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner], position) => {
    const here = [...path, position];
    const isMatch =
      (!Array.isArray(value) && key.toLowerCase().includes(query)) ||
      (typeof inner !== 'object' && String(inner).toLowerCase().includes(query));
    return [...(isMatch ? [here.join('/')] : []), ...foundSlowly(inner as AttributeValue, query, here)];
  });
}

it('finds keys, texts and numbers, upper and lower case alike', () => {
  const value = { Query: 'cheap flights', list: [{ airline: 'TP' }, 42, null, true], note: 'CHEAP' };
  expect(found(value, 'cheap')).toEqual(['0', '2']);
  expect(found(value, 'query')).toEqual(['0']);
  expect(found(value, 'tp')).toEqual(['1/0/0']);
  expect(found(value, '42')).toEqual(['1/1']);
  expect(found(value, 'nothing like it')).toEqual([]);
});

it('finds what a walk of every entry finds', () => {
  const random = createRandom(7);
  const words = ['ab', 'bc', 'Cab', 'x'];
  const make = (depth: number): AttributeValue => {
    const kind = random.int(0, depth === 0 ? 1 : 3);
    if (kind === 0) return random.pick(words);
    if (kind === 1) return random.int(0, 99);
    const inner = Array.from({ length: random.int(0, 4) }, () => make(depth - 1));
    return kind === 2 ? inner : Object.fromEntries(inner.map((value, at) => [`${random.pick(words)}${at}`, value]));
  };
  for (let round = 0; round < 200; round++) {
    const value = { root: make(4) };
    expect(found(value, 'ab')).toEqual(foundSlowly(value, 'ab'));
  }
});

it('walks a million items in slices, and stops at ten thousand matches', () => {
  const search = new JsonSearch({ list: new Array(1_000_000).fill('same') }, 'same');
  let clock = 0;
  expect(search.run(1, () => clock++)).toBe(true);
  while (search.run(8));
  expect(search.isCut).toBe(true);
  expect(search.matchCount).toBe(10_000);
});

it('overflows no stack at 100,000 levels, and is not caught by a value that holds itself', () => {
  let deep: AttributeValue = 'bottom';
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(found({ deep }, 'bottom')).toHaveLength(1);
  const round: Record<string, unknown> = { name: 'loop' };
  round.self = round;
  expect(found(round, 'loop')).toEqual(['0']);
});

it('counts entries no further than it is asked', () => {
  expect(hasMoreEntries({ a: 1, b: [1, 2] }, 4)).toBe(false);
  expect(hasMoreEntries({ a: 1, b: [1, 2] }, 3)).toBe(true);
  expect(hasMoreEntries(new Array(1_000_000).fill(0), 40)).toBe(true);
});

it('keeps the places of matches in ten thousand levels without a copy of each', () => {
  let value: AttributeValue = 'end';
  for (let level = 0; level < 20_000; level++) value = { next: value };
  const search = new JsonSearch(value as unknown as Record<string, AttributeValue>, 'next');
  while (search.run(5));
  expect(search.matchCount).toBe(10_000);
  expect(search.matchAt(9_999)).toHaveLength(10_000);
});
