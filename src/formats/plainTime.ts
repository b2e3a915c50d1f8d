import { fromUnixNano, isKnown, type TimePoint, timeFromIso, timeFromNumber } from '../model/time.ts';

/**
 * Reads a time as files of unknown making have it into `target`: ISO 8601 (UTC where no zone is given), or a number since
 * the epoch, also as a string or bigint, in the unit that its size tells: seconds below 1e11, milliseconds below 1e14, microseconds below
 * 1e17, else nanoseconds; a pair of seconds and nanoseconds, as OpenTelemetry's JavaScript keeps times. A `Date` too, for objects that never
 * were JSON.
 *
 * The target is used again for each span, so that a million spans make no object each.
 *
 * @returns whether it is a time. A value that is not there (undefined, null, an empty string) is one, and is unknown.
 */
export function setTime(target: TimePoint, value: unknown): boolean {
  target.seconds = NaN;
  target.nanos = NaN;
  if (value === undefined || value === null || value === '') return true;
  if (typeof value === 'string') return setUsualIso(target, value) || copy(target, timeOfText(value));
  if (typeof value === 'number') return copy(target, timeFromNumber(value, unitBySize(value)));
  if (typeof value === 'bigint') return copy(target, timeOfDigits(String(value)));
  if (Array.isArray(value)) return setPair(target, value);
  if (value instanceof Date) return copy(target, timeFromNumber(value.getTime(), 1e6));
  return false;
}

function copy(target: TimePoint, time: TimePoint | undefined): boolean {
  if (!time || !isKnown(time)) return false;
  target.seconds = time.seconds;
  target.nanos = time.nanos;
  return true;
}

/** OpenTelemetry's `HrTime`. */
function setPair(target: TimePoint, [seconds, nanos, ...more]: readonly unknown[]): boolean {
  const isPair = Number.isSafeInteger(seconds) && typeof nanos === 'number' && nanos >= 0 && nanos < 1e9;
  if (!isPair || more.length > 0) return false;
  target.seconds = seconds as number;
  target.nanos = Math.floor(nanos);
  return true;
}

function timeOfText(text: string): TimePoint | undefined {
  const time = timeFromIso(text);
  return isKnown(time) ? time : timeOfDigits(text.trim());
}

/** Seconds to nanoseconds since the epoch in decimal digits. Nanoseconds do not fit into a number. */
function timeOfDigits(text: string): TimePoint | undefined {
  if (/^[+-]?\d{18,40}$/.test(text)) return fromUnixNano(BigInt(text.replace('+', '')));
  if (!/^[+-]?\d{1,17}(?:\.\d{1,30})?$/.test(text)) return undefined;
  const number = Number(text);
  return timeFromNumber(number, unitBySize(number));
}

function unitBySize(value: number): 1 | 1e3 | 1e6 | 1e9 {
  const size = Math.abs(value);
  if (size < 1e11) return 1e9;
  if (size < 1e14) return 1e6;
  return size < 1e17 ? 1e3 : 1;
}

/** Sets `target` to another time plus milliseconds, to the nanosecond; unknown where that time is. */
export function setSum(target: TimePoint, time: TimePoint, milliseconds: number): void {
  const distance = timeFromNumber(milliseconds, 1e6);
  const nanos = time.nanos + distance.nanos;
  const carry = nanos < 1e9 ? 0 : 1;
  target.seconds = time.seconds + distance.seconds + carry;
  target.nanos = nanos - carry * 1e9;
}

/**
 * A length of time as ISO 8601 writes it (`PT0.1S`, `P1DT2H`), in milliseconds, down to the nanosecond. Undefined for what
 * is none: years and months, which have no length of their own, among it.
 */
export function durationOfIso(text: unknown): number | undefined {
  const match = typeof text === 'string' && text.length <= 60 ? isoDuration.exec(text) : null;
  if (!match || match.slice(2).every((part) => part === undefined)) return undefined;
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const whole = ((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes);
  const nanoseconds = Math.round((whole * 60 + Number(String(seconds).replace(',', '.'))) * 1e9);
  return (sign === '-' ? -nanoseconds : nanoseconds) / 1e6;
}

const isoDuration = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;

/**
 * `2026-11-23T09:30:00[.123456789][Z|+01:00]`, or with a space for the T, digit by digit. False for every other spelling,
 * and for what is rare (leap seconds, the last days of months): those are left to `timeFromIso`.
 */
function setUsualIso(target: TimePoint, text: string): boolean {
  // Times of one file mostly share their minute.
  if (!text.startsWith(latestMinute) && !rememberMinute(text)) return false;
  const second = twoDigits(text, 17);
  if (!(second <= 59)) return false;
  let at = 19;
  let nanos = 0;
  if (text.charCodeAt(at) === dot) {
    let unit = 1e8;
    for (at++; isDigit(text.charCodeAt(at)); at++) {
      // Past the ninth digit the unit is below 1: those are cut.
      if (unit >= 1) nanos += (text.charCodeAt(at) - zero) * unit;
      unit /= 10;
    }
    if (at === 20) return false;
  }
  const offset = zoneSeconds(text, at);
  if (Number.isNaN(offset)) return false;
  target.seconds = latestMinuteSeconds + second - offset;
  target.nanos = nanos;
  return true;
}

/** Up to and with the colon before the seconds. Any text that is no minute matches nothing. */
let latestMinute = '\0';
let latestMinuteSeconds = 0;

function rememberMinute(text: string): boolean {
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 32) return false;
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return false;
  if (text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return false;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || (day <= 30 && month !== 2)))) return false;
  if (!(hour <= 23 && minute <= 59)) return false;
  latestMinute = text.slice(0, 17);
  latestMinuteSeconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60;
  return true;
}

const zero = 48;
const dash = 45;
const plus = 43;
const dot = 46;
const colon = 58;
const letterZ = 90;

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}

/** NaN where either is no digit. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at);
  const ones = text.charCodeAt(at + 1);
  return isDigit(tens) && isDigit(ones) ? (tens - zero) * 10 + ones - zero : NaN;
}

/** The zone from `at` to the text's end; none is UTC. NaN for other text. */
function zoneSeconds(text: string, at: number): number {
  const rest = text.length - at;
  const sign = text.charCodeAt(at);
  if (rest === 0 || (rest === 1 && sign === letterZ)) return 0;
  if (rest !== 6 || text.charCodeAt(at + 3) !== colon || (sign !== plus && sign !== dash)) return NaN;
  const hours = twoDigits(text, at + 1);
  const minutes = twoDigits(text, at + 4);
  if (!(hours <= 23 && minutes <= 59)) return NaN;
  return (hours * 3600 + minutes * 60) * (sign === dash ? -1 : 1);
}

/** https://howardhinnant.github.io/date_algorithms.html#days_from_civil: years begin in March, so that leap days end them. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
