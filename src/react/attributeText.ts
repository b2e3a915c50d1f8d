import type { AttributeValue } from '../model/details.ts';

/** What a value is shown as. `undefined`, which no format should give, passes for `null`. */
export type ValueType = 'string' | 'number' | 'boolean' | 'bigint' | 'null' | 'bytes' | 'array' | 'object';

/** A value with entries of its own. */
export type ValueContainer = readonly AttributeValue[] | { readonly [key: string]: AttributeValue };

export function valueType(value: AttributeValue | undefined): ValueType {
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'array';
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'object':
      return typeof value as ValueType;
    default:
      return 'null';
  }
}

export function isContainer(value: AttributeValue | undefined): value is ValueContainer {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** `Array.isArray` would turn a read-only array into `any[]`. */
export function isList(value: unknown): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** A value as text, as it is copied: strings as they are, bytes as hex digits, lists and objects as indented JSON. */
export function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return hexText(value);
  return isContainer(value) ? jsonText(value) : String(value);
}

/** `de ad be ef` */
export function hexText(bytes: Uint8Array): string {
  const digits = new Array<string>(bytes.length);
  for (let at = 0; at < bytes.length; at++) digits[at] = bytes[at]!.toString(16).padStart(2, '0');
  return digits.join(' ');
}

interface OpenContainer {
  value: ValueContainer;
  keys: readonly string[] | undefined;
  length: number;
  next: number;
}

/** Deeper levels are not indented further: 5,000 levels would be 25 MB of spaces. */
const deepestIndent = 32;

/**
 * JSON with two spaces a level. A loop, because `JSON.stringify` overflows the stack on deep values and throws on bigints
 * (written as plain digits here), on bytes (as hex) and on a value that holds itself.
 */
export function jsonText(root: AttributeValue): string {
  const parts: string[] = [];
  const open: OpenContainer[] = [];
  const around = new Set<ValueContainer>();
  let value: AttributeValue = root;
  for (;;) {
    if (!isContainer(value)) {
      parts.push(scalarJson(value));
    } else if (around.has(value)) {
      parts.push('"[circular]"');
    } else {
      const keys: readonly string[] | undefined = isList(value) ? undefined : Object.keys(value);
      const length: number = keys ? keys.length : (value.length as number);
      if (length === 0) {
        parts.push(keys ? '{}' : '[]');
      } else {
        parts.push(keys ? '{' : '[');
        open.push({ value, keys, length, next: 0 });
        around.add(value);
      }
    }
    let inner = open.at(-1);
    while (inner && inner.next === inner.length) {
      open.pop();
      around.delete(inner.value);
      parts.push(lineBreak(open.length), inner.keys ? '}' : ']');
      inner = open.at(-1);
    }
    if (!inner) return parts.join('');
    if (inner.next > 0) parts.push(',');
    parts.push(lineBreak(open.length));
    if (inner.keys) parts.push(JSON.stringify(inner.keys[inner.next]!), ': ');
    value = entryAt(inner.value, inner.keys, inner.next);
    inner.next++;
  }
}

function lineBreak(level: number): string {
  return `\n${'  '.repeat(Math.min(level, deepestIndent))}`;
}

function scalarJson(value: AttributeValue | undefined): string {
  switch (valueType(value)) {
    case 'string':
      return JSON.stringify(value);
    case 'bytes':
      return JSON.stringify(hexText(value as Uint8Array));
    case 'null':
      return 'null';
    default:
      return String(value);
  }
}

/** A container's entry by its place. */
export function entryAt(
  container: ValueContainer,
  keys: readonly string[] | undefined,
  position: number,
): AttributeValue {
  const value = keys
    ? (container as { readonly [key: string]: AttributeValue })[keys[position]!]
    : (container as readonly AttributeValue[])[position];
  return value ?? null;
}

/** Whether a text begins and ends as a JSON object or list does: a look at two characters, so that no large text is parsed unasked. */
export function looksLikeJson(text: string): boolean {
  const trimmed = text.trim();
  const first = trimmed[0];
  const last = trimmed[trimmed.length - 1];
  return trimmed.length > 1 && ((first === '{' && last === '}') || (first === '[' && last === ']'));
}

/** The object or list that a text holds as JSON; undefined where it holds none. Integers beyond 2^53 come as bigints. */
export function parseJsonContainer(text: string): ValueContainer | undefined {
  if (!looksLikeJson(text)) return undefined;
  try {
    const value = (hasLongNumber(text) ? parseExactly(text) : JSON.parse(text)) as AttributeValue;
    return isContainer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sixteen digits in a row, the shortest that a number may not hold to the last. */
function hasLongNumber(text: string): boolean {
  return /[0-9]{16}/.test(text);
}

/** A reviver sees the digits themselves where the engine hands them over (ES2025); elsewhere they are rounded as ever. */
function parseExactly(text: string): unknown {
  try {
    return JSON.parse(text, function (this: unknown, _key: string, value: unknown, context?: { source?: string }) {
      const source = context?.source;
      if (typeof value !== 'number' || source === undefined || Number.isSafeInteger(value)) return value;
      return /^-?[0-9]+$/.test(source) ? BigInt(source) : value;
    } as (key: string, value: unknown) => unknown);
  } catch (error) {
    // Engines revive by recursion, so a deep value that parses may not revive.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

/** Whether a string read without quotes would pass for another type, or for nothing: `42`, `true`, `null`, ``, ` x`. */
export function needsQuotes(text: string): boolean {
  if (text.length > 40) return false;
  if (text === '' || text !== text.trim()) return true;
  return text === 'true' || text === 'false' || text === 'null' || Number.isFinite(Number(text));
}

/** The address, where a text is nothing but one of http or https. Any other scheme (`javascript:`) stays text. */
export function webAddress(text: string): string | undefined {
  if (text.length > 2000 || !/^https?:\/\/[^\s]+$/i.test(text)) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** As `webAddress`, and a mail address with nothing filled in: where a link within a text may lead. */
export function linkAddress(url: string): string | undefined {
  const isMail = url.length <= 320 && /^mailto:[^\s?&#:/@]+@[^\s?&#:/@]+$/i.test(url);
  return isMail ? url : webAddress(url);
}

const previewEntries = 5;
const previewCharacters = 32;

/** One line that tells what is in a closed object or list: `{role: "user", parts: […]}`. */
export function previewText(container: ValueContainer): string {
  const keys = isList(container) ? undefined : Object.keys(container);
  const length = keys ? keys.length : (container.length as number);
  const parts: string[] = [];
  for (let at = 0; at < Math.min(length, previewEntries); at++) {
    const value = previewOf(entryAt(container, keys, at));
    parts.push(keys ? `${shortened(keys[at]!, previewCharacters)}: ${value}` : value);
  }
  if (length > previewEntries) parts.push('…');
  return keys ? `{${parts.join(', ')}}` : `[${parts.join(', ')}]`;
}

function previewOf(value: AttributeValue): string {
  if (isContainer(value)) return isList(value) ? (value.length > 0 ? '[…]' : '[]') : '{…}';
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (typeof value === 'string') return `"${shortened(value, previewCharacters).replace(/\s+/g, ' ')}"`;
  return String(value);
}

function shortened(text: string, limit: number): string {
  return text.length > limit ? `${textPrefix(text, limit)}…` : text;
}

/** The first `length` UTF-16 units, or one less where that would cut a character in two. */
export function textPrefix(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const splits = length < text.length && last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splits ? length - 1 : length);
}

/**
 * How much of a text is shown while it is folded: at most so many characters and lines. The whole length where what would
 * be left out is too little to be worth a button.
 */
export function foldedLength(text: string, characters: number, lines: number): number {
  let end = Math.min(text.length, characters);
  let lineEnd = -1;
  for (let line = 0; line < lines; line++) {
    lineEnd = text.indexOf('\n', lineEnd + 1);
    if (lineEnd < 0 || lineEnd >= end) break;
  }
  if (lineEnd >= 0 && lineEnd < end) end = lineEnd;
  const isLittle = text.length - end < characters / 5 && (lineEnd < 0 || text.indexOf('\n', end + 1) < 0);
  return isLittle ? text.length : end;
}
