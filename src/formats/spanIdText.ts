import { bytesOf } from './anyValue.ts';
import { bytesFromBase64 } from './base64.ts';

/**
 * The ids of one file as text: hex keeps its spelling, base64 and bytes turn to lower-case hex, `0x` goes, and all zeros
 * or nothing at all is `''`.
 *
 * Hex means the same in either case, and a file may write a parent in one and its child's reference in the other. So a
 * reader looks at `hasBothCases` when it is through, and if so reads once more in `lowerCase`.
 */
export class IdTexts {
  #lowerCase: boolean;
  #sawLower = false;
  #sawUpper = false;

  constructor(lowerCase = false) {
    this.#lowerCase = lowerCase;
  }

  get hasBothCases(): boolean {
    return this.#sawLower && this.#sawUpper;
  }

  /** To be called when the ids of spans are through: those of links are read later, and take the case of the spans. */
  settle(): void {
    if (this.#sawLower) this.#lowerCase = true;
  }

  read(value: unknown): string {
    if (typeof value === 'string') return this.#ofText(value);
    if (typeof value === 'number' || typeof value === 'bigint') return this.#ofText(String(value));
    const bytes = bytesOf(value);
    return bytes ? this.#ofText(hexOfBytes(bytes)) : '';
  }

  #ofText(text: string): string {
    const from = text.charCodeAt(0) === 48 && (text.charCodeAt(1) | 32) === 120 && text.length > 2 ? 2 : 0;
    let isZero = true;
    let hasLower = false;
    let hasUpper = false;
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code >= 48 && code <= 57) {
        if (code !== 48) isZero = false;
        continue;
      }
      // The dashes of a UUID.
      if (code === 45) continue;
      isZero = false;
      if (code >= 97 && code <= 102) hasLower = true;
      else if (code >= 65 && code <= 70) hasUpper = true;
      else return this.#ofOtherText(text);
    }
    if (isZero) return '';
    if (hasLower) this.#sawLower = true;
    if (hasUpper) this.#sawUpper = true;
    const hex = from === 0 ? text : text.slice(from);
    return hasUpper && this.#lowerCase ? hex.toLowerCase() : hex;
  }

  /**
   * 8 and 16 bytes take one or two `=` to fill base64 up, so an id without one is no base64: text such as
   * "c0ffee00c0ffee00" would pass for 12 bytes of it.
   */
  #ofOtherText(text: string): string {
    if (text.charCodeAt(text.length - 1) !== 61 || text.length < 8) return text;
    const bytes = bytesFromBase64(text);
    return bytes ? this.#ofText(hexOfBytes(bytes)) : text;
  }
}

function hexOfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
