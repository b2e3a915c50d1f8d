import { differencesAt, spanChanges, type TraceComparison } from '../src/transforms/compareTraces.ts';

/** The rows of a comparison in their order: `=` same, `~` changed and in what, `+` added, `-` removed. */
export function comparisonToText(comparison: TraceComparison): string {
  const lines: string[] = [];
  for (let row = 0; row < comparison.length; row++) {
    const { a, b, spanInA, spanInB, depth, change } = comparison;
    const sign = { same: '=', changed: '~', added: '+', removed: '-' }[spanChanges[change[row]!]!];
    const before = spanInA[row]! < 0 ? undefined : a.spanAt(spanInA[row]!).name;
    const after = spanInB[row]! < 0 ? undefined : b.spanAt(spanInB[row]!).name;
    const name =
      before === after || before === undefined || after === undefined ? (after ?? before) : `${before} → ${after}`;
    const differences = differencesAt(comparison, row);
    const marks = differences.length > 0 ? ` (${differences.join(', ')})` : '';
    lines.push(`${'  '.repeat(depth[row]!)}${sign} ${name}${marks}`);
  }
  return lines.join('\n');
}
