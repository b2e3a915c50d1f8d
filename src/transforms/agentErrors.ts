import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Span, Trace } from '../model/trace.ts';
import type { AgentColumns } from './agentColumns.ts';
import { exceptionOf, isInterruption } from './agentFacts.ts';
import { agentKindCode } from './agentKindRules.ts';
import type { AgentRun } from './agentRun.ts';
import type { SoftFailure } from './agentSpan.ts';
import type { AgentSteps } from './agentSteps.ts';
import { firstText, numberOf, own } from './agentValues.ts';
import { criticalPath, criticalTimes } from './criticalPath.ts';

/** One thing that went wrong, and not the five rows that it coloured. */
export interface RunError {
  /** The innermost span that failed. */
  readonly origin: SpanIndex;
  /** The outermost span that failed by it; the origin itself where it did not spread. */
  readonly reached: SpanIndex;
  /** From the origin outwards, both ends included. */
  readonly path: readonly SpanIndex[];
  /** Of an exception, where one was recorded: `TimeoutError`. */
  readonly type: string | undefined;
  readonly message: string | undefined;
  /** The run went on and came to an end without it. */
  readonly isRecovered: boolean;
}

export interface SoftFailureOfSpan extends SoftFailure {
  readonly span: SpanIndex;
}

/**
 * - `failed`: an outermost span of the run has an error.
 * - `recovered`: something failed, the run went on to its end.
 * - `succeeded`: nothing failed; `isSoft` where something went wrong without an error.
 * - `unfinished`: the run is open: it goes on, or was cut off.
 * - `empty`: no spans.
 */
export interface RunOutcome {
  readonly state: 'succeeded' | 'recovered' | 'failed' | 'unfinished' | 'empty';
  /** Where the reason is to be seen: the origin of the error that made the run fail, else undefined. */
  readonly span: SpanIndex | undefined;
  readonly message: string | undefined;
  readonly isSoft: boolean;
}

/** Where to look first in a trace. */
export interface OpeningPoint {
  /** `error`: the run failed here first. `slowest`: it waited here longest. `start`: neither can be said. */
  readonly reason: 'error' | 'slowest' | 'start';
  readonly span: SpanIndex;
  /** The error's. */
  readonly message: string | undefined;
  /** For how long the trace's end waited for the span. */
  readonly criticalTime: number | undefined;
}

/** Each origin once, with the spans that failed by it. Linear in the number of spans. */
export function runErrors(trace: Trace, { kind }: AgentColumns, steps: AgentSteps): readonly RunError[] {
  const { length, parent, status } = trace.columns;
  const reports = new Map<SpanIndex, Report>();
  for (let index = 0; index < length; index++) {
    if (status[index] !== statusCode.error) continue;
    const report = reportOf(trace.spanAt(index));
    if (!isInterruption(report.type)) reports.set(index, report);
  }
  if (reports.size === 0) return [];
  const latestStart = latestStarts(trace, steps);
  /** The failed span above that failed by this one, and how far that went on. */
  const spreadTo = new Map<SpanIndex, SpanIndex>();
  const reached = new Map<SpanIndex, SpanIndex>();
  const isCaused = new Set<SpanIndex>();
  const failedAbove = nearestFailed(parent, reports);
  const isWithinCall = spansWithinCalls(trace, kind);
  for (const [index, report] of reports) {
    const above = failedAbove[index]!;
    const isSpread = above >= 0 && spreads(trace, report, index, reports.get(above)!, above, latestStart, steps);
    reached.set(index, isSpread ? reached.get(above)! : index);
    if (!isSpread) continue;
    spreadTo.set(index, above);
    isCaused.add(above);
  }
  const origins = [...reports.keys()].filter((index) => !isCaused.has(index));
  origins.sort((a, b) => steps.end[a]! - steps.end[b]! || a - b);
  return origins.map((origin) => {
    const { type, message } = reports.get(origin)!;
    const last = reached.get(origin)!;
    return {
      origin,
      reached: last,
      get path() {
        return pathFrom(origin, spreadTo);
      },
      type,
      message: message ?? reports.get(last)!.message,
      isRecovered: isWithinCall[last] === 1 || isRecovered(trace, last, latestStart, steps),
    };
  });
}

interface Report {
  readonly type: string | undefined;
  readonly message: string | undefined;
}

function reportOf(span: Span): Report {
  const exception = exceptionOf(span);
  const type = exception?.type ?? firstText(span.attributes, ['error.type', 'exception.type']);
  const message = span.statusMessage ?? exception?.message ?? firstText(span.attributes, ['error.message']);
  return { type, message: message ?? httpFailure(span) };
}

/** `HTTP 404`, where a request says no more. */
function httpFailure({ attributes }: Span): string | undefined {
  const code = numberOf(own(attributes, 'http.response.status_code') ?? own(attributes, 'http.status_code'));
  return code >= 400 ? `HTTP ${code}` : undefined;
}

/** By span index: the nearest failed span above, -1 for none. */
function nearestFailed(parent: Int32Array, failed: ReadonlyMap<SpanIndex, unknown>): Int32Array {
  const above = new Int32Array(parent.length);
  for (let index = 0; index < parent.length; index++) {
    const outer = parent[index]!;
    above[index] = outer < 0 ? -1 : failed.has(outer) ? outer : above[outer]!;
  }
  return above;
}

/** By span index: the last start in its subtree. */
function latestStarts({ columns: { length, parent } }: Trace, { start }: AgentSteps): Float64Array {
  const latest = start.slice();
  for (let index = length - 1; index > 0; index--) {
    const above = parent[index]!;
    if (above >= 0 && latest[index]! > latest[above]!) latest[above] = latest[index]!;
  }
  return latest;
}

/**
 * Whether the outer span failed by the inner one. They say the same; or the outer one is its parent and says nothing of its
 * own, or nothing came after the inner one.
 */
function spreads(
  { columns: { parent } }: Trace,
  inner: Report,
  index: SpanIndex,
  outer: Report,
  above: SpanIndex,
  latestStart: Float64Array,
  { end }: AgentSteps,
): boolean {
  if (saysTheSame(inner.message, outer.message)) return true;
  if (parent[index] !== above) return false;
  return outer.message === undefined || latestStart[above]! < end[index]!;
}

function saysTheSame(inner: string | undefined, outer: string | undefined): boolean {
  if (inner === undefined || outer === undefined || inner === '') return false;
  return (
    outer.slice(0, longestMessage).includes(inner.slice(0, 200)) ||
    inner.slice(0, longestMessage).includes(outer.slice(0, 200))
  );
}

const longestMessage = 10_000;

function pathFrom(origin: SpanIndex, spreadTo: ReadonlyMap<SpanIndex, SpanIndex>): SpanIndex[] {
  const path = [origin];
  for (let next = spreadTo.get(origin); next !== undefined; next = spreadTo.get(next)) path.push(next);
  return path;
}

/** 1 where a call of a tool or a model that ended without an error lies above: it made do. */
function spansWithinCalls({ columns: { length, parent, status, duration } }: Trace, kind: Uint8Array): Uint8Array {
  const isWithin = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const above = parent[index]!;
    if (above < 0) continue;
    const isCall = kind[above] === agentKindCode.tool || kind[above] === agentKindCode.llm;
    const hasEndedWell = status[above] !== statusCode.error && !Number.isNaN(duration[above]!);
    isWithin[index] = isCall ? Number(hasEndedWell) : isWithin[above]!;
  }
  return isWithin;
}

/** Something went on after it in the same run, or the span around it says that all is well. */
function isRecovered(
  { columns }: Trace,
  reached: SpanIndex,
  latestStart: Float64Array,
  { outermost, end }: AgentSteps,
): boolean {
  const run = outermost[reached]!;
  const above = columns.parent[reached]!;
  if (reached <= run || above < 0) return false;
  return latestStart[run]! >= end[reached]! || columns.status[above] === statusCode.ok;
}

export function runOutcome(
  trace: Trace,
  steps: AgentSteps,
  errors: readonly RunError[],
  softFailures: readonly SoftFailureOfSpan[],
): RunOutcome {
  const isSoft = softFailures.some(({ reason }) => reason !== 'interrupted');
  const outcome = (state: RunOutcome['state'], error?: RunError): RunOutcome => ({
    state,
    span: error?.origin,
    message: error?.message,
    isSoft,
  });
  if (trace.spanCount === 0) return outcome('empty');
  const { depth } = trace.columns;
  const lasting = errors.filter((error) => !error.isRecovered);
  // The first of those that went furthest out.
  const worst = lasting.reduce<RunError | undefined>(
    (found, error) => (found && depth[found.reached]! <= depth[error.reached]! ? found : error),
    undefined,
  );
  if (worst) return outcome('failed', worst);
  if (isOpen(trace, steps)) return outcome('unfinished');
  return outcome(errors.length > 0 ? 'recovered' : 'succeeded');
}

/** The run itself, or a root, has no end. */
function isOpen({ columns: { length, duration, parent } }: Trace, { outermost }: AgentSteps): boolean {
  for (let index = 0; index < length; index++) {
    if (Number.isNaN(duration[index]!) && (parent[index]! < 0 || outermost[index] === index)) return true;
  }
  return false;
}

/**
 * Where somebody who opens a trace wants to look: at the first cause of a failed run; else at the step of an agent for which
 * the trace's end waited longest (where it waited for none, at the longest); without an agent, at any such span.
 */
export function openingPoint(trace: Trace, run: Pick<AgentRun, 'outcome' | 'columns'>): OpeningPoint | undefined {
  if (trace.spanCount === 0) return undefined;
  const { span, message } = run.outcome;
  if (span !== undefined) return { reason: 'error', span, message, criticalTime: undefined };
  const times = criticalTimes(trace, criticalPath(trace));
  const { kind } = run.columns;
  const slowest = (of: ArrayLike<number>, isCandidate: (index: SpanIndex) => boolean) => {
    let found = -1;
    for (let index = 0; index < times.length; index++)
      if (isCandidate(index) && of[index]! > (found < 0 ? 0 : of[found]!)) found = index;
    return found;
  };
  const isStep = (index: SpanIndex) => stepKinds.has(kind[index]!);
  for (const found of [slowest(times, isStep), slowest(trace.columns.duration, isStep), slowest(times, () => true)]) {
    if (found < 0) continue;
    return { reason: 'slowest', span: found, message: undefined, criticalTime: times[found] || undefined };
  }
  return { reason: 'start', span: 0, message: undefined, criticalTime: undefined };
}

const stepKinds = new Set<number>(
  (['llm', 'tool', 'retriever', 'embedding', 'reranker', 'memory', 'guardrail', 'evaluator'] as const).map(
    (kind) => agentKindCode[kind],
  ),
);
