import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { agentRun, htmlErrorPage, services } from '../../samples/index.ts';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

// The page behind `npm start`, served as `npm start` serves it, used as a person uses it.

let server: ViteDevServer;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await createServer({
    configFile: fileURLToPath(new URL('../../viewer/vite.config.ts', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  const found = await findChromium();
  if (!found) throw new Error('These tests need a Chromium: `node scripts/chromium.mjs` gets one.');
  browser = await chromium.launch(launchOptions(found));
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  complaints = [];
  page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(server.resolvedUrls!.local[0]!);
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const file = (name: string, content: object | string) => ({
  name,
  mimeType: 'application/json',
  buffer: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)),
});

it('opens on a sample run of an agent and says what it is', async () => {
  await expect.poll(() => page.getByRole('row', { name: /agent_run/ }).count()).toBe(1);
  expect(await page.getByRole('status').first().textContent()).toBe('json · 1 trace · 33 spans');
});

it('lists more samples and opens each without a complaint', async () => {
  const list = page.getByRole('combobox', { name: 'Sample traces' });
  const ids = await list
    .locator('option')
    .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
  expect(ids.length).toBeGreaterThan(10);
  for (const id of ids) {
    await list.selectOption(id);
    await page.locator('.spanscope-row, .spanscope-notice').first().waitFor();
  }
});

it('takes a file by its button', async () => {
  await page.locator('input[type=file]').setInputFiles(file('checkout.json', services()));
  await expect.poll(() => page.getByRole('status').first().textContent()).toBe('jaeger · 1 trace · 60 spans');
  expect(await page.title()).toBe('checkout.json · spanscope');
});

it('unpacks a file that is gzipped', async () => {
  const buffer = gzipSync(JSON.stringify(agentRun()));
  await page.locator('input[type=file]').setInputFiles({ name: 'run.json.gz', mimeType: 'application/gzip', buffer });
  await expect.poll(() => page.title()).toBe('run.json.gz · spanscope');
  await expect.poll(() => page.getByRole('status').first().textContent()).toBe('json · 1 trace · 33 spans');
});

it('takes a file that is dropped', async () => {
  const dropped = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.json', { type: 'application/json' }));
    return transfer;
  }, JSON.stringify(agentRun()));
  await page.dispatchEvent('main', 'dragover', { dataTransfer: dropped });
  await page.getByText('Drop a trace file to open it').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
  await expect.poll(() => page.title()).toBe('dropped.json · spanscope');
});

it('says clearly what it cannot read, and goes on', async () => {
  await page.locator('input[type=file]').setInputFiles(file('error.html', htmlErrorPage()));
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/This trace cannot be read.*HTML/);
  await page.locator('input[type=file]').setInputFiles(file('run.json', agentRun()));
  await page.getByRole('row', { name: /agent_run/ }).waitFor();
});

it('shows the warnings of a file', async () => {
  await page.getByRole('combobox', { name: 'Sample traces' }).selectOption('dirty');
  await page.getByText(/\d+ warnings/).click();
  await page
    .getByText(/names a parent that is not in the trace/)
    .first()
    .waitFor();
});
