import { type TimePoint, unknownTime } from '../model/time.ts';
import type { FormatRead } from './format.ts';
import { holdsMlflowKey } from './mlflowFields.ts';
import { followsFromParent, OtlpContext } from './otlpDetails.ts';
import { kindOf, statusOf } from './otlpEnums.ts';
import { countGenAiMessages, isOtherSignal } from './otlpOtherSignals.ts';
import { readOtlpTime } from './otlpTime.ts';
import type { IdTexts } from './spanIdText.ts';
import { asArray, asText, blankRecord, isObject, type JsonObject, type SpanCollector } from './traceCollector.ts';
import { WarningList } from './warningList.ts';

const spansFields = ['resourceSpans', 'resource_spans', 'batches'] as const;
const scopesFields = ['scopeSpans', 'scope_spans'] as const;
const oldScopesFields = ['instrumentationLibrarySpans', 'instrumentation_library_spans'] as const;
const fieldsOfResource: ReadonlySet<string> = new Set([
  ...[...scopesFields, ...oldScopesFields, 'resource', 'schemaUrl', 'schema_url'],
]);
/** What responses wrap a trace in. Tracetest has both, one in the other. */
const wrapperFields = ['trace', 'result'] as const;
const deepestWrapper = 5;

export function isOtlp(value: unknown, depth: number): boolean {
  if (depth > deepestWrapper) return false;
  if (Array.isArray(value)) return isOtlp(value.find(isObject), depth + 1);
  if (!isObject(value)) return false;
  if (resourceSpansOf(value) || isOtherSignal(value) || isLone(value)) return true;
  return wrapperFields.some((field) => isOtlp(value[field], depth + 1));
}

/** Undefined where the value itself has none. */
function resourceSpansOf(value: JsonObject): readonly unknown[] | undefined {
  const list = listIn(value, spansFields);
  // Jaeger's own model has batches too, each of a process and spans.
  if (list && (!Array.isArray(value.batches) || list.length === 0 || list.some(isResourceSpans))) return list;
  return isResourceSpans(value) ? [value] : undefined;
}

function isResourceSpans(value: unknown): boolean {
  return isObject(value) && (listIn(value, scopesFields) ?? listIn(value, oldScopesFields)) !== undefined;
}

/** A span, or a scope with its spans, whose surroundings are gone. */
function isLone(value: JsonObject): boolean {
  const { spans } = value;
  return isLoneSpan(value) || (Array.isArray(spans) && isLoneSpan(spans.find(isObject)));
}

/** MLflow's spans have nanoseconds too, and attributes of their own. */
function isLoneSpan(value: unknown): boolean {
  if (!isObject(value) || value.context !== undefined || !isText(spanIdOf(value))) return false;
  const isTimed = (value.startTimeUnixNano ?? value.start_time_unix_nano) !== undefined;
  return isTimed && isText(value.traceId ?? value.trace_id) && !holdsMlflowKey(value.attributes);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** The first of these fields that is a list; one with items before an empty one. */
function listIn(value: JsonObject, fields: readonly string[]): readonly unknown[] | undefined {
  const lists = fields.map((field) => value[field]).filter((list) => Array.isArray(list));
  return lists.find((list) => list.length > 0) ?? lists[0];
}

/**
 * Reads values of OTLP. Where the spans come from, as objects or as bytes, is the business of who extends this: `Source` is
 * what their details are read from later.
 */
export abstract class OtlpReading<Source> {
  readonly ids: IdTexts;
  readonly #collector: SpanCollector<Source, OtlpContext>;
  readonly #warnings = new WarningList();
  readonly #dropped = new Map<string, DroppedCounts>();
  readonly #reasons: string[] = [];
  #genAiMessages = 0;
  readonly #record = blankRecord();
  readonly #start: TimePoint = { ...unknownTime };
  readonly #end: TimePoint = { ...unknownTime };
  #traceIdSource: unknown;
  #traceId = '';

  constructor(ids: IdTexts, collector: SpanCollector<Source, OtlpContext>) {
    this.ids = ids;
    this.#collector = collector;
    this.#record.start = this.#start;
    this.#record.end = this.#end;
  }

  result(reasons: readonly string[]): FormatRead {
    this.ids.settle();
    for (const [traceId, counts] of this.#dropped) {
      this.#collector.collection(traceId).reasons.push(droppedSentence(counts));
    }
    return {
      traces: this.#collector.build([...reasons, ...this.#reasons]),
      warnings: this.#warnings.toArray(),
      skipped: this.#warnings.count('unreadable-span'),
    };
  }

  addValue(value: unknown): void {
    if (!this.#readWrapped(value, 0)) this.#noteUnknown();
  }

  #noteUnknown(): void {
    this.#warnings.add('unknown-value', (count) =>
      count === 1
        ? '1 value of the file is no OTLP and was left out.'
        : `${count} values of the file are no OTLP and were left out.`,
    );
  }

  /** Whether anything of OTLP was found. */
  #readWrapped(value: unknown, depth: number): boolean {
    if (depth > deepestWrapper) return false;
    if (Array.isArray(value)) {
      for (const item of value) {
        if (!this.#readWrapped(item, depth + 1) && depth === 0) this.addValue(undefined);
      }
      return true;
    }
    if (!isObject(value)) return false;
    const resourceSpans = resourceSpansOf(value);
    if (isOtherSignal(value)) this.#noteOtherSignal(value);
    else if (!resourceSpans) {
      if (isLone(value)) this.#readScope(isLoneSpan(value) ? { spans: [value] } : value, undefined);
      else return this.#readWrapper(value, depth);
    }
    for (const item of resourceSpans ?? []) {
      if (isObject(item)) this.#readResource(item);
    }
    return true;
  }

  #readWrapper(value: JsonObject, depth: number): boolean {
    const found = wrapperFields.filter((field) => this.#readWrapped(value[field], depth + 1)).length > 0;
    // Tempo's TraceByIDResponse.
    if (found && value.status === 'PARTIAL') {
      const message = asText(value.message);
      this.#reasons.push(`The server answered with a part of the trace only${message ? `: ${message}` : ''}.`);
    }
    return found;
  }

  #noteOtherSignal(value: JsonObject): void {
    this.#genAiMessages += countGenAiMessages(value);
    this.#warnings.add('other-signals', (count) => {
      const what =
        count === 1 ? '1 batch of logs, metrics or profiles was' : `${count} batches of logs, metrics or profiles were`;
      if (this.#genAiMessages === 0) return `${what} left out: this reads traces.`;
      const messages = this.#genAiMessages === 1 ? '1 GenAI message' : `${this.#genAiMessages} GenAI messages`;
      return `${what} left out: this reads traces. Their log records hold ${messages}, which the spans do not show.`;
    });
  }

  #readResource(resourceSpans: JsonObject): void {
    const scopes = listIn(resourceSpans, scopesFields);
    const oldScopes = listIn(resourceSpans, oldScopesFields) ?? [];
    const preferred = scopes && scopes.length > 0 ? scopes : oldScopes;
    for (const scope of preferred) {
      if (isObject(scope)) this.#readScope(scope, resourceSpans.resource);
    }
    if (preferred.length === 0 && isLone(resourceSpans)) this.#readWrapped(resourceSpans, 1);
    else if (hasUnknownList(resourceSpans)) this.#noteUnknown();
    if (preferred !== oldScopes) this.noteOldScopes(oldScopes, preferred);
  }

  /**
   * While the field was renamed, senders could write spans under both names, and OTLP has readers ignore the old one then.
   * What is under the old one alone is told of.
   */
  protected noteOldScopes(oldScopes: readonly unknown[], scopes: readonly unknown[]): void {
    if (oldScopes.length === 0) return;
    const ids = new Set(this.#idsIn(scopes));
    for (const id of this.#idsIn(oldScopes)) {
      if (ids.has(id)) continue;
      this.#warnings.add(
        'old-scope-field',
        (count) =>
          `${count} ${count === 1 ? 'span stands' : 'spans stand'} only under instrumentationLibrarySpans beside scopeSpans; left out, as OTLP has it.`,
      );
    }
  }

  #idsIn(scopes: readonly unknown[]): string[] {
    return scopes.filter(isObject).flatMap((scope) => this.idsOf(asArray(scope.spans)));
  }

  /** The ids of those of these spans that are objects, as `ids` reads them. */
  protected idsOf(spans: readonly unknown[]): string[] {
    return spans.filter(isObject).map((span) => this.ids.read(spanIdOf(span)));
  }

  #readScope(scopeSpans: JsonObject, resource: unknown): void {
    const scope = scopeSpans.scope ?? scopeSpans.instrumentationLibrary ?? scopeSpans.instrumentation_library;
    const context = new OtlpContext(resource, scope, this.ids);
    const contextNumber = this.#collector.addContext(context);
    this.#record.serviceName = context.serviceName;
    if (!Array.isArray(scopeSpans.spans) && hasOtherList(scopeSpans)) this.#noteUnknown();
    this.addSpans(asArray(scopeSpans.spans), contextNumber, context);
  }

  /** Adds each of these spans. */
  protected abstract addSpans(spans: readonly unknown[], contextNumber: number, context: OtlpContext): void;

  /** `sourceOf` gives what the details are read from later. */
  protected addSpan(span: unknown, context: number, sourceOf: (span: JsonObject) => Source): void {
    if (!isObject(span) || !saysAnything(span)) {
      this.#warnings.add(
        'unreadable-span',
        (count) => `${count} ${count === 1 ? 'entry' : 'entries'} among the spans could not be read and were left out.`,
      );
      return;
    }
    const traceId = this.#traceIdOf(span);
    const parentSpanId = this.ids.read(span.parentSpanId ?? span.parent_span_id);
    const record = this.#record;
    record.spanId = this.ids.read(spanIdOf(span));
    record.parentSpanId = parentSpanId === '' ? undefined : parentSpanId;
    record.name = asText(span.name) ?? '';
    record.kind = kindOf(span.kind) ?? 'unspecified';
    const { status } = span;
    record.status = statusOf(isObject(status) ? status.code : status) ?? 'unset';
    readOtlpTime(span.startTimeUnixNano ?? span.start_time_unix_nano, this.#start);
    readOtlpTime(span.endTimeUnixNano ?? span.end_time_unix_nano, this.#end);
    if (this.#end.seconds === 0 && this.#end.nanos === 0) this.#end.seconds = NaN;
    record.followsFrom = parentSpanId !== '' && followsFromParent(span, parentSpanId, this.ids);
    this.#collector.add(traceId, record, sourceOf(span), context);
    this.#addDropped(traceId, span);
  }

  /** Spans of one trace mostly follow one another. */
  #traceIdOf(span: JsonObject): string {
    const source = span.traceId ?? span.trace_id;
    if (source !== this.#traceIdSource) {
      this.#traceIdSource = source;
      this.#traceId = this.ids.read(source);
    }
    return this.#traceId;
  }

  #addDropped(traceId: string, span: JsonObject): void {
    // A look at a field that is nearly never there costs as much as at any other.
    const isSnakeCase = span.spanId === undefined;
    const attributes = isSnakeCase ? span.dropped_attributes_count : span.droppedAttributesCount;
    const events = isSnakeCase ? span.dropped_events_count : span.droppedEventsCount;
    const links = isSnakeCase ? span.dropped_links_count : span.droppedLinksCount;
    if (!attributes && !events && !links) return;
    const counts = this.#dropped.get(traceId) ?? { attribute: 0, event: 0, link: 0 };
    counts.attribute += countOf(attributes);
    counts.event += countOf(events);
    counts.link += countOf(links);
    if (counts.attribute + counts.event + counts.link > 0) this.#dropped.set(traceId, counts);
  }
}

function hasUnknownList(resourceSpans: JsonObject): boolean {
  for (const key in resourceSpans) {
    if (!fieldsOfResource.has(key) && Array.isArray(resourceSpans[key])) return true;
  }
  return false;
}

function hasOtherList(scopeSpans: JsonObject): boolean {
  return Object.values(scopeSpans).some((value) => Array.isArray(value) && value.length > 0);
}

function spanIdOf(span: JsonObject): unknown {
  return span.spanId ?? span.span_id;
}

function saysAnything(span: JsonObject): boolean {
  const { name, startTimeUnixNano, start_time_unix_nano } = span;
  return (spanIdOf(span) ?? name ?? startTimeUnixNano ?? start_time_unix_nano) !== undefined;
}

export interface DroppedCounts {
  attribute: number;
  event: number;
  link: number;
}

function countOf(value: unknown): number {
  const count = Number(value);
  return count > 0 && Number.isSafeInteger(count) ? count : 0;
}

/** "12 attributes and 1 link were dropped by the SDK." */
export function droppedSentence(counts: DroppedCounts): string {
  const total = counts.attribute + counts.event + counts.link;
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  const list = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0];
  return `${list} ${total === 1 ? 'was' : 'were'} dropped by the SDK.`;
}
