/**
 * A longest common subsequence of two lists of numbers, by Hunt and Szymanski ("A fast algorithm for computing longest
 * common subsequences", 1977): O((n + m + r) log n) for r pairs of equal items.
 *
 * Where r passes `32 · (n + m) + 4096`, as in lists of thousands of alike items, exact would be quadratic. There each item
 * is offered only the eighteen others that are nearest by occurrence, counted from the lists' beginnings and from their
 * ends; what comes out is still a common subsequence, but may be shorter than the longest.
 *
 * `found` is called for each pair of places, both rising.
 */
export function commonSubsequence(
  a: readonly number[],
  b: readonly number[],
  found: (placeInA: number, placeInB: number) => void,
): void {
  if (a.length === 0 || b.length === 0) return;
  const numbers = new Map<number, number>();
  const bucketOfB = Int32Array.from(b, (item) => {
    const known = numbers.get(item) ?? numbers.size;
    numbers.set(item, known);
    return known;
  });
  const bucketOfA = Int32Array.from(a, (item) => numbers.get(item) ?? -1);
  const buckets = bucketsOf(bucketOfB, numbers.size);
  const chains = new Chains();
  const candidates = candidateFinder(bucketOfA, buckets, a.length + b.length);
  for (let place = 0; place < a.length; place++) {
    if (bucketOfA[place]! >= 0) candidates(place, (other) => chains.offer(place, other));
  }
  chains.longest(found);
}

interface Buckets {
  /** Where each bucket begins in `places`, and one more for the end. */
  readonly begin: Int32Array;
  /** Places by bucket, rising. */
  readonly places: Int32Array;
}

function bucketsOf(bucketOf: Int32Array, count: number): Buckets {
  const begin = new Int32Array(count + 1);
  for (const bucket of bucketOf) begin[bucket + 1]!++;
  for (let bucket = 0; bucket < count; bucket++) begin[bucket + 1]! += begin[bucket]!;
  const next = begin.slice();
  const places = new Int32Array(bucketOf.length);
  for (let place = 0; place < bucketOf.length; place++) places[next[bucketOf[place]!]!++] = place;
  return { begin, places };
}

/** Calls with each place of b that one of a may be paired with, falling. */
function candidateFinder(bucketOfA: Int32Array, { begin, places }: Buckets, lengths: number) {
  const sizeInA = new Int32Array(begin.length);
  let pairs = 0;
  for (const bucket of bucketOfA) {
    if (bucket < 0) continue;
    sizeInA[bucket]!++;
    pairs += begin[bucket + 1]! - begin[bucket]!;
  }
  if (pairs <= 32 * lengths + 4096) {
    return (place: number, offer: (other: number) => void) => {
      const bucket = bucketOfA[place]!;
      for (let at = begin[bucket + 1]! - 1; at >= begin[bucket]!; at--) offer(places[at]!);
    };
  }
  const met = new Int32Array(begin.length);
  return (place: number, offer: (other: number) => void) => {
    const bucket = bucketOfA[place]!;
    const first = begin[bucket]!;
    const size = begin[bucket + 1]! - first;
    const occurrence = met[bucket]!++;
    const shift = size - sizeInA[bucket]!;
    const low = Math.min(occurrence, occurrence + shift);
    const high = Math.max(occurrence, occurrence + shift);
    for (let at = Math.min(high + reach, size - 1); at >= Math.max(0, high - reach); at--) offer(places[first + at]!);
    const below = Math.min(low + reach, high - reach - 1, size - 1);
    for (let at = below; at >= Math.max(0, low - reach); at--) offer(places[first + at]!);
  };
}

const reach = 4;

/** For each length, the common subsequence of it that ends earliest in b, as a linked list. */
class Chains {
  readonly #ends: number[] = [];
  readonly #links: number[] = [];
  readonly #a: number[] = [];
  readonly #b: number[] = [];
  readonly #before: number[] = [];

  /** Places of a rise from call to call; those of b fall while a's stays. */
  offer(placeInA: number, placeInB: number): void {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! < placeInB) low = middle + 1;
      else high = middle;
    }
    if (this.#ends[low] === placeInB) return;
    this.#ends[low] = placeInB;
    this.#links[low] = this.#a.length;
    this.#a.push(placeInA);
    this.#b.push(placeInB);
    this.#before.push(low === 0 ? -1 : this.#links[low - 1]!);
  }

  longest(found: (placeInA: number, placeInB: number) => void): void {
    const path: number[] = [];
    for (let link = this.#links.at(-1) ?? -1; link >= 0; link = this.#before[link]!) path.push(link);
    for (let at = path.length - 1; at >= 0; at--) found(this.#a[path[at]!]!, this.#b[path[at]!]!);
  }
}
