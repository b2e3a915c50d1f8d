import type { AttributeValue } from '../model/details.ts';
import { entryAt, isContainer, isList, parseJsonContainer, type ValueContainer } from './attributeText.ts';
import type { JsonPath } from './jsonSearch.ts';

/** Texts within a tree that hold JSON open as a level of it up to this length: parsing is done while it is drawn. */
const longestNestedText = 200_000;

let nodeCount = 0;

/**
 * One value in a tree of values. Its children are made when they are asked for, so a tree costs what is seen of it,
 * whatever its size and depth.
 */
export class JsonNode {
  /** Of its own among all nodes. */
  readonly id = ++nodeCount;
  readonly value: AttributeValue;
  /** Undefined for the root; a place for an entry of a list. */
  readonly key: string | number | undefined;
  /** Undefined for the root. */
  readonly parent: JsonNode | undefined;
  /** Among its parent's entries, from 0. */
  readonly position: number;
  /** -1 for the root, which has no row. */
  readonly depth: number;
  #container: ValueContainer | null | undefined;
  #keys: readonly string[] | undefined;
  readonly #children = new Map<number, JsonNode>();

  constructor(value: AttributeValue, parent?: JsonNode, key?: string | number, position = 0) {
    this.value = value;
    this.parent = parent;
    this.key = key;
    this.position = position;
    this.depth = parent ? parent.depth + 1 : -1;
  }

  /** The same for the same place in another reading of the value. Empty for the root. */
  get path(): JsonPath {
    const path: number[] = [];
    for (let node: JsonNode = this; node.parent; node = node.parent) path.push(node.position);
    return path.reverse();
  }

  /** What can be opened: the value itself, or what its text holds as JSON. */
  get container(): ValueContainer | undefined {
    if (this.#container === undefined) {
      this.#container = isContainer(this.value) ? this.value : this.#parsedText();
      if (this.#container && !isList(this.#container)) this.#keys = Object.keys(this.#container);
    }
    return this.#container ?? undefined;
  }

  /** The value is a text, and its text is JSON. */
  get isParsedText(): boolean {
    return typeof this.value === 'string' && this.container !== undefined;
  }

  /** How many entries it has; 0 for what cannot be opened. */
  get size(): number {
    const { container } = this;
    if (!container) return 0;
    return this.#keys ? this.#keys.length : (container.length as number);
  }

  child(position: number): JsonNode {
    let child = this.#children.get(position);
    if (!child) {
      const value = entryAt(this.container!, this.#keys, position);
      child = new JsonNode(value, this, this.#keys?.[position] ?? position, position);
      this.#children.set(position, child);
    }
    return child;
  }

  #parsedText(): ValueContainer | null {
    if (typeof this.value !== 'string' || this.value.length > longestNestedText) return null;
    return parseJsonContainer(this.value) ?? null;
  }
}

/** Which places are open: this one, and of its entries those that are, or were when this one closed. Never changed. */
export interface OpenPlaces {
  readonly isOpen: boolean;
  readonly entries: ReadonlyMap<number, OpenPlaces>;
}

const closed: OpenPlaces = { isOpen: false, entries: new Map() };

/** With the place at the end of a path open or closed. What was open below it stays so, for when it opens again. */
export function withPlace(root: OpenPlaces, path: JsonPath, isOpen: boolean): OpenPlaces {
  return changed(root, path, (place, isLast) => (isLast ? isOpen : place.isOpen));
}

/** With the way to one entry open. */
export function withWayTo(root: OpenPlaces, path: JsonPath): OpenPlaces {
  return changed(root, path.slice(0, -1), () => true);
}

function changed(
  root: OpenPlaces,
  path: JsonPath,
  isOpenNow: (place: OpenPlaces, isLast: boolean) => boolean,
): OpenPlaces {
  const way = [root];
  for (const position of path) way.push(way.at(-1)!.entries.get(position) ?? closed);
  let below: OpenPlaces | undefined;
  for (let depth = path.length; depth >= 0; depth--) {
    const place = way[depth]!;
    const entries = below ? new Map(place.entries).set(path[depth]!, below) : place.entries;
    below = { isOpen: isOpenNow(place, depth === path.length), entries };
  }
  return below!;
}

/** The root, and below it level by level as much as fits in a few rows: small values stand open, large ones closed. */
export function openedAtFirst(root: JsonNode, rows = 12): OpenPlaces {
  let open: OpenPlaces = { ...closed, isOpen: true };
  let count = root.size;
  const waiting = [root];
  for (let at = 0; at < waiting.length && count < rows; at++) {
    const node = waiting[at]!;
    for (let position = 0; position < Math.min(node.size, rows); position++) {
      const child = node.child(position);
      if (child.isParsedText || child.size === 0 || count + child.size > rows) continue;
      open = withPlace(open, child.path, true);
      waiting.push(child);
      count += child.size;
    }
  }
  return open;
}

export interface JsonRow {
  readonly node: JsonNode;
  readonly isOpen: boolean;
}

/** An open node, and what is open of its entries. */
interface Level {
  readonly node: JsonNode;
  /** Those of its entries that are open, from the first to the last. */
  readonly levels: Level[];
  /** By open entry, how many rows lie below the open entries before it. */
  readonly rowsBefore: number[];
  /** How many rows lie below it. */
  rowCount: number;
}

/**
 * The rows of what is open, top to bottom, without a list of them: which row is which is worked out from what is open alone,
 * so that a million entries weigh as much as one. Loops throughout: what is open may be as deep as the value.
 */
export class JsonRows {
  readonly #root: Level;

  constructor(root: JsonNode, open: OpenPlaces) {
    this.#root = levelOf(root);
    const levels = [this.#root];
    const places = [open];
    for (let at = 0; at < levels.length; at++) {
      const level = levels[at]!;
      const entries = [...places[at]!.entries].filter(([position, { isOpen }]) => isOpen && position < level.node.size);
      for (const [position, place] of entries.sort(([one], [other]) => one - other)) {
        const child = level.node.child(position);
        if (child.size === 0) continue;
        const below = levelOf(child);
        level.levels.push(below);
        levels.push(below);
        places.push(place);
      }
    }
    for (const level of levels.reverse()) {
      for (const below of level.levels) {
        level.rowsBefore.push(level.rowCount - level.node.size);
        level.rowCount += below.rowCount;
      }
    }
  }

  get count(): number {
    return this.#root.rowCount;
  }

  at(row: number): JsonRow | undefined {
    if (!(row >= 0 && row < this.count)) return undefined;
    let level = this.#root;
    for (let rest = row; ; ) {
      const at = lastOpenBefore(level, rest);
      if (at < 0) return { node: level.node.child(rest), isOpen: false };
      const below = level.levels[at]!;
      const inBelow = rest - ownRow(level, at) - 1;
      if (inBelow < 0) return { node: below.node, isOpen: true };
      if (inBelow >= below.rowCount) {
        return { node: level.node.child(rest - level.rowsBefore[at]! - below.rowCount), isOpen: false };
      }
      level = below;
      rest = inBelow;
    }
  }

  /** The row at a path; where that is hidden in something closed, the row of what hides it. -1 where there is nothing. */
  rowAt(path: JsonPath): number {
    let level: Level | undefined = this.#root;
    let row = -1;
    for (const position of path) {
      if (!level || position >= level.node.size) break;
      const at = firstOpenFrom(level, position);
      row += 1 + position + (level.rowsBefore[at] ?? level.rowCount - level.node.size);
      level = level.levels[at]?.node.position === position ? level.levels[at] : undefined;
    }
    return row;
  }
}

function levelOf(node: JsonNode): Level {
  return { node, levels: [], rowsBefore: [], rowCount: node.size };
}

/** The row of an open entry, counted from the first row below its parent. */
function ownRow({ levels, rowsBefore }: Level, at: number): number {
  return levels[at]!.node.position + rowsBefore[at]!;
}

/** Which is the last open entry that stands in a row or above it; -1 for none. */
function lastOpenBefore(level: Level, row: number): number {
  let low = 0;
  for (let high = level.levels.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (ownRow(level, middle) <= row) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Which is the first open entry at a position or after it; their number for none. */
function firstOpenFrom({ levels }: Level, position: number): number {
  let low = 0;
  for (let high = levels.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (levels[middle]!.node.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
