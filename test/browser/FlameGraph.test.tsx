import 'spanscope/styles.css';
import { render, screen } from '@testing-library/react';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import { createRandom } from '../../samples/random.ts';
import type { TimeRange } from '../../src/layout/timeScale.ts';
import { noDetails } from '../../src/model/details.ts';
import type { Trace } from '../../src/model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../../src/model/traceBuilder.ts';
import { colorOfText } from '../../src/react/colors.ts';
import { FlameGraph, type FlameGraphProps } from '../../src/react/FlameGraph.tsx';
import { TraceProvider, useTraceViewContext } from '../../src/react/TraceProvider.tsx';
import { traceFacts } from '../../src/react/traceFacts.ts';
import type { Viewport } from '../../src/react/viewport.ts';
import { randomTrace, traceOfRecords } from '../randomTrace.ts';
import { traceFromText } from '../traceFromText.ts';
import { countDrawing } from './counts.ts';

const width = 800;
const height = 300;
/** Beside the canvas, which lies between them: 8 px each. */
const canvasWidth = width - 16;
const axisHeight = 26;
const roomAbove = 6;
const laneHeight = 20;

const twoServices = traceFromText(
  `
  agent [0 1000] service=agent
    plan [0 200] service=model
    search [200 600] service=tools error
      http [250 500] service=tools
    answer [700 1000] service=model open
  `,
  { unit: 1e6 },
);

afterEach(() => {
  document.documentElement.style.colorScheme = '';
});

it('draws each span in its place and in the colour of its service', async () => {
  await draw(twoServices);
  expect(pixelAt(0.9, 0)).toEqual(paletteColor('agent'));
  expect(pixelAt(0.1, 1, 'bottom')).toEqual(paletteColor('model'));
  expect(pixelAt(0.5, 1, 'bottom')).toEqual(paletteColor('tools'));
  expect(pixelAt(0.4, 2, 'bottom')).toEqual(paletteColor('tools'));
  expect(pixelAt(0.65, 1)).toEqual(nothing);
  expect(pixelAt(0.55, 2)).toEqual(nothing);
});

it('is as sharp at a pixel ratio of 2, with every span in the same place', async () => {
  await atPixelRatio(2);
  await draw(twoServices);
  expect(canvas().width).toBe(canvasWidth * 2);
  expect(pixelAt(0.9, 0)).toEqual(paletteColor('agent'));
  expect(pixelAt(0.1, 1, 'bottom')).toEqual(paletteColor('model'));
  expect(pixelAt(0.4, 2, 'bottom')).toEqual(paletteColor('tools'));
  expect(pixelAt(0.65, 1)).toEqual(nothing);
  // The gap between two blocks is a pixel of CSS, of two of the canvas.
  const edge = 0.2 * canvasWidth * 2;
  expect([-3, -2, -1, 0].map((x) => colorAt(edge + x, laneMiddle(1) * 2).alpha > 0)).toEqual([
    true,
    false,
    false,
    true,
  ]);
});

it('shows 1 ns of ten minutes without drift', async () => {
  const end = 600_000_000_000;
  const trace = traceFromText(`
    long [0 ${end}] service=agent
      first [${end - 15} ${end - 14}] service=model
      second [${end - 10} ${end - 8}] service=tools
  `);
  await draw(trace, { defaultTimeRange: [end - 20, end] });
  const pixelsOfNanosecond = canvasWidth / 20;
  const spans = runs(laneMiddle(1));
  expect(spans).toHaveLength(2);
  expect(near(spans[0]![0], 5 * pixelsOfNanosecond)).toBe(true);
  expect(near(spans[0]![1], 6 * pixelsOfNanosecond)).toBe(true);
  expect(near(spans[1]![0], 10 * pixelsOfNanosecond)).toBe(true);
  expect(near(spans[1]![1], 12 * pixelsOfNanosecond)).toBe(true);
});

it('paints every pixel column of every lane in which a span is', async () => {
  for (const seed of [1, 2, 3]) {
    const trace = busyTrace(seed, 20_000);
    const { unmount } = await draw(trace);
    const layout = traceFacts(trace).flameGraph;
    const nanosecondsOfPixel = trace.duration / canvasWidth;
    let busy = 0;
    let painted = 0;
    for (let lane = 0; lane < Math.min(layout.laneCount, 12); lane++) {
      const columns = new Set<number>();
      for (let at = layout.laneOffsets[lane]!; at < layout.laneOffsets[lane + 1]!; at++) {
        const index = layout.laneSpans[at]!;
        const from = Math.floor(layout.start[index]! / nanosecondsOfPixel);
        const to = Math.max(from + 1, Math.ceil(layout.end[index]! / nanosecondsOfPixel));
        // A block of more than two pixels ends in a gap.
        for (let x = from; x < (to - from > 2 ? to - 2 : to); x++) columns.add(Math.min(x, canvasWidth - 1));
      }
      busy += columns.size;
      const line = lineAt(laneMiddle(lane));
      for (const x of columns) if (line[x * 4 + 3]! > 0) painted++;
    }
    expect(busy).toBeGreaterThan(1_000);
    expect(painted / busy).toBeGreaterThan(0.99);
    unmount();
  }
});

it('shows an error also where it is merged with hundreds of others into one pixel', async () => {
  const tiny = Array.from({ length: 500 }, (_, at) => `  call [${400_000 + at * 2} ${400_001 + at * 2}]`);
  tiny[123] += ' error';
  await draw(traceFromText(`run [0 1000000]\n${tiny.join('\n')}`));
  const x = Math.floor(0.4 * canvasWidth);
  const colors = [x - 1, x, x + 1].map((each) => colorAt(each, laneMiddle(1)));
  expect(colors).toContainEqual(tokenColor('--ss-error'));
});

it('takes the colour of the longest where many are merged into one pixel', async () => {
  const tiny = Array.from({ length: 100 }, (_, at) => `  call [${500 + at * 2} ${501 + at * 2}] service=model`);
  tiny.push('  call [704 760] service=tools');
  await draw(traceFromText(`run [0 1000000] service=agent\n${tiny.join('\n')}`));
  expect(colorAt(0, laneMiddle(1))).toEqual(paletteColor('tools'));
});

it('marks an error with a red tag, and leaves an open end open', async () => {
  await draw(twoServices);
  const search = 0.2 * canvasWidth;
  expect(colorAt(search + 3, laneMiddle(1))).toEqual(tokenColor('--ss-error'));
  expect(colorAt(search + 40, laneMiddle(1) + 7)).toEqual(paletteColor('tools'));
  const end = lineAt(laneMiddle(1)).slice(-4);
  expect(end[3]).toBeLessThan(40);
});

it('follows the theme, whoever changes it', async () => {
  document.documentElement.style.colorScheme = 'light';
  await draw(twoServices);
  const light = pixelAt(0.9, 0);
  document.documentElement.style.colorScheme = 'dark';
  await vi.waitFor(() => expect(pixelAt(0.9, 0)).not.toEqual(light));
  expect(pixelAt(0.9, 0)).toEqual(paletteColor('agent'));
});

it('selects the span that is clicked and keeps the selection where there is none', async () => {
  const onSelect = vi.fn();
  await draw(twoServices, { onSelectedSpanIdChange: onSelect });
  await userEvent.click(stage(), { position: pointOf(0.4, 2) });
  expect(onSelect).toHaveBeenLastCalledWith('http', expect.objectContaining({ reason: 'click' }));
  await userEvent.click(stage(), { position: pointOf(0.65, 1) });
  expect(onSelect).toHaveBeenCalledTimes(1);
  await frames();
  // The ring stands around the block, over the lane above.
  expect(colorAt(0.4 * canvasWidth, laneTop(2) - 1)).toEqual(tokenColor('--ss-accent'));
});

it('hits a span that is narrower than a pixel', async () => {
  const onSelect = vi.fn();
  await draw(traceFromText('run [0 1000000]\n  blink [500000 500001]'), { onSelectedSpanIdChange: onSelect });
  await userEvent.click(stage(), { position: { x: 0.5 * canvasWidth + 1, y: laneMiddle(1) } });
  expect(onSelect).toHaveBeenLastCalledWith('blink', expect.anything());
});

it('zooms to the span that is clicked twice, and back where there is none', async () => {
  const onRange = vi.fn();
  await draw(twoServices, { onTimeRangeChange: onRange });
  await userEvent.dblClick(stage(), { position: pointOf(0.4, 2) });
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith(expect.anything(), lastPhase('commit')));
  const [start, end] = onRange.mock.lastCall![0] as TimeRange;
  expect(start).toBeLessThan(250e6);
  expect(start).toBeGreaterThan(200e6);
  expect(end).toBeGreaterThan(500e6);
  expect(end).toBeLessThan(550e6);
  await userEvent.dblClick(stage(), { position: { x: 10, y: height - axisHeight - 10 } });
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith(null, lastPhase('commit')));
});

it('is walked by keys, each span spoken, the focus drawn around its block', async () => {
  await draw(twoServices);
  await userEvent.tab();
  expect(document.activeElement).toHaveTextContent('agent, 1 s, 100 % of the trace, 4 spans below');
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  expect(document.activeElement).toHaveTextContent('search, 400 ms, 40 % of the trace, error, 1 span below');
  expect(screen.getAllByRole('treeitem').map((item) => item.dataset.spanId)).toEqual([
    'agent',
    'plan',
    'search',
    'http',
    'answer',
  ]);
  await userEvent.keyboard('{End}');
  expect(document.activeElement).toHaveTextContent('answer, not finished, 30 % of the trace');
  await userEvent.keyboard('{Home}{ArrowRight}{ArrowDown}');
  expect(document.activeElement).toHaveAttribute('data-span-id', 'http');
  await frames();
  expect(colorAt(0.4 * canvasWidth, laneTop(2) - 3)).toEqual(tokenColor('--ss-accent'));
});

it('selects with Space, zooms with Enter and the zoom keys', async () => {
  const onSelect = vi.fn();
  const onRange = vi.fn();
  await draw(twoServices, { onSelectedSpanIdChange: onSelect, onTimeRangeChange: onRange });
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown} ');
  expect(onSelect).toHaveBeenLastCalledWith('plan', expect.objectContaining({ reason: 'keyboard' }));
  await userEvent.keyboard('{Enter}');
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith([0, 216e6], lastPhase('commit')));
  await userEvent.keyboard('0');
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith(null, lastPhase('commit')));
  await userEvent.keyboard('+');
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith([50e6, 550e6], lastPhase('commit')));
});

it('brings a span into sight when the focus moves to it', async () => {
  const chain = Array.from({ length: 60 }, (_, at) => `${'  '.repeat(at)}level ${at} [0 1000]`).join('\n');
  const onRange = vi.fn();
  const trace = traceFromText(`${chain}\nlate [990 1000]`);
  await draw(trace, { defaultTimeRange: [0, 100], onTimeRangeChange: onRange });
  await userEvent.tab();
  await userEvent.keyboard('{ArrowDown>40/}');
  await frames();
  expect(document.activeElement).toHaveTextContent(/^level 40/);
  expect(scroller().scrollTop).toBeGreaterThan(300);
  expect(canvas().getBoundingClientRect().height).toBeLessThan(height);
  expect(onRange).not.toHaveBeenCalled();
  await userEvent.keyboard('{ArrowUp>40/}{ArrowRight}');
  expect(document.activeElement).toHaveTextContent(/^late/);
  await vi.waitFor(() => expect(onRange).toHaveBeenLastCalledWith([900, 1000], lastPhase('commit')));
});

it('lights up what is hovered in another view', async () => {
  let viewport: Viewport | undefined;
  function Elsewhere() {
    viewport = useTraceViewContext().viewport;
    return null;
  }
  render(
    <TraceProvider trace={twoServices}>
      <FlameGraph style={{ width, height }} controls={false} />
      <Elsewhere />
    </TraceProvider>,
  );
  await frames();
  const before = colorAt(0.5 * canvasWidth, laneTop(1) - 1);
  viewport!.hover(2, undefined);
  await frames();
  expect(colorAt(0.5 * canvasWidth, laneTop(1) - 1)).not.toEqual(before);
  viewport!.hover(-1, undefined);
  await frames();
  expect(colorAt(0.5 * canvasWidth, laneTop(1) - 1)).toEqual(before);
});

it('tells about the span under the pointer beside it, never below it', async () => {
  await draw(twoServices);
  await userEvent.hover(stage(), { position: pointOf(0.4, 2) });
  const title = await screen.findByText('http', { selector: '.spanscope-flame-tooltip-title span' });
  const tooltip = title.closest<HTMLElement>('.spanscope-flame-tooltip')!;
  expect(tooltip).toHaveTextContent('Duration250 msSelf250 msOf the trace25 %Of its parent63 %');
  const rect = tooltip.getBoundingClientRect();
  const corner = stage().getBoundingClientRect();
  expect(rect.top).toBeGreaterThan(corner.top + laneMiddle(2));
  expect(rect.width).toBeGreaterThan(80);
  await userEvent.hover(stage(), { position: pointOf(0.65, 1) });
  await vi.waitFor(() => expect(tooltip).not.toHaveAttribute('data-shown'));
});

it('draws 100,000 spans with no more calls than there are lanes and pixels', async () => {
  const trace = busyTrace(5, 100_000);
  const calls = countDrawing();
  await draw(trace);
  expect(calls.frames).toBeGreaterThan(0);
  expect(lineAt(laneMiddle(1)).some((value) => value > 0)).toBe(true);
  const lanes = Math.ceil(height / laneHeight);
  expect(calls.most).toBeGreaterThan(10);
  expect(calls.most).toBeLessThan((canvasWidth / 8) * lanes * 3 + lanes + 100);
});

it('comes to the colour of each kind within a few frames, however many spans there are', async () => {
  const kinds = ['agent', 'tool'] as const;
  const builder = new TraceBuilder('kinds');
  const count = 36_000;
  const depth = 12;
  for (let at = 0; at < count; at++) {
    const start = Math.floor(at / depth) * 10;
    const parent = at % depth === 0 ? undefined : `s${at - 1}`;
    builder.add({ ...record(`s${at}`, parent, start, start + 10), name: 'same' });
  }
  // The first half is of one kind, the second of the other, all of one name: what a name had elsewhere must not stay.
  const kindOf = (row: number) => ({ 'openinference.span.kind': row < count / 2 ? 'AGENT' : 'TOOL' });
  const trace = builder.build({ read: (row) => ({ ...noDetails, attributes: kindOf(row) }) });
  await draw(trace);
  const colors = kinds.map((kind) => tokenColor(`--ss-color-${colorOfText(kind)}`));
  const shown = () => [100, 700].map((x) => colorAt(x, laneMiddle(depth - 1)));
  await vi.waitFor(() => expect(shown()).toEqual(colors));
});

it('scrolls through 100,000 lanes to the last of them', async () => {
  const depth = 100_000;
  const trace = deepTrace(depth);
  await draw(trace, { defaultSelectedSpanId: `s${depth - 1}` });
  await frames();
  expect(canvas().height).toBeLessThanOrEqual(height);
  const middle = (height - axisHeight) / 2;
  const isAccent = (y: number) => same(colorAt(canvasWidth / 2, y), tokenColor('--ss-accent'));
  expect(Array.from({ length: height - axisHeight }, (_, y) => y).some(isAccent)).toBe(true);
  scroller().scrollTop = 0;
  await frames(3);
  expect(colorAt(canvasWidth / 2, middle).alpha).toBeGreaterThan(0);
  expect(Array.from({ length: height - axisHeight }, (_, y) => y).some(isAccent)).toBe(false);
});

const nothing = { red: 0, green: 0, blue: 0, alpha: 0 };
type Color = typeof nothing;

async function draw(trace: Trace, props: Partial<FlameGraphProps> = {}) {
  const rendered = render(<FlameGraph trace={trace} style={{ width, height }} controls={false} {...props} />);
  await frames();
  return rendered;
}

async function frames(count = 2): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

async function atPixelRatio(deviceScaleFactor: number): Promise<void> {
  const session = cdp();
  const { innerWidth, innerHeight } = window.top ?? window;
  const size = { width: innerWidth, height: innerHeight, mobile: false };
  await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor });
  onTestFinished(async () => {
    await session.send('Emulation.clearDeviceMetricsOverride');
  });
  await vi.waitFor(() => expect(devicePixelRatio).toBe(deviceScaleFactor));
}

function canvas(): HTMLCanvasElement {
  return document.querySelector<HTMLCanvasElement>('.spanscope-flame-canvas')!;
}

function stage(): HTMLElement {
  return document.querySelector<HTMLElement>('.spanscope-flame-stage')!;
}

function scroller(): HTMLElement {
  return document.querySelector<HTMLElement>('.spanscope-flame-scroller')!;
}

function laneTop(lane: number): number {
  return roomAbove + lane * laneHeight;
}

function laneMiddle(lane: number): number {
  return laneTop(lane) + 9;
}

function pointOf(share: number, lane: number): { x: number; y: number } {
  return { x: share * canvasWidth, y: laneMiddle(lane) };
}

/** The colour at a share of the width, in the middle of a lane or below its label. */
function pixelAt(share: number, lane: number, at: 'middle' | 'bottom' = 'middle'): Color {
  const ratio = canvas().width / canvasWidth;
  const y = at === 'middle' ? laneMiddle(lane) : laneTop(lane) + 17;
  return colorAt(share * canvasWidth * ratio, y * ratio);
}

function colorAt(x: number, y: number): Color {
  const [red, green, blue, alpha] = canvas().getContext('2d')!.getImageData(Math.round(x), Math.round(y), 1, 1).data;
  return { red: red!, green: green!, blue: blue!, alpha: alpha! };
}

function lineAt(y: number): Uint8ClampedArray {
  return canvas().getContext('2d')!.getImageData(0, y, canvas().width, 1).data;
}

/** Where a line of the canvas is painted: from and to, a gap of a pixel between two blocks left out. */
function runs(y: number): [number, number][] {
  const line = lineAt(y);
  const found: [number, number][] = [];
  for (let x = 0; x < line.length / 4; x++) {
    if (line[x * 4 + 3] === 0) continue;
    const last = found.at(-1);
    if (last && last[1] === x) last[1] = x + 1;
    else found.push([x, x + 1]);
  }
  return found;
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1.5;
}

function same(a: Color, b: Color): boolean {
  return a.red === b.red && a.green === b.green && a.blue === b.blue;
}

function paletteColor(service: string): Color {
  return tokenColor(`--ss-color-${colorOfText(service)}`);
}

function tokenColor(token: string): Color {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.querySelector('.spanscope')!.append(probe);
  const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
  probe.remove();
  return { red: red!, green: green!, blue: blue!, alpha: 255 };
}

function lastPhase(phase: 'commit' | 'change') {
  return expect.objectContaining({ phase });
}

/** Clean and crowded: what a load test leaves. */
function busyTrace(seed: number, spans: number): Trace {
  const random = createRandom(seed);
  const end = spans * 100;
  const records = [record('load', undefined, 0, end)];
  for (let at = 0; records.length < spans; at++) {
    const start = random.int(0, end - 3_000);
    const length = random.int(1, random.chance(0.02) ? 3_000 : 80);
    records.push(record(`r${at}`, 'load', start, start + length));
    if (random.chance(0.5)) records.push(record(`q${at}`, `r${at}`, start, start + (length >> 1)));
  }
  return traceOfRecords(records);
}

function deepTrace(depth: number): Trace {
  const levels = Array.from({ length: depth }, (_, at) =>
    record(`s${at}`, at === 0 ? undefined : `s${at - 1}`, 0, 1_000),
  );
  return traceOfRecords(levels);
}

function record(spanId: string, parentSpanId: string | undefined, start: number, end: number): SpanRecord {
  return {
    spanId,
    parentSpanId,
    name: spanId.slice(0, 1),
    serviceName: spanId.startsWith('q') ? 'db' : 'web',
    kind: 'internal',
    status: 'unset',
    start: { seconds: 0, nanos: start },
    end: { seconds: 0, nanos: end },
    followsFrom: false,
  };
}

// Seeds of dirt as well: whatever the file says, something is drawn and nothing is thrown.
it('draws dirty traces of every kind', async () => {
  for (let seed = 0; seed < 30; seed++) {
    const trace = randomTrace(seed, { spans: 60 });
    const { unmount } = await draw(trace);
    if (trace.spanCount > 0) expect(runs(laneMiddle(0)).length).toBeGreaterThan(0);
    unmount();
  }
});
