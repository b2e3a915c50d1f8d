import { describe, expect, it } from 'vitest';
import {
  cachedDetails,
  type DetailSource,
  noDetails,
  type SpanDetails,
  setAttribute,
} from '../../../src/model/details.ts';
import { isTrace, type Trace } from '../../../src/model/trace.ts';
import { TraceBuilder } from '../../../src/model/traceBuilder.ts';
import { traceWarnings } from '../../../src/model/warnings.ts';
import { randomRecords, traceOfRecords } from '../../randomTrace.ts';
import { traceFromText } from '../../traceFromText.ts';

const text = `
  c [50 90] parent=p service=db error
  p [0 100] ok server
  a [10 40] parent=p follows
  b [20 30] parent=a service=db
`;

/** Details that say which row of the file they are of, and a list of the rows that were read. */
function counted(capacity?: number): { details: DetailSource; reads: number[] } {
  const reads: number[] = [];
  const records = Array.from({ length: 1000 }, (_, row) => ({ row }));
  const details = cachedDetails(
    (row) => records[row]!,
    ({ row }): SpanDetails => {
      reads.push(row);
      return {
        ...noDetails,
        statusMessage: `row ${row}`,
        attributes: { row },
        events: [
          { name: 'exception', timeUnixNano: 1_700_000_000_000_000_060n, attributes: { 'exception.type': 'Timeout' } },
          { name: 'no time', timeUnixNano: undefined, attributes: {} },
        ],
        links: [{ traceId: 'other', spanId: 'x', attributes: {} }],
        resource: { 'service.name': 'db' },
        scope: { name: 'library', version: '1' },
      };
    },
    capacity,
  );
  return { details, reads };
}

describe('a span', () => {
  const trace = traceFromText(text, { details: counted().details, unit: 1e6 });

  it('says what the file says, whatever the order of the file', () => {
    expect(trace.span('c')).toMatchObject({
      index: 3,
      key: 'c',
      sourceOrder: 0,
      traceId: 'trace',
      spanId: 'c',
      parentSpanId: 'p',
      name: 'c',
      serviceName: 'db',
      kind: 'unspecified',
      start: 50e6,
      end: 90e6,
      duration: 40e6,
      durationMs: 40,
      startTimeUnixNano: 1_700_000_000_050_000_000n,
      endTimeUnixNano: 1_700_000_000_090_000_000n,
      status: 'error',
      statusMessage: 'row 0',
      attributes: { row: 0 },
      links: [{ traceId: 'other', spanId: 'x', attributes: {} }],
      resource: { 'service.name': 'db' },
      scope: { name: 'library', version: '1' },
      followsFrom: false,
      depth: 1,
      descendantCount: 0,
      issues: [],
    });
    expect(trace.span('p')).toMatchObject({ parentSpanId: undefined, parent: undefined, kind: 'server', depth: 0 });
    expect(trace.span('a')?.followsFrom).toBe(true);
  });

  it('has events with their offset from the start of the trace, where they have a time', () => {
    expect(trace.span('c')?.events).toEqual([
      {
        name: 'exception',
        time: 60,
        timeUnixNano: 1_700_000_000_000_000_060n,
        attributes: { 'exception.type': 'Timeout' },
      },
      { name: 'no time', time: undefined, timeUnixNano: undefined, attributes: {} },
    ]);
  });

  it('leads to its parent and children', () => {
    const root = trace.spanAt(0);
    expect(root.children.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(root.children.length).toBe(2);
    expect([-1, 0, 1, 2].map((place) => root.children.at(place)?.name)).toEqual([undefined, 'a', 'c', undefined]);
    expect(root.children.at(0)?.children.at(0)?.parent?.parent?.key).toBe('p');
    expect(root.descendantCount).toBe(3);
  });

  it('of an orphan knows the id of the parent that is not there', () => {
    expect(traceFromText('o [0 1] parent=gone').spanAt(0)).toMatchObject({ parentSpanId: 'gone', parent: undefined });
  });
});

describe('a trace', () => {
  const trace = traceFromText(text);

  it('counts, names and iterates its spans', () => {
    expect(trace.spanCount).toBe(4);
    expect(Array.from(trace, ({ name }) => name)).toEqual(['p', 'a', 'b', 'c']);
    expect(trace.roots.map(({ name }) => name)).toEqual(['p']);
    expect([...trace.serviceNames].sort()).toEqual(['app', 'db']);
    expect(trace).toMatchObject({ traceId: 'trace', duration: 100, startTimeUnixNano: 1_700_000_000_000_000_000n });
  });

  it('finds spans by key and by index, and says what it has where there is none', () => {
    expect(trace.span('b')?.index).toBe(2);
    expect(trace.span('nobody')).toBeUndefined();
    for (const index of [-1, 4, 1.5, NaN]) expect(() => trace.spanAt(index)).toThrow('trace has 4 spans');
  });

  it('is known as a trace, other things are not', () => {
    expect(isTrace(trace)).toBe(true);
    expect([undefined, null, {}, [], 'trace', { spanCount: 1 }].some(isTrace)).toBe(false);
  });

  it('grows by snapshots: what was built before stays as it was, keys mean the same spans', () => {
    const records = randomRecords(4, { spans: 60 });
    const builder = new TraceBuilder('growing');
    const snapshots: Trace[] = [];
    const described: string[][] = [];
    for (const record of records) {
      builder.add(record);
      const snapshot = builder.build({ read: () => noDetails });
      snapshots.push(snapshot);
      described.push(Array.from(snapshot, (span) => `${span.key} ${span.parent?.key} ${span.start} ${span.issues}`));
    }
    snapshots.forEach((snapshot, at) => {
      expect(Array.from(snapshot, (span) => `${span.key} ${span.parent?.key} ${span.start} ${span.issues}`)).toEqual(
        described[at],
      );
      for (const { key, sourceOrder } of snapshot) {
        expect(snapshots.at(-1)!.span(key)?.sourceOrder).toBe(sourceOrder);
      }
    });
    expect(snapshots.at(-1)!.spanCount).toBe(records.length);
  });
});

describe('details', () => {
  it('are read when somebody looks at a span, and never before', () => {
    const { details, reads } = counted();
    const trace = traceFromText(text, { details });
    for (const span of trace) {
      void [span.key, span.name, span.duration, span.status, span.parent?.name, span.children.length, span.issues];
    }
    expect(reads).toEqual([]);
    const span = trace.span('b')!;
    void [span.attributes, span.events, span.links, span.resource, span.scope, span.statusMessage];
    expect(reads).toEqual([3]);
    expect(trace.span('b')!.attributes).toBe(span.attributes);
    expect(reads).toEqual([3]);
  });

  it('of the spans looked at last are kept, those unused for longest go first', () => {
    const { details, reads } = counted(2);
    for (const row of [0, 1, 0, 2, 0, 1]) details.read(row);
    expect(reads).toEqual([0, 1, 2, 1]);
  });

  it('are walked over without pushing out what was looked at', () => {
    const { details, reads } = counted(1);
    const trace = traceFromText(text, { details });
    const kept = details.read(2);
    trace.project(() => 0);
    expect(details.read(2)).toBe(kept);
    expect(reads.filter((row) => row === 2).length).toBe(1);
  });

  it('come with other names where a trace is told so', () => {
    const trace = traceFromText(text);
    const renamed = trace.withDetails((source) => source, {
      names: trace.columns.names.map((name) => name.toUpperCase()),
    });
    expect([renamed.spanAt(0).name, trace.spanAt(0).name]).toEqual([
      trace.spanAt(0).name.toUpperCase(),
      trace.spanAt(0).name,
    ]);
    expect(renamed.spanAt(0).serviceName).toBe(trace.spanAt(0).serviceName);
  });

  it('become a column by index in one pass', () => {
    const { details, reads } = counted();
    const trace = traceFromText(text, { details });
    const column = trace.project(({ attributes }, index) => (attributes.row as number) * 10 + index);
    expect(Array.from(column)).toEqual([10, 21, 32, 3]);
    expect(reads).toEqual([1, 2, 3, 0]);
  });

  it('come through a wrapper that sees and changes all that is read, and the trace itself stays open', () => {
    const trace = traceFromText(text, { details: counted().details });
    const redacted = trace.withDetails((source) => ({
      read: (row) => ({ ...source.read(row), attributes: { redacted: true }, statusMessage: undefined }),
    }));
    expect(redacted.span('b')).toMatchObject({ attributes: { redacted: true }, statusMessage: undefined, name: 'b' });
    expect(redacted.span('b')!.parent!.attributes).toEqual({ redacted: true });
    expect(redacted.spanAt(0).children.at(0)!.attributes).toEqual({ redacted: true });
    expect(Array.from(redacted.project(({ attributes }) => Object.keys(attributes).indexOf('row')))).toEqual([
      -1, -1, -1, -1,
    ]);
    expect(trace.span('b')!.attributes).toEqual({ row: 3 });
  });

  it('hold a key named __proto__ as a key as any other', () => {
    const attributes = {};
    setAttribute(attributes, '__proto__', 'mine');
    setAttribute(attributes, 'constructor', 1);
    expect(Object.entries(attributes)).toEqual([
      ['__proto__', 'mine'],
      ['constructor', 1],
    ]);
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
  });
});

describe('completeness', () => {
  it('is lost to orphans, to spans that the source says there should be, and to what the reader says', () => {
    expect(traceFromText('a [0 1]').completeness).toEqual({ complete: true, reasons: [] });
    expect(traceFromText('a [0 1] parent=x').completeness).toEqual({
      complete: false,
      reasons: ['1 span names a parent that is not in the trace.'],
    });
    expect(traceFromText('a [0 1] parent=x\nb [0 1] parent=y').completeness.reasons).toEqual([
      '2 spans name a parent that is not in the trace.',
    ]);
    const builder = new TraceBuilder('t');
    builder.add(randomRecords(2, { dirty: false })[0]!);
    const source = { read: () => noDetails };
    expect(builder.build(source, { expectedSpans: 3, reasons: ['The file is cut off.'] }).completeness).toMatchObject({
      complete: false,
      expectedSpans: 3,
      reasons: expect.arrayContaining(['The file is cut off.', '1 of 3 spans are in the file.']),
    });
    expect(new TraceBuilder('t').build(source, { expectedSpans: 0 }).completeness).toEqual({
      complete: true,
      expectedSpans: 0,
      reasons: [],
    });
  });
});

describe('traceWarnings', () => {
  it('say once for each kind how often, where first, and what was done', () => {
    const trace = traceFromText(`
      p [0 10]
        open [1 -]
        also open [2 -]
        backwards [8 3]
      lost [5 6] parent=gone
    `);
    expect(traceWarnings(trace)).toEqual([
      {
        code: 'orphan',
        message: '1 span names a parent that is not in the trace (first: lost); shown as roots.',
        count: 1,
        traceId: 'trace',
        spanId: 'lost',
      },
      {
        code: 'negative-duration',
        message: '1 span ends before it starts (first: backwards); drawn at their start.',
        count: 1,
        traceId: 'trace',
        spanId: 'backwards',
      },
      {
        code: 'unfinished',
        message: "2 spans have no end (first: open); drawn open, to the trace's end.",
        count: 2,
        traceId: 'trace',
        spanId: 'open',
      },
    ]);
  });

  it('are none for a clean trace', () => {
    expect(traceWarnings(traceFromText(text))).toEqual([]);
    expect(traceWarnings(traceFromText(''))).toEqual([]);
  });

  it('count what the spans are marked with', () => {
    for (let seed = 0; seed < 200; seed++) {
      const trace = traceOfRecords(randomRecords(seed));
      for (const { code, count, spanId } of traceWarnings(trace)) {
        const marked = [...trace].filter(({ issues }) => (issues as string[]).includes(code));
        expect([count, spanId], `seed ${seed}`).toEqual([marked.length, marked[0]?.key]);
      }
    }
  });
});
