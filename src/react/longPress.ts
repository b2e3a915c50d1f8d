import type { CssPixels } from '../layout/units.ts';

const holdingTime = 500;
/** A finger is never quite still. */
const stillness: CssPixels = 10;

/**
 * Calls `onLongPress` when a finger has been held still for half a second, as systems do that tell a page nothing of it (iOS);
 * where one does, by `contextmenu`, it is that event which counts. The click that ends the press is kept from what lies below.
 *
 * @returns what takes all listeners off again
 */
export function attachLongPress(element: HTMLElement, onLongPress: (event: PointerEvent) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pressed: PointerEvent | undefined;
  let isToSwallowClick = false;
  const cancel = () => {
    clearTimeout(timer);
    pressed = undefined;
  };
  element.addEventListener(
    'pointerdown',
    (event) => {
      cancel();
      isToSwallowClick = false;
      if (event.pointerType !== 'touch' || !event.isPrimary) return;
      pressed = event;
      timer = setTimeout(() => {
        pressed = undefined;
        isToSwallowClick = true;
        onLongPress(event);
      }, holdingTime);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > stillness) cancel();
    },
    { signal },
  );
  for (const type of ['pointerup', 'pointercancel', 'contextmenu', 'scroll']) {
    element.addEventListener(type, cancel, { signal, capture: true });
  }
  element.addEventListener(
    'click',
    (event) => {
      if (!isToSwallowClick) return;
      isToSwallowClick = false;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal, capture: true },
  );
  return () => {
    cancel();
    listening.abort();
  };
}
