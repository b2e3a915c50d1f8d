import { type AttributeValue, setAttribute } from '../model/details.ts';
import type { ByteSource } from './byteSource.ts';
import { textOfString } from './byteStrings.ts';
import {
  closeBrace,
  closeBracket,
  comma,
  incomplete,
  invalid,
  type JsonScanner,
  openBrace,
  openBracket,
} from './jsonScanner.ts';
import { holdsSpansAside } from './spanShape.ts';

/** What lies around the spans in files of one format. */
export interface FileShape {
  /** Keys of lists and objects on the way to spans. */
  readonly way: ReadonlySet<string>;
  /** Keys of values that come again and again, as resources: those that are written alike are parsed once and are one object. */
  readonly shared: ReadonlySet<string>;
  /** Keys beside the way that only files have which are not read by bytes. */
  readonly refused: ReadonlySet<string>;
}

/** Who gets what a walk finds. Positions are those of the scanner's window. */
export interface WalkVisitor {
  /** How many spans were met: what the next one's row will be. */
  readonly rowCount: number;
  /** One element of a list of spans, of whatever kind: the position after it, `incomplete` or `invalid`. */
  scanSpan(at: number, windowStart: number): number;
  /**
   * A whole value of the file in which lists of spans are empty: `rows` tells which spans each of them stands for. False for
   * what is to be read otherwise.
   */
  takeValue(value: unknown, rows: RowsOfLists): boolean;
}

export type RowsOfLists = ReadonlyMap<readonly unknown[], RowRange>;

export interface RowRange {
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** A list or an object on the way that is not closed yet. */
interface OpenContainer {
  readonly container: unknown[] | Record<string, unknown>;
  readonly isArray: boolean;
  readonly isSpans: boolean;
  /** The first row of a list of spans. */
  readonly firstRow: number;
  /** What may come: anything or the end, a comma or the end, anything. */
  state: 'begun' | 'after-item' | 'after-comma';
}

const lineFeed = 10;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Walks through a file's bytes as they come: what lies around the spans becomes objects, lists of spans stay empty, and each
 * span is handed to the visitor as bytes. Goes on at each call where it was, a span or a member at a time, so that one that
 * lies across the border of two chunks is scanned once both are there.
 *
 * Takes strict JSON alone: one value, or one on each line (JSON Lines).
 */
export class ByteWalk {
  readonly #source: ByteSource;
  readonly #scanner: JsonScanner;
  readonly #shape: FileShape;
  readonly #visitor: WalkVisitor;
  readonly #open: OpenContainer[] = [];
  readonly #rows = new Map<readonly unknown[], RowRange>();
  readonly #shared = new Map<string, unknown>();
  /** The file offset of the window that is being scanned, and the position in it up to which all is done. */
  #windowStart = 0;
  #at = 0;
  /** Not before the source is that long: what is incomplete is scanned again once it is twice as long, not for each chunk. */
  #goOnAt = 0;
  #isRefused = false;
  /** The value that is being read, or was read last. */
  #valueFrom = 0;
  #valueTo = 0;
  #valueCount = 0;

  constructor(source: ByteSource, scanner: JsonScanner, shape: FileShape, visitor: WalkVisitor) {
    this.#source = source;
    this.#scanner = scanner;
    this.#shape = shape;
    this.#visitor = visitor;
  }

  advance(): 'reading' | 'refused' {
    if (!this.#isRefused && this.#source.length >= this.#goOnAt) this.#walk();
    return this.#isRefused ? 'refused' : 'reading';
  }

  /** Reads what is left. Whether all of it was whole. */
  finish(): boolean {
    this.#goOnAt = 0;
    this.advance();
    if (this.#isRefused || this.#open.length > 0 || this.#offset < this.#source.length) return false;
    return this.#valueCount === 1 || (this.#valueCount > 1 && this.#isOneLine());
  }

  get #offset(): number {
    return this.#windowStart + this.#at;
  }

  #walk(): void {
    const source = this.#source;
    const shortestJoin = Math.max(1, source.longestChunk >> 8);
    let join = 0;
    while (this.#offset < source.length) {
      const from = this.#offset;
      const window = join === 0 ? source.restOfChunk(from) : source.bytes(from, Math.min(source.length, from + join));
      this.#windowStart = from;
      this.#at = 0;
      this.#scanner.setWindow(window);
      if (this.#scanWindow() === invalid) {
        this.#isRefused = true;
        return;
      }
      const left = window.length - this.#at;
      if (from + window.length === source.length) {
        this.#goOnAt = source.length + left;
        return;
      }
      // What lies across the border of two chunks is copied together, the more of it the longer it is.
      join = left === 0 || (join > 0 && this.#at > 0) ? 0 : Math.max(2 * left, shortestJoin);
    }
  }

  /** Goes on to the window's end or to what is incomplete there. */
  #scanWindow(): number {
    for (;;) {
      const innermost = this.#open[this.#open.length - 1];
      let next: number;
      if (!innermost) next = this.#beginValue();
      else if (innermost.isSpans) next = this.#scanSpans(innermost);
      else if (innermost.isArray) next = this.#scanElement(innermost);
      else next = this.#scanMember(innermost);
      if (next < 0) return next;
      this.#at = next;
    }
  }

  #beginValue(): number {
    const { bytes, end } = this.#scanner;
    if (this.#offset === 0 && bytes[0] === byteOrderMark[0]) return this.#skipByteOrderMark();
    const at = this.#scanner.skipSpace(this.#at);
    if (at >= end) {
      this.#at = at;
      return incomplete;
    }
    const byte = bytes[at];
    if ((byte !== openBrace && byte !== openBracket) || !this.#isOnLineOfItsOwn(this.#windowStart + at)) return invalid;
    this.#valueFrom = this.#windowStart + at;
    this.#push(byte === openBracket, false);
    return at + 1;
  }

  #skipByteOrderMark(): number {
    const { bytes, end } = this.#scanner;
    if (end < byteOrderMark.length) return incomplete;
    return byteOrderMark.every((byte, at) => bytes[at] === byte) ? byteOrderMark.length : invalid;
  }

  /** Several values are taken from JSON Lines only: readers of text go by lines there, and elsewhere by brackets. */
  #isOnLineOfItsOwn(from: number): boolean {
    if (this.#valueCount === 0) return true;
    return this.#isOneLine() && this.#source.indexOf(lineFeed, this.#valueTo, from) >= 0;
  }

  /** Of the value that was read last. */
  #isOneLine(): boolean {
    return this.#source.indexOf(lineFeed, this.#valueFrom, this.#valueTo) < 0;
  }

  #push(isArray: boolean, isSpans: boolean): OpenContainer {
    const container = isArray ? [] : {};
    const opened = { container, isArray, isSpans, firstRow: this.#visitor.rowCount, state: 'begun' as const };
    this.#open.push(opened);
    return opened;
  }

  /**
   * White space and a comma or the closing bracket where there may be one: the position after it. The position of the next
   * item where none is due.
   */
  #skipSeparator(innermost: OpenContainer, at: number): number {
    const { bytes, end } = this.#scanner;
    at = this.#scanner.skipSpace(at);
    if (at >= end) return incomplete;
    const byte = bytes[at];
    if (innermost.state === 'after-item' && byte === comma) {
      innermost.state = 'after-comma';
      this.#at = at + 1;
      return this.#scanner.skipSpace(at + 1);
    }
    if (byte === (innermost.isArray ? closeBracket : closeBrace) && innermost.state !== 'after-comma') {
      this.#open.pop();
      return this.#close(innermost, at + 1);
    }
    return innermost.state === 'after-item' ? invalid : at;
  }

  #close(closed: OpenContainer, at: number): number {
    if (closed.isSpans)
      this.#rows.set(closed.container as unknown[], { from: closed.firstRow, to: this.#visitor.rowCount });
    const outer = this.#open[this.#open.length - 1];
    if (outer) {
      outer.state = 'after-item';
      return at;
    }
    this.#valueTo = this.#windowStart + at;
    this.#valueCount++;
    // Spans that stand elsewhere the reader of objects finds.
    const isTaken = !holdsSpansAside(closed.container) && this.#visitor.takeValue(closed.container, this.#rows);
    this.#rows.clear();
    return isTaken ? at : invalid;
  }

  #scanSpans(innermost: OpenContainer): number {
    const next = this.#skipSeparator(innermost, this.#at);
    if (next < 0 || this.#open[this.#open.length - 1] !== innermost) return next;
    const after = this.#visitor.scanSpan(next, this.#windowStart);
    if (after >= 0) innermost.state = 'after-item';
    return after;
  }

  #scanElement(innermost: OpenContainer): number {
    const next = this.#skipSeparator(innermost, this.#at);
    if (next < 0 || this.#open[this.#open.length - 1] !== innermost) return next;
    const list = innermost.container as unknown[];
    const byte = this.#scanner.bytes[next];
    if (next < this.#scanner.end && (byte === openBrace || byte === openBracket)) {
      list.push(this.#push(byte === openBracket, false).container);
      return next + 1;
    }
    const after = this.#scanner.skipValue(next);
    if (after < 0) return after;
    const value = this.#parsed(next, after);
    if (value === undefined) return invalid;
    list.push(value);
    innermost.state = 'after-item';
    return after;
  }

  #scanMember(innermost: OpenContainer): number {
    const scanner = this.#scanner;
    const next = this.#skipSeparator(innermost, this.#at);
    if (next < 0 || this.#open[this.#open.length - 1] !== innermost) return next;
    const afterKey = scanner.skipKey(next);
    if (afterKey < 0) return afterKey;
    const at = scanner.skipSpace(afterKey);
    if (at >= scanner.end) return incomplete;
    const key = textOfString(scanner.bytes, next + 1, scanner.skipString(next + 1) - 1);
    if (this.#shape.refused.has(key)) return invalid;
    const byte = scanner.bytes[at];
    const isArray = byte === openBracket;
    const isSpans = isArray && key === 'spans';
    if (isSpans || ((isArray || byte === openBrace) && this.#shape.way.has(key))) {
      // Of a key that comes again the last counts, and those that were read before would have left their traces.
      if (Object.hasOwn(innermost.container, key)) return invalid;
      setMember(innermost, key, this.#push(isArray, isSpans).container);
      return at + 1;
    }
    const after = scanner.skipValue(at);
    if (after < 0) return after;
    const value = this.#parsed(at, after, this.#shape.shared.has(key));
    if (value === undefined) return invalid;
    setMember(innermost, key, value);
    innermost.state = 'after-item';
    return after;
  }

  /** Undefined for what an engine cannot hold. */
  #parsed(from: number, to: number, isShared = false): unknown {
    try {
      const text = decoder.decode(this.#scanner.bytes.subarray(from, to));
      if (!isShared) return JSON.parse(text);
      let value = this.#shared.get(text);
      if (value === undefined) {
        value = JSON.parse(text);
        this.#shared.set(text, value);
      }
      return value;
    } catch {
      return undefined;
    }
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function setMember({ container }: OpenContainer, key: string, value: unknown): void {
  setAttribute(container as Record<string, AttributeValue>, key, value as AttributeValue);
}
