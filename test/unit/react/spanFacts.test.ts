import { describe, expect, it } from 'vitest';
import type { SpanEvent } from '../../../src/index.ts';
import { absoluteTime, exactDuration, formatShare, recordedExceptions } from '../../../src/react/spanFacts.ts';

const event = (name: string, attributes: SpanEvent['attributes']): SpanEvent => ({
  name,
  attributes,
  time: 0,
  timeUnixNano: 0n,
});

describe('the facts of a span', () => {
  it('give the absolute time in UTC to the microsecond, or to the nanosecond where there are any', () => {
    expect(absoluteTime(1795426200000001000n)).toBe('2026-11-23 09:30:00.000001 UTC');
    expect(absoluteTime(1795426200000000001n)).toBe('2026-11-23 09:30:00.000000001 UTC');
    expect(absoluteTime(-1n)).toBe('1969-12-31 23:59:59.999999999 UTC');
    expect(absoluteTime(10n ** 30n)).toBe(`${10n ** 30n} ns`);
  });

  it('give a duration to its last nanosecond', () => {
    expect(exactDuration(879_123_456)).toBe('879,123,456 ns');
    expect(exactDuration(-5)).toBe('−5 ns');
    expect(exactDuration(undefined)).toBeUndefined();
  });

  it('never call a part nothing, or the whole, that is only near it', () => {
    expect([0, 0.0001, 0.004, 0.0999, 0.5, 0.99999, 1].map((share) => formatShare(share, 1))).toEqual([
      '0 %',
      '<0.1 %',
      '0.4 %',
      '10 %',
      '50 %',
      '>99 %',
      '100 %',
    ]);
    expect(formatShare(1, 0)).toBeUndefined();
    expect(formatShare(Number.NaN, 1)).toBeUndefined();
  });
});

describe('the exceptions of a span', () => {
  it('are read from events with the keys of OpenTelemetry, with bare keys and as OpenTracing logs them', () => {
    const events = [
      event('exception', { 'exception.type': 'A', 'exception.message': 'a', 'exception.stacktrace': 'at a' }),
      event('exception', { type: 'B', message: 'b' }),
      event('error', { 'error.kind': 'C', message: 'c', stack: 'at c' }),
      event('log', { type: 'not an exception', message: 'either' }),
    ];
    expect(recordedExceptions({ events, attributes: { 'exception.type': 'told already' } })).toEqual([
      { type: 'A', message: 'a', stack: 'at a' },
      { type: 'B', message: 'b', stack: undefined },
      { type: 'C', message: 'c', stack: 'at c' },
    ]);
  });

  it('are read from the attributes where no event tells of one', () => {
    const attributes = { 'error.type': 'timeout', type: 'react', message: 'hello' };
    expect(recordedExceptions({ events: [], attributes })).toEqual([
      { type: 'timeout', message: undefined, stack: undefined },
    ]);
    expect(recordedExceptions({ events: [], attributes: { type: 'react', message: 'hello' } })).toEqual([]);
  });
});
