import type { ParseResult, TraceInput } from '../formats/parseTraces.ts';
import { parseTraces } from '../formats/parseTraces.ts';
import { isTrace, type Trace } from '../model/trace.ts';
import type { ReadTrace } from './useReadTrace.ts';

/**
 * A trace, an exported one as it is (JSON text, bytes, or the parsed object), what `parseTraces` gave, or what `useReadTrace`
 * gives: then its progress is shown until the trace is there.
 */
export type TraceViewInput = Trace | TraceInput | ParseResult | ReadTrace;

/** What became of an input: the traces in it, or why there are none. */
export interface TraceSource {
  /** The trace to show: the one asked for, else the largest. */
  trace: Trace | undefined;
  traces: readonly Trace[];
  /** Undefined where a `Trace` was given, which nobody had to read. */
  result: ParseResult | undefined;
  error: Error | undefined;
  /** Where the input is being read: how far that is. */
  reading?: ReadTrace;
}

type Reading = Omit<TraceSource, 'trace'>;

const readings = new WeakMap<object, Reading>();

// Strings cannot be weakly held. Four are enough for a page that shows one and compares another.
const recentTexts = new Map<string, Reading>();
const keptTexts = 4;

/**
 * Reads an input once: by the object's identity or the string's value, so that neither a second render nor StrictMode nor
 * four views of one input read it again. Never throws: what could not be read is an `error`.
 */
export function readTraceSource(input: TraceViewInput | undefined | null, traceId?: string): TraceSource {
  const reading = input === undefined || input === null ? nothing : readOnce(input);
  const asked = traceId === undefined ? undefined : reading.traces.find((trace) => trace.traceId === traceId);
  if (traceId !== undefined && !asked && reading.traces.length > 0) {
    const ids = reading.traces.slice(0, 5).map((trace) => trace.traceId);
    return {
      ...reading,
      trace: undefined,
      error: new Error(
        `There is no trace ${traceId} in this input. It holds ${reading.traces.length}: ${ids.join(', ')}${reading.traces.length > 5 ? ', …' : ''}.`,
      ),
    };
  }
  return { ...reading, trace: asked ?? largest(reading.traces) };
}

const nothing: Reading = { traces: [], result: undefined, error: undefined };

function readOnce(input: TraceViewInput): Reading {
  const kept = typeof input === 'string' ? recentTexts.get(input) : readings.get(input);
  if (kept) return kept;
  const reading = read(input);
  if (typeof input !== 'string') {
    readings.set(input, reading);
    return reading;
  }
  if (recentTexts.size >= keptTexts) recentTexts.delete(recentTexts.keys().next().value as string);
  recentTexts.set(input, reading);
  return reading;
}

function read(input: TraceViewInput): Reading {
  if (isTrace(input)) return { traces: [input], result: undefined, error: undefined };
  if (isParseResult(input)) return { traces: input.traces, result: input, error: undefined };
  if (isReadTrace(input)) {
    const { traces, result, error } = input;
    return { traces, result, error, reading: input };
  }
  warnOfLength(input);
  try {
    const result = parseTraces(input);
    return { traces: result.traces, result, error: undefined };
  } catch (error) {
    return { traces: [], result: undefined, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function isReadTrace(input: unknown): input is ReadTrace {
  const { cancel, traces } = input as Partial<ReadTrace>;
  return typeof cancel === 'function' && Array.isArray(traces);
}

/** Longer texts keep a page busy for as long as a person notices. */
const longestParsed = 5_000_000;

function warnOfLength(input: TraceInput): void {
  if (process.env.NODE_ENV === 'production') return;
  const length = typeof input === 'string' ? input.length : ((input as Partial<ArrayBuffer>).byteLength ?? 0);
  if (length <= longestParsed) return;
  console.warn(
    `spanscope: a trace of ${(length / 1e6).toFixed(1)} MB is parsed while the page waits. Read it off the main thread: give its Blob, File or Response to useReadTrace(source), and the result that it gives to the view as its trace.`,
  );
}

function isParseResult(input: unknown): input is ParseResult {
  const { traces } = input as Partial<ParseResult>;
  return Array.isArray(traces) && traces.length > 0 && traces.every(isTrace);
}

export function largest(traces: readonly Trace[]): Trace | undefined {
  let found = traces[0];
  for (const trace of traces) if (trace.spanCount > found!.spanCount) found = trace;
  return found;
}
