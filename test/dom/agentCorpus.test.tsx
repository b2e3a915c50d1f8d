import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { agentRun, parseTraces, SpanDetails } from '../../src/index.ts';
import { corpusFile, corpusNote, hasCorpus } from '../corpus.ts';

/** Traces of agents that hold what their models said. */
const files = [
  'jaeger/jaegerui-genai.json',
  'jaeger/agentevals-kagent-helm.json',
  'jaeger/packetpanic-agent-traces.json',
  'otlp/agentprism-rag-earnings.json',
  'otlp/jaegerui-genai-agent.json',
  'langfuse/agentprism-langfuse-1.json',
  'langfuse/seed-openai-agents.json',
  'langfuse/chatml-pydantic-tools.json',
  'langsmith/refinery-demo.json',
  'langsmith/sdk-py-wrap-openai-stream.json',
  'aisdk/openinference-v6-all-spans.json',
  'phoenix/thesis-urs001.jsonl',
  'mlflow/mlflow-v2-predict.json',
  'mlflow/mlflow-ui-v2-trace.json',
];
/** Their spans say which steps were taken, and nothing of what a model was told. */
const filesWithoutCalls = [
  'phoenix/thesis-chain-spans.jsonl',
  'mlflow/mlflow-ui-otel-base64.json',
  'simple/openagent-otel.json',
];
const mostCalls = 6;

it.skipIf(!hasCorpus).each(files)(`%s: calls of models are shown with model and conversation${corpusNote}`, (file) => {
  const { traces } = parseTraces(corpusFile(file));
  let shown = 0;
  for (const trace of traces) {
    const run = agentRun(trace);
    for (const call of run.llmCalls.slice(0, mostCalls)) {
      const { unmount } = render(<SpanDetails trace={trace} defaultSelectedSpanId={trace.spanAt(call).key} />);
      const region = screen.getByRole('region');
      expect(region).toHaveTextContent(/LLM call/);
      const list = screen.queryByRole('list', { name: 'Conversation' });
      if (list?.querySelector('[data-role="user"], [data-role="assistant"]')) shown++;
      unmount();
    }
  }
  expect(shown).toBeGreaterThan(0);
});

it.skipIf(!hasCorpus).each(filesWithoutCalls)(
  `%s: each span opens, with what it was given and gave${corpusNote}`,
  (file) => {
    const { traces } = parseTraces(corpusFile(file));
    for (const trace of traces) {
      expect(agentRun(trace).llmCalls).toHaveLength(0);
      for (const span of trace) {
        const { unmount } = render(<SpanDetails trace={trace} defaultSelectedSpanId={span.key} />);
        expect(screen.getByRole('region', { name: span.name })).toBeInTheDocument();
        expect(screen.getByRole('button', { name: 'Source' })).toBeInTheDocument();
        unmount();
      }
    }
  },
);
