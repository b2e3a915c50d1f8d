import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { CssPixels } from '../layout/units.ts';
import { BlockFlameFacts, SpanFlameFacts } from './flameFacts.tsx';
import type { BlockIndex } from './flameForm.ts';
import { FlameGraphDrawing } from './flameGraphDrawing.ts';
import { flameIntent, movedFocus } from './flameGraphKeys.ts';
import { FlameGraphTooltip, type FlameGraphTooltipHandle } from './flameGraphTooltip.tsx';
import { FlameGraphTree } from './flameGraphTree.tsx';
import type { FlameView } from './flameView.ts';
import { attachTimeGestures, timeKey, zoomByKey } from './gestures.ts';
import { catchSecondClick } from './secondClick.ts';
import { focusedElement } from './shadowRoots.ts';
import { TimeAxis, TimeGrid } from './TimeAxis.tsx';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

export interface FlameStageProps {
  view: FlameView;
  laneHeight: CssPixels;
  /** Whether the weight is told by another line anyway. */
  isToldAnyway: boolean;
  /** For who saves what is shown as a picture. */
  drawingRef: RefObject<FlameGraphDrawing | null>;
}

/** The canvas with its scrolling, its axis where widths are time, and the tree of elements for it. */
export function FlameStage({ view, laneHeight, isToldAnyway, drawingRef }: FlameStageProps) {
  const { viewport, form, merged } = view;
  const scrollerRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const paneRef = useRef<HTMLDivElement>(null);
  const stageRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const probeRef = useRef<HTMLSpanElement>(null);
  const watchedRef = useRef<HTMLSpanElement>(null);
  const treeRef = useRef<HTMLDivElement>(null);
  const tooltipRef = useRef<FlameGraphTooltipHandle>(null);

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
  }, [viewport, laneHeight, drawingRef]);

  const focus = useBlockFocus(view, drawingRef, treeRef, tooltipRef);
  const pointer = usePointer(view, drawingRef, stageRef, tooltipRef, focus.focusByPointer);

  return (
    <div className="spanscope-flame-window">
      <div ref={scrollerRef} className="spanscope-flame-scroller" onScroll={pointer.onScroll}>
        <div ref={contentRef} className="spanscope-flame-content">
          <div ref={paneRef} className="spanscope-flame-pane">
            {!merged && <TimeAxis className="spanscope-flame-axis" />}
            <div
              ref={stageRef}
              className="spanscope-flame-stage"
              data-hit={pointer.isOverBlock || undefined}
              onPointerMove={pointer.onMove}
              onPointerDown={pointer.onDown}
              onPointerLeave={pointer.onLeave}
            >
              {!merged && <TimeGrid />}
              <canvas ref={canvasRef} className="spanscope-flame-canvas" />
              {form.tree.length > 0 && (
                <FlameGraphTree
                  treeRef={treeRef}
                  form={form}
                  isMerged={merged !== undefined}
                  selected={view.selected}
                  {...focus.tree}
                />
              )}
              <span ref={probeRef} className="spanscope-flame-probe" aria-hidden="true" />
              <span ref={watchedRef} className="spanscope-flame-probe spanscope-flame-watched" aria-hidden="true" />
            </div>
          </div>
        </div>
      </div>
      <FlameGraphTooltip ref={tooltipRef} blockCount={form.tree.length}>
        {(block) =>
          merged ? (
            <BlockFlameFacts
              layout={merged}
              block={block}
              isToldAnyway={isToldAnyway}
              formatWeight={view.formatWeight}
            />
          ) : (
            <SpanFlameFacts index={block} />
          )
        }
      </FlameGraphTooltip>
    </div>
  );
}

type DrawingRef = RefObject<FlameGraphDrawing | null>;
type TooltipRef = RefObject<FlameGraphTooltipHandle | null>;

/** Which block has the focus, what keys do to it, and the drawing of it and of the selection. */
function useBlockFocus(
  view: FlameView,
  drawingRef: DrawingRef,
  treeRef: RefObject<HTMLDivElement | null>,
  tooltipRef: TooltipRef,
) {
  const { form, viewport, selected } = view;
  const { tree, trace } = form;
  const [focused, setFocused] = useState({ tree, block: -1 });
  const focusedBlock = focused.tree === tree ? focused.block : -1;
  const active = focusedBlock >= 0 ? focusedBlock : Math.max(selected, 0);
  const takesFocus = useRef(false);
  // Browsers disagree on whether a focus that a click has led to shows; here it does not.
  const isByPointer = useRef(false);
  const focusOn = (block: BlockIndex) => setFocused({ tree, block });

  // What is selected here or elsewhere is where the keys go on from.
  useIsomorphicLayoutEffect(() => {
    drawingRef.current?.show(form);
    if (selected < 0) return;
    setFocused({ tree, block: selected });
    drawingRef.current?.scrollTo(selected, 'center');
  }, [trace, tree, selected]);

  const showFocus = useLatest(() => {
    const drawing = drawingRef.current;
    const elements = treeRef.current;
    if (!drawing || !elements) return;
    const element = focusedElement(elements);
    const isShown = !isByPointer.current && elements.contains(element) && element!.matches(':focus-visible');
    drawing.focused = isShown ? active : -1;
    if (isShown) {
      tooltipRef.current?.show(active, () => drawing.blockInWindow(active));
      // Where a screen magnifier looks for what has the focus.
      const block = drawing.blockInStage(active);
      if (block) elements.style.transform = `translate(${block.x}px, ${block.y}px)`;
    }
    viewport.frames.request();
  });
  useIsomorphicLayoutEffect(() => {
    const drawing = drawingRef.current;
    if (!drawing) return;
    drawing.show(form);
    drawing.selected = selected;
    if (takesFocus.current || treeRef.current?.contains(focusedElement(treeRef.current))) {
      treeRef.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus({ preventScroll: true });
    }
    takesFocus.current = false;
    showFocus();
  });

  const moveTo = (block: BlockIndex, event: Event) => {
    if (block === active) return;
    takesFocus.current = true;
    focusOn(block);
    drawingRef.current?.scrollTo(block, 'nearest');
    drawingRef.current?.panTo(block, { reason: 'keyboard', event });
    // Where a span is selected, its details are open beside the graph: they follow.
    if (selected >= 0) view.select(block, { reason: 'keyboard', event });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.defaultPrevented) return;
    isByPointer.current = false;
    showFocus();
    const details = { reason: 'keyboard', event: event.nativeEvent } as const;
    const zoom = timeKey(event);
    const intent = flameIntent(event);
    if (zoom || event.key === 'Escape') tooltipRef.current?.hide();
    if (event.key === 'Escape' && selected >= 0) {
      event.preventDefault();
      event.stopPropagation();
      view.select(-1, details);
    }
    if (!zoom && !intent) return;
    event.preventDefault();
    if (zoom) {
      const { start, end } = form.blocks;
      zoomByKey(viewport, zoom, (start[active]! + end[active]!) / 2, event.nativeEvent);
    } else if (intent === 'fit') view.fit(active, details);
    else if (intent === 'back') view.fit(view.path.at(-2) ?? -1, details);
    else if (intent === 'select') view.select(active, details);
    else if (intent) moveTo(movedFocus(tree, active, intent), event.nativeEvent);
  };
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const block = Number((event.target as HTMLElement).dataset.index);
    if (block >= 0 && block !== active) focusOn(block);
    showFocus();
  };
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const block = Number((event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    // The stage below the tree would look for a block under a point that assistive technology made up.
    event.stopPropagation();
    if (block >= 0) view.select(block, { reason: 'click', event: event.nativeEvent });
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
  return { tree: { active, onKeyDown, onFocus, onBlur, onClick }, focusByPointer };
}

/** Hover, click, double click and the gestures of time. */
function usePointer(
  view: FlameView,
  drawingRef: DrawingRef,
  stageRef: RefObject<HTMLDivElement | null>,
  tooltipRef: TooltipRef,
  focusByPointer: () => void,
) {
  const { viewport } = view;
  const last = useRef<{ x: number; y: number } | undefined>(undefined);
  const [isOverBlock, setOverBlock] = useState(false);

  const hoverAt = useLatest(() => {
    const drawing = drawingRef.current;
    const point = last.current;
    if (!drawing) return;
    if (point) {
      const block = drawing.blockAt(point.x, point.y);
      view.hover(block, drawing.timeAt(point.x));
      drawing.hovered = block;
      setOverBlock(block >= 0);
      const isDragging = stageRef.current?.hasAttribute('data-dragging');
      const anchor = { left: point.x, right: point.x, top: point.y, bottom: point.y };
      tooltipRef.current?.show(isDragging ? -1 : block, () => anchor);
    }
  });
  const showHovered = useLatest(() => {
    const drawing = drawingRef.current;
    if (!drawing || last.current) return;
    const hovered = view.hoveredBlock();
    if (hovered === drawing.hovered) return;
    drawing.hovered = hovered;
    viewport.frames.request();
  });
  const leave = useLatest(() => {
    if (!last.current) return;
    last.current = undefined;
    view.hover(-1, undefined);
    setOverBlock(false);
    tooltipRef.current?.hide();
  });
  // The window may move under a pointer that rests; another view may hover a span.
  useEffect(
    () =>
      viewport.onDraw(() => {
        hoverAt();
        showHovered();
      }),
    [viewport, hoverAt, showHovered],
  );
  useEffect(() => leave, [leave]);

  const onTap = useLatest((event: globalThis.MouseEvent) => {
    const block = drawingRef.current?.blockAt(event.clientX, event.clientY) ?? -1;
    focusByPointer();
    if (block < 0) return;
    view.select(block, { reason: 'click', event });
    catchSecondClick(stageRef.current!, event, (second) => view.fit(block, { reason: 'double-click', event: second }));
  });
  const onDoubleTap = useLatest((event: globalThis.MouseEvent) => {
    const block = drawingRef.current?.blockAt(event.clientX, event.clientY) ?? -1;
    view.fit(block, { reason: 'double-click', event });
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
    isOverBlock,
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
