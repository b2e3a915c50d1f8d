import { expect, it } from 'vitest';
import { csvText } from '../../../src/text/csv.ts';

it('quotes what needs quotes, ends lines as RFC 4180 does, and leaves what is unknown empty', () => {
  expect(
    csvText([
      ['name', 'n'],
      ['a, "b"\nc', 1.5],
      [undefined, Number.NaN],
    ]),
  ).toBe('name,n\r\n"a, ""b""\nc",1.5\r\n,\r\n');
});

it('lets no text of a trace be a formula, and numbers below zero be numbers', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1', '\n@x']) {
    expect(csvText([[text]]).replace(/^"/, '')[0], text).toBe("'");
  }
  expect(csvText([[-1, 'a=b', 'tool:search']])).toBe('-1,a=b,tool:search\r\n');
});
