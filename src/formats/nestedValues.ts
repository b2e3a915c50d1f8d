import type { AttributeValue } from '../model/details.ts';

/** What of a value its text in Python's form does not give back, or a strict reader of OTLP does not take. */
export interface NestedLosses {
  /** Holds a bigint within 2^53 somewhere below a list or map: a number when it is read. */
  readonly smallBigint: boolean;
  /** Is nested deeper than a reader follows: it stays text. */
  readonly tooDeep: boolean;
  /** Holds an integer, at any level, that 64 bits do not hold. */
  readonly wideInteger: boolean;
}

/** Looks through a value that stands `depth` levels below the list or map that is written as text. Without recursion: values may be deep. */
export function nestedLosses(value: AttributeValue, deepest: number, depth = 0): NestedLosses {
  let smallBigint = false;
  let tooDeep = false;
  let wideInteger = false;
  const waiting: [value: AttributeValue, depth: number][] = [[value, depth]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [part, level] = next;
    if (level > deepest) tooDeep = true;
    if (typeof part === 'bigint') {
      smallBigint ||= level > 0 && Number.isSafeInteger(Number(part));
      wideInteger ||= BigInt.asIntN(64, part) !== part;
    }
    if (typeof part !== 'object' || part === null || part instanceof Uint8Array) continue;
    for (const each of Object.values(part)) waiting.push([each, level + 1]);
  }
  return { smallBigint, tooDeep, wideInteger };
}
