import type { SpanKind, SpanStatus } from '../model/columns.ts';
import { ByteStrings, textOfString } from './byteStrings.ts';
import { isTrue, kindOf, mappedTags, ownPrefix, statusOfCode } from './jaegerTags.ts';
import {
  backslash,
  closeBrace,
  closed,
  type JsonScanner,
  openBrace,
  openBracket,
  quote,
  wordOf,
} from './jsonScanner.ts';

const beforeKey = wordOf('{"key":"');
const beforeType = wordOf('","type":"');
const beforeValue = wordOf('","value":');
const keyWord = wordOf('key');
const valueWord = wordOf('value');
const errorWord = wordOf('error');
const kindWord = wordOf(mappedTags.kind);
const statusWord = wordOf(mappedTags.statusCode);
const descriptionWord = wordOf('status_description');
const ownWord = wordOf(ownPrefix);

/** What the columns take out of a span's tags, read from their bytes in the walk that finds where they end. */
export class JaegerTagScanner {
  hasError = false;
  status: SpanStatus | undefined;
  kind: SpanKind | undefined;
  /** Whether something is there that only the reader of objects reads. */
  isOdd = false;
  readonly #scanner: JsonScanner;
  readonly #texts = new ByteStrings();
  #hasDescription = false;
  /** Of the tag that is being read: where its key's and its value's bytes are, -1 for none. */
  #keyFrom = -1;
  #keyTo = 0;
  #valueFrom = -1;
  #valueTo = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  /** Whether the status depends on what was logged. */
  get needsLogs(): boolean {
    return this.#hasDescription && this.status === undefined && !this.hasError;
  }

  clear(): void {
    this.hasError = false;
    this.status = undefined;
    this.kind = undefined;
    this.isOdd = false;
    this.#hasDescription = false;
  }

  /** The value that begins at `at`: the position after it, `incomplete` or `invalid`. Of a key that comes again the last counts. */
  scan(at: number): number {
    const scanner = this.#scanner;
    const wasOdd = this.isOdd;
    this.clear();
    this.isOdd = wasOdd;
    const byte = scanner.bytes[at];
    if (byte !== openBracket) {
      if (byte === openBrace) this.isOdd = true;
      return scanner.skipValue(at);
    }
    let next = scanner.nextElement(at + 1, true);
    while (next >= 0) {
      let after = this.#scanUsualTag(next);
      if (after < 0) after = scanner.bytes[next] === openBrace ? this.#scanTag(next + 1) : scanner.skipValue(next);
      if (after < 0) return after;
      next = scanner.nextElement(after, false);
    }
    return next === closed ? scanner.closedAt : next;
  }

  /** A tag as Jaeger writes it, without white space and escapes in its key. -1 for any other. */
  #scanUsualTag(at: number): number {
    const scanner = this.#scanner;
    if (!scanner.isWordAt(at, beforeKey)) return -1;
    const keyFrom = at + beforeKey.length;
    const keyTo = scanner.skipPlainText(keyFrom);
    if (!scanner.isWordAt(keyTo, beforeType)) return -1;
    const typeTo = scanner.skipPlainText(keyTo + beforeType.length);
    if (!scanner.isWordAt(typeTo, beforeValue)) return -1;
    this.#valueFrom = typeTo + beforeValue.length;
    if (this.#valueFrom >= scanner.end) return -1;
    const isText = scanner.bytes[this.#valueFrom] === quote;
    this.#valueTo = isText ? scanner.skipString(this.#valueFrom + 1) : scanner.skipValue(this.#valueFrom);
    if (this.#valueTo < 0 || this.#valueTo >= scanner.end || scanner.bytes[this.#valueTo] !== closeBrace) return -1;
    // White space before it.
    if (scanner.bytes[this.#valueFrom]! <= 32) return -1;
    this.#note(keyFrom, keyTo);
    return this.#valueTo + 1;
  }

  #scanTag(at: number): number {
    const scanner = this.#scanner;
    this.#keyFrom = -1;
    this.#valueFrom = -1;
    let next = scanner.nextMember(at, true);
    while (next >= 0) {
      const length = scanner.keyTo - scanner.keyFrom;
      const isKey = length === 3 && scanner.isWordAt(scanner.keyFrom, keyWord);
      const isValue = length === 5 && scanner.isWordAt(scanner.keyFrom, valueWord);
      if (scanner.keyHasEscapes) this.isOdd = true;
      let after: number;
      if (scanner.bytes[next] === quote) {
        const plainTo = scanner.skipPlainText(next + 1);
        after = plainTo < scanner.end && scanner.bytes[plainTo] === quote ? plainTo + 1 : scanner.skipString(plainTo);
        // A key with an escape may be any of those that are noted.
        if (isKey && after > plainTo + 1) this.isOdd ||= scanner.bytes.subarray(plainTo, after).includes(backslash);
      } else {
        after = scanner.skipValue(next);
      }
      if (after < 0) return after;
      if (isKey) {
        this.#keyFrom = next;
        this.#keyTo = after;
      } else if (isValue) {
        this.#valueFrom = next;
        this.#valueTo = after;
      }
      next = scanner.nextMember(after, false);
    }
    if (next !== closed) return next;
    const end = scanner.closedAt;
    if (this.#keyFrom >= 0 && scanner.bytes[this.#keyFrom] === quote) this.#note(this.#keyFrom + 1, this.#keyTo - 1);
    return end;
  }

  /** Most tags are not noted, and to know it by length and first letter costs least. */
  #note(from: number, to: number): void {
    const scanner = this.#scanner;
    const byte = scanner.bytes[from];
    switch (to - from) {
      case 5:
        if (byte === 101 && scanner.isWordAt(from, errorWord)) this.hasError ||= isTrue(this.#value());
        break;
      case 9:
        if (byte === 115 && scanner.isWordAt(from, kindWord)) this.kind ??= kindOf(this.#value());
        break;
      case 16:
        if (byte === 111 && scanner.isWordAt(from, statusWord)) this.status ??= statusOfCode(this.#value());
        break;
      case 18:
        if (byte === 115 && scanner.isWordAt(from, descriptionWord)) this.#hasDescription = true;
        break;
    }
    if (byte === 115 && to - from > ownWord.length && scanner.isWordAt(from, ownWord)) this.isOdd = true;
  }

  /** Strings and true; undefined for all else, which says nothing in the tags that are noted. */
  #value(): unknown {
    const { bytes } = this.#scanner;
    const from = this.#valueFrom;
    if (from < 0) return undefined;
    if (bytes[from] === quote) {
      // Those that say something are short and few; what else is written there may be a text of its own for each span.
      const isShort = this.#valueTo - from < 24 && this.#texts.texts.length < 1000;
      return isShort
        ? this.#texts.texts[this.#texts.code(bytes, from + 1, this.#valueTo - 1)]
        : textOfString(bytes, from + 1, this.#valueTo - 1);
    }
    return bytes[from] === 116 ? true : undefined;
  }
}
