import { createRoot } from 'react-dom/client';
import 'spanscope/styles.css';
import { parseTraces, TraceView } from 'spanscope';
import { type LargeShape, large } from '../../samples/index.ts';
import { effects } from './effects.ts';
import { showFloor } from './floor.ts';
import { latencyOf, recordFrames } from './frames.ts';
import { live } from './live.tsx';

// One page a size: ?spans=100000&shape=agent&view=waterfall. The script in bench/browser.mjs drives it by real input events; with ?live bench/live.mjs calls `bench.live`.

const asked = new URLSearchParams(location.search);
const app = document.getElementById('app')!;

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

function openTrace(): void {
  const text = JSON.stringify(
    large({
      spans: Number(asked.get('spans') ?? 100_000),
      seed: 11,
      format: 'jaeger',
      shape: (asked.get('shape') ?? 'agent') as LargeShape,
    }),
  );
  const started = performance.now();
  const parsed = JSON.parse(text);
  const parsedAt = performance.now();
  const result = parseTraces(parsed);
  const builtAt = performance.now();
  bench.jsonParse = parsedAt - started;
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
