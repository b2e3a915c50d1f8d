import { render, screen } from '@testing-library/react';
import { Profiler } from 'react';
import { beforeAll, expect, it, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { errorRun, large, services } from '../../samples/index.ts';
import { FlameGraph, parseTraces, SpanTree, type Trace, TraceView, Waterfall } from '../../src/index.ts';

let hundredThousand: Trace;

beforeAll(() => {
  hundredThousand = parseTraces(large({ spans: 100_000, seed: 11, format: 'jaeger', shape: 'agent' })).traces[0]!;
});

const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

function place(element: React.ReactNode, width = 1000, height = 600) {
  return render(<div style={{ width, height }}>{element}</div>);
}

function scroller(): HTMLElement {
  return document.querySelector<HTMLElement>('.spanscope-rows-scroller')!;
}

/** The rows that a person sees, from the top. */
function rowsInSight(): HTMLElement[] {
  const view = scroller().getBoundingClientRect();
  return screen.getAllByRole('row').filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return row.dataset.index !== undefined && bottom > view.top + 1 && top < view.bottom - 1;
  });
}

function bar(row: HTMLElement): DOMRect {
  return row.querySelector('.spanscope-bar')!.getBoundingClientRect();
}

it('keeps the document small with 100,000 spans, at the top, in the middle and at the end', async () => {
  place(<TraceView trace={hundredThousand} />);
  await frame();
  for (const share of [0, 0.5, 1]) {
    scroller().scrollTop = share * scroller().scrollHeight;
    await frame();
    expect(document.querySelectorAll('*').length).toBeLessThan(2500);
    const rows = rowsInSight();
    const view = scroller().getBoundingClientRect();
    expect(rows[0]!.getBoundingClientRect().top).toBeLessThanOrEqual(view.top + 1);
    expect(rows.at(-1)!.getBoundingClientRect().bottom).toBeGreaterThanOrEqual(view.bottom - 1);
  }
  expect(rowsInSight().at(-1)!.dataset.index).toBe('99999');
});

it('zooms at the pointer without a render of React', async () => {
  let commits = 0;
  place(
    <Profiler id="waterfall" onRender={() => commits++}>
      <Waterfall trace={errorRun()} />
    </Profiler>,
  );
  await frame();
  const rows = [rowsInSight()[2]!, rowsInSight()[4]!];
  const track = rows[0]!.querySelector('.spanscope-track')!.getBoundingClientRect();
  const clientX = track.left + track.width / 4;
  const before = rows.map((row) => bar(row).right - clientX);
  const rendered = commits;
  for (let step = 0; step < 3; step++) {
    rows[0]!.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: -120,
        ctrlKey: true,
        clientX,
        clientY: bar(rows[0]!).top,
        bubbles: true,
        cancelable: true,
      }),
    );
    await frame();
  }
  // All distances from the pointer grow alike: it is the one point that stays.
  const growth = rows.map((row, at) => (bar(row).right - clientX) / before[at]!);
  expect(growth[0]).toBeGreaterThan(1.3);
  expect(growth[1]).toBeCloseTo(growth[0]!, 1);
  expect(commits).toBe(rendered);
});

it('does not ask for a layout while it draws a zoom or a collapse', async () => {
  place(<Waterfall trace={hundredThousand} />);
  await frame();
  const reads: string[] = [];
  const spies = (['clientWidth', 'scrollTop'] as const).map((name) => {
    const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, name)!;
    const read = vi.spyOn(Element.prototype, name, 'get').mockImplementation(function (this: Element) {
      reads.push(`${name} of ${this.className}`);
      return get!.call(this);
    });
    const write = set && vi.spyOn(Element.prototype, name as 'scrollTop', 'set');
    write?.mockImplementation(function (this: Element, value) {
      set!.call(this, value);
    });
    return [read, write];
  });
  try {
    rowsInSight()[0]!.dispatchEvent(
      new WheelEvent('wheel', { deltaY: -120, ctrlKey: true, clientX: 600, bubbles: true, cancelable: true }),
    );
    await frame();
    rowsInSight()[1]!.querySelector<HTMLElement>('[data-toggle]')!.click();
    await frame();
    expect(reads).toEqual([]);
  } finally {
    for (const spy of spies.flat()) spy?.mockRestore();
  }
});

it('places each bar where its span lies in the time of the trace', async () => {
  const trace = parseTraces(errorRun()).traces[0]!;
  place(<Waterfall trace={trace} />);
  await frame();
  for (const row of rowsInSight()) {
    const span = trace.spanAt(Number(row.dataset.index));
    const track = row.querySelector('.spanscope-track')!.getBoundingClientRect();
    const { left, width } = bar(row);
    expect(left - track.left).toBeCloseTo((span.start / trace.duration) * track.width, 0);
    expect(width).toBeCloseTo(Math.max(2, (span.duration! / trace.duration) * track.width), 0);
  }
});

it('shows what happens at the very end of the trace', async () => {
  const spans = [
    { span_id: 'run', name: 'run', start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:10Z' },
    { span_id: 'end', name: 'end', start_time: '2026-01-01T00:00:10Z', end_time: '2026-01-01T00:00:10Z' },
  ];
  place(<Waterfall trace={{ trace_id: 't', spans }} />);
  await frame();
  const row = rowsInSight()[1]!;
  const track = row.querySelector('.spanscope-track')!.getBoundingClientRect();
  expect(bar(row).right).toBeLessThanOrEqual(track.right + 0.5);
  expect(bar(row).width).toBeGreaterThanOrEqual(2);
});

it('fits a span to the width on a double click, and the whole trace by the toolbar', async () => {
  place(<TraceView trace={errorRun()} />);
  await frame();
  const row = screen.getAllByRole('row', { name: /iteration 2/ })[0]!;
  await userEvent.dblClick(row);
  await expect.poll(() => Math.round(bar(row).width)).toBeGreaterThan(300);
  const wide = bar(row).width;
  await userEvent.click(screen.getByRole('button', { name: 'Whole trace' }));
  await expect.poll(() => bar(row).width).toBeLessThan(wide);
});

it('fits a span by a double click where the details come under the pointer between the two clicks', async () => {
  place(<TraceView trace={errorRun()} />);
  await frame();
  const row = screen.getAllByRole('row', { name: /iteration 2/ })[0]!;
  const { width } = row.getBoundingClientRect();
  await userEvent.dblClick(row, { position: { x: width - 40, y: 10 } });
  expect(screen.getByRole('region', { name: /iteration_2/ })).toBeInTheDocument();
  await expect
    .poll(() => screen.getByRole('button', { name: 'Whole trace' }).getAttribute('aria-disabled'))
    .toBe('false');
});

it('shows a cut name whole when it has the focus and under the pointer, and hides it behind both', async () => {
  const spans = [
    {
      span_id: 'long',
      name: 'a name that is far too long for the column that it stands in',
      start_time: '2026-01-01T00:00:00Z',
      end_time: '2026-01-01T00:00:10Z',
    },
    { span_id: 'short', name: 'ok', start_time: '2026-01-01T00:00:01Z', end_time: '2026-01-01T00:00:09Z' },
  ];
  place(<Waterfall trace={{ trace_id: 't', spans }} />, 500);
  await frame();
  const tooltip = document.querySelector<HTMLElement>('.spanscope-name-tooltip')!;
  const [long, short] = rowsInSight();
  const name = (row: HTMLElement) => row.querySelector<HTMLElement>('.spanscope-name-text')!;
  await userEvent.tab();
  expect(long).toHaveFocus();
  expect(tooltip.innerText).toBe(spans[0]!.name);
  expect(tooltip.getBoundingClientRect().top).toBeGreaterThanOrEqual(long!.getBoundingClientRect().bottom);
  await userEvent.keyboard('{ArrowDown}');
  expect(short).toHaveFocus();
  expect(tooltip).not.toBeVisible();
  await userEvent.hover(name(long!));
  await expect.poll(() => tooltip.checkVisibility()).toBe(true);
  await userEvent.hover(short!);
  await expect.poll(() => tooltip.checkVisibility()).toBe(false);
});

it('shows enough of a service beside its name to be read, or else none of it, and the name first', async () => {
  const { rerender } = place(<Waterfall trace={services()} />);
  for (const width of [1200, 1000, 800, 640, 500]) {
    rerender(
      <div style={{ width, height: 600 }}>
        <Waterfall trace={services()} />
      </div>,
    );
    await frame();
    for (const row of rowsInSight()) {
      const name = row.querySelector<HTMLElement>('.spanscope-name-text')!;
      const service = row.querySelector<HTMLElement>('.spanscope-service-name');
      if (!service || service.offsetTop >= name.offsetTop + name.offsetHeight) continue;
      expect(name.scrollWidth).toBeLessThanOrEqual(name.clientWidth);
      expect(service.clientWidth).toBeGreaterThanOrEqual(Math.min(service.scrollWidth, 60));
    }
  }
});

it('has higher rows where the text is larger', async () => {
  place(<Waterfall trace={errorRun()} style={{ fontSize: 26 }} />);
  await frame();
  const [first, second] = rowsInSight();
  const name = first!.querySelector<HTMLElement>('.spanscope-name-text')!;
  expect(first!.clientHeight).toBeGreaterThanOrEqual(name.scrollHeight);
  expect(second!.getBoundingClientRect().top).toBeCloseTo(first!.getBoundingClientRect().bottom, 0);
});

it('keeps name and duration apart in a narrow column that runs right to left', async () => {
  render(
    <div dir="rtl" style={{ width: 360, height: 600 }}>
      <Waterfall trace={errorRun()} />
    </div>,
  );
  await frame();
  for (const row of rowsInSight()) {
    const label = row.querySelector('.spanscope-bar-label')!.getBoundingClientRect();
    const name = row.querySelector('.spanscope-name-text')!.getBoundingClientRect();
    expect(label.right).toBeLessThan(name.left);
  }
});

it('moves the focus into details that lie over the rows, and back to the row by Escape', async () => {
  place(<TraceView trace={errorRun()} />, 400);
  await frame();
  const row = rowsInSight()[1]!;
  row.focus();
  await userEvent.keyboard('{Enter}');
  const details = screen.getByRole('region', { name: /agent_run/ });
  await expect.poll(() => details.contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{Escape}');
  expect(row).toHaveFocus();
});

it('leaves out the label of the last tick rather than put it over the one before', async () => {
  const spans = [{ span_id: 'a', name: 'a', start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-01T00:00:00.200Z' }];
  for (const width of [420, 500, 640, 800, 900, 1000, 1280]) {
    const { unmount } = place(<Waterfall trace={{ trace_id: 't', spans }} />, width);
    await frame();
    const ticks = [...document.querySelectorAll('.spanscope-time-axis .spanscope-tick:not([hidden])')];
    const rects = ticks.filter((tick) => tick.textContent).map((tick) => tick.getBoundingClientRect());
    expect(rects.length).toBeGreaterThan(1);
    for (let at = 1; at < rects.length; at++) expect(rects[at]!.left).toBeGreaterThan(rects[at - 1]!.right);
    unmount();
  }
});

it('never puts a duration outside of the row or over the end of the window', async () => {
  place(<Waterfall trace={errorRun()} />, 700, 500);
  await frame();
  for (const row of rowsInSight()) {
    const label = row.querySelector<HTMLElement>('.spanscope-bar-label')!;
    if (label.dataset.placement === 'none') continue;
    const track = row.querySelector('.spanscope-track')!.getBoundingClientRect();
    const { left, right } = label.getBoundingClientRect();
    expect(left).toBeGreaterThanOrEqual(track.left - 1);
    expect(right).toBeLessThanOrEqual(track.right + 1);
  }
});

it('puts the duration of a bar that reaches the window’s end into the bar, if it has the room', async () => {
  place(<Waterfall trace={errorRun()} />, 1000, 500);
  await frame();
  const placements = rowsInSight().map((row) => {
    const label = row.querySelector<HTMLElement>('.spanscope-bar-label')!;
    return `${row.querySelector('.spanscope-name-text')!.textContent} ${label.textContent}: ${label.dataset.placement}`;
  });
  expect(placements).toContain('session 5.04 s: inside');
  expect(placements).toContain('iteration 2 3.6 s: inside');
  expect(placements).toContain('llm_call 1.59 s: after');
});

it('stands a bar nearer to its own name than to the next where it lies under the name', async () => {
  place(<Waterfall trace={errorRun()} />, 400, 500);
  await frame();
  const [first, second] = rowsInSight();
  const nameOf = (row: HTMLElement) => row.querySelector('.spanscope-name-text')!.getBoundingClientRect();
  const { top, bottom } = bar(first!);
  expect(top).toBeGreaterThanOrEqual(nameOf(first!).bottom - 1);
  expect(top - nameOf(first!).bottom).toBeLessThan((nameOf(second!).top - bottom) / 2);
});

it.each([320, 420, 640, 1280])('fits a container of %i px without scrolling sideways', async (width) => {
  place(<TraceView trace={errorRun()} />, width, 500);
  await frame();
  const root = document.querySelector('.spanscope-trace-view')!;
  expect(root.scrollWidth).toBeLessThanOrEqual(width);
  for (const row of rowsInSight())
    expect(row.getBoundingClientRect().right).toBeLessThanOrEqual(root.getBoundingClientRect().right);
});

it.each([
  ['TraceView', TraceView],
  ['Waterfall', Waterfall],
  ['SpanTree', SpanTree],
  ['FlameGraph', FlameGraph],
])('gives %s a height of its own where the host gives none', async (_, View) => {
  const { container } = render(<View trace={errorRun()} />);
  await frame();
  expect(container.querySelector('.spanscope')!.getBoundingClientRect().height).toBeGreaterThan(380);
});

it('lets the name column be dragged and moved by keys', async () => {
  place(<Waterfall trace={errorRun()} />);
  await frame();
  const divider = screen.getByRole('separator', { name: /name column/ });
  const start = divider.getBoundingClientRect();
  divider.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  const moved = divider.getBoundingClientRect();
  expect(moved.left - start.left).toBeCloseTo(32, 0);
  await frame();
  const firstTrack = document.querySelector('.spanscope-track')!.getBoundingClientRect();
  expect(Math.abs(firstTrack.left - (moved.left + moved.width / 2))).toBeLessThan(4);
});

it('keeps the focus in the rows when the focused row scrolls away, and goes on from it', async () => {
  place(<Waterfall trace={hundredThousand} />);
  await frame();
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown}');
  scroller().scrollTop = 50_000;
  await frame();
  await frame();
  expect(screen.getByRole('treegrid').contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{ArrowDown}');
  await frame();
  expect((document.activeElement as HTMLElement).dataset.index).toBe('2');
  expect(rowsInSight()).toContain(document.activeElement);
});

it('follows the light or dark of the page, and a theme of its own before that', async () => {
  const ground = () => getComputedStyle(document.querySelector('.spanscope-trace-view')!).backgroundColor;
  const { rerender } = render(<TraceView trace={errorRun()} theme="dark" />);
  const dark = ground();
  rerender(<TraceView trace={errorRun()} theme="light" />);
  const light = ground();
  expect(dark).not.toBe(light);
  rerender(<TraceView trace={errorRun()} />);
  document.documentElement.style.colorScheme = 'dark';
  expect(ground()).toBe(dark);
  document.documentElement.style.colorScheme = '';
});

it('opens 5,000 levels of depth with names that can be read', async () => {
  const spans = Array.from({ length: 5000 }, (_, level) => ({
    span_id: `s${level}`,
    parent_span_id: level === 0 ? null : `s${level - 1}`,
    name: `level ${level}`,
    start_time: '2026-01-01T00:00:00Z',
    end_time: '2026-01-01T00:00:01Z',
  }));
  place(<Waterfall trace={{ trace_id: 'deep', spans }} />);
  await frame();
  scroller().scrollTop = scroller().scrollHeight;
  await frame();
  const last = rowsInSight().at(-1)!;
  expect(last.dataset.spanId).toBe('s4999');
  expect(last.querySelector('.spanscope-name-text')!.getBoundingClientRect().width).toBeGreaterThan(50);
});
