/**
 * Calls `fn(item, index)` for every item, at most `limit` calls at a time, and asks for an item when there is a place
 * for it. Resolves with the results in the order of the items.
 *
 * The first failure, of `fn`, of the iterator or by the signal, ends it: nothing more is started, the iterator is
 * closed, and when the running calls have settled, the promise rejects with that failure.
 */
export async function mapLimit(items, limit, fn, { signal } = {}) {
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('limit must be a positive whole number');
  signal?.throwIfAborted();
  const iterator = (items[Symbol.asyncIterator] ?? items[Symbol.iterator]).call(items);

  return new Promise((resolve, reject) => {
    const results = [];
    let asked = 0;
    let running = 0;
    let isPulling = false;
    let isExhausted = false;
    let failure; // { error }, because anything can be thrown, undefined too

    function advance() {
      if (running === 0 && (failure || isExhausted)) {
        signal?.removeEventListener('abort', onAbort);
        if (failure) reject(failure.error);
        else resolve(results);
      } else if (!isExhausted && !isPulling && running < limit) {
        pull();
      }
    }

    async function pull() {
      isPulling = true;
      try {
        const { done, value } = await iterator.next();
        if (done) isExhausted = true;
        else if (!failure) run(value, asked++);
      } catch (error) {
        isExhausted = true;
        fail(error);
      }
      isPulling = false;
      advance();
    }

    async function run(item, index) {
      running += 1;
      try {
        results[index] = await fn(item, index);
      } catch (error) {
        fail(error);
      }
      running -= 1;
      advance();
    }

    function fail(error) {
      if (failure) return;
      failure = { error };
      if (!isExhausted) close();
    }

    // Nobody waits for it: behind a pending next(), an async generator's return() never ends.
    async function close() {
      try {
        await iterator.return?.();
      } catch {
        // What went wrong first is what the caller hears of.
      }
    }

    function onAbort() {
      fail(signal.reason);
      advance();
    }

    signal?.addEventListener('abort', onAbort);
    advance();
  });
}
