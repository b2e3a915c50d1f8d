import { expect, it } from 'vitest';
import { layoutContextGrowth } from '../../../src/layout/contextGrowth.ts';
import type { ContextPoint } from '../../../src/transforms/contextGrowth.ts';

const point = (input: number, more: Partial<ContextPoint> = {}): ContextPoint => ({
  span: 0,
  agent: 0,
  start: 0,
  model: 'm',
  input,
  cacheRead: undefined,
  cacheWrite: undefined,
  output: undefined,
  previous: undefined,
  growth: undefined,
  isCompaction: false,
  ...more,
});

const size = { width: 400, height: 168 };

/** Heights of the columns in a path: `v` moves down by the height. */
const heights = (path: string) => [...path.matchAll(/v([\d.]+)/g)].map(([, height]) => Number(height));

it('draws a column a call, as high as its own input tokens', () => {
  const chart = layoutContextGrowth([point(100), point(200), point(400)], size, undefined);
  const [first, second, third] = heights(chart.paths.input);
  expect(second! / first!).toBeCloseTo(2, 1);
  expect(third! / first!).toBeCloseTo(4, 1);
  expect(chart.paths.cacheRead).toBe('');
});

it('cuts a column into what came from the cache, what went there, and the rest', () => {
  const chart = layoutContextGrowth([point(1000, { cacheRead: 500, cacheWrite: 200 })], size, undefined);
  const [read] = heights(chart.paths.cacheRead);
  const [write] = heights(chart.paths.cacheWrite);
  const [rest] = heights(chart.paths.input);
  expect(write! / read!).toBeCloseTo(0.4, 1);
  expect(rest! / read!).toBeCloseTo(0.6, 1);
});

it('finds the call below each pixel of its column', () => {
  const points = Array.from({ length: 37 }, (_, at) => point(at + 1));
  const chart = layoutContextGrowth(points, size, undefined);
  for (const position of points.keys()) {
    const { x, width } = chart.column(position);
    expect(chart.positionAt(x + width / 2)).toBe(position);
  }
  expect(chart.positionAt(-100)).toBe(0);
  expect(chart.positionAt(9999)).toBe(36);
});

it('marks compactions, and the window where it is near', () => {
  const points = [point(1000), point(400, { isCompaction: true })];
  expect(layoutContextGrowth(points, size, 2000).compactions.map(({ position }) => position)).toEqual([1]);
  expect(layoutContextGrowth(points, size, 2000).windowY).toBeGreaterThan(0);
  expect(layoutContextGrowth(points, size, 1_000_000).windowY).toBeUndefined();
});

it('is three paths for ten thousand calls', () => {
  const points = Array.from({ length: 10_000 }, (_, at) => point(at, { cacheRead: at / 2 }));
  const chart = layoutContextGrowth(points, size, undefined);
  expect(heights(chart.paths.input).length).toBeGreaterThan(9000);
  expect(chart.labels.length).toBeLessThan(20);
});
