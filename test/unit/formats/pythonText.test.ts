import { describe, expect, it } from 'vitest';
import { fromPythonText, toPythonText } from '../../../src/formats/pythonText.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';

describe('structures as Python writes them', () => {
  it.each([
    ["{'type': 'react', 'max_iterations': 6}", { type: 'react', max_iterations: 6 }],
    ["['query', 'limit']", ['query', 'limit']],
    ['{}', {}],
    ['[]', []],
    ['[True, False, None]', [true, false, null]],
    ['[0.7, -1, 1e+20, 1e-07]', [0.7, -1, 1e20, 1e-7]],
    ["[\"it's\", 'say \"no\"', 'both \\' and \"']", ["it's", 'say "no"', 'both \' and "']],
    [
      "['line\\nbreak', 'tab\\t', 'back\\\\slash', 'é', '\\x00', '\\u200b']",
      ['line\nbreak', 'tab\t', 'back\\slash', 'é', '\0', '\u200b'],
    ],
    ["{'a': {'b': [{'c': 1}]}}", { a: { b: [{ c: 1 }] } }],
    ['[123456789012345678901]', [123456789012345678901n]],
  ])('%s', (text, value) => {
    expect(toPythonText(value)).toBe(text);
    expect(fromPythonText(text)).toEqual(value);
  });
});

it.each([
  'plain text',
  '["json", "text"]',
  '{"json": true}',
  "{'unclosed': 1",
  "['spaced' , 'oddly']",
  '[1.0]',
  "{1: 'number as key'}",
  '[1, 2,]',
  "__import__('os')",
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
])('leaves a text alone that Python would not have written so: %s', (text) => {
  expect(fromPythonText(text)).toBe(text);
});

it('takes a key __proto__ as a key', () => {
  const value = fromPythonText("{'__proto__': {'x': 1}}") as object;
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(({} as { x?: number }).x).toBeUndefined();
});

it('is not led into depth or long waits by a text', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
  expect(toPythonText(fromPythonText(nested(100)))).toBe(nested(100));
  expect(fromPythonText(nested(100))).not.toBe(nested(100));
  expect(fromPythonText(nested(1_000_000))).toBe(nested(1_000_000));
  const list = `[${Array.from({ length: 200_000 }, (_, n) => `'${n}\\n'`).join(', ')}]`;
  expect(fromPythonText(list)).toHaveLength(200_000);
  const digits = `[${'9'.repeat(200_000)}]`;
  expect(toPythonText(fromPythonText(digits))).toBe(digits);
});

it('reads what it wrote as the same value, whatever that is', () => {
  for (let seed = 1; seed <= 300; seed++) {
    for (const span of randomDetailedTrace(seed)) {
      for (const value of Object.values(span.attributes)) {
        if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
        expect(fromPythonText(toPythonText(value))).toEqual(value);
      }
    }
  }
});
