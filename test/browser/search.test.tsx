import { render, screen, within } from '@testing-library/react';
import { beforeAll, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, large, messyRun } from '../../samples/index.ts';
import { parseTraces, type Trace, TraceView, type TraceViewProps } from '../../src/index.ts';

let messy: Trace;

beforeAll(() => {
  messy = parseTraces(messyRun()).traces[0]!;
});

function place(props: TraceViewProps) {
  return render(
    <div style={{ width: 1200, height: 600 }}>
      {/* None of the spans that it would open at: the tests say where they begin. */}
      <TraceView defaultSelectedSpanId={null} {...props} />
    </div>,
  );
}

const box = () => screen.getByRole('searchbox', { name: 'Search spans' });
const counter = () => within(screen.getByRole('search')).getByRole('status');
const selected = () => screen.getAllByRole('row').find((row) => row.ariaSelected === 'true');

it('counts what matches, marks it, and lets the rest step back', async () => {
  place({ trace: errorRun() });
  await userEvent.fill(box(), 'name:fare');
  await vi.waitFor(() => expect(counter()).toHaveTextContent('3'));
  const marks = document.querySelectorAll('.spanscope-name-text mark');
  expect([...marks].map((mark) => mark.textContent)).toEqual(['fare', 'fare', 'fare']);
  expect(document.querySelectorAll('[data-match]')).toHaveLength(3);
  expect(document.querySelectorAll('[data-dimmed]')).toHaveLength(12);
});

it('goes from match to match by Enter and n, opening what they are folded into', async () => {
  place({ trace: messy, defaultCollapsedSpanIds: { all: true, except: new Set() } });
  await userEvent.fill(box(), 'status:error confirm');
  await vi.waitFor(() => expect(counter().textContent).toMatch(/^\d+$/));
  const found = Number(counter().textContent);
  expect(found).toBeGreaterThan(1);
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(counter()).toHaveTextContent(`1 of ${found}`));
  const first = selected()!.dataset.spanId;
  selected()!.focus();
  await userEvent.keyboard('n');
  await vi.waitFor(() => expect(counter()).toHaveTextContent(`2 of ${found}`));
  expect(selected()!.dataset.spanId).not.toBe(first);
  await userEvent.keyboard('p');
  await vi.waitFor(() => expect(selected()!.dataset.spanId).toBe(first));
});

it('underlines a mistake and says how to mend it', async () => {
  place({ trace: errorRun() });
  await userEvent.fill(box(), 'duration>5xs');
  await vi.waitFor(() => expect(box()).toBeInvalid());
  expect(box()).toHaveAccessibleDescription(/duration>100ms/);
  expect(document.querySelector('.spanscope-search-underline [data-severity]')).toHaveTextContent('5xs');
  expect(document.querySelector('[data-dimmed]')).toBeNull();
});

it('is led to by / and emptied by Escape', async () => {
  place({ trace: errorRun() });
  screen.getAllByRole('row')[1]!.focus();
  await userEvent.keyboard('/');
  expect(box()).toHaveFocus();
  await userEvent.keyboard('llm');
  expect(box()).toHaveValue('llm');
  // The list of what could stand there goes first.
  await userEvent.keyboard('{Escape}{Escape}');
  expect(box()).toHaveValue('');
});

it('has pills for what people look for most', async () => {
  place({ trace: errorRun() });
  const pill = within(screen.getByRole('group', { name: 'Quick searches' })).getByRole('button', { name: 'Errors' });
  await userEvent.click(pill);
  expect(box()).toHaveValue('status:error');
  expect(pill).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(pill);
  expect(box()).toHaveValue('');
});

it('may be owned by the host', async () => {
  const onQueryChange = vi.fn();
  place({ trace: errorRun(), query: 'llm', onQueryChange });
  await vi.waitFor(() => expect(counter()).toHaveTextContent('2'));
  await userEvent.fill(box(), 'tool');
  expect(onQueryChange).toHaveBeenCalledWith('tool', expect.objectContaining({ reason: 'keyboard' }));
  expect(box()).toHaveValue('llm');
});

it('searches the content of ten thousand spans while the page goes on', async () => {
  place({ trace: large({ spans: 10_000 }), query: 'gpt' });
  const rowsBefore = screen.getAllByRole('row').length;
  await vi.waitFor(() => expect(counter().textContent).toMatch(/^[\d,]+$/), 20_000);
  expect(screen.getAllByRole('row').length).toBe(rowsBefore);
});

it('shows matches only, with what they lie in', async () => {
  place({ trace: errorRun(), query: 'name:fare' });
  await userEvent.click(screen.getByRole('button', { name: 'Matches only' }));
  await vi.waitFor(() => expect(document.querySelectorAll('[data-span-id]')).toHaveLength(6));
  expect(document.querySelectorAll('[data-match]')).toHaveLength(3);
  expect(document.querySelectorAll('[data-dimmed]')).toHaveLength(3);
});

const options = () => screen.queryAllByRole('option').map((option) => option.firstChild!.textContent);

it('offers what could stand at the cursor, by keys alone', async () => {
  place({ trace: errorRun() });
  await userEvent.click(box());
  expect(screen.queryByRole('listbox')).toBeNull();
  await userEvent.keyboard('stat');
  expect(options()[0]).toBe('status:');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(box()).toHaveValue('status:');
  expect(options()).toEqual(['unset', 'ok', 'error']);
  expect(box()).not.toHaveAttribute('aria-activedescendant');
  await userEvent.keyboard('{ArrowUp}');
  expect(document.getElementById(box().getAttribute('aria-activedescendant')!)).toHaveTextContent('error');
  await userEvent.keyboard('{Tab}');
  expect(box()).toHaveValue('status:error ');
  expect(box()).toHaveFocus();
  expect(screen.queryByRole('listbox')).toBeNull();
  await vi.waitFor(() => expect(counter().textContent).toMatch(/^\d+$/));
});

it('offers the attributes and values of the trace, in the middle of a query too, by the pointer', async () => {
  place({ trace: errorRun() });
  await userEvent.fill(box(), 'kind:tool -tool.na duration>1s');
  (box() as HTMLInputElement).setSelectionRange('kind:tool -tool.na'.length, 'kind:tool -tool.na'.length);
  await userEvent.keyboard('m');
  await userEvent.click(screen.getByRole('option', { name: /tool\.name/ }));
  expect(box()).toHaveValue('kind:tool -tool.name= duration>1s');
  await userEvent.click(screen.getByRole('option', { name: 'fare_rules' }));
  expect(box()).toHaveValue('kind:tool -tool.name=fare_rules duration>1s');
  expect(box()).toHaveFocus();
});

it('closes what it offers by Escape before it empties the box, and where the focus leaves', async () => {
  place({ trace: errorRun() });
  await userEvent.click(box());
  await userEvent.keyboard('dur');
  expect(screen.getByRole('listbox')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
  expect(box()).toHaveValue('dur');
  await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(screen.getByRole('listbox')).toBeVisible();
  await userEvent.tab();
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('finds by is:soft-failure what rows mark as one, and nothing else', async () => {
  place({ trace: messy });
  await userEvent.fill(box(), 'is:soft-failure');
  await vi.waitFor(() => expect(counter().textContent).toMatch(/^[1-9]\d*$/));
  await userEvent.click(screen.getByRole('button', { name: 'Matches only' }));
  await expect.poll(() => document.querySelectorAll('[data-match]').length).toBeGreaterThan(0);
  for (const match of document.querySelectorAll('.spanscope-row[data-match]')) {
    expect(match.querySelector('.spanscope-soft-mark'), match.textContent ?? '').not.toBeNull();
  }
  for (const mark of document.querySelectorAll('.spanscope-soft-mark')) {
    expect(mark.closest('.spanscope-row')).toHaveAttribute('data-match');
  }
});
