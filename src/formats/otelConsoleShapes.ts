import { type SpanKind, type SpanStatus, spanKinds } from '../model/columns.ts';
import { type TimePoint, unknownTime } from '../model/time.ts';
import { kindOf as kindOfProtobuf, statusOfWord } from './jsonFields.ts';
import { setTime } from './plainTime.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

/** How one language's SDK spells a span: the names of its fields, the older ones after the newer, and its numbers. */
export interface SpanShape {
  readonly name: string;
  /** The object with the span's own ids, none where they stand on the span itself. */
  readonly context: readonly string[];
  /** What ids are called in that object, and in a parent's or link's. */
  readonly traceId: string;
  readonly spanId: string;
  /** What the span itself calls its id, where that is no object's. */
  readonly ownSpanId?: string;
  readonly traceState: string;
  /** Where the parent is an object as `context`, and where it is an id. */
  readonly parentContext: readonly string[];
  readonly parentId: readonly string[];
  readonly kind: string;
  readonly start: string;
  readonly end: string;
  readonly duration: readonly string[];
  readonly status: string;
  readonly statusCode: readonly string[];
  readonly statusMessage: readonly string[];
  readonly attributes: string;
  readonly events: string;
  readonly eventTime: readonly string[];
  readonly links: string;
  readonly linkContext: string;
  readonly resource: string;
  readonly scope: readonly string[];
  readonly scopeVersion: string;
  readonly droppedAttributes: string;
  readonly droppedEvents: string;
  readonly droppedLinks: string;
  /** The SDK's own, as some say nothing once the span is read. */
  readonly ignored: readonly string[];
  /** Numbers in the SDK's own order. */
  readonly kinds: readonly (SpanKind | undefined)[];
  readonly statuses: readonly SpanStatus[];
}

/** Python and JavaScript have no unspecified kind: they begin with internal, where protobuf has 1 for it. */
const kindsFromInternal = spanKinds.slice(1);

const python: SpanShape = {
  name: 'name',
  context: ['context'],
  traceId: 'trace_id',
  spanId: 'span_id',
  traceState: 'trace_state',
  parentContext: ['parent'],
  parentId: ['parent_id', 'parent_span_id'],
  kind: 'kind',
  start: 'start_time',
  end: 'end_time',
  duration: [],
  status: 'status',
  statusCode: ['status_code', 'code', 'canonical_code'],
  statusMessage: ['description', 'message'],
  attributes: 'attributes',
  events: 'events',
  eventTime: ['timestamp', 'time'],
  links: 'links',
  linkContext: 'context',
  resource: 'resource',
  scope: ['instrumentation_scope', 'instrumentation_info', 'scope'],
  scopeVersion: 'version',
  droppedAttributes: 'dropped_attributes',
  droppedEvents: 'dropped_events',
  droppedLinks: 'dropped_links',
  ignored: [],
  kinds: kindsFromInternal,
  statuses: ['unset', 'ok', 'error'],
};

const go: SpanShape = {
  name: 'Name',
  context: ['SpanContext'],
  traceId: 'TraceID',
  spanId: 'SpanID',
  traceState: 'TraceState',
  parentContext: ['Parent'],
  parentId: ['ParentSpanID'],
  kind: 'SpanKind',
  start: 'StartTime',
  end: 'EndTime',
  duration: [],
  status: 'Status',
  statusCode: ['Code'],
  statusMessage: ['Description'],
  attributes: 'Attributes',
  events: 'Events',
  eventTime: ['Time'],
  links: 'Links',
  linkContext: 'SpanContext',
  resource: 'Resource',
  scope: ['InstrumentationScope', 'InstrumentationLibrary'],
  scopeVersion: 'Version',
  droppedAttributes: 'DroppedAttributes',
  droppedEvents: 'DroppedEvents',
  droppedLinks: 'DroppedLinks',
  ignored: [],
  kinds: spanKinds,
  // As go.opentelemetry.io/otel/codes has them: not in protobuf's order.
  statuses: ['unset', 'error', 'ok'],
};

const javaScript: SpanShape = {
  name: 'name',
  context: ['spanContext', '_spanContext'],
  traceId: 'traceId',
  spanId: 'spanId',
  traceState: 'traceState',
  parentContext: ['parentSpanContext'],
  parentId: ['parentSpanId'],
  kind: 'kind',
  start: 'startTime',
  end: 'endTime',
  duration: ['duration', '_duration'],
  status: 'status',
  statusCode: ['code'],
  statusMessage: ['message'],
  attributes: 'attributes',
  events: 'events',
  eventTime: ['time'],
  links: 'links',
  linkContext: 'context',
  resource: 'resource',
  scope: ['instrumentationScope', 'instrumentationLibrary'],
  scopeVersion: 'version',
  droppedAttributes: 'droppedAttributesCount',
  droppedEvents: 'droppedEventsCount',
  droppedLinks: 'droppedLinksCount',
  ignored: ['ended', '_ended'],
  kinds: kindsFromInternal,
  statuses: ['unset', 'ok', 'error'],
};

/** JavaScript's with the ids on the span, as who collects spans writes them: those of Vercel's AI SDK, mostly. */
const flatJavaScript: SpanShape = {
  ...javaScript,
  context: [],
  ownSpanId: 'spanId',
  parentId: ['parentSpanId', 'parentId'],
  duration: ['duration'],
};

/** What JavaScript's ConsoleSpanExporter prints, made JSON: start and length in microseconds. */
const printedJavaScript: SpanShape = {
  ...flatJavaScript,
  ownSpanId: 'id',
  parentId: ['parentId', 'parentSpanId'],
  start: 'timestamp',
};

const sdks: readonly SpanShape[] = [python, javaScript, go];

function contextsOf(span: JsonObject, shape: SpanShape): unknown[] {
  return shape.context.map((field) => span[field]);
}

function hasSpanId(context: unknown, { spanId }: SpanShape): boolean {
  return isObject(context) && (asText(context[spanId]) ?? '') !== '';
}

/** Undefined for what is no span of a console. */
export function shapeOf(span: JsonObject): SpanShape | undefined {
  if (holdsIds(span.context, python) && isOtherTool(span)) return undefined;
  // In a damaged span one object may be left empty, or without the rest of its kind, beside another's that is whole.
  const held = sdks.filter((shape) => contextsOf(span, shape).some((context) => holdsIds(context, shape)));
  const named = held.filter((shape) => contextsOf(span, shape).some((context) => hasSpanId(context, shape)));
  const timed = named.find(({ name, start }) => span[name] !== undefined && span[start] !== undefined);
  if (held[0]) return timed ?? named[0] ?? held[0];
  if (isPrintedByJavaScript(span)) return printedJavaScript;
  const isFlat = span.spanId !== undefined && (isPairOfTime(span.startTime) || isPairOfTime(span.endTime));
  return isFlat ? flatJavaScript : undefined;
}

/** Zipkin has its ids and times under the same names, but tags and annotations beside them. */
export function isPrintedByJavaScript(span: JsonObject): boolean {
  const { traceId, id, timestamp, attributes, status, events, tags, localEndpoint } = span;
  if (traceId === undefined || id === undefined || typeof timestamp !== 'number') return false;
  if (tags !== undefined || localEndpoint !== undefined) return false;
  return isObject(attributes) && (isObject(status) || Array.isArray(events));
}

function isPairOfTime(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'number' && typeof value[1] === 'number';
}

/** Where a span has its own ids, and what its own is called there. */
export function ownIds(span: JsonObject, shape: SpanShape): { traceId: unknown; spanId: unknown } {
  const context = shape.ownSpanId === undefined ? (firstOf(span, shape.context) as JsonObject) : span;
  return { traceId: context[shape.traceId], spanId: context[shape.ownSpanId ?? shape.spanId] };
}

function holdsIds(context: unknown, { traceId, spanId }: SpanShape): boolean {
  return isObject(context) && (context[spanId] ?? context[traceId]) !== undefined;
}

/** Phoenix and MLflow have the same `context`, and beside it what no SDK of OpenTelemetry writes. */
function isOtherTool(span: JsonObject): boolean {
  return span.span_kind !== undefined || span.status_code !== undefined || span.span_type !== undefined;
}

/** The first of these fields that is there. */
export function firstOf(object: JsonObject, fields: readonly string[]): unknown {
  for (const field of fields) {
    const value = object[field];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** Undefined for what names no kind. */
export function kindOf(value: unknown, { kinds }: SpanShape): SpanKind | undefined {
  return typeof value === 'number' ? kinds[value] : kindOfProtobuf(value);
}

/** The status is an object, or the code itself. Undefined for what names none. */
export function statusOf(status: unknown, shape: SpanShape): SpanStatus | undefined {
  const code = isObject(status) ? firstOf(status, shape.statusCode) : status;
  return typeof code === 'number' ? shape.statuses[code] : statusOfWord(code);
}

/** Go's time.Time without a value is the first day of the year 1. */
const goZeroSeconds = -62_135_596_800;

/**
 * A time as an SDK writes it: ISO 8601, JavaScript's pair of seconds and nanoseconds, a number of nanoseconds since the
 * epoch. False for what is no time.
 */
export function setConsoleTime(target: TimePoint, value: unknown): boolean {
  const isTime = setTime(target, value);
  if (target.seconds === goZeroSeconds) Object.assign(target, unknownTime);
  return isTime;
}
