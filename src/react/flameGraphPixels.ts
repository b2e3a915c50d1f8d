import type { TimeScale } from '../layout/timeScale.ts';
import type { Nanoseconds } from '../model/time.ts';

/** A length or place on the canvas in its own pixels, of which a CSS pixel has `devicePixelRatio`. */
export type DevicePixels = number;

/** A part of the range over which time runs evenly. */
export interface Stretch {
  start: Nanoseconds;
  end: Nanoseconds;
  /** `x = (time - reference) * perNanosecond + base` */
  reference: Nanoseconds;
  perNanosecond: number;
  base: DevicePixels;
  /** The largest power of two of nanoseconds that is no longer than a pixel. */
  step: Nanoseconds;
}

/**
 * Time to pixels for one frame. Where blocks are cut to whole pixels, panning by a part of a pixel would let each of them
 * round for itself and flicker, so the window's own start is cut to a whole pixel of one grid for all time: they move
 * as one. Numbers stay small, whatever the time, so that 1 ns is as exact in the tenth minute as in the first.
 */
export class PixelScale {
  readonly width: DevicePixels;
  readonly start: Nanoseconds;
  readonly end: Nanoseconds;
  readonly #stretches: Stretch[];

  constructor(scale: TimeScale, width: DevicePixels) {
    this.width = width;
    [this.start, this.end] = scale.range;
    const { segments } = scale;
    if (segments.length === 1) {
      this.#stretches = [wholeStretch(this.start, this.end, width)];
      return;
    }
    const shares = segments.reduce((sum, { share }) => sum + share, 0);
    let base = 0;
    this.#stretches = segments.map(({ range: [start, end], share }) => {
      const pixels = (share / shares) * width;
      base += pixels;
      const perNanosecond = pixels / (end - start);
      return { start, end, reference: start, perNanosecond, base: base - pixels, step: stepOf(perNanosecond) };
    });
  }

  /** Not clipped to the width, not cut to whole pixels. */
  x(time: Nanoseconds): DevicePixels {
    const { reference, perNanosecond, base } = this.stretchAt(time);
    return (time - reference) * perNanosecond + base;
  }

  /** Whether something is a pixel wide or wider. */
  isWide(start: Nanoseconds, length: Nanoseconds): boolean {
    // Within one stretch a product; over several the two ends.
    if (this.#stretches.length === 1) return length * this.#stretches[0]!.perNanosecond >= 1;
    return this.x(start + length) - this.x(start) >= 1;
  }

  /** The end of the step of time that `time` lies in. */
  stepEnd(time: Nanoseconds): Nanoseconds {
    return endOfStep(this.stretchAt(time), time);
  }

  stretchAt(time: Nanoseconds): Stretch {
    const stretches = this.#stretches;
    let at = 0;
    while (at + 1 < stretches.length && stretches[at + 1]!.start <= time) at++;
    return stretches[at]!;
  }
}

/**
 * The end of the step of time that `time` lies in, half a pixel to a pixel long. Steps are powers of two and begin at 0,
 * so that what is drawn as one stays one while the window moves.
 */
export function endOfStep({ step, end }: Stretch, time: Nanoseconds): Nanoseconds {
  return Math.min((Math.floor(time / step) + 1) * step, end);
}

function wholeStretch(start: Nanoseconds, end: Nanoseconds, width: DevicePixels): Stretch {
  const perNanosecond = width / (end - start);
  // A point of reference that a pan seldom leaves, near enough for its distance in pixels to be exact.
  const far = 2 ** (Math.ceil(Math.log2(end - start)) + 10);
  const reference = Math.floor(start / far) * far;
  const step = stepOf(perNanosecond);
  return {
    start,
    end: Infinity,
    reference,
    perNanosecond,
    base: -Math.round((start - reference) * perNanosecond),
    step,
  };
}

function stepOf(perNanosecond: number): Nanoseconds {
  return 2 ** Math.floor(-Math.log2(perNanosecond));
}
