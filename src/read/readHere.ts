import type { ByteSource } from '../formats/byteSource.ts';
import type { ParseOptions, ParseResult } from '../formats/parseTraces.ts';
import type { SourceBytes } from './sourceBytes.ts';
import { type StreamNotes, textBytes } from './textBytes.ts';
import { TraceReading } from './traceReading.ts';

/** How far reading has come. */
export interface ReadProgress {
  /** Of the source as it is stored: compressed bytes where it is compressed. */
  bytes: number;
  /** Absent where nobody knows before the end, as for most streams. */
  totalBytes?: number;
  /** Spans found so far. An estimate by records until the end, for formats that are not read by their bytes. */
  spans: number;
}

export interface ReadOptions extends ParseOptions {
  /** Called some twenty times a second at the most, and once at the end. */
  onProgress?(progress: ReadProgress): void;
  /** Ends reading: the promise rejects with the signal's reason, and all that was read so far is let go. */
  signal?: AbortSignal;
}

/** What reading gave, and the bytes that it was read from. */
export interface ReadHere {
  result: ParseResult;
  source: ByteSource;
  /** Whether details are read from `source`, not from objects. */
  isByBytes: boolean;
}

/** What is read between two looks at the clock. */
const pieceLength = 256 * 1024;
const progressInterval = 50;

/**
 * Reads a source in this thread. `pause` is awaited every few milliseconds' work, and may throw to end reading.
 *
 * @throws TraceFormatError where no trace can be found
 */
export async function readHere(
  { chunks, totalBytes }: SourceBytes,
  options: ReadOptions,
  pause: () => Promise<void> | undefined,
): Promise<ReadHere> {
  const stored = new StoredChunks(chunks, options.signal);
  const reading = new TraceReading(options);
  const notes: StreamNotes = { warnings: [], reasons: [] };
  let nextProgress = 0;
  const tell = (spans: number) =>
    options.onProgress?.({ bytes: stored.bytes, ...(totalBytes === undefined ? {} : { totalBytes }), spans });
  try {
    for await (const chunk of textBytes(stored, notes)) {
      for (let from = 0; from < chunk.length; from += pieceLength) {
        reading.append(chunk.subarray(from, from + pieceLength));
        while (reading.advance()) await pause();
        await pause();
        const now = performance.now();
        if (now < nextProgress) continue;
        nextProgress = now + progressInterval;
        tell(reading.spanCount);
      }
    }
    while (reading.advance()) await pause();
    const result = reading.finish(notes);
    tell(result.traces.reduce((sum, trace) => sum + trace.spanCount, 0));
    return { result, source: reading.source, isByBytes: reading.isByBytes };
  } finally {
    stored.close();
  }
}

/** A source's chunks, counted, until it is closed or the signal aborts: then whoever waits for one gets the reason. */
class StoredChunks implements AsyncIterable<Uint8Array> {
  bytes = 0;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.#rejectNext?.(this.#signal?.reason);
  #rejectNext: ((reason: unknown) => void) | undefined;
  #isAtEnd = false;

  constructor(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    this.#iterator = chunks[Symbol.asyncIterator]();
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: async () => {
        const result = await this.#next();
        if (result.done) this.#isAtEnd = true;
        else this.bytes += result.value.length;
        return result;
      },
    };
  }

  #next(): Promise<IteratorResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      this.#rejectNext = reject;
      if (this.#signal?.aborted) reject(this.#signal.reason);
      else this.#iterator.next().then(resolve, reject);
    });
  }

  /** Lets go of the signal, and of the source where it was left early. */
  close(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#rejectNext?.(new Error('Closed.'));
    if (this.#isAtEnd) return;
    this.#isAtEnd = true;
    this.#iterator.return?.().catch(() => {});
  }
}
