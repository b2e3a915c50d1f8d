import { render } from '@testing-library/react';
import { Profiler } from 'react';
import { beforeAll, expect, it } from 'vitest';
import 'spanscope/styles.css';
import { large } from '../../samples/index.ts';
import { FlameGraph, parseTraces, type Trace, TraceView, type TraceViewName, Waterfall } from '../../src/index.ts';
import { bytesOfArrays, bytesOfObjects, countDrawing } from './counts.ts';

// What keeps the views fast, as counts: they are the same on every machine, however loaded.

let hundredThousand: Trace;
let thousand: Trace;

beforeAll(() => {
  hundredThousand = parseTraces(large({ spans: 100_000, seed: 11, format: 'jaeger', shape: 'agent' })).traces[0]!;
  thousand = parseTraces(large({ spans: 1_000, seed: 11, format: 'jaeger', shape: 'agent' })).traces[0]!;
});

const width = 1000;
const height = 600;

function place(element: React.ReactNode) {
  return render(<div style={{ width, height }}>{element}</div>);
}

async function frames(count = 2): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

function find(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector)!;
}

function wheel(on: HTMLElement, options: WheelEventInit): void {
  const { left, top } = on.getBoundingClientRect();
  on.dispatchEvent(
    new WheelEvent('wheel', { clientX: left + 300, clientY: top + 40, bubbles: true, cancelable: true, ...options }),
  );
}

function move(on: HTMLElement, x: number, y: number): void {
  const { left, top } = on.getBoundingClientRect();
  on.dispatchEvent(new PointerEvent('pointermove', { clientX: left + x, clientY: top + y, bubbles: true }));
}

/** Zooms in and out around wide views, and pans, in several events a frame. */
async function zoomAndPan(on: HTMLElement, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const deltaY = step % 20 < 10 ? -60 : 60;
    for (let event = 0; event < 3; event++) wheel(on, { deltaY, ctrlKey: true });
    wheel(on, { deltaY: step % 4 < 2 ? 30 : -30, shiftKey: true });
    await frames(1);
  }
  await frames();
}

it('a row that comes into sight is drawn once, one that stays not again', async () => {
  let drawn = 0;
  const renderRowBar = () => {
    drawn++;
    return 'bar';
  };
  place(<Waterfall trace={hundredThousand} renderRowBar={renderRowBar} />);
  await frames(4);
  const scroller = find('.spanscope-rows-scroller');
  const rowHeight = find('[data-span-id]').getBoundingClientRect().height;
  const inSight = Math.ceil(scroller.clientHeight / rowHeight);
  // What stands at first: what a person sees, and no more than as much again.
  expect(drawn).toBeGreaterThanOrEqual(inSight - 2);
  expect(document.querySelectorAll('[data-span-id]').length).toBeLessThan(2 * inSight + 20);

  drawn = 0;
  const steps = 40;
  for (let step = 0; step < steps; step++) {
    scroller.scrollTop += 3 * rowHeight;
    await frames(1);
  }
  await frames(4);
  expect(drawn).toBeGreaterThan(steps * 2);
  expect(drawn).toBeLessThan(steps * 3 + inSight + 20);

  drawn = 0;
  scroller.scrollTop = scroller.scrollHeight / 2;
  await frames(4);
  expect(drawn).toBeGreaterThanOrEqual(inSight - 2);
  expect(drawn).toBeLessThan(2 * inSight + 20);
});

it.each<TraceViewName>(['waterfall', 'flame-graph'])(
  'a zoom, a pan and a pointer on its way commit nothing in React: %s',
  async (view) => {
    let commits = 0;
    place(
      <Profiler id="view" onRender={() => commits++}>
        <TraceView trace={hundredThousand} defaultView={view} />
      </Profiler>,
    );
    await frames(4);
    const on = find(view === 'waterfall' ? '.spanscope-track' : '.spanscope-flame-stage');
    // The first zoom lets the toolbar offer the way back, which React draws.
    await zoomAndPan(on, 2);
    for (let step = 0; step < 12; step++) wheel(on, { deltaY: -60, ctrlKey: true });
    await frames(20);
    const before = commits;
    for (let step = 0; step < 20; step++) {
      for (let event = 0; event < 3; event++) wheel(on, { deltaY: step % 10 < 5 ? -30 : 30, ctrlKey: true });
      wheel(on, { deltaY: step % 4 < 2 ? 30 : -30, shiftKey: true });
      await frames(1);
    }
    expect(commits).toBe(before);
  },
);

it('a graph is drawn once a frame, whatever came between, and not at all where nothing did', async () => {
  place(<FlameGraph trace={hundredThousand} style={{ width, height }} />);
  await frames(30);
  const drawing = countDrawing();
  const stage = find('.spanscope-flame-stage');
  await frames(10);
  expect(drawing.frames).toBe(0);
  for (let step = 1; step <= 10; step++) {
    for (let event = 0; event < 8; event++) {
      wheel(stage, { deltaY: -20, ctrlKey: true });
      move(stage, 100 + step * 10 + event, 60);
    }
    await frames(1);
    expect(drawing.frames).toBeLessThanOrEqual(step + 1);
  }
  expect(drawing.frames).toBeGreaterThan(5);
  await frames(30);
  const settled = drawing.frames;
  await frames(10);
  expect(drawing.frames).toBe(settled);
});

it('a frame of a zoom asks for as little memory with 100,000 spans as with 1,000', async () => {
  const steps = 60;
  const told: { arrays: number; objects: number }[] = [];
  for (const trace of [thousand, hundredThousand]) {
    let unmount = () => {};
    const first = await bytesOfArrays(async () => {
      ({ unmount } = place(<FlameGraph trace={trace} style={{ width, height }} />));
      await frames(30);
    });
    expect(first).toBeGreaterThan(trace.spanCount);
    const stage = find('.spanscope-flame-stage');
    // What is made once, caches of text and of colours among them, is there after the first time.
    await zoomAndPan(stage, 40);
    const arrays = await bytesOfArrays(() => zoomAndPan(stage, steps));
    const objects = await bytesOfObjects(() => zoomAndPan(stage, steps));
    told.push({ arrays: arrays / steps, objects: objects / steps });
    unmount();
  }
  // Of arrays none; of objects what the marks on screen need, which are some more in a crowded graph: 25 and 105 kB as measured.
  expect(told.map(({ arrays }) => arrays)).toEqual([0, 0]);
  expect(told[0]!.objects).toBeGreaterThan(1_000);
  expect(told[1]!.objects).toBeLessThan(400_000);
});

it.each<TraceViewName>(['waterfall', 'tree', 'flame-graph', 'table', 'transcript', 'iterations'])(
  'the document stays small with 100,000 spans: %s',
  async (view) => {
    place(
      <TraceView trace={hundredThousand} defaultView={view} defaultSelectedSpanId={hundredThousand.spanAt(5).key} />,
    );
    await frames(30);
    expect(document.querySelectorAll('.spanscope *').length).toBeGreaterThan(100);
    expect(document.querySelectorAll('*').length).toBeLessThan(2500);
  },
);
