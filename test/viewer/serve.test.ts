import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { agentRun } from '../../samples/index.ts';
import { runCli } from '../../src/cli/run.ts';
import { type TestWorld, testWorld } from '../cliWorld.ts';
import { launchChromium, watchedPage } from './openedFile.ts';
import { standaloneScript } from './standaloneScript.ts';

// `spanscope --serve`, with a real browser, the real SDK of OpenTelemetry, and requests that ought to be refused.

let browser: Browser;
let script: string;
let folder: string;
beforeAll(async () => {
  [browser, script, folder] = await Promise.all([
    launchChromium(),
    standaloneScript(),
    mkdtemp(path.join(tmpdir(), 'spanscope-serve-')),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const running: { world: TestWorld; code: Promise<number> }[] = [];
afterEach(async () => {
  for (const { world, code } of running.splice(0)) {
    world.end();
    expect(await code).toBe(0);
  }
});

/** The address at which it listens. */
async function serve(...args: string[]): Promise<string> {
  const world = testWorld({ viewerScript: async () => script });
  running.push({ world, code: runCli(['--serve', '--port', '0', ...args], world, '0.0.0') });
  await expect.poll(() => world.err()).toContain('Ctrl+C');
  return /http:\/\/127\.0\.0\.1:\d+/.exec(world.err())![0];
}

interface Answer {
  status: number;
  body: string;
}

/** By Node's own client: fetch lets nobody set Host. */
function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: options.method ?? 'GET', headers: options.headers ?? {} }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

const json = { 'content-type': 'application/json' };
const spans = (name: string) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: '0123456789abcdef0123456789abcdef',
              spanId: '0123456789abcdef',
              name,
              startTimeUnixNano: '1000000000000000000',
              endTimeUnixNano: '1000000001000000000',
            },
          ],
        },
      ],
    },
  ],
});
const post = (address: string, body: string | Uint8Array, headers: Record<string, string> = json) =>
  ask(`${address}/v1/traces`, { method: 'POST', headers, body });

it('shows a file in a browser, under a strict policy and without a complaint', async () => {
  const file = path.join(folder, 'run.json');
  await writeFile(file, JSON.stringify(agentRun()));
  const address = await serve(file);
  const { page, complaints, requests } = await watchedPage(browser);
  await page.goto(address);
  await page.getByRole('row', { name: /agent_run/ }).waitFor();
  expect(await page.title()).toBe('session · spanscope');
  expect(requests.filter((url) => !url.startsWith(address) && !/^(blob|data):/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

it('an unmodified program of OpenTelemetry appears live', async () => {
  const address = await serve('--otlp');
  const { page, complaints } = await watchedPage(browser);
  await page.goto(address);
  await page.getByText(`Waiting for spans: POST OTLP in JSON to ${address}/v1/traces`).waitFor();
  const program = spawn(process.execPath, [fileURLToPath(new URL('otelProgram.mjs', import.meta.url))], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: address },
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => program.once('exit', resolve));
  await page.getByRole('row', { name: /charge card/ }).waitFor();
  expect(await page.getByRole('row', { name: /order/ }).count()).toBe(0);
  // What is selected stays so while more comes.
  await page.getByRole('row', { name: /charge card/ }).click();
  await page.getByText('card declined').first().waitFor();
  program.stdin.write('\n');
  await page.getByRole('row', { name: /order/ }).waitFor();
  expect(await page.getByRole('row', { name: /charge card/ }).getAttribute('aria-level')).toBe('2');
  expect(await page.getByRole('row', { name: /charge card/ }).getAttribute('aria-selected')).toBe('true');
  expect(await page.getByRole('status').first().textContent()).toBe('Live: 2 spans in 1 trace');
  expect(await ended).toBe(0);
  expect(complaints).toEqual([]);
  await page.close();
});

it('who comes late sees what came before', async () => {
  const address = await serve('--otlp');
  expect(await post(address, JSON.stringify(spans('early')))).toEqual({ status: 200, body: '{"partialSuccess":{}}' });
  expect(
    (await post(address, gzipSync(JSON.stringify(spans('zipped'))), { ...json, 'content-encoding': 'gzip' })).status,
  ).toBe(200);
  const { page } = await watchedPage(browser);
  await page.goto(address);
  await page.getByRole('row', { name: /early/ }).waitFor();
  await page.getByRole('row', { name: /zipped/ }).waitFor();
  await page.close();
});

/** A trace of its own, of a root and one child, begun at that second. */
const run = (traceId: string, second: number, ...names: string[]) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: names.map((name, at) => ({
            traceId: traceId.padEnd(32, '0'),
            spanId: `${traceId}${at}`.padEnd(16, '0'),
            parentSpanId: at > 0 ? `${traceId}0`.padEnd(16, '0') : '',
            name,
            startTimeUnixNano: `${1_000_000_000 + second}000000000`,
            endTimeUnixNano: `${1_000_000_005 + second}000000000`,
          })),
        },
      ],
    },
  ],
});

it('shows the latest run, until the person looks into one', async () => {
  const address = await serve('--otlp');
  const { page, complaints } = await watchedPage(browser);
  await page.goto(address);
  await post(address, JSON.stringify(run('aa', 1, 'first run', 'first step')));
  await page.getByRole('row', { name: /first run/ }).waitFor();
  await post(address, JSON.stringify(run('bb', 20, 'second run', 'second step')));
  await page.getByRole('row', { name: /second run/ }).waitFor();
  expect(await page.getByRole('row', { name: /first run/ }).count()).toBe(0);
  await page.getByRole('row', { name: /second step/ }).click();
  await post(address, JSON.stringify(run('cc', 40, 'third run')));
  await page.getByText('Live: 5 spans in 3 traces').waitFor();
  expect(await page.getByRole('row', { name: /second step/ }).getAttribute('aria-selected')).toBe('true');
  expect(complaints).toEqual([]);
  await page.close();
});

it('tells a sender how many of its spans are none, and takes the others', async () => {
  const address = await serve('--otlp');
  const body = run('aa', 1, 'whole', 'whole too');
  const { spans: sent } = body.resourceSpans[0]!.scopeSpans[0]!;
  (sent as unknown[]).push('no span', 7);
  const { status, body: answer } = await post(address, JSON.stringify(body));
  const { partialSuccess } = JSON.parse(answer);
  expect([status, partialSuccess.rejectedSpans]).toEqual([200, '2']);
  expect(partialSuccess.errorMessage).toMatch(/2/);
  const { page } = await watchedPage(browser);
  await page.goto(address);
  await page.getByText('Live: 2 spans in 1 trace').waitFor();
  await page.close();
});

it('refuses bodies by their kind, coding, length and content', async () => {
  const address = await serve('--otlp', '--max-body', '1');
  const large = JSON.stringify({ resourceSpans: ['x'.repeat(1_100_000)] });
  const refused: [Answer, number, RegExp][] = [
    [await post(address, large), 413, /larger than 1 MiB.*--max-body/],
    [await post(address, large, { ...json, 'transfer-encoding': 'chunked' }), 413, /larger than 1 MiB/],
    [await post(address, gzipSync(large), { ...json, 'content-encoding': 'gzip' }), 413, /larger than 1 MiB/],
    [
      await post(address, 'x', { 'content-type': 'application/x-protobuf' }),
      415,
      /OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/,
    ],
    [await post(address, 'x', {}), 415, /content type/],
    [await post(address, '{}', { ...json, 'content-encoding': 'br' }), 415, /encoding “br”/],
    [await post(address, 'x', { ...json, 'content-encoding': 'gzip' }), 400, /cannot be read/],
    [await post(address, '{'), 400, /no JSON/],
    [await post(address, '[]'), 400, /resourceSpans/],
    [await ask(`${address}/v1/traces`), 405, /POST/],
    [await ask(`${address}/v1/metrics`, { method: 'POST', headers: json, body: '{}' }), 404, /Traces alone/],
    [await ask(`${address}/`, { method: 'DELETE' }), 405, /only be read/],
    [await ask(`${address}/../../etc/passwd`), 404, /nothing here/],
  ];
  for (const [answer, status, message] of refused) {
    expect(answer.status, answer.body).toBe(status);
    expect(JSON.parse(answer.body).message).toMatch(message);
  }
});

it('answers nobody who comes from another page, or by another name', async () => {
  const address = await serve('--otlp');
  const { port } = new URL(address);
  const others: Record<string, string>[] = [
    { host: `evil.example:${port}` },
    { host: 'evil.example' },
    { host: `127.0.0.1.evil.example:${port}` },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://localhost:${Number(port) + 1}` },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
  ];
  for (const headers of others) {
    const status = 'host' in headers ? 421 : 403;
    expect((await ask(`${address}/events`, { headers })).status, JSON.stringify(headers)).toBe(status);
    expect(
      (await post(address, JSON.stringify(spans('x')), { ...json, ...headers })).status,
      JSON.stringify(headers),
    ).toBe(status);
  }
  expect((await ask(address, { headers: { host: `localhost:${port}` } })).status).toBe(200);
});

it('a page of another origin gets nothing in, and nothing out', async () => {
  const address = await serve('--otlp');
  const { page } = await watchedPage(browser);
  await page.route('http://other.localhost:9/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>other</p>' }),
  );
  await page.goto('http://other.localhost:9/');
  const results = await page.evaluate(
    async ({ url, body }) => {
      const said = (promise: Promise<unknown>) =>
        promise.then(
          () => 'answered',
          () => 'refused',
        );
      return {
        read: await said(fetch(`${url}/events`)),
        sent: await said(
          fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
        ),
        sentBlindly: await said(fetch(`${url}/v1/traces`, { method: 'POST', mode: 'no-cors', body })),
      };
    },
    { url: address, body: JSON.stringify(spans('from elsewhere')) },
  );
  expect(results).toEqual({ read: 'refused', sent: 'refused', sentBlindly: 'refused' });
  await page.goto(address);
  await page.getByText('Waiting for spans').waitFor();
  expect(await page.getByRole('row').count()).toBe(0);
  await page.close();
});

it('says in one line that a port is taken', async () => {
  const address = await serve('--otlp');
  const world = testWorld();
  expect(await runCli(['--serve', '--otlp', '--port', new URL(address).port], world, '0.0.0')).toBe(1);
  expect(world.err()).toMatch(
    /^spanscope: Port \d+ cannot be opened: something else listens there; --port 0 takes any that is free\.\n$/,
  );
});
