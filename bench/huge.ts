// What bench/huge.mjs runs, bundled by it: writes a file bigger than a string can be, and reads it by bytes.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { type LargeFormat, largeText } from '../samples/large.ts';
import { beginByteReading, bytesToTellBy } from '../src/formats/byteReading.ts';
import { ByteSource } from '../src/formats/byteSource.ts';

/** A batch at a time. */
export function writeHugeFile(path: string, format: LargeFormat, spans: number): void {
  const file = openSync(path, 'w');
  for (const text of largeText({ spans, format })) writeSync(file, text);
  closeSync(file);
}

export interface HugeReading {
  bytes: number;
  spans: number;
  /** Until the columns of the trace are there. */
  milliseconds: number;
  /** Of reading alone, the disk apart. */
  readingMilliseconds: number;
  firstDetails: string;
}

/** In chunks of 16 MiB, as a worker reads a file. */
export function readHugeFile(path: string): HugeReading {
  const started = performance.now();
  const file = openSync(path, 'r');
  const source = new ByteSource();
  let reading: ReturnType<typeof beginByteReading>;
  let readingMilliseconds = 0;
  for (;;) {
    const chunk = new Uint8Array(source.longestChunk);
    const length = readSync(file, chunk);
    if (length === 0) break;
    source.append(chunk.subarray(0, length));
    const before = performance.now();
    if (source.length >= bytesToTellBy) reading ??= beginByteReading(source);
    if (reading?.advance() !== 'reading') throw new Error('The file was refused.');
    readingMilliseconds += performance.now() - before;
  }
  closeSync(file);
  const before = performance.now();
  const trace = reading?.finish()?.traces[0];
  readingMilliseconds += performance.now() - before;
  if (!trace) throw new Error('The file holds no trace.');
  return {
    bytes: source.length,
    spans: trace.spanCount,
    milliseconds: performance.now() - started,
    readingMilliseconds,
    firstDetails: Object.keys(trace.spanAt(trace.spanCount - 1).attributes).join(', '),
  };
}
