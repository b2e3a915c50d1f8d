import 'spanscope/styles.css';
import { render, screen } from '@testing-library/react';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import type { Trace } from '../../src/model/trace.ts';
import { colorOfText, paletteSize } from '../../src/react/colors.ts';
import { FlameGraph, type FlameGraphProps } from '../../src/react/FlameGraph.tsx';
import { FlameGraphDrawing } from '../../src/react/flameGraphDrawing.ts';
import { flameSvg } from '../../src/react/flameGraphSvg.ts';
import { dimmedFrom, errorColor, readFlameTheme } from '../../src/react/flameGraphTheme.ts';
import { flamePng } from '../../src/react/flamePicture.ts';
import { FlameTimeline } from '../../src/react/flameTimeline.ts';
import { traceFacts } from '../../src/react/traceFacts.ts';
import { Viewport } from '../../src/react/viewport.ts';
import { chainTrace, flatTrace } from '../randomTrace.ts';
import { traceFromText } from '../traceFromText.ts';

const width = 816;
const height = 300;
const canvasWidth = width - 16;
const roomAbove = 6;
const laneHeight = 20;

// Merged and ordered: agent over all; model's llm 0.6, tools' search 0.4; below search an http of half of it.
const run = traceFromText(
  `
  agent [0 1000] service=agent
    llm [0 300] service=model
    search [300 500] service=tools
      http [300 400] service=web
    llm [500 800] service=model
    search [800 1000] service=tools
      http [800 900] service=web error
`,
  { unit: 1e6 },
);

afterEach(() => {
  document.documentElement.style.colorScheme = '';
});

it.each([1, 2])('draws merged blocks in their places and colours at a pixel ratio of %d', async (ratio) => {
  await atPixelRatio(ratio);
  await draw(run);
  expect(canvas().width).toBe(canvasWidth * ratio);
  expect(pixelAt(0.9, 0)).toEqual(paletteColor('agent'));
  expect(pixelAt(0.3, 1)).toEqual(paletteColor('model'));
  expect(pixelAt(0.58, 1)).toEqual(paletteColor('model'));
  expect(pixelAt(0.65, 1)).toEqual(paletteColor('tools'));
  expect(pixelAt(0.75, 2)).toEqual(paletteColor('web'));
  expect(pixelAt(0.85, 2)).toEqual(nothing);
  expect(pixelAt(0.3, 2)).toEqual(nothing);
  // One of the two failed.
  expect(colorAt(0.6 * canvasWidth + 3, laneMiddle(2), ratio)).toEqual(tokenColor('--ss-error'));
});

it('lets roots stand at the bottom of the window, and flames rise', async () => {
  await draw(run, { roots: 'bottom' });
  const bottom = height - roomAbove - laneHeight / 2;
  expect(colorAt(0.9 * canvasWidth, bottom)).toEqual(paletteColor('agent'));
  expect(colorAt(0.3 * canvasWidth, bottom - laneHeight + 5)).toEqual(paletteColor('model'));
  expect(colorAt(0.75 * canvasWidth, bottom - 2 * laneHeight + 5)).toEqual(paletteColor('web'));
  await userEvent.click(stage(), { position: { x: 0.75 * canvasWidth, y: bottom - 2 * laneHeight } });
  expect(screen.getByRole('treeitem', { selected: true })).toHaveTextContent(/^http/);
});

it('focuses the block that is clicked twice, tells the path to it, and goes back', async () => {
  await draw(run, { controls: true });
  const top = stage().getBoundingClientRect().top;
  await userEvent.dblClick(stage(), { position: { x: 0.8 * canvasWidth, y: laneMiddle(1) } });
  await vi.waitFor(() => expect(screen.getByRole('navigation')).toHaveTextContent('Allagentsearch'));
  expect(stage().getBoundingClientRect().top).toBe(top);
  expect(pixelAt(0.1, 1)).toEqual(paletteColor('tools'));
  expect(pixelAt(0.98, 0)).toEqual(paletteColor('agent'));
  await userEvent.click(screen.getByRole('button', { name: 'agent' }));
  await vi.waitFor(() => expect(screen.queryByRole('navigation')).toBeNull());
  expect(pixelAt(0.1, 1)).toEqual(paletteColor('model'));
});

it('lets the blocks of a row of the table stand out, on others text stays to be read', async () => {
  render(<FlameGraph trace={run} form="merged" controls={false} style={{ width: 1200, height }} />);
  await frames();
  await userEvent.click(screen.getByRole('row', { name: /llm/ }));
  await frames(3);
  const share = canvas().width;
  expect(colorAt(0.3 * share, laneTop(1) + 15)).toEqual(paletteColor('model'));
  const dimmed = colorAt(0.9 * share, laneTop(1) + 15);
  expect(dimmed).not.toEqual(paletteColor('tools'));
  expect(contrast(dimmed, tokenColor('--ss-text'))).toBeGreaterThan(4.5);
});

it('has text on every colour at a contrast of 4.5 and more, bright and dimmed, in both themes', async () => {
  await draw(run);
  for (const theme of ['light', 'dark']) {
    document.documentElement.style.colorScheme = theme;
    const { colors, onBar, onDimmed, error, onError, ground } = readFlameTheme(
      document.querySelector<HTMLElement>('.spanscope-flame-probe')!,
    );
    expect(colors).toHaveLength(2 * dimmedFrom);
    for (let color = 0; color <= errorColor; color++) {
      expect(contrast(rgb(colors[color]!), rgb(onBar)), `${theme} ${color}`).toBeGreaterThanOrEqual(4.5);
      const dimmed = rgb(colors[color + dimmedFrom]!);
      expect(contrast(dimmed, rgb(onDimmed)), `${theme} ${color} dimmed`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(colors[color]!), rgb(ground)), `${theme} ${color} on the ground`).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(rgb(error), rgb(onError))).toBeGreaterThanOrEqual(4.5);
  }
});

it('shows a match also where it is merged with hundreds of others, and dims what is none', async () => {
  const tiny = Array.from({ length: 500 }, (_, at) => `  call [${400_000 + at * 2} ${400_001 + at * 2}] service=tools`);
  tiny[123] = '  found [400246 400247] service=model';
  const trace = traceFromText(`run [0 1000000] service=agent\n${tiny.join('\n')}`);
  const matches = new Uint8Array(trace.spanCount);
  matches[trace.span('found')!.index] = 1;
  const drawn = drawTimeline(trace, matches);
  const x = Math.floor(0.4 * canvasWidth);
  const colors = [x - 1, x, x + 1].map((each) => drawn(each, laneMiddle(1)));
  expect(colors).toContainEqual(paletteColor('model'));
  expect(drawn(100, laneTop(0) + 16)).not.toEqual(paletteColor('agent'));
});

it('marks the critical path along the lower edge of blocks, and only there', async () => {
  const trace = traceFromText(
    `
    all [0 1000] service=agent
      quick [0 300] service=model
      slow [0 900] service=tools
    `,
    { unit: 1e6 },
  );
  await draw(trace, { form: 'timeline', criticalPath: true });
  const edge = (share: number, lane: number) => colorAt(share * canvasWidth, laneTop(lane) + 18);
  expect(edge(0.5, 2)).toEqual(tokenColor('--ss-text'));
  expect(edge(0.2, 1)).toEqual(paletteColor('model'));
  expect(edge(0.95, 0)).toEqual(tokenColor('--ss-text'));
  expect(edge(0.5, 0)).toEqual(paletteColor('agent'));
});

it('colours by status, name and the caller’s words', async () => {
  const { rerender } = await draw(run, { colorBy: 'name' });
  expect(pixelAt(0.3, 1)).toEqual(paletteColor('llm'));
  rerender(<Merged trace={run} colorBy="status" />);
  await frames(3);
  expect(pixelAt(0.3, 1)).toEqual(tokenColor('--ss-color-9'));
  rerender(<Merged trace={run} colorBy={ofWords} />);
  await frames(3);
  expect(pixelAt(0.65, 1)).toEqual(paletteColor('words of search'));
});

it('draws a chain of 100,000 spans and a root with a million children, folded and scrolled', async () => {
  const { unmount } = await draw(chainTrace(100_000));
  expect(canvas().height).toBeLessThanOrEqual(height);
  expect(pixelAt(0.5, 3).alpha).toBe(255);
  const scroller = document.querySelector<HTMLElement>('.spanscope-flame-scroller')!;
  scroller.scrollTop = scroller.scrollHeight;
  await frames(4);
  expect(colorAt(canvasWidth / 4, height - roomAbove - laneHeight / 2 + 6).alpha).toBe(255);
  unmount();
  const million = flatTrace(Array.from({ length: 999_999 }, (_, at) => ({ start: at * 2, end: at * 2 + 1 })));
  const flat = await draw(million);
  expect(pixelAt(0.3, 1)).toEqual(tokenColor('--ss-color-9'));
  flat.unmount();
  await draw(million, { form: 'timeline' });
  expect(colorAt(canvasWidth / 2, laneMiddle(1)).alpha).toBe(255);
});

it('saves what is shown as an SVG of its own with the theme’s colours, the title and the labels', async () => {
  const evil = traceFromText('<script>alert(1)</script>&\u0001 [0 100]\n  below [0 60]\n    deep [10 20] error');
  const { frame } = await frameOf(evil);
  const text = flameSvg(frame, {
    title: 'A <title> & more',
    ticks: [{ x: 10, label: '5 s' }],
    graphTop: 60,
    width: 832,
    height: 400,
  });
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
  expect(svg.querySelector('parsererror')).toBeNull();
  expect(svg.querySelector('script')).toBeNull();
  expect(svg.querySelector('title')?.textContent).toBe('A <title> & more');
  const words = Array.from(svg.querySelectorAll('text'), (element) => element.textContent);
  expect(words).toEqual(
    expect.arrayContaining(['A <title> & more', '5 s', '<script>alert(1)</script>&\uFFFD', 'below']),
  );
  const fills = Array.from(svg.querySelectorAll('rect'), (element) => element.getAttribute('fill'));
  expect(fills).toContain(frame.theme.ground);
  expect(fills).toContain(frame.theme.error);
  const blocks = [...svg.querySelectorAll('svg svg rect')].filter((element) => element.querySelector('title'));
  expect(blocks.map((element) => Math.round(Number(element.getAttribute('width'))))).toEqual([799, 479, 79]);
});

it('draws borders of the system’s colours in forced colours, marks in that of its text, and saves them so', async () => {
  const session = cdp();
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
  onTestFinished(async () => {
    await session.send('Emulation.setEmulatedMedia', { features: [] });
  });
  const tiny = Array.from({ length: 50 }, (_, at) => `  tiny [${900_000 + at * 4} ${900_002 + at * 4}] service=model`);
  const trace = traceFromText(`
    agent [0 1000000] service=agent
      plan [0 300000] service=model
      search [300000 700000] service=tools
    ${tiny.join('\n    ')}
  `);
  const drawn = await draw(trace, { form: 'timeline', defaultSelectedSpanId: 'plan' });
  const system = (name: string) => {
    const probe = document.createElement('span');
    probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
    document.body.append(probe);
    const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g)!.map(Number);
    probe.remove();
    return { red: red!, green: green!, blue: blue!, alpha: 255 };
  };
  const edge = 0.7 * canvasWidth;
  expect(colorAt(0.5 * canvasWidth, laneTop(1))).toEqual(system('CanvasText'));
  expect(colorAt(0.6 * canvasWidth, laneTop(1) + 16)).toEqual(system('Canvas'));
  // The border lies within the block: beside it is the gap, clear.
  expect(colorAt(Math.round(edge) - 2, laneMiddle(1))).toEqual(system('CanvasText'));
  expect(colorAt(Math.round(edge) - 1, laneMiddle(1)).alpha).toBe(0);
  expect(colorAt(Math.floor(0.9 * canvasWidth), laneMiddle(1))).toEqual(system('CanvasText'));
  // Translucent here, and a canvas rounds what it multiplies.
  const ring = colorAt(0.15 * canvasWidth, laneTop(1) - 1);
  const highlight = system('Highlight');
  for (const part of ['red', 'green', 'blue'] as const) expect(Math.abs(ring[part] - highlight[part])).toBeLessThan(4);
  expect(ring.alpha).toBeGreaterThan(100);
  drawn.unmount();

  const { frame } = await frameOf(trace, { form: 'timeline' });
  const svg = flameSvg(frame, { title: 'Run', ticks: [], graphTop: 40, width: 400, height: 300 });
  const rects = [...new DOMParser().parseFromString(svg, 'image/svg+xml').querySelectorAll('svg svg rect')];
  const css = (name: string) => {
    const { red, green, blue } = system(name);
    return `rgb(${red}, ${green}, ${blue})`;
  };
  const visible = rects.map((rect) => [rect.getAttribute('fill'), rect.getAttribute('stroke')]);
  expect(visible).toContainEqual([css('Canvas'), css('CanvasText')]);
  expect(visible).toContainEqual([css('CanvasText'), null]);
  expect(visible).not.toContainEqual([css('Canvas'), null]);
});

it('saves what is shown as a PNG of the graph’s own pixels', async () => {
  const { frame } = await frameOf(run);
  const blob = await flamePng(frame, { title: 'Run', ticks: [], graphTop: 46, width: 832, height: 362 });
  const image = await createImageBitmap(blob!);
  expect([image.width, image.height]).toEqual([832, 362]);
  const copy = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
  copy.drawImage(image, 0, 0);
  const [red, green, blue] = copy.getImageData(16 + 0.9 * canvasWidth, 46 + laneMiddle(0), 1, 1).data;
  expect({ red, green, blue, alpha: 255 }).toEqual(paletteColor('agent'));
  expect(copy.getImageData(2, 2, 1, 1).data[3]).toBe(255);
});

it('hands a picture over under the caller’s title', async () => {
  const names: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  onTestFinished(() => click.mockRestore());
  await draw(run, { controls: true, title: 'Flight: cheapest/../run' });
  for (const name of ['Save as SVG', 'Save as PNG']) {
    await userEvent.click(screen.getByRole('button', { name: 'Options of the flame graph' }));
    await userEvent.click(screen.getByRole('button', { name }));
    await userEvent.keyboard('{Escape}');
  }
  await vi.waitFor(() => expect(names.sort()).toEqual(['Flight-cheapest-..-run.png', 'Flight-cheapest-..-run.svg']));
});

const nothing = { red: 0, green: 0, blue: 0, alpha: 0 };
type Color = typeof nothing;

const ofWords = (span: { name: string }) => `words of ${span.name}`;

function Merged(props: FlameGraphProps) {
  return <FlameGraph form="merged" table={false} controls={false} style={{ width, height }} {...props} />;
}

async function draw(trace: Trace, props: FlameGraphProps = {}) {
  const rendered = render(<Merged trace={trace} {...props} />);
  await frames(3);
  return rendered;
}

/** What the drawing of a flame graph has on screen. */
async function frameOf(trace: Trace, props: FlameGraphProps = {}) {
  const shown: FlameGraphDrawing[] = [];
  const show = FlameGraphDrawing.prototype.show;
  const spy = vi.spyOn(FlameGraphDrawing.prototype, 'show').mockImplementation(function (
    this: FlameGraphDrawing,
    form,
  ) {
    shown.push(this);
    show.call(this, form);
  });
  onTestFinished(() => spy.mockRestore());
  await draw(trace, props);
  return { frame: shown[0]!.frame()! };
}

/** A timeline with matches, as a search in the provider gives them, drawn without one. */
function drawTimeline(trace: Trace, matches: Uint8Array): (x: number, y: number) => Color {
  const host = document.createElement('div');
  host.className = 'spanscope spanscope-flame-graph';
  host.style.cssText = `width: ${canvasWidth}px; height: ${height}px`;
  const make = (tag: string, className: string, parent: HTMLElement) => {
    const element = document.createElement(tag);
    element.className = className;
    parent.append(element);
    return element;
  };
  document.body.append(host);
  onTestFinished(() => host.remove());
  const frame = make('div', 'spanscope-flame-window', host);
  frame.style.flex = '1';
  const scroller = make('div', 'spanscope-flame-scroller', frame);
  const content = make('div', 'spanscope-flame-content', scroller);
  const pane = make('div', 'spanscope-flame-pane', content);
  pane.style.padding = '0';
  const stageElement = make('div', 'spanscope-flame-stage', pane);
  const canvasElement = make('canvas', 'spanscope-flame-canvas', stageElement) as HTMLCanvasElement;
  const probe = make('span', 'spanscope-flame-probe', stageElement);
  const watched = make('span', 'spanscope-flame-probe', stageElement);
  const drawing = new FlameGraphDrawing(
    { scroller, content, pane, stage: stageElement, canvas: canvasElement, probe, watched },
    new Viewport(trace.duration),
    laneHeight,
  );
  onTestFinished(() => drawing.dispose());
  const facts = traceFacts(trace);
  const options = { colorBy: 'auto', rootsAtBottom: false, criticalPath: false, matches } as const;
  drawing.show(new FlameTimeline(trace, facts).form(options));
  drawing.draw();
  return (x, y) => pixel(canvasElement, x, y);
}

async function frames(count = 2): Promise<void> {
  for (let frame = 0; frame < count; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

async function atPixelRatio(deviceScaleFactor: number): Promise<void> {
  if (deviceScaleFactor === 1) return;
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

function laneTop(lane: number): number {
  return roomAbove + lane * laneHeight;
}

function laneMiddle(lane: number): number {
  return laneTop(lane) + 9;
}

/** Below the label of a block. */
function pixelAt(share: number, lane: number): Color {
  return colorAt(share * canvasWidth, laneTop(lane) + 16, canvas().width / canvasWidth);
}

function colorAt(x: number, y: number, ratio = 1): Color {
  return pixel(canvas(), x * ratio, y * ratio);
}

function pixel(from: HTMLCanvasElement, x: number, y: number): Color {
  const [red, green, blue, alpha] = from.getContext('2d')!.getImageData(Math.round(x), Math.round(y), 1, 1).data;
  return { red: red!, green: green!, blue: blue!, alpha: alpha! };
}

function paletteColor(text: string): Color {
  expect(colorOfText(text)).toBeLessThan(paletteSize);
  return tokenColor(`--ss-color-${colorOfText(text)}`);
}

function tokenColor(token: string): Color {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.querySelector('.spanscope')!.append(probe);
  const color = rgb(getComputedStyle(probe).color);
  probe.remove();
  return color;
}

function rgb(text: string): Color {
  const [red, green, blue] = text.match(/\d+/g)!.map(Number);
  return { red: red!, green: green!, blue: blue!, alpha: 255 };
}

/** WCAG 2's. */
function contrast(a: Color, b: Color): number {
  const luminance = ({ red, green, blue }: Color) => {
    const [r, g, l] = [red, green, blue].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * l;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
