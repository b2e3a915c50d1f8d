import { describe, expect, it } from 'vitest';
import { detectFormat, type FormatName, parseTraces, type Trace } from '../../../src/core.ts';
import { corpusFile, corpusFiles, corpusNote, hasCorpus } from '../../corpus.ts';

/** What a counting script found in real files. A figure that is not given was not counted. */
interface Counts {
  traces: number;
  spans: number;
  /** Levels: 1 for a trace of roots. */
  depth: number;
  largest?: number;
  orphans?: number;
  duplicates?: number;
  tracesWithoutRoot?: number;
  tracesWithManyRoots?: number;
  services?: number;
  events?: number;
  links?: number;
  zeroDurations?: number;
  endAfterParent?: number;
}

const jaeger: Readonly<Record<string, Counts>> = {
  'jaegerui-testtrace.json': { traces: 1, spans: 4, depth: 4, services: 2 },
  'jaegerui-genai.json': { traces: 1, spans: 57, depth: 8, endAfterParent: 1, services: 10 },
  'jaegerui-happytrace.json': { traces: 1, spans: 5, depth: 3, services: 2 },
  'jaegerui-overlap-longer-than-parent.json': { traces: 1, spans: 4, depth: 2, endAfterParent: 2, services: 2 },
  'jaeger-ui01.json': {
    traces: 1,
    spans: 5,
    // $.spans[3].references[1] names a parent in this trace, after [0], which names one in another: 3 levels, no orphan.
    depth: 3,
    orphans: 0,
    tracesWithManyRoots: 1,
    duplicates: 1,
    events: 2,
    services: 2,
  },
  'dsb-social-network.json': { traces: 20, spans: 660, depth: 9, largest: 33, services: 12 },
  'buildx-build.json': { traces: 1, spans: 73, depth: 6, endAfterParent: 3, events: 231, services: 2 },
  'agentevals-kagent-helm.json': { traces: 1, spans: 96, depth: 8, endAfterParent: 2, events: 7 },
  'packetpanic-agent-traces.json': { traces: 1, spans: 129, depth: 11, endAfterParent: 1, events: 67, services: 2 },
  'duo-hotrod.json': { traces: 1, spans: 51, depth: 5, events: 125, services: 6 },
};

const otlp: Readonly<Record<string, Counts>> = {
  'proto-example.json': { traces: 1, spans: 1, depth: 1, orphans: 1, tracesWithoutRoot: 1 },
  'jaegerui-multi-in.jsonl': { traces: 1, spans: 4, depth: 3 },
  'jaegerui-v3-gettrace.json': { traces: 1, spans: 40, depth: 4, events: 52, services: 6 },
  'jaegerui-genai-agent.json': { traces: 1, spans: 8, depth: 3 },
  'kiali-istio-base64-batches.json': { traces: 1, spans: 8, depth: 6, events: 8, services: 5 },
  'agentprism-rag-earnings.json': { traces: 1, spans: 18, depth: 8 },
  'robotframework-diverse.jsonl': {
    traces: 1,
    spans: 67,
    depth: 4,
    tracesWithManyRoots: 1,
    endAfterParent: 2,
    events: 29,
  },
  'otlp2parquet-otel-demo.jsonl': {
    traces: 13,
    spans: 63,
    depth: 10,
    largest: 10,
    orphans: 7,
    tracesWithoutRoot: 2,
    zeroDurations: 2,
    endAfterParent: 6,
    events: 17,
    links: 2,
    services: 11,
  },
  'tracetest-pokeshop.json': { traces: 1, spans: 9, depth: 7, endAfterParent: 2, services: 2 },
  'dataprepper-multiple-traces.json': { traces: 3, spans: 10, depth: 1, largest: 5, orphans: 7, services: 4 },
  'jaeger-memory-traces.json': {
    traces: 2,
    spans: 4,
    depth: 1,
    largest: 2,
    orphans: 4,
    tracesWithoutRoot: 2,
    events: 8,
    links: 8,
  },
};

/** The JSON path of a record that the corpus' own index counts otherwise, and why the counts here are right beside them. */
const disputed: Readonly<Record<string, string>> = { 'jaeger-ui01.json': '$.spans[3].references[1]' };

function countsOf(traces: readonly Trace[], asked: Counts): Counts {
  const spans = traces.flatMap((trace) => Array.from(trace));
  const namedRoots = traces.map((trace) => Array.from(trace.roots).filter((root) => root.parentSpanId === undefined));
  const all: Required<Counts> = {
    traces: traces.length,
    spans: spans.length,
    depth: Math.max(...spans.map(({ depth }) => depth + 1)),
    largest: Math.max(...traces.map(({ spanCount }) => spanCount)),
    orphans: spans.filter(({ issues }) => issues.includes('orphan')).length,
    // An id that two spans share counts once.
    duplicates: spans.filter(({ key, spanId }) => key !== spanId).length,
    tracesWithoutRoot: namedRoots.filter((roots) => roots.length === 0).length,
    tracesWithManyRoots: traces.filter(({ roots }) => roots.length > 1).length,
    services: new Set(spans.map(({ serviceName }) => serviceName)).size,
    events: sum(spans.map(({ events }) => events.length)),
    links: sum(spans.map(({ links }) => links.length)),
    zeroDurations: spans.filter(({ duration }) => duration === 0).length,
    endAfterParent: spans.filter(
      ({ end, parent }) => end !== undefined && parent?.end !== undefined && end > parent.end,
    ).length,
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in asked)) as unknown as Counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function describeFolder(format: FormatName, table: Readonly<Record<string, Counts>>): void {
  describe.skipIf(!hasCorpus)(`real ${format} files${corpusNote}`, () => {
    it('are all listed here', () => {
      expect(corpusFiles(format)).toEqual(Object.keys(table).sort());
    });

    for (const [name, counts] of Object.entries(table)) {
      const note = name in disputed ? ` (its index goes by another parent than ${disputed[name]})` : '';
      it(`${name}: ${counts.spans} spans in ${counts.traces === 1 ? '1 trace' : `${counts.traces} traces`}${note}`, () => {
        const bytes = corpusFile(`${format}/${name}`);
        const { format: found, traces, skipped } = parseTraces(bytes);
        expect(found).toBe(format);
        expect(detectFormat(bytes)).toBe(format);
        expect(skipped).toBe(0);
        expect(countsOf(traces, counts)).toEqual(counts);
      });
    }
  });
}

describeFolder('jaeger', jaeger);
describeFolder('otlp', otlp);
