// Reads damaged files of every format and says which are read wrongly.
//
//   npm run fuzz                                20,000 cases of seed 1
//   npm run fuzz -- --cases 100000 --seed 7
//
// A failure is made smaller and kept in test/fixtures/fuzz, where the tests find it: it belongs in the commit that mends it.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { importBundled } from './bundleForNode.mjs';

const { values: asked } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'string', default: '20' },
  },
});
const cases = Number(asked.cases);
const seed = Number(asked.seed);
const path = (/** @type {string} */ name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** @type {typeof import('../test/fuzz/run.ts')} */
const { fuzzCase, reduced } = await importBundled('test/fuzz/run.ts');
const realFiles = readRealFiles();
console.log(`${cases.toLocaleString('en')} cases of seed ${seed}, ${realFiles.length} real files among them`);

const started = performance.now();
/** @type {Map<string, number>} */
const faults = new Map();
let failures = 0;
for (let number = 0; number < cases; number++) {
  const failure = fuzzCase(number, seed, realFiles);
  if (failure) {
    failures++;
    const kind = `${failure.format}, ${failure.form}: ${failure.fault.replace(/[0-9a-f]{8,}/g, '…').slice(0, 120)}`;
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
    if (failures <= Number(asked.keep)) keep(failure);
  }
  if ((number + 1) % 5000 === 0) {
    console.log(`${(number + 1).toLocaleString('en')}: ${failures} failures, ${seconds()} s`);
  }
}
for (const [kind, count] of [...faults].sort((a, b) => b[1] - a[1]).slice(0, 40)) console.log(`${count} × ${kind}`);
console.log(`${cases.toLocaleString('en')} cases in ${seconds()} s: ${failures} failures`);
process.exitCode = failures > 0 ? 1 : 0;

function seconds() {
  return ((performance.now() - started) / 1000).toFixed(1);
}

/** @param {import('../test/fuzz/run.ts').Failure} failure */
function keep(failure) {
  const folder = path('test/fixtures/fuzz');
  mkdirSync(folder, { recursive: true });
  const input = reduced(failure);
  const name = `${failure.format}-${seed}-${failure.number}`;
  writeFileSync(
    `${folder}/${name}.json`,
    `${JSON.stringify({ format: failure.format, form: failure.form, damages: failure.damages, input }, null, 2)}\n`,
  );
  console.log(`test/fixtures/fuzz/${name}.json (${failure.form}; ${failure.damages.join(', ')}): ${failure.fault}`);
}

/** Small real files, where the folder that holds them is there. */
function readRealFiles() {
  const folder = path('../shared/corpus');
  if (!existsSync(folder)) return [];
  /** @type {import('../test/fuzz/run.ts').RealFile[]} */
  const files = [];
  for (const format of /** @type {const} */ (['jaeger', 'otlp', 'zipkin', 'chrome', 'langfuse', 'phoenix', 'mlflow'])) {
    for (const name of readdirSync(`${folder}/${format}`)) {
      const text = readFileSync(`${folder}/${format}/${name}`, 'utf8');
      if (text.length < 40_000 && !name.endsWith('.gz')) files.push({ format, form: name, text });
    }
  }
  return files;
}
