import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What reads only short texts may take quadratic time over long ones. */
const readsShortTexts: Readonly<Record<string, string>> = {
  '/^\\s*(?:([a-z]+)=)?(.*?)\\s*$/s': 'an option that a person gives the command',
  '/0+$/': 'a number that was written here',
  '/\\.?0+$/': 'a number that was written here',
  '/^[-.]+|[-.]+$/g': 'a title, cut before',
  '/(\\\\*)\\|/g': 'a name, cut before',
  '/^\\s*"?[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:e[+-]?\\d+)?"?\\s*$/i': 'at most 40 characters',
  '/"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"|-?\\d{16,}(?![\\d.eE])/gs': 'sound JSON, in which each string ends',
  '/[a-zµμ]*$/i': 'a word of a query, which is no longer than a person types',
};

interface Pattern {
  pattern: string;
  flags: string;
}

/** Every regular expression that the package's source spells out. */
function patternsOfSource(): Map<string, Pattern> {
  const found = new Map<string, Pattern>();
  const files = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.tsx?$/.test(name))) {
    const text = readFileSync(path.join(root, 'src', file), 'utf8');
    const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    const visit = (node: ts.Node) => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        found.set(node.text, { pattern: node.text.slice(1, end), flags: node.text.slice(end + 1) });
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind));
  }
  return found;
}

/** Those that come to no end. A linear one needs milliseconds. */
async function endless(patterns: readonly Pattern[], patience = 20_000): Promise<Pattern[]> {
  const found: Pattern[] = [];
  let from = 0;
  while (from < patterns.length) {
    const worker = new Worker(path.join(root, 'test/patternAttack.mjs'), { workerData: patterns.slice(from) });
    const stuckAt = await new Promise<number>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      worker.on('error', reject);
      worker.on('message', ({ number }: { number: number }) => {
        clearTimeout(timer);
        if (from + number >= patterns.length) resolve(-1);
        else timer = setTimeout(() => resolve(from + number), patience);
      });
    });
    await worker.terminate();
    if (stuckAt < 0) break;
    found.push(patterns[stuckAt]!);
    from = stuckAt + 1;
  }
  return found;
}

it('no pattern of the source takes quadratic time over a hostile text', async () => {
  const patterns = patternsOfSource();
  expect(patterns.size).toBeGreaterThan(100);
  // What is excused is still there.
  expect(Object.keys(readsShortTexts).filter((pattern) => !patterns.has(pattern))).toEqual([]);
  const asked = [...patterns].filter(([text]) => !(text in readsShortTexts)).map(([, pattern]) => pattern);
  expect(await endless(asked)).toEqual([]);
}, 600_000);

it('tells patterns that do', async () => {
  const patterns = [/(a+)+b/, /0+$/, /^\s*(?:---|===)/m].map(({ source, flags }) => ({ pattern: source, flags }));
  expect(await endless(patterns, 2000)).toEqual(patterns);
}, 120_000);
