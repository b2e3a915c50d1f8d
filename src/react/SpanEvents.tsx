'use client';

import { type MouseEvent, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { SpanLink } from '../model/details.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { SpanEvent, Trace } from '../model/trace.ts';
import { AttributeTable, ShowMore } from './AttributeTable.tsx';
import { previewText } from './attributeText.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { absoluteTime, exactDuration, isExceptionEvent } from './spanFacts.ts';

const itemsAtOnce = 50;
/** As many stand open from the start. */
const fewEvents = 4;

/** A span's events in the order of the file, each with its time and, when it is open, its attributes. */
export function EventList({ events, spanStart }: { events: readonly SpanEvent[]; spanStart: Nanoseconds }) {
  const [limit, setLimit] = useState(itemsAtOnce);
  return (
    <>
      <ol className="spanscope-events">
        {events.slice(0, limit).map((event, at) => (
          <EventItem
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no id, and their order does not change
            key={at}
            event={event}
            spanStart={spanStart}
            // An exception stands at the top already.
            opensAtFirst={events.length <= fewEvents && !isExceptionEvent(event)}
          />
        ))}
      </ol>
      <ShowMore rest={events.length - limit} step={itemsAtOnce} onMore={() => setLimit(limit + itemsAtOnce)} />
    </>
  );
}

interface EventItemProps {
  event: SpanEvent;
  spanStart: Nanoseconds;
  opensAtFirst: boolean;
}

function EventItem({ event, spanStart, opensAtFirst }: EventItemProps) {
  const [isOpen, setIsOpen] = useState(opensAtFirst);
  const hasAttributes = Object.keys(event.attributes).length > 0;
  const offset = event.time === undefined ? undefined : event.time - spanStart;
  return (
    <li className="spanscope-event">
      <button type="button" className="spanscope-event-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name="chevron" />
        <span className="spanscope-event-name" dir="auto">
          {event.name || messages.details.unnamed}
        </span>
        {!isOpen && hasAttributes && (
          <span className="spanscope-event-preview" dir="auto">
            {previewText(event.attributes).slice(1, -1)}
          </span>
        )}
        <span className="spanscope-event-time" title={exactDuration(offset)}>
          {signed(offset)}
          <span className="spanscope-visually-hidden"> {messages.details.inSpan}</span>
        </span>
      </button>
      {isOpen && (
        <div className="spanscope-event-content">
          <EventTimes event={event} />
          {hasAttributes && <AttributeTable attributes={event.attributes} />}
        </div>
      )}
    </li>
  );
}

function EventTimes({ event }: { event: SpanEvent }) {
  const texts = messages.details;
  if (event.time === undefined || event.timeUnixNano === undefined) return null;
  return (
    <div className="spanscope-event-times">
      <span title={exactDuration(event.time)}>{texts.inTrace(signed(event.time))}</span>
      {' · '}
      <span>{absoluteTime(event.timeUnixNano)}</span>
    </div>
  );
}

function signed(offset: Nanoseconds | undefined): string {
  const text = formatDuration(offset);
  return offset !== undefined && offset >= 0 ? `+${text}` : text;
}

export interface LinkListProps {
  links: readonly SpanLink[];
  trace: Trace;
  onSelect: (key: string, event: MouseEvent) => void;
  onOpenTrace: ((traceId: string, spanId?: string) => void) | undefined;
}

/** The spans that a span refers to, in this trace or another. */
export function LinkList({ links, trace, onSelect, onOpenTrace }: LinkListProps) {
  const [limit, setLimit] = useState(itemsAtOnce);
  return (
    <>
      <ul className="spanscope-links">
        {links.slice(0, limit).map((link, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: links have no id, and their order does not change
          <li key={at} className="spanscope-span-link">
            <Icon name="link" className="spanscope-link-icon" />
            <div className="spanscope-span-link-body">
              <LinkTarget link={link} trace={trace} onSelect={onSelect} onOpenTrace={onOpenTrace} />
              {link.refType && <span className="spanscope-aside"> {link.refType}</span>}
              {link.traceState && (
                <p className="spanscope-aside">
                  {messages.details.traceState} <span className="spanscope-mono">{link.traceState}</span>
                </p>
              )}
              {Object.keys(link.attributes).length > 0 && <AttributeTable attributes={link.attributes} />}
            </div>
          </li>
        ))}
      </ul>
      <ShowMore rest={links.length - limit} step={itemsAtOnce} onMore={() => setLimit(limit + itemsAtOnce)} />
    </>
  );
}

function LinkTarget({ link, trace, onSelect, onOpenTrace }: { link: SpanLink } & Omit<LinkListProps, 'links'>) {
  const texts = messages.details;
  if (link.traceId === '' || link.traceId === trace.traceId) {
    const target = trace.span(link.spanId);
    if (!target) {
      return (
        <>
          <span className="spanscope-mono">{link.spanId}</span>{' '}
          <span className="spanscope-aside">{texts.notInTrace}</span>
        </>
      );
    }
    return (
      <button
        type="button"
        className="spanscope-link"
        dir="auto"
        title={target.key}
        onClick={(event) => onSelect(target.key, event)}
      >
        {target.name || texts.unnamed}
      </button>
    );
  }
  const ids = (
    <>
      <span className="spanscope-mono">{link.traceId}</span>
      {link.spanId !== '' && <span className="spanscope-mono"> / {link.spanId}</span>}
    </>
  );
  if (!onOpenTrace) {
    return (
      <>
        {ids} <span className="spanscope-aside">{texts.otherTrace}</span>
      </>
    );
  }
  return (
    <button
      type="button"
      className="spanscope-link"
      title={texts.openTrace(link.traceId)}
      onClick={() => onOpenTrace(link.traceId, link.spanId || undefined)}
    >
      {ids}
    </button>
  );
}
