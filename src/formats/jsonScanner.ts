// Walking over JSON in UTF-8 without making values of it, exactly as strict as JSON.parse (ECMA-404).

/** What a scan gives in place of a position: the bytes end within the value. Another scan once there are more may succeed. */
export const incomplete = -1;
/** What a scan gives in place of a position: this is no JSON. */
export const invalid = -2;
/** What `nextMember` and `nextElement` give in place of a position: there is none left. */
export const closed = -3;

export const quote = 34;
export const comma = 44;
const colon = 58;
export const openBracket = 91;
export const backslash = 92;
export const closeBracket = 93;
export const openBrace = 123;
export const closeBrace = 125;

/** By byte: 0 for what stands in a string for itself, 1 for quotes, backslashes, control characters and what is not ASCII. */
const endsPlainText = new Uint8Array(256).fill(1, 128);
endsPlainText.fill(1, 0, 32);
endsPlainText[quote] = 1;
endsPlainText[backslash] = 1;

/** Bytes to compare with, four at a time. */
export interface Word {
  readonly length: number;
  readonly first: number;
  readonly view: DataView;
}

/** A text as its bytes, all of them ASCII. */
export function wordOf(text: string): Word {
  return wordOfBytes(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** The bytes are not copied. */
export function wordOfBytes(bytes: Uint8Array): Word {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { length: bytes.length, first: bytes[0] ?? 0, view };
}

const isEscape = new Uint8Array(256);
for (const character of '"\\/bfnrtu') isEscape[character.charCodeAt(0)] = 1;

const isHexDigit = new Uint8Array(256);
for (const character of '0123456789abcdefABCDEF') isHexDigit[character.charCodeAt(0)] = 1;

const literals: ReadonlyMap<number, string> = new Map(
  ['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word]),
);

/**
 * Finds where JSON values end in a window of bytes. All methods take a position in the window and give the one after what
 * they scanned, or `incomplete` or `invalid`, both below zero. Depth costs a byte a level, and no recursion.
 */
export class JsonScanner {
  bytes: Uint8Array = new Uint8Array(0);
  /** Of the same bytes, to read four at once wherever they stand. */
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where the window ends. */
  end = 0;
  /** Whether a string held bytes that are no UTF-8: a decoder shows U+FFFD for them. */
  hasInvalidText = false;
  /** Where the key of the member that `nextMember` found last stands, without its quotes. */
  keyFrom = 0;
  keyTo = 0;
  /** Whether that key is not written as it is. */
  keyHasEscapes = false;
  digits = 0;
  /** The position after the container that was found `closed` last. */
  closedAt = 0;
  /** Which of the containers that are open within a value are objects. */
  #isObject = new Uint8Array(64);

  setWindow(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.length;
  }

  /** The first position from `at` on that holds no white space; the window's end where all is. */
  skipSpace(at: number): number {
    const { bytes, end } = this;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) return at;
      at++;
    }
    return at;
  }

  /** The first position from `at` on, in a string, that holds anything but ASCII which stands for itself: in most the end. */
  skipPlainText(at: number): number {
    const { bytes, end } = this;
    const view = this.#view;
    for (const last = end - 4; at <= last; at += 4) {
      const four = view.getUint32(at, true);
      const found = endsPlainTextIn(four);
      // The lowest bit that is set is the first byte's.
      if (found !== 0) return at + ((31 - Math.clz32(found & -found)) >> 3);
    }
    while (at < end && endsPlainText[bytes[at]!] === 0) at++;
    return at;
  }

  /** `at` is one past the opening quote. */
  skipString(at: number): number {
    const { bytes, end } = this;
    for (;;) {
      at = this.skipPlainText(at);
      if (at >= end) return incomplete;
      const byte = bytes[at]!;
      if (byte === quote) return at + 1;
      if (byte < 32) return invalid;
      at = byte === backslash ? this.#skipEscape(at + 1) : this.#skipCharacter(at);
      if (at < 0) return at;
    }
  }

  /** White space, a key and its colon. */
  skipKey(at: number): number {
    if (at < this.end && this.bytes[at]! <= 32) at = this.skipSpace(at);
    if (at >= this.end) return incomplete;
    if (this.bytes[at] !== quote) return invalid;
    at = this.skipString(at + 1);
    return at < 0 ? at : this.skipColon(at);
  }

  skipColon(at: number): number {
    if (at < this.end && this.bytes[at] === colon) return at + 1;
    at = this.skipSpace(at);
    if (at >= this.end) return incomplete;
    return this.bytes[at] === colon ? at + 1 : invalid;
  }

  /** White space and a value. */
  skipValue(at: number): number {
    const { bytes, end } = this;
    let depth = 0;
    for (;;) {
      if (at < end && bytes[at]! <= 32) at = this.skipSpace(at);
      if (at >= end) return incomplete;
      const byte = bytes[at]!;
      if (byte === quote) {
        at = this.skipString(at + 1);
      } else if (byte === openBrace || byte === openBracket) {
        at++;
        if (at < end && bytes[at]! <= 32) at = this.skipSpace(at);
        if (at >= end) return incomplete;
        if (bytes[at] === byte + 2) {
          at++;
        } else {
          if (depth === this.#isObject.length) this.#deepen();
          this.#isObject[depth++] = byte === openBrace ? 1 : 0;
          if (byte === openBracket) continue;
          at = this.skipKey(at);
          if (at < 0) return at;
          continue;
        }
      } else {
        at = this.#skipScalar(at);
      }
      if (at < 0 || depth === 0) return at;
      for (;;) {
        if (at < end && bytes[at]! <= 32) at = this.skipSpace(at);
        if (at >= end) return incomplete;
        const isObject = this.#isObject[depth - 1] === 1;
        const next = bytes[at++]!;
        if (next === comma) {
          if (isObject) at = this.skipKey(at);
          break;
        }
        if (next !== (isObject ? closeBrace : closeBracket)) return invalid;
        if (--depth === 0) return at;
      }
      if (at < 0) return at;
    }
  }

  /**
   * The value of the next member of an object: from one past its opening brace (`isFirst`), or from the end of the value
   * before it. `closed` where the object ends.
   */
  nextMember(at: number, isFirst: boolean): number {
    const { bytes, end } = this;
    // Nearly all files have no white space here.
    if (!isFirst && at + 1 < end && bytes[at] === comma && bytes[at + 1] === quote) {
      at++;
    } else if (!(isFirst && at < end && bytes[at] === quote)) {
      at = this.#nextItem(at, isFirst, closeBrace);
      if (at < 0) return at;
      if (bytes[at] !== quote) return invalid;
    }
    this.keyFrom = at + 1;
    at = this.skipPlainText(at + 1);
    this.keyHasEscapes = false;
    if (at + 2 < end && bytes[at] === quote && bytes[at + 1] === colon && bytes[at + 2]! > 32) {
      this.keyTo = at;
      return at + 2;
    }
    return this.#restOfKey(at);
  }

  #restOfKey(at: number): number {
    const { bytes, end } = this;
    if (at >= end) return incomplete;
    if (bytes[at] !== quote) {
      at = this.skipString(at);
      if (at < 0) return at;
      this.keyHasEscapes = bytes.subarray(this.keyFrom, --at).includes(backslash);
    }
    this.keyTo = at;
    at = this.skipColon(at + 1);
    if (at < 0) return at;
    at = this.skipSpace(at);
    return at < end ? at : incomplete;
  }

  /** The same for the next element of an array. */
  nextElement(at: number, isFirst: boolean): number {
    // Nearly all lists are of objects, without white space.
    if (!isFirst && at + 1 < this.end && this.bytes[at] === comma && this.bytes[at + 1] === openBrace) return at + 1;
    return this.#nextItem(at, isFirst, closeBracket);
  }

  /** Whether these bytes stand at `at`. */
  isWordAt(at: number, word: Word): boolean {
    const { length } = word;
    if (at + length > this.end) return false;
    const here = this.#view;
    const there = word.view;
    let offset = 0;
    for (; offset + 4 <= length; offset += 4) {
      if (here.getUint32(at + offset, true) !== there.getUint32(offset, true)) return false;
    }
    for (; offset < length; offset++) if (here.getUint8(at + offset) !== there.getUint8(offset)) return false;
    return true;
  }

  /**
   * Reads a whole number that is counted exactly, as in `"duration":120,`, into `digits`: the position after it, -1 where
   * something else stands at `at` or the window ends.
   */
  readDigits(at: number): number {
    const { bytes, end } = this;
    const from = at;
    let value = 0;
    let byte = 0;
    while (at < end) {
      byte = bytes[at]!;
      if (byte < 48 || byte > 57) break;
      value = value * 10 + (byte - 48);
      at++;
    }
    const isWhole = byte === comma || byte === closeBrace;
    const length = at - from;
    if (!isWhole || length === 0 || length > 16 || value > Number.MAX_SAFE_INTEGER) return -1;
    if (bytes[from] === 48 && length > 1) return -1;
    this.digits = value;
    return at;
  }

  /** The number that stands at `at` and ends before `to`, as JSON.parse has it. */
  numberAt(at: number, to: number): number {
    const { bytes } = this;
    let value = 0;
    for (let digitAt = at; digitAt < to; digitAt++) {
      const digit = bytes[digitAt]! - 48;
      value = value * 10 + digit;
      // Signs, fractions, exponents, and what a sum of digits would round differently.
      if (digit < 0 || digit > 9 || value > Number.MAX_SAFE_INTEGER) return Number(asciiText(bytes, at, to));
    }
    return value;
  }

  #nextItem(at: number, isFirst: boolean, closing: number): number {
    const { bytes, end } = this;
    at = this.skipSpace(at);
    if (at >= end) return incomplete;
    const byte = bytes[at];
    if (byte === closing) {
      this.closedAt = at + 1;
      return closed;
    }
    if (isFirst) return at;
    if (byte !== comma) return invalid;
    at = this.skipSpace(at + 1);
    if (at >= end) return incomplete;
    // A comma before the closing bracket.
    return bytes[at] === closing ? invalid : at;
  }

  #deepen(): void {
    const larger = new Uint8Array(this.#isObject.length * 2);
    larger.set(this.#isObject);
    this.#isObject = larger;
  }

  /** `at` is one past the backslash. */
  #skipEscape(at: number): number {
    const { bytes, end } = this;
    if (at >= end) return incomplete;
    if (isEscape[bytes[at]!] === 0) return invalid;
    if (bytes[at] !== 117) return at + 1;
    for (let digit = at + 1; digit <= at + 4; digit++) {
      if (digit >= end) return incomplete;
      if (isHexDigit[bytes[digit]!] === 0) return invalid;
    }
    return at + 5;
  }

  /**
   * Skips one character that is not ASCII, by the table of well-formed UTF-8 (Unicode 15, table 3-7). Of what is none it
   * skips the first byte: a decoder may take up to three as one U+FFFD, but never one that is ASCII.
   */
  #skipCharacter(at: number): number {
    const { bytes, end } = this;
    const lead = bytes[at]!;
    const length = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let next = 1;
    for (; next < length; next++) {
      if (at + next >= end) return incomplete;
      const byte = bytes[at + next]!;
      if (byte < 0x80 || byte > 0xbf || (next === 1 && !isSecondByte(lead, byte))) break;
    }
    if (next === length) return at + length;
    this.hasInvalidText = true;
    return at + 1;
  }

  /** A number or a literal. Where the window ends with it, there may be more of it. */
  #skipScalar(at: number): number {
    const { bytes, end } = this;
    const byte = bytes[at]!;
    if (byte === 45 || (byte >= 48 && byte <= 57)) return this.#skipNumber(at);
    const word = literals.get(byte);
    if (!word) return invalid;
    for (let next = 1; next < word.length; next++) {
      if (at + next >= end) return incomplete;
      if (bytes[at + next] !== word.charCodeAt(next)) return invalid;
    }
    return at + word.length;
  }

  #skipNumber(at: number): number {
    const { bytes, end } = this;
    if (bytes[at] === 45) at++;
    if (at >= end) return incomplete;
    if (bytes[at] === 48) at++;
    else at = this.#skipDigits(at);
    if (at < 0 || at >= end) return at < 0 ? at : incomplete;
    if (bytes[at] === 46) at = this.#skipDigits(at + 1);
    if (at < 0 || at >= end) return at < 0 ? at : incomplete;
    const byte = bytes[at]!;
    if (byte === 101 || byte === 69) {
      at++;
      if (at < end && (bytes[at] === 43 || bytes[at] === 45)) at++;
      at = this.#skipDigits(at);
    }
    return at >= end ? incomplete : at;
  }

  /** One digit at the least. */
  #skipDigits(at: number): number {
    const { bytes, end } = this;
    const from = at;
    while (at < end && bytes[at]! >= 48 && bytes[at]! <= 57) at++;
    if (at > from) return at;
    return at >= end ? incomplete : invalid;
  }
}

/** Shuts out what could be written shorter, surrogates, and what lies beyond the last character. */
function isSecondByte(lead: number, byte: number): boolean {
  if (lead === 0xe0) return byte >= 0xa0;
  if (lead === 0xed) return byte < 0xa0;
  if (lead === 0xf0) return byte >= 0x90;
  return lead !== 0xf4 || byte < 0x90;
}

/**
 * Of four bytes the highest bit of each that ends plain text, and perhaps of some after the first of them: quotes, backslashes,
 * what is below 32 and what is above 127 (S. E. Anderson, Bit Twiddling Hacks, "Determine if a word has a zero byte").
 */
function endsPlainTextIn(four: number): number {
  const quotes = four ^ 0x22222222;
  const backslashes = four ^ 0x5c5c5c5c;
  const zeros = ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes);
  return (zeros | ((four - 0x20202020) & ~four) | four) & 0x80808080;
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return text;
}
