import { ROOT_CONTEXT, trace as traceApi } from '@opentelemetry/api';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { useLiveTrace, Waterfall } from '../../src/index.ts';
import { createTraceRecorder, type TraceRecorder } from '../../src/tracer.ts';

function recording() {
  const recorder = createTraceRecorder();
  const tracer = new BasicTracerProvider({ spanProcessors: [recorder] }).getTracer('test');
  const start = (name: string, parent?: ReturnType<typeof tracer.startSpan>) =>
    tracer.startSpan(name, {}, parent ? traceApi.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
  return { recorder, start };
}

function Live({ recorder, traceId }: { recorder: TraceRecorder | null; traceId?: string }) {
  const trace = useLiveTrace(recorder, traceId === undefined ? {} : { traceId });
  return trace ? <Waterfall trace={trace} /> : <p>Nothing yet</p>;
}

const frames = () => act(() => new Promise((resolve) => setTimeout(resolve, 150)));
const rowNames = () =>
  screen
    .queryAllByRole('row')
    .flatMap((row) => (row.dataset.spanId ? [row.querySelector('[title]')?.textContent ?? row.textContent] : []));

it('shows spans as they come, and keeps what is selected', async () => {
  const { recorder, start } = recording();
  const view = render(
    <StrictMode>
      <Live recorder={recorder} />
    </StrictMode>,
  );
  expect(screen.getByText('Nothing yet')).toBeTruthy();
  const root = start('root');
  const second = start('second', root);
  const shown = () => view.container.querySelector<HTMLElement>(`[data-span-id="${second.spanContext().spanId}"]`);
  const row = await waitFor(() => shown() ?? Promise.reject(new Error('not yet')));
  await userEvent.click(row);
  expect(row.getAttribute('aria-selected')).toBe('true');
  // It began before the second, and comes after it.
  recorder.ingest({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: root.spanContext().traceId,
                spanId: '00000000000000aa',
                parentSpanId: root.spanContext().spanId,
                name: 'first',
                startTimeUnixNano: '1000000000000000000',
                endTimeUnixNano: '1000000000000000001',
              },
            ],
          },
        ],
      },
    ],
  });
  await waitFor(() => expect(rowNames()).toHaveLength(3));
  const again = shown()!;
  expect(again.getAttribute('aria-selected')).toBe('true');
  expect([again, again.getAttribute('aria-rowindex')]).not.toEqual([row, '2']);
  second.end();
  root.end();
});

it('lasts until now while a span runs, and rests when all have ended', async () => {
  const { recorder, start } = recording();
  let latest: number | undefined;
  let renderings = 0;
  function Duration() {
    latest = useLiveTrace(recorder)?.duration;
    renderings++;
    return null;
  }
  const root = start('root');
  render(<Duration />);
  await frames();
  const first = latest!;
  await frames();
  expect(latest!).toBeGreaterThan(first);
  root.end();
  await recorder.flush();
  await frames();
  const rested = renderings;
  await frames();
  expect(renderings).toBe(rested);
});

it('follows the trace that is asked for, and none', async () => {
  const { recorder, start } = recording();
  const one = start('one');
  start('two').end();
  render(<Live recorder={recorder} traceId={one.spanContext().traceId} />);
  await frames();
  expect(document.querySelector(`[data-span-id="${one.spanContext().spanId}"]`)).toBeTruthy();
  one.end();
  expect(renderToString(<Live recorder={null} />)).toContain('Nothing yet');
});
