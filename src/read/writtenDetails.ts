import { base64FromBytes, bytesFromBase64 } from '../formats/base64.ts';
import { type AttributeValue, type SpanDetails, setAttribute } from '../model/details.ts';

/** A span's details but for what it shares with others, as JSON can hold them. */
interface WrittenDetails {
  /** The status message. */
  m?: string;
  a: unknown;
  /** Events: name, time in nanoseconds, attributes. */
  e: [name: string, time: string | null, attributes: unknown][];
  l: unknown;
}

/**
 * Details as JSON text, from which `readWrittenDetails` makes the same details again: what a thread hands to another that
 * does not have the objects they are read from. The resource and the scope are written apart, as many spans share them.
 */
export function writeDetails({ statusMessage, attributes, events, links }: SpanDetails): string {
  const written: WrittenDetails = {
    ...(statusMessage === undefined ? {} : { m: statusMessage }),
    a: attributes,
    e: events.map((event) => [event.name, event.timeUnixNano?.toString() ?? null, event.attributes]),
    l: links,
  };
  return writeValue(written);
}

export function writeShared({ resource, scope }: SpanDetails): string {
  return writeValue({ resource, ...(scope && { scope }) });
}

/** @param record what `JSON.parse` gives for a text of `writeDetails` */
export function readWrittenDetails(record: unknown, shared: unknown): SpanDetails {
  const { m, a, e, l } = restoredValue(record) as WrittenDetails;
  const { resource, scope } = restoredValue(shared) as Pick<SpanDetails, 'resource' | 'scope'>;
  return {
    statusMessage: m,
    attributes: a as SpanDetails['attributes'],
    events: e.map(([name, time, attributes]) => ({
      name,
      timeUnixNano: time === null ? undefined : BigInt(time),
      attributes: attributes as SpanDetails['attributes'],
    })),
    links: l as SpanDetails['links'],
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
type Member = string | number | boolean | null | [kind: 'part' | 'bigint' | 'bytes' | 'number' | 'undefined', content: string | number];
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
  const valueOf = (member: Member): unknown => {
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
      for (const member of members) container.push(valueOf(member));
    } else {
      for (let key = 0; key < members.length; key += 2) {
        setAttribute(container, members[key] as string, valueOf(members[key + 1]!) as AttributeValue);
      }
    }
  }
  return containers[0];
}
