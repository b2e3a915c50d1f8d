import { describe, expect, it } from 'vitest';
import type { Span, Trace } from '../../../src/model/trace.ts';
import { adjustClockSkew } from '../../../src/transforms/clockSkew.ts';
import { randomDetailedTrace } from '../../randomDetails.ts';
import { chainTrace, randomTrace } from '../../randomTrace.ts';
import { dedent, traceFromText, traceToText } from '../../traceFromText.ts';

function adjusted(text: string): string {
  return traceToText(adjustClockSkew(traceFromText(text)).trace);
}

describe('adjustClockSkew', () => {
  it('moves a child of another service into its parent, with what is below it in that service', () => {
    const trace = traceFromText(`
      web [0 10] service=web
        db [17 21] service=db
          disk [18 20] service=db
        local [20 30] service=web
    `);
    const { trace: moved, shifts, adjustedSpans, adjustments } = adjustClockSkew(trace);
    expect(traceToText(moved)).toBe('web [0 10]\n  db [3 7]\n    disk [4 6]\n  local [20 30] !outside-parent');
    expect([...shifts]).toEqual([0, -14, -14, 0]);
    expect(adjustedSpans).toBe(2);
    expect(adjustments).toEqual([{ key: 'db', spans: 2, shift: -14 }]);
    expect(moved.duration).toBe(30);
    expect(trace.span('db')!.start).toBe(17);
  });

  it('compares a third service with where its parent stands by then', () => {
    expect(
      adjusted(`
        web [100 110] service=web
          db [0 4] service=db
            cache [0 2] service=cache
            far [500 502] service=far
      `),
    ).toBe(
      dedent(`
        web [0 10]
          db [3 7]
            cache [4 6]
            far [4 6]`).trim(),
    );
  });

  it('moves the trace’s start where the skewed span was first, and orders siblings anew', () => {
    const trace = traceFromText(`
      web [100 120] service=web
        late [0 10] service=db
        early [101 102] service=web
    `);
    const { trace: moved } = adjustClockSkew(trace);
    expect(traceToText(moved)).toBe('web [0 20]\n  early [1 2]\n  late [5 15]');
    expect(moved.startTimeUnixNano - trace.startTimeUnixNano).toBe(100n);
    expect(moved.span('late')!.sourceOrder).toBe(1);
  });

  it('lets a child that is longer than its parent start with it, if it started before', () => {
    expect(adjusted('a [50 60] service=a\n  b [0 40] service=b')).toBe('a [0 10]\n  b [0 40] !outside-parent');
    const after = traceFromText('a [0 10] service=a\n  b [50 90] service=b');
    expect(adjustClockSkew(after).trace).toBe(after);
  });

  it('leaves what overlaps, what is not waited for, and what is open', () => {
    const trace = traceFromText(`
      a [0 100] service=a
        overlaps [90 150] service=b
        queue [200 210] service=b consumer
        follows [200 210] service=b follows
        open [200 -] service=b
    `);
    expect(adjustClockSkew(trace)).toMatchObject({ trace, adjustedSpans: 0, adjustments: [] });
  });

  it('moves the times of events along', () => {
    const time = 1_700_000_000_000_000_018n;
    const trace = traceFromText('web [0 10] service=web\n  db [17 21] service=db', {
      details: {
        read: () => ({
          statusMessage: undefined,
          attributes: {},
          events: [
            { name: 'e', timeUnixNano: time, attributes: {} },
            { name: 'none', timeUnixNano: undefined, attributes: {} },
          ],
          links: [],
          resource: {},
          scope: undefined,
        }),
      },
    });
    const { trace: moved } = adjustClockSkew(trace);
    expect(moved.span('db')!.events.map(({ time }) => time)).toEqual([4, undefined]);
    expect(moved.span('web')!.events[0]!.time).toBe(18);
  });

  it('is done with a deep chain without recursion', () => {
    expect(adjustClockSkew(chainTrace(100_000)).adjustedSpans).toBe(0);
  });

  it('moves in any trace the spans that a recursive reading of the algorithm moves, and keeps all else', () => {
    let moved = 0;
    for (let seed = 0; seed < 300; seed++) {
      const trace = seed % 2 ? randomTrace(seed) : randomDetailedTrace(seed);
      const expected = shiftsByRecursion(trace);
      const { trace: after, shifts, adjustments } = adjustClockSkew(trace);
      expect(after.spanCount).toBe(trace.spanCount);
      const bySource = Array.from(trace).sort((a, b) => a.sourceOrder - b.sourceOrder);
      const bySourceAfter = Array.from(after).sort((a, b) => a.sourceOrder - b.sourceOrder);
      for (const [at, before] of bySource.entries()) {
        const now = bySourceAfter[at]!;
        const shift = expected.get(before.key) ?? 0;
        const where = `seed ${seed}, ${before.key}`;
        expect(shifts[now.index], where).toBe(shift);
        expect(factsOf(now), where).toEqual(factsOf(before));
        expect(now.startTimeUnixNano - before.startTimeUnixNano, where).toBe(BigInt(shift));
        expect(after.span(before.key)!.index).toBe(now.index);
        expect(trace.span(before.key)!.index).toBe(before.index);
        expect(now.duration).toBe(before.duration);
        if (shift !== 0) moved++;
      }
      expect(adjustments.reduce((sum, { spans }) => sum + spans, 0)).toBe(
        [...shifts].filter((shift) => shift !== 0).length,
      );
      checkOrder(after);
    }
    expect(moved).toBeGreaterThan(80);
  });
});

function factsOf(span: Span) {
  const { spanId, parentSpanId, name, serviceName, kind, status, depth, descendantCount, followsFrom } = span;
  const issues = span.issues.filter((issue) => issue !== 'clock-skew' && issue !== 'outside-parent');
  return {
    spanId,
    parentSpanId,
    name,
    serviceName,
    kind,
    status,
    depth,
    descendantCount,
    followsFrom,
    parent: span.parent?.key,
    attributes: span.attributes,
    issues,
  };
}

function checkOrder(trace: Trace): void {
  for (const span of trace) {
    const starts = span.children.map(({ start }) => start);
    const hasAllStarts = span.children.map(({ issues }) => issues).every((issues) => !issues.includes('missing-start'));
    if (hasAllStarts) expect(starts).toEqual([...starts].sort((a, b) => a - b));
    if (!span.issues.includes('implausible-time')) expect(span.start).toBeGreaterThanOrEqual(0);
  }
}

/** By key, the shift of each span that moves: down from the roots, as the algorithm is told. */
function shiftsByRecursion(trace: Trace): Map<string, number> {
  const shifts = new Map<string, number>();
  const visit = (span: Span, parent: Span | undefined, inherited: number) => {
    let shift = 0;
    if (parent && !span.issues.includes('implausible-time')) {
      shift = parent.serviceName === span.serviceName ? inherited : skew(span, parent, inherited);
    }
    if (shift !== 0) shifts.set(span.key, shift);
    for (const child of span.children) visit(child, span, shift);
  };
  for (const root of trace.roots) visit(root, undefined, 0);
  return shifts;
}

function skew(child: Span, parent: Span, parentShift: number): number {
  if (child.followsFrom || child.kind === 'consumer' || parent.issues.includes('implausible-time')) return 0;
  if (child.duration === undefined || parent.duration === undefined) return 0;
  const length = Math.max(0, child.duration);
  const parentLength = Math.max(0, parent.duration);
  const parentStart = parent.start + parentShift;
  const isOutside = child.start + length < parentStart || child.start > parentStart + parentLength;
  if (!isOutside) return 0;
  if (length > parentLength) return Math.max(0, parentStart - child.start);
  return parentStart + Math.floor((parentLength - length) / 2) - child.start;
}
