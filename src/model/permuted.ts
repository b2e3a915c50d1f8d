type Column = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** The values of `order`'s rows, in that order. A loop: `from` with a function takes ten times as long. */
export function permuted<T extends Column>(column: T, order: Int32Array): T {
  const result = new (column.constructor as new (length: number) => T)(order.length);
  for (let index = 0; index < order.length; index++) result[index] = column[order[index]!]!;
  return result;
}
