import type { Attributes, AttributeValue, KeyUse } from '../model/details.ts';
import { ByteStrings, textOfString } from './byteStrings.ts';
import {
  closed,
  type JsonScanner,
  openBrace,
  openBracket,
  quote,
  type Word,
  wordOf,
  wordOfBytes,
} from './jsonScanner.ts';

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
  #known: KnownKey[] = [];
  #latest: KnownKey | undefined;
  /** Where the usual key that was found last ends. */
  #keyTo = 0;
  #texts = new ByteStrings();
  /** By number of a text, one spelling of it. */
  #knownTexts: KnownText[] = [];

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
        after = scanner.bytes[next] === quote ? scanner.skipString(next + 1) : scanner.skipValue(next);
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

  /**
   * What follows a key in an attribute as writers of the format have it nearly always, from the quote that ends the key: sets
   * `valueFrom` and `valueTo`, as `enterUsual` has them. The position after the attribute, -1 for any other.
   */
  protected abstract findUsual(keyTo: number): number;

  /** As `enter`, of what `findUsual` found. */
  protected abstract enterUsual(known: KnownKey): boolean;

  /** Other members of an attribute than key and value. */
  protected noteMember(_at: number, _to: number): void {}

  /** What else must be known of a key. False where all of the span must be read. */
  protected noteKey(_key: string): boolean {
    return true;
  }

  protected text(from: number, to: number): string {
    const { bytes } = this.scanner;
    if (to - from > longestKnownText) return textOfString(bytes, from, to);
    return this.#texts.texts[this.#textCode(from, to)]!;
  }

  /** As `text`, of a value that often is the same as the last under its key. */
  protected textOf(known: KnownKey, from: number, to: number): string {
    const { latest } = known;
    const { bytes } = this.scanner;
    if (latest && to - from === latest.word.length && this.scanner.isWordAt(from, latest.word)) return latest.text;
    if (to - from > longestKnownText) return this.text(from, to);
    const code = this.#textCode(from, to);
    known.latest = this.#knownTexts[code] ??= {
      word: wordOfBytes(bytes.slice(from, to)),
      text: this.#texts.texts[code]!,
    };
    return known.latest.text;
  }

  #textCode(from: number, to: number): number {
    if (this.#texts.texts.length > mostKnownTexts) {
      this.#texts = new ByteStrings();
      this.#knownTexts = [];
    }
    return this.#texts.code(this.scanner.bytes, from, to);
  }

  /** The position after the list, below 0 where all must be read. */
  #pickAll(at: number): number {
    const { scanner } = this;
    let next = scanner.nextElement(at, true);
    while (next >= 0) {
      if (scanner.bytes[next] !== openBrace) return -1;
      let end = this.#pickUsual(next);
      if (end < 0) end = this.#pickOne(next + 1);
      if (end < 0) return -1;
      next = scanner.nextElement(end, false);
    }
    return next === closed ? scanner.closedAt : -1;
  }

  /** The position after an attribute that is written as usual; -1 for any other, which `#pickOne` may take as if it were new. */
  #pickUsual(at: number): number {
    if (!this.scanner.isWordAt(at, beforeKey)) return -1;
    const known = this.#usualKey(at + beforeKey.length);
    if (!known) return -1;
    const end = this.findUsual(this.#keyTo);
    if (end < 0 || !this.noteKey(known.key)) return -1;
    if (known.use === 'none') return end;
    if (Object.hasOwn(this.picked, known.key)) return -1;
    if (known.use === 'value') return this.enterUsual(known) ? end : -1;
    this.picked[known.key] = true;
    return end;
  }

  /** Spans of one kind have the same keys in the same order: the one that came behind the last is tried first. */
  #usualKey(from: number): KnownKey | undefined {
    const { scanner } = this;
    const { bytes } = scanner;
    const latest = this.#latest;
    let known = latest?.next;
    if (!known || bytes[from + known.word.length] !== quote || !scanner.isWordAt(from, known.word)) {
      const to = scanner.skipPlainText(from);
      if (bytes[to] !== quote) return undefined;
      known = this.#knownKey(from, to);
      if (latest) latest.next = known;
      this.#keyTo = to;
    } else {
      this.#keyTo = from + known.word.length;
    }
    this.#latest = known;
    return known;
  }

  #knownKey(from: number, to: number): KnownKey {
    const { bytes } = this.scanner;
    let code = this.#keys.code(bytes, from, to);
    let known = this.#known[code];
    if (known) return known;
    if (this.#keys.texts.length > mostKnownTexts) {
      this.#keys = new ByteStrings();
      this.#known = [];
      code = this.#keys.code(bytes, from, to);
    }
    const key = this.#keys.texts[code]!;
    const word = wordOfBytes(bytes.slice(from, to));
    known = { key, word, use: this.#purposeOf(key), next: undefined, latest: undefined };
    this.#known[code] = known;
    return known;
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
    const { key, use } = this.#knownKey(from, to);
    if (!this.noteKey(key)) return false;
    if (use === 'none') return true;
    if (Object.hasOwn(this.picked, key) || this.valueFrom < 0) return false;
    if (use === 'value') return this.enter(key);
    this.picked[key] = true;
    return true;
  }
}

/** A key that was met. */
export interface KnownKey {
  readonly key: string;
  /** One spelling of it. */
  readonly word: Word;
  readonly use: KeyUse;
  /** Which key came behind it last. */
  next: KnownKey | undefined;
  /** The value that it had last. */
  latest: KnownText | undefined;
}

interface KnownText {
  readonly word: Word;
  readonly text: string;
}

const beforeKey = wordOf('{"key":"');
const keyWord = wordOf('key');
const valueWord = wordOf('value');

/** As many digits as a number counts exactly. */
export function isDigits(bytes: Uint8Array, from: number, to: number): boolean {
  if (to === from || to - from > 15) return false;
  for (let at = from; at < to; at++) if (bytes[at]! < 48 || bytes[at]! > 57) return false;
  return true;
}
