// Reads a file that no string can hold, in a Node with little memory.
//
//   node bench/huge.mjs                                   a Jaeger file of 1,125,000 spans, about 574 MB, under 64 MB of heap
//   node bench/huge.mjs --spans 2000000 --format otlp --heap 64
//
// The file is written to a temporary folder and removed afterwards. Its bytes lie outside of the heap, as in a browser.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleForNode } from '../scripts/bundleForNode.mjs';
import { table } from './statistics.mjs';

const { values: asked } = parseArgs({
  options: {
    spans: { type: 'string', default: '1125000' },
    format: { type: 'string', default: 'jaeger' },
    heap: { type: 'string', default: '64' },
    read: { type: 'string' },
    bundle: { type: 'string' },
  },
});
if (asked.read && asked.bundle) {
  const { readHugeFile } = /** @type {typeof import('./huge.ts')} */ (await import(asked.bundle));
  console.log(JSON.stringify({ ...readHugeFile(asked.read), rss: process.memoryUsage().rss }));
} else {
  const bundle = await bundleForNode('bench/huge.ts'); // not by the process that reads: its memory is measured
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spanscope-huge-'));
  try {
    const file = path.join(folder, 'trace.json');
    const { writeHugeFile } = /** @type {typeof import('./huge.ts')} */ (await import(bundle));
    writeHugeFile(file, /** @type {'jaeger'} */ (asked.format), Number(asked.spans));
    const script = fileURLToPath(import.meta.url);
    const output = execFileSync(
      process.execPath,
      [`--max-old-space-size=${asked.heap}`, script, '--read', file, '--bundle', bundle],
      { encoding: 'utf8' },
    );
    const result = /** @type {import('./huge.ts').HugeReading & { rss: number }} */ (JSON.parse(output));
    console.log(
      table([
        ['format', 'spans', 'file', 'heap limit', 'read in', 'of it reading', 'bytes a span beside the file, at most'],
        [
          asked.format,
          result.spans.toLocaleString('en'),
          `${Math.round(result.bytes / 1e6)} MB`,
          `${asked.heap} MB`,
          `${(result.milliseconds / 1000).toFixed(1)} s`,
          `${(result.readingMilliseconds / 1000).toFixed(1)} s`,
          ((result.rss - result.bytes) / result.spans).toFixed(0),
        ],
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
