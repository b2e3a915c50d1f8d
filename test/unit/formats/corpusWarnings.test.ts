import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectFormat, type FormatName, parseTraces } from '../../../src/core.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';

/**
 * What each real file is read as, the warnings that it gives, with their counts, and how many of its traces are not whole.
 * Files whose spans lie in their parents, end, and name nothing that is missing give none. Counts of spans stand with the
 * tests of their formats.
 */
const files: readonly (readonly [file: string, format: FormatName, warnings: string, notWhole?: number])[] = [
  ['aisdk/openinference-v6-all-spans.json', 'otel-console', ''],
  ['chrome/bazel-queuing.json.gz', 'chrome', 'event-outside-spans 2, skipped-counters 3369'],
  ['chrome/catapult-big-trace.json', 'chrome', ''],
  ['chrome/clang-analysis.json', 'chrome', ''],
  ['chrome/lighthouse-load.json', 'chrome', 'skipped-events 80, unfinished 8'],
  ['chrome/speedscope-out-of-order.json', 'chrome', ''],
  ['chrome/viztracer-multiprocess.json', 'chrome', ''],
  ['jaeger/agentevals-kagent-helm.json', 'jaeger', 'source-warning 1, outside-parent 2'],
  ['jaeger/buildx-build.json', 'jaeger', 'outside-parent 3'],
  ['jaeger/dsb-social-network.json', 'jaeger', ''],
  ['jaeger/duo-hotrod.json', 'jaeger', ''],
  // Its index has 1 orphan: $.spans[3].references[0] is of another trace, [1] of this one.
  ['jaeger/jaeger-ui01.json', 'jaeger', 'source-warning 3, duplicate-id 2'],
  ['jaeger/jaegerui-genai.json', 'jaeger', 'outside-parent 1'],
  ['jaeger/jaegerui-happytrace.json', 'jaeger', ''],
  ['jaeger/jaegerui-overlap-longer-than-parent.json', 'jaeger', 'outside-parent 2, clock-skew 2'],
  ['jaeger/jaegerui-testtrace.json', 'jaeger', ''],
  ['jaeger/packetpanic-agent-traces.json', 'jaeger', 'outside-parent 1'],
  ['langfuse/agentprism-langfuse-1.json', 'langfuse', ''],
  ['langfuse/chatml-pydantic-tools.json', 'langfuse', ''],
  ['langfuse/seed-beeai.json', 'langfuse', ''],
  ['langfuse/seed-openai-agents.json', 'langfuse', ''],
  ['langsmith/refinery-demo.json', 'langsmith', ''],
  // Its index has no end for it; that stands in $.patch[0].end_time.
  ['langsmith/sdk-py-wrap-openai-stream.json', 'langsmith', ''],
  ['mlflow/mlflow-ui-otel-base64.json', 'mlflow', ''],
  ['mlflow/mlflow-ui-v2-trace.json', 'mlflow', 'outside-parent 1'],
  ['mlflow/mlflow-v2-predict.json', 'mlflow', 'outside-parent 1'],
  ['otlp/agentprism-rag-earnings.json', 'otlp', ''],
  ['otlp/dataprepper-multiple-traces.json', 'otlp', 'old-scope-field 3, orphan 7', 3],
  ['otlp/jaeger-memory-traces.json', 'otlp', 'orphan 4', 2],
  ['otlp/jaegerui-genai-agent.json', 'otlp', ''],
  ['otlp/jaegerui-multi-in.jsonl', 'otlp', ''],
  ['otlp/jaegerui-v3-gettrace.json', 'otlp', ''],
  ['otlp/kiali-istio-base64-batches.json', 'otlp', ''],
  ['otlp/otlp2parquet-otel-demo.jsonl', 'otlp', 'orphan 7, outside-parent 6, clock-skew 1', 3],
  ['otlp/proto-example.json', 'otlp', 'orphan 1', 1],
  ['otlp/robotframework-diverse.jsonl', 'otlp', 'outside-parent 2'],
  ['otlp/tracetest-pokeshop.json', 'otlp', 'outside-parent 2, clock-skew 1'],
  ['phoenix/thesis-chain-spans.jsonl', 'phoenix', 'orphan 14', 1],
  ['phoenix/thesis-urs001.jsonl', 'json', 'rounded-time 174, orphan 11', 2],
  ['simple/buildx-otel-stdouttrace.json', 'otel-console', 'outside-parent 3'],
  ['simple/openagent-otel.json', 'otel-console', ''],
  ['simple/promptflow-sample.json', 'otel-console', 'duplicate-id 10'],
  ['simple/signoz-large-trace.json', 'json', 'relative-times 100'],
  ['zipkin/lens-ascend.json', 'zipkin', 'duplicate-id 4, outside-parent 1, clock-skew 1'],
  ['zipkin/lens-messaging-kafka.json', 'zipkin', 'outside-parent 23'],
  ['zipkin/lens-netflix.json', 'zipkin', 'duplicate-id 6, unfinished 3'],
  // Its index has 2 starts before and 12 ends after a parent, with the server's half of a call beside the client's.
  ['zipkin/lens-smartthings-oauth.json', 'zipkin', 'duplicate-id 86, outside-parent 23, clock-skew 2, unfinished 19'],
];

describe.skipIf(!hasCorpus)(`what is odd about real files${corpusNote}`, () => {
  it('is listed here for every file', () => {
    const folders = [...new Set(files.map(([file]) => file.slice(0, file.indexOf('/'))))];
    const all = folders.flatMap((folder) => corpusFiles(folder).map((name) => `${folder}/${name}`));
    expect(files.map(([file]) => file)).toEqual(all);
  });

  for (const [file, format, warnings, notWhole = 0] of files)
    it(`${file} is ${format}: ${warnings || 'nothing'}`, () => {
      const stored = corpusFile(file);
      const bytes = file.endsWith('.gz') ? gunzipSync(stored) : stored;
      expect(detectFormat(bytes)).toBe(format);
      const result = parseTraces(bytes);
      expect(result.format).toBe(format);
      expect(result.skipped).toBe(0);
      expect(result.warnings.map(({ code, count }) => `${code} ${count}`).join(', ')).toBe(warnings);
      expect(result.traces.filter(({ completeness }) => !completeness.complete)).toHaveLength(notWhole);
      for (const { message, code, traceId, spanId } of result.warnings) {
        expect(message).toMatch(/^\S.{20,}\.$/s);
        // What is wrong with a span leads to it.
        const isOfFile = ['skipped-counters', 'skipped-events', 'old-scope-field'].includes(code);
        const trace = result.traces.find((each) => each.traceId === traceId);
        if (!isOfFile && traceId !== undefined) expect(trace, code).toBeDefined();
        if (spanId !== undefined) expect(trace?.span(spanId), code).toBeDefined();
      }
    });
});
