import { grown } from './grow.ts';

/** The bytes of the file that ids stand in. */
export interface SpanIdBytes {
  bytes(from: number, to: number): Uint8Array;
}

/** The ids of a column as plain data, to be handed to another thread. */
export interface PackedSpanIds {
  length: number;
  words: Uint32Array;
  other: Uint8Array | undefined;
  texts: readonly string[];
  strings: readonly (string | undefined)[] | undefined;
}

/**
 * Span ids of one trace, by row. Ids of 16 lower-case hex digits (OpenTelemetry's) are kept as 8 bytes each. Any other
 * spelling takes no more where the file's bytes are at hand: the 8 bytes then say where it stands. Without them the column
 * turns to strings. In each case every id comes back exactly as it was written; `undefined` stands for no id.
 */
export class SpanIdColumn {
  #length = 0;
  /**
   * Two words an id: high and low of the 16 digits; 0, 0 for none; for another spelling 24 bits of length and 40 of
   * offset in the file, or `inTexts` and the place in `#texts`.
   */
  #words: Uint32Array = new Uint32Array(64);
  /** A bit for each row, set where the words are no digits. */
  #other: Uint8Array | undefined;
  /** Ids of another spelling that do not stand in the file as they are. */
  #texts: string[] = [];
  #strings: (string | undefined)[] | undefined;
  readonly #bytes: SpanIdBytes | undefined;

  /** With the file's `bytes` the column never turns to strings. */
  constructor(bytes?: SpanIdBytes) {
    this.#bytes = bytes;
  }

  static unpacked({ length, words, other, texts, strings }: PackedSpanIds, bytes?: SpanIdBytes): SpanIdColumn {
    const column = new SpanIdColumn(bytes);
    column.#length = length;
    column.#words = words;
    column.#other = other;
    column.#texts = texts.slice();
    column.#strings = strings?.slice();
    return column;
  }

  packed(): PackedSpanIds {
    return {
      length: this.#length,
      words: this.#words,
      other: this.#other,
      texts: this.#texts,
      strings: this.#strings,
    };
  }

  get length(): number {
    return this.#length;
  }

  push(id: string | undefined): void {
    if (this.#strings) {
      this.#length++;
      this.#strings.push(id);
      return;
    }
    if (id === undefined) {
      this.pushWords(0, 0);
      return;
    }
    const high = hexWord(id, 0);
    const low = hexWord(id, 8);
    if (id.length === 16 && high >= 0 && low >= 0 && high + low > 0) {
      this.pushWords(high, low);
    } else if (this.#bytes) {
      this.#pushOther(inTexts, this.#texts.push(id) - 1);
    } else {
      this.#turnToStrings(this.#length++);
      this.#strings!.push(id);
    }
  }

  /** The id of which these are the two halves, each 8 hex digits; 0, 0 for none. */
  pushWords(high: number, low: number): void {
    const at = this.#length++ * 2;
    if (at + 2 > this.#words.length) this.#grow();
    this.#words[at] = high;
    this.#words[at + 1] = low;
  }

  /** An id that stands so in the file's bytes, in ASCII and not of 16 lower-case hex digits. */
  pushRange(offset: number, length: number): void {
    if (length < inTexts && offset < 2 ** 40) {
      this.#pushOther(Math.floor(offset / 2 ** 32) * 2 ** 24 + length, offset % 2 ** 32);
    } else {
      this.#pushOther(inTexts, this.#texts.push(textOfAscii(this.#bytes!.bytes(offset, offset + length))) - 1);
    }
  }

  /** The rows of another column over the same bytes, or over none. */
  append(column: SpanIdColumn, from: number, to: number): void {
    if (this.#strings || column.#strings || column.#other) {
      for (let row = from; row < to; row++) this.#pushFrom(column, row);
      return;
    }
    const length = this.#length + to - from;
    if (length * 2 > this.#words.length) this.#grow(length);
    this.#words.set(column.#words.subarray(from * 2, to * 2), this.#length * 2);
    this.#length += to - from;
  }

  clear(): void {
    this.#length = 0;
    this.#other = undefined;
    this.#texts = [];
    this.#strings = undefined;
  }

  at(row: number): string | undefined {
    if (this.#strings) return this.#strings[row];
    const high = this.#words[row * 2]!;
    const low = this.#words[row * 2 + 1]!;
    if (!this.#isOther(row)) return idOfWords(high, low);
    return high === inTexts ? this.#texts[low] : textOfAscii(this.#bytesOf(high, low));
  }

  /** A 32-bit hash, the same for equal ids in any column. */
  hashAt(row: number, seed: number): number {
    if (this.#strings) return hashOfId(this.#strings[row] ?? '', seed);
    const high = this.#words[row * 2]!;
    const low = this.#words[row * 2 + 1]!;
    if (!this.#isOther(row)) return hashOfWords(high, low, seed);
    return high === inTexts ? hashOfId(this.#texts[low]!, seed) : hashOfAscii(this.#bytesOf(high, low), seed);
  }

  hasId(row: number): boolean {
    if (this.#strings) return this.#strings[row] !== undefined;
    return (this.#words[row * 2]! | this.#words[row * 2 + 1]!) !== 0 || this.#isOther(row);
  }

  equals(row: number, column: SpanIdColumn, otherRow: number): boolean {
    if (this.#strings || column.#strings) return this.at(row) === column.at(otherRow);
    const isOther = this.#isOther(row);
    if (isOther !== column.#isOther(otherRow)) return false;
    const high = this.#words[row * 2]!;
    const low = this.#words[row * 2 + 1]!;
    const highThere = column.#words[otherRow * 2]!;
    const lowThere = column.#words[otherRow * 2 + 1]!;
    if (!isOther) return high === highThere && low === lowThere;
    if (high === inTexts || highThere === inTexts) return this.at(row) === column.at(otherRow);
    return isSame(this.#bytesOf(high, low), column.#bytesOf(highThere, lowThere));
  }

  /** The ids of `order`'s rows, in that order. */
  permuted(order: Int32Array): SpanIdColumn {
    const column = new SpanIdColumn(this.#bytes);
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
    if (this.#other) {
      column.#texts = this.#texts;
      column.#other = new Uint8Array((order.length + 7) >> 3);
      for (let index = 0; index < order.length; index++) if (this.#isOther(order[index]!)) column.#markOther(index);
    }
    return column;
  }

  #grow(leastRows = 0): void {
    this.#words = grown(this.#words, leastRows * 2);
    if (this.#other) this.#other = grown(this.#other, leastRows);
  }

  #isOther(row: number): boolean {
    return this.#other !== undefined && (this.#other[row >> 3]! & (1 << (row & 7))) !== 0;
  }

  #markOther(row: number): void {
    this.#other![row >> 3]! |= 1 << (row & 7);
  }

  #pushOther(high: number, low: number): void {
    this.pushWords(high, low);
    this.#other ??= new Uint8Array(this.#words.length >> 1);
    this.#markOther(this.#length - 1);
  }

  #pushFrom(column: SpanIdColumn, row: number): void {
    const high = column.#words[row * 2]!;
    const low = column.#words[row * 2 + 1]!;
    if (this.#strings || column.#strings || high === inTexts) this.push(column.at(row));
    else if (column.#isOther(row)) this.#pushOther(high, low);
    else this.pushWords(high, low);
  }

  #bytesOf(high: number, low: number): Uint8Array {
    const offset = (high >>> 24) * 2 ** 32 + low;
    return this.#bytes!.bytes(offset, offset + (high & inTexts));
  }

  #turnToStrings(length: number): void {
    const strings = new Array<string | undefined>(length);
    for (let row = 0; row < length; row++) strings[row] = this.at(row);
    this.#strings = strings;
    this.#words = new Uint32Array(0);
  }
}

/** In the place of a length: no id is that long. */
const inTexts = 0xffffff;

/** Finds a row by its id. */
export interface IdIndex {
  /** The row of an id, or -1. */
  find(id: string): number;
  /** The same over `ids`, which holds this one's ids in another order: `newRow[row]`. */
  remapped(ids: SpanIdColumn, newRow: Int32Array): IdIndex;
  /** As plain data, to be handed to another thread. */
  packed(): { slots: Int32Array; seed: number };
}

/** Finds a row by its id: an open-addressing table of rows, at most four fifths full. */
export class SpanIdIndex implements IdIndex {
  readonly #ids: SpanIdColumn;
  /** -1 for an empty one; else a row, and above it 7 bits of its id's hash, which spare most looks at ids that are others. */
  readonly #slots: Int32Array;
  /** Takes the row out of a slot. From 16 million rows on there is no room for a hash beside it. */
  readonly #rowMask: number;
  /** Another one for each table, so that no file can be made of ids that all meet in one slot and take forever to read. */
  readonly #seed: number;

  constructor(ids: SpanIdColumn, slots?: Int32Array, seed: number = Math.floor(Math.random() * 2 ** 32) | 0) {
    this.#ids = ids;
    this.#rowMask = ids.length < tagged ? tagged - 1 : 0x7fffffff;
    this.#slots = slots ?? new Int32Array(Math.ceil(ids.length * 1.25) + 1).fill(-1);
    this.#seed = seed;
  }

  /** As plain data, to be handed to another thread and given to the constructor there. */
  packed(): { slots: Int32Array; seed: number } {
    return { slots: this.#slots, seed: this.#seed };
  }

  /** The same index over `ids`, which holds this one's ids in another order: `newRow[row]`. */
  remapped(ids: SpanIdColumn, newRow: Int32Array): SpanIdIndex {
    const slots = this.#slots.slice();
    const mask = this.#rowMask;
    for (let slot = 0; slot < slots.length; slot++) {
      const found = slots[slot]!;
      if (found >= 0) slots[slot] = (found & ~mask) | newRow[found & mask]!;
    }
    return new SpanIdIndex(ids, slots, this.#seed);
  }

  /** Enters a row; the row that already stands for this id, or -1 where it is the first. A row without an id is not entered. */
  add(row: number): number {
    if (!this.#ids.hasId(row)) return -1;
    const hash = this.#ids.hashAt(row, this.#seed);
    const tag = this.#tagOf(hash);
    let slot = this.#slotOf(hash);
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0) {
        this.#slots[slot] = tag | row;
        return -1;
      }
      if ((found & ~this.#rowMask) === tag && this.#ids.equals(found & this.#rowMask, this.#ids, row)) {
        return found & this.#rowMask;
      }
      if (++slot === this.#slots.length) slot = 0;
    }
  }

  /** The row whose id is the one in `column` at `row`, or -1. */
  findSame(column: SpanIdColumn, row: number): number {
    const hash = column.hashAt(row, this.#seed);
    const tag = this.#tagOf(hash);
    let slot = this.#slotOf(hash);
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0) return -1;
      if ((found & ~this.#rowMask) === tag && this.#ids.equals(found & this.#rowMask, column, row)) {
        return found & this.#rowMask;
      }
      if (++slot === this.#slots.length) slot = 0;
    }
  }

  /** The row of an id, or -1. */
  find(id: string): number {
    let slot = this.#slotOf(hashOfId(id, this.#seed));
    for (;;) {
      const found = this.#slots[slot]!;
      if (found < 0) return -1;
      if (this.#ids.at(found & this.#rowMask) === id) return found & this.#rowMask;
      if (++slot === this.#slots.length) slot = 0;
    }
  }

  /** By its low bits, as the slot is by the high ones. */
  #tagOf(hash: number): number {
    return this.#rowMask < tagged ? (hash & 0x7f) * tagged : 0;
  }

  /** Spreads a hash over a table of any length: by its high bits, without a division. */
  #slotOf(hash: number): number {
    return Math.floor((hash * this.#slots.length) / 2 ** 32);
  }
}

/** As many rows as there is room for a hash beside. */
const tagged = 2 ** 24;

function idOfWords(high: number, low: number): string | undefined {
  if (high === 0 && low === 0) return undefined;
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

export const notHex = 16;
/** By character code: the digit's value. A look-up, since a branch on random digits is foretold wrongly each third time. */
export const hexDigits: Uint8Array = new Uint8Array(256).fill(notHex);
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

function hashOfId(id: string, seed: number): number {
  if (id.length === 16) {
    const high = hexWord(id, 0);
    const low = hexWord(id, 8);
    if (high >= 0 && low >= 0) return hashOfWords(high, low, seed);
  }
  // FNV-1a over UTF-16 units (http://www.isthe.com/chongo/tech/comp/fnv/).
  let hash = seed;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

/** What `hashOfId` gives for the text, which is not of 16 lower-case hex digits. But `0000000000000000` may come. */
function hashOfAscii(bytes: Uint8Array, seed: number): number {
  if (bytes.length === 16) return hashOfId(textOfAscii(bytes), seed);
  let hash = seed;
  for (let at = 0; at < bytes.length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return mixed(hash);
}

function hashOfWords(high: number, low: number, seed: number): number {
  return mixed(mixed(high ^ seed) ^ low);
}

/** The finalizer of MurmurHash3: spreads ids that count upwards over the whole table. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function textOfAscii(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}

function isSame(bytes: Uint8Array, others: Uint8Array): boolean {
  if (bytes.length !== others.length) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== others[at]) return false;
  return true;
}
