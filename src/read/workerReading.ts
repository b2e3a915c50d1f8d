import type { ParseResult } from '../formats/parseTraces.ts';
import { TakeOver } from './handOver.ts';
import { UnpackedTraces } from './packedTraces.ts';
import type { ReadOptions } from './readHere.ts';
import type { SourceBytes } from './sourceBytes.ts';
import { refuseOtherChunks } from './textBytes.ts';
import { type FromWorker, receivedError, type ToWorker } from './workerMessages.ts';

/** Of a Worker what is needed here. */
export type ReadWorker = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener' | 'removeEventListener'>;

/** A worker that waits for something to read. */
export interface ReadyWorker {
  /**
   * Reads in the worker, and ends it. Undefined where it died before anything of the source was lost to others.
   *
   * @throws TraceFormatError where no trace can be found, and the signal's reason where it aborts
   */
  read(source: SourceBytes, blob: Blob | undefined, options: ReadOptions): Promise<ParseResult | undefined>;
}

/** Longer no worker takes to begin, on any machine; one that some policy holds back never does. */
const longestStart = 10_000;

/**
 * Starts a worker. Undefined where none can be had: there are none, or the page's Content-Security-Policy refuses them, which
 * shows in an `error` event and not in an exception.
 */
export async function startedWorker(
  open: () => ReadWorker | Promise<ReadWorker>,
  signal: AbortSignal | undefined,
): Promise<ReadyWorker | undefined> {
  let worker: ReadWorker;
  try {
    worker = await open();
  } catch {
    return undefined;
  }
  const first = await new Conversation(worker, signal).run<boolean>((message, end) => {
    if (message.type === 'ready') end(true);
  }, longestStart);
  if (first) return { read: (source, blob, options) => readIn(worker, source, blob, options) };
  worker.terminate();
  return undefined;
}

async function readIn(
  worker: ReadWorker,
  source: SourceBytes,
  blob: Blob | undefined,
  options: ReadOptions,
): Promise<ParseResult | undefined> {
  const { format, onProgress, signal } = options;
  const { totalBytes } = source;
  const post = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  const chunks = blob ? undefined : new Pump(source, post);
  const unpacked = new UnpackedTraces();
  let taking = new TakeOver();
  const conversation = new Conversation(worker, signal);
  const take = (message: FromWorker, end: (result: ParseResult) => void) => {
    if (message.type === 'pull') chunks?.next().catch(conversation.fail);
    else if (message.type === 'progress') onProgress?.(message.progress);
    else if (message.type === 'bytes') unpacked.append(message.bytes);
    else if (message.type === 'trace') {
      const taken = taking.take(message.part);
      if (!taken) return;
      unpacked.add(taken.value);
      taking = new TakeOver();
    } else if (message.type === 'done') end({ ...message.result, traces: unpacked.traces() });
    else if (message.type === 'failed') throw receivedError(message.error);
  };
  try {
    const result = conversation.run<ParseResult>(take);
    post({
      type: 'read',
      ...(blob && { blob }),
      ...(totalBytes === undefined ? {} : { totalBytes }),
      ...(format === undefined ? {} : { format }),
    });
    const found = await result;
    if (found || blob) return found;
    throw new Error('The worker that read the traces died, and the stream cannot be read again. Was the memory full?');
  } finally {
    worker.terminate();
    chunks?.close();
  }
}

/** Listens to a worker until something comes of it. */
class Conversation {
  readonly #worker: ReadWorker;
  readonly #signal: AbortSignal | undefined;
  fail: (reason: unknown) => void = () => {};

  constructor(worker: ReadWorker, signal: AbortSignal | undefined) {
    this.#worker = worker;
    this.#signal = signal;
  }

  /** What `hear` ends with; undefined where the worker fails, or says nothing that ends it in time. */
  async run<Result>(
    hear: (message: FromWorker, end: (result: Result) => void) => void,
    longest?: number,
  ): Promise<Result | undefined> {
    const worker = this.#worker;
    const signal = this.#signal;
    let onMessage: (event: MessageEvent<FromWorker>) => void = () => {};
    let onError: (event: Event) => void = () => {};
    let onAbort = () => {};
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<Result | undefined>((resolve, reject) => {
        this.fail = reject;
        onMessage = ({ data }) => {
          try {
            hear(data, resolve);
          } catch (error) {
            reject(error);
          }
        };
        onError = (event) => {
          // Whoever listens to the page's errors is not to hear of what is mended here.
          event.preventDefault();
          resolve(undefined);
        };
        onAbort = () => reject(signal?.reason);
        worker.addEventListener('message', onMessage as EventListener);
        worker.addEventListener('error', onError);
        worker.addEventListener('messageerror', onError);
        signal?.addEventListener('abort', onAbort);
        if (signal?.aborted) onAbort();
        if (longest !== undefined) timer = setTimeout(() => resolve(undefined), longest);
      });
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
      worker.removeEventListener('message', onMessage as EventListener);
      worker.removeEventListener('error', onError);
      worker.removeEventListener('messageerror', onError);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

/** So much is copied in one task. */
const longestPiece = 1024 * 1024;

/** Sends a source's chunks, a piece at a time. */
class Pump {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #post: (message: ToWorker, transfer?: Transferable[]) => void;
  #rest: Uint8Array = new Uint8Array(0);
  #isAtEnd = false;

  constructor({ chunks }: SourceBytes, post: (message: ToWorker, transfer?: Transferable[]) => void) {
    this.#iterator = chunks[Symbol.asyncIterator]();
    this.#post = post;
  }

  async next(): Promise<void> {
    while (this.#rest.length === 0 && !this.#isAtEnd) {
      const { done, value } = await this.#iterator.next();
      this.#isAtEnd = done === true;
      if (done) break;
      refuseOtherChunks(value);
      this.#rest = value;
    }
    if (this.#isAtEnd) {
      this.#post({ type: 'end' });
      return;
    }
    // A copy, which can be moved: the chunk is its stream's own.
    const bytes = new Uint8Array(this.#rest.subarray(0, longestPiece));
    this.#rest = this.#rest.subarray(longestPiece);
    this.#post({ type: 'chunk', bytes }, [bytes.buffer]);
  }

  close(): void {
    if (this.#isAtEnd) return;
    this.#isAtEnd = true;
    this.#iterator.return?.().catch(() => {});
  }
}
