import { Run } from './src/run.js';

/**
 * Calls `fn(item, index)` for every item, with at most `limit` calls running at the same time.
 *
 * Fails fast, but cleanly: after the first failure, or when `signal` aborts, nothing new is started, the source is told
 * to close, and the promise rejects once the calls that were already running have ended.
 *
 * @param {Iterable | AsyncIterable} items pulled one at a time, when there is a place for the next item; may be infinite
 * @param {number} limit a whole number, at least 1
 * @param {(item, index: number) => unknown} fn
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<unknown[]>} the results, in the order of the items
 */
export async function mapLimit(items, limit, fn, { signal } = {}) {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new TypeError('mapLimit: limit must be a whole number of at least 1');
  }
  signal?.throwIfAborted();

  const run = new Run(openIterator(items), limit, fn);
  const onAbort = () => run.stop(signal.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await run.toEnd();
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function openIterator(items) {
  return items[Symbol.asyncIterator]?.() ?? items[Symbol.iterator]();
}
