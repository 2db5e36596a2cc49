export async function mapLimit(items, limit, fn, { signal } = {}) {
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('limit must be a positive whole number');
  signal?.throwIfAborted();

  const results = [];
  let batch = [];
  const runBatch = async () => {
    const settled = await Promise.allSettled(batch.map((item, at) => call(item, results.length + at)));
    batch = [];
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    signal?.throwIfAborted();
    results.push(...settled.map(({ value }) => value));
  };
  const call = async (item, index) => fn(item, index);

  for await (const item of items) {
    batch.push(item);
    if (batch.length === limit) await runBatch();
  }
  await runBatch();
  return results;
}
