/**
 * Gathers what must be drawn into one animation frame: however often `request` is called, each drawing runs once.
 * Where there are no frames (a server, a test without a window) nothing is ever drawn.
 */
export class FrameLoop {
  readonly #drawings = new Set<(now: number) => void>();
  readonly #prepare: (now: number) => void;
  #frame = 0;

  /** `prepare` runs first in each frame, so that all drawings see the same state. */
  constructor(prepare: (now: number) => void) {
    this.#prepare = prepare;
  }

  /** Adds a drawing; the function returned takes it away. It is drawn with the next frame. */
  add(draw: (now: number) => void): () => void {
    this.#drawings.add(draw);
    this.request();
    return () => {
      this.#drawings.delete(draw);
      if (this.#drawings.size === 0) this.#cancel();
    };
  }

  request(): void {
    if (this.#frame !== 0 || this.#drawings.size === 0 || typeof requestAnimationFrame !== 'function') return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#prepare(now);
      for (const draw of this.#drawings) draw(now);
    });
  }

  /** For who learns of a new size between layout and paint: in the next frame it would be too late for this one. */
  drawNow(): void {
    for (const draw of this.#drawings) draw(performance.now());
  }

  #cancel(): void {
    if (this.#frame !== 0) cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }
}
