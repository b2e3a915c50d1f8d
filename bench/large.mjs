// A file of a gigabyte through the viewer's file button, in headless Chromium.
//
//   node bench/large.mjs                       1 GB of Jaeger's format, some 1.8 million spans
//   node bench/large.mjs --megabytes 200 --format json
//
// Writes the file into a temporary folder first, from a seed. Prints what a person notices: progress, the page's longest task
// while it reads, how long it takes, and that cancelling, scrolling and details work.

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { importBundled } from '../scripts/bundleForNode.mjs';
import { getChromium, launchOptions } from '../scripts/chromium.mjs';
import { openLargeFile } from './largeJourney.mjs';
import { table } from './statistics.mjs';

const { values: asked } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '1000' },
    format: { type: 'string', default: 'jaeger' },
    screenshots: { type: 'string' },
  },
});
const format = /** @type {import('../samples/large.ts').LargeFormat} */ (asked.format);
const bytesPerSpan = { jaeger: 506, otlp: 700, json: 359 };
const spans = Math.round((Number(asked.megabytes) * 1e6) / bytesPerSpan[format]);

const folder = await mkdtemp(path.join(os.tmpdir(), 'spanscope-large-'));
const configFile = fileURLToPath(new URL('../viewer/vite.config.ts', import.meta.url));
const outDir = path.join(folder, 'viewer');
await build({ configFile, logLevel: 'warn', build: { outDir } });
const server = await preview({ configFile, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
const found = await getChromium();
const browser = await chromium.launch(launchOptions(found));
try {
  const file = path.join(folder, `large-${format}.json`);
  const { largeText } = /** @type {typeof import('../samples/large.ts')} */ (await importBundled('samples/large.ts'));
  await pipeline(Readable.from(largeText({ spans, format, seed: 7 })), createWriteStream(file));
  const { size } = await stat(file);
  console.log(
    `${found.version.trim()}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, no GPU\n`,
  );
  console.log(`${(size / 1e6).toFixed(0)} MB of ${format}, ${spans.toLocaleString('en')} spans\n`);
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.resolvedUrls?.local[0] ?? '');
  const { cancelled, read, after } = await openLargeFile(page, file, asked.screenshots);
  const verdict = (/** @type {boolean} */ isMet) => (isMet ? 'met' : 'MISSED');
  const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
  const longest = (/** @type {number[]} */ tasks) => Math.max(0, ...tasks);
  console.log(
    table([
      ['what', 'measured', 'goal', ''],
      ['cancel: from the click to what was open before', `${cancelled.ms.toFixed(0)} ms`, '', ''],
      ['cancelled at', cancelled.facts, '', ''],
      ['reading, to the first frame with the trace', seconds(read.ms), '', ''],
      ['bytes a second', `${(size / 1e3 / read.ms).toFixed(0)} MB`, '', ''],
      ['progress told', `${read.progress.length} times`, 'often', verdict(read.progress.length > 10)],
      ['tasks over 50 ms while it reads', String(read.longTasks.length), '0', verdict(read.longTasks.length === 0)],
      ['the longest of them', `${longest(read.longTasks).toFixed(0)} ms`, '50 ms', ''],
      [
        'longest time without a turn of the page',
        read.longestGap > 0 ? `${read.longestGap.toFixed(0)} ms` : 'under 30 ms',
        '',
        'the machine counts too',
      ],
      ['the task that draws the trace first', `${longest(read.openingTasks).toFixed(0)} ms`, '', ''],
      ['spans', read.facts, '', ''],
      ['scrolled to the last row', `${after.endMs.toFixed(0)} ms`, '', ''],
      ['rows while scrolling', String(after.rows), '', verdict(after.rows > 10)],
      ['details of a span', after.details, '', verdict(after.details !== '')],
    ]),
  );
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
