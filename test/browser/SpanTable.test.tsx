import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { agentRun, large, services } from '../../samples/index.ts';
import {
  parseTraces,
  SpanTable,
  type SpanTableProps,
  searchSpans,
  TraceProvider,
  traceStatistics,
  Waterfall,
} from '../../src/index.ts';

function place(props: SpanTableProps, width = 1200) {
  return render(
    <div style={{ width, height: 500 }}>
      <SpanTable {...props} />
    </div>,
  );
}

const rows = () => screen.getAllByRole('row').filter((row) => row.dataset.place !== undefined);
const nameOf = (row: HTMLElement) => row.querySelector('[data-column="name"]')!.textContent;
const names = () => rows().map(nameOf);
const text = (row: HTMLElement, column: string) => row.querySelector(`[data-column="${column}"]`)!.textContent;
const trace = () => parseTraces(agentRun()).traces[0]!;

it('has a row for each name with what traceStatistics says, the most self time first', () => {
  place({ trace: agentRun() });
  const statistics = traceStatistics(trace());
  const order = [...statistics.self.keys()].sort((a, b) => statistics.self[b]! - statistics.self[a]!);
  expect(names()).toEqual(order.map((row) => statistics.labels[row]));
  expect(rows().map((row) => text(row, 'count'))).toEqual(order.map((row) => String(statistics.count[row])));
  expect(screen.getByRole('columnheader', { name: 'Self' })).toHaveAttribute('aria-sort', 'descending');
});

it('sorts by a column, the other way round at the second press, and finds names', async () => {
  place({ trace: agentRun() });
  const header = screen.getByRole('columnheader', { name: 'Name' });
  await userEvent.click(within(header).getByRole('button'));
  expect(header).toHaveAttribute('aria-sort', 'ascending');
  const sorted = names();
  expect(sorted).toEqual([...sorted].sort((a, b) => a!.localeCompare(b!, 'en', { numeric: true })));
  await userEvent.click(within(header).getByRole('button'));
  expect(names()).toEqual(sorted.reverse());
  await userEvent.fill(screen.getByRole('searchbox'), 'LLM');
  expect(names().every((name) => /llm/i.test(name!))).toBe(true);
  expect(screen.getByRole('status')).toHaveTextContent(/^\d+ of \d+$/);
});

it('opens the second level by keys and by its arrow, and both levels tell the same sums', async () => {
  place({ trace: agentRun(), defaultGroupBy: 'agentKind', defaultThenBy: 'name' });
  const first = rows()[0]!;
  first.focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(first).toHaveAttribute('aria-expanded', 'true');
  const below = () => rows().filter((row) => row.ariaLevel === '2');
  const sum = below().reduce((total, row) => total + Number(text(row, 'count')), 0);
  expect(String(sum)).toBe(text(first, 'count'));
  await userEvent.keyboard('{ArrowDown}{ArrowLeft}');
  expect(first).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(below()).toEqual([]);
  await userEvent.click(first.querySelector('[data-toggle]')!);
  expect(below().length).toBeGreaterThan(0);
});

it('makes a chosen row the query of the other views, by Enter too, and takes it back', async () => {
  const onQueryChange = vi.fn();
  render(
    <TraceProvider trace={agentRun()} onQueryChange={onQueryChange}>
      <div style={{ width: 900, height: 300 }}>
        <SpanTable />
      </div>
      <div style={{ width: 900, height: 300 }}>
        <Waterfall />
      </div>
    </TraceProvider>,
  );
  const row = rows().find((each) => text(each, 'count') !== '1')!;
  await userEvent.click(row);
  const query = onQueryChange.mock.lastCall![0] as string;
  expect(searchSpans(trace(), query).indexes.length).toBe(Number(text(row, 'count')));
  await waitFor(() => expect(row).toHaveAttribute('aria-selected', 'true'));
  row.focus();
  await userEvent.keyboard('{Enter}');
  expect(onQueryChange.mock.lastCall![0]).toBe('');
});

it('shows each span in a row that selects it, follows the query, and sorts a hundred thousand', async () => {
  const onSelect = vi.fn();
  place({ trace: services(), defaultRows: 'spans', onSelectedSpanIdChange: onSelect });
  await userEvent.click(rows()[1]!);
  expect(onSelect.mock.lastCall![0]).toBe(rows()[1]!.dataset.spanId);
  await userEvent.fill(screen.getByRole('searchbox'), 'nothing of this name');
  expect(screen.getByText('Nothing here has this in its name.')).toBeVisible();
});

it('keeps few rows in the document, whatever there are, and goes to the last by End', async () => {
  place({ trace: large({ spans: 20_000, seed: 1, format: 'json', shape: 'wide' }), defaultRows: 'spans', query: '' });
  expect(rows().length).toBeLessThan(60);
  rows()[0]!.focus();
  await userEvent.keyboard('{End}');
  await waitFor(() => expect(document.activeElement).toHaveAttribute('aria-rowindex', '20001'));
});

it('saves as CSV what it shows, in its order', async () => {
  const blobs: Blob[] = [];
  const create = vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    blobs.push(blob as Blob);
    return 'blob:nothing';
  });
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {});
  place({ trace: agentRun() });
  await userEvent.click(screen.getByRole('button', { name: 'CSV' }));
  const lines = (await blobs[0]!.text()).replace('\ufeff', '').trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^Name,Count,Errors,Share,Total \(ms\),Self \(ms\)/);
  expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(names());
  create.mockRestore();
  click.mockRestore();
});

it('leaves out columns for which there is no room, and keeps those that count most', async () => {
  place({ trace: agentRun() }, 360);
  await waitFor(() => expect(screen.getAllByRole('columnheader').length).toBeLessThan(5));
  expect(screen.getByRole('columnheader', { name: 'Self' })).toBeVisible();
  const grid = screen.getByRole('grid');
  expect(grid.scrollWidth).toBeLessThanOrEqual(grid.clientWidth);
});
