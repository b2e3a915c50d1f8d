import type { CssPixels } from '../layout/units.ts';

/** Browsers stop short of any height: Firefox at 17.9 million px, Chromium at 33.5. */
const tallest: CssPixels = 15_000_000;
const overscan = 6;

/** Which rows stand in the document, and where. Rows are counted from 0; all are of one height. */
export interface RowWindow {
  first: number;
  /** One past the last. */
  end: number;
}

export interface ScrollGeometry {
  rowCount: number;
  rowHeight: CssPixels;
  /** Of the scroll container, without what is sticky in it. */
  viewportHeight: CssPixels;
}

/** The height of the element that is scrolled. */
export function scrollHeight({ rowCount, rowHeight }: ScrollGeometry): CssPixels {
  return Math.min(rowCount * rowHeight, tallest);
}

/**
 * How many pixels of rows go by for a pixel of scrolling: 1, unless the rows are taller together than a browser allows.
 */
function scrollRatio(geometry: ScrollGeometry): number {
  const rowsHeight = geometry.rowCount * geometry.rowHeight;
  const height = scrollHeight(geometry);
  if (rowsHeight <= height) return 1;
  return (rowsHeight - geometry.viewportHeight) / (height - geometry.viewportHeight);
}

/** Whether a row's place depends on the scroll position, as there is less height than the rows have together. */
export function isCompressed(geometry: ScrollGeometry): boolean {
  return scrollRatio(geometry) !== 1;
}

export function windowAt(scrollTop: CssPixels, geometry: ScrollGeometry): RowWindow {
  // Rows may have become fewer since the last scroll event.
  const lowest = Math.max(0, geometry.rowCount * geometry.rowHeight - geometry.viewportHeight);
  const top = Math.min(scrollTop * scrollRatio(geometry), lowest);
  const first = Math.floor(top / geometry.rowHeight) - overscan;
  const end = Math.ceil((top + geometry.viewportHeight) / geometry.rowHeight) + overscan;
  return { first: Math.max(0, Math.min(first, geometry.rowCount)), end: Math.max(0, Math.min(end, geometry.rowCount)) };
}

/** Where the first row of a window stands in the element that is scrolled. */
export function offsetOf(first: number, scrollTop: CssPixels, geometry: ScrollGeometry): CssPixels {
  return first * geometry.rowHeight - scrollTop * (scrollRatio(geometry) - 1);
}

/** The nearest place to scroll to that shows the whole row; `align` puts it in the middle where it must move. */
export function scrollTopFor(
  row: number,
  scrollTop: CssPixels,
  geometry: ScrollGeometry,
  align: 'nearest' | 'center' = 'nearest',
): CssPixels {
  const ratio = scrollRatio(geometry);
  const top = scrollTop * ratio;
  const rowTop = row * geometry.rowHeight;
  const rowEnd = rowTop + geometry.rowHeight;
  if (rowTop >= top && rowEnd <= top + geometry.viewportHeight) return scrollTop;
  if (align === 'center') return Math.max(0, (rowTop - (geometry.viewportHeight - geometry.rowHeight) / 2) / ratio);
  return rowTop < top ? rowTop / ratio : Math.max(0, (rowEnd - geometry.viewportHeight) / ratio);
}

/** The row at the top of what is in sight, and how many pixels of it are above. */
export function rowAt(scrollTop: CssPixels, geometry: ScrollGeometry): { row: number; rest: CssPixels } {
  const top = scrollTop * scrollRatio(geometry);
  const row = Math.floor(top / geometry.rowHeight);
  return { row, rest: top - row * geometry.rowHeight };
}

/** Where to scroll to so that `rest` pixels of this row are above what is in sight. */
export function scrollTopOf(row: number, rest: CssPixels, geometry: ScrollGeometry): CssPixels {
  return Math.max(0, (row * geometry.rowHeight + rest) / scrollRatio(geometry));
}
