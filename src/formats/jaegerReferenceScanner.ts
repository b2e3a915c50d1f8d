import {
  backslash,
  closed,
  type JsonScanner,
  openBrace,
  openBracket,
  quote,
  wordOf,
  wordOfBytes,
} from './jsonScanner.ts';
import { ScannedId } from './scannedId.ts';

const words = { spanID: wordOf('spanID'), traceID: wordOf('traceID'), refType: wordOf('refType') };
const childOf = wordOf('"CHILD_OF"');
const followsFrom = wordOf('"FOLLOWS_FROM"');

/** Finds a span's parent among its references, as `parentReference` does, in the walk that finds where they end. */
export class JaegerReferenceScanner {
  readonly parentId = new ScannedId();
  hasParent = false;
  followsFrom = false;
  /** Whether something is there that only the reader of objects reads. */
  isOdd = false;
  /** Whether a reference's trace was compared with the span's, which may not have been known yet. */
  haveCompared = false;
  /** The number of the trace that spans were of last. */
  trace = 0;
  readonly #scanner: JsonScanner;
  /** Its id as it is written, with its quotes. */
  #traceBytes = new Uint8Array(0);
  #traceId = wordOf('');
  #hasTrace = false;
  /** What stood around the parent's id in a span of which it was the only reference, and of which trace that was. */
  #before = wordOf('');
  #after = wordOf('');
  #usualTrace = -1;
  #isUsualFollowsFrom = false;
  // Of the reference that is being read: where its values are, -1 for none.
  readonly #id = new ScannedId();
  #idAt = -1;
  #idEnd = 0;
  #traceAt = -1;
  #traceEnd = 0;
  #typeAt = -1;
  #typeEnd = 0;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  setTrace(trace: number, from: number, to: number): void {
    this.trace = trace;
    this.#traceBytes = this.#scanner.bytes.slice(from, to);
    this.#traceId = wordOfBytes(this.#traceBytes);
  }

  /** The position after the value at `at` if it is the id of the trace that spans were of last, else -1. */
  sameTraceAt(at: number): number {
    const after = at + this.#traceId.length;
    return after > at && this.#scanner.isWordAt(at, this.#traceId) ? after : -1;
  }

  clear(): void {
    this.hasParent = false;
    this.followsFrom = false;
    this.isOdd = false;
    this.haveCompared = false;
  }

  /**
   * The value that begins at `at`: the position after it, `incomplete` or `invalid`. `trace` is the number of the span's own
   * trace, below 0 where it was not met before.
   */
  scan(at: number, trace: number): number {
    const scanner = this.#scanner;
    this.hasParent = false;
    this.followsFrom = false;
    this.#hasTrace = trace >= 0;
    if (scanner.bytes[at] !== openBracket) return scanner.skipValue(at);
    const usual = this.#hasTrace && trace === this.#usualTrace ? this.#scanUsual(at) : -1;
    if (usual >= 0) return usual;
    let count = 0;
    let next = scanner.nextElement(at + 1, true);
    while (next >= 0) {
      const after = scanner.bytes[next] === openBrace ? this.#scanReference(next + 1) : scanner.skipValue(next);
      if (after < 0) return after;
      count++;
      next = scanner.nextElement(after, false);
    }
    if (next !== closed) return next;
    const end = scanner.closedAt;
    if (count === 1 && this.hasParent && !this.isOdd && this.#hasTrace) this.#learnUsual(at, end, trace);
    return end;
  }

  /** Nearly all spans have one reference, written as those before it but for the id. -1 where it is another. */
  #scanUsual(at: number): number {
    const scanner = this.#scanner;
    if (!scanner.isWordAt(at, this.#before)) return -1;
    const after = this.parentId.readDigits(scanner, at + this.#before.length);
    if (after < 0 || !scanner.isWordAt(after, this.#after)) return -1;
    this.hasParent = true;
    this.followsFrom = this.#isUsualFollowsFrom;
    this.haveCompared = true;
    return after + this.#after.length;
  }

  #learnUsual(at: number, end: number, trace: number): void {
    // Where nothing is to be gained by it.
    if (end - at > 300 || this.#idEnd - this.#idAt !== 18 || this.#id.to > 0) return;
    const { bytes } = this.#scanner;
    this.#before = wordOfBytes(bytes.slice(at, this.#idAt));
    this.#after = wordOfBytes(bytes.slice(this.#idEnd, end));
    this.#usualTrace = trace;
    this.#isUsualFollowsFrom = this.followsFrom;
  }

  #scanReference(at: number): number {
    const scanner = this.#scanner;
    this.#idAt = -1;
    this.#traceAt = -1;
    this.#typeAt = -1;
    let next = scanner.nextMember(at, true);
    while (next >= 0) {
      const after = this.#scanMember(next, scanner.keyFrom, scanner.keyTo - scanner.keyFrom);
      if (after < 0) return after;
      next = scanner.nextMember(after, false);
    }
    if (next !== closed) return next;
    const end = scanner.closedAt;
    // Once there is a parent that is waited for, nothing that comes after it counts.
    if (!this.hasParent || this.followsFrom) this.#take();
    return end;
  }

  #scanMember(at: number, keyFrom: number, keyLength: number): number {
    const scanner = this.#scanner;
    if (scanner.keyHasEscapes) this.isOdd = true;
    if (keyLength === 6 && scanner.isWordAt(keyFrom, words.spanID)) {
      const quick = this.#id.readDigits(scanner, at);
      this.#idAt = at;
      this.#idEnd = quick >= 0 ? quick : scanner.skipValue(at);
      if (quick < 0 && this.#idEnd >= 0) this.#readOtherId(at, this.#idEnd);
      return this.#idEnd;
    }
    if (keyLength === 7 && scanner.isWordAt(keyFrom, words.traceID)) {
      const quick = this.sameTraceAt(at);
      this.#traceAt = at;
      this.#traceEnd = quick >= 0 ? quick : scanner.skipValue(at);
      return this.#traceEnd;
    }
    const after = scanner.skipValue(at);
    if (keyLength === 7 && scanner.isWordAt(keyFrom, words.refType)) {
      this.#typeAt = at;
      this.#typeEnd = after;
    }
    return after;
  }

  /** Numbers, and what is not written as it is, the reader of objects reads. Null, true and objects are no ids. */
  #readOtherId(at: number, end: number): void {
    const byte = this.#scanner.bytes[at]!;
    this.#id.clear();
    if (byte !== quote) this.isOdd ||= byte < 58;
    else if (!this.#id.read(this.#scanner, at + 1, end - 1)) this.isOdd = true;
  }

  #take(): void {
    if (this.#idAt < 0 || this.#namesNone() || !this.#isOfTrace()) return;
    const isFollowsFrom = this.#isFollowsFrom();
    // Of several that the span follows from, the first is the parent.
    if (isFollowsFrom && this.hasParent) return;
    this.hasParent = true;
    this.followsFrom = isFollowsFrom;
    this.parentId.copyFrom(this.#id);
  }

  #namesNone(): boolean {
    const { bytes } = this.#scanner;
    if (bytes[this.#idAt] !== quote) return true;
    for (let at = this.#idAt + 1; at < this.#idEnd - 1; at++) if (bytes[at] !== 48) return false;
    return true;
  }

  #isOfTrace(): boolean {
    const { bytes } = this.#scanner;
    const at = this.#traceAt;
    if (at < 0) return true;
    if (bytes[at] !== quote) {
      this.isOdd ||= bytes[at]! < 58;
      return true;
    }
    if (this.#traceEnd - at === 2) return true;
    this.haveCompared = true;
    if (!this.#hasTrace) this.isOdd = true;
    if (this.#traceEnd - at === this.#traceId.length && this.#scanner.isWordAt(at, this.#traceId)) return true;
    // Another spelling may be the same id.
    if (!isAscii(bytes, at, this.#traceEnd) || !isAscii(this.#traceBytes, 0, this.#traceBytes.length))
      this.isOdd = true;
    return false;
  }

  #isFollowsFrom(): boolean {
    const { bytes } = this.#scanner;
    const length = this.#typeEnd - this.#typeAt;
    if (this.#typeAt < 0 || bytes[this.#typeAt] !== quote) return false;
    if (length === childOf.length && this.#scanner.isWordAt(this.#typeAt, childOf)) return false;
    if (length === followsFrom.length && this.#scanner.isWordAt(this.#typeAt, followsFrom)) return true;
    if (bytes.subarray(this.#typeAt, this.#typeEnd).includes(backslash)) this.isOdd = true;
    return false;
  }
}

/** Whether it is ASCII without an escape. */
function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! > 127 || bytes[at] === backslash) return false;
  return true;
}
