import { LENIENT_NOTES, NOTES_CHECKS, publishNotesTask, queueIsDrained, RIGHT_NOTES } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AppProcess } from '../e2e/app-process.js';
import { beginSitting, type Sitting } from '../e2e/journey.js';
import { type System, startSystem } from '../e2e/system.js';
import { submitAndWait } from './candidate-flow.js';
import { wreakHavoc } from './havoc.js';
import { type MortalServices, startMortalServices } from './mortal-services.js';
import { readOutcomes } from './outcomes.js';
import { renderReport } from './report.js';

/** `npm run chaos` asks for 200; the short form is part of `npm test`. */
const GRADINGS = Number(process.env.ASSAY_CHAOS_GRADINGS ?? 20);
/** Candidates who submit and wait at the same time: more than there are slots, so that some always queue. */
const AT_ONCE = 6;
/** BullMQ finds out within a minute that a job's worker was killed. */
const DRAINED_WITHIN_MS = 120_000;
const TASK_ID = 'notes';
const TIMEOUT_MS = 120_000 + GRADINGS * 10_000;

/** Every second candidate makes one mistake, so that a result of somebody else's would show. */
const isLenient = (index: number) => index % 2 === 1;
const verdictsOf = (index: number) =>
  NOTES_CHECKS.map((name) => [
    name,
    isLenient(index) && name === 'refuses-what-is-no-note' ? 'failed' : 'passed',
  ]);

/** Does `work` for each of the numbers below `count`, so many at a time; after a failure no more are begun. */
async function inTurns(count: number, atOnce: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index).catch((error: unknown) => {
        next = count;
        throw error;
      });
    }
  };
  // All of them: what still runs must not meet a system that is being taken down.
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
}

describe('while everything is killed at random', () => {
  let services: MortalServices;
  let system: System;
  let otherWorker: AppProcess;

  beforeAll(async () => {
    services = await startMortalServices();
    // Where startSystem looks for its services: those of the other specs must not die.
    process.env.ASSAY_TEST_DATABASE_URL = services.adminUrl;
    process.env.ASSAY_TEST_REDIS_URL = services.redisUrl;
    system = await startSystem();
    otherWorker = await system.addWorker();
    await otherWorker.start();
    await publishNotesTask(system.ownerUrl, TASK_ID);
  }, TIMEOUT_MS);
  afterAll(async () => {
    // Whatever the system says about its end: nothing may be left running.
    try {
      await system?.stop();
    } finally {
      await services?.stop();
    }
  }, TIMEOUT_MS);

  it(
    `${GRADINGS} submissions get one right result each, and nobody is charged for it`,
    async () => {
      const sittings: Sitting[] = [];
      await inTurns(GRADINGS, AT_ONCE, async (index) => {
        sittings[index] = await beginSitting(system, [TASK_ID]);
      });
      const startedAt = performance.now();
      const havoc = wreakHavoc({
        'one worker': system.worker,
        'the other worker': otherWorker,
        'the assessment API': system.assessmentApi,
        'the recruiter API': system.recruiterApi,
        Redis: services.redis,
        'Redis, losing all': services.forgetfulRedis,
        Postgres: services.postgres,
      });
      let retries = 0;
      await inTurns(GRADINGS, AT_ONCE, async (index) => {
        const sitting = sittings[index];
        if (!sitting) throw new Error(`there is no candidate ${index}`);
        const files = isLenient(index) ? LENIENT_NOTES : RIGHT_NOTES;
        await submitAndWait(system, sitting, TASK_ID, files, () => {
          retries += 1;
        });
      }).finally(() => havoc.stop());

      // What was delivered twice may still be on its way: it must change nothing.
      await queueIsDrained(system.queue, 'grading', DRAINED_WITHIN_MS);
      const outcomes = await readOutcomes(
        system,
        sittings.map(({ candidacyId }) => candidacyId),
      );
      const seconds = (performance.now() - startedAt) / 1_000;
      process.stdout.write(`\n${renderReport({ outcomes, kills: havoc.kills, retries, seconds })}\n\n`);
      expect(outcomes).toEqual(
        outcomes.map(({ candidacyId }, index) => ({
          candidacyId,
          submissions: 1,
          gradings: 1,
          state: 'completed',
          outcome: 'completed',
          isCurrent: true,
          starts: expect.any(Number),
          platformFailures: expect.any(Number),
          verdicts: verdictsOf(index),
          completedEvents: 1,
          evidence: NOTES_CHECKS.length,
        })),
      );
      expect(Object.values(havoc.kills).reduce((sum, times) => sum + times)).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
