import { type RefObject, useEffect, useRef, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { SpanEvent } from '../model/trace.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { type EventsAt, eventsNear } from './barMarks.ts';
import { SpanFlameFacts } from './flameFacts.tsx';
import { FlameGraphTooltip, type FlameGraphTooltipHandle } from './flameGraphTooltip.tsx';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { noRow, rowOfTarget } from './rowElements.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useLatest } from './useLatest.ts';
import { visibleText } from './visibleText.ts';

/** A bar of two pixels is to be met as well. */
const reach: CssPixels = 4;
/** Half a mark and a pixel. */
const reachOfMark: CssPixels = 5;
const longestText = 200;

interface BarTooltipProps {
  scrollerRef: RefObject<HTMLElement | null>;
  /** As wide as the time is, and as the bars lie in. */
  gridRef: RefObject<HTMLElement | null>;
}

/**
 * The essentials of the span whose bar is under the pointer, and what happened at the mark that is. For the eye alone: the
 * row says them to assistive technology, and the details hold all.
 */
export function BarTooltip({ scrollerRef, gridRef }: BarTooltipProps) {
  const { trace, viewport } = useTraceViewContext();
  const tooltipRef = useRef<FlameGraphTooltipHandle>(null);
  const [events, setEvents] = useState<EventsAt>();

  const onMove = useLatest((event: PointerEvent) => {
    const grid = gridRef.current;
    const index = rowOfTarget(event.target!);
    const isHeld = event.pointerType === 'touch' || event.buttons !== 0;
    if (!grid || !trace || isHeld || index === noRow || index < 0 || index >= trace.spanCount) return hide();
    const { left, width } = grid.getBoundingClientRect();
    const x = event.clientX - left;
    const xOf = (time: number) => viewport.scale.toUnit(time) * width;
    const near = x < 0 ? undefined : eventsNear(trace.spanAt(index), x, reachOfMark, xOf);
    const isOnBar = x >= 0 && x >= xOf(spanStart(trace, index)) - reach && x <= xOf(spanEnd(trace, index)) + reach;
    if (!isOnBar && !near) return hide();
    setEvents((before) => (before?.key === near?.key ? before : near));
    const { clientX, clientY } = event;
    tooltipRef.current?.show(index, () => ({ left: clientX, right: clientX, top: clientY, bottom: clientY }));
  });
  const hide = () => {
    tooltipRef.current?.hide();
    setEvents(undefined);
  };
  const leave = useLatest(hide);

  useEffect(() => {
    const scroller = scrollerRef.current;
    if (!scroller) return;
    const listening = new AbortController();
    const { signal } = listening;
    scroller.addEventListener('pointermove', onMove, { signal });
    for (const type of ['pointerleave', 'pointerdown', 'wheel', 'scroll', 'keydown', 'contextmenu']) {
      scroller.addEventListener(type, leave, { signal, passive: true });
    }
    return () => listening.abort();
  }, [scrollerRef, onMove, leave]);

  return (
    <FlameGraphTooltip ref={tooltipRef} blockCount={trace?.spanCount ?? 0}>
      {(index) => (
        <>
          {events && <EventFacts at={events} spanStart={spanStart(trace!, index)} />}
          <SpanFlameFacts index={index} />
        </>
      )}
    </FlameGraphTooltip>
  );
}

function EventFacts({ at, spanStart }: { at: EventsAt; spanStart: Nanoseconds }) {
  return (
    <ul className="spanscope-tooltip-events">
      {at.events.map((event, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal events may stand beside each other, and the list never changes.
        <li key={place} data-exception={event.name === 'exception' || undefined}>
          <Icon name={event.name === 'exception' ? 'error' : 'event'} />
          <span dir="auto">{eventText(event)}</span>
          {event.time !== undefined && (
            <span className="spanscope-tooltip-time">
              {messages.rows.afterStart(formatDuration(event.time - spanStart))}
            </span>
          )}
        </li>
      ))}
      {at.more > 0 && <li>{messages.rows.moreEvents(at.more)}</li>}
    </ul>
  );
}

/** An exception is told by its type and message, any other event by its name. */
function eventText({ name, attributes }: SpanEvent): string {
  const facts = [attributes['exception.type'], attributes['exception.message']];
  const said = name === 'exception' ? facts.filter((fact) => typeof fact === 'string' && fact !== '').join(': ') : '';
  const text = visibleText((said || name || messages.rows.unnamed).slice(0, longestText + 1));
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
