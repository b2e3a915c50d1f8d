import flamegraph from 'd3-flame-graph';
import { select } from 'd3-selection';
import { FlameChart } from 'flame-chart-js';
import { createElement } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { FlameGraph, layoutFlameGraph, layoutMergedFlameGraph } from 'spanscope';
import 'spanscope/styles.css';
import { makeSpans, toMergedNodes, toNestedNodes, toTrace, toTraceOfManyNames } from './data.js';

// Driven by bench/flame.mjs, which asks for one library at a time and takes turns.

const stage = document.querySelector('#stage');
const width = 1200;
const height = 700;

// Script time of frames: whatever runs in animation frames and in the handlers of the events sent.
let scriptTime = 0;
const ownRequest = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) =>
  ownRequest((now) => {
    const started = performance.now();
    callback(now);
    scriptTime += performance.now() - started;
  });

const nextFrame = () => new Promise((resolve) => ownRequest(resolve));
/** When the frame that is drawn next has been handed to the compositor. */
const framePainted = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    ownRequest(() => port2.postMessage(null));
  });

let made;
const bench = {
  make(spans, what) {
    const rows = makeSpans(spans);
    if (what === 'trace') made = { trace: toTrace(rows) };
    else if (what === 'nodes') made = { nodes: toNestedNodes(rows) };
    else if (what === 'both') made = { trace: toTrace(rows), nodes: toNestedNodes(rows) };
    else {
      const trace = toTraceOfManyNames(rows);
      const merged = layoutMergedFlameGraph(trace, { maxBlocks: Infinity });
      made = { trace, merged: toMergedNodes(merged), mergedBlocks: merged.length };
    }
    return made.mergedBlocks ?? spans;
  },

  /** @returns ms from the call to the end of the first frame with the graph in it */
  async openOurs(props = {}) {
    // What a trace keeps of an earlier opening must not help this one.
    const trace = made.trace.withDetails((source) => source);
    const started = performance.now();
    const root = createRoot(stage);
    flushSync(() =>
      root.render(
        createElement(FlameGraph, { trace, style: { width, height }, controls: false, defaultSettings: props }),
      ),
    );
    const painted = await framePainted();
    const canvas = stage.querySelector('canvas');
    if (!isPainted(canvas, height / 2 < 60 ? 30 : 16)) throw new Error('Nothing was drawn in the first frame.');
    bench.close = () => root.unmount();
    return painted - started;
  },

  async openFlameChart() {
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    stage.append(canvas);
    const started = performance.now();
    const chart = new FlameChart({ canvas, data: made.nodes });
    chart.resize(width, height);
    const painted = await framePainted();
    bench.close = () => {
      chart.interactionsEngine.destroy?.();
      canvas.remove();
    };
    return painted - started;
  },

  async openD3() {
    const chart = flamegraph().width(width).cellHeight(18).transitionDuration(0).minFrameSize(0);
    const started = performance.now();
    select(stage).append('div').datum(made.merged).call(chart);
    const painted = await framePainted();
    bench.close = () => {
      chart.destroy();
      stage.replaceChildren();
    };
    return painted - started;
  },

  async zoomD3() {
    const frames = [...stage.querySelectorAll('g.frame')].filter((frame) => Number(frame.getAttribute('width')) > 3);
    const frame = frames[3];
    if (!frame) throw new Error('There is no third block to click.');
    const started = performance.now();
    frame.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    return (await framePainted()) - started;
  },

  async zoomOursMerged() {
    const canvas = stage.querySelector('.spanscope-flame-stage');
    const { left, top } = canvas.getBoundingClientRect();
    const event = { bubbles: true, clientX: left + 40, clientY: top + 6 + 20 * 2 + 9 };
    const started = performance.now();
    canvas.dispatchEvent(new MouseEvent('dblclick', event));
    return (await framePainted()) - started;
  },

  close: () => {},

  /** Script a frame while wheel events zoom in and out around wide views and pan, in ms. */
  async drive(library, frames) {
    const target = library === 'ours' ? stage.querySelector('.spanscope-flame-stage') : stage.querySelector('canvas');
    const { left, top } = target.getBoundingClientRect();
    const at = { bubbles: true, cancelable: true, clientX: left + width * 0.4, clientY: top + 60 };
    target.dispatchEvent(new MouseEvent('mousemove', at));
    const times = [];
    for (let frame = 0; frame < frames; frame++) {
      const phase = frame % 60;
      const isPan = phase >= 20 && phase < 40;
      const isIn = phase < 20;
      scriptTime = 0;
      const started = performance.now();
      const turn = isPan
        ? { deltaX: phase % 2 === 0 ? 30 : -24, deltaY: 0 }
        : { deltaX: 0, deltaY: (isIn ? -1 : 1) * (library === 'ours' ? 8 : 60), ctrlKey: library === 'ours' };
      target.dispatchEvent(new WheelEvent('wheel', { ...at, ...turn }));
      const handled = performance.now() - started;
      await nextFrame();
      await nextFrame();
      times.push(handled + scriptTime);
    }
    return times;
  },

  /** Of the pixel columns that a span of a lane covers, or lies in where it is narrower: by lane, [busy, painted]. */
  painted(library) {
    const layout = layoutFlameGraph(made.trace);
    const canvas = stage.querySelector('canvas');
    const context = canvas.getContext('2d');
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const plot = canvas.width;
    const nanosecondsOfPixel = made.trace.duration / plot;
    const found = [];
    for (let lane = 0; lane < layout.laneCount; lane++) {
      const columns = new Uint8Array(plot);
      for (let at = layout.laneOffsets[lane]; at < layout.laneOffsets[lane + 1]; at++) {
        const index = layout.laneSpans[at];
        const x0 = layout.start[index] / nanosecondsOfPixel;
        const x1 = layout.end[index] / nanosecondsOfPixel;
        if (x1 - x0 < 1) columns[Math.min(Math.floor(x0), plot - 1)] = 1;
        // A block of more than two pixels ends in a gap, so that it can be told from the next.
        else columns.fill(1, Math.ceil(x0), Math.floor(x1) - (x1 - x0 > 2 ? 1 : 0));
      }
      const y = Math.round(library === 'ours' ? (6 + lane * 20 + 9) * ratio : bench.flameChartTop() + lane * 17 + 8);
      // Some lines above and below the middle as well: in one line alone, the white text on a block is a blank in it.
      const around = 6;
      if (y + around >= canvas.height) break;
      const { data } = context.getImageData(0, y - around, plot, 2 * around + 1);
      let busy = 0;
      let painted = 0;
      for (let x = 0; x < plot; x++) {
        if (columns[x] === 0) continue;
        busy++;
        let isBlank = true;
        for (let at = x * 4; at < data.length && isBlank; at += plot * 4) {
          // Ours leaves clear what it does not paint; theirs paints its ground white.
          const isWhite = library !== 'ours' && data[at] > 235 && data[at + 1] > 235 && data[at + 2] > 235;
          isBlank = data[at + 3] === 0 || isWhite;
        }
        if (!isBlank) painted++;
      }
      found.push([busy, painted]);
    }
    return found;
  },

  /** Where its lanes begin: below the overview and the time grid, the first line that is painted from edge to edge. */
  flameChartTop() {
    const canvas = stage.querySelector('canvas');
    const context = canvas.getContext('2d');
    const isFull = (y) => {
      const line = context.getImageData(0, y, canvas.width, 1).data;
      const [red, green, blue] = [line[2000], line[2001], line[2002]];
      if (red > 235 && green > 235 && blue > 235) return false;
      let same = 0;
      for (let x = 0; x < canvas.width; x++) if (Math.abs(line[x * 4] - red) < 12) same++;
      return same > canvas.width * 0.9;
    };
    for (let y = canvas.height - 20; y > 0; y--) {
      let run = 0;
      while (run < 16 && y - run > 0 && isFull(y - run)) run++;
      if (run >= 14) return y - run + 1;
    }
    return 0;
  },
};

function isPainted(canvas, y) {
  const line = canvas.getContext('2d').getImageData(0, y, canvas.width, 1).data;
  return line.some((value) => value > 0);
}

window.bench = bench;
