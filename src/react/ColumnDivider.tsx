import { type KeyboardEvent, type PointerEvent, type RefObject, useState } from 'react';

export interface ColumnDividerProps {
  /** The element that the variable is set on, and whose width is divided. */
  rootRef: RefObject<HTMLElement | null>;
  /** The custom property that holds the width before the divider, in px. */
  variable: string;
  label: string;
  /** The divider's pane lies after it: dragging towards the start makes it wider. @default false */
  fromEnd?: boolean;
  smallest?: number;
  /** Told of each new size, undefined for the usual one. */
  onResize?: (size: number | undefined) => void;
}

const keyStep = 16;

/** A line between two columns that drags, and moves by arrow keys. It sets a variable and renders nothing anew. */
export function ColumnDivider({
  rootRef,
  variable,
  label,
  fromEnd = false,
  smallest = 80,
  onResize,
}: ColumnDividerProps) {
  const [share, setShare] = useState<number>();

  const resize = (clientX: number) => {
    const root = rootRef.current;
    if (!root) return;
    const { left, right, width } = root.getBoundingClientRect();
    const fromStart = getComputedStyle(root).direction === 'rtl' ? right - clientX : clientX - left;
    const wanted = fromEnd ? width - fromStart : fromStart;
    const size = Math.round(Math.min(Math.max(wanted, smallest), width - smallest));
    root.style.setProperty(variable, `${size}px`);
    setShare(Math.round((size / width) * 100));
    onResize?.(size);
  };
  const drag = dragHandlers(resize);
  const reset = () => {
    rootRef.current?.style.removeProperty(variable);
    setShare(undefined);
    onResize?.(undefined);
  };

  return (
    <div
      className="spanscope-divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={share ?? 36}
      aria-valuemin={0}
      aria-valuemax={100}
      tabIndex={0}
      onDoubleClick={reset}
      {...drag}
    />
  );
}

/** The handlers of a line between columns: it drags, and arrow keys move it. `onMove` gets where its middle is to be. */
export function dragHandlers(onMove: (clientX: number) => void) {
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      event.currentTarget.toggleAttribute('data-dragging', true);
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) onMove(event.clientX);
    },
    onPointerUp: endDrag,
    onPointerCancel: endDrag,
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      const step = event.key === 'ArrowRight' ? keyStep : event.key === 'ArrowLeft' ? -keyStep : 0;
      if (step === 0) return;
      event.preventDefault();
      event.stopPropagation();
      const { left, width } = event.currentTarget.getBoundingClientRect();
      onMove(left + width / 2 + step);
    },
  };
}

function endDrag(event: PointerEvent<HTMLElement>): void {
  event.currentTarget.toggleAttribute('data-dragging', false);
}
