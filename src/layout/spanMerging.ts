import type { SpanIndex } from '../model/columns.ts';
import { grown } from '../model/grow.ts';
import type { Trace } from '../model/trace.ts';
import type { NameRule } from './repeatedNames.ts';

/**
 * Spans of equal name and kind below the same merged parent, as one: columns by merged node, a parent before its children.
 *
 * ```
 * agent                      agent
 *   iteration_1                iteration_*  (2)
 *     llm                        llm        (3)
 *     llm               →        search     (1)
 *   iteration_2
 *     llm
 *     search
 * ```
 */
export interface MergedSpans {
  length: number;
  /** -1 for a root. */
  parent: Int32Array;
  /** Into `names`. */
  name: Uint32Array;
  /** Into `spanKinds`. */
  kind: Uint8Array;
  /** Each span's node, by span index. */
  nodeOf: Int32Array;
  names: readonly string[];
}

/** O(spans), in one pass: a span comes after its parent, whose node is known by then. */
export function mergeSpans(trace: Trace, rule?: NameRule): MergedSpans {
  const { length, parent, name, kind, names } = trace.columns;
  const { places, ruled } = ruledNames(names, rule);
  const nodes = new NodeTable();
  const nodeOf = new Int32Array(length);
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    nodeOf[index] = nodes.find(above < 0 ? -1 : nodeOf[above]!, places[name[index]!]!, kind[index]!);
  }
  return { ...nodes.columns(), nodeOf, names: ruled };
}

/** The names after the rule, each once, and the place among them of each name before it. */
export function ruledNames(
  names: readonly string[],
  rule?: NameRule,
): { places: Uint32Array; ruled: readonly string[] } {
  const places = new Uint32Array(names.length);
  if (!rule) {
    for (let at = 0; at < places.length; at++) places[at] = at;
    return { places, ruled: names };
  }
  const placeOf = new Map<string, number>();
  for (let at = 0; at < places.length; at++) {
    const ruled = String(rule(names[at]!));
    const place = placeOf.get(ruled) ?? placeOf.size;
    placeOf.set(ruled, place);
    places[at] = place;
  }
  return { places, ruled: [...placeOf.keys()] };
}

/** Nodes found by parent, name and kind: open addressing over columns, so that a million nodes are no million objects. */
class NodeTable {
  #length = 0;
  #parent: Int32Array = new Int32Array(64);
  #name: Uint32Array = new Uint32Array(64);
  #kind: Uint8Array = new Uint8Array(64);
  /** One more than a node, 0 for free; a power of two long and at most half full. */
  #slots: Int32Array = new Int32Array(256);

  find(parent: number, name: number, kind: number): SpanIndex {
    const mask = this.#slots.length - 1;
    let slot = hash(parent, name, kind) & mask;
    for (;;) {
      const node = this.#slots[slot]! - 1;
      if (node < 0) return this.#add(slot, parent, name, kind);
      if (this.#parent[node] === parent && this.#name[node] === name && this.#kind[node] === kind) return node;
      slot = (slot + 1) & mask;
    }
  }

  columns(): Pick<MergedSpans, 'length' | 'parent' | 'name' | 'kind'> {
    const length = this.#length;
    return {
      length,
      parent: this.#parent.slice(0, length),
      name: this.#name.slice(0, length),
      kind: this.#kind.slice(0, length),
    };
  }

  #add(slot: number, parent: number, name: number, kind: number): number {
    const node = this.#length++;
    if (node === this.#parent.length) {
      this.#parent = grown(this.#parent);
      this.#name = grown(this.#name);
      this.#kind = grown(this.#kind);
    }
    this.#parent[node] = parent;
    this.#name[node] = name;
    this.#kind[node] = kind;
    this.#slots[slot] = node + 1;
    if (this.#length * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 0; node < this.#length; node++) {
      let slot = hash(this.#parent[node]!, this.#name[node]!, this.#kind[node]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}

/** Mixes as MurmurHash3 does: parents and names are small numbers in a row, whose lower bits alone would meet. */
function hash(parent: number, name: number, kind: number): number {
  let mixed = Math.imul(parent + 1, 0x9e3779b1) ^ Math.imul(name * 8 + kind + 1, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
