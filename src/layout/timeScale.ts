import { scaleLinear } from 'd3-scale';
import type { Nanoseconds } from '../model/time.ts';

/** From start to end, in nanoseconds from the trace's start. */
export type TimeRange = readonly [start: Nanoseconds, end: Nanoseconds];

/**
 * A stretch of time and the share of the width that it is given. Shares are weights: [1, 1] halves the width between two
 * segments. The stretches follow one another without a hole.
 *
 * ```
 * time    0 s ────── 2 s ──────────────────── 600 s ──── 602 s      an idle gap, compressed
 * width   ├─ share 49 ─┤├──── share 2 ────────┤├─ share 49 ─┤
 * ```
 */
export interface TimeSegment {
  readonly range: TimeRange;
  readonly share: number;
  /** Idle time that gets less of the width than its length asks for: drawn as a break. @default false */
  readonly compressed?: boolean;
}

/** A mapping between time and a fraction of the width. Times outside the range go beyond [0, 1]; nothing is clipped. */
export interface TimeScale {
  readonly range: TimeRange;
  readonly segments: readonly TimeSegment[];
  toUnit(time: Nanoseconds): number;
  toTime(unit: number): Nanoseconds;
}

/**
 * A time scale over one range, or piecewise over several segments. A range without length is widened by 1 ns, so that
 * what happens in it stands at 0 and not nowhere.
 */
export function createTimeScale(rangeOrSegments: TimeRange | readonly TimeSegment[]): TimeScale {
  const segments = segmentsOf(rangeOrSegments);
  const totalShare = segments.reduce((sum, segment) => sum + segment.share, 0);
  const domain = [segments[0]!.range[0]];
  const units = [0];
  let share = 0;
  for (const segment of segments) {
    share += segment.share;
    domain.push(segment.range[1]);
    units.push(share / totalShare);
  }
  units[units.length - 1] = 1;
  const scale = scaleLinear(domain, units);
  return {
    range: [domain[0]!, domain[domain.length - 1]!],
    segments,
    toUnit: (time) => scale(time),
    toTime: (unit) => scale.invert(unit),
  };
}

function segmentsOf(rangeOrSegments: TimeRange | readonly TimeSegment[]): readonly TimeSegment[] {
  if (isRange(rangeOrSegments)) {
    const [start, end] = rangeOrSegments;
    if (!Number.isFinite(start) || !Number.isFinite(end) || end < start) {
      throw new RangeError(
        `A time range goes from a start to an end that is not before it; this one is [${start}, ${end}].`,
      );
    }
    return [{ range: [start, end > start ? end : nextTime(start)], share: 1 }];
  }
  checkSegments(rangeOrSegments);
  return rangeOrSegments;
}

function isRange(value: TimeRange | readonly TimeSegment[]): value is TimeRange {
  return typeof value[0] === 'number';
}

function checkSegments(segments: readonly TimeSegment[]): void {
  if (segments.length === 0) throw new RangeError('A time scale needs at least one segment.');
  for (const [at, { range, share }] of segments.entries()) {
    if (!(range[1] > range[0]) || !(share > 0)) {
      throw new RangeError(`Segment ${at} of a time scale needs a length and a share above 0.`);
    }
    if (at > 0 && range[0] !== segments[at - 1]!.range[1]) {
      throw new RangeError(`Segment ${at} of a time scale does not start where the one before it ends.`);
    }
  }
}

/** The next nanosecond, or the next number where numbers lie further apart than that. */
export function nextTime(time: Nanoseconds): Nanoseconds {
  return time + Math.max(1, Math.abs(time) * Number.EPSILON);
}
