import type { Attributes, AttributeValue, KeyUse } from '../model/details.ts';
import { ByteStrings, textOfString } from './byteStrings.ts';
import { closed, type JsonScanner, openBrace, openBracket, quote, type Word, wordOf } from './jsonScanner.ts';

/** Above these, texts are made anew: a hostile file has another one in each span. */
const mostKnownTexts = 50_000;
const longestKnownText = 100;

/**
 * Picks the attributes that are asked for out of a span's bytes, as long as they are written as the format has it and each
 * key once; all others are passed over. What it cannot tell it leaves to the reader of whole spans.
 */
export abstract class AttributePicker {
  protected readonly scanner: JsonScanner;
  /** Of the attribute that is looked at: where its value begins and ends. */
  protected valueFrom = -1;
  protected valueTo = 0;
  protected picked: Record<string, AttributeValue> = {};
  readonly #purposeOf: (key: string) => KeyUse;
  #keys = new ByteStrings();
  /** By number of a key. */
  #uses: KeyUse[] = [];
  #texts = new ByteStrings();

  constructor(scanner: JsonScanner, useOf: (key: string) => KeyUse) {
    this.scanner = scanner;
    this.#purposeOf = useOf;
  }

  /** Of the span that begins at a position of the scanner's window; undefined where it has to be read whole. */
  pick(at: number): Attributes | undefined {
    const { scanner } = this;
    this.picked = {};
    if (scanner.bytes[at] !== openBrace) return undefined;
    let hasList = false;
    let next = scanner.nextMember(at + 1, true);
    while (next >= 0) {
      if (scanner.keyHasEscapes) return undefined;
      const word = this.listKey;
      let after: number;
      if (scanner.keyTo - scanner.keyFrom === word.length && scanner.isWordAt(scanner.keyFrom, word)) {
        // Of two lists the last counts.
        if (hasList || scanner.bytes[next] !== openBracket) return undefined;
        hasList = true;
        after = this.#pickAll(next + 1);
      } else {
        if (this.isOddMember()) return undefined;
        after = scanner.skipValue(next);
      }
      if (after < 0) return undefined;
      next = scanner.nextMember(after, false);
    }
    return next === closed ? this.picked : undefined;
  }

  /** Under which the list of attributes stands. */
  protected abstract readonly listKey: Word;

  /** Whether the member of the span that was found last says that all of it must be read. */
  protected abstract isOddMember(): boolean;

  /** Puts the value between `valueFrom` and `valueTo` under a key. False where it must be read otherwise. */
  protected abstract enter(key: string): boolean;

  /** Other members of an attribute than key and value. */
  protected noteMember(_at: number, _to: number): void {}

  /** What else must be known of a key. False where all of the span must be read. */
  protected noteKey(_key: string): boolean {
    return true;
  }

  protected text(from: number, to: number): string {
    const { bytes } = this.scanner;
    if (to - from > longestKnownText) return textOfString(bytes, from, to);
    if (this.#texts.texts.length > mostKnownTexts) this.#texts = new ByteStrings();
    return this.#texts.texts[this.#texts.code(bytes, from, to)]!;
  }

  /** The position after the list, below 0 where all must be read. */
  #pickAll(at: number): number {
    const { scanner } = this;
    let next = scanner.nextElement(at, true);
    while (next >= 0) {
      if (scanner.bytes[next] !== openBrace) return -1;
      const end = this.#pickOne(next + 1);
      if (end < 0) return -1;
      next = scanner.nextElement(end, false);
    }
    return next === closed ? scanner.closedAt : -1;
  }

  /** The position after the attribute, below 0 where all must be read. */
  #pickOne(at: number): number {
    const { scanner } = this;
    let keyFrom = -1;
    let keyTo = 0;
    this.valueFrom = -1;
    let next = scanner.nextMember(at, true);
    while (next >= 0) {
      const { keyFrom: from, keyTo: to } = scanner;
      if (scanner.keyHasEscapes) return -1;
      const after = scanner.skipValue(next);
      if (after < 0) return -1;
      if (to - from === 3 && scanner.isWordAt(from, keyWord)) {
        keyFrom = next + 1;
        keyTo = after - 1;
      } else if (to - from === 5 && scanner.isWordAt(from, valueWord)) {
        this.valueFrom = next;
        this.valueTo = after;
      } else {
        scanner.keyFrom = from;
        scanner.keyTo = to;
        this.noteMember(next, after);
      }
      next = scanner.nextMember(after, false);
    }
    if (next !== closed || keyFrom < 0 || scanner.bytes[keyFrom - 1] !== quote) return -1;
    const end = scanner.closedAt;
    return this.#take(keyFrom, keyTo) ? end : -1;
  }

  #take(from: number, to: number): boolean {
    const keys = this.#keys;
    const code = keys.code(this.scanner.bytes, from, to);
    const key = keys.texts[code]!;
    let use = this.#uses[code];
    if (use === undefined) {
      if (keys.texts.length > mostKnownTexts) {
        this.#keys = new ByteStrings();
        this.#uses = [];
        return this.#take(from, to);
      }
      use = this.#purposeOf(key);
      this.#uses[code] = use;
    }
    if (!this.noteKey(key)) return false;
    if (use === 'none') return true;
    if (Object.hasOwn(this.picked, key) || this.valueFrom < 0) return false;
    if (use === 'value') return this.enter(key);
    this.picked[key] = true;
    return true;
  }
}

const keyWord = wordOf('key');
const valueWord = wordOf('value');

/** As many digits as a number counts exactly. */
export function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > 15) return false;
  for (let at = from; at < to; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false;
  return true;
}
