import { ByteSource } from '../formats/byteSource.ts';
import { type PackedTrace, packTrace, unpackTrace } from '../formats/packedTrace.ts';
import { withWrittenDetails } from '../formats/writtenDetails.ts';
import type { Trace } from '../model/trace.ts';
import type { ReadHere } from './readHere.ts';

/**
 * Traces as plain data, and the bytes that their details are read from: the file's own where it was read by them, else what
 * is written here of each span's details.
 */
export function packedTraces(
  traces: readonly Trace[],
  { source, isByBytes }: Pick<ReadHere, 'source' | 'isByBytes'>,
): { source: ByteSource; packed: Iterable<PackedTrace> } {
  const bytes = isByBytes ? source : new ByteSource();
  const ofBytes = isByBytes ? traces : traces.map((trace) => withWrittenDetails(trace, bytes));
  return { source: bytes, packed: lazily(ofBytes) };
}

function* lazily(traces: readonly Trace[]): Generator<PackedTrace, void, undefined> {
  for (const trace of traces) yield packTrace(trace)!.message;
}

/** Puts together what another thread has packed: the traces, and bytes in their order. */
export class UnpackedTraces {
  readonly #source = new ByteSource();
  readonly #traces: Trace[] = [];

  append(bytes: Uint8Array): void {
    this.#source.append(bytes);
  }

  add(packed: unknown): void {
    this.#traces.push(unpackTrace(packed as PackedTrace, this.#source));
  }

  /** Whose details can be read once all bytes are there. */
  traces(): Trace[] {
    return this.#traces;
  }
}
