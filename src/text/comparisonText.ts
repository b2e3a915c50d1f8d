import { absent, formatDuration } from '../layout/duration.ts';
import { formatCost, formatQuantity } from '../layout/quantity.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentColumns } from '../transforms/agentColumns.ts';
import { agentKindCode } from '../transforms/agentKindRules.ts';
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
import { selfTimes } from '../transforms/selfTimes.ts';
import { printableText } from './printableText.ts';

/**
 * What became of a run, in one line: how much slower or faster, the names whose self time accounts for most of that, then
 * what there is more or less of.
 *
 * ```
 * 1.8 s slower: tool:search +1.6 s in 3 calls; 2 more iterations; +4.1k tokens
 * ```
 *
 * A name's figure is the sum of its spans' differences in self time, added and removed ones with it; the count is of the
 * spans that go into it. Only names that are told apart by at least a fifth of the whole are named, two at most.
 */
export function comparisonSummary(comparison: TraceComparison, sameName: NameKey = nameWithoutIds): string {
  const { totalsOfA, totalsOfB } = comparison;
  const parts = [timeSentence(comparison, sameName)];
  for (const { of, one, many } of counted) {
    const difference = totalsOfB[of] - totalsOfA[of];
    if (difference !== 0) parts.push(`${moreOrFewer(difference)} ${Math.abs(difference) === 1 ? one : many}`);
  }
  const tokens = (totalsOfB.tokens ?? 0) - (totalsOfA.tokens ?? 0);
  if (tokens !== 0) parts.push(`${signed(tokens, formatQuantity)} tokens`);
  const cost = (totalsOfB.cost ?? 0) - (totalsOfA.cost ?? 0);
  if (Math.abs(cost) > 1e-9) parts.push(signed(cost, formatCost));
  const hasChange = comparison.change.some((change) => change !== changeCode.same);
  if (parts.length === 1 && parts[0] === sameTime && !hasChange) return 'No difference';
  return parts.join('; ');
}

const counted = [
  { of: 'errors', one: 'error', many: 'errors' },
  { of: 'iterations', one: 'iteration', many: 'iterations' },
  { of: 'llmCalls', one: 'model call', many: 'model calls' },
  { of: 'toolCalls', one: 'tool call', many: 'tool calls' },
  { of: 'spans', one: 'span', many: 'spans' },
] as const;

const sameTime = 'as long as before';

function timeSentence(comparison: TraceComparison, sameName: NameKey): string {
  const difference = comparison.b.duration - comparison.a.duration;
  if (difference === 0) return sameTime;
  const sentence = `${formatDuration(Math.abs(difference))} ${difference > 0 ? 'slower' : 'faster'}`;
  const causes = selfTimeByName(comparison, sameName)
    .filter(({ time }) => Math.sign(time) === Math.sign(difference) && Math.abs(time) >= Math.abs(difference) / 5)
    .sort((one, other) => Math.abs(other.time) - Math.abs(one.time))
    .slice(0, 2)
    .map(({ name, time, spans, isCall }) => {
      const noun = `${isCall ? 'call' : 'span'}${spans === 1 ? '' : 's'}`;
      return `${printableText(name)} ${signed(time, formatDuration)} in ${formatQuantity(spans)} ${noun}`;
    });
  return causes.length > 0 ? `${sentence}: ${causes.join(', ')}` : sentence;
}

interface NameTime {
  readonly name: string;
  /** Sum of differences in self time, in ns. */
  time: number;
  /** Those that differ. */
  spans: number;
  isCall: boolean;
}

function selfTimeByName(comparison: TraceComparison, sameName: NameKey): NameTime[] {
  const { a, b, length, selfTime, spanInA, spanInB, differences } = comparison;
  const names = new NameTimes(sameName);
  const [selfA, selfB] = [selfTimes(a), selfTimes(b)];
  for (let row = 0; row < length; row++) {
    const [inA, inB] = [spanInA[row]!, spanInB[row]!];
    if ((differences[row]! & differenceBit.name) !== 0) {
      // What was one name's is the other's now.
      names.add(a, inA, -selfA[inA]!);
      names.add(b, inB, selfB[inB]!);
    } else if (inB >= 0) names.add(b, inB, selfTime[row]!);
    else names.add(a, inA, selfTime[row]!);
  }
  return [...names.byKey.values()];
}

class NameTimes {
  readonly byKey = new Map<string, NameTime>();
  readonly #sameName: NameKey;
  /** By trace, then by the number of a name in it. */
  readonly #known = new Map<Trace, (NameTime | undefined)[]>();

  constructor(sameName: NameKey) {
    this.#sameName = sameName;
  }

  add(trace: Trace, span: SpanIndex, time: number): void {
    if (time === 0) return;
    const sum = this.#of(trace, trace.columns.name[span]!);
    const kind = agentColumns(trace).kind[span]!;
    sum.time += time;
    sum.spans++;
    sum.isCall &&= kind === agentKindCode.llm || kind === agentKindCode.tool;
  }

  #of(trace: Trace, number: number): NameTime {
    const known = this.#known.get(trace) ?? [];
    this.#known.set(trace, known);
    if (known[number]) return known[number];
    const name = this.#sameName(trace.columns.names[number]!);
    const sum = this.byKey.get(name) ?? { name, time: 0, spans: 0, isCall: true };
    this.byKey.set(name, sum);
    known[number] = sum;
    return sum;
  }
}

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
  if (duration[row] !== 0) facts.push(signed(duration[row]!, formatDuration));
  if (tokens[row]! !== 0 && !Number.isNaN(tokens[row]!)) facts.push(`${signed(tokens[row]!, formatQuantity)} tokens`);
  if (Math.abs(cost[row]!) > 1e-9) facts.push(signed(cost[row]!, formatCost));
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
    const change = isKnown && Math.abs(difference) > 1e-9 ? signed(difference, format) : absent;
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

function moreOrFewer(difference: number): string {
  return `${formatQuantity(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'}`;
}

function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;
}
