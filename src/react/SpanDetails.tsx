'use client';

import {
  type CSSProperties,
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type SyntheticEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { Attributes, InstrumentationScope } from '../model/details.ts';
import type { Span, Trace } from '../model/trace.ts';
import { Announcements } from './Announcements.tsx';
import { AttributeTable } from './AttributeTable.tsx';
import { jsonText } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { classes } from './classes.ts';
import { DetailSection, type HeadingLevel, HeadingLevelProvider } from './DetailSection.tsx';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { EventList, LinkList } from './SpanEvents.tsx';
import { SpanFactList } from './SpanFactList.tsx';
import { SpanErrors, SpanOddities } from './SpanProblems.tsx';
import { exactDuration } from './spanFacts.ts';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { useIsomorphicLayoutEffect } from './useLatest.ts';
import { useMergedRef } from './useMergedRef.ts';
import { ViewStates } from './ViewStates.tsx';
import type { ChangeDetails } from './viewport.ts';

export interface SpanDetailsProps extends TraceSourceProps, TraceViewStateProps {
  /** Gives the details a close button, and the Escape key within them. */
  onClose?: (details: ChangeDetails) => void;
  /** Of the span's name; sections are one level below. @default 2 */
  headingLevel?: HeadingLevel;
  /** Styled by `.spanscope-details`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * All about the span that is selected, its errors first: what failed, facts, attributes, events, links, resource and scope.
 * A `region` named after the span. Large values open in steps.
 */
export const SpanDetails = forwardRef<HTMLDivElement, SpanDetailsProps>(function SpanDetails(props, ref) {
  return (
    <TraceScope {...props}>
      <DetailsRegion {...props} forwardedRef={ref} />
    </TraceScope>
  );
});

function DetailsRegion({ forwardedRef, ...props }: SpanDetailsProps & { forwardedRef: ForwardedRef<HTMLDivElement> }) {
  const { trace, facts, selectedIndex } = useTraceViewContext();
  const rootRef = useRef<HTMLDivElement>(null);
  const headingId = useId();
  const { onClose } = props;
  const span = useMemo(
    () => (trace && selectedIndex >= 0 ? trace.spanAt(selectedIndex) : undefined),
    [trace, selectedIndex],
  );
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !onClose) return;
    event.preventDefault();
    event.stopPropagation();
    onClose({ reason: 'keyboard', event: event.nativeEvent });
  };
  const shownSpan = span && `${trace!.traceId} ${span.key}`;
  // Only where somebody has scrolled: to set it makes the browser lay out before the frame.
  const isScrolled = useRef(false);
  useIsomorphicLayoutEffect(() => {
    if (!rootRef.current || shownSpan === undefined || !isScrolled.current) return;
    rootRef.current.scrollTop = 0;
    isScrolled.current = false;
  }, [shownSpan]);
  return (
    <div
      ref={useMergedRef(rootRef, forwardedRef)}
      className={classes('spanscope spanscope-details', props.className)}
      style={props.style}
      role="region"
      aria-labelledby={span ? headingId : undefined}
      aria-label={span ? undefined : messages.details.region}
      data-span-id={span?.key}
      onKeyDown={closeOnEscape}
      onScroll={() => {
        isScrolled.current = true;
      }}
    >
      <HeadingLevelProvider value={props.headingLevel ?? 2}>
        {trace && facts && span ? (
          <Announcements>
            <SelectedSpan
              trace={trace}
              facts={facts}
              span={span}
              headingId={headingId}
              headingLevel={props.headingLevel ?? 2}
              canZoom={props.trace === undefined || props.onTimeRangeChange !== undefined}
              onClose={onClose}
            />
          </Announcements>
        ) : (
          <NoSpan onClose={onClose} />
        )}
      </HeadingLevelProvider>
    </div>
  );
}

function NoSpan({ onClose }: Pick<SpanDetailsProps, 'onClose'>) {
  const { trace, selectedSpanId } = useTraceViewContext();
  const texts = messages.details;
  if (!trace || trace.spanCount === 0) return <ViewStates />;
  return (
    <>
      {onClose && (
        <div className="spanscope-details-actions">
          <CloseButton onClose={onClose} />
        </div>
      )}
      <div className="spanscope-notice" role="status">
        <p className="spanscope-notice-title">{selectedSpanId === null ? texts.hintTitle : texts.unknownTitle}</p>
        <p className="spanscope-notice-text">{selectedSpanId === null ? texts.hint : texts.unknown(selectedSpanId)}</p>
      </div>
    </>
  );
}

interface SelectedSpanProps {
  trace: Trace;
  facts: TraceFacts;
  span: Span;
  headingId: string;
  headingLevel: HeadingLevel;
  canZoom: boolean;
  onClose: SpanDetailsProps['onClose'];
}

function SelectedSpan({ trace, facts, span, headingId, headingLevel, canZoom, onClose }: SelectedSpanProps) {
  const { select, zoomToSpan, onOpenTrace } = useTraceViewContext();
  const heading = useRef<HTMLHeadingElement>(null);
  const followsLink = useRef(false);
  const follow = (key: string, event: SyntheticEvent) => {
    followsLink.current = true;
    select(key, { reason: 'link', event: event.nativeEvent });
  };
  // The link that had the focus is gone with the span that it stood on.
  useIsomorphicLayoutEffect(() => {
    if (followsLink.current) heading.current?.focus({ preventScroll: true });
    followsLink.current = false;
  }, [span.key]);
  const [folding, setFolding] = useState(foldedAtFirst);
  const Heading = `h${headingLevel}` as 'h2';
  const texts = messages.details;
  return (
    <>
      <div className="spanscope-details-header">
        <div className="spanscope-details-title" data-color={facts.color(span.index)}>
          <KindIcon kind={facts.kind(span.index)} className="spanscope-kind-icon" />
          <Heading ref={heading} id={headingId} tabIndex={-1} title={span.name}>
            <bdi>{span.name || texts.unnamed}</bdi>
          </Heading>
          <div className="spanscope-details-actions">
            {span.spanId !== '' && <CopyButton text={span.spanId} label={texts.copySpanId} />}
            {canZoom && (
              <button
                type="button"
                className="spanscope-icon-button"
                aria-label={texts.fit}
                title={texts.fit}
                onClick={(event) => zoomToSpan(span.index, { reason: 'click', event: event.nativeEvent })}
              >
                <Icon name="fit" />
              </button>
            )}
            {onClose && <CloseButton onClose={onClose} />}
          </div>
        </div>
        <SpanState span={span} />
      </div>
      <SpanSections
        // Another span begins anew: its filter is empty and its values are folded.
        key={`${trace.traceId} ${span.key}`}
        trace={trace}
        facts={facts}
        span={span}
        folding={folding}
        onFold={(name, isOpen) => setFolding({ ...folding, [name]: !isOpen })}
        onFollow={follow}
        onOpenTrace={onOpenTrace}
      />
    </>
  );
}

function CloseButton({ onClose }: { onClose: NonNullable<SpanDetailsProps['onClose']> }) {
  const texts = messages.details;
  return (
    <button
      type="button"
      className="spanscope-icon-button"
      aria-label={texts.close}
      aria-keyshortcuts="Escape"
      title={`${texts.close} (${texts.closeKey})`}
      onClick={(event) => onClose({ reason: 'click', event: event.nativeEvent })}
    >
      <Icon name="close" />
    </button>
  );
}

function SpanState({ span }: { span: Span }) {
  const texts = messages.details;
  return (
    <div className="spanscope-details-state">
      <span className="spanscope-status" data-status={span.status}>
        <Icon name={span.status} />
        {texts.status[span.status]}
      </span>
      {span.duration === undefined ? (
        <span className="spanscope-status" data-status="open">
          <Icon name="open" />
          {texts.open}
        </span>
      ) : (
        <span title={exactDuration(span.duration)}>{formatDuration(span.duration)}</span>
      )}
    </div>
  );
}

/** Which sections are folded. It outlives the span: who folds a section does not want to see it of the next one either. */
interface Folding {
  attributes: boolean;
  events: boolean;
  links: boolean;
  resource: boolean;
  scope: boolean;
  completeness: boolean;
}

const foldedAtFirst: Folding = {
  attributes: false,
  events: false,
  links: false,
  resource: true,
  scope: true,
  completeness: false,
};

interface SpanSectionsProps extends Pick<SelectedSpanProps, 'trace' | 'facts' | 'span'> {
  folding: Folding;
  onFold: (name: keyof Folding, isOpen: boolean) => void;
  onFollow: (key: string, event: SyntheticEvent) => void;
  onOpenTrace: TraceViewStateProps['onOpenTrace'];
}

/** The sections that have something to say. */
function SpanSections({ trace, facts, span, folding, onFold, onFollow, onOpenTrace }: SpanSectionsProps) {
  const { attributes, events, links, resource, scope } = useMemo(() => detailsOf(span), [span]);
  const texts = messages.details;
  const section = (name: keyof Folding) => ({
    title: texts[name],
    isOpen: !folding[name],
    onOpenChange: (isOpen: boolean) => onFold(name, isOpen),
  });
  return (
    <div className="spanscope-details-body">
      <SpanErrors span={span} />
      <SpanOddities span={span} />
      <SpanFactList trace={trace} facts={facts} span={span} onSelect={onFollow} />
      <AttributeSection {...section('attributes')} attributes={attributes} />
      {events.length > 0 && (
        <DetailSection {...section('events')} count={events.length}>
          <EventList events={events} spanStart={span.start} />
        </DetailSection>
      )}
      {links.length > 0 && (
        <DetailSection {...section('links')} count={links.length}>
          <LinkList links={links} trace={trace} onSelect={onFollow} onOpenTrace={onOpenTrace} />
        </DetailSection>
      )}
      <AttributeSection {...section('resource')} attributes={resource} />
      {scope && <AttributeSection {...section('scope')} attributes={scopeFields(scope)} />}
      {!trace.completeness.complete && (
        <DetailSection {...section('completeness')}>
          <ul className="spanscope-reasons">
            {trace.completeness.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </DetailSection>
      )}
    </div>
  );
}

interface AttributeSectionProps {
  title: string;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  attributes: Attributes;
}

function AttributeSection({ attributes, ...section }: AttributeSectionProps) {
  const count = Object.keys(attributes).length;
  if (count === 0) return null;
  const copyAll = <CopyButton text={() => jsonText(attributes)} label={messages.details.copyAll(section.title)} />;
  return (
    <DetailSection {...section} count={count} actions={copyAll}>
      <AttributeTable attributes={attributes} />
    </DetailSection>
  );
}

/** Read once for each span: a source may make new objects each time it is asked. */
function detailsOf({ attributes, events, links, resource, scope }: Span) {
  return { attributes, events, links, resource, scope };
}

function scopeFields({ name, version, attributes }: InstrumentationScope): Attributes {
  const texts = messages.details;
  return {
    ...(name === '' ? {} : { [texts.scopeName]: name }),
    ...(version === undefined || version === '' ? {} : { [texts.scopeVersion]: version }),
    ...attributes,
  };
}
