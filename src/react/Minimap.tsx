'use client';

import { type CSSProperties, type ForwardedRef, forwardRef, type KeyboardEvent, useEffect, useRef } from 'react';
import { formatDuration } from '../layout/duration.ts';
import { layoutMinimap } from '../layout/minimap.ts';
import type { TimeRange } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { classes } from './classes.ts';
import { readFlameTheme, watchTheme } from './flameGraphTheme.ts';
import { messages } from './messages.ts';
import { attachMinimapGestures, moveEdge } from './minimapGestures.ts';
import { paintMinimap } from './minimapPainter.ts';
import { isSlowColor } from './spanColors.ts';
import { TimeBreaks } from './TimeBreaks.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useMergedRef } from './useMergedRef.ts';
import type { Viewport } from './viewport.ts';

export interface MinimapProps extends TraceSourceProps, TraceViewStateProps {
  /** Styled by `.spanscope-minimap`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * The whole trace in a small picture, and on it the part of its time that the views show. Drag the handles or the window, or
 * drag out another; a double click shows the whole. Each handle is a `slider`: arrows move it, Home and End take it to the
 * trace's ends.
 */
export const Minimap = forwardRef<HTMLDivElement, MinimapProps>(function Minimap(props, ref) {
  return (
    <TraceScope {...props}>
      <MinimapBody className={props.className} style={props.style} forwardedRef={ref} />
    </TraceScope>
  );
});

interface BodyProps {
  className: string | undefined;
  style: CSSProperties | undefined;
  forwardedRef: ForwardedRef<HTMLDivElement>;
}

function MinimapBody({ className, style, forwardedRef }: BodyProps) {
  const { trace, facts, viewport, colorBy, colorOf } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  const mergedRef = useMergedRef(rootRef, forwardedRef);

  useEffect(() => {
    const root = rootRef.current;
    if (!root) return;
    return attachMinimapGestures(root, viewport, (clientX) => timeAtX(root, viewport, clientX));
  }, [viewport]);

  useEffect(() => {
    const root = rootRef.current;
    if (!root) return;
    const draw = () => placeWindow(root, viewport);
    draw();
    return viewport.onDraw(draw);
  }, [viewport]);

  useEffect(() => {
    const root = rootRef.current;
    if (!root || !trace || !facts) return;
    const colors = facts.overviewColors(colorOf, isSlowColor(trace, colorBy));
    return keepPainted(root, trace, colors, viewport);
  }, [trace, facts, viewport, colorBy, colorOf]);

  if (!trace || trace.spanCount === 0) return null;
  return (
    <div
      ref={mergedRef}
      className={classes('spanscope spanscope-minimap', className)}
      style={style}
      role="group"
      aria-label={messages.minimap.label}
    >
      <canvas className="spanscope-minimap-canvas" />
      <span className="spanscope-minimap-probe" aria-hidden="true" />
      <span className="spanscope-minimap-watched" aria-hidden="true" />
      <div className="spanscope-minimap-shade" data-side="before" />
      <div className="spanscope-minimap-shade" data-side="after" />
      <div className="spanscope-minimap-window" />
      <TimeBreaks of="whole" />
      <div className="spanscope-minimap-mark" hidden />
      <div className="spanscope-minimap-cursor" hidden />
      <Handle edge="start" viewport={viewport} />
      <Handle edge="end" viewport={viewport} />
    </div>
  );
}

const keySteps: Readonly<Record<string, number>> = {
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  PageDown: -0.1,
  PageUp: 0.1,
  Home: -1,
  End: 1,
};

function Handle({ edge, viewport }: { edge: 'start' | 'end'; viewport: Viewport }) {
  const at = edge === 'start' ? 0 : 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = keySteps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const unit = viewport.fullScale.toUnit(viewport.range[at]) + step;
    const time = viewport.fullScale.toTime(Math.min(Math.max(unit, 0), 1));
    moveEdge(viewport, at, time, { reason: 'keyboard', event: event.nativeEvent });
  };
  return (
    <div
      className="spanscope-minimap-handle"
      data-edge={edge}
      role="slider"
      tabIndex={0}
      aria-label={messages.minimap[edge]}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={at * 100}
      onKeyDown={onKeyDown}
    />
  );
}

function timeAtX(root: Element, { fullScale }: Viewport, clientX: CssPixels): Nanoseconds {
  const { left, width } = root.getBoundingClientRect();
  const unit = width > 0 ? Math.min(Math.max((clientX - left) / width, 0), 1) : 0;
  return fullScale.toTime(unit);
}

/** Percentages, so that the window keeps its place while the picture changes its size. */
function placeWindow(root: HTMLElement, { fullScale, range, marked, pointerTime, isZoomed }: Viewport): void {
  const percent = (unit: number) => `${(unit * 100).toFixed(4)}%`;
  const share = (time: Nanoseconds) => percent(fullScale.toUnit(time));
  const length = ([from, to]: TimeRange) => percent(fullScale.toUnit(to) - fullScale.toUnit(from));
  const part = (name: string) => root.querySelector<HTMLElement>(`:scope > .spanscope-minimap-${name}`);
  const [before, after] = root.querySelectorAll<HTMLElement>(':scope > .spanscope-minimap-shade');
  const [start, end] = root.querySelectorAll<HTMLElement>(':scope > .spanscope-minimap-handle');
  const window = part('window');
  if (!before || !after || !start || !end || !window) return;
  root.toggleAttribute('data-zoomed', isZoomed);
  before.style.width = share(range[0]);
  after.style.left = share(range[1]);
  window.style.left = share(range[0]);
  window.style.width = length(range);
  setSlider(start, share(range[0]), formatDuration(Math.round(range[0])));
  setSlider(end, share(range[1]), formatDuration(Math.round(range[1])));
  const mark = part('mark')!;
  mark.hidden = marked === undefined;
  if (marked) {
    mark.style.left = share(marked.range[0]);
    mark.style.width = length(marked.range);
  }
  const cursor = part('cursor')!;
  cursor.hidden = pointerTime === undefined;
  if (pointerTime !== undefined) cursor.style.left = share(pointerTime);
}

function setSlider(handle: HTMLElement, left: string, text: string): void {
  handle.style.left = left;
  handle.setAttribute('aria-valuenow', String(Math.round(Number.parseFloat(left))));
  handle.setAttribute('aria-valuetext', text);
}

/** Paints when the picture's size, its scale or the theme has changed, and never for a movement of time. */
function keepPainted(
  root: HTMLElement,
  trace: Trace,
  colorOf: (index: SpanIndex) => number,
  viewport: Viewport,
): () => void {
  const canvas = root.querySelector<HTMLCanvasElement>('canvas')!;
  const probe = root.querySelector<HTMLElement>('.spanscope-minimap-probe')!;
  const watched = root.querySelector<HTMLElement>('.spanscope-minimap-watched')!;
  let frame = 0;
  let painted = viewport.fullScale;
  const paint = () => {
    frame = 0;
    const ratio = root.ownerDocument.defaultView?.devicePixelRatio ?? 1;
    const width = Math.round(root.clientWidth * ratio);
    const height = Math.round(canvas.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    canvas.width = width;
    canvas.height = height;
    painted = viewport.fullScale;
    const layout = layoutMinimap(trace, { width, height, colorOf, timeScale: viewport.fullScale });
    paintMinimap(canvas, layout, readFlameTheme(probe));
  };
  // Not in the frame that shows the first rows: they matter more.
  const request = () => {
    frame ||= requestAnimationFrame(() => {
      frame = requestAnimationFrame(paint);
    });
  };
  const stopWatching = watchTheme(watched, request);
  const stopDrawing = viewport.onDraw(() => {
    if (viewport.fullScale !== painted) request();
  });
  const observer = typeof ResizeObserver === 'undefined' ? undefined : new ResizeObserver(request);
  observer?.observe(root);
  if (!observer && typeof requestAnimationFrame === 'function') request();
  return () => {
    stopWatching();
    stopDrawing();
    observer?.disconnect();
    if (frame) cancelAnimationFrame(frame);
  };
}
