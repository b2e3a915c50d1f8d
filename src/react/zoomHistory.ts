import type { TimeRange } from '../layout/timeScale.ts';

const mostEntries = 64;

/** Where somebody has been in time, for the way back and forth: as a browser's history, the newest of 64. */
export class ZoomHistory {
  #entries: TimeRange[];
  #at = 0;

  constructor(first: TimeRange) {
    this.#entries = [first];
  }

  get canGoBack(): boolean {
    return this.#at > 0;
  }

  get canGoForward(): boolean {
    return this.#at < this.#entries.length - 1;
  }

  /** A range that was come to by a gesture: what lay ahead is forgotten. */
  visit(range: TimeRange): void {
    const here = this.#entries[this.#at]!;
    if (here[0] === range[0] && here[1] === range[1]) return;
    this.#entries = [...this.#entries.slice(0, this.#at + 1), range].slice(-mostEntries);
    this.#at = this.#entries.length - 1;
  }

  /** In a trace that grew all ranges are moved. */
  move(moved: (range: TimeRange) => TimeRange): void {
    this.#entries = this.#entries.map(moved);
  }

  /** The range `steps` away, below 0 back; undefined where there is none. */
  step(steps: number): TimeRange | undefined {
    const range = this.#entries[this.#at + steps];
    if (range) this.#at += steps;
    return range;
  }
}
