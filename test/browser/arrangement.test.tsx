import { render, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, messyRun } from '../../samples/index.ts';
import { TraceView, type TraceViewProps } from '../../src/index.ts';

/** Six alike calls of a tool one after another, the third of which fails, then a second in which nobody recorded anything. */
function repeatedCalls() {
  const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
  const span = (id: string, name: string, start: number, end: number, parent: string | null, status = 'ok') => ({
    span_id: id,
    parent_span_id: parent,
    name,
    start_time: at(start),
    end_time: at(end),
    status,
    attributes: {},
    events: [],
  });
  const calls = [0, 1, 2, 3, 4, 5].map((n) =>
    span(`c${n}`, 'tool:fetch', n * 50, n * 50 + 50, 'run', n === 2 ? 'error' : 'ok'),
  );
  return {
    trace_id: 't',
    spans: [span('run', 'agent_run', 0, 2000, null), ...calls, span('end', 'answer', 1300, 2000, 'run')],
  };
}

function place(props: TraceViewProps) {
  render(
    <div style={{ width: 1200, height: 600 }}>
      <TraceView {...props} />
    </div>,
  );
}

async function choose(name: RegExp | string): Promise<void> {
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  await userEvent.click(screen.getByRole('menuitemcheckbox', { name }));
}

const names = () =>
  screen
    .getAllByRole('row')
    .filter((row) => row.dataset.index)
    .map((row) => row.querySelector('[role=gridcell]')!.textContent);

it('puts alike siblings into one row that opens, by mouse and by key', async () => {
  place({ trace: repeatedCalls() });
  expect(names()).toHaveLength(8);
  await choose('Group repeated spans');
  expect(names()).toHaveLength(3);
  const group = screen.getByRole('row', { name: /fetch.*6 alike spans.*1 error among them.*Σ 300 ms/ });
  expect(group).toHaveAttribute('aria-expanded', 'false');
  await userEvent.click(group);
  expect(names()).toHaveLength(9);
  expect(screen.getByRole('row', { name: /6 alike spans/ })).toHaveAttribute('aria-expanded', 'true');
  screen.getByRole('row', { name: /6 alike spans/ }).focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(names()).toHaveLength(3);
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(screen.getByRole('region', { name: /answer/ })).toBeVisible();
});

it('has a row for time in which nobody recorded anything', async () => {
  place({ trace: repeatedCalls() });
  await choose('Mark time without spans');
  const gap = screen.getByRole('row', { name: /nothing recorded.*1 s/ });
  expect(gap).toHaveAttribute('aria-level', '2');
  expect(gap.querySelector('.spanscope-bar')!.getBoundingClientRect().width).toBeGreaterThan(100);
});

it('opens and closes level by level with ] and [, wherever the keyboard has them', async () => {
  place({ trace: errorRun(), defaultCollapsedSpanIds: { all: true, except: new Set() } });
  expect(names()).toHaveLength(1);
  screen.getByRole('row', { name: /^session/ }).focus();
  const counts = [];
  for (const code of ['Right', 'Right', 'Right', 'Right', 'Left', 'Left']) {
    await userEvent.keyboard(`[Bracket${code}]`);
    counts.push(names().length);
  }
  // A third level is the last: the fourth press finds nothing to open.
  expect(counts).toEqual([2, 4, 15, 15, 4, 2]);
});

it('opens down to the errors, and a subtree at once with Alt', async () => {
  place({ trace: repeatedCalls(), defaultCollapsedSpanIds: { all: true, except: new Set() } });
  const chooseItem = async (name: string) => {
    await userEvent.click(screen.getByRole('button', { name: 'More' }));
    await userEvent.click(screen.getByRole('menuitem', { name }));
  };
  await chooseItem('Expand down to the errors');
  expect(names()).toHaveLength(8);
  await chooseItem('Collapse all');
  expect(names()).toHaveLength(1);
  await chooseItem('Expand down to the critical path');
  expect(names()).toHaveLength(8);
});

it('folds a row with all below it by Alt and a click on its toggle, so that it opens folded again', async () => {
  place({ trace: errorRun() });
  const toggle = () => screen.getByRole('row', { name: /^agent_run/ }).querySelector('[data-toggle]')!;
  await userEvent.keyboard('{Alt>}');
  await userEvent.click(toggle());
  await userEvent.keyboard('{/Alt}');
  expect(names()).toHaveLength(2);
  await userEvent.click(toggle());
  const shallow = names().length;
  expect(shallow).toBeLessThan(15);
  await userEvent.click(toggle());
  await userEvent.keyboard('{Alt>}');
  await userEvent.click(toggle());
  await userEvent.keyboard('{/Alt}');
  expect(names()).toHaveLength(15);
});

it('shows a subtree alone, with a way back', async () => {
  place({ trace: errorRun() });
  const iteration = screen.getByRole('row', { name: /^iteration 2/ });
  await userEvent.click(iteration, { button: 'right' });
  await userEvent.click(screen.getByRole('menuitem', { name: /Show only this/ }));
  await vi.waitFor(() => expect(names()[0]).toMatch(/^iteration 2/));
  expect(screen.getByRole('row', { name: /^iteration 2/ })).toHaveAttribute('aria-level', '1');
  const note = screen.getByRole('navigation', { name: /Only this/ });
  await userEvent.click(within(note).getByRole('button', { name: 'agent_run' }));
  await vi.waitFor(() => expect(names()[0]).toMatch(/^agent_run/));
  await userEvent.click(within(note).getByRole('button', { name: 'Show the whole trace again' }));
  await vi.waitFor(() => expect(names()[0]).toMatch(/^session/));
});

it('compresses idle time in axis, rows and overview alike, and says how long each break stands for', async () => {
  place({ trace: messyRun() });
  const widest = () =>
    Math.max(
      ...[...document.querySelectorAll('.spanscope-row:not([aria-expanded]) .spanscope-bar')].map(
        (bar) => bar.getBoundingClientRect().width,
      ),
    );
  await vi.waitFor(() => expect(widest()).toBeGreaterThan(0));
  const before = widest();
  await choose('Compress idle time');
  const breaks = (place: string) =>
    document.querySelectorAll<HTMLElement>(`${place} .spanscope-time-break:not([hidden])`);
  await vi.waitFor(() => expect(breaks('.spanscope-waterfall .spanscope-time-axis').length).toBeGreaterThan(0));
  const [first] = breaks('.spanscope-time-axis');
  expect(first!.title).toMatch(/min .*without work, compressed/);
  const places = [...breaks('.spanscope-time-axis')].map(({ style }) => `${style.left} ${style.width}`);
  for (const place of ['.spanscope-waterfall-grid', '.spanscope-minimap']) {
    expect([...breaks(place)].map(({ style }) => `${style.left} ${style.width}`)).toEqual(places);
  }
  await vi.waitFor(() => expect(widest()).toBeGreaterThan(before * 1.5));
  await choose('Compress idle time');
  await vi.waitFor(() => expect(breaks('.spanscope-time-axis')).toHaveLength(0));
  await vi.waitFor(() => expect(widest()).toBeCloseTo(before, 0));
});

const tickTexts = () =>
  [
    ...document.querySelectorAll<HTMLElement>(
      '.spanscope-waterfall .spanscope-time-axis .spanscope-tick:not([hidden])',
    ),
  ].map((tick) => tick.textContent);

it('tells the time of day in the chosen zone, and from the start again', async () => {
  const onTimeDisplayChange = vi.fn();
  place({ trace: repeatedCalls(), timeZone: 'Asia/Kolkata', onTimeDisplayChange });
  await vi.waitFor(() => expect(tickTexts()[0]).toBe('0 s'));
  await choose(/^Time of day \(Asia\/(Kolkata|Calcutta)\)/);
  expect(onTimeDisplayChange).toHaveBeenCalledWith('absolute', expect.objectContaining({ reason: 'api' }));
  await vi.waitFor(() => expect(tickTexts().join(' ')).toMatch(/05:30:00.*05:30:01/));
  await choose(/^Time of day/);
  await vi.waitFor(() => expect(tickTexts()[0]).toBe('0 s'));
});

it('takes a zone that nobody knows for UTC, and says so', async () => {
  place({ trace: repeatedCalls(), timeZone: 'Mars/Olympus', defaultTimeDisplay: 'absolute' });
  await vi.waitFor(() => expect(tickTexts().join(' ')).toMatch(/00:00:01/));
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  expect(screen.getByRole('menuitemcheckbox', { name: 'Time of day (UTC)' })).toHaveAttribute('aria-checked', 'true');
});

it('brings a bar that is off screen in by a click on the arrow towards it, and selects nothing', async () => {
  place({ trace: repeatedCalls(), defaultTimeRange: [0, 100e6] });
  const track = () => screen.getByRole('row', { name: /^answer/ }).querySelector('.spanscope-track')!;
  await vi.waitFor(() => expect(track()).toHaveAttribute('data-after'));
  await userEvent.click(track().querySelector('[title="Bring the bar into sight"]')!);
  await vi.waitFor(() => expect(track()).not.toHaveAttribute('data-after'));
  expect(screen.getByRole('row', { name: /^answer/ })).toHaveAttribute('aria-selected', 'false');
});
