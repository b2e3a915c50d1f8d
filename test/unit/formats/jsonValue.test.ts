import { describe, expect, it } from 'vitest';
import { parseTraces, toJaeger, toJson, toOtlp, toTimeline } from '../../../src/core.ts';
import { fromJsonValue, toJsonValue } from '../../../src/formats/jsonValue.ts';
import type { AttributeValue } from '../../../src/model/details.ts';

/** An object that holds itself, as one that was never JSON may. */
function circularObject(): Record<string, unknown> {
  const object: Record<string, unknown> = { name: 'outer', list: [1] };
  object.self = object;
  (object.list as unknown[]).push({ back: object });
  return object;
}

describe('a value that holds itself', () => {
  it('is cut where it comes back to itself', () => {
    const expected = { name: 'outer', list: [1, { back: '[Circular]' }], self: '[Circular]' };
    expect(fromJsonValue(circularObject())).toEqual(expected);
    expect(toJsonValue(circularObject() as AttributeValue)).toEqual(expected);
  });

  it('stays as it was', () => {
    const object = circularObject();
    fromJsonValue(object);
    expect(object.self).toBe(object);
    expect(Object.keys(object)).toEqual(['name', 'list', 'self']);
  });

  it('is read and written by every format', () => {
    const attributes = { state: circularObject() };
    const file = {
      trace_id: 't',
      spans: [{ span_id: 'a', name: 'n', start_time: '2026-11-23T09:30:00Z', attributes }],
    };
    const trace = parseTraces(file).traces[0]!;
    for (const write of [toJson, toJaeger, toOtlp, toTimeline]) {
      expect(JSON.stringify(write(trace))).toContain(write === toTimeline ? '? n [open]' : '[Circular]');
    }
  });
});

describe('a value that holds another in several places', () => {
  it('is no circle, and is handed on as it is', () => {
    const shared = { a: 1 };
    const value = { first: shared, second: [shared, shared] };
    expect(fromJsonValue(value)).toBe(value);
  });

  it('is copied once for all of them, however many paths lead there', () => {
    let value: Record<string, unknown> = { big: 2n ** 60n };
    for (let level = 0; level < 200; level++) value = { left: value, right: value };
    let written = toJsonValue(value as AttributeValue) as Record<string, unknown>;
    for (let level = 0; level < 200; level++) {
      expect(written.left).toBe(written.right);
      written = written.left as Record<string, unknown>;
    }
    expect(written).toEqual({ big: { intValue: String(2n ** 60n) } });
  });

  it('is cut in each place that leads back, though it waits in another', () => {
    const a: Record<string, unknown> = {};
    const b: Record<string, unknown> = { a };
    a.b = b;
    const copy = fromJsonValue({ a, b, big: { intValue: String(2n ** 60n) } }) as Record<string, never>;
    expect(() => JSON.stringify(copy, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toThrow();
  });
});

describe('a bigint', () => {
  it.each([0n, 5n, -(2n ** 53n) + 1n])('that a number can hold is written as one: %s', (value) => {
    expect(toJsonValue({ value } as never)).toEqual({ value: Number(value) });
  });

  it('comes back where it is larger', () => {
    for (const value of [2n ** 53n, -(2n ** 63n)]) expect(fromJsonValue(toJsonValue(value))).toBe(value);
  });
});
