import { bytesOf } from './anyValue.ts';
import { bytesFromBase64 } from './base64.ts';

const lowerLetter = 1;
const upperLetter = 2;
const digit = 4;
const otherCharacter = 8;

/** By character code: what an id with such a character has. Zeros and the dashes of a UUID say nothing. */
const marks = new Uint8Array(128).fill(otherCharacter);
for (const [characters, mark] of [
  ['-0', 0],
  ['123456789', digit],
  ['abcdef', lowerLetter],
  ['ABCDEF', upperLetter],
] as const) {
  for (const character of characters) marks[character.charCodeAt(0)] = mark;
}

/**
 * The ids of one file as text: hex keeps its spelling, base64 and bytes turn to lower-case hex, `0x` goes, and all zeros
 * or nothing at all is `''`.
 *
 * Hex means the same in either case, and a file may write a span's id in one and a reference to it in the other. So a
 * reader looks at `hasBothCases` when it is through, and if so reads once more in `lowerCase`.
 */
export class IdTexts {
  #lowerCase: boolean;
  #seen = 0;

  constructor(lowerCase = false) {
    this.#lowerCase = lowerCase;
  }

  get hasBothCases(): boolean {
    return (this.#seen & lowerLetter) !== 0 && (this.#seen & upperLetter) !== 0;
  }

  get isLowerCase(): boolean {
    return this.#lowerCase;
  }

  /** As `read` of an id of 16 lower-case hex digits, of which these are the halves. */
  noteDigits(high: number, low: number): void {
    // A digit over 9 has its highest bit and one of the two below it.
    const letters =
      ((high & (high << 1)) | (high & (high << 2)) | (low & (low << 1)) | (low & (low << 2))) & 0x88888888;
    if (letters !== 0) this.#seen |= lowerLetter;
  }

  /** To be called when the ids of spans are through: those of links are read later, and take the case of the spans. */
  settle(): void {
    if (this.#seen & lowerLetter) this.#lowerCase = true;
  }

  read(value: unknown): string {
    if (typeof value === 'string') return this.#ofText(value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#ofText(String(value));
    const bytes = value ? bytesOf(value) : undefined;
    return bytes ? this.#ofText(hexOfBytes(bytes)) : '';
  }

  #ofText(text: string): string {
    let found = 0;
    for (let at = 0; at < text.length; at++) found |= marks[text.charCodeAt(at)] ?? otherCharacter;
    if (found & otherCharacter) return this.#ofOtherText(text);
    if (found === 0) return '';
    this.#seen |= found;
    return found & upperLetter && this.#lowerCase ? text.toLowerCase() : text;
  }

  /**
   * 8 and 16 bytes take one or two `=` to fill base64 up, so an id without one is no base64: hex of 12 or 24 digits would
   * pass for it.
   */
  #ofOtherText(text: string): string {
    if (/^0[xX][0-9a-fA-F]+$/.test(text)) return this.#ofText(text.slice(2));
    if (!text.endsWith('=') || text.length < 8) return text;
    const bytes = bytesFromBase64(text);
    return bytes ? this.#ofText(hexOfBytes(bytes)) : text;
  }
}

function hexOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
