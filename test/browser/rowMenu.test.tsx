import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, services } from '../../samples/index.ts';
import {
  decodeViewState,
  encodeViewState,
  parseTraces,
  TraceView,
  type TraceViewProps,
  Waterfall,
} from '../../src/index.ts';

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
    'Hide spans of this name',
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

it('hides spans of a name, and says so in the search box', async () => {
  place({ defaultQuery: 'status:error OR kind:llm' });
  await userEvent.click(screen.getAllByRole('row', { name: /^llm_call/ })[0]!, { button: 'right' });
  await userEvent.click(screen.getByRole('menuitem', { name: /Hide spans/ }));
  expect(screen.getByRole('searchbox')).toHaveValue('(status:error OR kind:llm) -name="llm_call"');
  await expect.poll(() => screen.queryAllByRole('row', { name: /^llm_call/ })).toHaveLength(0);
});

it('narrows to the value of the cell that was asked', async () => {
  place({ trace: services(), columns: ['service', 'attribute:http.method', 'duration'] });
  const cell = row(/checkout/).querySelector<HTMLElement>('[data-column="service"]')!;
  const { serviceName } = parseTraces(services()).traces[0]!.span(row(/checkout/).dataset.spanId!)!;
  await userEvent.click(cell, { button: 'right' });
  await userEvent.click(screen.getByRole('menuitem', { name: `Only service = ${serviceName}` }));
  expect(screen.getByRole('searchbox')).toHaveValue(`service="${serviceName}"`);
});

it('copies a link to the span where the host says how one is made', async () => {
  const copied = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  place({ linkToView: (state) => `https://example.com/run#${encodeViewState(state)}` });
  await userEvent.click(row(/^iteration 1/), { button: 'right' });
  await userEvent.click(screen.getByRole('menuitem', { name: 'Copy link to this span' }));
  const link = copied.mock.calls[0]![0];
  expect(decodeViewState(link.split('#')[1]!)).toMatchObject({ selection: row(/^iteration 1/).dataset.spanId });
  copied.mockRestore();
});

it('opens by a long press of a finger, which selects nothing', async () => {
  place({ defaultSelectedSpanId: null });
  const target = row(/^iteration 1/);
  const finger = { pointerType: 'touch', isPrimary: true, pointerId: 7, clientX: 60, clientY: 200, bubbles: true };
  fireEvent(target, new PointerEvent('pointerdown', finger));
  await expect.poll(() => screen.queryByRole('menu')).not.toBeNull();
  fireEvent(target, new PointerEvent('pointerup', finger));
  fireEvent.click(target);
  expect(target).toHaveAttribute('aria-selected', 'false');
  await userEvent.keyboard('{Escape}');

  fireEvent(target, new PointerEvent('pointerdown', finger));
  fireEvent(target, new PointerEvent('pointermove', { ...finger, clientY: 240 }));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(screen.queryByRole('menu')).toBeNull();
});
