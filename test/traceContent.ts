import type { Trace } from '../src/model/trace.ts';

/** All that a trace says, as plain values: two traces are the same where these are equal. */
export function contentOf(trace: Trace): object {
  return {
    traceId: trace.traceId,
    start: trace.startTimeUnixNano,
    duration: trace.duration,
    completeness: trace.completeness,
    spans: Array.from(trace, (span) => ({
      key: span.key,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      parentKey: span.parent?.key,
      sourceOrder: span.sourceOrder,
      name: span.name,
      serviceName: span.serviceName,
      kind: span.kind,
      status: span.status,
      statusMessage: span.statusMessage,
      start: span.startTimeUnixNano,
      end: span.endTimeUnixNano,
      followsFrom: span.followsFrom,
      issues: span.issues,
      attributes: span.attributes,
      events: span.events,
      links: span.links,
      resource: span.resource,
      scope: span.scope,
    })),
  };
}

/** Freezes a value and all within it, so that a change to it throws. Without recursion: values may be deep. */
export function deepFrozen<T>(value: T): T {
  const open: unknown[] = [value];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (typeof part !== 'object' || part === null || Object.isFrozen(part)) continue;
    Object.freeze(part);
    open.push(...Object.values(part).filter((inner) => inner !== undefined));
  }
  return value;
}
