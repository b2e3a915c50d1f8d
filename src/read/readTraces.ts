import type { ParseResult } from '../formats/parseTraces.ts';
import { type ReadOptions, readHere } from './readHere.ts';
import { Slices } from './slices.ts';
import { isBlob, sourceBytes, type TraceSource } from './sourceBytes.ts';
import { openWorker } from './trustedWorker.ts';
import { type ReadWorker, startedWorker } from './workerReading.ts';

export type { ReadOptions, ReadProgress } from './readHere.ts';
export type { TraceSource } from './sourceBytes.ts';

/**
 * Reads all traces of a source while its bytes come, as `parseTraces` reads those of a whole file: no file is too long for it,
 * and what is damaged is read as far as it goes. gzip is unpacked where the platform has a `DecompressionStream`.
 *
 * In a page it reads in a worker, which the package brings along, and hands the traces over without copying them. Where no
 * worker can be had (another platform, a Content-Security-Policy without `worker-src blob:`, or with trusted types and without
 * `trusted-types spanscope`) it reads in slices of some
 * milliseconds in the thread that calls it; there, putting the spans in order at the end is one piece of work.
 *
 * Jaeger's format is read by its bytes: beside these it takes some 72 bytes a span. All other formats are read record by record
 * into objects, which take up to some three times the file's size while it is read, and in Node as long as the trace lives.
 *
 * @throws {TraceFormatError} where no trace can be found; the signal's reason where it aborts
 */
export function readTraces(source: TraceSource, options: ReadOptions = {}): Promise<ParseResult> {
  return readTracesWith(openInlineWorker, source, options);
}

/** `readTraces` with a worker of the caller's; undefined to read in this thread. */
export async function readTracesWith(
  open: (() => ReadWorker | Promise<ReadWorker>) | undefined,
  source: TraceSource,
  options: ReadOptions,
): Promise<ParseResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const bytes = sourceBytes(source);
  const blob = isBlob(source) ? source : undefined;
  const worker = open && hasWorkers() ? await startedWorker(open, signal) : undefined;
  const result = await worker?.read(bytes, blob, options);
  if (result) return result;
  const slices = new Slices(signal);
  try {
    return (await readHere(bytes, options, slices.pause)).result;
  } finally {
    slices.close();
  }
}

/** In a page. A worker that calls this keeps no page waiting. */
function hasWorkers(): boolean {
  return typeof Worker !== 'undefined' && !('WorkerGlobalScope' in globalThis);
}

/** Apart, so that an app loads it when it first reads something. */
async function openInlineWorker(): Promise<ReadWorker> {
  const { default: InlineWorker } = await import('./readWorker.ts?worker&inline');
  const options = { name: 'spanscope', open: openWorker };
  return new InlineWorker(options);
}
