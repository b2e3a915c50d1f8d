import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ComponentProps, createRef, StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { SpanDetails, type Trace, TraceProvider, useTraceView } from '../../src/index.ts';
import { detailedTrace, unixNanoAt } from '../detailedTrace.ts';

const exception = {
  'exception.type': 'TimeoutError',
  'exception.message': 'search backend did not answer in 0.9 s',
  'exception.stacktrace': 'Traceback\n  File "run.py", line 214\nTimeoutError',
};

const trace = detailedTrace([
  { id: 'run', end: 9000, details: { attributes: { model: 'gpt-4' } } },
  {
    id: 'search',
    parent: 'run',
    name: 'tool:search',
    serviceName: 'search-backend',
    kind: 'client',
    status: 'error',
    start: 1000,
    end: 3000,
    details: {
      statusMessage: 'search backend did not answer in 0.9 s',
      attributes: { 'tool.name': 'search', attempt: 2 },
      events: [
        { name: 'retry', timeUnixNano: unixNanoAt(1200.5), attributes: { delay: 200 } },
        { name: 'exception', timeUnixNano: unixNanoAt(3000), attributes: exception },
      ],
      links: [
        { traceId: 'trace-1', spanId: 'fetch', attributes: {} },
        { traceId: 'trace-2', spanId: 'other', attributes: { reason: 'resumed' } },
        { traceId: 'trace-1', spanId: 'gone', attributes: {} },
      ],
      resource: { 'host.name': 'agents-1' },
      scope: { name: 'httpx', version: '0.48' },
    },
  },
  { id: 'fetch', parent: 'search', start: 1500, end: 2000 },
  { id: 'lost', parent: 'nowhere', start: 4000, end: null },
]);

type Props = Partial<ComponentProps<typeof SpanDetails>>;

function renderDetails(selected: string | null, props: Props = {}, of: Trace = trace) {
  return render(<SpanDetails trace={of} defaultSelectedSpanId={selected} {...props} />);
}

/** The value beside a key, of facts and attributes alike. */
function shownValue(key: string): HTMLElement {
  return screen.getByText((_, element) => element?.tagName === 'DT' && element.textContent === key)
    .nextElementSibling as HTMLElement;
}

function hasKey(key: string): boolean {
  return screen.queryByText((_, element) => element?.tagName === 'DT' && element.textContent === key) !== null;
}

const headings = () => screen.getAllByRole('heading').map((heading) => heading.textContent);

describe('SpanDetails', () => {
  it('is a region named after the span, with its status in words', () => {
    renderDetails('search');
    const region = screen.getByRole('region', { name: 'tool:search' });
    expect(region).toHaveClass('spanscope-details');
    expect(within(region).getByText('error')).toBeInTheDocument();
  });

  it('tells the facts of the span', () => {
    renderDetails('search');
    expect(shownValue('Service')).toHaveTextContent('search-backend');
    expect(shownValue('Kind')).toHaveTextContent('tool · client');
    expect(shownValue('Start')).toHaveTextContent('+1 s 2026-11-23 09:30:01.000000 UTC');
    expect(shownValue('Duration')).toHaveTextContent('2 s 22 % of the trace');
    expect(within(shownValue('Duration')).getByTitle('2,000,000,000 ns')).toBeInTheDocument();
    expect(shownValue('Self time')).toHaveTextContent('1.5 s 75 % of the span');
    expect(shownValue('Children')).toHaveTextContent('1');
    expect(shownValue('Span id')).toHaveTextContent('search');
    expect(shownValue('Trace id')).toHaveTextContent('trace-1');
  });

  it('puts what failed first and says it once', () => {
    renderDetails('search');
    expect(headings().slice(0, 2)).toEqual(['tool:search', 'Error']);
    expect(screen.getAllByText('search backend did not answer in 0.9 s')).toHaveLength(1);
    expect(screen.getByText('TimeoutError')).toBeInTheDocument();
  });

  it('folds the stack trace', async () => {
    renderDetails('search');
    expect(screen.queryByRole('group', { name: 'Stack trace, 3 lines' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Stack trace, 3 lines' }));
    expect(screen.getByRole('group', { name: 'Stack trace, 3 lines' })).toHaveTextContent('File "run.py", line 214');
  });

  it('shows a status message that no exception repeats, and an exception of a span that did not fail as one', () => {
    const of = detailedTrace([
      { id: 'a', status: 'error', details: { statusMessage: 'gave up' } },
      {
        id: 'b',
        status: 'ok',
        details: { events: [{ name: 'exception', timeUnixNano: undefined, attributes: { type: 'KeyError' } }] },
      },
    ]);
    const { rerender } = renderDetails(null, { selectedSpanId: 'a' }, of);
    expect(screen.getByText('gave up')).toBeInTheDocument();
    rerender(<SpanDetails trace={of} selectedSpanId="b" />);
    expect(headings().slice(0, 2)).toEqual(['b', 'Exception']);
    expect(screen.getByText('KeyError')).toBeInTheDocument();
  });

  it('calls a bare status code an error', () => {
    const of = detailedTrace([{ id: 'call', status: 'error', details: { attributes: { 'error.type': '503' } } }]);
    renderDetails('call', {}, of);
    expect(screen.getByText('Error 503')).toBeInTheDocument();
  });

  it('says what the model marked and what was done about it', () => {
    renderDetails('lost');
    expect(screen.getByText('Its parent nowhere is not in the trace, so it is shown as a root.')).toBeInTheDocument();
    expect(screen.getByText("It has no end. It is drawn open, to the trace's end.")).toBeInTheDocument();
    expect(shownValue('Duration')).toHaveTextContent(/^not finished$/);
    expect(shownValue('Parent')).toHaveTextContent('nowhere not in this trace');
  });

  it('says by how much a span leaves its parent', () => {
    const of = detailedTrace([
      { id: 'a', start: 10, end: 20 },
      { id: 'b', parent: 'a', start: 7, end: 25 },
    ]);
    renderDetails('b', {}, of);
    expect(
      screen.getByText('It starts 3 ms before and ends 5 ms after its parent. It is drawn as the file has it.'),
    ).toBeInTheDocument();
  });

  it('leaves out sections that have nothing to say', () => {
    const of = detailedTrace([{ id: 'bare' }]);
    renderDetails('bare', {}, of);
    expect(headings()).toEqual(['bare', 'Facts', 'Source']);
    expect(hasKey('Errors below')).toBe(false);
    expect(shownValue('Parent')).toHaveTextContent('none, it is a root');
  });

  it('says why the trace is not whole', () => {
    renderDetails('run');
    expect(screen.getByRole('button', { name: 'Completeness' })).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText('1 span names a parent that is not in the trace.')).toBeInTheDocument();
  });

  it('counts the errors below a span', () => {
    renderDetails('run');
    expect(shownValue('Errors below')).toHaveTextContent('1');
    expect(shownValue('Children')).toHaveTextContent('1 2 below in all');
  });

  it('shows events in the order of the file with their offset from the span and from the trace', async () => {
    renderDetails('search');
    const events = screen.getByRole('button', { name: /^Events/ }).closest('section')!;
    const items = within(events).getAllByRole('listitem');
    expect(items.map((item) => within(item).getAllByRole('button')[0]!.textContent)).toEqual([
      'retry+201 ms from the span’s start',
      'exceptionexception.type: "TimeoutError", exception.message: "search backend did not answer in…", exception.stacktrace: "Traceback File "run.py", line …"+2 s from the span’s start',
    ]);
    expect(items[0]).toHaveTextContent('+1.2 s from the trace’s start · 2026-11-23 09:30:01.200500 UTC');
    expect(shownValue('delay')).toHaveTextContent('200');
    expect(hasKey('exception.message')).toBe(false);
    await userEvent.click(within(items[1]!).getByRole('button'));
    expect(shownValue('exception.message')).toBeInTheDocument();
  });

  it('folds sections, and keeps them folded for the next span', async () => {
    const user = userEvent.setup();
    renderDetails('search');
    expect(hasKey('host.name')).toBe(false);
    await user.click(screen.getByRole('button', { name: /^Resource/ }));
    expect(shownValue('host.name')).toHaveTextContent('agents-1');
    await user.click(screen.getByRole('button', { name: /^Attributes/ }));
    expect(hasKey('attempt')).toBe(false);
    await user.click(screen.getByRole('button', { name: 'run' }));
    expect(screen.getByRole('region', { name: 'run' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /^Attributes/ })).toHaveAttribute('aria-expanded', 'false');
  });

  it('shows the scope', async () => {
    renderDetails('search');
    await userEvent.click(screen.getByRole('button', { name: /^Scope/ }));
    expect(shownValue('name')).toHaveTextContent('httpx');
    expect(shownValue('version')).toHaveTextContent('0.48');
  });

  it('selects the parent by a link, and the focus goes to the name of what is shown now', async () => {
    const onSelectedSpanIdChange = vi.fn();
    renderDetails('search', { onSelectedSpanIdChange });
    await userEvent.click(screen.getByRole('button', { name: 'run' }));
    expect(onSelectedSpanIdChange).toHaveBeenCalledExactlyOnceWith('run', expect.objectContaining({ reason: 'link' }));
    expect(screen.getByRole('heading', { name: 'run' })).toHaveFocus();
  });

  it('follows links within the trace, and says of others where they lead', async () => {
    renderDetails('search');
    const links = screen.getByRole('button', { name: /^Links/ }).closest('section')!;
    const [inTrace, other, gone] = within(links).getAllByRole('listitem');
    expect(other).toHaveTextContent('trace-2 / other in another trace');
    expect(within(other!).queryByRole('button', { name: /trace-2/ })).toBeNull();
    expect(gone).toHaveTextContent('gone not in this trace');
    await userEvent.click(within(inTrace!).getByRole('button', { name: 'fetch' }));
    expect(screen.getByRole('region', { name: 'fetch' })).toBeInTheDocument();
  });

  it('hands links into other traces to onOpenTrace', async () => {
    const onOpenTrace = vi.fn();
    renderDetails('search', { onOpenTrace });
    await userEvent.click(screen.getByRole('button', { name: /^trace-2.*other$/ }));
    expect(onOpenTrace).toHaveBeenCalledExactlyOnceWith('trace-2', 'other');
  });

  it('closes by its button and by Escape within it, if somebody wants to know', async () => {
    const user = userEvent.setup();
    const onClose = vi.fn();
    const { rerender } = renderDetails('run', { onClose });
    await user.click(screen.getByRole('button', { name: 'Close the details' }));
    expect(onClose).toHaveBeenLastCalledWith(expect.objectContaining({ reason: 'click' }));
    await user.keyboard('{Escape}');
    expect(onClose).toHaveBeenLastCalledWith(expect.objectContaining({ reason: 'keyboard' }));
    expect(onClose).toHaveBeenCalledTimes(2);
    rerender(<SpanDetails trace={trace} selectedSpanId="run" />);
    expect(screen.queryByRole('button', { name: 'Close the details' })).toBeNull();
  });

  it('zooms the views that it shares its state with to the span', async () => {
    const onTimeRangeChange = vi.fn();
    const parts = (
      <TraceProvider trace={trace} defaultSelectedSpanId="search" onTimeRangeChange={onTimeRangeChange}>
        <SpanDetails />
      </TraceProvider>
    );
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    render(parts);
    await userEvent.click(screen.getByRole('button', { name: 'Zoom to this span' }));
    vi.unstubAllGlobals();
    const [start, end] = onTimeRangeChange.mock.lastCall![0];
    expect([start <= 1e9, start > 0.8e9, end >= 3e9, end < 3.2e9]).toEqual([true, true, true, true]);
  });

  it('follows the selection of the provider above it', async () => {
    function SelectFetch() {
      const view = useTraceView();
      return (
        <button type="button" onClick={() => view.selectSpan('fetch')}>
          elsewhere
        </button>
      );
    }
    render(
      <StrictMode>
        <TraceProvider trace={trace}>
          <SelectFetch />
          <SpanDetails />
        </TraceProvider>
      </StrictMode>,
    );
    expect(screen.getByRole('region', { name: 'Span details' })).toHaveTextContent('No span selected');
    await userEvent.click(screen.getByRole('button', { name: 'elsewhere' }));
    expect(screen.getByRole('region', { name: 'fetch' })).toBeInTheDocument();
    // The focus stays where the selection was made.
    expect(screen.getByRole('button', { name: 'elsewhere' })).toHaveFocus();
  });

  it('says what is missing: a selection, the selected span, a readable trace', () => {
    const { rerender } = renderDetails(null);
    expect(screen.getByText('No span selected')).toBeInTheDocument();
    rerender(<SpanDetails trace={trace} selectedSpanId="nobody" />);
    expect(screen.getByText(/There is no span nobody/)).toBeInTheDocument();
    rerender(<SpanDetails trace={'<html>504</html>'} />);
    expect(screen.getByRole('alert')).toBeInTheDocument();
  });

  it('shows attributes whose keys are those of every object, and survives names of none', () => {
    const attributes = Object.fromEntries([
      ['constructor', 'c'],
      ['toString', 't'],
      ['__proto__', 'p'],
      ['', 'nothing'],
    ]);
    renderDetails('a', {}, detailedTrace([{ id: 'a', name: '', details: { attributes } }]));
    expect(screen.getByRole('region', { name: '(no name)' })).toBeInTheDocument();
    expect(['constructor', 'toString', '__proto__', ''].map((key) => shownValue(key).textContent)).toEqual([
      'c',
      't',
      'p',
      'nothing',
    ]);
  });

  it('takes class, style and ref, and a level for its heading', () => {
    const ref = createRef<HTMLDivElement>();
    renderDetails('run', { ref, className: 'mine', style: { width: 300 }, headingLevel: 4 });
    expect(ref.current).toBe(screen.getByRole('region', { name: 'run' }));
    expect(ref.current).toHaveClass('mine');
    expect(ref.current).toHaveStyle({ width: '300px' });
    expect(screen.getByRole('heading', { name: 'run' }).tagName).toBe('H4');
    expect(screen.getByRole('heading', { name: /Attributes/ }).tagName).toBe('H5');
  });

  it('renders on a server, without a style attribute', () => {
    const html = renderToString(<SpanDetails trace={trace} defaultSelectedSpanId="search" />);
    expect(html).toContain('tool:search');
    expect(html).not.toMatch(/\sstyle=/);
  });

  it('shows the first of many events and the rest in steps', async () => {
    const events = Array.from({ length: 120 }, (_, at) => ({
      name: `token ${at}`,
      timeUnixNano: unixNanoAt(at),
      attributes: {},
    }));
    renderDetails('a', {}, detailedTrace([{ id: 'a', details: { events } }]));
    expect(screen.getAllByRole('listitem')).toHaveLength(50);
    await userEvent.click(screen.getByRole('button', { name: 'Show 50 more of 70' }));
    await userEvent.click(screen.getByRole('button', { name: 'Show 20 more' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(120);
  });
});
