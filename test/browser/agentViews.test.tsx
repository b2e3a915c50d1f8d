import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun } from '../../samples/index.ts';
import { SpanDetails, TraceView, Waterfall } from '../../src/index.ts';
import { detailedTrace } from '../detailedTrace.ts';

const rows = () => screen.getAllByRole('row').filter((row) => row.dataset.spanId);

it('leaves out the plumbing of frameworks when asked, and says how much', async () => {
  const trace = detailedTrace([
    { id: 'root', name: 'LangGraph' },
    { id: 'a', parent: 'root', name: 'RunnableSequence' },
    { id: 'b', parent: 'a', name: 'my_step' },
    { id: 'c', parent: 'root', name: 'ChannelWrite<x>' },
  ]);
  render(
    <div style={{ width: 1200, height: 600 }}>
      <TraceView trace={trace} />
    </div>,
  );
  expect(rows()).toHaveLength(4);
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  await userEvent.click(screen.getByRole('menuitemcheckbox', { name: /Hide 2 framework steps/ }));
  expect(rows().map((row) => row.dataset.spanId)).toEqual(['root', 'b']);
  await userEvent.click(screen.getByRole('button', { name: 'Show them' }));
  expect(rows()).toHaveLength(4);
});

it('splits the bar of a model’s call at its first token', async () => {
  render(
    <div style={{ width: 1200, height: 600 }}>
      <Waterfall trace={errorRun()} />
    </div>,
  );
  const wait = await waitFor(() => {
    const element = document.querySelector<HTMLElement>('.spanscope-bar-wait')!;
    expect(element.getBoundingClientRect().width).toBeGreaterThan(0);
    return element;
  });
  const bar = wait.parentElement!.getBoundingClientRect();
  expect(wait.getBoundingClientRect().left).toBeCloseTo(bar.left, 0);
  // 231 of 963 ms.
  expect(wait.getBoundingClientRect().width / bar.width).toBeCloseTo(0.24, 1);
});

it('leaves out columns for which there is no room', () => {
  const { rerender } = render(
    <div style={{ width: 1200, height: 400 }}>
      <Waterfall trace={errorRun()} />
    </div>,
  );
  const widths = () =>
    ['tokens', 'cost'].map(
      (column) => document.querySelector(`.spanscope-row [data-column=${column}]`)!.getBoundingClientRect().width,
    );
  expect(widths().every((width) => width > 50)).toBe(true);
  rerender(
    <div style={{ width: 600, height: 400 }}>
      <Waterfall trace={errorRun()} />
    </div>,
  );
  expect(widths()[0]).toBeGreaterThan(50);
  expect(widths()[1]).toBe(0);
});

it('marks where a failed run failed in a narrow view, and lays no details over the rows before somebody asks', async () => {
  render(
    <div style={{ width: 420, height: 700 }}>
      <TraceView trace={errorRun()} />
    </div>,
  );
  expect(screen.getByRole('row', { selected: true })).toBeVisible();
  expect(document.querySelector('.spanscope-details-pane')).not.toBeVisible();
  await userEvent.click(screen.getByRole('row', { selected: true }));
  expect(document.querySelector('.spanscope-details-pane')).toBeVisible();
});

it('draws of a value of five megabytes the rows in sight, wherever it is scrolled to', async () => {
  const list = Array.from({ length: 50_000 }, (_, id) => ({
    id,
    name: `item ${id}`,
    tags: ['a', 'b'],
    at: '2026-11-25T09:30:00Z',
    on: true,
  }));
  const trace = detailedTrace([{ id: 's', details: { attributes: { value: list } } }]);
  render(<SpanDetails trace={trace} defaultSelectedSpanId="s" />);
  const tree = screen.getByRole('tree', { name: 'value' });
  expect(tree).toBeVisible();
  const items = () => within(tree).getAllByRole('treeitem');
  const isInSight = (element: HTMLElement) => {
    const { top, bottom } = element.getBoundingClientRect();
    const around = tree.getBoundingClientRect();
    return top >= around.top - 1 && bottom <= around.bottom + 1;
  };
  expect(items().length).toBeLessThan(60);
  expect(document.querySelectorAll('*').length).toBeLessThan(2500);

  items()[0]!.focus();
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toHaveAttribute('aria-posinset', '50000');
  expect(isInSight(document.activeElement as HTMLElement)).toBe(true);
  await userEvent.keyboard('{ArrowRight}{ArrowDown}{ArrowDown}');
  expect(document.activeElement).toHaveTextContent('name"item 49999"');
  expect(isInSight(document.activeElement as HTMLElement)).toBe(true);
  await userEvent.keyboard('{PageUp}');
  expect(document.activeElement).toHaveAttribute('aria-level', '1');
  expect(isInSight(document.activeElement as HTMLElement)).toBe(true);

  // The focus waits on the tree while its row is out of sight, and the keys go on from there.
  tree.scrollTop = 0;
  await waitFor(() => expect(items()[0]).toHaveAttribute('aria-posinset', '1'));
  expect(tree).toHaveFocus();
  await userEvent.keyboard('{Home}');
  expect(items()[0]).toHaveFocus();
  expect(items().length).toBeLessThan(60);
});

it('scrolls through ten million entries, more than a browser has pixels for', async () => {
  const trace = detailedTrace([{ id: 's', details: { attributes: { value: new Array<number>(10_000_000).fill(7) } } }]);
  render(<SpanDetails trace={trace} defaultSelectedSpanId="s" />);
  const tree = screen.getByRole('tree', { name: 'value' });
  tree.scrollTop = tree.scrollHeight;
  await waitFor(() => {
    const last = within(tree).getAllByRole('treeitem').at(-1)!;
    expect(last).toHaveAttribute('aria-posinset', '10000000');
    expect(last.getBoundingClientRect().bottom).toBeLessThanOrEqual(tree.getBoundingClientRect().bottom + 1);
  });
});
