import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, large, services } from '../../samples/index.ts';
import { type Span, type SpanColumn, SpanTree, TraceView, type TraceViewProps, Waterfall } from '../../src/index.ts';

function place(element: React.ReactElement, width = 1200) {
  return render(<div style={{ width, height: 600 }}>{element}</div>);
}

function viewer(props: Partial<TraceViewProps> = {}, width = 1200) {
  return place(<TraceView trace={errorRun()} defaultSelectedSpanId={null} {...props} />, width);
}

const headers = () => screen.getAllByRole('columnheader').map((header) => header.getAttribute('aria-label') ?? 'Name');
const header = (name: string) => screen.getByRole('columnheader', { name });
const rows = () => screen.getAllByRole('row').filter((row) => row.dataset.index);
const cellsOf = (id: string) => rows().map((row) => row.querySelector<HTMLElement>(`[data-column="${id}"]`)!);
const edges = (element: Element) => {
  const { left, right } = element.getBoundingClientRect();
  return [Math.round(left), Math.round(right)];
};

async function openChooser(): Promise<HTMLElement> {
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Columns…' }));
  return screen.getByRole('dialog', { name: 'Columns' });
}

it('takes columns from the menu, each in its usual place, and tells the caller', async () => {
  const onChange = vi.fn();
  viewer({ onColumnsChange: onChange });
  const names = screen.getByText('Name').getBoundingClientRect().width;
  const chooser = within(await openChooser());
  expect(chooser.getByRole('checkbox', { name: 'Tokens' })).toBeChecked();
  await userEvent.click(chooser.getByRole('checkbox', { name: 'Self time' }));
  expect(onChange).toHaveBeenLastCalledWith(
    ['self-time', 'tokens', 'cost'],
    expect.objectContaining({ reason: 'toggle' }),
  );
  await userEvent.click(chooser.getByRole('checkbox', { name: 'Status' }));
  await userEvent.click(chooser.getByRole('checkbox', { name: 'Cost' }));
  expect(headers().slice(0, -1)).toEqual(['Name', 'Status', 'Self time', 'Tokens']);
  expect(screen.getByText('Name').getBoundingClientRect().width).toBe(names);
  await userEvent.click(chooser.getByRole('button', { name: 'As usual' }));
  expect(onChange).toHaveBeenLastCalledWith(undefined, expect.objectContaining({ reason: 'click' }));
  expect(headers().slice(0, -1)).toEqual(['Name', 'Tokens', 'Cost']);
});

it('is worked by keys alone, finds an attribute of the trace, and gives the focus back', async () => {
  viewer();
  screen.getByRole('button', { name: 'More' }).focus();
  await userEvent.keyboard('{ArrowDown}ccc{Enter}');
  expect(screen.getByRole('checkbox', { name: 'Service' })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown} ');
  expect(headers()).toContain('Status');
  screen.getByRole('searchbox', { name: 'Find an attribute' }).focus();
  await userEvent.keyboard('TOOL.NA{ArrowDown} ');
  expect(headers()).toContain('tool.name');
  expect(cellsOf('attribute:tool.name').map((cell) => cell.textContent)).toContain(', tool.name search_flights');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('dialog', { name: 'Columns' })).toBeNull();
  expect(screen.getByRole('button', { name: 'More' })).toHaveFocus();
});

it('holds headers and cells in line, numbers at the end, whatever is dragged', async () => {
  const columns: SpanColumn[] = ['service', 'start', 'duration', 'self-time'];
  place(<Waterfall trace={services()} columns={columns} />);
  const inLine = () => {
    for (const [at, id] of columns.entries()) {
      const label = screen.getAllByRole('columnheader')[at + 1]!;
      for (const cell of cellsOf(id as string)) expect(edges(cell)).toEqual(edges(label));
    }
    const axis = screen.getAllByRole('columnheader').at(-1)!;
    expect(edges(axis)).toEqual(edges(rows()[0]!.querySelector('.spanscope-time-cell')!));
    expect(edges(axis)).toEqual(edges(document.querySelector('.spanscope-waterfall-grid')!));
  };
  await waitFor(inLine);
  for (const cell of cellsOf('self-time')) {
    expect(getComputedStyle(cell).textAlign).toBe('end');
  }
  const before = header('Service').getBoundingClientRect().width;
  screen.getByRole('separator', { name: 'Width of Service' }).focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(header('Service').getBoundingClientRect().width).toBeGreaterThan(before + 20);
  await waitFor(inLine);
  const names = screen.getByRole('separator', { name: /name column/ });
  names.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await waitFor(inLine);
});

it('keeps the width of the names when another view was open meanwhile', async () => {
  viewer();
  const names = screen.getByRole('separator', { name: /name column/ });
  names.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
  const { width } = screen.getByText('Name').getBoundingClientRect();
  await userEvent.click(screen.getByText('Tree'));
  await userEvent.click(screen.getByText('Waterfall'));
  expect(screen.getByText('Name').getBoundingClientRect().width).toBe(width);
});

it('numbers the cells of the grid, those of a group too', () => {
  place(<Waterfall trace={services()} columns={['start', 'attribute:http.method']} />);
  const grid = screen.getByRole('treegrid');
  expect(grid).toHaveAttribute('aria-colcount', '4');
  const numbers = (row: Element, role: string) =>
    [...row.querySelectorAll(`[role=${role}]`)].map((cell) => Number(cell.getAttribute('aria-colindex')));
  for (const row of rows()) expect(numbers(row, 'gridcell')).toEqual([1, 2, 3, 4]);
  expect(numbers(grid, 'columnheader')).toEqual([1, 2, 3, 4]);
});

it('leaves out the last columns where there is no room, and all of them where names stand over bars', async () => {
  const columns: SpanColumn[] = ['service', 'start', 'duration', 'self-time', 'status'];
  const { rerender } = place(<Waterfall trace={services()} columns={columns} />, 800);
  const shown = () => columns.filter((id) => cellsOf(id as string)[0]!.getBoundingClientRect().width > 0);
  await waitFor(() => expect(shown()).toEqual(['service', 'start', 'duration']));
  rerender(
    <div style={{ width: 420, height: 600 }}>
      <Waterfall trace={services()} columns={columns} />
    </div>,
  );
  await waitFor(() => expect(shown()).toEqual([]));
  expect(document.querySelector('.spanscope-waterfall')!.scrollWidth).toBeLessThanOrEqual(420);
});

it('heads the columns of a tree that somebody chose, and says each value with its name', async () => {
  place(<SpanTree trace={services()} columns={['start', 'duration', 'self-time']} />, 700);
  const heads = [...document.querySelectorAll('.spanscope-tree-header [data-column]')];
  expect(heads.map((head) => head.textContent)).toEqual(['Start', 'Self time']);
  await waitFor(() => {
    const cell = document.querySelector('[role=treeitem] [data-column=start]')!;
    expect(edges(cell)).toEqual(edges(heads[0]!));
  });
  expect(screen.getAllByRole('treeitem')[0]).toHaveAccessibleName(/, Start 0 ms.*, Self time .*(ms|s)/);
});

it('marks a cell whose function throws, and leaves the others be', () => {
  const own: SpanColumn = {
    id: 'own',
    label: 'Own',
    value: (span: Span) => {
      if (span.status === 'error') throw new Error('no value for errors');
      return span.descendantCount;
    },
  };
  place(<Waterfall trace={errorRun()} columns={[own]} />);
  const cells = cellsOf('own');
  expect(cells.some((cell) => cell.textContent!.includes('Could not be shown: no value for errors'))).toBe(true);
  expect(cells[0]).toHaveTextContent(/Own \d+/);
});

it('asks for values of rows in sight alone', () => {
  const asked = new Set<string>();
  const own: SpanColumn = { id: 'own', label: 'Own', value: (span) => `${asked.add(span.key).size}` };
  place(<Waterfall trace={large({ spans: 20_000, seed: 3, format: 'json', shape: 'wide' })} columns={[own]} />);
  expect(asked.size).toBeGreaterThan(0);
  expect(asked.size).toBeLessThan(100);
});
