import { describe, expect, it } from '@jest/globals';
import { drain } from './drain.js';

const never = new Promise<never>(() => {});
const LONG_MS = 3_600_000;

describe('draining', () => {
  it('ends when the work has ended, well or not', async () => {
    const { signal } = new AbortController();
    await expect(drain(Promise.resolve(), LONG_MS, signal)).resolves.toBeUndefined();
    const failing = Promise.reject(new Error('it failed'));
    await expect(drain(failing, LONG_MS, signal)).resolves.toBeUndefined();
  });

  it('ends when the time is over', async () => {
    await expect(drain(never, 1, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('ends when it is told to hurry, before or meanwhile', async () => {
    const hurry = new AbortController();
    const draining = drain(never, LONG_MS, hurry.signal);
    hurry.abort();
    await expect(draining).resolves.toBeUndefined();
    await expect(drain(never, LONG_MS, hurry.signal)).resolves.toBeUndefined();
  });
});
