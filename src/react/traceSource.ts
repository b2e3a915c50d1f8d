import type { ParseResult, TraceInput } from '../formats/parseTraces.ts';
import { parseTraces } from '../formats/parseTraces.ts';
import { isTrace, type Trace } from '../model/trace.ts';

/** A trace, an exported one as it is (JSON text, bytes, or the parsed object), or what `parseTraces` gave. */
export type TraceViewInput = Trace | TraceInput | ParseResult;

/** What became of an input: the traces in it, or why there are none. */
export interface TraceSource {
  /** The trace to show: the one asked for, else the largest. */
  trace: Trace | undefined;
  traces: readonly Trace[];
  /** Undefined where a `Trace` was given, which nobody had to read. */
  result: ParseResult | undefined;
  error: Error | undefined;
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
  try {
    const result = parseTraces(input);
    return { traces: result.traces, result, error: undefined };
  } catch (error) {
    return { traces: [], result: undefined, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function isParseResult(input: unknown): input is ParseResult {
  const { traces } = input as Partial<ParseResult>;
  return Array.isArray(traces) && traces.length > 0 && traces.every(isTrace);
}

function largest(traces: readonly Trace[]): Trace | undefined {
  let found = traces[0];
  for (const trace of traces) if (trace.spanCount > found!.spanCount) found = trace;
  return found;
}
