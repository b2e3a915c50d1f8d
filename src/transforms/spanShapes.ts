import type { Trace } from '../model/trace.ts';
import type { NameKey } from './sameNames.ts';

/** What makes spans of two traces alike, by span index of each; equal numbers mean alike in both. */
export interface SpanShapes {
  /** By name under the rule, and span kind. */
  readonly key: Int32Array;
  /** By the keys of the span and of all below it, and how they lie: alike subtrees have the same number. */
  readonly shape: Int32Array;
  /** The shape without the span's own key; 0 for a leaf. */
  readonly below: Int32Array;
}

/** O(spans): from the last span to the first, each hash goes into its parent's. */
export function spanShapes(traces: readonly [Trace, Trace], sameName: NameKey): [SpanShapes, SpanShapes] {
  const names = new Map<string, number>();
  const numbers = new Map<number, number>([[0, 0]]);
  return [shapesOf(traces[0], sameName, names, numbers), shapesOf(traces[1], sameName, names, numbers)];
}

function shapesOf(
  trace: Trace,
  sameName: NameKey,
  names: Map<string, number>,
  numbers: Map<number, number>,
): SpanShapes {
  const { length, name, names: texts, kind, parent } = trace.columns;
  const nameNumbers = Int32Array.from(texts, (text) => numberIn(names, String(sameName(text))));
  const key = new Int32Array(length);
  const shape = new Int32Array(length);
  const below = new Int32Array(length);
  // Two sums of 32 bits, so that chance does not make two subtrees one.
  const high = new Int32Array(length);
  const low = new Int32Array(length);
  for (let index = length - 1; index >= 0; index--) {
    const own = nameNumbers[name[index]!]! * 8 + kind[index]!;
    key[index] = own;
    below[index] = numberIn(numbers, joined(high[index]!, low[index]!));
    const ownHigh = mixed(Math.imul(high[index]!, 0x01000193) ^ mixed(own + 1));
    const ownLow = mixed((Math.imul(low[index]!, 33) + Math.imul(own + 1, 0x9e3779b1)) | 0);
    shape[index] = numberIn(numbers, joined(ownHigh, ownLow));
    const above = parent[index]!;
    if (above < 0) continue;
    high[above] = Math.imul(high[above]!, 0x5bd1e995) + ownHigh;
    low[above] = Math.imul(low[above]!, 31) + ownLow;
  }
  return { key, shape, below };
}

function numberIn<Key>(numbers: Map<Key, number>, key: Key): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(key, number);
  }
  return number;
}

/** 53 bits of both. */
function joined(high: number, low: number): number {
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** MurmurHash3's last steps. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
