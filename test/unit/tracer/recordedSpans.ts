import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { Trace } from '../../../src/core.ts';
import { createTraceRecorder } from '../../../src/tracer.ts';

/** A recorder, a tracer of the real SDK that records into it, and what it holds as text. */
export function recordingTracer() {
  const recorder = createTraceRecorder();
  const tracer = new BasicTracerProvider({ spanProcessors: [recorder] }).getTracer('test');
  return { recorder, tracer, drawn: () => recorder.traces.flatMap(drawnSpans) };
}

/** `name status`, two spaces a level, `open` for a span that has no end. */
function drawnSpans(trace: Trace): string[] {
  return Array.from(trace, ({ depth, name, status, duration }) =>
    [
      `${'  '.repeat(depth)}${name}`,
      ...(status === 'unset' ? [] : [status]),
      ...(duration === undefined ? ['open'] : []),
    ].join(' '),
  );
}
