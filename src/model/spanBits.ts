import type { SpanIndex } from './columns.ts';

/** A set of spans of one snapshot: a bit each by index, span 0 in the lowest bit of the first word. */
export type SpanBits = Uint32Array;

/** No span of a trace of so many. */
export function emptyBits(spanCount: number): SpanBits {
  return new Uint32Array(Math.ceil(spanCount / 32));
}

/** The spans of these indexes, or those for which `spans` answers true. Indexes outside the trace are left out. */
export function spanBits(
  trace: { readonly spanCount: number },
  spans: Iterable<SpanIndex> | ((index: SpanIndex) => boolean),
): SpanBits {
  const { spanCount } = trace;
  const bits = emptyBits(spanCount);
  if (typeof spans === 'function') {
    for (let index = 0; index < spanCount; index++) if (spans(index)) setBit(bits, index, true);
  } else {
    for (const index of spans) if (index >= 0 && index < spanCount) setBit(bits, index, true);
  }
  return bits;
}

/** Whether the span is in the set. False outside the trace. */
export function hasBit(bits: SpanBits, index: SpanIndex): boolean {
  return index >= 0 && (bits[index >>> 5]! & (1 << (index & 31))) !== 0;
}

export function setBit(bits: SpanBits, index: SpanIndex, value: boolean): void {
  const mask = 1 << (index & 31);
  if (value) bits[index >>> 5]! |= mask;
  else bits[index >>> 5]! &= ~mask;
}

export function countBits(bits: SpanBits): number {
  let count = 0;
  for (let at = 0; at < bits.length; at++) count += bitsOfWord(bits[at]!);
  return count;
}

/** The spans of a set, ascending. */
export function indexesOfBits(bits: SpanBits): Uint32Array {
  const indexes = new Uint32Array(countBits(bits));
  let count = 0;
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      indexes[count++] = at * 32 + (31 - Math.clz32(word & -word));
    }
  }
  return indexes;
}

/** The bits set in 32 (Hacker's Delight, figure 5-2). */
function bitsOfWord(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
