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
  /** What a line that is refused is given to, and its number; without it the whole file is refused. */
  readonly #takeBroken: ((line: string, number: number) => void) | undefined;
  #from = 0;
  #at = 0;
  #number = 1;

  constructor(source: ByteSource, takeBroken?: (line: string, number: number) => void) {
    this.#source = source;
    this.#takeBroken = takeBroken;
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
      this.#number++;
    }
    return 'reading';
  }

  /** The line that no line break ends. */
  finish(): 'whole' | 'refused' {
    return this.#readLine(this.#source.length) && this.values.length > 0 ? 'whole' : 'refused';
  }

  #readLine(to: number): boolean {
    const isTooLong = to - this.#from > longestText;
    const line = isTooLong ? '' : this.#source.text(this.#from, to);
    const content = line.trimStart();
    if (content === '' && !isTooLong) return true;
    if (content[0] === '{' || content[0] === '[') {
      try {
        this.values.push(JSON.parse(line));
        return true;
      } catch {
        // As for any other line that is no JSON.
      }
    }
    this.#takeBroken?.(line, this.#number);
    return this.#takeBroken !== undefined;
  }
}
