import { cleanup, render, screen, within } from '@testing-library/react';
import { StrictMode } from 'react';
import { expect, it } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, services } from '../../samples/index.ts';
import { parseTraces, type Trace, TraceView, type TraceViewName } from '../../src/index.ts';

interface Metrics {
  nodes: number;
  listeners: number;
  heap: number;
}

/** What the browser itself counts, after a collection. */
async function metrics(): Promise<Metrics> {
  const session = cdp() as unknown as {
    send(method: string): Promise<{ metrics: { name: string; value: number }[] }>;
  };
  await session.send('Performance.enable');
  // What the first collection frees may hold on to what a second one frees.
  for (let round = 0; round < 3; round++) {
    await session.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  const told = await session.send('Performance.getMetrics');
  const of = (name: string) => told.metrics.find((metric) => metric.name === name)!.value;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') };
}

const views: readonly TraceViewName[] = ['waterfall', 'tree', 'flame-graph', 'transcript', 'iterations'];

/** As a dashboard does that opens one run after another: each is a trace of its own, looked at and left. */
async function openAndLeave(round: number): Promise<void> {
  render(
    <StrictMode>
      <div style={{ width: 1000, height: 500 }}>
        <TraceView trace={errorRun()} defaultView={views[round % views.length]!} defaultQuery="status:error" />
      </div>
    </StrictMode>,
  );
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  // With the element that React had its root in, which has listeners of its own.
  cleanup();
}

it('leaves neither elements nor listeners nor memory behind after 50 mounts', async () => {
  for (let round = 0; round < 15; round++) await openAndLeave(round);
  const before = await metrics();
  for (let round = 0; round < 50; round++) await openAndLeave(round);
  const after = await metrics();
  // A view has some 300 elements, 40 listeners and 500 kB: one of 50 that stays would be seen.
  expect(after.nodes - before.nodes).toBeLessThan(150);
  expect(after.listeners - before.listeners).toBeLessThan(20);
  expect(after.heap - before.heap).toBeLessThan(5_000_000);
}, 60_000);

it('shares nothing between two viewers on one page', async () => {
  const trace: Trace = parseTraces(services()).traces[0]!;
  render(
    ['left', 'right'].map((name) => (
      <section key={name} aria-label={name} style={{ width: 900, height: 300 }}>
        {/* The same trace: what is worked out of it may be shared, what a person does must not. */}
        <TraceView trace={trace} defaultSelectedSpanId={null} />
      </section>
    )),
  );
  const left = screen.getByRole('region', { name: 'left' });
  const right = screen.getByRole('region', { name: 'right' });
  const shown = () => right.innerText;
  const before = shown();
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);

  await userEvent.click(within(left).getAllByRole('row')[2]!);
  await userEvent.keyboard('{ArrowLeft}f[[');
  await userEvent.fill(within(left).getByRole('searchbox'), 'status:error');
  await userEvent.click(within(left).getByRole('radio', { name: 'Tree' }).closest('label')!);
  expect(shown()).toBe(before);
  expect(right.querySelector('[data-selected], [data-match], [data-hovered]')).toBeNull();
});
