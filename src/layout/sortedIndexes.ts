/**
 * The indexes of `rows` (all, where none are given) by their values, stable; NaN last in both directions. Radix sort over the bits of
 * the numbers, 16 at a time: a million take some 50 ms, where a comparison function would take 500.
 */
export function sortedIndexes(values: Float64Array, isDescending: boolean, rows?: Int32Array): Int32Array {
  const length = rows?.length ?? values.length;
  const low = new Uint32Array(length);
  const high = new Uint32Array(length);
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  const [lowWord, highWord] = isLittleEndian ? [0, 1] : [1, 0];
  let from = new Int32Array(length);
  for (let at = 0; at < length; at++) {
    from[at] = at;
    const value = values[rows ? rows[at]! : at]!;
    if (Number.isNaN(value)) {
      low[at] = high[at] = 0xffffffff;
      continue;
    }
    // Minus zero is zero.
    number[0] = value + 0;
    const sign = words[highWord]! >>> 31;
    // Numbers below zero count backwards, all above them.
    let upper = sign ? ~words[highWord]! : words[highWord]! | 0x80000000;
    let lower = sign ? ~words[lowWord]! : words[lowWord]!;
    if (isDescending) {
      upper = ~upper;
      lower = ~lower;
    }
    high[at] = upper;
    low[at] = lower;
  }
  let to = new Int32Array(length);
  for (const [digits, shift] of [
    [low, 0],
    [low, 16],
    [high, 0],
    [high, 16],
  ] as const) {
    if (!isSorted(digits, shift, from, to)) continue;
    [from, to] = [to, from];
  }
  if (rows) for (let at = 0; at < length; at++) from[at] = rows[from[at]!]!;
  return from;
}

/** False where all digits are one and there was nothing to do. */
function isSorted(digits: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
  const next = new Uint32Array(65_537);
  for (let at = 0; at < from.length; at++) next[((digits[at]! >>> shift) & 0xffff) + 1]!++;
  if (from.length === 0 || next[((digits[0]! >>> shift) & 0xffff) + 1] === from.length) return false;
  for (let digit = 0; digit < 65_536; digit++) next[digit + 1]! += next[digit]!;
  for (let at = 0; at < from.length; at++) {
    const index = from[at]!;
    const digit = (digits[index]! >>> shift) & 0xffff;
    to[next[digit]!++] = index;
  }
  return true;
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
