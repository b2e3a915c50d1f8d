import { expect, it } from 'vitest';
import { timeKey, type WheelLike, wheelIntent, zoomByKey } from '../../../src/react/gestures.ts';
import { Viewport } from '../../../src/react/viewport.ts';

const wheel = (part: Partial<WheelLike>): WheelLike => ({
  deltaX: 0,
  deltaY: 0,
  deltaMode: 0,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...part,
});
const zoomOf = (part: Partial<WheelLike>) => {
  const intent = wheelIntent(wheel(part), 600);
  if (intent?.type !== 'zoom') throw new Error(`This wheel gives ${JSON.stringify(intent)}, which is no zoom.`);
  return intent.factor;
};

it('leaves a plain vertical wheel to the scroll container', () => {
  expect(wheelIntent(wheel({ deltaY: 100 }), 600)).toBeUndefined();
  expect(wheelIntent(wheel({ deltaY: 30, deltaX: 20 }), 600)).toBeUndefined();
  expect(wheelIntent(wheel({}), 600)).toBeUndefined();
});

it('pans by a sideways wheel, and by any wheel with Shift whichever axis the system gives it', () => {
  expect(wheelIntent(wheel({ deltaX: -30, deltaY: 10 }), 600)).toEqual({ type: 'pan', pixels: -30 });
  expect(wheelIntent(wheel({ deltaY: 100, shiftKey: true }), 600)).toEqual({ type: 'pan', pixels: 100 });
  expect(wheelIntent(wheel({ deltaX: 100, shiftKey: true }), 600)).toEqual({ type: 'pan', pixels: 100 });
});

it('counts lines and pages in pixels', () => {
  expect(wheelIntent(wheel({ deltaX: 3, deltaMode: 1 }), 600)).toEqual({ type: 'pan', pixels: 48 });
  expect(wheelIntent(wheel({ deltaX: 1, deltaMode: 2 }), 600)).toEqual({ type: 'pan', pixels: 600 });
});

it('zooms in upwards and out downwards with Ctrl or ⌘', () => {
  expect(zoomOf({ deltaY: -100, ctrlKey: true })).toBeLessThan(1);
  expect(zoomOf({ deltaY: 100, metaKey: true })).toBeGreaterThan(1);
  expect(wheelIntent(wheel({ ctrlKey: true }), 600)).toBeUndefined();
});

it('follows a trackpad pinch exactly where it is small and holds a mouse wheel back', () => {
  expect(zoomOf({ deltaY: -2, ctrlKey: true })).toBeCloseTo(0.98, 3);
  expect(zoomOf({ deltaY: -1e6, ctrlKey: true })).toBeCloseTo(Math.exp(-0.4), 10);
});

it('undoes a zoom by the opposite one', () => {
  for (const deltaY of [1, 7, 53, 120, 4000]) {
    expect(zoomOf({ deltaY, ctrlKey: true }) * zoomOf({ deltaY: -deltaY, ctrlKey: true })).toBeCloseTo(1, 12);
  }
});

it('brings the time that was taken hold of under the fingers, and stretches around it', () => {
  // The fingers' middle is at a quarter of [0, 100] and holds the time 40.
  const viewport = new Viewport(1000);
  expect(viewport.carried([0, 100], 40, 25, 0.5)).toEqual([27.5, 77.5]);
  expect(viewport.carried([0, 100], 40, 25)).toEqual([15, 115]);
});

it('reads zoom keys and leaves those that the browser zooms the page by', () => {
  const press = (key: string, ctrlKey = false) => timeKey({ key, ctrlKey, metaKey: false, altKey: false });
  expect(['+', '=', '-', '0', 'a'].map((key) => press(key))).toEqual([
    'zoom-in',
    'zoom-in',
    'zoom-out',
    'zoom-reset',
    undefined,
  ]);
  expect(press('+', true)).toBeUndefined();
});

it('zooms by keys around the time in sight, else around the middle, and back to the whole', () => {
  const viewport = new Viewport(1000);
  zoomByKey(viewport, 'zoom-in', 200);
  expect(viewport.range).toEqual([100, 600]);
  zoomByKey(viewport, 'zoom-in', 900);
  expect(viewport.range).toEqual([225, 475]);
  zoomByKey(viewport, 'zoom-out', undefined);
  expect(viewport.range).toEqual([100, 600]);
  zoomByKey(viewport, 'zoom-reset', undefined);
  expect(viewport.range).toEqual([0, 1000]);
});
