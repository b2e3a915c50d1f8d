import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { createTraceRecorder, traceSpan } from '../../../src/tracer.ts';

it("takes what OpenTelemetry's own OTLP/HTTP exporter sends, the same as a recorder in the program saw", async () => {
  const far = createTraceRecorder();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    far.ingest(Buffer.concat(parts));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
    const near = createTraceRecorder();
    const provider = new BasicTracerProvider({
      spanProcessors: [near, new SimpleSpanProcessor(new OTLPTraceExporter({ url }))],
    });
    const tracer = provider.getTracer('program', '2.0');
    expect(() =>
      traceSpan('run', { tracer, attributes: { n: 1, list: ['a', 'b'], half: 0.5 } }, (run) =>
        run.traceSpan('step', () => {
          throw new Error('lost');
        }),
      ),
    ).toThrow('lost');
    await provider.forceFlush();
    const told = (recorder: typeof far) =>
      recorder.traces.map((trace) =>
        Array.from(
          trace,
          ({ key, name, depth, start, duration, status, statusMessage, attributes, events, resource, scope }) => ({
            ...{ key, name, depth, start, duration, status, statusMessage, attributes, events, resource, scope },
          }),
        ),
      );
    expect(told(far)).toEqual(told(near));
    expect(told(far)[0]).toHaveLength(2);
    await provider.shutdown();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
