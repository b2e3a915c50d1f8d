/** The most bytes of one chunk: 16 MiB, small enough to be handed from a worker one at a time. */
export const longestChunk: number = 16 * 1024 * 1024;

/** Shorter chunks than this are copied together, so that a file that trickles in is not thousands of pieces. */
const shortestKept = 1024 * 1024;

/**
 * The bytes of a file in order, which grow at their end alone. Kept in chunks of at most 16 MiB; offsets count from the
 * file's beginning, across them all.
 *
 * Traces read by bytes hold their ByteSource for as long as they live, as details are read from it. What is appended is
 * kept, not copied, where it is long: do not write to it afterwards.
 */
export class ByteSource {
  readonly #chunks: Uint8Array[] = [];
  /** The file offset at which each chunk begins. */
  readonly #starts: number[] = [];
  #length = 0;
  /** What the last chunk lies in where it can still grow. */
  #block: Uint8Array | undefined;
  #blockLength = 0;
  /** The chunk that was looked at last: reading goes mostly on where it was. */
  #recent = 0;

  readonly longestChunk: number;

  /** @param longest the most bytes of a chunk, at most 16 MiB. */
  constructor(longest: number = longestChunk) {
    this.longestChunk = longest;
  }

  /** A source of all these bytes, which are not copied. */
  static of(bytes: Uint8Array, longest: number = longestChunk): ByteSource {
    const source = new ByteSource(longest);
    source.#keep(bytes);
    return source;
  }

  get length(): number {
    return this.#length;
  }

  /** In order, none longer than 16 MiB and none empty. */
  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length >= Math.min(shortestKept, this.longestChunk)) this.#keep(bytes);
    else if (bytes.length > 0) this.#copy(bytes);
  }

  /** The bytes from one offset to another; copied only where they lie in more than one chunk. */
  bytes(from: number, to: number): Uint8Array {
    const at = this.#chunkAt(from);
    const chunk = this.#chunks[at];
    const start = this.#starts[at]!;
    if (chunk && to - start <= chunk.length) return chunk.subarray(from - start, to - start);
    const joined = new Uint8Array(Math.max(0, Math.min(to, this.#length) - from));
    for (let next = at, filled = 0; filled < joined.length; next++) {
      const offset = Math.max(0, from - this.#starts[next]!);
      const part = this.#chunks[next]!.subarray(offset, offset + joined.length - filled);
      joined.set(part, filled);
      filled += part.length;
    }
    return joined;
  }

  /** The offset at which the chunk begins that an offset lies in. */
  chunkStart(offset: number): number {
    return this.#starts[this.#chunkAt(offset)] ?? 0;
  }

  /** All bytes from an offset to the end of the chunk that it lies in; none at the end of the file. */
  restOfChunk(from: number): Uint8Array {
    const at = this.#chunkAt(from);
    return this.#chunks[at]?.subarray(from - this.#starts[at]!) ?? nothing;
  }

  /** What UTF-8 says from one offset to another. Bytes that are none come out as U+FFFD. */
  text(from: number, to: number): string {
    return decoder.decode(this.bytes(from, to));
  }

  /** Where a byte stands first between two offsets, or -1. */
  indexOf(byte: number, from: number, to: number): number {
    for (let at = from; at < to; ) {
      const rest = this.restOfChunk(at);
      if (rest.length === 0) return -1;
      const found = rest.indexOf(byte);
      if (found >= 0) return at + found < to ? at + found : -1;
      at += rest.length;
    }
    return -1;
  }

  #keep(bytes: Uint8Array): void {
    this.#block = undefined;
    for (let from = 0; from < bytes.length; from += this.longestChunk) {
      this.#push(bytes.subarray(from, from + this.longestChunk));
    }
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#starts.push(this.#length);
    this.#length += chunk.length;
  }

  #copy(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (!this.#block || this.#blockLength === this.longestChunk) {
        this.#block = new Uint8Array(Math.min(64 * 1024, this.longestChunk));
        this.#blockLength = 0;
        this.#push(this.#block.subarray(0, 0));
      }
      const room = this.longestChunk - this.#blockLength;
      const part = bytes.subarray(from, from + room);
      this.#makeRoom(this.#blockLength + part.length);
      this.#block.set(part, this.#blockLength);
      this.#blockLength += part.length;
      this.#length += part.length;
      this.#chunks[this.#chunks.length - 1] = this.#block.subarray(0, this.#blockLength);
      from += part.length;
    }
  }

  #makeRoom(length: number): void {
    const block = this.#block!;
    if (length <= block.length) return;
    let size = block.length;
    while (size < length) size *= 2;
    this.#block = new Uint8Array(Math.min(size, this.longestChunk));
    this.#block.set(block);
  }

  /** The chunk in which an offset lies, or the last one. */
  #chunkAt(offset: number): number {
    const starts = this.#starts;
    let low = this.#recent;
    if (!(starts[low]! <= offset && (low + 1 === starts.length || offset < starts[low + 1]!))) {
      low = 0;
      for (let high = starts.length - 1; low < high; ) {
        const middle = (low + high + 1) >> 1;
        if (starts[middle]! <= offset) low = middle;
        else high = middle - 1;
      }
      this.#recent = low;
    }
    return low;
  }
}

const nothing = new Uint8Array(0);

/** A mark of byte order within the file is a character as any other. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
