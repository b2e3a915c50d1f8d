import { statusCode } from '../model/columns.ts';
import { completenessOf } from '../model/completeness.ts';
import type { Attributes, AttributeValue, SpanLink } from '../model/details.ts';
import type { Span, SpanEvent, Trace } from '../model/trace.ts';
import type { ParseWarning } from '../model/warnings.ts';
import type { JaegerOptions } from './jaegerWriter.ts';
import { nestedLosses } from './nestedValues.ts';
import { movedSpans, writeResourceAttributes } from './otlpWriter.ts';
import { deepestInText } from './pythonText.ts';

/** What a trace can be written as. */
export type ExportFormat = 'json' | 'jaeger' | 'otlp';

/**
 * What the writer of a format leaves out, or puts so that it reads back otherwise: one warning for each kind, with its
 * count and the first span concerned. Empty where the file reads back as the same trace, which for `json` is always.
 *
 * - `ok-status`: Jaeger has no word for ok; with `statusTags: 'all'` it is kept.
 * - `nested-integer`, `deep-nesting`: Jaeger has no lists and maps; in their texts bigints within 2^53 are numbers, and nested more
 *   than a hundred deep they stay text.
 * - `completeness`: Jaeger and OTLP have no place for what a file said of spans that are missing.
 * - `empty-trace`, `span-order`, `service-in-resource`, `parent-link`: see `toOtlp`.
 * - `early-time`: an end or an event at the first moment of 1970, which OTLP writes as 0 and takes for none; or a time before it,
 *   which no strict reader takes.
 * - `wide-integer`: an integer or a time of more than 64 bits, which is read back here, but by no strict reader of OTLP.
 * - `invalid-id`: an id that is not 16 or 32 hex digits, which is read back here, but by no strict reader of OTLP.
 */
export function exportWarnings(trace: Trace, format: ExportFormat, options: JaegerOptions = {}): ParseWarning[] {
  if (format === 'json') return [];
  return [
    ...(format === 'jaeger' ? jaegerWarnings(trace, options) : otlpWarnings(trace)),
    ...completenessWarning(trace),
  ];
}

function jaegerWarnings(trace: Trace, { statusTags = 'errors' }: JaegerOptions): ParseWarning[] {
  const { status } = trace.columns;
  const isUntoldOk = ({ index }: Span) => statusTags !== 'all' && status[index] === statusCode.ok;
  return [
    ...warningOf(
      trace,
      'ok-status',
      isUntoldOk,
      (count) => `${spans(count)} with status ok: Jaeger has no word for it, and it reads back as unset.`,
    ),
    ...warningOf(
      trace,
      'nested-integer',
      (span) => structures(span).some(([value, depth]) => nestedLosses(value, deepestInText, depth).smallBigint),
      (count) =>
        `${spans(count)} with 64-bit integers in lists or maps: Jaeger holds these as text, and the integers read back as numbers.`,
    ),
    ...warningOf(
      trace,
      'deep-nesting',
      (span) => structures(span).some(([value, depth]) => nestedLosses(value, deepestInText, depth).tooDeep),
      (count) =>
        `${spans(count)} with values nested more than ${deepestInText} deep: Jaeger holds these as text, and they read back as text.`,
    ),
  ];
}

/** What of a span is written as text where it is a list or map, and how deep it stands in that. */
function structures({ attributes, events, links, resource, scope }: Span): [value: AttributeValue, depth: number][] {
  const flat = [attributes, resource, ...events.map((event) => event.attributes)].flatMap(Object.values);
  const nested: [AttributeValue, number][] = links.map((link) => [link.attributes, 2]);
  if (scope?.attributes) nested.push([scope.attributes, 0]);
  for (const value of flat) if (typeof value === 'object') nested.push([value, 0]);
  return nested;
}

function otlpWarnings(trace: Trace): ParseWarning[] {
  if (trace.spanCount === 0) {
    const message = 'A trace without spans has no place in OTLP: what is written cannot be read back.';
    return [{ code: 'empty-trace', message, count: 1, traceId: trace.traceId }];
  }
  const moved = movedSpans(trace);
  const order: ParseWarning = {
    code: 'span-order',
    message: `${spans(moved)} at another place than in the file: OTLP groups spans by resource and scope.`,
    count: moved,
    traceId: trace.traceId,
  };
  return [
    ...warningOf(
      trace,
      'invalid-id',
      hasInvalidId,
      (count) =>
        `${spans(count)} with an id that is not of 16 hex digits (of a trace: 32), which OTLP asks for; kept as it is.`,
    ),
    ...warningOf(
      trace,
      'service-in-resource',
      isGivenService,
      (count) =>
        `${spans(count)} whose service is not named by the resource: OTLP has no other place, and the resource gets it.`,
    ),
    ...warningOf(
      trace,
      'parent-link',
      followsFromByLink,
      (count) =>
        `${spans(count)} with a link that says that it follows from its own parent: it reads back as following from it.`,
    ),
    ...warningOf(
      trace,
      'early-time',
      hasEarlyTime,
      (count) => `${spans(count)} with times of 1970's first moment or before: OTLP takes a time of 0 for none.`,
    ),
    ...warningOf(
      trace,
      'wide-integer',
      hasWideInteger,
      (count) => `${spans(count)} with integers of more than 64 bits, which OTLP has no place for; kept as they are.`,
    ),
    ...(moved > 0 ? [order] : []),
  ];
}

function completenessWarning({ columns, completeness, traceId }: Trace): ParseWarning[] {
  const found = completenessOf(columns, { expectedSpans: undefined }).reasons;
  const lost = completeness.reasons.filter((reason) => !found.includes(reason));
  if (lost.length === 0) return [];
  const message = `The file has no place for why the trace is not whole: ${lost.join(' ')}`;
  return [{ code: 'completeness', message, count: lost.length, traceId }];
}

function warningOf(
  trace: Trace,
  code: string,
  concerns: (span: Span) => boolean,
  messageOf: (count: number) => string,
): ParseWarning[] {
  let count = 0;
  let first: Span | undefined;
  for (const span of trace) {
    if (!concerns(span)) continue;
    first ??= span;
    count++;
  }
  if (!first) return [];
  return [{ code, message: messageOf(count), count, traceId: trace.traceId, spanId: first.key }];
}

function spans(count: number): string {
  return count === 1 ? '1 span is written' : `${count.toLocaleString('en')} spans are written`;
}

function hasInvalidId({ traceId, spanId, parentSpanId }: Span): boolean {
  const isValid = (id: string, digits: number) => id.length === digits && /^[\da-f]+$/i.test(id) && !/^0+$/.test(id);
  return !isValid(traceId, 32) || !isValid(spanId, 16) || (parentSpanId !== undefined && !isValid(parentSpanId, 16));
}

function hasEarlyTime({ startTimeUnixNano, endTimeUnixNano = 1n, events }: Span): boolean {
  if (startTimeUnixNano < 0n || endTimeUnixNano <= 0n) return true;
  return events.some(({ timeUnixNano = 1n }) => timeUnixNano <= 0n);
}

function hasWideInteger({
  startTimeUnixNano,
  endTimeUnixNano = 0n,
  events,
  attributes,
  resource,
  scope,
  links,
}: Span): boolean {
  const times = [startTimeUnixNano, endTimeUnixNano, ...events.map(({ timeUnixNano = 0n }) => timeUnixNano)];
  if (times.some((time) => time >= 2n ** 64n)) return true;
  const all = [attributes, resource, scope?.attributes ?? {}, ...events.map(attributesOf), ...links.map(attributesOf)];
  return all.some((each) => nestedLosses(each, Infinity).wideInteger);
}

function attributesOf({ attributes }: SpanEvent | SpanLink): Attributes {
  return attributes;
}

function isGivenService(span: Span): boolean {
  const { resource } = span;
  const name = writeResourceAttributes(span).find(({ key }) => key === 'service.name')?.value.stringValue;
  return name !== undefined && resource['service.name'] !== name;
}

function followsFromByLink({ followsFrom, links, traceId, parentSpanId }: Span): boolean {
  if (followsFrom || parentSpanId === undefined) return false;
  return links.some(
    (link) => link.refType === 'FOLLOWS_FROM' && link.traceId === traceId && link.spanId === parentSpanId,
  );
}
