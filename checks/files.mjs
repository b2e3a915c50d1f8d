// A file of src is one concept: short enough to be read at once, and named after what it is, not a drawer for what found no
// place. Blank lines and comments do not count.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const maxLines = 450;
const drawers = /^(utils?|helpers?|common|misc|shared|types|constants)$/i;
const src = fileURLToPath(new URL('../src', import.meta.url));
const entries = existsSync(src) ? readdirSync(src, { recursive: true, encoding: 'utf8' }) : [];

const problems = entries.flatMap((entry) => {
  const { base, name, ext } = path.parse(entry);
  if (drawers.test(name)) return [`src/${entry}: ${base} says nothing of what lies in it; name it after that.`];
  if (!/^\.tsx?$/.test(ext)) return [];
  const lines = codeLines(readFileSync(path.join(src, entry), 'utf8'));
  return lines > maxLines
    ? [`src/${entry} has ${lines} lines of code, more than ${maxLines}: which two ideas does it hold?`]
    : [];
});
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

/** @param {string} text */
function codeLines(text) {
  return text.split('\n').filter((line) => !/^\s*($|\/\/|\/\*|\*)/.test(line)).length;
}
