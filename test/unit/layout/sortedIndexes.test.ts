import { expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import { sortedIndexes } from '../../../src/layout/sortedIndexes.ts';

const special = [0, -0, NaN, Infinity, -Infinity, 1e-310, -1e-310, 2 ** 53, -(2 ** 53), 0.1, -0.1];

it('sorts as a stable sort with a comparison does, unknown values last, over random numbers of every kind', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = createRandom(seed);
    const values = Float64Array.from({ length: random.int(0, 200) }, () =>
      random.int(0, 3) === 0 ? random.pick(special) : random.int(-5, 5) * 10 ** random.int(-3, 12),
    );
    const rows = Int32Array.from([...values.keys()].filter(() => random.int(0, 2) > 0).reverse());
    for (const isDescending of [false, true]) {
      for (const given of [undefined, rows]) {
        const expected = [...(given ?? values.keys())].sort((one, other) => {
          const [a, b] = [values[one]!, values[other]!];
          const isUnknown = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
          if (isUnknown !== 0 || a === b || Number.isNaN(a)) return isUnknown;
          return (a < b ? -1 : 1) * (isDescending ? -1 : 1);
        });
        expect([...sortedIndexes(values, isDescending, given)], `seed ${seed}`).toEqual(expected);
      }
    }
  }
});
