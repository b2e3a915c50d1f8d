import type { SpanIndex } from '../model/columns.ts';
import { exactTokens, formatCost, formatTokens } from './agentNumbers.ts';
import { messages } from './messages.ts';
import type { TraceFacts } from './traceFacts.ts';
import { visibleText } from './visibleText.ts';

/** What may stand in columns of its own between a span's name and its time. A narrow view leaves out columns that have no room. */
export type SpanColumn = 'model' | 'tokens' | 'cost';

/** Those that have anything to say of a trace: tokens and cost where spans tell them. The model stands beside the name. */
export function usualColumns(facts: TraceFacts): readonly SpanColumn[] {
  if (!facts.agents.isAgentRun) return noColumns;
  const { usage, cost } = facts.agents.run;
  if (usage && cost) return tokensAndCost;
  return usage ? tokensAlone : cost ? costAlone : noColumns;
}

// The same list each time, so that rows are not drawn anew.
export const noColumns: readonly SpanColumn[] = [];
const tokensAndCost: readonly SpanColumn[] = ['tokens', 'cost'];
const tokensAlone: readonly SpanColumn[] = ['tokens'];
const costAlone: readonly SpanColumn[] = ['cost'];

export interface ColumnCellProps {
  column: SpanColumn;
  facts: TraceFacts;
  index: SpanIndex;
}

/** The value of a column: a span's own, or Σ and quiet where it is the sum of its subtree. */
export function ColumnValue({ column, facts, index }: ColumnCellProps) {
  if (column === 'model') {
    const model = facts.agents.modelOf(index);
    return model === undefined ? null : <bdi title={model}>{visibleText(model.slice(0, 200))}</bdi>;
  }
  const found = facts.agents.spent(index, column);
  if (!found) return null;
  const { value, isSum, isEstimated } = found;
  const text = column === 'tokens' ? formatTokens(value) : `${isEstimated ? '≈ ' : ''}${formatCost(value)}`;
  const exact = column === 'tokens' ? exactTokens(value)! : `$${value}`;
  const sumTitle = column === 'tokens' ? messages.run.subtreeTokens(exact) : messages.run.subtreeCost(exact);
  return (
    <bdi data-sum={isSum || undefined} title={isSum ? sumTitle : isEstimated ? messages.run.estimated : exact}>
      {isSum && <span className="spanscope-sum-sign">Σ </span>}
      {text}
      {column === 'tokens' && <span className="spanscope-visually-hidden"> {messages.agent.tokens.toLowerCase()}</span>}
    </bdi>
  );
}
