import { scaleBand, scaleLinear } from 'd3-scale';
import type { ContextPoint } from '../transforms/contextGrowth.ts';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** What a chart of the growth of a context is drawn with, in CSS pixels. */
export interface ContextGrowthLayout {
  /** SVG path data of each part's columns, from the ground up. */
  readonly paths: Readonly<Record<ContextPart, string>>;
  readonly compactions: readonly { readonly x: number; readonly y: number; readonly position: number }[];
  readonly ticks: readonly { readonly y: number; readonly tokens: number }[];
  /** Calls that have their number below the axis. */
  readonly labels: readonly { readonly x: number; readonly position: number }[];
  /** Undefined where the window is unknown, or so large that the calls would be a line on the ground. */
  readonly windowY: number | undefined;
  readonly column: (position: number) => { readonly x: number; readonly y: number; readonly width: number };
  /** The call whose column lies below `x`. */
  readonly positionAt: (x: number) => number;
}

export type ContextPart = 'cacheRead' | 'cacheWrite' | 'input';

export const chartMargin = { top: 10, right: 8, bottom: 20, left: 44 };

/** A column a call, as high as its input tokens. One path a part: a run of 10,000 calls is three elements. */
export function layoutContextGrowth(
  points: readonly ContextPoint[],
  { width, height }: ChartSize,
  window: number | undefined,
): ContextGrowthLayout {
  const right = Math.max(chartMargin.left + 10, width - chartMargin.right);
  const bottom = height - chartMargin.bottom;
  const most = points.reduce((most, { input }) => Math.max(most, input), 1);
  const showsWindow = window !== undefined && window > 0 && window <= most * 8;
  const y = scaleLinear([0, Math.max(most, showsWindow ? window : 0) * 1.04], [bottom, chartMargin.top]);
  const x = scaleBand(
    points.map((_, position) => position),
    [chartMargin.left, right],
  ).paddingInner(points.length > (right - chartMargin.left) / 4 ? 0 : 0.25);
  const step = (right - chartMargin.left) / Math.max(1, points.length);
  const columnWidth = Math.min(x.bandwidth(), 48);
  const column = (position: number) => {
    const left = (x(position) ?? chartMargin.left) + (x.bandwidth() - columnWidth) / 2;
    return { x: left, y: y(points[position]?.input ?? 0), width: columnWidth };
  };
  const paths = { cacheRead: '', cacheWrite: '', input: '' };
  const compactions: { x: number; y: number; position: number }[] = [];
  for (const [position, point] of points.entries()) {
    const { x: left, y: top, width: wide } = column(position);
    let below = 0;
    for (const part of ['cacheRead', 'cacheWrite', 'input'] as const) {
      const tokens = part === 'input' ? point.input - below : Math.min(point[part] ?? 0, point.input - below);
      if (!(tokens > 0)) continue;
      paths[part] += rectangle(left, y(below + tokens), wide, y(below) - y(below + tokens));
      below += tokens;
    }
    if (point.isCompaction) compactions.push({ x: left + wide / 2, y: top, position });
  }
  const labelEvery = Math.max(1, Math.ceil(28 / step));
  return {
    paths,
    compactions,
    ticks: y
      .ticks(Math.max(2, Math.floor((bottom - chartMargin.top) / 34)))
      .map((tokens) => ({ y: y(tokens), tokens })),
    labels: points.flatMap((_, position) => {
      const { x: left, width: wide } = column(position);
      return position % labelEvery === 0 ? [{ x: left + wide / 2, position }] : [];
    }),
    windowY: showsWindow ? y(window) : undefined,
    column,
    positionAt: (at) => Math.max(0, Math.min(points.length - 1, Math.floor((at - chartMargin.left) / step))),
  };
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${round(x)} ${round(y)}h${round(Math.max(width, 0.5))}v${round(height)}h${round(-Math.max(width, 0.5))}z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
