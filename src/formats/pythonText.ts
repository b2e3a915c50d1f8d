import { type AttributeValue, setAttribute } from '../model/details.ts';

/**
 * Structures as text the way Python's `str()` writes them, which is how agents' Jaeger exports hold them:
 * `{'type': 'react', 'max_iterations': 6, 'stream': True}`.
 *
 * A text is only read as a structure where writing the structure gives the very same text, so that nothing is lost by it.
 */

/** Texts nested deeper stay text: whoever walks a value may do so by recursion, as reading does here. */
export const deepestInText = 100;

/** The structure that a text stands for, else the text itself. Takes time by the text's length alone. */
export function fromPythonText(text: string): AttributeValue {
  const first = text.charCodeAt(0);
  const last = text.charCodeAt(text.length - 1);
  const isStructure = (first === 123 && last === 125) || (first === 91 && last === 93);
  if (!isStructure) return text;
  const value = new PythonReader(text).readAll();
  return value === undefined || toPythonText(value) !== text ? text : value;
}

/** A list or map whose parts are being written. */
interface OpenContainer {
  readonly container: readonly AttributeValue[] | { readonly [key: string]: AttributeValue };
  /** Undefined for a list. */
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  at: number;
}

/** A value as Python's `str()` has it within a structure. Without recursion: values may be deep. */
export function toPythonText(value: AttributeValue): string {
  const open: OpenContainer[] = [];
  let text = '';
  let part = value;
  for (;;) {
    const opened = openContainer(part);
    if (opened) {
      open.push(opened);
      text += opened.keys ? '{' : '[';
    } else {
      text += scalarText(part);
    }
    let within = open.at(-1);
    while (within && within.at === within.length) {
      text += within.keys ? '}' : ']';
      open.pop();
      within = open.at(-1);
    }
    if (!within) return text;
    if (within.at > 0) text += ', ';
    const key = within.keys ? within.keys[within.at]! : within.at;
    if (within.keys) text += `${pythonString(key as string)}: `;
    part = (within.container as Record<string, AttributeValue>)[key]!;
    within.at++;
  }
}

function openContainer(value: AttributeValue): OpenContainer | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return undefined;
  if (Array.isArray(value)) return { container: value, keys: undefined, length: value.length, at: 0 };
  const keys = Object.keys(value);
  return { container: value, keys, length: keys.length, at: 0 };
}

function scalarText(value: AttributeValue): string {
  switch (typeof value) {
    case 'string':
      return pythonString(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return pythonNumber(value);
    case 'bigint':
      return String(value);
    default:
      return value instanceof Uint8Array ? pythonBytes(value) : 'None';
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Single quotes, unless only double ones need no escape; what Python's `isprintable` denies is escaped. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // With the flag u a lone surrogate is one character of category Cs.
  const body = text.replace(/[\\'"\p{C}\p{Z}]/gu, (character) => {
    if (character === ' ') return character;
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character;
    return escapes[character] ?? numericEscape(character.codePointAt(0)!);
  });
  return quote + body + quote;
}

function numericEscape(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}

function pythonBytes(bytes: Uint8Array): string {
  let body = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (escapes[character]) body += escapes[character];
    else if (byte === 39) body += "\\'";
    else body += byte < 32 || byte > 126 ? numericEscape(byte) : character;
  }
  return `b'${body}'`;
}

/** Python's `repr` of a float has an exponent of two digits from 1e16 up and below 1e-4; the shortest digits are JavaScript's. */
function pythonNumber(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0.0' : String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [mantissa, power] = value.toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace(/[-.]/g, '');
  const sign = negative ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const numberPattern = /-?(?:\d+(?:\.\d+)?(?:e[+-]\d{2,3})?|inf)|nan/y;
const unescaped: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** Reads what `toPythonText` writes, and a little more; `undefined` for anything else. */
class PythonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readAll(): AttributeValue | undefined {
    const value = this.#read(0);
    return this.#at === this.#text.length ? value : undefined;
  }

  #read(depth: number): AttributeValue | undefined {
    if (depth > deepestInText) return undefined;
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readDict(depth);
      case '[':
        return this.#readList(depth);
      case "'":
      case '"':
        return this.#readString();
      case 'b':
        return this.#readBytes();
      case 'T':
        return this.#skip('True') ? true : undefined;
      case 'F':
        return this.#skip('False') ? false : undefined;
      case 'N':
        return this.#skip('None') ? null : undefined;
      default:
        return this.#readNumber();
    }
  }

  #skip(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #readList(depth: number): AttributeValue | undefined {
    const items: AttributeValue[] = [];
    this.#at++;
    if (this.#skip(']')) return items;
    for (;;) {
      const item = this.#read(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      if (this.#skip(']')) return items;
      if (!this.#skip(', ')) return undefined;
    }
  }

  #readDict(depth: number): AttributeValue | undefined {
    const dict: Record<string, AttributeValue> = {};
    this.#at++;
    if (this.#skip('}')) return dict;
    for (;;) {
      const key = this.#readString();
      if (key === undefined || !this.#skip(': ')) return undefined;
      const value = this.#read(depth + 1);
      if (value === undefined) return undefined;
      setAttribute(dict, key, value);
      if (this.#skip('}')) return dict;
      if (!this.#skip(', ')) return undefined;
    }
  }

  #readString(): string | undefined {
    const quote = this.#text[this.#at];
    if (quote !== "'" && quote !== '"') return undefined;
    let text = '';
    let from = ++this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === quote) return text + this.#text.slice(from, this.#at++);
      if (character !== '\\') continue;
      text += this.#text.slice(from, this.#at);
      const escaped = this.#readEscape();
      if (escaped === undefined) return undefined;
      text += escaped;
      from = this.#at + 1;
    }
    return undefined;
  }

  /** Stays on the escape's last character. */
  #readEscape(): string | undefined {
    const letter = this.#text[++this.#at];
    if (letter === undefined) return undefined;
    const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    if (length === 0) return Object.hasOwn(unescaped, letter) ? unescaped[letter] : undefined;
    const digits = this.#text.slice(this.#at + 1, this.#at + 1 + length);
    const code = /^[0-9a-f]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : NaN;
    if (!(code <= 0x10ffff)) return undefined;
    this.#at += length;
    return String.fromCodePoint(code);
  }

  #readBytes(): Uint8Array | undefined {
    this.#at++;
    const text = this.#readString();
    if (text === undefined) return undefined;
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 255) return undefined;
      bytes[at] = code;
    }
    return bytes;
  }

  #readNumber(): number | bigint | undefined {
    numberPattern.lastIndex = this.#at;
    const text = numberPattern.exec(this.#text)?.[0];
    if (text === undefined) return undefined;
    this.#at += text.length;
    if (text === 'nan') return NaN;
    if (text.endsWith('inf')) return text.startsWith('-') ? -Infinity : Infinity;
    const number = Number(text);
    return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
  }
}
