import { type JsonScanner, type Word, wordOfBytes } from './jsonScanner.ts';

/** A file whose spans each have other keys is not to be learned by heart. */
const mostLearned = 5000;
const longestLearned = 200;

/**
 * What stands between the values of a span, by its place in it: a writer puts the same keys in the same order into all of
 * them, and to compare with what stood there last is quicker than to read a key.
 */
export class ExpectedKeys<Key> {
  readonly #scanner: JsonScanner;
  readonly #expected: { written: Word; key: Key }[] = [];
  #learned = 0;
  /** Of the member that was found last. */
  key: Key | undefined;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  /** As `nextMember`: the position of the value of the member at a place, -1 where it is another than it was last. */
  find(at: number, place: number): number {
    const expected = this.#expected[place];
    if (expected === undefined || !this.#scanner.isWordAt(at, expected.written)) return -1;
    const valueAt = at + expected.written.length;
    // White space before a value is none of it.
    if (valueAt >= this.#scanner.end || this.#scanner.bytes[valueAt]! <= 32) return -1;
    this.key = expected.key;
    return valueAt;
  }

  /** To be told what `nextMember` found instead. */
  learn(at: number, place: number, valueAt: number, key: Key): void {
    this.key = key;
    if (place > this.#expected.length || valueAt - at > longestLearned || this.#learned > mostLearned) return;
    this.#learned++;
    this.#expected[place] = { written: wordOfBytes(this.#scanner.bytes.slice(at, valueAt)), key };
  }
}
