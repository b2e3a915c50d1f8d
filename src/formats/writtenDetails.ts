import { type AttributeValue, type DetailSource, type SpanDetails, setAttribute } from '../model/details.ts';
import type { Trace } from '../model/trace.ts';
import { base64FromBytes, bytesFromBase64 } from './base64.ts';
import { ByteDetails, type RecordFormat } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';

/** A resource and a scope, which many spans share, as they are written; read when somebody looks. */
interface SharedText {
  readonly text: string;
}

/**
 * Details of spans of any format, written down: what a thread hands to another, which does not have the objects that they are
 * read from. Reading them again gives the same details.
 */
export const writtenFormat: RecordFormat<SharedText> = {
  name: 'written',
  isFollowedBySource: true,
  readDetails: (record, { text }) => readDetails(record, JSON.parse(text)),
  packContext: ({ text }) => text,
  unpackContext: (packed) => ({ text: packed as string }),
  numberScanner: () => () => undefined,
};

const encoder = new TextEncoder();

/** The trace with its details written to the end of `source`, and read from there. */
export function withWrittenDetails(trace: Trace, source: ByteSource): Trace {
  return trace.withDetails((details) => writtenDetails(details, trace.spanCount, source));
}

function writtenDetails(details: DetailSource, count: number, source: ByteSource): DetailSource {
  const offsets = new Float64Array(count);
  const contexts = new Map<string, number>();
  const contextRows: number[] = [];
  const contextNumbers: number[] = [];
  for (let row = 0; row < count; row++) {
    const read = details.read(row);
    const shared = sharedText(read);
    let context = contexts.get(shared);
    if (context === undefined) {
      context = contexts.size;
      contexts.set(shared, context);
    }
    if (context !== contextNumbers.at(-1)) {
      contextRows.push(row);
      contextNumbers.push(context);
    }
    offsets[row] = source.length;
    source.append(encoder.encode(`${detailsText(read)}\n${sourceText(details.readSource?.(row))}\n`));
  }
  return new ByteDetails(source, writtenFormat, {
    offsets,
    contextRows: new Uint32Array(contextRows),
    contextNumbers: new Uint32Array(contextNumbers),
    contexts: Array.from(contexts.keys(), (text) => ({ text })),
  });
}

/** A span's details but for what it shares with others, as JSON can hold them. */
interface WrittenDetails {
  message?: string;
  attributes: unknown;
  /** Name, time in nanoseconds, attributes. */
  events: [name: string, time: string | null, attributes: unknown][];
  links: unknown;
}

function detailsText({ statusMessage, attributes, events, links }: SpanDetails): string {
  const written: WrittenDetails = {
    ...(statusMessage === undefined ? {} : { message: statusMessage }),
    attributes,
    events: events.map((event) => [event.name, event.timeUnixNano?.toString() ?? null, event.attributes]),
    links,
  };
  return writeValue(written);
}

/** What JSON cannot hold is not kept; the details hold it. */
function sourceText(record: AttributeValue | undefined): string {
  if (typeof record !== 'object' || record === null || !isShallowJson(record)) return 'null';
  return JSON.stringify(record);
}

function sharedText({ resource, scope }: SpanDetails): string {
  return writeValue({ resource, ...(scope && { scope }) });
}

function readDetails(record: unknown, shared: unknown): SpanDetails {
  const { message, attributes, events, links } = restoredValue(record) as WrittenDetails;
  const { resource, scope } = restoredValue(shared) as Pick<SpanDetails, 'resource' | 'scope'>;
  return {
    statusMessage: message,
    attributes: attributes as SpanDetails['attributes'],
    events: events.map(([name, time, ofEvent]) => ({
      name,
      timeUnixNano: time === null ? undefined : BigInt(time),
      attributes: ofEvent as SpanDetails['attributes'],
    })),
    links: links as SpanDetails['links'],
    resource,
    scope,
  };
}

/** An object as it is where it is nothing but JSON; else as the list of its parts, told by its being a list. */
function writeValue(value: object): string {
  return JSON.stringify(isShallowJson(value) ? value : partsOf(value));
}

function restoredValue(written: unknown): unknown {
  return Array.isArray(written) ? wholeOf(written as Part[]) : written;
}

/** `JSON.stringify` goes down by recursion. */
const deepestWritten = 200;

/** Whether JSON holds it whole: no integers beyond 2^53, bytes, NaN or -0, and no hostile depth. */
function isShallowJson(root: object): boolean {
  let level: object[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestWritten) return false;
    const below: object[] = [];
    for (const container of level) {
      if (container instanceof Uint8Array) return false;
      for (const value of Array.isArray(container) ? (container as unknown[]) : Object.values(container)) {
        if (typeof value === 'object' && value !== null) below.push(value);
        else if (!isJsonScalar(value)) return false;
      }
    }
    level = below;
  }
  return true;
}

function isJsonScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/** A scalar as it is, or what it stands for: the place of a container in the list, or what JSON has no word for. */
type Member =
  | string
  | number
  | boolean
  | null
  | [kind: 'part' | 'bigint' | 'bytes' | 'number' | 'undefined', content: string | number];
/** An array's members after `'['`, an object's keys and members in turn after `'{'`. */
type Part = ['[' | '{', ...Member[]];

function partsOf(root: object): Part[] {
  const places = new Map<object, number>([[root, 0]]);
  const containers: object[] = [root];
  const parts: Part[] = [];
  const memberOf = (value: unknown): Member => {
    if (isJsonScalar(value)) return value as string;
    if (typeof value === 'bigint') return ['bigint', String(value)];
    if (typeof value === 'number') return ['number', Object.is(value, -0) ? '-0' : String(value)];
    if (value instanceof Uint8Array) return ['bytes', base64FromBytes(value)];
    if (typeof value !== 'object' || value === null) return ['undefined', 0];
    let place = places.get(value);
    if (place === undefined) {
      place = containers.push(value) - 1;
      places.set(value, place);
    }
    return ['part', place];
  };
  for (let at = 0; at < containers.length; at++) {
    const container = containers[at]!;
    parts.push(
      Array.isArray(container)
        ? ['[', ...container.map(memberOf)]
        : ['{', ...Object.entries(container).flatMap(([key, value]) => [key, memberOf(value)])],
    );
  }
  return parts;
}

function wholeOf(parts: readonly Part[]): unknown {
  const containers = parts.map(([kind]): unknown[] | Record<string, AttributeValue> => (kind === '[' ? [] : {}));
  const valueIn = (member: Member): unknown => {
    if (!Array.isArray(member)) return member;
    const [kind, content] = member;
    if (kind === 'part') return containers[content as number];
    if (kind === 'bigint') return BigInt(content);
    if (kind === 'number') return Number(content);
    return kind === 'bytes' ? bytesFromBase64(content as string) : undefined;
  };
  for (const [at, [, ...members]] of parts.entries()) {
    const container = containers[at]!;
    if (Array.isArray(container)) {
      for (const member of members) container.push(valueIn(member));
    } else {
      for (let key = 0; key < members.length; key += 2) {
        setAttribute(container, members[key] as string, valueIn(members[key + 1]!) as AttributeValue);
      }
    }
  }
  return containers[0];
}
