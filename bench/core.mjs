// Reading, transforms, layouts and writers in Node, without a browser.
//
//   node --expose-gc bench/core.mjs                    10,000, 100,000 and 1,000,000 spans
//   node --expose-gc bench/core.mjs --spans 10000 --spans 50000
//
// Prints tables; a goal that is missed is marked as missed.

import os from 'node:os';
import { parseArgs } from 'node:util';
import { importBundled } from '../scripts/bundleForNode.mjs';
import { median, table } from './statistics.mjs';

const { values: asked } = parseArgs({
  options: { spans: { type: 'string', multiple: true }, runs: { type: 'string' } },
});
const sizes = (asked.spans ?? ['10000', '100000', '1000000']).map(Number);
const runs = Number(asked.runs ?? 7);
/** Objects → trace as a share of JSON.parse, below a million spans and from there on. */
const readingGoal = 0.45;
const millionReadingGoal = 0.35;
/** Bytes → trace as a share of JSON.parse, below a million spans and from there on. */
const bytesReadingGoal = 0.6;
const millionBytesReadingGoal = 0.4;
/** Kinds, tokens and cost of all spans take no longer than building their trace. */
const columnsGoal = 1;
const bytesGoal = 72;
/** Above, objects of all spans as a writer makes them would fill the memory. */
const mostSpansToWrite = 200_000;

/** @type {typeof import('./core.ts')} */
const core = await importBundled('bench/core.ts');

console.log(`${os.cpus().length} × ${os.cpus()[0]?.model.trim()}, Node ${process.version}, medians of ${runs}\n`);
if (!globalThis.gc)
  console.log('Without --expose-gc bytes are a guess, and garbage of one run is collected in another.\n');

const reading = [['spans', 'format', 'JSON.parse', 'objects → trace', 'ratio', 'goal', '']];
for (const spans of sizes) {
  for (const format of /** @type {const} */ (['jaeger', 'otlp', 'json'])) {
    if (spans > mostSpansToWrite && format === 'json') continue;
    const { jsonParse, read } = core.measureReading(format, spans, Math.max(5, runs));
    const ratio = median(read) / median(jsonParse);
    const goal = spans < 1_000_000 ? readingGoal : millionReadingGoal;
    reading.push([
      spans.toLocaleString('en'),
      format,
      ms(median(jsonParse)),
      ms(median(read)),
      ratio.toFixed(2),
      String(goal),
      verdict(ratio <= goal),
    ]);
  }
}
console.log(`${table(reading)}\n`);

const agent = [['spans', 'format', 'building the trace', 'agentColumns', 'ratio', 'goal', '', 'agentRun']];
for (const spans of sizes) {
  for (const format of /** @type {const} */ (['json', 'jaeger', 'otlp'])) {
    if (spans > mostSpansToWrite && format !== 'json') continue;
    const { build, columns, run } = core.measureAgent(format, spans, spans > mostSpansToWrite ? 3 : runs);
    const ratio = median(columns) / median(build);
    agent.push([
      spans.toLocaleString('en'),
      format,
      ms(median(build)),
      ms(median(columns)),
      ratio.toFixed(2),
      String(columnsGoal),
      verdict(ratio <= columnsGoal),
      ms(median(run)),
    ]);
  }
}
for (const spans of sizes) {
  for (const format of /** @type {const} */ (['jaeger', 'otlp'])) {
    const { build, columns, run } = core.measureAgentByBytes(format, spans, spans > mostSpansToWrite ? 3 : runs);
    const ratio = median(columns) / median(build);
    agent.push([
      spans.toLocaleString('en'),
      `${format}, bytes`,
      ms(median(build)),
      ms(median(columns)),
      ratio.toFixed(2),
      String(columnsGoal),
      verdict(ratio <= columnsGoal),
      ms(median(run)),
    ]);
  }
}
console.log(`${table(agent)}\n`);

const byBytes = [['spans', 'format', 'JSON.parse', 'bytes → trace', 'ratio', 'goal', '', 'project an attribute']];
for (const spans of sizes) {
  for (const format of /** @type {const} */ (['jaeger', 'otlp'])) {
    const { jsonParse, read, project } = core.measureByteReading(format, spans, Math.max(5, runs));
    const ratio = median(read) / median(jsonParse);
    const goal = spans < 1_000_000 ? bytesReadingGoal : millionBytesReadingGoal;
    byBytes.push([
      spans.toLocaleString('en'),
      format,
      ms(median(jsonParse)),
      ms(median(read)),
      ratio.toFixed(2),
      String(goal),
      verdict(ratio <= goal),
      ms(median(project)),
    ]);
  }
}
console.log(`${table(byBytes)}\n`);

const memory = [['spans', 'format', 'read from', 'columns', 'trace in all', 'goal', '']];
for (const spans of sizes) {
  for (const format of /** @type {const} */ (['jaeger', 'otlp', 'json'])) {
    for (const from of format === 'json' ? ['objects'] : ['objects', 'bytes']) {
      if (from === 'objects' && spans > mostSpansToWrite) continue;
      const { columns, all } = core.measureBytes(format, spans, from === 'bytes');
      memory.push([
        spans.toLocaleString('en'),
        format,
        from,
        `${columns.toFixed(0)} bytes a span`,
        `${all.toFixed(0)} bytes a span`,
        String(bytesGoal),
        verdict(all <= bytesGoal),
      ]);
    }
  }
}
console.log(`${table(memory)}\n`);

// An exponent of 1 is linear in the number of spans, 2 quadratic.
for (const shape of /** @type {const} */ (['agent', 'wide', 'deep'])) {
  const bySize = sizes.map((spans) =>
    core.measureStages(shape, spans, spans > mostSpansToWrite ? 1 : Math.min(runs, 3), spans <= mostSpansToWrite),
  );
  const rows = [[shape, ...sizes.map((spans) => spans.toLocaleString('en')), 'exponents']];
  for (const stage of Object.keys(bySize[0] ?? {})) {
    const times = bySize.map((byStage) => (byStage[stage] ? median(byStage[stage]) : Number.NaN));
    const exponents = times
      .slice(1)
      .map((time, at) => Math.log(time / (times[at] ?? 0)) / Math.log((sizes[at + 1] ?? 0) / (sizes[at] ?? 0)))
      .filter((exponent) => !Number.isNaN(exponent));
    rows.push([
      stage,
      ...times.map((time) => (Number.isNaN(time) ? '' : ms(time))),
      exponents.map((exponent) => exponent.toFixed(2)).join(', '),
    ]);
  }
  console.log(`${table(rows)}\n`);
}

/** @param {number} value */
function ms(value) {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

/** @param {boolean} isMet */
function verdict(isMet) {
  return isMet ? 'met' : 'MISSED';
}
