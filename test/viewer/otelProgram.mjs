// A program as OpenTelemetry's documents write it: it knows nothing of spanscope. Its exporter goes where the environment says.
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter())] });
const tracer = provider.getTracer('shop', '1.0.0');
/** @param {number} milliseconds */
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const order = tracer.startSpan('order');
const within = trace.setSpan(context.active(), order);
const call = tracer.startSpan('charge card', { attributes: { 'order.id': 'A-17', 'order.total': 12.5 } }, within);
await wait(20);
call.recordException(new Error('card declined'));
call.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
call.end();
await provider.forceFlush();
// Whoever started this looks at the first span before the last one ends.
await new Promise((resolve) => process.stdin.once('data', resolve));
order.end();
await provider.shutdown();
process.exit(0);
