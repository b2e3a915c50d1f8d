import type { ParseResult } from '../formats/parseTraces.ts';
import { type ReadOptions, readHere } from './readHere.ts';
import { Slices } from './slices.ts';
export type { ReadOptions, ReadProgress } from './readHere.ts';
export type { TraceSource } from './sourceBytes.ts';

import { sourceBytes, type TraceSource } from './sourceBytes.ts';

export async function readTraces(source: TraceSource, options: ReadOptions = {}): Promise<ParseResult> {
  options.signal?.throwIfAborted();
  const slices = new Slices(options.signal);
  try {
    const { result } = await readHere(sourceBytes(source), options, slices.pause);
    return result;
  } finally {
    slices.close();
  }
}
