import type { Nanoseconds } from '../model/time.ts';
import { type Clock, clockMoment, clockTickLabel, clockTicks, isOnClock, wallYear } from './clockTime.ts';
import type { TimeRange, TimeScale } from './timeScale.ts';
import type { CssPixels } from './units.ts';

export interface TimeTick {
  /** A whole multiple of the step, from the trace's start or on the clock, so exact. */
  time: Nanoseconds;
  label: string;
}

export interface TimeTicksOptions {
  /**
   * About how many ticks.
   * @default 6, or what fits into `width`
   */
  count?: number;
  /** How wide the axis is, in CSS pixels: as many ticks as their labels leave room for. */
  width?: CssPixels;
  /** Labels tell the time of day, and ticks stand where this clock shows round times. @default times from the trace's start */
  clock?: Clock;
}

const second = 1e9;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** People count seconds and minutes by fives and fifteens, hours by sixes; all else by 1, 2, 5 and powers of ten. */
const clockSteps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
];

const pixelsBetweenLabels = 24;
const pixelsPerCharacter = 7;
const fewTicks = 4;

/**
 * Ticks within the range, at round times, from 1 ns apart to years, with labels that tell neighbours apart. By `clock`, a
 * label at midnight is the date; for years that no calendar has, times from the trace's start are told instead.
 */
export function timeTicks(range: TimeRange, { count, width, clock }: TimeTicksOptions = {}): TimeTick[] {
  const shownClock = clock && isOnClock(clock, range) ? clock : undefined;
  const ticksOf = (most: number) => ticksByStep(range, timeStep(range, most), shownClock);
  if (count !== undefined || width === undefined) return ticksOf(count ?? 6);
  // Deep zooms need long labels (`9 min 59.999999998 s`), so room is measured by the labels that come out.
  let room = 8;
  for (let attempt = 0; ; attempt++) {
    const ticks = ticksWithRoom(ticksOf, width, room);
    const longest = longestLabel(ticks);
    if (longest <= room && ticks.length < fewTicks) {
      // On a narrow axis two lines say little; short labels leave room for more.
      const more = ticksWithRoom(ticksOf, width, longest);
      return longestLabel(more) <= longest ? more : ticks;
    }
    if (longest <= room || attempt === 3) return ticks;
    room = longest;
  }
}

function ticksWithRoom(ticksOf: (most: number) => TimeTick[], width: CssPixels, charactersEach: number): TimeTick[] {
  return ticksOf(Math.max(1, Math.floor(width / (charactersEach * pixelsPerCharacter + pixelsBetweenLabels))));
}

function longestLabel(ticks: readonly TimeTick[]): number {
  return ticks.reduce((most, { label }) => Math.max(most, label.length), 0);
}

/**
 * `timeTicks` over a scale with breaks: each stretch between them has ticks of its own, at least one where there is room for
 * its label, so that it can be read where time goes on after a break; none stands in a break.
 */
export function scaleTicks(scale: TimeScale, options: TimeTicksOptions = {}): TimeTick[] {
  const { count, width = (count ?? 6) * 100, clock } = options;
  if (!scale.segments.some(({ compressed }) => compressed)) return timeTicks(scale.range, options);
  const ticks: TimeTick[] = [];
  const endOf = ({ time, label }: TimeTick): CssPixels =>
    scale.toUnit(time) * width + label.length * pixelsPerCharacter + pixelsBetweenLabels;
  let free = -Infinity;
  /** Where the ticks of the last stretch that has any begin. */
  let stretchStart = 0;
  for (const { range, compressed } of scale.segments) {
    if (compressed) continue;
    const room = (scale.toUnit(range[1]) - scale.toUnit(range[0])) * width;
    const byRoom = timeTicks(range, { width: room, clock });
    // Three steps of a range have a multiple within it, whatever the range.
    const found = byRoom.length > 0 ? byRoom : timeTicks(range, { count: 3, clock }).slice(0, 1);
    const before = ticks.length;
    for (const tick of found) {
      const x = scale.toUnit(tick.time) * width;
      // Where time goes on says more than one more tick before the break.
      if (x < free && ticks.length === before && before - stretchStart > 1) {
        ticks.pop();
        free = endOf(ticks.at(-1)!);
      }
      if (x < free) continue;
      if (ticks.length <= before) stretchStart = ticks.length;
      ticks.push(tick);
      free = endOf(tick);
    }
  }
  return ticks;
}

export interface TimeAtOptions {
  /** The time shown. */
  range: TimeRange;
  /** How wide it is drawn, in CSS pixels: a time is told as exactly as one of them, rounded to a decimal. @default 1000 */
  width?: CssPixels;
  /** Tells the date and time of day. @default time from the trace's start */
  clock?: Clock;
}

/** A time under the pointer, as text: `812.4 ms`, `2 min 30.0 s`; by a clock `Nov 25, 2026, 14:03:20.500`. */
export function formatTimeAt(time: Nanoseconds, { range, width = 1000, clock }: TimeAtOptions): string {
  const pixel = (range[1] - range[0]) / Math.max(width, 1);
  const step = pixel > 1 ? Math.min(10 ** Math.floor(Math.log10(pixel) + 1e-12), second) : 1;
  const rounded = Math.round(time / step) * step + 0;
  if (clock && isOnClock(clock, [time, time])) return clockMoment(clock, rounded, step);
  return timeLabel(rounded, step, Math.max(Math.abs(range[0]), Math.abs(range[1])));
}

/** The smallest round step that gives at most `count` steps in the range, in nanoseconds; at least 1. */
export function timeStep(range: TimeRange, count: number): Nanoseconds {
  const atLeast = (range[1] - range[0]) / Math.max(1, count);
  if (atLeast <= 0.5 * second) return Math.max(1, decimalStep(atLeast));
  return clockSteps.find((step) => step >= atLeast) ?? decimalStep(atLeast / day) * day;
}

function decimalStep(atLeast: number): number {
  if (!(atLeast > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(atLeast));
  // Half a step of grace for logarithms and divisions that miss a round number by their last bit.
  const factor = [1, 2, 5].find((factor) => factor * power >= atLeast * (1 - 1e-12)) ?? 10;
  return factor * power;
}

function ticksByStep(range: TimeRange, step: Nanoseconds, clock: Clock | undefined): TimeTick[] {
  if (clock) return ticksByClock(range, step, clock);
  const first = Math.ceil(range[0] / step);
  const last = Math.floor(range[1] / step);
  const reach = Math.max(Math.abs(range[0]), Math.abs(range[1]));
  const ticks: TimeTick[] = [];
  for (let n = first; n <= last; n++) {
    const time = n * step + 0; // no -0
    ticks.push({ time, label: timeLabel(time, step, reach) });
  }
  return ticks;
}

function ticksByClock(range: TimeRange, step: Nanoseconds, clock: Clock): TimeTick[] {
  const ticks = clockTicks(clock, range, step);
  const years = new Set(ticks.map(({ wall }) => wallYear(wall)));
  return ticks.map((tick) => ({ time: tick.time, label: clockTickLabel(clock, tick, step, years.size > 1) }));
}

/**
 * A time on an axis whose ticks lie `step` apart and reach up to `reach`: all in one unit, with as many decimals as the
 * step needs (`0.5 s`, `1.0 s`); from a minute on in clock units (`2 min 30 s`).
 */
export function timeLabel(time: Nanoseconds, step: Nanoseconds, reach: Nanoseconds): string {
  if (time < 0) return `−${timeLabel(-time, step, reach)}`;
  if (reach < 1e3) return decimalLabel(time, step, 1, 'ns');
  if (reach < 1e6) return decimalLabel(time, step, 1e3, 'µs');
  if (reach < second) return decimalLabel(time, step, 1e6, 'ms');
  if (time < minute) return decimalLabel(time, step, second, 's');
  return clockLabel(time, step);
}

function decimalLabel(time: Nanoseconds, step: Nanoseconds, unit: Nanoseconds, symbol: string): string {
  if (time === 0) return `0 ${symbol}`;
  return `${(time / unit).toFixed(decimalsOf(step, unit))} ${symbol}`;
}

/** How many decimals of `unit` tell multiples of the step apart. Steps are round, so this is exact. */
function decimalsOf(step: Nanoseconds, unit: Nanoseconds): number {
  let decimals = 0;
  for (let part = unit; step % part !== 0 && part > 1; part /= 10) decimals++;
  return decimals;
}

function clockLabel(time: Nanoseconds, step: Nanoseconds): string {
  const parts: string[] = [];
  let rest = time;
  for (const [unit, symbol] of [
    [day, 'd'],
    [hour, 'h'],
    [minute, 'min'],
  ] as const) {
    const whole = Math.floor(rest / unit);
    rest -= whole * unit;
    if (whole > 0) parts.push(`${whole} ${symbol}`);
  }
  if (rest > 0) parts.push(decimalLabel(rest, step, second, 's'));
  return parts.join(' ');
}
