'use client';

import { Component, type ReactNode } from 'react';
import { TraceFormatError } from '../formats/traceFormatError.ts';
import { Icon } from './icons.tsx';
import { LoadingState } from './LoadingState.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** What stands in a view's place when there is nothing to draw: no trace, an empty one, or one that cannot be read. */
export function ViewStates() {
  const { source, trace } = useTraceViewContext();
  const texts = messages.states;
  if (source.error?.name === 'AbortError') return <Notice title={texts.cancelledTitle}>{texts.cancelledHint}</Notice>;
  if (source.reading && !trace && !source.error) return <LoadingState reading={source.reading} />;
  if (source.error) return <Unreadable error={source.error} />;
  if (!trace) return <Notice title={texts.noTraceTitle}>{texts.noTraceHint}</Notice>;
  return <Notice title={texts.emptyTitle}>{texts.emptyHint}</Notice>;
}

function Unreadable({ error }: { error: Error }) {
  const position = error instanceof TraceFormatError ? error.position : undefined;
  return (
    <Notice title={messages.states.unreadableTitle} isError>
      {error.message}
      {position && (
        <span className="spanscope-notice-position">{` Line ${position.line}, column ${position.column}.`}</span>
      )}
    </Notice>
  );
}

function Notice({ title, children, isError = false }: { title: string; children: ReactNode; isError?: boolean }) {
  return (
    <div className="spanscope-notice" role={isError ? 'alert' : 'status'} data-error={isError || undefined}>
      <Icon name={isError ? 'warning' : 'other'} className="spanscope-notice-icon" />
      <p className="spanscope-notice-title">{title}</p>
      <p className="spanscope-notice-text">{children}</p>
    </div>
  );
}

/** Keeps an error of one view in its own place. Reset by another `resetKey`. */
export class ViewErrorBoundary extends Component<
  { resetKey: unknown; children: ReactNode },
  { error: Error | undefined; resetKey: unknown }
> {
  override state: { error: Error | undefined; resetKey: unknown } = { error: undefined, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(props: { resetKey: unknown }, state: { resetKey: unknown }) {
    return props.resetKey === state.resetKey ? null : { error: undefined, resetKey: props.resetKey };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Notice title={messages.states.brokenTitle} isError>
        {`${error.message} ${messages.states.brokenHint}`}
      </Notice>
    );
  }
}

/** Says that a trace is not whole and why, in one line. */
export function CompletenessNote() {
  const { trace } = useTraceViewContext();
  if (!trace || trace.completeness.complete) return null;
  return (
    <p className="spanscope-completeness" role="note">
      <Icon name="warning" />
      <span dir="auto">
        {messages.states.incomplete} {trace.completeness.reasons.join(' ')}
      </span>
    </p>
  );
}
