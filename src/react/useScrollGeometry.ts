import { type RefObject, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { ScrollGeometry } from './rowWindow.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

export interface MeasuredElements {
  scroller: RefObject<HTMLElement | null>;
  /** Holds the rows, of which the first one is measured. */
  rows: RefObject<HTMLElement | null>;
  /** Where there is no row to measure. */
  defaultRowHeight: CssPixels;
  /** Called with the scroller whenever it was measured. The same function from render to render. */
  onMeasure?: (scroller: HTMLElement) => void;
}

/**
 * Measures rows of one height and what scrolls them, again whenever their sizes change. Undefined until there is a layout to
 * measure: on a server, and while nothing is shown.
 */
export function useScrollGeometry(
  { scroller: scrollerRef, rows: rowsRef, defaultRowHeight, onMeasure }: MeasuredElements,
  rowCount: number,
): ScrollGeometry | undefined {
  const [measured, setMeasured] = useState<Omit<ScrollGeometry, 'rowCount'>>();
  useIsomorphicLayoutEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const measure = () => {
      const rowHeight = rowsRef.current?.firstElementChild?.getBoundingClientRect().height || defaultRowHeight;
      const viewportHeight = scroller.clientHeight;
      // No height yet (hidden, or a test without layout): the first rows stay, as a server sends them.
      if (viewportHeight === 0) return;
      onMeasure?.(scroller);
      setMeasured((last) =>
        last?.rowHeight === rowHeight && last.viewportHeight === viewportHeight ? last : { rowHeight, viewportHeight },
      );
    };
    measure();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    const firstRow = rowsRef.current?.firstElementChild;
    if (firstRow) observer.observe(firstRow);
    return () => observer.disconnect();
  }, [scrollerRef, rowsRef, defaultRowHeight, onMeasure]);
  return measured && { ...measured, rowCount };
}
