import { fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { FlameGraph } from '../../src/react/FlameGraph.tsx';
import { TraceProvider } from '../../src/react/TraceProvider.tsx';
import { traceFromText } from '../traceFromText.ts';

const trace = traceFromText(
  `
  agent [0 1000]
    plan [0 200]
    search [200 600] error
    answer [700 1000]
`,
  { unit: 1e6 },
);

it('has a tree of the span in focus and those around it, however many the trace has', () => {
  const many = Array.from({ length: 500 }, (_, at) => `  call ${at} [${at} ${at + 1}]`).join('\n');
  render(<FlameGraph trace={traceFromText(`run [0 500]\n${many}`)} defaultSelectedSpanId="call 250" />);
  const items = screen.getAllByRole('treeitem');
  expect(items.map((item) => item.dataset.spanId)).toEqual(['run', 'call 249', 'call 250', 'call 251']);
  const selected = screen.getByRole('treeitem', { selected: true });
  expect(selected).toHaveAttribute('aria-posinset', '251');
  expect(selected).toHaveAttribute('aria-setsize', '500');
  expect(selected).toHaveAttribute('aria-level', '2');
  expect(items.filter((item) => item.tabIndex === 0)).toEqual([selected]);
});

it('keeps the focus on the element of the span that keys lead to', () => {
  render(
    <StrictMode>
      <FlameGraph trace={trace} />
    </StrictMode>,
  );
  screen.getByText(/^agent/).focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) fireEvent.keyDown(document.activeElement!, { key });
  expect(document.activeElement).toHaveAttribute('data-span-id', 'answer');
  fireEvent.keyDown(document.activeElement!, { key: 'Home' });
  expect(document.activeElement).toHaveAttribute('data-span-id', 'plan');
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowUp' });
  expect(document.activeElement).toHaveAttribute('data-span-id', 'agent');
});

it('lets the details follow the keys once a span is selected, and not before', () => {
  const onSelect = vi.fn();
  render(<FlameGraph trace={trace} onSelectedSpanIdChange={onSelect} />);
  screen.getByText(/^agent/).focus();
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
  expect(onSelect).not.toHaveBeenCalled();
  fireEvent.keyDown(document.activeElement!, { key: ' ' });
  fireEvent.keyDown(document.activeElement!, { key: 'ArrowRight' });
  expect(onSelect.mock.calls.map(([id]) => id)).toEqual(['plan', 'search']);
});

it('leaves keys that it does not know, and those of the browser, alone', () => {
  render(<FlameGraph trace={trace} />);
  const item = screen.getByText(/^agent/);
  expect(fireEvent.keyDown(item, { key: 'Tab' })).toBe(true);
  expect(fireEvent.keyDown(item, { key: 'ArrowDown', altKey: true })).toBe(true);
  expect(fireEvent.keyDown(item, { key: '+', ctrlKey: true })).toBe(true);
  expect(fireEvent.keyDown(item, { key: '+' })).toBe(false);
});

it('is selected by the click of assistive technology on an element of the tree', () => {
  const onSelect = vi.fn();
  render(<FlameGraph trace={trace} onSelectedSpanIdChange={onSelect} />);
  fireEvent.click(screen.getByText(/^plan/));
  expect(onSelect).toHaveBeenCalledExactlyOnceWith('plan', expect.objectContaining({ reason: 'click' }));
});

it('begins anew at the first span when another trace is shown in its place', () => {
  const { rerender } = render(<FlameGraph trace={trace} defaultSelectedSpanId="search" />);
  rerender(<FlameGraph trace={traceFromText('other [0 10]\n  part [0 5]', { traceId: 'other' })} />);
  expect(screen.getAllByRole('treeitem').map((item) => item.dataset.spanId)).toEqual(['other', 'part']);
  expect(screen.getByText(/^other/)).toHaveAttribute('tabindex', '0');
});

it('renders on a server with a tree to read and no style attribute', () => {
  const html = renderToString(<FlameGraph trace={trace} className="mine" />);
  expect(html).toContain('role="tree"');
  expect(html).toContain('agent, 1 s, 100 % of the trace');
  expect(html).toContain('mine');
  expect(html).not.toContain('style=');
});

it('says in place of the graph why there is none', () => {
  const { rerender } = render(<FlameGraph trace="<html>504</html>" />);
  expect(screen.getByRole('alert')).toBeInTheDocument();
  rerender(<FlameGraph trace={traceFromText('')} />);
  expect(screen.getByRole('status')).toHaveTextContent('no spans');
});

it('forwards its ref, takes class and style, and works below a provider', () => {
  const ref = { current: null as HTMLDivElement | null };
  render(
    <TraceProvider trace={trace}>
      <FlameGraph ref={ref} className="mine" style={{ height: 200 }} />
    </TraceProvider>,
  );
  expect(ref.current).toHaveClass('spanscope', 'spanscope-flame-graph', 'mine');
  expect(ref.current).toHaveStyle({ height: '200px' });
  expect(screen.getByRole('tree', { name: 'Flame graph of the trace: spans over time' })).toBeInTheDocument();
});
