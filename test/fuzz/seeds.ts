import { createRandom, type Random } from '../../samples/random.ts';
import type { FormatName } from '../../src/core.ts';

/** A file of one format to damage: as text, and as a program would hand it over. */
export interface Seed {
  format: FormatName;
  /** Which of the format's forms it is. */
  form: string;
  text: string;
}

/** A span before any format has it. Ids and names occur once in all seeds. */
interface Draft {
  id: string;
  traceId: string;
  parent: string | undefined;
  name: string;
  /** Milliseconds from the start of the run. */
  start: number;
  end: number;
  failed: boolean;
  text: string;
}

type Fields = Record<string, unknown>;

const epoch = Date.UTC(2026, 0, 1);
const iso = (milliseconds: number) => new Date(epoch + milliseconds).toISOString();
const micros = (milliseconds: number) => (epoch + milliseconds) * 1000;
const nanos = (milliseconds: number) => `${epoch + milliseconds}000000`;

/** What the texts of traces hold that readers stumble over. */
const texts = [
  'plain',
  'quote " and \\ backslash',
  'brackets ] } { [ in text',
  '{"span_id":"not a span","name":"text","start_time":1}',
  'line\nbreak\ttab',
  '😀 é ✓ \u2028',
  '',
  '"}],"spans":[{',
];

function drafts(random: Random): Draft[][] {
  return Array.from({ length: random.int(1, 3) }, () => {
    const traceId = random.hex(32);
    const spans: Draft[] = [];
    const count = random.int(2, 6);
    for (let at = 0; at < count; at++) {
      const start = random.int(0, 500);
      spans.push({
        id: random.hex(16),
        traceId,
        parent: at === 0 ? undefined : random.pick(spans).id,
        name: `step ${random.hex(8)}`,
        start,
        end: start + random.int(1, 500),
        failed: random.chance(0.2),
        text: random.pick(texts),
      });
    }
    return spans;
  });
}

const otlpValue = (value: string | number) =>
  typeof value === 'number' ? { intValue: String(value) } : { stringValue: value };
const otlpAttributes = (fields: Record<string, string | number>) =>
  Object.entries(fields).map(([key, value]) => ({ key, value: otlpValue(value) }));

function otlpSpan(span: Draft): Fields {
  return {
    traceId: span.traceId,
    spanId: span.id,
    ...(span.parent === undefined ? {} : { parentSpanId: span.parent }),
    name: span.name,
    kind: 1,
    startTimeUnixNano: nanos(span.start),
    endTimeUnixNano: nanos(span.end),
    attributes: otlpAttributes({ input: span.text, count: 3 }),
    events: [{ timeUnixNano: nanos(span.start), name: 'began', attributes: otlpAttributes({ note: span.text }) }],
    status: span.failed ? { code: 2, message: 'failed' } : {},
  };
}

const otlpResource = { attributes: otlpAttributes({ 'service.name': 'agent' }) };
const otlpResourceSpans = (spans: readonly Draft[]) => ({
  resource: otlpResource,
  scopeSpans: [{ scope: { name: 'sdk' }, spans: spans.map(otlpSpan) }],
});
const otlpFile = (traces: readonly Draft[][]) => ({ resourceSpans: traces.map(otlpResourceSpans) });

function jaegerSpan(span: Draft): Fields {
  return {
    traceID: span.traceId,
    spanID: span.id,
    operationName: span.name,
    references: span.parent ? [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parent }] : [],
    startTime: micros(span.start),
    duration: (span.end - span.start) * 1000,
    tags: [
      { key: 'input', type: 'string', value: span.text },
      { key: 'error', type: 'bool', value: span.failed },
    ],
    logs: [{ timestamp: micros(span.start), fields: [{ key: 'event', type: 'string', value: 'began' }] }],
    processID: 'p1',
    warnings: null,
  };
}

const jaegerTrace = (spans: readonly Draft[]) => ({
  traceID: spans[0]!.traceId,
  spans: spans.map(jaegerSpan),
  processes: { p1: { serviceName: 'agent', tags: [{ key: 'host', type: 'string', value: 'h1' }] } },
  warnings: null,
});

function plainSpan(span: Draft): Fields {
  return {
    span_id: span.id,
    parent_span_id: span.parent ?? null,
    name: span.name,
    start_time: iso(span.start),
    end_time: iso(span.end),
    duration_ms: span.end - span.start,
    status: span.failed ? 'error' : 'ok',
    attributes: { 'service.name': 'agent', input: span.text, nested: { list: [1, { deep: span.text }] } },
    events: [{ name: 'began', timestamp: iso(span.start), attributes: {} }],
  };
}

const plainTrace = (spans: readonly Draft[]) => ({ trace_id: spans[0]!.traceId, spans: spans.map(plainSpan) });

function zipkinSpan(span: Draft): Fields {
  return {
    traceId: span.traceId,
    id: span.id,
    ...(span.parent === undefined ? {} : { parentId: span.parent }),
    name: span.name,
    kind: 'CLIENT',
    timestamp: micros(span.start),
    duration: (span.end - span.start) * 1000,
    localEndpoint: { serviceName: 'agent' },
    annotations: [{ timestamp: micros(span.start), value: 'began' }],
    tags: { input: span.text, ...(span.failed ? { error: 'failed' } : {}) },
  };
}

/** One slice beside another on a thread of its own each, so that nesting plays no part. */
function chromeEvents(spans: readonly Draft[]): Fields[] {
  return spans.flatMap((span, tid) => {
    const shared = { name: span.name, cat: 'agent', pid: 1, tid };
    const args = { input: span.text };
    const ts = micros(span.start);
    if (!span.failed) return [{ ...shared, ph: 'X', ts, dur: (span.end - span.start) * 1000, args }];
    return [
      { ...shared, ph: 'B', ts, args },
      { ...shared, ph: 'E', ts: micros(span.end) },
    ];
  });
}

function langfuseObservation(span: Draft): Fields {
  return {
    id: span.id,
    traceId: span.traceId,
    type: 'GENERATION',
    name: span.name,
    startTime: iso(span.start),
    endTime: iso(span.end),
    parentObservationId: span.parent ?? null,
    model: 'gpt-4o',
    input: [{ role: 'user', content: span.text }],
    output: { role: 'assistant', content: span.text },
    level: span.failed ? 'ERROR' : 'DEFAULT',
    statusMessage: null,
    usageDetails: { input: 10, output: 2 },
  };
}

const langfuseTrace = (spans: readonly Draft[]) => ({
  id: spans[0]!.traceId,
  timestamp: iso(0),
  name: 'agent',
  observations: spans.map(langfuseObservation),
  scores: [],
});

function langsmithRun(span: Draft): Fields {
  return {
    id: span.id,
    trace_id: span.traceId,
    name: span.name,
    run_type: 'chain',
    start_time: iso(span.start).slice(0, -1),
    end_time: iso(span.end).slice(0, -1),
    parent_run_id: span.parent ?? null,
    inputs: { question: span.text },
    outputs: { answer: [span.text] },
    error: span.failed ? 'failed' : null,
    extra: { metadata: { ls_provider: 'openai' } },
    events: [{ name: 'start', time: iso(span.start) }],
  };
}

/** The runs of a trace within one another, as `child_runs` has them. */
function langsmithTree(spans: readonly Draft[]): Fields {
  const runs = new Map(spans.map((span) => [span.id, { ...langsmithRun(span), child_runs: [] as Fields[] }]));
  for (const span of spans) if (span.parent) runs.get(span.parent)!.child_runs.push(runs.get(span.id)!);
  return runs.get(spans[0]!.id)!;
}

function phoenixSpan(span: Draft): Fields {
  return {
    id: `U3Bhbjo${span.id}`,
    name: span.name,
    context: { trace_id: span.traceId, span_id: span.id },
    span_kind: 'LLM',
    parent_id: span.parent ?? null,
    start_time: iso(span.start),
    end_time: iso(span.end),
    status_code: span.failed ? 'ERROR' : 'OK',
    status_message: '',
    attributes: { 'input.value': span.text, 'llm.token_count.prompt': 3 },
    events: [{ name: 'began', timestamp: iso(span.start), message: span.text }],
  };
}

const phoenixTrace = (spans: readonly Draft[]) => ({
  id: 'VHJhY2U6MQ==',
  trace_id: spans[0]!.traceId,
  project_id: 'p',
  start_time: iso(0),
  spans: spans.map((span) => ({
    id: `U3Bhbjo${span.id}`,
    span_id: span.id,
    name: span.name,
    parent_id: span.parent ?? null,
    span_kind: 'CHAIN',
    status_code: 'OK',
    start_time: iso(span.start),
    end_time: iso(span.end),
  })),
});

function mlflowSpan(span: Draft): Fields {
  return {
    trace_id: span.traceId,
    span_id: span.id,
    parent_span_id: span.parent ?? '',
    name: span.name,
    start_time_unix_nano: nanos(span.start),
    end_time_unix_nano: nanos(span.end),
    status: { code: span.failed ? 'STATUS_CODE_ERROR' : 'STATUS_CODE_OK', message: '' },
    attributes: { 'mlflow.spanType': '"AGENT"', 'mlflow.spanInputs': JSON.stringify({ q: span.text }) },
    events: [],
  };
}

const mlflowTrace = (spans: readonly Draft[]) => ({
  info: {
    trace_id: `tr-${spans[0]!.traceId}`,
    request_time: iso(0),
    execution_duration: '1.2s',
    state: 'OK',
    trace_metadata: { 'mlflow.trace.session': 's1' },
    tags: {},
  },
  data: { spans: spans.map(mlflowSpan) },
});

const opikTrace = (spans: readonly Draft[]) => ({
  trace: { id: `trace-${spans[0]!.traceId}`, name: 'run', start_time: iso(0), end_time: iso(1000), input: { q: 1 } },
  spans: spans.map((span) => ({
    id: span.id,
    trace_id: `trace-${span.traceId}`,
    parent_span_id: span.parent ?? null,
    name: span.name,
    type: 'llm',
    start_time: iso(span.start),
    end_time: iso(span.end),
    input: { q: span.text },
    usage: { prompt_tokens: 1 },
    error_info: span.failed ? { exception_type: 'E', message: span.text } : null,
  })),
  downloaded_at: iso(2000),
  project_name: 'shop',
});

const agentsRecords = (spans: readonly Draft[]): Fields[] => [
  { object: 'trace', id: `trace_${spans[0]!.traceId}`, workflow_name: 'run', group_id: null },
  ...spans.map((span) => ({
    object: 'trace.span',
    id: span.id,
    trace_id: `trace_${span.traceId}`,
    parent_id: span.parent ?? null,
    started_at: iso(span.start),
    ended_at: iso(span.end),
    span_data: { type: 'function', name: span.name, input: span.text, output: span.text },
    error: span.failed ? { message: 'failed', data: null } : null,
  })),
];

function pythonSpan(span: Draft): Fields {
  return {
    name: span.name,
    context: { trace_id: `0x${span.traceId}`, span_id: `0x${span.id}`, trace_state: '[]' },
    kind: 'SpanKind.INTERNAL',
    parent_id: span.parent === undefined ? null : `0x${span.parent}`,
    start_time: iso(span.start),
    end_time: iso(span.end),
    status: { status_code: span.failed ? 'ERROR' : 'UNSET' },
    attributes: { input: span.text },
    events: [{ name: 'began', timestamp: iso(span.start), attributes: {} }],
    links: [],
    resource: { attributes: { 'service.name': 'agent' }, schema_url: '' },
  };
}

function goSpan(span: Draft): Fields {
  const context = (SpanID: string, TraceID = span.traceId) => ({ TraceID, SpanID, TraceFlags: '01', Remote: false });
  return {
    Name: span.name,
    SpanContext: context(span.id),
    Parent: span.parent === undefined ? context('0'.repeat(16), '0'.repeat(32)) : context(span.parent),
    SpanKind: 1,
    StartTime: iso(span.start),
    EndTime: iso(span.end),
    Attributes: [{ Key: 'input', Value: { Type: 'STRING', Value: span.text } }],
    Events: null,
    Links: null,
    Status: { Code: span.failed ? 'Error' : 'Unset', Description: '' },
    Resource: [{ Key: 'service.name', Value: { Type: 'STRING', Value: 'agent' } }],
  };
}

function scriptSpan(span: Draft): Fields {
  const seconds = Math.floor(epoch / 1000);
  return {
    name: span.name,
    kind: 0,
    spanContext: { traceId: span.traceId, spanId: span.id, traceFlags: 1 },
    parentSpanId: span.parent,
    startTime: [seconds, span.start * 1e6],
    endTime: [seconds, span.end * 1e6],
    status: { code: span.failed ? 2 : 0 },
    attributes: { 'ai.prompt': span.text },
    events: [],
    links: [],
  };
}

/** With the ids on the span, as who collects spans writes them. */
function flatScriptSpan(span: Draft): Fields {
  const { spanContext: _, ...rest } = scriptSpan(span);
  return { traceId: span.traceId, spanId: span.id, ...rest };
}

function printedScriptSpan(span: Draft): Fields {
  const { spanContext: _, parentSpanId, startTime: _start, endTime: _end, ...rest } = scriptSpan(span);
  const times = { timestamp: micros(span.start), duration: (span.end - span.start) * 1000 };
  return { traceId: span.traceId, parentId: parentSpanId, id: span.id, ...times, ...rest };
}

/** `indent` 0 for a file without white space. */
interface Form {
  format: FormatName;
  form: string;
  write(traces: readonly Draft[][], indent: number): string;
}

const whole = (make: (traces: readonly Draft[][]) => unknown) => (traces: readonly Draft[][], indent?: number) =>
  JSON.stringify(make(traces), null, indent);
const lines = (make: (traces: readonly Draft[][]) => readonly unknown[]) => (traces: readonly Draft[][]) =>
  `${make(traces)
    .map((value) => JSON.stringify(value))
    .join('\n')}\n`;

const forms: readonly Form[] = [
  { format: 'json', form: 'a trace', write: whole(([spans]) => plainTrace(spans!)) },
  { format: 'json', form: 'several traces', write: whole((traces) => traces.map(plainTrace)) },
  { format: 'json', form: 'a trace a line', write: lines((traces) => traces.map(plainTrace)) },
  {
    format: 'json',
    form: 'a span a line',
    write: lines((traces) => traces.flat().map((span) => ({ ...plainSpan(span), trace_id: span.traceId }))),
  },
  { format: 'jaeger', form: 'the API', write: whole((traces) => ({ data: traces.map(jaegerTrace), total: 0 })) },
  { format: 'jaeger', form: 'a trace', write: whole(([spans]) => jaegerTrace(spans!)) },
  { format: 'jaeger', form: 'a trace a line', write: lines((traces) => traces.map(jaegerTrace)) },
  {
    format: 'jaeger',
    form: 'documents of Elasticsearch',
    write: whole((traces) => ({
      hits: {
        hits: traces.flat().map((span) => ({
          _index: 'jaeger-span',
          _source: { ...jaegerSpan(span), process: { serviceName: 'agent', tags: [] } },
        })),
      },
    })),
  },
  { format: 'otlp', form: 'a request', write: whole(otlpFile) },
  { format: 'otlp', form: 'a request a line', write: lines((traces) => traces.map((spans) => otlpFile([spans]))) },
  {
    format: 'otlp',
    form: 'a span a line',
    write: lines((traces) => traces.flat().map((span) => otlpFile([[span]]))),
  },
  { format: 'otlp', form: 'batches', write: whole((traces) => ({ batches: traces.map(otlpResourceSpans) })) },
  { format: 'otlp', form: 'a result', write: whole((traces) => ({ result: otlpFile(traces) })) },
  { format: 'zipkin', form: 'a list', write: whole((traces) => traces.flat().map(zipkinSpan)) },
  { format: 'zipkin', form: 'a list of lists', write: whole((traces) => traces.map((spans) => spans.map(zipkinSpan))) },
  { format: 'chrome', form: 'an object', write: whole(([spans]) => ({ traceEvents: chromeEvents(spans!) })) },
  { format: 'chrome', form: 'a list', write: whole(([spans]) => chromeEvents(spans!)) },
  {
    format: 'chrome',
    form: 'a list that is never closed',
    write: ([spans]) =>
      `[\n${chromeEvents(spans!)
        .map((event) => `${JSON.stringify(event)},\n`)
        .join('')}`,
  },
  { format: 'langfuse', form: 'a trace', write: whole(([spans]) => langfuseTrace(spans!)) },
  {
    format: 'langfuse',
    form: 'a page',
    write: whole((traces) => ({ data: traces.flat().map(langfuseObservation), meta: { page: 1, totalPages: 1 } })),
  },
  {
    format: 'langfuse',
    form: 'an observation a line',
    write: lines((traces) => traces.flat().map(langfuseObservation)),
  },
  {
    format: 'langsmith',
    form: 'runs',
    write: whole((traces) => ({ runs: traces.flat().map(langsmithRun), cursors: {} })),
  },
  { format: 'langsmith', form: 'runs in one another', write: whole((traces) => traces.map(langsmithTree)) },
  { format: 'langsmith', form: 'a run a line', write: lines((traces) => traces.flat().map(langsmithRun)) },
  { format: 'phoenix', form: 'a span a line', write: lines((traces) => traces.flat().map(phoenixSpan)) },
  {
    format: 'phoenix',
    form: 'a page',
    write: whole((traces) => ({ data: traces.flat().map(phoenixSpan), next_cursor: null })),
  },
  {
    format: 'phoenix',
    form: 'a page of traces',
    write: whole((traces) => ({ data: traces.map(phoenixTrace), next_cursor: null })),
  },
  { format: 'mlflow', form: 'a trace', write: whole(([spans]) => mlflowTrace(spans!)) },
  { format: 'mlflow', form: 'several traces', write: whole((traces) => ({ traces: traces.map(mlflowTrace) })) },
  { format: 'opik', form: 'a trace', write: whole(([spans]) => opikTrace(spans!)) },
  { format: 'opik', form: 'several traces', write: whole((traces) => traces.map(opikTrace)) },
  { format: 'openai-agents', form: 'a request', write: whole((traces) => ({ data: traces.flatMap(agentsRecords) })) },
  { format: 'openai-agents', form: 'a record a line', write: lines((traces) => traces.flatMap(agentsRecords)) },
  {
    format: 'otel-console',
    form: 'of Python',
    write: (traces) =>
      traces
        .flat()
        .map((span) => JSON.stringify(pythonSpan(span), null, 4))
        .join('\n'),
  },
  { format: 'otel-console', form: 'of Go', write: lines((traces) => traces.flat().map(goSpan)) },
  { format: 'otel-console', form: 'of JavaScript', write: whole((traces) => traces.flat().map(scriptSpan)) },
  {
    format: 'otel-console',
    form: 'of JavaScript, with its ids',
    write: whole((traces) => ({ spans: traces.flat().map(flatScriptSpan) })),
  },
  {
    format: 'otel-console',
    form: 'of JavaScript, printed',
    write: lines((traces) => traces.flat().map(printedScriptSpan)),
  },
];

export const formCount = forms.length;

/** Every form in turn, of other traces each time; the same on every machine. */
export function seedFile(number: number): Seed {
  const random = createRandom(number);
  const { format, form, write } = forms[number % forms.length]!;
  const indent = random.pick([0, 0, 1, 2]);
  return { format, form, text: write(drafts(random), indent) };
}
