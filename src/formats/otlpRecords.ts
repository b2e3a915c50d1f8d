import { AttributePicker, isDigits, type KnownKey } from './attributePicker.ts';
import type { RecordFormat } from './byteDetails.ts';
import {
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
import { OtlpContext, readSpanDetails } from './otlpDetails.ts';
import { IdTexts } from './spanIdText.ts';

/** Details of OTLP's spans, from their bytes. */
export const otlpRecords: RecordFormat<OtlpContext> = {
  name: 'otlp',
  readDetails: readSpanDetails,
  packContext: ({ sourceResource, sourceScope, ids }) => ({
    resource: sourceResource,
    scope: sourceScope,
    lowerCase: ids.isLowerCase,
  }),
  unpackContext(packed) {
    const { resource, scope, lowerCase } = packed as { resource: unknown; scope: unknown; lowerCase: boolean };
    return new OtlpContext(resource, scope, new IdTexts(lowerCase));
  },
  numberScanner(scanner, keys) {
    const numbers = new AttributeNumbers(scanner, keys);
    return (at) => numbers.read(at);
  },
  picker(scanner, useOf) {
    const attributes = new OtlpPicker(scanner, useOf);
    return (at, context) => {
      const picked = attributes.pick(at);
      return picked && { attributes: picked, scopeName: context.scope?.name };
    };
  },
};

class OtlpPicker extends AttributePicker {
  protected readonly listKey = words.attributes;

  #isUsualText = false;
  #isUsualInteger = false;

  protected isOddMember(): boolean {
    return false;
  }

  /** A text without its quotes, a number with those that it has. */
  protected findUsual(keyTo: number): number {
    const { scanner } = this;
    const { bytes } = scanner;
    if (!scanner.isWordAt(keyTo, beforeAnyValue)) return -1;
    const fieldAt = keyTo + beforeAnyValue.length;
    this.#isUsualText = scanner.isWordAt(fieldAt, usualText);
    this.#isUsualInteger = !this.#isUsualText && scanner.isWordAt(fieldAt, usualInteger);
    let after: number;
    if (this.#isUsualText) {
      this.valueFrom = fieldAt + usualText.length;
      after = scanner.skipString(this.valueFrom);
      this.valueTo = after - 1;
    } else {
      if (!this.#isUsualInteger && !scanner.isWordAt(fieldAt, usualNumber)) return -1;
      this.valueFrom = fieldAt + (this.#isUsualInteger ? usualInteger : usualNumber).length;
      after = scanner.skipValue(this.valueFrom);
      this.valueTo = after;
    }
    return after >= 0 && bytes[after] === closeBrace && bytes[after + 1] === closeBrace ? after + 2 : -1;
  }

  protected enterUsual(known: KnownKey): boolean {
    if (!this.#isUsualText) return this.#enterNumber(known.key, this.valueFrom, this.valueTo, this.#isUsualInteger);
    this.picked[known.key] = this.textOf(known, this.valueFrom, this.valueTo);
    return true;
  }

  /** Of the one field that an AnyValue has. */
  protected enter(key: string): boolean {
    const { scanner, valueFrom } = this;
    const { bytes } = scanner;
    if (bytes[valueFrom] !== openBrace) return false;
    const next = scanner.nextMember(valueFrom + 1, true);
    if (next < 0) return false;
    const { keyFrom, keyTo } = scanner;
    const isField = (word: Word) => keyTo - keyFrom === word.length && scanner.isWordAt(keyFrom, word);
    const after = scanner.skipValue(next);
    if (after < 0 || scanner.nextMember(after, false) !== closed) return false;
    if (isField(words.stringValue)) {
      const isQuoted = bytes[next] === quote;
      if (isQuoted) this.picked[key] = this.text(next + 1, after - 1);
      return isQuoted;
    }
    const isInteger = isField(words.intValue);
    return (isInteger || isField(words.doubleValue)) && this.#enterNumber(key, next, after, isInteger);
  }

  /** With the quotes that it has. */
  #enterNumber(key: string, from: number, to: number, isInteger: boolean): boolean {
    const { scanner } = this;
    const { bytes } = scanner;
    const isQuoted = bytes[from] === quote;
    const digitsFrom = isQuoted ? from + 1 : from;
    const digitsTo = isQuoted ? to - 1 : to;
    const isWhole = isInteger && isDigits(bytes, digitsFrom, digitsTo);
    if (!isWhole && (isInteger || isQuoted || bytes[from]! > 57)) return false;
    this.picked[key] = scanner.numberAt(digitsFrom, digitsTo);
    return true;
  }
}

const beforeAnyValue = wordOf('","value":{"');
const usualText = wordOf('stringValue":"');
const usualInteger = wordOf('intValue":');
const usualNumber = wordOf('doubleValue":');

const words = {
  attributes: wordOf('attributes'),
  key: wordOf('key'),
  value: wordOf('value'),
  stringValue: wordOf('stringValue'),
  boolValue: wordOf('boolValue'),
  intValue: wordOf('intValue'),
  doubleValue: wordOf('doubleValue'),
};

/** An OTLP span's numbers from its attributes, as long as they are written as OTLP has it and each key once. */
class AttributeNumbers {
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
    let attributesAt = -1;
    let next = scanner.nextMember(at + 1, true);
    while (next >= 0) {
      if (scanner.keyHasEscapes) return undefined;
      const length = scanner.keyTo - scanner.keyFrom;
      if (length === 10 && scanner.isWordAt(scanner.keyFrom, words.attributes)) attributesAt = next;
      next = scanner.nextMember(scanner.skipValue(next), false);
    }
    if (next !== closed) return undefined;
    if (attributesAt < 0 || scanner.bytes[attributesAt] === 110) return NaN;
    if (scanner.bytes[attributesAt] !== openBracket || !this.#readAttributes(attributesAt + 1)) return undefined;
    const found = this.#numbers.findIndex((number) => !Number.isNaN(number));
    return found < 0 ? NaN : this.#numbers[found]!;
  }

  /** False where more than numbers has to be read. */
  #readAttributes(at: number): boolean {
    const scanner = this.#scanner;
    this.#numbers.fill(NaN);
    this.#isFound.fill(0);
    let next = scanner.nextElement(at, true);
    while (next >= 0) {
      if (scanner.bytes[next] !== openBrace || !this.#readAttribute(next + 1)) return false;
      next = scanner.nextElement(scanner.closedAt, false);
    }
    return true;
  }

  #readAttribute(at: number): boolean {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    let keyAt = -1;
    let keyEnd = 0;
    let valueAt = -1;
    let next = scanner.nextMember(at, true);
    while (next >= 0) {
      const length = scanner.keyTo - scanner.keyFrom;
      if (scanner.keyHasEscapes) return false;
      const isKey = length === 3 && scanner.isWordAt(scanner.keyFrom, words.key);
      const isValue = length === 5 && scanner.isWordAt(scanner.keyFrom, words.value);
      const after = scanner.skipValue(next);
      if (isKey) {
        keyAt = next;
        keyEnd = after;
      } else if (isValue) {
        valueAt = next;
      }
      next = scanner.nextMember(after, false);
    }
    const end = scanner.closedAt;
    if (keyAt < 0 || bytes[keyAt] !== quote) return false;
    const key = this.#keyAt(keyAt + 1, keyEnd - 1);
    if (key < 0) return scanner.skipPlainText(keyAt + 1) === keyEnd - 1;
    if (this.#isFound[key]! > 0 || valueAt < 0 || bytes[valueAt] !== openBrace) return false;
    this.#isFound[key] = 1;
    const isRead = this.#readValue(key, valueAt + 1);
    scanner.closedAt = end;
    return isRead;
  }

  /** Of the one field that an AnyValue has. */
  #readValue(key: number, at: number): boolean {
    const scanner = this.#scanner;
    const next = scanner.nextMember(at, true);
    if (next < 0) return false;
    const { keyFrom, keyTo } = scanner;
    const isField = (word: Word) => keyTo - keyFrom === word.length && scanner.isWordAt(keyFrom, word);
    const after = scanner.skipValue(next);
    if (scanner.nextMember(after, false) !== closed) return false;
    const isQuoted = scanner.bytes[next] === quote;
    if (isField(words.stringValue)) return isQuoted;
    if (isField(words.boolValue)) return !isQuoted;
    const from = isQuoted ? next + 1 : next;
    const to = isQuoted ? after - 1 : after;
    const isWhole = isField(words.intValue) && isDigits(scanner.bytes, from, to);
    if (!isWhole && (isQuoted || !isField(words.doubleValue) || scanner.bytes[from]! > 57)) return false;
    this.#numbers[key] = scanner.numberAt(from, to);
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
