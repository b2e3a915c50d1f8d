import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseTraces, type Trace } from '../src/core.ts';

/**
 * Folders beside the repo that hold real exports (`corpus`) and reference traces (`seed`). They are not part of it, so
 * tests that read them skip where they are absent and say so in their titles.
 */
const shared = `${path.dirname(fileURLToPath(import.meta.url))}/../../shared/`;

export const hasCorpus = existsSync(`${shared}corpus`);
export const hasSeed = existsSync(`${shared}seed`);

/** For titles: why a test is skipped. */
export const corpusNote = hasCorpus ? '' : ' (skipped: no folder ../shared/corpus)';
export const seedNote = hasSeed ? '' : ' (skipped: no folder ../shared/seed)';

/** Where a file of the corpus lies, as `jaeger/duo-hotrod.json`. */
export function corpusPath(path: string): string {
  return `${shared}corpus/${path}`;
}

/** The bytes of a file, as `jaeger/duo-hotrod.json`. */
export function corpusFile(path: string): Uint8Array {
  return readFileSync(corpusPath(path));
}

/** The names of the files in a folder of the corpus, empty where it is absent. */
export function corpusFiles(folder: string): string[] {
  const path = `${shared}corpus/${folder}`;
  return existsSync(path) ? readdirSync(path).sort() : [];
}

const traceFolders = [
  'aisdk',
  'chrome',
  'jaeger',
  'langfuse',
  'langsmith',
  'mlflow',
  'otlp',
  'phoenix',
  'simple',
  'zipkin',
];

/** All files that hold traces, as `jaeger/duo-hotrod.json`. */
export function corpusTraceFiles(): string[] {
  return traceFolders.flatMap((folder) =>
    corpusFiles(folder)
      .filter((name) => !name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
}

/** The traces of one of these, packed or not. */
export function corpusTraces(file: string): Trace[] {
  const bytes = corpusFile(file);
  return parseTraces(file.endsWith('.gz') ? gunzipSync(bytes) : bytes).traces;
}

/** The text of a file of the seed, as `empty.json`. */
export function seedText(name: string): string {
  return readFileSync(`${shared}seed/${name}`, 'utf8');
}

/** The reference traces by name: each has a plain file, a Jaeger file and a timeline. */
export function seedNames(): string[] {
  if (!hasSeed) return [];
  return readdirSync(`${shared}seed`)
    .filter((name) => name.endsWith('.timeline.txt'))
    .map((name) => name.slice(0, -'.timeline.txt'.length))
    .sort();
}
