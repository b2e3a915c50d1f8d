import { forwardRef, useImperativeHandle, useRef, useState } from 'react';
import { formatDuration } from '../layout/duration.ts';
import type { CssPixels } from '../layout/units.ts';
import type { SpanIndex } from '../model/columns.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import { Icon, KindIcon } from './icons.tsx';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';
import { useTraceViewContext } from './TraceProvider.tsx';
import { useIsomorphicLayoutEffect } from './useLatest.ts';

const delay = 300;
const distance: CssPixels = 14;
const margin: CssPixels = 6;

/** What the tooltip stands beside: the pointer, or a block that has the focus. In pixels of the window. */
export interface TooltipAnchor {
  left: CssPixels;
  top: CssPixels;
  right: CssPixels;
  bottom: CssPixels;
}

/** Asked when the tooltip is placed; undefined where what it belongs to is out of sight. */
export type TooltipAnchorOf = () => TooltipAnchor | undefined;

export interface FlameGraphTooltipHandle {
  /** Shows a span after a moment, or at once where the tooltip is open already. */
  show(index: SpanIndex, anchorOf: TooltipAnchorOf): void;
  hide(): void;
}

/**
 * All about the span under the pointer. It is for the eye alone: the tree of elements says the same to assistive
 * technology. It lies in the browser's top layer, so that no small container cuts it, and never under the pointer.
 */
export const FlameGraphTooltip = forwardRef<FlameGraphTooltipHandle>(function FlameGraphTooltip(_, handle) {
  const { trace } = useTraceViewContext();
  const [shown, setShown] = useState<SpanIndex>(-1);
  const elementRef = useRef<HTMLDivElement>(null);
  const state = useRef<{ timer?: ReturnType<typeof setTimeout>; next: SpanIndex; anchorOf?: TooltipAnchorOf }>({
    next: -1,
  });
  const index = trace && shown < trace.spanCount ? shown : -1;

  useImperativeHandle(handle, () => {
    const hide = () => {
      clearTimeout(state.current.timer);
      state.current.next = -1;
      setShown(-1);
    };
    const show = (next: SpanIndex, anchorOf: TooltipAnchorOf) => {
      const { current } = state;
      current.anchorOf = anchorOf;
      if (next === current.next) {
        place(elementRef.current, anchorOf());
        return;
      }
      clearTimeout(current.timer);
      const isOpen = elementRef.current?.hasAttribute('data-shown');
      current.next = next;
      if (next < 0) setShown(-1);
      else if (isOpen) setShown(next);
      else current.timer = setTimeout(() => setShown(next), delay);
    };
    return { show, hide };
  }, []);

  useIsomorphicLayoutEffect(() => {
    const element = elementRef.current;
    if (!element) return;
    const isPopover = typeof element.showPopover === 'function' && element.isConnected;
    if (index < 0) {
      if (isPopover && element.matches(':popover-open')) element.hidePopover();
      return;
    }
    if (isPopover && !element.matches(':popover-open')) element.showPopover();
    place(element, state.current.anchorOf?.());
  }, [index]);
  useIsomorphicLayoutEffect(() => () => clearTimeout(state.current.timer), []);

  return (
    <div
      ref={elementRef}
      className="spanscope-flame-tooltip"
      popover="manual"
      aria-hidden="true"
      data-shown={index >= 0 || undefined}
    >
      {index >= 0 && <TooltipContent index={index} />}
    </div>
  );
});

function TooltipContent({ index }: { index: SpanIndex }) {
  const { trace, facts } = useTraceViewContext();
  const span = trace!.spanAt(index);
  const kind = facts!.kind(index);
  const texts = messages.flameGraph;
  const parent = span.parent;
  const length = (at: SpanIndex) => spanEnd(trace!, at) - spanStart(trace!, at);
  const shareOfParent = parent && formatShare(length(index), length(parent.index));
  const errorsBelow = facts!.errorCounts[index]!;
  return (
    <>
      <div className="spanscope-flame-tooltip-title" data-color={facts!.color(index)}>
        <KindIcon kind={kind} />
        <span dir="auto">{shortened(span.name) || messages.rows.unnamed}</span>
      </div>
      <dl>
        <Fact name={texts.duration}>
          {span.duration === undefined ? messages.rows.open : formatDuration(span.duration)}
        </Fact>
        <Fact name={texts.selfTime}>{formatDuration(facts!.selfTimes[index])}</Fact>
        <Fact name={texts.share}>{formatShare(length(index), trace!.duration)}</Fact>
        <Fact name={texts.shareOfParent}>{shareOfParent}</Fact>
        <Fact name={texts.start}>{formatDuration(spanStart(trace!, index))}</Fact>
        <Fact name={texts.service}>{span.serviceName}</Fact>
        <Fact name={texts.kind}>{messages.details.agentKinds[kind] || texts.kinds[span.kind]}</Fact>
      </dl>
      {span.status === 'error' && (
        <p className="spanscope-flame-tooltip-error">
          <Icon name="error" />
          <span dir="auto">{shortened(span.statusMessage ?? '') || messages.rows.error}</span>
        </p>
      )}
      {errorsBelow > 0 && (
        <p className="spanscope-flame-tooltip-error">
          <Icon name="error" />
          <span>{messages.rows.errorsBelow(errorsBelow)}</span>
        </p>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: string | undefined }) {
  return children ? (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
}

function shortened(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** Below and to the right of its anchor, or on the other side where there is no room. */
function place(element: HTMLElement | null, anchor: TooltipAnchor | undefined): void {
  if (!element?.hasAttribute('data-shown')) return;
  element.toggleAttribute('data-placed', anchor !== undefined);
  if (!anchor) return;
  const { width, height } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = element.ownerDocument.documentElement;
  const after = anchor.right + distance;
  const before = anchor.left - distance - width;
  const left = after + width + margin <= clientWidth || before < margin ? after : before;
  const below = anchor.bottom + distance;
  const above = anchor.top - distance - height;
  const top = below + height + margin <= clientHeight || above < margin ? below : above;
  element.style.left = `${Math.max(margin, Math.min(left, clientWidth - width - margin))}px`;
  element.style.top = `${Math.max(margin, top)}px`;
}
