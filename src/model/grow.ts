type TypedArray = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** A copy of twice the length. Doubling keeps the cost of n pushes at O(n). */
export function grown<T extends TypedArray>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(64, array.length * 2));
  larger.set(array as never);
  return larger;
}
