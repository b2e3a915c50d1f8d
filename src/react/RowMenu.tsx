import { hasChildren, isOpen } from '../layout/rowNavigation.ts';
import type { AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { printKey, quoted } from '../transforms/query.ts';
import { jsonText } from './attributeText.ts';
import { copyText } from './clipboard.ts';
import { Menu, type MenuAnchor, type MenuItem, type MenuItems } from './Menu.tsx';
import { messages } from './messages.ts';
import { type TraceViewContextValue, useTraceViewContext } from './TraceProvider.tsx';

export interface RowMenuProps {
  index: number;
  /** The column whose cell was asked, where it was one. */
  columnId: string | undefined;
  anchor: MenuAnchor;
  /** Whether the row stands in time, to be zoomed to. */
  hasTime: boolean;
  /** Something of the view, for the clipboard. */
  near: Element;
  onClose: () => void;
  onLeave: () => void;
}

/** What can be done with a row: by the right button, a long press, or the keyboard's menu key. */
export function RowMenu({ index, columnId, anchor, hasTime, near, onClose, onLeave }: RowMenuProps) {
  const view = useTraceViewContext();
  const span = view.trace!.spanAt(index);
  const items: MenuItems = [
    viewItems(view, span, hasTime),
    searchItems(view, span, columnId),
    copyItems(view, span, near),
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

function searchItems(view: TraceViewContextValue, span: Span, columnId: string | undefined): MenuItem[] {
  const { trace, query, setQuery, arrange, searchInputRef } = view;
  // Without a box to see and undo it, a search would be a riddle.
  if (!searchInputRef.current) return [];
  const texts = messages.rowMenu;
  const items: MenuItem[] = [];
  const narrow = (term: string) => {
    setQuery(query.trim() === '' ? term : `(${query}) ${term}`);
    arrange({ matchesOnly: true });
  };
  const cell = columnId === undefined ? undefined : columnTerm(columnId, span);
  if (cell)
    items.push({ label: texts.onlyValue(cell.label, shortened(cell.value)), onSelect: () => narrow(cell.term) });
  if (span.name !== '') {
    const term = `name=${quoted(span.name)}`;
    items.push(
      { label: texts.sameName, onSelect: () => setQuery(term) },
      { label: texts.hideName, onSelect: () => narrow(`-${term}`) },
    );
  }
  if (trace!.serviceNames.length > 1) {
    items.push({ label: texts.sameService, onSelect: () => setQuery(`service=${quoted(span.serviceName)}`) });
  }
  return items;
}

/** The term that finds the spans with the same value in a column; undefined where the query language has none. */
function columnTerm(columnId: string, span: Span): { label: string; value: string; term: string } | undefined {
  if (columnId === 'service') {
    return { label: columnId, value: span.serviceName, term: `service=${quoted(span.serviceName)}` };
  }
  if (columnId === 'status') return { label: columnId, value: span.status, term: `status:${span.status}` };
  const key = columnId.startsWith('attribute:') ? columnId.slice('attribute:'.length) : undefined;
  if (key === undefined) return undefined;
  const place = Object.hasOwn(span.attributes, key) ? span.attributes : span.resource;
  const value = Object.hasOwn(place, key) ? place[key] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  return text.length > longestTerm ? undefined : { label: key, value: text, term: `${printKey(key)}=${quoted(text)}` };
}

/** Nobody could read a longer one in a search box. */
const longestTerm = 200;

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function copyItems({ linkToView, getViewState }: TraceViewContextValue, span: Span, near: Element): MenuItem[] {
  const texts = messages.rowMenu;
  const copy = (label: string, text: () => string): MenuItem => ({
    label,
    onSelect: () => void copyText(text(), near),
  });
  return [
    copy(texts.copyName, () => span.name),
    copy(texts.copyId, () => span.spanId),
    ...(linkToView ? [copy(texts.copyLink, () => linkToView({ ...getViewState(), selection: span.key }))] : []),
    copy(texts.copyJson, () => jsonText(spanJson(span))),
  ];
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
