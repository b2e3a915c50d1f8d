'use client';

import { useMemo } from 'react';
import type { Attributes, AttributeValue } from '../model/details.ts';
import type { Span } from '../model/trace.ts';
import { isContainer, jsonText, parseJsonContainer } from './attributeText.ts';
import { JsonTree } from './JsonTree.tsx';
import { messages } from './messages.ts';

/** The span's record as the file has it. Where that was not kept, or is redacted, all that is held of it under the model's names. */
export function SpanSource({ span }: { span: Span }) {
  const { record, isWhole } = useMemo(() => {
    const kept = span.source;
    const read = typeof kept === 'string' ? parseJsonContainer(kept) : kept;
    return isContainer(read) ? { record: read, isWhole: true } : { record: spanSource(span), isWhole: false };
  }, [span]);
  const texts = messages.details;
  return (
    <>
      <p className="spanscope-quiet spanscope-source-note">{isWhole ? texts.sourceOfFile : texts.sourceOfModel}</p>
      <JsonTree value={record} label={texts.source} />
    </>
  );
}

/** As it is copied: the file's own text where there is one. */
export function sourceText(span: Span): string {
  const { source } = span;
  if (typeof source === 'string') return source;
  return jsonText(isContainer(source) ? source : spanSource(span));
}

export function spanSource(span: Span): Attributes {
  const known: Record<string, AttributeValue | undefined> = {
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    serviceName: span.serviceName,
    kind: span.kind,
    startTimeUnixNano: span.startTimeUnixNano,
    durationNanoseconds: span.duration,
    status: span.status,
    statusMessage: span.statusMessage,
    attributes: span.attributes,
    events: span.events.map(
      ({ name, timeUnixNano, attributes }): Attributes =>
        timeUnixNano === undefined ? { name, attributes } : { name, timeUnixNano, attributes },
    ),
    links: span.links.map((link): Attributes => ({ ...link })),
    resource: span.resource,
    scope: span.scope && { ...span.scope },
    issues: span.issues.length > 0 ? [...span.issues] : undefined,
  };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Attributes;
}

const baggagePrefix = 'baggage.';

export interface SplitAttributes {
  attributes: Attributes;
  /** What was carried along from service to service, under its own keys. */
  baggage: Attributes;
}

/** Attributes `baggage.x` and the events by which OpenTracing's clients log an item of baggage, apart from the others. */
export function withoutBaggage(span: Pick<Span, 'attributes' | 'events'>): SplitAttributes {
  const baggage: [string, AttributeValue][] = [];
  const attributes: [string, AttributeValue][] = [];
  for (const entry of Object.entries(span.attributes)) {
    if (entry[0].startsWith(baggagePrefix)) baggage.push([entry[0].slice(baggagePrefix.length), entry[1]]);
    else attributes.push(entry);
  }
  for (const event of span.events) {
    const { key, value } = event.attributes;
    if ((event.name === 'baggage' || event.attributes.event === 'baggage') && typeof key === 'string') {
      baggage.push([key, value ?? null]);
    }
  }
  if (baggage.length === 0) return { attributes: span.attributes, baggage: {} };
  // `fromEntries` defines its keys: one called `__proto__` is a key as any other.
  return { attributes: Object.fromEntries(attributes), baggage: Object.fromEntries(baggage) };
}
