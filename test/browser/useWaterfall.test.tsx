import { render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { errorRun, large } from '../../samples/index.ts';
import { type HeadlessWaterfall, TraceProvider, type TraceProviderProps, useWaterfall } from '../../src/index.ts';

// Without the package's stylesheet, as whoever draws a look of their own may have it.

let waterfall: HeadlessWaterfall;

function Bare() {
  const trackRef = useRef<HTMLDivElement>(null);
  waterfall = useWaterfall({ trackRef });
  const { rows, gridProps, scrollerProps, spacerProps, rowsProps } = waterfall;
  return (
    <div {...gridProps} aria-label="Bare">
      <div ref={trackRef} role="presentation" style={{ width: 600 }} />
      <div {...scrollerProps} style={{ width: 600, height: 300, overflow: 'auto' }}>
        <div {...spacerProps}>
          <div {...rowsProps}>
            {rows.map((row) => (
              <div key={row.key} {...row.rowProps} style={{ height: 30 }}>
                <div role="gridcell">
                  <span {...row.toggleProps}>{row.isExpanded ? '-' : '+'}</span>
                  {row.type === 'span' ? row.label : row.type}
                </div>
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

async function place(props: TraceProviderProps) {
  render(
    <TraceProvider {...props}>
      <Bare />
    </TraceProvider>,
  );
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}

const row = (name: string) => screen.getAllByRole('row').find((each) => each.textContent!.slice(1) === name)!;

it('gives rows, roles and keys to a look of the caller’s', async () => {
  await place({ trace: errorRun() });
  expect(screen.getByRole('treegrid', { name: 'Bare' })).toHaveAttribute('aria-rowcount', '15');
  expect(row('iteration 1')).toHaveAttribute('aria-level', '3');
  await userEvent.click(row('iteration 1').querySelector('[data-toggle]')!);
  expect(row('iteration 1')).toHaveAttribute('aria-expanded', 'false');
  expect(waterfall.rowCount).toBe(10);
  row('session').focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}');
  expect(row('iteration 1')).toHaveFocus();
  expect(waterfall.rowCount).toBe(15);
  await userEvent.keyboard('{Enter}');
  expect(row('iteration 1')).toHaveAttribute('aria-selected', 'true');
  expect(waterfall.view.selectedSpan?.name).toBe('iteration_1');
  await userEvent.click(row('iteration 2'), { button: 'right' });
  expect(waterfall.menu?.span.name).toBe('iteration_2');
});

it('tells where bars lie, with every step of a zoom', async () => {
  await place({ trace: errorRun() });
  const ends = () => waterfall.rows.map(({ start, end }) => [start, end]);
  expect(ends()[0]).toEqual([0, 1]);
  const before = ends();
  const scroller = document.querySelector('[style*="overflow"]')!;
  const { left, top } = scroller.getBoundingClientRect();
  scroller.dispatchEvent(
    new WheelEvent('wheel', {
      deltaY: -200,
      ctrlKey: true,
      clientX: left + 300,
      clientY: top + 20,
      bubbles: true,
      cancelable: true,
    }),
  );
  await expect.poll(ends).not.toEqual(before);
  expect(ends()[0]![0]).toBeLessThan(0);
  expect(ends()[0]![1]).toBeGreaterThan(1);
  // What is under the pointer stays.
  expect(waterfall.toUnit((waterfall.view.trace!.duration * 300) / 600)).toBeCloseTo(0.5, 6);
});

it('keeps the document small with 100,000 spans', async () => {
  await place({ trace: large({ spans: 100_000, shape: 'agent', format: 'jaeger' }) });
  expect(waterfall.rowCount).toBe(100_000);
  row(screen.getAllByRole('row')[0]!.textContent!.slice(1)).focus();
  await userEvent.keyboard('{End}');
  await expect.poll(() => waterfall.rows.at(-1)!.row).toBe(99_999);
  expect(screen.getAllByRole('row').length).toBeLessThan(60);
});

it('says where it may be used', () => {
  expect(() => render(<Bare />)).toThrow(/TraceProvider/);
});
