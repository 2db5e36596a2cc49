import { describe, expect, it } from '@jest/globals';
import { drain } from './drain.js';

const never = new Promise<never>(() => {});
const LONG_MS = 3_600_000;

describe('draining', () => {
  it('ends when the work has ended, well or not', async () => {
    const { signal } = new AbortController();
    await drain(Promise.resolve(), LONG_MS, signal);
    await drain(Promise.reject(new Error('it failed')), LONG_MS, signal);
  });

  it('ends when the time is over', async () => {
    await drain(never, 1, new AbortController().signal);
  });

  it('ends when it is told to hurry, before or meanwhile', async () => {
    const hurry = new AbortController();
    const draining = drain(never, LONG_MS, hurry.signal);
    hurry.abort();
    await draining;
    await drain(never, LONG_MS, hurry.signal);
  });
});
