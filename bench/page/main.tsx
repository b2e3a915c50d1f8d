import { createRoot } from 'react-dom/client';
import 'spanscope/styles.css';
import { parseTraces, TraceView } from 'spanscope';
import { type LargeShape, large, largeText } from '../../samples/index.ts';
import { effects } from './effects.ts';
import { showFloor } from './floor.ts';
import { latencyOf, recordFrames } from './frames.ts';
import { live } from './live.tsx';

// One page a size: ?spans=100000&shape=agent&view=waterfall. The script in bench/browser.mjs drives it by real input events; with ?live bench/live.mjs calls `bench.live`.

const asked = new URLSearchParams(location.search);
const app = document.getElementById('app')!;

/** A text of more spans is longer than V8's longest string: the trace is read from bytes, as files of that size are. */
const mostSpansInText = 400_000;

const bench = { jsonParse: NaN, build: NaN, firstFrame: NaN, effects, latencyOf, recordFrames, live };

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;

if (asked.has('floor')) {
  showFloor(app);
  bench.firstFrame = 0;
} else if (!asked.has('live')) {
  openTrace();
}

function bytesOf(texts: Iterable<string>): Uint8Array {
  const encoder = new TextEncoder();
  const parts = Array.from(texts, (text) => encoder.encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function openTrace(): void {
  const spans = Number(asked.get('spans') ?? 100_000);
  const options = { spans, seed: 11, format: 'jaeger', shape: (asked.get('shape') ?? 'agent') as LargeShape } as const;
  const text = spans > mostSpansInText ? undefined : JSON.stringify(large(options));
  const bytes = text === undefined ? bytesOf(largeText(options)) : undefined;
  const started = performance.now();
  const parsed = text === undefined ? bytes! : JSON.parse(text);
  const parsedAt = performance.now();
  const result = parseTraces(parsed);
  const builtAt = performance.now();
  bench.jsonParse = text === undefined ? NaN : parsedAt - started;
  bench.build = builtAt - parsedAt;
  createRoot(app).render(
    <TraceView trace={result} defaultView={asked.get('view') === 'flame-graph' ? 'flame-graph' : 'waterfall'} />,
  );
  requestAnimationFrame(function look() {
    const isDrawn = document.querySelector('.spanscope-row .spanscope-bar, .spanscope-flame-graph canvas') !== null;
    if (!isDrawn) requestAnimationFrame(look);
    else bench.firstFrame = performance.now() - builtAt;
  });
}
