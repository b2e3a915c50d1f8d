'use client';

import {
  type CSSProperties,
  type FocusEvent,
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import { classes } from './classes.ts';
import { FlameGraphDrawing } from './flameGraphDrawing.ts';
import { flameIntent, movedFocus } from './flameGraphKeys.ts';
import { FlameGraphTooltip, type FlameGraphTooltipHandle } from './flameGraphTooltip.tsx';
import { FlameGraphTree } from './flameGraphTree.tsx';
import { attachTimeGestures, timeKey, zoomByKey } from './gestures.ts';
import { catchSecondClick } from './secondClick.ts';
import { TimeAxis, TimeGrid } from './TimeAxis.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { CompletenessNote, ViewErrorBoundary, ViewStates } from './ViewStates.tsx';

export interface FlameGraphProps extends TraceSourceProps, TraceViewStateProps {
  /**
   * The height of a lane in CSS pixels, a gap of one included.
   * @default 20
   */
  laneHeight?: CssPixels;
  /** Styled by `.spanscope-flame-graph`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * The spans of a trace over time in lanes, children below their parents, on a canvas: a million as smoothly as ten. A
 * `tree` for assistive technology: arrows move to parent, child and siblings, Enter zooms to the span, Space selects it.
 */
export const FlameGraph = forwardRef<HTMLDivElement, FlameGraphProps>(function FlameGraph(props, ref) {
  return (
    <TraceScope {...props}>
      <FlameGraphFrame {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function FlameGraphFrame(props: FlameGraphProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace } = useTraceViewContext();
  return (
    <div
      ref={props.forwardedRef}
      className={classes('spanscope spanscope-flame-graph', props.className)}
      style={props.style}
    >
      <ViewErrorBoundary resetKey={trace}>
        {trace && trace.spanCount > 0 ? <FlameGraphBody laneHeight={props.laneHeight ?? 20} /> : <ViewStates />}
      </ViewErrorBoundary>
    </div>
  );
}

function FlameGraphBody({ laneHeight }: { laneHeight: CssPixels }) {
  const { viewport } = useTraceViewContext();
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const paneRef = useRef<HTMLDivElement>(null);
  const stageRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const probeRef = useRef<HTMLSpanElement>(null);
  const watchedRef = useRef<HTMLSpanElement>(null);
  const treeRef = useRef<HTMLDivElement>(null);
  const tooltipRef = useRef<FlameGraphTooltipHandle>(null);
  const drawingRef = useRef<FlameGraphDrawing>(null);

  useIsomorphicLayoutEffect(() => {
    const drawing = new FlameGraphDrawing(
      {
        scroller: scrollerRef.current!,
        content: contentRef.current!,
        pane: paneRef.current!,
        stage: stageRef.current!,
        canvas: canvasRef.current!,
        probe: probeRef.current!,
        watched: watchedRef.current!,
      },
      viewport,
      laneHeight,
    );
    drawingRef.current = drawing;
    const stopDrawing = viewport.onDraw(drawing.draw);
    return () => {
      stopDrawing();
      drawing.dispose();
    };
  }, [viewport, laneHeight]);

  const focus = useSpanFocus(drawingRef, treeRef, tooltipRef);
  const pointer = usePointer(drawingRef, stageRef, tooltipRef, focus.focusByPointer);

  return (
    <>
      <CompletenessNote />
      <div className="spanscope-flame-window">
        <div ref={scrollerRef} className="spanscope-flame-scroller" onScroll={pointer.onScroll}>
          <div ref={contentRef} className="spanscope-flame-content">
            <div ref={paneRef} className="spanscope-flame-pane">
              <TimeAxis className="spanscope-flame-axis" />
              <div
                ref={stageRef}
                className="spanscope-flame-stage"
                data-hit={pointer.isOverSpan || undefined}
                onPointerMove={pointer.onMove}
                onPointerDown={pointer.onDown}
                onPointerLeave={pointer.onLeave}
              >
                <TimeGrid />
                <canvas ref={canvasRef} className="spanscope-flame-canvas" />
                <FlameGraphTree treeRef={treeRef} {...focus.tree} />
                <span ref={probeRef} className="spanscope-flame-probe" aria-hidden="true" />
                <span ref={watchedRef} className="spanscope-flame-probe spanscope-flame-watched" aria-hidden="true" />
              </div>
            </div>
          </div>
        </div>
      </div>
      <FlameGraphTooltip ref={tooltipRef} />
    </>
  );
}

type DrawingRef = RefObject<FlameGraphDrawing | null>;
type TooltipRef = RefObject<FlameGraphTooltipHandle | null>;

/** Which span has the focus, what keys do to it, and the drawing of it and of the selection. */
function useSpanFocus(drawingRef: DrawingRef, treeRef: RefObject<HTMLDivElement | null>, tooltipRef: TooltipRef) {
  const { trace, facts, viewport, selectedIndex, select, zoomToSpan } = useTraceViewContext();
  const [focused, setFocused] = useState({ trace, index: -1 });
  const focusedIndex = focused.trace === trace ? focused.index : -1;
  const activeIndex = focusedIndex >= 0 ? focusedIndex : Math.max(selectedIndex, 0);
  const takesFocus = useRef(false);
  // Browsers disagree on whether a focus that a click has led to shows; here it does not.
  const isByPointer = useRef(false);
  const focusOn = (index: SpanIndex) => setFocused({ trace, index });

  // What is selected here or elsewhere is where the keys go on from.
  useIsomorphicLayoutEffect(() => {
    drawingRef.current?.show(trace!, facts!);
    if (selectedIndex < 0) return;
    setFocused({ trace, index: selectedIndex });
    drawingRef.current?.scrollTo(selectedIndex, 'center');
  }, [trace, facts, selectedIndex]);

  const showFocus = useLatest(() => {
    const drawing = drawingRef.current;
    const tree = treeRef.current;
    if (!drawing || !tree) return;
    const element = document.activeElement;
    const isShown = !isByPointer.current && tree.contains(element) && element!.matches(':focus-visible');
    drawing.focused = isShown ? activeIndex : -1;
    if (isShown) {
      tooltipRef.current?.show(activeIndex, () => drawing.blockInWindow(activeIndex));
      // Where a screen magnifier looks for what has the focus.
      const block = drawing.blockInStage(activeIndex);
      if (block) tree.style.transform = `translate(${block.x}px, ${block.y}px)`;
    }
    viewport.frames.request();
  });
  useIsomorphicLayoutEffect(() => {
    const drawing = drawingRef.current;
    if (!drawing) return;
    drawing.show(trace!, facts!);
    drawing.selected = selectedIndex;
    if (takesFocus.current || treeRef.current?.contains(document.activeElement)) {
      treeRef.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    }
    takesFocus.current = false;
    showFocus();
  });

  const moveTo = (index: SpanIndex, event: Event) => {
    if (index === activeIndex) return;
    takesFocus.current = true;
    focusOn(index);
    drawingRef.current?.scrollTo(index, 'nearest');
    drawingRef.current?.panTo(index, { reason: 'keyboard', event });
    // Where a span is selected, its details are open beside the graph: they follow.
    if (selectedIndex >= 0) select(trace!.spanAt(index).key, { reason: 'keyboard', event });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented) return;
    isByPointer.current = false;
    showFocus();
    const details = { reason: 'keyboard', event: event.nativeEvent } as const;
    const zoom = timeKey(event);
    const intent = flameIntent(event);
    if (zoom || event.key === 'Escape') tooltipRef.current?.hide();
    if (event.key === 'Escape' && selectedIndex >= 0) {
      event.preventDefault();
      event.stopPropagation();
      select(null, details);
    }
    if (!zoom && !intent) return;
    event.preventDefault();
    if (zoom) {
      const { start, end } = facts!.flameGraph;
      zoomByKey(viewport, zoom, (start[activeIndex]! + end[activeIndex]!) / 2, event.nativeEvent);
    } else if (intent === 'fit') zoomToSpan(activeIndex, details);
    else if (intent === 'select') select(trace!.spanAt(activeIndex).key, details);
    else if (intent) moveTo(movedFocus(trace!.columns, activeIndex, intent), event.nativeEvent);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const index = Number((event.target as HTMLElement).dataset.index);
    if (index >= 0 && index !== activeIndex) focusOn(index);
    showFocus();
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const index = Number((event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    // The stage below the tree would look for a span under a point that assistive technology made up.
    event.stopPropagation();
    if (index >= 0) select(trace!.spanAt(index).key, { reason: 'click', event: event.nativeEvent });
  };
  const onBlur = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) {
      isByPointer.current = false;
      tooltipRef.current?.hide();
    }
    showFocus();
  };
  const focusByPointer = () => {
    isByPointer.current = true;
    treeRef.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
  };
  return { tree: { activeIndex, onKeyDown, onFocus, onBlur, onClick }, focusByPointer };
}

/** Hover, click, double click and the gestures of time. */
function usePointer(
  drawingRef: DrawingRef,
  stageRef: RefObject<HTMLDivElement | null>,
  tooltipRef: TooltipRef,
  focusByPointer: () => void,
) {
  const { trace, viewport, select, zoomToSpan } = useTraceViewContext();
  const last = useRef<{ x: number; y: number } | undefined>(undefined);
  const [isOverSpan, setOverSpan] = useState(false);

  const hoverAt = useLatest(() => {
    const drawing = drawingRef.current;
    const point = last.current;
    if (!drawing || !point) return;
    const index = drawing.spanAt(point.x, point.y);
    viewport.hover(index, drawing.timeAt(point.x));
    setOverSpan(index >= 0);
    const isDragging = stageRef.current?.hasAttribute('data-dragging');
    const anchor = { left: point.x, right: point.x, top: point.y, bottom: point.y };
    tooltipRef.current?.show(isDragging ? -1 : index, () => anchor);
  });
  const leave = useLatest(() => {
    if (!last.current) return;
    last.current = undefined;
    viewport.hover(-1, undefined);
    setOverSpan(false);
    tooltipRef.current?.hide();
  });
  // The window may move under a pointer that rests.
  useEffect(() => viewport.onDraw(hoverAt), [viewport, hoverAt]);
  useEffect(() => leave, [leave]);

  const onTap = useLatest((event: globalThis.MouseEvent) => {
    const index = drawingRef.current?.spanAt(event.clientX, event.clientY) ?? -1;
    focusByPointer();
    if (index < 0) return;
    select(trace!.spanAt(index).key, { reason: 'click', event });
    catchSecondClick(stageRef.current!, event, (second) =>
      zoomToSpan(index, { reason: 'double-click', event: second }),
    );
  });
  const onDoubleTap = useLatest((event: globalThis.MouseEvent) => {
    const index = drawingRef.current?.spanAt(event.clientX, event.clientY) ?? -1;
    if (index >= 0) zoomToSpan(index, { reason: 'double-click', event });
    else viewport.goTo(null, { reason: 'double-click', event });
  });
  useEffect(() => {
    const stage = stageRef.current;
    if (!stage) return;
    return attachTimeGestures(stage, {
      viewport,
      timeAt: (clientX) => drawingRef.current?.timeAt(clientX),
      onTap,
      onDoubleTap,
      onDragVertically: (pixels) => drawingRef.current?.scrollBy(-pixels),
    });
  }, [viewport, stageRef, drawingRef, onTap, onDoubleTap]);

  return {
    isOverSpan,
    onMove: (event: React.PointerEvent) => {
      if (event.pointerType === 'touch') return;
      last.current = { x: event.clientX, y: event.clientY };
      hoverAt();
    },
    onDown: () => tooltipRef.current?.hide(),
    onLeave: leave,
    onScroll: () => last.current && tooltipRef.current?.hide(),
  };
}
