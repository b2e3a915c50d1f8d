// What an app gets with this package must be free to use without conditions beyond naming its authors; what only developers
// run may also be copyleft by file. Both are read from the lock files.

import { readFileSync } from 'node:fs';

const permissive = [
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
];
const forDevelopers = [...permissive, 'MPL-2.0', 'CC-BY-4.0', 'Python-2.0'];

const problems = ['package-lock.json', 'scripts/chromium/package-lock.json'].flatMap((file) => {
  const { packages } = JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
  return Object.entries(packages).flatMap(([place, { license, dev, peer, optional }]) => {
    if (!place) return [];
    const shipped = file === 'package-lock.json' && !dev && !peer && !optional;
    const allowed = shipped ? permissive : forDevelopers;
    if (typeof license === 'string' && isAllowed(license, allowed)) return [];
    return [`${file}: ${place} has the licence ${license}, which is not among ${allowed.join(', ')}.`];
  });
});
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

/** An SPDX expression of `OR`s and `AND`s without brackets inside. @param {string} expression @param {string[]} allowed */
function isAllowed(expression, allowed) {
  const choices = expression.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((name) => allowed.includes(name)));
}
