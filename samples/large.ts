import type { DraftSpan } from './draft.ts';
import {
  type JaegerFile,
  type OtlpFile,
  type PlainTrace,
  toJaegerProcesses,
  toJaegerShape,
  toJaegerSpan,
  toOtlpResourceSpans,
  toPlainSpan,
} from './exportShapes.ts';
import { type LargeSource, makeSpan, uniqueIds } from './largeSource.ts';
import { agentSpans, serviceSpans } from './largeTrees.ts';
import { createRandom } from './random.ts';

export type LargeFormat = 'json' | 'jaeger' | 'otlp';
export type LargeShape = 'agent' | 'services' | 'wide' | 'deep';

export interface LargeOptions {
  /** How many spans, the root included; at least one. */
  spans: number;
  /** @default 1 */
  seed?: number;
  /** @default 'jaeger' */
  format?: LargeFormat;
  /**
   * `agent`: many runs of iterations, LLM calls and tools, some with sub-agents. `services`: requests through twelve
   * services. `wide`: one root with all others as its children. `deep`: each span the only child of the one before.
   * @default 'agent'
   */
  shape?: LargeShape;
}

interface Shapes {
  json: PlainTrace;
  jaeger: JaegerFile;
  otlp: OtlpFile;
}

/** Spans in a text chunk, and in a batch of an OTLP exporter (its default is 512). */
const BATCH_SIZE = 512;

/**
 * One trace of exactly so many spans, as an export would have it. Objects of a million spans take more than a gigabyte:
 * above some 300,000 use `largeText`.
 */
export function large(options: LargeOptions & { format: 'json' }): PlainTrace;
export function large(options: LargeOptions & { format: 'otlp' }): OtlpFile;
export function large(options: LargeOptions & { format?: 'jaeger' }): JaegerFile;
export function large(options: LargeOptions): Shapes[LargeFormat];
export function large(options: LargeOptions): Shapes[LargeFormat] {
  const { traceId, spans } = begin(options);
  switch (options.format ?? 'jaeger') {
    case 'json':
      return { trace_id: traceId, spans: Array.from(spans, toPlainSpan) };
    case 'otlp':
      return { resourceSpans: Array.from(batches(spans), (batch) => toOtlpResourceSpans(batch)).flat() };
    case 'jaeger': {
      const processes = new Processes();
      const jaegerSpans = Array.from(spans, (span) => toJaegerSpan(span, processes.idOf(span.service)));
      return toJaegerShape([
        { traceID: traceId, spans: jaegerSpans, processes: toJaegerProcesses(processes.ids), warnings: null },
      ]);
    }
  }
}

/** The JSON text of `large`, in chunks of a few hundred kilobytes, for files bigger than a string may be; holds one batch at a time. */
export function* largeText(options: LargeOptions): Generator<string, void, undefined> {
  const { traceId, spans } = begin(options);
  const id = JSON.stringify(traceId);
  switch (options.format ?? 'jaeger') {
    case 'json':
      yield `{"trace_id":${id},"spans":[`;
      yield* joined(batches(spans), (batch) => batch.map((span) => JSON.stringify(toPlainSpan(span))));
      yield ']}';
      return;
    case 'otlp':
      yield '{"resourceSpans":[';
      yield* joined(batches(spans), (batch) => toOtlpResourceSpans(batch).map((group) => JSON.stringify(group)));
      yield ']}';
      return;
    case 'jaeger': {
      const processes = new Processes();
      yield `{"data":[{"traceID":${id},"spans":[`;
      yield* joined(batches(spans), (batch) =>
        batch.map((span) => JSON.stringify(toJaegerSpan(span, processes.idOf(span.service)))),
      );
      yield `],"processes":${JSON.stringify(toJaegerProcesses(processes.ids))},"warnings":null}],"total":0,"limit":0,"offset":0,"errors":null}`;
    }
  }
}

function* joined(
  groups: Iterable<readonly DraftSpan[]>,
  textsOf: (batch: readonly DraftSpan[]) => string[],
): Generator<string> {
  let separator = '';
  for (const batch of groups) {
    yield separator + textsOf(batch).join(',');
    separator = ',';
  }
}

function* batches(spans: Iterable<DraftSpan>): Generator<DraftSpan[]> {
  let batch: DraftSpan[] = [];
  for (const span of spans) {
    batch.push(span);
    if (batch.length < BATCH_SIZE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Jaeger's process ids, given out in the order in which services are met. */
class Processes {
  readonly ids = new Map<string, string>();

  idOf(service: string): string {
    const known = this.ids.get(service);
    if (known !== undefined) return known;
    const id = `p${this.ids.size + 1}`;
    this.ids.set(service, id);
    return id;
  }
}

function begin(options: LargeOptions): { traceId: string; spans: Iterable<DraftSpan> } {
  const { spans: count, seed = 1, shape = 'agent' } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`large: spans must be a whole number from 1, not ${count}`);
  const random = createRandom(seed);
  const traceId = random.hex(32);
  const makeSpanId = uniqueIds(random);
  switch (shape) {
    case 'agent':
      return { traceId, spans: agentSpans({ random, traceId, count, makeSpanId }) };
    case 'services':
      return { traceId, spans: serviceSpans({ random, traceId, count, makeSpanId }) };
    case 'wide':
      return { traceId, spans: wideSpans({ random, traceId, count, makeSpanId }) };
    case 'deep':
      return { traceId, spans: deepSpans({ random, traceId, count, makeSpanId }) };
  }
}

const MICROSECOND = 1000;
const WORKERS = 64;

/** One job that indexes documents with 64 workers: as flat as a trace can be. */
function* wideSpans(source: LargeSource): Generator<DraftSpan> {
  const { random, count } = source;
  const freeAt = new Array<number>(WORKERS).fill(0);
  const children = count - 1;
  // The root stands first, so its end has to be known before its children are drawn: an item takes 25 ms at most.
  const end = Math.ceil((children + 1) / WORKERS) * 25_000 * MICROSECOND;
  const root = makeSpan(source, { name: 'index documents', service: 'indexer', start: 0, end });
  yield root;
  for (let index = 0; index < children; index++) {
    const worker = index % WORKERS;
    const start = (freeAt[worker] ?? 0) + random.int(10, 800) * MICROSECOND;
    const duration = random.int(1_000, 24_000) * MICROSECOND;
    freeAt[worker] = start + duration;
    const failed = random.chance(0.004);
    yield makeSpan(source, {
      parentSpanId: root.spanId,
      name: `index document ${index % 97}`,
      service: 'indexer',
      start,
      end: start + duration,
      status: failed ? 'error' : 'unset',
      statusMessage: failed ? 'document is not UTF-8' : undefined,
      attributes: { 'document.id': index, 'document.bytes': random.int(800, 90_000), worker },
    });
  }
}

/** A function that calls itself: as deep as a trace can be. */
function* deepSpans(source: LargeSource): Generator<DraftSpan> {
  const { count } = source;
  const margin = 20 * MICROSECOND;
  const total = count * 2 * margin;
  let parentSpanId: string | undefined;
  for (let level = 0; level < count; level++) {
    const span = makeSpan(source, {
      parentSpanId,
      name: level === 0 ? 'solve' : `solve level ${level % 10}`,
      service: 'solver',
      start: level * margin,
      end: total - level * margin,
      attributes: { 'recursion.level': level },
    });
    yield span;
    parentSpanId = span.spanId;
  }
}
