import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TimeRange } from '../../../src/layout/timeScale.ts';
import { type TimeRangeChangeDetails, Viewport } from '../../../src/react/viewport.ts';

type Told = [range: TimeRange | null, phase: string, reason: string];

let frames: FrameRequestCallback[] = [];
let now = 0;

/** Runs the frames that are asked for now; those that they ask for wait for the next call. */
function frame(time = 16): void {
  now += time;
  const due = frames;
  frames = [];
  for (const callback of due) callback(now);
}

function listening(viewport: Viewport): Told[] {
  const told: Told[] = [];
  viewport.setListener((range, details: TimeRangeChangeDetails) => told.push([range, details.phase, details.reason]));
  return told;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  frames = [];
  now = 0;
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('shows the whole trace to begin with', () => {
  const viewport = new Viewport(1000);
  expect(viewport.range).toEqual([0, 1000]);
  expect(viewport.isZoomed).toBe(false);
});

it('gives a trace without a length a range that can be drawn', () => {
  const viewport = new Viewport(0);
  expect(viewport.range[1]).toBeGreaterThan(viewport.range[0]);
});

it('zooms at a time so that the time keeps its place', () => {
  const viewport = new Viewport(1000);
  viewport.zoomAt(250, 0.5, { reason: 'wheel' });
  expect(viewport.range).toEqual([125, 625]);
  expect(viewport.scale.toUnit(250)).toBeCloseTo(0.25, 12);
});

it('never leaves the trace, whatever is asked', () => {
  const viewport = new Viewport(1000);
  viewport.setRange([900, 1400], { reason: 'api' });
  expect(viewport.range).toEqual([500, 1000]);
  viewport.panBy(-9, { reason: 'wheel' });
  expect(viewport.range).toEqual([0, 500]);
  viewport.setRange([700, 300], { reason: 'api' });
  expect(viewport.range).toEqual([0, 1000]);
});

it('tells of a gesture once a frame, and once when it ends', () => {
  const viewport = new Viewport(1000);
  viewport.onDraw(() => {});
  const told = listening(viewport);
  frame();
  for (let step = 0; step < 10; step++) viewport.zoomAt(500, 0.9, { reason: 'wheel' });
  expect(told).toEqual([]);
  frame();
  expect(told).toHaveLength(1);
  expect(told[0]!.slice(1)).toEqual(['change', 'wheel']);
  vi.advanceTimersByTime(1000);
  expect(told.map(([, phase]) => phase)).toEqual(['change', 'commit']);
  expect(told[1]![0]).toEqual(viewport.range);
});

it('tells null when the whole trace is in sight again', () => {
  const viewport = new Viewport(1000, [100, 200]);
  const told = listening(viewport);
  viewport.goTo(null, { reason: 'api' });
  expect(told).toEqual([[null, 'commit', 'api']]);
});

it('draws each view once in a frame, however often something moved', () => {
  const viewport = new Viewport(1000);
  const draw = vi.fn();
  viewport.onDraw(draw);
  frame();
  draw.mockClear();
  for (let step = 0; step < 50; step++) viewport.hover(step, step);
  frame();
  expect(draw).toHaveBeenCalledTimes(1);
});

it('draws nothing while nothing moves', () => {
  const viewport = new Viewport(1000);
  const draw = vi.fn();
  viewport.onDraw(draw);
  frame();
  draw.mockClear();
  for (let step = 0; step < 5; step++) frame();
  viewport.hover(-1, undefined);
  frame();
  expect(draw).not.toHaveBeenCalled();
});

it('moves to a range over several frames once it is on a page, and commits at the end', () => {
  const viewport = new Viewport(1000);
  viewport.connect();
  viewport.onDraw(() => {});
  const told = listening(viewport);
  viewport.goTo([400, 600], { reason: 'double-click' });
  frame();
  frame(100);
  expect(viewport.range[0]).toBeGreaterThan(0);
  expect(viewport.range[0]).toBeLessThan(400);
  frame(200);
  expect(viewport.range).toEqual([400, 600]);
  expect(told).toEqual([[[400, 600], 'commit', 'double-click']]);
});

it('snaps back to the range of its owner when a commit is not taken up', () => {
  const viewport = new Viewport(1000);
  viewport.onDraw(() => {});
  viewport.setControlled([0, 500]);
  frame();
  viewport.zoomAt(100, 0.5, { reason: 'wheel' });
  expect(viewport.range).not.toEqual([0, 500]);
  vi.advanceTimersByTime(1000);
  frame();
  frame();
  frame();
  expect(viewport.range).toEqual([0, 500]);
});

it('keeps what its owner takes up', () => {
  const viewport = new Viewport(1000);
  viewport.onDraw(() => {});
  viewport.setControlled([0, 500]);
  viewport.setListener((range, { phase }) => {
    if (phase === 'commit') viewport.setControlled(range);
  });
  viewport.zoomAt(0, 0.5, { reason: 'wheel' });
  vi.advanceTimersByTime(1000);
  frame();
  frame();
  frame();
  expect(viewport.range).toEqual([0, 250]);
});

it('keeps a view of the whole when the trace grows, and a view of a part where it is', () => {
  const whole = new Viewport(1000);
  whole.setDuration(3000);
  expect(whole.range).toEqual([0, 3000]);
  const part = new Viewport(1000, [100, 200]);
  part.setDuration(3000);
  expect(part.range).toEqual([100, 200]);
});

it('goes back and forth through the ranges that gestures came to', () => {
  const viewport = new Viewport(1000);
  expect([viewport.canGoBack, viewport.canGoForward]).toEqual([false, false]);
  viewport.goTo([100, 600], { reason: 'brush' });
  viewport.goTo([200, 300], { reason: 'brush' });
  viewport.travel(-1, { reason: 'click' });
  expect(viewport.range).toEqual([100, 600]);
  viewport.travel(-1, { reason: 'click' });
  expect([viewport.range, viewport.canGoBack, viewport.canGoForward]).toEqual([[0, 1000], false, true]);
  viewport.travel(1, { reason: 'click' });
  viewport.goTo([150, 250], { reason: 'brush' });
  expect(viewport.canGoForward).toBe(false);
  viewport.travel(1, { reason: 'click' });
  expect(viewport.range).toEqual([150, 250]);
});

/** Ten busy seconds, an hour in which nothing happens, ten more: the hour has a tenth of the width. */
const secondLong = 1e9;
const idleHour = [
  { range: [0, 10 * secondLong], share: 45 },
  { range: [10 * secondLong, 3610 * secondLong], share: 10, compressed: true },
  { range: [3610 * secondLong, 3620 * secondLong], share: 45 },
] as const;

function compressedViewport(): Viewport {
  const viewport = new Viewport(3620 * secondLong);
  viewport.setDuration(3620 * secondLong, idleHour);
  return viewport;
}

it('gives idle time a break of the width and no more', () => {
  const viewport = compressedViewport();
  expect(viewport.isZoomed).toBe(false);
  expect(viewport.scale.toUnit(10 * secondLong)).toBeCloseTo(0.45, 12);
  expect(viewport.scale.toUnit(3610 * secondLong)).toBeCloseTo(0.55, 12);
  viewport.setDuration(3620 * secondLong);
  expect(viewport.scale.toUnit(10 * secondLong)).toBeCloseTo(10 / 3620, 12);
});

it('zooms and pans over a break so that what is held keeps under the pointer', () => {
  const viewport = compressedViewport();
  const held = 3612 * secondLong;
  const before = viewport.scale.toUnit(held);
  viewport.zoomAt(held, 0.5, { reason: 'wheel' });
  expect(viewport.scale.toUnit(held)).toBeCloseTo(before, 9);
  expect(viewport.fullScale.toUnit(viewport.range[1]) - viewport.fullScale.toUnit(viewport.range[0])).toBeCloseTo(
    0.5,
    9,
  );
  const time = viewport.scale.toTime(0.7);
  viewport.carry(held, time, { reason: 'drag' });
  expect(viewport.scale.toUnit(held)).toBeCloseTo(0.7, 9);
  const width = () => viewport.fullScale.toUnit(viewport.range[1]) - viewport.fullScale.toUnit(viewport.range[0]);
  expect(width()).toBeCloseTo(0.5, 9);
  viewport.panBy(-9, { reason: 'keyboard' });
  expect(viewport.range[0]).toBe(0);
  expect(width()).toBeCloseTo(0.5, 9);
  viewport.zoomAt(held, 100, { reason: 'wheel' });
  expect(viewport.isZoomed).toBe(false);
});

it('tells the time inside of a break as any other time', () => {
  const viewport = compressedViewport();
  viewport.setRange([1000 * secondLong, 1001 * secondLong], { reason: 'api' });
  expect(viewport.scale.segments).toHaveLength(1);
  expect(viewport.scale.segments[0]!.compressed).toBeUndefined();
  expect(viewport.scale.toUnit(1000.5 * secondLong)).toBeCloseTo(0.5, 6);
});
