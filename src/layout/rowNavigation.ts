import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import type { WaterfallLayout } from './waterfall.ts';

/** What a key asks of a list of rows, whatever the key is called on this keyboard. */
export type RowIntent =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'page-down'
  | 'page-up'
  | 'expand'
  | 'collapse'
  | 'expand-siblings'
  | 'select'
  | 'zoom';

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const intents: Readonly<Record<string, RowIntent>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  ArrowRight: 'expand',
  ArrowLeft: 'collapse',
  Home: 'first',
  End: 'last',
  PageDown: 'page-down',
  PageUp: 'page-up',
  '*': 'expand-siblings',
  Enter: 'select',
  ' ': 'select',
  f: 'zoom',
};

/**
 * The intent of a key by the ARIA patterns for treegrid and tree view
 * (https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/), `f` being Perfetto's "fit". Keys held with Ctrl, ⌘ or Alt belong
 * to the browser. Right to left, the arrows follow what is seen.
 */
export function rowIntent(press: KeyPress, rightToLeft = false): RowIntent | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey) return undefined;
  const intent = Object.hasOwn(intents, press.key) ? intents[press.key] : undefined;
  if (!rightToLeft) return intent;
  return intent === 'expand' ? 'collapse' : intent === 'collapse' ? 'expand' : intent;
}

export type RowAction =
  | { type: 'focus'; index: SpanIndex }
  | { type: 'toggle'; indexes: readonly SpanIndex[] }
  | { type: 'select' }
  | { type: 'zoom' };

/** What an intent does where `index` has the focus: the next state, or undefined where there is nothing to do. */
export function rowAction(
  trace: Trace,
  layout: WaterfallLayout,
  index: SpanIndex,
  intent: RowIntent,
  rowsInPage: number,
): RowAction | undefined {
  const { rows } = layout;
  const last = rows.length - 1;
  const row = layout.rowOf(index);
  const to = (target: number): RowAction | undefined => {
    const found = rows[Math.min(Math.max(target, 0), last)];
    return found === undefined || found === index ? undefined : { type: 'focus', index: found };
  };
  switch (intent) {
    case 'next':
      return to(row + 1);
    case 'previous':
      return to(row - 1);
    case 'first':
      return to(0);
    case 'last':
      return to(last);
    case 'page-down':
      return to(row + rowsInPage);
    case 'page-up':
      return to(row - rowsInPage);
    case 'expand':
      if (!hasChildren(trace, index)) return undefined;
      return isOpen(trace, layout, index) ? to(row + 1) : { type: 'toggle', indexes: [index] };
    case 'collapse': {
      if (isOpen(trace, layout, index)) return { type: 'toggle', indexes: [index] };
      const parent = trace.columns.parent[index]!;
      return parent < 0 ? undefined : { type: 'focus', index: parent };
    }
    case 'expand-siblings': {
      const closed = siblingsOf(trace, index).filter((at) => hasChildren(trace, at) && !isOpen(trace, layout, at));
      return closed.length > 0 ? { type: 'toggle', indexes: closed } : undefined;
    }
    case 'select':
    case 'zoom':
      return { type: intent };
  }
}

/** The next row, from the one after `index` and around, whose name begins with what was typed. */
export function rowByName(trace: Trace, layout: WaterfallLayout, index: SpanIndex, typed: string): SpanIndex {
  const { rows } = layout;
  const { name, names } = trace.columns;
  const wanted = typed.toLowerCase();
  // Names repeat: each is compared once, not once a row.
  const matches = names.map((each) => each.toLowerCase().startsWith(wanted));
  // With one letter the search moves on; with more, the row that matched so far may match on.
  const from = layout.rowOf(index) + (typed.length > 1 ? 0 : 1);
  for (let step = 0; step < rows.length; step++) {
    const found = rows[(from + step) % rows.length]!;
    if (found >= 0 && matches[name[found]!]) return found;
  }
  return -1;
}

export function hasChildren(trace: Trace, index: SpanIndex): boolean {
  return trace.columns.subtreeEnd[index]! > index + 1;
}

/** Whether the span has children and shows them. */
export function isOpen(trace: Trace, layout: WaterfallLayout, index: SpanIndex): boolean {
  return hasChildren(trace, index) && !layout.isCollapsed(index);
}

function siblingsOf(trace: Trace, index: SpanIndex): SpanIndex[] {
  const { parent, subtreeEnd } = trace.columns;
  const above = parent[index]!;
  const end = above < 0 ? trace.spanCount : subtreeEnd[above]!;
  const siblings: SpanIndex[] = [];
  for (let at = above + 1; at < end; at = subtreeEnd[at]!) siblings.push(at);
  return siblings;
}
