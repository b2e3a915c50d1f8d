import type { Attributes, AttributeValue } from '../model/details.ts';

// How attributes are read whose writers disagree on everything: JSON text inside JSON text, keys with dots, numbers as text.

export type JsonMap = { readonly [key: string]: AttributeValue };

export function own(attributes: Attributes, key: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}

export function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export function isList(value: unknown): value is readonly AttributeValue[] {
  return Array.isArray(value);
}

/** A text that says something; a number or boolean in words. */
export function textOf(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A number, also one that passed through a format that knows only texts; NaN for all else. */
export function numberOf(value: AttributeValue | undefined): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string' || value.length > 40 || !decimal.test(value)) return NaN;
  return Number(value);
}

const decimal = /^\s*"?[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"?\s*$/i;

/** `true` and `false`, also as words; undefined for all else. */
export function booleanOf(value: AttributeValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  const word = value.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

/** Undefined for NaN, so that what is absent is not a number. */
export function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** The first of these keys that holds a text that says something. */
export function firstText(attributes: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textOf(own(attributes, key));
    if (text !== undefined) return unquoted(text);
  }
  return undefined;
}

/** The first of these keys that is there and not empty. */
export function firstValue(attributes: Attributes, keys: readonly string[]): AttributeValue | undefined {
  for (const key of keys) {
    const value = own(attributes, key);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** Without the quotes of a JSON text, as MLflow and some of Langfuse's fields have them. */
export function unquoted(text: string): string {
  if (text.length < 2 || text[0] !== '"' || text.length > longestText) return text;
  const value = decoded(text);
  return typeof value === 'string' ? value : text;
}

/** Longer ones are texts, whatever they hold: parsing them would hold up the page. */
const longestText = 64 * 1024 * 1024;
/** `"\"{…}\""` is text in text in text. */
const deepestText = 4;

/**
 * What a JSON text says, text inside text too; the value itself where it is no JSON or is broken. Integers that a number
 * cannot hold stay texts, so that none loses its last digits.
 */
export function decoded(value: AttributeValue | undefined): AttributeValue | undefined {
  let read = value;
  for (let depth = 0; depth < deepestText && typeof read === 'string' && beginsJson(read); depth++) {
    const parsed = parsedJson(read);
    if (parsed === undefined) return read;
    read = parsed;
  }
  return read;
}

/** As `decoded`, where a map or a list comes out; else undefined. */
export function decodedObject(value: AttributeValue | undefined): JsonMap | readonly AttributeValue[] | undefined {
  const read = decoded(value);
  return isMap(read) || isList(read) ? read : undefined;
}

function beginsJson(text: string): boolean {
  if (text.length > longestText) return false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || (code >= 9 && code <= 13)) continue;
    return code === 0x7b || code === 0x5b || code === 0x22;
  }
  return false;
}

function parsedJson(text: string): AttributeValue | undefined {
  try {
    const value = JSON.parse(text) as AttributeValue;
    // Only a text that is sound: in a broken one, looking for the ends of strings takes quadratic time.
    return longInteger.test(text) ? (JSON.parse(withExactIntegers(text)) as AttributeValue) : value;
  } catch {
    return undefined;
  }
}

const longInteger = /[:,[]\s{0,9}-?\d{16}/;
const stringOrInteger = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/gs;

function withExactIntegers(text: string): string {
  return text.replace(stringOrInteger, (token) =>
    token[0] === '"' || Number.isSafeInteger(Number(token)) ? token : `"${token}"`,
  );
}

/** What stands below a path of keys; undefined where any of them is missing. */
export function at(
  value: AttributeValue | undefined,
  ...path: readonly (string | number)[]
): AttributeValue | undefined {
  let read: AttributeValue | undefined = value;
  for (const key of path) {
    if (typeof key === 'number') read = isList(read) ? read[key] : undefined;
    else read = isMap(read) && Object.hasOwn(read, key) ? read[key] : undefined;
  }
  return read;
}

/** More than this many items of an indexed key are left to the raw attributes, as Langfuse does. */
const mostItems = 10_001;
const deepestKey = 16;

/**
 * What a prefix holds, put together from flattened keys, as `llm.input_messages.0.message.role`; also where a format left
 * the list itself below the prefix. Undefined where there is no such key.
 */
export function nested(attributes: Attributes, prefix: string): AttributeValue | undefined {
  const whole = own(attributes, prefix);
  if (whole !== undefined && whole !== null && typeof whole !== 'string') return whole;
  const start = `${prefix}.`;
  let nest: Nest | undefined;
  for (const key of Object.keys(attributes)) {
    if (!key.startsWith(start)) continue;
    nest ??= new Nest();
    nest.enter(key.slice(start.length), attributes[key] as AttributeValue);
  }
  return nest?.result();
}

/** The items of a list below a prefix, holes left out. */
export function nestedList(attributes: Attributes, prefix: string): readonly AttributeValue[] {
  const value = nested(attributes, prefix);
  if (isList(value)) return value;
  return isMap(value) ? Object.values(value) : [];
}

interface MutableMap {
  [key: string]: AttributeValue | MutableMap;
}

/** Builds maps from paths. A map that was made here is never taken for a value of the source, nor changed as one. */
class Nest {
  readonly root: MutableMap = Object.create(null) as MutableMap;
  readonly #made = new Map<object, { parent: MutableMap; key: string }>();

  enter(path: string, value: AttributeValue): void {
    const keys = path.split('.', deepestKey + 1);
    if (keys.length > deepestKey || keys.some(isRefused)) return;
    let map = this.root;
    for (let at = 0; at < keys.length - 1; at++) map = this.#inner(map, keys[at]!);
    map[keys.at(-1)!] ??= value;
  }

  #inner(parent: MutableMap, key: string): MutableMap {
    const inner = parent[key];
    if (typeof inner === 'object' && inner !== null && this.#made.has(inner)) return inner as MutableMap;
    const map = Object.create(null) as MutableMap;
    parent[key] = map;
    this.#made.set(map, { parent, key });
    return map;
  }

  /** Maps all of whose keys are numbers as lists, the innermost first: those were made last. */
  result(): AttributeValue {
    for (const [map, { parent, key }] of [...this.#made].reverse()) {
      if (parent[key] === map) parent[key] = listed(map as MutableMap) as AttributeValue;
    }
    return listed(this.root) as AttributeValue;
  }
}

function listed(map: MutableMap): MutableMap | unknown[] {
  const keys = Object.keys(map);
  // Keys that are integers come in ascending order.
  return keys.length > 0 && keys.every(isIndex) ? Object.values(map) : map;
}

function isRefused(key: string): boolean {
  return key === '__proto__' || (/^\d+$/.test(key) && Number(key) >= mostItems);
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d{0,8})$/.test(key);
}
