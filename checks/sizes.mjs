// What an app pays for what it imports: bundled, minified and gzipped, d3 included, React left out. Budgets in sizes.json.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/** @typedef {{ name: string, code?: string, file?: string, onTopOf?: number, maxKiB: number }} Budget */

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Budget[]} */
const budgets = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8'));
const sizes = await Promise.all(budgets.map(gzippedBytes));

let over = false;
for (const [place, { name, onTopOf, maxKiB }] of budgets.entries()) {
  const kib = ((sizes[place] ?? 0) - (onTopOf === undefined ? 0 : (sizes[onTopOf] ?? 0))) / 1024;
  over ||= kib > maxKiB;
  console.log(`  ${name.padEnd(28)} ${kib.toFixed(1).padStart(6)} KiB of ${maxKiB}${kib > maxKiB ? '   too big' : ''}`);
}
if (over) process.exitCode = 1;

/** @param {Budget} budget */
async function gzippedBytes({ code, file }) {
  const text = code ? await bundled(code) : readFileSync(`${root}${file}`, 'utf8');
  return gzipSync(text, { level: 9 }).length;
}

/** @param {string} code */
async function bundled(code) {
  const entry = '\0entry';
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    external: /^(react|react-dom)(\/|$)/,
    platform: 'browser',
    logLevel: 'silent', // it warns that a bundle drops 'use client', which is of no concern here
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => {
          if (id === entry) return id;
          if (id === 'spanscope') return `${root}dist/index.js`;
          if (id === 'spanscope/core') return `${root}dist/core.js`;
          return undefined;
        },
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  return output.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
}
