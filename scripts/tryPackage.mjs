// What a newcomer does: installs the packed library in an empty Vite app, pastes the README's snippet and looks. Then the same
// on a server, with `renderToString`, and all of it again with React 18. And each command that the README shows, in an empty folder.
//
//   node scripts/tryPackage.mjs [--keep]     after `npm run build`; --keep leaves the apps and a screenshot of each

import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { getChromium, launchOptions } from './chromium.mjs';
import { bin, devDependencies, env, exampleTrace, names, pack, readsInWorker, root, run, step } from './packedApp.mjs';

const reacts = [
  {
    react: devDependencies.react,
    types: devDependencies['@types/react'],
    domTypes: devDependencies['@types/react-dom'],
  },
  { react: '18.3.1', types: '18.3.18', domTypes: '18.3.5' },
];
const keep = process.argv.includes('--keep');
const work = await mkdtemp(path.join(tmpdir(), 'spanscope-package-'));

try {
  const tarball = await pack(work);
  await tryCommands(tarball);
  const snippet = await readmeSnippet();
  for (const versions of reacts) {
    const app = await makeApp(tarball, snippet, versions);
    await step(`React ${versions.react}: types`, () => bin(app, 'typescript/bin/tsc', ['--noEmit']));
    await step(`React ${versions.react}: build`, () => bin(app, 'vite/bin/vite.js', ['build', '--logLevel', 'warn']));
    await step(`React ${versions.react}: in Chromium`, () => lookAt(app));
    await step(`React ${versions.react}: renderToString`, () => renderOnServer(app));
  }
} finally {
  if (keep) console.log(`Kept in ${work}`);
  else await rm(work, { recursive: true, force: true });
}

async function readmeSnippet() {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const snippet = /```tsx\n([\s\S]*?)```/.exec(readme)?.[1];
  if (!snippet?.includes('<TraceView')) throw new Error("README.md's first tsx block should show <TraceView>.");
  return snippet;
}

/** Runs what the README shows after each `$`, and compares what it prints with what stands there. @param {string} tarball */
async function tryCommands(tarball) {
  const folder = path.join(work, 'commands');
  await mkdir(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
  await step('Commands: install', () =>
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--omit=peer', `file:${tarball}`], {
      cwd: folder,
      env,
    }),
  );
  const files = await mkdtemp(path.join(folder, 'runs-'));
  await writeFile(path.join(files, 'run.json'), await readFile(path.join(root, 'examples/run.json')));
  for (const { command, expected } of await readmeCommands()) {
    await step(`$ ${command}`, async () => {
      const { stdout } = await run('sh', ['-c', `{ ${command}\n} 2>&1`], { cwd: files, env });
      if (withoutSizes(stdout) !== withoutSizes(expected))
        throw new Error(`It prints\n${stdout}\nand the README says\n${expected}`);
    });
  }
  await step('$ npx spanscope run.json --serve', () => tryServer(files));
  await step("README's page in one file, and examples/ from file://", () => tryPages(folder, files));
}

/** A page's size grows with the viewer in it: the README need not follow each 0.1 MB. @param {string} text */
function withoutSizes(text) {
  return text.replace(/\d+\.\d MB/g, '… MB');
}

async function readmeCommands() {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const session = /```console\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const commands = session.split(/^\$ /m).slice(1);
  if (commands.length < 5) throw new Error("README.md's console block should show the commands.");
  return commands.map((text) => {
    const end = text.indexOf('\n');
    return { command: text.slice(0, end), expected: text.slice(end + 1) };
  });
}

/**
 * Pages that open from disk: what the README's script writes, and the examples with the packed script.
 *
 * @param {string} folder @param {string} files
 */
async function tryPages(folder, files) {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const snippet = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].find(([, text]) => text?.includes('toHtml('))?.[1];
  if (!snippet) throw new Error('README.md should show toHtml in a ts block.');
  await writeFile(path.join(files, 'page.mjs'), snippet);
  await rm(path.join(files, 'run.html'), { force: true });
  await run(process.execPath, ['page.mjs'], { cwd: files, env });
  const packed = await readFile(path.join(folder, 'node_modules/spanscope/dist/standalone.js'), 'utf8');
  await writeFile(path.join(files, 'standalone.js'), packed);
  const vue = path.join(root, 'node_modules/vue/dist/vue.global.prod.js');
  await writeFile(path.join(files, 'vue.global.prod.js'), await readFile(vue));
  for (const name of ['plain.html', 'vue.html']) {
    const text = await readFile(path.join(root, 'examples', name), 'utf8');
    await writeFile(path.join(files, name), text.replace(/src="[^"]*\/([\w.]+\.js)"/g, 'src="$1"'));
  }
  const browser = await chromium.launch(launchOptions(await getChromium()));
  try {
    for (const name of ['run.html', 'plain.html', 'vue.html']) {
      const page = await browser.newPage();
      /** @type {string[]} */
      const complaints = [];
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(pathToFileURL(path.join(files, name)).href);
      await page.locator('[part~="row"]').nth(1).click({ timeout: 10_000 });
      await page.locator('[part~="row"][aria-selected="true"]').waitFor({ timeout: 10_000 });
      if (complaints.length > 0) throw new Error(`The console of ${name} was not silent:\n${complaints.join('\n')}`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

/** @param {string} cwd */
async function tryServer(cwd) {
  const command = path.join(cwd, '../node_modules/.bin/spanscope');
  const server = spawn(command, ['run.json', '--serve', '--port', '0'], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const browser = await chromium.launch(launchOptions(await getChromium()));
  try {
    const address = await new Promise((resolve, reject) => {
      let text = '';
      server.stderr.on('data', (part) => {
        text += part;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
        if (found) resolve(found[0]);
      });
      server.once('exit', () => reject(new Error(`It ended: ${text}`)));
    });
    const page = await browser.newPage();
    await page.goto(address);
    await page
      .getByRole('row', { name: /search/ })
      .first()
      .waitFor({ timeout: 10_000 });
  } finally {
    server.kill();
    await browser.close();
  }
}

/** @param {string} tarball @param {string} snippet @param {{ react: string, types: string, domTypes: string }} versions */
async function makeApp(tarball, snippet, { react, types, domTypes }) {
  const app = path.join(work, `react-${react}`);
  await mkdir(path.join(app, 'src'), { recursive: true });
  const pinned = (/** @type {string} */ name) => devDependencies[name];
  const files = {
    'package.json': JSON.stringify({
      name: 'app',
      private: true,
      type: 'module',
      dependencies: { react, 'react-dom': react, spanscope: `file:${tarball}` },
      devDependencies: {
        '@types/react': types,
        '@types/react-dom': domTypes,
        '@vitejs/plugin-react': pinned('@vitejs/plugin-react'),
        typescript: pinned('typescript'),
        vite: pinned('vite'),
      },
    }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        jsx: 'react-jsx',
        strict: true,
        // Ours are checked as well: an app that does so finds every type that we forgot to bring.
        skipLibCheck: false,
        types: [],
      },
      include: ['src'],
    }),
    'vite.config.js': "import react from '@vitejs/plugin-react';\nexport default { plugins: [react()] };\n",
    'index.html':
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,"></head><body><div id="root"></div><script type="module" src="/src/main.tsx"></script></body></html>',
    'src/main.tsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readTraces } from 'spanscope';
import App from './App';

Object.assign(window, { readTraces });
createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);
`,
    'src/App.tsx': snippet,
    'src/trace.json': JSON.stringify(exampleTrace()),
    'server.mjs': `import { readFileSync } from 'node:fs';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { TraceView } from 'spanscope';
import { parseTraces } from 'spanscope/core';

const trace = JSON.parse(readFileSync('src/trace.json', 'utf8'));
const complaints = [];
for (const method of ['warn', 'error']) console[method] = (...data) => complaints.push(data.join(' '));
const html = renderToString(createElement(TraceView, { trace }));
process.stdout.write(JSON.stringify({ html, complaints, spans: parseTraces(trace).traces[0].spanCount }));
`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(app, name), text);
  await step(`React ${react}: install`, () =>
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: app, env }),
  );
  return app;
}

/** @param {string} app */
async function lookAt(app) {
  const server = await preview({
    root: app,
    configFile: false,
    logLevel: 'silent',
    preview: { host: '127.0.0.1', port: 4173 },
  });
  const browser = await chromium.launch(launchOptions(await getChromium()));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    /** @type {string[]} */
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    for (const { span_id: id } of exampleTrace().spans) {
      await page.locator(`[data-span-id='${id}']`).first().waitFor({ timeout: 10_000 });
    }
    if (keep) await page.screenshot({ path: path.join(app, 'screenshot.png') });
    await readsInWorker(page, true);
    if (complaints.length > 0) throw new Error(`The console was not silent:\n${complaints.join('\n')}`);
    await followsColorScheme(page);
    await page.route('**/*', async (route) => {
      const response = await route.fetch();
      await route.fulfill({
        response,
        headers: {
          ...response.headers(),
          'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'",
        },
      });
    });
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await readsInWorker(page, false);
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * The app's bundler may rewrite our stylesheet for older browsers, and colours are the first that it breaks.
 *
 * @param {import('playwright').Page} page
 */
async function followsColorScheme(page) {
  const grounds = [];
  for (const scheme of ['light', 'dark']) {
    await page.evaluate((value) => document.documentElement.style.setProperty('color-scheme', value), scheme);
    grounds.push(
      await page
        .locator('.spanscope')
        .first()
        .evaluate((view) => getComputedStyle(view).backgroundColor),
    );
  }
  const [light, dark] = grounds;
  const drawn = grounds.every((ground) => /^rgb\(/.test(ground));
  if (!drawn || light === dark) throw new Error(`The ground is ${light} in a light page and ${dark} in a dark one.`);
}

/** @param {string} app */
async function renderOnServer(app) {
  const { stdout } = await run(process.execPath, ['server.mjs'], { cwd: app, env, maxBuffer: 1 << 26 });
  const { html, complaints, spans } = JSON.parse(stdout);
  const missing = names.filter((name) => !html.includes(name));
  if (missing.length > 0) throw new Error(`The markup lacks ${missing.join(', ')}:\n${html.slice(0, 2000)}`);
  if (html.includes(' style='))
    throw new Error('The markup has a style attribute, which a strict Content-Security-Policy blocks.');
  if (complaints.length > 0) throw new Error(`The console was not silent:\n${complaints.join('\n')}`);
  if (spans !== names.length) throw new Error(`spanscope/core read ${spans} spans of ${names.length}.`);
}
