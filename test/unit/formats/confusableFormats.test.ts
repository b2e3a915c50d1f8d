import { describe, expect, it } from 'vitest';
import { detectFormat, type FormatName, parseTraces } from '../../../src/core.ts';

// Files of two formats that share their wrapping or the fields of their spans, so that a look at these alone takes one for
// the other. Each has a root `agent` of two seconds and in it a `chat` of one.

const traceId = '5b8efff798038103d269b633813fc60c';
const rootId = 'eee19b7ec3c1b174';
const childId = 'eee19b7ec3c1b175';

interface File {
  format: FormatName;
  /** The values of the file: one of JSON, or one a line. */
  values: unknown[];
}

type Fields = Record<string, unknown>;

/** Both spans of a format, by what differs between them. */
function spans(
  make: (span: { id: string; parent: string | undefined; name: string; second: number; length: number }) => Fields,
) {
  return [
    make({ id: rootId, parent: undefined, name: 'agent', second: 0, length: 2 }),
    make({ id: childId, parent: rootId, name: 'chat', second: 1, length: 1 }),
  ];
}

const epoch = 1_767_225_600;
const iso = (second: number) => new Date((epoch + second) * 1000).toISOString();
const nanos = (second: number) => `${epoch + second}000000000`;
const micros = (second: number) => (epoch + second) * 1e6;
const base64 = (hex: string) =>
  btoa(String.fromCharCode(...hex.match(/../g)!.map((byte) => Number.parseInt(byte, 16))));

const plainSpans = spans(({ id, parent, name, second, length }) => ({
  span_id: id,
  parent_span_id: parent ?? null,
  name,
  start_time: iso(second),
  end_time: iso(second + length),
  duration_ms: length * 1000,
  status: 'ok',
  attributes: {},
}));

const phoenixApiSpans = spans(({ id, parent, name, second, length }) => ({
  id: btoa(`Span:${second}`),
  span_id: id,
  parent_id: parent ?? null,
  name,
  span_kind: 'CHAIN',
  status_code: 'OK',
  start_time: iso(second),
  end_time: iso(second + length),
}));

const phoenixSpans = spans(({ id, parent, name, second, length }) => ({
  id: btoa(`Span:${second}`),
  name,
  context: { trace_id: traceId, span_id: id },
  span_kind: 'LLM',
  parent_id: parent ?? null,
  start_time: iso(second),
  end_time: iso(second + length),
  status_code: 'OK',
  status_message: '',
  attributes: {},
  events: [],
}));

const mlflow2Spans = spans(({ id, parent, name, second, length }) => ({
  name,
  context: { span_id: `0x${id}`, trace_id: `0x${traceId}` },
  parent_id: parent === undefined ? null : `0x${parent}`,
  start_time: Number(nanos(second)),
  end_time: Number(nanos(second + length)),
  status_code: 'OK',
  status_message: '',
  attributes: { 'mlflow.spanType': '"CHAIN"' },
  events: [],
}));

const mlflow3Spans = spans(({ id, parent, name, second, length }) => ({
  trace_id: base64(traceId),
  span_id: base64(id),
  parent_span_id: parent === undefined ? '' : base64(parent),
  name,
  start_time_unix_nano: Number(nanos(second)),
  end_time_unix_nano: Number(nanos(second + length)),
  status: { code: 'STATUS_CODE_OK', message: '' },
  attributes: { 'mlflow.spanType': '"AGENT"' },
  events: [],
}));

const consoleSpans = spans(({ id, parent, name, second, length }) => ({
  name,
  context: { trace_id: `0x${traceId}`, span_id: `0x${id}`, trace_state: '[]' },
  kind: 'SpanKind.INTERNAL',
  parent_id: parent === undefined ? null : `0x${parent}`,
  start_time: iso(second),
  end_time: iso(second + length),
  status: { status_code: 'UNSET' },
  attributes: {},
  events: [],
  links: [],
  resource: { attributes: {} },
}));

const zipkinSpans = spans(({ id, parent, name, second, length }) => ({
  traceId,
  id,
  ...(parent === undefined ? {} : { parentId: parent }),
  name,
  timestamp: micros(second),
  duration: length * 1e6,
  localEndpoint: { serviceName: 'agent' },
  tags: {},
}));

const flatSpans = spans(({ id, parent, name, second, length }) => ({
  traceId,
  spanId: id,
  ...(parent === undefined ? {} : { parentSpanId: parent }),
  name,
  startTimeUnixNano: nanos(second),
  endTimeUnixNano: nanos(second + length),
}));

const camelSpans = spans(({ id, parent, name, second, length }) => ({
  traceId,
  spanId: id,
  parentSpanId: parent ?? null,
  name,
  startTime: iso(second),
  endTime: iso(second + length),
}));

const pairSpans = camelSpans.map((span, second) => ({
  ...span,
  startTime: [epoch + second, 0],
  endTime: [epoch + 2, 0],
}));

const printedSpans = spans(({ id, parent, name, second, length }) => ({
  resource: { attributes: {} },
  traceId,
  ...(parent === undefined ? {} : { parentId: parent }),
  name,
  id,
  kind: 0,
  timestamp: micros(second),
  duration: length * 1e6,
  attributes: {},
  status: { code: 0 },
  events: [],
  links: [],
}));

const jaegerSpans = spans(({ id, parent, name, second, length }) => ({
  traceID: traceId,
  spanID: id,
  operationName: name,
  references: parent === undefined ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: parent }],
  startTime: micros(second),
  duration: length * 1e6,
  tags: [],
  logs: [],
  processID: 'p1',
}));

const jaegerTrace = { traceID: traceId, spans: jaegerSpans, processes: { p1: { serviceName: 'agent', tags: [] } } };

const observations = spans(({ id, parent, name, second, length }) => ({
  id,
  traceId,
  type: 'GENERATION',
  name,
  startTime: iso(second),
  endTime: iso(second + length),
  parentObservationId: parent ?? null,
}));

const agentsRecords = [
  { object: 'trace', id: `trace_${traceId}`, workflow_name: 'run', group_id: null },
  ...spans(({ id, parent, name, second, length }) => ({
    object: 'trace.span',
    id: `span_${id}`,
    trace_id: `trace_${traceId}`,
    parent_id: parent === undefined ? null : `span_${parent}`,
    started_at: iso(second),
    ended_at: iso(second + length),
    span_data: { type: 'function', name, input: '{}', output: '' },
    error: null,
  })),
];

const opikSpans = spans(({ id, parent, name, second, length }) => ({
  id,
  trace_id: 'run',
  parent_span_id: parent ?? null,
  name,
  type: 'llm',
  start_time: iso(second),
  end_time: iso(second + length),
}));

const opik = { trace: { id: 'run', name: 'run', start_time: iso(0), end_time: iso(2) }, spans: opikSpans };

const otlp = { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope: {}, spans: flatSpans }] }] };
const tempo = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: flatSpans.map((span) => ({
            ...span,
            traceId: base64(traceId),
            spanId: base64(String(span.spanId)),
            ...(span.parentSpanId === undefined ? {} : { parentSpanId: base64(String(span.parentSpanId)) }),
          })),
        },
      ],
    },
  ],
};

const langsmithRuns = spans(({ id, parent, name, second, length }) => ({
  id,
  trace_id: rootId,
  name,
  run_type: 'chain',
  start_time: iso(second).slice(0, -1),
  end_time: iso(second + length).slice(0, -1),
  parent_run_id: parent ?? null,
  session_id: 'a-project',
}));

const sessionSpans = plainSpans.map((span) => ({ ...span, trace_id: traceId, session_id: 'a-chat' }));
const sessionObservations = observations.map((observation) => ({ ...observation, sessionId: 'a-chat' }));

const score = { id: 's1', traceId, observationId: childId, name: 'quality', value: 0.9, timestamp: iso(3) };

const one = (format: FormatName, value: unknown): File => ({ format, values: [value] });
const lines = (format: FormatName, values: unknown[]): File => ({ format, values });

const pairs: readonly (readonly [string, readonly [File, File]])[] = [
  [
    "traces of Phoenix's API and plain ones: trace_id and spans with span_id and start_time",
    [
      one('phoenix', { trace_id: traceId, start_time: iso(0), spans: phoenixApiSpans }),
      one('json', { trace_id: traceId, start_time: iso(0), spans: plainSpans }),
    ],
  ],
  [
    "a page of Phoenix's traces and one of plain ones",
    [
      one('phoenix', { data: [{ trace_id: traceId, spans: phoenixApiSpans }], next_cursor: null }),
      one('json', { data: [{ trace_id: traceId, spans: plainSpans }], next_cursor: null }),
    ],
  ],
  [
    "spans of MLflow 2 and of Python's console: context and parent_id",
    [one('mlflow', { info: { request_id: 'r' }, data: { spans: mlflow2Spans } }), lines('otel-console', consoleSpans)],
  ],
  [
    "spans of MLflow 2 and of Python's console, both by themselves",
    [lines('mlflow', mlflow2Spans), one('otel-console', { spans: consoleSpans })],
  ],
  [
    'spans of MLflow 2 and of Phoenix: context, parent_id and status_code',
    [lines('mlflow', mlflow2Spans), lines('phoenix', phoenixSpans)],
  ],
  [
    "spans of Phoenix and of Python's console: context and parent_id",
    [lines('phoenix', phoenixSpans), lines('otel-console', consoleSpans)],
  ],
  [
    "lists of Phoenix's spans and of those of Python's console",
    [one('phoenix', phoenixSpans), one('otel-console', consoleSpans)],
  ],
  [
    "lists of Zipkin's spans and of OTLP's by themselves: traceId",
    [one('zipkin', zipkinSpans), one('otlp', flatSpans)],
  ],
  [
    "lists of Zipkin's spans and of plain ones in camelCase: traceId",
    [one('zipkin', zipkinSpans), one('json', camelSpans)],
  ],
  [
    "Zipkin's spans and what JavaScript's console prints: traceId, id, timestamp and duration",
    [one('zipkin', zipkinSpans), one('otel-console', printedSpans)],
  ],
  [
    "Zipkin's spans and Langfuse's observations: traceId and id",
    [one('zipkin', zipkinSpans), one('langfuse', observations)],
  ],
  [
    'pages of Langfuse and of Jaeger: data',
    [one('langfuse', { data: observations, meta: { page: 1 } }), one('jaeger', { data: [jaegerTrace], total: 0 })],
  ],
  [
    'pages of Langfuse and of OpenAI Agents: data',
    [one('langfuse', { data: observations }), one('openai-agents', { data: agentsRecords })],
  ],
  [
    'pages of Langfuse and of Phoenix: data',
    [one('langfuse', { data: observations }), one('phoenix', { data: phoenixSpans, next_cursor: null })],
  ],
  [
    'pages of Jaeger and of OpenAI Agents: data',
    [one('jaeger', { data: [jaegerTrace] }), one('openai-agents', { data: agentsRecords })],
  ],
  [
    'pages of Jaeger and of Phoenix: data',
    [one('jaeger', { data: [jaegerTrace] }), one('phoenix', { data: phoenixSpans, next_cursor: null })],
  ],
  [
    'pages of OpenAI Agents and of Phoenix: data',
    [one('openai-agents', { data: agentsRecords }), one('phoenix', { data: phoenixSpans, next_cursor: null })],
  ],
  ['exports of Opik and of Tempo: trace', [one('opik', opik), one('otlp', { trace: tempo })]],
  [
    "exports of Opik and of Langfuse's older pages: trace",
    [one('opik', opik), one('langfuse', { trace: { id: traceId, timestamp: iso(0), name: 'run' }, observations })],
  ],
  [
    "exports of Tempo and of Langfuse's older pages: trace",
    [
      one('otlp', { trace: tempo }),
      one('langfuse', { trace: { id: traceId, timestamp: iso(0), name: 'run' }, observations }),
    ],
  ],
  [
    "LangSmith's project and a plain trace's chat: session_id",
    [one('langsmith', langsmithRuns), one('json', sessionSpans)],
  ],
  [
    "LangSmith's runs and Langfuse's observations with a session",
    [lines('langsmith', langsmithRuns), lines('langfuse', sessionObservations)],
  ],
  [
    'spans of MLflow 3 and of OTLP in snake_case: start_time_unix_nano',
    [
      lines('mlflow', mlflow3Spans),
      one('otlp', {
        resource_spans: [
          {
            scope_spans: [{ spans: mlflow3Spans.map((span) => ({ ...span, attributes: [], status: { code: 1 } })) }],
          },
        ],
      }),
    ],
  ],
  [
    'MLflow and Jaeger: data',
    [one('mlflow', { info: {}, data: { spans: mlflow3Spans } }), one('jaeger', { data: jaegerTrace })],
  ],
  ['spans of OTLP and plain ones in camelCase: spanId', [lines('otlp', [otlp]), lines('json', camelSpans)]],
  [
    "plain spans in camelCase and JavaScript's: spanId and startTime",
    [one('json', camelSpans), one('otel-console', pairSpans)],
  ],
];

const both = pairs.flatMap(([name, [a, b]]) => [
  [name, a.format, a, b.format] as const,
  [name, b.format, b, a.format] as const,
]);

describe('of two formats that look alike', () => {
  it.each(both)('%s: a file of %s is read as that, parsed, as text and as bytes', (_, format, { values }, other) => {
    expect(format).not.toBe(other);
    const text = values.map((value) => JSON.stringify(value)).join('\n');
    const inputs: (string | object)[] = [
      text,
      new TextEncoder().encode(text),
      values.length === 1 ? values[0]! : values,
    ];
    for (const input of inputs) {
      expect(detectFormat(input)).toBe(format);
      const result = parseTraces(input);
      expect(result.format).toBe(format);
      expect(result.skipped).toBe(0);
      expect(result.traces).toHaveLength(1);
      const [trace] = result.traces;
      const named = (name: string) => [...trace!].find((span) => span.name === name);
      expect(named('agent')?.durationMs).toBe(2000);
      expect(named('chat')?.durationMs).toBe(1000);
      expect(named('chat')?.parent?.name).toBe('agent');
      expect(trace!.completeness.complete).toBe(true);
    }
  });

  it('observations and scores on the lines of one file are kept apart, whichever come first', () => {
    for (const values of [
      [...observations, score],
      [score, ...observations],
    ]) {
      const text = values.map((value) => JSON.stringify(value)).join('\n');
      for (const input of [text, values]) {
        const { format, traces } = parseTraces(input);
        expect(format).toBe('langfuse');
        expect([...traces[0]!].map(({ name }) => name)).toEqual(['agent', 'chat']);
      }
    }
  });

  it('scores alone are no trace', () => {
    expect(detectFormat([score])).toBeUndefined();
    expect(() => parseTraces(JSON.stringify(score))).toThrow(/known here/);
  });
});
