import type { Span } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

/** As many of the nearest ancestors as a line has room for. */
const mostAncestors = 5;

/** That a subtree is shown alone, where it lies, and the way back: to any span above it, or to all. */
export function FocusNote() {
  const { trace, arrangement, arrange } = useTraceViewContext();
  const { focusSpanId } = arrangement;
  const span = focusSpanId === null ? undefined : trace?.span(focusSpanId);
  if (!span) return null;
  const texts = messages.traceView;
  const path: Span[] = [span];
  for (let above = span.parent; above && path.length <= mostAncestors; above = above.parent) path.unshift(above);
  return (
    <nav className="spanscope-focus-note" aria-label={texts.focusedOn}>
      <span aria-hidden="true">{texts.focusedOn}</span>
      <ol className="spanscope-focus-path">
        {path.map((each) => (
          <li key={each.key}>
            <button
              type="button"
              aria-current={each.key === span.key || undefined}
              onClick={() => arrange({ focusSpanId: each.parent ? each.key : null })}
            >
              {agentLabel(each) || messages.rows.unnamed}
            </button>
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="spanscope-icon-button"
        aria-label={texts.unfocus}
        title={texts.unfocus}
        onClick={() => arrange({ focusSpanId: null })}
      >
        <Icon name="close" />
      </button>
    </nav>
  );
}
