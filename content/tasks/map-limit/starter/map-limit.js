/**
 * Calls `fn(item, index)` for every item, at most `limit` calls at a time.
 *
 * @param {Iterable | AsyncIterable} items
 * @param {number} limit
 * @param {(item, index: number) => any} fn
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<any[]>} the results, in the order of the items
 */
export async function mapLimit(_items, _limit, _fn, _options) {
  // Over to you.
  throw new Error('mapLimit is not written yet');
}
