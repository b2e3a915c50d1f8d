import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

export async function launchChromium(): Promise<Browser> {
  const found = await findChromium();
  if (!found) throw new Error('These tests need a Chromium: `node scripts/chromium.mjs` gets one.');
  return chromium.launch(launchOptions(found));
}

/** What a page did that nobody should have to see: what it logged, and what it asked of others. */
export interface Watched {
  page: Page;
  complaints: string[];
  requests: string[];
}

export async function watchedPage(browser: Browser): Promise<Watched> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 760 } });
  page.setDefaultTimeout(15_000);
  const watched: Watched = { page, complaints: [], requests: [] };
  page.on('pageerror', (error) => watched.complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') watched.complaints.push(message.text());
  });
  page.on('request', (request) => watched.requests.push(request.url()));
  return watched;
}

/** Files in a folder of their own, which `close` takes away. */
export async function filesOnDisk(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(tmpdir(), 'spanscope-files-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return {
    url: (name: string) => pathToFileURL(path.join(folder, name)).href,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
