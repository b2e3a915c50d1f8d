import { encodingOf, invalidEncoding, refuseBinary } from '../formats/inputBytes.ts';
import { TraceFormatError } from '../formats/traceFormatError.ts';
import type { ParseWarning } from '../model/warnings.ts';

/** What was met on the way from stored bytes to text. */
export interface StreamNotes {
  warnings: ParseWarning[];
  /** Why not all of the file was had: a sentence each. */
  reasons: string[];
}

/** What gzip may unpack to: a few bytes of it can stand for as much as anybody likes. */
export interface UnpackingBounds {
  /** In all. */
  mostBytes: number;
  /** Unpacked bytes for each packed one, once more than `freeBytes` were unpacked. Traces come to 10 to 60, gzip to 1,032. */
  mostRatio: number;
  freeBytes: number;
}

export const unpackingBounds: UnpackingBounds = { mostBytes: 4 * 2 ** 30, mostRatio: 300, freeBytes: 64 * 2 ** 20 };

/**
 * The bytes of a file as UTF-8 without a byte order mark: unpacked where they are gzip's and the platform can, rewritten
 * where they are UTF-16.
 *
 * @throws {TraceFormatError} `unsupported` for other compressed or binary data, and for gzip that is out of bounds
 */
export async function* textBytes(
  stored: AsyncIterable<Uint8Array>,
  notes: StreamNotes,
  bounds: UnpackingBounds = unpackingBounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { head, all } = await withHead(stored);
  const isPacked = head[0] === 0x1f && head[1] === 0x8b && typeof DecompressionStream !== 'undefined';
  if (!isPacked) yield* checkedText(head, all, notes);
  else {
    const unpacked = await withHead(gunzipped(all, notes, bounds));
    yield* checkedText(unpacked.head, unpacked.all, notes);
  }
}

/** Enough to know magic numbers and binary data by. */
const headLength = 256;

/** Looks at the beginning without taking it away. */
async function withHead(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let length = 0;
  let isAtEnd = false;
  while (length < headLength && !isAtEnd) {
    const { done, value } = await iterator.next();
    isAtEnd = done === true;
    if (isAtEnd) break;
    refuseOtherChunks(value);
    // A copy: some streams write the next chunk where this one was.
    seen.push(copied(value, 0, value.length));
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* seen;
      while (!isAtEnd) {
        const { done, value } = await iterator.next();
        isAtEnd = done === true;
        if (!isAtEnd) yield value;
      }
    } finally {
      if (!isAtEnd) await iterator.return?.();
    }
  }
  return { head: joined(seen, headLength), all: all() };
}

/** @throws {TraceFormatError} `unsupported` for what is no bytes */
export function refuseOtherChunks(chunk: unknown): void {
  if (ArrayBuffer.isView(chunk)) return;
  throw new TraceFormatError(
    'unsupported',
    `This stream gives ${typeof chunk === 'string' ? 'text' : `a ${typeof chunk}`}, and bytes (Uint8Array) are expected. Pipe it through a TextEncoderStream, or read it whole and pass its text to parseTraces.`,
  );
}

/** Node's Buffer is a Uint8Array whose `slice` copies nothing. */
function copied(bytes: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.subarray(from, to));
}

function joined(chunks: readonly Uint8Array[], mostBytes: number): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let length = 0;
  for (const chunk of chunks) {
    all.set(chunk, length);
    length += chunk.length;
  }
  return all.subarray(0, mostBytes);
}

/** Small, so that one of them unpacks to some megabytes at the most. */
const packedPiece = 16 * 1024;

/** What is damaged or breaks off gives the bytes before it. */
async function* gunzipped(
  packed: AsyncIterable<Uint8Array>,
  notes: StreamNotes,
  bounds: UnpackingBounds,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { readable, writable } = new DecompressionStream('gzip');
  const reader = readable.getReader();
  const pump = new GzipPump(packed, writable.getWriter());
  let unpackedBytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      unpackedBytes += value.length;
      refuseBomb(pump.bytes, unpackedBytes, bounds);
      yield value;
    }
  } catch (error) {
    if (error instanceof TraceFormatError) throw error;
    await pump.done;
    if (!pump.sourceFailure && unpackedBytes === 0) throw brokenGzip();
    if (!pump.sourceFailure) noteBrokenGzip(notes, unpackedBytes);
  } finally {
    // Where the reader leaves early, the pump ends at its next write.
    reader.cancel().catch(() => {});
  }
  if (pump.sourceFailure) throw pump.sourceFailure.error;
}

/** Feeds what unpacks. */
class GzipPump {
  /** Packed bytes so far. */
  bytes = 0;
  /** What the source itself failed with, as opposed to the gzip data in it. */
  sourceFailure: { error: unknown } | undefined;
  readonly done: Promise<void>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  constructor(packed: AsyncIterable<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>) {
    this.#writer = writer;
    writer.closed.catch(() => {});
    this.done = this.#run(packed).catch((error: unknown) => {
      this.sourceFailure = { error };
      writer.abort(error).catch(() => {});
    });
  }

  async #run(packed: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of packed) {
      for (let from = 0; from < chunk.length; from += packedPiece) {
        const piece = copied(chunk, from, from + packedPiece);
        this.bytes += piece.length;
        if (!(await this.#write(piece))) return;
      }
    }
    // Nothing, but it waits until all that was unpacked is taken: an error at the end would take it away.
    if (await this.#write(new Uint8Array(0))) await this.#writer.close().catch(() => {});
  }

  /** False where the data is no gzip any more, or nobody reads what comes out. */
  #write(piece: Uint8Array<ArrayBuffer>): Promise<boolean> {
    return this.#writer.write(piece).then(
      () => true,
      () => false,
    );
  }
}

function refuseBomb(packedBytes: number, unpackedBytes: number, { mostBytes, mostRatio, freeBytes }: UnpackingBounds) {
  const isBomb = unpackedBytes > freeBytes && unpackedBytes > packedBytes * mostRatio;
  if (!isBomb && unpackedBytes <= mostBytes) return;
  const megabytes = `${Math.round(unpackedBytes / 1e6)} MB`;
  throw new TraceFormatError(
    'unsupported',
    isBomb
      ? `This gzip file unpacks to more than ${mostRatio} times its size (${megabytes} so far), as no trace does; reading stopped, lest it fill the memory. If it is a trace, unpack it first (gunzip) and open what comes out.`
      : `This gzip file unpacks to more than ${megabytes}, more than is unpacked here. Unpack it first (gunzip) and open what comes out.`,
  );
}

function brokenGzip(): TraceFormatError {
  return new TraceFormatError(
    'unsupported',
    'This begins as gzip data, but cannot be unpacked. Was it saved or downloaded to its end? Unpack it by hand (gunzip) to see what is wrong.',
  );
}

function noteBrokenGzip({ warnings, reasons }: StreamNotes, unpackedBytes: number): void {
  const sentence = `The gzip data is damaged or breaks off after ${unpackedBytes.toLocaleString('en')} unpacked bytes.`;
  warnings.push({ code: 'truncated-gzip', message: `${sentence} What came before it is read.`, count: 1 });
  reasons.push(sentence);
}

async function* checkedText(
  head: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  { warnings }: StreamNotes,
): AsyncGenerator<Uint8Array, void, undefined> {
  refuseBinary(head);
  const encoding = encodingOf(head);
  const checker = new EncodingChecker(encoding);
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  const encoder = new TextEncoder();
  let marks = decoder ? 0 : byteOrderMarkLength(head);
  for await (const chunk of chunks) {
    checker.check(chunk, true);
    if (decoder) yield encoder.encode(decoder.decode(chunk, { stream: true }));
    else yield chunk.subarray(marks);
    marks = Math.max(0, marks - chunk.length);
  }
  checker.check(new Uint8Array(0), false);
  if (decoder) yield encoder.encode(decoder.decode());
  if (!checker.isValid) warnings.push(invalidEncoding(encoding));
}

function byteOrderMarkLength(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

class EncodingChecker {
  readonly #decoder: TextDecoder;
  isValid = true;

  constructor(encoding: string) {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  check(bytes: Uint8Array, stream: boolean): void {
    if (!this.isValid) return;
    try {
      this.#decoder.decode(bytes, { stream });
    } catch {
      this.isValid = false;
    }
  }
}
