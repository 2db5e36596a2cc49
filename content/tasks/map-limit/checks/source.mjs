/** After so many items a source delivers no more, so that a solution that takes them all does not take our memory. */
const ENOUGH = 500;

/** An async iterable that counts what is asked of it. Items and ends are delivered in the order in which they were asked for. */
export class Source {
  asked = 0;
  closed = 0;
  #pending = [];
  #itemAt;
  #onClose;

  /**
   * `itemAt(index)` makes the item with this index. Returning `Source.END` ends the source there; `Source.LATER`
   * leaves whoever asked waiting until `deliver` or `breakWith` is called.
   */
  constructor(itemAt, onClose = async () => ({ done: true, value: undefined })) {
    this.#itemAt = itemAt;
    this.#onClose = onClose;
  }

  static END = Symbol('end');
  static LATER = Symbol('later');

  /** A source of these items, which then ends. */
  static of(items) {
    return new Source((index) => (index < items.length ? items[index] : Source.END));
  }

  /** Delivers this item to the first one that waits for one. */
  deliver(value) {
    this.#pending.shift()?.resolve({ done: false, value });
  }

  /** Rejects for the first one that waits for an item. */
  breakWith(error) {
    this.#pending.shift()?.reject(error);
  }

  get waiting() {
    return this.#pending.length;
  }

  [Symbol.asyncIterator]() {
    return {
      next: () => this.#next(),
      return: () => {
        this.closed += 1;
        return this.#onClose();
      },
    };
  }

  async #next() {
    const index = this.asked;
    this.asked += 1;
    const item = index < ENOUGH ? this.#itemAt(index) : Source.LATER;
    if (item === Source.END) return { done: true, value: undefined };
    if (item !== Source.LATER) return { done: false, value: item };
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }));
  }
}
