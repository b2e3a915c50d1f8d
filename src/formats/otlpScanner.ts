import { kindCode, type SpanKind, type SpanStatus, statusCode } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import { noTraceId, type ScannedSpans } from './byteCollector.ts';
import { ByteStrings, textOfString } from './byteStrings.ts';
import { ExpectedKeys } from './expectedKeys.ts';
import {
  closed,
  type JsonScanner,
  openBrace,
  openBracket,
  quote,
  type Word,
  wordOf,
  wordOfBytes,
} from './jsonScanner.ts';
import { kindOf, statusOf } from './otlpEnums.ts';
import { readOtlpTime } from './otlpTime.ts';
import { ScannedId } from './scannedId.ts';
import type { IdTexts } from './spanIdText.ts';

const fields = [
  ['traceId', 'trace_id'],
  ['spanId', 'span_id'],
  ['parentSpanId', 'parent_span_id'],
  ['name'],
  ['kind'],
  ['startTimeUnixNano', 'start_time_unix_nano'],
  ['endTimeUnixNano', 'end_time_unix_nano'],
  ['status'],
  ['links'],
  ['droppedAttributesCount', 'dropped_attributes_count'],
  ['droppedEventsCount', 'dropped_events_count'],
  ['droppedLinksCount', 'dropped_links_count'],
] as const;

/** `odd`: what only the reader of objects reads. All of them text, as engines compare nothing else as quickly with the cases of a switch. */
type Field = (typeof fields)[number][0] | 'other' | 'odd';

interface KnownKey {
  word: Word;
  field: Field;
  /** Of both spellings. */
  bit: number;
}

/** By their length. */
const knownKeys: readonly (readonly KnownKey[])[] = (() => {
  const lists: KnownKey[][] = Array.from({ length: 25 }, () => []);
  for (const [at, spellings] of fields.entries()) {
    for (const key of spellings) lists[key.length]!.push({ word: wordOf(key), field: spellings[0], bit: 1 << at });
  }
  return lists;
})();

const otherKey: KnownKey = { word: wordOf(''), field: 'other', bit: 0 };
/** What only the reader of objects reads. */
const oddKey: KnownKey = { word: wordOf(''), field: 'odd', bit: 0 };
const codeWord = wordOf('code');

/** What a value is, as far as it matters; null is missing. */
const isMissing = 0;
const isText = 1;
const isNumber = 2;
const isOther = 3;

/** Reads OTLP's spans from their bytes into columns. What is not written as nearly all are it leaves to the reader of objects. */
export class OtlpScanner {
  readonly names = new ByteStrings();
  readonly traceIds = new ByteStrings();
  readonly #scanner: JsonScanner;
  readonly #spans: ScannedSpans;
  readonly #ids: IdTexts;
  readonly #keys: ExpectedKeys<KnownKey>;
  /** Of kinds and status codes. */
  readonly #texts = new ByteStrings();
  readonly #noName = this.names.codeOf('');
  /** The id of the trace that spans were of last, as it is written, with its quotes. */
  #lastTraceId: Word = wordOf('');
  #lastTrace = noTraceId;
  // Of the span that is being scanned.
  readonly #id = new ScannedId();
  readonly #parentId = new ScannedId();
  #idKind = isMissing;
  #parentKind = isMissing;
  #trace = noTraceId;
  #traceKind = isMissing;
  #name = 0;
  #nameKind = isMissing;
  #kind: SpanKind | undefined;
  #status: SpanStatus | undefined;
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  #hasStart = false;
  #hasLinks = false;
  #isOdd = false;
  #seen = 0;

  constructor(scanner: JsonScanner, spans: ScannedSpans, ids: IdTexts) {
    this.#scanner = scanner;
    this.#spans = spans;
    this.#ids = ids;
    this.#keys = new ExpectedKeys(scanner);
  }

  /** The span that begins at `at`, after white space, is a new row: the position after it, `incomplete` or `invalid`. */
  scan(at: number, windowStart: number): number {
    const scanner = this.#scanner;
    if (at < scanner.end && scanner.bytes[at] !== openBrace) {
      const after = scanner.skipValue(at);
      if (after >= 0) this.#spans.addUnread(windowStart + at);
      return after;
    }
    this.#clear();
    let after = at + 1;
    for (let place = 0; ; place++) {
      let valueAt = this.#keys.find(after, place);
      if (valueAt < 0) {
        valueAt = scanner.nextMember(after, place === 0);
        if (valueAt === closed) break;
        if (valueAt < 0) return valueAt;
        this.#keys.learn(after, place, valueAt, this.#keyFound());
      }
      const { bit, field } = this.#keys.key!;
      // A key that comes again, or in its other spelling as well.
      if (this.#seen & bit) this.#isOdd = true;
      this.#seen |= bit;
      after = this.#scanField(field, valueAt);
      if (after < 0) return after;
    }
    const end = scanner.closedAt;
    if (this.#isReadable()) this.#addRow(windowStart + at, windowStart);
    else this.#spans.addUnread(windowStart + at);
    return end;
  }

  #clear(): void {
    this.#idKind = isMissing;
    this.#parentKind = isMissing;
    this.#traceKind = isMissing;
    this.#trace = noTraceId;
    this.#nameKind = isMissing;
    this.#kind = undefined;
    this.#status = undefined;
    setUnknown(this.#start);
    setUnknown(this.#end);
    this.#hasStart = false;
    this.#hasLinks = false;
    this.#isOdd = false;
    this.#seen = 0;
  }

  #keyFound(): KnownKey {
    const scanner = this.#scanner;
    const { keyFrom } = scanner;
    if (scanner.keyHasEscapes) return oddKey;
    const keys = knownKeys[scanner.keyTo - keyFrom] ?? [];
    for (let at = 0; at < keys.length; at++) {
      if (scanner.bytes[keyFrom] === keys[at]!.word.first && scanner.isWordAt(keyFrom, keys[at]!.word))
        return keys[at]!;
    }
    return otherKey;
  }

  #scanField(field: Field, at: number): number {
    switch (field) {
      case 'odd':
        this.#isOdd = true;
        return this.#scanner.skipValue(at);
      case 'traceId':
        return this.#scanTraceId(at);
      case 'spanId': {
        const after = this.#scanId(this.#id, at);
        this.#idKind = this.#kindOf(at);
        return after;
      }
      case 'parentSpanId': {
        const after = this.#scanId(this.#parentId, at);
        this.#parentKind = this.#kindOf(at);
        return after;
      }
      case 'name':
        return this.#scanName(at);
      case 'kind': {
        const after = this.#scanner.skipValue(at);
        if (after >= 0) this.#kind = kindOf(this.#enumAt(at, after));
        return after;
      }
      case 'startTimeUnixNano':
        this.#hasStart = this.#kindOf(at) !== isMissing;
        return this.#scanTime(this.#start, at);
      case 'endTimeUnixNano':
        return this.#scanTime(this.#end, at);
      case 'status':
        return this.#scanStatus(at);
      case 'links':
        return this.#scanLinks(at);
      case 'other':
        return this.#scanner.skipValue(at);
      default:
        return this.#scanDropped(at);
    }
  }

  #kindOf(at: number): number {
    const byte = this.#scanner.bytes[at]!;
    if (byte === quote) return isText;
    if (byte === 110) return isMissing;
    return byte < 58 ? isNumber : isOther;
  }

  #scanId(id: ScannedId, at: number): number {
    const quick = id.readDigits(this.#scanner, at);
    if (quick >= 0) return quick;
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    id.clear();
    if (this.#kindOf(at) === isText) {
      id.from = at + 1;
      id.to = after - 1;
    } else if (this.#kindOf(at) !== isMissing) {
      this.#isOdd = true;
    }
    return after;
  }

  #scanTraceId(at: number): number {
    const scanner = this.#scanner;
    const { length } = this.#lastTraceId;
    if (length > 0 && scanner.isWordAt(at, this.#lastTraceId)) {
      this.#trace = this.#lastTrace;
      this.#traceKind = isText;
      return at + length;
    }
    const after = scanner.skipValue(at);
    if (after < 0) return after;
    this.#traceKind = this.#kindOf(at);
    if (this.#traceKind !== isText) return after;
    this.#trace = this.traceIds.code(scanner.bytes, at + 1, after - 1);
    this.#lastTrace = this.#trace;
    this.#lastTraceId = wordOfBytes(scanner.bytes.slice(at, after));
    return after;
  }

  #scanName(at: number): number {
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    this.#nameKind = this.#kindOf(at);
    if (this.#nameKind === isText) this.#name = this.names.code(this.#scanner.bytes, at + 1, after - 1);
    return after;
  }

  /** A number or a text; undefined for all else, which says nothing where a kind or a status is expected. */
  #enumAt(at: number, after: number): unknown {
    const { bytes } = this.#scanner;
    const kind = this.#kindOf(at);
    if (kind === isNumber) return this.#scanner.numberAt(at, after);
    if (kind !== isText) return undefined;
    const isShort = after - at < 32 && this.#texts.texts.length < 1000;
    return isShort
      ? this.#texts.texts[this.#texts.code(bytes, at + 1, after - 1)]
      : textOfString(bytes, at + 1, after - 1);
  }

  #scanTime(time: TimePoint, at: number): number {
    const quick = this.#scanner.bytes[at] === quote ? this.#readUnixNano(time, at + 1) : -1;
    if (quick >= 0) return quick;
    const after = this.#scanner.skipValue(at);
    if (after < 0) return after;
    const kind = this.#kindOf(at);
    if (kind === isOther) this.#isOdd = true;
    else readOtlpTime(this.#enumAt(at, after), time);
    return after;
  }

  /** At most 24 digits and a quote, as nearly all times are written: the position after it, else -1. */
  #readUnixNano(time: TimePoint, from: number): number {
    const { bytes, end } = this.#scanner;
    let to = from;
    while (to < end && bytes[to]! >= 48 && bytes[to]! <= 57) to++;
    if (to >= end || bytes[to] !== quote || to === from || to - from > 24) return -1;
    let seconds = 0;
    let nanos = 0;
    let at = from;
    for (; at < to - 9; at++) seconds = seconds * 10 + (bytes[at]! - 48);
    for (; at < to; at++) nanos = nanos * 10 + (bytes[at]! - 48);
    time.seconds = seconds;
    time.nanos = nanos;
    return to + 1;
  }

  #scanStatus(at: number): number {
    const scanner = this.#scanner;
    this.#status = undefined;
    if (scanner.bytes[at] !== openBrace) {
      if (this.#kindOf(at) !== isMissing) this.#isOdd = true;
      return scanner.skipValue(at);
    }
    let next = scanner.nextMember(at + 1, true);
    while (next >= 0) {
      const isCode = scanner.keyTo - scanner.keyFrom === 4 && scanner.isWordAt(scanner.keyFrom, codeWord);
      if (scanner.keyHasEscapes) this.#isOdd = true;
      const after = scanner.skipValue(next);
      if (after < 0) return after;
      if (isCode) this.#status = statusOf(this.#enumAt(next, after));
      next = scanner.nextMember(after, false);
    }
    return next === closed ? scanner.closedAt : next;
  }

  #scanLinks(at: number): number {
    const scanner = this.#scanner;
    const after = scanner.skipValue(at);
    if (after < 0 || scanner.bytes[at] !== openBracket) return after;
    this.#hasLinks = scanner.skipSpace(at + 1) < after - 1;
    return after;
  }

  /** What an SDK dropped is rare enough for the reader of objects to count. */
  #scanDropped(at: number): number {
    const after = this.#scanner.skipValue(at);
    const isNone = this.#kindOf(at) === isMissing || (after - at === 1 && this.#scanner.bytes[at] === 48);
    if (!isNone) this.#isOdd = true;
    return after;
  }

  /** False where the reader of objects is needed. */
  #isReadable(): boolean {
    if (this.#isOdd || this.#traceKind > isText || this.#nameKind > isText) return false;
    if (this.#idKind !== isText && this.#nameKind !== isText && !this.#hasStart) return false;
    // Which of them is the parent's is to be found out.
    return !(this.#hasLinks && this.#parentKind === isText);
  }

  #addRow(offset: number, windowStart: number): void {
    const { rows } = this.#spans;
    const row = this.#spans.addRow(offset, this.#trace);
    this.#settle(this.#id, this.#idKind).pushTo(rows.ids, windowStart);
    this.#settle(this.#parentId, this.#parentKind).pushTo(rows.parentIds, windowStart);
    rows.name[row] = this.#nameKind === isText ? this.#name : this.#noName;
    rows.service[row] = 0;
    rows.startSeconds[row] = this.#start.seconds;
    rows.startNanos[row] = this.#start.nanos;
    // Protobuf leaves out what is 0, and so an open span has either.
    rows.endSeconds[row] = this.#end.seconds === 0 && this.#end.nanos === 0 ? NaN : this.#end.seconds;
    rows.endNanos[row] = this.#end.nanos;
    rows.kind[row] = kindCode[this.#kind ?? 'unspecified'];
    rows.status[row] = statusCode[this.#status ?? 'unset'];
    rows.followsFrom[row] = 0;
  }

  /** The id as all spellings of it come out, and whether there is one. */
  #settle(id: ScannedId, kind: number): ScannedId {
    if (kind !== isText) {
      id.clear();
    } else if (id.from === 0 && id.to === 0) {
      this.#ids.noteDigits(id.high, id.low);
    } else {
      const { from, to } = id;
      const written = textOfString(this.#scanner.bytes, from, to);
      const text = this.#ids.read(written);
      // Only what stands in the file as it is can be left there.
      if (text !== written || !id.read(this.#scanner, from, to)) {
        id.clear();
        id.text = text;
      }
    }
    return id;
  }
}

function setUnknown(time: TimePoint): void {
  time.seconds = NaN;
  time.nanos = NaN;
}
