import { isObject, type JsonObject } from './traceCollector.ts';

/** What the formats call a span's id, or the object that holds it. */
const idFields = [
  ...['span_id', 'spanId', 'spanID', 'id', 'context', 'spanContext', '_spanContext', 'SpanContext', 'context.span_id'],
];
const timeFields = [
  ...['start_time', 'startTime', 'startTimeUnixNano', 'start_time_unix_nano', 'timestamp', 'started_at', 'StartTime'],
  ...['startTimeMillis', 'end_time', 'endTime', 'duration', 'duration_ms', 'offset_ms'],
];

/** Lists of spans, by the key that they stand under. */
export const spanLists: ReadonlySet<string> = new Set([
  'spans',
  'observations',
  'runs',
  'traceEvents',
  'post',
  'patch',
]);

/** Arrays and objects on the way to those. */
export const wrappers: ReadonlySet<string> = new Set([
  ...['data', 'result', 'trace', 'traces', 'batches', 'hits', 'resourceSpans', 'resource_spans', 'scopeSpans'],
  ...['scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'],
]);

/** Whether a value looks like a span, whatever its format: it has an id and a time, or what only records of one format have. */
export function isSpanLike(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (typeof value.ph === 'string' || value.object === 'trace' || value.object === 'trace.span') return true;
  if (Object.hasOwn(value, '_source')) return isSpanLike(value._source);
  if (holdsSpanList(value)) return false;
  return hasOneOf(value, idFields) && hasOneOf(value, timeFields);
}

/** A trace has an id and a time too. */
function holdsSpanList(value: JsonObject): boolean {
  for (const key of spanLists) {
    const list = value[key];
    if (Array.isArray(list) && list.some(isObject)) return true;
  }
  return false;
}

function hasOneOf(value: JsonObject, fields: readonly string[]): boolean {
  return fields.some((field) => Object.hasOwn(value, field));
}

/** Whether an object is on the way to spans, as a trace or a resource with its spans. */
export function leadsToSpans(value: unknown): boolean {
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) {
    const list = value[key];
    if (!Array.isArray(list)) continue;
    const first: unknown = list.find(isObject);
    if (spanLists.has(key) && isSpanLike(first)) return true;
    if (wrappers.has(key) && (isSpanLike(first) || leadsToSpans(first))) return true;
  }
  return false;
}

/** What lies beside spans in files of every size, and holds none. */
const beside: ReadonlySet<string> = new Set(['resource', 'scope', 'processes', 'process', 'instrumentationLibrary']);

/**
 * Whether a span stands below a key that is not on the way to spans, as where a key has a letter wrong. Of spans themselves
 * and of their lists nothing is looked at.
 */
export function holdsSpansAside(value: unknown): boolean {
  const open: unknown[] = [value];
  const isAside: boolean[] = [false];
  // What a program made may hold itself.
  const seen = new Set<object>();
  while (open.length > 0) {
    const part = open.pop();
    const aside = isAside.pop()!;
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || seen.has(part)) continue;
    seen.add(part);
    if (isSpanLike(part)) {
      if (aside) return true;
      continue;
    }
    if (Array.isArray(part)) {
      for (const item of part) {
        open.push(item);
        isAside.push(aside);
      }
      continue;
    }
    for (const key of Object.keys(part)) {
      const inner = (part as JsonObject)[key];
      if (typeof inner !== 'object' || inner === null || beside.has(key) || (spanLists.has(key) && !aside)) continue;
      open.push(inner);
      isAside.push(aside || !wrappers.has(key));
    }
  }
  return false;
}
