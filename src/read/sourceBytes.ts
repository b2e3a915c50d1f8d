import { TraceFormatError } from '../formats/traceFormatError.ts';

/** What a trace can be streamed from: a file, a server's answer, a stream, or anything that gives its bytes one after another. */
export type TraceSource = Blob | Response | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A source that is about to be read, once. */
export interface SourceBytes {
  /** Undefined where nobody knows before the end. */
  readonly totalBytes: number | undefined;
  /** To be iterated once. Leaving early ends the stream behind them. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a source as they are stored: compressed where it is.
 *
 * @throws {TraceFormatError} `unsupported` for what is no source, and for a server's answer that is none
 */
export function sourceBytes(source: TraceSource): SourceBytes {
  const kind = Object.prototype.toString.call(source).slice(8, -1);
  if (kind === 'Blob' || kind === 'File') {
    const blob = source as Blob;
    // jsdom's blobs have no streams.
    const chunks = 'stream' in blob ? streamChunks(() => blob.stream()) : blobChunks(blob);
    return { totalBytes: blob.size, chunks };
  }
  if (kind === 'Response') return responseBytes(source as Response);
  if (kind === 'ReadableStream') {
    const stream = source as ReadableStream<Uint8Array>;
    if (stream.locked)
      throw unsupported('This stream is being read by somebody else. Pass a stream that nobody has read.');
    return { totalBytes: undefined, chunks: streamChunks(() => stream) };
  }
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) {
    return { totalBytes: undefined, chunks: source };
  }
  throw unsupported(
    `This is ${kind === 'Object' ? 'an object' : `a ${kind}`}, and readTraces streams a Blob, File, Response, ReadableStream or async iterable of bytes. Pass text, bytes or parsed JSON to parseTraces.`,
  );
}

export function isBlob(source: TraceSource): source is Blob {
  return /\[object (?:Blob|File)\]/.test(Object.prototype.toString.call(source));
}

function responseBytes(response: Response): SourceBytes {
  if (response.bodyUsed) {
    throw unsupported('The body of this response has been read already. Fetch it again, or pass a clone of it.');
  }
  if (response.type === 'opaque') {
    throw unsupported('This response is opaque: it was fetched with mode "no-cors". Fetch it with CORS.');
  }
  if (!response.ok) {
    const status = `${response.status} ${response.statusText}`.trim();
    throw unsupported(
      `The server answered ${status} where a trace was expected${response.url ? ` (${response.url})` : ''}. Is the address right, and is a login needed?`,
    );
  }
  const { body } = response;
  // With an encoding the length is that of what was sent, and the body gives what was unpacked from it.
  const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  return {
    totalBytes: length !== null && /^\d+$/.test(length) ? Number(length) : undefined,
    chunks: body ? streamChunks(() => body) : noChunks(),
  };
}

/**
 * By its reader: not every browser lets a stream be iterated. No generator, as one that waits for bytes cannot be ended
 * from outside, and a server that says nothing more would never be hung up on.
 */
function streamChunks(open: () => ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const reader = open().getReader();
      return {
        next: async (): Promise<IteratorResult<Uint8Array, undefined>> => {
          const { done, value } = await reader.read();
          if (!done) return { done, value };
          reader.releaseLock();
          return { done, value: undefined };
        },
        return: async () => {
          reader.cancel().catch(() => {});
          reader.releaseLock();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

async function* blobChunks(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const length = 1024 * 1024;
  for (let from = 0; from < blob.size; from += length) {
    yield new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
  }
}

async function* noChunks(): AsyncGenerator<Uint8Array, void, undefined> {}

function unsupported(message: string): TraceFormatError {
  return new TraceFormatError('unsupported', message);
}
