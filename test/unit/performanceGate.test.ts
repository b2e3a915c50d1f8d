import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { bundledSize } from '../../checks/bundledSize.mjs';
import { type LargeFormat, large, largeText } from '../../samples/large.ts';
import { layoutFlameGraph, layoutWaterfall, parseTraces } from '../../src/core.ts';

// What keeps the core small, as counts of bytes.

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const spans = 200_000;

function memoryInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What `make` holds after a collection, for each span. What is compiled and cached once is not counted. */
function bytesOfSpan(make: () => unknown): number {
  make();
  const before = memoryInUse();
  const made = make();
  const after = memoryInUse();
  expect(made).toBeDefined();
  return (after - before) / spans;
}

function bytesOf(format: LargeFormat): Uint8Array {
  return new TextEncoder().encode([...largeText({ spans, format })].join(''));
}

describe('a trace of 200,000 spans', () => {
  it.each(['jaeger', 'otlp'] as const)('holds at most 72 bytes a span beside its file: %s', (format) => {
    const file = bytesOf(format);
    expect(bytesOfSpan(() => parseTraces(file))).toBeLessThan(72);
  });

  it.each(['jaeger', 'otlp', 'json'] as const)('holds at most 80 bytes a span beside its object: %s', (format) => {
    const file = large({ spans, format });
    expect(bytesOfSpan(() => parseTraces(file))).toBeLessThan(80);
  });

  it('is laid out for a view in at most 40 bytes a span', () => {
    const trace = parseTraces(large({ spans, format: 'json' })).traces[0]!;
    expect(bytesOfSpan(() => layoutWaterfall(trace))).toBeLessThan(40);
    expect(bytesOfSpan(() => layoutFlameGraph(trace))).toBeLessThan(40);
  });
});

interface Budget {
  name: string;
  code?: string;
  maxKiB: number;
  onTopOf?: string;
  withoutD3?: boolean;
}

describe('what an app pays for its imports', () => {
  const budgets: Budget[] = JSON.parse(readFileSync(new URL('../../checks/sizes.json', import.meta.url), 'utf8'));
  const sizeOf = ({ code, withoutD3 = false }: Budget) => bundledSize(code!, { withoutD3, from: 'src' });

  it.each(budgets.filter(({ code }) => code))('is within its budget: $name', async (budget) => {
    const below = budgets.find(({ name }) => name === budget.onTopOf);
    const bytes = (await sizeOf(budget)) - (below ? await sizeOf(below) : 0);
    expect(bytes / 1024).toBeGreaterThan(1);
    expect(bytes / 1024).toBeLessThan(budget.maxKiB);
  });
});
