import { createRoot } from 'react-dom/client';
import { TraceView, useLiveTrace } from 'spanscope';
import { createTraceRecorder, type TraceRecorder } from 'spanscope/tracer';
import { large } from '../../samples/index.ts';

type OtlpSpan = { endTimeUnixNano: string };
interface OtlpFile {
  resourceSpans: { resource: object; scopeSpans: { scope: object; spans: OtlpSpan[] }[] }[];
}

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

/** Every so many ms a body comes, as of an exporter that sends in batches. */
const bodyEvery = 20;

/** Bodies as exporters send them: a span when it ends, so that parents come after their children. */
export function liveBodies(spans: number, perSecond: number): string[] {
  const file = large({ spans, seed: 11, format: 'otlp', shape: 'agent' }) as unknown as OtlpFile;
  const all = file.resourceSpans.flatMap((ofResource) =>
    ofResource.scopeSpans.flatMap((ofScope) => ofScope.spans.map((span) => ({ ofResource, ofScope, span }))),
  );
  const end = ({ span }: (typeof all)[number]) => BigInt(span.endTimeUnixNano);
  all.sort((a, b) => (end(a) < end(b) ? -1 : end(a) > end(b) ? 1 : 0));
  const perBody = Math.max(1, Math.round((perSecond * bodyEvery) / 1000));
  const bodies: string[] = [];
  for (let from = 0; from < all.length; from += perBody) {
    const resourceSpans = all.slice(from, from + perBody).map(({ ofResource, ofScope, span }) => ({
      resource: ofResource.resource,
      scopeSpans: [{ scope: ofScope.scope, spans: [span] }],
    }));
    bodies.push(JSON.stringify({ resourceSpans }));
  }
  return bodies;
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
