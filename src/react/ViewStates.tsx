'use client';

import { Component, type ReactNode } from 'react';
import type { Trace } from '../model/trace.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import type { TraceSource } from './traceSource.ts';

/** What stands in a view's place when there is nothing to draw: no trace, an empty one, or one that cannot be read. */
export function ViewStates() {
  const { source, trace } = useTraceViewContext();
  const texts = messages.states;
  if (source.error) {
    return (
      <Notice title={texts.unreadableTitle} isError>
        {source.error.message}
      </Notice>
    );
  }
  if (!trace) return <Notice title={texts.noTraceTitle}>{texts.noTraceHint}</Notice>;
  return <NoSpans source={source} trace={trace} />;
}

/** A file may hold more of a trace than could be read: then it is not the run that has no spans. */
function NoSpans({ source, trace }: { source: TraceSource; trace: Trace }) {
  const texts = messages.states;
  const skipped = source.result?.skipped ?? 0;
  const { complete, reasons } = trace.completeness;
  if (complete && skipped === 0) return <Notice title={texts.emptyTitle}>{texts.emptyHint}</Notice>;
  const found = skipped > 0 ? source.result!.warnings.map(({ message }) => message) : reasons;
  return (
    <Notice title={texts.nothingWholeTitle} isError>
      {[...found, texts.nothingWholeHint].join(' ')}
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
