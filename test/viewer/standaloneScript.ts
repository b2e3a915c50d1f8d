import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
let built: Promise<string> | undefined;

/** The standalone script as the package ships it, built once for a file of tests. */
export function standaloneScript(): Promise<string> {
  built ??= buildScript();
  return built;
}

/** In a process of its own: what a test runner sets would make it a development build. */
async function buildScript(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'spanscope-standalone-'));
  const { NODE_ENV, VITEST, ...env } = process.env;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const args = ['build', '--config', 'vite.standalone.config.ts', '--outDir', folder, '--logLevel', 'error'];
  try {
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: root, env });
    return await readFile(path.join(folder, 'standalone.js'), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
