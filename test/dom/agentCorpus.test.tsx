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
