import type { Trace } from '../model/trace.ts';
import type { ParseWarning } from '../model/warnings.ts';
import type { ByteSource } from './byteSource.ts';

/** The formats that can be read. `json` is the project's own plain format. */
export type FormatName =
  | 'json'
  | 'jaeger'
  | 'otlp'
  | 'zipkin'
  | 'chrome'
  | 'langfuse'
  | 'langsmith'
  | 'openai-agents'
  | 'otel-console'
  | 'phoenix'
  | 'mlflow'
  | 'opik';

/** What reading parsed values of one format gave. */
export interface FormatRead {
  traces: Trace[];
  /** The format's own: what the model marks is told by `traceWarnings`. One for each code. */
  warnings: ParseWarning[];
  /** Records that could not be read as spans. */
  skipped: number;
}

/**
 * One file format. A file may hold several values (JSON Lines, one JSON after another): `read` gets all of them, so that a
 * trace that is spread over lines comes out as one.
 */
export interface TraceFormat {
  readonly name: FormatName;
  /** By the shape of a span, not by top-level keys alone. Sees the first value that is not a stray scalar. */
  detect(value: unknown): boolean;
  /** Never throws for dirty data and never changes it. Gives no traces where the values hold none. */
  read(values: readonly unknown[], reasons: readonly string[]): FormatRead;
  /**
   * Reads a file by its bytes, without a text or an object of the whole: for formats in which files of a gigabyte are met.
   * What it gives is what `read` would give. To be had from `beginByteReading`, which knows all formats.
   *
   * `isOfFormat` says whether a value is of this format, of another (false), or of none that is known (undefined).
   */
  readBytes?(source: ByteSource, isOfFormat: (value: unknown) => boolean | undefined): ByteReading;
}

/** A file that is being read by its bytes while they come. */
export interface ByteReading {
  readonly format: FormatName;
  /**
   * Reads on as far as the source's bytes go. `refused`: this is not what a byte reader takes (no strict JSON, or another
   * shape), so it is to be read the other way.
   */
  advance(): 'reading' | 'refused';
  /** Spans met so far, for a bar of progress. */
  readonly spanCount: number;
  /** To be called when no more bytes come. Undefined where refused. */
  finish(): FormatRead | undefined;
}
