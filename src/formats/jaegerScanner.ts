import { kindCode, statusCode } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import { noTraceId, type ScannedSpans } from './byteCollector.ts';
import { ByteStrings } from './byteStrings.ts';
import { ExpectedKeys } from './expectedKeys.ts';
import { JaegerReferenceScanner } from './jaegerReferenceScanner.ts';
import { JaegerTagScanner } from './jaegerTagScanner.ts';
import { setEnd, setMicroseconds } from './jaegerTime.ts';
import { closed, type JsonScanner, openBrace, openBracket, quote, type Word, wordOf } from './jsonScanner.ts';
import { ScannedId } from './scannedId.ts';

type Field =
  | 'spanID'
  | 'traceID'
  | 'operationName'
  | 'references'
  | 'startTime'
  | 'duration'
  | 'tags'
  | 'processID'
  | 'warnings'
  | 'parentSpanID'
  | 'logs'
  /** What only the reader of objects reads. */
  | 'odd'
  /** What other formats are known by. */
  | 'suspect'
  | 'other';

const fields: readonly Field[] = [
  ...(['spanID', 'traceID', 'operationName', 'references', 'startTime', 'duration', 'tags', 'processID'] as const),
  ...(['warnings', 'parentSpanID', 'logs'] as const),
];

/** By their length. */
const knownKeys: readonly (readonly { word: Word; field: Field }[])[] = byLength([
  ...fields.map((field) => [field, field] as const),
  ...['tag', 'process', 'startTimeMillis', '_source'].map((key) => [key, 'odd'] as const),
  ...['object', 'data', 'items', 'traces', 'spans', 'trace', 'attributes', 'id'].map(
    (key) => [key, 'suspect'] as const,
  ),
]);

function byLength(keys: readonly (readonly [key: string, field: Field])[]) {
  const lists: { word: Word; field: Field }[][] = Array.from({ length: 17 }, () => []);
  for (const [key, field] of keys) lists[key.length]!.push({ word: wordOf(key), field });
  return lists;
}

/** What a value is, as far as it matters; null is missing. */
const isMissing = 0;
const isText = 1;
const isArray = 2;
const isOther = 3;
const isNumber = 4;

/** Reads Jaeger's spans from their bytes into columns. What is not written as nearly all are it leaves to the reader of objects. */
export class JaegerScanner {
  readonly names = new ByteStrings();
  readonly traceIds = new ByteStrings();
  /** A span's process has the number in `rows.service` less one, which is 0 where it names none. */
  readonly processIds = new ByteStrings();
  /** Rows of spans with warnings, and the file offsets of those. */
  readonly warned: { row: number; offset: number }[] = [];
  /** Rows of spans that could be another format's; not gathered any more once it is known to be Jaeger's. */
  suspects: number[] | undefined = [];
  readonly #scanner: JsonScanner;
  readonly #spans: ScannedSpans;
  readonly #keys: ExpectedKeys<Field>;
  readonly #tags: JaegerTagScanner;
  readonly #references: JaegerReferenceScanner;
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  // Of the span that is being scanned. Each field is read when it is met; of one that comes again the last counts.
  readonly #id = new ScannedId();
  #idKind = isMissing;
  readonly #parentId = new ScannedId();
  #parentKind = isMissing;
  #name = 0;
  #nameKind = isMissing;
  #trace = noTraceId;
  #traceKind = isMissing;
  #process = 0;
  #processKind = isMissing;
  #startTime = 0;
  #startKind = isMissing;
  #duration = 0;
  #durationKind = isMissing;
  #warningsAt = -1;
  #hasLogs = false;
  #isOdd = false;
  #isSuspect = false;
  readonly #noName = this.names.codeOf('');

  constructor(scanner: JsonScanner, spans: ScannedSpans) {
    this.#scanner = scanner;
    this.#spans = spans;
    this.#keys = new ExpectedKeys(scanner);
    this.#tags = new JaegerTagScanner(scanner);
    this.#references = new JaegerReferenceScanner(scanner);
  }

  /** The span that begins at `at`, after white space, is a new row: the position after it, `incomplete` or `invalid`. */
  scan(at: number, windowStart: number): number {
    const scanner = this.#scanner;
    if (at < scanner.end && scanner.bytes[at] !== openBrace) return this.#scanOther(at, windowStart);
    this.#clear();
    let after = at + 1;
    for (let place = 0; ; place++) {
      let valueAt = this.#keys.find(after, place);
      if (valueAt < 0) {
        valueAt = scanner.nextMember(after, place === 0);
        if (valueAt === closed) break;
        if (valueAt < 0) return valueAt;
        this.#keys.learn(after, place, valueAt, this.#fieldOfKey());
      }
      after = this.#scanField(this.#keys.key!, valueAt);
      if (after < 0) return after;
    }
    const end = scanner.closedAt;
    if (this.#isSuspect) this.suspects?.push(this.#spans.length);
    if (this.#isReadable() && this.#readTimes()) this.#addRow(windowStart + at, windowStart);
    else this.#spans.addUnread(windowStart + at);
    return end;
  }

  #scanOther(at: number, windowStart: number): number {
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.suspects?.push(this.#spans.length);
    this.#spans.addUnread(windowStart + at);
    return after;
  }

  #clear(): void {
    this.#tags.clear();
    this.#references.clear();
    this.#id.clear();
    this.#parentId.clear();
    this.#idKind = isMissing;
    this.#parentKind = isMissing;
    this.#nameKind = isMissing;
    this.#traceKind = isMissing;
    this.#processKind = isMissing;
    this.#startKind = isMissing;
    this.#durationKind = isMissing;
    this.#trace = noTraceId;
    this.#warningsAt = -1;
    this.#hasLogs = false;
    this.#isOdd = false;
    this.#isSuspect = false;
  }

  #fieldOfKey(): Field {
    const scanner = this.#scanner;
    const { keyFrom } = scanner;
    if (scanner.keyHasEscapes) return 'odd';
    const keys = knownKeys[scanner.keyTo - keyFrom];
    if (keys === undefined) return 'other';
    for (let at = 0; at < keys.length; at++) {
      const { word, field } = keys[at]!;
      if (scanner.bytes[keyFrom] === word.first && scanner.isWordAt(keyFrom, word)) return field;
    }
    return 'other';
  }

  #scanField(field: Field, at: number): number {
    switch (field) {
      case 'spanID':
        return this.#scanSpanId(at);
      case 'traceID':
        return this.#scanTraceId(at);
      case 'operationName':
        return this.#scanName(at);
      case 'references':
        return this.#references.scan(at, this.#traceKind === isText ? this.#trace : noTraceId);
      case 'startTime':
        return this.#scanStartTime(at);
      case 'duration':
        return this.#scanDuration(at);
      case 'tags':
        return this.#tags.scan(at);
      case 'processID':
        return this.#scanProcessId(at);
      case 'parentSpanID':
        return this.#scanParentSpanId(at);
      case 'warnings':
        this.#warningsAt = this.#scanner.bytes[at] === openBracket ? at : -1;
        break;
      case 'logs':
        this.#hasLogs = this.#kindOf(at) !== isMissing;
        break;
      case 'odd':
        this.#isOdd = true;
        this.#isSuspect = true;
        break;
      case 'suspect':
        this.#isSuspect = true;
        break;
    }
    return this.#scanner.skipValue(at);
  }

  #kindOf(at: number): number {
    const byte = this.#scanner.bytes[at]!;
    if (byte === quote) return isText;
    if (byte === 110) return isMissing;
    if (byte < 58) return isNumber;
    return byte === openBracket ? isArray : isOther;
  }

  #scanSpanId(at: number): number {
    const quick = this.#id.readDigits(this.#scanner, at);
    this.#idKind = isText;
    if (quick >= 0) return quick;
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.#idKind = this.#kindOf(at);
    if (this.#idKind === isText && !this.#id.read(this.#scanner, at + 1, after - 1)) this.#isOdd = true;
    return after;
  }

  #scanParentSpanId(at: number): number {
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.#parentId.clear();
    this.#parentKind = this.#kindOf(at);
    if (this.#parentKind !== isText || isOnlyZeros(this.#scanner.bytes, at + 1, after - 1)) return after;
    if (!this.#parentId.read(this.#scanner, at + 1, after - 1)) this.#isOdd = true;
    return after;
  }

  #scanTraceId(at: number): number {
    // What references compare with may have been another: they stand after the trace's id in nearly all files.
    if (this.#references.haveCompared) this.#isOdd = true;
    const quick = this.#references.sameTraceAt(at);
    this.#traceKind = isText;
    if (quick >= 0) {
      this.#trace = this.#references.trace;
      return quick;
    }
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.#traceKind = this.#kindOf(at);
    this.#trace = noTraceId;
    if (this.#traceKind === isText) {
      this.#trace = this.traceIds.code(this.#scanner.bytes, at + 1, after - 1);
      this.#references.setTrace(this.#trace, at, after);
    }
    return after;
  }

  /** Most values are texts. */
  #skip(at: number): number {
    return this.#scanner.bytes[at] === quote ? this.#scanner.skipString(at + 1) : this.#scanner.skipValue(at);
  }

  #scanName(at: number): number {
    const after = this.#skip(at);
    if (after < 0) return after;
    this.#nameKind = this.#kindOf(at);
    if (this.#nameKind === isText) this.#name = this.names.code(this.#scanner.bytes, at + 1, after - 1);
    return after;
  }

  #scanProcessId(at: number): number {
    const after = this.#skip(at);
    if (after < 0) return after;
    this.#processKind = this.#kindOf(at);
    if (this.#processKind === isText) this.#process = this.processIds.code(this.#scanner.bytes, at + 1, after - 1);
    return after;
  }

  #scanStartTime(at: number): number {
    const after = this.#scanNumber(at);
    this.#startTime = this.#number;
    this.#startKind = this.#numberKind;
    return after;
  }

  #scanDuration(at: number): number {
    const after = this.#scanNumber(at);
    this.#duration = this.#number;
    this.#durationKind = this.#numberKind;
    return after;
  }

  #number = 0;
  #numberKind = isMissing;

  #scanNumber(at: number): number {
    const quick = this.#scanner.readDigits(at);
    this.#numberKind = isNumber;
    if (quick >= 0) {
      this.#number = this.#scanner.digits;
      return quick;
    }
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.#numberKind = this.#kindOf(at);
    if (this.#numberKind === isNumber) this.#number = this.#scanner.numberAt(at, after);
    return after;
  }

  /** False where the reader of objects is needed. */
  #isReadable(): boolean {
    if (this.#isOdd || this.#tags.isOdd || this.#references.isOdd || this.#idKind !== isText) return false;
    if (this.#nameKind > isText || this.#traceKind > isText || this.#processKind > isText) return false;
    // What says neither is no span for everybody.
    if (this.#nameKind !== isText && this.#traceKind !== isText) return false;
    if (!this.#references.hasParent && this.#parentKind > isText) return false;
    return !(this.#tags.needsLogs && this.#hasLogs);
  }

  #readTimes(): boolean {
    const hasStart = this.#startKind === isNumber;
    const hasDuration = this.#durationKind === isNumber;
    if ((!hasStart && this.#startKind !== isMissing) || (!hasDuration && this.#durationKind !== isMissing))
      return false;
    const startTime = hasStart ? this.#startTime : undefined;
    setMicroseconds(this.#start, startTime);
    setEnd(this.#end, this.#start, startTime, hasDuration ? this.#duration : undefined);
    return true;
  }

  #addRow(offset: number, windowStart: number): void {
    const { rows } = this.#spans;
    const { hasParent } = this.#references;
    const row = this.#spans.addRow(offset, this.#trace);
    this.#id.pushTo(rows.ids, windowStart);
    (hasParent ? this.#references.parentId : this.#parentId).pushTo(rows.parentIds, windowStart);
    rows.name[row] = this.#nameKind === isText ? this.#name : this.#noName;
    rows.service[row] = this.#processKind === isText ? this.#process + 1 : 0;
    rows.startSeconds[row] = this.#start.seconds;
    rows.startNanos[row] = this.#start.nanos;
    rows.endSeconds[row] = this.#end.seconds;
    rows.endNanos[row] = this.#end.nanos;
    rows.kind[row] = kindCode[this.#tags.kind ?? 'unspecified'];
    rows.status[row] = statusCode[this.#tags.status ?? (this.#tags.hasError ? 'error' : 'unset')];
    rows.followsFrom[row] = hasParent && this.#references.followsFrom ? 1 : 0;
    if (this.#warningsAt >= 0) this.warned.push({ row, offset: windowStart + this.#warningsAt });
  }
}

/** As `namesSpan` has it. */
export function isOnlyZeros(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 48) return false;
  return true;
}
