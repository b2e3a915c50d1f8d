/** Who wants to hear of spans. */
export interface Listener {
  send(id: number, text: string): void;
}

/** So much text of spans is kept; what is older goes. */
const mostKept = 64 * 1024 * 1024;

/** The last bodies that came in, each one line of JSON, and all who look at them. */
export class LiveSpans {
  readonly #bodies: { id: number; text: string }[] = [];
  readonly #listeners = new Set<Listener>();
  #length = 0;
  #next = 1;

  add(body: object): void {
    const text = JSON.stringify(body);
    const id = this.#next++;
    this.#bodies.push({ id, text });
    this.#length += text.length;
    while (this.#length > mostKept && this.#bodies.length > 1) this.#length -= this.#bodies.shift()!.text.length;
    for (const listener of this.#listeners) listener.send(id, text);
  }

  /** Sends all that is kept and later than `after`, then what comes. Returns how to stop. */
  listen(listener: Listener, after: number): () => void {
    for (const { id, text } of this.#bodies) if (id > after) listener.send(id, text);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
