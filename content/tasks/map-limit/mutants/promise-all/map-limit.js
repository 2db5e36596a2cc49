export async function mapLimit(items, limit, fn, { signal } = {}) {
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('limit must be a positive whole number');
  signal?.throwIfAborted();

  const all = [];
  for await (const item of items) all.push(item);
  return Promise.all(all.map(async (item, index) => fn(item, index)));
}
