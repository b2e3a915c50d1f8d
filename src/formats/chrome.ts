import {
  type Attributes,
  type AttributeValue,
  type SourceEvent,
  type SpanDetails,
  setAttribute,
} from '../model/details.ts';
import { isKnown, type TimePoint, toUnixNano, unknownTime } from '../model/time.ts';
import { ChromeSlices } from './chromeSlices.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { setEnd, setMicroseconds } from './jaegerTime.ts';
import { fromJsonValue } from './jsonValue.ts';
import { asText, blankRecord, isObject, type JsonObject, TraceCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

/**
 * Chrome's trace events (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), as Chrome, V8,
 * clang, Bazel, Perfetto and viztracer write them: `{ traceEvents: […] }`, or the array alone. Times are microseconds,
 * since whenever the recorder counts from.
 *
 * Slices become spans: `X`, `B` with `E`, and asynchronous ones (`b` with `e`, `S` with `F`). Events of one moment become
 * events of the span around them on their thread. The service is the process; its threads are not spans, so that the
 * outermost slices of each are roots.
 */
export const chromeFormat: TraceFormat = { name: 'chrome', detect, read };

function detect(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isTraceEvent);
  return isObject(value) && (Array.isArray(value.traceEvents) || isTraceEvent(value));
}

function isTraceEvent(value: unknown): boolean {
  if (!isObject(value) || typeof value.ph !== 'string' || value.ph.length !== 1) return false;
  return value.ts !== undefined || (value.ph === 'M' && isObject(value.args));
}

function read(values: readonly unknown[], reasons: readonly string[]): FormatRead {
  const reading = new ChromeReading();
  const loose: unknown[] = [];
  for (const value of values) {
    if (isObject(value) && Array.isArray(value.traceEvents)) reading.addTrace(value, value.traceEvents);
    else if (Array.isArray(value)) for (const event of value) loose.push(event);
    else loose.push(value);
  }
  if (loose.length > 0) reading.addTrace({}, loose);
  return reading.result(reasons);
}

/** What the details of a span are read from, beside its number. */
interface TraceContext {
  slices: ChromeSlices;
  origin: TimePoint;
  resource: Attributes;
}

/** Lists of events within lists, at most this deep. */
const deepestList = 8;

class ChromeReading {
  readonly #collector = new TraceCollector<number, TraceContext>(readDetails);
  readonly #warnings = new WarningList();
  readonly #traceIds = new Set<string>();
  /** How many events of each phase are no part of a span. */
  readonly #skipped = new Map<string, number>();

  result(reasons: readonly string[]): FormatRead {
    this.#addSkippedWarnings();
    return {
      traces: this.#collector.build(reasons),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  addTrace(file: JsonObject, list: readonly unknown[]): void {
    // Tools that merge the lists of several processes forget to take them apart.
    const events = list.some(Array.isArray) ? list.flat(deepestList) : list;
    const traceId = this.#traceIdOf(file);
    const slices = new ChromeSlices(firstTime(events));
    const processes = new Processes();
    for (const event of events) {
      if (!isObject(event) || typeof event.ph !== 'string') {
        const describe = (count: number) =>
          `${count} ${count === 1 ? 'record is' : 'records are'} no trace event and ${count === 1 ? 'was' : 'were'} left out.`;
        this.#warnings.add('unreadable-span', describe, { traceId });
      } else if (event.ph === 'M') processes.addMetadata(event);
      else if (!enter(slices, event)) this.#skip(event.ph);
    }
    slices.nest();
    this.#addSpans(traceId, file, slices, processes);
    this.#addWarnings(traceId, slices);
  }

  #skip(phase: string): void {
    const known = phaseNames.has(phase) ? phase : '';
    this.#skipped.set(known, (this.#skipped.get(known) ?? 0) + 1);
  }

  /** Bazel gives a build an id; nothing else names a trace. */
  #traceIdOf(file: JsonObject): string {
    const named = isObject(file.otherData) ? asText(file.otherData.build_id) : undefined;
    const base = named || 'trace';
    let id = base;
    for (let n = 2; this.#traceIds.has(id); n++) id = `${base}~${n}`;
    this.#traceIds.add(id);
    return id;
  }

  #addSpans(traceId: string, file: JsonObject, slices: ChromeSlices, processes: Processes): void {
    const record = blankRecord();
    const start: TimePoint = { ...unknownTime };
    const end: TimePoint = { ...unknownTime };
    record.start = start;
    record.end = end;
    const origin = originOf(file);
    const contexts = new Map<string, number>();
    for (let slice = 0; slice < slices.count; slice++) {
      const begin = slices.begins[slice]!;
      const last = slices.ends.get(slice);
      record.spanId = slices.idOf(slice);
      record.parentSpanId = slices.parentIdOf(slice);
      record.name = asText(begin.name) || asText(last?.name) || '';
      record.serviceName = processes.serviceName(begin.pid);
      setTime(start, origin, begin.ts);
      if (last) setTime(end, origin, last.ts);
      else setEnd(end, start, origin.seconds === 0 ? begin.ts : undefined, begin.ph === 'X' ? begin.dur : undefined);
      const thread = laneOfThread(begin);
      let context = contexts.get(thread);
      if (context === undefined) {
        context = this.#collector.addContext({ slices, origin, resource: processes.resource(begin, file) });
        contexts.set(thread, context);
      }
      this.#collector.add(traceId, record, slice, context);
    }
  }

  #addWarnings(traceId: string, slices: ChromeSlices): void {
    const place = { traceId };
    if (slices.unmatchedEnds > 0) {
      const describe = (count: number) =>
        `${count} ${count === 1 ? 'event ends' : 'events end'} a slice that did not begin in the file (E, e or F); left out.`;
      this.#warnings.add('unmatched-end', describe, place, slices.unmatchedEnds);
    }
    if (slices.instantsOutside > 0) {
      const describe = (count: number) =>
        `${count} ${count === 1 ? 'event of one moment lies' : 'events of one moment lie'} outside of every slice of ${count === 1 ? 'its thread' : 'their threads'}; left out.`;
      this.#warnings.add('event-outside-spans', describe, place, slices.instantsOutside);
    }
  }

  #addSkippedWarnings(): void {
    const counters = this.#skipped.get('C') ?? 0;
    if (counters > 0) {
      const describe = (count: number) =>
        `${count} ${count === 1 ? 'value of a counter is' : 'values of counters are'} no span (C); left out.`;
      this.#warnings.add('skipped-counters', describe, {}, counters);
    }
    const others = [...this.#skipped].filter(([phase]) => phase !== 'C');
    if (others.length === 0) return;
    const list = others.map(([phase, count]) => `${count} × ${phaseNames.get(phase) ?? 'unknown'}`).join(', ');
    const sum = others.reduce((total, [, count]) => total + count, 0);
    const describe = (count: number) =>
      `${count} ${count === 1 ? 'event is neither a slice nor a moment' : 'events are neither slices nor moments'} (${list}); left out.`;
    this.#warnings.add('skipped-events', describe, {}, sum);
  }
}

/** What some phases are called that are neither slices nor moments; all others count as one. */
const phaseNames: ReadonlyMap<string, string> = new Map([
  ['C', 'counter (C)'],
  ['s', 'start of a flow (s)'],
  ['t', 'step of a flow (t)'],
  ['f', 'end of a flow (f)'],
  ['N', 'creation of an object (N)'],
  ['O', 'snapshot of an object (O)'],
  ['D', 'destruction of an object (D)'],
  ['P', 'sample (P)'],
  ['v', 'memory dump (v)'],
  ['V', 'memory dump (V)'],
  ['c', 'clock sync (c)'],
]);

/** False for what is neither a slice nor a moment. */
function enter(slices: ChromeSlices, event: JsonObject): boolean {
  const time = microseconds(event.ts);
  switch (event.ph) {
    case 'X':
      slices.addComplete(laneOfThread(event), event, time, microseconds(event.dur));
      return true;
    case 'B':
      slices.addBegin(laneOfThread(event), event, time);
      return true;
    case 'E':
      slices.addEnd(laneOfThread(event), event, time);
      return true;
    case 'b':
    case 'S':
      slices.addBegin(laneOfId(event), event, time);
      return true;
    case 'e':
    case 'F':
      slices.addEnd(laneOfId(event), event, time);
      return true;
    case 'n':
    case 'T':
    case 'p':
      slices.addInstant(laneOfId(event), event, time);
      return true;
    case 'i':
    case 'I':
    case 'R':
      slices.addInstant(laneOfThread(event), event, time);
      return true;
    default:
      return false;
  }
}

function laneOfThread(event: JsonObject): string {
  return `${asText(event.pid) ?? ''}:${asText(event.tid) ?? ''}`;
}

/** Asynchronous work is told apart by category, id and scope, and goes from thread to thread; `id2.local` holds within a process. */
function laneOfId(event: JsonObject): string {
  const { id2 } = event;
  const local = isObject(id2) ? asText(id2.local) : undefined;
  const id = asText(event.id) ?? (isObject(id2) ? asText(id2.global) : undefined) ?? local ?? '';
  const scope = asText(event.scope);
  const process = local === undefined ? '' : `${asText(event.pid) ?? ''}:`;
  return `${process}${asText(event.cat) ?? ''}:${scope === undefined ? '' : `${scope}:`}${id}`;
}

/** NaN for what is no number. */
function microseconds(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : NaN;
  if (typeof value !== 'string' || value.trim() === '') return NaN;
  const number = Number(value);
  return Number.isFinite(number) ? number : NaN;
}

function firstTime(events: readonly unknown[]): number {
  let first = Infinity;
  for (const event of events) {
    if (!isObject(event) || event.ph === 'M') continue;
    const time = microseconds(event.ts);
    if (time < first) first = time;
  }
  return first === Infinity ? 0 : Math.floor(first);
}

/** Clang says when its times begin. */
function originOf(file: JsonObject): TimePoint {
  const origin: TimePoint = { ...unknownTime };
  setMicroseconds(origin, file.beginningOfTime);
  return isKnown(origin) ? origin : { seconds: 0, nanos: 0 };
}

function setTime(target: TimePoint, origin: TimePoint, time: unknown): void {
  if (origin.seconds === 0) setMicroseconds(target, time);
  else setEnd(target, origin, undefined, time);
}

/** What metadata events say of processes and threads. */
class Processes {
  readonly #processNames = new Map<string, string>();
  readonly #metadata = new Map<string, JsonObject[]>();

  addMetadata(event: JsonObject): void {
    const pid = asText(event.pid) ?? '';
    const name = isObject(event.args) ? asText(event.args.name) : undefined;
    if (event.name === 'process_name') {
      if (name) this.#processNames.set(pid, name);
      return;
    }
    const isOfThread = typeof event.name === 'string' && event.name.startsWith('thread_');
    const key = isOfThread ? laneOfThread(event) : pid;
    const known = this.#metadata.get(key);
    if (known) known.push(event);
    else this.#metadata.set(key, [event]);
  }

  /** A process without a name goes by its number, as in Chrome's own view. */
  serviceName(pid: unknown): string {
    const id = asText(pid);
    if (id === undefined) return 'unknown';
    return this.#processNames.get(id) ?? `Process ${id}`;
  }

  resource(event: JsonObject, file: JsonObject): Attributes {
    const resource: Record<string, AttributeValue> = { 'service.name': this.serviceName(event.pid) };
    if (event.pid !== undefined) add(resource, 'process.pid', event.pid);
    if (event.tid !== undefined) add(resource, 'thread.id', event.tid);
    const pid = asText(event.pid) ?? '';
    for (const metadata of [...(this.#metadata.get(pid) ?? []), ...(this.#metadata.get(laneOfThread(event)) ?? [])]) {
      const name = asText(metadata.name) ?? 'metadata';
      const args = isObject(metadata.args) ? metadata.args : {};
      const keys = Object.keys(args);
      const isOne = keys.length === 1;
      const key = name === 'thread_name' ? 'thread.name' : name;
      const value = isOne ? args[keys[0]!] : args;
      if (keys.length > 0 && value !== '') add(resource, key, value);
    }
    for (const key of ['otherData', 'metadata']) if (isObject(file[key])) add(resource, key, file[key]);
    return resource;
  }
}

/** What is read into columns, or says which slice an event belongs to. All else is shown among the attributes. */
const knownFields = new Set(['name', 'ph', 'pid', 'tid', 'args']);

function readDetails(slice: number, { slices, origin, resource }: TraceContext): SpanDetails {
  const begin = slices.begins[slice]!;
  const end = slices.ends.get(slice);
  const attributes: Record<string, AttributeValue> = {};
  addArgs(attributes, begin);
  if (end) addArgs(attributes, end);
  addOtherFields(attributes, begin);
  if (end) addOtherFields(attributes, end, true);
  return {
    statusMessage: undefined,
    attributes,
    events: (slices.instants.get(slice) ?? []).map((event) => eventOf(event, origin)),
    links: [],
    resource,
    scope: undefined,
  };
}

/** Where an end has an argument of the same name, it counts: that is what was known last. */
function addArgs(attributes: Record<string, AttributeValue>, event: JsonObject): void {
  const { args } = event;
  if (isObject(args)) for (const key of Object.keys(args)) add(attributes, key, args[key]);
  else if (args !== undefined && args !== null) add(attributes, 'args', args);
}

/** An argument may have the name of a field: both are shown. What an end says again is not. */
function addOtherFields(attributes: Record<string, AttributeValue>, event: JsonObject, isEnd = false): void {
  for (const key of Object.keys(event)) {
    if (isRead(event, key)) continue;
    if (!Object.hasOwn(attributes, key)) add(attributes, key, event[key]);
    else if (!isEnd) add(attributes, `event.${key}`, event[key]);
  }
}

function isRead(event: JsonObject, key: string): boolean {
  if (key === 'ts') return !Number.isNaN(microseconds(event.ts));
  if (key === 'dur') return event.ph === 'X' && !Number.isNaN(microseconds(event.ts) + microseconds(event.dur));
  return knownFields.has(key);
}

function eventOf(event: JsonObject, origin: TimePoint): SourceEvent {
  const time: TimePoint = { ...unknownTime };
  setTime(time, origin, event.ts);
  const attributes: Record<string, AttributeValue> = {};
  addArgs(attributes, event);
  addOtherFields(attributes, event);
  return {
    name: asText(event.name) ?? '',
    timeUnixNano: isKnown(time) ? toUnixNano(time) : undefined,
    attributes,
  };
}

function add(attributes: Record<string, AttributeValue>, key: string, value: unknown): void {
  const read = fromJsonValue(value);
  if (read !== undefined) setAttribute(attributes, key, read);
}
