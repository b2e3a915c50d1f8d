import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { useEffect, useRef, useState } from 'react';
import { TraceView, toJson, useLiveTrace } from 'spanscope';
import { createAgentTracer, createTraceRecorder } from 'spanscope/tracer';
import { expect, fn, userEvent, within } from 'storybook/test';
import { runAgent } from '../examples/agent/executor.mjs';
import { wide } from './frames.tsx';

/** An agent that thinks, decides, acts and responds, its tools failing at times, beside its own trace while it runs. */
function TracedAgent({ pace, seed, onExport }: { pace: number; seed: number; onExport: (json: object) => void }) {
  const [recorder] = useState(() => createTraceRecorder());
  const [steps, setSteps] = useState<readonly string[]>([]);
  const [isRunning, setIsRunning] = useState(false);
  const trace = useLiveTrace(recorder);
  const listRef = useRef<HTMLOListElement>(null);
  useEffect(() => () => void recorder.shutdown(), [recorder]);
  const run = async () => {
    setIsRunning(true);
    setSteps([]);
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [recorder] });
    const agent = createAgentTracer({ tracerProvider, content: true });
    await runAgent(agent, { pace, seed, onStep: (step) => setSteps((before) => [...before, step]) });
    setIsRunning(false);
    onExport(toJson(recorder.traces.at(-1)!));
  };
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: '240px minmax(0, 1fr)',
        gridTemplateRows: '100%',
        gap: 12,
        height: 560,
      }}
    >
      <section aria-label="The agent" style={{ minWidth: 0, minHeight: 0, overflow: 'auto' }}>
        <button type="button" disabled={isRunning} onClick={run}>
          Run it
        </button>
        <ol ref={listRef}>
          {steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps are only added.
            <li key={at}>{step}</li>
          ))}
        </ol>
      </section>
      {trace ? <TraceView trace={trace} /> : <p>Nothing has run yet.</p>}
    </div>
  );
}

/** `waitFor` asks anew with each change of the document, and a page that moves changes with each frame. */
async function until(isSo: () => unknown): Promise<void> {
  for (let asked = 0; asked < 200 && !isSo(); asked++) await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(Boolean(isSo())).toBe(true);
}

const meta: Meta<typeof TracedAgent> = {
  title: 'Traced agent',
  component: TracedAgent,
  decorators: [wide],
  args: { pace: 1, seed: 7, onExport: fn() },
};
export default meta;

type Story = StoryObj<typeof TracedAgent>;

/** Ready to be run by hand, at the pace of a real one. */
export const Ready: Story = {};

export const Running: Story = {
  args: { pace: 4 },
  play: async ({ canvasElement, args }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Run it' }));
    // The trace is there while the agent still runs.
    await until(() => canvasElement.querySelector('[role=row][aria-level="1"][data-open]'));
    await until(() => /Answer: Trieste/.test(canvasElement.querySelector('ol')!.textContent!));
    await until(() => !canvasElement.querySelector('[data-open]'));
    const { spans } = (args.onExport as ReturnType<typeof fn>).mock.lastCall![0] as { spans: object[] };
    await expect(JSON.stringify(spans)).toContain('ToolError');
    await expect(Number(canvas.getByRole('treegrid').getAttribute('aria-rowcount'))).toBe(spans.length + 1);
  },
};
