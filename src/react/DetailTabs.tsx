'use client';

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import type { Span } from '../model/trace.ts';
import type { AgentSpan } from '../transforms/agentSpan.ts';
import { messages } from './messages.ts';

/** A tab of the caller's in a span's details. */
export interface SpanDetailsTab {
  /** Unique among the tabs. */
  id: string;
  label: string;
  render: (props: { span: Span; agent: AgentSpan }) => ReactNode;
  /** Whether the tab is there for a span. @default always */
  isShown?: (props: { span: Span; agent: AgentSpan }) => boolean;
}

export interface DetailTabsProps {
  tabs: readonly SpanDetailsTab[] | undefined;
  span: Span;
  agent: AgentSpan;
  /** What is in the first tab, and there without tabs where the caller gives none. */
  children: ReactNode;
}

/** The details as the first tab beside the caller's, by the ARIA pattern for tabs. */
export function DetailTabs({ tabs = [], span, agent, children }: DetailTabsProps) {
  const [chosen, setChosen] = useState('');
  const idPrefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.filter((tab) => tab.isShown?.({ span, agent }) ?? true);
  if (shown.length === 0) return children;
  const active = shown.find((tab) => tab.id === chosen);
  const all = [{ id: '', label: messages.details.detailsTab }, ...shown];
  const at = active ? all.indexOf(active) : 0;
  const onKeyDown = (event: KeyboardEvent) => {
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const forward = isRightToLeft ? 'ArrowLeft' : 'ArrowRight';
    const back = isRightToLeft ? 'ArrowRight' : 'ArrowLeft';
    const to =
      event.key === forward
        ? (at + 1) % all.length
        : event.key === back
          ? (at + all.length - 1) % all.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? all.length - 1
              : undefined;
    if (to === undefined) return;
    event.preventDefault();
    setChosen(all[to]!.id);
    (list.current?.children[to] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div
        ref={list}
        className="spanscope-tabs"
        role="tablist"
        aria-label={messages.details.tabs}
        onKeyDown={onKeyDown}
      >
        {all.map((tab, place) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${idPrefix}${place}`}
            aria-selected={place === at}
            aria-controls={`${idPrefix}panel`}
            tabIndex={place === at ? 0 : -1}
            onClick={() => setChosen(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${idPrefix}panel`} role="tabpanel" aria-labelledby={`${idPrefix}${at}`}>
        {active ? active.render({ span, agent }) : children}
      </div>
    </>
  );
}
