import type { Meta, StoryObj } from '@storybook/react-vite';
import { useEffect, useRef, useState } from 'react';
import { TraceView, useLiveTrace } from 'spanscope';
import { createTraceRecorder } from 'spanscope/tracer';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { bodyEvery, liveBodies } from '../samples/liveBodies.ts';
import { wide } from './frames.tsx';

const spansText = new Intl.NumberFormat('en');

/** Bodies of OTLP that come as an exporter sends them, each span when it ends, into a recorder whose trace is shown as it grows. */
function LiveTrace({ spans, perSecond }: { spans: number; perSecond: number }) {
  const [recorder, setRecorder] = useState(() => createTraceRecorder());
  const [isRunning, setIsRunning] = useState(false);
  const timer = useRef<ReturnType<typeof setInterval>>(undefined);
  const trace = useLiveTrace(recorder);
  useEffect(() => () => void recorder.shutdown(), [recorder]);
  useEffect(() => () => clearInterval(timer.current), []);
  const run = () => {
    const target = createTraceRecorder({ maxSpans: spans });
    const bodies = liveBodies(spans, perSecond);
    const started = performance.now();
    let next = 0;
    setRecorder(target);
    setIsRunning(true);
    timer.current = setInterval(() => {
      const due = (performance.now() - started) / bodyEvery;
      while (next < bodies.length && next < due) target.ingest(bodies[next++]!);
      if (next < bodies.length) return;
      clearInterval(timer.current);
      setIsRunning(false);
    }, bodyEvery);
  };
  return (
    <div style={{ display: 'grid', gridTemplateRows: 'auto minmax(0, 1fr)', gap: 8, height: '100%' }}>
      <p style={{ margin: 0 }}>
        <button type="button" disabled={isRunning} onClick={run}>
          Let them come
        </button>{' '}
        {spansText.format(trace?.spanCount ?? 0)} of {spansText.format(spans)} spans, {spansText.format(perSecond)} a
        second
      </p>
      <div style={{ minWidth: 0, minHeight: 0 }}>{trace && <TraceView trace={trace} />}</div>
    </div>
  );
}

const meta: Meta<typeof LiveTrace> = {
  title: 'Live trace',
  component: LiveTrace,
  decorators: [wide],
};
export default meta;

type Story = StoryObj<typeof LiveTrace>;

/** To be watched by hand: scroll away while they come, select, zoom, and follow the end again. */
export const HundredThousand: Story = {
  name: '100,000 spans',
  args: { spans: 100_000, perSecond: 10_000 },
};

export const Arriving: Story = {
  args: { spans: 3000, perSecond: 3000 },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement);
    await userEvent.click(canvas.getByRole('button', { name: 'Let them come' }));
    const rows = () => Number(canvas.getByRole('treegrid').getAttribute('aria-rowcount')) - 1;
    await waitFor(() => expect(rows()).toBeGreaterThan(100), { timeout: 5000 });
    const early = rows();
    await waitFor(() => expect(rows()).toBeGreaterThan(early), { timeout: 5000 });
    await waitFor(() => expect(canvas.getByText(/^3,000 of 3,000 spans/)).toBeVisible(), { timeout: 10_000 });
    await expect(canvas.queryByRole('button', { name: 'Follow the end' })).toBeNull();
  },
};
