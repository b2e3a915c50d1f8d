import type { ByteSource } from '../formats/byteSource.ts';
import { longestText } from '../formats/inputBytes.ts';
import { readLenient } from '../formats/lenientJson.ts';
import { asArray, isObject } from '../formats/traceCollector.ts';
import { type AttributeValue, setAttribute } from '../model/details.ts';

type Container = unknown[] | Record<string, unknown>;

interface OpenContainer {
  readonly container: Container;
  /** What came last: nothing yet, a comma, or a container that was read piece by piece. */
  after: 'start' | 'comma' | 'container';
  /** Of the member that is open in an object. */
  openKey: string;
}

const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

/** In bytes. */
interface PieceLengths {
  /** So much of whole elements is given to `JSON.parse` at once. */
  batch: number;
  /** An element that is longer is opened and read piece by piece. */
  longestElement: number;
}

const usualLengths: PieceLengths = { batch: 256 * 1024, longestElement: 1024 * 1024 };
/** Formats have their spans no deeper. What lies deeper is read whole, or hostile depth would cost a look at it for each level. */
const deepestOpen = 12;

/**
 * One JSON value, an object or array, read while its bytes come: what `JSON.parse` gives for the whole, put together from
 * what it gives for batches of elements. No text is ever longer than a batch or one element of a list of records.
 *
 * A pass over the bytes that knows strings, escapes and depth finds where elements end:
 *
 * ```
 * {"trace_id":"…","spans":[{…},{…},{…},…
 * ▲ open           ▲ open  ╰─ a batch ─╯ JSON.parse('[' + batch + ']') is appended to `spans`
 * ```
 *
 * It takes exactly what `JSON.parse` takes; all else it refuses, and somebody else is to read the file from its beginning.
 */
export class JsonDocument {
  readonly #source: ByteSource;
  readonly #lengths: PieceLengths;
  readonly #open: OpenContainer[] = [];
  #root: Container | undefined;
  /** Where what is not parsed yet begins, and how far it has been looked at. */
  #from = 0;
  #at = 0;
  /** Of what was looked at: below the innermost open container. */
  #depth = 0;
  #isInString = false;
  /** The end of the last whole element; -1 for none since `#from`. */
  #lastComma = -1;
  #elements = 0;
  #outcome: 'reading' | 'whole' | 'refused' = 'reading';

  constructor(source: ByteSource, lengths: PieceLengths = usualLengths) {
    this.#source = source;
    this.#lengths = lengths;
  }

  /** Elements of lists that were put together: spans, mostly. */
  get recordCount(): number {
    return this.#elements;
  }

  /** Reads on to `to` at the most. */
  advance(to: number): 'reading' | 'whole' | 'refused' {
    try {
      while (this.#outcome !== 'refused' && this.#at < Math.min(to, this.#source.length)) this.#look(to);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      this.#outcome = 'refused';
    }
    return this.#outcome;
  }

  /** Where `advance` has come to. */
  get position(): number {
    return this.#at;
  }

  /** All before it is in `value`. */
  get takenTo(): number {
    return this.#from;
  }

  get value(): unknown {
    return this.#root;
  }

  /**
   * Where the value breaks off or was refused: adds what the reader of damaged text finds in the next `mostBytes`, which is
   * given the way to them.
   */
  salvage(mostBytes: number): void {
    const way = this.#open.map(({ container, openKey }, level) => {
      const isInnermost = level === this.#open.length - 1;
      if (Array.isArray(container)) return '[';
      return isInnermost ? '{' : `{${JSON.stringify(openKey)}:`;
    });
    const to = Math.min(this.#source.length, this.#from + mostBytes);
    const text = this.#source.text(this.#from, to);
    const innermost = this.#open.at(-1);
    if (!innermost) return;
    const rest = innermost.after === 'container' ? text.replace(/^\s*,/, '') : text;
    let found = readLenient(way.join('') + rest, 0).value;
    for (const { container, openKey } of this.#open.slice(0, -1)) {
      found = Array.isArray(container) ? asArray(found)[0] : isObject(found) ? found[openKey] : undefined;
    }
    const { container } = innermost;
    if (Array.isArray(container)) for (const element of asArray(found)) container.push(element);
    else if (isObject(found)) for (const key of Object.keys(found)) setMember(container, key, found[key]);
  }

  /** Looks at one piece. */
  #look(to: number): void {
    const { batch, longestElement } = this.#lengths;
    const rest = this.#source.restOfChunk(this.#at);
    const bytes = rest.subarray(0, Math.min(to - this.#at, batch));
    if (this.#open.length === 0) this.#lookOutside(bytes);
    else if (this.#isInString) this.#lookInString(bytes);
    else this.#lookInside(bytes);
    const isFull = this.#open.length > 0 && this.#at - this.#from >= batch;
    if (isFull && this.#lastComma >= this.#from) this.#takeBatch();
    else if (isFull && this.#at - this.#from >= longestElement) this.#openElement();
  }

  /** Before the value and after it. */
  #lookOutside(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (isSpace(byte)) continue;
      if (this.#root || (byte !== openBrace && byte !== openBracket)) {
        this.#outcome = 'refused';
        return;
      }
      this.#root = byte === openBracket ? [] : {};
      this.#enter(this.#root, this.#at + at + 1);
      return;
    }
    this.#at += bytes.length;
  }

  #enter(container: Container, from: number): void {
    this.#open.push({ container, after: 'start', openKey: '' });
    this.#from = from;
    this.#at = from;
    this.#depth = 0;
    this.#lastComma = -1;
  }

  /** To the end of a string; an escaped character may lie in the next piece. */
  #lookInString(bytes: Uint8Array): void {
    let at = 0;
    for (; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === backslash) at++;
      else if (byte === quote) {
        this.#isInString = false;
        at++;
        break;
      }
    }
    this.#at += at;
  }

  #lookInside(bytes: Uint8Array): void {
    const begin = this.#at;
    const isAfterContainer = this.#open.at(-1)!.after === 'container';
    let depth = this.#depth;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte === quote) {
        // Most strings end within the piece.
        for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
        if (at < bytes.length) continue;
        // An escape at the piece's end reaches one byte into the next.
        this.#isInString = true;
        this.#depth = depth;
        this.#at = begin + at;
        return;
      } else if (byte === openBrace || byte === openBracket) {
        depth++;
      } else if (byte === closeBrace || byte === closeBracket) {
        if (depth === 0) {
          this.#close(begin + at, byte);
          return;
        }
        depth--;
      } else if (byte === comma && depth === 0) {
        this.#lastComma = begin + at;
        if (isAfterContainer) {
          this.#takeBatch();
          this.#at = this.#from;
          return;
        }
      }
    }
    this.#depth = depth;
    this.#at = begin + bytes.length;
  }

  #close(at: number, bracket: number): void {
    const { container } = this.#open.at(-1)!;
    if (bracket !== (Array.isArray(container) ? closeBracket : closeBrace)) throw new SyntaxError();
    this.#take(at, false);
    this.#open.pop();
    const above = this.#open.at(-1);
    if (above) above.after = 'container';
    else this.#outcome = 'whole';
    this.#from = at + 1;
    this.#at = at + 1;
    this.#depth = 0;
    this.#lastComma = -1;
  }

  #takeBatch(): void {
    const end = this.#lastComma;
    this.#take(end, true);
    this.#open.at(-1)!.after = 'comma';
    this.#from = end + 1;
    this.#lastComma = -1;
  }

  /** Parses the elements or members before `to`, where a comma stands or the bracket that closes the container. */
  #take(to: number, isComma: boolean): void {
    const { container, after } = this.#open.at(-1)!;
    if (to - this.#from > longestText) throw new SyntaxError();
    const text = this.#source.text(this.#from, to);
    if (Array.isArray(container)) {
      const elements = JSON.parse(`[${text}]`) as unknown[];
      checkPlace(elements.length, after, isComma);
      for (const element of elements) container.push(element);
      this.#elements += elements.length;
    } else {
      const members = JSON.parse(`{${text}}`) as Record<string, unknown>;
      const keys = Object.keys(members);
      checkPlace(keys.length, after, isComma);
      for (const key of keys) setMember(container, key, members[key]);
    }
  }

  /** Opens the element that is longer than is parsed at once, if it is an array or object. */
  #openElement(): void {
    const { container, after } = this.#open.at(-1)!;
    if (this.#open.length >= deepestOpen || after === 'container') return;
    const source = this.#source;
    const head = source.bytes(this.#from, Math.min(this.#at, this.#from + 4096));
    let at = endOfSpace(head, 0);
    let key = '';
    if (!Array.isArray(container)) {
      const end = endOfString(head, at);
      if (end < 0) return;
      key = JSON.parse(source.text(this.#from + at, this.#from + end)) as string;
      at = endOfSpace(head, end);
      if (head[at] !== 58) return;
      at = endOfSpace(head, at + 1);
    }
    if (head[at] !== openBrace && head[at] !== openBracket) return;
    this.#open.at(-1)!.openKey = key;
    const inner: Container = head[at] === openBracket ? [] : {};
    if (Array.isArray(container)) container.push(inner);
    else setMember(container, key, inner);
    this.#isInString = false;
    this.#enter(inner, this.#from + at + 1);
  }
}

/** Between two commas, and between a comma and a bracket, an element stands; where a container was read in pieces, it was that. */
function checkPlace(count: number, after: OpenContainer['after'], isComma: boolean): void {
  const isGood = count > 0 ? after !== 'container' : after === 'container' || (after === 'start' && !isComma);
  if (!isGood) throw new SyntaxError();
}

// What JSON may hold is more than an attribute's value, but the own key `__proto__` needs the same care.
function setMember(container: Record<string, unknown>, key: string, value: unknown): void {
  setAttribute(container as Record<string, AttributeValue>, key, value as AttributeValue);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

function endOfSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

/** One past the closing quote; -1 where no string begins at `from` or it does not end within the bytes. */
function endOfString(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== quote) return -1;
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at + 1;
  }
  return -1;
}
