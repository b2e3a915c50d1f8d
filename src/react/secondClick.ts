import type { CssPixels } from '../layout/units.ts';
import { innermostTarget } from './shadowRoots.ts';

/** As long as most systems give a double click. */
const longest = 500;
const nearest: CssPixels = 5;
const eventTypes = ['mousedown', 'mouseup', 'click', 'dblclick'] as const;

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
  const timer = setTimeout(() => listening.abort(), longest);
  let isCaught = false;
  const onEvent = (event: MouseEvent) => {
    if (event === first) return;
    if (event.type === 'mousedown') {
      // By the browser's own count, and not by the place alone: scripts and tests click at (0, 0) as often as they like.
      isCaught = event.detail === 2 && isNear(event, first) && !element.contains(innermostTarget(event));
      if (isCaught) clearTimeout(timer);
      else listening.abort();
    }
    if (!isCaught) return;
    event.preventDefault();
    event.stopPropagation();
    // However long the button was held: once it is up, click and double click follow at once.
    if (event.type === 'mouseup') setTimeout(() => listening.abort(), 50);
    if (event.type === 'click') onDoubleClick(event);
  };
  for (const type of eventTypes) {
    document.addEventListener(type, onEvent, { signal: listening.signal, capture: true });
  }
}

function isNear(a: MouseEvent, b: MouseEvent): boolean {
  return Math.abs(a.clientX - b.clientX) <= nearest && Math.abs(a.clientY - b.clientY) <= nearest;
}
