// What an app pays for what it imports: bundled, minified and gzipped, d3 included unless it says otherwise, React
// and OpenTelemetry left out.
// Budgets in sizes.json.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/**
 * @typedef {object} Budget
 * @property {string} name
 * @property {string} [code] a module that imports what is measured
 * @property {string} [file] or a file of the package
 * @property {boolean} [withoutD3]
 * @property {string} [onTopOf] the name of another budget, whose size is taken off
 * @property {number} maxKiB
 */

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Budget[]} */
const budgets = JSON.parse(readFileSync(new URL('sizes.json', import.meta.url), 'utf8'));
const sizes = await Promise.all(budgets.map(gzippedBytes));

let over = false;
for (const { name, onTopOf, maxKiB } of budgets) {
  const kib = (bytes(name) - (onTopOf ? bytes(onTopOf) : 0)) / 1024;
  over ||= kib > maxKiB;
  console.log(`  ${name.padEnd(32)} ${kib.toFixed(1).padStart(6)} KiB of ${maxKiB}${kib > maxKiB ? '   too big' : ''}`);
}
if (over) process.exitCode = 1;

/** @param {string} name */
function bytes(name) {
  const size = sizes[budgets.findIndex((budget) => budget.name === name)];
  if (size === undefined) throw new Error(`sizes.json has no budget called ${name}.`);
  return size;
}

/** @param {Budget} budget */
async function gzippedBytes({ code, file, withoutD3 = false }) {
  const text = code ? await bundled(code, withoutD3) : readFileSync(`${root}${file}`, 'utf8');
  return gzipSync(text, { level: 9 }).length;
}

/** @param {string} code @param {boolean} withoutD3 */
async function bundled(code, withoutD3) {
  const entry = '\0entry';
  const hosted = /^(react|react-dom|@opentelemetry\/[a-z-]+)(\/|$)/; // what an app has anyway
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    external: withoutD3 ? [hosted, /^d3-/] : hosted,
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
          if (id === 'spanscope/tracer') return `${root}dist/tracer.js`;
          return undefined;
        },
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'es', minify: true });
  await bundle.close();
  // What an app loads at first: the worker, which is loaded when something is read, has a budget of its own.
  return output.map((chunk) => (chunk.type === 'chunk' && !chunk.isDynamicEntry ? chunk.code : '')).join('');
}
