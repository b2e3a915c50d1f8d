import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { runAgent } from '../../../examples/agent/executor.mjs';
import { agentRun, parseTraces, type Trace, toJaeger, toJson, toOtlp } from '../../../src/core.ts';
import { createAgentTracer, createTraceRecorder } from '../../../src/tracer.ts';
import { contentOf } from '../../traceContent.ts';

async function recorded(seed: number, conventions: 'genai' | 'plain' = 'genai') {
  const recorder = createTraceRecorder();
  const exported: Trace[] = [];
  recorder.addExporter({ export: (trace) => void exported.push(trace) });
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [recorder] });
  const steps: string[] = [];
  const agent = createAgentTracer({ tracerProvider, content: true, conventions });
  const answer = await runAgent(agent, { seed, pace: 100, onStep: (step) => steps.push(step) });
  await recorder.flush();
  await recorder.shutdown();
  return { answer, steps, exported, shown: recorder.traces };
}

it('the example runs in Node, and what it exports is what the recorder shows', async () => {
  const { answer, exported, shown } = await recorded(7);
  expect(answer).toBe('Trieste: 21 °C, dry, and 372 € for the flight and two nights.');
  expect(exported).toHaveLength(1);
  expect(contentOf(exported[0]!)).toEqual(contentOf(shown[0]!));
  for (const written of [toJson(shown[0]!), toOtlp(shown[0]!), toJaeger(shown[0]!, { statusTags: 'all' })]) {
    expect(contentOf(parseTraces(JSON.stringify(written)).traces[0]!)).toEqual(contentOf(shown[0]!));
  }
});

it.each(['genai', 'plain'] as const)('is read as a run of rounds, models and tools, %s', async (conventions) => {
  const { shown, steps } = await recorded(7, conventions);
  const trace = shown[0]!;
  const run = agentRun(trace);
  expect(run.iterations.length).toBe(4);
  expect(run.llmCalls.length).toBe(5);
  // Three places for each of three tools, and once more for each that failed.
  const failures = steps.filter((step) => step.includes('failed')).length;
  expect(failures).toBeGreaterThan(0);
  expect(run.toolCalls.length).toBe(9 + failures);
  const failed = Array.from(trace).filter(({ status }) => status === 'error');
  expect(failed.map(({ events }) => events[0]?.attributes['exception.type'])).toEqual(failed.map(() => 'ToolError'));
  expect(failed.length).toBe(failures);
  // Tools that ran side by side lie below their own round, and the answer's span lasted as long as its stream.
  for (const index of run.toolCalls) expect(trace.spanAt(index).parent!.name).toMatch(/^iteration_[123]$/);
  expect(trace.spanAt(run.llmCalls.at(-1)!).parent!.name).toBe('iteration_4');
  expect(Array.from(trace, (span) => span.duration).every((duration) => duration !== undefined)).toBe(true);
});
