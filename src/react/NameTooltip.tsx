import { type RefObject, useEffect, useRef } from 'react';
import type { Span } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { useTraceViewContext } from './TraceProvider.tsx';

const delay = 300;
const gap = 2;
const margin = 6;
const longest = 1000;

/**
 * The whole name of a row whose name is cut: after a moment under the pointer, at once where the keys have led to it. Under
 * the pointer also a name that the row shows in other words. For the eye alone: a row's spoken name is whole anyway.
 */
export function NameTooltip({ rowsRef }: { rowsRef: RefObject<HTMLElement | null> }) {
  const { trace } = useTraceViewContext();
  const tooltipRef = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const rows = rowsRef.current;
    const tooltip = tooltipRef.current;
    if (!rows || !tooltip || !trace) return;
    const listening = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shownRow: Element | undefined;

    const hide = () => {
      clearTimeout(timer);
      shownRow = undefined;
      close(tooltip);
    };
    const show = (row: HTMLElement, isFocus: boolean) => {
      const name = row.querySelector<HTMLElement>('.spanscope-name-text');
      const index = Number(row.dataset.index);
      if (!name || !row.isConnected || !(index < trace.spanCount)) return hide();
      const lines = linesOf(row, name, trace.spanAt(index), isFocus);
      if (lines.length === 0) return hide();
      shownRow = row;
      tooltip.replaceChildren(...lines.map((line) => lineElement(tooltip.ownerDocument, line)));
      open(tooltip);
      place(tooltip, row, name);
    };
    const onOver = (event: PointerEvent) => {
      const target = event.target as Element;
      const row = target.closest<HTMLElement>('[data-index]');
      if (event.pointerType === 'touch' || !row || !target.closest('.spanscope-name-text, .spanscope-service-name')) {
        return hide();
      }
      if (row === shownRow) return;
      clearTimeout(timer);
      if (shownRow) show(row, false);
      else timer = setTimeout(() => show(row, false), delay);
    };
    const onFocus = (event: FocusEvent) => {
      const row = event.target as HTMLElement;
      if (row.dataset.index !== undefined && row.matches(':focus-visible')) show(row, true);
    };
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && hide();

    const { signal } = listening;
    rows.addEventListener('pointerover', onOver, { signal });
    rows.addEventListener('pointerleave', hide, { signal });
    rows.addEventListener('pointerdown', hide, { signal });
    rows.addEventListener('focusin', onFocus, { signal });
    rows.addEventListener('focusout', hide, { signal });
    rows.addEventListener('keydown', onKey, { signal });
    // What a key scrolls into sight has the focus by then, and the rows move in the same frame: only the wheel hides.
    rows.addEventListener('wheel', hide, { signal, passive: true });
    return () => {
      listening.abort();
      hide();
    };
  }, [rowsRef, trace]);

  return <div ref={tooltipRef} className="spanscope-name-tooltip" popover="manual" aria-hidden="true" />;
}

function linesOf(row: HTMLElement, name: HTMLElement, span: Span, isFocus: boolean): string[] {
  const service = row.querySelector<HTMLElement>('.spanscope-service-name');
  const isOtherName = span.name !== '' && agentLabel(span) !== span.name;
  // No room at all: it has wrapped to below the line.
  const isServiceCut = service !== null && (isCut(service) || service.offsetTop >= name.offsetTop + name.offsetHeight);
  if (!isCut(name) && !isServiceCut && (isFocus || !isOtherName)) return [];
  const shown = span.name || (name.textContent ?? '');
  return service && isServiceCut ? [shown, span.serviceName] : [shown];
}

function isCut(element: HTMLElement): boolean {
  return element.scrollWidth > element.clientWidth;
}

function lineElement(document: Document, text: string): HTMLElement {
  const line = document.createElement('div');
  line.dir = 'auto';
  line.textContent = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return line;
}

function open(tooltip: HTMLElement): void {
  tooltip.toggleAttribute('data-shown', true);
  // The top layer, so that no small container cuts it.
  if (typeof tooltip.showPopover === 'function' && !tooltip.matches(':popover-open')) tooltip.showPopover();
}

function close(tooltip: HTMLElement): void {
  tooltip.toggleAttribute('data-shown', false);
  if (typeof tooltip.hidePopover === 'function' && tooltip.isConnected && tooltip.matches(':popover-open')) {
    tooltip.hidePopover();
  }
}

/** Below its row, at the name's beginning; above the row where there is no room below. */
function place(tooltip: HTMLElement, row: HTMLElement, name: HTMLElement): void {
  const { width, height } = tooltip.getBoundingClientRect();
  const { clientWidth, clientHeight } = tooltip.ownerDocument.documentElement;
  const beside = row.getBoundingClientRect();
  const named = name.getBoundingClientRect();
  const start = getComputedStyle(row).direction === 'rtl' ? named.right - width + 8 : named.left - 8;
  const below = beside.bottom + gap;
  const top = below + height + margin <= clientHeight ? below : beside.top - gap - height;
  tooltip.style.left = `${Math.max(margin, Math.min(start, clientWidth - width - margin))}px`;
  tooltip.style.top = `${Math.max(margin, top)}px`;
}
