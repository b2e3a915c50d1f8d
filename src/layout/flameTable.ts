import { statusCode } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { clampedTimes } from '../transforms/clampedTimes.ts';
import { selfTimesWithin } from '../transforms/selfTimes.ts';
import type { UsageTotals } from './flameWeight.ts';
import { type NameRule, repeatedFrame } from './repeatedNames.ts';
import { ruledNames } from './spanMerging.ts';

/** Spans of equal name and kind as a row each, wherever in the trace they are: columns by row. */
export interface FlameTable {
  readonly length: number;
  readonly names: readonly string[];
  /** Into `spanKinds`. */
  readonly kind: Uint8Array;
  readonly count: Float64Array;
  readonly errors: Float64Array;
  /** Nanoseconds. A span below another of its row is in that one's time already and is not counted twice. */
  readonly total: Float64Array;
  readonly self: Float64Array;
  /** With what lies below, counted as `total` is; NaN where nobody says anything. */
  readonly tokens: Float64Array;
  readonly cost: Float64Array;
  /** The longest of its spans. */
  readonly longestSpan: Int32Array;
  /** Each span's row, by span index. */
  readonly rowOf: Int32Array;
}

export interface FlameTableOptions {
  /** As in `layoutMergedFlameGraph`. @default false */
  collapseRepeated?: boolean | NameRule;
  usage?: UsageTotals | undefined;
}

/** O(spans): depth-first order tells with a stack which rows a span is below of. */
export function flameTable(trace: Trace, { collapseRepeated = false, usage }: FlameTableOptions = {}): FlameTable {
  const rule = collapseRepeated === true ? repeatedFrame : collapseRepeated || undefined;
  const { length, name, kind, status, names, subtreeEnd } = trace.columns;
  const { places, ruled } = ruledNames(names, rule);
  const rowOf = new Int32Array(length);
  // By name and kind, one more than its row: a name has eight kinds at most.
  const rows = new Int32Array(ruled.length * 8);
  const keys: number[] = [];
  for (let index = 0; index < length; index++) {
    const key = places[name[index]!]! * 8 + kind[index]!;
    if (rows[key] === 0) rows[key] = keys.push(key);
    rowOf[index] = rows[key]! - 1;
  }
  const column = () => new Float64Array(keys.length);
  const table = {
    length: keys.length,
    names: keys.map((key) => ruled[Math.floor(key / 8)]!),
    kind: Uint8Array.from(keys, (key) => key % 8),
    count: column(),
    errors: column(),
    total: column(),
    self: column(),
    tokens: column().fill(Number.NaN),
    cost: column().fill(Number.NaN),
    longestSpan: new Int32Array(keys.length).fill(-1),
    rowOf,
  };
  const times = clampedTimes(trace);
  const { start, end } = times;
  const self = selfTimesWithin(trace, times);
  const open = new Int32Array(keys.length);
  const above: number[] = [];
  for (let index = 0; index < length; index++) {
    while (above.length > 0 && subtreeEnd[above[above.length - 1]!]! <= index) open[rowOf[above.pop()!]!]!--;
    const row = rowOf[index]!;
    const duration = end[index]! - start[index]!;
    const longest = table.longestSpan[row]!;
    if (longest < 0 || duration > end[longest]! - start[longest]!) table.longestSpan[row] = index;
    table.count[row]!++;
    if (status[index] === statusCode.error) table.errors[row]!++;
    table.self[row]! += self[index]!;
    if (open[row] === 0) {
      table.total[row]! += duration;
      if (usage) {
        table.tokens[row] = added(table.tokens[row]!, usage.tokens[index]!);
        table.cost[row] = added(table.cost[row]!, usage.cost[index]!);
      }
    }
    if (subtreeEnd[index]! > index + 1) {
      above.push(index);
      open[row]!++;
    }
  }
  return table;
}

/** Unknown and known is known. */
function added(sum: number, value: number): number {
  if (Number.isNaN(value)) return sum;
  return Number.isNaN(sum) ? value : sum + value;
}
