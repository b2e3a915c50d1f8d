import { describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../samples/random.ts';
import { noDetails } from '../../../src/model/details.ts';
import { fromUnixNano, isKnown, unknownTime } from '../../../src/model/time.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../../../src/model/traceBuilder.ts';
import { randomRecords } from '../../randomTrace.ts';

// Snapshots of a trace that grows, each against a trace that is built as a whole from the same spans.

const details = { read: () => noDetails };
const now = fromUnixNano(1_700_000_000_000_200_000n);

/** All that can be seen of a trace. */
function contentOf(trace: Trace): unknown {
  const { columns } = trace;
  return {
    start: trace.startTimeUnixNano,
    duration: trace.duration,
    completeness: trace.completeness,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, typeof column === 'number' ? column : Array.from(column)]),
    ),
    names: Array.from(trace, ({ name, serviceName }) => [name, serviceName]),
    keys: Array.from(trace, ({ key, spanId, parentSpanId }) => [key, spanId, parentSpanId]),
    found: Array.from(trace, ({ key }) => trace.span(key)?.index),
    times: Array.from(trace, (span) => [span.startTimeUnixNano, span.endTimeUnixNano]),
  };
}

function whole(records: readonly SpanRecord[], isSettled = false): Trace {
  const builder = new TraceBuilder('random');
  for (const record of records) builder.add(record);
  return builder.build(details, isSettled ? {} : { growing: { now } });
}

/** The order in which spans arrive: as they are, by their ends, or at random. */
function arrivals(records: readonly SpanRecord[], random: Random): SpanRecord[] {
  const order = random.pick(['as they are', 'children first', 'random', 'by end']);
  const arriving = [...records];
  if (order === 'children first') arriving.reverse();
  if (order === 'by end') arriving.sort((a, b) => a.end.seconds - b.end.seconds || a.end.nanos - b.end.nanos);
  if (order === 'random') {
    for (let at = arriving.length - 1; at > 0; at--) {
      const other = random.int(0, at);
      [arriving[at], arriving[other]] = [arriving[other]!, arriving[at]!];
    }
  }
  return arriving;
}

/** Lets a trace grow, compares each snapshot, and at the end all of them again: none may have changed. */
function checkGrowth(seed: number, dirty: boolean, spans = 40): void {
  const random = createRandom(seed + 77);
  const arriving = arrivals(randomRecords(seed, { spans, dirty }), random);
  const builder = new TraceBuilder('random');
  const rows: SpanRecord[] = [];
  const open: [row: number, end: SpanRecord][] = [];
  const snapshots: [Trace, unknown][] = [];
  const often = random.pick([1, 3, 12]);
  const look = () => {
    const snapshot = builder.build(details, { growing: { now } });
    const expected = contentOf(whole(rows));
    expect(contentOf(snapshot), `seed ${seed} after ${rows.length} spans`).toEqual(expected);
    for (const { spanId } of arriving) {
      if (spanId === '') continue;
      expect(snapshot.span(spanId)?.spanId).toBe(rows.find((row) => row.spanId === spanId)?.spanId);
    }
    snapshots.push([snapshot, expected]);
  };
  for (const record of arriving) {
    const begins = random.chance(0.3) && isKnown(record.end);
    const first = begins ? { ...record, end: unknownTime, status: 'unset' as const } : record;
    const row = builder.add(first);
    rows.push(first);
    if (begins) open.push([row, record]);
    while (open.length > 0 && random.chance(0.3)) {
      const [ended, end] = open.splice(random.int(0, open.length - 1), 1)[0]!;
      builder.replace(ended, end);
      rows[ended] = end;
    }
    if (random.int(1, often) === 1) look();
  }
  look();
  look();
  expect(contentOf(builder.build(details))).toEqual(contentOf(whole(rows, true)));
  for (const [snapshot, expected] of snapshots) expect(contentOf(snapshot)).toEqual(expected);
}

describe('a trace that grows', () => {
  it('is at every snapshot what a trace built from the same spans is', () => {
    for (let seed = 0; seed < 250; seed++) checkGrowth(seed, false);
  });

  it('is so with spans broken in every way that files have', () => {
    for (let seed = 0; seed < 250; seed++) checkGrowth(seed, true);
  });

  it('is so for some hundred spans', () => {
    for (let seed = 0; seed < 4; seed++) checkGrowth(seed, false, 400);
  });

  const record = (spanId: string, parentSpanId: string | undefined, start: number): SpanRecord => ({
    spanId,
    parentSpanId,
    name: spanId,
    serviceName: 'web',
    kind: 'internal',
    status: 'ok',
    start: fromUnixNano(1_700_000_000_000_000_000n + BigInt(start)),
    end: fromUnixNano(1_700_000_000_000_001_000n),
    followsFrom: false,
  });
  const grownFrom = (...batches: SpanRecord[][]) => {
    const builder = new TraceBuilder('random');
    let trace: Trace | undefined;
    const all: SpanRecord[] = [];
    for (const batch of batches) {
      for (const each of batch) builder.add(each);
      all.push(...batch);
      trace = builder.build(details, { growing: { now } });
      expect(contentOf(trace)).toEqual(contentOf(whole(all)));
    }
    return Array.from(trace!, (span) => `${'  '.repeat(span.depth)}${span.spanId}`);
  };

  it('puts what waited below its parent, with all that came into it in the same moment', () => {
    expect(
      grownFrom(
        [record('c', 'b', 20), record('x', undefined, 5)],
        [record('d', 'c', 25), record('b', 'a', 10), record('e', 'b', 15), record('y', 'x', 6)],
        [record('a', undefined, 1), record('f', 'c', 21), record('g', 'a', 30), record('h', 'a', 3)],
      ),
    ).toEqual(['a', '  h', '  b', '    e', '    c', '      f', '      d', '  g', 'x', '  y']);
  });

  it('cuts a circle that a late span closes', () => {
    expect(grownFrom([record('b', 'a', 2), record('c', 'b', 3)], [record('a', 'c', 1)])).toEqual(['a', '  b', '    c']);
    expect(
      grownFrom([record('z', undefined, 0)], [record('a', 'b', 2), record('b', 'a', 1)], [record('c', 'a', 4)]),
    ).toEqual(['z', 'b', '  a', '    c']);
  });

  it('takes a chain of ten thousand, the innermost first', () => {
    const builder = new TraceBuilder('deep');
    for (let at = 10_000; at >= 0; at--) {
      builder.add(record(`s${at}`, at === 0 ? undefined : `s${at - 1}`, at));
      if (at % 500 === 0) builder.build(details, { growing: { now } });
    }
    const trace = builder.build(details, { growing: { now } });
    expect([trace.spanAt(10_000).depth, trace.span('s7')!.index]).toEqual([10_000, 7]);
  });
});
