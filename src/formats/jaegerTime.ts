import { fromUnixNano, type TimePoint, timeFromNumber } from '../model/time.ts';

/**
 * Reads microseconds since the epoch, a number or decimal text, into `target`, which is used again for each span.
 * Unknown for anything else.
 */
export function setMicroseconds(target: TimePoint, value: unknown): void {
  const micros = microsecondsOf(value);
  if (Number.isSafeInteger(micros)) {
    setWholeMicroseconds(target, micros);
    return;
  }
  const { seconds, nanos } = timeFromNumber(micros, 1e3);
  target.seconds = seconds;
  target.nanos = nanos;
}

/** Sets `target` to `start` and a duration in microseconds; unknown where either is not known. */
export function setEnd(target: TimePoint, start: TimePoint, startTime: unknown, duration: unknown): void {
  const micros = microsecondsOf(duration);
  if (typeof startTime === 'number' && Number.isSafeInteger(startTime)) {
    const end = startTime + micros;
    if (Number.isSafeInteger(micros) && Number.isSafeInteger(end)) {
      setWholeMicroseconds(target, end);
      return;
    }
  }
  const distance = timeFromNumber(micros, 1e3);
  const nanos = start.nanos + distance.nanos;
  const carry = nanos < 1e9 ? 0 : 1;
  target.seconds = start.seconds + distance.seconds + carry;
  target.nanos = nanos - carry * 1e9;
}

/** Nanoseconds since the epoch as decimal text; leaves `target` as it is where there is none. */
export function setUnixNanoText(target: TimePoint, text: unknown): void {
  if (typeof text !== 'string') return;
  const { seconds, nanos } = fromUnixNano(BigInt(text));
  target.seconds = seconds;
  target.nanos = nanos;
}

/** NaN for what is no number. */
function microsecondsOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return (typeof value === 'string' && value.trim() !== '') || typeof value === 'bigint' ? Number(value) : NaN;
}

function setWholeMicroseconds(target: TimePoint, micros: number): void {
  const seconds = Math.floor(micros / 1e6);
  target.seconds = seconds;
  target.nanos = (micros - seconds * 1e6) * 1000;
}
