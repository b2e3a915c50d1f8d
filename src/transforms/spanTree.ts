import type { Span, Trace } from '../model/trace.ts';
import { indexOf } from './timeBounds.ts';

/** A span and what lies below it, as `d3.hierarchy` takes it. */
export interface SpanNode {
  span: Span;
  /** By start; empty for a leaf. */
  children: SpanNode[];
}

/**
 * The trace as plain nested nodes, an object for each span: for trees of bounded size, drawn or walked by other code. All
 * that spanscope draws itself works on the columns. Built without recursion, but who walks a deep chain by recursion may
 * run out of stack.
 *
 * @returns the roots; with `root` (a span or its key), that one node.
 * @throws RangeError where the trace has no such root.
 */
export function spanTree(trace: Trace): SpanNode[];
export function spanTree(trace: Trace, root: Span | string): SpanNode;
export function spanTree(trace: Trace, root?: Span | string): SpanNode[] | SpanNode {
  const { length, parent, subtreeEnd } = trace.columns;
  const first = root === undefined ? 0 : indexOf(trace, root);
  const last = root === undefined ? length : subtreeEnd[first]!;
  const nodes: SpanNode[] = new Array(last - first);
  const roots: SpanNode[] = [];
  for (let index = first; index < last; index++) {
    const node: SpanNode = { span: trace.spanAt(index), children: [] };
    nodes[index - first] = node;
    const siblings = parent[index]! < first ? roots : nodes[parent[index]! - first]!.children;
    siblings.push(node);
  }
  return root === undefined ? roots : roots[0]!;
}
