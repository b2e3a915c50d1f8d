import { type FlameGraphLayout, layoutFlameGraph } from '../layout/flameGraph.ts';
import { compressedSegments } from '../layout/timeCompression.ts';
import type { TimeSegment } from '../layout/timeScale.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Trace } from '../model/trace.ts';
import { type AgentKind, agentKind, agentKinds } from '../transforms/agentKind.ts';
import { criticalPath } from '../transforms/criticalPath.ts';
import { errorCounts } from '../transforms/errorCounts.ts';
import { selfTimes } from '../transforms/selfTimes.ts';
import { colorOfText } from './colors.ts';

/**
 * What the views derive from a trace, each worked out when the first of them asks and shared by all, as a trace never
 * changes. Held weakly: it goes when the trace goes.
 */
export class TraceFacts {
  readonly #trace: Trace;
  #segments: readonly TimeSegment[] | undefined;
  #errorCounts: Uint32Array | undefined;
  #selfTimes: Float64Array | undefined;
  #flameGraph: FlameGraphLayout | undefined;
  #siblings: { position: Int32Array; setSize: Int32Array } | undefined;
  /** One more than the code of each span's kind; 0 for what nobody has asked for. */
  #kinds: Uint8Array | undefined;
  #serviceColors: Uint8Array | undefined;
  #critical: { firsts: Int32Array; times: Float64Array } | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Errors below each span, by span index. */
  get errorCounts(): Uint32Array {
    this.#errorCounts ??= errorCounts(this.#trace);
    return this.#errorCounts;
  }

  get selfTimes(): Float64Array {
    this.#selfTimes ??= selfTimes(this.#trace);
    return this.#selfTimes;
  }

  /** Where the span is on the critical path: pairs of start and end, in order; undefined where it is not. */
  readonly criticalStretches = (index: SpanIndex): Float64Array | undefined => {
    this.#critical ??= stretchesBySpan(this.#trace);
    const { firsts, times } = this.#critical;
    return firsts[index] === firsts[index + 1] ? undefined : times.subarray(firsts[index]! * 2, firsts[index + 1]! * 2);
  };

  /** Of the whole trace, with idle time compressed; undefined where there is none worth it. */
  get compressedSegments(): readonly TimeSegment[] | undefined {
    this.#segments ??= compressedSegments(this.#trace);
    return this.#segments.length > 1 ? this.#segments : undefined;
  }

  get flameGraph(): FlameGraphLayout {
    this.#flameGraph ??= layoutFlameGraph(this.#trace);
    return this.#flameGraph;
  }

  /** The span's place among its siblings, from 1, and how many they are: what assistive technology says of a row. */
  siblingPosition(index: SpanIndex): { position: number; setSize: number } {
    this.#siblings ??= siblingPositions(this.#trace);
    return { position: this.#siblings.position[index]!, setSize: this.#siblings.setSize[index]! };
  }

  /** Read from attributes the first time a span is drawn, never for all spans at once. */
  kind(index: SpanIndex): AgentKind {
    this.#kinds ??= new Uint8Array(this.#trace.spanCount);
    if (this.#kinds[index] === 0) this.#kinds[index] = agentKinds.indexOf(agentKind(this.#trace.spanAt(index))) + 1;
    return agentKinds[this.#kinds[index]! - 1]!;
  }

  /** A place in the palette: by service where there are several, else by kind. The same for the same name in every trace. */
  color(index: SpanIndex): number {
    const { columns, serviceNames } = this.#trace;
    if (serviceNames.length > 1) {
      this.#serviceColors ??= Uint8Array.from(serviceNames, colorOfText);
      return this.#serviceColors[columns.service[index]!]!;
    }
    return colorOfText(this.kind(index));
  }

  /**
   * Colours for a picture of the whole: as `color` has them, but of a large trace's kinds a span for each name is read, and
   * not all.
   */
  overviewColors(): (index: SpanIndex) => number {
    const { columns, serviceNames, spanCount } = this.#trace;
    if (serviceNames.length > 1 || spanCount <= mostKindsToRead) return (index) => this.color(index);
    const colors = new Uint8Array(columns.names.length);
    let reads = 0;
    for (let index = 0; index < spanCount && reads < mostKindsToRead; index++) {
      const name = columns.name[index]!;
      if (colors[name] !== 0) continue;
      colors[name] = this.color(index) + 1;
      reads++;
    }
    return (index) => Math.max(0, colors[columns.name[index]!]! - 1);
  }
}

/** Reading a span's attributes takes some 5 µs. */
const mostKindsToRead = 4000;

/** The sections of the critical path, sorted by their span by counting: those of span `i` are `[firsts[i], firsts[i + 1])`. */
function stretchesBySpan(trace: Trace): { firsts: Int32Array; times: Float64Array } {
  const path = criticalPath(trace);
  const firsts = new Int32Array(trace.spanCount + 1);
  for (let at = 0; at < path.length; at++) firsts[path.span[at]! + 1]!++;
  for (let index = 0; index < trace.spanCount; index++) firsts[index + 1]! += firsts[index]!;
  const next = firsts.slice();
  const times = new Float64Array(path.length * 2);
  for (let at = 0; at < path.length; at++) {
    const place = next[path.span[at]!]!++;
    times[place * 2] = path.start[at]!;
    times[place * 2 + 1] = path.end[at]!;
  }
  return { firsts, times };
}

const factsByTrace = new WeakMap<Trace, TraceFacts>();

export function traceFacts(trace: Trace): TraceFacts {
  let facts = factsByTrace.get(trace);
  if (!facts) {
    facts = new TraceFacts(trace);
    factsByTrace.set(trace, facts);
  }
  return facts;
}

function siblingPositions({ columns, spanCount }: Trace): { position: Int32Array; setSize: Int32Array } {
  const { parent } = columns;
  const position = new Int32Array(spanCount);
  const setSize = new Int32Array(spanCount);
  const childCount = new Int32Array(spanCount + 1);
  for (let index = 0; index < spanCount; index++) position[index] = ++childCount[parent[index]! + 1]!;
  for (let index = 0; index < spanCount; index++) setSize[index] = childCount[parent[index]! + 1]!;
  return { position, setSize };
}
