/** Lets everybody through who waits at the moment it opens; whoever comes later waits for the next time. */
export class Gate {
  #wake = null;
  #next = null;

  /** Resolves the next time the gate opens. */
  opened() {
    this.#next ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#next;
  }

  open() {
    this.#wake?.();
    this.#wake = null;
    this.#next = null;
  }
}
