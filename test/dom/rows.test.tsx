import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { dirty } from '../../samples/index.ts';
import { SpanTree, type Trace, TraceProvider, Waterfall } from '../../src/index.ts';
import { traceFromText } from '../traceFromText.ts';

const run = `
run [0 100]
  plan [0 10]
  act [10 60]
    search [10 30] error
    search again [30 60]
  answer [60 -]
`;

const trace = traceFromText(run, { unit: 1e6 });

/** The names of the rows that are shown, the level of each by its indent, a `-` before what is expanded, `+` collapsed. */
function shownRows(role: 'row' | 'treeitem'): string {
  return screen
    .getAllByRole(role)
    .filter((row) => row.dataset.spanId)
    .map((row) => {
      const indent = '  '.repeat(Number(row.getAttribute('aria-level')) - 1);
      const expanded = row.getAttribute('aria-expanded');
      return `${indent}${expanded === 'true' ? '- ' : expanded === 'false' ? '+ ' : ''}${row.dataset.spanId}`;
    })
    .join('\n');
}

const whole = `
- run
  plan
  - act
    search
    search again
  answer`.trim();

function row(role: 'row' | 'treeitem', name: RegExp): HTMLElement {
  return screen.getAllByRole(role, { name }).find((each) => each.dataset.spanId)!;
}

const views = [
  { View: Waterfall, name: 'Waterfall', pattern: 'treegrid', role: 'row' },
  { View: SpanTree, name: 'SpanTree', pattern: 'tree', role: 'treeitem' },
] as const;

describe.each(views)('$name', ({ View, pattern, role }) => {
  it('shows every span as a row with its level', () => {
    render(<View trace={trace} />);
    expect(screen.getByRole(pattern)).toBeInTheDocument();
    expect(shownRows(role)).toBe(whole);
  });

  it('marks a row whose span is odd, and says what is odd in its name', () => {
    render(<View trace={dirty()} />);
    expect(row(role, /^end before start/)).toHaveAccessibleName(/, ends before it starts/);
    expect(row(role, /^orphan/)).toHaveAccessibleName(/, its parent is missing/);
    expect(row(role, /^its own parent/)).toHaveAccessibleName(/, its parents run in a circle/);
    expect(row(role, /^child of the orphan/)).not.toHaveAccessibleName(/parent is missing/);
    expect(row(role, /^zero duration/).querySelector('.spanscope-oddity-mark')).toBeNull();
  });

  it('says of each row what it is among its siblings', () => {
    render(<View trace={trace} />);
    const act = row(role, /act/);
    expect(act).toHaveAttribute('aria-posinset', '2');
    expect(act).toHaveAttribute('aria-setsize', '3');
  });

  it('speaks the name, what is wrong and the duration', () => {
    render(<View trace={trace} />);
    expect(row(role, /^search\b/)).toHaveAccessibleName(/error.*20 ms/);
    expect(row(role, /answer/)).toHaveAccessibleName(/not finished/);
  });

  it('hides what is below a collapsed span and counts the errors there', async () => {
    const user = userEvent.setup();
    const onChange = vi.fn();
    render(<View trace={trace} onCollapsedSpanIdsChange={onChange} />);
    row(role, /act/).focus();
    await user.keyboard('{ArrowLeft}');
    expect(shownRows(role)).toBe('- run\n  plan\n  + act\n  answer');
    expect(row(role, /act/)).toHaveAccessibleName(/1 error below/);
    expect(onChange).toHaveBeenCalledWith(new Set(['act']), expect.objectContaining({ reason: 'keyboard' }));
    await user.keyboard('{ArrowRight}');
    expect(shownRows(role)).toBe(whole);
  });

  it('collapses by a click on the arrow without selecting', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    render(<View trace={trace} onSelectedSpanIdChange={onSelect} />);
    await user.click(row(role, /act/).querySelector('[data-toggle]')!);
    expect(row(role, /act/)).toHaveAttribute('aria-expanded', 'false');
    expect(onSelect).not.toHaveBeenCalled();
  });

  it('moves one focus through the rows by arrows, Home, End and the beginning of a name', async () => {
    const user = userEvent.setup();
    render(<View trace={trace} />);
    await user.tab();
    expect(row(role, /^run/)).toHaveFocus();
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(row(role, /act/)).toHaveFocus();
    await user.keyboard('{End}');
    expect(row(role, /answer/)).toHaveFocus();
    await user.keyboard('{Home}');
    expect(row(role, /^run/)).toHaveFocus();
    await user.keyboard('pl');
    expect(row(role, /plan/)).toHaveFocus();
    const inTabOrder = screen.getAllByRole(role).filter((each) => each.tabIndex === 0);
    expect(inTabOrder).toHaveLength(1);
  });

  it('selects by click and by Enter, and tells with what', async () => {
    const user = userEvent.setup();
    const onSelect = vi.fn();
    render(<View trace={trace} onSelectedSpanIdChange={onSelect} />);
    await user.click(row(role, /plan/));
    expect(row(role, /plan/)).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{ArrowUp}{Enter}');
    expect(onSelect.mock.calls.map(([id, { reason }]) => [id, reason])).toEqual([
      ['plan', 'click'],
      ['run', 'keyboard'],
    ]);
  });

  it('leaves the selection to an owner that controls it', async () => {
    const user = userEvent.setup();
    const { rerender } = render(<View trace={trace} selectedSpanId={null} />);
    await user.click(row(role, /plan/));
    expect(row(role, /plan/)).toHaveAttribute('aria-selected', 'false');
    rerender(<View trace={trace} selectedSpanId="plan" />);
    expect(row(role, /plan/)).toHaveAttribute('aria-selected', 'true');
  });

  it('marks the collapsed span that hides the selected one', () => {
    render(<View trace={trace} selectedSpanId="search" collapsedSpanIds={new Set(['act'])} />);
    expect(row(role, /act/)).toHaveAttribute('data-holds-selection');
  });

  it('shows only what is excepted when all is collapsed', () => {
    render(<View trace={trace} collapsedSpanIds={{ all: true, except: new Set(['run']) }} />);
    expect(shownRows(role)).toBe('- run\n  plan\n  + act\n  answer');
  });

  it('forgets selection and collapse when another trace is given', async () => {
    const user = userEvent.setup();
    const { rerender } = render(<View trace={trace} />);
    await user.click(row(role, /plan/));
    await user.click(row(role, /act/).querySelector('[data-toggle]')!);
    rerender(<View trace={traceFromText(run, { unit: 1e6, traceId: 'another' })} />);
    expect(shownRows(role)).toBe(whole);
    expect(screen.queryByRole(role, { selected: true })).toBeNull();
  });

  it('keeps selection and collapse when the same trace has grown', async () => {
    const user = userEvent.setup();
    const { rerender } = render(<View trace={trace} />);
    await user.click(row(role, /plan/));
    await user.click(row(role, /act/).querySelector('[data-toggle]')!);
    rerender(<View trace={traceFromText(`${run}  more [90 100]\n`, { unit: 1e6 })} />);
    expect(shownRows(role)).toBe('- run\n  plan\n  + act\n  answer\n  more');
    expect(row(role, /plan/)).toHaveAttribute('aria-selected', 'true');
  });

  it('says that a trace is not whole', () => {
    render(<View trace={traceFromText('stray [0 1] parent=gone')} />);
    expect(screen.getByRole('note')).toHaveTextContent('1 span names a parent that is not in the trace.');
  });

  it('says that a trace has no spans', () => {
    render(<View trace={{ trace_id: 't', spans: [] }} />);
    expect(screen.getByRole('status')).toHaveTextContent('This trace has no spans');
  });

  it('says in its place what it cannot read', () => {
    render(<View trace="<html><body>502 Bad Gateway</body></html>" />);
    expect(screen.getByRole('alert')).toHaveTextContent('This trace cannot be read');
  });
});

it('shares selection and collapse between the parts below a provider', async () => {
  const user = userEvent.setup();
  render(
    <TraceProvider trace={trace}>
      <Waterfall />
      <SpanTree />
    </TraceProvider>,
  );
  await user.click(row('treeitem', /act/));
  expect(row('row', /act/)).toHaveAttribute('aria-selected', 'true');
  await user.keyboard('{ArrowLeft}');
  expect(row('row', /act/)).toHaveAttribute('aria-expanded', 'false');
});

it('keeps two views without a provider apart', async () => {
  const user = userEvent.setup();
  render(
    <>
      <Waterfall trace={trace} />
      <SpanTree trace={trace} />
    </>,
  );
  await user.click(row('treeitem', /act/));
  expect(within(screen.getByRole('treegrid')).queryByRole('row', { selected: true })).toBeNull();
});

it('reads one input once, however often and in however many views it is rendered', () => {
  let reads = 0;
  const input = {
    trace_id: 't',
    get spans() {
      reads++;
      return [{ span_id: 'a', parent_span_id: null, name: 'a', start_time: '2026-01-01T00:00:00', end_time: null }];
    },
  };
  const { rerender } = render(<Waterfall trace={input} />);
  const afterFirst = reads;
  rerender(<Waterfall trace={input} />);
  render(<SpanTree trace={input} />);
  expect(afterFirst).toBeGreaterThan(0);
  expect(reads).toBe(afterFirst);
});

it('tells which part is missing a trace when it stands outside of a provider', () => {
  const element = <Waterfall />;
  render(element);
  expect(screen.getByRole('status')).toHaveTextContent('No trace');
});

it('names the columns of the grid and counts its rows', () => {
  const deep: Trace = traceFromText(
    Array.from({ length: 50 }, (_, level) => `${'  '.repeat(level)}s${level} [0 1]`).join('\n'),
  );
  render(<Waterfall trace={deep} />);
  expect(
    screen.getAllByRole('columnheader').map((each) => each.textContent || each.getAttribute('aria-label')),
  ).toEqual(['Name', 'Time']);
  expect(screen.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '51');
});
