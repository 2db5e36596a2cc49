/**
 * Maps items with at most `limit` calls of fn at the same time.
 * Starts `limit` workers which share one iterator.
 */
export async function mapLimit(items, limit, fn, options = {}) {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new TypeError(`limit must be a positive integer, got ${limit}`);
  }

  const { signal } = options;
  if (signal?.aborted) {
    throw signal.reason;
  }

  const iterator = items[Symbol.asyncIterator] ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const results = [];
  let nextIndex = 0;
  let stopped = false;
  let error;

  signal?.addEventListener('abort', () => {
    stopped = true;
    error = signal.reason;
  });

  async function worker() {
    while (!stopped) {
      const { value, done } = await iterator.next();
      if (done || stopped) return;
      const index = nextIndex++;
      try {
        results[index] = await fn(value, index);
      } catch (err) {
        // only keep the first error, the others don't matter any more
        if (!stopped) {
          stopped = true;
          error = err;
        }
      }
    }
  }

  const workers = [];
  for (let i = 0; i < limit; i++) {
    workers.push(worker());
  }
  await Promise.all(workers);

  if (stopped) throw error;
  return results;
}
