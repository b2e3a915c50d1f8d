import type { TimeRange } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { ChangeDetails, MarkedTime, Viewport } from './viewport.ts';

/** What moves time by hand, in every view alike: wheel, drag, pinch. */
export interface TimeGestures {
  viewport: Viewport;
  /**
   * The time that `viewport.range` has at `clientX` now. It goes on beside the element, as a drag does; undefined where
   * there is no time at all (no width yet), and then nothing moves.
   */
  timeAt: (clientX: CssPixels) => Nanoseconds | undefined;
  /**
   * What a drag by mouse or pen does: move the time, zoom to what is dragged out, or measure it. A finger always moves.
   * @default 'pan', and 'measure' with Shift
   */
  dragKind?: (event: PointerEvent) => 'pan' | MarkedTime['kind'];
  /** A click that was no drag. */
  onTap?: (event: MouseEvent) => void;
  onDoubleTap?: (event: MouseEvent) => void;
  /** A drag by mouse or pen also moves up and down. A finger does not come here: it scrolls the container itself. */
  onDragVertically?: (pixels: CssPixels) => void;
}

/** A press that moves less far is a click. */
const dragThreshold: CssPixels = 4;
/** Two fingers closer than this say nothing of a zoom. */
const shortestPinch: CssPixels = 12;
const lineHeight: CssPixels = 16;
/** A notch of a mouse wheel is 100 px and more, a step of a trackpad's pinch 1 to 20: no event zooms by more than e^0.4. */
const strongestZoom = 0.4;

const panOrMeasure = (event: PointerEvent) => (event.shiftKey ? 'measure' : 'pan');

/**
 * Ctrl or ⌘ with the wheel zooms at the pointer, Shift with the wheel and a sideways wheel pan, a drag pans (with
 * Shift it measures), two fingers zoom. A plain wheel is left to the scroll container. While a drag lasts the element carries `data-dragging`.
 *
 * @returns what takes all listeners off again
 */
export function attachTimeGestures(element: HTMLElement, gestures: TimeGestures): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  const { touchAction } = element.style;
  // The browser keeps scrolling up and down; what goes sideways, and two fingers, come here.
  element.style.touchAction = 'pan-y';
  attachWheel(element, gestures, signal);
  attachTrackpadPinch(element, gestures, signal);
  const endPress = attachPointers(element, gestures, signal);
  element.addEventListener('dblclick', (event) => gestures.onDoubleTap?.(event), { signal });
  return () => {
    listening.abort();
    endPress();
    element.style.touchAction = touchAction;
  };
}

export type WheelIntent = { type: 'zoom'; factor: number } | { type: 'pan'; pixels: CssPixels };

export type WheelLike = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/**
 * What a turn of the wheel asks for; undefined where it scrolls the page or the list. `factor` is below 1 to zoom in and
 * follows Chromium, which tells a trackpad's pinch by `s` as a wheel of `-100 ln s` with Ctrl held.
 */
export function wheelIntent(wheel: WheelLike, pageHeight: CssPixels): WheelIntent | undefined {
  const unit = wheel.deltaMode === 1 ? lineHeight : wheel.deltaMode === 2 ? pageHeight : 1;
  const deltaX = wheel.deltaX * unit;
  const deltaY = wheel.deltaY * unit;
  if (wheel.ctrlKey || wheel.metaKey) {
    const turn = (deltaY || deltaX) / 100;
    return turn === 0 ? undefined : { type: 'zoom', factor: Math.exp(strongestZoom * Math.tanh(turn / strongestZoom)) };
  }
  // With Shift some systems turn the axes themselves and some do not.
  if (wheel.shiftKey && deltaX === 0) return deltaY === 0 ? undefined : { type: 'pan', pixels: deltaY };
  return Math.abs(deltaX) > Math.abs(deltaY) ? { type: 'pan', pixels: deltaX } : undefined;
}

export type TimeKey = 'zoom-in' | 'zoom-out' | 'zoom-reset';

const timeKeys: ReadonlyMap<string, TimeKey> = new Map([
  ['+', 'zoom-in'],
  ['=', 'zoom-in'],
  ['-', 'zoom-out'],
  ['−', 'zoom-out'],
  ['_', 'zoom-out'],
  ['0', 'zoom-reset'],
]);

/** The zoom that a key asks for. Keys held with Ctrl, ⌘ or Alt belong to the browser, which zooms the page by them. */
export function timeKey(press: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): TimeKey | undefined {
  return press.ctrlKey || press.metaKey || press.altKey ? undefined : timeKeys.get(press.key);
}

/** Zooms by a key around `time`, or around the middle of what is shown where `time` is out of sight. */
export function zoomByKey(viewport: Viewport, key: TimeKey, time: Nanoseconds | undefined, event?: Event): void {
  const details: ChangeDetails = { reason: 'keyboard', event };
  if (key === 'zoom-reset') {
    viewport.goTo(null, details);
    return;
  }
  const [start, end] = viewport.range;
  const isInSight = time !== undefined && time >= start && time <= end;
  const around = isInSight ? time : viewport.scale.toTime(0.5);
  viewport.goTo(viewport.carried(viewport.range, around, around, key === 'zoom-in' ? 0.5 : 2), details);
}

/** Zooms or pans by a key as `zoomByKey` does; a pan moves by a quarter of what is shown. */
export function moveByKey(
  viewport: Viewport,
  key: 'zoom-in' | 'zoom-out' | 'pan-left' | 'pan-right',
  time: Nanoseconds | undefined,
  event?: Event,
): void {
  if (key === 'zoom-in' || key === 'zoom-out') zoomByKey(viewport, key, time, event);
  else viewport.panBy(key === 'pan-left' ? -0.25 : 0.25, { reason: 'keyboard', event });
}

function attachWheel(element: HTMLElement, { viewport, timeAt }: TimeGestures, signal: AbortSignal): void {
  const onWheel = (event: WheelEvent) => {
    const intent = event.defaultPrevented ? undefined : wheelIntent(event, element.clientHeight);
    const time = intent && timeAt(event.clientX);
    if (!intent || time === undefined) return;
    const details: ChangeDetails = { reason: 'wheel', event };
    if (intent.type === 'zoom') {
      // Also where the zoom is at its limit: else the browser zooms the page in the middle of the gesture.
      event.preventDefault();
      viewport.zoomAt(time, intent.factor, details);
    } else if (viewport.isZoomed) {
      event.preventDefault();
      viewport.carry(timeAt(event.clientX + intent.pixels) ?? time, time, details);
    }
  };
  element.addEventListener('wheel', onWheel, { signal, passive: false });
}

/** Safari tells a trackpad's pinch by events of its own. On iOS they come besides the pointers, which are enough there. */
function attachTrackpadPinch(element: HTMLElement, { viewport, timeAt }: TimeGestures, signal: AbortSignal): void {
  type GestureEvent = Event & { scale: number; clientX: CssPixels };
  if (typeof navigator !== 'undefined' && navigator.maxTouchPoints > 0) return;
  let lastScale = 1;
  const on = (type: string, listener: (event: GestureEvent) => void) =>
    element.addEventListener(type, (event) => listener(event as GestureEvent), { signal, passive: false });
  on('gesturestart', (event) => {
    event.preventDefault();
    lastScale = 1;
  });
  on('gesturechange', (event) => {
    event.preventDefault();
    const time = timeAt(event.clientX);
    if (time === undefined || !(event.scale > 0)) return;
    viewport.zoomAt(time, lastScale / event.scale, { reason: 'pinch', event });
    lastScale = event.scale;
  });
  on('gestureend', (event) => viewport.endGesture({ reason: 'pinch', event }));
}

interface Point {
  x: CssPixels;
  y: CssPixels;
}

/** What pointers that are down do: nothing yet, move the time they hold, or stretch the time between them. */
type Press =
  | { type: 'click'; from: Point }
  | { type: 'drag'; time: Nanoseconds; last: Point }
  | { type: 'mark'; time: Nanoseconds; kind: MarkedTime['kind'] }
  | { type: 'pinch'; time: Nanoseconds; distance: CssPixels };

/** @returns what ends a press that is under way */
function attachPointers(element: HTMLElement, gestures: TimeGestures, signal: AbortSignal): () => void {
  const { viewport, timeAt } = gestures;
  const pointers = new Map<number, Point>();
  let press: Press | undefined;
  let hasMoved = false;

  const beginPress = () => {
    const [first, second] = pointers.values();
    if (first && second) {
      const time = timeAt((first.x + second.x) / 2);
      press = time === undefined ? undefined : { type: 'pinch', time, distance: pinchDistance(first, second) };
      if (press) begin();
    } else {
      press = first && (hasMoved ? panFrom(first) : { type: 'click', from: { ...first } });
    }
  };
  const panFrom = (point: Point): Press | undefined => {
    const time = timeAt(point.x);
    return time === undefined ? undefined : { type: 'drag', time, last: { ...point } };
  };
  const dragFrom = (point: Point, event: PointerEvent): Press | undefined => {
    const kind = event.pointerType === 'touch' ? 'pan' : (gestures.dragKind ?? panOrMeasure)(event);
    if (kind === 'pan') return panFrom(point);
    const time = timeAt(point.x);
    return time === undefined ? undefined : { type: 'mark', time, kind };
  };
  // Captured only now: a captured click would go to this element and not to what was clicked in it.
  const begin = () => {
    hasMoved = true;
    element.toggleAttribute('data-dragging', true);
    for (const pointerId of pointers.keys()) capture(element, pointerId);
  };
  const end = (event: Event) => {
    if (!hasMoved) return;
    element.toggleAttribute('data-dragging', false);
    if (press?.type === 'mark') endMark(press, event);
    viewport.endGesture({ reason: press?.type === 'pinch' ? 'pinch' : 'drag', event });
  };

  const onDown = (event: PointerEvent) => {
    if (event.button !== 0 || (event.target as Element).closest('button, a, input, textarea, select')) return;
    if (pointers.size === 0) hasMoved = false;
    if (pointers.size === 2) return;
    pointers.set(event.pointerId, pointOf(event));
    beginPress();
  };
  const onMove = (event: PointerEvent) => {
    const point = pointers.get(event.pointerId);
    if (!point) return;
    // Let go outside of the window: nobody told us.
    if (event.buttons === 0) return onUp(event);
    point.x = event.clientX;
    point.y = event.clientY;
    if (press?.type === 'click' && distanceOf(press.from, point) >= dragThreshold) {
      press = dragFrom(press.from, event);
      if (press) begin();
    }
    if (press?.type === 'drag') drag(press, point, event);
    else if (press?.type === 'mark') mark(press, point);
    else if (press?.type === 'pinch') pinch(press, event);
  };
  const drag = (drag: Press & { type: 'drag' }, point: Point, event: PointerEvent) => {
    const time = timeAt(point.x);
    if (time !== undefined && viewport.isZoomed) {
      viewport.carry(drag.time, time, { reason: 'drag', event });
    }
    if (event.pointerType !== 'touch') gestures.onDragVertically?.(point.y - drag.last.y);
    drag.last = { ...point };
  };
  const mark = ({ time, kind }: Press & { type: 'mark' }, point: Point) => {
    const other = timeAt(point.x);
    if (other !== undefined) viewport.mark({ kind, range: rangeWithin(viewport.range, time, other) });
  };
  /** A measured stretch stays until the next click; one dragged out to zoom is gone to, unless the press was broken off. */
  const endMark = ({ kind }: Press & { type: 'mark' }, event: Event) => {
    const marked = viewport.marked;
    if (kind === 'measure' || !marked) return;
    viewport.mark(undefined);
    if (event.type === 'pointerup' && marked.range[1] > marked.range[0]) {
      viewport.goTo(marked.range, { reason: 'brush', event });
    }
  };
  /** Escape takes back what is being dragged out. */
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || press?.type !== 'mark') return;
    event.stopPropagation();
    viewport.mark(undefined);
    press = undefined;
  };
  const pinch = (pinch: Press & { type: 'pinch' }, event: PointerEvent) => {
    const [first, second] = pointers.values();
    if (!first || !second) return;
    const distance = pinchDistance(first, second);
    const time = timeAt((first.x + second.x) / 2);
    if (time === undefined) return;
    viewport.carry(pinch.time, time, { reason: 'pinch', event }, pinch.distance / distance);
    pinch.distance = distance;
  };
  const onUp = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size > 0) return beginPress();
    end(event);
    press = undefined;
    // The click follows in this task, if at all.
    setTimeout(() => {
      if (pointers.size === 0) hasMoved = false;
    });
  };
  /** The click that ends a drag is not meant as one: nobody below or above hears of it. */
  const onClick = (event: MouseEvent) => {
    if (!hasMoved) {
      viewport.mark(undefined);
      return;
    }
    event.stopPropagation();
    event.preventDefault();
  };

  const options = { signal };
  element.addEventListener('pointerdown', onDown, options);
  element.addEventListener('pointermove', onMove, options);
  element.addEventListener('pointercancel', onUp, options);
  element.addEventListener('lostpointercapture', onUp, options);
  // On the document: a press that leaves the element before it becomes a drag ends elsewhere.
  element.ownerDocument.addEventListener('pointerup', onUp, options);
  element.ownerDocument.addEventListener('keydown', onKey, { signal, capture: true });
  element.addEventListener('click', onClick, { signal, capture: true });
  element.addEventListener('click', (event) => gestures.onTap?.(event), options);
  element.addEventListener('selectstart', (event) => pointers.size > 0 && event.preventDefault(), options);
  return () => {
    pointers.clear();
    end(new Event('pointercancel'));
  };
}

/** From one time to another, whichever comes first, within a range. */
function rangeWithin([start, end]: TimeRange, a: Nanoseconds, b: Nanoseconds): TimeRange {
  const within = (time: Nanoseconds) => Math.min(Math.max(time, start), end);
  return a < b ? [within(a), within(b)] : [within(b), within(a)];
}

function distanceOf(a: Point, b: Point): CssPixels {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function pinchDistance(a: Point, b: Point): CssPixels {
  return Math.max(distanceOf(a, b), shortestPinch);
}

function pointOf(event: PointerEvent): Point {
  return { x: event.clientX, y: event.clientY };
}

function capture(element: HTMLElement, pointerId: number): void {
  try {
    element.setPointerCapture(pointerId);
  } catch {
    // The pointer has gone in the meantime, or a test made it up.
  }
}
