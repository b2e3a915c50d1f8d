import type { RowValue } from '../layout/visibleRows.ts';

// Rows in the document carry the value of their row in `data-index`: a span's index, or a number below 0.

/** No row: below every value that a row can have. */
export const noRow: RowValue = -(2 ** 31);

export function rowElement(rows: HTMLElement | null, value: RowValue): HTMLElement | null {
  return rows?.querySelector<HTMLElement>(`:scope > [data-index="${value}"]`) ?? null;
}

/** The value of the row that an event was in. */
export function rowOfTarget(target: EventTarget): RowValue {
  const row = (target as Element).closest<HTMLElement>('[data-index]');
  return row ? Number(row.dataset.index) : noRow;
}

export function markHovered(rows: HTMLElement, value: RowValue): void {
  for (const row of rows.children) {
    const isHovered = (row as HTMLElement).dataset.index === String(value);
    if (isHovered !== row.hasAttribute('data-hovered')) row.toggleAttribute('data-hovered', isHovered);
  }
}
