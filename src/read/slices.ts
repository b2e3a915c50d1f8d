/** In milliseconds: short enough that input is answered and a frame is drawn in between. */
const longestSlice = 8;

/** Work in slices: `pause` goes on at once while a slice lasts, else after all that waits in the event loop had its turn. */
export class Slices {
  readonly #signal: AbortSignal | undefined;
  // Not a timer: those wait for 4 ms in a page that is seen, and for a second in one that is not.
  readonly #channel = new MessageChannel();
  #resume: (() => void) | undefined;
  #end = performance.now() + longestSlice;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    this.#channel.port1.onmessage = () => this.#resume?.();
  }

  readonly pause = (): Promise<void> | undefined => (performance.now() < this.#end ? undefined : this.#turn());

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
      this.#channel.port2.postMessage(null);
    });
    this.#signal?.throwIfAborted();
    this.#end = performance.now() + longestSlice;
  }

  close(): void {
    this.#channel.port1.close();
  }
}
