// Reads every source file and compares what it imports with import-table.json.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} ImportTable
 * @property {Record<string, { imports: string[], packages: string[] }>} folders
 * @property {Record<string, { imports: string[], runs?: boolean }>} entries files that re-export explicit names and nothing else, but for one that `runs`
 */

/** @returns {ImportTable} */
export function readImportTable() {
  return JSON.parse(readFileSync(path.join(root, 'import-table.json'), 'utf8'));
}

/**
 * What a file imports that the table does not allow, one sentence each.
 *
 * @param {ImportTable} table
 * @param {string} file from the repository's root, with `/`
 * @param {string} text
 * @returns {string[]}
 */
export function forbiddenImports(table, file, text) {
  const owner = ownerOf(table, file);
  if (!owner) return [`${file} lies in no folder that import-table.json names.`];
  const entry = table.entries[owner];
  const { imports, packages } = table.folders[owner] ?? { imports: entry?.imports ?? [], packages: [] };
  const allowed = entry ? imports : [owner, ...imports];
  const found = specifiers(text).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      return packages.some((name) => isOf(name, specifier))
        ? []
        : [`${file} imports the package ${specifier}, which ${owner} may not.`];
    }
    const target = path.posix.join(path.posix.dirname(file), specifier);
    return allowed.includes(ownerOf(table, target) ?? '') ? [] : [`${file} imports ${target}, which ${owner} may not.`];
  });
  return entry && !entry.runs ? [...found, ...notReexports(file, text)] : found;
}

/**
 * Import, `import type`, re-export, `import()` and `import('…').Type`, without Vite's `?worker` and the like.
 *
 * @param {string} text
 */
export function specifiers(text) {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.map(({ fileName }) => fileName.replace(/\?.*$/, ''));
}

/**
 * The folder or entry of the table to which a file belongs.
 *
 * @param {ImportTable} table
 * @param {string} file
 */
function ownerOf(table, file) {
  if (table.entries[file]) return file;
  return Object.keys(table.folders).find((folder) => file.startsWith(`${folder}/`));
}

/** @param {string} name a package, or with `*` at its end all that begin so @param {string} specifier */
function isOf(name, specifier) {
  if (name.endsWith('*')) return specifier.startsWith(name.slice(0, -1));
  return specifier === name || specifier.startsWith(`${name}/`);
}

/** @param {string} file @param {string} text */
function notReexports(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    const named =
      ts.isExportDeclaration(statement) &&
      statement.moduleSpecifier &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause);
    if (named) return [];
    const line = source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1;
    return [`${file}:${line} does more than re-export explicit names.`];
  });
}

/**
 * The names that a file re-exports, types among them.
 *
 * @param {string} text
 * @param {string} [from] only those of this specifier
 */
export function reexportedNames(text, from) {
  const source = ts.createSourceFile('entry.ts', text, ts.ScriptTarget.Latest);
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier) return [];
    const { exportClause, moduleSpecifier } = statement;
    if (from && ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text !== from) return [];
    return exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(({ name }) => name.text) : [];
  });
}

/**
 * Every file that the table speaks of, from the repository's root.
 *
 * @returns {{ file: string, text: string }[]}
 */
export function tableFiles() {
  return ['src', 'samples', 'stories', 'viewer/src'].flatMap((folder) => {
    const entries = existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder), { recursive: true })
      : [];
    return entries
      .map((entry) => `${folder}/${String(entry).replaceAll('\\', '/')}`)
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
      .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = readImportTable();
  const problems = tableFiles().flatMap(({ file, text }) => forbiddenImports(table, file, text));
  if (problems.length > 0) console.error(`${problems.join('\n')}\nimport-table.json says who may import whom.`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
