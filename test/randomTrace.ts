import { createRandom, type Random } from '../samples/random.ts';
import { spanKinds, spanStatuses } from '../src/model/columns.ts';
import { noDetails } from '../src/model/details.ts';
import { fromUnixNano, type TimePoint, unknownTime } from '../src/model/time.ts';
import type { Trace } from '../src/model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../src/model/traceBuilder.ts';

export interface RandomTraceOptions {
  /** At most this many spans. @default 40 */
  spans?: number;
  /** Whether spans are broken in every way that files have. @default true */
  dirty?: boolean;
}

const traceStart = 1_700_000_000_000_000_000n;

/** A trace of the seed: the same on every machine. */
export function randomTrace(seed: number, options: RandomTraceOptions = {}): Trace {
  return traceOfRecords(randomRecords(seed, options));
}

export function traceOfRecords(records: readonly SpanRecord[], traceId = 'random'): Trace {
  const builder = new TraceBuilder(traceId);
  for (const record of records) builder.add(record);
  return builder.build({ read: () => noDetails });
}

/**
 * Spans as a file might have them, in the file's order. Times are small whole numbers of nanoseconds, so that equal
 * starts, equal ends and touching spans are frequent. Dirt: orphans, self-parents, cycles, duplicate and missing ids,
 * open spans, negative and zero durations, implausible times, missing starts, children outside their parents, any order.
 */
export function randomRecords(seed: number, { spans = 40, dirty = true }: RandomTraceOptions = {}): SpanRecord[] {
  const random = createRandom(seed);
  const count = random.int(0, spans);
  const length = random.pick([1, 10, 100, 100_000]);
  // Some traces are nearly clean, some are broken all over.
  const dirt = dirty ? random.pick([0, 0.02, 0.1, 0.3]) : 0;
  const deep = random.unit();
  const records: SpanRecord[] = [];
  const ranges: [number, number][] = [];
  for (let at = 0; at < count; at++) {
    const parent = at === 0 ? -1 : random.chance(deep) ? at - 1 : random.int(random.chance(0.1) ? -1 : 0, at - 1);
    const within = parent < 0 || random.chance(dirt) ? ([0, length] as [number, number]) : ranges[parent]!;
    const range = [random.int(...within), random.int(...within)].sort((a, b) => a - b) as [number, number];
    if (random.chance(dirt)) range[1] = range[0];
    ranges.push(range);
    records.push({
      spanId: idOf(at, seed),
      parentSpanId: parent < 0 ? undefined : idOf(parent, seed),
      name: `s${at}`,
      serviceName: random.pick(['web', 'db']),
      kind: random.pick(spanKinds),
      status: random.pick(spanStatuses),
      start: timeAt(range[0]),
      end: timeAt(range[1]),
      followsFrom: random.chance(0.1),
    });
  }
  for (const record of records) if (random.chance(dirt)) soil(record, records, random, seed);
  if (random.chance(0.5)) shuffle(records, random);
  return records;
}

function soil(record: SpanRecord, records: readonly SpanRecord[], random: Random, seed: number): void {
  const other = random.pick(records);
  const soilings: (() => void)[] = [
    () => (record.parentSpanId = 'feedfacefeedface'),
    () => (record.parentSpanId = record.spanId || undefined),
    () => (record.parentSpanId = other.spanId || undefined),
    () => (record.parentSpanId = undefined),
    () => (record.spanId = other.spanId),
    () => (record.spanId = ''),
    () => (record.spanId = random.pick([`Named-${seed}`, `${other.spanId}~2`, '0000000000000000', '__proto__'])),
    () => (record.end = unknownTime),
    () => ([record.start, record.end] = [record.end, record.start]),
    () => (record.end = record.start),
    () => (record.start = { seconds: 0, nanos: 0 }),
    () => (record.end = { seconds: 4_000_000_000, nanos: 5 }),
    () => (record.start = unknownTime),
    () => (record.start = timeAt(-random.int(1, 20))),
  ];
  random.pick(soilings)();
}

function shuffle<T>(items: T[], random: Random): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = random.int(0, at);
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
}

/** Ids of one trace are all hexadecimal or all of another spelling: the model keeps the two apart. */
function idOf(at: number, seed: number): string {
  return seed % 3 === 0 ? `span-${at}` : `c0ffee${at.toString(16).padStart(10, '0')}`;
}

function timeAt(nanoseconds: number): TimePoint {
  return fromUnixNano(traceStart + BigInt(nanoseconds));
}

/** A root with hundreds of children at once, whose subtrees are all of one height or of heights from 1 to 4. */
export function randomWideTrace(seed: number): Trace {
  const random = createRandom(seed);
  const heights = random.pick([
    [1, 1],
    [2, 2],
    [1, 4],
  ] as const);
  const children = random.int(60, 250);
  const length = random.pick([100, 1000]);
  const spans: TimedSpan[] = [{ parent: -1, start: 0, end: length }];
  for (let child = 0; child < children; child++) {
    const start = random.int(0, length);
    const end = Math.min(length, start + random.int(0, length));
    spans.push({ parent: 0, start, end });
    for (let below = random.int(heights[0], heights[1]); below > 1; below--)
      spans.push({ parent: spans.length - 1, start, end });
  }
  return traceOfTimes(spans);
}

export interface TimedSpan {
  /** The parent's place in the list, -1 for none. */
  parent: number;
  start: number;
  end: number;
}

/** A trace of nothing but times, for large shapes: spans are named by their place in the list. */
export function traceOfTimes(spans: readonly TimedSpan[]): Trace {
  const builder = new TraceBuilder('times');
  for (const [at, { parent, start, end }] of spans.entries()) {
    builder.add({
      spanId: idOf(at, 1),
      parentSpanId: parent < 0 ? undefined : idOf(parent, 1),
      name: `s${at}`,
      serviceName: 'app',
      kind: 'internal',
      status: 'ok',
      start: timeAt(start),
      end: timeAt(end),
      followsFrom: false,
    });
  }
  return builder.build({ read: () => noDetails });
}

/** Each span within the one before it. */
export function chainTrace(length: number): Trace {
  return traceOfTimes(Array.from({ length }, (_, at) => ({ parent: at - 1, start: at, end: length * 2 - at })));
}

/** A root over `children`, which have none of their own. */
export function flatTrace(children: readonly { start: number; end: number }[]): Trace {
  const end = children.reduce((last, child) => Math.max(last, child.end), 0);
  return traceOfTimes([{ parent: -1, start: 0, end }, ...children.map((child) => ({ parent: 0, ...child }))]);
}
