import { type RefObject, useEffect, useRef } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { formatTimeAt } from '../layout/timeTicks.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { Viewport } from './viewport.ts';

export interface TimeCursorProps {
  /** Whether times stand beside the line and the stretch, as on an axis. */
  withLabels: boolean;
}

/**
 * The time under the pointer as a line, and the stretch of time that is dragged out or measured, over an axis or behind
 * rows. Drawn around React, with every frame that the viewport draws. Its parent is positioned.
 */
export function TimeCursor({ withLabels }: TimeCursorProps) {
  const { viewport } = useTraceViewContext();
  const elementRef = useRef<HTMLDivElement>(null);
  useCursorDrawing(elementRef, viewport, withLabels);
  return (
    <div ref={elementRef} className="spanscope-time-cursor" aria-hidden="true">
      <div className="spanscope-cursor-stretch" hidden>
        <span className="spanscope-cursor-label" />
      </div>
      <div className="spanscope-cursor-line" hidden>
        <span className="spanscope-cursor-label" />
      </div>
    </div>
  );
}

function useCursorDrawing(ref: RefObject<HTMLDivElement | null>, viewport: Viewport, withLabels: boolean): void {
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let width = element.clientWidth;
    const [stretch, line] = element.children as unknown as [HTMLElement, HTMLElement];
    const draw = () => {
      drawStretch(stretch, viewport, width, withLabels);
      drawLine(line, viewport, width, withLabels);
    };
    const stopDrawing = viewport.onDraw(draw);
    const observer =
      typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(() => (width = element.clientWidth));
    observer?.observe(element);
    return () => {
      stopDrawing();
      observer?.disconnect();
    };
  }, [ref, viewport, withLabels]);
}

function drawLine(line: HTMLElement, viewport: Viewport, width: CssPixels, withLabel: boolean): void {
  const time = viewport.pointerTime;
  const unit = time === undefined ? -1 : viewport.scale.toUnit(time);
  line.hidden = !(unit >= 0 && unit <= 1) || viewport.marked !== undefined;
  if (line.hidden) return;
  line.style.transform = `translateX(${Math.round(unit * width)}px)`;
  if (!withLabel) return;
  setText(line.firstElementChild as HTMLElement, pointedTime(time!, viewport, width));
  line.toggleAttribute('data-at-end', unit > 0.5);
}

/** As exact as a pixel is wide where the pointer is; in a break, for how long nothing happens. */
function pointedTime(time: Nanoseconds, { scale, range, clock }: Viewport, width: CssPixels): string {
  const pixel = scale.toTime(scale.toUnit(time) + 1 / Math.max(width, 1)) - time;
  const text = formatTimeAt(time, { range, width: (range[1] - range[0]) / Math.max(pixel, 1e-3), clock });
  const idle = scale.segments.find((each) => each.compressed && each.range[0] <= time && time <= each.range[1]);
  if (!idle) return text;
  return `${text} · ${messages.time.idle(formatDuration(Math.round(idle.range[1] - idle.range[0])))}`;
}

function drawStretch(stretch: HTMLElement, viewport: Viewport, width: CssPixels, withLabel: boolean): void {
  const { marked, scale } = viewport;
  stretch.hidden = marked === undefined;
  if (!marked) return;
  const left = Math.max(-2, Math.min(scale.toUnit(marked.range[0]) * width, width + 2));
  const right = Math.max(-2, Math.min(scale.toUnit(marked.range[1]) * width, width + 2));
  stretch.dataset.kind = marked.kind;
  stretch.style.transform = `translateX(${left}px)`;
  stretch.style.width = `${Math.max(1, right - left)}px`;
  if (!withLabel) return;
  const label = stretch.firstElementChild as HTMLElement;
  setText(label, formatDuration(marked.range[1] - marked.range[0]));
  // Where the stretch is too narrow for it, the label stands beside it, on the side that has the room.
  label.dataset.placement = right - left > 76 ? 'inside' : left > width / 2 ? 'before' : 'after';
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
