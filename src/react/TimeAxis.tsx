'use client';

import { type CSSProperties, forwardRef, type RefObject, useEffect, useRef } from 'react';
import { timeTicks } from '../layout/timeTicks.ts';
import type { CssPixels } from '../layout/units.ts';
import { classes } from './classes.ts';
import { attachTimeGestures } from './gestures.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useMergedRef } from './useMergedRef.ts';
import type { Viewport } from './viewport.ts';

export interface TimeAxisProps extends TraceSourceProps, TraceViewStateProps {
  className?: string;
  style?: CSSProperties;
}

/** The shared time range as ticks with labels, relative to the trace's start. Wheel with Ctrl or ⌘ zooms, a drag pans. */
export const TimeAxis = forwardRef<HTMLDivElement, TimeAxisProps>(function TimeAxis(props, ref) {
  return (
    <TraceScope {...props}>
      <Axis className={classes('spanscope', props.className)} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

function Axis({
  className,
  style,
  forwardedRef,
}: TimeAxisProps & { forwardedRef: React.ForwardedRef<HTMLDivElement> }) {
  const { viewport, trace } = useTraceViewContext();
  const elementRef = useRef<HTMLDivElement>(null);
  // Without spans there is no time to tell.
  const hasTime = trace !== undefined && trace.spanCount > 0;
  useTickDrawing(elementRef, viewport, { withLabels: true, isEmpty: !hasTime });
  useEffect(() => {
    const element = elementRef.current;
    if (!element) return;
    return attachTimeGestures(element, { viewport, timeAt: (clientX) => timeAtX(element, viewport, clientX) });
  }, [viewport]);
  return (
    <div
      ref={useMergedRef(elementRef, forwardedRef)}
      className={classes('spanscope-time-axis', className)}
      style={style}
      aria-hidden="true"
    />
  );
}

/** The ticks' lines behind rows or lanes. Its parent is positioned. */
export function TimeGrid() {
  const { viewport } = useTraceViewContext();
  const elementRef = useRef<HTMLDivElement>(null);
  useTickDrawing(elementRef, viewport, { withLabels: false, isEmpty: false });
  return <div ref={elementRef} className="spanscope-time-grid" aria-hidden="true" />;
}

export function timeAtX(element: Element, viewport: Viewport, clientX: number): number {
  const { left, width } = element.getBoundingClientRect();
  return viewport.scale.toTime(width > 0 ? (clientX - left) / width : 0);
}

/** Keeps a pool of tick elements and moves them with the viewport, around React. */
function useTickDrawing(
  elementRef: RefObject<HTMLDivElement | null>,
  viewport: Viewport,
  { withLabels, isEmpty }: { withLabels: boolean; isEmpty: boolean },
): void {
  useEffect(() => {
    const element = elementRef.current;
    if (!element || isEmpty) return;
    let width = element.clientWidth;
    const draw = () => drawTicks(element, viewport, width, withLabels);
    const stopDrawing = viewport.onDraw(draw);
    const observer =
      typeof ResizeObserver === 'undefined'
        ? undefined
        : new ResizeObserver(() => {
            width = element.clientWidth;
            draw();
          });
    observer?.observe(element);
    draw();
    return () => {
      stopDrawing();
      observer?.disconnect();
      element.replaceChildren();
    };
  }, [elementRef, viewport, withLabels, isEmpty]);
}

function drawTicks(element: HTMLElement, viewport: Viewport, width: number, withLabels: boolean): void {
  const ticks = width > 0 ? timeTicks(viewport.range, { width }) : [];
  while (element.childElementCount < ticks.length) {
    const tick = element.ownerDocument.createElement('span');
    tick.className = 'spanscope-tick';
    element.append(tick);
  }
  for (let at = 0; at < element.childElementCount; at++) {
    const tick = element.children[at] as HTMLElement;
    const shown = ticks[at];
    tick.hidden = shown === undefined;
    if (!shown) continue;
    const x = Math.round(viewport.scale.toUnit(shown.time) * width);
    tick.style.transform = `translateX(${x}px)`;
    if (!withLabels) continue;
    // A label at the end would be cut: it stands before its line there, if the label before it leaves the room.
    const isAtEnd = x > width - labelWidth(shown.label);
    const before = ticks[at - 1];
    const room = before ? x - viewport.scale.toUnit(before.time) * width - labelWidth(before.label) : x;
    const text = isAtEnd && room < labelWidth(shown.label) ? '' : shown.label;
    if (tick.textContent !== text) tick.textContent = text;
    tick.toggleAttribute('data-at-end', isAtEnd);
  }
}

/** Rather too wide than too narrow, and without asking the document for a layout. */
function labelWidth(label: string): CssPixels {
  return label.length * 6.5 + 8;
}
