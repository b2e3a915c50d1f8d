import { handOver } from './handOver.ts';
import { packedTraces } from './packedTraces.ts';
import { readHere } from './readHere.ts';
import { sourceBytes } from './sourceBytes.ts';
import { type FromWorker, sentError, type ToWorker } from './workerMessages.ts';

// What runs in the worker: reads one source, hands over what it came to, and is ended by the page.

/** As a worker's own global scope has it: this file is also compiled beside those of a page. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: { data: ToWorker }) => void) | null;
}

const page = globalThis as unknown as WorkerScope;

/** Chunks that the page sends, one for each that is asked for. */
class PageChunks implements AsyncIterable<Uint8Array> {
  #resolve: ((result: IteratorResult<Uint8Array>) => void) | undefined;

  give(bytes: Uint8Array | undefined): void {
    this.#resolve?.(bytes ? { done: false, value: bytes } : { done: true, value: undefined });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () =>
        new Promise((resolve) => {
          this.#resolve = resolve;
          page.postMessage({ type: 'pull' });
        }),
    };
  }
}

const pageChunks = new PageChunks();

page.onmessage = ({ data }) => {
  if (data.type === 'read') void read(data);
  else pageChunks.give(data.type === 'chunk' ? data.bytes : undefined);
};
page.postMessage({ type: 'ready' });

async function read({ blob, totalBytes, format }: Extract<ToWorker, { type: 'read' }>): Promise<void> {
  try {
    const bytes = blob ? sourceBytes(blob) : { totalBytes, chunks: pageChunks };
    const reading = await readHere(
      bytes,
      {
        ...(format === undefined ? {} : { format }),
        onProgress: (progress) => page.postMessage({ type: 'progress', progress }),
      },
      () => undefined,
    );
    const { traces, ...result } = reading.result;
    const { source, packed } = packedTraces(traces, reading);
    for (const trace of packed) {
      for (const { message, transfer } of handOver(trace)) page.postMessage({ type: 'trace', part: message }, transfer);
    }
    for (const chunk of source.chunks) {
      page.postMessage({ type: 'bytes', bytes: chunk as Uint8Array<ArrayBuffer> }, [chunk.buffer as ArrayBuffer]);
    }
    page.postMessage({ type: 'done', result });
  } catch (error) {
    page.postMessage({ type: 'failed', error: sentError(error) });
  }
}
