import { isKnown, nanosecondsBetween, type TimePoint, unknownTime } from '../model/time.ts';
import { filledUp, numberOf } from './apiRecord.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import {
  endOf,
  idOf,
  type LangfuseContext,
  parentIdOf,
  readLangfuseDetails,
  serviceNameOf,
  startOf,
  traceIdOf,
} from './langfuseFields.ts';
import { setSum, setTime } from './plainTime.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * What Langfuse's UI and API export:
 *
 * - a trace `{ id, name, timestamp, …, observations: […] }`, or `{ trace: {…}, observations: […] }`, or `{ observations, scores }`
 * - observations by themselves: in a list, one a line, or in the pages of the API `{ data: […], meta }`
 *
 * Langfuse draws the trace itself above its observations, so it becomes a span: the root, from the first start to the last
 * end. Observations by themselves have no such record, and none is made up.
 */
export const langfuseFormat: TraceFormat = {
  name: 'langfuse',
  detect: (value) => isLangfuse(value, 0),
  read: (values, reasons) => new LangfuseReading().read(values, reasons),
};

const observationTypes: ReadonlySet<unknown> = new Set([
  ...['SPAN', 'GENERATION', 'EVENT', 'AGENT', 'TOOL', 'CHAIN', 'RETRIEVER', 'EVALUATOR', 'EMBEDDING', 'GUARDRAIL'],
]);

const deepestList = 3;

function isLangfuse(value: unknown, depth: number): boolean {
  if (isDocument(value) || isLoneObservation(value)) return true;
  if (depth >= deepestList) return false;
  if (Array.isArray(value)) return value.some((item) => isLangfuse(item, depth + 1));
  return isPage(value) && isLangfuse(value.data, depth + 1);
}

function isPage(value: unknown): value is JsonObject {
  return isObject(value) && typeof value.data === 'object' && value.data !== null && !hasObservations(value);
}

function hasObservations(value: JsonObject): boolean {
  return Array.isArray(value.observations) || (isObject(value.trace) && Array.isArray(value.trace.observations));
}

function isObservation(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    observationTypes.has(value.type) &&
    !Object.hasOwn(value, 'span_id') &&
    !Object.hasOwn(value, 'spanId') &&
    (Object.hasOwn(value, 'startTime') || Object.hasOwn(value, 'start_time'))
  );
}

function isLoneObservation(value: unknown): boolean {
  return isObservation(value) && traceIdOf(value) !== undefined;
}

function isDocument(value: unknown): boolean {
  if (!isObject(value) || !hasObservations(value)) return false;
  const trace = isObject(value.trace) ? value.trace : value;
  const observations = [...asArray(value.observations), ...asArray(trace.observations)];
  if (observations.some(isObservation)) return true;
  return !observations.some(isObject) && isTraceRecord(trace);
}

function isTraceRecord(value: JsonObject): boolean {
  return asText(value.id) !== undefined && Object.hasOwn(value, 'timestamp') && !isScore(value);
}

function isScore(value: JsonObject): boolean {
  return (
    !observationTypes.has(value.type) &&
    startOf(value) === undefined &&
    (Object.hasOwn(value, 'value') || Object.hasOwn(value, 'stringValue')) &&
    (traceIdOf(value) !== undefined || Object.hasOwn(value, 'dataType'))
  );
}

/** What the file holds of one trace, wherever it stands. */
interface Gathered {
  readonly id: string;
  readonly observations: JsonObject[];
  /** The list that each observation was found in. */
  readonly lists: number[];
  readonly rowOfId: Map<string, number>;
  /** The trace itself, and what it is wrapped in. */
  trace: JsonObject | undefined;
  wrapper: JsonObject | undefined;
  readonly scores: unknown[];
  readonly scoreIds: Set<string>;
  /** Of observations that the trace names without having them. */
  readonly observationIds: Set<string>;
}

const lines = 0;

class LangfuseReading {
  readonly #traces = new Map<string, Gathered>();
  readonly #collector = new TraceCollector<JsonObject, LangfuseContext>(readLangfuseDetails);
  readonly #warnings = new WarningList();
  readonly #record = { ...blankRecord(), start: { seconds: NaN, nanos: NaN }, end: { seconds: NaN, nanos: NaN } };
  #lists = lines;
  #skipped = 0;
  #unnamed = 0;
  #endsInPage = false;

  read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
    for (const value of values) this.#gather(value, lines, 0);
    for (const trace of this.#traces.values()) this.#addTrace(trace);
    const allReasons = this.#endsInPage ? [...reasons, 'This is one page of a list that goes on.'] : reasons;
    return { traces: this.#collector.build(allReasons), warnings: this.#warnings.toArray(), skipped: this.#skipped };
  }

  #gather(value: unknown, list: number, depth: number): void {
    if (Array.isArray(value) && depth < deepestList) {
      const own = ++this.#lists;
      for (const item of value) this.#gather(item, own, depth + 1);
    } else if (isPage(value) && depth < deepestList) {
      this.#endsInPage = hasNextPage(value.meta);
      this.#gather(value.data, list, depth + 1);
    } else if (!isObject(value)) {
      this.#skipRecord();
    } else if (hasObservations(value)) {
      this.#gatherDocument(value);
    } else if (isScore(value)) {
      this.#gatherScore(value, undefined);
    } else if (isTraceRecord(value) && !observationTypes.has(value.type) && startOf(value) === undefined) {
      const trace = this.#traceOf(asText(value.id)!);
      trace.trace = trace.trace ? filledUp(trace.trace, value) : value;
    } else if (startOf(value) !== undefined || observationTypes.has(value.type)) {
      this.#gatherObservation(value, undefined, list);
    } else {
      this.#skipRecord();
    }
  }

  #gatherDocument(document: JsonObject): void {
    const record = isObject(document.trace) ? document.trace : document;
    const observations = asArray(document.observations);
    const nested = record === document ? [] : asArray(record.observations);
    const traceId = asText(record.id) || this.#idOfAll([...observations, ...nested]);
    const trace = traceId === undefined ? undefined : this.#traceOf(traceId);
    if (trace) {
      trace.trace = trace.trace ? filledUp(trace.trace, record) : record;
      if (record !== document) trace.wrapper = document;
    }
    for (const items of [observations, nested]) {
      const list = ++this.#lists;
      const areIds = items.length > 0 && items.every((item) => typeof item === 'string');
      for (const item of items) {
        if (areIds) trace?.observationIds.add(item as string);
        else this.#gatherObservation(item, trace?.id, list);
      }
    }
    const scores = [...asArray(document.scores), ...(record === document ? [] : asArray(record.scores))];
    for (const score of scores) this.#gatherScore(score, trace);
  }

  /** The trace of a document that does not name it; undefined where its observations are of several. */
  #idOfAll(observations: readonly unknown[]): string | undefined {
    const ids = new Set<string>();
    for (const observation of observations) {
      const id = isObject(observation) ? traceIdOf(observation) : undefined;
      if (id !== undefined) ids.add(id);
    }
    if (ids.size > 0) return ids.size === 1 ? [...ids][0] : undefined;
    this.#unnamed++;
    return this.#unnamed === 1 ? 'unknown' : `unknown~${this.#unnamed}`;
  }

  #gatherObservation(value: unknown, traceId: string | undefined, list: number): void {
    if (!isObject(value) || (idOf(value) === '' && asText(value.name) === undefined)) {
      this.#skipped++;
      this.#warnings.add('unreadable-span', unreadableObservations, traceId === undefined ? {} : { traceId });
      return;
    }
    const trace = this.#traceOf(traceIdOf(value) ?? traceId ?? 'unknown');
    const id = idOf(value);
    const row = id === '' ? undefined : trace.rowOfId.get(id);
    if (row !== undefined && trace.lists[row] !== list && startOf(trace.observations[row]!) === startOf(value)) {
      trace.observations[row] = filledUp(trace.observations[row]!, value);
      return;
    }
    if (id !== '' && row === undefined) trace.rowOfId.set(id, trace.observations.length);
    trace.observations.push(value);
    trace.lists.push(list);
  }

  #gatherScore(score: unknown, ofDocument: Gathered | undefined): void {
    if (score === null || score === undefined) return;
    const traceId = isObject(score) ? traceIdOf(score) : undefined;
    const trace = traceId === undefined ? ofDocument : this.#traceOf(traceId);
    const id = isObject(score) ? asText(score.id) : undefined;
    if (!trace) {
      this.#noteLostScore();
    } else if (id === undefined || !trace.scoreIds.has(id)) {
      if (id !== undefined) trace.scoreIds.add(id);
      trace.scores.push(score);
    }
  }

  #traceOf(id: string): Gathered {
    let trace = this.#traces.get(id);
    if (!trace) {
      trace = {
        id,
        observations: [],
        lists: [],
        rowOfId: new Map(),
        trace: undefined,
        wrapper: undefined,
        scores: [],
        scoreIds: new Set(),
        observationIds: new Set(),
      };
      this.#traces.set(id, trace);
    }
    return trace;
  }

  #addTrace(trace: Gathered): void {
    const { id, observations, observationIds } = trace;
    if (!trace.trace && observations.length === 0) {
      for (const _ of trace.scores) this.#noteLostScore();
      return;
    }
    const context = this.#collector.addContext({
      trace: trace.trace,
      wrapper: trace.wrapper,
      scores: placedScores(trace),
    });
    const rootId = trace.trace && freeIdOf(trace);
    if (rootId !== undefined) this.#addRoot(trace, rootId, context);
    for (const observation of observations) this.#addObservation(observation, trace, rootId, context);
    if (observationIds.size > 0) this.#collector.collection(id).expectedSpans = observationIds.size + 1;
  }

  #addRoot(trace: Gathered, rootId: string, context: number): void {
    const record = this.#record;
    const source = trace.trace!;
    record.spanId = rootId;
    record.parentSpanId = undefined;
    record.name = asText(source.name) || nameOfUnnamed(trace);
    record.serviceName = serviceNameOf(source) ?? firstServiceName(trace.observations) ?? 'unknown';
    record.status = 'unset';
    this.#setRootTimes(source, trace);
    this.#collector.add(trace.id, record, source, context);
  }

  /**
   * From the first start to the last moment that is known. The trace's own `latency`, in seconds, is the distance between
   * these two, and counts where observations are missing.
   */
  #setRootTimes(source: JsonObject, trace: Gathered): void {
    const { start, end } = this.#record;
    const time: TimePoint = { seconds: NaN, nanos: NaN };
    const last: TimePoint = { seconds: NaN, nanos: NaN };
    let hasEnd = false;
    if (!setTime(start, source.timestamp)) this.#noteUnreadableTime(source.timestamp, source, trace.id);
    for (const observation of trace.observations) {
      setTime(time, startOf(observation));
      if (isEarlier(time, start)) copyTime(start, time);
      if (isLater(time, last)) copyTime(last, time);
      setEndTime(time, observation);
      hasEnd ||= isKnown(time);
      if (isLater(time, last)) copyTime(last, time);
    }
    const latency = numberOf(source.latency);
    const isMeasured = latency > 0 || (latency === 0 && trace.observations.length === 0);
    if (isMeasured && Number.isFinite(latency) && isKnown(start)) {
      setSum(time, start, latency * 1000);
      hasEnd = true;
      if (isLater(time, last)) copyTime(last, time);
    }
    copyTime(end, hasEnd ? last : unknownTime);
  }

  #addObservation(observation: JsonObject, trace: Gathered, rootId: string | undefined, context: number): void {
    const record = this.#record;
    record.spanId = idOf(observation);
    record.parentSpanId = parentOf(observation, trace) ?? rootId;
    record.name = asText(observation.name) || asText(observation.type) || '';
    record.serviceName = serviceNameOf(observation) ?? (trace.trace && serviceNameOf(trace.trace)) ?? 'unknown';
    record.status = observation.level === 'ERROR' ? 'error' : 'unset';
    if (!setTime(record.start, startOf(observation)))
      this.#noteUnreadableTime(startOf(observation), observation, trace.id);
    if (!setEndTime(record.end, observation)) this.#noteUnreadableTime(endOf(observation), observation, trace.id);
    this.#collector.add(trace.id, record, observation, context);
  }

  #skipRecord(): void {
    this.#skipped++;
    this.#warnings.add(
      'unreadable-record',
      (count) =>
        `${count} ${count === 1 ? 'record is' : 'records are'} neither a trace nor an observation nor a score; skipped.`,
    );
  }

  #noteLostScore(): void {
    this.#skipped++;
    this.#warnings.add(
      'score-without-trace',
      (count) =>
        `${count} ${count === 1 ? 'score belongs to a trace that is' : 'scores belong to traces that are'} not in the file; skipped.`,
    );
  }

  #noteUnreadableTime(value: unknown, record: JsonObject, traceId: string): void {
    this.#warnings.add(
      'unreadable-time',
      (count) =>
        `${count} ${count === 1 ? 'time' : 'times'} could not be read (first: “${(asText(value) ?? typeof value).slice(0, 40)}” of ${asText(record.name) || idOf(record)}); taken as missing.`,
      { traceId, spanId: idOf(record) },
    );
  }
}

function hasNextPage(meta: unknown): boolean {
  if (!isObject(meta)) return false;
  if (typeof meta.cursor === 'string' && meta.cursor !== '') return true;
  return numberOf(meta.totalPages) > numberOf(meta.page);
}

function unreadableObservations(count: number): string {
  return count === 1
    ? '1 observation is no object, or has neither id nor name; skipped.'
    : `${count} observations are no objects, or have neither id nor name; skipped.`;
}

/** Some SDKs name the trace as the parent of what stands at its top. */
function parentOf(observation: JsonObject, { id, rowOfId }: Gathered): string | undefined {
  const parentId = parentIdOf(observation);
  return parentId === id && !rowOfId.has(id) ? undefined : parentId;
}

/** The trace's own id; old SDKs give it to an observation too. */
function freeIdOf({ id, rowOfId }: Gathered): string {
  let free = id;
  while (rowOfId.has(free)) free = `trace:${free}`;
  return free;
}

/** Where the trace has no record of its own, Langfuse too names it after the observation at its top. */
function nameOfUnnamed(trace: Gathered): string {
  for (const { traceName } of trace.observations) if (typeof traceName === 'string' && traceName) return traceName;
  const isRecord = Object.hasOwn(trace.trace!, 'id');
  const roots = trace.observations.filter((observation) => parentOf(observation, trace) === undefined);
  return (!isRecord && roots.length === 1 && asText(roots[0]!.name)) || trace.id;
}

function firstServiceName(observations: readonly JsonObject[]): string | undefined {
  for (const observation of observations) {
    const name = serviceNameOf(observation);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** An event is a moment. */
function setEndTime(target: TimePoint, observation: JsonObject): boolean {
  const end = endOf(observation);
  const isMoment = observation.type === 'EVENT' && (end === undefined || end === null || end === '');
  return setTime(target, isMoment ? startOf(observation) : end) || isMoment;
}

function isEarlier(time: TimePoint, than: TimePoint): boolean {
  return isKnown(time) && !(nanosecondsBetween(than, time) >= 0);
}

function isLater(time: TimePoint, than: TimePoint): boolean {
  return isKnown(time) && !(nanosecondsBetween(than, time) <= 0);
}

function copyTime(target: TimePoint, { seconds, nanos }: TimePoint): void {
  target.seconds = seconds;
  target.nanos = nanos;
}

/** By id of the span: those of the trace stand at its root, or at the first observation of its top where it has none. */
function placedScores(trace: Gathered): Map<JsonObject, unknown[]> {
  const placed = new Map<JsonObject, unknown[]>();
  const { observations } = trace;
  const top =
    trace.trace ?? observations.find((observation) => parentOf(observation, trace) === undefined) ?? observations[0]!;
  for (const score of trace.scores) {
    const id = isObject(score) ? (asText(score.observationId ?? score.observation_id) ?? '') : '';
    const row = trace.rowOfId.get(id);
    const owner = row === undefined ? top : observations[row]!;
    const scores = placed.get(owner);
    if (scores) scores.push(score);
    else placed.set(owner, [score]);
  }
  return placed;
}
