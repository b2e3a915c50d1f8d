import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { SpanIdColumn, SpanIdIndex } from '../../../src/model/spanIds.ts';

const oddIds = [
  '',
  'ABCDEF0123456789',
  '0000000000000000',
  'span-1',
  '__proto__',
  'é'.repeat(16),
  '0123456789abcdeg',
  'a',
];

function columnOf(ids: readonly (string | undefined)[]): SpanIdColumn {
  const column = new SpanIdColumn();
  for (const id of ids) column.push(id);
  return column;
}

function randomId(random: Random): string | undefined {
  if (random.chance(0.1)) return undefined;
  // Few different ones, so that some repeat.
  return random
    .int(1, 40)
    .toString(16)
    .padStart(16, random.pick(['0', 'f']));
}

describe('SpanIdColumn', () => {
  it('gives every id back exactly as it was written', () => {
    const ids = ['00f067aa0ba902b7', undefined, 'ffffffffffffffff', '0000000000000001', '8000000000000000'];
    expect(ids.map((_, row) => columnOf(ids).at(row))).toEqual(ids);
    for (const odd of oddIds) {
      const mixed = [...ids, odd, ...ids];
      expect(mixed.map((_, row) => columnOf(mixed).at(row))).toEqual(mixed);
    }
  });

  it('knows which rows have an id', () => {
    for (const ids of [
      ['00f067aa0ba902b7', undefined],
      ['span-1', undefined],
    ]) {
      expect(ids.map((_, row) => columnOf(ids).hasId(row))).toEqual([true, false]);
    }
  });

  it('compares and hashes equal ids alike, also between a column of hexadecimal ids and one of others', () => {
    const hexadecimal = columnOf(['00f067aa0ba902b7', '00f067aa0ba902b8']);
    const others = columnOf(['span-1', '00f067aa0ba902b7']);
    expect(hexadecimal.equals(0, others, 1)).toBe(true);
    expect(hexadecimal.equals(1, others, 1)).toBe(false);
    expect(hexadecimal.hashAt(0, 7)).toBe(others.hashAt(1, 7));
  });

  it('comes in another order', () => {
    for (const ids of [
      ['00f067aa0ba902b7', undefined, 'ffffffffffffffff'],
      ['b', undefined, 'a'],
    ]) {
      const permuted = columnOf(ids).permuted(Int32Array.of(2, 0, 1));
      expect([0, 1, 2].map((row) => permuted.at(row))).toEqual([ids[2], ids[0], ids[1]]);
      expect(permuted.length).toBe(3);
    }
  });
});

describe('SpanIdIndex', () => {
  it('finds the first row of every id and none of others, as a search through all of them does', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = createRandom(seed);
      const ids = Array.from({ length: random.int(0, 120) }, () => {
        return random.chance(seed % 2 === 0 ? 0 : 0.1) ? random.pick(oddIds) : randomId(random);
      });
      const column = columnOf(ids);
      const index = new SpanIdIndex(column);
      ids.forEach((id, row) => {
        const first = ids.indexOf(id);
        expect(index.add(row), `seed ${seed}`).toBe(id === undefined || first === row ? -1 : first);
      });
      const asked = [...ids.filter((id) => id !== undefined), ...oddIds, '00000000000000ff'];
      const askedColumn = columnOf(asked);
      asked.forEach((id, row) => {
        expect(index.find(id), `seed ${seed}: ${id}`).toBe(ids.indexOf(id));
        expect(index.findSame(askedColumn, row), `seed ${seed}: ${id}`).toBe(ids.indexOf(id));
      });
    }
  });

  it('goes with its ids into another order', () => {
    const ids = ['a', 'b', 'c', 'd'];
    const column = columnOf(ids);
    const index = new SpanIdIndex(column);
    ids.forEach((_, row) => {
      index.add(row);
    });
    const order = Int32Array.of(3, 1, 0, 2);
    const newRow = Int32Array.of(2, 1, 3, 0);
    const remapped = index.remapped(column.permuted(order), newRow);
    expect(ids.map((id) => remapped.find(id))).toEqual([2, 1, 3, 0]);
    expect(remapped.find('e')).toBe(-1);
  });

  it('is not slowed down by ids that were made to meet in one slot', () => {
    const count = 100_000;
    // With a hash that is the same everywhere (here high ^ low · 0x9e3779b1) a file can hold ids that all have the same.
    const ids = Array.from({ length: count }, (_, low) => {
      const high = Math.imul(low + 1, 0x9e3779b1) >>> 0;
      return high.toString(16).padStart(8, '0') + (low + 1).toString(16).padStart(8, '0');
    });
    const index = new SpanIdIndex(columnOf(ids));
    // At one slot these are five thousand million steps.
    for (let row = 0; row < count; row++) if (index.add(row) >= 0) throw new Error(`${ids[row]} was found twice`);
    expect(index.find(ids[count - 1]!)).toBe(count - 1);
  });

  it('has another order of slots in each table, for texts too', () => {
    const column = columnOf(Array.from({ length: 50 }, (_, at) => `span ${at}`));
    const orders = Array.from({ length: 3 }, () => {
      const index = new SpanIdIndex(column);
      for (let row = 0; row < column.length; row++) index.add(row);
      return String(index.packed().slots);
    });
    expect(new Set(orders).size).toBeGreaterThan(1);
  });
});
