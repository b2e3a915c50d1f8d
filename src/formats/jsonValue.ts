import { type AttributeValue, setAttribute } from '../model/details.ts';
import { base64FromBytes, bytesFromBase64 } from './base64.ts';

/**
 * An attribute's value as JSON can hold it. What JSON has no words for is written as OTLP's JSON has it:
 *
 * - an integer beyond 2^53 (a bigint) `{ "intValue": "9007199254740993" }`; a smaller bigint is a number
 * - bytes `{ "bytesValue": "3q2+7w==" }`
 * - NaN and the infinities `{ "doubleValue": "NaN" }`
 *
 * Everything else is handed on as it is, not copied.
 */
export function toJsonValue(value: AttributeValue): unknown {
  return rewritten(value, encoded);
}

/** The way back: objects of exactly those forms become what they stand for. Undefined for what is no value, as a function. */
export function fromJsonValue(value: unknown): AttributeValue | undefined {
  return rewritten(value, decoded) as AttributeValue | undefined;
}

function encoded(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { intValue: String(value) };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return { doubleValue: String(value) };
  if (value instanceof Uint8Array) return { bytesValue: base64FromBytes(value) };
  return value;
}

const doubles: ReadonlyMap<unknown, number> = new Map(
  [NaN, Infinity, -Infinity].map((value) => [String(value), value]),
);

function decoded(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const key = onlyKey(value);
  const content = key === undefined ? undefined : (value as Record<string, unknown>)[key];
  if (typeof content !== 'string') return value;
  if (key === 'intValue') return /^-?\d{16,40}$/.test(content) ? BigInt(content) : value;
  if (key === 'doubleValue') return doubles.get(content) ?? value;
  if (key === 'bytesValue') return bytesFromBase64(content) ?? value;
  return value;
}

function onlyKey(value: object): string | undefined {
  let only: string | undefined;
  for (const key in value) {
    if (only !== undefined) return undefined;
    only = key;
  }
  return only;
}

/** What stands for an object within itself. JSON has none, but an object that a program made may. */
const circular = '[Circular]';

/**
 * The value with each part that `replace` gives another for replaced by it, and cut where it comes back to itself. The
 * value itself where there is nothing to do: most have nothing, and a prompt of megabytes is not to be copied for it.
 *
 * A list of what is still to be visited instead of recursion: values of hostile depth come along too.
 */
function rewritten(value: unknown, replace: (part: unknown) => unknown): unknown {
  const root = replace(value);
  if (!Object.is(root, value) || !isContainer(root) || !needsCopy(root, replace)) return root;
  const copies = new Map<Container, Container>([[root, emptyLike(root)]]);
  visitContainers(root, (container, isWithin) => {
    const copy = copies.get(container)!;
    const inner: Container[] = [];
    for (const key of Object.keys(container)) {
      const part = (container as Record<string, unknown>)[key];
      let newPart = replace(part);
      if (Object.is(newPart, part) && isContainer(part)) {
        if (!copies.has(part)) copies.set(part, emptyLike(part));
        newPart = isWithin(part) ? circular : copies.get(part);
        inner.push(part);
      }
      if (Array.isArray(copy)) copy[Number(key)] = newPart;
      else setAttribute(copy as Record<string, AttributeValue>, key, newPart as AttributeValue);
    }
    return inner;
  });
  return copies.get(root);
}

function needsCopy(root: Container, replace: (part: unknown) => unknown): boolean {
  return !visitContainers(root, (container, isWithin) => {
    const inner: Container[] = [];
    for (const key of Object.keys(container)) {
      const part = (container as Record<string, unknown>)[key];
      if (!Object.is(replace(part), part) || (isContainer(part) && isWithin(part))) return undefined;
      if (isContainer(part)) inner.push(part);
    }
    return inner;
  });
}

/**
 * Calls `visit` once for each container that it is led to, outer before inner: `visit` gives those to go on to, or undefined
 * to end it all. `isWithin` tells whether another is this one or around it.
 *
 * @returns whether it came to its own end.
 */
function visitContainers(
  root: Container,
  visit: (container: Container, isWithin: (other: Container) => boolean) => readonly Container[] | undefined,
): boolean {
  const path = new Set<Container>();
  const done = new Set<Container>();
  const isWithin = (other: Container) => path.has(other);
  const open: Container[] = [root];
  for (let container = open.at(-1); container; container = open.at(-1)) {
    if (path.has(container) || done.has(container)) {
      // All in it was visited, or it stood in the list more than once.
      path.delete(container);
      done.add(container);
      open.pop();
      continue;
    }
    path.add(container);
    const inner = visit(container, isWithin);
    if (!inner) return false;
    for (const part of inner) if (!path.has(part) && !done.has(part)) open.push(part);
  }
  return true;
}

type Container = unknown[] | Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function emptyLike(container: Container): Container {
  return Array.isArray(container) ? new Array(container.length).fill(null) : {};
}
