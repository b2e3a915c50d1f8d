import { expect, it } from 'vitest';
import { large } from '../../../samples/large.ts';
import { type AttributeValue, adjustClockSkew, parseTraces, redactTrace, type Trace } from '../../../src/core.ts';
import { ByteSource } from '../../../src/formats/byteSource.ts';
import { withWrittenDetails } from '../../../src/formats/writtenDetails.ts';
import { corpusFile, corpusNote, hasCorpus } from '../../corpus.ts';

const encoder = new TextEncoder();

function sourceOf(trace: Trace, index = 0): unknown {
  const { source } = trace.spanAt(index);
  return typeof source === 'string' ? JSON.parse(source) : source;
}

const span = { span_id: 'a', name: 'work', start_time: 1, end_time: 2, odd: { of: ['its', 'own'] } };

it('is the record that the caller gave, with what the model has no name for', () => {
  const trace = parseTraces({ trace_id: 't', spans: [span] }).traces[0]!;
  expect(trace.spanAt(0).source).toBe(span as unknown as AttributeValue);
});

it('is the very text of a file that is read as bytes', () => {
  const text =
    '{ "spanID":"a", "traceID":"t","operationName":"work","startTime":1764149400000000,  "duration":9007199254740993,"own":[1.50] }';
  const trace = parseTraces(encoder.encode(`{"data":[{"traceID":"t","processes":{},"spans":[${text}]}]}`)).traces[0]!;
  expect(trace.spanAt(0).source).toBe(text);
});

it.each(['jaeger', 'otlp', 'json'] as const)('is the same of %s as objects and as a file', (format) => {
  const value = large({ spans: 50, format });
  const ofObjects = parseTraces(value).traces[0]!;
  const ofBytes = parseTraces(encoder.encode(JSON.stringify(value))).traces[0]!;
  for (let index = 0; index < 50; index++) expect(sourceOf(ofBytes, index)).toEqual(sourceOf(ofObjects, index));
});

it('goes from thread to thread with the details that are written down', () => {
  const trace = parseTraces({ trace_id: 't', spans: [span, { ...span, span_id: 'b', name: 'more' }] }).traces[0]!;
  const written = withWrittenDetails(trace, new ByteSource());
  expect(written.spanAt(0).attributes).toEqual(trace.spanAt(0).attributes);
  expect([sourceOf(written, 0), sourceOf(written, 1)]).toEqual([sourceOf(trace, 0), sourceOf(trace, 1)]);
});

it('is left out of a trace of which not all may be seen', () => {
  const trace = parseTraces({ trace_id: 't', spans: [span] }).traces[0]!;
  expect(redactTrace(trace, (_, value) => value).spanAt(0).source).toBeUndefined();
});

it('stays what it is where times were moved', () => {
  const moved = adjustClockSkew(parseTraces({ trace_id: 't', spans: [span] }).traces[0]!).trace;
  expect(sourceOf(moved)).toEqual(span);
});

it('is of a Chrome trace the event, or the two that begin and end a slice', () => {
  const events = [
    { ph: 'B', name: 'outer', ts: 1, pid: 1, tid: 1 },
    { ph: 'X', name: 'inner', ts: 2, dur: 3, pid: 1, tid: 1 },
    { ph: 'E', ts: 9, pid: 1, tid: 1 },
  ];
  const trace = parseTraces({ traceEvents: events }).traces[0]!;
  expect([sourceOf(trace, 0), sourceOf(trace, 1)]).toEqual([[events[0], events[2]], events[1]]);
});

const files = [
  'jaeger/jaegerui-genai.json',
  'otlp/jaegerui-genai-agent.json',
  'zipkin/lens-netflix.json',
  'langfuse/seed-openai-agents.json',
  'phoenix/thesis-urs001.jsonl',
  'langsmith/refinery-demo.json',
  'mlflow/mlflow-v2-predict.json',
  'aisdk/openinference-v6-all-spans.json',
  'simple/openagent-otel.json',
  'chrome/catapult-big-trace.json',
];

it.skipIf(!hasCorpus).each(files)(`is there for every span of %s${corpusNote}`, (file) => {
  for (const trace of parseTraces(corpusFile(file)).traces) {
    for (const each of trace) {
      const { source } = each;
      const text = typeof source === 'string' ? source : JSON.stringify(source);
      expect(text, each.name).toMatch(/^[{[]/);
      if (each.name !== '') expect(text).toContain(JSON.stringify(each.name).slice(1, -1));
    }
  }
});
