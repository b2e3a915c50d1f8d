import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { expect, it } from 'vitest';
import { openLargeFile } from '../../bench/largeJourney.mjs';
import { large } from '../../samples/index.ts';
import { findChromium, launchOptions } from '../../scripts/chromium.mjs';

// What `npm run bench:large` does with a gigabyte.
it('a large file shows how far it is, can be cancelled, and then scrolls and opens details', async () => {
  const server = await createServer({
    configFile: fileURLToPath(new URL('../../viewer/vite.config.ts', import.meta.url)),
    logLevel: 'error',
    server: { port: 0, host: '127.0.0.1' },
  });
  await server.listen();
  const found = await findChromium();
  if (!found) throw new Error('This test needs a Chromium: `node scripts/chromium.mjs` gets one.');
  const browser = await chromium.launch(launchOptions(found));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on(
      'console',
      (message) => message.type() !== 'debug' && message.type() !== 'info' && complaints.push(message.text()),
    );
    await page.goto(server.resolvedUrls!.local[0]!);
    const text = JSON.stringify(large({ spans: 60_000, format: 'jaeger', seed: 9 }));
    const file = { name: 'large.json', mimeType: 'application/json', buffer: Buffer.from(text) };
    const { cancelled, read, after } = await openLargeFile(page, file);
    expect(cancelled.facts).toMatch(/^[\d.]+ MB of [\d.]+ MB[\d,]+ spans$/);
    expect(read.progress.length).toBeGreaterThan(2);
    expect(read.facts).toBe('jaeger · 1 trace · 60,000 spans');
    expect(after.rows).toBeGreaterThan(20);
    expect(after.details).toMatch(/tool:run_python.*Arguments/);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});
