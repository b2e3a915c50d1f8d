import { expect, it } from 'vitest';
import { offsetOf, type ScrollGeometry, scrollHeight, scrollTopFor, windowAt } from '../../../src/react/rowWindow.ts';

const hundred: ScrollGeometry = { rowCount: 100, rowHeight: 20, viewportHeight: 200 };
const million: ScrollGeometry = { rowCount: 1_000_000, rowHeight: 28, viewportHeight: 560 };

it('shows the rows in sight and a few on either side', () => {
  const { first, end } = windowAt(400, hundred);
  expect(first).toBeLessThan(20);
  expect(first).toBeGreaterThan(10);
  expect(end).toBeGreaterThan(30);
  expect(end).toBeLessThan(40);
});

it('shows no rows that are not there', () => {
  expect(windowAt(0, { rowCount: 3, rowHeight: 20, viewportHeight: 200 })).toEqual({ first: 0, end: 3 });
  expect(windowAt(0, { rowCount: 0, rowHeight: 20, viewportHeight: 200 })).toEqual({ first: 0, end: 0 });
});

it('still shows the last rows when there are fewer than were scrolled past', () => {
  const { first, end } = windowAt(50_000, hundred);
  expect(end).toBe(100);
  expect(first).toBeLessThan(100);
});

it('puts a row where its number says while the rows are of a height that a browser allows', () => {
  expect(scrollHeight(hundred)).toBe(2000);
  expect(offsetOf(17, 400, hundred)).toBe(340);
});

it('reaches the first and the last of a million rows within the height that every browser allows', () => {
  const height = scrollHeight(million);
  expect(height).toBeLessThan(17_000_000);
  expect(windowAt(0, million).first).toBe(0);
  const bottom = height - million.viewportHeight;
  const { first, end } = windowAt(bottom, million);
  expect(end).toBe(1_000_000);
  // The last row ends where the scrolled element ends.
  const lastRowEnd = offsetOf(first, bottom, million) + (end - first) * million.rowHeight;
  expect(lastRowEnd).toBeCloseTo(height, 3);
});

it('scrolls to any of a million rows so that it is in sight', () => {
  for (const row of [0, 1, 499_999, 777_777, 999_999]) {
    for (const align of ['nearest', 'center'] as const) {
      const top = scrollTopFor(row, 123_456, million, align);
      const { first } = windowAt(top, million);
      const y = offsetOf(first, top, million) + (row - first) * million.rowHeight - top;
      expect(y).toBeGreaterThanOrEqual(-0.01);
      expect(y).toBeLessThanOrEqual(million.viewportHeight - million.rowHeight + 0.01);
    }
  }
});

it('does not scroll for a row that is in sight', () => {
  expect(scrollTopFor(25, 400, hundred)).toBe(400);
});
