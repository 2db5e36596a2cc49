// Calls fn for every item, but only `limit` at the same time
export async function mapLimit(items, limit, fn) {
  if (limit < 1) {
    throw new TypeError('limit must be at least 1');
  }

  let results = [];

  // split the items into batches and run one batch after the other
  for (let i = 0; i < items.length; i += limit) {
    const batch = items.slice(i, i + limit);
    const batchResults = await Promise.all(batch.map((item) => fn(item)));
    results = [...results, ...batchResults];
  }

  return results;
}

// TODO: signal, generators (items.length is undefined for those)
