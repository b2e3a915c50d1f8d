import type { CollapsedSpans } from '../layout/collapse.ts';
import {
  collapsedDownTo,
  collapsedDownToErrors,
  collapseOneLevel,
  collapseSubtree,
  expandOneLevel,
  expandSubtree,
} from '../layout/collapseLevels.ts';
import type { SpanIndex } from '../model/columns.ts';
import { spanBits } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceFacts } from './traceFacts.ts';

/** Many rows folded at once: a level of them, or all but the way to what counts. */
export type Fold = 'expand-level' | 'collapse-level' | 'errors' | 'critical-path';

/** What is collapsed after it. The same state where there is nothing to fold. */
export function folded(trace: Trace, facts: TraceFacts, collapsed: CollapsedSpans, fold: Fold): CollapsedSpans {
  if (fold === 'expand-level') return expandOneLevel(trace, collapsed);
  if (fold === 'collapse-level') return collapseOneLevel(trace, collapsed);
  if (fold === 'errors') return collapsedDownToErrors(trace);
  return collapsedDownTo(
    trace,
    spanBits(trace, (index) => facts.criticalStretches(index) !== undefined),
  );
}

/** A span and all below it, the other way round: where the span is open all close, else all open. */
export function withSubtreeToggled(
  trace: Trace,
  collapsed: CollapsedSpans,
  index: SpanIndex,
  isOpen: boolean,
): CollapsedSpans {
  return isOpen ? collapseSubtree(trace, collapsed, index) : expandSubtree(trace, collapsed, index);
}
