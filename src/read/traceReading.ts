import { ByteSource } from '../formats/byteSource.ts';
import type { ByteReading, TraceFormat } from '../formats/format.ts';
import { readLenient } from '../formats/lenientJson.ts';
import { formatNamed, formatOf, type ParseOptions, type ParseResult, readInputValues, resultOf } from '../formats/parseTraces.ts';
import type { StreamNotes } from './textBytes.ts';
import { ValueReading } from './valueReading.ts';

/** Enough to hold a whole span, by which formats are told apart. */
const firstLook = 64 * 1024;
/** A first span that is longer than this is not waited for. */
const lastLook = 4 * 1024 * 1024;

/**
 * The traces of a file, read while its bytes come: by bytes where its format can be read so, else by values. What the one
 * refuses the other reads from the beginning, so that nothing is lost.
 */
export class TraceReading {
  readonly source: ByteSource = new ByteSource();
  readonly #options: ParseOptions;
  /** How many bytes are needed to look for its format. */
  #nextLook = firstLook;
  #hot: { format: TraceFormat; reading: ByteReading } | undefined;
  #values: ValueReading | undefined;

  constructor(options: ParseOptions = {}) {
    this.#options = options;
  }

  append(bytes: Uint8Array): void {
    this.source.append(bytes);
  }

  /** Whether it is read by bytes: then details are read from `source`. */
  get isByBytes(): boolean {
    return this.#hot !== undefined;
  }

  /** Met so far. */
  get spanCount(): number {
    return this.#hot?.reading.spanCount ?? this.#values?.recordCount ?? 0;
  }

  /**
   * Reads on by a step of some hundred kilobytes. False where all that is there has been read.
   *
   * @throws TraceFormatError where it is plainly no trace
   */
  advance(): boolean {
    if (!this.#hot && !this.#values) {
      if (this.source.length < this.#nextLook) return false;
      this.#begin(false);
    }
    if (this.#hot) {
      if (this.#hot.reading.advance() === 'reading') return false;
      this.#hot = undefined;
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
    if (!this.#hot && !this.#values) {
      this.#begin(true);
      while (this.advance());
    }
    if (this.#hot) {
      const { format, reading } = this.#hot;
      const read = reasons.length === 0 ? reading.finish() : undefined;
      if (read) return resultOf(format.name, read, { warnings, skipped: 0 });
      this.#hot = undefined;
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
  #begin(isAll: boolean): void {
    const text = this.source.text(0, Math.min(this.source.length, this.#nextLook));
    const isJson = /^\s*[[{]/.test(text);
    const format = isJson ? this.#formatOfBeginning(text) : undefined;
    if (isJson && !format && !isAll && this.#nextLook < lastLook) {
      this.#nextLook *= 4;
      return;
    }
    const reading = format?.readBytes?.(this.source);
    if (format && reading) this.#hot = { format, reading };
    else this.#values = new ValueReading(this.source);
  }

  #formatOfBeginning(text: string): TraceFormat | undefined {
    const { format } = this.#options;
    return format === undefined ? formatOf([readLenient(text, text.search(/\S/)).value]) : formatNamed(format);
  }
}
