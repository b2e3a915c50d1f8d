// Latencies and frames in headless Chromium, by real input events.
//
//   node bench/browser.mjs                 10,000 and 100,000 spans
//   node bench/browser.mjs --spans 300000
//
// Prints a table; a goal that is missed is marked as missed.

import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build, preview } from 'vite';
import { getChromium, launchOptions } from '../scripts/chromium.mjs';
import { median, quantile, table } from './statistics.mjs';

/** @typedef {import('playwright').Page} Page */
/** @typedef {import('./page/frames.ts').Latency} Latency */
/** @typedef {keyof typeof import('./page/effects.ts')['effects']} Effect */

const { values: asked } = parseArgs({
  options: { spans: { type: 'string', multiple: true }, runs: { type: 'string' } },
});
const sizes = (asked.spans ?? ['10000', '100000']).map(Number);
const runs = Number(asked.runs ?? 30);
const frameGoal = 16;

const configFile = fileURLToPath(new URL('page/vite.config.ts', import.meta.url));
await build({ configFile });
const server = await preview({ configFile });
const address = server.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4199/';
const found = await getChromium();
const browser = await chromium.launch(launchOptions(found));

console.log(
  `${found.version.trim()}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, 1280 × 800, no GPU`,
);
console.log(
  `Latency: from the event's time stamp to the end of the first frame that shows its effect, ${runs} runs each; "in the page": from the first listener on, without the browser's own way to it.\n`,
);

/**
 * @param {Page} page
 * @param {(page: Page, run: number) => Promise<Latency>} measureOnce
 */
async function repeated(page, measureOnce) {
  const latencies = [];
  for (let run = 0; run < runs; run++) latencies.push(await measureOnce(page, run));
  const fromInput = latencies.map((latency) => latency.fromInput);
  const inPage = latencies.map((latency) => latency.inPage);
  return { p50: median(fromInput), p95: quantile(fromInput, 0.95), inPage: quantile(inPage, 0.95) };
}

/** The same inputs on a page without a library: what machine, browser and counting cost alone. */
async function measureFloor() {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${address}?floor`);
  await page.waitForFunction(() => window.bench !== undefined);
  const results = [];
  for (const [what, measureOnce] of Object.entries(floorInteractions)) {
    const { p50, p95, inPage } = await repeated(page, measureOnce);
    results.push(['none', `${what}, no library`, ms(p50), ms(p95), '', `the floor; in the page p95 ${ms(inPage)}`]);
  }
  await page.close();
  return results;
}

/** @param {number} spans */
async function measure(spans) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${address}?spans=${spans}`);
  await page.waitForFunction(() => window.bench && !Number.isNaN(window.bench.firstFrame), undefined, {
    timeout: 120_000,
  });
  const opened = await page.evaluate(() => ({
    ...window.bench,
    effects: undefined,
    latencyOf: undefined,
    recordFrames: undefined,
  }));
  const size = spans.toLocaleString('en');
  /** @type {string[][]} */
  const results = [
    [size, 'JSON.parse', Number.isNaN(opened.jsonParse) ? 'too long for a text' : ms(opened.jsonParse), '', '', ''],
    [
      size,
      Number.isNaN(opened.jsonParse) ? 'bytes → trace' : 'objects → trace',
      ms(opened.build),
      '',
      '',
      Number.isNaN(opened.jsonParse)
        ? 'once, cold'
        : `${(opened.build / opened.jsonParse).toFixed(2)} of JSON.parse, once, cold`,
    ],
    [size, 'trace → first frame', ms(opened.firstFrame), '', '150 ms', verdict(opened.firstFrame <= 150)],
  ];
  for (const [what, measureOnce] of Object.entries(interactions)) {
    const { p50, p95, inPage } = await repeated(page, measureOnce);
    const goal = goals[what] ?? frameGoal;
    const note = `${verdict(p95 <= goal)}; in the page p95 ${ms(inPage)}`;
    results.push([size, what, ms(p50), ms(p95), `p95 ${goal} ms`, note]);
    await page.keyboard.press('Home');
  }
  for (const [what, drive] of Object.entries(drives)) {
    const { distances, longTasks } = await driven(page, drive);
    const p95 = quantile(distances, 0.95);
    const longest = Math.max(...distances);
    const good = p95 <= 17.5 && longest <= 33.5;
    const note = `longest ${ms(longest)}, ${longTasks.length} tasks over 50 ms`;
    results.push([
      size,
      `frames: ${what}`,
      ms(median(distances)),
      ms(p95),
      'p95 17 ms, none over 33',
      `${verdict(good)} ${note}`,
    ]);
  }
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  results.push([size, 'elements in the document', String(elements), '', '2,500', verdict(elements < 2500)]);
  await page.close();
  return results;
}

/** @type {Record<string, (page: Page, run: number) => Promise<Latency>>} */
const interactions = {
  scroll: (page, run) =>
    latency(page, 'wheel', 'scroll', async () => {
      await page.mouse.move(200, 400);
      await page.mouse.wheel(0, run % 10 === 9 ? -2400 : 360);
    }),
  toggle: async (page, run) => {
    const place = await inSight(page, '[data-toggle]', run % 3);
    return latency(page, 'click', 'toggle', () => page.mouse.click(place.x, place.y));
  },
  select: async (page, run) => {
    const place = await inSight(page, '.spanscope-row:not([data-selected]) .spanscope-name-text', run % 8);
    return latency(page, 'click', 'select', () => page.mouse.click(place.x, place.y));
  },
  zoom: (page, run) => latency(page, 'wheel', 'zoom', () => wheelWithControl(page, run % 6 < 3 ? -200 : 200)),
  'jump (End, Home)': async (page, run) => {
    await page.locator('.spanscope-row[tabindex="0"], .spanscope-rows-scroller[tabindex="0"]').first().focus();
    const [key, effect] = run % 2 === 0 ? ['End', 'lastRow'] : ['Home', 'firstRow'];
    return latency(page, 'keydown', /** @type {Effect} */ (effect), () =>
      page.keyboard.press(/** @type {string} */ (key)),
    );
  },
  'collapse or expand all': async (page, run) => {
    const place = await inSight(page, `[aria-label="${run % 2 === 0 ? 'Collapse all' : 'Expand all'}"]`, 0);
    return latency(page, 'click', 'toggle', () => page.mouse.click(place.x, place.y));
  },
  'search by name': async (page, run) => {
    const box = page.getByRole('searchbox');
    // Pasted, as one input.
    const measured = latency(page, 'input', 'search', () => box.fill(run % 2 === 0 ? 'name:llm' : 'name:tool'));
    const result = await measured;
    if (run === runs - 1) await box.fill('');
    return result;
  },
};

/**
 * What takes longer than a frame and may.
 * @type {Record<string, number>}
 */
const goals = { 'collapse or expand all': 50, 'search by name': 50 };

/** @type {Record<string, (page: Page, run: number) => Promise<Latency>>} */
const floorInteractions = {
  scroll: (page, run) => /** @type {Promise<Latency>} */ (interactions.scroll?.(page, run)),
  click: (page) => latency(page, 'click', 'toggle', () => page.mouse.click(300, 300)),
  zoom: (page, run) => /** @type {Promise<Latency>} */ (interactions.zoom?.(page, run)),
};

/** @type {Record<string, (page: Page) => Promise<void>>} */
const drives = {
  'scroll 3 s': (page) => page.mouse.wheel(0, 240),
  'fast scroll 3 s': (page) => page.mouse.wheel(0, 4000),
  'zoom in and out 3 s': async (page) => {
    const at = Math.floor(performance.now() / 500) % 2;
    await wheelWithControl(page, at === 0 ? -120 : 120);
  },
};

/**
 * @param {Page} page
 * @param {string} eventType
 * @param {Effect} effect
 * @param {() => Promise<unknown>} act
 */
async function latency(page, eventType, effect, act) {
  const measured = page.evaluate(
    ([type, name]) => window.bench.latencyOf(type, window.bench.effects[name]()),
    /** @type {const} */ ([eventType, effect]),
  );
  // The listener stands before the input comes: `evaluate` calls are carried out in order.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  await act();
  const result = await Promise.race([measured, noEffect(effect)]);
  await page.waitForTimeout(220);
  return result;
}

/**
 * @param {Effect} effect
 * @returns {Promise<never>}
 */
async function noEffect(effect) {
  await new Promise((resolve) => setTimeout(resolve, 10_000).unref());
  throw new Error(`An input had no effect of the kind "${effect}" within 10 s.`);
}

/**
 * @param {Page} page
 * @param {(page: Page) => Promise<void>} drive
 */
async function driven(page, drive) {
  const recording = page.evaluate(() => window.bench.recordFrames(3000));
  const end = performance.now() + 2900;
  while (performance.now() < end) {
    await drive(page);
    await page.waitForTimeout(12);
  }
  return recording;
}

/**
 * @param {Page} page
 * @param {number} deltaY
 */
async function wheelWithControl(page, deltaY) {
  await page.mouse.move(800, 400);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, deltaY);
  await page.keyboard.up('Control');
}

/**
 * The middle of the nth element that a pointer can reach.
 *
 * @param {Page} page
 * @param {string} selector
 * @param {number} position
 */
async function inSight(page, selector, position) {
  const places = await page.locator(selector).evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const place = { x: left + Math.min(width / 2, 30), y: top + height / 2 };
      const hit = document.elementFromPoint(place.x, place.y);
      return hit && (element.contains(hit) || hit.contains(element)) ? [place] : [];
    }),
  );
  const place = places[position % places.length];
  if (!place) throw new Error(`No ${selector} is in sight.`);
  return place;
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

/** @param {boolean} isMet */
function verdict(isMet) {
  return isMet ? 'met' : 'MISSED';
}

const rows = [['spans', 'what', 'median', 'p95', 'goal', '']];
try {
  rows.push(...(await measureFloor()));
  for (const spans of sizes) rows.push(...(await measure(spans)));
} finally {
  await browser.close();
  await server.close();
}
console.log(table(rows));
