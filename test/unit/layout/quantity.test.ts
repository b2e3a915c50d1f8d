import { expect, it } from 'vitest';
import { formatCost, formatQuantity } from '../../../src/layout/quantity.ts';

it('writes counts as people say them, with three digits that count', () => {
  const values = [0, 7, 812, 999, 1000, 2_700, 12_400, 999_499, 999_500, 1_250_000, 3e9, 5e15, Number.NaN, undefined];
  expect(values.map(formatQuantity)).toEqual([
    '0',
    '7',
    '812',
    '999',
    '1k',
    '2.7k',
    '12.4k',
    '999k',
    '1M',
    '1.25M',
    '3B',
    '5000T',
    '–',
    '–',
  ]);
});

it('writes money with the digits that matter, and never nothing for something', () => {
  const values = [0, 0.00003, 0.0043, 0.014, 0.08, 0.5, 1, 12.4, 1234.56, Number.NaN, undefined];
  expect(values.map(formatCost)).toEqual([
    '$0',
    '<$0.0001',
    '$0.0043',
    '$0.014',
    '$0.08',
    '$0.50',
    '$1.00',
    '$12.40',
    '$1,235',
    '–',
    '–',
  ]);
});
