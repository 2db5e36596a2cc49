/** Runs tasks with the same key one after the other; tasks with different keys don't wait for each other. */
export function createKeyedLock() {
  const tails = new Map();

  return function exclusively(key, task) {
    const previous = tails.get(key) ?? Promise.resolve();
    const result = previous.then(task);
    const tail = result
      .catch(() => {})
      .then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    tails.set(key, tail);
    return result;
  };
}
