/**
 * Failures by name within a sliding window. Names are strangers' input, so those without recent failures are dropped
 * (`sweep`). `clock` gives milliseconds that never go back.
 */
export function createFailureWindow({ max, windowMs, clock = () => performance.now() }) {
  const byName = new Map(); // name → Set of times, oldest first

  function current(name) {
    const times = byName.get(name) ?? new Set();
    for (const time of times) if (time.at <= clock() - windowMs) times.delete(time);
    return times;
  }

  return {
    /** How long until this name may fail again, in ms; 0 if it may now. */
    waitMs(name) {
      const times = current(name);
      if (times.size < max) return 0;
      const [oldest] = times;
      return oldest.at + windowMs - clock();
    },

    /** Counts a failure. The function that it returns uncounts it. */
    add(name) {
      const times = current(name);
      const time = { at: clock() };
      times.add(time);
      byName.set(name, times);
      return () => times.delete(time);
    },

    sweep() {
      for (const name of byName.keys()) if (current(name).size === 0) byName.delete(name);
    },
  };
}
