import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { readAnyValue, readAttributes, writeAnyValue, writeAttributes } from '../../../src/formats/anyValue.ts';
import { base64FromBytes, bytesFromBase64 } from '../../../src/formats/base64.ts';
import type { AttributeValue } from '../../../src/model/details.ts';

describe('an AnyValue is read', () => {
  it.each<[title: string, json: string, value: AttributeValue]>([
    ['as a string', '{"stringValue":"a"}', 'a'],
    ['as an empty string', '{"stringValue":""}', ''],
    ['as an integer in a string', '{"intValue":"42"}', 42],
    ['as an integer in a number', '{"intValue":42}', 42],
    ['as a negative integer', '{"intValue":"-7"}', -7],
    ['as the last integer that a number holds', '{"intValue":"9007199254740991"}', 9007199254740991],
    ['as a bigint beyond it', '{"intValue":"9007199254740993"}', 9007199254740993n],
    ['as a bigint below its opposite', '{"intValue":"-9223372036854775808"}', -9223372036854775808n],
    ['as a Long', '{"intValue":{"low":42,"high":0,"unsigned":false}}', 42],
    ['as a negative Long', '{"intValue":{"low":-7,"high":-1,"unsigned":false}}', -7],
    ['as a Long beyond 2^53', '{"intValue":{"low":1,"high":2097152}}', 9007199254740993n],
    ['as a Long beyond 2^63', '{"intValue":{"low":-1,"high":-1,"unsigned":true}}', 18446744073709551615n],
    ['as an integer with a fraction', '{"intValue":"12.5"}', 12.5],
    ['as text where an integer is none', '{"intValue":"a lot"}', 'a lot'],
    ['as a double', '{"doubleValue":0.5}', 0.5],
    ['as a double in a string', '{"doubleValue":"-1.5e3"}', -1500],
    ['as NaN', '{"doubleValue":"NaN"}', NaN],
    ['as infinity', '{"doubleValue":"Infinity"}', Infinity],
    ['as infinity below zero', '{"doubleValue":"-Infinity"}', -Infinity],
    ['as true', '{"boolValue":true}', true],
    ['as false', '{"boolValue":false}', false],
    ['as false in a string', '{"boolValue":"false"}', false],
    ['as bytes', '{"bytesValue":"3q2+7w=="}', Uint8Array.of(0xde, 0xad, 0xbe, 0xef)],
    ['as bytes in the alphabet for URLs', '{"bytesValue":"3q2-7w"}', Uint8Array.of(0xde, 0xad, 0xbe, 0xef)],
    ['as bytes in a list', '{"bytesValue":[222,173]}', Uint8Array.of(0xde, 0xad)],
    ['as the bytes of a Buffer', '{"bytesValue":{"type":"Buffer","data":[222,173]}}', Uint8Array.of(0xde, 0xad)],
    ['as text where bytes are no base64', '{"bytesValue":"~~~"}', '~~~'],
    ['as no bytes', '{"bytesValue":""}', new Uint8Array(0)],
    ['as a list', '{"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"},{}]}}', ['a', 1, null]],
    ['as a list without values', '{"arrayValue":{}}', []],
    ['as a list without a wrapping', '{"arrayValue":[{"stringValue":"a"}]}', ['a']],
    ['as a map', '{"kvlistValue":{"values":[{"key":"a","value":{"boolValue":true}}]}}', { a: true }],
    ['as a map without values', '{"kvlistValue":{}}', {}],
    ['as a map of an object', '{"kvlistValue":{"values":{"a":{"intValue":"1"}}}}', { a: 1 }],
    ['as null', '{}', null],
    ['as null where every field is', '{"stringValue":null}', null],
    ['in snake_case', '{"array_value":{"values":[{"string_value":"a"},{"int_value":"1"}]}}', ['a', 1]],
    ['as Go prints it', '{"Value":{"ArrayValue":{"values":[{"Value":{"StringValue":"a"}}]}}}', ['a']],
    ['beside empty lists', '{"stringValue":"a","arrayValue":{},"kvlistValue":{}}', 'a'],
    ['after empty lists', '{"arrayValue":{"values":[]},"kvlistValue":{},"doubleValue":200}', 200],
    ['with a field that is not known', '{"stringValue":"a","stringValueStrindex":0}', 'a'],
    ['with another type than its field says', '{"stringValue":5}', 5],
    ['with an object where its field says text', '{"stringValue":{"a":1}}', { a: 1 }],
    ['as a bare string', '"a"', 'a'],
    ['as a bare number', '0.25', 0.25],
    ['as a bare null', 'null', null],
    ['as a bare list', '["a",{"intValue":"1"}]', ['a', 1]],
    ['as a bare object', '{"Value":"a","nested":{"stringValue":"b"}}', { Value: 'a', nested: 'b' }],
  ])('%s', (_, json, value) => {
    expect(readAnyValue(JSON.parse(json))).toStrictEqual(value);
  });

  it('as null where JavaScript has what JSON has not', () => {
    for (const value of [undefined, Symbol('a'), () => 1]) expect(readAnyValue(value)).toBeNull();
  });
});

describe('attributes are read', () => {
  it('with keys that objects have by birth, and with none', () => {
    const list = JSON.parse(
      '[{"key":"__proto__","value":{"stringValue":"a"}},{"key":"constructor","value":{"stringValue":"b"}},{"key":"toString"},{"value":{"intValue":"1"}},7,null]',
    );
    const attributes = readAttributes(list);
    expect(Object.entries(attributes)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', null],
      ['', 1],
    ]);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });

  it('from an object, whose values may be wrapped or not', () => {
    const attributes = readAttributes(JSON.parse('{"a":1,"b":{"stringValue":"x"},"__proto__":{"c":true}}'));
    expect(Object.entries(attributes)).toEqual([
      ['a', 1],
      ['b', 'x'],
      ['__proto__', { c: true }],
    ]);
  });

  it('with a list of all values where a key comes again with another', () => {
    const list = (...texts: string[]) => texts.map((stringValue) => ({ key: '__proto__', value: { stringValue } }));
    expect(Object.entries(readAttributes(list('a', 'a')))).toEqual([['__proto__', 'a']]);
    expect(Object.entries(readAttributes(list('a', 'a', 'b', 'c')))).toEqual([['__proto__', ['a', 'b', 'c']]]);
  });

  it('as none from what is none', () => {
    for (const value of [undefined, null, 'a', 7]) expect(readAttributes(value)).toEqual({});
  });
});

describe('a value nested too deeply', () => {
  const nested = (levels: number, open: string, close: string) =>
    JSON.parse(`${open.repeat(levels)}{"stringValue":"core"}${close.repeat(levels)}`);

  it.each([
    ['a list', '{"arrayValue":{"values":[', ']}}'],
    ['a map', '{"kvlistValue":{"values":[{"key":"k","value":', '}]}}'],
    ['a bare list', '[', ']'],
    ['a bare object', '{"k":', '}'],
    ['a field of the wrong type', '{"stringValue":', '}'],
  ])('is JSON text below a hundred levels: %s', (_, open, close) => {
    const value = readAnyValue(nested(50_000, open, close));
    const [levels, inmost] = unwrapped(value);
    expect(levels).toBeLessThanOrEqual(101);
    expect(inmost).toContain('"core"');
    expect((inmost as string).split(open).length).toBeGreaterThan(49_800);
  });

  it('keeps its text when it is written and read again', () => {
    const value = readAnyValue(nested(300, '[', ']'));
    expect(readAnyValue(writeAnyValue(value))).toEqual(value);
  });

  it('is a value down to the hundredth level, and text from there', () => {
    for (const [levels, inmost] of [
      [101, 'core'],
      [102, '[{"stringValue":"core"}]'],
    ] as const) {
      expect(unwrapped(readAnyValue(nested(levels, '{"arrayValue":{"values":[', ']}}')))).toEqual([101, inmost]);
    }
  });

  it('is written as text too', () => {
    let value: AttributeValue = 'core';
    for (let level = 0; level < 50_000; level++) value = level % 2 ? [value] : { k: value };
    expect(() => JSON.stringify(writeAnyValue(value))).not.toThrow();
    expect(unwrapped(readAnyValue(writeAnyValue(value)))[1]).toContain('"core"');
  });
});

/** How often the value holds one other, and the one in the middle. */
function unwrapped(value: AttributeValue): [levels: number, inmost: AttributeValue] {
  let levels = 0;
  let inmost = value;
  while (typeof inmost === 'object' && inmost !== null) {
    inmost = Object.values(inmost)[0] as AttributeValue;
    levels++;
  }
  return [levels, inmost];
}

describe('an AnyValue is written', () => {
  it.each<[json: string, value: AttributeValue]>([
    ['{"stringValue":"a"}', 'a'],
    ['{"intValue":"42"}', 42],
    ['{"intValue":"9007199254740993"}', 9007199254740993n],
    ['{"doubleValue":0.5}', 0.5],
    ['{"doubleValue":1e+300}', 1e300],
    ['{"doubleValue":"NaN"}', NaN],
    ['{"doubleValue":"-Infinity"}', -Infinity],
    ['{"boolValue":true}', true],
    ['{}', null],
    ['{"bytesValue":"3q2+7w=="}', Uint8Array.of(0xde, 0xad, 0xbe, 0xef)],
    ['{"arrayValue":{"values":[]}}', []],
    ['{"arrayValue":{"values":[{"stringValue":"a"},{}]}}', ['a', null]],
    ['{"kvlistValue":{"values":[{"key":"stringValue","value":{"stringValue":"a"}}]}}', { stringValue: 'a' }],
  ])('as %s', (json, value) => {
    expect(JSON.stringify(writeAnyValue(value))).toBe(json);
  });

  it('so that any value comes back', () => {
    const random = createRandom(7);
    for (let round = 0; round < 500; round++) {
      const value = randomValue(random, 4);
      expect(readAnyValue(JSON.parse(JSON.stringify(writeAnyValue(value))))).toStrictEqual(value);
    }
  });

  it('under keys that objects have by birth', () => {
    const attributes = JSON.parse('{"__proto__":1,"constructor":{"__proto__":[]},"a~2":"b"}');
    const read = readAttributes(JSON.parse(JSON.stringify(writeAttributes(attributes))));
    expect(JSON.stringify(read)).toBe(JSON.stringify(attributes));
  });
});

function randomValue(random: Random, depth: number): AttributeValue {
  const scalars: (() => AttributeValue)[] = [
    () => random.pick(['', 'a', '42', 'NaN', '{}', 'ünï\u0000']),
    () => random.int(-5, 5),
    () => random.unit(),
    () => random.pick([NaN, Infinity, -Infinity, 2 ** 53 - 1, 1e21, 5e-324]),
    () => BigInt(random.pick([1, -1])) * 2n ** BigInt(random.int(53, 62)),
    () => random.chance(0.5),
    () => null,
    () => Uint8Array.from({ length: random.int(0, 9) }, () => random.int(0, 255)),
  ];
  if (depth === 0 || random.chance(0.5)) return random.pick(scalars)();
  const items = Array.from({ length: random.int(0, 4) }, () => randomValue(random, depth - 1));
  if (random.chance(0.5)) return items;
  const keys = ['a', 'stringValue', 'values', 'Value', '__proto__', 'low'];
  return Object.fromEntries(items.map((item) => [random.pick(keys), item]));
}

describe('base64', () => {
  it('is what Node makes of it', () => {
    const random = createRandom(3);
    for (let length = 0; length < 60; length++) {
      const bytes = Uint8Array.from({ length }, () => random.int(0, 255));
      const text = Buffer.from(bytes).toString('base64');
      expect(base64FromBytes(bytes)).toBe(text);
      expect(bytesFromBase64(text)).toEqual(bytes);
      expect(bytesFromBase64(Buffer.from(bytes).toString('base64url'))).toEqual(bytes);
    }
  });

  it('is not read from other text', () => {
    for (const text of ['a', 'abc!', 'ab=', 'abc==', 'ab==c', '====', 'äöü=']) {
      expect(bytesFromBase64(text)).toBeUndefined();
    }
  });
});
