/** A place in a text, both counted from 1; the column in UTF-16 units. */
export interface TextPosition {
  line: number;
  column: number;
}

/**
 * Why no trace could be read.
 *
 * - `empty`: nothing in it, or of a known format but without spans
 * - `invalid-json`: not JSON, and no whole span before the place where it stops being JSON
 * - `unknown-format`: JSON, but of no shape that is read here
 * - `unsupported`: recognised as something that is not read: a web page, compressed or binary data
 */
export type TraceFormatErrorCode = 'empty' | 'invalid-json' | 'unknown-format' | 'unsupported';

/**
 * No trace could be found in the input. The message says what was found, what was expected and what to do; it is
 * written for the person who chose the file.
 */
export class TraceFormatError extends Error {
  override readonly name = 'TraceFormatError';
  readonly code: TraceFormatErrorCode;
  /** Where reading stopped, where that is a place in a text. */
  readonly position?: TextPosition;

  constructor(code: TraceFormatErrorCode, message: string, position?: TextPosition) {
    super(message);
    this.code = code;
    if (position) this.position = position;
  }
}
