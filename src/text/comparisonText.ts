import { absent, formatDuration } from '../layout/duration.ts';
import { formatCost, formatDifference, formatQuantity } from '../layout/quantity.ts';
import {
  type ComparedTotals,
  changeCode,
  differenceBit,
  differencesAt,
  spanChanges,
  statusChange,
  type TraceComparison,
} from '../transforms/compareTraces.ts';
import { type NameKey, nameWithoutIds } from '../transforms/sameNames.ts';
import { comparisonSummary } from './comparisonSummary.ts';
import { printableText } from './printableText.ts';

export interface ComparisonTextOptions {
  sameName?: NameKey;
  /**
   * How many rows that differ are printed at most, those of the largest differences in self time before others; how many are left
   * out is said.
   * @default 200
   */
  rows?: number;
}

/**
 * A comparison as text for a terminal: the summary, both sides' totals, then the rows that are not the same and those above
 * them, in the tree's order: `~` changed, `+` added, `-` removed, `=` the same.
 *
 * ```
 * 30 ms slower: search +50 ms in 1 span; 1 more error
 *
 *              before   after
 * duration     100 ms  130 ms   +30 ms
 * spans             5       5        –
 * …
 * ~ agent  +30 ms
 *   ~ search  +50 ms  ok → error
 *   - answer  −30 ms
 * ```
 *
 * Control characters in names are escaped.
 */
export function comparisonText(comparison: TraceComparison, options: ComparisonTextOptions = {}): string {
  const { sameName = nameWithoutIds, rows: most = 200 } = options;
  const changed = rowsShown(comparison, most);
  const lines = [comparisonSummary(comparison, sameName), '', ...totalsTable(comparison), ''];
  for (const row of changed.rows) lines.push(rowText(comparison, row));
  if (changed.left > 0) lines.push(`… and ${changed.left} more rows that differ`);
  return lines.join('\n').trimEnd();
}

/** Rows that differ, and those above them; of too many, those of the largest differences. */
function rowsShown(
  { length, change, selfTime, parent }: TraceComparison,
  most: number,
): { rows: number[]; left: number } {
  const differing: number[] = [];
  for (let row = 0; row < length; row++) if (change[row] !== changeCode.same) differing.push(row);
  const chosen =
    differing.length <= most
      ? differing
      : [...differing].sort((one, other) => Math.abs(selfTime[other]!) - Math.abs(selfTime[one]!)).slice(0, most);
  const shown = new Set<number>();
  for (const row of chosen) {
    for (let above = row; above >= 0 && !shown.has(above); above = parent[above]!) shown.add(above);
  }
  const left = differing.reduce((count, row) => count + (shown.has(row) ? 0 : 1), 0);
  return { rows: [...shown].sort((one, other) => one - other), left };
}

/** Indentation stops here, as a timeline's does. */
const deepestIndent = 500;

function rowText(comparison: TraceComparison, row: number): string {
  const { a, b, spanInA, spanInB, depth, duration, tokens, cost, differences } = comparison;
  const sign = { same: '=', changed: '~', added: '+', removed: '-' }[spanChanges[comparison.change[row]!]!];
  const before = spanInA[row]! < 0 ? undefined : printableText(a.spanAt(spanInA[row]!).name);
  const after = spanInB[row]! < 0 ? undefined : printableText(b.spanAt(spanInB[row]!).name);
  const isRenamed = (differences[row]! & differenceBit.name) !== 0;
  const facts = [`${sign} ${isRenamed ? `${before} → ${after}` : (after ?? before)}`];
  if (duration[row] !== 0) facts.push(formatDifference(duration[row]!, formatDuration));
  if (tokens[row]! !== 0 && !Number.isNaN(tokens[row]!))
    facts.push(`${formatDifference(tokens[row]!, formatQuantity)} tokens`);
  if (Math.abs(cost[row]!) > 1e-9) facts.push(formatDifference(cost[row]!, formatCost));
  const status = statusChange(comparison, row);
  if (status) facts.push(status.join(' → '));
  if (differencesAt(comparison, row).includes('moved')) facts.push('moved');
  return `${'  '.repeat(Math.min(depth[row]!, deepestIndent))}${facts.join('  ')}`;
}

const totalRows: readonly {
  label: string;
  of: keyof ComparedTotals;
  format: (value: number | undefined) => string;
}[] = [
  { label: 'duration', of: 'duration', format: formatDuration },
  { label: 'spans', of: 'spans', format: formatQuantity },
  { label: 'errors', of: 'errors', format: formatQuantity },
  { label: 'iterations', of: 'iterations', format: formatQuantity },
  { label: 'model calls', of: 'llmCalls', format: formatQuantity },
  { label: 'tool calls', of: 'toolCalls', format: formatQuantity },
  { label: 'tokens', of: 'tokens', format: formatQuantity },
  { label: 'cost', of: 'cost', format: formatCost },
];

function totalsTable({ totalsOfA, totalsOfB }: TraceComparison): string[] {
  const cells = [['', 'before', 'after', '']];
  for (const { label, of, format } of totalRows) {
    const [before, after] = [totalsOfA[of], totalsOfB[of]];
    if ((before ?? 0) === 0 && (after ?? 0) === 0 && of !== 'duration') continue;
    const difference = (after ?? 0) - (before ?? 0);
    const isKnown = before !== undefined && after !== undefined;
    const change = isKnown && Math.abs(difference) > 1e-9 ? formatDifference(difference, format) : absent;
    cells.push([label, format(before), format(after), change]);
  }
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}
