import type { ParseResult } from '../formats/parseTraces.ts';
import { type TextPosition, TraceFormatError, type TraceFormatErrorCode } from '../formats/traceFormatError.ts';
import type { HandOverMessage } from './handOver.ts';
import type { ReadOptions, ReadProgress } from './readHere.ts';

// What a page and the worker that reads for it say to each other. First the worker says that it is ready: where a page's
// Content-Security-Policy refuses workers, it never does.

export type ToWorker =
  /** Without a blob, chunks follow, one for each `pull`. */
  | { type: 'read'; blob?: Blob; totalBytes?: number; format?: ReadOptions['format'] }
  | { type: 'chunk'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'end' };

export type FromWorker =
  | { type: 'ready' }
  | { type: 'pull' }
  | { type: 'progress'; progress: ReadProgress }
  /** Bytes that details are read from, in order. */
  | { type: 'bytes'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'trace'; part: HandOverMessage }
  | { type: 'done'; result: Omit<ParseResult, 'traces'> }
  | { type: 'failed'; error: SentError };

/** A TraceFormatError as plain data, as it would arrive as a plain Error; any other, as `postMessage` takes it, as it is. */
export type SentError =
  | { code: TraceFormatErrorCode; message: string; position?: TextPosition }
  | { code: undefined; error: unknown };

export function sentError(error: unknown): SentError {
  if (!(error instanceof TraceFormatError)) return { code: undefined, error };
  const { code, message, position } = error;
  return { code, message, ...(position && { position }) };
}

export function receivedError(sent: SentError): unknown {
  return sent.code === undefined ? sent.error : new TraceFormatError(sent.code, sent.message, sent.position);
}
