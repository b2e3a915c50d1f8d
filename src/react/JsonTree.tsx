'use client';

import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import type { ValueContainer } from './attributeText.ts';
import { JsonReader } from './JsonReader.tsx';
import { isReadBelow, JsonTreeRow } from './JsonRow.tsx';
import { JsonScroller, type JsonScrollerHandle } from './JsonScroller.tsx';
import { JsonSearchBox } from './JsonSearchBox.tsx';
import { JsonNode, JsonRows, openedAtFirst, withPlace, withWayTo } from './jsonRows.ts';
import { hasMoreEntries, type JsonPath } from './jsonSearch.ts';
import { useIsomorphicLayoutEffect, useLatest } from './useLatest.ts';

export interface JsonTreeProps {
  value: ValueContainer;
  /** Names the tree. */
  label: string;
}

/** A tree with more than this many entries at all levels has a search. */
const fewEntries = 40;
/** With more, or more rows, it scrolls within itself: only the rows in sight are in the document. */
const mostInPage = 200;

/**
 * An object or a list as a tree, whatever its size and depth. A small one stands in the page, its texts at full length. A
 * large one has rows of one line each, of which those in sight are drawn; a text is then read below them.
 */
export function JsonTree({ value, label }: JsonTreeProps) {
  const root = useMemo(() => new JsonNode(value), [value]);
  const [open, setOpen] = useState(() => openedAtFirst(root));
  const rows = useMemo(() => new JsonRows(root, open), [root, open]);
  const isLarge = useMemo(() => hasMoreEntries(value, mostInPage), [value]) || rows.count > mostInPage;
  const isSearchable = useMemo(() => hasMoreEntries(value, fewEntries), [value]);
  // Places, which stay what they are when the value is read anew.
  const [activePath, setActivePath] = useState<JsonPath>([0]);
  const [foundPath, setFoundPath] = useState<JsonPath>();
  const [readPath, setReadPath] = useState<JsonPath>();
  const list = useRef<HTMLDivElement>(null);
  const scroller = useRef<JsonScrollerHandle>(null);
  const takesFocus = useRef(false);
  const active = Math.max(0, rows.rowAt(activePath));
  const found = foundPath === undefined ? -1 : rows.rowAt(foundPath);
  const read = isLarge && readPath !== undefined ? rows.at(rows.rowAt(readPath))?.node : undefined;

  const showMatch = useLatest((path: JsonPath | undefined) => {
    setFoundPath(path);
    if (!path) return;
    setOpen(withWayTo(open, path));
    setActivePath(path);
  });
  useIsomorphicLayoutEffect(() => {
    if (foundPath === undefined) return;
    scroller.current?.show(rows.rowAt(foundPath), 'center');
    list.current?.querySelector('[data-found]')?.scrollIntoView?.({ block: 'nearest' });
  }, [foundPath]);

  const elementOf = (row: number) =>
    list.current?.querySelector<HTMLElement>(`[data-node="${rows.at(row)?.node.id ?? ''}"]`);
  const moveTo = (row: number) => {
    const path = rows.at(row)?.node.path;
    if (!path) return;
    setActivePath(path);
    scroller.current?.show(row, 'nearest');
    takesFocus.current = true;
  };
  // The row that is to have the focus may have been drawn but now.
  useIsomorphicLayoutEffect(() => {
    if (takesFocus.current) elementOf(active)?.focus({ preventScroll: isLarge });
    takesFocus.current = false;
  });
  const toggle = (row: number) => {
    const at = rows.at(row);
    if (!at) return;
    const { path } = at.node;
    if (at.node.size > 0) setOpen(withPlace(open, path, !at.isOpen));
    else if (isLarge && isReadBelow(at.node)) setReadPath(at.node === read ? undefined : path);
    else elementOf(row)?.querySelector<HTMLElement>('[data-unfold]')?.click();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const intent = keyIntent(event, rows, active, scroller.current?.rowsInPage ?? 10);
    if (!intent) return;
    if (intent.kind === 'copy') elementOf(active)?.querySelector<HTMLElement>('.spanscope-copy')?.click();
    else if (intent.kind === 'move') moveTo(intent.to);
    else toggle(active);
    event.preventDefault();
  };
  const onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const element = target.closest<HTMLElement>('[role="treeitem"]');
    if (!element || target.closest('button, a')) return;
    // A press that selected text was not meant to open anything.
    const selection = element.ownerDocument.getSelection();
    if (selection && !selection.isCollapsed && selection.containsNode(element, true)) return;
    const row = rowOf(element);
    if (row < 0) return;
    setActivePath(rows.at(row)!.node.path);
    if (rows.at(row)!.node.size > 0 || isLarge) toggle(row);
  };
  const rowOf = (element: HTMLElement): number => {
    const drawn = list.current?.querySelectorAll<HTMLElement>('[data-node]');
    const at = drawn ? Array.prototype.indexOf.call(drawn, element) : -1;
    return at < 0 ? -1 : at + (isLarge ? (scroller.current?.first ?? 0) : 0);
  };
  const drawRow = (row: number) => {
    const { node, isOpen } = rows.at(row)!;
    return (
      <JsonTreeRow
        key={node.id}
        node={node}
        isOpen={isOpen}
        isActive={row === active}
        isFound={row === found}
        isLine={isLarge}
        isRead={node === read}
      />
    );
  };
  const treeProps = { role: 'tree', 'aria-label': label, onKeyDown, onClick } as const;
  return (
    <>
      {isSearchable && <JsonSearchBox value={value} label={label} onMatch={showMatch} />}
      {isLarge ? (
        <JsonScroller
          ref={scroller}
          rowsRef={list}
          rowCount={rows.count}
          active={active}
          drawRow={drawRow}
          {...treeProps}
        />
      ) : (
        <div
          ref={list}
          className="spanscope-json"
          dir="ltr"
          // Where nothing opens, no room is kept for what would open it.
          data-flat={isFlat(rows) || undefined}
          {...treeProps}
        >
          {Array.from({ length: rows.count }, (_, row) => drawRow(row))}
        </div>
      )}
      {read && <JsonReader node={read} onClose={() => setReadPath(undefined)} />}
    </>
  );
}

function isFlat(rows: JsonRows): boolean {
  for (let row = 0; row < rows.count; row++) {
    if (rows.at(row)!.node.size > 0) return false;
  }
  return true;
}

type KeyIntent = { kind: 'move'; to: number } | { kind: 'toggle' } | { kind: 'copy' };

/** The keys of the ARIA tree pattern. */
function keyIntent(event: KeyboardEvent, rows: JsonRows, at: number, rowsInPage: number): KeyIntent | undefined {
  const role = (event.target as Element).getAttribute('role');
  if (role !== 'treeitem' && role !== 'tree') return undefined;
  if (event.key === 'c' && (event.ctrlKey || event.metaKey))
    return nothingSelected(event) ? { kind: 'copy' } : undefined;
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const row = rows.at(at);
  if (!row) return undefined;
  const { node, isOpen } = row;
  const to = (next: number): KeyIntent => ({ kind: 'move', to: Math.max(0, Math.min(next, rows.count - 1)) });
  switch (event.key) {
    case 'ArrowDown':
      return to(at + 1);
    case 'ArrowUp':
      return to(at - 1);
    case 'PageDown':
      return to(at + rowsInPage);
    case 'PageUp':
      return to(at - rowsInPage);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows.count - 1);
    case 'ArrowRight':
      if (node.size === 0) return undefined;
      return isOpen ? to(at + 1) : { kind: 'toggle' };
    case 'ArrowLeft':
      if (isOpen) return { kind: 'toggle' };
      return node.depth > 0 ? to(rows.rowAt(node.parent!.path)) : undefined;
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
