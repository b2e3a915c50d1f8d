import { hexDigits, notHex, type SpanIdColumn } from '../model/spanIds.ts';
import { type JsonScanner, quote } from './jsonScanner.ts';

/** A span's id as a scanner found it; one object is filled again for each span. */
export class ScannedId {
  /** The halves of 16 lower-case hex digits; else both 0. */
  high = 0;
  low = 0;
  /** Where an id of another spelling stands in the window; as long as nothing where there is no id. */
  from = 0;
  to = 0;
  /** What the id is where it does not stand in the window so. */
  text: string | undefined;

  clear(): void {
    this.high = 0;
    this.low = 0;
    this.from = 0;
    this.to = 0;
    this.text = undefined;
  }

  copyFrom({ high, low, from, to, text }: ScannedId): void {
    this.high = high;
    this.low = low;
    this.from = from;
    this.to = to;
    this.text = text;
  }

  /** Reads a string of 16 lower-case hex digits: the position after it, -1 where something else stands at `at`. */
  readDigits(scanner: JsonScanner, at: number): number {
    const { bytes, end } = scanner;
    const after = at + 18;
    if (after > end || bytes[at] !== quote || bytes[after - 1] !== quote || !this.#readDigits(bytes, at + 1)) return -1;
    this.from = 0;
    this.to = 0;
    this.text = undefined;
    return after;
  }

  /** Reads the content of a string. False where it is not written as it is, or not in ASCII. */
  read(scanner: JsonScanner, from: number, to: number): boolean {
    this.text = undefined;
    if (to - from === 16 && this.#readDigits(scanner.bytes, from)) {
      this.from = 0;
      this.to = 0;
      return true;
    }
    this.high = 0;
    this.low = 0;
    this.from = from;
    this.to = to;
    return scanner.skipPlainText(from) === to;
  }

  pushTo(column: SpanIdColumn, windowStart: number): void {
    if (this.text !== undefined) column.push(this.text === '' ? undefined : this.text);
    else if (this.to > this.from) column.pushRange(windowStart + this.from, this.to - this.from);
    else column.pushWords(this.high, this.low);
  }

  #readDigits(bytes: Uint8Array, from: number): boolean {
    let high = 0;
    let low = 0;
    let seen = 0;
    for (let at = from; at < from + 8; at++) {
      const digit = hexDigits[bytes[at]!]!;
      seen |= digit;
      high = (high << 4) | digit;
    }
    for (let at = from + 8; at < from + 16; at++) {
      const digit = hexDigits[bytes[at]!]!;
      seen |= digit;
      low = (low << 4) | digit;
    }
    this.high = high >>> 0;
    this.low = low >>> 0;
    return seen < notHex && (high | low) !== 0;
  }
}
