import type { CssPixels } from '../layout/units.ts';

/** As long as most systems give a double click. */
const longest = 500;
const nearest: CssPixels = 5;
const eventTypes = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click', 'dblclick'] as const;

/**
 * A click that selects opens the details, and they may come to lie where it was. The second click of a double click would
 * then press what stands there, a button even, and the view would hear of no double click: it is caught here on its way.
 *
 * @param element where the first click was heard; a second one within it is its own affair
 * @param onDoubleClick called once if the second click was caught
 */
export function catchSecondClick(
  element: Element,
  first: MouseEvent,
  onDoubleClick: (event: MouseEvent) => void,
): void {
  // A click by a key or by assistive technology has no second one.
  if (first.detail !== 1) return;
  const listening = new AbortController();
  const document = element.ownerDocument;
  let timer = setTimeout(() => listening.abort(), longest);
  const isSecond = (event: MouseEvent) =>
    Math.abs(event.clientX - first.clientX) <= nearest &&
    Math.abs(event.clientY - first.clientY) <= nearest &&
    !element.contains(event.target as Node);
  const onEvent = (event: MouseEvent) => {
    if (event === first) return;
    if (event.type === 'pointerdown' || event.type === 'pointerup') {
      // The button may be held for longer; once it is up, click and double click follow at once.
      clearTimeout(timer);
      if (event.type === 'pointerup') timer = setTimeout(() => listening.abort(), 50);
    }
    if (!isSecond(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === 'click') onDoubleClick(event);
  };
  for (const type of eventTypes) {
    document.addEventListener(type, onEvent, { signal: listening.signal, capture: true });
  }
}
