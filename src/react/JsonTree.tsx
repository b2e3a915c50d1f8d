'use client';

import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { isContainer, isList, previewText, type ValueContainer, valueText, valueType } from './attributeText.ts';
import { CopyButton } from './CopyButton.tsx';
import { FoldedText } from './FoldedText.tsx';
import { Icon } from './icons.tsx';
import { JsonSearchBox } from './JsonSearchBox.tsx';
import {
  entriesAtOnce,
  JsonNode,
  type JsonRow,
  jsonRows,
  type OpenNodes,
  openedAtFirst,
  withClosed,
  withOpened,
  withOpenedTo,
} from './jsonRows.ts';
import { hasMoreEntries, type JsonPath } from './jsonSearch.ts';
import { messages } from './messages.ts';
import { useLatest } from './useLatest.ts';

export interface JsonTreeProps {
  value: ValueContainer;
  /** Names the tree. */
  label: string;
}

/** A tree with more than this many entries at all levels has a search. */
const fewEntries = 40;

/** Deeper levels are not indented further: a pane is narrow, and `aria-level` says the level. */
const deepestIndent = 12;

/**
 * An object or a list as a tree. Its rows are one flat list, made of what is open alone, so that neither depth nor size
 * can weigh: each node shows a hundred entries, then a hundred more.
 */
export function JsonTree({ value, label }: JsonTreeProps) {
  const root = useMemo(() => new JsonNode(value), [value]);
  const [open, setOpen] = useState<OpenNodes>(() => openedAtFirst(root));
  const [activeId, setActiveId] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => jsonRows(root, open), [root, open]);
  const isSearchable = useMemo(() => hasMoreEntries(value, fewEntries), [value]);
  const [foundId, setFoundId] = useState<string>();
  const showMatch = useLatest((path: JsonPath | undefined) => {
    if (!path) return setFoundId(undefined);
    setOpen(withOpenedTo(open, root, path));
    const id = `/${path.join('/')}`;
    setFoundId(id);
    setActiveId(id);
  });
  useEffect(() => {
    if (foundId === undefined) return;
    tree.current?.querySelector('[data-found]')?.scrollIntoView?.({ block: 'nearest' });
  }, [foundId]);
  const active = Math.max(
    0,
    rows.findIndex((row) => rowId(row) === activeId),
  );

  const toggle = (row: JsonRow) => {
    if (row.hidden !== undefined) setOpen(withOpened(open, row.node, row.isBefore));
    else if (row.node.size === 0) return;
    else setOpen(open.has(row.node.path) ? withClosed(open, row.node) : withOpened(open, row.node));
  };
  const rowElement = (at: number) => tree.current?.children[at] as HTMLElement | undefined;
  const moveTo = (at: number) => {
    const row = rows[at];
    if (!row) return;
    setActiveId(rowId(row));
    rowElement(at)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const intent = keyIntent(event, rows, active, open);
    if (!intent) return;
    if (intent.kind === 'copy') {
      rowElement(active)?.querySelector<HTMLElement>('.spanscope-copy')?.click();
    } else if (intent.kind === 'move') {
      moveTo(intent.to);
    } else if (rows[active]!.hidden === undefined && rows[active]!.node.size === 0) {
      rowElement(active)?.querySelector<HTMLElement>('[data-unfold]')?.click();
    } else {
      toggle(rows[active]!);
    }
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const element = target.closest<HTMLElement>('[role="treeitem"]');
    const at = element && tree.current ? Array.prototype.indexOf.call(tree.current.children, element) : -1;
    const row = rows[at];
    if (!row || target.closest('button, a')) return;
    // A press that selected text was not meant to open anything.
    const selection = element!.ownerDocument.getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(element!, true)) return;
    setActiveId(rowId(row));
    toggle(row);
  };
  const treeElement = (
    <div
      ref={tree}
      className="spanscope-json"
      dir="ltr"
      role="tree"
      aria-label={label}
      // Where nothing opens, no room is kept for what would open it.
      data-flat={rows.every(({ node, hidden }) => hidden !== undefined || node.size === 0) || undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {rows.map((row, at) => (
        <Row
          key={rowId(row)}
          row={row}
          isOpen={open.has(row.node.path)}
          isActive={at === active}
          isFound={row.hidden === undefined && row.node.path === foundId}
        />
      ))}
    </div>
  );
  if (!isSearchable) return treeElement;
  return (
    <>
      <JsonSearchBox value={value} label={label} onMatch={showMatch} />
      {treeElement}
    </>
  );
}

function rowId({ node, hidden, isBefore }: JsonRow): string {
  return hidden === undefined ? node.path : `${node.path}/${isBefore ? '<' : '…'}`;
}

type KeyIntent = { kind: 'move'; to: number } | { kind: 'toggle' } | { kind: 'copy' };

/** The keys of the ARIA tree pattern. */
function keyIntent(event: KeyboardEvent, rows: readonly JsonRow[], at: number, open: OpenNodes): KeyIntent | undefined {
  if ((event.target as Element).getAttribute('role') !== 'treeitem') return undefined;
  if (event.key === 'c' && (event.ctrlKey || event.metaKey))
    return nothingSelected(event) ? { kind: 'copy' } : undefined;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const row = rows[at]!;
  const canOpen = row.hidden === undefined && row.node.size > 0;
  const isOpen = canOpen && open.has(row.node.path);
  switch (event.key) {
    case 'ArrowDown':
      return { kind: 'move', to: Math.min(at + 1, rows.length - 1) };
    case 'ArrowUp':
      return { kind: 'move', to: Math.max(at - 1, 0) };
    case 'Home':
      return { kind: 'move', to: 0 };
    case 'End':
      return { kind: 'move', to: rows.length - 1 };
    case 'ArrowRight':
      if (!canOpen) return undefined;
      return isOpen ? { kind: 'move', to: at + 1 } : { kind: 'toggle' };
    case 'ArrowLeft': {
      if (isOpen) return { kind: 'toggle' };
      const parent = row.hidden === undefined ? row.node.parent : row.node;
      const to = rows.findIndex((other) => other.node === parent && other.hidden === undefined);
      return to < 0 ? undefined : { kind: 'move', to };
    }
    case 'Enter':
    case ' ':
      return { kind: 'toggle' };
    default:
      return undefined;
  }
}

function nothingSelected(event: KeyboardEvent): boolean {
  return event.currentTarget.ownerDocument.getSelection()?.isCollapsed ?? true;
}

interface RowProps {
  row: JsonRow;
  isOpen: boolean;
  isActive: boolean;
  /** The match that a search stands at. */
  isFound: boolean;
}

function Row({ row, isOpen, isActive, isFound }: RowProps) {
  const { node, hidden } = row;
  const depth = hidden === undefined ? node.depth : node.depth + 1;
  const place = {
    role: 'treeitem',
    className: 'spanscope-json-row',
    'aria-level': depth + 1,
    'data-depth': Math.min(depth, deepestIndent),
    'data-found': isFound || undefined,
    tabIndex: isActive ? 0 : -1,
  };
  if (hidden !== undefined) {
    return (
      <div {...place} data-more="">
        <span className="spanscope-quiet-button">
          {row.isBefore
            ? messages.agent.showEarlier(Math.min(hidden, entriesAtOnce), hidden)
            : messages.details.showMore(Math.min(hidden, entriesAtOnce), hidden)}
        </span>
      </div>
    );
  }
  const canOpen = node.size > 0;
  return (
    <div
      {...place}
      aria-setsize={node.parent!.size}
      aria-posinset={node.position + 1}
      aria-expanded={canOpen ? isOpen : undefined}
    >
      <span className="spanscope-json-toggle" data-open={isOpen || undefined}>
        {canOpen && <Icon name="chevron" />}
      </span>
      <span className="spanscope-json-key" dir="auto">
        {node.key}
      </span>
      <span className="spanscope-json-value" data-type={valueType(node.value)}>
        <NodeValue node={node} isOpen={isOpen} />
      </span>
      <span className="spanscope-json-actions" aria-hidden="true">
        <CopyButton text={() => valueText(node.value)} label={messages.details.copyEntry} tabIndex={-1} />
      </span>
    </div>
  );
}

function NodeValue({ node, isOpen }: { node: JsonNode; isOpen: boolean }) {
  const { value, container } = node;
  if (!container) return <ScalarInTree value={value} />;
  if (node.size === 0 && isContainer(value)) return <>{isList(value) ? '[]' : '{}'}</>;
  if (node.size === 0) return <ScalarInTree value={value} />;
  return (
    <span className="spanscope-json-preview">
      {isOpen ? messages.details.entries(node.size, isList(container)) : previewText(container)}
    </span>
  );
}

function ScalarInTree({ value }: { value: JsonNode['value'] }) {
  if (value instanceof Uint8Array)
    return <FoldedText text={valueText(value)} characters={96} lines={2} tabIndex={-1} />;
  if (typeof value === 'string')
    return <FoldedText text={value} characters={200} lines={4} quote={'"'} tabIndex={-1} />;
  return <>{String(value)}</>;
}
