import type { AttributeValue } from '../model/details.ts';
import { entryAt, isContainer, isList, parseJsonContainer, type ValueContainer } from './attributeText.ts';

/** Texts within a tree that hold JSON open as a level of it up to this length: parsing is done while it is drawn. */
const longestNestedText = 200_000;

/**
 * One value in a tree of values. Its children are made when they are asked for, so a tree costs what is open of it,
 * whatever its size and depth.
 */
export class JsonNode {
  /** Its path by positions (`/0/2`): the same for the same place in another reading of the value. Empty for the root. */
  readonly path: string;
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
  readonly #children: JsonNode[] = [];

  constructor(value: AttributeValue, parent?: JsonNode, key?: string | number, position = 0) {
    this.value = value;
    this.parent = parent;
    this.key = key;
    this.position = position;
    this.depth = parent ? parent.depth + 1 : -1;
    this.path = parent ? `${parent.path}/${position}` : '';
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
    let child = this.#children[position];
    if (!child) {
      const value = entryAt(this.container!, this.#keys, position);
      child = new JsonNode(value, this, this.#keys?.[position] ?? position, position);
      this.#children[position] = child;
    }
    return child;
  }

  #parsedText(): ValueContainer | null {
    if (typeof this.value !== 'string' || this.value.length > longestNestedText) return null;
    return parseJsonContainer(this.value) ?? null;
  }
}

/** Which entries of a node are shown: from `first` to before `end`, which may lie beyond the last. */
export interface ShownEntries {
  readonly first: number;
  readonly end: number;
}

/** The nodes that are open, by path, each with which of its entries are shown. */
export type OpenNodes = ReadonlyMap<string, ShownEntries>;

export interface JsonRow {
  node: JsonNode;
  /** For a row that stands for what is not shown: how many entries of `node` those are. */
  hidden?: number;
  /** What is not shown lies before what is. */
  isBefore?: true;
}

/** Entries that are shown of a node when it opens, and that each further step adds. */
export const entriesAtOnce = 100;

/** The rows of what is open, top to bottom. A loop: what is open may be as deep as the value. */
export function jsonRows(root: JsonNode, open: OpenNodes): JsonRow[] {
  const rows: JsonRow[] = [];
  const levels = [levelOf(root, open, rows)];
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const { node } = level;
    const shown = Math.min(open.get(node.path)?.end ?? 0, node.size);
    if (level.next < shown) {
      const child = node.child(level.next++);
      rows.push({ node: child });
      if (open.has(child.path)) levels.push(levelOf(child, open, rows));
      continue;
    }
    if (shown < node.size) rows.push({ node, hidden: node.size - shown });
    levels.pop();
  }
  return rows;
}

function levelOf(node: JsonNode, open: OpenNodes, rows: JsonRow[]): { node: JsonNode; next: number } {
  const first = Math.min(open.get(node.path)?.first ?? 0, node.size);
  if (first > 0) rows.push({ node, hidden: first, isBefore: true });
  return { node, next: first };
}

/** Opens a node, or shows more of one that is open: what comes after, or `isBefore` what lies before. */
export function withOpened(open: OpenNodes, node: JsonNode, isBefore = false): OpenNodes {
  const { first, end } = open.get(node.path) ?? { first: 0, end: 0 };
  const shown = isBefore
    ? { first: Math.max(0, first - entriesAtOnce), end }
    : { first, end: Math.min(end, node.size) + entriesAtOnce };
  return new Map(open).set(node.path, shown);
}

/**
 * Opens the way to one entry, by its positions from the root down. Of a list of a million the hundred around it are shown,
 * not the half million before it.
 */
export function withOpenedTo(open: OpenNodes, root: JsonNode, path: readonly number[]): OpenNodes {
  const next = new Map(open);
  let node = root;
  for (const position of path) {
    if (position >= node.size) break;
    const shown = next.get(node.path);
    if (!shown || position < shown.first || position >= shown.end) {
      const first = Math.max(0, Math.floor((position - entriesAtOnce / 2) / entriesAtOnce) * entriesAtOnce);
      next.set(node.path, { first, end: first + entriesAtOnce * 2 });
    }
    node = node.child(position);
  }
  return next;
}

/** What was open below `node` stays so, for when it opens again. */
export function withClosed(open: OpenNodes, node: JsonNode): OpenNodes {
  const next = new Map(open);
  next.delete(node.path);
  return next;
}

/** The root, and below it level by level as much as fits in a few rows: small values stand open, large ones closed. */
export function openedAtFirst(root: JsonNode, rows = 12): OpenNodes {
  const open = new Map<string, ShownEntries>([[root.path, { first: 0, end: entriesAtOnce }]]);
  let count = Math.min(root.size, entriesAtOnce);
  const waiting = [root];
  for (let at = 0; at < waiting.length && count < rows; at++) {
    const node = waiting[at]!;
    for (let position = 0; position < Math.min(node.size, rows); position++) {
      const child = node.child(position);
      if (child.isParsedText || child.size === 0 || count + child.size > rows) continue;
      open.set(child.path, { first: 0, end: entriesAtOnce });
      waiting.push(child);
      count += child.size;
    }
  }
  return open;
}
