// What bench/core.mjs measures, bundled by it, so that Node runs what an app would run. Exports plain functions; times are taken here.

import { type LargeFormat, type LargeShape, large, largeText } from '../samples/large.ts';
import {
  adjustClockSkew,
  agentColumns,
  agentRun,
  collapsedDownToErrors,
  collapseOneLevel,
  compressedSegments,
  criticalPath,
  errorCounts,
  layoutFlameGraph,
  layoutWaterfall,
  parseTraces,
  SpanSearch,
  searchSpans,
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
  const shards = shardsOf(format, spans);
  const characters = shards.reduce((sum, text) => sum + text.length, 0);
  const times: ReadingTimes = { characters, jsonParse: [], read: [] };
  const warmUps = spans > mostSpansOfShard ? 2 : Math.max(6, 600_000 / spans);
  for (let run = -warmUps; run < runs; run++) {
    const started = performance.now();
    const parts = shards.map((text) => JSON.parse(text));
    const parsed = performance.now();
    const { traces } = parseTraces(parts.length === 1 ? parts[0] : asOneFile(parts));
    const read = performance.now();
    const count = traces.reduce((sum, trace) => sum + trace.spanCount, 0);
    if (count !== spans) throw new Error(`Read ${count} of ${spans} spans.`);
    if (run < 0) continue;
    times.jsonParse.push(parsed - started);
    times.read.push(read - parsed);
  }
  return times;
}

/** Above, a file is too long for one string: JSON.parse gets it in shards, traces of their own. */
const mostSpansOfShard = 100_000;

function shardsOf(format: LargeFormat, spans: number): string[] {
  const shards: string[] = [];
  for (let from = 0; from < spans; from += mostSpansOfShard) {
    const part = Math.min(spans - from, mostSpansOfShard);
    shards.push([...largeText({ spans: part, format, seed: 1 + from / mostSpansOfShard })].join(''));
  }
  return shards;
}

/** Parsed files of Jaeger or OTLP as one. */
function asOneFile(parts: readonly { data?: unknown[]; resourceSpans?: unknown[] }[]): object {
  if (parts[0]?.data) return { data: parts.flatMap(({ data }) => data ?? []) };
  return { resourceSpans: parts.flatMap(({ resourceSpans }) => resourceSpans ?? []) };
}

export interface ByteReadingTimes {
  bytes: number;
  jsonParse: number[];
  read: number[];
  /** A number attribute of all spans, where the format's spans have one. */
  project: number[];
}

/**
 * `JSON.parse` of a text and reading its bytes into a trace, in turns. What was parsed is held until the next run, as whoever
 * draws it has to; the bytes lie outside of the heap.
 */
export function measureByteReading(format: 'jaeger' | 'otlp', spans: number, runs: number): ByteReadingTimes {
  const bytes = encoded(largeText({ spans, format }));
  const shards = shardsOf(format, spans);
  const times: ByteReadingTimes = { bytes: bytes.length, jsonParse: [], read: [], project: [] };
  const warmUps = Math.max(2, 600_000 / spans);
  for (let run = -warmUps; run < runs; run++) {
    const started = performance.now();
    const parsed: unknown[] = shards.map((text) => JSON.parse(text));
    const parsedAt = performance.now();
    if (parsed.length !== shards.length) throw new Error('A shard was lost.');
    parsed.length = 0;
    const readFrom = performance.now();
    const { traces } = parseTraces(bytes);
    const read = performance.now();
    if (traces[0]?.spanCount !== spans) throw new Error(`Read ${traces[0]?.spanCount} of ${spans} spans.`);
    traces[0].project('llm.prompt_tokens');
    const projected = performance.now();
    if (run < 0) continue;
    times.jsonParse.push(parsedAt - started);
    times.read.push(read - readFrom);
    times.project.push(projected - read);
  }
  return times;
}

/** As `measureAgent`, from bytes: columns pick what they need out of them. */
export function measureAgentByBytes(format: 'jaeger' | 'otlp', spans: number, runs: number): AgentTimes {
  const bytes = encoded(largeText({ spans, shape: 'agent', format }));
  return agentTimes(bytes, runs);
}

function encoded(texts: Iterable<string>): Uint8Array {
  const parts = Array.from(texts, (text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const stages = {
  parseTraces: (_: Trace, value: object) => parseTraces(value),
  selfTimes: (trace: Trace) => selfTimes(trace),
  criticalPath,
  errorCounts,
  layoutWaterfall: (trace: Trace) => layoutWaterfall(trace),
  layoutFlameGraph: (trace: Trace) => layoutFlameGraph(trace),
  'search by name': (trace: Trace) => searchSpans(trace, 'name:search'),
  'search by a word in names, services, ids': (trace: Trace) => searchSpans(trace, 'llm', { content: false }),
  'search by several columns': (trace: Trace) =>
    searchSpans(trace, '(status:error OR duration>10ms) -service:db -is:leaf depth<9'),
  'search content, first slice': (trace: Trace) => new SpanSearch(trace, 'search').run(12),
  'layout grouped, with gaps': (trace: Trace) => layoutWaterfall(trace, { group: true, gaps: true }),
  'layout of the matches alone': (trace: Trace) =>
    layoutWaterfall(trace, { matches: searchSpans(trace, 'name:search').bits }),
  'toggle in a grouped layout': (trace: Trace) => togglesOf(trace),
  'collapse one level': (trace: Trace) => collapseOneLevel(trace, new Set()),
  'collapse down to the errors': collapsedDownToErrors,
  compressedSegments: (trace: Trace) => compressedSegments(trace),
  adjustClockSkew,
};

const grouped = new WeakMap<Trace, ReturnType<typeof layoutWaterfall>>();

/** The first span that is not a root, closed and opened again, in rows that stand already. */
function togglesOf(trace: Trace): void {
  let layout = grouped.get(trace);
  if (!layout) {
    layout = layoutWaterfall(trace, { group: true, gaps: true });
    grouped.set(trace, layout);
  }
  layout.toggle(1).toggle(1);
}

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
  return agentTimes(large({ spans, shape: 'agent', format }), runs);
}

function agentTimes(value: object, runs: number): AgentTimes {
  const times: AgentTimes = { build: [], columns: [], run: [] };
  for (let run = -1; run < runs; run++) {
    collectGarbage();
    const started = performance.now();
    const trace = parseTraces(value).traces[0]!;
    const built = performance.now();
    agentColumns(trace);
    const read = performance.now();
    const { totals, time, outcome, iterations, loops } = agentRun(trace);
    const summed = performance.now();
    if (run < 0 || !(totals && time && outcome && iterations && loops)) continue;
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

/** Beside the object that it was read from, or with `byBytes` beside the file's bytes. */
export function measureBytes(format: LargeFormat, spans: number, byBytes: boolean): SpanBytes {
  const value = byBytes ? encoded(largeText({ spans, format })) : large({ spans, format });
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
