import { kindCode, type SpanIndex, statusCode } from '../model/columns.ts';
import type { Attributes, InstrumentationScope, SpanLink } from '../model/details.ts';
import { issueBit } from '../model/issues.ts';
import type { Span, SpanEvent, Trace } from '../model/trace.ts';
import { type OtlpKeyValue, writeAttributes } from './anyValue.ts';
import { refTypeKey, textOfRefType } from './otlpDetails.ts';

export interface OtlpResourceSpans {
  resource: { attributes: OtlpKeyValue[] };
  scopeSpans: OtlpScopeSpans[];
}

export interface OtlpScopeSpans {
  scope?: { name: string; version?: string; attributes?: OtlpKeyValue[] };
  spans: OtlpSpan[];
}

export interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano?: string;
  endTimeUnixNano?: string;
  attributes: OtlpKeyValue[];
  events?: { timeUnixNano?: string; name: string; attributes: OtlpKeyValue[] }[];
  links?: OtlpLink[];
  status: { code?: number; message?: string };
}

export interface OtlpLink {
  traceId: string;
  spanId: string;
  traceState?: string;
  attributes: OtlpKeyValue[];
}

/**
 * The trace as OTLP's JSON, `{ resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] }`, which `parseTraces` reads
 * back as the same trace. Resources and scopes stand in the order of their first span, spans in the file's. Only where
 * grouping would change which of two equal spans (of one start, of one id) comes first, a resource is written again.
 *
 * - Ids stay as they are spelt. Those that are not 16 or 32 hex digits, as UUIDs, are read back, but are not valid OTLP; nor
 *   are integers of more than 64 bits and times before 1970.
 * - The service's name goes into the resource. An open span has no `endTimeUnixNano`, a span without a start no
 *   `startTimeUnixNano`.
 * - What follows from its parent gets a link to it with the attribute `opentracing.ref_type`, as Jaeger writes it.
 *
 * Lost are only, each told by `exportWarnings`:
 *
 * - the id of a trace without spans, which has no place in OTLP: such a file cannot be read back
 * - that a resource named no service, where the span named one elsewhere
 * - the places of spans in the file, where spans of several resources or scopes were mixed
 * - an end or an event at the first moment of 1970: OTLP takes a time of 0 for none
 * - why the trace is not whole, as far as its spans do not tell (`completeness`)
 * - that a span is its parent's child, where it has a link to the same parent that says that it follows from it
 */
export function toOtlp(trace: Trace): { resourceSpans: OtlpResourceSpans[] } {
  return { resourceSpans: groupsOf(trace).map((group) => writeResource(trace, group)) };
}

function groupsOf(trace: Trace): ResourceGroup[] {
  const order = indexesInFileOrder(trace);
  const grouped = groupSpans(trace, order, false);
  return keepsOrder(trace, grouped) ? grouped : groupSpans(trace, order, true);
}

/** How many spans `toOtlp` writes at another place than the file had them. */
export function movedSpans(trace: Trace): number {
  let moved = 0;
  let place = 0;
  for (const group of groupsOf(trace)) {
    for (const indexes of group.values())
      for (const index of indexes) if (trace.columns.sourceOrder[index] !== place++) moved++;
  }
  return moved;
}

function indexesInFileOrder({ columns }: Trace): Int32Array {
  const order = Int32Array.from({ length: columns.length }, (_, index) => index);
  return order.sort((a, b) => columns.sourceOrder[a]! - columns.sourceOrder[b]!);
}

/** Spans of one resource, by scope. */
type ResourceGroup = Map<string, SpanIndex[]>;

/** With `repeat`, a group ends where the next span's resource or scope is another, so that spans keep their order. */
function groupSpans(trace: Trace, order: Int32Array, repeat: boolean): ResourceGroup[] {
  const groups: ResourceGroup[] = [];
  const groupOfKey = new Map<string, ResourceGroup>();
  const keys = new GroupKeys();
  let latestResource: string | undefined;
  let latestScope: string | undefined;
  for (const index of order) {
    const span = trace.spanAt(index);
    const resourceKey = keys.ofResource(span);
    const scopeKey = keys.ofScope(span.scope);
    let group = groupOfKey.get(resourceKey);
    const begins = repeat && (resourceKey !== latestResource || (scopeKey !== latestScope && group?.has(scopeKey)));
    if (!group || begins) {
      group = new Map();
      groups.push(group);
      groupOfKey.set(resourceKey, group);
    }
    const indexes = group.get(scopeKey);
    if (indexes) indexes.push(index);
    else group.set(scopeKey, [index]);
    latestResource = resourceKey;
    latestScope = scopeKey;
  }
  return groups;
}

/** Texts that are the same for resources, and for scopes, that say the same. Most spans share the very object. */
class GroupKeys {
  readonly #texts = new Map<object, string>();

  ofResource(span: Span): string {
    return `${span.serviceName}\n${this.#textOf(span.resource)}`;
  }

  ofScope(scope: InstrumentationScope | undefined): string {
    if (!scope) return '';
    return `${scope.name}\n${scope.version ?? ''}\n${scope.attributes ? this.#textOf(scope.attributes) : ''}`;
  }

  #textOf(attributes: Attributes): string {
    let text = this.#texts.get(attributes);
    if (text === undefined) {
      text = JSON.stringify(writeAttributes(attributes));
      this.#texts.set(attributes, text);
    }
    return text;
  }
}

/** Whether a reader, who orders equal spans by their place in the file, gets the same tree and keys from these groups. */
function keepsOrder(trace: Trace, groups: readonly ResourceGroup[]): boolean {
  const { start, parent, subtreeEnd, issues, sourceOrder, length } = trace.columns;
  const place = new Int32Array(length);
  const sameIdOrNone: SpanIndex[] = [];
  let next = 0;
  for (const group of groups) {
    for (const index of [...group.values()].flat()) {
      place[index] = next++;
      if (issues[index]! & issueBit['duplicate-id'] || trace.spanAt(index).spanId === '') sameIdOrNone.push(index);
    }
  }
  for (let at = 1; at < sameIdOrNone.length; at++) {
    if (sourceOrder[sameIdOrNone[at]!]! < sourceOrder[sameIdOrNone[at - 1]!]!) return false;
  }
  for (let index = 0; index < length; index++) {
    const sibling = subtreeEnd[index]!;
    const hasTwin = sibling < length && parent[sibling] === parent[index] && start[sibling] === start[index];
    if (hasTwin && place[sibling]! < place[index]! !== sourceOrder[sibling]! < sourceOrder[index]!) return false;
    // A cycle was cut at its earliest span: any of those that it went through.
    if (issues[index]! & issueBit.cycle) return false;
  }
  return true;
}

function writeResource(trace: Trace, group: ResourceGroup): OtlpResourceSpans {
  const scopeSpans = Array.from(group.values(), (indexes): OtlpScopeSpans => {
    const { scope } = trace.spanAt(indexes[0]!);
    return {
      ...(scope ? { scope: writeScope(scope) } : {}),
      spans: indexes.map((index) => writeSpan(trace, trace.spanAt(index))),
    };
  });
  const first = trace.spanAt(group.values().next().value![0]!);
  return { resource: { attributes: writeResourceAttributes(first) }, scopeSpans };
}

/** `unknown` is what a reader calls a service without a name. */
export function writeResourceAttributes({ resource, serviceName }: Span): OtlpKeyValue[] {
  const attributes = writeAttributes(resource);
  const written = attributes.find(({ key }) => key === 'service.name');
  if (written?.value.stringValue === serviceName || (!written && (serviceName === 'unknown' || serviceName === ''))) {
    return attributes;
  }
  return [
    { key: 'service.name', value: { stringValue: serviceName } },
    ...attributes.filter(({ key }) => key !== 'service.name'),
  ];
}

function writeScope({ name, version, attributes }: InstrumentationScope): OtlpScopeSpans['scope'] {
  return {
    name,
    ...(version ? { version } : {}),
    ...(attributes ? { attributes: writeAttributes(attributes) } : {}),
  };
}

function writeSpan(trace: Trace, span: Span): OtlpSpan {
  const { parentSpanId, endTimeUnixNano, statusMessage, events } = span;
  const hasStart = (trace.columns.issues[span.index]! & issueBit['missing-start']) === 0;
  const links = writeLinks(span);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: span.name,
    kind: kindCode[span.kind],
    ...(hasStart ? { startTimeUnixNano: String(span.startTimeUnixNano) } : {}),
    ...(endTimeUnixNano === undefined ? {} : { endTimeUnixNano: String(endTimeUnixNano) }),
    attributes: writeAttributes(span.attributes),
    ...(events.length > 0 ? { events: events.map(writeEvent) } : {}),
    ...(links.length > 0 ? { links } : {}),
    status: {
      ...(span.status === 'unset' ? {} : { code: statusCode[span.status] }),
      ...(statusMessage === undefined ? {} : { message: statusMessage }),
    },
  };
}

function writeEvent({ name, timeUnixNano, attributes }: SpanEvent) {
  return {
    ...(timeUnixNano === undefined ? {} : { timeUnixNano: String(timeUnixNano) }),
    name,
    attributes: writeAttributes(attributes),
  };
}

function writeLinks({ links, followsFrom, traceId, parentSpanId }: Span): OtlpLink[] {
  const written = links.map(writeLink);
  if (followsFrom && parentSpanId !== undefined) {
    written.push(writeLink({ traceId, spanId: parentSpanId, attributes: {}, refType: 'FOLLOWS_FROM' }));
  }
  return written;
}

function writeLink({ traceId, spanId, traceState, attributes, refType }: SpanLink): OtlpLink {
  const keyValues = writeAttributes(attributes);
  if (refType) keyValues.push({ key: refTypeKey, value: { stringValue: textOfRefType[refType] } });
  return { traceId, spanId, ...(traceState ? { traceState } : {}), attributes: keyValues };
}
