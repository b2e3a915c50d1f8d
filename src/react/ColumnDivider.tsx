import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react';

export interface ColumnDividerProps {
  /** The element that the variable is set on, and whose width is divided. */
  rootRef: RefObject<HTMLElement | null>;
  /** The custom property that holds the width before the divider, in px. */
  variable: string;
  label: string;
  /** The divider's pane lies after it: dragging towards the start makes it wider. @default false */
  fromEnd?: boolean;
  smallest?: number;
}

const keyStep = 16;

/** A line between two columns that drags, and moves by arrow keys. It sets a variable and renders nothing anew. */
export function ColumnDivider({ rootRef, variable, label, fromEnd = false, smallest = 80 }: ColumnDividerProps) {
  const ref = useRef<HTMLDivElement>(null);
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
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.toggleAttribute('data-dragging', true);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(event.clientX);
  };
  const onPointerEnd = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.toggleAttribute('data-dragging', false);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === 'ArrowRight' ? keyStep : event.key === 'ArrowLeft' ? -keyStep : 0;
    if (step === 0 || !ref.current) return;
    event.preventDefault();
    const { left, width } = ref.current.getBoundingClientRect();
    resize(left + width / 2 + step);
  };
  const reset = () => {
    rootRef.current?.style.removeProperty(variable);
    setShare(undefined);
  };

  return (
    <div
      ref={ref}
      className="spanscope-divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={share ?? 36}
      aria-valuemin={0}
      aria-valuemax={100}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={reset}
      onKeyDown={onKeyDown}
    />
  );
}
