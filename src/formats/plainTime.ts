import {
  fromUnixNano,
  isKnown,
  type TimePoint,
  timeFromIso,
  timeFromNanoString,
  timeFromNumber,
  unknownTime,
} from '../model/time.ts';

/**
 * A time as files of unknown making have it: ISO 8601 (UTC where no zone is given), or a number since the epoch, also as
 * a string, in the unit that its size tells: seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds.
 * A `Date` too, for objects that never were JSON. Unknown for everything else.
 */
export function timeOfAnyUnit(value: unknown): TimePoint {
  if (typeof value === 'string') return timeOfText(value);
  if (typeof value === 'number') return timeFromNumber(value, unitBySize(value));
  if (typeof value === 'bigint') return timeOfText(String(value));
  if (value instanceof Date) return timeFromNumber(value.getTime(), 1e6);
  return unknownTime;
}

function timeOfText(text: string): TimePoint {
  const time = timeFromIso(text);
  if (isKnown(time)) return time;
  const trimmed = text.trim();
  // Nanoseconds do not fit into a number.
  if (/^\d{18,24}$/.test(trimmed)) return timeFromNanoString(trimmed);
  if (/^-\d{18,40}$/.test(trimmed) || /^\d{25,40}$/.test(trimmed)) return fromUnixNano(BigInt(trimmed));
  if (!/^[+-]?\d{1,17}(?:\.\d{1,30})?$/.test(trimmed)) return unknownTime;
  const number = Number(trimmed);
  return timeFromNumber(number, unitBySize(number));
}

function unitBySize(value: number): 1 | 1e3 | 1e6 | 1e9 {
  const size = Math.abs(value);
  return size < 1e11 ? 1e9 : size < 1e14 ? 1e6 : size < 1e17 ? 1e3 : 1;
}

/** To the nanosecond. */
export function addMilliseconds(time: TimePoint, milliseconds: number): TimePoint {
  const distance = timeFromNumber(milliseconds, 1e6);
  const nanos = time.nanos + distance.nanos;
  const seconds = time.seconds + distance.seconds;
  return nanos < 1e9 ? { seconds, nanos } : { seconds: seconds + 1, nanos: nanos - 1e9 };
}
