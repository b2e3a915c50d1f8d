import { type DetailSource, noDetails, type SpanDetails } from '../model/details.ts';
import { isKnown, timeFromNumber } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { type SpanRecord, TraceBuilder } from '../model/traceBuilder.ts';

/** Where a recorded span's details are read when somebody looks at them. */
export type ReadDetails = () => SpanDetails;

/** What became of a span that was handed in. */
export type Recorded = 'added' | 'updated' | 'duplicate';

/** A trace does not say the same reason again, and no more than so many. */
const mostReasons = 20;

/** One trace while it grows: what came of its spans so far, and the snapshot of that. */
export class RecordedTrace {
  /** Milliseconds since 1970. */
  changedAt = 0;
  isSettled = false;
  /** Spans that were refused because the trace alone filled the recorder. */
  refused = 0;
  readonly #builder: TraceBuilder;
  readonly #details: ReadDetails[] = [];
  readonly #rowOfId = new Map<string, number>();
  readonly #reasons = new Set<string>();
  readonly #source: DetailSource;
  #openCount = 0;
  #snapshot: Trace | undefined;

  constructor(traceId: string) {
    this.#builder = new TraceBuilder(traceId);
    const details = this.#details;
    // Not cached: an open span gains attributes from one look to the next.
    this.#source = { read: (row) => details[row]?.() ?? noDetails };
  }

  get traceId(): string {
    return this.#builder.traceId;
  }

  get spanCount(): number {
    return this.#builder.spanCount;
  }

  get isOpen(): boolean {
    return this.#openCount > 0;
  }

  /** The row of a span that is known by this id, name and start. */
  has(record: SpanRecord): boolean {
    const row = this.#rowOfId.get(record.spanId);
    return row !== undefined && (this.#builder.isOpen(row) || this.#builder.isSameSpan(row, record));
  }

  /**
   * Takes a span, new or further than it was. One that has ended stays as it is: the same again is a duplicate, another of
   * its id a span of its own.
   */
  record(record: SpanRecord, details: ReadDetails, now: number): Recorded {
    const known = record.spanId === '' ? undefined : this.#rowOfId.get(record.spanId);
    if (known !== undefined && this.#builder.isOpen(known)) {
      this.#builder.replace(known, record);
      this.#details[known] = details;
      if (isKnown(record.end)) this.#openCount--;
      this.#changed(now);
      return 'updated';
    }
    if (known !== undefined && this.#builder.isSameSpan(known, record)) return 'duplicate';
    const row = this.#builder.add(record);
    this.#details.push(details);
    if (known === undefined) this.#rowOfId.set(record.spanId, row);
    if (!isKnown(record.end)) this.#openCount++;
    this.#changed(now);
    return 'added';
  }

  addReason(reason: string, now: number): void {
    if (this.#reasons.size >= mostReasons || this.#reasons.has(reason)) return;
    this.#reasons.add(reason);
    this.#changed(now);
  }

  refuse(now: number): void {
    this.refused++;
    this.#changed(now);
  }

  settle(): void {
    this.isSettled = true;
    this.#snapshot = undefined;
  }

  /** The trace as it is, the same object until it changes. `now` in milliseconds since 1970. */
  snapshot(now: number): Trace {
    this.#snapshot ??= this.#builder.build(this.#source, {
      reasons: this.#allReasons(),
      ...(this.isSettled ? {} : { growing: { now: timeFromNumber(now, 1e6) } }),
    });
    return this.#snapshot;
  }

  #allReasons(): string[] {
    const reasons = [...this.#reasons];
    if (this.refused > 0) {
      const spans = this.refused === 1 ? '1 span was' : `${this.refused} spans were`;
      reasons.push(`${spans} not recorded: the trace alone fills the recorder (maxSpans).`);
    }
    return reasons;
  }

  #changed(now: number): void {
    this.changedAt = now;
    this.isSettled = false;
    this.#snapshot = undefined;
  }
}
