import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { droppedSentence } from '../formats/otlpReading.ts';
import type { TraceInput } from '../formats/parseTraces.ts';
import type { SpanDetails } from '../model/details.ts';
import type { LiveTraceSource } from '../model/liveTrace.ts';
import type { Trace } from '../model/trace.ts';
import type { SpanRecord } from '../model/traceBuilder.ts';
import type { ParseWarning } from '../model/warnings.ts';
import { ingestOtlp } from './otlpIngest.ts';
import { RecordedTrace } from './recordedTrace.ts';
import { detailsOfSdkSpan, recordOfSdkSpan } from './sdkSpans.ts';

export interface TraceRecorderOptions {
  /** How many traces are kept; the oldest goes first. @default 100 */
  maxTraces?: number;
  /**
   * How many spans are kept over all traces. Beyond that the oldest traces go; a trace that alone has more keeps its first
   * spans and says how many it lacks. @default 200_000
   */
  maxSpans?: number;
  /** Milliseconds without news after which a trace whose spans have all ended counts as settled. @default 1_000 */
  settleAfter?: number;
  /** Milliseconds without news after which a trace is settled with spans that never ended. @default 300_000 */
  abandonAfter?: number;
  /** Told of what an exporter threw. @default console.error */
  onExportError?: (error: unknown, trace: Trace) => void;
}

/** Takes traces: writes them to a file, sends them, shows them. */
export interface SettledTraceExporter {
  export(trace: Trace): void | Promise<void>;
}

/** What became of a body that was ingested. */
export interface IngestResult {
  /** Spans that are new or went further. */
  spans: number;
  /** Spans that were known already, as when a sender tries again. */
  duplicates: number;
  /** Spans for which there was no room, or whose trace was dropped before. */
  dropped: number;
  /** Entries among the spans that could not be read; why, `warnings` say. */
  skipped: number;
  warnings: ParseWarning[];
}

/** What a recorder holds, or let go of because of its bounds. */
export interface RecordedCounts {
  readonly traces: number;
  readonly spans: number;
}

/**
 * Keeps the last traces in memory and hands them out while they grow. An OpenTelemetry span processor: it stands in
 * `spanProcessors` beside any other. Spans of other processes come in by `ingest`.
 */
export interface TraceRecorder extends SpanProcessor, LiveTraceSource {
  /** The latest snapshot of this trace. */
  trace(traceId: string): Trace | undefined;
  /** What is there, without making a snapshot of it. */
  readonly kept: RecordedCounts;
  readonly dropped: RecordedCounts;
  /** Hands each trace over once it has settled, and again where spans came after that. What is returned ends that. */
  addExporter(exporter: SettledTraceExporter): () => void;
  /** Hands a trace to the exporters as it is now, the latest by default, and gives it once they are done. */
  exportTrace(traceId?: string): Promise<Trace | undefined>;
  /** Settles every trace whose spans have all ended, and waits for the exporters. */
  flush(): Promise<void>;
  /**
   * Takes the body of an OTLP/HTTP request in JSON, as text, bytes or parsed; compressed bodies are the caller's to
   * unpack.
   *
   * @throws TraceFormatError where the body is no JSON or no OTLP; nothing was taken then.
   */
  ingest(body: TraceInput): IngestResult;
}

export function createTraceRecorder(options: TraceRecorderOptions = {}): TraceRecorder {
  return new Recorder(options);
}

/** So many ids of dropped traces are known, so that what comes late for them opens no trace anew. */
const rememberedDrops = 10_000;
/** Listeners hear of changes at most once a frame. */
const frame = 16;

class Recorder implements TraceRecorder {
  readonly #maxTraces: number;
  readonly #maxSpans: number;
  readonly #settleAfter: number;
  readonly #abandonAfter: number;
  readonly #onExportError: (error: unknown, trace: Trace) => void;
  /** The oldest first. */
  readonly #traces = new Map<string, RecordedTrace>();
  readonly #droppedIds = new Set<string>();
  /** Spans of the SDK for which there was no room when they began; their end is no second loss. */
  readonly #refused = new WeakSet<object>();
  readonly #listeners = new Set<() => void>();
  readonly #exporters = new Set<SettledTraceExporter>();
  readonly #pending = new Set<Promise<void>>();
  #dropped: RecordedCounts = { traces: 0, spans: 0 };
  #spanCount = 0;
  #list: readonly Trace[] | undefined;
  #noticeTimer: Timer | undefined;
  #settleTimer: Timer | undefined;
  #isShutDown = false;

  constructor({ maxTraces, maxSpans, settleAfter, abandonAfter, onExportError }: TraceRecorderOptions) {
    this.#maxTraces = atLeast(1, maxTraces ?? 100, 'maxTraces');
    this.#maxSpans = atLeast(1, maxSpans ?? 200_000, 'maxSpans');
    this.#settleAfter = atLeast(0, settleAfter ?? 1_000, 'settleAfter');
    this.#abandonAfter = atLeast(0, abandonAfter ?? 300_000, 'abandonAfter');
    this.#onExportError = onExportError ?? logExportError;
  }

  get traces(): readonly Trace[] {
    const now = Date.now();
    this.#list ??= Array.from(this.#traces.values(), (trace) => trace.snapshot(now));
    return this.#list;
  }

  get kept(): RecordedCounts {
    return { traces: this.#traces.size, spans: this.#spanCount };
  }

  get dropped(): RecordedCounts {
    return this.#dropped;
  }

  trace(traceId: string): Trace | undefined {
    return this.#traces.get(traceId)?.snapshot(Date.now());
  }

  onStart(span: ReadableSpan): void {
    if (this.#isShutDown) return;
    const { traceId } = span.spanContext();
    if (this.#take(traceId, recordOfSdkSpan(span), () => detailsOfSdkSpan(span)) === 'dropped') this.#refused.add(span);
  }

  onEnd(span: ReadableSpan): void {
    // Of a trace that was dropped every span was counted, when it was dropped or when the span began.
    const { traceId } = span.spanContext();
    if (this.#isShutDown || this.#refused.has(span) || this.#droppedIds.has(traceId)) return;
    const taken = this.#take(traceId, recordOfSdkSpan(span), () => detailsOfSdkSpan(span));
    if (taken === 'duplicate' || taken === 'dropped') return;
    const counts = {
      attribute: span.droppedAttributesCount,
      event: span.droppedEventsCount,
      link: span.droppedLinksCount,
    };
    if (counts.attribute + counts.event + counts.link > 0) {
      this.#traces.get(traceId)?.addReason(`${span.name}: ${droppedSentence(counts)}`, Date.now());
    }
  }

  ingest(body: TraceInput): IngestResult {
    const counts = { added: 0, updated: 0, duplicate: 0, dropped: 0 };
    const { skipped, warnings } = ingestOtlp(body, {
      take: (traceId, record, details) => {
        counts[this.#take(traceId, record, details)]++;
      },
      addReason: (traceId, reason) => this.#traces.get(traceId)?.addReason(reason, Date.now()),
    });
    const { added, updated, duplicate: duplicates, dropped } = counts;
    return { spans: added + updated, duplicates, dropped, skipped, warnings };
  }

  subscribe(listener: () => void): () => void {
    // Of its own, so that one function may subscribe twice and leave once.
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  addExporter(exporter: SettledTraceExporter): () => void {
    this.#exporters.add(exporter);
    return () => this.#exporters.delete(exporter);
  }

  async exportTrace(traceId?: string): Promise<Trace | undefined> {
    const recorded = traceId === undefined ? Array.from(this.#traces.values()).at(-1) : this.#traces.get(traceId);
    const trace = recorded?.snapshot(Date.now());
    if (trace) await Promise.all(this.#export(trace));
    return trace;
  }

  async flush(): Promise<void> {
    for (const trace of this.#traces.values()) if (!trace.isSettled && !trace.isOpen) this.#settle(trace);
    await Promise.all(this.#pending);
  }

  forceFlush(): Promise<void> {
    return this.flush();
  }

  async shutdown(): Promise<void> {
    this.#isShutDown = true;
    if (this.#settleTimer) clearTimeout(this.#settleTimer);
    for (const trace of this.#traces.values()) if (!trace.isSettled) this.#settle(trace);
    await Promise.all(this.#pending);
  }

  #take(traceId: string, record: SpanRecord, details: () => SpanDetails) {
    const now = Date.now();
    if (this.#droppedIds.has(traceId)) return this.#countDropped(0, 1);
    const known = this.#traces.get(traceId);
    if (!known?.has(record) && !this.#makeRoom(traceId)) {
      known?.refuse(now);
      this.#changed();
      return this.#countDropped(0, 1);
    }
    const trace = known ?? this.#begin(traceId);
    const result = trace.record(record, details, now);
    if (result === 'added') this.#spanCount++;
    if (result !== 'duplicate') this.#changed();
    return result;
  }

  #begin(traceId: string): RecordedTrace {
    if (this.#traces.size >= this.#maxTraces) this.#drop(this.#traces.values().next().value!);
    const trace = new RecordedTrace(traceId);
    this.#traces.set(traceId, trace);
    return trace;
  }

  /** Whether there is room for one more span of this trace; older traces go for it. */
  #makeRoom(traceId: string): boolean {
    while (this.#spanCount >= this.#maxSpans) {
      let oldest: RecordedTrace | undefined;
      for (const trace of this.#traces.values()) {
        if (trace.traceId === traceId) continue;
        oldest = trace;
        break;
      }
      if (!oldest) return false;
      this.#drop(oldest);
    }
    return true;
  }

  #drop(trace: RecordedTrace): void {
    this.#traces.delete(trace.traceId);
    this.#spanCount -= trace.spanCount;
    if (this.#droppedIds.size >= rememberedDrops) this.#droppedIds.delete(this.#droppedIds.values().next().value!);
    this.#droppedIds.add(trace.traceId);
    this.#countDropped(1, trace.spanCount);
  }

  #countDropped(traces: number, spans: number): 'dropped' {
    this.#dropped = { traces: this.#dropped.traces + traces, spans: this.#dropped.spans + spans };
    return 'dropped';
  }

  #changed(): void {
    this.#list = undefined;
    if (!this.#noticeTimer && this.#listeners.size > 0) this.#noticeTimer = inTime(() => this.#notify(), frame);
    this.#settleTimer ??= inTime(() => this.#settleQuiet(), this.#settleAfter);
  }

  #notify(): void {
    this.#noticeTimer = undefined;
    for (const listener of this.#listeners) listener();
  }

  /** Settles what has had no news for long enough, and comes again while anything has not. */
  #settleQuiet(): void {
    this.#settleTimer = undefined;
    const now = Date.now();
    let wait = Infinity;
    for (const trace of this.#traces.values()) {
      if (trace.isSettled) continue;
      const left = trace.changedAt + (trace.isOpen ? this.#abandonAfter : this.#settleAfter) - now;
      if (left <= 0) this.#settle(trace);
      else wait = Math.min(wait, left);
    }
    // Not the whole wait of an open trace: it may close right away, and then has to settle in time.
    if (wait < Infinity)
      this.#settleTimer ??= inTime(() => this.#settleQuiet(), Math.min(wait, this.#settleAfter || frame));
  }

  #settle(trace: RecordedTrace): void {
    trace.settle();
    this.#list = undefined;
    if (!this.#noticeTimer && this.#listeners.size > 0) this.#noticeTimer = inTime(() => this.#notify(), frame);
    if (this.#exporters.size > 0) this.#export(trace.snapshot(Date.now()));
  }

  #export(trace: Trace): Promise<void>[] {
    return Array.from(this.#exporters, (exporter) => {
      const done = this.#exportTo(exporter, trace).finally(() => this.#pending.delete(done));
      this.#pending.add(done);
      return done;
    });
  }

  async #exportTo(exporter: SettledTraceExporter, trace: Trace): Promise<void> {
    try {
      await exporter.export(trace);
    } catch (error) {
      this.#onExportError(error, trace);
    }
  }
}

function atLeast(least: number, value: number, name: string): number {
  if (value >= least) return value;
  throw new RangeError(`createTraceRecorder: ${name} is ${value}, but has to be ${least} at the least.`);
}

function logExportError(error: unknown, trace: Trace): void {
  console.error(`spanscope: trace ${trace.traceId} could not be exported.`, error);
}

type Timer = ReturnType<typeof setTimeout>;

/** A timer that keeps no Node process alive. */
function inTime(callback: () => void, milliseconds: number): Timer {
  const timer: Timer & { unref?: () => void } = setTimeout(callback, Math.min(milliseconds, 2 ** 31 - 1));
  timer.unref?.();
  return timer;
}
