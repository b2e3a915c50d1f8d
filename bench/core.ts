// What bench/core.mjs measures, bundled by it, so that Node runs what an app would run. Exports plain functions; times are taken here.

import { type LargeFormat, type LargeShape, large } from '../samples/large.ts';
import {
  agentColumns,
  agentRun,
  criticalPath,
  errorCounts,
  layoutFlameGraph,
  layoutWaterfall,
  parseTraces,
  selfTimes,
  type Trace,
  toJaeger,
  toJson,
  toOtlp,
  toTimeline,
} from '../src/core.ts';

export interface ReadingTimes {
  characters: number;
  /** Milliseconds, one a run. */
  jsonParse: number[];
  read: number[];
}

/**
 * `JSON.parse` of a text and reading what it gave, one after the other in each run, so that both meet the same machine. Nothing
 * forces a garbage collection in between: with the last object of a kind V8 throws away what it compiled for it.
 */
export function measureReading(format: LargeFormat, spans: number, runs: number): ReadingTimes {
  const text = JSON.stringify(large({ spans, format }));
  const times: ReadingTimes = { characters: text.length, jsonParse: [], read: [] };
  const warmUps = Math.max(6, 600_000 / spans);
  for (let run = -warmUps; run < runs; run++) {
    const started = performance.now();
    const value = JSON.parse(text);
    const parsed = performance.now();
    const { traces } = parseTraces(value);
    const read = performance.now();
    if (traces[0]?.spanCount !== spans) throw new Error(`Read ${traces[0]?.spanCount} of ${spans} spans.`);
    if (run < 0) continue;
    times.jsonParse.push(parsed - started);
    times.read.push(read - parsed);
  }
  return times;
}

const stages = {
  parseTraces: (_: Trace, value: object) => parseTraces(value),
  selfTimes,
  criticalPath,
  errorCounts,
  layoutWaterfall: (trace: Trace) => layoutWaterfall(trace),
  layoutFlameGraph,
};

const texts = {
  toTimeline: (trace: Trace) => toTimeline(trace),
  toJson: (trace: Trace) => toJson(trace),
  toJaeger: (trace: Trace) => toJaeger(trace),
  toOtlp: (trace: Trace) => toOtlp(trace),
};

/** Milliseconds of each stage, one a run, by its name. `texts` too where asked: they make an object for each span. */
export function measureStages(
  shape: LargeShape,
  spans: number,
  runs: number,
  withTexts: boolean,
): Record<string, number[]> {
  const value = large({ spans, shape, format: 'json' });
  const trace = parseTraces(value).traces[0]!;
  const times: Record<string, number[]> = {};
  for (const [name, stage] of Object.entries(withTexts ? { ...stages, ...texts } : stages)) {
    const measured: number[] = [];
    for (let run = -1; run < runs; run++) {
      collectGarbage();
      const started = performance.now();
      stage(trace, value);
      if (run >= 0) measured.push(performance.now() - started);
    }
    times[name] = measured;
  }
  return times;
}

export interface AgentTimes {
  /** Milliseconds, one a run. */
  build: number[];
  columns: number[];
  run: number[];
}

/** Kinds, tokens, cost and models of all spans against building their trace, one after the other in each run; then what a run's summary asks for. */
export function measureAgent(format: LargeFormat, spans: number, runs: number): AgentTimes {
  const value = large({ spans, shape: 'agent', format });
  const times: AgentTimes = { build: [], columns: [], run: [] };
  for (let run = -1; run < runs; run++) {
    collectGarbage();
    const started = performance.now();
    const trace = parseTraces(value).traces[0]!;
    const built = performance.now();
    agentColumns(trace);
    const read = performance.now();
    const { totals, time, outcome, iterations } = agentRun(trace);
    const summed = performance.now();
    if (run < 0 || !(totals && time && outcome && iterations)) continue;
    times.build.push(built - started);
    times.columns.push(read - built);
    times.run.push(summed - read);
  }
  return times;
}

export interface SpanBytes {
  /** Typed arrays of `trace.columns`. */
  columns: number;
  /** All that a trace holds beside the object that it was read from: array buffers and heap. */
  all: number;
}

export function measureBytes(format: LargeFormat, spans: number): SpanBytes {
  const value = large({ spans, format });
  // Once before, so that what is compiled and cached is not counted.
  parseTraces(value);
  const before = memoryInUse();
  const { traces } = parseTraces(value);
  const after = memoryInUse();
  const columns = Object.values(traces[0]!.columns).reduce(
    (sum: number, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
    0,
  );
  return { columns: columns / spans, all: (after - before) / spans };
}

function memoryInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collectGarbage(): void {
  globalThis.gc?.();
}
