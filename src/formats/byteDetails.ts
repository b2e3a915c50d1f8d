import {
  cachedDetails,
  type DetailSource,
  type KeyUse,
  numberIn,
  type PickedDetails,
  type SpanDetails,
} from '../model/details.ts';
import { ByteSearch } from './byteSearch.ts';
import type { ByteSource } from './byteSource.ts';
import { JsonScanner } from './jsonScanner.ts';
import { readLenient } from './lenientJson.ts';
import type { JsonObject } from './traceCollector.ts';

/** How details are read from the spans of one format that stand in a file's bytes. */
export interface RecordFormat<Context = unknown> {
  readonly name: 'jaeger' | 'otlp' | 'written';
  /** Behind each record stands what it was written from, or null. @default false */
  readonly isFollowedBySource?: true;
  readDetails(record: JsonObject, context: Context): SpanDetails;
  /** A context as plain data, which can be handed to another thread. */
  packContext(context: Context): unknown;
  unpackContext(packed: unknown): Context;
  /**
   * Reads numbers of attributes from spans that begin at a position in the scanner's window, as `numberIn` does from their
   * attributes. Undefined where the span has to be read to know.
   */
  numberScanner(scanner: JsonScanner, keys: readonly string[]): (at: number) => number | undefined;
  /** The same of attributes, as `DetailSource.picker` has it. */
  picker?(
    scanner: JsonScanner,
    useOf: (key: string) => KeyUse,
  ): (at: number, context: Context) => PickedDetails | undefined;
}

/** Where the spans of a trace stand in a file, and what they share: plain data beside the format and the bytes. */
export interface SpanPlaces<Context = unknown> {
  /** By row. */
  offsets: Uint32Array | Float64Array;
  /** Rows from which on another context counts, in order, the first of them 0; and each one's place in `contexts`. */
  contextRows: Uint32Array;
  contextNumbers: Uint32Array;
  contexts: readonly Context[];
}

/** Details that are parsed from a span's own bytes when somebody looks: beside them it holds 4 bytes a span, 8 above 4 GB. */
export class ByteDetails<Context = unknown> implements DetailSource {
  readonly source: ByteSource;
  readonly format: RecordFormat<Context>;
  readonly places: SpanPlaces<Context>;
  readonly #cached: DetailSource;
  readonly #scanner = new JsonScanner();
  #search: ByteSearch | undefined;

  constructor(source: ByteSource, format: RecordFormat<Context>, places: SpanPlaces<Context>) {
    this.source = source;
    this.format = format;
    this.places = places;
    this.#cached = cachedDetails(
      (row) => this.#recordAt(row),
      (record, row) => format.readDetails(record, this.#contextOf(row)),
    );
  }

  read(row: number): SpanDetails {
    return this.#cached.read(row);
  }

  readOnce(row: number): SpanDetails {
    return this.#cached.readOnce!(row);
  }

  /** From the first time on it holds a byte more a span. */
  mayContain(row: number, needle: string): boolean {
    this.#search ??= this.#newSearch();
    return this.#search.mayContain(row, needle);
  }

  numbers(keys: readonly string[]): (row: number) => number {
    const { source, format } = this;
    const { offsets } = this.places;
    const scanner = new JsonScanner();
    const numberAt = format.numberScanner(scanner, keys);
    let windowStart = Infinity;
    return (row) => {
      const offset = offsets[row]!;
      if (offset < windowStart || offset >= windowStart + scanner.end) {
        windowStart = source.chunkStart(offset);
        scanner.setWindow(source.restOfChunk(windowStart));
      }
      const number = numberAt(offset - windowStart);
      if (number !== undefined) return number;
      return numberIn(format.readDetails(this.#recordAt(row), this.#contextOf(row)).attributes, keys);
    };
  }

  /** For rows in about the order of the file: it goes through the bytes a window at a time. */
  picker(useOf: (key: string) => KeyUse): (row: number) => PickedDetails | undefined {
    const { source, format } = this;
    const { offsets } = this.places;
    const scanner = new JsonScanner();
    const pick = format.picker?.(scanner, useOf);
    if (!pick) return () => undefined;
    let windowStart = Infinity;
    return (row) => {
      const offset = offsets[row]!;
      if (offset < windowStart || offset >= windowStart + scanner.end) {
        windowStart = source.chunkStart(offset);
        scanner.setWindow(source.restOfChunk(windowStart));
      }
      return pick(offset - windowStart, this.#contextOf(row));
    };
  }

  readSource(row: number): string | undefined {
    const { source, format } = this;
    const offset = this.places.offsets[row]!;
    const end = offset + lengthOfRecord(source, offset, this.#scanner);
    if (!format.isFollowedBySource) return source.text(offset, end);
    const text = source.text(end, end + lengthOfRecord(source, end, this.#scanner)).trim();
    return text === 'null' ? undefined : text;
  }

  #newSearch(): ByteSearch {
    const { source, format, places } = this;
    const { offsets, contexts } = places;
    const rangeOf = (row: number): readonly [number, number] => {
      const from = offsets[row]!;
      const next = offsets[row + 1] ?? 0;
      const isNear = !format.isFollowedBySource && next > from && next - from < longestGap;
      return [from, isNear ? next : from + lengthOfRecord(source, from, this.#scanner)];
    };
    const textOfContext = (number: number) => {
      try {
        const packed = format.packContext(contexts[number]!);
        // Where it is a text, that is JSON already.
        return typeof packed === 'string' ? packed : (JSON.stringify(packed) ?? '');
      } catch {
        // Too deep for it: the backslash says that anything may be in it.
        return '\\';
      }
    };
    return new ByteSearch(
      source,
      offsets.length,
      contexts.length,
      rangeOf,
      (row) => this.#contextNumberOf(row),
      textOfContext,
    );
  }

  #recordAt(row: number): JsonObject {
    return parseRecord(this.source, this.places.offsets[row]!, this.#scanner) as JsonObject;
  }

  #contextOf(row: number): Context {
    return this.places.contexts[this.#contextNumberOf(row)]!;
  }

  #contextNumberOf(row: number): number {
    const { contextRows, contextNumbers } = this.places;
    let low = 0;
    for (let high = contextRows.length - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (contextRows[middle]! <= row) low = middle;
      else high = middle - 1;
    }
    return contextNumbers[low]!;
  }
}

/** Up to the next span is what a search looks through, but not where something long lies between. */
const longestGap = 64 * 1024;

/** The length of the value that begins at an offset and is known to be whole. */
function lengthOfRecord(source: ByteSource, offset: number, scanner: JsonScanner): number {
  scanner.setWindow(source.restOfChunk(offset));
  let end = scanner.skipValue(0);
  for (let length = 2 * scanner.end; end < 0; length *= 2) {
    // It goes on in the next chunk.
    scanner.setWindow(source.bytes(offset, Math.min(source.length, offset + length)));
    end = scanner.skipValue(0);
  }
  return end;
}

/** The value that begins at an offset, which was found to be strict JSON before. */
export function parseRecord(source: ByteSource, offset: number, scanner: JsonScanner): unknown {
  const text = source.text(offset, offset + lengthOfRecord(source, offset, scanner));
  try {
    return JSON.parse(text);
  } catch {
    // Where an engine gives up on depth, the reader that does not.
    return readLenient(text, 0).value;
  }
}
