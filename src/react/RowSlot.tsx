import { Component, type ReactNode } from 'react';
import type { SpanIndex } from '../model/columns.ts';
import type { Span, Trace } from '../model/trace.ts';
import type { AgentKind } from '../transforms/agentKind.ts';
import { Icon } from './icons.tsx';
import { messages } from './messages.ts';
import type { TraceFacts } from './traceFacts.ts';

/** A row as a renderer of the caller's sees it. */
export interface RowContent {
  span: Span;
  /** What kind of agent step, or of other work, the span is. */
  kind: AgentKind;
  /** In this view, 0 for a root. */
  depth: number;
  /** Undefined where nothing can be shown below it. */
  isExpanded: boolean | undefined;
  /** What stands there unless the caller draws it: to be put inside of something, or left out. */
  content: ReactNode;
}

/**
 * What the caller draws in rows, of the waterfall and the tree alike. Called for rows in sight alone, when one comes into sight or
 * changes; one that throws has a mark in its place. Keep a function the same between renders, or all rows in sight are drawn anew.
 */
export interface RowSlots {
  /** The name; indentation, toggle, icon and marks stay. */
  renderRowName?: (row: RowContent) => ReactNode;
  /** What lies in a bar, clipped to it. The bar itself is placed by the view. */
  renderRowBar?: (row: RowContent) => ReactNode;
  /** A column's cell, by the column's id. */
  renderRowCell?: (row: RowContent & { columnId: string }) => ReactNode;
}

interface RowSlotProps {
  render: ((row: RowContent) => ReactNode) | undefined;
  trace: Trace;
  facts: TraceFacts;
  index: SpanIndex;
  depth: number;
  isExpanded: boolean | undefined;
  children?: ReactNode;
}

/** The children, or what the caller makes of them. */
export function RowSlot({ render, ...row }: RowSlotProps) {
  if (!render) return <>{row.children}</>;
  return (
    <SlotBoundary resetKey={render}>
      <Rendered render={render} {...row} />
    </SlotBoundary>
  );
}

function Rendered({ render, trace, facts, index, depth, isExpanded, children }: RowSlotProps) {
  return <>{render!({ span: trace.spanAt(index), kind: facts.kind(index), depth, isExpanded, content: children })}</>;
}

/** Keeps the failure of one cell in that cell. */
class SlotBoundary extends Component<
  { resetKey: unknown; children: ReactNode },
  { hasFailed: boolean; resetKey: unknown }
> {
  override state = { hasFailed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps(props: { resetKey: unknown }, state: { resetKey: unknown }) {
    return props.resetKey === state.resetKey ? null : { hasFailed: false, resetKey: props.resetKey };
  }

  override render() {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <span className="spanscope-slot-error" title={messages.rows.slotFailed}>
        <Icon name="warning" />
        <span className="spanscope-visually-hidden">{messages.rows.slotFailed}</span>
      </span>
    );
  }
}
