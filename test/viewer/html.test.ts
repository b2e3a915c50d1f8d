import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentRun, large } from '../../samples/index.ts';
import { parseTraces, type Trace, toHtml } from '../../src/core.ts';
import { filesOnDisk, launchChromium, watchedPage } from './openedFile.ts';
import { standaloneScript } from './standaloneScript.ts';

// What toHtml writes, opened from disk as a person opens it.

let browser: Browser;
let viewerScript: string;
beforeAll(async () => {
  [browser, viewerScript] = await Promise.all([launchChromium(), standaloneScript()]);
});
afterAll(() => browser?.close());

async function open(traces: Trace | Trace[], options: Partial<Parameters<typeof toHtml>[1]> = {}) {
  const html = toHtml(traces, { viewerScript, ...options });
  const files = await filesOnDisk({ 'run.html': html });
  const watched = await watchedPage(browser);
  await watched.page.goto(files.url('run.html'));
  await watched.page.locator('[part~="row"]').first().waitFor({ timeout: 15_000 });
  const close = async () => {
    await watched.page.close();
    await files.close();
  };
  return { ...watched, html, close };
}

/** The page itself, and the worker that it makes itself. */
const isOwn = (url: string) => /^(file:.*run\.html|blob:|data:)/.test(url);

it('opens from disk with the viewer and the trace inside, and asks nobody for anything', async () => {
  const { page, complaints, requests, close } = await open(parseTraces(agentRun()).traces);
  await page.getByRole('row', { name: /agent_run/ }).waitFor();
  expect(await page.title()).toBe('session · spanscope');
  await page.locator('[part~="row"]').nth(2).click();
  await page.locator('[part~="details"]').waitFor();
  await page.getByText('Flame graph').click();
  await page.locator('canvas').first().waitFor();
  expect(requests.filter((url) => !isOwn(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it('holds hostile traces: nothing of them ends a script, runs, loads, or is markup', async () => {
  const hostile =
    '</script><script>globalThis.hacked=1</script><!-- <script><img src="https://evil.example/x" onerror="globalThis.hacked=1">';
  const spans = ['a', 'b'].map((span_id) => ({
    span_id,
    name: hostile,
    start_time: 0,
    end_time: 1,
    attributes: { [hostile]: hostile, 'http.url': 'javascript:globalThis.hacked=1' },
  }));
  const { page, complaints, requests, close } = await open(parseTraces({ trace_id: hostile, spans }).traces, {
    title: hostile,
    selectedSpanId: `b" onclick="${hostile}`,
  });
  expect(await page.title()).toBe(hostile);
  expect(await page.locator('[part~="row"]').first().textContent()).toContain(hostile);
  await page.locator('[part~="row"]').first().click();
  await page.locator('[part~="details"]').waitFor();
  expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  expect(requests.filter((url) => !isOwn(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});

it('its policy stops whatever would get in: a script, a picture, a request', async () => {
  const { page, complaints, close } = await open(parseTraces(agentRun()).traces);
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const attempts = [
      () => (document.createElement('script').textContent = 'globalThis.hacked = 1'),
      () => (document.createElement('div').innerHTML = '<b></b>'),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // What is refused is told as a violation as well.
      }
    }
    const script = document.createElement('script');
    script.append('globalThis.hacked = 1');
    const picture = document.createElement('img');
    picture.src = 'https://evil.example/x.png';
    document.body.append(script, picture);
    await fetch('https://evil.example/').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { violations: violations.sort(), isHacked: 'hacked' in globalThis };
  });
  const typed = Array.from({ length: 3 }, () => 'require-trusted-types-for');
  expect(stopped).toEqual({ violations: ['connect-src', 'img-src', ...typed], isHacked: false });
  expect(complaints.length).toBeGreaterThan(0);
  await close();
});

it('several traces in one file: the viewer lets one pick', async () => {
  const traces = ['one', 'two'].map(
    (trace_id) =>
      parseTraces({ trace_id, spans: [{ span_id: 'a', name: trace_id, start_time: 0, end_time: 1 }] }).traces[0]!,
  );
  const { page, complaints, close } = await open(traces);
  await page.locator('.spanscope-trace-picker, [aria-haspopup]').first().waitFor();
  expect(complaints).toEqual([]);
  await close();
});

it('a trace of 100,000 spans opens from disk', async () => {
  const [trace] = parseTraces(JSON.stringify(large({ spans: 100_000, format: 'otlp', seed: 4 }))).traces;
  const { page, complaints, requests, html, close } = await open(trace!);
  expect(html.length).toBeLessThan(12e6);
  expect(await page.locator('[role="treegrid"]').getAttribute('aria-rowcount')).toMatch(/^100001|100000$/);
  await page.keyboard.press('Tab');
  expect(requests.filter((url) => !isOwn(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
