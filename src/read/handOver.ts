/** One message from the thread that hands over, small enough to be taken in a few milliseconds. */
export interface HandOverMessage {
  /** Which part of the value it adds to; absent in the last one, which holds the rest of the value. */
  part?: number;
  content: unknown;
}

export interface Posted<Message> {
  message: Message;
  transfer: Transferable[];
}

/** Of a list or map, in one message. */
const mostEntries = 5000;
const mostCharacters = 500_000;

/** So deep a value is looked at. Below lies what a file says, which may be of hostile depth and look like a reference. */
const deepestLook = 2;

/** Stands in the place of a list or map that came before. */
const referenceKey = 'spanscope.part';

/**
 * A value that `postMessage` takes, in messages that are each taken quickly: what is long in it, lists and maps, goes before
 * it in pieces. Typed arrays are moved, not copied, and no use to the sender afterwards.
 */
export function* handOver(value: unknown): Generator<Posted<HandOverMessage>, void, undefined> {
  const long: (readonly unknown[] | ReadonlyMap<unknown, unknown>)[] = [];
  const transfer = new Set<Transferable>();
  const rest = withoutLong(value, 0, long, transfer);
  for (const [part, container] of long.entries()) {
    for (const content of piecesOf(container)) yield { message: { part, content }, transfer: [] };
  }
  yield { message: { content: rest }, transfer: [...transfer] };
}

function withoutLong(
  value: unknown,
  depth: number,
  long: (readonly unknown[] | ReadonlyMap<unknown, unknown>)[],
  transfer: Set<Transferable>,
): unknown {
  if (typeof value !== 'object' || value === null || depth > deepestLook) return value;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) transfer.add(value.buffer);
    return value;
  }
  if (isLong(value)) return { [referenceKey]: long.push(value as readonly unknown[]) - 1 };
  return mapped(value, (item) => withoutLong(item, depth + 1, long, transfer));
}

function mapped(value: object, map: (item: unknown) => unknown): unknown {
  if (value instanceof Map) return value;
  if (Array.isArray(value)) return value.map(map);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]));
}

function isLong(value: object): boolean {
  if (value instanceof Map) return value.size > mostEntries;
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object' && item !== null)) return false;
  return value.length > mostEntries || charactersOf(value) > mostCharacters;
}

function charactersOf(items: readonly unknown[]): number {
  return items.reduce<number>((sum, item) => sum + (typeof item === 'string' ? item.length : 0), 0);
}

function* piecesOf(container: readonly unknown[] | ReadonlyMap<unknown, unknown>): Generator<unknown> {
  let items: unknown[] = [];
  let characters = 0;
  const isMap = container instanceof Map;
  for (const item of container) {
    items.push(item);
    characters += charactersOf(isMap ? (item as unknown[]) : [item]);
    if (items.length < mostEntries && characters < mostCharacters) continue;
    yield isMap ? new Map(items as [unknown, unknown][]) : items;
    items = [];
    characters = 0;
  }
  if (items.length > 0) yield isMap ? new Map(items as [unknown, unknown][]) : items;
}

/** Puts together what `handOver` sent. */
export class TakeOver {
  readonly #parts: (unknown[] | Map<unknown, unknown>)[] = [];

  /** The value, once its last message is there. */
  take({ part, content }: HandOverMessage): { value: unknown } | undefined {
    if (part === undefined) return { value: this.#withLong(content, 0) };
    const known = this.#parts[part];
    if (!known) this.#parts[part] = content as unknown[];
    else if (known instanceof Map) for (const [key, item] of content as Map<unknown, unknown>) known.set(key, item);
    else for (const item of content as unknown[]) known.push(item);
    return undefined;
  }

  #withLong(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || depth > deepestLook) return value;
    const part = (value as Record<string, unknown>)[referenceKey];
    if (typeof part === 'number') return this.#parts[part];
    return mapped(value, (item) => this.#withLong(item, depth + 1));
  }
}
