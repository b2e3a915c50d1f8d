import { formatDuration } from '../layout/duration.ts';
import { formatCost, formatDifference, formatQuantity } from '../layout/quantity.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { agentColumns } from '../transforms/agentColumns.ts';
import { agentKindCode } from '../transforms/agentKindRules.ts';
import { changeCode, differenceBit, type TraceComparison } from '../transforms/compareTraces.ts';
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
  if (tokens !== 0) parts.push(`${formatDifference(tokens, formatQuantity)} tokens`);
  const cost = (totalsOfB.cost ?? 0) - (totalsOfA.cost ?? 0);
  if (Math.abs(cost) > 1e-9) parts.push(formatDifference(cost, formatCost));
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
      return `${printableText(name)} ${formatDifference(time, formatDuration)} in ${formatQuantity(spans)} ${noun}`;
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

function moreOrFewer(difference: number): string {
  return `${formatQuantity(Math.abs(difference))} ${difference > 0 ? 'more' : 'fewer'}`;
}
