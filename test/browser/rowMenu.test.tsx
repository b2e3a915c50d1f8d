import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun } from '../../samples/index.ts';
import { TraceView, type TraceViewProps, Waterfall } from '../../src/index.ts';

function place(props: Partial<TraceViewProps> = {}) {
  render(
    <div style={{ width: 1200, height: 600 }}>
      <TraceView trace={errorRun()} {...props} />
    </div>,
  );
}

const row = (name: RegExp) => screen.getAllByRole('row', { name }).find((each) => each.dataset.spanId)!;
const items = () =>
  screen.getAllByRole('menuitem').map((item) => item.querySelector('.spanscope-menu-label')!.textContent);

it('says what can be done with a row, by the right button', async () => {
  place();
  await userEvent.click(row(/^iteration 1/), { button: 'right' });
  expect(screen.getByRole('menu', { name: 'What to do with iteration 1' })).toBeVisible();
  expect(items()).toEqual([
    'Show details',
    'Zoom to this span',
    'Collapse',
    'Collapse all below too',
    'Show only this and below',
    'Go to the parent',
    'Search for this name',
    'Copy name',
    'Copy span id',
    'Copy span as JSON',
  ]);
  await userEvent.click(screen.getByRole('menuitem', { name: /^Collapse$/ }));
  expect(screen.queryByRole('menu')).toBeNull();
  expect(row(/^iteration 1/)).toHaveAttribute('aria-expanded', 'false');
});

it('is used by keys alone, and gives the focus back', async () => {
  place();
  row(/^iteration 2/).focus();
  fireEvent.contextMenu(row(/^iteration 2/));
  expect(screen.getByRole('menuitem', { name: /Show details/ })).toHaveFocus();
  await userEvent.keyboard('{ArrowUp}');
  expect(screen.getByRole('menuitem', { name: /as JSON/ })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(row(/^iteration 2/)).toHaveFocus();
});

it('searches for what the row has', async () => {
  place();
  await userEvent.click(screen.getAllByRole('row', { name: /^llm_call/ })[0]!, { button: 'right' });
  await userEvent.click(screen.getByRole('menuitem', { name: /Search for this name/ }));
  expect(screen.getByRole('searchbox')).toHaveValue('name="llm_call"');
  await vi.waitFor(() => expect(document.querySelectorAll('[data-match]')).toHaveLength(2));
});

it('closes when the pointer goes elsewhere, and leaves the browser its own menu with Shift', async () => {
  place();
  await userEvent.click(row(/^iteration 1/), { button: 'right' });
  fireEvent.pointerDown(document.body);
  expect(screen.queryByRole('menu')).toBeNull();
  const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, shiftKey: true });
  row(/^iteration 1/).dispatchEvent(event);
  expect(event.defaultPrevented).toBe(false);
});

it('holds items of the host', async () => {
  const onSelect = vi.fn();
  render(
    <Waterfall
      trace={errorRun()}
      style={{ height: 500 }}
      rowMenuItems={(span) => [{ label: `Open ${span.name} in the lab`, onSelect: () => onSelect(span.key) }]}
    />,
  );
  fireEvent.contextMenu(row(/^iteration 1/));
  await userEvent.click(screen.getByRole('menuitem', { name: 'Open iteration_1 in the lab' }));
  expect(onSelect).toHaveBeenCalledWith(row(/^iteration 1/).dataset.spanId);
});
