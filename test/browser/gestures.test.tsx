import { expect, it, onTestFinished, vi } from 'vitest';
import { attachTimeGestures, type TimeGestures } from '../../src/react/gestures.ts';
import { Viewport } from '../../src/react/viewport.ts';

// 1000 ns over 1000 px, from the page's left edge.
function setUp(gestures: Partial<TimeGestures> = {}) {
  const element = document.createElement('div');
  element.style.cssText = 'position: fixed; left: 0; top: 0; width: 1000px; height: 100px';
  document.body.append(element);
  const viewport = new Viewport(1000, [200, 700]);
  const commits = vi.fn();
  viewport.setListener((range, details) => details.phase === 'commit' && commits(range, details.reason));
  const timeAt = (clientX: number) => viewport.scale.toTime(clientX / 1000);
  const detach = attachTimeGestures(element, { viewport, timeAt, ...gestures });
  onTestFinished(() => {
    detach();
    element.remove();
  });
  return { element, viewport, commits, detach };
}

function wheel(element: Element, init: WheelEventInit): boolean {
  return element.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: 500, ...init }));
}

function pointer(element: Element, type: string, x: number, init: PointerEventInit = {}): void {
  const buttons = type === 'pointerup' ? 0 : 1;
  const button = type === 'pointermove' ? -1 : 0;
  element.dispatchEvent(
    new PointerEvent(type, {
      bubbles: true,
      cancelable: true,
      clientX: x,
      clientY: 50,
      pointerId: 1,
      button,
      buttons,
      ...init,
    }),
  );
}

function click(element: Element, x: number): void {
  element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, clientX: x }));
}

it('zooms at the pointer with Ctrl and the wheel, and keeps the page from zooming', () => {
  const { element, viewport } = setUp();
  expect(wheel(element, { deltaY: -100, ctrlKey: true, clientX: 400 })).toBe(false);
  const [start, end] = viewport.range;
  expect(end - start).toBeLessThan(500);
  expect(start + 0.4 * (end - start)).toBeCloseTo(400, 6);
});

it('pans with Shift and the wheel, and leaves a plain wheel to the scroll container', () => {
  const { element, viewport } = setUp();
  expect(wheel(element, { deltaY: 100, shiftKey: true })).toBe(false);
  expect(viewport.range).toEqual([250, 750]);
  expect(wheel(element, { deltaY: 100 })).toBe(true);
  expect(viewport.range).toEqual([250, 750]);
});

it('leaves a sideways wheel to the page where the whole trace is shown', () => {
  const { element, viewport } = setUp();
  viewport.goTo(null, { reason: 'api' });
  expect(wheel(element, { deltaX: 100 })).toBe(true);
});

it('tells the end of a wheel gesture once', async () => {
  const { element, commits } = setUp();
  for (let turn = 0; turn < 5; turn++) wheel(element, { deltaX: 10 });
  await vi.waitFor(() => expect(commits).toHaveBeenCalledWith([225, 725], 'wheel'));
  expect(commits).toHaveBeenCalledTimes(1);
});

it('drags the time that was taken hold of along with the pointer', () => {
  const { element, viewport, commits } = setUp();
  pointer(element, 'pointerdown', 500);
  pointer(element, 'pointermove', 503);
  expect(viewport.range).toEqual([200, 700]);
  pointer(element, 'pointermove', 600);
  expect(viewport.range).toEqual([150, 650]);
  expect(element).toHaveAttribute('data-dragging');
  // Beyond the trace's start it stays, and comes along again only where it was left.
  pointer(element, 'pointermove', 1200);
  expect(viewport.range).toEqual([0, 500]);
  pointer(element, 'pointermove', 600);
  expect(viewport.range).toEqual([150, 650]);
  pointer(element, 'pointerup', 600);
  expect(commits).toHaveBeenCalledExactlyOnceWith([150, 650], 'drag');
  expect(element).not.toHaveAttribute('data-dragging');
});

it('keeps a click a click, and takes no drag for one', async () => {
  const onTap = vi.fn();
  const { element } = setUp({ onTap });
  const outside = vi.fn();
  document.body.addEventListener('click', outside);
  onTestFinished(() => document.body.removeEventListener('click', outside));
  pointer(element, 'pointerdown', 500);
  pointer(element, 'pointermove', 502);
  pointer(element, 'pointerup', 502);
  click(element, 502);
  expect(onTap).toHaveBeenCalledTimes(1);
  expect(outside).toHaveBeenCalledTimes(1);
  pointer(element, 'pointerdown', 500);
  pointer(element, 'pointermove', 520);
  pointer(element, 'pointerup', 520);
  click(element, 520);
  expect(onTap).toHaveBeenCalledTimes(1);
  expect(outside).toHaveBeenCalledTimes(1);
  // What is clicked by assistive technology later has no press before it.
  await new Promise((resolve) => setTimeout(resolve, 1));
  click(element, 520);
  expect(onTap).toHaveBeenCalledTimes(2);
});

it('drags up and down by mouse, while a finger scrolls', () => {
  const onDragVertically = vi.fn();
  const { element } = setUp({ onDragVertically });
  pointer(element, 'pointerdown', 500, { clientY: 50, pointerType: 'mouse' });
  pointer(element, 'pointermove', 500, { clientY: 70, pointerType: 'mouse' });
  pointer(element, 'pointerup', 500, { pointerType: 'mouse' });
  expect(onDragVertically).toHaveBeenCalledExactlyOnceWith(20);
  pointer(element, 'pointerdown', 500, { clientY: 50, pointerType: 'touch' });
  pointer(element, 'pointermove', 520, { clientY: 70, pointerType: 'touch' });
  pointer(element, 'pointerup', 520, { pointerType: 'touch' });
  expect(onDragVertically).toHaveBeenCalledTimes(1);
  expect(element.style.touchAction).toBe('pan-y');
});

it('zooms by two fingers, the time between them held, and goes on dragging with the one that stays', () => {
  const { element, viewport, commits } = setUp();
  const finger = (type: string, id: number, x: number) =>
    pointer(element, type, x, { pointerId: id, pointerType: 'touch', isPrimary: id === 1 });
  finger('pointerdown', 1, 400);
  finger('pointerdown', 2, 600);
  finger('pointermove', 1, 300);
  finger('pointermove', 2, 700);
  const [start, end] = viewport.range;
  expect(end - start).toBeCloseTo(250, 6);
  expect((start + end) / 2).toBeCloseTo(450, 6);
  finger('pointerup', 2, 700);
  finger('pointermove', 1, 400);
  expect(viewport.range[0]).toBeCloseTo(start - 25, 6);
  finger('pointerup', 1, 400);
  expect(commits).toHaveBeenCalledTimes(1);
});

it('ends a drag whose button was let go outside of the window', () => {
  const { element, viewport } = setUp();
  pointer(element, 'pointerdown', 500);
  pointer(element, 'pointermove', 600);
  pointer(element, 'pointermove', 900, { buttons: 0 });
  expect(viewport.range).toEqual([150, 650]);
  expect(element).not.toHaveAttribute('data-dragging');
});

it('reports a double click, and nothing once it is taken off', () => {
  const onDoubleTap = vi.fn();
  const { element, viewport, detach } = setUp({ onDoubleTap });
  element.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  expect(onDoubleTap).toHaveBeenCalledTimes(1);
  pointer(element, 'pointerdown', 500);
  pointer(element, 'pointermove', 600);
  detach();
  const { range } = viewport;
  pointer(element, 'pointermove', 700);
  wheel(element, { deltaY: -100, ctrlKey: true });
  element.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  expect(viewport.range).toEqual(range);
  expect(onDoubleTap).toHaveBeenCalledTimes(1);
  expect(element).not.toHaveAttribute('data-dragging');
});

it('zooms to what is dragged out where a drag brushes, and takes it back by Escape', async () => {
  const { element, viewport, commits } = setUp({ dragKind: () => 'brush' });
  const brush = () => {
    pointer(element, 'pointerdown', 200);
    pointer(element, 'pointermove', 300);
    pointer(element, 'pointermove', 400);
  };
  brush();
  expect(viewport.marked).toEqual({ kind: 'brush', range: [300, 400] });
  expect(viewport.range).toEqual([200, 700]);
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  pointer(element, 'pointerup', 400);
  expect(viewport.marked).toBeUndefined();
  expect(commits).not.toHaveBeenCalled();
  brush();
  pointer(element, 'pointerup', 400);
  expect(viewport.marked).toBeUndefined();
  expect(commits).toHaveBeenLastCalledWith([300, 400], 'brush');
});

it('measures with Shift, and keeps what was measured until the next click', () => {
  const { element, viewport } = setUp();
  pointer(element, 'pointerdown', 600, { shiftKey: true });
  pointer(element, 'pointermove', 500, { shiftKey: true });
  pointer(element, 'pointermove', 400, { shiftKey: true });
  pointer(element, 'pointerup', 400, { shiftKey: true });
  click(element, 400);
  expect(viewport.marked).toEqual({ kind: 'measure', range: [400, 500] });
  expect(viewport.range).toEqual([200, 700]);
  pointer(element, 'pointerdown', 100);
  pointer(element, 'pointerup', 100);
});
