import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../samples/index.ts';
import type { AttributeValue } from '../../../src/model/details.ts';
import {
  JsonNode,
  JsonRows,
  type OpenPlaces,
  openedAtFirst,
  withPlace,
  withWayTo,
} from '../../../src/react/jsonRows.ts';

const list = (length: number) => Array.from({ length }, (_, at) => at);

/** Rows drawn as text: two spaces a level. */
function drawn(root: JsonNode, open: OpenPlaces): string {
  const rows = new JsonRows(root, open);
  return list(rows.count)
    .map((row) => rows.at(row)!.node)
    .map((node) => `${'  '.repeat(node.depth)}${node.key}${node.size === 0 ? `=${node.value}` : ''}`)
    .join('\n');
}

/** Slow and obvious: a list of what is open, by recursion. */
function walked(node: JsonNode, { isOpen, entries }: OpenPlaces): JsonNode[] {
  if (!isOpen) return [];
  return list(node.size).flatMap((position) => {
    const child = node.child(position);
    const place = entries.get(position);
    return [child, ...(place ? walked(child, place) : [])];
  });
}

describe('the rows of a tree of values', () => {
  it('stand open from the start as far as they are few', () => {
    const root = new JsonNode({ query: 'q', filters: { direct: true, airlines: ['TP', 'DY'] }, many: list(50) });
    expect(drawn(root, openedAtFirst(root))).toBe(
      'query=q\nfilters\n  direct=true\n  airlines\n    0=TP\n    1=DY\nmany',
    );
  });

  it('come back as they were when a node closes and opens again', () => {
    const root = new JsonNode({ a: { b: { c: 1 } } });
    const open = openedAtFirst(root);
    const without = withPlace(open, [0], false);
    expect(drawn(root, without)).toBe('a');
    expect(drawn(root, withPlace(without, [0], true))).toBe('a\n  b\n    c=1');
    expect(drawn(root, open)).toBe('a\n  b\n    c=1');
  });

  it('go on below a text that holds JSON', () => {
    const root = new JsonNode({ arguments: '{"city": "Oslo"}', note: '{not json}' });
    const open = withPlace(openedAtFirst(root), [0], true);
    expect(drawn(root, open)).toBe('arguments\n  city=Oslo\nnote={not json}');
    expect(root.child(0).isParsedText).toBe(true);
  });

  it('are those that a walk of everything open finds, each at its place', () => {
    const random = createRandom(11);
    const make = (depth: number): AttributeValue => {
      const size = random.int(0, 5);
      if (depth === 0 || size === 0) return size;
      const entries = list(size).map(() => make(depth - 1));
      return random.int(0, 1) === 0 ? entries : { ...entries };
    };
    for (let round = 0; round < 60; round++) {
      const root = new JsonNode(list(random.int(1, 6)).map(() => make(4)));
      let open = openedAtFirst(root, random.int(0, 20));
      for (let step = 0; step < 12; step++) {
        const path: number[] = [];
        for (let node = root; node.size > 0 && random.int(0, 3) > 0; node = node.child(path.at(-1)!)) {
          path.push(random.int(0, node.size - 1));
        }
        open =
          step % 3 === 0 ? withWayTo(open, path) : withPlace(open, path, path.length === 0 || random.int(0, 2) > 0);
      }
      const expected = walked(root, open);
      const rows = new JsonRows(root, open);
      expect(rows.count).toBe(expected.length);
      expect(rows.at(-1)).toBeUndefined();
      expect(rows.at(rows.count)).toBeUndefined();
      for (const [row, node] of expected.entries()) {
        expect(rows.at(row)!.node).toBe(node);
        expect(rows.at(row)!.isOpen).toBe(walkedHas(expected, node));
        expect(rows.rowAt(node.path)).toBe(row);
      }
    }
  });

  it('find what hides a place that is in something closed', () => {
    const root = new JsonNode([{ a: 1 }, { b: { c: 2 } }]);
    const rows = new JsonRows(root, withPlace(openedAtFirst(root), [1, 0], false));
    expect(rows.rowAt([1, 0, 0])).toBe(rows.rowAt([1, 0]));
    expect(rows.rowAt([7])).toBe(-1);
  });

  it('are made of 5,000 open levels without recursion, and of few of them at first', () => {
    let value: AttributeValue = 'end';
    for (let level = 0; level < 5000; level++) value = { next: value };
    const root = new JsonNode(value);
    expect(new JsonRows(root, openedAtFirst(root)).count).toBeLessThan(20);
    const rows = new JsonRows(root, withWayTo(openedAtFirst(root), Array<number>(5000).fill(0)));
    expect(rows.count).toBe(5000);
    expect(rows.at(4999)!.node.depth).toBe(4999);
    expect(rows.at(4999)!.node.value).toBe('end');
  });

  it('make no more nodes of a million open entries than are asked for', () => {
    const root = new JsonNode({ first: { x: 1 }, many: list(1_000_000), last: true });
    expect(drawn(root, openedAtFirst(root))).toBe('first\n  x=1\nmany\nlast=true');
    const before = root.child(0).id;
    const rows = new JsonRows(root, withWayTo(openedAtFirst(root), [1, 543_210]));
    expect(rows.count).toBe(1_000_004);
    expect(rows.rowAt([1, 543_210])).toBe(543_213);
    expect(rows.at(543_213)!.node.value).toBe(543_210);
    expect(rows.at(1_000_003)!.node.key).toBe('last');
    expect(new JsonNode(1).id - before).toBeLessThan(10);
  });
});

function walkedHas(rows: readonly JsonNode[], parent: JsonNode): boolean {
  return rows.some((node) => node.parent === parent);
}
