import { render, screen } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { Waterfall } from '../../src/index.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();

const trace = {
  trace_id: 't',
  spans: [
    {
      span_id: 'run',
      parent_span_id: null,
      name: 'agent_run',
      start_time: at(0),
      end_time: at(1000),
      status: 'ok',
      attributes: {},
      events: [],
    },
    {
      span_id: 'call',
      parent_span_id: 'run',
      name: 'tool:fetch',
      start_time: at(200),
      end_time: at(600),
      status: 'error',
      attributes: {},
      events: [
        { name: 'retry', timestamp: at(400), attributes: {} },
        {
          name: 'exception',
          timestamp: at(400),
          attributes: { 'exception.type': 'TimeoutError', 'exception.message': 'no answer <b>after</b> 3 tries' },
        },
      ],
    },
  ],
};

const tooltip = () => document.querySelector<HTMLElement>('.spanscope-flame-tooltip')!;

beforeEach(async () => {
  render(
    <div style={{ width: 1000, height: 300 }}>
      <Waterfall trace={trace} />
    </div>,
  );
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
});

/** The pointer at a share of a bar. */
async function pointAt(spanId: string, share: number): Promise<void> {
  const row = screen.getAllByRole('row').find(({ dataset }) => dataset.spanId === spanId)!;
  const track = row.querySelector<HTMLElement>('.spanscope-track')!;
  const bar = row.querySelector('.spanscope-bar')!.getBoundingClientRect();
  const { left, height } = track.getBoundingClientRect();
  await userEvent.hover(track, { position: { x: bar.left - left + bar.width * share, y: height / 2 } });
}

it('tells the essentials of the span whose bar is under the pointer', async () => {
  await pointAt('call', 0.2);
  await expect.poll(() => tooltip().checkVisibility()).toBe(true);
  expect(tooltip().innerText).toMatch(/tool:fetch[\s\S]*400 ms[\s\S]*40 %/);
  expect(tooltip().querySelector('.spanscope-tooltip-events')).toBeNull();
  const row = screen.getAllByRole('row').find(({ dataset }) => dataset.spanId === 'call')!;
  await userEvent.hover(row.querySelector('.spanscope-name-text')!);
  await expect.poll(() => tooltip().checkVisibility()).toBe(false);
});

it('tells what happened at a mark on the bar, exceptions first, as the text that it is', async () => {
  await pointAt('call', 0.5);
  await expect.poll(() => tooltip().checkVisibility()).toBe(true);
  const events = [...tooltip().querySelectorAll<HTMLElement>('.spanscope-tooltip-events > li')];
  expect(events.map(({ textContent }) => textContent)).toEqual([
    'TimeoutError: no answer <b>after</b> 3 triesat +200 ms',
    'retryat +200 ms',
  ]);
});

it('is not there beside the bars, and goes when something is pressed or scrolled', async () => {
  await pointAt('call', 1.5);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(tooltip().checkVisibility()).toBe(false);
  await pointAt('run', 0.5);
  await expect.poll(() => tooltip().checkVisibility()).toBe(true);
  await userEvent.click(screen.getAllByRole('row').find(({ dataset }) => dataset.spanId === 'run')!);
  await expect.poll(() => tooltip().checkVisibility()).toBe(false);
});
