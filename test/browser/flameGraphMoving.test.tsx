import 'spanscope/styles.css';
import { render, screen } from '@testing-library/react';
import { expect, it, onTestFinished, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import type { TimeRange } from '../../src/layout/timeScale.ts';
import { FlameGraph, type FlameGraphProps } from '../../src/react/FlameGraph.tsx';
import { TraceProvider, useTraceViewContext } from '../../src/react/TraceProvider.tsx';
import type { Viewport } from '../../src/react/viewport.ts';
import { traceFromText } from '../traceFromText.ts';

const width = 816;
const height = 260;
const laneHeight = 20;
/** Of the stage, which has 8 px on each side. */
const canvasWidth = 800;

const trace = traceFromText(
  `agent [0 1000]\n  plan [0 200]\n  search [200 600]\n    http [300 500]\n  answer [700 1000]\n${deepRun()}`,
  { unit: 1e6 },
);

it('zooms with Ctrl and the wheel around the time under the cursor', async () => {
  const { viewport } = await draw();
  const held = viewport.scale.toTime(0.25);
  turn({ x: 0.25 * canvasWidth, deltaY: -100, ctrlKey: true });
  turn({ x: 0.25 * canvasWidth, deltaY: -100, ctrlKey: true });
  expect(lengthOf(viewport.range)).toBeLessThan(0.6 * lengthOf(viewport.full));
  expect(viewport.scale.toTime(0.25)).toBeCloseTo(held, 0);
  turn({ x: 0.25 * canvasWidth, deltaY: 400, metaKey: true });
  turn({ x: 0.25 * canvasWidth, deltaY: 400, metaKey: true });
  turn({ x: 0.25 * canvasWidth, deltaY: 400, metaKey: true });
  expect(viewport.isZoomed).toBe(false);
});

it('draws a block at the cursor where it was before the zoom', async () => {
  await draw();
  const edge = Math.round(0.2 * canvasWidth);
  const gapBefore = [edge - 2, edge - 1, edge].map((x) => isPainted(x, 1));
  turn({ x: edge, deltaY: -100, ctrlKey: true });
  await frames();
  expect([edge - 2, edge - 1, edge].map((x) => isPainted(x, 1))).toEqual(gapBefore);
  expect(gapBefore).toContain(false);
});

it('pans sideways with the wheel and by a drag, and up and down by a drag and the scroll container', async () => {
  const { viewport } = await draw({ defaultTimeRange: [400e6, 600e6] });
  turn({ x: 400, deltaX: 80 });
  expect(viewport.range).toEqual([420e6, 620e6]);
  turn({ x: 400, deltaY: -80, shiftKey: true });
  expect(viewport.range).toEqual([400e6, 600e6]);
  drag([400, 200], [480, 120]);
  expect(viewport.range).toEqual([380e6, 580e6]);
  expect(scroller().scrollTop).toBe(80);
  drag([400, 100], [400, 130]);
  expect(viewport.range).toEqual([380e6, 580e6]);
  expect(scroller().scrollTop).toBe(50);
  // A plain wheel is the scroll container's.
  expect(turn({ x: 400, deltaY: 100 })).toBe(true);
});

it('zooms by two fingers around the time between them', async () => {
  const { viewport } = await draw();
  const touch = { pointerType: 'touch' };
  press('pointerdown', 300, 100, { ...touch, pointerId: 1 });
  press('pointerdown', 500, 100, { ...touch, pointerId: 2, isPrimary: false });
  const held = viewport.scale.toTime(0.5);
  press('pointermove', 200, 100, { ...touch, pointerId: 1 });
  press('pointermove', 600, 100, { ...touch, pointerId: 2, isPrimary: false });
  expect(lengthOf(viewport.range)).toBeCloseTo(lengthOf(viewport.full) / 2, 0);
  expect(viewport.scale.toTime(0.5)).toBeCloseTo(held, 0);
  press('pointerup', 200, 100, { ...touch, pointerId: 1 });
  press('pointerup', 600, 100, { ...touch, pointerId: 2, isPrimary: false });
});

it('zooms by keys around the span in focus, and goes back to all by 0', async () => {
  const { viewport } = await draw();
  stillMotion();
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}+');
  expect(viewport.range).toEqual([200e6, 700e6]);
  await userEvent.keyboard('-');
  expect(viewport.isZoomed).toBe(false);
  await userEvent.keyboard('++0');
  expect(viewport.isZoomed).toBe(false);
});

it('fits a span by a double click and by Enter, tells the path to it, and leads back by it and by Backspace', async () => {
  const { viewport } = await draw({ controls: true });
  stillMotion();
  await userEvent.dblClick(stage(), { position: { x: 0.4 * canvasWidth, y: 6 + 2 * laneHeight + 9 } });
  await vi.waitFor(() => expect(screen.getByRole('navigation')).toHaveTextContent('Allagentsearchhttp'));
  expectRangeOf(viewport, [300e6, 500e6]);
  await userEvent.click(screen.getByRole('button', { name: 'search' }));
  expectRangeOf(viewport, [200e6, 600e6]);
  expect(screen.getByRole('navigation')).toHaveTextContent('Allagentsearch');
  const http = screen.getByRole('treeitem', { name: /^http/ });
  http.focus();
  await userEvent.keyboard('{Enter}');
  expectRangeOf(viewport, [300e6, 500e6]);
  await userEvent.keyboard('{Backspace}');
  expectRangeOf(viewport, [200e6, 600e6]);
  await userEvent.click(screen.getByRole('button', { name: 'All' }));
  await vi.waitFor(() => expect(screen.queryByRole('navigation')).toBeNull());
  expect(viewport.isZoomed).toBe(false);
});

it('moves to a span in 150 to 250 ms, one way all along', async () => {
  const { viewport } = await draw();
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  const lengths: number[] = [];
  const times: number[] = [];
  const stop = viewport.onDraw((now) => {
    if (times.length > 0 && lengthOf(viewport.range) === lengths.at(-1)) return;
    lengths.push(lengthOf(viewport.range));
    times.push(now);
  });
  await frames(1);
  lengths.length = 0;
  times.length = 0;
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expectRangeOf(viewport, [200e6, 600e6]));
  stop();
  // Frames may be late on a machine with other work: the time is that of the first frame to that of the last, and one frame more.
  const took = times.at(-1)! - times[0]!;
  expect(took).toBeGreaterThan(100);
  expect(took).toBeLessThan(400);
  expect(lengths.length).toBeGreaterThan(3);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
});

it('is there at once where motion is reduced', async () => {
  const { viewport } = await draw();
  const session = cdp();
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value: 'reduce' }] });
  onTestFinished(async () => {
    await session.send('Emulation.setEmulatedMedia', { features: [] });
  });
  const http = screen.getAllByRole('treeitem')[0]!;
  http.focus();
  const ranges = new Set<number>();
  const stop = viewport.onDraw(() => ranges.add(lengthOf(viewport.range)));
  await userEvent.keyboard('{ArrowDown}{ArrowRight}{Enter}');
  await frames(3);
  stop();
  expectRangeOf(viewport, [200e6, 600e6]);
  expect(ranges.size).toBeLessThanOrEqual(2);
});

it('moves as well where idle time is compressed, the cursor on the time it was on', async () => {
  const idle = traceFromText('run [0 100000]\n  first [0 100]\n  last [99900 100000]', { unit: 1e6 });
  const { viewport } = await draw({ trace: idle, defaultViewState: { compress: true } });
  expect(viewport.isCompressed).toBe(true);
  const held = viewport.scale.toTime(0.2);
  turn({ x: 0.2 * canvasWidth, deltaY: -60, ctrlKey: true });
  expect(viewport.isZoomed).toBe(true);
  expect(Math.abs(viewport.scale.toTime(0.2) - held)).toBeLessThan(1e3);
});

async function draw(props: Partial<FlameGraphProps> = {}): Promise<{ viewport: Viewport }> {
  let viewport: Viewport | undefined;
  function Inside() {
    viewport = useTraceViewContext().viewport;
    return null;
  }
  const { controls, trace: shown = trace, ...state } = props;
  render(
    <TraceProvider trace={shown} {...state}>
      <FlameGraph style={{ width, height }} controls={controls ?? false} />
      <Inside />
    </TraceProvider>,
  );
  await frames();
  return { viewport: viewport! };
}

/** Sixty levels below the last second: more than the window holds. */
function deepRun(): string {
  return Array.from({ length: 60 }, (_, at) => `${'  '.repeat(at + 2)}level${at} [${700 + at} 1000]`).join('\n');
}

async function frames(count = 2): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** As `prefers-reduced-motion` says, for tests of where a movement leads to. */
function stillMotion(): void {
  const own = window.matchMedia;
  vi.spyOn(window, 'matchMedia').mockImplementation((query) =>
    query.includes('prefers-reduced-motion') ? ({ matches: true } as MediaQueryList) : own.call(window, query),
  );
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
}

function stage(): HTMLElement {
  return document.querySelector<HTMLElement>('.spanscope-flame-stage')!;
}

function scroller(): HTMLElement {
  return document.querySelector<HTMLElement>('.spanscope-flame-scroller')!;
}

function isPainted(x: number, lane: number): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.spanscope-flame-canvas')!;
  return canvas.getContext('2d')!.getImageData(x, 6 + lane * laneHeight + 15, 1, 1).data[3]! > 0;
}

/** @returns whether the browser goes on with the wheel itself */
function turn({ x, ...init }: WheelEventInit & { x: number }): boolean {
  const clientX = stage().getBoundingClientRect().left + x;
  return stage().dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX, ...init }));
}

function press(type: string, x: number, y: number, init: PointerEventInit = {}): void {
  const { left, top } = stage().getBoundingClientRect();
  const isUp = type === 'pointerup';
  stage().dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      clientX: left + x,
      clientY: top + y,
      pointerId: 1,
      isPrimary: true,
      button: type === 'pointermove' ? -1 : 0,
      buttons: isUp ? 0 : 1,
      ...init,
    }),
  );
}

function drag([x, y]: [number, number], [toX, toY]: [number, number]): void {
  press('pointerdown', x, y);
  press('pointermove', toX, toY);
  press('pointerup', toX, toY);
}

function lengthOf([start, end]: TimeRange): number {
  return end - start;
}

/** The span's own time with some air around it. */
function expectRangeOf(viewport: Viewport, [start, end]: TimeRange): void {
  const air = (end - start) * 0.06;
  expect(viewport.range[0]).toBeLessThanOrEqual(start);
  expect(viewport.range[0]).toBeGreaterThan(start - air);
  expect(viewport.range[1]).toBeGreaterThanOrEqual(end);
  expect(viewport.range[1]).toBeLessThan(end + air);
}
