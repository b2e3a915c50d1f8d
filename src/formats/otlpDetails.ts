import type {
  Attributes,
  AttributeValue,
  InstrumentationScope,
  SourceEvent,
  SpanDetails,
  SpanLink,
} from '../model/details.ts';
import { isKnown, toUnixNano, unknownTime } from '../model/time.ts';
import { readAnyValue, readAttributes } from './anyValue.ts';
import { statusOf } from './otlpEnums.ts';
import { readOtlpTime } from './otlpTime.ts';
import type { IdTexts } from './spanIdText.ts';
import { asArray, asText, isObject, type JsonObject } from './traceCollector.ts';

/** What the spans of one scope of one resource share. Its attributes are read when a span is looked at. */
export class OtlpContext {
  readonly serviceName: string;
  readonly ids: IdTexts;
  readonly sourceResource: unknown;
  readonly sourceScope: unknown;
  #resourceRead: Attributes | undefined;
  #scopeRead: InstrumentationScope | undefined | null = null;

  constructor(resource: unknown, scope: unknown, ids: IdTexts) {
    this.sourceResource = resource;
    this.sourceScope = scope;
    this.ids = ids;
    this.serviceName = serviceNameOf(resource);
  }

  get resource(): Attributes {
    this.#resourceRead ??= readAttributes(isObject(this.sourceResource) ? this.sourceResource.attributes : undefined);
    return this.#resourceRead;
  }

  get scope(): InstrumentationScope | undefined {
    if (this.#scopeRead === null) this.#scopeRead = readScope(this.sourceScope);
    return this.#scopeRead;
  }
}

function serviceNameOf(resource: unknown): string {
  const attributes = isObject(resource) ? resource.attributes : undefined;
  const value = Array.isArray(attributes)
    ? attributes.find((attribute) => isObject(attribute) && attribute.key === 'service.name')?.value
    : isObject(attributes)
      ? attributes['service.name']
      : undefined;
  return asText(readAnyValue(value)) || 'unknown';
}

function readScope(scope: unknown): InstrumentationScope | undefined {
  if (!isObject(scope)) return undefined;
  const name = asText(scope.name) ?? '';
  const version = asText(scope.version);
  const attributes = readAttributes(scope.attributes);
  const hasAttributes = Object.keys(attributes).length > 0;
  if (!name && !version && !hasAttributes) return undefined;
  return { name, ...(version ? { version } : {}), ...(hasAttributes ? { attributes } : {}) };
}

export function readSpanDetails(span: JsonObject, context: OtlpContext): SpanDetails {
  const { ids } = context;
  const parentSpanId = ids.read(span.parentSpanId ?? span.parent_span_id);
  return {
    statusMessage: statusMessageOf(span.status),
    attributes: readAttributes(span.attributes),
    events: asArray(span.events).filter(isObject).map(readEvent),
    links: asArray(span.links)
      .filter(isObject)
      .filter((link) => !saysOnlyFollowsFrom(link, span, parentSpanId, ids))
      .map((link) => readLink(link, ids)),
    resource: context.resource,
    scope: context.scope,
  };
}

function statusMessageOf(status: unknown): string | undefined {
  if (isObject(status)) return asText(status.message) || undefined;
  // Text in place of a status, where it is none of the enum's names, is what its writer had to say.
  return typeof status === 'string' && statusOf(status) === undefined ? status || undefined : undefined;
}

function readEvent(event: JsonObject): SourceEvent {
  const time = { ...unknownTime };
  readOtlpTime(event.timeUnixNano ?? event.time_unix_nano, time);
  const hasTime = isKnown(time) && (time.seconds !== 0 || time.nanos !== 0);
  return {
    name: asText(event.name) ?? '',
    timeUnixNano: hasTime ? toUnixNano(time) : undefined,
    attributes: readAttributes(event.attributes),
  };
}

function readLink(link: JsonObject, ids: IdTexts): SpanLink {
  const traceState = asText(link.traceState ?? link.trace_state);
  const attributes: Record<string, AttributeValue> = readAttributes(link.attributes);
  const refType = refTypeOfText.get(attributes[refTypeKey]);
  if (refType) delete attributes[refTypeKey];
  return {
    traceId: ids.read(link.traceId ?? link.trace_id),
    spanId: ids.read(link.spanId ?? link.span_id),
    attributes,
    ...(traceState ? { traceState } : {}),
    ...(refType ? { refType } : {}),
  };
}

/**
 * OTLP has no references, only one parent and links. A link's attribute of this key says which kind of reference it was
 * (OpenTelemetry's specification, "OpenTracing Compatibility"; Jaeger writes and reads it so).
 */
export const refTypeKey = 'opentracing.ref_type';

export const textOfRefType = { CHILD_OF: 'child_of', FOLLOWS_FROM: 'follows_from' } as const;

const refTypeOfText: ReadonlyMap<unknown, NonNullable<SpanLink['refType']>> = new Map([
  [textOfRefType.CHILD_OF, 'CHILD_OF'],
  [textOfRefType.FOLLOWS_FROM, 'FOLLOWS_FROM'],
]);

/** Whether a link says that the span follows from its parent. */
export function followsFromParent(span: JsonObject, parentSpanId: string, ids: IdTexts): boolean {
  const { links } = span;
  return Array.isArray(links) && links.some((link) => isObject(link) && isFollowsFrom(link, span, parentSpanId, ids));
}

function isFollowsFrom(link: JsonObject, span: JsonObject, parentSpanId: string, ids: IdTexts): boolean {
  return (
    parentSpanId !== '' &&
    ids.read(link.spanId ?? link.span_id) === parentSpanId &&
    ids.read(link.traceId ?? link.trace_id) === ids.read(span.traceId ?? span.trace_id) &&
    readAttributes(link.attributes)[refTypeKey] === textOfRefType.FOLLOWS_FROM
  );
}

/** `Span.followsFrom` says the same then. */
function saysOnlyFollowsFrom(link: JsonObject, span: JsonObject, parentSpanId: string, ids: IdTexts): boolean {
  const saysMore = (link.traceState ?? link.trace_state) || asArray(link.attributes).length !== 1;
  return !saysMore && isFollowsFrom(link, span, parentSpanId, ids);
}
