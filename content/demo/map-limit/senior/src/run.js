import { Gate } from './gate.js';

/** One run of mapLimit over one iterator. */
export class Run {
  #iterator;
  #limit;
  #fn;
  #results = [];
  #running = 0;
  #exhausted = false;
  /** `{ error }` once something went wrong; boxed, since `undefined` can be thrown as well. */
  #failure = null;
  /** Opens for a moment whenever a call ends or the run is stopped. */
  #change = new Gate();

  constructor(iterator, limit, fn) {
    this.#iterator = iterator;
    this.#limit = limit;
    this.#fn = fn;
  }

  /** Waits for calls of fn, never for the source alone: its next() might not settle any more. */
  async toEnd() {
    this.#feed();
    while (this.#running > 0 || !(this.#exhausted || this.#failure)) await this.#change.opened();
    if (this.#failure) throw this.#failure.error;
    return this.#results;
  }

  /** The first one to stop the run decides how it ends. */
  stop(error) {
    if (this.#failure) return;
    this.#failure = { error };
    if (!this.#exhausted) this.#closeSource();
    this.#change.open();
  }

  /** Pulls one item at a time while there is a place for it. Never rejects. */
  async #feed() {
    for (let index = 0; ; index += 1) {
      while (this.#running === this.#limit && !this.#failure) await this.#change.opened();
      if (this.#failure) return;
      const step = await this.#pull();
      if (this.#exhausted || this.#failure) return this.#change.open();
      this.#call(step.value, index);
    }
  }

  async #pull() {
    try {
      const step = await this.#iterator.next();
      this.#exhausted = Boolean(step.done);
      return step;
    } catch (error) {
      this.#exhausted = true; // an iterator that throws has closed itself
      this.stop(error);
    }
  }

  async #call(item, index) {
    this.#running += 1;
    try {
      this.#results[index] = await this.#fn(item, index);
    } catch (error) {
      this.stop(error);
    } finally {
      this.#running -= 1;
      this.#change.open();
    }
  }

  async #closeSource() {
    try {
      await this.#iterator.return?.();
    } catch {
      // the run has failed already, with the error that matters
    }
  }
}
