import { useEffect, useRef } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { TimeScale } from '../layout/timeScale.ts';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

export interface TimeBreaksProps {
  /** The time that is shown, or that of the whole trace. */
  of: 'view' | 'whole';
}

/**
 * Where idle time was compressed: a hatched stripe with torn edges that tells on hover how long it stands for. Drawn around
 * React, with every frame that the viewport draws. Its parent is positioned.
 */
export function TimeBreaks({ of }: TimeBreaksProps) {
  const { viewport } = useTraceViewContext();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let drawn: TimeScale | undefined;
    const draw = () => {
      const scale = of === 'view' ? viewport.scale : viewport.fullScale;
      if (scale !== drawn) drawBreaks(element, scale);
      drawn = scale;
    };
    draw();
    return viewport.onDraw(draw);
  }, [viewport, of]);
  return <div ref={ref} className="spanscope-time-breaks" aria-hidden="true" />;
}

function drawBreaks(element: HTMLElement, scale: TimeScale): void {
  const breaks = scale.segments.filter(({ compressed }) => compressed);
  while (element.childElementCount < breaks.length) {
    const stripe = element.ownerDocument.createElement('span');
    stripe.className = 'spanscope-time-break';
    element.append(stripe);
  }
  for (let at = 0; at < element.childElementCount; at++) {
    const stripe = element.children[at] as HTMLElement;
    const shown = breaks[at];
    stripe.hidden = shown === undefined;
    if (!shown) continue;
    const [start, end] = shown.range;
    // Percentages: the stripes keep their place while the width changes.
    stripe.style.left = `${(scale.toUnit(start) * 100).toFixed(4)}%`;
    stripe.style.width = `${((scale.toUnit(end) - scale.toUnit(start)) * 100).toFixed(4)}%`;
    const title = messages.time.compressed(formatDuration(Math.round(end - start)));
    if (stripe.title !== title) stripe.title = title;
  }
}
