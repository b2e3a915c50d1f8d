import type { Clock } from '../layout/clockTime.ts';
import { segmentsWithin } from '../layout/timeCompression.ts';
import { createTimeScale, type TimeRange, type TimeScale, type TimeSegment } from '../layout/timeScale.ts';
import type { SpanIndex } from '../model/columns.ts';
import type { Nanoseconds } from '../model/time.ts';
import { FrameLoop } from './frame.ts';
import { ZoomHistory } from './zoomHistory.ts';

/** What caused a change of the view, and the browser's event where there was one. */
export interface ChangeDetails {
  reason: ChangeReason;
  event?: Event | undefined;
}

export type ChangeReason =
  | 'click'
  | 'keyboard'
  | 'wheel'
  | 'drag'
  | 'pinch'
  | 'double-click'
  | 'toggle'
  | 'link'
  | 'brush'
  | 'history'
  /** The trace grew at its start: the same stretch of time is another range now. */
  | 'growth'
  | 'api';

/** `change` at most once a frame while a gesture lasts, `commit` once when it ends. */
export interface TimeRangeChangeDetails extends ChangeDetails {
  phase: 'change' | 'commit';
}

export type TimeRangeListener = (range: TimeRange | null, details: TimeRangeChangeDetails) => void;

/** A stretch of time that somebody drags out: to zoom to it, or to see how long it is. */
export interface MarkedTime {
  readonly range: TimeRange;
  readonly kind: 'brush' | 'measure';
}

/** No narrower: below, a pixel would be a small part of the one nanosecond that times are exact to. */
const shortestRange: Nanoseconds = 20;
const gestureEndDelay = 160;
const animationDuration = 200;
/** A range that ends so near to the trace's end, by its own length, shows the end: a trace goes on while somebody zooms. */
const atEnd = 0.02;

/**
 * The part of a trace's time that is on screen, and what the pointer is over. It lives outside React: a gesture moves
 * it many times between two frames, and all views that share it draw themselves from it in one animation frame.
 */
export class Viewport {
  readonly frames = new FrameLoop((now) => this.#frame(now));
  #full: TimeRange;
  #range: TimeRange;
  #scale: TimeScale | undefined;
  #fullScale: TimeScale | undefined;
  /** Of the whole trace; undefined where time runs evenly. */
  #segments: readonly TimeSegment[] | undefined;
  #controlled: TimeRange | null | undefined;
  #listener: TimeRangeListener | undefined;
  #pending: ChangeDetails | undefined;
  #endOfGesture: ReturnType<typeof setTimeout> | undefined;
  #animation: { from: TimeRange; to: TimeRange; start: number; details: ChangeDetails } | undefined;
  #hoveredIndex: SpanIndex = -1;
  #pointerTime: Nanoseconds | undefined;
  #clock: Clock | undefined;
  #marked: MarkedTime | undefined;
  readonly #rangeWatchers = new Set<() => void>();
  #isConnected = false;
  #isFollowing = true;
  #history: ZoomHistory;

  constructor(duration: Nanoseconds, initial?: TimeRange | null) {
    this.#full = fullRange(duration);
    this.#range = initial ? this.#clamped(initial) : this.#full;
    this.#history = new ZoomHistory(this.#range);
  }

  get full(): TimeRange {
    return this.#full;
  }

  get range(): TimeRange {
    return this.#range;
  }

  /** From time to a fraction of the width. All views draw with it, none with a mapping of its own. */
  get scale(): TimeScale {
    if (!this.#scale || this.#scale.range[0] !== this.#range[0] || this.#scale.range[1] !== this.#range[1]) {
      this.#scale = this.#scaleOf(this.#range);
    }
    return this.#scale;
  }

  /** The same for the whole trace. */
  get fullScale(): TimeScale {
    this.#fullScale ??= createTimeScale(this.#segments ?? this.#full);
    return this.#fullScale;
  }

  /** Whether idle time is compressed to breaks, so that time does not run evenly over the width. */
  get isCompressed(): boolean {
    return this.#segments !== undefined;
  }

  get isZoomed(): boolean {
    return !sameRange(this.#range, this.#full);
  }

  /** Where a movement that goes on will come to, else what is on screen; null for the whole trace. */
  get settledRange(): TimeRange | null {
    const range = this.#animation?.to ?? this.#range;
    return sameRange(range, this.#full) ? null : range;
  }

  /** Whether a zoom or pan lies behind, and whether one was gone back from. */
  get canGoBack(): boolean {
    return this.#history.canGoBack;
  }

  get canGoForward(): boolean {
    return this.#history.canGoForward;
  }

  /** The span under the pointer in any of the views, or -1. */
  get hoveredIndex(): SpanIndex {
    return this.#hoveredIndex;
  }

  /** The time under the pointer in any of the views. */
  get pointerTime(): Nanoseconds | undefined {
    return this.#pointerTime;
  }

  /** What axes tell the time by; undefined for times from the trace's start. */
  get clock(): Clock | undefined {
    return this.#clock;
  }

  setClock(clock: Clock | undefined): void {
    if (clock === this.#clock) return;
    this.#clock = clock;
    this.frames.request();
  }

  /** The stretch of time that is being dragged out, or was measured. All views show it. */
  get marked(): MarkedTime | undefined {
    return this.#marked;
  }

  /** Draws with every frame in which something moved, until the returned function is called. */
  onDraw(draw: (now: number) => void): () => void {
    return this.frames.add(draw);
  }

  /** Calls `watcher` when a gesture has ended with another range: the rate at which React is told. */
  watchCommits(watcher: () => void): () => void {
    this.#rangeWatchers.add(watcher);
    return () => this.#rangeWatchers.delete(watcher);
  }

  setListener(listener: TimeRangeListener | undefined): void {
    this.#listener = listener;
  }

  /** Lets movements be animated. Returns what ends all movement. */
  connect(): () => void {
    this.#isConnected = true;
    return () => {
      this.#isConnected = false;
      clearTimeout(this.#endOfGesture);
      this.#endOfGesture = undefined;
      this.#animation = undefined;
    };
  }

  /**
   * A trace that grew or was exchanged, or whose idle time is compressed now, or no longer: `segments` go from 0 to its end.
   * A view of the whole stays one of the whole.
   */
  setDuration(duration: Nanoseconds, segments?: readonly TimeSegment[]): void {
    const next = fullRange(duration);
    if (sameRange(next, this.#full) && segments === this.#segments) return;
    this.#animation = undefined;
    this.#setFull(next, segments);
  }

  /**
   * The same trace, grown: its start lies `earlier` than it did. What is shown stays the same stretch of time, or that of the
   * same length at the end, as long as that is followed. What is under way goes on.
   */
  grow(duration: Nanoseconds, earlier: Nanoseconds, segments?: readonly TimeSegment[]): void {
    const next = fullRange(duration);
    if (earlier === 0 && sameRange(next, this.#full) && segments === this.#segments) return;
    const before = this.#full;
    const isHeld = this.#endOfGesture !== undefined || this.#animation !== undefined;
    const follows = this.#isFollowing && !isHeld;
    const [start, end] = this.#range;
    const moved = (range: TimeRange): TimeRange =>
      sameRange(range, before) ? next : [range[0] + earlier, range[1] + earlier];
    if (this.isZoomed) this.#range = follows ? [next[1] - (end - start), next[1]] : moved(this.#range);
    if (this.#animation) {
      const { from, to } = this.#animation;
      this.#animation = { ...this.#animation, from: moved(from), to: moved(to) };
    }
    this.#history.move(moved);
    this.#marked &&= { ...this.#marked, range: moved(this.#marked.range) };
    this.#setFull(next, segments, sameRange([start, end], before));
  }

  /** Whether the end of a trace that grows is to stay in sight. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** The end comes into sight, and stays there until `leaveEnd`, or until a gesture moves away from it. */
  followEnd(): void {
    const [start, end] = this.#range;
    const last = this.#full[1];
    if (this.isZoomed && end < last) this.goTo([last - (end - start), last], { reason: 'api' });
    this.#setFollowing(true);
  }

  leaveEnd(): void {
    this.#setFollowing(false);
  }

  #leaveEndFor([start, end]: TimeRange): void {
    if (this.#full[1] - end > (end - start) * atEnd) this.#isFollowing = false;
  }

  #setFollowing(isFollowing: boolean): void {
    if (isFollowing === this.#isFollowing) return;
    this.#isFollowing = isFollowing;
    this.#tellWatchers();
  }

  #setFull(next: TimeRange, segments: readonly TimeSegment[] | undefined, whole = !this.isZoomed): void {
    this.#scale = undefined;
    this.#fullScale = undefined;
    this.#segments = segments;
    this.#full = next;
    this.#range = whole ? next : this.#clamped(this.#range);
    this.frames.request();
    this.#tellWatchers();
  }

  /** The owner's range: null for the whole trace, undefined where the owner leaves it to the viewport. */
  setControlled(range: TimeRange | null | undefined): void {
    this.#controlled = range;
    if (range === undefined) return;
    this.#animation = undefined;
    this.#move(range ?? this.#full);
    this.#tellWatchers();
  }

  /** Back to the whole trace or a given range, without asking the listener: for another trace in the same place. */
  reset(range: TimeRange | null): void {
    this.#animation = undefined;
    this.#pending = undefined;
    this.#marked = undefined;
    this.#isFollowing = true;
    this.#move(range ?? this.#full);
    this.#history = new ZoomHistory(this.#range);
    this.#tellWatchers();
  }

  /** Back (-1) or forth (1) through the ranges that gestures have come to. */
  travel(step: -1 | 1, details: ChangeDetails): void {
    this.#arrive();
    const range = this.#history.step(step);
    if (range) this.goTo(range, { ...details, reason: 'history' });
  }

  /** Ends a movement where it was to come to. */
  #arrive(): void {
    if (!this.#animation) return;
    const { to, details } = this.#animation;
    this.#animation = undefined;
    this.#move(to);
    this.#commit(details);
  }

  /** Moves by a gesture that goes on; the commit follows when it pauses or `endGesture` is called. */
  setRange(range: TimeRange, details: ChangeDetails): void {
    this.#animation = undefined;
    this.#move(range);
    this.#pending = details;
    clearTimeout(this.#endOfGesture);
    this.#endOfGesture = setTimeout(() => this.endGesture(details), gestureEndDelay);
  }

  endGesture(details: ChangeDetails): void {
    if (this.#endOfGesture === undefined) return;
    clearTimeout(this.#endOfGesture);
    this.#endOfGesture = undefined;
    this.#pending = undefined;
    this.#commit(details);
  }

  /** Moves to `range` (null: the whole trace), in 200 ms so that the eye can follow, or at once where motion is reduced. */
  goTo(range: TimeRange | null, details: ChangeDetails): void {
    const to = this.#clamped(range ?? this.#full);
    if (sameRange(to, this.#range) && !this.#animation) return;
    // Now, and not when it has come there: meanwhile the rows would go on to the end.
    this.#leaveEndFor(to);
    clearTimeout(this.#endOfGesture);
    this.#endOfGesture = undefined;
    // Where no view over time is on screen, nobody could follow.
    if (
      !this.#isConnected ||
      !this.frames.isWanted ||
      prefersReducedMotion() ||
      typeof requestAnimationFrame !== 'function'
    ) {
      this.#animation = undefined;
      this.#move(to);
      this.#commit(details);
      return;
    }
    this.#animation = { from: this.#range, to, start: -1, details };
    this.frames.request();
  }

  /** Zooms by `factor` (below 1: in) so that `time` stays where it is. */
  zoomAt(time: Nanoseconds, factor: number, details: ChangeDetails): void {
    this.carry(time, time, details, factor);
  }

  /** Moves by a fraction of what is on screen. */
  panBy(fraction: number, details: ChangeDetails): void {
    this.setRange(
      this.#onWidth((even) => panned(evenRange(this.#range, even), this.#full, fraction)),
      details,
    );
  }

  /** Moves so that the time `held` comes to where `time` is now, and zooms around it by `factor`. */
  carry(held: Nanoseconds, time: Nanoseconds, details: ChangeDetails, factor = 1): void {
    this.setRange(this.carried(this.#range, held, time, factor), details);
  }

  /** The range that `carry` would go to from `range`. */
  carried(range: TimeRange, held: Nanoseconds, time: Nanoseconds, factor = 1): TimeRange {
    return this.#onWidth((even) => {
      const distance = even(held) - even(time);
      const [start, end] = evenRange(range, even);
      const moved: TimeRange = [start + distance, end + distance];
      return factor === 1 ? moved : zoomed(moved, even(held), factor);
    });
  }

  hover(index: SpanIndex, pointerTime: Nanoseconds | undefined): void {
    if (index === this.#hoveredIndex && pointerTime === this.#pointerTime) return;
    this.#hoveredIndex = index;
    this.#pointerTime = pointerTime;
    this.frames.request();
  }

  /** The span under the pointer stands at another index now. */
  moveHover(index: SpanIndex): void {
    this.hover(index, this.#pointerTime);
  }

  mark(marked: MarkedTime | undefined): void {
    if (this.#marked === marked) return;
    this.#marked = marked;
    this.frames.request();
  }

  #frame(now: number): void {
    const animation = this.#animation;
    if (animation) {
      if (animation.start < 0) animation.start = now;
      const progress = Math.min(1, (now - animation.start) / animationDuration);
      const eased = 1 - (1 - progress) ** 3;
      this.#range =
        progress === 1
          ? animation.to
          : this.#onWidth((even) => between(evenRange(animation.from, even), evenRange(animation.to, even), eased));
      if (progress === 1) {
        this.#animation = undefined;
        this.#commit(animation.details);
      } else {
        this.frames.request();
      }
    }
    if (this.#pending) {
      this.#listener?.(this.#reported(), { ...this.#pending, phase: 'change' });
      this.#pending = undefined;
    }
  }

  #commit(details: ChangeDetails): void {
    if (details.reason !== 'history') this.#history.visit(this.#range);
    this.#leaveEndFor(this.#range);
    this.#listener?.(this.#reported(), { ...details, phase: 'commit' });
    this.#tellWatchers();
    this.frames.request();
    if (this.#controlled !== undefined) this.#snapBackUnlessTakenUp();
  }

  /** The owner answers a commit with a render, which may take until the frame after the next. */
  #snapBackUnlessTakenUp(): void {
    if (typeof requestAnimationFrame !== 'function') return;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (this.#controlled === undefined || this.#endOfGesture !== undefined || this.#animation) return;
        const owned = this.#controlled ?? this.#full;
        if (sameRange(this.#clamped(owned), this.#range)) return;
        this.#move(owned);
        this.#tellWatchers();
      }),
    );
  }

  #reported(): TimeRange | null {
    return this.isZoomed ? this.#range : null;
  }

  #move(range: TimeRange): void {
    this.#range = this.#clamped(range);
    this.frames.request();
  }

  #tellWatchers(): void {
    for (const watcher of this.#rangeWatchers) watcher();
  }

  #scaleOf(range: TimeRange): TimeScale {
    if (!this.#segments) return createTimeScale(range);
    const within = segmentsWithin(this.#segments, range);
    // Inside of a break there is nothing to leave out: its time is told as any other.
    return createTimeScale(within.length === 1 ? range : within);
  }

  /**
   * A range that is worked out in time as it lies on the width: over a break, a pixel to the left or right is another length
   * of time, but the same length of the width.
   */
  #onWidth(range: (even: (time: Nanoseconds) => number) => TimeRange): TimeRange {
    if (!this.#segments) return range((time) => time);
    const { fullScale } = this;
    const [start, end] = this.#full;
    const [from, to] = range((time) => start + fullScale.toUnit(time) * (end - start));
    return [fullScale.toTime((from - start) / (end - start)), fullScale.toTime((to - start) / (end - start))];
  }

  #clamped(range: TimeRange): TimeRange {
    const inside = this.#segments ? this.#onWidth((even) => this.#clampedEvenly(evenRange(range, even))) : range;
    return this.#clampedEvenly(inside);
  }

  #clampedEvenly([start, end]: TimeRange): TimeRange {
    const [fullStart, fullEnd] = this.#full;
    if (!(end > start)) return this.#full;
    const length = Math.min(Math.max(end - start, shortestRange), fullEnd - fullStart);
    const from = Math.min(Math.max(start, fullStart), fullEnd - length);
    return length === fullEnd - fullStart ? this.#full : [from, from + length];
  }
}

/** A trace of no length still needs a range with a length to be drawn in. */
function fullRange(duration: Nanoseconds): TimeRange {
  return [0, Math.max(duration, shortestRange)];
}

export function sameRange(a: TimeRange, b: TimeRange): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function evenRange([start, end]: TimeRange, even: (time: Nanoseconds) => number): TimeRange {
  return [even(start), even(end)];
}

function zoomed([start, end]: TimeRange, time: Nanoseconds, factor: number): TimeRange {
  const length = Math.max((end - start) * factor, shortestRange);
  const share = (time - start) / (end - start);
  return [time - share * length, time + (1 - share) * length];
}

function panned([start, end]: TimeRange, [fullStart, fullEnd]: TimeRange, fraction: number): TimeRange {
  const length = end - start;
  const from = Math.min(Math.max(start + fraction * length, fullStart), fullEnd - length);
  return [from, from + length];
}

function between(from: TimeRange, to: TimeRange, share: number): TimeRange {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

function prefersReducedMotion(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
}
