import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { AgentColumns } from './agentColumns.ts';
import type { AgentSteps } from './agentSteps.ts';
import { known } from './agentValues.ts';

/** One call of a model: how full its context was. The call's own tokens, never a sum. */
export interface ContextPoint {
  readonly span: SpanIndex;
  readonly agent: SpanIndex;
  readonly start: Nanoseconds;
  readonly model: string | undefined;
  readonly input: number;
  /** Of `input`; undefined where the trace does not tell. */
  readonly cacheRead: number | undefined;
  readonly cacheWrite: number | undefined;
  readonly output: number | undefined;
  /** The call of the same agent before this one, where it has tokens too. */
  readonly previous: SpanIndex | undefined;
  /** More than that call had; undefined for the first. */
  readonly growth: number | undefined;
  /** The context shrank by a fifth or more: it was compacted, or messages were dropped. */
  readonly isCompaction: boolean;
}

/** The context is taken to be compacted where less than this share of it is left. */
const compactedShare = 0.8;

/** Calls of models whose input tokens are known, in order of their start. */
export function contextGrowth(columns: AgentColumns, { llmCalls, agent, start }: AgentSteps): readonly ContextPoint[] {
  const last = new Map<SpanIndex, SpanIndex>();
  const points: ContextPoint[] = [];
  for (const span of llmCalls) {
    const input = columns.inputTokens[span]!;
    if (Number.isNaN(input)) continue;
    const previous = last.get(agent[span]!);
    const before = previous === undefined ? NaN : columns.inputTokens[previous]!;
    last.set(agent[span]!, span);
    points.push({
      span,
      agent: agent[span]!,
      start: start[span]!,
      model: columns.models[columns.model[span]!] || undefined,
      input,
      cacheRead: known(columns.cacheReadTokens[span]!),
      cacheWrite: known(columns.cacheWriteTokens[span]!),
      output: known(columns.outputTokens[span]!),
      previous,
      growth: known(input - before),
      isCompaction: input <= before * compactedShare,
    });
  }
  return points;
}
