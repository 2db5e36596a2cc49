/** Resolves once `work` has ended, `limitMs` are over or `hurry` aborts, whichever comes first. */
export async function drain(work: Promise<unknown>, limitMs: number, hurry: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      hurry.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, limitMs);
    hurry.addEventListener('abort', done, { once: true });
    if (hurry.aborted) done();
    work.then(done, done);
  });
}
