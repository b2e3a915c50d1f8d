import type { SpanIndex } from '../model/columns.ts';
import { emptyBits, indexesOfBits, type SpanBits, setBit } from '../model/spanBits.ts';
import type { Trace } from '../model/trace.ts';
import type { Query } from './query.ts';
import { type ParsedQuery, parseQuery } from './queryParser.ts';
import { compileQuery, type QueryProgram, rowsAtOnce, type SearchOptions, unknown, yes } from './queryProgram.ts';
import type { QueryProblem } from './queryTerms.ts';

export interface SearchResult {
  /** Undefined for an empty query and for one with an error; neither matches any span. */
  readonly query: Query | undefined;
  readonly problems: readonly QueryProblem[];
  /** The spans that match, ascending. */
  readonly indexes: Uint32Array;
  /** The same spans, a bit each: see `hasBit`. */
  readonly bits: SpanBits;
}

/** How far a search has come: its result holds the matches among the spans that are decided. */
export interface SearchProgress {
  readonly result: SearchResult;
  /** How many spans are decided. */
  readonly examined: number;
  readonly total: number;
  readonly done: boolean;
}

/**
 * The spans that a query in the search box's language (docs/query-language.md) matches. Never throws for what a person
 * types: see `problems`.
 *
 * What names, services, kinds, status and times decide is decided over columns; only the spans left open by them are read.
 * For a large trace in a browser take `searchInSlices`, which does the same without holding up the page.
 */
export function searchSpans(trace: Trace, query: string | Query, options: SearchOptions = {}): SearchResult {
  const search = new SpanSearch(trace, query, options);
  search.run(Infinity);
  return search.result;
}

export interface SlicedSearchOptions extends SearchOptions {
  /** How long a slice may take, in milliseconds; a span is not read by halves. @default 12 */
  sliceMs?: number;
  /** Ends the search after the slice that it is in, as an AbortSignal does. */
  signal?: { readonly aborted: boolean };
  /** Waits between slices, for an animation frame or an idle moment. @default until the next task */
  pause?: () => Promise<void>;
}

/**
 * `searchSpans` in slices, with what is found so far after each: first what columns alone decide, then span by span in the
 * trace's order. A search that is no longer wanted is left by `break`, or ended by `signal`.
 */
export async function* searchInSlices(
  trace: Trace,
  query: string | Query,
  { sliceMs = 12, signal, pause = nextTask, ...options }: SlicedSearchOptions = {},
): AsyncGenerator<SearchProgress, void, undefined> {
  const search = new SpanSearch(trace, query, options);
  while (!signal?.aborted) {
    const goesOn = search.run(sliceMs);
    yield search.progress;
    if (!goesOn) return;
    await pause();
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Spans to read between two looks at the clock. */
const readsAtOnce = 8;

/** One search, run slice by slice by whoever has the time. */
export class SpanSearch {
  readonly total: number;
  readonly #parsed: ParsedQuery;
  readonly #program: QueryProgram | undefined;
  readonly #verdicts: Uint8Array;
  readonly #matches: SpanBits;
  /** The spans that columns leave open, until they are read. */
  readonly #open: SpanBits;
  #openCount = 0;
  /** All before are passed by columns. */
  #passed: SpanIndex = 0;
  /** All before are decided. */
  #read: SpanIndex = 0;
  #result: SearchResult | undefined;

  constructor(trace: Trace, query: string | Query, options: SearchOptions = {}) {
    this.#parsed = typeof query === 'string' ? parseQuery(query) : { query, problems: [] };
    this.#program = this.#parsed.query && compileQuery(this.#parsed.query, trace, options);
    this.total = this.#program ? trace.spanCount : 0;
    this.#verdicts = new Uint8Array(Math.min(rowsAtOnce, this.total));
    this.#matches = emptyBits(trace.spanCount);
    this.#open = emptyBits(this.total);
  }

  /** Works for about so many milliseconds. Whether anything is left to do. */
  run(budgetMs = 12): boolean {
    const end = performance.now() + budgetMs;
    while (this.#passed < this.total) {
      this.#passColumns();
      if (performance.now() >= end) return !this.done;
    }
    while (!this.done) {
      this.#readDetails();
      if (performance.now() >= end) break;
    }
    return !this.done;
  }

  get done(): boolean {
    return this.#passed === this.total && this.#openCount === 0;
  }

  /** How many spans are decided. */
  get examined(): number {
    return this.#passed - this.#openCount;
  }

  /** What is found so far. A value: the search goes on without changing it. */
  get result(): SearchResult {
    this.#result ??= {
      query: this.#parsed.query,
      problems: this.#parsed.problems,
      indexes: indexesOfBits(this.#matches),
      bits: this.#matches.slice(),
    };
    return this.#result;
  }

  get progress(): SearchProgress {
    return { result: this.result, examined: this.examined, total: this.total, done: this.done };
  }

  #passColumns(): void {
    const from = this.#passed;
    const to = Math.min(from + rowsAtOnce, this.total);
    const verdicts = this.#verdicts;
    this.#program!.fill(from, to, verdicts);
    for (let row = 0; row < to - from; row++) {
      if (verdicts[row] === yes) {
        this.#match(from + row);
      } else if (verdicts[row] === unknown) {
        setBit(this.#open, from + row, true);
        this.#openCount++;
      }
    }
    this.#passed = to;
  }

  #readDetails(): void {
    let index = this.#read;
    for (let reads = 0; reads < readsAtOnce && this.#openCount > 0; index++) {
      const word = this.#open[index >>> 5]!;
      if (word >>> (index & 31) === 0) {
        // Nothing is open in the rest of this word.
        index |= 31;
        continue;
      }
      if (((word >>> (index & 31)) & 1) === 0) continue;
      if (this.#program!.test(index)) this.#match(index);
      this.#openCount--;
      reads++;
    }
    this.#read = index;
  }

  #match(index: SpanIndex): void {
    setBit(this.#matches, index, true);
    this.#result = undefined;
  }
}

/** The next match after a span (`step` 1) or the last before it (-1), around the ends; -1 where there is none. */
export function matchAfter({ indexes }: SearchResult, index: SpanIndex, step: 1 | -1): SpanIndex {
  if (indexes.length === 0) return -1;
  const place = step > 0 ? firstFrom(indexes, index + 1) : firstFrom(indexes, index) - 1;
  return indexes[(place + indexes.length) % indexes.length]!;
}

/** Which of the matches a span is, counted from 1; 0 where it is none. */
export function matchNumber({ indexes }: SearchResult, index: SpanIndex): number {
  const place = firstFrom(indexes, index);
  return indexes[place] === index ? place + 1 : 0;
}

/** The place of the first index that is not below `least`. */
function firstFrom(indexes: Uint32Array, least: SpanIndex): number {
  let low = 0;
  let high = indexes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (indexes[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
