/** How much two names have in common, from 0 to 1: twice their common pairs of characters by all pairs (Dice's coefficient). */
export function likeness(one: string, other: string): number {
  const [a, b] = [one.slice(0, longest), other.slice(0, longest)];
  if (a === b) return 1;
  const all = a.length + b.length - 2;
  if (a.length < 2 || b.length < 2) return 0;
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < a.length; at++) {
    const pair = a.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let common = 0;
  for (let at = 0; at + 1 < b.length; at++) {
    const pair = b.slice(at, at + 2);
    const left = pairs.get(pair) ?? 0;
    if (left === 0) continue;
    pairs.set(pair, left - 1);
    common++;
  }
  return (2 * common) / all;
}

/** A text of kilobytes as a name is alike or not by its beginning. */
const longest = 200;
