type TypedArray = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** A copy of at least twice the length. Doubling keeps the cost of n pushes at O(n). */
export function grown<T extends TypedArray>(array: T, leastLength = 0): T {
  const length = Math.max(64, array.length * 2, leastLength);
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array as never);
  return larger;
}
