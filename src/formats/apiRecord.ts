import { type AttributeValue, setAttribute } from '../model/details.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

// What the records of observability APIs have in common: flat objects, most of whose fields have no column.

/**
 * The fields of a record as attributes under their own keys, all but those of `known`. `null` is left out: an API writes
 * every field of its schema, and null where a record has none.
 */
export function attributesBeside(record: JsonObject, known: ReadonlySet<string>): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (const key of Object.keys(record)) if (!known.has(key)) keepAttribute(attributes, key, record[key]);
  return attributes;
}

/** Enters a value that is there and that data can hold; it is handed on as it is, not copied. */
export function keepAttribute(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  if (value === null || value === undefined || typeof value === 'function' || typeof value === 'symbol') return;
  setAttribute(attributes, key, value instanceof Date ? dateText(value) : (value as AttributeValue));
}

function dateText(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** A number, also one that is written as text; NaN for all else. */
export function numberOf(value: unknown): number {
  const text = asText(value) ?? '';
  return text.trim() === '' ? NaN : Number(text);
}

/** An object, also one that is written as JSON text. */
export function objectOf(value: unknown): JsonObject | undefined {
  if (isObject(value)) return value;
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The record with what it lacks taken from another record of the same span. The record itself where that is nothing, as
 * for a span that stands twice in a file.
 */
export function filledUp(record: JsonObject, other: JsonObject): JsonObject {
  let filled: Record<string, AttributeValue> | undefined;
  for (const key of Object.keys(other)) {
    if (isEmpty(other[key]) || !isEmpty(Object.hasOwn(record, key) ? record[key] : undefined)) continue;
    filled ??= Object.assign(Object.create(null) as Record<string, AttributeValue>, record);
    setAttribute(filled, key, other[key] as AttributeValue);
  }
  return filled ?? record;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
