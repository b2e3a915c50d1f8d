import type { ByteSource } from '../formats/byteSource.ts';
import { longestText } from '../formats/inputBytes.ts';

const lineBreak = 10;

/**
 * JSON Lines, read while their bytes come: a value on each line that is not blank. A line that is no JSON object or array is
 * refused, and somebody else is to read the file from its beginning.
 */
export class JsonLines {
  readonly values: unknown[] = [];
  readonly #source: ByteSource;
  #from = 0;
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Where `advance` has come to. */
  get position(): number {
    return this.#at;
  }

  /** Reads on to `to` at the most. */
  advance(to: number): 'reading' | 'refused' {
    const end = Math.min(to, this.#source.length);
    while (this.#at < end) {
      const rest = this.#source.restOfChunk(this.#at);
      const bytes = rest.subarray(0, end - this.#at);
      const found = bytes.indexOf(lineBreak);
      const lineEnd = this.#at + found;
      this.#at += found < 0 ? bytes.length : found + 1;
      if (found < 0) continue;
      if (!this.#readLine(lineEnd)) return 'refused';
      this.#from = this.#at;
    }
    return 'reading';
  }

  /** The line that no line break ends. */
  finish(): 'whole' | 'refused' {
    return this.#readLine(this.#source.length) && this.values.length > 0 ? 'whole' : 'refused';
  }

  #readLine(to: number): boolean {
    if (to - this.#from > longestText) return false;
    const line = this.#source.text(this.#from, to);
    const content = line.trimStart();
    if (content === '') return true;
    if (content[0] !== '{' && content[0] !== '[') return false;
    try {
      this.values.push(JSON.parse(line));
      return true;
    } catch {
      return false;
    }
  }
}
