import { useMemo } from 'react';
import type { CollapsedSpans } from '../layout/collapse.ts';
import type { GroupRules } from '../layout/rowGroups.ts';
import { layoutWaterfall, type WaterfallLayout, type WaterfallOptions } from '../layout/waterfall.ts';
import type { Trace } from '../model/trace.ts';
import { traceFacts } from './traceFacts.ts';
import type { ShownSearch } from './useSearch.ts';

/** The keys of the groups that show their spans. */
export type OpenGroups = ReadonlySet<string>;

export const noOpenGroups: OpenGroups = new Set();

/** What stands in the rows, beyond what is collapsed, and how their time lies on the width. */
export interface RowArrangement {
  /** The key of the span whose subtree is shown alone; null for the whole trace. */
  focusSpanId: string | null;
  /** Of a search, only matches and what they lie in. */
  matchesOnly: boolean;
  /** Alike siblings, and chains of one span told twice, become one row. */
  groups: boolean;
  /** Time in which nobody recorded anything has a row. */
  gaps: boolean;
  /** The plumbing of known frameworks is left out. */
  withoutNoise: boolean;
  /** Idle time is compressed to breaks. */
  compress: boolean;
}

export const plainArrangement: RowArrangement = {
  focusSpanId: null,
  matchesOnly: false,
  groups: false,
  gaps: false,
  withoutNoise: false,
  compress: false,
};

/**
 * The rows of one arrangement of a trace, by what is collapsed and which groups are open. A toggle splices the rows that it
 * has; the sets that stand for the result find them here again.
 */
export class ShownRows {
  readonly #trace: Trace;
  readonly #options: WaterfallOptions;
  readonly #layouts = new WeakMap<CollapsedSpans, WeakMap<OpenGroups, WaterfallLayout>>();

  constructor(trace: Trace, options: WaterfallOptions) {
    this.#trace = trace;
    this.#options = options;
  }

  at(collapsed: CollapsedSpans, openGroups: OpenGroups): WaterfallLayout {
    const kept = this.#layouts.get(collapsed)?.get(openGroups);
    if (kept) return kept;
    const layout = layoutWaterfall(this.#trace, { ...this.#options, collapsed, expandedGroups: openGroups });
    this.keep(collapsed, openGroups, layout);
    return layout;
  }

  keep(collapsed: CollapsedSpans, openGroups: OpenGroups, layout: WaterfallLayout): void {
    let ofCollapsed = this.#layouts.get(collapsed);
    if (!ofCollapsed) {
      ofCollapsed = new WeakMap();
      this.#layouts.set(collapsed, ofCollapsed);
    }
    ofCollapsed.set(openGroups, layout);
  }
}

const plain = new WeakMap<Trace, ShownRows>();

/** All spans and nothing else, shared by all views of a trace that want no more. */
export function plainRows(trace: Trace): ShownRows {
  let rows = plain.get(trace);
  if (!rows) {
    rows = new ShownRows(trace, {});
    plain.set(trace, rows);
  }
  return rows;
}

/** The rows of an arrangement, made once for it. */
export function useShownRows(
  trace: Trace | undefined,
  { focusSpanId, matchesOnly, groups, gaps, withoutNoise }: RowArrangement,
  search: ShownSearch | undefined,
  groupRules: GroupRules | undefined,
): ShownRows | undefined {
  const matches = matchesOnly && search?.result.query ? search.result.bits : undefined;
  return useMemo(() => {
    if (!trace) return undefined;
    const focus = focusSpanId === null ? undefined : trace.span(focusSpanId);
    const hide = withoutNoise ? traceFacts(trace).noise.spans : undefined;
    if (!focus && !matches && !groups && !gaps && !hide) return plainRows(trace);
    return new ShownRows(trace, {
      group: groups && (groupRules ?? true),
      gaps,
      ...(focus && { focus }),
      ...(matches && { matches }),
      ...(hide && { hide }),
    });
  }, [trace, focusSpanId, matches, groups, groupRules, gaps, withoutNoise]);
}
