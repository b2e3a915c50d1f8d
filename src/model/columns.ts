import type { Nanoseconds } from './time.ts';

/** A span's row in one snapshot of a trace: depth-first, a parent before its children, siblings by start. */
export type SpanIndex = number;

/** The order gives the codes that columns hold: `spanKinds[columns.kind[index]]`. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];

/** The order gives the codes that columns hold. */
export const spanStatuses = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof spanStatuses)[number];

export const kindCode: Readonly<Record<SpanKind, number>> = codes(spanKinds);
export const statusCode: Readonly<Record<SpanStatus, number>> = codes(spanStatuses);

function codes<T extends string>(names: readonly T[]): Readonly<Record<T, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<T, number>;
}

/**
 * What a trace knows of every span, a column each, by span index. Values are the file's own: an end before its start
 * stays so, and only layout clamps. Read-only by agreement: a trace never changes.
 *
 * ```
 * index        0        1          2       3         4
 * name         session  agent_run  iter_1  llm_call  tool:search   (an index into `names`)
 * start        0        0          1.2 ms  1.3 ms    812 ms        offsets from the trace's start, in ns
 * duration     9 s      9 s        2.4 s   811 ms    NaN           NaN while the span is open
 * parent       -1       0          1       2         2
 * subtreeEnd   5        5          5       4         5             one past the last descendant
 * depth        0        1          2       3         3
 * ```
 */
export interface TraceColumns {
  readonly length: number;
  readonly start: Float64Array;
  /** End minus start: below zero where the file says so, NaN while the span is open. */
  readonly duration: Float64Array;
  /** -1 for a root. */
  readonly parent: Int32Array;
  readonly subtreeEnd: Int32Array;
  readonly depth: Int32Array;
  /** Into `names`. */
  readonly name: Uint32Array;
  /** Into `serviceNames`. */
  readonly service: Uint32Array;
  /** Into `spanKinds`. */
  readonly kind: Uint8Array;
  /** Into `spanStatuses`. */
  readonly status: Uint8Array;
  /** 1 where the span follows from its parent, which does not wait for it (Jaeger's FOLLOWS_FROM), else 0. */
  readonly followsFrom: Uint8Array;
  /** One bit for each of `spanIssues`, in their order. */
  readonly issues: Uint16Array;
  /** The span's place in the file. */
  readonly sourceOrder: Uint32Array;
  readonly names: readonly string[];
  readonly serviceNames: readonly string[];
}

/** Where the span ends for a reader of bars: an open span at the trace's end, a negative duration at its start. */
export function clampedEnd(columns: TraceColumns, index: SpanIndex, traceEnd: Nanoseconds): Nanoseconds {
  const start = columns.start[index]!;
  const duration = columns.duration[index]!;
  if (Number.isNaN(duration)) return Math.max(start, traceEnd);
  return duration > 0 ? start + duration : start;
}
