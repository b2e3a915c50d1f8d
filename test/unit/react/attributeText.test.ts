import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/random.ts';
import type { AttributeValue } from '../../../src/model/details.ts';
import {
  foldedLength,
  hexText,
  jsonText,
  needsQuotes,
  parseJsonContainer,
  previewText,
  textPrefix,
  valueText,
  webAddress,
} from '../../../src/react/attributeText.ts';

describe('jsonText', () => {
  it('writes what JSON.stringify writes with two spaces, for any value that JSON can hold', () => {
    const random = createRandom(7);
    for (let round = 0; round < 300; round++) {
      const value = randomValue(random, 5);
      expect(jsonText(value)).toBe(JSON.stringify(value, null, 2));
    }
  });

  it('writes integers beyond 2^53 digit for digit and bytes as hex', () => {
    expect(jsonText({ id: 9007199254740993123n, key: new Uint8Array([222, 173]) })).toBe(
      '{\n  "id": 9007199254740993123,\n  "key": "de ad"\n}',
    );
  });

  it('writes 100,000 levels without overflowing the stack', () => {
    let value: AttributeValue = 1;
    for (let level = 0; level < 100_000; level++) value = [value];
    const text = jsonText(value);
    expect(text.replace(/[^[]/g, '')).toHaveLength(100_000);
    expect(text.length).toBeLessThan(20_000_000);
  });

  it('stops at an object that holds itself, and writes one twice that stands in two places', () => {
    const circle: Record<string, AttributeValue> = { a: 1 };
    circle.self = circle;
    expect(JSON.parse(jsonText(circle))).toEqual({ a: 1, self: '[circular]' });
    const shared = { b: 2 };
    expect(JSON.parse(jsonText([shared, shared]))).toEqual([{ b: 2 }, { b: 2 }]);
  });

  it('keeps a key __proto__', () => {
    expect(jsonText(JSON.parse('{"__proto__": {"x": 1}}'))).toBe('{\n  "__proto__": {\n    "x": 1\n  }\n}');
  });
});

describe('parseJsonContainer', () => {
  it('finds objects and lists in texts, and nothing in texts that only look like them', () => {
    expect(parseJsonContainer(' {"a": [1]} ')).toEqual({ a: [1] });
    expect(parseJsonContainer('[]')).toEqual([]);
    for (const text of ['', '{', '{}x', "{'a': 1}", '"{}"', '12', '[1, 2', '[see the notes]']) {
      expect(parseJsonContainer(text)).toBeUndefined();
    }
  });

  it('keeps every digit of a long integer', () => {
    expect(parseJsonContainer('{"id": 9007199254740993123, "n": [1, 1.5e3, -12345678901234567890]}')).toEqual(
      // Engines that do not hand over the digits round them.
      'source' in contextOfReviver()
        ? { id: 9007199254740993123n, n: [1, 1500, -12345678901234567890n] }
        : { id: 9007199254740993000, n: [1, 1500, -12345678901234567000] },
    );
  });

  it('reads 5,000 levels', () => {
    const text = `${'['.repeat(5000)}9007199254740993123${']'.repeat(5000)}`;
    expect(parseJsonContainer(text)).toHaveLength(1);
  });
});

function contextOfReviver(): object {
  let found: object = {};
  JSON.parse('1', function (this: unknown, _key: string, value: unknown, context?: object) {
    found = context ?? {};
    return value;
  } as (key: string, value: unknown) => unknown);
  return found;
}

describe('texts', () => {
  it('become links only where they are an http or https address and nothing else', () => {
    expect(webAddress('https://example.com/a?b=c#d')).toBe('https://example.com/a?b=c#d');
    expect(webAddress('HTTP://example.com')).toBe('http://example.com/');
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'see https://example.com',
      'https://',
      'ftp://a.b',
    ]) {
      expect(webAddress(text)).toBeUndefined();
    }
  });

  it('are quoted where they would pass for something else', () => {
    expect(['42', '-1e3', 'true', 'null', '', ' x'].map(needsQuotes)).toEqual(Array(6).fill(true));
    expect(['gpt-4', '1.2.3', 'True story', 'x'].map(needsQuotes)).toEqual(Array(4).fill(false));
  });

  it('are not cut in the middle of a character', () => {
    expect(textPrefix('a👍b', 2)).toBe('a');
    expect(textPrefix('a👍b', 3)).toBe('a👍');
  });

  it('fold after so many lines or characters, whichever comes first', () => {
    const lines = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    expect(lines.slice(0, foldedLength(lines, 400, 6)).split('\n')).toHaveLength(6);
    expect(foldedLength('x'.repeat(5000), 400, 6)).toBe(400);
  });

  it('do not fold where a button would take as much room as what it hides', () => {
    expect(foldedLength('x'.repeat(450), 400, 6)).toBe(450);
    expect(foldedLength('1\n2\n3\n4\n5\n6\n7', 400, 6)).toBe(13);
    expect(foldedLength('1\n2\n3\n4\n5\n6\n7\n8', 400, 6)).toBe(11);
  });

  it('stand for values as they are copied', () => {
    expect(['text', 1, true, null, 12n, new Uint8Array([1, 255])].map(valueText)).toEqual([
      'text',
      '1',
      'true',
      'null',
      '12',
      '01 ff',
    ]);
    expect(hexText(new Uint8Array())).toBe('');
  });

  it('tell in one line what is in an object', () => {
    expect(previewText({ role: 'user', parts: [{}], n: 1, none: [], deep: { a: 1 }, more: 1 })).toBe(
      '{role: "user", parts: […], n: 1, none: [], deep: {…}, …}',
    );
    expect(previewText(['a\nb', 'x'.repeat(100)])).toBe(`["a b", "${'x'.repeat(32)}…"]`);
  });
});

function randomValue(random: ReturnType<typeof createRandom>, depth: number): AttributeValue {
  const kind = Math.floor(random.unit() * (depth > 0 ? 7 : 4));
  const size = Math.floor(random.unit() * 4);
  if (kind === 0) return null;
  if (kind === 1) return random.unit() < 0.5;
  if (kind === 2) return Math.round(random.unit() * 1e6) / 100;
  if (kind === 3) return `"${random.hex(4)}\n\u2028`;
  if (kind === 4) return Array.from({ length: size }, () => randomValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [random.hex(3), randomValue(random, depth - 1)]));
}
