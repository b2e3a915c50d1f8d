import { grown } from '../model/grow.ts';

/**
 * JSON strings by their bytes, each with a number: what comes again is neither decoded nor made into a string again.
 * Two spellings of one text (`"a"` and `"\u0061"`) have one number.
 */
export class ByteStrings {
  /** By number. */
  readonly texts: string[] = [];
  readonly #codeOfText = new Map<string, number>();
  /** All spellings one after another. */
  #pool: Uint8Array = new Uint8Array(1024);
  #poolLength = 0;
  /** By spelling: where it begins and how long it is in the pool, its hash, its number. */
  #spellings: Uint32Array = new Uint32Array(4 * 64);
  #count = 0;
  /** An open-addressing table of spellings, half full at the most; its length is a power of 2. */
  #slots = new Int32Array(128).fill(-1);

  /** The number of the JSON string whose content stands in `bytes` between these positions. */
  code(bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    let hash = seed ^ length;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    hash = (hash ^ (hash >>> 15)) >>> 0;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const spelling = this.#slots[slot]!;
      if (spelling < 0) return this.#enter(slot, hash, bytes, from, to);
      const entry = spelling * 4;
      if (this.#spellings[entry + 2] !== hash || this.#spellings[entry + 1] !== length) continue;
      if (isSame(this.#pool, this.#spellings[entry]!, bytes, from, length)) return this.#spellings[entry + 3]!;
    }
  }

  codeOf(text: string): number {
    let code = this.#codeOfText.get(text);
    if (code === undefined) {
      code = this.texts.push(text) - 1;
      this.#codeOfText.set(text, code);
    }
    return code;
  }

  #enter(slot: number, hash: number, bytes: Uint8Array, from: number, to: number): number {
    const code = this.codeOf(textOfString(bytes, from, to));
    const length = to - from;
    while (this.#poolLength + length > this.#pool.length) this.#pool = grown(this.#pool);
    this.#pool.set(bytes.subarray(from, to), this.#poolLength);
    if (this.#count * 4 === this.#spellings.length) this.#spellings = grown(this.#spellings);
    this.#spellings.set([this.#poolLength, length, hash, code], this.#count * 4);
    this.#slots[slot] = this.#count++;
    this.#poolLength += length;
    if (this.#count * 2 > this.#slots.length) this.#widen();
    return code;
  }

  #widen(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let spelling = 0; spelling < this.#count; spelling++) {
      let slot = this.#spellings[spelling * 4 + 2]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = spelling;
    }
    this.#slots = slots;
  }
}

/** Another one in each process, so that no file can be made of names that all meet in one slot. */
const seed = Math.floor(Math.random() * 2 ** 32) | 0;

function isSame(pool: Uint8Array, at: number, bytes: Uint8Array, from: number, length: number): boolean {
  for (let offset = 0; offset < length; offset++) if (pool[at + offset] !== bytes[from + offset]) return false;
  return true;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const backslash = 92;

/** The text of a JSON string whose content stands between these positions; it was found to be JSON before. */
export function textOfString(bytes: Uint8Array, from: number, to: number): string {
  const text = decoder.decode(bytes.subarray(from, to));
  return bytes.subarray(from, to).includes(backslash) ? (JSON.parse(`"${text}"`) as string) : text;
}
