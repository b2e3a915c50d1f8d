// What the scripts share that try the packed package in apps of others.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Vite's preview sets NODE_ENV in our own process; what is started after it must not see that. */
export const env = { ...process.env };
export const run = promisify(execFile);
export const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {{ devDependencies: { react: string, "@types/react": string, "@types/react-dom": string } & Record<string, string> }} */
export const { devDependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));

/** Of the spans of `exampleTrace`. */
export const names = ['session', 'agent_run', 'llm_call', 'tool:search'];

/** @param {string} title @param {() => Promise<unknown>} action */
export async function step(title, action) {
  try {
    await action();
    console.log(`✓ ${title}`);
  } catch (error) {
    const { stdout = '', stderr = '', message } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error);
    throw new Error(`✗ ${title}\n${`${stdout}${stderr}`.trim() || message}`);
  }
}

/** The package as a registry would have it, made in a folder. @param {string} folder */
export async function pack(folder) {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
  });
  return path.join(folder, JSON.parse(stdout)[0].filename);
}

export function exampleTrace() {
  const at = (/** @type {number} */ ms) => new Date(Date.UTC(2026, 10, 24, 9, 30, 0, ms)).toISOString();
  return {
    trace_id: 'b6f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5',
    spans: names.map((name, place) => ({
      span_id: `00000000000000${10 + place}`,
      parent_span_id: place > 0 ? `00000000000000${10 + Math.min(place, 2) - 1}` : null,
      name,
      start_time: at(place * 40),
      end_time: at(900 - place * 100),
      status: name === 'tool:search' ? 'error' : 'ok',
      attributes: { 'service.name': 'agent' },
      events: [],
    })),
  };
}

/** @param {string} app @param {string} script @param {string[]} args */
export function bin(app, script, args) {
  return run(process.execPath, [path.join(app, 'node_modules', script), ...args], { cwd: app, env });
}

/**
 * The worker ships inside the package; where the page's Content-Security-Policy refuses it, the page itself reads.
 *
 * @param {import('playwright').Page} page @param {boolean} isExpected
 */
export async function readsInWorker(page, isExpected) {
  let workers = 0;
  const count = () => workers++;
  page.on('worker', count);
  await page.waitForFunction(() => 'readTraces' in window);
  const { spans, service } = await page.evaluate(async (text) => {
    const { readTraces } = /** @type {any} */ (window);
    const { traces } = await readTraces(new Blob([text]));
    return { spans: traces[0].spanCount, service: traces[0].spanAt(2).attributes['service.name'] };
  }, JSON.stringify(exampleTrace()));
  page.off('worker', count);
  if (spans !== names.length) throw new Error(`readTraces read ${spans} spans of ${names.length}.`);
  if (service !== 'agent') throw new Error(`The details of a span that readTraces read hold ${service}.`);
  if (workers > 0 !== isExpected) {
    throw new Error(isExpected ? 'readTraces started no worker.' : 'The policy should have refused the worker.');
  }
}
