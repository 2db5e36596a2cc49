import { describe, expect, it } from '@jest/globals';
import { estimateWaitMs } from './queue-wait.js';

describe('the wait for a grading', () => {
  it('is nothing when nothing waits or runs', () => {
    expect(estimateWaitMs({ waiting: 0, running: 0, recentDurationsMs: [] })).toBe(0);
  });

  it('is not known before any grading has ended', () => {
    expect(estimateWaitMs({ waiting: 1, running: 0, recentDurationsMs: [] })).toBeNull();
  });

  it('is that of the gradings before it, side by side as they run now, each as long as the median', () => {
    const recentDurationsMs = [9_000, 1_000, 90_000, 10_000, 11_000];
    expect(estimateWaitMs({ waiting: 3, running: 0, recentDurationsMs })).toBe(30_000);
    expect(estimateWaitMs({ waiting: 3, running: 1, recentDurationsMs })).toBe(35_000);
    expect(estimateWaitMs({ waiting: 6, running: 2, recentDurationsMs })).toBe(35_000);
  });
});
