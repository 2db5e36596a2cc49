/** Runs `work` on every item, `limit` at a time; resolves to the results in the items' order. */
export async function runTogether(items, limit, work) {
  const results = [];
  let next = 0;
  const takeTurns = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: limit }, takeTurns));
  return results;
}
