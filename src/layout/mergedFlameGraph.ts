import { type HierarchyRectangularNode, hierarchy, partition } from 'd3-hierarchy';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { clampedTimes } from '../transforms/clampedTimes.ts';
import { selfTimesWithin } from '../transforms/selfTimes.ts';
import { type FlameWeight, ownWeights, type UsageTotals } from './flameWeight.ts';
import { type NameRule, repeatedFrame } from './repeatedNames.ts';
import { keepLargest } from './siblingFolding.ts';
import { type MergedSpans, mergeSpans } from './spanMerging.ts';

export interface MergedFlameGraphOptions {
  /** What a block's width stands for. @default 'time' */
  weight?: FlameWeight;
  /** Siblings from the widest to the narrowest, or by name. @default 'weight' */
  order?: 'weight' | 'name';
  /** Repeated frames as one: `true` for the steps of a loop (`repeatedFrame`), or a rule of your own. @default false */
  collapseRepeated?: boolean | NameRule;
  /** Needed for weights of tokens and cost; without it they are 0. */
  usage?: UsageTotals | undefined;
  /** How many blocks at most; beyond, the smallest siblings fold into `other (n)`. @default 50_000 */
  maxBlocks?: number;
}

/**
 * Spans of equal name and kind merged along their path, as blocks: columns by block, depth-first, a block before those below it.
 * A block without weight has no width and no place here.
 */
export interface MergedFlameGraphLayout {
  readonly trace: Trace;
  readonly length: number;
  /** -1 for a root. */
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
  /** 0 for a root. */
  readonly depth: Int32Array;
  /** How many levels there are. */
  readonly depthCount: number;
  /** Level n holds `depthBlocks[depthOffsets[n] … depthOffsets[n + 1])`. */
  readonly depthOffsets: Int32Array;
  /** Blocks level by level, in each from left to right. */
  readonly depthBlocks: Int32Array;
  /** From 0 to 1. Blocks lie within their parent and do not overlap; what a block is wider than those below it is its own. */
  readonly x0: Float64Array;
  readonly x1: Float64Array;
  /** The weight that the width stands for, those below included; of all roots together `totalWeight`. */
  readonly weight: Float64Array;
  readonly totalWeight: number;
  /** The weight of the block's own spans, those below left out. */
  readonly ownWeight: Float64Array;
  /** How many spans, those in blocks below left out. */
  readonly count: Float64Array;
  /** Of these, how many failed. */
  readonly errors: Float64Array;
  /** Nanoseconds that the spans took, together: more than the trace where they ran at the same time. */
  readonly totalTime: Float64Array;
  readonly selfTime: Float64Array;
  /** The longest of its spans. */
  readonly longestSpan: Int32Array;
  /** Of how many siblings an `other` is made; 0 for all other blocks. */
  readonly folded: Int32Array;
  /** Each span's block, by span index; -1 where it has no weight. */
  readonly blockOf: Int32Array;
  /** Spans that have no weight, nor has anything below them: they are in no block. */
  readonly weightlessSpans: number;
  /** Empty for `other`. */
  name(block: number): string;
  /** The block at a depth and a place from 0 to 1, or -1. With a tolerance, else the nearest not further away. */
  blockAt(depth: number, x: number, tolerance?: number): number;
}

/**
 * d3's `hierarchy` takes time by the square of the depth (5 s for a chain of 50,000), as it tells every ancestor of every node its
 * height. So it lays out so many levels at a time, and what lies below in the place that they leave for it.
 */
const levelsAtOnce = 512;

/** `hierarchy` and `partition` of d3 over merged spans; O(spans + blocks log blocks). */
export function layoutMergedFlameGraph(trace: Trace, options: MergedFlameGraphOptions = {}): MergedFlameGraphLayout {
  const { weight = 'time', order = 'weight', collapseRepeated = false, usage, maxBlocks = 50_000 } = options;
  const rule = collapseRepeated === true ? repeatedFrame : collapseRepeated || undefined;
  const merged = mergeSpans(trace, rule);
  const times = clampedTimes(trace);
  const self = selfTimesWithin(trace, times);
  const own = ownWeights(trace, weight, { times, selfTimes: () => self, usage: () => usage });
  const duration = (index: SpanIndex) => times.end[index]! - times.start[index]!;
  const sums = sumsOf(trace, merged, own, self, duration);
  const tree = foldedTree(merged, sums, duration, maxBlocks);
  place(tree, order === 'name' ? byName(tree) : byWeight(tree));
  return finished(trace, tree, merged);
}

type DurationOf = (index: SpanIndex) => Nanoseconds;

/** By node, before and after folding. */
interface Sums {
  weight: Float64Array;
  ownWeight: Float64Array;
  count: Float64Array;
  errors: Float64Array;
  totalTime: Float64Array;
  selfTime: Float64Array;
  longestSpan: Int32Array;
}

function sumsOf(
  trace: Trace,
  { length, nodeOf, parent }: MergedSpans,
  own: Float64Array,
  self: Float64Array,
  durationOf: DurationOf,
): Sums {
  const { status } = trace.columns;
  const sums = emptySums(length);
  for (let index = 0; index < trace.spanCount; index++) {
    const node = nodeOf[index]!;
    const duration = durationOf(index);
    const longest = sums.longestSpan[node]!;
    sums.ownWeight[node]! += own[index]!;
    sums.count[node]!++;
    if (status[index] === statusCode.error) sums.errors[node]!++;
    sums.totalTime[node]! += duration;
    sums.selfTime[node]! += self[index]!;
    if (longest < 0 || duration > durationOf(longest)) sums.longestSpan[node] = index;
  }
  sums.weight.set(sums.ownWeight);
  for (let node = length - 1; node >= 0; node--) {
    if (parent[node]! >= 0) sums.weight[parent[node]!]! += sums.weight[node]!;
  }
  return sums;
}

function emptySums(length: number): Sums {
  return {
    weight: new Float64Array(length),
    ownWeight: new Float64Array(length),
    count: new Float64Array(length),
    errors: new Float64Array(length),
    totalTime: new Float64Array(length),
    selfTime: new Float64Array(length),
    longestSpan: new Int32Array(length).fill(-1),
  };
}

/** What is left of the merged nodes: those that stay, then the `other` of each that lost children. */
interface FoldedTree extends Sums {
  length: number;
  parent: Int32Array;
  folded: Int32Array;
  names: readonly string[];
  /** By node of this tree; the nodes of `MergedSpans` that stay, -1 for `other`. */
  source: Int32Array;
  name: Uint32Array;
  /** Node n's children are `children[childOffsets[n + 1] … childOffsets[n + 2])`; the roots those of -1. */
  childOffsets: Int32Array;
  children: Int32Array;
  x0: Float64Array;
  x1: Float64Array;
  /** By node of `MergedSpans`; -1 where it has no weight. */
  placeOf: Int32Array;
}

function foldedTree(merged: MergedSpans, sums: Sums, durationOf: DurationOf, most: number): FoldedTree {
  const kept = keepLargest(merged.parent, sums.weight, Math.max(1, most));
  const placeOf = new Int32Array(merged.length).fill(-1);
  const source: number[] = [];
  for (let node = 0; node < merged.length; node++) {
    if (kept[node] === 0) continue;
    placeOf[node] = source.length;
    source.push(node);
  }
  // The `other` of each parent, by its place plus one, as roots have one as well.
  const otherOf = new Int32Array(source.length + 1).fill(-1);
  const parents = source.map((node) => (merged.parent[node]! < 0 ? -1 : placeOf[merged.parent[node]!]!));
  for (let node = 0; node < merged.length; node++) {
    if (kept[node] === 1 || !(sums.weight[node]! > 0)) continue;
    const above = merged.parent[node]!;
    if (above >= 0 && kept[above] === 0) {
      placeOf[node] = placeOf[above]!;
      continue;
    }
    const parent = above < 0 ? -1 : placeOf[above]!;
    if (otherOf[parent + 1] === -1) {
      otherOf[parent + 1] = source.length;
      source.push(-1);
      parents.push(parent);
    }
    placeOf[node] = otherOf[parent + 1]!;
  }
  const length = source.length;
  const tree = emptySums(length);
  const folded = new Int32Array(length);
  const name = new Uint32Array(length);
  for (let node = 0; node < merged.length; node++) {
    const place = placeOf[node]!;
    if (place < 0) continue;
    addNode(tree, place, sums, node, durationOf);
    const isOther = source[place] === -1;
    const above = merged.parent[node]!;
    if (isOther && (above < 0 || placeOf[above] !== place)) {
      folded[place]!++;
      tree.totalTime[place]! += sums.totalTime[node]!;
      tree.weight[place]! += sums.weight[node]!;
    } else if (!isOther) {
      name[place] = merged.name[node]!;
      tree.totalTime[place] = sums.totalTime[node]!;
      tree.weight[place] = sums.weight[node]!;
    }
  }
  const parent = Int32Array.from(parents);
  return {
    ...tree,
    length,
    parent,
    folded,
    names: merged.names,
    source: Int32Array.from(source),
    name,
    ...childLists(parent),
    x0: new Float64Array(length),
    x1: new Float64Array(length),
    placeOf,
  };
}

function addNode(tree: Sums, place: number, sums: Sums, node: number, durationOf: DurationOf): void {
  tree.ownWeight[place]! += sums.ownWeight[node]!;
  tree.count[place]! += sums.count[node]!;
  tree.errors[place]! += sums.errors[node]!;
  tree.selfTime[place]! += sums.selfTime[node]!;
  const longest = tree.longestSpan[place]!;
  const other = sums.longestSpan[node]!;
  if (longest < 0 || durationOf(other) > durationOf(longest)) tree.longestSpan[place] = other;
}

/** A counting sort by parent. */
function childLists(parent: Int32Array): { childOffsets: Int32Array; children: Int32Array } {
  const childOffsets = new Int32Array(parent.length + 2);
  for (let node = 0; node < parent.length; node++) childOffsets[parent[node]! + 2]!++;
  for (let at = 1; at < childOffsets.length; at++) childOffsets[at]! += childOffsets[at - 1]!;
  const next = childOffsets.slice();
  const children = new Int32Array(parent.length);
  for (let node = 0; node < parent.length; node++) children[next[parent[node]! + 1]!++] = node;
  return { childOffsets, children };
}

type Order = (a: number, b: number) => number;

/** `other` comes last, however large. */
function byWeight(tree: FoldedTree): Order {
  const { folded, weight } = tree;
  const named = byName(tree);
  return (a, b) => Number(folded[a]! > 0) - Number(folded[b]! > 0) || weight[b]! - weight[a]! || named(a, b);
}

function byName({ folded, name, names, longestSpan }: FoldedTree): Order {
  return (a, b) => {
    const otherLast = Number(folded[a]! > 0) - Number(folded[b]! > 0);
    if (otherLast !== 0 || name[a] === name[b]) return otherLast || longestSpan[a]! - longestSpan[b]!;
    return names[name[a]!]! < names[name[b]!]! ? -1 : 1;
  };
}

type LaidOut = HierarchyRectangularNode<number>;

/** Writes `x0` and `x1`, and the children of each node into their order. */
function place(tree: FoldedTree, order: Order): void {
  const { children, childOffsets, weight, ownWeight, x0, x1 } = tree;
  const top = -1;
  const childrenOf = (node: number) => children.subarray(childOffsets[node + 1], childOffsets[node + 2]);
  const begun: { node: number; from: number; to: number }[] = [{ node: top, from: 0, to: 1 }];
  for (let slab = begun.pop(); slab; slab = begun.pop()) {
    const { levels, cut } = levelsBelow(slab.node, childrenOf);
    const isCut = cut.size === 0 ? () => false : (node: number) => cut.has(node);
    const root = hierarchy<number>(slab.node, (node) => (isCut(node) ? [] : childrenOf(node)))
      .sum((node) => (node === top ? 0 : isCut(node) ? weight[node]! : ownWeight[node]!))
      .sort((a, b) => order(a.data, b.data));
    const { from, to } = slab;
    partition<number>().size([to - from, levels])(root);
    (root as LaidOut).eachBefore((laidOut: LaidOut) => {
      const node = laidOut.data;
      if (node !== top && node !== slab.node) {
        x0[node] = from + laidOut.x0;
        x1[node] = Math.min(from + laidOut.x1, to);
      }
      laidOut.children?.forEach((child, at) => {
        children[childOffsets[node + 1]! + at] = child.data;
      });
      if (isCut(node)) begun.push({ node, from: x0[node]!, to: x1[node]! });
    });
  }
}

/** How many levels the tree below a node has, and the nodes with children on the last of `levelsAtOnce`. */
function levelsBelow(root: number, childrenOf: (node: number) => Int32Array): { levels: number; cut: Set<number> } {
  let level: number[] = [root];
  for (let levels = 1; ; levels++) {
    const next: number[] = [];
    for (const node of level) for (const child of childrenOf(node)) next.push(child);
    if (next.length === 0) return { levels, cut: new Set() };
    if (levels === levelsAtOnce) return { levels, cut: new Set(level.filter((node) => childrenOf(node).length > 0)) };
    level = next;
  }
}

/** Puts the nodes into depth-first order, in which views walk them. */
function finished(trace: Trace, tree: FoldedTree, merged: MergedSpans): MergedFlameGraphLayout {
  const { length } = tree;
  const { nodes, parent, depth } = depthFirst(tree);
  const subtreeEnd = new Int32Array(length);
  for (let block = length - 1; block >= 0; block--) {
    if (subtreeEnd[block] === 0) subtreeEnd[block] = block + 1;
    const above = parent[block]!;
    if (above >= 0 && subtreeEnd[above]! < subtreeEnd[block]!) subtreeEnd[above] = subtreeEnd[block]!;
  }
  const blockOfNode = new Int32Array(tree.source.length).fill(-1);
  for (let block = 0; block < length; block++) blockOfNode[nodes[block]!] = block;
  const { blockOf, weightlessSpans } = blocksOfSpans(merged.nodeOf, tree.placeOf, blockOfNode);
  const { depthOffsets, depthBlocks } = byDepth(depth);
  const inOrder = (column: Float64Array) => {
    const ordered = new Float64Array(length);
    for (let block = 0; block < length; block++) ordered[block] = column[nodes[block]!]!;
    return ordered;
  };
  const x0 = inOrder(tree.x0);
  const x1 = inOrder(tree.x1);
  const names = Array.from(nodes, (node) => (tree.folded[node]! > 0 ? -1 : tree.name[node]!));
  const weight = inOrder(tree.weight);
  let totalWeight = 0;
  for (let root = 0; root < length; root = subtreeEnd[root]!) totalWeight += weight[root]!;
  return {
    trace,
    length,
    parent,
    subtreeEnd,
    depth,
    depthCount: depthOffsets.length - 1,
    depthOffsets,
    depthBlocks,
    x0,
    x1,
    weight,
    totalWeight,
    ownWeight: inOrder(tree.ownWeight),
    count: inOrder(tree.count),
    errors: inOrder(tree.errors),
    totalTime: inOrder(tree.totalTime),
    selfTime: inOrder(tree.selfTime),
    longestSpan: Int32Array.from(nodes, (node) => tree.longestSpan[node]!),
    folded: Int32Array.from(nodes, (node) => tree.folded[node]!),
    blockOf,
    weightlessSpans,
    name: (block) => tree.names[names[block]!] ?? '',
    blockAt(atDepth, x, tolerance = 0) {
      if (!(atDepth >= 0 && atDepth < depthOffsets.length - 1)) return -1;
      return nearestBlock(depthBlocks, depthOffsets[atDepth]!, depthOffsets[atDepth + 1]!, x0, x1, x, tolerance);
    },
  };
}

function depthFirst({ length, children, childOffsets, parent }: FoldedTree) {
  const nodes = new Int32Array(length);
  const blockParent = new Int32Array(length);
  const depth = new Int32Array(length);
  const blockOfNode = new Int32Array(length);
  const waiting: number[] = [];
  const push = (node: number) => {
    for (let at = childOffsets[node + 2]! - 1; at >= childOffsets[node + 1]!; at--) waiting.push(children[at]!);
  };
  if (length > 0) push(-1);
  for (let block = 0; block < length; block++) {
    const node = waiting.pop()!;
    const above = parent[node]!;
    nodes[block] = node;
    blockOfNode[node] = block;
    blockParent[block] = above < 0 ? -1 : blockOfNode[above]!;
    depth[block] = above < 0 ? 0 : depth[blockParent[block]!]! + 1;
    push(node);
  }
  return { nodes, parent: blockParent, depth };
}

function blocksOfSpans(nodeOf: Int32Array, placeOf: Int32Array, blockOfNode: Int32Array) {
  const blockOf = new Int32Array(nodeOf.length);
  let weightlessSpans = 0;
  for (let index = 0; index < nodeOf.length; index++) {
    const place = placeOf[nodeOf[index]!]!;
    blockOf[index] = place < 0 ? -1 : blockOfNode[place]!;
    if (place < 0) weightlessSpans++;
  }
  return { blockOf, weightlessSpans };
}

/** A counting sort: depth-first order is order from left to right within a level. */
function byDepth(depth: Int32Array): { depthOffsets: Int32Array; depthBlocks: Int32Array } {
  const deepest = depth.reduce((most, each) => Math.max(most, each), -1);
  const depthOffsets = new Int32Array(deepest + 2);
  for (const each of depth) depthOffsets[each + 1]!++;
  for (let at = 1; at < depthOffsets.length; at++) depthOffsets[at]! += depthOffsets[at - 1]!;
  const next = depthOffsets.slice();
  const depthBlocks = new Int32Array(depth.length);
  for (let block = 0; block < depth.length; block++) depthBlocks[next[depth[block]!]!++] = block;
  return { depthOffsets, depthBlocks };
}

function nearestBlock(
  blocks: Int32Array,
  first: number,
  end: number,
  x0: Float64Array,
  x1: Float64Array,
  x: number,
  tolerance: number,
): number {
  let low = first;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x0[blocks[middle]!]! <= x) low = middle + 1;
    else high = middle;
  }
  const before = low > first ? blocks[low - 1]! : -1;
  if (before >= 0 && (x < x1[before]! || x === x0[before]!)) return before;
  const after = low < end ? blocks[low]! : -1;
  const distanceBefore = before < 0 ? Infinity : x - x1[before]!;
  const distanceAfter = after < 0 ? Infinity : x0[after]! - x;
  if (!(tolerance > 0 && Math.min(distanceBefore, distanceAfter) <= tolerance)) return -1;
  return distanceBefore <= distanceAfter ? before : after;
}
