import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

// The page's address as a person uses it: copied, reloaded, sent to somebody else.

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
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

const address = (rest: string) => server.resolvedUrls!.local[0]! + rest;
const keys = () =>
  page.locator('[role=row][data-span-id]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-span-id')));
const selected = () => page.locator('[role=row][aria-selected=true]').getAttribute('data-span-id');

it('holds what a person has set, and a reload shows it again', async () => {
  await page.goto(address('?sample=agent-run'));
  await page
    .getByRole('row', { name: /llm_call/ })
    .first()
    .click();
  await page.getByRole('searchbox', { name: 'Search spans' }).fill('kind:tool');
  await page.getByRole('button', { name: 'Matches only' }).click();
  await page
    .getByRole('row', { name: /, tool\b/ })
    .first()
    .click();
  const chosen = await selected();
  const shown = await keys();
  expect(page.url()).toContain('#view=1.');
  await page.reload();
  await expect.poll(keys).toEqual(shown);
  expect(await selected()).toBe(chosen);
  expect(await page.getByRole('searchbox', { name: 'Search spans' }).inputValue()).toBe('kind:tool');
});

it('leads to a span far down in a large trace', async () => {
  await page.goto(address('?sample=large-services'));
  await page.locator('[role=row][tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect.poll(selected).toBeTruthy();
  const last = await selected();
  const link = page.url();
  await page.goto('about:blank');
  await page.goto(link);
  await expect.poll(selected).toBe(last);
  await expect.poll(() => page.locator(`[role=row][data-span-id="${last}"]`).isVisible()).toBe(true);
});

it('opens as ever where what the address holds is no state', async () => {
  await page.goto(address('?sample=agent-run#view=nothing.<script>'));
  await expect.poll(async () => (await keys()).length).toBeGreaterThan(10);
});
