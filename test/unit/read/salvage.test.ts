import { describe, expect, it } from 'vitest';
import { large } from '../../../samples/index.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { type InputValues, readInputText } from '../../../src/formats/inputValues.ts';
import { ValueReading } from '../../../src/read/valueReading.ts';

// Files beyond the longest text, damaged: with a text that is short, so that the reader of whole texts is the oracle.

function salvaged(text: string): InputValues {
  const source = new ByteSource();
  const reading = new ValueReading(source, 1000);
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += 100_000) {
    source.append(bytes.subarray(from, from + 100_000));
    while (reading.advance());
  }
  return reading.finish();
}

const file = JSON.stringify({
  traces: [large({ spans: 5000, format: 'json' }), large({ spans: 2000, format: 'json', seed: 2 })],
});

describe('a damaged file that is too long for one text', () => {
  it('and breaks off is read to its last whole span, as a short one is', () => {
    for (const share of [0.1, 0.31, 0.55, 0.77, 0.93]) {
      const text = file.slice(0, file.length * share);
      const { values, warnings, reasons, skipped } = readInputText(text);
      expect(salvaged(text)).toEqual({ values, warnings, reasons, skipped });
    }
  });

  it('and is pretty-printed breaks off at a line and column', () => {
    const text = JSON.stringify(JSON.parse(file), undefined, 1).slice(0, 2_000_000);
    const { values, warnings } = readInputText(text);
    const found = salvaged(text);
    expect(found.values).toEqual(values);
    expect(found.warnings).toEqual(warnings);
  });

  it('and is lines loses none but the broken ones', () => {
    const lines = large({ spans: 3000, format: 'json' }).spans.map((span) =>
      JSON.stringify({ ...span, trace_id: 'a' }),
    );
    lines.splice(1000, 0, '{"span_id":');
    lines.splice(2000, 0, 'text');
    const text = lines.join('\n');
    const { values, warnings, reasons, skipped } = readInputText(text);
    const found = salvaged(text);
    expect(found.values).toEqual(values);
    expect(found.warnings.map(({ code, count }) => [code, count])).toEqual(
      warnings.map(({ code, count }) => [code, count]),
    );
    expect(found).toMatchObject({ reasons, skipped });
  });

  it('in its middle is read up to the fault at least, and says that it ends there', () => {
    const at = file.indexOf('"span_id"', file.length / 2);
    const found = salvaged(`${file.slice(0, at)}!!!${file.slice(at)}`);
    const [{ traces }] = found.values as [{ traces: { spans: object[] }[] }];
    const whole = JSON.parse(file) as (typeof found.values)[0] & { traces: { spans: object[] }[] };
    const before = file.slice(0, at).split('"span_id"').length - 1;
    expect(traces[0]!.spans.length).toBeGreaterThanOrEqual(before - 1);
    expect(traces[0]!.spans.slice(0, 1000)).toEqual(whole.traces[0]!.spans.slice(0, 1000));
    expect(found.warnings[0]!.message).toMatch(/damaged behind line 1, column \d+/);
    expect(found.skipped).toBe(1);
  });

  it('that is something else says so', () => {
    expect(() => salvaged('text '.repeat(10_000))).toThrow(/no JSON|not JSON/);
  });
});
