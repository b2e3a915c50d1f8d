import type { ByteSource } from '../formats/byteSource.ts';
import { longestText } from '../formats/inputBytes.ts';
import { type InputValues, readInputText, refuseOtherText } from '../formats/inputValues.ts';
import { JsonDocument } from './jsonDocument.ts';
import { JsonLines } from './jsonLines.ts';
import { salvagedValues } from './salvage.ts';

/** What is read between two looks at the clock. */
const stepLength = 256 * 1024;
/** Enough to tell a web page or a file's name from JSON. */
const headLength = 32 * 1024;

/**
 * The JSON values of a file, read while its bytes come: one document record by record, or one a line. What is neither is
 * read when all of it is there, by the reader of damaged text, from its beginning: nothing is lost on the way.
 */
export class ValueReading {
  readonly #source: ByteSource;
  #reader: JsonDocument | JsonLines | undefined;
  #isRefusalDue = false;
  #hasLines = false;
  readonly #longestText: number;

  /** @param longest what a text can hold; longer files that are damaged are read by `salvagedValues` */
  constructor(source: ByteSource, longest: number = longestText) {
    this.#source = source;
    this.#longestText = longest;
    this.#reader = new JsonDocument(source);
  }

  /** How many records were read so far, spans mostly: the exact number is known at the end. */
  get recordCount(): number {
    const reader = this.#reader;
    return reader instanceof JsonDocument ? reader.recordCount : (reader?.values.length ?? 0);
  }

  /**
   * Reads on by a step. False where all that is there has been read.
   *
   * @throws TraceFormatError where it is plainly something else, as a web page
   */
  advance(): boolean {
    const reader = this.#reader;
    if (!reader) {
      this.#refuseOther();
      return false;
    }
    if (reader.position >= this.#source.length) return false;
    if (reader.advance(reader.position + stepLength) !== 'refused') return reader.position < this.#source.length;
    this.#hasLines = reader instanceof JsonLines && reader.values.length > 1;
    const isPlainlyOther = reader instanceof JsonLines || reader.value === undefined;
    this.#reader = isPlainlyOther ? undefined : new JsonLines(this.#source);
    this.#isRefusalDue = !this.#reader;
    return true;
  }

  /** To be called when no more bytes come and `advance` has read all of them. */
  finish(): InputValues {
    const reader = this.#reader;
    if (reader instanceof JsonDocument && reader.advance(this.#source.length) === 'whole') {
      return { values: [reader.value], warnings: [], reasons: [], skipped: 0 };
    }
    // A document that breaks off may be lines with a last one that does.
    if (reader instanceof JsonLines && reader.finish() === 'whole') {
      return { values: reader.values, warnings: [], reasons: [], skipped: 0 };
    }
    this.#reader = undefined;
    if (this.#source.length > this.#longestText) {
      const hasLines = reader instanceof JsonLines && reader.values.length > 1;
      return salvagedValues(this.#source, this.#hasLines || hasLines);
    }
    return readInputText(this.#source.text(0, this.#source.length));
  }

  #refuseOther(): void {
    if (!this.#isRefusalDue || this.#source.length < headLength) return;
    this.#isRefusalDue = false;
    refuseOtherText(this.#source.text(0, headLength));
  }
}
