import { describe, expect, it } from 'vitest';
import { createRandom, large } from '../../../samples/index.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { JsonDocument } from '../../../src/read/jsonDocument.ts';
import { randomJson } from '../../randomJson.ts';

/** The oracle; of the bytes, as damage may leave half a surrogate pair. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)),
    );
    return typeof value === 'object' && value !== null ? value : 'refused';
  } catch {
    return 'refused';
  }
}

/** Reads text in pieces; batches and elements so short that even small values are put together from many. */
function streamed(text: string, pieceLength: number, lengths: { batch: number; longestElement: number }): unknown {
  const bytes = new TextEncoder().encode(text);
  const source = new ByteSource();
  const document = new JsonDocument(source, lengths);
  for (let from = 0; from < bytes.length; from += pieceLength) {
    source.append(bytes.subarray(from, from + pieceLength));
    if (document.advance(source.length) === 'refused') return 'refused';
  }
  return document.advance(source.length) === 'whole' ? document.value : 'refused';
}

/** Keys in order too, which `toEqual` does not look at, and `__proto__` as what it is. */
function written(value: unknown): string {
  return JSON.stringify(value);
}

const lengthsTried = [
  { batch: 1, longestElement: 1 },
  { batch: 7, longestElement: 20 },
  { batch: 64, longestElement: 64 },
  { batch: 1024, longestElement: 4096 },
];

describe('a JSON document that comes in pieces', () => {
  it('is what JSON.parse makes of it whole, or is refused where JSON.parse refuses it', () => {
    const texts = [
      ...['{}', '[]', ' [ ] ', '{"a":[]}', '[[],{}]', '[1,2,3]', '{"a":1,"b":2,"a":3}', '{"a":[1],"a":[2,3]}'],
      ...['{"__proto__":{"x":1},"b":[{"__proto__":[1,2,3]}]}', '{"2":1,"1":2,"a":{"10":1,"9":[1]}}', '["\\"]","\\\\"]'],
      ...['{"}":"]","[":"{,"}', '[1,]', '[,1]', '[1,,2]', '{"a":1,}', '{,"a":1}', '[1 2]', '{"a" 1}', '{"a":}', '[1}'],
      ...['{"a":[1,2}', '[{"a":1]]', '[[1],[2],[3]', '[[1]] x', '[[1]],', '[[1]][2]', '[[1][2]]', '[[1]2]', '[{}[]]'],
      ...[
        '{"a":[1]"b":2}',
        '{"a":[1],}',
        '{"a":[1],,"b":2}',
        '[[1],]',
        '[[1],,[2]]',
        '[,[1]]',
        '{"a":{"b":[1,2]},"c":3}',
      ],
      ...[
        '"text"',
        '1',
        '',
        ' ',
        '[1]\u00a0',
        '[\u00a01]',
        '["\u0001"]',
        '["ä€𝄞", "\\ud834\\udd1e", "\\ud834"]',
        '[-0, 1e400, 1e-400]',
      ],
      ...[
        '[01]',
        '[1.]',
        '[NaN]',
        "['a']",
        '["a\nb"]',
        '[tru',
        '["abc',
        '{"a',
        '{"a":',
        '[{"a":{"b":{"c":[[[[1]]]]}}}]',
      ],
      ...[
        '\ufeff[1]',
        '[1]\n[2]',
        '{"a" :\n[ 1 ,\t2 ] , "b" : { } }',
        '["\\u00zz"]',
        '["\\x"]',
        '{"\\"a\\\\":[[1,2],[3,4]]}',
      ],
    ];
    for (const text of texts) {
      for (const lengths of lengthsTried) {
        for (const pieceLength of [1, 2, 3, 5, 1000]) {
          const what = `${text} in pieces of ${pieceLength}, batches of ${lengths.batch}`;
          expect(written(streamed(text, pieceLength, lengths)), what).toBe(written(parsed(text)));
        }
      }
    }
  });

  it('agrees with JSON.parse on random values, whole and damaged', () => {
    const random = createRandom(41);
    let refused = 0;
    for (let round = 0; round < 600; round++) {
      const text = randomJson(random);
      const damaged = round % 2 === 0 ? text : withDamage(text, random);
      const expected = parsed(damaged);
      if (expected === 'refused') refused++;
      const lengths = lengthsTried[round % lengthsTried.length]!;
      const pieceLength = random.pick([1, 2, 3, 10, 100]);
      expect(written(streamed(damaged, pieceLength, lengths)), damaged).toBe(written(expected));
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('counts the records of a long list while they come', () => {
    const text = JSON.stringify(large({ spans: 3000, format: 'json' }));
    const bytes = new TextEncoder().encode(text);
    const source = new ByteSource();
    const document = new JsonDocument(source, { batch: 10_000, longestElement: 40_000 });
    source.append(bytes.subarray(0, bytes.length / 2));
    document.advance(source.length);
    expect(document.recordCount).toBeGreaterThan(1300);
    expect(document.recordCount).toBeLessThan(1700);
  });

  it('stands hostile depth', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const outcome = streamed(deep, 5000, { batch: 1024, longestElement: 4096 });
    expect(outcome === 'refused' || Array.isArray(outcome)).toBe(true);
  });
});

function withDamage(text: string, random: ReturnType<typeof createRandom>): string {
  const at = random.int(0, text.length - 1);
  const to = at + random.int(0, 3);
  const put = random.pick(['', ',', ']', '}', '[', '{', '"', '\\', ':', ' ', '1', text.slice(at, to + 5)]);
  return text.slice(0, at) + put + text.slice(to);
}
