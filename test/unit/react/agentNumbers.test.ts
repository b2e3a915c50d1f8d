import { expect, it } from 'vitest';
import { formatCost, formatRate, formatTokens, usageParts } from '../../../src/react/agentNumbers.ts';

const noUsage = {
  input: undefined,
  output: undefined,
  total: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  reasoning: undefined,
};

it('says tokens with three digits, and what is not known with a dash', () => {
  const said = [0, 7, 812, 999, 1000, 2740, 9996, 12_431, 128_000, 999_499, 999_500, 1_350_000].map(formatTokens);
  expect(said).toEqual(['0', '7', '812', '999', '1k', '2.74k', '10k', '12.4k', '128k', '999k', '1M', '1.35M']);
  expect(formatTokens(undefined)).toBe('–');
});

it('says money with the digits that matter', () => {
  const said = [0, 0.00000123, 0.00012, 0.0043, 0.014, 0.08, 0.5, 0.996, 12.4, 1234.5].map(formatCost);
  expect(said).toEqual([
    '$0',
    '$0.0000012',
    '$0.00012',
    '$0.0043',
    '$0.014',
    '$0.08',
    '$0.50',
    '$1.00',
    '$12.40',
    '$1,235',
  ]);
  expect(formatCost(undefined)).toBe('–');
  expect(formatRate(3.14)).toBe('3.1 tokens/s');
  expect(formatRate(98.4)).toBe('98 tokens/s');
});

it('splits tokens into parts that do not overlap and add up to what is known', () => {
  expect(usageParts({ ...noUsage, input: 1000, output: 300, total: 1300, cacheRead: 600, reasoning: 100 })).toEqual([
    { of: 'cacheRead', tokens: 600 },
    { of: 'input', tokens: 400 },
    { of: 'reasoning', tokens: 100 },
    { of: 'output', tokens: 200 },
  ]);
  expect(usageParts({ ...noUsage, total: 50 })).toEqual([{ of: 'unsplit', tokens: 50 }]);
  expect(usageParts({ ...noUsage, input: 10, cacheRead: 40 })).toEqual([{ of: 'cacheRead', tokens: 40 }]);
  expect(usageParts(noUsage)).toEqual([]);
});
