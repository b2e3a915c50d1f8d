import type { TimeScale } from '../layout/timeScale.ts';
import type { CssPixels } from '../layout/units.ts';
import type { Nanoseconds } from '../model/time.ts';
import type { Span, SpanEvent } from '../model/trace.ts';

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

/** Events whose marks are at one place. */
export interface EventsAt {
  readonly events: readonly SpanEvent[];
  /** How many more there are. */
  readonly more: number;
  /** The same for the same events. */
  readonly key: string;
}

const mostShown = 4;

/** The events of a span within `reach` of a place, exceptions first; undefined where there are none. */
export function eventsNear(
  span: Span,
  x: CssPixels,
  reach: CssPixels,
  xOf: (time: Nanoseconds) => CssPixels,
): EventsAt | undefined {
  const { events } = span;
  if (events.length === 0) return undefined;
  const places: number[] = [];
  for (let place = 0; place < Math.min(events.length, mostEvents); place++) {
    const { time } = events[place]!;
    if (time !== undefined && Math.abs(xOf(time) - x) <= reach) places.push(place);
  }
  if (places.length === 0) return undefined;
  const rank = (place: number) => (events[place]!.name === 'exception' ? 0 : 1);
  const shown = places.sort((a, b) => rank(a) - rank(b) || a - b).slice(0, mostShown);
  return {
    events: shown.map((place) => events[place]!),
    more: places.length - shown.length,
    key: `${span.key} ${places.join(' ')}`,
  };
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
