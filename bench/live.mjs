// A trace that grows before one's eyes, in headless Chromium: 100,000 spans at 10,000 a second, parents after their children.
//
//   node bench/live.mjs
//   node bench/live.mjs --spans 300000 --rate 30000
//
// Prints a table; a goal that is missed is marked as missed.

import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { getChromium, launchOptions } from '../scripts/chromium.mjs';
import { median, quantile, table } from './statistics.mjs';

/** @typedef {import('./page/live.tsx').LiveRun} LiveRun */

const { values: asked } = parseArgs({ options: { spans: { type: 'string' }, rate: { type: 'string' } } });
const spans = Number(asked.spans ?? 100_000);
const rate = Number(asked.rate ?? 10_000);

const configFile = fileURLToPath(new URL('page/vite.config.ts', import.meta.url));
await build({ configFile });
const server = await preview({ configFile });
const address = server.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4199/';
const found = await getChromium();
const browser = await chromium.launch(launchOptions(found));
console.log(
  `${found.version.trim()}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, 1280 × 800, no GPU`,
);
console.log(`${spans.toLocaleString('en')} spans at ${rate.toLocaleString('en')} a second\n`);

const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.on('pageerror', (error) => console.error(`The page failed: ${error.message}`));
await page.goto(`${address}?live`);
await page.waitForFunction(() => window.bench?.live !== undefined);
const session = await page.context().newCDPSession(page);

async function heap() {
  for (let turn = 0; turn < 3; turn++) {
    await session.send('HeapProfiler.collectGarbage');
    await page.waitForTimeout(200);
  }
  const { usedSize, backingStorageSize = 0 } = /** @type {{ usedSize: number, backingStorageSize?: number }} */ (
    await session.send('Runtime.getHeapUsage')
  );
  return (usedSize + backingStorageSize) / 2 ** 20;
}

/** One after the other on one page: what the first leaves behind, the second would show. */
/** @type {string[][]} */
const rows = [];
const empty = await heap();
for (const run of ['first', 'second']) {
  await page.evaluate(
    ([count, perSecond]) => window.bench.live.prepare(count, perSecond),
    /** @type {const} */ ([spans, rate]),
  );
  const before = await heap();
  /** @type {LiveRun} */
  const result = await page.evaluate(() => window.bench.live.run());
  const full = await heap();
  await page.evaluate(() => window.bench.live.close());
  const after = await heap();
  const { distances, longTasks } = result;
  const p95 = quantile(distances, 0.95);
  const over = distances.filter((distance) => distance > 33.5).length / distances.length;
  rows.push(
    [run, 'spans that came a second', Math.round(spans / result.seconds).toLocaleString('en'), '', ''],
    [run, 'frames, median', ms(median(distances)), '', ''],
    [run, 'frames, p95', ms(p95), '17 ms', verdict(p95 <= 17.5)],
    [
      run,
      'frames over 33 ms',
      `${(over * 100).toFixed(1)} %`,
      '',
      `longest ${ms(Math.max(...distances))}, ${longTasks.length} tasks over 50 ms`,
    ],
    [
      run,
      'snapshots shown',
      String(result.snapshots),
      '',
      `${(result.snapshots / result.seconds).toFixed(1)} a second`,
    ],
    [run, 'taking the bodies', `${(result.ingest / result.seconds / 10).toFixed(0)} % of the time`, '', ''],
    [
      run,
      'memory: bodies, with the trace shown, unmounted',
      `${mb(before - empty)}, ${mb(full - empty)}, ${mb(after - empty)}`,
      'back within 10 MB',
      verdict(after - empty <= 10),
    ],
  );
}
console.log(table([['run', 'what', 'measured', 'goal', ''], ...rows]));
await browser.close();
await server.close();

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(1)} ms`;
}

/** @param {number} value */
function mb(value) {
  return `${value.toFixed(0)} MB`;
}

/** @param {boolean} isMet */
function verdict(isMet) {
  return isMet ? 'met' : 'MISSED';
}
