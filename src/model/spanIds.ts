import { grown } from './grow.ts';

/**
 * Span ids of one trace, by row. Ids of 16 lower-case hex digits (OpenTelemetry's) are kept as 8 bytes each; with the
 * first id of another spelling the column turns to strings, so that every id comes back exactly as it was written.
 * `undefined` stands for no id.
 */
export class SpanIdColumn {
  #length = 0;
  /** Two words an id; 0, 0 for none. */
  #words: Uint32Array = new Uint32Array(64);
  #strings: (string | undefined)[] | undefined;

  get length(): number {
    return this.#length;
  }

  push(id: string | undefined): void {
    const row = this.#length++;
    if (this.#strings) {
      this.#strings.push(id);
      return;
    }
    if (row * 2 + 2 > this.#words.length) this.#words = grown(this.#words);
    if (id === undefined) return;
    const high = hexWord(id, 0);
    const low = hexWord(id, 8);
    if (id.length === 16 && high >= 0 && low >= 0 && high + low > 0) {
      this.#words[row * 2] = high;
      this.#words[row * 2 + 1] = low;
    } else {
      this.#turnToStrings(row);
      this.#strings!.push(id);
    }
  }

  at(row: number): string | undefined {
    return this.#strings ? this.#strings[row] : idOfWords(this.#words[row * 2]!, this.#words[row * 2 + 1]!);
  }

  /** A 32-bit hash, the same for equal ids in any column. */
  hashAt(row: number): number {
    if (this.#strings) return hashOfId(this.#strings[row] ?? '');
    return hashOfWords(this.#words[row * 2]!, this.#words[row * 2 + 1]!);
  }

  hasId(row: number): boolean {
    return this.#strings ? this.#strings[row] !== undefined : (this.#words[row * 2]! | this.#words[row * 2 + 1]!) !== 0;
  }

  equals(row: number, other: SpanIdColumn, otherRow: number): boolean {
    if (!this.#strings && !other.#strings) {
      return (
        this.#words[row * 2] === other.#words[otherRow * 2] &&
        this.#words[row * 2 + 1] === other.#words[otherRow * 2 + 1]
      );
    }
    return this.at(row) === other.at(otherRow);
  }

  /** The ids of `order`'s rows, in that order. */
  permuted(order: Int32Array): SpanIdColumn {
    const column = new SpanIdColumn();
    column.#length = order.length;
    if (this.#strings) {
      const strings = this.#strings;
      column.#words = new Uint32Array(0);
      column.#strings = Array.from(order, (row) => strings[row]);
      return column;
    }
    const words = new Uint32Array(order.length * 2);
    for (let index = 0; index < order.length; index++) {
      const row = order[index]!;
      words[index * 2] = this.#words[row * 2]!;
      words[index * 2 + 1] = this.#words[row * 2 + 1]!;
    }
    column.#words = words;
    return column;
  }

  #turnToStrings(length: number): void {
    const strings = new Array<string | undefined>(length);
    for (let row = 0; row < length; row++) strings[row] = this.at(row);
    this.#strings = strings;
    this.#words = new Uint32Array(0);
  }
}

/** Finds a row by its id: an open-addressing table of rows, at most four fifths full. */
export class SpanIdIndex {
  readonly #ids: SpanIdColumn;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(ids: SpanIdColumn, slots?: Int32Array) {
    this.#ids = ids;
    let size = 8;
    while (size * 4 < ids.length * 5) size *= 2;
    this.#slots = slots ?? new Int32Array(size).fill(-1);
    this.#mask = this.#slots.length - 1;
  }

  /** The same index over `ids`, which holds this one's ids in another order: `newRow[row]`. */
  remapped(ids: SpanIdColumn, newRow: Int32Array): SpanIdIndex {
    const slots = this.#slots.slice();
    for (let slot = 0; slot < slots.length; slot++) if (slots[slot]! >= 0) slots[slot] = newRow[slots[slot]!]!;
    return new SpanIdIndex(ids, slots);
  }

  /** Enters a row; the row that already stands for this id, or -1 where it is the first. A row without an id is not entered. */
  add(row: number): number {
    if (!this.#ids.hasId(row)) return -1;
    let slot = this.#ids.hashAt(row) & this.#mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0) {
        this.#slots[slot] = row;
        return -1;
      }
      if (this.#ids.equals(found, this.#ids, row)) return found;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The row whose id is the one in `column` at `row`, or -1. */
  findSame(column: SpanIdColumn, row: number): number {
    let slot = column.hashAt(row) & this.#mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0 || this.#ids.equals(found, column, row)) return found;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    let slot = hashOfId(id) & this.#mask;
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0 || this.#ids.at(found) === id) return found;
      slot = (slot + 1) & this.#mask;
    }
  }
}

function idOfWords(high: number, low: number): string | undefined {
  if (high === 0 && low === 0) return undefined;
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

const notHex = 16;
/** By character code: the digit's value. A look-up, since a branch on random digits is foretold wrongly each third time. */
const hexDigits = new Uint8Array(128).fill(notHex);
for (let value = 0; value < 16; value++) hexDigits[value.toString(16).charCodeAt(0)] = value;

/** Eight lower-case hex digits as a number, -1 for anything else. */
function hexWord(text: string, from: number): number {
  let word = 0;
  let seen = 0;
  for (let at = from; at < from + 8; at++) {
    const code = text.charCodeAt(at);
    const digit = code < 128 ? hexDigits[code]! : notHex;
    seen |= digit;
    word = (word << 4) | digit;
  }
  return seen < notHex ? word >>> 0 : -1;
}

function hashOfId(id: string): number {
  if (id.length === 16) {
    const high = hexWord(id, 0);
    const low = hexWord(id, 8);
    if (high >= 0 && low >= 0) return hashOfWords(high, low);
  }
  // FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/).
  let hash = seed;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

function hashOfWords(high: number, low: number): number {
  return mixed(mixed(high ^ seed) ^ low);
}

/** Another one in each process, so that no file can be made of ids that all meet in one slot and take forever to read. */
const seed = Math.floor(Math.random() * 2 ** 32) | 0;

/** The finalizer of MurmurHash3: spreads ids that count upwards over the whole table. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
