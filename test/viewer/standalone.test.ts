import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesOnDisk, launchChromium, watchedPage } from './openedFile.ts';
import { standaloneScript } from './standaloneScript.ts';

// The pages of examples/, opened from disk with the standalone script beside them.

let browser: Browser;
let script: string;
let vue: string;
beforeAll(async () => {
  [browser, script, vue] = await Promise.all([
    launchChromium(),
    standaloneScript(),
    readFile(new URL('../../node_modules/vue/dist/vue.global.prod.js', import.meta.url), 'utf8'),
  ]);
});
afterAll(() => browser?.close());

async function openExample(name: string) {
  const page = await readFile(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
  return openPage(page.replace(/src="[^"]*\/([\w.]+\.js)"/g, 'src="$1"'));
}

async function openPage(html: string) {
  const files = await filesOnDisk({ 'page.html': html, 'standalone.js': script, 'vue.global.prod.js': vue });
  const watched = await watchedPage(browser);
  await watched.page.goto(files.url('page.html'));
  await watched.page.locator('[part~="row"]').first().waitFor({ timeout: 15_000 });
  const close = async () => {
    await watched.page.close();
    await files.close();
    expect(watched.complaints).toEqual([]);
    expect(watched.requests.filter((url) => !/^(file:|blob:|data:)/.test(url))).toEqual([]);
  };
  return { page: watched.page, close };
}

it('in plain HTML: shows the run, and tells the page what is selected', async () => {
  const { page, close } = await openExample('plain.html');
  await page.locator('[part~="row"][data-span-id="0000000000000001"]').click();
  await expect.poll(() => page.locator('#selected').textContent()).toBe('0000000000000001');
  await close();
});

it('in Vue: takes a property, and both follow each other', async () => {
  const { page, close } = await openExample('vue.html');
  await page.locator('[part~="row"][aria-selected="true"][data-span-id="first-2"]').waitFor();
  await page.locator('[part~="row"][data-span-id="first-1"]').click();
  await expect.poll(() => page.locator('output').textContent()).toBe('first-1');
  await page.getByRole('button', { name: 'second', exact: true }).click();
  await page.locator('[part~="row"][data-span-id="second-2"]').waitFor();
  expect(await page.locator('output').textContent()).toBe('nothing');
  await close();
});

it('under a strict policy, from the head of a page, several times', async () => {
  const { page, close } = await openPage(`<!doctype html><html><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file: 'nonce-a'; worker-src blob:">
    <script src="standalone.js"></script></head>
    <body><span-scope id="a"></span-scope><span-scope id="b" view="tree"></span-scope>
    <script nonce="a">
      const spans = [{ span_id: 'x', name: 'run', start_time: 0, end_time: 1 }];
      a.trace = spanscope.parseTraces({ trace_id: 't', spans }).traces[0];
      b.trace = new Blob([JSON.stringify({ trace_id: 't', spans })]);
    </script></body></html>`);
  await page.locator('#b [part~="row"]').waitFor();
  // The stylesheet is in force: rows are laid out.
  expect(await page.locator('#a [part~="view"]').evaluate((view) => getComputedStyle(view).display)).toBe('flex');
  await close();
});

it('under trusted types reads in its worker, by the policy that it is documented to need', async () => {
  const { page, close } = await openPage(`<!doctype html><html><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file: 'nonce-a'; worker-src blob:;
      require-trusted-types-for 'script'; trusted-types spanscope">
    <script nonce="a">
      globalThis.violations = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
    </script>
    <script src="standalone.js"></script></head><body><span-scope></span-scope>
    <script nonce="a">
      const spans = [{ span_id: 'x', name: 'run', start_time: 0, end_time: 1 }];
      document.querySelector('span-scope').trace = new Blob([JSON.stringify({ trace_id: 't', spans })]);
    </script></body></html>`);
  const worker = page.waitForEvent('worker');
  // A second time, by the same policy: a page need not allow it twice.
  const { read, made } = await page.evaluate(async () => {
    const { Worker } = globalThis;
    let made = 0;
    globalThis.Worker = class extends Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        made++;
      }
    };
    const { readTraces } = (globalThis as unknown as { spanscope: typeof import('../../src/core.ts') }).spanscope;
    const { traces } = await readTraces(
      new Blob(['{"trace_id":"t","spans":[{"span_id":"y","start_time":0,"end_time":1}]}']),
    );
    return { read: traces[0]?.spanCount, made };
  });
  expect({ read, made }).toEqual({ read: 1, made: 1 });
  expect((await worker).url()).toMatch(/^blob:/);
  expect(await page.evaluate('violations')).toEqual([]);
  await close();
});
