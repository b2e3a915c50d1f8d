import { describe, expect, it } from 'vitest';
import { large, messyRun, researchOtlp, services, threeTraces } from '../../../samples/index.ts';
import { parseTraces, toJaeger } from '../../../src/core.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { packTrace, unpackTrace } from '../../../src/formats/packedTrace.ts';
import { contentOf } from '../../traceContent.ts';

const encoder = new TextEncoder();

describe('a trace that is handed to another thread', () => {
  const files: [string, object][] = [
    ['Jaeger', services()],
    ['several traces', threeTraces()],
    ['OTLP', researchOtlp()],
    ['odd times and names', messyRun()],
    ['Jaeger of a writer', toJaeger(parseTraces(messyRun()).traces[0]!)],
    ['ids of another spelling', withUuids(large({ spans: 20, format: 'jaeger' }))],
  ];
  it.each(files)('is the same there: %s', (_, value) => {
    const bytes = encoder.encode(JSON.stringify(value));
    const expected = parseTraces(bytes).traces;
    for (const [at, trace] of parseTraces(bytes).traces.entries()) {
      const packed = packTrace(trace)!;
      const message = structuredClone(packed.message, { transfer: packed.transfer });
      const there = unpackTrace(message, ByteSource.of(bytes, 1000));
      expect(contentOf(there)).toEqual(contentOf(expected[at]!));
      expect(there.columns).toEqual(expected[at]!.columns);
      for (const span of there) expect(there.span(span.key)?.index).toBe(span.index);
      expect(there.span('no such span')).toBeUndefined();
    }
  });

  it('takes its columns along instead of copying them', () => {
    const [trace] = parseTraces(encoder.encode(JSON.stringify(services()))).traces;
    const { start } = trace!.columns;
    const packed = packTrace(trace!)!;
    structuredClone(packed.message, { transfer: packed.transfer });
    expect(start.length).toBe(0);
  });

  it('is none where its details are read from objects', () => {
    expect(packTrace(parseTraces(services()).traces[0]!)).toBeUndefined();
  });
});

function withUuids(value: object): object {
  return JSON.parse(JSON.stringify(value).replaceAll(/"spanID":"(\w{8})(\w{8})"/g, '"spanID":"$1-$2-x"')) as object;
}
