import type { FormatName } from '../../src/core.ts';

// Finds spans in a damaged text by brackets alone. It shares nothing with the readers that it is to judge.

type Fields = Record<string, unknown>;

export interface WholeSpan {
  /** Undefined where the format has none. */
  id: string | undefined;
  name: string;
}

/** What a span of each format says for certain, where it is whole. Undefined for what is none. */
const spans: Readonly<Record<FormatName, (value: Fields) => WholeSpan | undefined>> = {
  json: (v) =>
    timed(v, 'start_time') && !('status_code' in v) && !isOfOther(v) ? named(v.span_id, v.name) : undefined,
  jaeger: (v) => (timed(v, 'startTime') && text(v.traceID) ? named(v.spanID, v.operationName) : undefined),
  otlp: (v) => (timed(v, 'startTimeUnixNano') && text(v.traceId) ? named(v.spanId, v.name) : undefined),
  zipkin: (v) => (timed(v, 'timestamp') && text(v.traceId) ? named(v.id, v.name) : undefined),
  chrome: (v) =>
    (v.ph === 'X' || v.ph === 'B') && typeof v.ts === 'number' && text(v.name)
      ? { id: undefined, name: text(v.name)! }
      : undefined,
  langfuse: (v) =>
    v.type === 'GENERATION' && timed(v, 'startTime') && text(v.traceId) ? named(v.id, v.name) : undefined,
  langsmith: (v) =>
    v.run_type === 'chain' && timed(v, 'start_time') && text(v.trace_id) ? named(v.id, v.name) : undefined,
  phoenix: (v) =>
    text(v.span_kind) && timed(v, 'start_time') && !isOfOther(v)
      ? (named(inContext(v, 'context', 'trace_id') && inContext(v, 'context', 'span_id'), v.name) ??
        named(v.span_id, v.name))
      : undefined,
  mlflow: (v) =>
    timed(v, 'start_time_unix_nano') && hasMlflowKey(v.attributes) ? named(v.span_id, v.name) : undefined,
  opik: (v) => (v.type === 'llm' && timed(v, 'start_time') && text(v.trace_id) ? named(v.id, v.name) : undefined),
  'openai-agents': (v) =>
    v.object === 'trace.span' && timed(v, 'started_at') && text(v.trace_id) && isFields(v.span_data)
      ? named(v.id, v.span_data.name)
      : undefined,
  'otel-console': (v) =>
    (v.start_time && text(inContext(v, 'context', 'trace_id')) && !('span_kind' in v) && !('status_code' in v)
      ? named(inContext(v, 'context', 'span_id'), v.name)
      : undefined) ??
    (v.StartTime ? named(inContext(v, 'SpanContext', 'SpanID'), v.Name) : undefined) ??
    (v.startTime ? named(inContext(v, 'spanContext', 'spanId'), v.name) : undefined) ??
    (isPair(v.startTime) && text(v.traceId) ? named(v.spanId, v.name) : undefined) ??
    (typeof v.timestamp === 'number' && isFields(v.attributes) && isFields(v.status) && text(v.traceId)
      ? named(v.id, v.name)
      : undefined),
};

/** Half a span of one format and half of another is whole in none. */
function isOfOther(value: Fields): boolean {
  return 'startTimeUnixNano' in value || 'start_time_unix_nano' in value || 'run_type' in value;
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'number');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timed(value: Fields, key: string): boolean {
  return (typeof value[key] === 'string' && value[key] !== '') || typeof value[key] === 'number';
}

function named(id: unknown, name: unknown): WholeSpan | undefined {
  const whole = text(id);
  return whole === undefined || typeof name !== 'string' ? undefined : { id: whole, name };
}

function inContext(value: Fields, field: string, key: string): unknown {
  const context = value[field];
  return isFields(context) ? context[key] : undefined;
}

function hasMlflowKey(attributes: unknown): boolean {
  return isFields(attributes) && Object.keys(attributes).some((key) => key.startsWith('mlflow.'));
}

/** The spans that stand whole in a text, whatever is around them. What stands within a span is of that span. */
export function wholeSpans(source: string, format: FormatName): WholeSpan[] {
  const found: WholeSpan[] = [];
  const asJson = strictlyParsed(source);
  // Where the whole text is JSON, JSON says what is in it: of two equal keys the last.
  if (asJson !== undefined) {
    collect(asJson, format, found);
    return found;
  }
  for (let at = source.indexOf('{'); at >= 0; ) {
    const end = closingBrace(source, at);
    const piece = end < 0 ? undefined : source.slice(at, end + 1);
    const value = piece && strictlyParsed(piece);
    const meant = value ?? (piece && strictlyParsed(mended(piece)));
    const before = found.length;
    // What is no span may hold some; those are come upon as the scan goes on.
    const isOpaque = isFields(meant) && claimsToBeSpan(meant);
    if (isFields(value) && spans[format](value) && !/"span"\s*:\s*$/.test(source.slice(0, at)))
      collect(value, format, found);
    at = source.indexOf('{', isOpaque || found.length > before ? end + 1 : at + 1);
  }
  return found;
}

export function wholeSpansOfValue(value: unknown, format: FormatName): WholeSpan[] {
  const found: WholeSpan[] = [];
  collect(value, format, found);
  return found;
}

function collect(value: unknown, format: FormatName, found: WholeSpan[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, format, found);
  if (!isFields(value)) return;
  const span = holdsSpans(value) ? undefined : spans[format](value);
  if (span) {
    found.push(span);
    collect(value.child_runs, format, found);
  } else if (format === 'langsmith' && text(value.run_type)) {
    // A run that lost its id is still one: what is not among its children is its own.
    collect(value.child_runs, format, found);
  } else if (!claimsToBeSpan(value)) {
    // Jaeger's references may hold a copy of the span that they name, which is no span of the file.
    // OTLP has readers ignore the old list of scopes beside the new one; that it was left out is told in a warning.
    const hasScopes = Array.isArray(value.scopeSpans) && value.scopeSpans.length > 0;
    for (const key of Object.keys(value)) {
      if (key === 'references' || (key === 'instrumentationLibrarySpans' && hasScopes)) continue;
      collect(value[key], format, found);
    }
  }
}

/** What has a list of spans is a trace, and what has one of traces is a page, whatever else it says of itself. */
function holdsSpans({ spans, data, scopeSpans, resourceSpans }: Fields): boolean {
  if (Array.isArray(scopeSpans) || Array.isArray(resourceSpans)) return true;
  return Array.isArray(spans) || Array.isArray(data) || (isFields(data) && Array.isArray(data.spans));
}

/** Whether it has a span's id, even one that says nothing: then all in it is its own. */
function claimsToBeSpan(value: Fields): boolean {
  const context = isFields(value.context) ? value.context : value;
  return ['spanID', 'spanId', 'span_id'].some(
    (key) => typeof value[key] === 'string' || typeof context[key] === 'string',
  );
}

/** Without what readers may read as meant: unknown escapes, raw line breaks, a comma before a closing bracket. */
function mended(source: string): string {
  return source
    .replace(/\\(?:u[0-9a-fA-F]{4}|(.))/gs, (all, one?: string) =>
      one && !'"\\/bfnrt'.includes(one) ? `\\${all}` : all,
    )
    .replace(/\p{Cc}/gu, ' ')
    .replace(/,(\s*[}\]])/g, '$1');
}

function strictlyParsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

/** -1 where the object that begins at `from` is never closed. */
function closingBrace(source: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let at = from; at < source.length; at++) {
    const character = source[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return -1;
}
