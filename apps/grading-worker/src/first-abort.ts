export interface FirstAbort {
  /** Aborts when any of the sources has, or `abort` is called. */
  signal: AbortSignal;
  abort(reason: Error): void;
  /** Lets go of the sources, which may live as long as the process. */
  release(): void;
}

/** One signal for several sources. On Node 20 that of AbortSignal.any may be collected as garbage and never abort. */
export function firstAbort(...sources: AbortSignal[]): FirstAbort {
  const controller = new AbortController();
  const follow = (event: Event) => controller.abort((event.target as AbortSignal).reason);
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason);
    source.addEventListener('abort', follow, { once: true });
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => {
      for (const source of sources) source.removeEventListener('abort', follow);
    },
  };
}
