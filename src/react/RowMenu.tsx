import { hasChildren, isOpen } from '../layout/rowNavigation.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { jsonText } from './attributeText.ts';
import { copyText } from './clipboard.ts';
import { Menu, type MenuAnchor, type MenuItem, type MenuItems } from './Menu.tsx';
import { messages } from './messages.ts';
import { type TraceViewContextValue, useTraceViewContext } from './TraceProvider.tsx';

export interface RowMenuProps {
  index: number;
  anchor: MenuAnchor;
  /** Whether the row stands in time, to be zoomed to. */
  hasTime: boolean;
  /** Something of the view, for the clipboard. */
  near: Element;
  onClose: () => void;
  onLeave: () => void;
}

/** What can be done with a row: by the right button, a long press, or the keyboard's menu key. */
export function RowMenu({ index, anchor, hasTime, near, onClose, onLeave }: RowMenuProps) {
  const view = useTraceViewContext();
  const span = view.trace!.spanAt(index);
  const items: MenuItems = [
    viewItems(view, span, hasTime),
    searchItems(view, span),
    copyItems(span, near),
    (view.rowMenuItems?.(span) ?? []).slice(),
  ];
  return (
    <Menu
      label={messages.rowMenu.label(agentLabel(span) || messages.rows.unnamed)}
      items={items}
      anchor={anchor}
      onClose={onClose}
      onLeave={onLeave}
    />
  );
}

function viewItems(view: TraceViewContextValue, span: Span, hasTime: boolean): MenuItem[] {
  const { trace, rows, select, toggle, toggleSubtree, zoomToSpan } = view;
  const texts = messages.rowMenu;
  const items: MenuItem[] = [{ label: texts.details, keys: 'Enter', onSelect: () => select(span.key) }];
  if (hasTime) items.push({ label: texts.zoom, keys: 'f', onSelect: () => zoomToSpan(span.index) });
  if (hasChildren(trace!, span.index)) {
    const isExpanded = isOpen(trace!, rows!, span.index);
    items.push(
      { label: isExpanded ? texts.collapse : texts.expand, onSelect: () => toggle(span.index) },
      {
        label: isExpanded ? texts.collapseSubtree : texts.expandSubtree,
        keys: texts.subtreeClick,
        onSelect: () => toggleSubtree(span.index),
      },
      { label: texts.focus, onSelect: () => view.arrange({ focusSpanId: span.key }) },
    );
  }
  const { parent } = span;
  if (parent) items.push({ label: texts.parent, onSelect: () => select(parent.key, { reason: 'link' }) });
  return items;
}

function searchItems({ trace, setQuery, searchInputRef }: TraceViewContextValue, span: Span): MenuItem[] {
  // Without a box to see and undo it, a search would be a riddle.
  if (!searchInputRef.current) return [];
  const texts = messages.rowMenu;
  const items: MenuItem[] = [];
  if (span.name !== '') items.push({ label: texts.sameName, onSelect: () => setQuery(`name=${quoted(span.name)}`) });
  if (trace!.serviceNames.length > 1) {
    items.push({ label: texts.sameService, onSelect: () => setQuery(`service=${quoted(span.serviceName)}`) });
  }
  return items;
}

function copyItems(span: Span, near: Element): MenuItem[] {
  const texts = messages.rowMenu;
  const copy = (label: string, text: () => string): MenuItem => ({
    label,
    onSelect: () => void copyText(text(), near),
  });
  return [
    copy(texts.copyName, () => span.name),
    copy(texts.copyId, () => span.spanId),
    copy(texts.copyJson, () => jsonText(spanJson(span))),
  ];
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** All that is known of a span, as one object; absolute times as text, which no JSON reader rounds. */
function spanJson(span: Span): AttributeValue {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? null,
    name: span.name,
    service: span.serviceName,
    kind: span.kind,
    status: span.status,
    statusMessage: span.statusMessage ?? null,
    startTimeUnixNano: String(span.startTimeUnixNano),
    durationMs: span.durationMs ?? null,
    attributes: span.attributes,
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      timeUnixNano: timeUnixNano === undefined ? null : String(timeUnixNano),
      attributes,
    })),
    links: span.links.map(({ traceId, spanId, attributes }) => ({ traceId, spanId, attributes })),
    resource: span.resource,
  };
}
