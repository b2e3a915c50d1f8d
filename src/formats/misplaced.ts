import type { Trace } from '../model/trace.ts';
import type { FormatRead, TraceFormat } from './format.ts';
import { IdTexts } from './spanIdText.ts';
import { isSpanLike, spanLists, wrappers } from './spanShape.ts';
import { asText, isObject, type JsonObject } from './traceCollector.ts';

// Spans that stand where no format has them: below a key of somebody's own, in a log record, under a name with a letter wrong.

/** What a format's own reader skips, and so may hold spans. */
const skipped: ReadonlySet<string> = new Set(['unknown-value', 'unreadable-record', 'unreadable-span']);

/** Beyond, a file is of something else. */
const mostParts = 2_000_000;

/**
 * The parts of values that a format knows, where none knows the values themselves: an answer of an API wrapped once more, a log
 * record with an export as text in it. All of the format of the first.
 */
export function partsOfKnownFormat(
  values: readonly unknown[],
  formats: readonly TraceFormat[],
): { format: TraceFormat; parts: unknown[] } | undefined {
  let format: TraceFormat | undefined;
  const parts: unknown[] = [];
  visit(values, (part) => {
    const found = format ? (format.detect(part) ? format : undefined) : formats.find((known) => known.detect(part));
    if (!found) return true;
    format = found;
    parts.push(part);
    return false;
  });
  return format && { format, parts };
}

/** Whether a reader may have come by spans that it did not read. */
export function hasPassedOver({ traces, warnings }: FormatRead): boolean {
  return (
    traces.length === 0 ||
    warnings.some(({ code }) => skipped.has(code)) ||
    traces.some(({ spanCount }) => spanCount === 0)
  );
}

/**
 * Spans of the format that a reader came by but did not read, since what surrounds them is not as it should be. Only looked for
 * where the text was damaged, or the reader skipped something.
 */
export function lostSpans(
  values: readonly unknown[],
  isDamaged: boolean,
  format: TraceFormat,
  read: FormatRead,
): JsonObject[] {
  if (!isDamaged && !hasPassedOver(read)) return [];
  const known = new KnownSpans(read.traces, format.name === 'mlflow');
  const lost: JsonObject[] = [];
  visit(values, (part) => {
    if (!isSpanOf(part, format)) return true;
    if (known.has(part as JsonObject)) return listsWithin(part as JsonObject, format);
    lost.push(part as JsonObject);
    return false;
  });
  return lost;
}

/** The spans that were read, by the ids that a file gives them. */
class KnownSpans {
  readonly #ids = new IdTexts(true);
  readonly #byTrace = new Map<string, Set<string>>();

  readonly #hasOwnTraceIds: boolean;

  /** `hasOwnTraceIds`: whether traces go by other ids than their spans name. */
  constructor(traces: readonly Trace[], hasOwnTraceIds: boolean) {
    this.#hasOwnTraceIds = hasOwnTraceIds;
    for (const trace of traces) {
      const spans = new Set<string>();
      for (const span of trace) spans.add(span.spanId.toLowerCase());
      this.#byTrace.set(trace.traceId.toLowerCase(), spans);
    }
  }

  /** Two traces may have spans of one id. */
  has(part: JsonObject): boolean {
    const span = isObject(part._source) ? part._source : part;
    const id = idIn(span, spanIdFields) ?? asText(span.id) ?? '';
    if (id === '') return true;
    const traceId = this.#hasOwnTraceIds ? undefined : idIn(span, traceIdFields);
    const sets =
      traceId === undefined
        ? [...this.#byTrace.values()]
        : this.#spellings(traceId).map((spelling) => this.#byTrace.get(spelling));
    const spellings = this.#spellings(id);
    return sets.some((spans) => spans && spellings.some((spelling) => spans.has(spelling)));
  }

  #spellings(id: string): string[] {
    return [this.#ids.read(id).toLowerCase(), id.toLowerCase()];
  }
}

/**
 * Where in a span that was read others may stand: in LangSmith's runs below `child_runs`, which in a damaged file has a letter
 * wrong, but not in what a run was given and gave. In others in lists of spans, which a span has where its file is damaged.
 */
function listsWithin(span: JsonObject, format: TraceFormat): unknown[] {
  const isLangSmith = format.name === 'langsmith';
  return Object.keys(span).flatMap((key) => {
    const list = span[key];
    if (!Array.isArray(list)) return [];
    if (isLangSmith) return contentOfRuns.has(key) ? [] : [list];
    const isOnTheWay = spanLists.has(key) || wrappers.has(key);
    return isOnTheWay || list.some((item) => isSpanOf(item, format)) ? [list] : [];
  });
}

/** An evaluator is given the run that it judges, and that is none of the trace. */
const contentOfRuns: ReadonlySet<string> = new Set(['inputs', 'outputs', 'extra', 'events', 'serialized']);

function isSpanOf(value: unknown, format: TraceFormat): boolean {
  return isSpanLike(value) && format.detect(value as object);
}

const spanIdFields = ['span_id', 'spanId', 'spanID', 'SpanID', 'context.span_id'];
const traceIdFields = ['trace_id', 'traceId', 'traceID', 'TraceID', 'context.trace_id'];

function idIn(span: JsonObject, fields: readonly string[]): string | undefined {
  const inside = ['context', 'spanContext', '_spanContext', 'SpanContext'].map((field) => span[field]).filter(isObject);
  for (const holder of [span, ...inside]) {
    for (const field of fields) {
      const id = asText(holder[field]);
      if (id) return id;
    }
  }
  return undefined;
}

/**
 * Calls `look` for each object and array, outer before inner and in the order of the file, and goes into those for which it
 * says so, or into what it gives of them. Texts that hold JSON are read. Each part once, as an object that a program made may hold itself.
 */
function visit(values: readonly unknown[], look: (part: object) => boolean | readonly unknown[]): void {
  const seen = new Set<object>();
  const open: unknown[] = values.slice().reverse();
  while (open.length > 0 && seen.size < mostParts) {
    const value = open.pop();
    const part = typeof value === 'string' ? jsonIn(value) : value;
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || seen.has(part)) continue;
    seen.add(part);
    const goesOn = look(part);
    if (goesOn === false) continue;
    const inner = goesOn === true ? (Array.isArray(part) ? part : Object.values(part)) : goesOn;
    for (let at = inner.length - 1; at >= 0; at--) open.push(inner[at]);
  }
}

function jsonIn(text: string): unknown {
  if (text.length < 20 || !/^\s{0,9}[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
