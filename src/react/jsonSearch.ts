import type { AttributeValue } from '../model/details.ts';
import { isContainer, isList, type ValueContainer } from './attributeText.ts';

/** An entry's place: its positions among its parents' entries, from the root down. */
export type JsonPath = readonly number[];

/** A place by its parent's: what many matches have in common is held once. */
interface Place {
  readonly parent: Place | undefined;
  readonly position: number;
}

interface Level {
  readonly place: Place | undefined;
  readonly container: ValueContainer;
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  next: number;
}

/** More are counted by nobody. */
const mostMatches = 10_000;
/** Entries between two looks at the clock. */
const stride = 512;

/**
 * Searches a value by keys and texts, upper and lower case alike, in slices: the page goes on between two of them. A loop
 * over plain values, so that neither depth nor size can weigh.
 */
export class JsonSearch {
  readonly #matches: Place[] = [];
  readonly #query: string;
  readonly #levels: Level[];
  readonly #around: Set<ValueContainer>;
  #isDone = false;

  constructor(root: ValueContainer, query: string) {
    this.#query = query.toLowerCase();
    this.#levels = [levelOf(root, undefined)];
    this.#around = new Set([root]);
  }

  get matchCount(): number {
    return this.#matches.length;
  }

  /** In the order of the value, from 0; undefined where there are not so many. */
  matchAt(number: number): JsonPath | undefined {
    let place = this.#matches[number];
    if (!place) return undefined;
    const path: number[] = [];
    for (; place; place = place.parent) path.push(place.position);
    return path.reverse();
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Stopped because there are too many. */
  get isCut(): boolean {
    return this.#matches.length >= mostMatches;
  }

  /** One slice; true while there is more to do. */
  run(budgetMs: number, now: () => number = () => performance.now()): boolean {
    const end = now() + budgetMs;
    for (let count = 1; !this.#isDone; count++) {
      this.#step();
      if (count % stride === 0 && now() >= end) break;
    }
    return !this.#isDone;
  }

  #step(): void {
    const level = this.#levels.at(-1);
    if (!level || this.isCut) {
      this.#isDone = true;
      return;
    }
    if (level.next >= level.length) {
      this.#levels.pop();
      this.#around.delete(level.container);
      return;
    }
    const position = level.next++;
    const key = level.keys?.[position];
    const value = key === undefined ? (level.container as readonly AttributeValue[])[position]! : own(level, key);
    const place: Place = { parent: level.place, position };
    if (key?.toLowerCase().includes(this.#query) || this.#isAbout(value)) this.#matches.push(place);
    // A value that holds itself would be walked for ever.
    if (isContainer(value) && !this.#around.has(value)) {
      this.#around.add(value);
      this.#levels.push(levelOf(value, place));
    }
  }

  #isAbout(value: AttributeValue | undefined): boolean {
    if (typeof value === 'string') return value.toLowerCase().includes(this.#query);
    if (isContainer(value) || value instanceof Uint8Array) return false;
    return String(value).includes(this.#query);
  }
}

function own({ container }: Level, key: string): AttributeValue {
  return (container as { readonly [key: string]: AttributeValue })[key]!;
}

function levelOf(container: ValueContainer, place: Place | undefined): Level {
  const keys = isList(container) ? undefined : Object.keys(container);
  return { place, container, keys, length: keys ? keys.length : (container.length as number), next: 0 };
}

/** Whether a value has more than so many entries at all levels: as many are looked at and no more. */
export function hasMoreEntries(root: ValueContainer, limit: number): boolean {
  let count = 0;
  const waiting: ValueContainer[] = [root];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { keys, length } = levelOf(next, undefined);
    count += length;
    if (count > limit) return true;
    for (let at = 0; at < length; at++) {
      const value = keys
        ? (next as { readonly [key: string]: AttributeValue })[keys[at]!]
        : (next as readonly AttributeValue[])[at];
      if (isContainer(value)) waiting.push(value);
    }
  }
  return false;
}
