import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

export interface ServedViewer {
  readonly page: Page;
  /** Of the page, with what stands after its path. */
  address(rest?: string): string;
}

/** The page behind `npm start`, served as `npm start` serves it, a new one for each test. A word in its console fails the test. */
export function servedViewer(
  options: BrowserContextOptions = { viewport: { width: 1280, height: 760 } },
): ServedViewer {
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
    page = await browser.newPage(options);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  return {
    get page() {
      return page;
    },
    address: (rest = '') => server.resolvedUrls!.local[0]! + rest,
  };
}
