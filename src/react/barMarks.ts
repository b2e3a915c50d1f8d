import type { TimeScale } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span } from '../model/trace.ts';

/** Marks nearer to one another than this are one mark. */
const nearest: CssPixels = 7;
/** More events than a bar has pixels for say nothing one by one, and reading on costs time. */
const mostEvents = 2000;

/** When things happened on a span, in order, exceptions apart from the rest. */
export interface EventTimes {
  readonly events: readonly Nanoseconds[];
  readonly exceptions: readonly Nanoseconds[];
}

const none: EventTimes = { events: [], exceptions: [] };

export function eventTimesOf(span: Span): EventTimes {
  const { events } = span;
  if (events.length === 0) return none;
  const times: Nanoseconds[] = [];
  const exceptions: Nanoseconds[] = [];
  for (const { name, time } of events.slice(0, mostEvents)) {
    if (time !== undefined) (name === 'exception' ? exceptions : times).push(time);
  }
  const ascending = (a: number, b: number) => a - b;
  return { events: times.sort(ascending), exceptions: exceptions.sort(ascending) };
}

/** The SVG path of a diamond at each time in sight, 12 px high around `y`. */
export function diamondPath(
  times: readonly Nanoseconds[],
  scale: TimeScale,
  width: CssPixels,
  y: CssPixels,
  radius = 3.5,
): string {
  let path = '';
  let last = -Infinity;
  for (const time of times) {
    const x = scale.toUnit(time) * width;
    if (x < -radius || x > width + radius || x - last < nearest) continue;
    last = x;
    path += `M${x.toFixed(1)} ${y - radius}l${radius} ${radius}-${radius} ${radius}-${radius}-${radius}z`;
  }
  return path;
}

/** The SVG path of a line along each stretch that is in sight: pairs of start and end. */
export function stretchPath(
  stretches: Float64Array | undefined,
  scale: TimeScale,
  width: CssPixels,
  y: CssPixels,
): string {
  if (!stretches) return '';
  let path = '';
  for (let at = 0; at < stretches.length; at += 2) {
    const from = Math.max(0, scale.toUnit(stretches[at]!) * width);
    const to = Math.min(width, Math.max(scale.toUnit(stretches[at + 1]!) * width, from + 1));
    if (to > 0 && from < width) path += `M${from.toFixed(1)} ${y}H${to.toFixed(1)}`;
  }
  return path;
}
