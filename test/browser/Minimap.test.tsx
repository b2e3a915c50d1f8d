import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, large, services } from '../../samples/index.ts';
import { Minimap, parseTraces, type TimeRange } from '../../src/index.ts';

const trace = parseTraces(errorRun()).traces[0]!;
const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

function place(props: Partial<React.ComponentProps<typeof Minimap>> = {}) {
  const onTimeRangeChange = vi.fn();
  render(
    <div style={{ position: 'fixed', left: 0, top: 0, width: 1000 }}>
      <Minimap trace={trace} onTimeRangeChange={onTimeRangeChange} {...props} />
    </div>,
  );
  const map = screen.getByRole('group', { name: 'Overview of the trace' });
  const committed = (): TimeRange | null | undefined =>
    onTimeRangeChange.mock.calls.findLast(([, { phase }]) => phase === 'commit')?.[0];
  return { map, committed };
}

function drag(element: Element, from: number, to: number): void {
  const at = (clientX: number) => ({ clientX, clientY: 20, pointerId: 1, button: 0, buttons: 1 });
  fireEvent.pointerDown(element, at(from));
  fireEvent.pointerMove(element, at((from + to) / 2));
  fireEvent.pointerMove(element, at(to));
  fireEvent.pointerUp(element, { ...at(to), buttons: 0 });
}

const share = (part: number) => part * trace.duration;

it('zooms to the stretch that is dragged out', async () => {
  const { map, committed } = place();
  drag(map, 250, 500);
  await vi.waitFor(() => expect(committed()).toEqual([share(0.25), share(0.5)]));
});

it('moves the window along with the pointer, and one edge by its handle', async () => {
  const { map, committed } = place({ defaultTimeRange: [share(0.2), share(0.4)] });
  drag(map, 300, 400);
  await vi.waitFor(() => expect(committed()![0]).toBeCloseTo(share(0.3), -3));
  expect(committed()![1]).toBeCloseTo(share(0.5), -3);
  drag(screen.getByRole('slider', { name: 'End of the time shown' }), 500, 800);
  await vi.waitFor(() => expect(committed()![1]).toBeCloseTo(share(0.8), -3));
  expect(committed()![0]).toBeCloseTo(share(0.3), -3);
});

it('shows the whole after a double click', async () => {
  const { map, committed } = place({ defaultTimeRange: [share(0.2), share(0.4)] });
  fireEvent.dblClick(map);
  await vi.waitFor(() => expect(committed()).toBeNull());
});

it('takes back by Escape what is being dragged out', async () => {
  const { map, committed } = place();
  fireEvent.pointerDown(map, { clientX: 100, pointerId: 1, button: 0, buttons: 1 });
  fireEvent.pointerMove(map, { clientX: 300, pointerId: 1, button: -1, buttons: 1 });
  await userEvent.keyboard('{Escape}');
  fireEvent.pointerUp(map, { clientX: 300, pointerId: 1, button: 0, buttons: 0 });
  await frame();
  expect(committed()).toBeUndefined();
});

it('has a slider for each edge that keys move and that says its time', async () => {
  place();
  await userEvent.keyboard('{Tab}');
  const start = screen.getByRole('slider', { name: 'Start of the time shown' });
  expect(start).toHaveFocus();
  expect(start).toHaveAttribute('aria-valuetext', '0 ms');
  await userEvent.keyboard('{PageUp}{ArrowRight}');
  await vi.waitFor(() => expect(start).toHaveAttribute('aria-valuenow', '11'));
  expect(start).toHaveAttribute('aria-valuetext', '554 ms');
});

it('shows errors in their colour and a picture of any size of trace', async () => {
  for (const input of [errorRun(), services(), large({ spans: 10_000 })]) {
    const { unmount } = render(<Minimap trace={input} style={{ width: 600 }} />);
    const canvas = document.querySelector<HTMLCanvasElement>('.spanscope-minimap canvas')!;
    await vi.waitFor(() => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      expect(data.some((value) => value > 0)).toBe(true);
    });
    unmount();
  }
});
