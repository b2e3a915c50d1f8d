import { type Attributes, type AttributeValue, setAttribute } from '../model/details.ts';
import { base64FromBytes, bytesFromBase64 } from './base64.ts';
import { isObject, type JsonObject } from './traceCollector.ts';

/**
 * OTLP's AnyValue, what attributes hold (opentelemetry-proto, `common.proto`), as it is written. It is read from every
 * form that files have:
 *
 * - these fields in camelCase or snake_case, and as Go prints its struct (`{"Value":{"StringValue":"a"}}`)
 * - 64-bit integers as strings, numbers or `{ low, high }`; `{}` for null; lists and maps with or without `values`
 * - all fields there and all but one empty, as writers of defaults have it
 * - plain JSON in its place
 */
export interface OtlpAnyValue {
  stringValue?: string;
  boolValue?: boolean;
  /** A decimal string, as protobuf's JSON has 64-bit integers. */
  intValue?: string;
  /** "NaN", "Infinity" or "-Infinity" where JSON has no number. */
  doubleValue?: number | string;
  arrayValue?: { values: OtlpAnyValue[] };
  kvlistValue?: { values: OtlpKeyValue[] };
  /** Base64. */
  bytesValue?: string;
}

export interface OtlpKeyValue {
  key: string;
  value: OtlpAnyValue;
}

/** Lists and maps nested deeper are kept as JSON text: whoever walks a value may do so by recursion. */
const deepest = 100;

const kinds = ['string', 'bool', 'int', 'double', 'array', 'kvlist', 'bytes'] as const;
type Kind = (typeof kinds)[number];

const kindOfField: ReadonlyMap<string, Kind> = new Map(
  kinds.flatMap((kind): [string, Kind][] => [
    [`${kind}Value`, kind],
    [`${kind}_value`, kind],
    [`${kind[0]!.toUpperCase()}${kind.slice(1)}Value`, kind],
  ]),
);

/** The value of an AnyValue, or of plain JSON in its place. Whatever it is given, it throws nothing. */
export function readAnyValue(value: unknown, depth = 0): AttributeValue {
  if (typeof value !== 'object' || value === null) return readScalar(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return readList(value, depth);
  return readFields(value as JsonObject, depth);
}

function readScalar(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      return null;
  }
}

function readList(values: readonly unknown[], depth: number): AttributeValue {
  return depth > deepest ? deepJsonText(values) : values.map((item) => readAnyValue(item, depth + 1));
}

function readFields(object: JsonObject, depth: number): AttributeValue {
  let kind: Kind | undefined;
  let content: unknown;
  let hasOther = false;
  for (const field of Object.keys(object)) {
    const kindHere = kindOfField.get(field);
    if (!kindHere) {
      hasOther = true;
      continue;
    }
    const found = object[field];
    if (found === null || found === undefined || (kind && !isEmptyContainer(kind, content))) continue;
    kind = kindHere;
    content = found;
  }
  if (kind) return readContent(kind, content, depth) ?? readMistyped(content, depth);
  return hasOther ? readOtherFields(object, depth) : null;
}

/** What is of another type than its field says is taken for what it is. */
function readMistyped(content: unknown, depth: number): AttributeValue {
  const isTooDeep = depth > deepest && typeof content === 'object' && content !== null;
  return isTooDeep ? deepJsonText(content) : readAnyValue(content, depth + 1);
}

/** Where defaults are written out, an empty list and an empty map stand beside the value that is meant. */
function isEmptyContainer(kind: Kind, content: unknown): boolean {
  if (kind !== 'array' && kind !== 'kvlist') return false;
  const values = valuesOf(content);
  return Array.isArray(values) && values.length === 0;
}

function valuesOf(content: unknown): unknown {
  return isObject(content) ? (content.values ?? []) : content;
}

/** Undefined where the content is of another type than its field says. */
function readContent(kind: Kind, content: unknown, depth: number): AttributeValue | undefined {
  switch (kind) {
    case 'string':
      return typeof content === 'string' ? content : undefined;
    case 'int':
      return readInteger(content);
    case 'double':
      return typeof content === 'string' ? numberOfText(content) : readInteger(content);
    case 'bool':
      return content === 'true' || (content === 'false' ? false : undefined);
    case 'bytes':
      return typeof content === 'string' ? bytesFromBase64(content) : bytesOf(content);
    case 'array': {
      const values = valuesOf(content);
      return Array.isArray(values) ? readList(values, depth) : undefined;
    }
    case 'kvlist': {
      const values = valuesOf(content);
      if (typeof values !== 'object' || values === null) return undefined;
      return depth > deepest ? deepJsonText(values) : readAttributes(values, depth + 1);
    }
  }
}

function readOtherFields(object: JsonObject, depth: number): AttributeValue {
  const { Value: goValue } = object;
  const isGo = isObject(goValue) && Object.keys(goValue).some((field) => kindOfField.has(field));
  if (isGo && Object.keys(object).length === 1) return readFields(goValue, depth);
  return depth > deepest ? deepJsonText(object) : readMap(object, depth + 1);
}

function readInteger(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string') return integerOfText(value);
  const integer = typeof value === 'bigint' ? value : longToBigint(value);
  return integer === undefined ? undefined : narrowed(integer);
}

function integerOfText(text: string): AttributeValue {
  if (!/^-?[0-9]{1,40}$/.test(text)) return numberOfText(text);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** Text that is no number stays text. */
function numberOfText(text: string): AttributeValue {
  const number = text.trim() === '' ? NaN : Number(text);
  return Number.isNaN(number) && text !== 'NaN' ? text : number;
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A 64-bit integer as protobufjs has it: `{ low, high, unsigned }`, both halves signed 32-bit integers. */
export function longToBigint(value: unknown): bigint | undefined {
  if (!isObject(value)) return undefined;
  const { low, high, unsigned } = value;
  if (!Number.isInteger(low) || !Number.isInteger(high)) return undefined;
  const bits = (BigInt.asUintN(32, BigInt(high as number)) << 32n) | BigInt.asUintN(32, BigInt(low as number));
  return unsigned === true ? bits : BigInt.asIntN(64, bits);
}

/** Bytes as JavaScript writes them: an array of numbers, Node's `{"type":"Buffer","data":[…]}`, a typed array `{"0":1,…}`. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  let items: unknown = value;
  if (isObject(value)) items = Array.isArray(value.data) ? value.data : '0' in value ? Object.values(value) : undefined;
  return Array.isArray(items) && items.every(isByte) ? Uint8Array.from(items) : undefined;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;
}

/**
 * Attributes from OTLP's list of `{ key, value }`, or from an object of values in its place. A key that comes again with
 * another value gets a list of its values: none is lost.
 */
export function readAttributes(attributes: unknown, depth = 0): Attributes {
  if (isObject(attributes)) return readMap(attributes, depth);
  const result: Record<string, AttributeValue> = {};
  if (!Array.isArray(attributes)) return result;
  let repeated: Map<string, AttributeValue[]> | undefined;
  for (const item of attributes) {
    if (!isObject(item)) continue;
    const key = typeof item.key === 'string' ? item.key : String(readScalar(item.key) ?? '');
    const value = readAnyValue(item.value, depth);
    const values = repeated?.get(key);
    if (values) {
      values.push(value);
    } else if (!Object.hasOwn(result, key)) {
      setAttribute(result, key, value);
    } else if (!Object.is(result[key], value)) {
      const both = [result[key]!, value];
      repeated = (repeated ?? new Map<string, AttributeValue[]>()).set(key, both);
      setAttribute(result, key, both);
    }
  }
  return result;
}

function readMap(object: JsonObject, depth: number): Attributes {
  const result: Record<string, AttributeValue> = {};
  for (const key of Object.keys(object)) setAttribute(result, key, readAnyValue(object[key], depth));
  return result;
}

export function writeAttributes(attributes: Attributes, depth = 0): OtlpKeyValue[] {
  return Object.keys(attributes).map((key) => ({ key, value: writeAnyValue(attributes[key]!, depth) }));
}

/** Whole numbers become `intValue`, as JavaScript does not tell 1 from 1.0; all others `doubleValue`; null becomes `{}`. */
export function writeAnyValue(value: AttributeValue, depth = 0): OtlpAnyValue {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: String(value) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    case 'object':
      return value === null ? {} : writeObject(value, depth);
    default:
      return {};
  }
}

function writeObject(value: AttributeValue & object, depth: number): OtlpAnyValue {
  if (value instanceof Uint8Array) return { bytesValue: base64FromBytes(value) };
  if (depth > deepest) return { stringValue: deepJsonText(value) };
  if (Array.isArray(value)) {
    return { arrayValue: { values: value.map((item: AttributeValue) => writeAnyValue(item, depth + 1)) } };
  }
  return { kvlistValue: { values: writeAttributes(value as Attributes, depth + 1) } };
}

/** JSON of what may be nested too deeply for `JSON.stringify`, which runs out of stack. */
function deepJsonText(root: object): string {
  const parts: string[] = [];
  /** What is left to write, the next at the end: text as it is, and values. */
  const pending: ({ text: string } | { value: unknown })[] = [{ value: root }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if ('text' in next) {
      parts.push(next.text);
      continue;
    }
    const { value } = next;
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
      parts.push(scalarJson(value));
      continue;
    }
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    parts.push(isList ? '[' : '{');
    pending.push({ text: isList ? ']' : '}' });
    for (let at = entries.length - 1; at >= 0; at--) {
      const [key, item] = entries[at]!;
      pending.push({ value: item }, { text: `${at > 0 ? ',' : ''}${isList ? '' : `${JSON.stringify(key)}:`}` });
    }
  }
  return parts.join('');
}

function scalarJson(value: unknown): string {
  if (value instanceof Uint8Array) return JSON.stringify(base64FromBytes(value));
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? 'null');
}
