// `limit` workers take turns at one iterator. A worker that waits for an item may wait for ever, so nobody waits for the
// workers alone: whatever stops the run resolves `halted`, and after that only the calls in flight count.

function iteratorOf(items) {
  const open = items[Symbol.asyncIterator] ?? items[Symbol.iterator];
  return Reflect.apply(open, items, []);
}

function close(iterator) {
  const closing = async () => iterator.return?.();
  closing().catch(() => {});
}

export async function mapLimit(items, limit, fn, options = {}) {
  if (typeof limit !== 'number' || limit % 1 !== 0 || limit < 1)
    throw new TypeError(`Bad limit: ${String(limit)}`);
  const { signal } = options;
  if (signal?.aborted) throw signal.reason;

  const source = iteratorOf(items);
  const inFlight = new Set();
  const output = [];
  let taken = 0;
  let ended = false;
  let cause = null;
  let announce;
  const halted = new Promise((resolve) => {
    announce = resolve;
  });

  const halt = (reason) => {
    cause ??= [reason];
    announce();
  };

  const take = async () => {
    const place = taken++;
    try {
      const step = await source.next();
      if (!step.done) return { place, item: step.value };
    } catch (reason) {
      halt(reason);
    }
    ended = true;
    return null;
  };

  const worker = async () => {
    while (!ended && !cause) {
      const job = await take();
      if (!job || cause) return;
      const call = (async () => fn(job.item, job.place))();
      inFlight.add(call);
      try {
        output[job.place] = await call;
      } catch (reason) {
        halt(reason);
      }
      inFlight.delete(call);
    }
  };

  const onAbort = () => halt(signal.reason);
  signal?.addEventListener('abort', onAbort);
  try {
    await Promise.race([halted, Promise.all(Array.from({ length: limit }, worker))]);
    if (cause && !ended) close(source);
    await Promise.allSettled(inFlight);
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
  if (cause) throw cause[0];
  return output;
}
