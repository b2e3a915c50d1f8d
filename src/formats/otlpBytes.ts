import { StringCodes } from '../model/stringTable.ts';
import { asObject, ByteCollector, noTraceId, ScannedSpans } from './byteCollector.ts';
import { parseRecord } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';
import { ByteWalk, type FileShape, type RowsOfLists, type WalkVisitor } from './byteWalk.ts';
import type { ByteReading, FormatRead } from './format.ts';
import { invalidEncoding } from './inputBytes.ts';
import { JsonScanner } from './jsonScanner.ts';
import type { OtlpContext } from './otlpDetails.ts';
import { OtlpReading } from './otlpReading.ts';
import { otlpRecords } from './otlpRecords.ts';
import { OtlpScanner } from './otlpScanner.ts';
import { IdTexts } from './spanIdText.ts';
import { isObject } from './traceCollector.ts';

const shape: FileShape = {
  way: new Set([
    ...['resourceSpans', 'resource_spans', 'batches', 'trace', 'result'],
    ...['scopeSpans', 'scope_spans', 'instrumentationLibrarySpans', 'instrumentation_library_spans'],
  ]),
  shared: new Set(['resource', 'scope', 'instrumentationLibrary', 'instrumentation_library']),
  refused: new Set(),
};

/** Reads OTLP's files by their bytes. */
export class OtlpByteReading implements ByteReading, WalkVisitor {
  readonly format = 'otlp';
  readonly #source: ByteSource;
  readonly #isOtlp: (value: unknown) => boolean | undefined;
  readonly #scanner = new JsonScanner();
  readonly #spans: ScannedSpans;
  readonly #spanScanner: OtlpScanner;
  readonly #values: ScannedValues;
  readonly #walk: ByteWalk;
  #scannedBefore = 0;
  #isSure = false;

  /** `isOtlp` as in `TraceFormat.readBytes`. */
  constructor(source: ByteSource, isOtlp: (value: unknown) => boolean | undefined, ids = new IdTexts()) {
    this.#source = source;
    this.#isOtlp = isOtlp;
    this.#spans = new ScannedSpans(source);
    this.#spanScanner = new OtlpScanner(this.#scanner, this.#spans, ids);
    this.#values = new ScannedValues(source, this.#spans, this.#spanScanner, ids);
    this.#walk = new ByteWalk(source, this.#scanner, shape, this);
  }

  get spanCount(): number {
    return this.#scannedBefore + this.#spans.length;
  }

  get rowCount(): number {
    return this.#spans.length;
  }

  advance(): 'reading' | 'refused' {
    return this.#walk.advance();
  }

  finish(): FormatRead | undefined {
    if (!this.#walk.finish() || !this.#isSure) return undefined;
    const { ids, leftOut } = this.#values;
    if (ids.hasBothCases && leftOut) return undefined;
    // As text it is read once more too: only now is it known that a file writes ids in both cases.
    if (ids.hasBothCases && !ids.isLowerCase) {
      return new OtlpByteReading(this.#source, this.#isOtlp, new IdTexts(true)).finish();
    }
    const { traces, warnings, skipped } = this.#values.result([]);
    const encoding = this.#scanner.hasInvalidText ? [invalidEncoding('utf-8')] : [];
    return { traces, warnings: [...encoding, ...warnings], skipped };
  }

  scanSpan(at: number, windowStart: number): number {
    return this.#spanScanner.scan(at, windowStart);
  }

  takeValue(value: unknown, rows: RowsOfLists): boolean {
    const isOtlp = this.#isSure || this.#isOtlp(value);
    if (isOtlp === false) return false;
    this.#isSure = isOtlp === true;
    const taken = this.#values.take(value, rows);
    const isTaken = taken === this.#spans.length;
    this.#scannedBefore += this.#spans.length;
    this.#spans.clear();
    return isTaken;
  }
}

/** Reads values whose spans were scanned: of each span that was read its row is copied, the others are read as objects. */
class ScannedValues extends OtlpReading<number> {
  readonly #source: ByteSource;
  readonly #collector: ByteCollector<OtlpContext>;
  readonly #spans: ScannedSpans;
  readonly #found: OtlpScanner;
  readonly #names: StringCodes;
  /** By number. */
  readonly #traceIds: (string | undefined)[] = [];
  readonly #scanner = new JsonScanner();
  #rows: RowsOfLists = new Map();
  #taken = 0;
  #leftOut = false;

  constructor(source: ByteSource, spans: ScannedSpans, found: OtlpScanner, ids: IdTexts) {
    const collector = new ByteCollector(source, otlpRecords);
    super(ids, collector);
    this.#source = source;
    this.#collector = collector;
    this.#spans = spans;
    this.#found = found;
    this.#names = new StringCodes((code) => found.names.texts[code]!);
  }

  /** Whether ids were met that the reader of objects would not have looked at. */
  get leftOut(): boolean {
    return this.#leftOut;
  }

  /** How many rows it read; fewer than there are where something only the reader of objects reads. */
  take(value: unknown, rows: RowsOfLists): number {
    this.#rows = rows;
    this.#taken = 0;
    this.addValue(value);
    return this.#taken;
  }

  protected override noteOldScopes(oldScopes: readonly unknown[], scopes: readonly unknown[]): void {
    super.noteOldScopes(oldScopes, scopes);
    if (oldScopes.length > 0) this.#leftOut = true;
    for (const scope of oldScopes.filter(isObject)) this.#taken += this.#rangeOf(scope.spans).length;
  }

  protected override idsOf(list: readonly unknown[]): string[] {
    const { from, length } = this.#rangeOf(list);
    const { trace, offset, rows } = this.#spans;
    return Array.from({ length }, (_, at) => from + at).flatMap((row) => {
      if (trace[row] !== asObject) return [rows.ids.at(row) ?? ''];
      return super.idsOf([parseRecord(this.#source, offset[row]!, this.#scanner)]);
    });
  }

  #rangeOf(list: unknown): { from: number; length: number } {
    const range = this.#rows.get(list as readonly unknown[]);
    return range ? { from: range.from, length: range.to - range.from } : { from: 0, length: 0 };
  }

  protected addSpans(list: readonly unknown[], contextNumber: number, context: OtlpContext): void {
    const range = this.#rows.get(list);
    if (!range) return;
    const services = new StringCodes(() => context.serviceName);
    const { trace, offset } = this.#spans;
    for (let from = range.from; from < range.to; ) {
      let to = from + 1;
      if (trace[from] === asObject) {
        const at = offset[from]!;
        this.addSpan(parseRecord(this.#source, at, this.#scanner), contextNumber, () => at);
      } else {
        while (to < range.to && trace[to] === trace[from]) to++;
        const traceId = this.#traceIdOf(trace[from]!);
        this.#collector.addRows(traceId, this.#spans, from, to, this.#names, services, contextNumber);
      }
      from = to;
    }
    this.#taken += range.to - range.from;
  }

  #traceIdOf(trace: number): string {
    if (trace === noTraceId) return '';
    this.#traceIds[trace] ??= this.ids.read(this.#found.traceIds.texts[trace]);
    return this.#traceIds[trace];
  }
}
