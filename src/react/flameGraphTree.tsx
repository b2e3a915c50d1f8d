import { type FocusEvent, type KeyboardEvent, type MouseEvent, type RefObject, useId } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { spanNeighbours } from './flameGraphKeys.ts';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

export interface FlameGraphTreeProps {
  treeRef: RefObject<HTMLDivElement | null>;
  /** The span that has the focus, or would get it. */
  activeIndex: SpanIndex;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: (event: FocusEvent<HTMLElement>) => void;
  onClick: (event: MouseEvent<HTMLElement>) => void;
}

/**
 * What the canvas shows as elements, for assistive technology and for the focus: one span and those around it, however
 * many there are. They are not seen; the canvas draws the focus around the span's block.
 */
export function FlameGraphTree({ treeRef, activeIndex, ...handlers }: FlameGraphTreeProps) {
  const { trace, facts, selectedIndex } = useTraceViewContext();
  const helpId = useId();
  return (
    <>
      <p id={helpId} className="spanscope-visually-hidden">
        {messages.flameGraph.keys}
      </p>
      <div
        ref={treeRef}
        className="spanscope-visually-hidden spanscope-flame-tree"
        role="tree"
        aria-label={messages.flameGraph.label}
        aria-describedby={helpId}
        {...handlers}
      >
        {aroundSpan(trace!, activeIndex).map((index) => {
          const span = trace!.spanAt(index);
          const { position, setSize } = facts!.siblingPosition(index);
          return (
            <div
              key={span.key}
              role="treeitem"
              data-span-id={span.key}
              data-index={index}
              aria-level={span.depth + 1}
              aria-posinset={position}
              aria-setsize={setSize}
              aria-expanded={trace!.columns.subtreeEnd[index]! > index + 1 || undefined}
              aria-selected={index === selectedIndex}
              tabIndex={index === activeIndex ? 0 : -1}
            >
              {spokenSpan(trace!, index)}
            </div>
          );
        })}
      </div>
    </>
  );
}

/** `search, 812 ms, 9 % of the trace, error` */
export function spokenSpan(trace: Trace, index: SpanIndex): string {
  const span = trace.spanAt(index);
  const share = formatShare(spanEnd(trace, index) - spanStart(trace, index), trace.duration);
  const texts = messages.flameGraph.spoken;
  return [
    shortened(agentLabel(span)) || messages.rows.unnamed,
    span.duration === undefined ? messages.rows.open : formatDuration(span.duration),
    share && texts.ofTrace(share),
    span.status === 'error' && messages.rows.error,
    span.descendantCount > 0 && texts.children(span.descendantCount),
  ]
    .filter(Boolean)
    .join(', ');
}

/** In the order of the trace: parent, previous sibling, the span, its first child, next sibling. */
function aroundSpan(trace: Trace, index: SpanIndex): SpanIndex[] {
  const { parent, previousSibling, firstChild, nextSibling } = spanNeighbours(trace.columns, index);
  return [parent, previousSibling, index, firstChild, nextSibling].filter((each) => each >= 0);
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
