/**
 * Where the rows were last rendered for. An external store, because React renders a change of one before the frame is
 * painted; for a change of state on scrolling it would wait, and the eye would see the ground where rows are to come.
 */
export class ScrollPosition {
  #scrollTop = 0;
  readonly #watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly get = (): number => this.#scrollTop;

  set(scrollTop: number): void {
    this.#scrollTop = scrollTop;
    for (const watcher of this.#watchers) watcher();
  }
}
