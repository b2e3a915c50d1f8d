import { type RefObject, useEffect } from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { ColumnForm } from './spanColumns.tsx';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

/** Widths that somebody has dragged, by column id, `name` for the names. Held outside React: a drag draws no row anew. */
export type ColumnSizes = Map<string, CssPixels>;

export const narrowestColumn: CssPixels = 40;
const widestColumn: CssPixels = 800;

/**
 * Gives each column its width while there is room, by two variables on the frame that header and rows share; later ones
 * have none. `leastRest` is what names and time keep for themselves. Returns what to call when a size has changed.
 */
export function useColumnTracks(
  frameRef: RefObject<HTMLElement | null>,
  forms: readonly ColumnForm[],
  sizes: ColumnSizes,
  leastRest: CssPixels,
): () => void {
  const place = useLatest(() => {
    const frame = frameRef.current;
    if (!frame) return;
    const names = frame.querySelector<HTMLElement>('.spanscope-column-header');
    const widths = fittingWidths(forms, sizes, frame.clientWidth - (names?.offsetWidth ?? 0) - leastRest);
    const total = widths.reduce((sum, width) => sum + width, 0);
    frame.style.setProperty('--ss-columns', widths.map((width) => `${width}px`).join(' ') || 'none');
    frame.style.setProperty('--ss-columns-width', `${total}px`);
  });
  useIsomorphicLayoutEffect(place, [place, forms, leastRest]);
  useEffect(() => {
    const frame = frameRef.current;
    if (!frame || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(place);
    observer.observe(frame);
    const names = frame.querySelector('.spanscope-column-header');
    if (names) observer.observe(names);
    return () => observer.disconnect();
  }, [frameRef, place]);
  return place;
}

function fittingWidths(forms: readonly ColumnForm[], sizes: ColumnSizes, room: CssPixels): CssPixels[] {
  let left = room;
  return forms.map(({ id, width }) => {
    const wanted = Math.min(Math.max(sizes.get(id) ?? width, narrowestColumn), widestColumn);
    left = wanted <= left ? left - wanted : -1;
    return left < 0 ? 0 : wanted;
  });
}
