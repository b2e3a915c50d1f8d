import type { Nanoseconds } from '../model/time.ts';
import type { TimeRange } from './timeScale.ts';

/** What turns offsets from a trace's start into times of day. */
export interface Clock {
  /** `Trace.startTimeUnixNano`. */
  readonly startTimeUnixNano: bigint;
  /** An IANA name, as `Europe/Berlin`; Intl throws a RangeError for one that it does not know. @default 'UTC' */
  readonly timeZone?: string;
  /** For the names of months. @default 'en' */
  readonly locale?: string;
}

const second = 1_000_000_000n;
const minute = 60n * second;
const hour = 60n * minute;
const day = 24n * hour;

/** A Date reaches 8.64e15 ms to either side of 1970. */
const furthest = 8_640_000_000_000_000n * 1_000_000n;

export interface ClockTick {
  /** Offset from the trace's start. */
  readonly time: Nanoseconds;
  /** Nanoseconds of the zone's own clock since 1970, as if that were UTC. */
  readonly wall: bigint;
}

/** Whether all of a range lies in years that calendars know. */
export function isOnClock({ startTimeUnixNano }: Clock, [start, end]: TimeRange): boolean {
  const from = startTimeUnixNano + BigInt(Math.floor(start)) - day;
  const to = startTimeUnixNano + BigInt(Math.ceil(end)) + day;
  return from > -furthest && to < furthest;
}

/**
 * The times in a range at which the zone's clock shows whole multiples of a step. Steps of an hour and more follow the
 * zone's clock over a change to or from summer time: midnight stays midnight.
 */
export function clockTicks(clock: Clock, range: TimeRange, step: Nanoseconds): ClockTick[] {
  const { startTimeUnixNano } = clock;
  const first = startTimeUnixNano + BigInt(Math.ceil(range[0]));
  const last = startTimeUnixNano + BigInt(Math.floor(range[1]));
  const stepNano = BigInt(step);
  const ticks: ClockTick[] = [];
  const add = (instant: bigint, wall: bigint) => {
    if (instant < first || instant > last) return;
    const time = Number(instant - startTimeUnixNano);
    if (ticks.length === 0 || time > ticks.at(-1)!.time) ticks.push({ time, wall });
  };
  if (stepNano < hour) {
    // Zones differ by quarters of an hour, so such a step meets the clock before a change as after it.
    let instant = roundedUp(first + zoneOffset(clock, first), stepNano) - zoneOffset(clock, first);
    for (; instant <= last; instant += stepNano) add(instant, instant + zoneOffset(clock, instant));
  } else {
    const end = last + zoneOffset(clock, last) + day;
    for (let wall = roundedUp(first + zoneOffset(clock, first) - day, stepNano); wall <= end; wall += stepNano) {
      const guess = wall - zoneOffset(clock, wall);
      add(wall - zoneOffset(clock, guess), wall);
    }
  }
  return ticks;
}

/** The label of a tick: the time of day as exactly as the step needs, the date at midnight and for steps of days. */
export function clockTickLabel(clock: Clock, { wall }: ClockTick, step: Nanoseconds, withYear: boolean): string {
  return BigInt(step) >= day || modulo(wall, day) === 0n
    ? clockDate(clock, wall, withYear)
    : clockTimeOfDay(wall, step);
}

/** A moment with its date, as exactly as the step asks: `Nov 25, 2026, 14:03:20.500`. */
export function clockMoment(clock: Clock, time: Nanoseconds, step: Nanoseconds): string {
  const instant = clock.startTimeUnixNano + BigInt(Math.round(time));
  const wall = instant + zoneOffset(clock, instant);
  return `${clockDate(clock, wall, true)}, ${clockTimeOfDay(wall, Math.min(step, 1e9))}`;
}

export function wallYear(wall: bigint): number {
  return new Date(Number(roundedDown(wall, 1_000_000n) / 1_000_000n)).getUTCFullYear();
}

/** `14:03`, `14:03:20`, `14:03:20.500`: the same on every clock, whatever the language. */
function clockTimeOfDay(wall: bigint, step: Nanoseconds): string {
  const ofDay = modulo(wall, day);
  const two = (value: bigint) => String(value).padStart(2, '0');
  const hoursAndMinutes = `${two(ofDay / hour)}:${two((ofDay / minute) % 60n)}`;
  if (step >= Number(minute) && ofDay % minute === 0n) return hoursAndMinutes;
  const seconds = `${hoursAndMinutes}:${two((ofDay / second) % 60n)}`;
  const decimals = Math.max(0, 9 - Math.floor(Math.log10(Math.max(step, 1)) + 1e-9));
  return decimals === 0
    ? seconds
    : `${seconds}.${String(ofDay % second)
        .padStart(9, '0')
        .slice(0, decimals)}`;
}

function clockDate({ locale = 'en' }: Clock, wall: bigint, withYear: boolean): string {
  const milliseconds = Number(roundedDown(wall, 1_000_000n) / 1_000_000n);
  return dateFormat(locale, withYear).format(milliseconds);
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: string, withYear: boolean): Intl.DateTimeFormat {
  return kept(dateFormats, `${locale} ${withYear}`, () => {
    const year = withYear ? ({ year: 'numeric' } as const) : {};
    return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short', ...year });
  });
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clock is ahead of UTC at a moment, in nanoseconds. */
function zoneOffset({ timeZone = 'UTC' }: Clock, instant: bigint): bigint {
  if (timeZone === 'UTC') return 0n;
  const format = kept(
    zoneFormats,
    timeZone,
    () =>
      new Intl.DateTimeFormat('en-US', {
        timeZone,
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      }),
  );
  const atSecond = roundedDown(instant, second);
  const parts = new Map(format.formatToParts(Number(atSecond / 1_000_000n)).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  // Date.UTC reads years 0 to 99 as 1900 to 1999; setUTCFullYear does not.
  const wall = new Date(0);
  wall.setUTCFullYear(year, part('month') - 1, part('day'));
  wall.setUTCHours(part('hour'), part('minute'), part('second'));
  return BigInt(wall.getTime()) * 1_000_000n - atSecond;
}

/** A host shows few zones and languages; the map is emptied rather than left to grow. */
function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    if (map.size >= 50) map.clear();
    value = make();
    map.set(key, value);
  }
  return value;
}

function modulo(value: bigint, by: bigint): bigint {
  return ((value % by) + by) % by;
}

function roundedDown(value: bigint, to: bigint): bigint {
  return value - modulo(value, to);
}

function roundedUp(value: bigint, to: bigint): bigint {
  return -roundedDown(-value, to);
}
