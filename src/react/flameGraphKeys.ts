import type { SpanIndex } from '../model/columns.ts';
import type { BlockTree } from './flameForm.ts';

/** What a key asks of a flame graph: a move along the tree, or something for the span that has the focus. */
export type FlameIntent =
  | 'parent'
  | 'first-child'
  | 'previous-sibling'
  | 'next-sibling'
  | 'first-sibling'
  | 'last-sibling'
  | 'fit'
  | 'back'
  | 'select';

const intents: ReadonlyMap<string, FlameIntent> = new Map([
  ['ArrowUp', 'parent'],
  ['ArrowDown', 'first-child'],
  ['ArrowLeft', 'previous-sibling'],
  ['ArrowRight', 'next-sibling'],
  ['Home', 'first-sibling'],
  ['End', 'last-sibling'],
  ['Enter', 'fit'],
  ['f', 'fit'],
  ['Backspace', 'back'],
  [' ', 'select'],
]);

/** Keys held with Ctrl, ⌘ or Alt belong to the browser. Time runs left to right in every script, so arrows do not turn. */
export function flameIntent(
  press: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): FlameIntent | undefined {
  return press.ctrlKey || press.metaKey || press.altKey ? undefined : intents.get(press.key);
}

/** The spans around one, each -1 where there is none. Roots are siblings of one another. */
export interface SpanNeighbours {
  parent: SpanIndex;
  firstChild: SpanIndex;
  previousSibling: SpanIndex;
  nextSibling: SpanIndex;
  firstSibling: SpanIndex;
  lastSibling: SpanIndex;
}

/** No list of siblings is walked, which may be a million long: depth-first order has all but the ancestors of a leaf. */
export function spanNeighbours(columns: BlockTree, index: SpanIndex): SpanNeighbours {
  const { parent, subtreeEnd, length } = columns;
  const above = parent[index]!;
  const end = above < 0 ? length : subtreeEnd[above]!;
  const next = subtreeEnd[index]!;
  return {
    parent: above,
    firstChild: next > index + 1 ? index + 1 : -1,
    previousSibling: index - 1 > above ? ancestorBelow(parent, index - 1, above) : -1,
    nextSibling: next < end ? next : -1,
    firstSibling: above + 1,
    lastSibling: ancestorBelow(parent, end - 1, above),
  };
}

/** The block's place among its siblings, from 1, and how many they are. Walks from sibling to sibling: for a few blocks at a time. */
export function siblingPosition(tree: BlockTree, index: SpanIndex): { position: number; setSize: number } {
  const { parent, subtreeEnd, length } = tree;
  const above = parent[index]!;
  const end = above < 0 ? length : subtreeEnd[above]!;
  let position = 0;
  let setSize = 0;
  for (let sibling = above + 1; sibling < end; sibling = subtreeEnd[sibling]!) {
    setSize++;
    if (sibling === index) position = setSize;
  }
  return { position, setSize };
}

/** Where a move leads from a span; the span itself where there is nothing that way. */
export function movedFocus(columns: BlockTree, index: SpanIndex, intent: FlameIntent): SpanIndex {
  const around = spanNeighbours(columns, index);
  const targets: Partial<Record<FlameIntent, SpanIndex>> = {
    parent: around.parent,
    'first-child': around.firstChild,
    'previous-sibling': around.previousSibling,
    'next-sibling': around.nextSibling,
    'first-sibling': around.firstSibling,
    'last-sibling': around.lastSibling,
  };
  const target = targets[intent] ?? -1;
  return target < 0 ? index : target;
}

/** The child of `above` that `index` is or lies below. */
function ancestorBelow(parent: Int32Array, index: SpanIndex, above: SpanIndex): SpanIndex {
  let at = index;
  while (parent[at] !== above) at = parent[at]!;
  return at;
}
