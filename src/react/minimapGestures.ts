import type { TimeRange } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { ChangeDetails, Viewport } from './viewport.ts';

/** A press that moves less far is a click. */
const dragThreshold: CssPixels = 4;

type Drag =
  | { type: 'edge'; edge: 0 | 1 }
  | { type: 'pan'; from: Nanoseconds; range: TimeRange }
  | { type: 'brush'; from: Nanoseconds };

/**
 * Moves the window of time over a picture of the whole trace: a handle moves one edge, the window itself pans, anywhere
 * else a stretch is dragged out, and a click brings the window there. A double click shows the whole.
 *
 * @returns what takes all listeners off again
 */
export function attachMinimapGestures(
  element: HTMLElement,
  viewport: Viewport,
  timeAt: (clientX: CssPixels) => Nanoseconds,
): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let drag: Drag | undefined;
  let downX = 0;
  let hasMoved = false;

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    drag = dragAt(event.target as Element, timeAt(event.clientX), viewport);
    downX = event.clientX;
    hasMoved = false;
    capture(element, event.pointerId);
  };
  const onMove = (event: PointerEvent) => {
    if (!drag) return;
    hasMoved ||= Math.abs(event.clientX - downX) >= dragThreshold;
    if (!hasMoved) return;
    element.toggleAttribute('data-dragging', true);
    move(viewport, drag, timeAt(event.clientX), event);
  };
  const onEnd = (event: PointerEvent) => {
    const ended = drag;
    drag = undefined;
    element.toggleAttribute('data-dragging', false);
    if (!ended) return;
    const marked = viewport.marked;
    viewport.mark(undefined);
    if (event.type !== 'pointerup') return;
    if (!hasMoved) {
      if (ended.type === 'brush') centerAt(viewport, ended.from, { reason: 'click', event });
    } else if (ended.type !== 'brush') viewport.endGesture({ reason: 'drag', event });
    else if (marked && marked.range[1] > marked.range[0]) viewport.goTo(marked.range, { reason: 'brush', event });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || drag?.type !== 'brush') return;
    event.stopPropagation();
    drag = undefined;
    viewport.mark(undefined);
  };

  element.addEventListener('pointerdown', onDown, { signal });
  element.addEventListener('pointermove', onMove, { signal });
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    element.addEventListener(type, onEnd, { signal });
  }
  element.addEventListener('dblclick', (event) => viewport.goTo(null, { reason: 'double-click', event }), { signal });
  element.ownerDocument.addEventListener('keydown', onKey, { signal, capture: true });
  return () => listening.abort();
}

function dragAt(target: Element, time: Nanoseconds, viewport: Viewport): Drag {
  const edge = target.closest<HTMLElement>('[data-edge]')?.dataset.edge;
  if (edge) return { type: 'edge', edge: edge === 'start' ? 0 : 1 };
  const { range } = viewport;
  const isInside = viewport.isZoomed && time >= range[0] && time <= range[1];
  return isInside ? { type: 'pan', from: time, range } : { type: 'brush', from: time };
}

function move(viewport: Viewport, drag: Drag, time: Nanoseconds, event: Event): void {
  const details: ChangeDetails = { reason: 'drag', event };
  if (drag.type === 'brush') {
    viewport.mark({ kind: 'brush', range: [Math.min(drag.from, time), Math.max(drag.from, time)] });
  } else if (drag.type === 'pan') {
    viewport.setRange(viewport.carried(drag.range, time, drag.from), details);
  } else moveEdge(viewport, drag.edge, time, details);
}

/** Moves one edge and leaves the other where it is, which it does not pass. */
export function moveEdge(viewport: Viewport, edge: 0 | 1, time: Nanoseconds, details: ChangeDetails): void {
  const [start, end] = viewport.range;
  const shortest = Math.min(end - start, 20);
  viewport.setRange(
    edge === 0 ? [Math.min(time, end - shortest), end] : [start, Math.max(time, start + shortest)],
    details,
  );
}

function centerAt(viewport: Viewport, time: Nanoseconds, details: ChangeDetails): void {
  if (!viewport.isZoomed) return;
  viewport.goTo(viewport.carried(viewport.range, time, viewport.scale.toTime(0.5)), details);
}

function capture(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // The pointer has gone in the meantime, or a test made it up.
  }
}
