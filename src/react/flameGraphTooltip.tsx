import { forwardRef, type ReactNode, useImperativeHandle, useRef, useState } from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { BlockIndex, WindowRect } from './flameForm.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

const delay = 300;
const distance: CssPixels = 14;
const margin: CssPixels = 6;

/** What the tooltip stands beside: the pointer, or a block that has the focus. Asked when it is placed; undefined where what it belongs to is out of sight. */
export type TooltipAnchorOf = () => WindowRect | undefined;

export interface FlameGraphTooltipHandle {
  /** Shows a block after a moment, or at once where the tooltip is open already. */
  show(index: BlockIndex, anchorOf: TooltipAnchorOf): void;
  hide(): void;
}

interface FlameGraphTooltipProps {
  blockCount: number;
  /** What it says of a block. */
  children: (block: BlockIndex) => ReactNode;
}

/**
 * All about the block under the pointer. It is for the eye alone: the tree of elements says the same to assistive
 * technology. It lies in the browser's top layer, so that no small container cuts it, and never under the pointer.
 */
export const FlameGraphTooltip = forwardRef<FlameGraphTooltipHandle, FlameGraphTooltipProps>(function FlameGraphTooltip(
  { blockCount, children },
  handle,
) {
  const [shown, setShown] = useState<BlockIndex>(-1);
  const elementRef = useRef<HTMLDivElement>(null);
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; next: BlockIndex; anchorOf?: TooltipAnchorOf }>({
    next: -1,
  });
  const index = shown < blockCount ? shown : -1;

  useImperativeHandle(handle, () => {
    const hide = () => {
      clearTimeout(state.current.timer);
      state.current.next = -1;
      setShown(-1);
    };
    const show = (next: BlockIndex, anchorOf: TooltipAnchorOf) => {
      const { current } = state;
      current.anchorOf = anchorOf;
      if (next === current.next) {
        place(elementRef.current, anchorOf());
        return;
      }
      clearTimeout(current.timer);
      const isOpen = elementRef.current?.hasAttribute('data-shown');
      current.next = next;
      if (next < 0) setShown(-1);
      else if (isOpen) setShown(next);
      else current.timer = setTimeout(() => setShown(next), delay);
    };
    return { show, hide };
  }, []);

  useIsomorphicLayoutEffect(() => {
    const element = elementRef.current;
    if (!element) return;
    const isPopover = typeof element.showPopover === 'function' && element.isConnected;
    if (index < 0) {
      if (isPopover && element.matches(':popover-open')) element.hidePopover();
      return;
    }
    if (isPopover && !element.matches(':popover-open')) element.showPopover();
    place(element, state.current.anchorOf?.());
  }, [index]);
  useIsomorphicLayoutEffect(() => () => clearTimeout(state.current.timer), []);

  return (
    <div
      ref={elementRef}
      className="spanscope-flame-tooltip"
      popover="manual"
      aria-hidden="true"
      data-shown={index >= 0 || undefined}
    >
      {index >= 0 && children(index)}
    </div>
  );
});

/** Below and to the right of its anchor, or on the other side where there is no room. */
function place(element: HTMLElement | null, anchor: WindowRect | undefined): void {
  if (!element?.hasAttribute('data-shown')) return;
  element.toggleAttribute('data-placed', anchor !== undefined);
  if (!anchor) return;
  const { width, height } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = element.ownerDocument.documentElement;
  const after = anchor.right + distance;
  const before = anchor.left - distance - width;
  const left = after + width + margin <= clientWidth || before < margin ? after : before;
  const below = anchor.bottom + distance;
  const above = anchor.top - distance - height;
  const top = below + height + margin <= clientHeight || above < margin ? below : above;
  element.style.left = `${Math.max(margin, Math.min(left, clientWidth - width - margin))}px`;
  element.style.top = `${Math.max(margin, top)}px`;
}
