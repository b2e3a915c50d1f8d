import { kindCode, statusCode } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import { noTraceId, type ScannedSpans } from './byteCollector.ts';
import { ByteStrings } from './byteStrings.ts';
import { JaegerTagScanner } from './jaegerTagScanner.ts';
import { setEnd, setMicroseconds } from './jaegerTime.ts';
import { backslash, closed, type JsonScanner, openBrace, openBracket, quote, wordOf } from './jsonScanner.ts';
import { ScannedId } from './scannedId.ts';

/** The fields that are read, and where to find their values' places. */
const spanIdField = 0;
const traceIdField = 1;
const nameField = 2;
const referencesField = 3;
const startTimeField = 4;
const durationField = 5;
const processIdField = 6;
const warningsField = 7;
const parentSpanIdField = 8;
const logsField = 9;
const tagsField = 10;
const fieldCount = 11;

/** What else a key can be: nothing to read, something that only the reader of objects reads, something of other formats. */
const otherField = -1;
const objectField = -2;
const suspectField = -3;

type KnownKeys = readonly (readonly [word: Uint8Array, field: number])[];

/** By their length. */
const knownKeys: readonly KnownKeys[] = byLength([
  ['spanID', spanIdField],
  ['traceID', traceIdField],
  ['operationName', nameField],
  ['references', referencesField],
  ['startTime', startTimeField],
  ['duration', durationField],
  ['processID', processIdField],
  ['warnings', warningsField],
  ['parentSpanID', parentSpanIdField],
  ['logs', logsField],
  ['tags', tagsField],
  ...['tag', 'process', 'startTimeMillis', '_source'].map((key) => [key, objectField] as const),
  // What other formats are known by.
  ...['object', 'data', 'items', 'traces', 'spans', 'trace', 'attributes', 'id'].map(
    (key) => [key, suspectField] as const,
  ),
]);

function byLength(keys: readonly (readonly [key: string, field: number])[]): KnownKeys[] {
  const lists: [Uint8Array, number][][] = Array.from({ length: 17 }, () => []);
  for (const [key, field] of keys) lists[key.length]!.push([wordOf(key), field]);
  return lists;
}

const followsFrom = wordOf('FOLLOWS_FROM');

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
  readonly #tags: JaegerTagScanner;
  readonly #from = new Int32Array(fieldCount);
  readonly #to = new Int32Array(fieldCount);
  readonly #id = new ScannedId();
  readonly #parentId = new ScannedId();
  #followsFrom = 0;
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };

  constructor(scanner: JsonScanner, spans: ScannedSpans) {
    this.#scanner = scanner;
    this.#spans = spans;
    this.#tags = new JaegerTagScanner(scanner);
  }

  /** The span that begins at `at`, after white space, is a new row: the position after it, `incomplete` or `invalid`. */
  scan(at: number, windowStart: number): number {
    const scanner = this.#scanner;
    if (at < scanner.end && scanner.bytes[at] !== openBrace) return this.#scanOther(at, windowStart);
    const from = this.#from.fill(-1);
    this.#tags.clear();
    let isOdd = false;
    let isSuspect = false;
    let valueAt = scanner.nextMember(at + 1, true);
    while (valueAt >= 0) {
      const field = this.#fieldOfKey();
      if (field === objectField) isOdd = true;
      if (field <= objectField) isSuspect = true;
      const after = field === tagsField ? this.#tags.scan(valueAt) : scanner.skipValue(valueAt);
      if (after < 0) return after;
      if (field >= 0) {
        from[field] = valueAt;
        this.#to[field] = after;
      }
      valueAt = scanner.nextMember(after, false);
    }
    if (valueAt !== closed) return valueAt;
    const end = scanner.closedAt;
    if (isSuspect) this.suspects?.push(this.#spans.length);
    if (isOdd || this.#tags.isOdd || !this.#read()) this.#spans.addUnread(windowStart + at);
    else this.#addRow(windowStart + at, windowStart);
    return end;
  }

  #scanOther(at: number, windowStart: number): number {
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.suspects?.push(this.#spans.length);
    this.#spans.addUnread(windowStart + at);
    return after;
  }

  #fieldOfKey(): number {
    const { keyFrom, keyTo, keyHasEscapes } = this.#scanner;
    if (keyHasEscapes) return objectField;
    const keys = knownKeys[keyTo - keyFrom];
    if (keys) {
      for (let at = 0; at < keys.length; at++) {
        if (this.#scanner.isWordAt(keyFrom, keys[at]![0])) return keys[at]![1];
      }
    }
    return otherField;
  }

  /** Reads what has been found, but for what cannot go wrong. False where the reader of objects is needed. */
  #read(): boolean {
    const names = this.#kindOf(nameField);
    const trace = this.#kindOf(traceIdField);
    const process = this.#kindOf(processIdField);
    if (this.#kindOf(spanIdField) !== isText || names > isText || trace > isText || process > isText) return false;
    // What says neither is no span for everybody.
    if (names !== isText && trace !== isText) return false;
    if (!this.#id.read(this.#scanner, this.#from[spanIdField]! + 1, this.#to[spanIdField]! - 1)) return false;
    return this.#readParent() && this.#readTimes() && !(this.#tags.needsLogs && this.#kindOf(logsField) !== isMissing);
  }

  #kindOf(field: number): number {
    const at = this.#from[field]!;
    if (at < 0) return isMissing;
    switch (this.#scanner.bytes[at]) {
      case 110:
        return isMissing;
      case quote:
        return isText;
      case openBracket:
        return isArray;
      default:
        return isOtherValue;
    }
  }

  /** By the references, as `parentReference` has it, else by the field of Jaeger's older storages. */
  #readParent(): boolean {
    this.#parentId.clear();
    this.#followsFrom = 0;
    const references = this.#from[referencesField]!;
    if (this.#kindOf(referencesField) === isArray) {
      const result = this.#readReferences(references);
      if (result !== noParent) return result === isParent;
    }
    const kind = this.#kindOf(parentSpanIdField);
    if (kind === isMissing) return true;
    return kind === isText && this.#readParentId(this.#from[parentSpanIdField]!, this.#to[parentSpanIdField]!);
  }

  #readReferences(at: number): number {
    const scanner = this.#scanner;
    let found = noParent;
    let next = scanner.nextElement(at + 1, true);
    while (next >= 0) {
      let after: number;
      if (scanner.bytes[next] === openBrace) {
        const result = this.#readReference(next, found);
        if (result === isUnreadable) return result;
        if (result === isParent) found = isParent;
        // The first that is no FOLLOWS_FROM is the parent, whatever came before or comes after.
        if (result === isParent && this.#followsFrom === 0) return result;
        after = this.#referenceEnd;
      } else {
        after = scanner.skipValue(next);
      }
      next = scanner.nextElement(after, false);
    }
    return found;
  }

  #referenceEnd = 0;

  #readReference(at: number, found: number): number {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    let typeAt = -1;
    let typeEnd = 0;
    let traceAt = -1;
    let traceEnd = 0;
    let idAt = -1;
    let idEnd = 0;
    let next = scanner.nextMember(at + 1, true);
    while (next >= 0) {
      const after = scanner.skipValue(next);
      if (scanner.keyHasEscapes) return isUnreadable;
      const length = scanner.keyTo - scanner.keyFrom;
      if (length === 6 && scanner.isWordAt(scanner.keyFrom, words.spanID)) {
        idAt = next;
        idEnd = after;
      } else if (length === 7 && scanner.isWordAt(scanner.keyFrom, words.traceID)) {
        traceAt = next;
        traceEnd = after;
      } else if (length === 7 && scanner.isWordAt(scanner.keyFrom, words.refType)) {
        typeAt = next;
        typeEnd = after;
      }
      next = scanner.nextMember(after, false);
    }
    this.#referenceEnd = scanner.closedAt;
    if (idAt < 0 || bytes[idAt] === 110) return noParent;
    if (bytes[idAt] !== quote) return isUnreadable;
    if (isOnlyZeros(bytes, idAt + 1, idEnd - 1)) return noParent;
    const trace = traceAt < 0 || bytes[traceAt] === 110 ? isParent : this.#compareTrace(traceAt, traceEnd);
    if (trace !== isParent) return trace;
    let isFollowsFrom = false;
    if (typeAt >= 0 && bytes[typeAt] === quote) {
      isFollowsFrom = typeEnd - typeAt === followsFrom.length + 2 && scanner.isWordAt(typeAt + 1, followsFrom);
      if (!isFollowsFrom && bytes.subarray(typeAt, typeEnd).includes(backslash)) return isUnreadable;
    }
    // Of several that the span follows from, the first is the parent.
    if (isFollowsFrom && found === isParent) return noParent;
    this.#followsFrom = isFollowsFrom ? 1 : 0;
    return this.#readParentId(idAt, idEnd) ? isParent : isUnreadable;
  }

  /** Whether a reference's trace is the span's own: `isParent`, `noParent` where it is another. */
  #compareTrace(at: number, end: number): number {
    const { bytes } = this.#scanner;
    const own = this.#from[traceIdField]!;
    if (bytes[at] !== quote) return isUnreadable;
    if (end - at === 2) return isParent;
    if (this.#kindOf(traceIdField) !== isText) return isUnreadable;
    const length = end - at;
    if (this.#to[traceIdField]! - own === length) {
      let same = 1;
      while (same < length && bytes[at + same] === bytes[own + same]) same++;
      if (same === length) return isParent;
    }
    const isPlain = this.#isPlain(at, end) && this.#isPlain(own, this.#to[traceIdField]!);
    return isPlain ? noParent : isUnreadable;
  }

  #isPlain(at: number, end: number): boolean {
    return this.#scanner.skipPlainText(at + 1) === end - 1;
  }

  #readParentId(at: number, end: number): boolean {
    if (!isOnlyZeros(this.#scanner.bytes, at + 1, end - 1)) {
      return this.#parentId.read(this.#scanner, at + 1, end - 1);
    }
    this.#parentId.clear();
    return true;
  }

  #readTimes(): boolean {
    const startKind = this.#kindOf(startTimeField);
    const durationKind = this.#kindOf(durationField);
    if (
      (startKind !== isMissing && startKind !== isOtherValue) ||
      (durationKind !== isMissing && durationKind !== isOtherValue)
    ) {
      return false;
    }
    const startTime = startKind === isMissing ? undefined : this.#numberIn(startTimeField);
    const duration = durationKind === isMissing ? undefined : this.#numberIn(durationField);
    if (Number.isNaN(startTime) || Number.isNaN(duration)) return false;
    setMicroseconds(this.#start, startTime);
    setEnd(this.#end, this.#start, startTime, duration);
    return true;
  }

  /** NaN for true, false and objects, which are no numbers. */
  #numberIn(field: number): number {
    const at = this.#from[field]!;
    const byte = this.#scanner.bytes[at]!;
    return byte < 58 ? this.#scanner.numberAt(at, this.#to[field]!) : NaN;
  }

  #addRow(offset: number, windowStart: number): void {
    const { rows } = this.#spans;
    const { bytes } = this.#scanner;
    const from = this.#from;
    const to = this.#to;
    const hasTrace = this.#kindOf(traceIdField) === isText;
    const trace = hasTrace ? this.traceIds.code(bytes, from[traceIdField]! + 1, to[traceIdField]! - 1) : noTraceId;
    const row = this.#spans.addRow(offset, trace);
    this.#id.pushTo(rows.ids, windowStart);
    this.#parentId.pushTo(rows.parentIds, windowStart);
    rows.name[row] =
      this.#kindOf(nameField) === isText
        ? this.names.code(bytes, from[nameField]! + 1, to[nameField]! - 1)
        : this.names.codeOf('');
    rows.service[row] =
      this.#kindOf(processIdField) === isText
        ? this.processIds.code(bytes, from[processIdField]! + 1, to[processIdField]! - 1) + 1
        : 0;
    rows.startSeconds[row] = this.#start.seconds;
    rows.startNanos[row] = this.#start.nanos;
    rows.endSeconds[row] = this.#end.seconds;
    rows.endNanos[row] = this.#end.nanos;
    rows.kind[row] = kindCode[this.#tags.kind ?? 'unspecified'];
    rows.status[row] = statusCode[this.#tags.status ?? (this.#tags.hasError ? 'error' : 'unset')];
    rows.followsFrom[row] = this.#followsFrom;
    if (this.#kindOf(warningsField) === isArray) this.warned.push({ row, offset: windowStart + from[warningsField]! });
  }
}

const words = { spanID: wordOf('spanID'), traceID: wordOf('traceID'), refType: wordOf('refType') };

/** What a value is, as far as it matters; null is missing. */
const isMissing = 0;
const isText = 1;
const isArray = 2;
const isOtherValue = 3;

/** What a reference is. */
const noParent = 0;
const isParent = 1;
const isUnreadable = 2;

/** As `namesSpan` has it. */
function isOnlyZeros(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== 48) return false;
  return true;
}
