/**
 * Resolves with the first value of `look` that is neither null, undefined nor false. Rejects, saying what it waited
 * for, when that takes longer than the limit.
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await new Promise((again) => setTimeout(again, 20));
  }
}
