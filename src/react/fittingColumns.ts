import { type RefObject, useEffect, useMemo, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

/** Of the names, in a narrow place and in a wide one. */
const leastName: CssPixels = 120;
const roomyName: CssPixels = 220;
const roomy: CssPixels = 640;
const columnGap: CssPixels = 8;
const edges: CssPixels = 34;

/** As many columns as there is room for, and the grid's tracks for them; all until the width is known. */
export function useFitting<Column extends { width: CssPixels; weight: number }>(
  rootRef: RefObject<HTMLDivElement | null>,
  columns: readonly Column[],
): readonly Column[] {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const root = rootRef.current;
    if (!root || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWidth(root.clientWidth));
    observer.observe(root);
    return () => observer.disconnect();
  }, [rootRef]);
  const fitting = useMemo(() => {
    if (width === 0) return columns;
    let left = width - edges - (width < roomy ? leastName : roomyName);
    const kept = new Set<Column>();
    for (const column of [...columns].sort((one, other) => one.weight - other.weight)) {
      left -= column.width + columnGap;
      if (left < 0) break;
      kept.add(column);
    }
    return columns.filter((column) => kept.has(column));
  }, [columns, width]);
  useIsomorphicLayoutEffect(() => {
    const tracks = fitting.map((column) => `${column.width}px`).join(' ');
    rootRef.current?.style.setProperty('--ss-grid-columns', `minmax(0, 1fr) ${tracks}`);
  }, [rootRef, fitting]);
  return fitting;
}
