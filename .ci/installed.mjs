// Fails unless node_modules holds what package-lock.json names, in the same versions.

import { readFileSync } from 'node:fs';

/** @param {string} file @returns {Record<string, { version: string, optional?: boolean }>} */
const packages = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages;

let same = false;
try {
  const wanted = Object.entries(packages('package-lock.json')).filter(([place]) => place);
  const present = packages('node_modules/.package-lock.json');
  // What is optional is made for other platforms.
  same = wanted.every(
    ([place, { version, optional }]) => present[place]?.version === version || (optional && !present[place]),
  );
} catch {}
process.exitCode = same ? 0 : 1;
