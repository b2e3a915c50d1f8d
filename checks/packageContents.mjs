// What `npm pack` would put into the tarball: everything that package.json promises, and nothing else.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const packed = execFileSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: root,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
  shell: process.platform === 'win32',
});
/** @type {Set<string>} */
const files = new Set(JSON.parse(packed)[0].files.map((/** @type {{ path: string }} */ file) => file.path));

const problems = [
  ...['README.md', 'LICENSE', 'CHANGELOG.md', ...targets(manifest.exports)]
    .filter((file) => !files.has(file))
    .map((file) => `${file} is missing`),
  ...[...files].filter((file) => !belongs(file)).map((file) => `${file} does not belong in it`),
  ...[...files].filter((file) => file.endsWith('.js') || file.endsWith('.d.ts')).flatMap(unresolvedImports),
  ...[...files].filter((file) => file.startsWith('dist/')).flatMap(machinePaths),
];
if (problems.length > 0) {
  console.error(problems.map((problem) => `The package: ${problem}.`).join('\n'));
  process.exitCode = 1;
}

/** @param {unknown} exports @returns {string[]} */
function targets(exports) {
  if (typeof exports === 'string') return [exports.replace(/^\.\//, '')];
  return Object.values(/** @type {Record<string, unknown>} */ (exports)).flatMap(targets);
}

/** @param {string} file */
function belongs(file) {
  if (['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'].includes(file)) return true;
  return /^dist\/[\w./-]+\.(js|js\.map|d\.ts|css)$/.test(file);
}

/** Modules are kept apart, so that each relative import must find its file. @param {string} file */
function unresolvedImports(file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  const imports = text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...imports].flatMap(([, specifier = '']) => {
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const found = file.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target;
    return files.has(found) && existsSync(path.join(root, found))
      ? []
      : [`${file} imports ${specifier}, which is not there`];
  });
}

/** @param {string} file */
function machinePaths(file) {
  return readFileSync(path.join(root, file), 'utf8').includes(root)
    ? [`${file} names this machine's folder ${root}`]
    : [];
}
