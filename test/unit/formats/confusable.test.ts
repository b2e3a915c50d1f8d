import { describe, expect, it } from 'vitest';
import { detectFormat, type FormatName, parseTraces } from '../../../src/core.ts';

// Files that look alike from outside: what a span holds tells them apart, never the keys around it alone.

interface Lookalike {
  title: string;
  file: object;
  format: FormatName;
  /** The names of its spans, in the order of the tree. */
  names: string[];
}

const id = '5b8efff798038103d269b633813fc60c';
const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:00:01Z';
const nanoseconds = 1_767_225_600_000_000_000;

const plainTrace: Lookalike = {
  title: 'a plain trace',
  file: { trace_id: id, spans: [{ span_id: 'a', name: 'plain', start_time: time, end_time: later }] },
  format: 'json',
  names: ['plain'],
};
const phoenixTraces: Lookalike = {
  title: "a page of Phoenix's traces",
  file: {
    data: [
      {
        trace_id: id,
        start_time: time,
        end_time: later,
        spans: [
          { span_id: 'a', parent_id: null, span_kind: 'CHAIN', name: 'phoenix', start_time: time, end_time: later },
        ],
      },
    ],
    next_cursor: null,
  },
  format: 'phoenix',
  names: ['phoenix'],
};
const phoenixTrace: Lookalike = {
  title: "one of Phoenix's traces",
  file: {
    trace_id: id,
    spans: [{ span_id: 'a', parent_id: null, span_kind: 'LLM', name: 'phoenix', start_time: time, status_code: 'OK' }],
  },
  format: 'phoenix',
  names: ['phoenix'],
};

const mlflow2: Lookalike = {
  title: "MLflow's second version",
  file: {
    info: { request_id: 'tr-1' },
    data: {
      spans: [
        {
          name: 'mlflow 2',
          context: { span_id: '0x1', trace_id: '0x2' },
          parent_id: null,
          start_time: nanoseconds,
          end_time: nanoseconds + 1000,
          status_code: 'OK',
          attributes: { 'mlflow.spanType': '"AGENT"' },
        },
      ],
    },
  },
  format: 'mlflow',
  names: ['mlflow 2'],
};
const pythonConsole: Lookalike = {
  title: "what OpenTelemetry's Python SDK prints",
  file: {
    name: 'printed',
    context: { trace_id: `0x${id}`, span_id: '0x0000000000000001', trace_state: '[]' },
    kind: 'SpanKind.INTERNAL',
    parent_id: null,
    start_time: time,
    end_time: later,
    status: { status_code: 'UNSET' },
    attributes: {},
    events: [],
    links: [],
    resource: { attributes: {} },
  },
  format: 'otel-console',
  names: ['printed'],
};
const phoenixLine: Lookalike = {
  title: "a line of Phoenix's download",
  file: {
    name: 'downloaded',
    context: { trace_id: id, span_id: '0000000000000001' },
    span_kind: 'LLM',
    parent_id: null,
    start_time: time,
    end_time: later,
    status_code: 'OK',
    status_message: '',
    attributes: {},
    events: [],
  },
  format: 'phoenix',
  names: ['downloaded'],
};

const zipkin: Lookalike = {
  title: "Zipkin's list",
  file: [{ traceId: id, id: '0000000000000001', name: 'zipkin', timestamp: 1_767_225_600_000_000, duration: 1000 }],
  format: 'zipkin',
  names: ['zipkin'],
};
const flatOtlp: Lookalike = {
  title: 'a flat list of OTLP spans',
  file: [
    {
      traceId: id,
      spanId: '0000000000000001',
      name: 'flat',
      startTimeUnixNano: String(nanoseconds),
      endTimeUnixNano: String(nanoseconds + 1000),
    },
  ],
  format: 'otlp',
  names: ['flat'],
};
const flatPlain: Lookalike = {
  title: 'a flat list of plain spans',
  file: [{ traceId: id, spanId: '0000000000000001', name: 'flat', startTime: time, endTime: later }],
  format: 'json',
  names: ['flat'],
};

const langfusePage: Lookalike = {
  title: "a page of Langfuse's observations",
  file: {
    data: [{ id: 'o1', traceId: id, type: 'GENERATION', name: 'langfuse', startTime: time, endTime: later }],
    meta: { page: 1, limit: 50, totalItems: 1 },
  },
  format: 'langfuse',
  names: ['langfuse'],
};
const jaeger: Lookalike = {
  title: "Jaeger's answer",
  file: {
    data: [
      {
        traceID: id,
        spans: [
          {
            traceID: id,
            spanID: '0000000000000001',
            operationName: 'jaeger',
            startTime: 1_767_225_600_000_000,
            duration: 1000,
            processID: 'p1',
          },
        ],
        processes: { p1: { serviceName: 's' } },
      },
    ],
  },
  format: 'jaeger',
  names: ['jaeger'],
};
const openaiAgents: Lookalike = {
  title: 'a body of OpenAI Agents',
  file: {
    data: [
      { object: 'trace', id: 'trace_1', workflow_name: 'workflow', group_id: null },
      {
        object: 'trace.span',
        id: 'span_1',
        trace_id: 'trace_1',
        parent_id: null,
        started_at: time,
        ended_at: later,
        span_data: { type: 'function', name: 'search', input: '{}', output: '' },
        error: null,
      },
    ],
  },
  format: 'openai-agents',
  names: ['workflow', 'search'],
};
const phoenixPage: Lookalike = {
  title: "a page of Phoenix's spans",
  file: { data: [phoenixLine.file], next_cursor: 'x' },
  format: 'phoenix',
  names: ['downloaded'],
};

const opik: Lookalike = {
  title: "Opik's trace with its spans",
  file: {
    trace: { id: 't1', name: 'opik trace', start_time: time, end_time: later, input: {}, output: {} },
    spans: [
      {
        id: 's1',
        trace_id: 't1',
        parent_span_id: null,
        type: 'llm',
        name: 'opik',
        start_time: time,
        end_time: later,
        usage: { prompt_tokens: 1 },
      },
    ],
    downloaded_at: time,
    project_name: 'p',
  },
  format: 'opik',
  names: ['opik trace', 'opik'],
};
const tempo: Lookalike = {
  title: "Tempo's trace",
  file: {
    trace: {
      resourceSpans: [
        {
          resource: { attributes: [] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: id,
                  spanId: '0000000000000001',
                  name: 'tempo',
                  startTimeUnixNano: String(nanoseconds),
                  endTimeUnixNano: String(nanoseconds + 1000),
                },
              ],
            },
          ],
        },
      ],
    },
  },
  format: 'otlp',
  names: ['tempo'],
};
const langfuseLegacy: Lookalike = {
  title: "Langfuse's older export",
  file: {
    trace: { id, name: 'langfuse trace', timestamp: time },
    observations: [{ id: 'o1', traceId: id, type: 'SPAN', name: 'langfuse', startTime: time, endTime: later }],
  },
  format: 'langfuse',
  names: ['langfuse trace', 'langfuse'],
};

const langsmith: Lookalike = {
  title: "LangSmith's runs of a session",
  file: [
    {
      id: '00000000-0000-0000-0000-000000000001',
      trace_id: '00000000-0000-0000-0000-000000000001',
      session_id: '00000000-0000-0000-0000-000000000009',
      name: 'langsmith',
      run_type: 'chain',
      start_time: time,
      end_time: later,
      inputs: {},
    },
  ],
  format: 'langsmith',
  names: ['langsmith'],
};
const sessionOfPlainSpans: Lookalike = {
  title: 'plain spans that name a chat session',
  file: [
    { trace_id: id, span_id: 'a', session_id: 'chat', name: 'turn', start_time: time, end_time: later, attributes: {} },
  ],
  format: 'json',
  names: ['turn'],
};

const groups: Readonly<Record<string, readonly Lookalike[]>> = {
  'traces with spans': [plainTrace, phoenixTraces, phoenixTrace],
  'spans with a context': [mlflow2, pythonConsole, phoenixLine],
  'flat lists': [zipkin, flatOtlp, flatPlain],
  'something below data': [langfusePage, jaeger, openaiAgents, phoenixPage, mlflow2],
  'a trace beside its parts': [opik, tempo, langfuseLegacy],
  'what names a session': [langsmith, sessionOfPlainSpans],
};

describe.each(Object.entries(groups))('%s', (_, files) => {
  it.each(files)('$title is read as $format: parsed, as text and as bytes', ({ file, format, names }) => {
    const text = JSON.stringify(file);
    for (const input of [file, text, JSON.stringify(file, null, 2), new TextEncoder().encode(text)]) {
      expect(detectFormat(input)).toBe(format);
      const read = parseTraces(input);
      expect(read.format).toBe(format);
      expect(read.traces.flatMap((trace) => [...trace].map((span) => span.name))).toEqual(names);
      expect(read.skipped).toBe(0);
    }
  });

  it('are told apart whatever the order of their keys', () => {
    for (const { file, format, title } of files) expect(detectFormat(reversed(file)), title).toBe(format);
  });
});

describe("Langfuse's lines", () => {
  const observation = { id: 'o1', traceId: id, type: 'SPAN', name: 'step', startTime: time, endTime: later };
  const score = {
    id: 's1',
    traceId: id,
    observationId: 'o1',
    name: 'quality',
    value: 0.5,
    dataType: 'NUMERIC',
    timestamp: time,
  };
  const lines = (...values: object[]) => values.map((value) => JSON.stringify(value)).join('\n');

  it('of observations are a trace, also with scores between them', () => {
    for (const text of [lines(observation), lines(score, observation), lines(observation, score)]) {
      expect(detectFormat(text)).toBe('langfuse');
      expect([...parseTraces(text).traces[0]!].map((span) => span.name)).toContain('step');
    }
  });

  it('of scores alone are none', () => {
    expect(detectFormat(lines(score, score))).toBeUndefined();
    expect(() => parseTraces(lines(score, score))).toThrow(/score/i);
  });
});

/** The same with the keys of every object the other way round. */
function reversed(value: unknown): object {
  const turn = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(turn);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .reverse()
        .map(([key, inner]) => [key, turn(inner)]),
    );
  };
  return turn(value) as object;
}
