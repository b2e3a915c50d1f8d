import { type SpanIndex, statusCode } from '../model/columns.ts';
import { emptyBits, hasBit, type SpanBits, setBit, spanBits } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import { type CriticalPath, criticalPath } from '../transforms/criticalPath.ts';
import { type CollapsedBits, type CollapsedSpans, collapsedBits, isAllBut, withExpanded } from './collapse.ts';

// Many spans collapsed or expanded at once. Each gives the next state, in the form that takes fewer keys; keys of a set
// that the trace does not have are kept for a later snapshot.

export function expandAll(): CollapsedSpans {
  return new Set();
}

export function collapseAll(): CollapsedSpans {
  return { all: true, except: new Set() };
}

/** Expands the collapsed spans in sight that are least deep. The same state where none is collapsed. */
export function expandOneLevel(trace: Trace, collapsed: CollapsedSpans): CollapsedSpans {
  const { depth } = trace.columns;
  const bits = collapsedBits(trace, collapsed);
  let level = Infinity;
  forEachVisible(trace, bits, (index) => {
    if (hasBit(bits, index)) level = Math.min(level, depth[index]!);
  });
  if (level === Infinity) return collapsed;
  const next = bits.slice();
  forEachVisible(trace, bits, (index) => {
    if (depth[index] === level) setBit(next, index, false);
  });
  return collapsedSpans(trace, next, collapsed);
}

/** Collapses the expanded spans in sight that are deepest. The same state where none is expanded. */
export function collapseOneLevel(trace: Trace, collapsed: CollapsedSpans): CollapsedSpans {
  const { depth } = trace.columns;
  const bits = collapsedBits(trace, collapsed);
  const isOpen = (index: SpanIndex) => hasChildren(trace, index) && !hasBit(bits, index);
  let level = -1;
  forEachVisible(trace, bits, (index) => {
    if (isOpen(index)) level = Math.max(level, depth[index]!);
  });
  if (level < 0) return collapsed;
  const next = bits.slice();
  forEachVisible(trace, bits, (index) => {
    if (depth[index] === level && isOpen(index)) setBit(next, index, true);
  });
  return collapsedSpans(trace, next, collapsed);
}

/** Expands a span and all below it. */
export function expandSubtree(trace: Trace, collapsed: CollapsedSpans, index: SpanIndex): CollapsedSpans {
  return withSubtree(trace, collapsed, index, false);
}

/** Collapses a span and all below it. */
export function collapseSubtree(trace: Trace, collapsed: CollapsedSpans, index: SpanIndex): CollapsedSpans {
  return withSubtree(trace, collapsed, index, true);
}

/** Expands what hides a span: for a deep link, or the next match. The same state where nothing does. */
export function expandedTo(trace: Trace, collapsed: CollapsedSpans, index: SpanIndex): CollapsedSpans {
  const bits = collapsedBits(trace, collapsed);
  const keys: string[] = [];
  for (let above = trace.columns.parent[index] ?? -1; above >= 0; above = trace.columns.parent[above]!) {
    if (hasBit(bits, above)) keys.push(trace.spanAt(above).key);
  }
  return keys.length === 0 ? collapsed : withExpanded(collapsed, keys);
}

/** All collapsed but the spans above these, so that each of them is in sight, and beside the way to them only what must be. */
export function collapsedDownTo(trace: Trace, spans: SpanBits): CollapsedSpans {
  const { length, parent } = trace.columns;
  const above = emptyBits(length);
  // From the last to the first, all descendants come before their ancestor.
  for (let index = length - 1; index >= 0; index--) {
    if (parent[index]! >= 0 && (hasBit(spans, index) || hasBit(above, index))) setBit(above, parent[index]!, true);
  }
  const bits = spanBits(trace, (index) => hasChildren(trace, index) && !hasBit(above, index));
  return collapsedSpans(trace, bits);
}

export function collapsedDownToErrors(trace: Trace): CollapsedSpans {
  const { status } = trace.columns;
  return collapsedDownTo(
    trace,
    spanBits(trace, (index) => status[index] === statusCode.error),
  );
}

export function collapsedDownToCriticalPath(trace: Trace, path: CriticalPath = criticalPath(trace)): CollapsedSpans {
  return collapsedDownTo(trace, spanBits(trace, path.span));
}

function withSubtree(trace: Trace, collapsed: CollapsedSpans, index: SpanIndex, collapse: boolean): CollapsedSpans {
  const { subtreeEnd } = trace.columns;
  const bits = collapsedBits(trace, collapsed);
  for (let at = index; at < (subtreeEnd[index] ?? 0); at++) {
    if (hasChildren(trace, at)) setBit(bits, at, collapse);
  }
  return collapsedSpans(trace, bits, collapsed);
}

/** The state that these bits stand for, in the form that takes fewer keys. */
function collapsedSpans(trace: Trace, bits: CollapsedBits, before?: CollapsedSpans): CollapsedSpans {
  let collapsedCount = 0;
  let openCount = 0;
  for (let index = 0; index < trace.spanCount; index++) {
    if (!hasChildren(trace, index)) continue;
    if (hasBit(bits, index)) collapsedCount++;
    else openCount++;
  }
  const isAll = openCount < collapsedCount;
  const keys = new Set<string>();
  for (let index = 0; index < trace.spanCount; index++) {
    if (hasChildren(trace, index) && hasBit(bits, index) !== isAll) keys.add(trace.spanAt(index).key);
  }
  if (before && isAllBut(before) === isAll) {
    for (const key of isAllBut(before) ? before.except : before) if (!trace.span(key)) keys.add(key);
  }
  return isAll ? { all: true, except: keys } : keys;
}

function forEachVisible(trace: Trace, bits: CollapsedBits, visit: (index: SpanIndex) => void): void {
  const { length, subtreeEnd } = trace.columns;
  for (let index = 0; index < length; index = hasBit(bits, index) ? subtreeEnd[index]! : index + 1) visit(index);
}

function hasChildren(trace: Trace, index: SpanIndex): boolean {
  return trace.columns.subtreeEnd[index]! > index + 1;
}
