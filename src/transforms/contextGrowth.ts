import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';

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
