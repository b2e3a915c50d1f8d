import { asText, type JsonObject } from './traceCollector.ts';

/**
 * The slices of a Chrome trace, one number each in the order in which they begin in the file, and how they nest.
 *
 * A trace event knows neither its parent nor, where it only begins something, its end. So each lane (a thread, or one id
 * of asynchronous work) pairs what begins with what ends, and puts each slice into the innermost one that holds all of it.
 */
export class ChromeSlices {
  /** Microseconds, as the file has them. */
  readonly #base: number;
  readonly #lanes = new Map<string, Lane>();
  readonly #laneOf: Lane[] = [];
  readonly #numberInLane: number[] = [];
  /** Offsets in nanoseconds, as whole numbers, for comparing: a sum of fractions is a little off. NaN where unknown. */
  readonly #start: number[] = [];
  readonly #stop: number[] = [];
  readonly #parent: number[] = [];
  /** The slice that was open when this one began, by their own events; -1 where none was, or the event says no more. */
  readonly #within: number[] = [];
  readonly begins: JsonObject[] = [];
  /** The event that ends a slice, where it is another than the one that begins it. */
  readonly ends = new Map<number, JsonObject>();
  /** The events within a slice, in order of time. */
  readonly instants = new Map<number, JsonObject[]>();
  unmatchedEnds = 0;
  instantsOutside = 0;

  /** `base`: a time in µs near all others, so that differences from it are exact. */
  constructor(base: number) {
    this.#base = base;
  }

  get count(): number {
    return this.begins.length;
  }

  /** A slice whose duration stands beside its start; NaN where it is not known, and the slice open. */
  addComplete(lane: string, event: JsonObject, time: number, duration: number): void {
    const slice = this.#addSlice(lane, event, time);
    this.#stop[slice] = this.#start[slice]! + Math.round(duration * 1000);
  }

  addBegin(lane: string, event: JsonObject, time: number): void {
    const slice = this.#addSlice(lane, event, time);
    if (Number.isNaN(time)) return;
    this.#laneOf[slice]!.edges.push({ at: this.#start[slice]!, slice, event });
  }

  addEnd(lane: string, event: JsonObject, time: number): void {
    if (Number.isNaN(time)) this.unmatchedEnds++;
    else this.#lane(lane).edges.push({ at: this.#offset(time), slice: -1, event });
  }

  addInstant(lane: string, event: JsonObject, time: number): void {
    if (Number.isNaN(time)) this.instantsOutside++;
    else this.#lane(lane).instants.push({ at: this.#offset(time), event });
  }

  /** To be called once all events are in, before the questions below. */
  nest(): void {
    for (const lane of this.#lanes.values()) {
      this.#pair(lane);
      this.#nestLane(lane);
    }
  }

  /** `pid:tid:n`, the same each time the file is read. */
  idOf(slice: number): string {
    return `${this.#laneOf[slice]!.label}:${this.#numberInLane[slice]}`;
  }

  parentIdOf(slice: number): string | undefined {
    const parent = this.#parent[slice]!;
    return parent < 0 ? undefined : this.idOf(parent);
  }

  #addSlice(label: string, event: JsonObject, time: number): number {
    const lane = this.#lane(label);
    const slice = this.begins.push(event) - 1;
    this.#laneOf.push(lane);
    this.#numberInLane.push(lane.count++);
    this.#start.push(this.#offset(time));
    this.#stop.push(NaN);
    this.#parent.push(-1);
    this.#within.push(-1);
    if (!Number.isNaN(time)) lane.slices.push(slice);
    return slice;
  }

  #lane(label: string): Lane {
    let lane = this.#lanes.get(label);
    if (!lane) {
      lane = { label, count: 0, slices: [], edges: [], instants: [] };
      this.#lanes.set(label, lane);
    }
    return lane;
  }

  #offset(time: number): number {
    return Math.round((time - this.#base) * 1000);
  }

  /**
   * Each end closes the latest open slice of its name, whatever else is open: recorders of several sources write ends out
   * of order. One without a name closes the latest of all.
   */
  #pair(lane: Lane): void {
    if (lane.edges.length === 0) return;
    sortByTime(lane.edges);
    const open = new OpenSlices();
    for (const { at, slice, event } of lane.edges) {
      if (slice >= 0) {
        this.#within[slice] = open.latest();
        open.push(slice, asText(event.name) ?? '');
        continue;
      }
      const begun = open.take(asText(event.name) ?? '');
      if (begun === undefined) this.unmatchedEnds++;
      else {
        this.#stop[begun] = at;
        this.ends.set(begun, event);
      }
    }
  }

  /**
   * One walk over the lane in order of time, outer slices before inner ones, with a stack of those that may still hold
   * another. A slice that ends after the one below it takes its place there: whatever begins later and would fit into that
   * one fits into this one too. So each slice comes and goes once.
   */
  #nestLane(lane: Lane): void {
    const { slices, instants } = lane;
    sortByTime(instants);
    const start = this.#start;
    const stop = slices.length > 0 ? this.#stop : [];
    const reach = (slice: number) => (Number.isNaN(stop[slice]!) ? Infinity : Math.max(stop[slice]!, start[slice]!));
    slices.sort((a, b) => start[a]! - start[b]! || later(reach(a), reach(b)) || a - b);
    const stack: number[] = [];
    const reaches: number[] = [];
    const leave = (isOver: (reach: number) => boolean) => {
      while (stack.length > 0 && isOver(reaches.at(-1)!)) {
        stack.pop();
        reaches.pop();
      }
    };
    let nextInstant = 0;
    const placeInstantsBefore = (time: number) => {
      for (; nextInstant < instants.length && instants[nextInstant]!.at < time; nextInstant++) {
        const { at, event } = instants[nextInstant]!;
        leave((end) => end < at);
        this.#placeInstant(stack.at(-1), event);
      }
    };
    for (const slice of slices) {
      const begin = start[slice]!;
      placeInstantsBefore(begin);
      // At the moment when one ends, another that takes no time may still begin in it.
      leave((end) => end <= begin && stack.at(-1) !== this.#within[slice]);
      // What never ends can be no longer than what it began in.
      const end = Number.isNaN(stop[slice]!) ? (reaches.at(-1) ?? Infinity) : reach(slice);
      leave((outer) => outer < end);
      this.#parent[slice] = stack.at(-1) ?? -1;
      stack.push(slice);
      reaches.push(end);
    }
    placeInstantsBefore(Infinity);
  }

  #placeInstant(slice: number | undefined, event: JsonObject): void {
    if (slice === undefined) {
      this.instantsOutside++;
      return;
    }
    const known = this.instants.get(slice);
    if (known) known.push(event);
    else this.instants.set(slice, [event]);
  }
}

interface Lane {
  readonly label: string;
  count: number;
  readonly slices: number[];
  /** What begins (a slice) and what ends (-1). */
  readonly edges: { at: number; slice: number; event: JsonObject }[];
  readonly instants: { at: number; event: JsonObject }[];
}

/** Infinity minus Infinity is no order. */
function later(a: number, b: number): number {
  return a === b ? 0 : b - a;
}

/** Stable: at one moment the order of the file holds. Most files are in order. */
function sortByTime(items: { at: number }[]): void {
  for (let at = 1; at < items.length; at++) {
    if (items[at]!.at < items[at - 1]!.at) {
      items.sort((a, b) => a.at - b.at);
      return;
    }
  }
}

/** Slices that have begun and not ended, to be had by name or the latest first. Each comes and goes once from either list. */
class OpenSlices {
  readonly #all: number[] = [];
  readonly #byName = new Map<string, number[]>();
  readonly #closed = new Set<number>();

  push(slice: number, name: string): void {
    this.#all.push(slice);
    const ofName = this.#byName.get(name);
    if (ofName) ofName.push(slice);
    else this.#byName.set(name, [slice]);
  }

  /** -1 where none is open. */
  latest(): number {
    const all = this.#all;
    while (all.length > 0 && this.#closed.delete(all.at(-1)!)) all.pop();
    return all.at(-1) ?? -1;
  }

  /** The latest of that name, else the latest that has none; for no name the latest of all. */
  take(name: string): number | undefined {
    const slice = name === '' ? this.#latest(this.#all) : (this.#latestNamed(name) ?? this.#latestNamed(''));
    if (slice !== undefined) this.#closed.add(slice);
    return slice;
  }

  #latestNamed(name: string): number | undefined {
    const ofName = this.#byName.get(name);
    return ofName && this.#latest(ofName);
  }

  #latest(slices: number[]): number | undefined {
    for (let slice = slices.pop(); slice !== undefined; slice = slices.pop()) {
      if (!this.#closed.delete(slice)) return slice;
    }
    return undefined;
  }
}
