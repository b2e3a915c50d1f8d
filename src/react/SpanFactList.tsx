'use client';

import type { MouseEvent, ReactNode } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { Span, Trace } from '../model/trace.ts';
import { CopyButton } from './CopyButton.tsx';
import { colorOfText } from './colors.ts';
import { SubHeading } from './DetailSection.tsx';
import { messages } from './messages.ts';
import { absoluteTime, exactDuration, formatCount, formatShare, shownDuration } from './spanFacts.ts';
import type { TraceFacts } from './traceFacts.ts';

export interface SpanFactListProps {
  trace: Trace;
  facts: TraceFacts;
  span: Span;
  onSelect: (key: string, event: MouseEvent) => void;
}

/** A name that the heading may cut is told whole here. */
const longName = 90;

/** What is known of every span: where it ran, when, for how long, and its place among the others. */
export function SpanFactList({ trace, facts, span, onSelect }: SpanFactListProps) {
  const texts = messages.details;
  const children = span.children.length;
  const errorsBelow = facts.errorCounts[span.index]!;
  return (
    <section className="spanscope-facts">
      <SubHeading className="spanscope-visually-hidden">{texts.facts}</SubHeading>
      <dl className="spanscope-fields">
        {span.name.length > longName && (
          <Fact label={texts.name} copy={{ text: span.name, label: texts.copyName }}>
            <bdi>{span.name}</bdi>
          </Fact>
        )}
        {span.serviceName !== '' && (
          <Fact label={texts.service}>
            <span className="spanscope-dot" data-color={colorOfText(span.serviceName)} />
            <bdi>{span.serviceName}</bdi>
          </Fact>
        )}
        <KindFact span={span} facts={facts} />
        <Fact label={texts.start}>
          <span title={exactDuration(span.start)}>{`+${formatDuration(span.start)}`.replace('+−', '−')}</span>{' '}
          <span className="spanscope-aside">{absoluteTime(span.startTimeUnixNano)}</span>
        </Fact>
        <DurationFacts trace={trace} facts={facts} span={span} />
        <ParentFact span={span} onSelect={onSelect} />
        <Fact label={texts.children}>
          <span className={children === 0 ? 'spanscope-quiet' : undefined}>
            {children === 0 ? texts.noChildren : formatCount(children)}
          </span>{' '}
          {span.descendantCount > children && (
            <span className="spanscope-aside">{texts.descendants(span.descendantCount)}</span>
          )}
        </Fact>
        {errorsBelow > 0 && (
          <Fact label={texts.errorsBelow}>
            <span className="spanscope-error-text">{formatCount(errorsBelow)}</span>
          </Fact>
        )}
        {span.spanId !== '' && (
          <Fact label={texts.spanId} copy={{ text: span.spanId, label: texts.copySpanId }}>
            <span className="spanscope-mono">{span.spanId}</span>
          </Fact>
        )}
        <Fact label={texts.traceId} copy={{ text: span.traceId, label: texts.copyTraceId }}>
          <span className="spanscope-mono">{span.traceId}</span>
        </Fact>
      </dl>
    </section>
  );
}

interface FactProps {
  label: string;
  copy?: { text: string; label: string };
  children: ReactNode;
}

function Fact({ label, copy, children }: FactProps) {
  return (
    <div className="spanscope-field">
      <dt>{label}</dt>
      <dd>
        {children}
        {copy && (
          <span className="spanscope-field-actions">
            <CopyButton text={copy.text} label={copy.label} />
          </span>
        )}
      </dd>
    </div>
  );
}

function KindFact({ span, facts }: { span: Span; facts: TraceFacts }) {
  const agentKind = messages.details.agentKinds[facts.kind(span.index)];
  const kinds = [agentKind, span.kind === 'unspecified' ? '' : span.kind].filter((kind) => kind !== '');
  if (kinds.length === 0) return null;
  return <Fact label={messages.details.kind}>{kinds.join(' · ')}</Fact>;
}

function DurationFacts({ trace, facts, span }: { trace: Trace; facts: TraceFacts; span: Span }) {
  const texts = messages.details;
  const drawn = shownDuration(trace, span.index);
  const ofTrace = span.duration === undefined ? undefined : formatShare(drawn, trace.duration);
  const selfTime = facts.selfTimes[span.index]!;
  const ofSpan = formatShare(selfTime, drawn);
  return (
    <>
      <Fact label={texts.duration}>
        {span.duration === undefined ? (
          <span className="spanscope-quiet">{texts.open}</span>
        ) : (
          <span title={exactDuration(span.duration)}>{formatDuration(span.duration)}</span>
        )}{' '}
        {ofTrace !== undefined && <span className="spanscope-aside">{texts.ofTrace(ofTrace)}</span>}
      </Fact>
      {drawn > 0 && (
        <Fact label={texts.selfTime}>
          <span title={exactDuration(selfTime)}>{formatDuration(selfTime)}</span>{' '}
          {ofSpan !== undefined && <span className="spanscope-aside">{texts.ofSpan(ofSpan)}</span>}
        </Fact>
      )}
    </>
  );
}

function ParentFact({ span, onSelect }: Pick<SpanFactListProps, 'span' | 'onSelect'>) {
  const texts = messages.details;
  const { parent } = span;
  if (parent) {
    return (
      <Fact label={texts.parent}>
        <button type="button" className="spanscope-link" dir="auto" onClick={(event) => onSelect(parent.key, event)}>
          {parent.name || texts.unnamed}
        </button>{' '}
        {span.followsFrom && <span className="spanscope-aside">{texts.followsFrom}</span>}
      </Fact>
    );
  }
  if (span.parentSpanId === undefined) {
    return (
      <Fact label={texts.parent}>
        <span className="spanscope-quiet">{texts.noParent}</span>
      </Fact>
    );
  }
  return (
    <Fact label={texts.parent}>
      <span className="spanscope-mono">{span.parentSpanId}</span>{' '}
      {!span.issues.includes('cycle') && <span className="spanscope-aside">{texts.notInTrace}</span>}
    </Fact>
  );
}
