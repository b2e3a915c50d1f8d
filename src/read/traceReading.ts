import { beginByteReading, bytesToTellBy } from '../formats/byteReading.ts';
import { ByteSource } from '../formats/byteSource.ts';
import type { ByteReading } from '../formats/format.ts';
import { longestText } from '../formats/inputBytes.ts';
import { hasPassedOver } from '../formats/misplaced.ts';
import { type ParseOptions, type ParseResult, readInputValues, resultOf } from '../formats/parseTraces.ts';
import type { StreamNotes } from './textBytes.ts';
import { ValueReading } from './valueReading.ts';

/**
 * The traces of a file, read while its bytes come: by bytes where its format can be read so, else by values. What the one
 * refuses the other reads from the beginning, so that nothing is lost.
 */
export class TraceReading {
  readonly source: ByteSource = new ByteSource();
  readonly #options: ParseOptions;
  #byBytes: ByteReading | undefined;
  #values: ValueReading | undefined;

  constructor(options: ParseOptions = {}) {
    this.#options = options;
  }

  append(bytes: Uint8Array): void {
    this.source.append(bytes);
  }

  /** Whether it is read by bytes: then details are read from `source`. */
  get isByBytes(): boolean {
    return this.#byBytes !== undefined;
  }

  /** Met so far. */
  get spanCount(): number {
    return this.#byBytes?.spanCount ?? this.#values?.recordCount ?? 0;
  }

  /**
   * Reads on by a step of some hundred kilobytes. False where all that is there has been read.
   *
   * @throws TraceFormatError where it is plainly no trace
   */
  advance(): boolean {
    if (!this.#byBytes && !this.#values) {
      if (this.source.length < bytesToTellBy) return false;
      this.#begin();
    }
    if (this.#byBytes) {
      if (this.#byBytes.advance() === 'reading') return false;
      this.#byBytes = undefined;
      this.#values = new ValueReading(this.source);
    }
    return this.#values?.advance() ?? false;
  }

  /**
   * To be called when no more bytes come and `advance` has read all of them.
   *
   * @throws TraceFormatError where there is no trace in them
   */
  finish({ warnings, reasons }: StreamNotes): ParseResult {
    if (!this.#byBytes && !this.#values) {
      this.#begin();
      while (this.advance());
    }
    if (this.#byBytes) {
      const read = reasons.length === 0 ? this.#byBytes.finish() : undefined;
      // As `parseTraces` does, but where that would take a text longer than any can be.
      if (read && read.traces.length > 0 && (!hasPassedOver(read) || this.source.length > longestText)) {
        const others = warnings.filter(({ code }) => !read.warnings.some((warning) => warning.code === code));
        return resultOf(this.#byBytes.format, read, { warnings: others, skipped: 0 });
      }
      this.#byBytes = undefined;
      this.#values = new ValueReading(this.source);
    }
    const values = this.#values!;
    while (values.advance());
    const text = values.finish();
    return readInputValues(
      { ...text, warnings: [...warnings, ...text.warnings], reasons: [...reasons, ...text.reasons] },
      this.#options,
    );
  }

  /** Chooses how to read once the beginning shows what it is. */
  #begin(): void {
    this.#byBytes = beginByteReading(this.source, this.#options.format);
    if (!this.#byBytes) this.#values = new ValueReading(this.source);
  }
}
