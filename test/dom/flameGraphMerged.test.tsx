import { fireEvent, render, screen, within } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { agentRun } from '../../samples/index.ts';
import { FlameGraph } from '../../src/react/FlameGraph.tsx';
import type { FlameForm } from '../../src/react/flameForm.ts';
import { FlameGraphDrawing } from '../../src/react/flameGraphDrawing.ts';
import { TraceProvider } from '../../src/react/TraceProvider.tsx';
import { TraceView } from '../../src/react/TraceView.tsx';
import { useTraceView } from '../../src/react/useTraceView.ts';
import { traceFromText } from '../traceFromText.ts';

const trace = traceFromText(
  `
  agent [0 1000]
    iteration_1 [0 400]
      llm [0 200]
      llm [200 300] error
    iteration_2 [400 1000]
      llm [400 600]
      search [600 900]
`,
  { unit: 1e6 },
);

it('speaks merged blocks with how many spans they are, what these took and their share', () => {
  render(<FlameGraph trace={trace} form="merged" collapseRepeated />);
  expect(screen.getByRole('tree', { name: 'Flame graph of the trace: spans merged by name' })).toBeInTheDocument();
  screen.getByText(/^agent, /).focus();
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
  expect(document.activeElement).toHaveTextContent('iteration_*, 2 spans, 1 s, 100 % of all, 2 blocks below');
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
  expect(document.activeElement).toHaveTextContent('llm, 3 spans, 500 ms, 50 % of all, 1 error');
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowRight' });
  expect(document.activeElement).toHaveTextContent('search, 1 span, 300 ms, 30 % of all');
});

it('selects the longest span of a block, and shows the block of a span that is selected elsewhere', () => {
  const onSelect = vi.fn();
  function Elsewhere() {
    const { selectSpan } = useTraceView();
    return (
      <button type="button" onClick={() => selectSpan('search')}>
        elsewhere
      </button>
    );
  }
  render(
    <TraceProvider trace={trace} onSelectedSpanIdChange={onSelect}>
      <FlameGraph form="merged" collapseRepeated />
      <Elsewhere />
    </TraceProvider>,
  );
  screen.getByText(/^agent, /).focus();
  for (const key of ['ArrowDown', ' ']) fireEvent.keyDown(document.activeElement!, { key });
  expect(onSelect).toHaveBeenLastCalledWith('iteration_2', expect.objectContaining({ reason: 'keyboard' }));
  fireEvent.click(screen.getByText('elsewhere'));
  expect(screen.getByRole('treeitem', { selected: true })).toHaveTextContent(/^search/);
});

function names(): string[] {
  return within(screen.getByRole('grid'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]!.textContent!);
}

it('lists all names beside the graph, searches and sorts them', () => {
  render(<FlameGraph trace={trace} form="merged" />);
  expect(names()).toEqual(['1 errorllm', 'search', 'agent', 'iteration_1', 'iteration_2'].sort(bySelf));
  fireEvent.click(screen.getByRole('button', { name: 'Name' }));
  expect(names()).toEqual(['agent', 'iteration_1', 'iteration_2', '1 errorllm', 'search']);
  expect(screen.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  fireEvent.click(screen.getByRole('button', { name: 'Name' }));
  expect(names()[0]).toBe('search');
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'ITER' } });
  expect(names()).toEqual(['iteration_2', 'iteration_1']);
  expect(screen.getByText('2 of 5')).toBeInTheDocument();
});

/** llm 500 ms, search 300, iteration_1 and iteration_2 100 each, agent none. */
function bySelf(a: string, b: string): number {
  const self: Record<string, number> = { '1 errorllm': 500, search: 300, iteration_1: 100, iteration_2: 100, agent: 0 };
  return self[b]! - self[a]! || (a < b ? -1 : 1);
}

it('selects a block by its row and a row by its block', () => {
  render(<FlameGraph trace={trace} form="merged" collapseRepeated />);
  fireEvent.click(screen.getByRole('row', { name: /search/ }));
  expect(screen.getByRole('treeitem', { selected: true })).toHaveTextContent(/^search/);
  expect(screen.getByRole('row', { selected: true })).toHaveTextContent('search');
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
  fireEvent.click(screen.getByText(/^iteration_\*, /));
  expect(screen.getByRole('row', { selected: true })).toHaveTextContent('iteration_*');
});

it('moves through the rows by keys and keeps one of them reached by Tab', () => {
  render(<FlameGraph trace={trace} form="merged" />);
  const rows = () => within(screen.getByRole('grid')).getAllByRole('row').slice(1);
  expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  rows()[0]!.focus();
  fireEvent.keyDown(document.activeElement!, { key: 'End' });
  expect(document.activeElement).toBe(rows().at(-1));
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowUp' });
  expect(document.activeElement).toBe(rows().at(-2));
  fireEvent.keyDown(document.activeElement!, { key: 'Enter' });
  expect(document.activeElement).toHaveAttribute('aria-selected', 'true');
});

it('keeps few rows in the document, however many names there are', () => {
  const many = Array.from({ length: 3_000 }, (_, at) => `  call ${at} [${at} ${at + 1}]`).join('\n');
  render(<FlameGraph trace={traceFromText(`run [0 3000]\n${many}`)} form="merged" />);
  const grid = screen.getByRole('grid');
  expect(grid).toHaveAttribute('aria-rowcount', '3002');
  expect(within(grid).getAllByRole('row').length).toBeLessThan(40);
});

it('changes its settings by hand, tells of it, and leaves to the owner what the owner holds', () => {
  const onSettings = vi.fn();
  const { rerender } = render(<FlameGraph trace={trace} onSettingsChange={onSettings} />);
  fireEvent.click(screen.getByRole('radio', { name: 'Merged' }));
  expect(onSettings).toHaveBeenLastCalledWith(expect.objectContaining({ form: 'merged', weight: 'time' }));
  fireEvent.change(screen.getByRole('combobox', { name: 'What widths stand for' }), { target: { value: 'count' } });
  expect(screen.getByText('agent, 1 span, 7 spans, 100 % of all, 5 blocks below')).toBeInTheDocument();
  rerender(<FlameGraph trace={trace} onSettingsChange={onSettings} weight="time" />);
  fireEvent.change(screen.getByRole('combobox', { name: 'What widths stand for' }), { target: { value: 'count' } });
  expect(onSettings).toHaveBeenLastCalledWith(expect.objectContaining({ weight: 'count' }));
  expect(screen.getByText(/^agent, 1 span, 1 s/)).toBeInTheDocument();
});

it('weighs by a function of the caller, and says where nothing has that weight', () => {
  const errors = (span: { status: string }) => Number(span.status === 'error');
  const nothing = () => 0;
  const { rerender } = render(
    <FlameGraph trace={trace} form="merged" weight={errors} formatWeight={(weight) => `${weight} failed`} />,
  );
  expect(screen.getByText('agent, 1 span, 1 failed, 100 % of all, 2 blocks below')).toBeInTheDocument();
  rerender(<FlameGraph trace={trace} form="merged" weight={nothing} />);
  expect(screen.getByRole('status')).toHaveTextContent('choose another weight');
});

it('renders the merged form on a server without a style attribute', () => {
  const html = renderToString(<FlameGraph trace={trace} form="merged" />);
  expect(html).toContain('agent, 1 span, 1 s, 100 % of all');
  expect(html).not.toMatch(/<[^>]*\sstyle=/);
});

it('weighs by the tokens and the cost that the trace tells of, and lists them', () => {
  render(<FlameGraph trace={agentRun()} form="merged" weight="tokens" collapseRepeated />);
  expect(screen.getByText(/^session, 1 span, 5\.53k tokens, 100 % of all/)).toBeInTheDocument();
  const row = screen.getByRole('row', { name: /^llm_call/ });
  const cells = within(row).getAllByRole('gridcell');
  expect(cells.slice(-2).map((cell) => cell.textContent)).toEqual(['5.53k', '$0.014']);
  const without = within(screen.getByRole('row', { name: /fare_rules/ })).getAllByRole('gridcell');
  expect(without.slice(-2).map((cell) => cell.textContent)).toEqual(['–', '–']);
});

it('dims what a search in the same view has not found, and takes the critical path from its toolbar', () => {
  const shown: FlameForm[] = [];
  const show = FlameGraphDrawing.prototype.show;
  const spy = vi.spyOn(FlameGraphDrawing.prototype, 'show').mockImplementation(function (
    this: FlameGraphDrawing,
    form,
  ) {
    shown.push(form);
    show.call(this, form);
  });
  render(<TraceView trace={trace} defaultView="flame-graph" defaultQuery="search" />);
  fireEvent.click(screen.getByRole('button', { name: 'Critical path' }));
  const form = shown.at(-1)!;
  const dimmed = Array.from(trace, (span) => form.look.isDimmed(span.index));
  expect(dimmed.filter((isDimmed) => !isDimmed)).toHaveLength(1);
  expect(form.look.isDimmed(trace.span('search')!.index)).toBe(false);
  expect(form.critical).toBeDefined();
  spy.mockRestore();
});
