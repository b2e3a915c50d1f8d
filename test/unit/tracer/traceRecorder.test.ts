import { ROOT_CONTEXT, SpanStatusCode, trace as traceApi } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { expect, it, vi } from 'vitest';
import type { Trace } from '../../../src/core.ts';
import { toOtlp } from '../../../src/core.ts';
import { createTraceRecorder, type TraceRecorderOptions } from '../../../src/tracer.ts';

function recording(options: TraceRecorderOptions = {}) {
  const recorder = createTraceRecorder(options);
  const provider = new BasicTracerProvider({ spanProcessors: [recorder] });
  const tracer = provider.getTracer('test', '1.0');
  const start = (name: string, parent?: ReturnType<typeof tracer.startSpan>) =>
    tracer.startSpan(name, {}, parent ? traceApi.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
  return { recorder, provider, tracer, start };
}

/** `name open` or `name`, two spaces a level, `!issue` behind it. */
function drawn(trace: Trace | undefined): string[] {
  return Array.from(trace ?? [], (span) =>
    [
      `${'  '.repeat(span.depth)}${span.name}`,
      ...(span.duration === undefined ? ['open'] : []),
      ...span.issues.map((issue) => `!${issue}`),
    ].join(' '),
  );
}

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

function body(traceId: number, spans: { id: number; parent?: number; name?: string; end?: boolean }[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'far' } }] },
        scopeSpans: [
          {
            scope: { name: 'sender' },
            spans: spans.map(({ id, parent, name = `span ${id}`, end = true }) => ({
              traceId: hex(traceId, 32),
              spanId: hex(id, 16),
              ...(parent === undefined ? {} : { parentSpanId: hex(parent, 16) }),
              name,
              startTimeUnixNano: String(1_700_000_000_000_000_000n + BigInt(id)),
              ...(end ? { endTimeUnixNano: '1700000001000000000' } : {}),
              attributes: [{ key: 'n', value: { intValue: String(id) } }],
            })),
          },
        ],
      },
    ],
  };
}

it('shows a trace while it grows, and each snapshot stays as it was', () => {
  const { recorder, start } = recording();
  const root = start('root');
  const child = start('child', root);
  child.setAttribute('key', 'value');
  const first = recorder.traces[0]!;
  expect(drawn(first)).toEqual(['root open', '  child open']);
  expect(recorder.traces[0]).toBe(first);
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'no' });
  child.addEvent('seen', { at: 1 });
  child.end();
  const second = recorder.traces[0]!;
  expect(drawn(first)).toEqual(['root open', '  child open']);
  expect(drawn(second)).toEqual(['root open', '  child']);
  const span = second.spanAt(1);
  expect(span.key).toBe(first.spanAt(1).key);
  expect([span.status, span.statusMessage, span.attributes, span.scope]).toEqual([
    'error',
    'no',
    { key: 'value' },
    { name: 'test', version: '1.0' },
  ]);
  expect(span.events.map(({ name, attributes }) => ({ name, attributes }))).toEqual([
    { name: 'seen', attributes: { at: 1 } },
  ]);
  expect(span.kind).toBe('internal');
  root.end();
});

it('waits for a parent that comes after its child, and calls it missing once the trace has settled without it', async () => {
  const recorder = createTraceRecorder();
  recorder.ingest(body(1, [{ id: 3, parent: 2 }]));
  expect(drawn(recorder.traces[0])).toEqual(['span 3']);
  recorder.ingest(body(1, [{ id: 2, parent: 1 }]));
  expect(drawn(recorder.traces[0])).toEqual(['span 2', '  span 3']);
  await recorder.flush();
  expect(drawn(recorder.traces[0])[0]).toContain('!orphan');
  recorder.ingest(body(1, [{ id: 1 }]));
  expect(drawn(recorder.traces[0])).toEqual(['span 1', '  span 2', '    span 3']);
});

it('takes OTLP as text, bytes or object, an empty request too, and refuses what is none', () => {
  const recorder = createTraceRecorder();
  const text = JSON.stringify(body(7, [{ id: 1 }]));
  expect(recorder.ingest(text)).toMatchObject({ spans: 1, duplicates: 0, dropped: 0, skipped: 0 });
  expect(recorder.ingest(new TextEncoder().encode(text))).toMatchObject({ spans: 0, duplicates: 1 });
  expect(recorder.ingest({})).toMatchObject({ spans: 0, skipped: 0 });
  expect(recorder.ingest({ resourceSpans: [] })).toMatchObject({ spans: 0 });
  expect(() => recorder.ingest('{"spans":')).toThrow(/JSON/);
  expect(() => recorder.ingest({ hello: 1 })).toThrow(/no OTLP/);
  const span = recorder.traces[0]!.spanAt(0);
  expect([span.serviceName, span.attributes, span.scope?.name]).toEqual(['far', { n: 1 }, 'sender']);
});

it('ends an open span when its end is ingested, ignores it again, and keeps another of its id', () => {
  const recorder = createTraceRecorder();
  recorder.ingest(body(1, [{ id: 1, end: false }]));
  expect(drawn(recorder.traces[0])).toEqual(['span 1 open']);
  expect(recorder.ingest(body(1, [{ id: 1 }])).spans).toBe(1);
  expect(recorder.ingest(body(1, [{ id: 1 }])).duplicates).toBe(1);
  expect(drawn(recorder.traces[0])).toEqual(['span 1']);
  recorder.ingest(body(1, [{ id: 1, name: 'other' }]));
  expect(Array.from(recorder.traces[0]!, ({ key }) => key)).toEqual([hex(1, 16), `${hex(1, 16)}~2`]);
});

it('lets the oldest traces go, counts them, and takes nothing that comes late for them', () => {
  const { recorder, start } = recording({ maxTraces: 2 });
  const [a, b, c] = [start('a'), start('b'), start('c')];
  expect(recorder.traces.map((trace) => trace.spanAt(0).name)).toEqual(['b', 'c']);
  expect(recorder.dropped).toEqual({ traces: 1, spans: 1 });
  a.end();
  start('late child', a).end();
  expect(recorder.dropped).toEqual({ traces: 1, spans: 2 });
  b.end();
  c.end();
  c.end();
  expect(recorder.traces.flatMap(drawn)).toEqual(['b', 'c']);
});

it('keeps the first spans of a trace that alone is too large, and the trace says what it lacks', () => {
  const { recorder, start } = recording({ maxSpans: 3 });
  start('before').end();
  const root = start('root');
  for (let n = 1; n <= 4; n++) start(`step ${n}`, root).end();
  // The SDK gives each span a clock of its own; they differ by up to a millisecond.
  root.end(Date.now() + 1000);
  expect(drawn(recorder.traces[0])).toEqual(['root', '  step 1', '  step 2']);
  expect(recorder.traces[0]!.completeness).toMatchObject({
    complete: false,
    reasons: ['2 spans were not recorded: the trace alone fills the recorder (maxSpans).'],
  });
  expect(recorder.dropped).toEqual({ traces: 1, spans: 3 });
});

it('survives a million spans within its bound', () => {
  const recorder = createTraceRecorder({ maxSpans: 20_000 });
  for (let trace = 1; trace <= 1_000; trace++) {
    const spans = Array.from({ length: 1_000 }, (_, n) => ({ id: n + 1, ...(n > 0 ? { parent: 1 } : {}) }));
    recorder.ingest(body(trace, spans));
  }
  const kept = recorder.traces.reduce((sum, trace) => sum + trace.spanCount, 0);
  expect(kept).toBe(20_000);
  expect(recorder.dropped).toEqual({ traces: 980, spans: 980_000 });
  expect(recorder.traces.at(-1)!.traceId).toBe(hex(1_000, 32));
});

it('hands settled traces to exporters, again after late spans, and outlives one that throws', async () => {
  vi.useFakeTimers();
  try {
    const failures: unknown[] = [];
    const { recorder, start } = recording({ settleAfter: 1_000, onExportError: (error) => failures.push(error) });
    const got: string[][] = [];
    recorder.addExporter({
      export() {
        throw new Error('full');
      },
    });
    const remove = recorder.addExporter({ export: (trace) => void got.push(drawn(trace)) });
    const root = start('root');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(got).toEqual([]);
    root.end();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(got).toEqual([['root']]);
    start('late', root).end();
    await recorder.flush();
    expect(got.slice(1)).toEqual([['root', '  late !outside-parent']]);
    expect(failures).toHaveLength(2);
    remove();
    expect(drawn(await recorder.exportTrace())).toEqual(['root', '  late !outside-parent']);
    expect(got).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});

it('gives up waiting for a span that never ends, and marks it', async () => {
  vi.useFakeTimers();
  try {
    const { recorder, start } = recording({ settleAfter: 100, abandonAfter: 10_000 });
    const got: string[][] = [];
    recorder.addExporter({ export: (trace) => void got.push(drawn(trace)) });
    start('child', start('root')).end();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(got).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(got).toEqual([['root open !unfinished', '  child']]);
  } finally {
    vi.useRealTimers();
  }
});

it('tells listeners of many changes once, and no longer when they left', async () => {
  vi.useFakeTimers();
  try {
    const { recorder, start } = recording();
    const heard = vi.fn();
    const leave = recorder.subscribe(heard);
    const root = start('root');
    for (let n = 0; n < 100; n++) start(`${n}`, root).end();
    await vi.advanceTimersByTimeAsync(20);
    expect(heard).toHaveBeenCalledTimes(1);
    leave();
    root.end();
    await vi.advanceTimersByTimeAsync(20);
    expect(heard).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});

it('records what an exporter of OTLP writes: from one recorder into another nothing is lost', async () => {
  const { recorder, start } = recording();
  const root = start('root');
  start('a', root).end();
  start('b', root).recordException(new Error('lost'));
  root.end();
  const other = createTraceRecorder();
  other.ingest(toOtlp(recorder.traces[0]!));
  expect(drawn(other.traces[0])).toEqual(drawn(recorder.traces[0]));
  expect(other.traces[0]!.spanAt(2).events[0]!.attributes).toEqual(recorder.traces[0]!.spanAt(2).events[0]!.attributes);
});
