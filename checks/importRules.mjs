// Writes what import-table.json says as rules for Biome (biome.imports.json), so that an editor shows a forbidden import
// where it is typed. With --check it only says whether the file is up to date.

import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../biome.imports.json', import.meta.url);
const table = JSON.parse(readFileSync(new URL('../import-table.json', import.meta.url), 'utf8'));

/** From a file in a folder, or in a folder below it, another folder of the same parent or of the root. */
const levels = ['../', '../../', '../../../'];

/** @param {string} folder @param {{ imports: string[], packages: string[] }} rule */
function override(folder, { imports, packages }) {
  const named = Object.keys(table.folders).filter((other) => other !== folder && !imports.includes(other));
  const forbidden = [...named, ...Object.keys(table.entries), ...(folder.startsWith('src/') ? [] : ['src'])];
  const allowed = packages.flatMap((name) => [name, `${name}/**`]);
  const message =
    `${folder} may import ${list(imports, 'no other folder')} and ${list(packages, 'no package')} (import-table.json). ` +
    'Move the code to the stage that it belongs to, or hand in what it needs.';
  const group = [
    '**',
    '!./**',
    '!../**',
    ...allowed.map((name) => `!${name}`),
    ...forbidden.flatMap((other) => relative(folder, other)),
  ];
  return {
    includes: [`${folder}/**`],
    linter: {
      rules: { style: { noRestrictedImports: { level: 'error', options: { patterns: [{ group, message }] } } } },
    },
  };
}

/** @param {string} from @param {string} to */
function relative(from, to) {
  const siblings = from.startsWith('src/') && to.startsWith('src/');
  const path = siblings ? to.slice('src/'.length) : to;
  return levels.flatMap((up) => (path.endsWith('.ts') ? [up + path] : [`${up}${path}/**`]));
}

/** @param {string[]} names @param {string} none */
function list(names, none) {
  return names.length > 0 ? names.join(', ') : none;
}

const overrides = Object.entries(table.folders).map(([folder, rule]) => override(folder, rule));
const rules = `${JSON.stringify({ overrides }, null, 2)}\n`;

if (process.argv.includes('--check')) {
  let present = '';
  try {
    present = readFileSync(file, 'utf8');
  } catch {}
  if (present !== rules) {
    console.error('biome.imports.json does not say what import-table.json says. Run `node checks/importRules.mjs`.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(file, rules);
}
