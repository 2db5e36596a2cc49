import { describe, expect, it } from '@jest/globals';
import { JOBS } from './jobs.js';

const id = '01933b5e-8f3a-7cc2-b1de-0242ac120002';

describe('the jobs', () => {
  const payloads = {
    'grading.grade': { gradingId: id, dispatch: 1 },
    'run.execute': { runId: id, dispatch: 1 },
    'run.serve': { runId: id, dispatch: 1 },
  };

  it.each(Object.entries(JOBS))(
    '%s has an id that BullMQ takes and that no other dispatch has',
    (name, job) => {
      const payload = payloads[name as keyof typeof payloads];
      // Each job's id takes what its own schema gives.
      const idOf = job.jobId as (payload: object) => string;
      const first = idOf(job.payload.parse(payload));
      expect(first).not.toContain(':');
      // BullMQ takes no number for an id.
      expect(first).toMatch(/^[a-z]/);
      expect(idOf({ ...payload, dispatch: 2 })).not.toBe(first);
      expect(idOf(job.payload.parse(payload))).toBe(first);
    },
  );

  it.each(Object.entries(JOBS))('%s carries ids only', (name, { payload }) => {
    const right = payloads[name as keyof typeof payloads];
    const wrong = [
      {},
      { ...right, dispatch: 0 },
      { ...right, dispatch: 1.5 },
      { ...right, files: [] },
      Object.fromEntries(Object.keys(right).map((key) => [key, 'x'])),
    ];
    expect(payload.safeParse(right).success).toBe(true);
    for (const one of wrong) expect(payload.safeParse(one).success).toBe(false);
  });
});
