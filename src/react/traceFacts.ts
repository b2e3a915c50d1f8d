import { type FlameGraphLayout, layoutFlameGraph } from '../layout/flameGraph.ts';
import type { UsageTotals } from '../layout/flameWeight.ts';
import { compressedSegments } from '../layout/timeCompression.ts';
import type { TimeSegment } from '../layout/timeScale.ts';
import { type SpanIndex, statusCode } from '../model/columns.ts';
import type { Span, Trace } from '../model/trace.ts';
import { type AgentKind, agentKind, agentKinds } from '../transforms/agentKind.ts';
import type { SoftFailure } from '../transforms/agentSpan.ts';
import type { Prices } from '../transforms/agentUsage.ts';
import { criticalPath } from '../transforms/criticalPath.ts';
import { errorCounts } from '../transforms/errorCounts.ts';
import { type FrameworkNoise, frameworkNoise } from '../transforms/frameworkNoise.ts';
import { selfTimes } from '../transforms/selfTimes.ts';
import { colorOfText } from './colors.ts';
import { type PlainOutcome, plainOutcome } from './plainOutcome.ts';
import { RunFacts } from './runFacts.ts';

/** Of so many spans the attributes are read without a pause that is felt. */
const mostSpansAtOnce = 50_000;

/**
 * What the views derive from a trace, each worked out when the first of them asks and shared by all, as a trace never
 * changes. Held weakly: it goes when the trace goes.
 */
export class TraceFacts {
  readonly agents: RunFacts;
  readonly #trace: Trace;
  #segments: readonly TimeSegment[] | undefined;
  #errorCounts: Uint32Array | undefined;
  #selfTimes: Float64Array | undefined;
  #counts: { readonly errors: number; readonly open: number } | undefined;
  #plainOutcome: PlainOutcome | undefined;
  #noise: FrameworkNoise | undefined;
  #flameGraph: FlameGraphLayout | undefined;
  /** Null where it was looked for in vain. */
  #usage: UsageTotals | null | undefined;
  #siblings: { position: Int32Array; setSize: Int32Array } | undefined;
  /** One more than the code of each span's kind; 0 for what nobody has asked for. */
  #kinds: Uint8Array | undefined;
  #serviceColors: Uint8Array | undefined;
  #critical: CriticalTable | undefined;

  constructor(trace: Trace, prices?: Prices) {
    this.#trace = trace;
    this.agents = new RunFacts(trace, prices);
  }

  /** Errors below each span, by span index. */
  get errorCounts(): Uint32Array {
    this.#errorCounts ??= errorCounts(this.#trace);
    return this.#errorCounts;
  }

  /** How many spans have an error, and how many have no end. */
  get counts(): { readonly errors: number; readonly open: number } {
    this.#counts ??= countsOf(this.#trace);
    return this.#counts;
  }

  /** The plumbing of known frameworks. */
  get noise(): FrameworkNoise {
    this.#noise ??= frameworkNoise(this.#trace);
    return this.#noise;
  }

  get plainOutcome(): PlainOutcome {
    this.#plainOutcome ??= plainOutcome(this.#trace, this.errorCounts);
    return this.#plainOutcome;
  }

  get selfTimes(): Float64Array {
    this.#selfTimes ??= selfTimes(this.#trace);
    return this.#selfTimes;
  }

  /** The critical path by span: of span `i` the stretches `[firsts[i], firsts[i + 1])`, a start and an end in `times` each. */
  get criticalTable(): CriticalTable {
    this.#critical ??= stretchesBySpan(this.#trace);
    return this.#critical;
  }

  /** Where the span is on the critical path: pairs of start and end, in order; undefined where it is not. */
  readonly criticalStretches = (index: SpanIndex): Float64Array | undefined => {
    const { firsts, times } = this.criticalTable;
    return firsts[index] === firsts[index + 1] ? undefined : times.subarray(firsts[index]! * 2, firsts[index + 1]! * 2);
  };
  /**
   * What models used, by span index, with all below; undefined where the trace says nothing of it. Reads the attributes of every
   * span the first time: see `usageAtHand`.
   */
  get usage(): UsageTotals | undefined {
    if (this.#usage === undefined) {
      const { totals } = this.agents.run;
      const isKnown = (value: number) => value > 0;
      this.#usage = totals.tokens.some(isKnown) || totals.cost.some(isKnown) ? totals : null;
    }
    return this.#usage ?? undefined;
  }

  /** The same where it takes no time that anybody would notice, or was worked out before. */
  get usageAtHand(): UsageTotals | undefined {
    return this.#usage !== undefined || this.#trace.spanCount <= mostSpansAtOnce ? this.usage : undefined;
  }

  /** Whether `usage` would have to read all spans first. */
  get isUsageUnread(): boolean {
    return this.#usage === undefined && this.#trace.spanCount > mostSpansAtOnce;
  }

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
    this.#siblings ??= siblingPositions(this.#trace.columns.parent);
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
   * Colours for a picture of the whole, without a look at the attributes of every span of a large trace: where `isSlow`, a span
   * for each name is read, and not all.
   */
  overviewColors(colorOf: (index: SpanIndex) => number, isSlow: boolean): (index: SpanIndex) => number {
    const { columns, spanCount } = this.#trace;
    if (!isSlow || spanCount <= mostKindsToRead) return colorOf;
    const colors = new Uint8Array(columns.names.length);
    let reads = 0;
    for (let index = 0; index < spanCount && reads < mostKindsToRead; index++) {
      const name = columns.name[index]!;
      if (colors[name] !== 0) continue;
      colors[name] = colorOf(index) + 1;
      reads++;
    }
    return (index) => Math.max(0, colors[columns.name[index]!]! - 1);
  }
}

/** Kinds that are asked for more than their name. Others are drawn without a look at what they held. */
export const mayFailSoftly: ReadonlySet<AgentKind> = new Set([
  'llm',
  'tool',
  'retriever',
  'memory',
  'guardrail',
  'agent',
]);

/** That a span without an error failed all the same, where views mark it and a search finds it. */
export function shownSoftFailure(facts: TraceFacts, span: Span): SoftFailure | undefined {
  if (span.status === 'error' || !mayFailSoftly.has(facts.kind(span.index))) return undefined;
  return facts.agents.softFailure(span.index);
}

/** Reading a span's attributes takes some 5 µs. */
const mostKindsToRead = 4000;

export interface CriticalTable {
  readonly firsts: Int32Array;
  readonly times: Float64Array;
}

/** The sections of the critical path, sorted by their span by counting: those of span `i` are `[firsts[i], firsts[i + 1])`. */
function stretchesBySpan(trace: Trace): CriticalTable {
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

function countsOf({ columns, spanCount }: Trace): { errors: number; open: number } {
  const { status, duration } = columns;
  let errors = 0;
  let open = 0;
  for (let index = 0; index < spanCount; index++) {
    if (Number.isNaN(duration[index]!)) open++;
    if (status[index] === statusCode.error) errors++;
  }
  return { errors, open };
}

const factsByTrace = new WeakMap<Trace, TraceFacts>();
const factsByPrices = new WeakMap<Prices, WeakMap<Trace, TraceFacts>>();

/** The same for the same trace and the same table of prices. */
export function traceFacts(trace: Trace, prices?: Prices): TraceFacts {
  let byTrace = prices ? factsByPrices.get(prices) : factsByTrace;
  if (!byTrace) {
    byTrace = new WeakMap();
    factsByPrices.set(prices!, byTrace);
  }
  let facts = byTrace.get(trace);
  if (!facts) {
    facts = new TraceFacts(trace, prices);
    byTrace.set(trace, facts);
  }
  return facts;
}

/** Of each node of a tree in depth-first order, its place among its siblings, from 1, and how many they are. */
function siblingPositions(parent: Int32Array): { position: Int32Array; setSize: Int32Array } {
  const { length } = parent;
  const position = new Int32Array(length);
  const setSize = new Int32Array(length);
  const childCount = new Int32Array(length + 1);
  for (let index = 0; index < length; index++) position[index] = ++childCount[parent[index]! + 1]!;
  for (let index = 0; index < length; index++) setSize[index] = childCount[parent[index]! + 1]!;
  return { position, setSize };
}
