import type { Attributes, AttributeValue, SpanDetails } from '../model/details.ts';
import type { AttributeOperator, NumberOperator } from './query.ts';
import { parseDecimal } from './queryUnits.ts';

/**
 * Whether any text of a span's details holds `folded`, which is in lower case: values of its attributes, its status message,
 * names and values of its events, ids and values of its links, the scope's name. Keys are asked for by `has:`; what the
 * resource says of a whole process is asked for by its key.
 */
export function contentHolds(details: SpanDetails, folded: string): boolean {
  const { statusMessage, attributes, events, links, scope } = details;
  return (
    (statusMessage !== undefined && textHolds(statusMessage, folded)) ||
    valuesHold(attributes, folded) ||
    events.some((event) => textHolds(event.name, folded) || valuesHold(event.attributes, folded)) ||
    links.some(
      (link) =>
        textHolds(link.spanId, folded) || textHolds(link.traceId, folded) || valuesHold(link.attributes, folded),
    ) ||
    (scope !== undefined && textHolds(scope.name, folded))
  );
}

/** Whether the span, its events, its scope or its resource has this attribute. */
export function hasAttribute(details: SpanDetails, key: string): boolean {
  return placesOf(details).some((attributes) => Object.hasOwn(attributes, key));
}

/**
 * Compares an attribute wherever it is: on the span, its events, its scope, its resource; one place that agrees is enough.
 * A list agrees where one of its items does. `!=` is an attribute that is there and nowhere equal.
 */
export function attributeAgrees(
  details: SpanDetails,
  key: string,
  operator: AttributeOperator,
  wanted: AttributeMatch,
): boolean {
  const values = placesOf(details)
    .filter((attributes) => Object.hasOwn(attributes, key))
    .map((attributes) => attributes[key]!);
  if (operator === '!=') return values.length > 0 && !values.some((value) => itemsAgree(value, '=', wanted));
  return values.some((value) =>
    operator === '~' ? valueHolds(value, wanted.folded) : itemsAgree(value, operator, wanted),
  );
}

/** A value that attributes are compared with, worked out once for a query. */
export interface AttributeMatch {
  readonly text: string;
  readonly folded: string;
  /** Undefined where the text is no number. */
  readonly number: number | undefined;
}

export function attributeMatch(text: string): AttributeMatch {
  return { text, folded: text.toLowerCase(), number: parseDecimal(text) };
}

function placesOf({ attributes, events, scope, resource }: SpanDetails): Attributes[] {
  const places = [attributes, ...events.map((event) => event.attributes)];
  if (scope?.attributes) places.push(scope.attributes);
  places.push(resource);
  return places;
}

function itemsAgree(value: AttributeValue, operator: NumberOperator, wanted: AttributeMatch): boolean {
  if (Array.isArray(value))
    return value.some((item: AttributeValue) => !Array.isArray(item) && agrees(item, operator, wanted));
  return agrees(value, operator, wanted);
}

function agrees(value: AttributeValue, operator: NumberOperator, { text, number }: AttributeMatch): boolean {
  if (operator === '=') {
    if (typeof value === 'number' && number !== undefined) return value === number;
    return textOfValue(value) === text;
  }
  // Jaeger and Zipkin keep numbers as text.
  const found = typeof value === 'string' ? parseDecimal(value) : value;
  if (typeof found !== 'number' && typeof found !== 'bigint') return false;
  return compares(found, operator, number!);
}

export function compares(a: number | bigint, operator: NumberOperator, b: number): boolean {
  switch (operator) {
    case '=':
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number only so.
      return a == b;
    case '!=':
      // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number only so.
      return a != b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function valuesHold(attributes: Attributes, folded: string): boolean {
  for (const key in attributes) {
    if (Object.hasOwn(attributes, key) && valueHolds(attributes[key]!, folded)) return true;
  }
  return false;
}

/** Walks lists and maps with a stack of its own; a value that holds itself is walked once. */
function valueHolds(value: AttributeValue, folded: string): boolean {
  const text = textOfValue(value);
  if (text !== undefined) return textHolds(text, folded);
  const waiting: AttributeValue[] = [value];
  const seen = new Set<AttributeValue>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const text = textOfValue(next);
    if (text !== undefined) {
      if (textHolds(text, folded)) return true;
    } else if (!(next instanceof Uint8Array) && !seen.has(next)) {
      seen.add(next);
      for (const item of Object.values(next as object)) waiting.push(item);
    }
  }
  return false;
}

/** What a value without parts looks like; undefined for lists, maps and bytes. */
export function textOfValue(value: AttributeValue): string | undefined {
  return typeof value === 'object' && value !== null ? undefined : String(value);
}

export function textHolds(text: string, folded: string): boolean {
  return text.length >= folded.length && (text.includes(folded) || text.toLowerCase().includes(folded));
}
