import { describe, expect, it } from 'vitest';
import { large, samples } from '../../../samples/index.ts';
import { type AttributeValue, parseTraces, TraceBuilder, unknownTime } from '../../../src/core.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { withWrittenDetails } from '../../../src/formats/writtenDetails.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';
import { contentOf } from '../../traceContent.ts';

function traceOf(attributes: Record<string, AttributeValue>) {
  const builder = new TraceBuilder('t');
  const span = {
    parentSpanId: undefined,
    serviceName: 's',
    kind: 'internal',
    status: 'ok',
    followsFrom: false,
  } as const;
  builder.add({ ...span, spanId: 'a', name: 'n', start: unknownTime, end: unknownTime });
  const scope = { name: 'scope', version: '1', attributes };
  return builder.build({
    read: () => ({
      statusMessage: undefined,
      attributes,
      events: [{ name: 'e', timeUnixNano: 2n ** 70n, attributes }],
      links: [{ traceId: 'x', spanId: 'y', attributes, traceState: undefined as unknown as string }],
      resource: attributes,
      scope,
    }),
  });
}

describe('written details', () => {
  it('are the same for every sample', () => {
    for (const sample of samples) {
      let traces: ReturnType<typeof parseTraces>['traces'];
      try {
        traces = parseTraces(sample.load()).traces;
      } catch {
        continue;
      }
      const source = new ByteSource();
      const written = traces.map((trace) => withWrittenDetails(trace, source));
      expect(written.map(contentOf), sample.id).toEqual(traces.map(contentOf));
    }
  });

  it.runIf(hasCorpus)(`are the same for real files of every format${corpusNote}`, () => {
    for (const folder of ['chrome', 'langfuse', 'langsmith', 'mlflow', 'otlp', 'phoenix', 'simple', 'zipkin']) {
      for (const name of corpusFiles(folder)) {
        const bytes = corpusFile(`${folder}/${name}`);
        if (name.endsWith('.gz') || bytes.length > 1_000_000) continue;
        const { traces } = parseTraces(bytes);
        const source = new ByteSource();
        const written = traces.map((trace) => withWrittenDetails(trace, source));
        expect(written.map(contentOf), name).toEqual(traces.map(contentOf));
      }
    }
  });

  it('keep what JSON has no word for, hostile keys and hostile depth', () => {
    const hostile = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as Record<string, AttributeValue>;
    let deep: AttributeValue = 1;
    for (let depth = 0; depth < 50_000; depth++) deep = depth % 2 === 0 ? [deep] : { a: deep };
    const values: Record<string, AttributeValue>[] = [
      { big: 2n ** 64n, small: -5n, bytes: Uint8Array.of(1, 2, 255), nan: NaN, inf: -Infinity, zero: -0, none: null },
      { like: { intValue: '9007199254740993' }, list: [[], {}, [1n, [2n]]], text: '\ud834 "\\ \u2028' },
      hostile,
    ];
    for (const attributes of values) {
      const trace = traceOf(attributes);
      const span = withWrittenDetails(trace, new ByteSource()).spanAt(0);
      expect(contentOf(withWrittenDetails(trace, new ByteSource()))).toEqual(contentOf(trace));
      expect(Object.keys(span.attributes)).toEqual(Object.keys(attributes));
      expect(Object.is(span.attributes.zero, attributes.zero)).toBe(true);
    }
    let read: AttributeValue | undefined = withWrittenDetails(traceOf({ deep }), new ByteSource()).spanAt(0).attributes
      .deep;
    let depth = 0;
    for (; typeof read === 'object' && read !== null; depth++)
      read = Array.isArray(read) ? read[0] : (read as { a: 1 }).a;
    expect(depth).toBe(50_000);
  });

  it('write once what spans share', () => {
    const [trace] = parseTraces(JSON.stringify(large({ spans: 500, format: 'otlp' }))).traces;
    const resource = JSON.stringify(trace!.spanAt(0).resource);
    const source = new ByteSource();
    withWrittenDetails(trace!, source);
    expect(source.text(0, source.length)).not.toContain(resource);
  });
});
