import { fromUnixNano, type TimePoint, timeFromNumber } from '../model/time.ts';

/**
 * Reads microseconds since the epoch, a number or decimal text, into `target`, which is used again for each span.
 * Unknown for anything else.
 */
export function setMicroseconds(target: TimePoint, value: unknown): void {
  target.seconds = NaN;
  target.nanos = NaN;
  const micros = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof micros !== 'number' || !Number.isFinite(micros)) return;
  if (Number.isSafeInteger(micros)) setWholeMicroseconds(target, micros);
  else assign(target, timeFromNumber(micros, 1e3));
}

/** Sets `target` to `start` and a duration in microseconds; unknown where either is not known. */
export function setEnd(target: TimePoint, start: TimePoint, startTime: unknown, duration: unknown): void {
  target.seconds = NaN;
  target.nanos = NaN;
  const micros = typeof duration === 'string' && duration.trim() !== '' ? Number(duration) : duration;
  if (typeof micros !== 'number' || !Number.isFinite(micros)) return;
  if (Number.isSafeInteger(startTime) && Number.isSafeInteger(micros)) {
    setWholeMicroseconds(target, (startTime as number) + micros);
    return;
  }
  const distance = timeFromNumber(micros, 1e3);
  const nanos = start.nanos + distance.nanos;
  const carry = nanos < 1e9 ? 0 : 1;
  target.seconds = start.seconds + distance.seconds + carry;
  target.nanos = nanos - carry * 1e9;
}

/** Nanoseconds since the epoch as decimal text; leaves `target` as it is where the text is none. */
export function setUnixNanoText(target: TimePoint, text: unknown): void {
  if (typeof text === 'string' && /^-?\d{1,30}$/.test(text)) assign(target, fromUnixNano(BigInt(text)));
}

function setWholeMicroseconds(target: TimePoint, micros: number): void {
  const seconds = Math.floor(micros / 1e6);
  target.seconds = seconds;
  target.nanos = (micros - seconds * 1e6) * 1000;
}

function assign(target: TimePoint, time: TimePoint): void {
  target.seconds = time.seconds;
  target.nanos = time.nanos;
}
