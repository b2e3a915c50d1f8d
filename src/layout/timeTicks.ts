import type { Nanoseconds } from '../model/time.ts';
import type { TimeRange } from './timeScale.ts';

export interface TimeTick {
  /** A whole multiple of the step, so exact. */
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
  width?: number;
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

/** Ticks within the range, at round times, from 1 ns apart to years, with labels that tell neighbours apart. */
export function timeTicks(range: TimeRange, { count, width }: TimeTicksOptions = {}): TimeTick[] {
  if (count !== undefined || width === undefined) return ticksByStep(range, timeStep(range, count ?? 6));
  // Deep zooms need long labels (`9 min 59.999999998 s`), so room is measured by the labels that come out.
  let room = 8;
  for (let attempt = 0; ; attempt++) {
    const ticks = ticksWithRoom(range, width, room);
    const longest = longestLabel(ticks);
    if (longest <= room && ticks.length < fewTicks) {
      // On a narrow axis two lines say little; short labels leave room for more.
      const more = ticksWithRoom(range, width, longest);
      return longestLabel(more) <= longest ? more : ticks;
    }
    if (longest <= room || attempt === 3) return ticks;
    room = longest;
  }
}

function ticksWithRoom(range: TimeRange, width: number, charactersEach: number): TimeTick[] {
  const fitting = Math.max(1, Math.floor(width / (charactersEach * pixelsPerCharacter + pixelsBetweenLabels)));
  return ticksByStep(range, timeStep(range, fitting));
}

function longestLabel(ticks: readonly TimeTick[]): number {
  return ticks.reduce((most, { label }) => Math.max(most, label.length), 0);
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

function ticksByStep(range: TimeRange, step: Nanoseconds): TimeTick[] {
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
