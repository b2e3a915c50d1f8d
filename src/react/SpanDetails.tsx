'use client';

import {
  type CSSProperties,
  type ForwardedRef,
  forwardRef,
  type KeyboardEvent,
  type MouseEvent,
  type SyntheticEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { Span, Trace } from '../model/trace.ts';
import { Announcements } from './Announcements.tsx';
import { CopyButton } from './CopyButton.tsx';
import { classes } from './classes.ts';
import { type HeadingLevel, HeadingLevelProvider } from './DetailSection.tsx';
import { DetailsProvider, type TextMode } from './DetailsContext.tsx';
import { DetailTabs, type SpanDetailsTab } from './DetailTabs.tsx';
import { FullDialog } from './FullDialog.tsx';
import { Icon, type IconName, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { SpanHeadline } from './SpanHeadline.tsx';
import { type Folding, type SpanContentRenderers, SpanSections } from './SpanSections.tsx';
import { TraceScope, type TraceSourceProps, type TraceViewStateProps, useTraceViewContext } from './TraceProvider.tsx';
import type { TraceFacts } from './traceFacts.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';
import { useMergedRef } from './useMergedRef.ts';
import { ViewStates } from './ViewStates.tsx';
import type { ChangeDetails } from './viewport.ts';

export interface SpanDetailsOptions {
  /** Tabs of the caller's beside the details: a playground, annotations. */
  detailTabs?: readonly SpanDetailsTab[];
  /**
   * By a span's kind, what stands in place of what is shown of such a span in particular (its conversation, its call, its
   * documents). `standard` is that, to be put within it.
   */
  detailContent?: SpanContentRenderers;
  /**
   * Loads images that messages name by a web address. Whoever serves them learns that the trace is being looked at.
   * @default false
   */
  allowRemoteMedia?: boolean;
}

export interface SpanDetailsProps extends TraceSourceProps, TraceViewStateProps, SpanDetailsOptions {
  /** Gives the details a close button, and the Escape key within them. */
  onClose?: (details: ChangeDetails) => void;
  /** Of the span's name; sections are one level below. @default 2 */
  headingLevel?: HeadingLevel;
  /** Styled by `.spanscope-details`. */
  className?: string;
  style?: CSSProperties;
}

/**
 * All about the span that is selected, its errors first: what failed, what it said and did as far as it is a step of an
 * agent, facts, attributes, events, links, resource, scope and its source. A `region` named after the span. Large values
 * open in steps; no image, link or script of a trace loads anything.
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
              options={props}
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
  options: SpanDetailsOptions;
}

function SelectedSpan({ trace, facts, span, headingId, headingLevel, canZoom, onClose, options }: SelectedSpanProps) {
  const { select, zoomToSpan, onOpenTrace, colorOf } = useTraceViewContext();
  const heading = useRef<HTMLHeadingElement>(null);
  const followsLink = useRef(false);
  const [isFull, setIsFull] = useState(false);
  const [folding, setFolding] = useState<Folding>({});
  const [textMode, setTextMode] = useState<TextMode>('markdown');
  const allowRemoteMedia = options.allowRemoteMedia === true;
  const follow = useLatest((key: string, event: SyntheticEvent) => {
    followsLink.current = true;
    select(key, { reason: 'link', event: event.nativeEvent });
  });
  // The link that had the focus is gone with the span that it stood on.
  useIsomorphicLayoutEffect(() => {
    if (followsLink.current) heading.current?.focus({ preventScroll: true });
    followsLink.current = false;
  }, [span.key]);
  const agent = useMemo(() => facts.agents.agent(span.index), [facts, span.index]);
  const shared = useMemo(
    () => ({ trace, facts, textMode, setTextMode, allowRemoteMedia, follow }),
    [trace, facts, textMode, allowRemoteMedia, follow],
  );
  const texts = messages.details;
  const Heading = `h${headingLevel}` as 'h2';
  const title = (isInDialog: boolean) => (
    <div className="spanscope-details-title" data-color={colorOf(span.index)}>
      <KindIcon kind={facts.kind(span.index)} className="spanscope-kind-icon" />
      <Heading
        ref={isInDialog === isFull ? heading : undefined}
        id={isInDialog ? undefined : headingId}
        tabIndex={-1}
        title={span.name}
      >
        <bdi>{span.name || texts.unnamed}</bdi>
      </Heading>
      <div className="spanscope-details-actions">
        {span.spanId !== '' && <CopyButton text={span.spanId} label={texts.copySpanId} />}
        {isInDialog ? (
          <IconButton icon="close" label={texts.closeFull} onClick={() => setIsFull(false)} />
        ) : (
          <>
            {canZoom && (
              <IconButton
                icon="fit"
                label={texts.fit}
                onClick={(event) => zoomToSpan(span.index, { reason: 'click', event: event.nativeEvent })}
              />
            )}
            <IconButton icon="full" label={texts.openInFull} onClick={() => setIsFull(true)} />
            {onClose && <CloseButton onClose={onClose} />}
          </>
        )}
      </div>
    </div>
  );
  const content = (isInDialog: boolean) => (
    <>
      <div className="spanscope-details-header">
        {title(isInDialog)}
        <SpanHeadline span={span} agent={agent} />
      </div>
      <DetailTabs tabs={options.detailTabs} span={span} agent={agent}>
        <SpanSections
          // Another span begins anew: its filter is empty and its values are folded.
          key={`${trace.traceId} ${span.key}`}
          agent={agent}
          folding={folding}
          onFold={(name, isOpen) => setFolding({ ...folding, [name]: isOpen })}
          onOpenTrace={onOpenTrace}
          renderers={options.detailContent}
        />
      </DetailTabs>
    </>
  );
  return (
    <DetailsProvider value={shared}>
      {content(false)}
      {isFull && (
        <FullDialog label={span.name || texts.unnamed} onClose={() => setIsFull(false)}>
          {content(true)}
        </FullDialog>
      )}
    </DetailsProvider>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent) => void;
}

function IconButton({ icon, label, onClick }: IconButtonProps) {
  return (
    <button type="button" className="spanscope-icon-button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
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
