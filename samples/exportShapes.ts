import { type Attributes, BASE_TIME_UNIX_NANO, type DraftSpan, type Kind, type Value } from './draft.ts';

/** The project's plain format. */
export interface PlainTrace {
  trace_id: string;
  spans: PlainSpan[];
}

export interface PlainSpan {
  span_id: string;
  parent_span_id: string | null;
  name: string;
  start_time: string;
  end_time: string | null;
  duration_ms: number | null;
  status: string;
  attributes: Attributes;
  events: { name: string; timestamp: string; attributes: Attributes }[];
}

/** What the "JSON" button of a Jaeger page saves. */
export interface JaegerFile {
  data: JaegerTrace[];
  total: number;
  limit: number;
  offset: number;
  errors: null;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: { [processID: string]: JaegerProcess };
  warnings: null;
}

export interface JaegerProcess {
  serviceName: string;
  tags: JaegerTag[];
}

export interface JaegerTag {
  key: string;
  type: 'string' | 'bool' | 'int64' | 'float64';
  value: string | number | boolean;
}

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  references: { refType: 'CHILD_OF' | 'FOLLOWS_FROM'; traceID: string; spanID: string }[];
  /** Microseconds since the epoch. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  logs: { timestamp: number; fields: JaegerTag[] }[];
  processID: string;
  warnings: null;
}

/** An OTLP ExportTraceServiceRequest in its JSON encoding. */
export interface OtlpFile {
  resourceSpans: OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  resource: { attributes: OtlpKeyValue[] };
  scopeSpans: { scope: { name: string; version?: string }; spans: OtlpSpan[] }[];
  schemaUrl?: string;
}

export interface OtlpKeyValue {
  key: string;
  value: OtlpValue;
}

export type OtlpValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: OtlpValue[] } }
  | { kvlistValue: { values: OtlpKeyValue[] } }
  | Record<string, never>;

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano?: string;
  attributes: OtlpKeyValue[];
  events?: { timeUnixNano: string; name: string; attributes: OtlpKeyValue[] }[];
  links?: { traceId: string; spanId: string; attributes: OtlpKeyValue[] }[];
  status: { code?: number; message?: string };
}

/** Attributes of each service's resource, by service name; a service that is not named here has only its name. */
export type Resources = { readonly [service: string]: Attributes };

// ---- plain ----

export function toPlainShape(traceId: string, spans: readonly DraftSpan[]): PlainTrace {
  return { trace_id: traceId, spans: spans.map(toPlainSpan) };
}

export function toPlainSpan(span: DraftSpan): PlainSpan {
  return {
    span_id: span.spanId,
    parent_span_id: span.parentSpanId ?? null,
    name: span.name,
    start_time: isoTime(span.start),
    end_time: span.end === undefined ? null : isoTime(span.end),
    duration_ms: span.end === undefined ? null : (span.end - span.start) / 1e6,
    status: span.status,
    attributes: {
      'service.name': span.service,
      ...span.attributes,
      ...(span.statusMessage === undefined ? {} : { status_description: span.statusMessage }),
    },
    events: span.events.map((event) => ({
      name: event.name,
      timestamp: isoTime(event.time),
      attributes: event.attributes,
    })),
  };
}

/** ISO 8601 in UTC with six digits of fraction, as Python's `isoformat` writes it. */
function isoTime(nanoseconds: number): string {
  const microseconds = unixMicroseconds(nanoseconds);
  const wholeMilliseconds = Math.floor(microseconds / 1000);
  const rest = microseconds - wholeMilliseconds * 1000;
  const text = new Date(wholeMilliseconds).toISOString();
  return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

// ---- Jaeger ----

export function toJaegerShape(traces: readonly JaegerTrace[]): JaegerFile {
  return { data: [...traces], total: 0, limit: 0, offset: 0, errors: null };
}

export function toJaegerTrace(traceId: string, spans: readonly DraftSpan[], resources: Resources = {}): JaegerTrace {
  const processIds = new Map<string, string>();
  const processIdOf = (service: string): string => {
    let id = processIds.get(service);
    if (id === undefined) {
      id = `p${processIds.size + 1}`;
      processIds.set(service, id);
    }
    return id;
  };
  const jaegerSpans = spans.map((span) => toJaegerSpan(span, processIdOf(span.service)));
  return { traceID: traceId, spans: jaegerSpans, processes: toJaegerProcesses(processIds, resources), warnings: null };
}

/** @param processIds the id given to each service */
export function toJaegerProcesses(
  processIds: ReadonlyMap<string, string>,
  resources: Resources = {},
): JaegerTrace['processes'] {
  const entries = [...processIds].map(([service, id]): [string, JaegerProcess] => [
    id,
    { serviceName: service, tags: toJaegerTags(resources[service] ?? {}) },
  ]);
  return Object.fromEntries(entries);
}

export function toJaegerSpan(span: DraftSpan, processID: string): JaegerSpan {
  const startTime = unixMicroseconds(span.start);
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    operationName: span.name,
    references:
      span.parentSpanId === undefined
        ? []
        : [
            {
              refType: span.followsFrom ? 'FOLLOWS_FROM' : 'CHILD_OF',
              traceID: span.traceId,
              spanID: span.parentSpanId,
            },
          ],
    startTime,
    duration: span.end === undefined ? 0 : unixMicroseconds(span.end) - startTime,
    tags: [...toJaegerTags(span.attributes), ...jaegerStatusTags(span)],
    logs: span.events.map((event) => ({
      timestamp: unixMicroseconds(event.time),
      fields: [{ key: 'event', type: 'string', value: event.name }, ...toJaegerTags(event.attributes)],
    })),
    processID,
    warnings: null,
  };
}

function jaegerStatusTags(span: DraftSpan): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (span.kind !== 'internal') tags.push({ key: 'span.kind', type: 'string', value: span.kind });
  if (span.scope !== undefined) tags.push({ key: 'otel.scope.name', type: 'string', value: span.scope.name });
  if (span.status === 'ok') tags.push({ key: 'otel.status_code', type: 'string', value: 'OK' });
  if (span.status === 'error') {
    tags.push({ key: 'error', type: 'bool', value: true }, { key: 'otel.status_code', type: 'string', value: 'ERROR' });
  }
  if (span.statusMessage !== undefined) {
    tags.push({ key: 'otel.status_description', type: 'string', value: span.statusMessage });
  }
  return tags;
}

function toJaegerTags(attributes: Attributes): JaegerTag[] {
  return Object.entries(attributes).map(([key, value]): JaegerTag => {
    if (typeof value === 'string') return { key, type: 'string', value };
    if (typeof value === 'boolean') return { key, type: 'bool', value };
    if (typeof value === 'number') return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
    // Jaeger's tags hold scalars alone: lists and maps become JSON text.
    return { key, type: 'string', value: JSON.stringify(value) };
  });
}

function unixMicroseconds(nanoseconds: number): number {
  return Number(BASE_TIME_UNIX_NANO / 1000n) + Math.floor(nanoseconds / 1000);
}

// ---- OTLP ----

const KIND_CODES: { readonly [kind in Kind]: number } = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const STATUS_CODES = { unset: 0, ok: 1, error: 2 } as const;

/** Groups the spans by resource and scope, as the encoding wants it; within a group they keep their order. */
export function toOtlpShape(spans: readonly DraftSpan[], resources: Resources = {}): OtlpFile {
  return { resourceSpans: toOtlpResourceSpans(spans, resources) };
}

export function toOtlpResourceSpans(spans: readonly DraftSpan[], resources: Resources = {}): OtlpResourceSpans[] {
  const byService = new Map<string, Map<string, OtlpResourceSpans['scopeSpans'][number]>>();
  for (const span of spans) {
    const byScope = byService.get(span.service) ?? new Map<string, OtlpResourceSpans['scopeSpans'][number]>();
    byService.set(span.service, byScope);
    const scopeKey = `${span.scope?.name ?? ''} ${span.scope?.version ?? ''}`;
    const group = byScope.get(scopeKey) ?? { scope: { name: '', ...span.scope }, spans: [] };
    byScope.set(scopeKey, group);
    group.spans.push(toOtlpSpan(span));
  }
  return [...byService].map(([service, byScope]) => ({
    resource: { attributes: toKeyValues({ 'service.name': service, ...resources[service] }) },
    scopeSpans: [...byScope.values()],
  }));
}

export function toOtlpSpan(span: DraftSpan): OtlpSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND_CODES[span.kind],
    startTimeUnixNano: unixNano(span.start),
    ...(span.end === undefined ? {} : { endTimeUnixNano: unixNano(span.end) }),
    attributes: toKeyValues(span.attributes),
    ...(span.events.length === 0
      ? {}
      : {
          events: span.events.map((event) => ({
            timeUnixNano: unixNano(event.time),
            name: event.name,
            attributes: toKeyValues(event.attributes),
          })),
        }),
    ...(span.links.length === 0
      ? {}
      : {
          links: span.links.map((link) => ({
            traceId: link.traceId,
            spanId: link.spanId,
            attributes: toKeyValues(link.attributes),
          })),
        }),
    status: {
      ...(span.status === 'unset' ? {} : { code: STATUS_CODES[span.status] }),
      ...(span.statusMessage === undefined ? {} : { message: span.statusMessage }),
    },
  };
}

function toKeyValues(attributes: Attributes): OtlpKeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toOtlpValue(value) }));
}

function toOtlpValue(value: Value): OtlpValue {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (isList(value)) return { arrayValue: { values: value.map(toOtlpValue) } };
  return { kvlistValue: { values: toKeyValues(value) } };
}

// `Array.isArray` does not narrow a readonly array out of a union.
function isList(value: readonly Value[] | { readonly [key: string]: Value }): value is readonly Value[] {
  return Array.isArray(value);
}

function unixNano(nanoseconds: number): string {
  return String(BASE_TIME_UNIX_NANO + BigInt(nanoseconds));
}
