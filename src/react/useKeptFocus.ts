import { type RefObject, useRef } from 'react';
import { focusedElement } from './shadowRoots.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

/**
 * A row that scrolls out of sight is taken away: the focus that it had then waits on `frame`, not on the page's body, and goes
 * to the row that is active as soon as that is drawn. Whoever has taken the focus in between keeps it.
 */
export function useKeptFocus(
  frameRef: RefObject<HTMLElement | null>,
  activeRow: () => HTMLElement | null | undefined,
): void {
  const hadFocus = useRef(false);
  useIsomorphicLayoutEffect(() => {
    const frame = frameRef.current;
    if (!frame) return;
    // Of the page, not of the shadow root: there nothing has the focus either while something outside of it has.
    const { activeElement, body } = frame.ownerDocument;
    const isLost = activeElement === null || activeElement === body;
    if (hadFocus.current && isLost) frame.focus({ preventScroll: true });
    if (focusedElement(frame) === frame) activeRow()?.focus({ preventScroll: true });
    hadFocus.current = frame.contains(focusedElement(frame));
  });
}
