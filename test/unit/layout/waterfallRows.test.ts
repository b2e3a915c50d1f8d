import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import type { GroupRules } from '../../../src/layout/rowGroups.ts';
import { layoutWaterfall, type WaterfallLayout, type WaterfallOptions } from '../../../src/layout/waterfall.ts';
import { noDetails } from '../../../src/model/details.ts';
import { emptyBits, hasBit, spanBits } from '../../../src/model/spanBits.ts';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { TraceBuilder } from '../../../src/model/traceBuilder.ts';
import { clampedTimes } from '../../../src/transforms/clampedTimes.ts';
import { chainTrace, flatTrace, randomRecords } from '../../randomTrace.ts';
import { dedent, traceFromText } from '../../traceFromText.ts';

/** The rows as text: indented as they are drawn. */
function rowsOf(layout: WaterfallLayout): string {
  return Array.from(layout.rows, (value) => '  '.repeat(layout.depthOf(value)) + labelOf(layout, value)).join('\n');
}

function labelOf(layout: WaterfallLayout, value: number): string {
  if (value >= 0) return layout.trace.spanAt(value).name + (layout.isDimmed(value) ? ' (dimmed)' : '');
  const row = layout.special(value);
  if (row.type === 'gap') return `gap ${row.start}–${row.end}`;
  const errors = row.errors > 0 ? `, ${row.errors} errors` : '';
  return `${row.isExpanded ? '▾' : '▸'} ${row.count} × ${layout.trace.spanAt(row.first).name} (${row.of}, ${row.totalDuration} ns${errors})`;
}

const plumbed = traceFromText(`
  agent [0 100]
    langgraph [0 90]
      node [0 80]
        llm [0 40]
        tool [50 70]
    log [95 100]
  other [100 110]
`);

const calls = traceFromText(`
  run [0 100]
    get [0 10]
    get [10 20] error
    get [20 30]
    get [30 50]
    get [50 60]
    put [60 70]
    get [70 80]
  step [100 200]
    step [100 190]
      step [100 180]
        llm [100 140]
        tool [150 180]
`);

describe('a focus', () => {
  it('shows one subtree, its root at depth 0, over the time of that subtree', () => {
    for (const focus of ['node', plumbed.span('node')!, plumbed.span('node')!.index]) {
      const layout = layoutWaterfall(plumbed, { focus });
      expect(rowsOf(layout)).toBe('node\n  llm\n  tool');
      expect(layout.timeRange).toEqual([0, 80]);
      expect(layout.rowFor(plumbed.span('other')!.index)).toBe(-1);
      expect(layout.parentOf(plumbed.span('node')!.index)).toBeUndefined();
    }
    expect(() => layoutWaterfall(plumbed, { focus: 'nowhere' })).toThrow(RangeError);
  });
});

describe('matches only', () => {
  it('keeps what the matches lie below, and tells it apart', () => {
    const matches = spanBits(plumbed, (index) => ['tool', 'other'].includes(plumbed.spanAt(index).name));
    const layout = layoutWaterfall(plumbed, { matches });
    expect(rowsOf(layout)).toBe(
      dedent(`
        agent (dimmed)
          langgraph (dimmed)
            node (dimmed)
              tool
        other`).trim(),
    );
    expect(layout.hasChildren(plumbed.span('agent')!.index)).toBe(true);
    expect(layout.hiddenCount).toBe(0);
  });

  it('shows nothing where nothing matches', () => {
    expect(layoutWaterfall(plumbed, { matches: emptyBits(plumbed.spanCount) }).rows.length).toBe(0);
  });
});

describe('hidden spans', () => {
  it('give their place to their children, and are counted', () => {
    const layout = layoutWaterfall(plumbed, { hide: (index) => /langgraph|node/.test(plumbed.spanAt(index).name) });
    expect(rowsOf(layout)).toBe('agent\n  llm\n  tool\n  log\nother');
    expect(layout.hiddenCount).toBe(2);
    expect(layout.rowFor(plumbed.span('node')!.index)).toBe(0);
    expect(layout.siblingsOf(plumbed.span('tool')!.index).map((index) => plumbed.spanAt(index).name)).toEqual([
      'llm',
      'tool',
      'log',
    ]);
    const collapsed = layout.toggle(plumbed.span('agent')!.index);
    expect(rowsOf(collapsed)).toBe('agent\nother');
    expect(collapsed.visibleAncestor(plumbed.span('llm')!.index)).toBe(0);
  });
});

describe('groups', () => {
  it('put five alike siblings and chains of one name into one row each, with count and totals', () => {
    const layout = layoutWaterfall(calls, { group: true });
    expect(rowsOf(layout)).toBe(
      dedent(`
        run
          ▸ 5 × get (siblings, 60 ns, 1 errors)
          put
          get
        ▸ 3 × step (chain, 100 ns)
          llm
          tool`).trim(),
    );
    const [group, chain] = [layout.rows[1]!, layout.rows[4]!];
    expect(layout.special(group)).toMatchObject({
      key: 'get',
      start: 0,
      end: 60,
      spans: new Int32Array([1, 2, 3, 4, 5]),
    });
    expect([layout.x0(group), layout.x1(group)]).toEqual([0, 0.3]);
    expect(layout.rowFor(calls.span('get#3')!.index)).toBe(1);
    expect(layout.visibleAncestor(calls.span('get#3')!.index)).toBe(group);
    expect(layout.parentOf(group)).toBe(0);
    expect(layout.parentOf(calls.span('llm')!.index)).toBe(chain);
    expect(layout.hasChildren(group)).toBe(true);
    expect(layout.isExpanded(group)).toBe(false);
  });

  it('open and close, also by the key of their first span', () => {
    const closed = layoutWaterfall(calls, { group: true });
    const open = closed.toggleGroup(closed.rows[1]!).toggleGroup(closed.rows[4]!);
    const expected = dedent(`
      run
        ▾ 5 × get (siblings, 60 ns, 1 errors)
          get
          get
          get
          get
          get
        put
        get
      ▾ 3 × step (chain, 100 ns)
        step
          step
            step
              llm
              tool`).trim();
    expect(rowsOf(open)).toBe(expected);
    expect(rowsOf(layoutWaterfall(calls, { group: true, expandedGroups: new Set(['get', 'step', 'put', 'x']) }))).toBe(
      expected,
    );
    expect(open.parentOf(calls.span('get#2')!.index)).toBe(closed.rows[1]);
    expect(open.parentOf(calls.span('step')!.index)).toBe(closed.rows[4]);
    expect(rowsOf(open.toggleGroup(closed.rows[4]!, false).toggleGroup(closed.rows[1]!))).toBe(rowsOf(closed));
    expect(closed.toggleGroup(0)).toBe(closed);
  });

  it('hide what is below a chain with a collapsed span', () => {
    const layout = layoutWaterfall(calls, { group: true, collapsed: new Set(['step#2']) });
    expect(rowsOf(layout).split('\n').at(-1)).toBe('▸ 3 × step (chain, 100 ns)');
    expect(
      rowsOf(layout.toggle(calls.span('step#2')!.index))
        .split('\n')
        .at(-1),
    ).toBe('  tool');
  });

  it('follow the rules of the caller', () => {
    const rules: GroupRules = {
      areAlike: (trace, a, b) => trace.spanAt(a).name.length === trace.spanAt(b).name.length,
      minSiblings: 7,
      isChainLink: () => false,
    };
    expect(
      rowsOf(layoutWaterfall(calls, { group: rules }))
        .split('\n')
        .slice(0, 3),
    ).toEqual(['run', '  ▸ 7 × get (siblings, 80 ns, 1 errors)', 'step']);
    expect(layoutWaterfall(calls, { group: { minSiblings: 8, minChain: 4 } }).rows.every((value) => value >= 0)).toBe(
      true,
    );
  });

  it('say which value stands for no row', () => {
    expect(() => layoutWaterfall(calls).special(-1)).toThrow('No row of this view has the value -1');
  });
});

describe('gaps', () => {
  it('have rows where no child of a span runs for long, before, between and after its children', () => {
    const trace = traceFromText(`
      run [0 1000]
        a [100 300]
          b [100 150]
        c [200 400]
        d [550 890]
          e [550 700]
        open [890 -]
      late [1200 1300]
    `);
    const layout = layoutWaterfall(trace, { gaps: { atLeast: 100 } });
    expect(rowsOf(layout)).toBe(
      dedent(`
        run
          gap 0–100
          a
            b
            gap 150–300
          c
          gap 400–550
          d
            e
            gap 700–890
          open
        gap 1000–1200
        late`).trim(),
    );
    expect(rowsOf(layout.toggle(trace.span('d')!.index).toggle(trace.span('a')!.index))).toBe(
      'run\n  gap 0–100\n  a\n  c\n  gap 400–550\n  d\n  open\ngap 1000–1200\nlate',
    );
    const gap = layout.rows[1]!;
    expect(layout.special(gap)).toEqual({ type: 'gap', parent: 0, start: 0, end: 100, duration: 100 });
    expect(layout.parentOf(gap)).toBe(0);
    expect(layout.hasChildren(gap)).toBe(false);
    expect(layoutWaterfall(trace, { gaps: true }).rows.every((value) => value >= 0)).toBe(true);
  });
});

describe('a view of a large trace', () => {
  it('is made and toggled without recursion, however deep and wide', () => {
    const deep = chainTrace(100_000);
    const grouped = layoutWaterfall(deep, { group: { isChainLink: () => true }, gaps: { atLeast: 1 } });
    expect(grouped.rows.length).toBe(1);
    expect(grouped.toggleGroup(grouped.rows[0]!).rows.length).toBe(100_001 + 2 * 99_999);
    const wide = flatTrace(Array.from({ length: 50_000 }, (_, at) => ({ start: at, end: at + 1 })));
    const alike = layoutWaterfall(wide, { group: { areAlike: () => true } });
    expect(alike.rows.length).toBe(2);
    expect(alike.toggle(0).toggle(0).toggleGroup(-1).rows.length).toBe(50_002);
  });
});

// The slow way: nested nodes, made and drawn by recursion.

interface Node {
  span: Span;
  children: Node[];
}

interface View {
  options: WaterfallOptions;
  isCollapsed(span: Span): boolean;
  isGroupOpen(first: Span): boolean;
}

function shownNodes(spans: Iterable<Span>, isShown: (span: Span) => boolean): Node[] {
  return [...spans].flatMap((span) => {
    const children = shownNodes(span.children, isShown);
    return isShown(span) ? [{ span, children }] : children;
  });
}

function rowsByRecursion(trace: Trace, { options, isCollapsed, isGroupOpen }: View): string[] {
  const { matches, hide, focus, group, gaps } = options;
  const { start, end } = clampedTimes(trace);
  const anyMatches = (span: Span): boolean => hasBit(matches!, span.index) || [...span.children].some(anyMatches);
  const isShown = (span: Span) => (!matches || anyMatches(span)) && !(hide && hasBit(hide as Uint32Array, span.index));
  const roots = shownNodes(focus === undefined ? trace.roots : [trace.spanAt(focus as number)], isShown);
  const rows: string[] = [];
  const add = (depth: number, text: string) => rows.push('  '.repeat(depth) + text);
  const rules = group as GroupRules | undefined;
  const atLeast = gaps && (gaps as { atLeast: number }).atLeast;

  const list = (nodes: Node[], depth: number, parent: Node | undefined) => {
    let covered = parent ? start[parent.span.index]! : Infinity;
    const limit = parent ? end[parent.span.index]! : Infinity;
    const gap = (until: number) => {
      if (atLeast !== undefined && atLeast !== false && until - covered >= atLeast)
        add(depth, `gap ${covered}–${until}`);
    };
    const cover = ({ span }: Node) => {
      covered = covered === Infinity ? end[span.index]! : Math.max(covered, end[span.index]!);
    };
    for (let at = 0; at < nodes.length; at++) {
      const node = nodes[at]!;
      gap(Math.min(start[node.span.index]!, limit));
      const alike = rules ? alikeFrom(nodes, at) : 1;
      const chain = rules ? chainFrom(node) : [node];
      if (rules && alike >= rules.minSiblings!) {
        const isOpen = isGroupOpen(node.span);
        add(depth, `${isOpen ? '▾' : '▸'} ${alike} × ${node.span.name}`);
        if (isOpen) {
          for (let member = at; member < at + alike; member++) {
            if (member > at && parentGap(nodes[member]!, limit)) add(depth + 1, parentGap(nodes[member]!, limit)!);
            add(depth + 1, nodes[member]!.span.name);
            cover(nodes[member]!);
          }
        } else {
          for (let member = at; member < at + alike; member++) cover(nodes[member]!);
        }
        at += alike - 1;
        continue;
      }
      cover(node);
      if (rules && node.children.length > 0 && chain.length >= rules.minChain!) {
        const isOpen = isGroupOpen(node.span);
        add(depth, `${isOpen ? '▾' : '▸'} ${chain.length} × ${node.span.name}`);
        if (isOpen) {
          drawChain(chain, depth + 1);
        } else if (!chain.some(({ span }) => isCollapsed(span))) {
          below(chain.at(-1)!, depth);
        }
        continue;
      }
      add(depth, node.span.name);
      if (!isCollapsed(node.span)) below(node, depth);
    }
    function parentGap(node: Node, limit: number): string | undefined {
      const until = Math.min(start[node.span.index]!, limit);
      return typeof atLeast === 'number' && until - covered >= atLeast ? `gap ${covered}–${until}` : undefined;
    }
  };

  /** What lies below a span that is open: its children and the gap after them. */
  const below = (node: Node, depth: number) => {
    if (node.children.length === 0) return;
    list(node.children, depth + 1, node);
    after(node, depth + 1);
  };

  const after = (node: Node, depth: number) => {
    if (typeof atLeast !== 'number' || node.span.end === undefined) return;
    const covered = Math.max(start[node.span.index]!, ...node.children.map(({ span }) => end[span.index]!));
    if (end[node.span.index]! - covered >= atLeast) add(depth, `gap ${covered}–${end[node.span.index]}`);
  };

  /** The spans of an open chain, as they are drawn without it. */
  const drawChain = (chain: Node[], depth: number) => {
    const [node, ...rest] = chain;
    add(depth, node!.span.name);
    if (isCollapsed(node!.span)) return;
    if (rest.length === 0) return below(node!, depth);
    const next = rest[0]!;
    const covered = start[node!.span.index]!;
    const until = Math.min(start[next.span.index]!, end[node!.span.index]!);
    if (typeof atLeast === 'number' && until - covered >= atLeast) add(depth + 1, `gap ${covered}–${until}`);
    drawChain(rest, depth + 1);
    after(node!, depth + 1);
  };

  const alikeFrom = (nodes: Node[], at: number): number => {
    let count = 0;
    while (
      at + count < nodes.length &&
      nodes[at + count]!.children.length === 0 &&
      rules!.areAlike!(trace, nodes[at]!.span.index, nodes[at + count]!.span.index)
    )
      count++;
    return count;
  };

  const chainFrom = (node: Node): Node[] => {
    const chain = [node];
    for (let last = node; last.children.length === 1; last = last.children[0]!) {
      if (!rules!.isChainLink!(trace, last.span.index, last.children[0]!.span.index)) break;
      chain.push(last.children[0]!);
    }
    return chain;
  };

  list(roots, 0, undefined);
  return rows;
}

/** Like randomTrace, its spans of few names, so that many are alike. */
function randomNamedTrace(seed: number): Trace {
  const random = createRandom(seed + 77);
  const builder = new TraceBuilder('named');
  for (const record of randomRecords(seed)) builder.add({ ...record, name: random.pick(['x', 'x', 'y']) });
  return builder.build({ read: () => noDetails });
}

function randomOptions(random: Random, trace: Trace): WaterfallOptions {
  const some = (chance: number) => spanBits(trace, () => random.chance(chance));
  const sameName: GroupRules['areAlike'] = ({ columns }, a, b) => columns.name[a] === columns.name[b];
  return {
    ...(random.chance(0.3) && trace.spanCount > 0 ? { focus: random.int(0, trace.spanCount - 1) } : {}),
    ...(random.chance(0.3) ? { matches: some(0.3) } : {}),
    ...(random.chance(0.3) ? { hide: some(0.3) } : {}),
    ...(random.chance(0.6)
      ? {
          group: {
            areAlike: sameName,
            isChainLink: sameName,
            minSiblings: random.int(2, 3),
            minChain: random.int(2, 3),
          },
        }
      : {}),
    ...(random.chance(0.6) ? { gaps: { atLeast: random.pick([1, 3, 50]) } } : {}),
  };
}

describe('rows of every kind', () => {
  it('are those that a recursive drawing gives, after any toggles, in any view', () => {
    let groupsSeen = 0;
    let gapsSeen = 0;
    for (let seed = 0; seed < 500; seed++) {
      const random = createRandom(seed);
      const trace = randomNamedTrace(seed);
      const options = randomOptions(random, trace);
      const collapsed = new Set<number>();
      const openGroups = new Set<number>();
      let layout = layoutWaterfall(trace, options);
      for (let step = 0; step < 8; step++) {
        const drawn = Array.from(layout.rows, (value) => {
          const row = value < 0 ? layout.special(value) : undefined;
          if (row?.type === 'group') groupsSeen++;
          if (row?.type === 'gap') gapsSeen++;
          const label =
            row?.type === 'group'
              ? `${row.isExpanded ? '▾' : '▸'} ${row.count} × ${trace.spanAt(row.first).name}`
              : row
                ? `gap ${row.start}–${row.end}`
                : trace.spanAt(value).name;
          return '  '.repeat(layout.depthOf(value)) + label;
        });
        const view = {
          options,
          isCollapsed: (span: Span) => collapsed.has(span.index),
          isGroupOpen: (span: Span) => openGroups.has(span.index),
        };
        expect(drawn, `seed ${seed}, step ${step}`).toEqual(rowsByRecursion(trace, view));
        checkRows(layout, `seed ${seed}, step ${step}`);
        const group = Array.from(layout.rows).filter((value) => value < 0 && layout.special(value).type === 'group');
        if (group.length > 0 && random.chance(0.4)) {
          const value = random.pick(group);
          toggleIn(openGroups, (layout.special(value) as { first: number }).first);
          layout = layout.toggleGroup(value);
        } else if (trace.spanCount > 0) {
          const index = random.int(0, trace.spanCount - 1);
          if (trace.spanAt(index).descendantCount > 0) toggleIn(collapsed, index);
          layout = layout.toggle(index);
        }
      }
      const keys = new Set(Array.from(collapsed, (index) => trace.spanAt(index).key));
      const groupKeys = new Set(Array.from(openGroups, (index) => trace.spanAt(index).key));
      const fresh = layoutWaterfall(trace, { ...options, collapsed: keys, expandedGroups: groupKeys });
      expect([...fresh.rows], `seed ${seed}`).toEqual([...layout.rows]);
      expect([...layout.withCollapsed(new Set()).withCollapsed(keys).rows], `seed ${seed}`).toEqual([...layout.rows]);
    }
    expect(groupsSeen).toBeGreaterThan(1000);
    expect(gapsSeen).toBeGreaterThan(1000);
  });
});

function toggleIn<T>(set: Set<T>, item: T): void {
  if (!set.delete(item)) set.add(item);
}

/** What holds of any layout: each row is found by its value, each span by a row at or above it, each parent one level up. */
function checkRows(layout: WaterfallLayout, where: string): void {
  const { trace } = layout;
  const rows = [...layout.rows];
  expect(
    rows.map((value) => layout.rowOf(value)),
    where,
  ).toEqual(rows.map((_, row) => row));
  const path: number[] = [];
  const parents = rows.map((value) => {
    path.length = layout.depthOf(value);
    path.push(value);
    return path.at(-2);
  });
  expect(
    rows.map((value) => layout.parentOf(value)),
    where,
  ).toEqual(parents);
  const misplaced = Array.from(trace).filter(({ index }) => {
    const row = layout.rowFor(index);
    if (layout.rowOf(index) >= 0) return row !== layout.rowOf(index);
    if (row < 0) return false;
    const special = rows[row]! < 0 ? layout.special(rows[row]!) : undefined;
    const spans = special?.type === 'group' ? [...special.spans] : [rows[row]!];
    return !spans.some((span) => span <= index && index < trace.columns.subtreeEnd[span]!);
  });
  expect(misplaced, where).toEqual([]);
}
