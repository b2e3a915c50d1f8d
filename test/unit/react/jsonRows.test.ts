import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../../src/model/details.ts';
import {
  JsonNode,
  jsonRows,
  type OpenNodes,
  openedAtFirst,
  withClosed,
  withOpened,
  withOpenedTo,
} from '../../../src/react/jsonRows.ts';

const list = (length: number) => Array.from({ length }, (_, at) => at);

/** Rows drawn as text: two spaces a level, `…n` for a row that stands for n entries. */
function drawn(root: JsonNode, open: OpenNodes): string {
  return jsonRows(root, open)
    .map(({ node, hidden }) =>
      hidden === undefined
        ? `${'  '.repeat(node.depth)}${node.key}${node.size === 0 ? `=${node.value}` : ''}`
        : `${'  '.repeat(node.depth + 1)}…${hidden}`,
    )
    .join('\n');
}

describe('the rows of a tree of values', () => {
  it('stand open from the start as far as they are few', () => {
    const root = new JsonNode({ query: 'q', filters: { direct: true, airlines: ['TP', 'DY'] }, many: list(50) });
    expect(drawn(root, openedAtFirst(root))).toBe(
      'query=q\nfilters\n  direct=true\n  airlines\n    0=TP\n    1=DY\nmany',
    );
  });

  it('show a hundred entries, then a hundred more', () => {
    const root = new JsonNode(list(250));
    let open = openedAtFirst(root);
    expect(jsonRows(root, open)).toHaveLength(101);
    expect(drawn(root, open).split('\n').at(-1)).toBe('…150');
    open = withOpened(open, root);
    expect(drawn(root, open).split('\n').slice(-2)).toEqual(['199=199', '…50']);
    open = withOpened(open, root);
    expect(drawn(root, open).split('\n').at(-1)).toBe('249=249');
  });

  it('come back as they were when a node closes and opens again', () => {
    const root = new JsonNode({ a: { b: { c: 1 } } });
    const open = openedAtFirst(root);
    const a = root.child(0);
    expect(drawn(root, withClosed(open, a))).toBe('a');
    expect(drawn(root, withOpened(withClosed(open, a), a))).toBe('a\n  b\n    c=1');
  });

  it('go on below a text that holds JSON', () => {
    const root = new JsonNode({ arguments: '{"city": "Oslo"}', note: '{not json}' });
    const open = withOpened(openedAtFirst(root), root.child(0));
    expect(drawn(root, open)).toBe('arguments\n  city=Oslo\nnote={not json}');
    expect(root.child(0).isParsedText).toBe(true);
  });

  it('are made of 5,000 open levels without recursion, and of few of them at first', () => {
    let value: AttributeValue = 'end';
    for (let level = 0; level < 5000; level++) value = { next: value };
    const root = new JsonNode(value);
    expect(jsonRows(root, openedAtFirst(root)).length).toBeLessThan(20);
    let open = openedAtFirst(root);
    const all = new Map(open);
    for (let node = root; node.size > 0; node = node.child(0)) all.set(node.path, { first: 0, end: 100 });
    open = all;
    expect(jsonRows(root, open)).toHaveLength(5000);
  });

  it('open the way to one entry, of a long list the hundred around it', () => {
    const root = new JsonNode({ first: 1, many: list(1_000_000) });
    const open = withOpenedTo(openedAtFirst(root), root, [1, 543_210]);
    const rows = jsonRows(root, open);
    expect(rows.length).toBeLessThan(250);
    expect(rows.some(({ node, hidden }) => hidden === undefined && node.path === '/1/543210')).toBe(true);
    const before = rows.find(({ isBefore }) => isBefore)!;
    expect(before.hidden).toBe(543_100);
    const earlier = jsonRows(root, withOpened(open, before.node, true));
    expect(earlier.find(({ isBefore }) => isBefore)!.hidden).toBe(543_000);
    expect(earlier.length).toBe(rows.length + 100);
  });

  it('make no node of a million entries that nobody has opened', () => {
    const root = new JsonNode({ many: list(1_000_000) });
    expect(drawn(root, openedAtFirst(root))).toBe('many');
  });
});
