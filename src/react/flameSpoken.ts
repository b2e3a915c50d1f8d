import { formatDuration } from '../layout/duration.ts';
import type { MergedFlameGraphLayout } from '../layout/mergedFlameGraph.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentLabel } from '../transforms/agentKind.ts';
import { spanEnd, spanStart } from '../transforms/clampedTimes.ts';
import type { BlockIndex } from './flameForm.ts';
import { messages } from './messages.ts';
import { formatShare } from './spanFacts.ts';

/** `search, 812 ms, 9 % of the trace, error` */
export function spokenSpan(trace: Trace, index: SpanIndex): string {
  const span = trace.spanAt(index);
  const share = formatShare(spanEnd(trace, index) - spanStart(trace, index), trace.duration);
  const texts = messages.flameGraph.spoken;
  return [
    shortened(agentLabel(span)) || messages.rows.unnamed,
    span.duration === undefined ? messages.rows.open : formatDuration(span.duration),
    share && texts.ofTrace(share),
    span.status === 'error' && messages.rows.error,
    span.descendantCount > 0 && texts.children(span.descendantCount),
  ]
    .filter(Boolean)
    .join(', ');
}

/** `llm_call, 12 spans, 34.2 s, 38 % of all, 2 errors, 5 blocks below` */
export function spokenBlock(layout: MergedFlameGraphLayout, block: BlockIndex, value: string): string {
  const texts = messages.flameGraph.spoken;
  const share = formatShare(layout.weight[block]!, layout.totalWeight);
  const below = layout.subtreeEnd[block]! - block - 1;
  const errors = layout.errors[block]!;
  return [
    shortened(blockName(layout, block)),
    messages.traceView.spans(layout.count[block]!),
    value,
    share && texts.ofAll(share),
    errors > 0 && messages.traceView.errors(errors),
    below > 0 && texts.blocksBelow(below),
  ]
    .filter(Boolean)
    .join(', ');
}

export function blockName(layout: MergedFlameGraphLayout, block: BlockIndex): string {
  const folded = layout.folded[block]!;
  if (folded > 0) return messages.flameGraph.other(folded);
  const name = layout.name(block);
  const span = layout.trace.spanAt(layout.longestSpan[block]!);
  // A rule of names may have called it otherwise than its spans.
  return (span.name === name ? agentLabel(span) : name) || messages.rows.unnamed;
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
