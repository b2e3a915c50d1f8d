import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { StrictMode } from 'react';
import { expect, it, vi } from 'vitest';
import {
  agentRun,
  emptyObjectText,
  emptyText,
  errorRun,
  htmlErrorPage,
  hugeAttribute,
  openRun,
  services,
  threeTraces,
  truncatedJson,
} from '../../samples/index.ts';
import { parseTraces, TraceProvider, TraceView, useTraceView } from '../../src/index.ts';

const row = (name: RegExp) => screen.getAllByRole('row', { name }).find((each) => each.dataset.spanId)!;

it('takes an exported file as it is: a parsed object, text or bytes', () => {
  for (const trace of [agentRun(), JSON.stringify(agentRun()), new TextEncoder().encode(JSON.stringify(agentRun()))]) {
    const { unmount } = render(<TraceView trace={trace} />);
    expect(row(/agent_run/)).toBeInTheDocument();
    unmount();
  }
});

it('says first what the run came to, then its numbers', () => {
  render(<TraceView trace={errorRun()} />);
  expect(screen.getByRole('heading', { level: 2, name: 'session' })).toBeInTheDocument();
  expect(screen.getByText('Failed')).toBeInTheDocument();
  expect(screen.getByRole('list', { name: 'The trace in numbers' })).toHaveTextContent(/5.04 s.*15 spans.*3 errors/);
});

it('leads to the error that a failed run failed of', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={errorRun()} />);
  await user.click(screen.getByRole('button', { name: /Cause: tool:fare_rules/ }));
  expect(screen.getByRole('region', { name: /fare_rules/ })).toHaveTextContent(/error/);
});

it('calls a run whose root did not fail done, and counts its errors', () => {
  render(<TraceView trace={services()} />);
  expect(screen.getByText('Done, with errors on the way')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /First error/ })).toBeInTheDocument();
});

it('calls a run that still goes on not finished', () => {
  render(<TraceView trace={openRun()} />);
  expect(screen.getByText('Not finished')).toBeInTheDocument();
});

it('never calls a trace done that is not whole', () => {
  render(<TraceView trace={truncatedJson()} />);
  expect(screen.queryByText('Done')).toBeNull();
  const orphan = { span_id: 'b', parent_span_id: 'gone', name: 'b', start_time: 0, end_time: 1, status: 'ok' };
  render(<TraceView trace={{ trace_id: 't', spans: [orphan] }} />);
  expect(screen.getAllByText('Not whole').length).toBeGreaterThan(0);
});

it.each([
  [
    'a file cut off before its first whole span',
    '{"trace_id": "t", "spans": [{"span_id": "a", "na',
    /breaks off at line 1/,
  ],
  ['records that are no spans', { trace_id: 't', spans: [null, 3] }, /2 entries of the lists of spans/],
])('does not call a run empty that has spans which could not be read: %s', (_, input, reason) => {
  render(<TraceView trace={input} />);
  expect(screen.getByRole('alert')).toHaveTextContent('None of its spans could be read');
  expect(screen.getByRole('alert')).toHaveTextContent(reason);
  expect(screen.queryByText('This trace has no spans')).toBeNull();
});

it('opens details beside the rows, and gives the focus back to the row when they are closed', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={agentRun()} />);
  await user.click(row(/iteration 1/));
  const details = screen.getByRole('region', { name: /iteration_1/ });
  await user.click(within(details).getByRole('button', { name: /close/i }));
  expect(screen.queryByRole('region', { name: /iteration_1/ })).toBeNull();
  expect(row(/iteration 1/)).toHaveFocus();
});

it('lets the details follow the arrows while they are open', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={agentRun()} />);
  await user.click(row(/iteration 1/));
  await user.keyboard('{ArrowDown}');
  expect(screen.getByRole('region', { name: /retrieve/ })).toBeInTheDocument();
});

it('keeps the selection from view to view', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={agentRun()} />);
  await user.click(row(/iteration 1/));
  await user.click(screen.getByRole('radio', { name: 'Tree' }));
  expect(screen.getByRole('treeitem', { selected: true })).toHaveAccessibleName(/iteration 1/);
});

it('closes the details by Escape from the row that they belong to, and keeps the focus there', async () => {
  const user = userEvent.setup();
  const heard: string[] = [];
  const onKey = (event: React.KeyboardEvent) => heard.push(event.key);
  render(
    // biome-ignore lint/a11y/noStaticElementInteractions: stands for a dialog of the host.
    <div onKeyDown={onKey}>
      <TraceView trace={agentRun()} />
    </div>,
  );
  row(/iteration 1/).focus();
  await user.keyboard('{Enter}');
  expect(screen.getByRole('region', { name: /iteration_1/ })).toBeInTheDocument();
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('region', { name: /iteration_1/ })).toBeNull();
  expect(row(/iteration 1/)).toHaveFocus();
  expect(heard).not.toContain('Escape');
  await user.keyboard('{Escape}');
  expect(heard).toContain('Escape');
});

it('zooms the waterfall by keys, and the way back keeps the focus', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={agentRun()} />);
  const wholeTrace = screen.getByRole('button', { name: 'Whole trace' });
  row(/iteration 2/).focus();
  await user.keyboard('+');
  await waitFor(() => expect(wholeTrace).toHaveAttribute('aria-disabled', 'false'));
  await user.keyboard('0');
  await waitFor(() => expect(wholeTrace).toHaveAttribute('aria-disabled', 'true'));
  await user.keyboard('+');
  await waitFor(() => expect(wholeTrace).toHaveAttribute('aria-disabled', 'false'));
  await user.click(wholeTrace);
  await waitFor(() => expect(wholeTrace).toHaveAttribute('aria-disabled', 'true'));
  expect(wholeTrace).toHaveFocus();
});

it('uncovers the span that a link leads to, and only the way to it', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={errorRun()} />);
  await user.click(screen.getByRole('button', { name: 'Collapse all' }));
  await user.click(screen.getByRole('button', { name: /Cause/ }));
  expect(screen.getByRole('row', { selected: true })).toHaveAccessibleName(/fare_rules/);
  expect(row(/iteration 1/)).toHaveAttribute('aria-expanded', 'false');
});

it('collapses and expands all', async () => {
  const user = userEvent.setup();
  render(<TraceView trace={agentRun()} />);
  await user.click(screen.getByRole('button', { name: 'Collapse all' }));
  expect(screen.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '2');
  await user.click(screen.getByRole('button', { name: 'Expand all' }));
  expect(screen.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '34');
});

it('lists the traces of a file that holds several, and opens one by keyboard or click', async () => {
  const user = userEvent.setup();
  const onTraceIdChange = vi.fn();
  const traces = parseTraces(threeTraces()).traces;
  render(<TraceView trace={threeTraces()} onTraceIdChange={onTraceIdChange} />);
  const shown = () => traces.find(({ traceId }) => traceId === onTraceIdChange.mock.lastCall?.[0]);
  await user.click(screen.getByRole('button', { name: /^Trace \d of 3/ }));
  const options = within(screen.getByRole('listbox', { name: 'Traces in this file' })).getAllByRole('option');
  expect(options).toHaveLength(3);
  expect(options.filter((option) => option.getAttribute('aria-selected') === 'true')).toHaveLength(1);
  const name = (place: number) => traces[place]!.roots.at(0)!.name;
  expect(options[2]!.textContent).toContain(name(2));
  expect(options[2]!.textContent).toMatch(new RegExp(`\\d{4}-\\d\\d-\\d\\d .+${traces[2]!.spanCount} spans.+ errors$`));
  await user.keyboard('{Home}{ArrowDown}{Enter}');
  expect(shown()).toBe(traces.find(({ traceId }) => traceId === traces[1]!.traceId));
  const button = screen.getByRole('button', { name: `Trace 2 of 3 ${name(1)}` });
  expect(button).toHaveFocus();
  expect(screen.queryByRole('listbox')).toBeNull();
  await user.click(button);
  await user.click(screen.getAllByRole('option')[2]!);
  expect(onTraceIdChange).toHaveBeenLastCalledWith(traces[2]!.traceId);
  await user.click(screen.getByRole('button', { name: /^Trace 3 of 3/ }));
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('listbox')).toBeNull();
});

it('finds one of many traces by its name, its id or a service', async () => {
  const user = userEvent.setup();
  const file = Array.from({ length: 300 }, (_, at) => ({
    trace_id: `id-${at}`,
    spans: [
      { span_id: 'same', name: `run ${at}`, start_time: at, end_time: at + 1, service_name: at === 7 ? 'odd' : 'app' },
    ],
  }));
  const onTraceIdChange = vi.fn();
  render(<TraceView trace={file} onTraceIdChange={onTraceIdChange} />);
  await user.click(screen.getByRole('button', { name: 'Trace 1 of 300 run 0' }));
  expect(screen.getByText('100 more: search for them.')).toBeInTheDocument();
  const search = screen.getByRole('combobox', { name: 'Search names, ids and services' });
  expect(search).toHaveFocus();
  await user.type(search, 'id-29 run');
  expect(screen.getAllByRole('option')).toHaveLength(11);
  await user.clear(search);
  await user.type(search, 'odd{Enter}');
  expect(onTraceIdChange).toHaveBeenLastCalledWith('id-7');
  expect(screen.getByRole('button', { name: 'Trace 8 of 300 run 7' })).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Trace 8 of 300 run 7' }));
  await user.type(screen.getByRole('combobox', { name: /Search names/ }), 'nowhere');
  expect(screen.getByText('No trace has this in its name, its id or its services.')).toBeInTheDocument();
});

it('says which traces there are when the one asked for is not among them', () => {
  render(<TraceView trace={threeTraces()} traceId="nowhere" />);
  expect(screen.getByRole('alert')).toHaveTextContent('There is no trace nowhere in this input. It holds 3:');
});

it.each([
  ['no JSON', 'not a trace at all'],
  ['an empty text', emptyText()],
  ['an empty object', emptyObjectText()],
  ['an empty list', '[]'],
  ['an HTML error page', htmlErrorPage()],
  ['a number', '42'],
  ['an object without spans', { hello: 'world' }],
  ['an empty list that is parsed already', []],
  ['bytes that are no text', new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3])],
])('shows a message in place of %s', (_, trace) => {
  render(<TraceView trace={trace} />);
  expect(screen.getByRole('alert')).toHaveTextContent(/This trace cannot be read.{40,}/);
});

it('shows what stands whole in a file that was cut off, and says that it is not all', () => {
  render(<TraceView trace={truncatedJson()} />);
  expect(row(/agent_run/)).toBeInTheDocument();
  expect(screen.getAllByRole('note')[0]).toHaveTextContent(/not whole/);
});

it('opens a span with an attribute of three million characters', async () => {
  const user = userEvent.setup();
  const { container } = render(<TraceView trace={hugeAttribute()} />);
  await user.click(screen.getAllByRole('row').find((each) => each.dataset.spanId)!);
  expect(screen.getAllByRole('region').length).toBeGreaterThan(0);
  expect(container.textContent!.length).toBeLessThan(100_000);
});

it('leaves all state to an owner that controls it', async () => {
  const user = userEvent.setup();
  const onSelectedSpanIdChange = vi.fn();
  const onCollapsedSpanIdsChange = vi.fn();
  const onViewChange = vi.fn();
  render(
    <TraceView
      trace={agentRun()}
      view="waterfall"
      onViewChange={onViewChange}
      selectedSpanId={null}
      onSelectedSpanIdChange={onSelectedSpanIdChange}
      collapsedSpanIds={new Set()}
      onCollapsedSpanIdsChange={onCollapsedSpanIdsChange}
    />,
  );
  await user.click(row(/iteration 1/));
  expect(onSelectedSpanIdChange).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole('region')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Collapse all' }));
  expect(onCollapsedSpanIdsChange).toHaveBeenCalledWith({ all: true, except: new Set() }, { reason: 'api' });
  expect(screen.getByRole('treegrid')).toHaveAttribute('aria-rowcount', '34');
  await user.click(screen.getByRole('radio', { name: 'Tree' }));
  expect(onViewChange).toHaveBeenCalledWith('tree');
  expect(screen.getByRole('treegrid')).toBeInTheDocument();
});

it('renders in strict mode', () => {
  render(
    <StrictMode>
      <TraceView trace={agentRun()} />
    </StrictMode>,
  );
  expect(row(/agent_run/)).toBeInTheDocument();
});

it('gives its state to what stands below the same provider', async () => {
  const user = userEvent.setup();
  function Selected() {
    const { selectedSpan, selectSpan, trace } = useTraceView();
    return (
      <button type="button" onClick={() => selectSpan(trace!.spanAt(1).key)}>
        selected: {selectedSpan?.name ?? 'nothing'}
      </button>
    );
  }
  render(
    <TraceProvider trace={agentRun()}>
      <Selected />
      <TraceView />
    </TraceProvider>,
  );
  await user.click(screen.getByRole('button', { name: 'selected: nothing' }));
  expect(screen.getByRole('button', { name: 'selected: agent_run' })).toBeInTheDocument();
  expect(screen.getByRole('region', { name: /agent_run/ })).toBeInTheDocument();
});
