'use client';

import { useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { SpanIssue } from '../model/issues.ts';
import type { Span } from '../model/trace.ts';
import type { SoftFailure } from '../transforms/agentSpan.ts';
import { CopyButton } from './CopyButton.tsx';
import { SubHeading } from './DetailSection.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon } from './icons.tsx';
import { type IssueFacts, messages } from './messages.ts';
import { type RecordedException, recordedExceptions } from './spanFacts.ts';
import { visibleText } from './visibleText.ts';

/** What a span failed with: its status message and its exceptions. Nothing where it did not. */
export function SpanErrors({ span }: { span: Span }) {
  const exceptions = recordedExceptions(span);
  const message = span.statusMessage;
  const isSaidTwice = exceptions.some((exception) => exception.message === message);
  const ownMessage = message !== undefined && message !== '' && !isSaidTwice ? message : undefined;
  if (ownMessage === undefined && exceptions.length === 0) return null;
  const isError = span.status === 'error';
  return (
    <section className="spanscope-problem" data-error={isError || undefined}>
      <SubHeading className="spanscope-visually-hidden">
        {isError ? messages.details.error : messages.details.exception}
      </SubHeading>
      {ownMessage !== undefined && (
        <div className="spanscope-exception">
          <Icon name={isError ? 'error' : 'warning'} className="spanscope-problem-icon" />
          <div className="spanscope-exception-body">
            <FoldedText text={ownMessage} characters={600} lines={8} className="spanscope-exception-message" />
          </div>
          <CopyButton text={ownMessage} label={messages.details.copyMessage} />
        </div>
      )}
      {exceptions.map((exception, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span's exceptions have no other name
        <Exception key={at} exception={exception} isError={isError} />
      ))}
    </section>
  );
}

function Exception({ exception, isError }: { exception: RecordedException; isError: boolean }) {
  const { type, message, stack } = exception;
  const text = [type, message].filter((part) => part !== undefined).join(': ');
  return (
    <div className="spanscope-exception">
      <Icon name={isError ? 'error' : 'warning'} className="spanscope-problem-icon" />
      <div className="spanscope-exception-body">
        <p className="spanscope-exception-type">
          <bdi>{type === undefined ? messages.details.exception : typeText(type)}</bdi>
        </p>
        {message !== undefined && (
          <FoldedText text={message} characters={600} lines={8} className="spanscope-exception-message" />
        )}
      </div>
      <CopyButton text={text || stack || ''} label={messages.details.copyMessage} />
      {stack !== undefined && <StackTrace stack={stack} />}
    </div>
  );
}

/** A type may be nothing but a number, as `error.type` is the status code of an HTTP call. */
function typeText(type: string): string {
  return /[a-z]/i.test(type) ? type : messages.details.errorCode(type);
}

function StackTrace({ stack }: { stack: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const lines = stack.trimEnd().split('\n').length;
  return (
    <>
      <div className="spanscope-stack-heading">
        <button type="button" className="spanscope-fold" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name="chevron" />
          {messages.details.stack(lines)}
        </button>
        {isOpen && <CopyButton text={stack} label={messages.details.copyStack} />}
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be scrolled by keys too
        <div className="spanscope-stack" dir="ltr" tabIndex={0} role="group" aria-label={messages.details.stack(lines)}>
          <FoldedText text={stack.trimEnd()} characters={20_000} lines={200} />
        </div>
      )}
    </>
  );
}

/** What the model marked a span with: what was seen, and what was done about it. */
export function SpanOddities({ span }: { span: Span }) {
  const shown = shownIssues(span.issues);
  if (shown.length === 0) return null;
  const facts = issueFacts(span);
  return (
    <section className="spanscope-oddities">
      <SubHeading className="spanscope-visually-hidden">{messages.details.oddities}</SubHeading>
      <ul>
        {shown.map((issue) => (
          <li key={issue}>
            <Icon name="warning" className="spanscope-problem-icon" />
            <span>
              <bdi>{messages.details.issues[issue](facts)}</bdi>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A skewed clock says why a span lies outside its parent, so that need not be said as well. */
function shownIssues(issues: readonly SpanIssue[]): readonly SpanIssue[] {
  return issues.includes('clock-skew') ? issues.filter((issue) => issue !== 'outside-parent') : issues;
}

function issueFacts(span: Span): IssueFacts {
  const { parent } = span;
  const before = parent ? parent.start - span.start : 0;
  const after = parent?.end === undefined ? 0 : (span.end ?? span.start) - Math.max(parent.end, parent.start);
  return {
    key: span.key,
    parentId: span.parentSpanId ?? '',
    hasParent: parent !== undefined,
    before: before > 0 ? formatDuration(before) : '',
    after: after > 0 ? formatDuration(after) : '',
    backwards: formatDuration(-(span.duration ?? 0)),
  };
}

/** A failure that the span's status does not tell, in amber: it is no error. */
export function SpanSoftFailure({ span, failure }: { span: Span; failure: SoftFailure | undefined }) {
  if (!failure || span.status === 'error') return null;
  const text = messages.agent.softFailures[failure.reason];
  return (
    <section className="spanscope-problem" data-soft="">
      <SubHeading className="spanscope-visually-hidden">{messages.agent.softFailure}</SubHeading>
      <div className="spanscope-exception">
        <Icon name="warning" className="spanscope-problem-icon" />
        <div className="spanscope-exception-body">
          <p className="spanscope-exception-type">{text}</p>
          {failure.message !== undefined && failure.message !== '' && (
            <FoldedText text={visibleText(failure.message)} characters={600} lines={8} />
          )}
        </div>
        <CopyButton text={failure.message ?? text} label={messages.details.copyMessage} />
      </div>
    </section>
  );
}
