import { createRoot } from 'react-dom/client';
import { TraceView, useLiveTrace } from 'spanscope';
import { createTraceRecorder, type TraceRecorder } from 'spanscope/tracer';
import { bodyEvery, liveBodies } from '../../samples/liveBodies.ts';

export interface LiveRun {
  /** Between frames, while spans came. */
  distances: number[];
  longTasks: number[];
  /** What was spent in `ingest`, in ms, of the seconds that it took. */
  ingest: number;
  seconds: number;
  /** How many different numbers of spans were shown. */
  snapshots: number;
  shown: number;
}

let recorder: TraceRecorder | undefined;
let root: ReturnType<typeof createRoot> | undefined;
let bodies: string[] = [];
let shown = 0;
let snapshots = 0;

function Live({ recorder }: { recorder: TraceRecorder }) {
  const trace = useLiveTrace(recorder);
  const count = trace?.spanCount ?? 0;
  if (count !== shown) snapshots++;
  shown = count;
  return trace ? <TraceView trace={trace} /> : null;
}

export const live = {
  prepare(spans: number, perSecond: number): void {
    bodies = liveBodies(spans, perSecond);
  },

  /** Shows the viewer over a recorder that takes the bodies as they come, and measures until all are shown. */
  run(): Promise<LiveRun> {
    const target = createTraceRecorder({ maxSpans: 2_000_000 });
    recorder = target;
    root = createRoot(document.getElementById('app')!);
    root.render(<Live recorder={target} />);
    const waiting = bodies;
    bodies = [];
    const result: LiveRun = { distances: [], longTasks: [], ingest: 0, seconds: 0, snapshots: 0, shown: 0 };
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) result.longTasks.push(entry.duration);
    });
    observer.observe({ type: 'longtask' });
    return new Promise((resolve) => {
      const started = performance.now();
      let next = 0;
      let total = 0;
      let last = started;
      const timer = setInterval(() => {
        const due = Math.floor((performance.now() - started) / bodyEvery);
        while (next < waiting.length && next < due) {
          const before = performance.now();
          total += target.ingest(waiting[next++]!).spans;
          result.ingest += performance.now() - before;
        }
      }, 5);
      requestAnimationFrame(function frame(now) {
        if (next < waiting.length) {
          result.distances.push(now - last);
          result.seconds = (performance.now() - started) / 1000;
        }
        last = now;
        if (next < waiting.length || shown < total) {
          requestAnimationFrame(frame);
          return;
        }
        clearInterval(timer);
        observer.disconnect();
        resolve({ ...result, distances: result.distances.slice(2), snapshots, shown });
      });
    });
  },

  /** Takes all away again. */
  close(): void {
    root?.unmount();
    root = undefined;
    void recorder?.shutdown();
    recorder = undefined;
  },
};
