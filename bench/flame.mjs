// The flame graph beside flame-chart-js and d3-flame-graph, in headless Chromium, on the same data, in alternation.
//
//   npm ci --prefix bench/peers     once: the peers are no packages of this project
//   node bench/flame.mjs            10,000, 100,000 and 1,000,000 spans
//   node bench/flame.mjs --spans 100000
//
// Prints tables; a goal that is missed is marked as missed.

import { existsSync } from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { getChromium, launchOptions } from '../scripts/chromium.mjs';
import { median, quantile, table } from './statistics.mjs';

/** @typedef {import('playwright').Page} Page */

const { values: asked } = parseArgs({
  options: { spans: { type: 'string', multiple: true }, runs: { type: 'string' } },
});
const sizes = (asked.spans ?? ['10000', '100000', '1000000']).map(Number);
const runs = Number(asked.runs ?? 5);
/** Ours by theirs, by spans: of the first frame, and of script a frame. */
const goals = new Map([
  [100_000, { firstFrame: 1, script: 0.35 }],
  [1_000_000, { firstFrame: 0.1, script: 0.2 }],
]);
const heapGoal = 0.2;
const paintedGoal = 0.99;

if (!existsSync(new URL('peers/node_modules', import.meta.url))) {
  console.error('The libraries to compare with are not there: npm ci --prefix bench/peers');
  process.exit(1);
}
const configFile = fileURLToPath(new URL('peers/page/vite.config.js', import.meta.url));
await build({ configFile });
const server = await preview({ configFile });
const address = server.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4198/';
const found = await getChromium();
const options = launchOptions(found);
const browser = await chromium.launch({
  ...options,
  args: [...(options.args ?? []), '--js-flags=--max-old-space-size=8192 --expose-gc', '--enable-precise-memory-info'],
});
console.log(
  `${found.version.trim()}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, 1200 × 700, no GPU; medians of ${runs}, in alternation\n`,
);

async function openPage() {
  const page = await browser.newPage({ viewport: { width: 1240, height: 760 }, reducedMotion: 'reduce' });
  page.on('pageerror', (error) => console.error(`The page failed: ${error.message}`));
  await page.goto(address);
  await page.waitForFunction(() => 'bench' in window);
  return page;
}

/**
 * @param {Page} page
 * @param {string} call JavaScript on the page, `bench` its interface
 * @returns {Promise<any>}
 */
function on(page, call) {
  return page.evaluate(`window.bench.${call}`);
}

/** @param {number} spans */
async function compareTimeline(spans) {
  const page = await openPage();
  await on(page, `make(${spans}, 'both')`);
  /** @type {Record<'ours' | 'theirs', { open: number[], script: number[], painted: [number, number][] }>} */
  const measured = { ours: { open: [], script: [], painted: [] }, theirs: { open: [], script: [], painted: [] } };
  for (let run = -1; run < runs; run++) {
    for (const side of /** @type {const} */ (['ours', 'theirs'])) {
      await page.evaluate('window.gc?.()');
      const open = await on(page, side === 'ours' ? 'openOurs()' : 'openFlameChart()');
      await page.waitForTimeout(300);
      if (run === 0) measured[side].painted = await on(page, `painted('${side}')`);
      const script = await on(page, `drive('${side}', ${run < 0 ? 30 : 120})`);
      await on(page, 'close()');
      if (run < 0) continue;
      measured[side].open.push(open);
      measured[side].script.push(...script);
    }
  }
  await page.close();
  const heap = {
    ours: await heapOf(spans, 'trace', 'openOurs()'),
    theirs: await heapOf(spans, 'nodes', 'openFlameChart()'),
  };
  const { ours, theirs } = measured;
  const goal = goals.get(spans);
  const size = spans.toLocaleString('en');
  const rows = [
    row(size, 'first frame, ms', median(ours.open), median(theirs.open), goal?.firstFrame),
    row(size, 'script a frame, zoom and pan wide, ms', median(ours.script), median(theirs.script), goal?.script),
    row(size, 'the same, p95', quantile(ours.script, 0.95), quantile(theirs.script, 0.95), undefined),
    row(size, 'heap with the data, MB', heap.ours.all, heap.theirs.all, heapGoal),
    row(size, 'heap of the graph alone, MB', heap.ours.graph, heap.theirs.graph, undefined),
  ];
  const worst = Math.min(...ours.painted.map(shareOf));
  rows.push([
    size,
    'busy columns painted, worst lane',
    percent(worst),
    percent(Math.min(...theirs.painted.map(shareOf))),
    '',
    percent(paintedGoal),
    verdict(worst >= paintedGoal),
  ]);
  return rows;
}

/** @param {readonly [number, number]} lane */
function shareOf([busy, painted]) {
  return busy === 0 ? 1 : painted / busy;
}

/**
 * Bytes of script heap and array buffers, on a page of its own.
 *
 * @param {number} spans
 * @param {string} what
 * @param {string} open
 */
async function heapOf(spans, what, open) {
  const page = await openPage();
  const session = await page.context().newCDPSession(page);
  const used = async () => {
    for (let at = 0; at < 3; at++) await session.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize = 0 } = /** @type {{ usedSize: number, backingStorageSize?: number }} */ (
      await session.send('Runtime.getHeapUsage')
    );
    return (usedSize + backingStorageSize) / 1e6;
  };
  const empty = await used();
  await on(page, `make(${spans}, '${what}')`);
  const withData = await used();
  await on(page, open);
  await page.waitForTimeout(300);
  const withGraph = await used();
  await page.close();
  return { all: withGraph - empty, graph: withGraph - withData };
}

async function compareMerged() {
  const page = await openPage();
  const blocks = await on(page, "make(100000, 'merged')");
  /** @type {Record<string, { open: number[], zoom: number[] }>} */
  const measured = { ours: { open: [], zoom: [] }, theirs: { open: [], zoom: [] } };
  for (let run = -1; run < runs; run++) {
    for (const side of ['ours', 'theirs']) {
      await page.evaluate('window.gc?.()');
      const open = await on(page, side === 'ours' ? "openOurs({ form: 'merged', table: false })" : 'openD3()');
      await page.waitForTimeout(200);
      const zoom = await on(page, side === 'ours' ? 'zoomOursMerged()' : 'zoomD3()');
      await page.waitForTimeout(100);
      await on(page, 'close()');
      if (run < 0) continue;
      measured[side]?.open.push(open);
      measured[side]?.zoom.push(zoom);
    }
  }
  await page.close();
  const { ours, theirs } = measured;
  const size = `100,000 (${Number(blocks).toLocaleString('en')} blocks)`;
  return [
    row(size, 'open, merging included for ours only, ms', median(ours?.open ?? []), median(theirs?.open ?? []), 1),
    row(size, 'zoom by a click, ms', median(ours?.zoom ?? []), median(theirs?.zoom ?? []), 1),
  ];
}

/**
 * @param {string} size
 * @param {string} what
 * @param {number} ours
 * @param {number} theirs
 * @param {number | undefined} goal ours by theirs
 */
function row(size, what, ours, theirs, goal) {
  const ratio = ours / theirs;
  const isMet = goal === undefined ? '' : verdict(ratio <= goal);
  return [
    size,
    what,
    figure(ours),
    figure(theirs),
    ratio.toFixed(3),
    goal === undefined ? '' : `at most ${goal}`,
    isMet,
  ];
}

/** @param {number} value */
function figure(value) {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

/** @param {number} share */
function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

/** @param {boolean} isMet */
function verdict(isMet) {
  return isMet ? 'met' : 'MISSED';
}

try {
  const head = ['spans', 'what', 'spanscope'];
  const timeline = [[...head, 'flame-chart-js', 'ratio', 'goal', '']];
  for (const spans of sizes) timeline.push(...(await compareTimeline(spans)));
  console.log(`${table(timeline)}\n`);
  console.log(table([[...head, 'd3-flame-graph', 'ratio', 'goal', ''], ...(await compareMerged())]));
} finally {
  await browser.close();
  await server.close();
}
