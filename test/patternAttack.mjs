// In a worker of its own, as nothing can stop a pattern that runs: looks for texts that a pattern takes long over, then lets it
// read the worst of them at a length at which quadratic time does not come back.

import { parentPort, workerData } from 'node:worker_threads';

/** @type {{ pattern: string, flags: string }[]} */
const patterns = workerData;
const shortLength = 3000;
const fullLength = 400_000;
const usual = [...'a1 _-.:/\\"\'{[(<>*=\n\t,;#@%&|`~^$!?+é\u202eZ'];
const pairs = ['ab', 'a.', 'a,', '1.', 'a ', '""', '\\"', '{}', '()', '[]', 'a=', '1e', '://', '<a', '](', '- '];

for (const [number, { pattern, flags }] of patterns.entries()) {
  parentPort?.postMessage({ number });
  const own = new Set(pattern.replace(/\\[a-zA-Z]/g, ''));
  const beginnings = ['', ...(pattern.match(/[A-Za-z]{2,}|["'{([<]/g) ?? []).slice(0, 4)];
  /** @type {{ took: number, text: (length: number) => string }[]} */
  const worst = [];
  for (const beginning of beginnings) {
    for (const pump of new Set([...usual, ...own, ...pairs])) {
      for (const end of ['', '\0', '!']) {
        const text = (/** @type {number} */ length) => beginning + pump.repeat(length / pump.length) + end;
        worst.push({ took: timeOf(pattern, flags, text(shortLength)), text });
      }
    }
    worst.sort((a, b) => b.took - a.took).splice(4);
  }
  for (const { text } of worst) timeOf(pattern, flags, text(fullLength));
}
parentPort?.postMessage({ number: patterns.length });

/** @param {string} pattern @param {string} flags @param {string} text */
function timeOf(pattern, flags, text) {
  const expression = new RegExp(pattern, flags);
  const started = performance.now();
  if (flags.includes('g')) text.replace(expression, '');
  else expression.test(text);
  return performance.now() - started;
}
