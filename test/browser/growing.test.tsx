import { render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import 'spanscope/styles.css';
import { useLiveTrace, Waterfall, type WaterfallProps } from '../../src/index.ts';
import { createTraceRecorder, type TraceRecorder } from '../../src/tracer.ts';

// A trace that grows, in a real browser: what somebody looks at stays where it is, and the end is followed until left.

const traceId = '0123456789abcdef0123456789abcdef';
const second = 1_000_000_000n;
const begin = 1_700_000_000n * second;
const idOf = (at: number) => (at + 1).toString(16).padStart(16, '0');

let recorder: TraceRecorder;
afterEach(() => recorder.shutdown());

interface Sent {
  at: number;
  /** Seconds from the beginning. */
  start: number;
  parent?: number;
  seconds?: number;
}

function send(...spans: Sent[]): void {
  recorder.ingest({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: spans.map(({ at, start, parent, seconds = 1 }) => ({
              traceId,
              spanId: idOf(at),
              parentSpanId: parent === undefined ? '' : idOf(parent),
              name: `span ${at}`,
              startTimeUnixNano: String(begin + BigInt(start) * second),
              endTimeUnixNano: String(begin + BigInt(start + seconds) * second),
            })),
          },
        ],
      },
    ],
  });
}

/** Spans one after another, a second each, below the first. */
const steps = (from: number, end: number) =>
  Array.from({ length: end - from }, (_, place) => ({ at: from + place, start: from + place, parent: 0 }));

function Live(props: WaterfallProps) {
  const trace = useLiveTrace(recorder);
  return trace ? <Waterfall {...props} trace={trace} /> : null;
}

async function place(spans: number, props: WaterfallProps = {}) {
  recorder = createTraceRecorder();
  send({ at: 0, start: 0, seconds: 10_000 }, ...steps(1, spans));
  render(
    <div style={{ width: 1000, height: 400 }}>
      <Live {...props} />
    </div>,
  );
  await grown(spans);
}

const scroller = () => document.querySelector<HTMLElement>('.spanscope-rows-scroller')!;
const rowOf = (at: number) => document.querySelector<HTMLElement>(`[data-span-id="${idOf(at)}"]`);
/** Events of scrolling come with the next frame. */
const frames = async () => {
  for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setTimeout(resolve, 60));
};
const rowCount = () => Number(screen.getByRole('treegrid').getAttribute('aria-rowcount')) - 1;
const followButton = () => screen.queryByRole('button', { name: 'Follow the end' });

async function grown(spans: number): Promise<void> {
  await expect.poll(rowCount).toBe(spans);
  await frames();
}

/** Where a row stands in the frame; undefined where it is not in sight. */
function topOf(at: number): number | undefined {
  const view = scroller().getBoundingClientRect();
  const row = rowOf(at)?.getBoundingClientRect();
  return row && row.bottom > view.top && row.top < view.bottom ? Math.round(row.top - view.top) : undefined;
}

async function scrollTo(top: number): Promise<void> {
  scroller().scrollTop = top;
  await frames();
}

it('follows the end until somebody scrolls up, and again by the button', async () => {
  await place(30);
  send(...steps(30, 60));
  await grown(60);
  expect(topOf(59)).toBeDefined();
  expect(followButton()).toBe(null);
  await scrollTo(scroller().scrollTop - 200);
  const before = scroller().scrollTop;
  send(...steps(60, 90));
  await grown(90);
  expect(scroller().scrollTop).toBe(before);
  await userEvent.click(followButton()!);
  await frames();
  expect(topOf(89)).toBeDefined();
  expect(followButton()).toBe(null);
  expect(document.activeElement?.closest('[role=treegrid]')).toBeTruthy();
  send(...steps(90, 120));
  await grown(120);
  expect(topOf(119)).toBeDefined();
});

it('follows again when somebody scrolls to the end', async () => {
  await place(60);
  send(...steps(60, 61));
  await grown(61);
  await scrollTo(scroller().scrollTop - 300);
  await scrollTo(scroller().scrollHeight);
  send(...steps(61, 90));
  await grown(90);
  expect(topOf(89)).toBeDefined();
});

it('keeps rows where they are when others come above them', async () => {
  await place(100);
  send(...steps(100, 101));
  await grown(101);
  await scrollTo(1000);
  const before = topOf(40);
  expect(before).toBeDefined();
  // Below a span far above what is in sight, and between the others: a parent that is late with its children.
  send(...Array.from({ length: 17 }, (_, place) => ({ at: 200 + place, start: 5, parent: 5 })));
  await grown(118);
  expect(topOf(40)).toBe(before);
});

it('keeps the mark of the row under the pointer on its span', async () => {
  await place(100);
  send(...steps(100, 101));
  await grown(101);
  await scrollTo(1000);
  await userEvent.hover(rowOf(40)!);
  const marked = () => document.querySelector('[data-hovered]')?.getAttribute('data-span-id');
  await expect.poll(marked).toBe(idOf(40));
  send(...Array.from({ length: 17 }, (_, place) => ({ at: 200 + place, start: 5, parent: 5 })));
  await grown(118);
  expect(marked()).toBe(idOf(40));
});

it('leaves the end for who scrolls in the very moment in which more comes', async () => {
  await place(60);
  send(...steps(60, 61));
  await grown(61);
  for (let at = 61; at < 66; at++) {
    scroller().scrollTop -= 40;
    const before = scroller().scrollTop;
    send(...steps(at, at + 1));
    await grown(at + 1);
    expect(scroller().scrollTop).toBe(before);
  }
});

it('keeps selection, focus, zoom and what is collapsed', async () => {
  const ranges: unknown[] = [];
  await place(40, { onTimeRangeChange: (range) => ranges.push(range) });
  send({ at: 300, start: 3, parent: 3 }, ...steps(40, 41));
  await grown(42);
  await scrollTo(0);
  await userEvent.click(rowOf(6)!);
  await userEvent.click(rowOf(3)!.querySelector('[data-toggle]')!);
  await expect.poll(rowCount).toBe(41);
  rowOf(8)!.focus();
  await userEvent.keyboard('f');
  await new Promise((resolve) => setTimeout(resolve, 400));
  const bar = () => rowOf(8)!.querySelector('.spanscope-bar')!.getBoundingClientRect();
  const before = bar();
  expect(before.width).toBeGreaterThan(300);
  const [range] = ranges.slice(-1) as [[number, number]];
  // The trace turns out to begin 50 seconds earlier, and to have more in it.
  send(
    { at: 400, start: -50, seconds: 1 },
    { at: 401, start: 2, parent: 2 },
    { at: 402, start: 3, parent: 300 },
    ...steps(41, 60),
  );
  await grown(62);
  expect(rowOf(6)!.getAttribute('aria-selected')).toBe('true');
  expect(rowOf(3)!.getAttribute('aria-expanded')).toBe('false');
  expect(rowOf(8)).toBe(document.activeElement);
  expect(rowOf(8)!.tabIndex).toBe(0);
  expect(bar().left).toBeCloseTo(before.left, 0);
  expect(bar().width).toBeCloseTo(before.width, 0);
  await userEvent.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(rowOf(9));
  await userEvent.keyboard('{Shift>}+{/Shift}');
  await new Promise((resolve) => setTimeout(resolve, 400));
  const [later] = ranges.slice(-1) as [[number, number]];
  expect((later[0] + later[1]) / 2 - (range[0] + range[1]) / 2).toBeGreaterThan(49e9);
});

it('ends a zoom that is on its way while the trace grows', async () => {
  await place(20);
  rowOf(4)!.focus();
  await userEvent.keyboard('f');
  for (let at = 20; at < 30; at++) {
    send(...steps(at, at + 1), { at: 500 + at, start: 10_000 + at * 10 });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await grown(40);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(rowOf(4)!.querySelector('.spanscope-bar')!.getBoundingClientRect().width).toBeGreaterThan(300);
});

it('keeps a range at the end there, until somebody zooms away from it', async () => {
  const lengths = (range: readonly [number, number] | null) => range && range[1] - range[0];
  let last: readonly [number, number] | null = null;
  await place(20, {
    defaultTimeRange: [9_990e9, 10_000e9],
    onTimeRangeChange: (range) => {
      last = range;
    },
  });
  // It lies in the new last ten seconds, so that it is drawn in full.
  send({ at: 600, start: 10_995, seconds: 5 });
  await grown(21);
  const width = () => rowOf(600)!.querySelector('.spanscope-bar')!.getBoundingClientRect().width;
  expect(width()).toBeGreaterThan(200);
  rowOf(4)!.focus();
  await userEvent.keyboard('f');
  await new Promise((resolve) => setTimeout(resolve, 400));
  const shown = lengths(last);
  const barWidth = () => rowOf(4)!.querySelector('.spanscope-bar')!.getBoundingClientRect().width;
  const before = barWidth();
  send({ at: 601, start: 12_000, seconds: 5 });
  await grown(22);
  expect(lengths(last)).toBe(shown);
  expect(barWidth()).toBeCloseTo(before, 0);
  expect(followButton()).not.toBe(null);
});
