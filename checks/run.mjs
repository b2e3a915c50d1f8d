// Runs the checks of checks.json, as many at once as there are processors: one line for each, and what a failing one said.
//
//   npm run check              all
//   npm run check types docs   these, and what they build on

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ name: string, command: string, after?: string, show?: boolean }} Check */

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {Check[]} */
const all = JSON.parse(readFileSync(new URL('checks.json', import.meta.url), 'utf8'));
const waiting = chosen(process.argv.slice(2));
/** @type {Map<string, boolean>} */
const passed = new Map();
const started = performance.now();

await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
const failed = [...passed].filter(([, ok]) => !ok).map(([name]) => name);
console.log(
  failed.length > 0 ? `\nFailed: ${failed.join(', ')}` : `\nAll ${passed.size} checks passed in ${seconds(started)}.`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

/** @param {string[]} names */
function chosen(names) {
  const unknown = names.filter((name) => !all.some((check) => check.name === name));
  if (unknown.length > 0) {
    console.error(`No check is called ${unknown.join(', ')}. There are: ${all.map(({ name }) => name).join(', ')}.`);
    process.exit(1);
  }
  const needed = new Set(names);
  for (const { name, after } of all) if (names.includes(name) && after) needed.add(after);
  return names.length > 0 ? all.filter(({ name }) => needed.has(name)) : [...all];
}

async function worker() {
  while (waiting.length > 0) {
    const place = waiting.findIndex(({ after }) => !after || passed.has(after));
    if (place < 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const [check] = waiting.splice(place, 1);
    if (check) await runCheck(check);
  }
}

/** @param {Check} check */
async function runCheck({ name, command, after, show }) {
  if (after && !passed.get(after)) {
    passed.set(name, false);
    console.log(`✗ ${name.padEnd(14)} not run, for ${after} failed`);
    return;
  }
  const start = performance.now();
  const { ok, output } = await shell(command);
  passed.set(name, ok);
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(14)} ${seconds(start)}`);
  if (!ok) console.log(`  ${command}\n${output.trimEnd()}\n`);
  else if (show) console.log(output.trimEnd());
}

/** @param {string} command @returns {Promise<{ ok: boolean, output: string }>} */
function shell(command) {
  const bin = path.join(root, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = spawn(command, { cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** @param {number} start */
function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
