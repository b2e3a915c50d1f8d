import { grown } from './grow.ts';
import { type SpanIdBytes, SpanIdColumn } from './spanIds.ts';
import type { TimePoint } from './time.ts';

/**
 * Spans in the order of the file, a column for each thing that a trace's columns are made from. Open to whoever fills it
 * row by row: `addRow`, then the new row's place in each column, and one push for each of the two columns of ids.
 *
 * What `name` and `service` are numbers of is the owner's to know.
 */
export class SpanRows {
  length = 0;
  readonly ids: SpanIdColumn;
  readonly parentIds: SpanIdColumn;
  name: Uint32Array = new Uint32Array(64);
  service: Uint32Array = new Uint32Array(64);
  /** Seconds since 1970, NaN where the time is not known, and nanoseconds beside them. */
  startSeconds: Float64Array = new Float64Array(64);
  startNanos: Uint32Array = new Uint32Array(64);
  endSeconds: Float64Array = new Float64Array(64);
  endNanos: Uint32Array = new Uint32Array(64);
  /** Codes, as in the columns of a trace. */
  kind: Uint8Array = new Uint8Array(64);
  status: Uint8Array = new Uint8Array(64);
  followsFrom: Uint8Array = new Uint8Array(64);

  /** With the file's `bytes` ids of any spelling take 8 bytes each. */
  constructor(bytes?: SpanIdBytes) {
    this.ids = new SpanIdColumn(bytes);
    this.parentIds = new SpanIdColumn(bytes);
  }

  addRow(): number {
    if (this.length === this.name.length) this.#grow();
    return this.length++;
  }

  /** Copies rows of another table; names and services keep its numbers. The first new row. */
  append(rows: SpanRows, from: number, to: number): number {
    const first = this.length;
    if (first + to - from > this.name.length) this.#grow(first + to - from);
    this.length += to - from;
    this.ids.append(rows.ids, from, to);
    this.parentIds.append(rows.parentIds, from, to);
    this.name.set(rows.name.subarray(from, to), first);
    this.service.set(rows.service.subarray(from, to), first);
    this.startSeconds.set(rows.startSeconds.subarray(from, to), first);
    this.startNanos.set(rows.startNanos.subarray(from, to), first);
    this.endSeconds.set(rows.endSeconds.subarray(from, to), first);
    this.endNanos.set(rows.endNanos.subarray(from, to), first);
    this.kind.set(rows.kind.subarray(from, to), first);
    this.status.set(rows.status.subarray(from, to), first);
    this.followsFrom.set(rows.followsFrom.subarray(from, to), first);
    return first;
  }

  clear(): void {
    this.length = 0;
    this.ids.clear();
    this.parentIds.clear();
  }

  startOf(row: number): TimePoint {
    return { seconds: this.startSeconds[row]!, nanos: this.startNanos[row]! };
  }

  endOf(row: number): TimePoint {
    return { seconds: this.endSeconds[row]!, nanos: this.endNanos[row]! };
  }

  /** By start, then by place in the file. A span without a start stands at its parent's, so before its siblings. */
  compareStarts(a: number, b: number): number {
    const secondsOfA = this.startSeconds[a]!;
    const secondsOfB = this.startSeconds[b]!;
    const aKnown = !Number.isNaN(secondsOfA);
    const bKnown = !Number.isNaN(secondsOfB);
    if (!aKnown || !bKnown) return Number(aKnown) - Number(bKnown) || a - b;
    return secondsOfA - secondsOfB || this.startNanos[a]! - this.startNanos[b]! || a - b;
  }

  #grow(leastLength = 0): void {
    this.name = grown(this.name, leastLength);
    this.service = grown(this.service, leastLength);
    this.startSeconds = grown(this.startSeconds, leastLength);
    this.startNanos = grown(this.startNanos, leastLength);
    this.endSeconds = grown(this.endSeconds, leastLength);
    this.endNanos = grown(this.endNanos, leastLength);
    this.kind = grown(this.kind, leastLength);
    this.status = grown(this.status, leastLength);
    this.followsFrom = grown(this.followsFrom, leastLength);
  }
}
