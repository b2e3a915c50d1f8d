import { describe, expect, it } from 'vitest';
import type { SpanIssue } from '../../../src/model/issues.ts';
import { spanIssues } from '../../../src/model/issues.ts';
import { isKnown, toUnixNano } from '../../../src/model/time.ts';
import type { Trace } from '../../../src/model/trace.ts';
import type { SpanRecord } from '../../../src/model/traceBuilder.ts';
import { chainTrace, randomRecords, randomTrace, traceOfRecords } from '../../randomTrace.ts';
import { dedent, traceFromText, traceToText } from '../../traceFromText.ts';

/** How many random traces are built. */
const seeds = 500;

function expectTrace(text: string, expected: string): void {
  expect(traceToText(traceFromText(text))).toBe(dedent(expected));
}

describe('TraceBuilder', () => {
  it('puts spans in depth-first order, siblings by start, whatever their order in the file', () => {
    expectTrace(
      `
        late [50 90] parent=root
        grandchild [10 20] parent=early
        root [0 100]
        early [5 40] parent=root
      `,
      `
        root [0 100]
          early [5 40]
            grandchild [10 20]
          late [50 90]
      `,
    );
  });

  it('keeps the order of the file among siblings that start together', () => {
    expectTrace(
      `
        p [0 9]
          c [1 2]
          a [1 9]
          b [1 1]
      `,
      `
        p [0 9]
          c [1 2]
          a [1 9]
          b [1 1]
      `,
    );
  });

  it('makes roots of orphans, and marks them', () => {
    expectTrace(
      `
        root [0 10]
        orphan [5 9] parent=gone
          child [6 7]
      `,
      `
        root [0 10]
        orphan [5 9] !orphan
          child [6 7]
      `,
    );
  });

  it('cuts a cycle at its earliest span, and a span that is its own parent', () => {
    expectTrace(
      `
        a [3 9] id=a parent=c
        b [1 9] id=b parent=a
        c [2 9] id=c parent=b
        hanging on [4 5] parent=a
        self [0 9] id=s parent=s
      `,
      `
        self [0 9] !cycle
        b [1 9] !cycle
          c [2 9]
            a [3 9] !outside-parent
              hanging on [4 5]
      `.replace(' !outside-parent', ''),
    );
  });

  it('keeps all spans of one id, each with a key of its own, and gives children to the half of their own service', () => {
    const trace = traceFromText(`
      client [0 10] id=x service=web
      server [2 8] id=x service=db
      of db [3 4] parent=x service=db
      of web [4 5] parent=x service=web
      of neither [5 6] parent=x service=cache
      taken [9 9] id=x~2
    `);
    expect(traceToText(trace)).toBe(
      dedent(`
        client [0 10] !duplicate-id
          of web [4 5]
          of neither [5 6]
        server [2 8] !duplicate-id
          of db [3 4]
        taken [9 9]
      `),
    );
    expect(Array.from(trace, ({ key, spanId }) => `${key} ${spanId}`).filter((ids) => ids.endsWith('x'))).toEqual([
      'x x',
      'x~3 x',
    ]);
    expect(trace.span('x')?.name).toBe('client');
    expect(trace.span('x~3')?.name).toBe('server');
    expect(trace.span('x~2')?.name).toBe('taken');
  });

  it('gives children to the server where both halves of a call are of one service, and a half that names its own id to the first', () => {
    const trace = traceFromText(`
      client [0 10] id=x client
      server [2 8] id=x server parent=x
      another server [3 7] id=x server parent=x
      inner [4 5] parent=x
    `);
    expect(traceToText(trace)).toBe(
      dedent(`
        client [0 10] !duplicate-id
          server [2 8] !duplicate-id
            inner [4 5]
          another server [3 7] !duplicate-id
      `),
    );
  });

  it('keeps spans without an id apart', () => {
    const trace = traceFromText(`
      a [0 1] id=
      b [1 2] id=
      c [2 3] parent=
    `);
    expect(Array.from(trace, ({ key, spanId }) => [key, spanId])).toEqual([
      ['~1', ''],
      ['~2', ''],
      ['c', 'c'],
    ]);
    expect(trace.span('~2')?.name).toBe('b');
    expect(Array.from(trace, ({ issues }) => issues.length)).toEqual([0, 0, 0]);
  });

  it('keeps open spans and negative durations as they are', () => {
    const trace = traceFromText(`
      p [0 10]
        open [2 -]
        negative [8 3]
        zero [4 4]
    `);
    expect(traceToText(trace)).toBe(
      dedent(`
        p [0 10]
          open [2 -] !unfinished
          zero [4 4]
          negative [8 3] !negative-duration
      `),
    );
    expect(trace.span('open')).toMatchObject({ end: undefined, duration: undefined, durationMs: undefined });
    expect(trace.span('negative')).toMatchObject({ end: 3, duration: -5, durationMs: -5e-6 });
  });

  it('marks children outside their parent, and those of another service wholly outside as skewed', () => {
    expectTrace(
      `
        p [10 50] service=web
          early [5 20]
          late [40 60]
          other clock [70 80] service=db
          same clock [70 80] service=web
          queued [70 80] service=db consumer
          follower [70 80] service=db follows
          still open [55 -] service=web
      `,
      `
        p [5 45]
          early [0 15] !outside-parent
          late [35 55] !outside-parent
          still open [50 -] !outside-parent !unfinished
          other clock [65 75] !outside-parent !clock-skew
          same clock [65 75] !outside-parent
          queued [65 75] !outside-parent
          follower [65 75] !outside-parent
      `,
    );
  });

  it('leaves implausible times out of the bounds, and gives them back exactly', () => {
    const trace = traceFromText(`
      p [0 100]
        ancient [epoch 20]
        fine [30 40]
        fine too [31 41]
    `);
    expect(trace.duration).toBe(100);
    expect(trace.startTimeUnixNano).toBe(1_700_000_000_000_000_000n);
    const ancient = trace.span('ancient')!;
    expect(ancient.issues).toEqual(['implausible-time']);
    expect(ancient.startTimeUnixNano).toBe(0n);
    expect(ancient.endTimeUnixNano).toBe(1_700_000_000_000_000_020n);
    expect(ancient.end).toBe(20);
  });

  it('places a span without a start at its parent, or at the start of the trace', () => {
    expectTrace(
      `
        p [10 20]
          child [- 15]
        root [- 12]
        q [5 30]
      `,
      `
        root [0 7] !missing-start
        q [0 25]
        p [5 15]
          child [5 10] !missing-start
      `,
    );
    const trace = traceFromText(`
      p [0 100]
        ancient [epoch 100]
          child [- 50]
    `);
    expect(trace.span('child')).toMatchObject({ start: 0, end: 50, issues: ['missing-start'] });
  });

  it('builds a trace of no spans', () => {
    const trace = traceFromText('');
    expect(trace).toMatchObject({ spanCount: 0, duration: 0, startTimeUnixNano: 0n, serviceNames: [] });
    expect([...trace]).toEqual([]);
    expect([...trace.roots]).toEqual([]);
    expect(trace.span('x')).toBeUndefined();
    expect(trace.completeness).toEqual({ complete: true, reasons: [] });
    expect(() => trace.spanAt(0)).toThrow('There is no span at 0: trace trace has 0 spans, from 0.');
  });

  it('neither recurses nor rescans: a chain of 100,000 spans in reverse order', () => {
    const trace = chainTrace(100_000);
    expect(trace.spanAt(99_999)).toMatchObject({ depth: 99_999, descendantCount: 0, name: 's99999' });
    const records: SpanRecord[] = Array.from(trace, (span) => recordOf(span.spanId, span.parentSpanId)).reverse();
    expect(traceOfRecords(records).spanAt(99_999).depth).toBe(99_999);
    const [first] = records;
    first!.parentSpanId = records[0]!.spanId;
    const last = records.at(-1)!;
    last.parentSpanId = records[1]!.spanId;
    const ring = traceOfRecords(records);
    expect(Array.from(ring.roots, (root) => root.issues)).toEqual([['cycle'], ['cycle']]);
  });

  it('agrees in every part with a slow, obvious builder', () => {
    for (let seed = 0; seed < seeds; seed++) {
      const records = randomRecords(seed);
      const trace = traceOfRecords(records);
      expect(describeTrace(trace), `seed ${seed}`).toEqual(buildSlowly(records));
      for (const span of trace) {
        if (span.key !== trace.span(span.key)?.key) expect.fail(`seed ${seed}: ${span.key} finds another span`);
        const first = records.findIndex(({ spanId }) => spanId === span.spanId);
        const sameId = span.spanId === '' ? undefined : trace.span(span.spanId);
        const taken = [...trace].some(({ key, spanId }) => key === span.spanId && key !== spanId);
        if (sameId && !taken) expect(sameId.sourceOrder, `seed ${seed}`).toBe(first);
      }
    }
  });

  it('gives the same spans in every order of the file where no id repeats and no two start together', () => {
    const text = ['a [0 100]', 'b [1 50] parent=a', 'c [2 3] parent=b', 'd [60 70] parent=a', 'e [4 9] parent=gone'];
    const expected = traceToText(traceFromText(text.join('\n')));
    for (let turn = 0; turn < text.length; turn++) {
      const turned = [...text.slice(turn), ...text.slice(0, turn)];
      expect(traceToText(traceFromText(turned.join('\n')))).toBe(expected);
      expect(traceToText(traceFromText(turned.reverse().join('\n')))).toBe(expected);
    }
  });

  it('gives random traces that hold every issue, so that the comparison above means something', () => {
    const seen = new Map<SpanIssue, number>();
    for (let seed = 0; seed < seeds; seed++) {
      for (const { issues } of randomTrace(seed)) {
        for (const issue of issues) seen.set(issue, (seen.get(issue) ?? 0) + 1);
      }
    }
    for (const issue of spanIssues) expect(seen.get(issue) ?? 0, issue).toBeGreaterThan(20);
  });
});

function recordOf(spanId: string, parentSpanId: string | undefined): SpanRecord {
  return {
    spanId,
    parentSpanId,
    name: spanId,
    serviceName: 'app',
    kind: 'internal',
    status: 'ok',
    start: { seconds: 1, nanos: 0 },
    end: { seconds: 1, nanos: 0 },
    followsFrom: false,
  };
}

function describeTrace(trace: Trace) {
  return {
    start: trace.startTimeUnixNano,
    duration: trace.duration,
    complete: trace.completeness.complete,
    roots: trace.roots.map(({ key }) => key),
    spans: Array.from(trace, (span) => ({
      key: span.key,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      parent: span.parent?.key,
      children: span.children.map(({ key }) => key),
      depth: span.depth,
      descendantCount: span.descendantCount,
      row: span.sourceOrder,
      name: span.name,
      serviceName: span.serviceName,
      kind: span.kind,
      status: span.status,
      followsFrom: span.followsFrom,
      start: span.startTimeUnixNano,
      end: span.endTimeUnixNano,
      issues: [...span.issues],
    })),
  };
}

/** The same by maps, recursion and bigints. */
function buildSlowly(records: readonly SpanRecord[]): ReturnType<typeof describeTrace> {
  const rows = records.map((_, row) => row);
  const known = (row: number) => isKnown(records[row]!.start);
  const unix = (time: SpanRecord['start']) => (isKnown(time) ? toUnixNano(time) : undefined);
  const issues = rows.map(() => new Set<SpanIssue>());

  // Keys and parents.
  const rowsOfId = (id: string) => rows.filter((row) => id !== '' && records[row]!.spanId === id);
  const keys = keysSlowly(records);
  const parents = rows.map((row) => {
    const { parentSpanId, serviceName, spanId } = records[row]!;
    if (rowsOfId(spanId).length > 1) issues[row]!.add('duplicate-id');
    if (parentSpanId === undefined) return -1;
    const candidates = rowsOfId(parentSpanId);
    if (candidates.length === 0) issues[row]!.add('orphan');
    if (candidates.length < 2 || spanId === parentSpanId) return candidates[0] ?? -1;
    const ofService = candidates.filter((other) => records[other]!.serviceName === serviceName);
    return ofService.find((other) => records[other]!.kind === 'server') ?? ofService[0] ?? candidates[0]!;
  });
  const compare = (a: number, b: number) => {
    if (!known(a) || !known(b)) return Number(known(a)) - Number(known(b)) || a - b;
    return Number(unix(records[a]!.start)! - unix(records[b]!.start)!) || a - b;
  };
  for (const row of rows) {
    const path = [row];
    for (let above = parents[row]!; above >= 0 && !path.includes(above); above = parents[above]!) path.push(above);
    const closesAt = path.indexOf(parents[path.at(-1)!]!);
    if (closesAt < 0) continue;
    const earliest = path.slice(closesAt).sort(compare)[0]!;
    parents[earliest] = -1;
    issues[earliest]!.add('cycle');
  }

  // Times.
  const limit = BigInt(Math.floor(Number.MAX_SAFE_INTEGER / 1e9));
  const second = (time: bigint) =>
    (time - (((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
  const seconds = (times: (bigint | undefined)[]) =>
    times
      .filter((time) => time !== undefined)
      .map(second)
      .sort((a, b) => Number(a - b));
  const starts = seconds(rows.map((row) => unix(records[row]!.start)));
  const all = seconds(rows.flatMap((row) => [unix(records[row]!.start), unix(records[row]!.end)]));
  const wide = all.length > 0 && Number(all.at(-1)! - all[0]!) > Number(limit) / 2;
  const median = starts[starts.length >> 1] ?? all.at(-1);
  const plausible = (time: bigint | undefined) => {
    if (time === undefined || !wide) return true;
    const distance = second(time) - median!;
    return distance <= limit && distance >= -limit;
  };
  const least = (times: (bigint | undefined)[]) =>
    times.filter((time) => time !== undefined && plausible(time)).sort((a, b) => (a! < b! ? -1 : 1))[0];
  const firstEnd = rows.map((row) => unix(records[row]!.end)).find((time) => time !== undefined && plausible(time));
  const traceStart = rows.length === 0 ? 0n : (least(rows.map((row) => unix(records[row]!.start))) ?? firstEnd ?? 0n);

  const startOf = (row: number): bigint => {
    const own = unix(records[row]!.start);
    if (own !== undefined) return own;
    const above = parents[row]!;
    return above < 0 || !plausible(unix(records[above]!.start)) ? traceStart : startOf(above);
  };
  let last = traceStart;
  for (const row of rows) {
    const start = unix(records[row]!.start);
    const end = unix(records[row]!.end);
    if (start === undefined) issues[row]!.add('missing-start');
    if (end === undefined) issues[row]!.add('unfinished');
    if (!plausible(start) || !plausible(end)) issues[row]!.add('implausible-time');
    if (end !== undefined && end < startOf(row)) issues[row]!.add('negative-duration');
    for (const time of [start, end]) if (time !== undefined && plausible(time) && time > last) last = time;
  }
  for (const row of rows) {
    const above = parents[row]!;
    if (above < 0 || issues[row]!.has('implausible-time') || issues[above]!.has('implausible-time')) continue;
    const endOf = (of: number, open: bigint | undefined) => {
      const end = unix(records[of]!.end);
      return end === undefined ? open : end < startOf(of) ? startOf(of) : end;
    };
    const end = endOf(row, startOf(row))!;
    const parentEnd = endOf(above, undefined);
    const after = (time: bigint) => parentEnd !== undefined && time > parentEnd;
    if (startOf(row) < startOf(above) || after(end)) issues[row]!.add('outside-parent');
    const { kind, followsFrom, serviceName } = records[row]!;
    const waitedFor = kind !== 'consumer' && !followsFrom && serviceName !== records[above]!.serviceName;
    if (waitedFor && (end < startOf(above) || after(startOf(row)))) issues[row]!.add('clock-skew');
  }

  // The tree.
  const childrenOf = (row: number) => rows.filter((child) => parents[child] === row).sort(compare);
  const spans: ReturnType<typeof describeTrace>['spans'] = [];
  const visit = (row: number, depth: number): number => {
    const { spanId, parentSpanId, name, serviceName, kind, status, followsFrom, end } = records[row]!;
    const children = childrenOf(row);
    const span = {
      key: keys[row]!,
      spanId,
      parentSpanId,
      parent: parents[row]! < 0 ? undefined : keys[parents[row]!]!,
      children: children.map((child) => keys[child]!),
      depth,
      descendantCount: 0,
      row,
      name,
      serviceName,
      kind,
      status,
      followsFrom,
      start: startOf(row),
      end: unix(end),
      issues: spanIssues.filter((issue) => issues[row]!.has(issue)),
    };
    spans.push(span);
    for (const child of children) span.descendantCount += 1 + visit(child, depth + 1);
    return span.descendantCount;
  };
  const roots = childrenOf(-1);
  for (const root of roots) visit(root, 0);
  return {
    start: traceStart,
    duration: Number(last - traceStart),
    complete: !issues.some((marks) => marks.has('orphan')),
    roots: roots.map((root) => keys[root]!),
    spans,
  };
}

/** The id for the first span that has it; for all others the id and the first number that gives a key nobody has. */
function keysSlowly(records: readonly SpanRecord[]): string[] {
  const keys: string[] = records.map(() => '');
  const taken = new Set(records.map(({ spanId }) => spanId));
  const ids = [...new Set(records.map(({ spanId }) => spanId))];
  const repeated = ids.filter((id) => id !== '').sort((a, b) => second(a) - second(b));
  function second(id: string): number {
    const first = records.findIndex(({ spanId }) => spanId === id);
    const next = records.findIndex(({ spanId }, row) => row > first && spanId === id);
    return next < 0 ? Infinity : next;
  }
  for (const id of [...repeated, '']) {
    let n = id === '' ? 1 : 2;
    records.forEach((record, row) => {
      if (record.spanId !== id) return;
      if (id !== '' && records.findIndex(({ spanId }) => spanId === id) === row) {
        keys[row] = id;
        return;
      }
      while (taken.has(`${id}~${n}`)) n++;
      keys[row] = `${id}~${n}`;
      taken.add(keys[row]!);
    });
  }
  return keys;
}
