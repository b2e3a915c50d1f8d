import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentRun, large, samples } from '../../samples/index.ts';
import { type ParseResult, parseTraces, type ReadProgress, readTraces, TraceFormatError } from '../../src/core.ts';
import { readTracesWith } from '../../src/read/readTraces.ts';
import type { ReadWorker } from '../../src/read/workerReading.ts';
import { contentOf } from '../traceContent.ts';

const contents = ({ traces, ...rest }: ParseResult) => ({ ...rest, traces: traces.map(contentOf) });
const fileOf = (value: unknown) => new Blob([typeof value === 'string' ? value : JSON.stringify(value)]);

/** Every worker that the page starts, and whether it was ended. */
const workers: { isEnded: boolean; listeners: number }[] = [];
const PageWorker = globalThis.Worker;

class WatchedWorker extends PageWorker {
  readonly watched = { isEnded: false, listeners: 0 };
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    workers.push(this.watched);
  }
  override terminate(): void {
    this.watched.isEnded = true;
    super.terminate();
  }
  override addEventListener(...args: Parameters<Worker['addEventListener']>): void {
    this.watched.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<Worker['removeEventListener']>): void {
    this.watched.listeners--;
    super.removeEventListener(...args);
  }
}

beforeEach(() => {
  workers.length = 0;
  globalThis.Worker = WatchedWorker;
});
afterEach(() => {
  globalThis.Worker = PageWorker;
});

describe('readTraces in a page', () => {
  it('reads every sample in a worker as parseTraces does, details and all, and ends the worker', async () => {
    for (const sample of samples) {
      const text = sample.load();
      let expected: unknown;
      try {
        expected = contents(parseTraces(text));
      } catch (error) {
        expected = (error as Error).message;
        await expect(readTraces(fileOf(text)), sample.id).rejects.toThrow(expected as string);
        await expect(readTraces(fileOf(text)), sample.id).rejects.toBeInstanceOf(TraceFormatError);
        continue;
      }
      expect(contents(await readTraces(fileOf(text))), sample.id).toEqual(expected);
    }
    expect(workers.length).toBeGreaterThan(10);
    expect(workers.every(({ isEnded }) => isEnded)).toBe(true);
    // Vite's own wrapper listens once, to let go of the worker's address.
    expect(workers.every(({ listeners }) => listeners <= 1)).toBe(true);
  });

  it('reads large files of a format that is read by bytes, and of one that is not, with progress', async () => {
    for (const format of ['jaeger', 'otlp', 'json'] as const) {
      const text = JSON.stringify(large({ spans: 20_000, format, seed: 5 }));
      const seen: ReadProgress[] = [];
      const file = fileOf(text);
      const result = await readTraces(file, { onProgress: (progress) => seen.push(progress) });
      expect(contents(result)).toEqual(contents(parseTraces(text)));
      expect(seen.at(-1)).toEqual({ bytes: file.size, totalBytes: file.size, spans: 20_000 });
    }
    expect(workers).toHaveLength(3);
  });

  it('reads streams, whose chunks it leaves to whoever gave them', async () => {
    const text = JSON.stringify(large({ spans: 3000, format: 'jaeger' }));
    const expected = contents(parseTraces(text));
    const whole = new TextEncoder().encode(text);
    async function* chunks() {
      yield whole.subarray(0, 1_200_000);
      yield whole.subarray(1_200_000);
    }
    expect(contents(await readTraces(chunks()))).toEqual(expected);
    expect(whole.byteLength).toBe(text.length);
    expect(contents(await readTraces(new Response(text)))).toEqual(expected);
    expect(contents(await readTraces(fileOf(text).stream().pipeThrough(new CompressionStream('gzip'))))).toEqual(
      expected,
    );
    expect(workers).toHaveLength(3);
  });

  it('hands on what a stream fails with', async () => {
    async function* failing() {
      yield new TextEncoder().encode('{"trace_id":"a","spans":[');
      throw new RangeError('The cable was cut.');
    }
    await expect(readTraces(failing())).rejects.toThrow(new RangeError('The cable was cut.'));
    expect(workers[0]).toMatchObject({ isEnded: true });
  });

  it('ends the worker and the source where the signal aborts', async () => {
    const controller = new AbortController();
    let isEnded = false;
    async function* endless() {
      try {
        yield new TextEncoder().encode('{"trace_id":"a","spans":[');
        for (;;) yield new TextEncoder().encode('{"span_id":"1","start_time":"2026-01-01"},'.repeat(5000));
      } finally {
        isEnded = true;
      }
    }
    const onProgress = ({ bytes }: ReadProgress) => bytes > 1_000_000 && controller.abort(new Error('enough'));
    await expect(readTraces(endless(), { signal: controller.signal, onProgress })).rejects.toThrow('enough');
    await expect.poll(() => isEnded).toBe(true);
    expect(workers[0]).toMatchObject({ isEnded: true });
  });

  it('keeps each task of the page short, however dirty the file', async () => {
    // Every id twice, every parent unknown: the tables of exceptions are as long as the trace.
    const spans = Array.from({ length: 60_000 }, (_, at) => ({
      traceID: 'dirty',
      spanID: `id${at % 30_000}`,
      operationName: `operation ${at}`,
      startTime: at,
      duration: 5,
      references: [{ refType: 'CHILD_OF', traceID: 'dirty', spanID: `lost${at}` }],
      processID: 'p1',
    }));
    const file = { data: [{ traceID: 'dirty', spans, processes: { p1: { serviceName: 's' } } }] };
    const blob = fileOf(file);
    let messages = 0;
    const { traces } = await readTracesWith(
      () => {
        const worker = new Worker(new URL('../../src/read/readWorker.ts', import.meta.url), { type: 'module' });
        worker.addEventListener('message', () => messages++);
        return worker;
      },
      blob,
      {},
    );
    expect(contentOf(traces[0]!)).toEqual(contentOf(parseTraces(file).traces[0]!));
    // Tables of 60,000 in pieces of 5,000.
    expect(messages).toBeGreaterThan(36);
  });
});

describe('readTraces where a worker', () => {
  const text = JSON.stringify(agentRun());
  const expected = contents(parseTraces(text));
  const scripted = (script: string) => new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));

  it('cannot be made reads in the page', async () => {
    const openWorker = () => {
      throw new Error('No workers here.');
    };
    expect(contents(await readTracesWith(openWorker, fileOf(text), {}))).toEqual(expected);
  });

  it('is refused, which an error event tells, reads in the page', async () => {
    const refused = () => new Worker('data:text/javascript,throw 1');
    expect(contents(await readTracesWith(refused, fileOf(text), {}))).toEqual(expected);
    expect(contents(await readTracesWith(refused, new Response(text), {}))).toEqual(expected);
    expect(workers.every(({ isEnded, listeners }) => isEnded && listeners === 0)).toBe(true);
  });

  const dying = `postMessage({ type: 'ready' }); onmessage = ({ data }) => {
    if (data.type === 'read' && !data.blob) postMessage({ type: 'pull' });
    else setTimeout(() => { throw new Error('dead'); });
  };`;

  it('dies while it reads a file reads that again in the page', async () => {
    expect(contents(await readTracesWith(() => scripted(dying), fileOf(text), {}))).toEqual(expected);
    expect(workers[0]).toEqual({ isEnded: true, listeners: 0 });
  });

  it('dies while it reads a stream says so', async () => {
    const reading = readTracesWith(() => scripted(dying), new Response(text), {});
    await expect(reading).rejects.toThrow(/worker that read the traces died/);
  });

  it('never begins is not waited for once the signal aborts', async () => {
    const controller = new AbortController();
    const silent: ReadWorker[] = [];
    const open = () => {
      silent.push(scripted(''));
      return silent[0]!;
    };
    const reading = readTracesWith(open, fileOf(text), { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    expect(workers[0]).toEqual({ isEnded: true, listeners: 0 });
  });
});
