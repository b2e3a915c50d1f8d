/**
 * What an attribute can hold. Integers beyond 2^53 are bigints, so that none loses its last digits;
 * bytes (OTLP `bytesValue`) are a Uint8Array.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | bigint
  | null
  | Uint8Array
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key. Made without a prototype's keys in the way: a key `__proto__` is a key as any other. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface InstrumentationScope {
  name: string;
  version?: string;
  attributes?: Attributes;
}

/** An event as the source has it, its time absolute. `undefined` where the source gives none. */
export interface SourceEvent {
  name: string;
  timeUnixNano: bigint | undefined;
  attributes: Attributes;
}

/** Another span that this one refers to without being its child, in this trace or another. */
export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
  traceState?: string;
  /** How Jaeger names the reference, where the source is Jaeger's. */
  refType?: 'CHILD_OF' | 'FOLLOWS_FROM';
}

/** All of a span that drawing its row and bar does not need. */
export interface SpanDetails {
  statusMessage: string | undefined;
  attributes: Attributes;
  events: readonly SourceEvent[];
  links: readonly SpanLink[];
  resource: Attributes;
  scope: InstrumentationScope | undefined;
}

/**
 * Where the details of a span are read when somebody looks at it, and never before.
 *
 * This is the one seam between a trace and the file or object that it came from: over an object that the caller gave,
 * over a file's own bytes, or wrapped to redact. No code outside a DetailSource touches a source object, so what it
 * does not let through is nowhere: not in a view, a search, a copy or an export.
 */
export interface DetailSource {
  /** `row` is the span's place in the file, `Span.sourceOrder`. Throws nothing: what cannot be read is left out. */
  read(row: number): SpanDetails;
  /**
   * Whether what `read` gives for this row might hold `needle` in any text of it, keys and values, case aside. False is
   * certain and saves the reading; true may be wrong. A source over bytes looks for the needle in its JSON-escaped form
   * and answers true wherever a text could be spelled another way (a backslash, a value that the format derives).
   * A source that wraps another and changes what it reads leaves this out. Without it every row is read.
   */
  mayContain?(row: number, needle: string): boolean;
  /**
   * What `numberIn` gives for the attributes of a row, where there is a quicker way to know it than to read them: for a
   * column of it over all spans.
   */
  numbers?(keys: readonly string[]): (row: number) => number;
  /**
   * Picks those attributes of a row that are asked for, and the name of its scope, where there is a quicker way to them than
   * to read all; undefined for a row that has to be read. Of a key whose value is of no interest true stands for it.
   */
  picker?(useOf: (key: string) => KeyUse): (row: number) => PickedDetails | undefined;
  /**
   * As `read`, without keeping what was read: for a walk over all spans, which would push out of the cache what a view is
   * looking at. @default read
   */
  readOnce?(row: number): SpanDetails;
  /**
   * The span's record as the file has it, under the file's own names and without what the file keeps apart from it (a
   * resource, a scope): an object, or its JSON text. Undefined where it was not kept. A source that hides or changes anything
   * that it reads leaves this out.
   */
  readSource?(row: number): AttributeValue | undefined;
}

/** What a walk over all spans wants of an attribute: nothing, whether it is there, what it holds. */
export type KeyUse = 'none' | 'presence' | 'value';

export interface PickedDetails {
  readonly attributes: Attributes;
  readonly scopeName: string | undefined;
}

/** The number that the first of these attributes holds which holds one; NaN where none does. */
export function numberIn(attributes: Attributes, keys: readonly string[]): number {
  for (const key of keys) {
    const value = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value))) return Number(value);
  }
  return NaN;
}

export const noDetails: SpanDetails = Object.freeze({
  statusMessage: undefined,
  attributes: Object.freeze({}),
  events: Object.freeze([]),
  links: Object.freeze([]),
  resource: Object.freeze({}),
  scope: undefined,
});

/**
 * A DetailSource over `recordAt`, which finds a span's record (an object parsed already, or one parsed from its byte
 * range), and `readDetails`, which a format owns. The last `capacity` spans looked at are kept, so that a view that asks
 * for a span's attributes and then its events reads it once.
 */
export function cachedDetails<SourceRecord>(
  recordAt: (row: number) => SourceRecord,
  readDetails: (record: SourceRecord, row: number) => SpanDetails,
  capacity = 256,
): DetailSource {
  // A Map keeps the order of insertion, so its first key is the one unused for longest.
  const recent = new Map<number, SpanDetails>();
  return {
    read(row) {
      let details = recent.get(row);
      if (details) {
        recent.delete(row);
      } else {
        details = readDetails(recordAt(row), row);
        if (recent.size >= capacity) recent.delete(recent.keys().next().value as number);
      }
      recent.set(row, details);
      return details;
    },
    readOnce: (row) => recent.get(row) ?? readDetails(recordAt(row), row),
  };
}

/** Sets a key of hostile origin. Plain assignment would run the setter of `__proto__` and lose the value. */
export function setAttribute(attributes: Record<string, AttributeValue>, key: string, value: AttributeValue): void {
  if (key === '__proto__') {
    Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    attributes[key] = value;
  }
}
