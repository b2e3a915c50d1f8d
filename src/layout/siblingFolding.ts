/**
 * Which nodes of a tree stay where it has too many: the largest, and so with each all above it, as no node is larger than its
 * parent. What goes is told to the parent that stays, for a node `other (n)` of its own, which counts as well.
 *
 * @param parent by node, a parent before its children, -1 for a root
 * @param value by node, what lies below it included; nodes at 0 have no place anyway
 * @returns 1 for each node that stays
 */
export function keepLargest(parent: Int32Array, value: Float64Array, most: number): Uint8Array {
  const kept = new Uint8Array(parent.length);
  const childCount = new Int32Array(parent.length + 1);
  let weighty = 0;
  for (let node = 0; node < parent.length; node++) {
    if (!(value[node]! > 0)) continue;
    weighty++;
    childCount[parent[node]! + 1]!++;
  }
  if (weighty <= most) {
    for (let node = 0; node < parent.length; node++) kept[node] = value[node]! > 0 ? 1 : 0;
    return kept;
  }
  // The roots' parent stands at 0. It has an `other` from the start, and each node kept that has children gets one.
  const goneBelow = childCount;
  let size = 1;
  for (const node of largestFirst(value, most)) {
    const hasChildren = goneBelow[node + 1]! > 0 ? 1 : 0;
    const completes = goneBelow[parent[node]! + 1] === 1 ? 1 : 0;
    const next = size + 1 + hasChildren - completes;
    if (next > most) break;
    size = next;
    kept[node] = 1;
    goneBelow[parent[node]! + 1]!--;
  }
  return kept;
}

/** The `most` largest, equal ones in their order, so that a parent comes before a child as large as itself. */
function largestFirst(value: Float64Array, most: number): Int32Array {
  const sorted = value.slice().sort();
  const threshold = sorted[sorted.length - most]!;
  const found = new Int32Array(most);
  let count = 0;
  for (let node = 0; node < value.length; node++) if (value[node]! > threshold) found[count++] = node;
  const larger = found.subarray(0, count);
  larger.sort((a, b) => value[b]! - value[a]! || a - b);
  for (let node = 0; node < value.length && count < most; node++) if (value[node] === threshold) found[count++] = node;
  return found.subarray(0, count);
}
