import type { Attributes } from '../model/details.ts';
import { AttributePicker, type KnownKey } from './attributePicker.ts';
import type { RecordFormat } from './byteDetails.ts';
import { JaegerContext, readSpanDetails } from './jaegerDetails.ts';
import { recordOf } from './jaegerReading.ts';
import { mappedTags, ownPrefix, spanTags } from './jaegerTags.ts';
import {
  backslash,
  closeBrace,
  closed,
  type JsonScanner,
  openBrace,
  openBracket,
  quote,
  type Word,
  wordOf,
  wordOfBytes,
} from './jsonScanner.ts';
import type { JsonObject } from './traceCollector.ts';

/** Details of Jaeger's spans, from their bytes. */
export const jaegerRecords: RecordFormat<JaegerContext> = {
  name: 'jaeger',
  readDetails: (record, context) => readSpanDetails(recordOf(record) as JsonObject, context),
  packContext: ({ traceId, processes }) => ({ traceId, processes }),
  unpackContext(packed) {
    const { traceId, processes } = packed as { traceId: string; processes: unknown };
    return new JaegerContext(traceId, processes);
  },
  numberScanner(scanner, keys) {
    // A tag that says what Jaeger has no field for is an attribute only where it cannot be read so.
    if (keys.some((key) => spanTags.has(key) || key.startsWith(ownPrefix))) return () => undefined;
    const numbers = new TagNumbers(scanner, keys);
    return (at) => numbers.read(at);
  },
  picker(scanner, useOf) {
    const tags = new TagPicker(scanner, useOf);
    return (at) => {
      const attributes = tags.pick(at);
      return attributes && { attributes, scopeName: tags.scopeName };
    };
  },
};

class TagPicker extends AttributePicker {
  protected readonly listKey = words.tags;
  #scopeName: string | undefined;
  #oldScopeName: string | undefined;
  /** Of the tag that is looked at. */
  #isText = true;

  get scopeName(): string | undefined {
    return this.#scopeName ?? this.#oldScopeName;
  }

  override pick(at: number): Attributes | undefined {
    this.#scopeName = undefined;
    this.#oldScopeName = undefined;
    return super.pick(at);
  }

  protected isOddMember(): boolean {
    const { scanner } = this;
    const length = scanner.keyTo - scanner.keyFrom;
    if (length === 3) return scanner.isWordAt(scanner.keyFrom, words.tag);
    return length === 7 && scanner.isWordAt(scanner.keyFrom, words.source);
  }

  protected override noteMember(at: number, to: number): void {
    const { scanner } = this;
    const isType = scanner.keyTo - scanner.keyFrom === 4 && scanner.isWordAt(scanner.keyFrom, words.type);
    if (isType) this.#isText = to - at === 8 && scanner.isWordAt(at + 1, words.string);
  }

  protected override noteKey(key: string): boolean {
    if (key.startsWith(ownPrefix)) return false;
    if (key !== mappedTags.scopeName && key !== mappedTags.oldScopeName) return true;
    const { valueFrom, valueTo, scanner } = this;
    if (valueFrom < 0 || scanner.bytes[valueFrom] !== quote) return false;
    const name = this.text(valueFrom + 1, valueTo - 1);
    if (key === mappedTags.scopeName) this.#scopeName ??= name;
    else this.#oldScopeName ??= name;
    return true;
  }

  protected findUsual(keyTo: number): number {
    const { scanner } = this;
    const { bytes } = scanner;
    if (!scanner.isWordAt(keyTo, beforeType)) return -1;
    const typeFrom = keyTo + beforeType.length;
    this.#isText = scanner.isWordAt(typeFrom, usualText);
    const typeTo = this.#isText ? typeFrom + words.string.length : scanner.skipPlainText(typeFrom);
    if (!scanner.isWordAt(typeTo, beforeValue)) return -1;
    const from = typeTo + beforeValue.length;
    const to = bytes[from] === quote ? scanner.skipString(from + 1) : scanner.skipValue(from);
    this.valueFrom = from;
    this.valueTo = to;
    // White space before the value, or other members behind it.
    return to >= 0 && bytes[from]! > 32 && bytes[to] === closeBrace ? to + 1 : -1;
  }

  protected enterUsual(known: KnownKey): boolean {
    return this.#enter(known.key, known);
  }

  protected enter(key: string): boolean {
    return this.#enter(key, undefined);
  }

  #enter(key: string, known: KnownKey | undefined): boolean {
    const { valueFrom, valueTo, scanner } = this;
    const isText = this.#isText;
    this.#isText = true;
    if (spanTags.has(key)) return false;
    const byte = scanner.bytes[valueFrom]!;
    if (byte === quote) {
      const [from, to] = [valueFrom + 1, valueTo - 1];
      const text = isText ? (known ? this.textOf(known, from, to) : this.text(from, to)) : undefined;
      // What looks like a structure is read as one.
      if (text === undefined || /^[[{]/.test(text)) return false;
      this.picked[key] = text;
      return true;
    }
    if (byte !== 45 && !(byte >= 48 && byte <= 57)) return false;
    this.picked[key] = scanner.numberAt(valueFrom, valueTo);
    return true;
  }
}

const own = wordOf(ownPrefix);
const beforeType = wordOf('","type":"');
const usualText = wordOf('string"');
const beforeValue = wordOf('","value":');

/** A Jaeger span's numbers from its tags, as long as they are written as numbers and each key once. */
class TagNumbers {
  readonly #scanner: JsonScanner;
  readonly #keys: readonly Word[];
  /** By key: NaN for what is no number. */
  readonly #numbers: Float64Array;
  readonly #isFound: Uint8Array;

  constructor(scanner: JsonScanner, keys: readonly string[]) {
    this.#scanner = scanner;
    this.#keys = keys.map((key) => wordOfBytes(new TextEncoder().encode(key)));
    this.#numbers = new Float64Array(keys.length);
    this.#isFound = new Uint8Array(keys.length);
  }

  read(at: number): number | undefined {
    const scanner = this.#scanner;
    if (scanner.bytes[at] !== openBrace) return undefined;
    let tagsAt = -1;
    let next = scanner.nextMember(at + 1, true);
    while (next >= 0) {
      if (scanner.keyHasEscapes) return undefined;
      const length = scanner.keyTo - scanner.keyFrom;
      if (length === 4 && scanner.isWordAt(scanner.keyFrom, words.tags)) tagsAt = next;
      if (length === 3 && scanner.isWordAt(scanner.keyFrom, words.tag)) return undefined;
      if (length === 7 && scanner.isWordAt(scanner.keyFrom, words.source)) return undefined;
      next = scanner.nextMember(scanner.skipValue(next), false);
    }
    if (next !== closed) return undefined;
    if (tagsAt < 0 || scanner.bytes[tagsAt] === 110) return NaN;
    return scanner.bytes[tagsAt] === openBracket && this.#readTags(tagsAt + 1) ? this.#first() : undefined;
  }

  #first(): number {
    const found = this.#numbers.findIndex((number) => !Number.isNaN(number));
    return found < 0 ? NaN : this.#numbers[found]!;
  }

  /** False where more than numbers has to be read. */
  #readTags(at: number): boolean {
    const scanner = this.#scanner;
    this.#numbers.fill(NaN);
    this.#isFound.fill(0);
    let next = scanner.nextElement(at, true);
    while (next >= 0) {
      if (scanner.bytes[next] !== openBrace || !this.#readTag(next + 1)) return false;
      next = scanner.nextElement(scanner.closedAt, false);
    }
    return true;
  }

  #readTag(at: number): boolean {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    let keyFrom = -1;
    let keyTo = 0;
    let valueFrom = -1;
    let valueTo = 0;
    let next = scanner.nextMember(at, true);
    while (next >= 0) {
      const after = scanner.skipValue(next);
      const length = scanner.keyTo - scanner.keyFrom;
      if (scanner.keyHasEscapes) return false;
      if (length === 3 && scanner.isWordAt(scanner.keyFrom, words.key)) {
        keyFrom = next + 1;
        keyTo = after - 1;
      } else if (length === 5 && scanner.isWordAt(scanner.keyFrom, words.value)) {
        valueFrom = next;
        valueTo = after;
      }
      next = scanner.nextMember(after, false);
    }
    if (keyFrom < 0 || bytes[keyFrom - 1] !== quote) return keyFrom < 0;
    if (keyTo - keyFrom > own.length && scanner.isWordAt(keyFrom, own)) return false;
    const key = this.#keyAt(keyFrom, keyTo);
    if (key < 0) return !bytes.subarray(keyFrom, keyTo).includes(backslash);
    if (this.#isFound[key]! > 0) return false;
    this.#isFound[key] = 1;
    const byte = bytes[valueFrom] ?? 0;
    if (byte === quote || byte === openBrace || byte === openBracket) return false;
    if (valueFrom >= 0 && byte < 58) this.#numbers[key] = scanner.numberAt(valueFrom, valueTo);
    return true;
  }

  #keyAt(from: number, to: number): number {
    for (let key = 0; key < this.#keys.length; key++) {
      const word = this.#keys[key]!;
      if (word.length === to - from && this.#scanner.isWordAt(from, word)) return key;
    }
    return -1;
  }
}

const words = {
  tags: wordOf('tags'),
  tag: wordOf('tag'),
  source: wordOf('_source'),
  type: wordOf('type'),
  string: wordOf('string'),
  key: wordOf('key'),
  value: wordOf('value'),
};
