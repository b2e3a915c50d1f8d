// What an app pays for what it imports: bundled, minified and gzipped, d3 included unless it says otherwise, React
// and OpenTelemetry left out.
// Budgets in sizes.json.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundledSize, gzippedSize } from './bundledSize.mjs';

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
  return code ? bundledSize(code, { withoutD3 }) : gzippedSize(readFileSync(`${root}${file}`, 'utf8'));
}
