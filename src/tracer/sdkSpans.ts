import type { HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { spanKinds, spanStatuses } from '../model/columns.ts';
import { type Attributes, type AttributeValue, type SpanDetails, setAttribute } from '../model/details.ts';
import { unknownTime } from '../model/time.ts';
import type { SpanRecord } from '../model/traceBuilder.ts';

/** The columns of a span of OpenTelemetry's SDK, as far as it has come. */
export function recordOfSdkSpan(span: ReadableSpan): SpanRecord {
  return {
    spanId: span.spanContext().spanId,
    parentSpanId: parentSpanIdOf(span),
    name: span.name,
    serviceName: serviceNameOf(span),
    kind: spanKinds[span.kind + 1] ?? 'unspecified',
    status: spanStatuses[span.status.code] ?? 'unset',
    start: timePointOf(span.startTime),
    end: span.ended ? timePointOf(span.endTime) : unknownTime,
    followsFrom: false,
  };
}

/** SDKs before 2.0 name the parent by its id alone. */
function parentSpanIdOf(span: ReadableSpan & { parentSpanId?: string }): string | undefined {
  return (span.parentSpanContext?.spanId ?? span.parentSpanId) || undefined;
}

function serviceNameOf(span: ReadableSpan): string {
  const name = span.resource.attributes['service.name'];
  return typeof name === 'string' && name !== '' ? name : 'unknown';
}

function timePointOf([seconds, nanos]: HrTime) {
  return { seconds, nanos };
}

/** All else of the span, as it is at this moment. */
export function detailsOfSdkSpan(span: ReadableSpan & { instrumentationLibrary?: SdkScope }): SpanDetails {
  const scope: SdkScope | undefined = span.instrumentationScope ?? span.instrumentationLibrary;
  return {
    statusMessage: span.status.message || undefined,
    attributes: attributesOf(span.attributes),
    events: span.events.map(({ name, time: [seconds, nanos], attributes }) => ({
      name,
      timeUnixNano: BigInt(seconds) * 1_000_000_000n + BigInt(nanos),
      attributes: attributesOf(attributes),
    })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      attributes: attributesOf(attributes),
      ...(context.traceState ? { traceState: context.traceState.serialize() } : {}),
    })),
    resource: attributesOf(span.resource.attributes),
    scope: scope && { name: scope.name, ...(scope.version ? { version: scope.version } : {}) },
  };
}

interface SdkScope {
  readonly name: string;
  readonly version?: string;
}

function attributesOf(source: object | undefined): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(source ?? {})) {
    if (value !== undefined) setAttribute(attributes, key, valueFrom(value, 0));
  }
  return attributes;
}

/** Deeper lists and maps are cut: nobody may recurse over what others made as deep as they liked. */
const deepest = 100;

function valueFrom(value: unknown, depth: number): AttributeValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value;
  if (typeof value !== 'object' || value === null || depth > deepest) return null;
  if (Array.isArray(value)) return value.map((item) => valueFrom(item, depth + 1));
  const map: Record<string, AttributeValue> = {};
  for (const [key, item] of Object.entries(value)) setAttribute(map, key, valueFrom(item, depth + 1));
  return map;
}
