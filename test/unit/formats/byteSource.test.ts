import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { ByteSource, longestChunk } from '../../../src/formats/byteSource.ts';

const encoder = new TextEncoder();

function sourceOf(bytes: Uint8Array, random: Random, longest: number): ByteSource {
  const source = new ByteSource();
  for (let from = 0; from < bytes.length; ) {
    const length = random.int(0, longest);
    source.append(bytes.subarray(from, from + length));
    from += length;
  }
  return source;
}

describe('ByteSource', () => {
  it('gives back what was appended, across the borders of its chunks', () => {
    const text = 'αβγ𝄞 plain text, '.repeat(100_000);
    const bytes = encoder.encode(text);
    for (const longest of [7000, 1_300_000, 2_000_000]) {
      const random = createRandom(longest);
      const source = sourceOf(bytes, random, longest);
      expect(source.length).toBe(bytes.length);
      expect(source.text(0, source.length) === text).toBe(true);
      for (let check = 0; check < 200; check++) {
        const from = random.int(0, bytes.length);
        const to = random.int(from, Math.min(bytes.length, from + 5000));
        expect(source.bytes(from, to)).toEqual(bytes.subarray(from, to));
      }
    }
  });

  it('copies short chunks together and cuts long ones, none over 16 MiB', () => {
    const source = new ByteSource();
    for (let chunk = 0; chunk < 400; chunk++) source.append(new Uint8Array(100_000));
    expect(source.chunks.map((chunk) => chunk.length)).toEqual([
      longestChunk,
      longestChunk,
      400 * 100_000 - 2 * longestChunk,
    ]);
    const whole = ByteSource.of(new Uint8Array(2 * longestChunk + 1));
    expect(whole.chunks.map((chunk) => chunk.length)).toEqual([longestChunk, longestChunk, 1]);
  });

  it('gives a mark of byte order within the file as the character that it is', () => {
    const source = ByteSource.of(encoder.encode('"\ufeffa"'));
    expect(source.text(1, 5)).toBe('\ufeffa');
  });

  it('has nothing at its end', () => {
    expect(new ByteSource().restOfChunk(0).length).toBe(0);
    expect(ByteSource.of(encoder.encode('ab')).restOfChunk(2).length).toBe(0);
  });
});
