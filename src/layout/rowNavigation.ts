import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel, isNameOfAnyTool, labelOfName } from '../transforms/agentKind.ts';
import type { RowValue } from './visibleRows.ts';
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
  /** `index` is the value of the row to go to: a span's, or below 0 that of a row of another kind. */
  | { type: 'focus'; index: RowValue }
  | { type: 'toggle'; indexes: readonly SpanIndex[] }
  | { type: 'toggle-group'; value: RowValue }
  | { type: 'select' }
  | { type: 'zoom' };

/** What an intent does where the row of this value has the focus: the next state, or undefined where there is nothing to do. */
export function rowAction(
  trace: Trace,
  layout: WaterfallLayout,
  index: RowValue,
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
      if (!layout.hasChildren(index)) return undefined;
      return layout.isExpanded(index) ? to(row + 1) : toggling(index);
    case 'collapse': {
      if (layout.isExpanded(index)) return toggling(index);
      const parent = layout.parentOf(index);
      return parent === undefined ? undefined : { type: 'focus', index: parent };
    }
    case 'expand-siblings': {
      const closed = layout.siblingsOf(index).filter((at) => hasChildren(trace, at) && layout.isCollapsed(at));
      return closed.length > 0 ? { type: 'toggle', indexes: closed } : undefined;
    }
    case 'select':
    case 'zoom':
      return { type: intent };
  }
}

function toggling(value: RowValue): RowAction {
  return value < 0 ? { type: 'toggle-group', value } : { type: 'toggle', indexes: [value] };
}

/** The next row, from the one after `index` and around, whose name, as it is or as rows show it, begins with what was typed. */
export function rowByName(trace: Trace, layout: WaterfallLayout, index: RowValue, typed: string): SpanIndex {
  const { rows } = layout;
  const { name, names } = trace.columns;
  const wanted = typed.toLowerCase();
  // Names repeat: each is compared once, not once a row.
  const begins = (text: string) => text.toLowerCase().startsWith(wanted);
  const matches = names.map((each) => begins(each) || begins(labelOfName(each)));
  const mayDiffer = names.map(isNameOfAnyTool);
  // With one letter the search moves on; with more, the row that matched so far may match on.
  const from = layout.rowOf(index) + (typed.length > 1 ? 0 : 1);
  for (let step = 0; step < rows.length; step++) {
    const found = rows[(from + step) % rows.length]!;
    if (found < 0) continue;
    if (matches[name[found]!] || (mayDiffer[name[found]!] && begins(agentLabel(trace.spanAt(found))))) return found;
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
