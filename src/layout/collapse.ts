import type { SpanIndex } from '../model/columns.ts';
import { emptyBits, hasBit, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';

/**
 * Which spans hide what is below them, by key: those in a set, or all but those in `except`, so that a trace of a
 * million spans is collapsed without a million keys. Keys that the trace does not have are kept for a later snapshot.
 */
export type CollapsedSpans = ReadonlySet<string> | { readonly all: true; readonly except: ReadonlySet<string> };

/** CollapsedSpans for one snapshot: a bit for each span by index. Only spans with children have theirs set. */
export type CollapsedBits = SpanBits;

export function collapsedBits(trace: Trace, collapsed: CollapsedSpans): CollapsedBits {
  const { length, subtreeEnd } = trace.columns;
  const bits = emptyBits(length);
  if (isAllBut(collapsed)) {
    for (let index = 0; index < length; index++) {
      if (subtreeEnd[index]! > index + 1) setBit(bits, index, true);
    }
  }
  const setTo = !isAllBut(collapsed);
  for (const key of isAllBut(collapsed) ? collapsed.except : collapsed) {
    const index = trace.span(key)?.index;
    if (index !== undefined && subtreeEnd[index]! > index + 1) setBit(bits, index, setTo);
  }
  return bits;
}

export function isCollapsed(bits: CollapsedBits, index: SpanIndex): boolean {
  return hasBit(bits, index);
}

/** The bits with one span's set or cleared. A copy: layouts that share bits stay as they are. */
export function withBit(bits: CollapsedBits, index: SpanIndex, collapsed: boolean): CollapsedBits {
  const copy = bits.slice();
  setBit(copy, index, collapsed);
  return copy;
}

/** Whether the span of this key is collapsed. A span without children may be said to be; it makes no difference. */
export function isKeyCollapsed(collapsed: CollapsedSpans, key: string): boolean {
  return isAllBut(collapsed) ? !collapsed.except.has(key) : collapsed.has(key);
}

/** Collapses the span of this key if it is expanded, expands it if it is collapsed. */
export function toggled(collapsed: CollapsedSpans, key: string): CollapsedSpans {
  return withCollapsed(collapsed, key, !isKeyCollapsed(collapsed, key));
}

/** The same state with the span of this key collapsed or expanded. */
export function withCollapsed(collapsed: CollapsedSpans, key: string, collapse: boolean): CollapsedSpans {
  if (isKeyCollapsed(collapsed, key) === collapse) return collapsed;
  const keys = new Set(isAllBut(collapsed) ? collapsed.except : collapsed);
  if (!keys.delete(key)) keys.add(key);
  return isAllBut(collapsed) ? { all: true, except: keys } : keys;
}

/** The same state with all spans of these keys expanded. One copy, however many there are. */
export function withExpanded(collapsed: CollapsedSpans, keys: Iterable<string>): CollapsedSpans {
  if (isAllBut(collapsed)) return { all: true, except: new Set([...collapsed.except, ...keys]) };
  const rest = new Set(collapsed);
  for (const key of keys) rest.delete(key);
  return rest;
}

export function isAllBut(
  collapsed: CollapsedSpans,
): collapsed is { readonly all: true; readonly except: ReadonlySet<string> } {
  return 'all' in collapsed;
}
