import { fromUnixNano, type TimePoint, timeFromIso, timeFromNumber, unknownTime } from '../model/time.ts';
import { longToBigint } from './anyValue.ts';

/**
 * Reads a time of OTLP, nanoseconds since the epoch, into `time`; unknown for nothing and for what is no time. A decimal
 * string, as protobuf's JSON has it; else a number, a Long (`{ low, high }`), JavaScript's `[seconds, nanoseconds]`,
 * protobuf's `{ seconds, nanos }`, ISO 8601.
 */
export function readOtlpTime(value: unknown, time: TimePoint): void {
  if (typeof value === 'string' && readDigits(value, time)) return;
  const { seconds, nanos } = otherTime(value);
  time.seconds = seconds;
  time.nanos = nanos;
}

/** Nearly all spans of nearly all files, so without an object, a regular expression or a copy of the text. */
function readDigits(text: string, time: TimePoint): boolean {
  const { length } = text;
  if (length === 0 || length > 24) return false;
  const split = length - 9;
  let seconds = 0;
  let nanos = 0;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return false;
    if (at < split) seconds = seconds * 10 + digit;
    else nanos = nanos * 10 + digit;
  }
  time.seconds = seconds;
  time.nanos = nanos;
  return true;
}

function otherTime(value: unknown): TimePoint {
  switch (typeof value) {
    case 'number':
      return timeOfNumber(value);
    case 'bigint':
      return timeOfBigint(value);
    case 'string':
      return timeOfText(value.trim());
    case 'object':
      return timeOfObject(value);
    default:
      return unknownTime;
  }
}

/** Beyond, a number no longer counts whole seconds. */
const mostNanoseconds = 1e24;

function timeOfNumber(value: number): TimePoint {
  return Math.abs(value) < mostNanoseconds ? timeFromNumber(value, 1) : unknownTime;
}

function timeOfBigint(value: bigint): TimePoint {
  return Math.abs(Number(value)) < mostNanoseconds ? fromUnixNano(value) : unknownTime;
}

function timeOfText(text: string): TimePoint {
  if (text === '') return unknownTime;
  if (/^[+-]?[0-9]{1,24}$/.test(text)) return timeOfBigint(BigInt(text));
  const number = Number(text);
  return Number.isNaN(number) ? timeFromIso(text) : timeOfNumber(number);
}

function timeOfObject(value: object | null): TimePoint {
  const long = longToBigint(value);
  if (long !== undefined) return timeOfBigint(long);
  const [seconds, nanos] = Array.isArray(value) ? value : Object.values(value ?? {});
  if (!Number.isSafeInteger(seconds) || !(nanos >= 0 && nanos < 1e9)) return unknownTime;
  return { seconds, nanos: Math.round(nanos) };
}
