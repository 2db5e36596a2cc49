import { notesBundle } from '@assay/testing';
import { describe, expect, it } from '@jest/globals';
import type { GradeRequest } from './grade-request.js';
import type { GradingResult } from './grading-result.js';
import { totalTimeMs } from './total-time.js';
import { withinTotalTime } from './within-total-time.js';

const bundle = notesBundle('notes', 1);
const completed = { task: 'notes', version: 1, outcome: 'completed', score: 1 } as GradingResult;

/** Nothing here opens a pod: what grades is given. */
const request = (more: Partial<GradeRequest> = {}) =>
  ({ bundle, checks: 'hidden', seed: 's', files: [], ...more }) as GradeRequest;

/** Ends as soon as it is told to stop, as a grading does whose containers are killed. */
const untilStopped = ({ signal }: GradeRequest) =>
  new Promise<GradingResult>((resolve) => {
    const stopped = {
      ...completed,
      outcome: 'platform_failure',
      score: null,
      reason: 'it was stopped',
    } as const;
    signal?.addEventListener('abort', () => resolve(stopped), { once: true });
  });

describe('the total time of a grading', () => {
  it('grows with every check and its own time', () => {
    const { manifest } = bundle;
    const [check] = manifest.checks.hidden as [(typeof manifest.checks.hidden)[number]];
    const one = totalTimeMs(manifest, [check]);
    const two = totalTimeMs(manifest, [check, check]);
    expect(two - one).toBeGreaterThan(check.timeoutMs);
    expect(totalTimeMs(manifest, [{ ...check, timeoutMs: check.timeoutMs + 1_000 }])).toBe(one + 1_000);
    expect(one).toBeLessThan(600_000);
  });

  it('leaves alone what ends within it', async () => {
    expect(await withinTotalTime(request(), () => Promise.resolve(completed))).toBe(completed);
  });

  it('stops what takes longer: our failure, with the reason', async () => {
    const failures: unknown[] = [];
    const result = await withinTotalTime(
      request({ onPlatformFailure: (error) => failures.push(error) }),
      untilStopped,
      { totalMs: 20 },
    );
    expect(result).toMatchObject({ outcome: 'platform_failure', score: null, checks: [] });
    expect(result.reason).toMatch(/took longer than the \d+ s/);
    expect(failures).toEqual([expect.objectContaining({ message: result.reason })]);
  });

  it('leaves behind what does not even stop', async () => {
    const hangs = () => new Promise<GradingResult>(() => {});
    const result = await withinTotalTime(request(), hangs, { totalMs: 20, closeMs: 20 });
    expect(result).toMatchObject({ outcome: 'platform_failure', engine: null });
  });

  it('passes on that somebody else has stopped it', async () => {
    const stop = new AbortController();
    const failures: unknown[] = [];
    const graded = withinTotalTime(
      request({ signal: stop.signal, onPlatformFailure: (error) => failures.push(error) }),
      untilStopped,
    );
    stop.abort(new Error('shutdown'));
    expect((await graded).reason).toBe('it was stopped');
    expect(failures).toEqual([]);
  });
});
