import { type AttributeValue, setAttribute } from '../model/details.ts';
import { base64FromBytes, bytesFromBase64 } from './base64.ts';

/**
 * An attribute's value as JSON can hold it. What JSON has no words for is written as OTLP's JSON has it:
 *
 * - an integer beyond 2^53 (a bigint) `{ "intValue": "9007199254740993" }`
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
  if (typeof value === 'bigint') return { intValue: String(value) };
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

/**
 * The value with each part that `replace` gives another for replaced by it. The value itself where there is none: most
 * have nothing to replace, and a prompt of megabytes is not to be copied for nothing.
 *
 * A list of what is still to be visited instead of recursion: values of hostile depth come along too.
 */
function rewritten(value: unknown, replace: (part: unknown) => unknown): unknown {
  const root = replace(value);
  if (!Object.is(root, value) || !isContainer(root) || !holdsReplaceable(root, replace)) return root;
  const result = emptyLike(root);
  const open: [from: Container, to: Container][] = [[root, result]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [from, to] = pair;
    for (const key of Object.keys(from)) {
      const part = (from as Record<string, unknown>)[key];
      let copy = replace(part);
      if (Object.is(copy, part) && isContainer(part)) {
        copy = emptyLike(part);
        open.push([part, copy as Container]);
      }
      if (Array.isArray(to)) to[Number(key)] = copy;
      else setAttribute(to as Record<string, AttributeValue>, key, copy as AttributeValue);
    }
  }
  return result;
}

type Container = unknown[] | Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

function emptyLike(container: Container): Container {
  return Array.isArray(container) ? new Array(container.length).fill(null) : {};
}

function holdsReplaceable(root: Container, replace: (part: unknown) => unknown): boolean {
  const open: Container[] = [root];
  for (let container = open.pop(); container; container = open.pop()) {
    for (const key of Object.keys(container)) {
      const part = (container as Record<string, unknown>)[key];
      if (!Object.is(replace(part), part)) return true;
      if (isContainer(part)) open.push(part);
    }
  }
  return false;
}
