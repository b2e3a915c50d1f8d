/** A length of time, or an offset from a trace's start, in whole nanoseconds. Exact up to 2^53 ns, that is 104 days. */
export type Nanoseconds = number;

/**
 * The longest distance in time that a number still counts in single nanoseconds: 2^53 ns, about 104 days.
 * A span that starts further than this from the trace's median start is marked `implausible-time`.
 */
export const maxExactNanoseconds: Nanoseconds = Number.MAX_SAFE_INTEGER;

const nanosecondsPerSecond = 1_000_000_000;

/**
 * A point in time, split so that both halves are exact as numbers: nanoseconds since the epoch
 * (1.8e18) do not fit into one, and a bigint for each span is ten times slower.
 *
 * `seconds` since the Unix epoch may be negative; `nanos` lies in [0, 1e9). Both are NaN where the time is not known.
 */
export interface TimePoint {
  seconds: number;
  nanos: number;
}

/** Thirty million years: nothing means such a time, and with it sums would run over what numbers hold. */
const mostSeconds = 1e15;

export const unknownTime: Readonly<TimePoint> = Object.freeze({ seconds: NaN, nanos: NaN });

export function isKnown(time: TimePoint): boolean {
  return !Number.isNaN(time.seconds);
}

/** From `from` to `to`, in nanoseconds; NaN where either is unknown. Exact while the distance is under 104 days. */
export function nanosecondsBetween(from: TimePoint, to: TimePoint): Nanoseconds {
  return (to.seconds - from.seconds) * nanosecondsPerSecond + (to.nanos - from.nanos);
}

export function toUnixNano(time: TimePoint): bigint {
  return BigInt(time.seconds) * 1_000_000_000n + BigInt(time.nanos);
}

/** Unknown beyond thirty million years. */
export function fromUnixNano(unixNano: bigint): TimePoint {
  const nanos = ((unixNano % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((unixNano - nanos) / 1_000_000_000n);
  return Math.abs(seconds) >= mostSeconds ? unknownTime : { seconds, nanos: Number(nanos) };
}

/**
 * A number of `unit`s since the epoch, the unit given in nanoseconds (1e3 for µs, 1e6 for ms, 1e9 for s).
 * Fractions count down to the nanosecond. Unknown for NaN, the infinities, and beyond thirty million years.
 */
export function timeFromNumber(value: number, unit: 1 | 1e3 | 1e6 | 1e9): TimePoint {
  const perSecond = nanosecondsPerSecond / unit;
  if (!(Math.abs(value) / perSecond < mostSeconds)) return unknownTime;
  const magnitude = Math.abs(value);
  const whole = Math.floor(magnitude);
  let seconds = Math.floor(whole / perSecond);
  let nanos = (whole - seconds * perSecond) * unit + Math.round(decimalFraction(magnitude, whole) * unit);
  if (nanos >= nanosecondsPerSecond) {
    seconds += 1;
    nanos -= nanosecondsPerSecond;
  }
  if (value >= 0) return { seconds, nanos };
  return nanos > 0
    ? { seconds: -seconds - 1, nanos: nanosecondsPerSecond - nanos }
    : { seconds: 0 - seconds, nanos: 0 };
}

/**
 * The decimals of a number as it is written. A difference would give those of the binary number beside it: for a time in
 * seconds, 1700000000.123456, it is off by 1 ns, in milliseconds by up to 120.
 */
function decimalFraction(value: number, whole: number): number {
  if (value === whole) return 0;
  const text = String(value);
  return text.includes('e') ? value - whole : Number(`0${text.slice(text.indexOf('.'))}`);
}

/** Nanoseconds since the epoch as a decimal string ("1544712660000000000"), as protobuf's JSON writes 64-bit integers. */
export function timeFromNanoString(text: string): TimePoint {
  if (!/^[0-9]{1,24}$/.test(text)) return unknownTime;
  const seconds = text.length > 9 ? Number(text.slice(0, -9)) : 0;
  return { seconds, nanos: Number(text.slice(-9)) };
}

const isoTime =
  /^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?\s?([Zz]|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$/;

/**
 * A time as ISO 8601 and RFC 3339 write it, to the nanosecond (further digits are cut).
 * Without a zone it is UTC, not local time as `Date` has it: exporters that leave the zone out (Python's `isoformat()`) mean UTC.
 */
export function timeFromIso(text: string): TimePoint {
  const match = isoTime.exec(text.trim());
  if (!match) return unknownTime;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  // Date.UTC reads years 0 to 99 as 1900 to 1999; setUTCFullYear does not.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const secondOfDay = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  const isDate = date.getUTCMonth() === Number(month) - 1;
  // 24:00:00 is the end of a day, and a leap second the 61st of its minute.
  const isTimeOfDay = Number(minute) < 60 && Number(second) <= 60 && (Number(hour) < 24 || secondOfDay === 86_400);
  const offset = zoneOffsetSeconds(zone);
  if (!isDate || !isTimeOfDay || Number.isNaN(offset)) return unknownTime;
  const seconds = date.getTime() / 1000 + secondOfDay - offset;
  return { seconds, nanos: Number(fraction.slice(0, 9).padEnd(9, '0')) };
}

/** NaN for an offset that no clock has. */
function zoneOffsetSeconds(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (!match) return 0;
  if (Number(match[2]) > 23 || Number(match[3] ?? 0) > 59) return NaN;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60;
  return match[1] === '-' ? -seconds : seconds;
}

/**
 * ISO 8601 in UTC with a `Z`: whole seconds bare, else three digits where they suffice for a millisecond, six for a
 * microsecond, nine for a nanosecond, so that what was read comes back digit for digit.
 */
export function toIsoTime(unixNano: bigint): string {
  const { seconds, nanos } = fromUnixNano(unixNano);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()))
    throw new RangeError(`${unixNano} ns since 1970 lies outside the years a Date can hold.`);
  const whole = date.toISOString().slice(0, -5);
  if (nanos === 0) return `${whole}Z`;
  const digits = String(nanos).padStart(9, '0');
  if (digits.endsWith('000000')) return `${whole}.${digits.slice(0, 3)}Z`;
  if (digits.endsWith('000')) return `${whole}.${digits.slice(0, 6)}Z`;
  return `${whole}.${digits}Z`;
}
