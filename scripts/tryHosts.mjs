// The packed package in apps that others bundle: Next.js (built and started, with each of its bundlers) and webpack, under a
// strict Content-Security-Policy where the host lets one set it.
//
//   node scripts/tryHosts.mjs [--keep]       after `npm run build`; --keep leaves the apps and a screenshot of each

import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright';
import { getChromium, launchOptions } from './chromium.mjs';
import { bin, devDependencies, env, exampleTrace, names, pack, readsInWorker, run, step } from './packedApp.mjs';

const versions = {
  next: '16.4.6',
  webpack: '5.112.2',
  'webpack-cli': '7.3.1',
  'css-loader': '7.1.5',
  'mini-css-extract-plugin': '2.10.2',
  'ts-loader': '9.6.2',
};
// Nothing inline and nothing evaluated; the worker is a blob: that the package makes.
const strictPolicy = "default-src 'self'; style-src 'self'; script-src 'self'; worker-src blob:";
const keep = process.argv.includes('--keep');
const work = await mkdtemp(path.join(tmpdir(), 'spanscope-hosts-'));

const page = `import { TraceView } from 'spanscope';
import 'spanscope/styles.css';
import trace from './trace.json';
import { Reading } from './Reading';

export default function Page() {
  return (
    <main className="page">
      <Reading />
      <TraceView trace={trace} className="view" />
    </main>
  );
}
`;
/** A component of the app's own that runs in the browser: it leaves \`readTraces\` where this script can call it. */
const reading = `'use client';
import { useEffect } from 'react';
import { readTraces } from 'spanscope';

export function Reading() {
  useEffect(() => {
    Object.assign(window, { readTraces });
  }, []);
  return null;
}
`;
const styles = 'html, body { margin: 0; height: 100%; } .page, .view { height: 100vh; }\n';

try {
  const tarball = await pack(work);
  const next = await makeNextApp(tarball);
  for (const bundler of ['turbopack', 'webpack']) {
    await step(`Next.js, ${bundler}: build`, () => bin(next, 'next/dist/bin/next', ['build', `--${bundler}`]));
    await step(`Next.js, ${bundler}: started, in Chromium`, () => startNext(next));
  }
  const webpack = await makeWebpackApp(tarball);
  await step('webpack: build', () => bin(webpack, 'webpack-cli/bin/cli.js', ['--mode', 'production']));
  await step('webpack: in Chromium, under a strict policy', () => serveStatic(path.join(webpack, 'dist')));
} finally {
  if (keep) console.log(`Kept in ${work}`);
  else await rm(work, { recursive: true, force: true });
}

/** @param {string} tarball */
async function makeNextApp(tarball) {
  return await makeApp(tarball, 'next', ['next'], {
    'next.config.mjs': 'export default { devIndicators: false };\n',
    'app/layout.tsx': `import './page.css';

export const metadata = { title: 'app', icons: { icon: 'data:,' } };

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
    'app/page.tsx': page,
    'app/Reading.tsx': reading,
    'app/page.css': styles,
    'app/trace.json': JSON.stringify(exampleTrace()),
  });
}

/** @param {string} tarball */
async function makeWebpackApp(tarball) {
  const tools = ['webpack', 'webpack-cli', 'css-loader', 'mini-css-extract-plugin', 'ts-loader'];
  return await makeApp(tarball, 'webpack', tools, {
    'webpack.config.mjs': `import Extract from 'mini-css-extract-plugin';

export default {
  entry: './src/main.tsx',
  resolve: { extensions: ['.tsx', '.ts', '.js'] },
  module: {
    rules: [
      { test: /\\.tsx?$/, use: 'ts-loader', exclude: /node_modules/ },
      { test: /\\.css$/, use: [Extract.loader, 'css-loader'] },
    ],
  },
  plugins: [new Extract()],
  performance: { hints: false },
};
`,
    'src/main.tsx': `import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './page.css';
import Page from './page';

createRoot(document.getElementById('root')!).render(<StrictMode><Page /></StrictMode>);
`,
    'src/page.tsx': page,
    'src/Reading.tsx': reading,
    'src/page.css': styles,
    'src/trace.json': JSON.stringify(exampleTrace()),
    'dist/index.html': `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>app</title><link rel="stylesheet" href="main.css">
<link rel="icon" href="none.png"></head><body><div id="root"></div><script src="main.js"></script></body></html>`,
  });
}

/** @param {string} tarball @param {string} name @param {string[]} tools @param {Record<string, string>} files */
async function makeApp(tarball, name, tools, files) {
  const app = path.join(work, name);
  const pinned = (/** @type {string} */ tool) => [
    tool,
    devDependencies[tool] ?? versions[/** @type {'next'} */ (tool)],
  ];
  const all = {
    ...files,
    'package.json': JSON.stringify({
      name: 'app',
      private: true,
      dependencies: { ...Object.fromEntries(['react', 'react-dom'].map(pinned)), spanscope: `file:${tarball}` },
      devDependencies: Object.fromEntries(
        ['@types/react', '@types/react-dom', '@types/node', 'typescript', ...tools].map(pinned),
      ),
    }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'bundler',
        lib: ['ES2022', 'DOM', 'DOM.Iterable'],
        jsx: 'react-jsx',
        strict: true,
        resolveJsonModule: true,
        allowArbitraryExtensions: true,
        skipLibCheck: true,
      },
      exclude: ['node_modules', 'dist'],
    }),
    'css.d.ts': "declare module '*.css';\n",
  };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(app, file)), { recursive: true });
    await writeFile(path.join(app, file), text);
  }
  await step(`${name}: install`, () =>
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: app, env }),
  );
  return app;
}

/** @param {string} app */
async function startNext(app) {
  const server = spawn(
    process.execPath,
    [path.join(app, 'node_modules/next/dist/bin/next'), 'start', '-p', '0', '-H', '127.0.0.1'],
    {
      cwd: app,
      env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  try {
    const address = await new Promise((resolve, reject) => {
      let text = '';
      for (const stream of [server.stdout, server.stderr]) {
        stream.on('data', (part) => {
          text += part;
          const found = /http:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(text);
          if (found) resolve(`http://127.0.0.1:${found[1]}`);
        });
      }
      server.once('exit', () => reject(new Error(`Next.js ended: ${text}`)));
    });
    const markup = await (await fetch(address)).text();
    const missing = names.filter((name) => !markup.includes(name));
    if (missing.length > 0) throw new Error(`The markup of the server lacks ${missing.join(', ')}.`);
    const body = /<body[\s\S]*?<script/.exec(markup)?.[0] ?? '';
    if (body.includes(' style=')) throw new Error('The markup of the server has a style attribute.');
    await lookAt(address, 'next.png');
  } finally {
    server.kill();
  }
}

/** @param {string} folder */
async function serveStatic(folder) {
  const types = /** @type {Record<string, string>} */ ({
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
  });
  const server = createServer(async (request, response) => {
    const file = path.join(folder, request.url === '/' ? 'index.html' : path.basename(request.url ?? ''));
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    // The page's icon is not there, and a browser would tell of it.
    response.writeHead(isThere ? 200 : 204, {
      'content-type': types[path.extname(file)] ?? 'text/plain',
      'content-security-policy': strictPolicy,
    });
    if (isThere) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  try {
    if (!address || typeof address === 'string') throw new Error('The server has no port.');
    await lookAt(`http://127.0.0.1:${address.port}`, 'webpack.png');
  } finally {
    server.close();
  }
}

/** Shows the run, selects a span, reads in a worker, and says nothing. @param {string} address @param {string} picture */
async function lookAt(address, picture) {
  const browser = await chromium.launch(launchOptions(await getChromium()));
  try {
    const view = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    /** @type {string[]} */
    const complaints = [];
    view.on('console', (message) => complaints.push(message.text()));
    view.on('pageerror', (error) => complaints.push(String(error)));
    await view.goto(address);
    for (const { span_id: id } of exampleTrace().spans)
      await view.locator(`[data-span-id='${id}']`).first().waitFor({ timeout: 10_000 });
    await view
      .getByRole('row', { name: /search/ })
      .first()
      .click();
    await view
      .getByRole('row', { name: /search/, selected: true })
      .first()
      .waitFor({ timeout: 10_000 });
    await readsInWorker(view, true);
    if (keep) await view.screenshot({ path: path.join(work, picture) });
    if (complaints.length > 0) throw new Error(`The console was not silent:\n${complaints.join('\n')}`);
  } finally {
    await browser.close();
  }
}
