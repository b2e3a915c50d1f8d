import type { End, Watch } from './followed.ts';

/**
 * A stream of the same kind (of bytes where the source is) that hands on what `source` gives as it is asked for, so that
 * whoever is handed the new one (a loop, a reader, a pipe, `new Response`) is seen to come to its end. Undefined for what
 * cannot be read through another: a stream that somebody reads already, or one of a class of its own.
 */
export function followedStream(source: object, watch: Watch, end: End): object | undefined {
  const Stream = globalThis.ReadableStream;
  if (!Stream || Object.getPrototypeOf(source) !== Stream.prototype) return undefined;
  const stream = source as ReadableStream<unknown>;
  if (stream.locked) return undefined;
  const isOfBytes = givesBytes(stream);
  const reader = stream.getReader();
  // Also told where nobody reads any more: a connection that broke.
  reader.closed.then(end.done, end.failed);
  const from = {
    async pull(controller: ReadableStreamController<unknown>) {
      const { done, value } = await watch.run(() => reader.read());
      if (!done) {
        (controller as ReadableStreamDefaultController<unknown>).enqueue(value);
        return;
      }
      controller.close();
      // Who brought a buffer to be filled gets it back.
      if ('byobRequest' in controller) controller.byobRequest?.respond(0);
    },
    async cancel(reason: unknown) {
      await watch.run(() => reader.cancel(reason));
      end.done();
    },
  };
  // Nothing is read ahead of who reads: the source has a queue of its own.
  const followed = isOfBytes
    ? new Stream({ ...from, type: 'bytes' } as UnderlyingByteSource, { highWaterMark: 0 })
    : new Stream(from, { highWaterMark: 0 });
  return withOwnProperties(followed, source);
}

function givesBytes(stream: ReadableStream<unknown>): boolean {
  try {
    (stream as ReadableStream<Uint8Array>).getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/**
 * What a client hung on its stream, as an id of the request. Not what stands under symbols: Node keeps a stream's state there, and
 * a client's way to iterate would read the one that is locked now.
 */
function withOwnProperties(followed: object, source: object): object {
  for (const key of Object.getOwnPropertyNames(source)) {
    Object.defineProperty(followed, key, Object.getOwnPropertyDescriptor(source, key)!);
  }
  if (!(Symbol.asyncIterator in followed) && Symbol.asyncIterator in source) {
    Object.defineProperty(followed, Symbol.asyncIterator, { value: readThrough, configurable: true });
  }
  return followed;
}

/** For browsers whose streams cannot be iterated, where a client taught its own to be. */
async function* readThrough(this: ReadableStream<unknown>): AsyncGenerator<unknown> {
  const reader = this.getReader();
  let isThrough = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isThrough = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isThrough) await reader.cancel();
    reader.releaseLock();
  }
}

interface NodeStream {
  readonly errored?: unknown;
  readonly destroyed?: boolean;
  readonly readableEnded?: boolean;
  on(event: 'end' | 'close', listener: () => void): unknown;
}

/** A stream of Node may be piped, or read by its events: these tell its end, and listening to them sets nothing flowing. */
export function isNodeStream(value: object): value is NodeStream {
  const { on, pipe } = value as { on?: unknown; pipe?: unknown };
  return typeof on === 'function' && typeof pipe === 'function';
}

export function followNodeStream(stream: NodeStream, end: End): void {
  const tell = () => {
    const { errored } = stream;
    // Whoever leaves a loop over it aborts it.
    if (errored && (errored as { code?: unknown }).code !== 'ABORT_ERR') end.failed(errored);
    else end.done();
  };
  if (stream.readableEnded || stream.destroyed) {
    tell();
    return;
  }
  stream.on('end', tell);
  stream.on('close', tell);
}
