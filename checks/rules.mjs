// A rule without a check is a wish: each row of CONTRIBUTING.md's table names one that exists, and each check has its row.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
/** @type {string[]} */
const checks = JSON.parse(readFileSync(path.join(root, 'checks/checks.json'), 'utf8')).map(
  (/** @type {{ name: string }} */ check) => check.name,
);
const rows = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\|[\s:|-]+\|$/.test(line))
  .map((line) => line.slice(1, -1).split('|'))
  .slice(1);

const named = new Set();
const problems = rows.flatMap(([rule = '', enforcedBy = '']) => {
  const names = [...enforcedBy.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  for (const name of names) named.add(name.replace(/^npm run check /, ''));
  if (names.length === 0) return [`The rule “${rule.trim()}” names no check.`];
  return names
    .filter((name) => !exists(name))
    .map((name) => `The rule “${rule.trim()}” names ${name}, which does not exist.`);
});
problems.push(...checks.filter((name) => !named.has(name)).map((name) => `No rule names the check ${name}.`));
if (rows.length === 0) problems.push('CONTRIBUTING.md has no table of rules.');
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

/** @param {string} name `npm run check <name>`, `npm run <script>`, `npm test` or a file */
function exists(name) {
  const [npm, run, script, ...rest] = name === 'npm test' ? ['npm', 'run', 'test'] : name.split(' ');
  if (npm !== 'npm') return existsSync(path.join(root, name));
  if (run !== 'run' || !script || !scripts[script]) return false;
  return script !== 'check' || rest.every((check) => checks.includes(check));
}
