import { StringCodes } from '../model/stringTable.ts';
import { asObject, ByteCollector, noTraceId, ScannedSpans } from './byteCollector.ts';
import { parseRecord } from './byteDetails.ts';
import type { ByteSource } from './byteSource.ts';
import { ByteWalk, type FileShape, type RowRange, type RowsOfLists, type WalkVisitor } from './byteWalk.ts';
import type { ByteReading, FormatRead } from './format.ts';
import { invalidEncoding } from './inputBytes.ts';
import { type JaegerContext, processOf, serviceNameOf } from './jaegerDetails.ts';
import { isSpan, JaegerReading } from './jaegerReading.ts';
import { jaegerRecords } from './jaegerRecords.ts';
import { JaegerScanner } from './jaegerScanner.ts';
import { JsonScanner } from './jsonScanner.ts';

const shape: FileShape = {
  way: new Set(['data']),
  shared: new Set(),
  // Spans without a trace around them, as Elasticsearch gives them out.
  refused: new Set(['spanID', '_source', 'hits']),
};

/** More spans than these that could be another format's, and the reader of objects has to tell. */
const mostSuspects = 1000;
/** How many spans from the beginning of a list some formats look at. */
const beginning = 20;
/** What stands for a span that has been read, where values are asked which format they are of. */
const anySpan = Object.freeze({ spanID: '', operationName: '' });

/** Reads Jaeger's files by their bytes. */
export class JaegerByteReading implements ByteReading, WalkVisitor {
  readonly format = 'jaeger';
  readonly #scanner = new JsonScanner();
  readonly #spans: ScannedSpans;
  readonly #spanScanner: JaegerScanner;
  readonly #walk: ByteWalk;
  readonly #values: ScannedValues;
  readonly #isJaeger: (value: unknown) => boolean | undefined;
  readonly #source: ByteSource;
  #scannedBefore = 0;

  /** `isJaeger` as in `TraceFormat.readBytes`. */
  constructor(source: ByteSource, isJaeger: (value: unknown) => boolean | undefined) {
    this.#source = source;
    this.#isJaeger = isJaeger;
    this.#spans = new ScannedSpans(source);
    this.#spanScanner = new JaegerScanner(this.#scanner, this.#spans);
    this.#values = new ScannedValues(source, this.#spans, this.#spanScanner);
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
    const isWhole = this.#walk.finish() && this.#spanScanner.suspects === undefined;
    return isWhole ? this.#values.read(this.#scanner.hasInvalidText) : undefined;
  }

  scanSpan(at: number, windowStart: number): number {
    return this.#spanScanner.scan(at, windowStart);
  }

  takeValue(value: unknown, rows: RowsOfLists): boolean {
    for (const [list, range] of rows) this.#fillWithSamples(list as unknown[], range);
    const { suspects } = this.#spanScanner;
    if (suspects) {
      const isJaeger = suspects.length > mostSuspects ? false : this.#isJaeger(value);
      if (isJaeger === false) return false;
      this.#spanScanner.suspects = isJaeger ? undefined : [];
    }
    const isTaken = this.#values.take(value, rows);
    this.#scannedBefore += this.#spans.length;
    this.#spans.clear();
    this.#spanScanner.warned.length = 0;
    return isTaken;
  }

  /** So much of an empty list that it is known for what it is: spans that could be another format's are parsed for that. */
  #fillWithSamples(list: unknown[], { from, to }: RowRange): void {
    for (let row = from; row < to; row++) {
      const isRead = this.#spans.trace[row] !== asObject;
      const sample = isRead ? anySpan : this.#parse(row);
      list.push(sample);
      if (isSpan(sample)) break;
    }
    const suspects = this.#spanScanner.suspects?.filter((row) => row >= from && row < to) ?? [];
    if (suspects.length > mostSuspects) return;
    for (let row = from + list.length; suspects.length > 0 && row < Math.min(to, from + beginning); row++)
      list.push(anySpan);
    for (const row of suspects) {
      if (row - from < list.length) list[row - from] = this.#parse(row);
      else list.push(this.#parse(row));
    }
  }

  #parse(row: number): unknown {
    return parseRecord(this.#source, this.#spans.offset[row]!, new JsonScanner());
  }
}

/** Reads values whose spans were scanned: of each span that was read its row is copied, the others are read as objects. */
class ScannedValues extends JaegerReading<number> {
  readonly #source: ByteSource;
  readonly #collector: ByteCollector<JaegerContext>;
  readonly #spans: ScannedSpans;
  readonly #found: JaegerScanner;
  readonly #names: StringCodes;
  #rows: RowsOfLists = new Map();
  #isRefused = false;

  constructor(source: ByteSource, spans: ScannedSpans, found: JaegerScanner) {
    const collector = new ByteCollector(source, jaegerRecords);
    super(collector);
    this.#source = source;
    this.#collector = collector;
    this.#spans = spans;
    this.#found = found;
    this.#names = new StringCodes((code) => found.names.texts[code]!);
  }

  take(value: unknown, rows: RowsOfLists): boolean {
    this.#rows = rows;
    this.addValue(value, 0);
    return !this.#isRefused;
  }

  read(hasInvalidText: boolean): FormatRead {
    const { traces, warnings, skipped } = this.result([]);
    return { traces, warnings: hasInvalidText ? [invalidEncoding('utf-8'), ...warnings] : warnings, skipped };
  }

  protected lengthOf(spans: readonly unknown[]): number {
    const range = this.#rows.get(spans);
    return range ? range.to - range.from : spans.length;
  }

  protected addSpans(list: readonly unknown[], traceIdOfTrace: string): void {
    const range = this.#rows.get(list);
    if (!range) {
      this.#isRefused = list.length > 0;
      return;
    }
    const { processIds, warned } = this.#found;
    const services = new StringCodes((code) => {
      const processID = code === 0 ? undefined : processIds.texts[code - 1];
      return serviceNameOf(processOf({ processID }, this.processes));
    });
    const { trace } = this.#spans;
    let nextWarned = warned.findIndex(({ row }) => row >= range.from);
    for (let from = range.from; from < range.to; ) {
      if (trace[from] === asObject) {
        const offset = this.#spans.offset[from]!;
        this.addSpan(parseRecord(this.#source, offset, scanner), traceIdOfTrace, () => offset);
        from++;
        continue;
      }
      // One that Jaeger warns of ends its run, so that warnings come in the order of the spans.
      const nextStop = nextWarned < 0 ? range.to : Math.min(range.to, (warned[nextWarned]?.row ?? Infinity) + 1);
      let to = from + 1;
      while (to < nextStop && trace[to] === trace[from]) to++;
      const traceId = trace[from] === noTraceId ? traceIdOfTrace : this.#found.traceIds.texts[trace[from]!]!;
      this.#collector.addRows(traceId, this.#spans, from, to, this.#names, services, this.contextOf(traceId));
      if (warned[nextWarned]?.row === to - 1) {
        const warnings = parseRecord(this.#source, warned[nextWarned]!.offset, scanner);
        this.addSourceWarnings(warnings, traceId, this.#spans.rows.ids.at(to - 1) ?? '');
        nextWarned++;
      }
      from = to;
    }
  }
}

const scanner = new JsonScanner();
