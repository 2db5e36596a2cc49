import { publishNotesTask, RIGHT_NOTES } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { followUntil, submitFiles, untilGraded } from './journey.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';

/** One sample of the text format: its name with all labels, and its value. */
function samples(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe('what Prometheus reads', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  it('tells of requests by their route, and of streams by how many are open', async () => {
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, RIGHT_NOTES);
    const gone = new AbortController();
    const stream = await system.staff.streamCandidacy({ params: { candidacyId } }, { signal: gone.signal });
    await stream[Symbol.asyncIterator]().next();
    const recruiter = samples(await system.recruiterApi.readMetrics());
    expect(recruiter.get('http_event_streams')).toBe(1);
    gone.abort();
    await untilGraded(system.staff, candidacyId, submissionId);
    const assessment = samples(await system.assessmentApi.readMetrics());
    const labels = 'method="POST",route="/v1/attempt/tasks/:taskId/submission",status_class="2xx"';
    expect(assessment.get(`http_request_duration_seconds_count{${labels}}`)).toBe(1);
    expect(assessment.get(`http_request_duration_seconds_sum{${labels}}`)).toBeGreaterThan(0);
    for (const name of [...recruiter.keys(), ...assessment.keys()]) {
      expect(name).not.toMatch(/events"|[0-9a-f]{8}-[0-9a-f]{4}/);
    }
    for (const state of ['in_use', 'idle']) {
      expect(assessment.get(`database_connections{pool="queries",state="${state}"}`)).toEqual(
        expect.any(Number),
      );
    }
    expect(assessment.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  it('tells of gradings, sandboxes and queues', async () => {
    const before = samples(await system.worker.readMetrics());
    const { candidacyId, submissionId } = await submitFiles(system, TASK_ID, RIGHT_NOTES);
    await followUntil(system.staff, candidacyId, ({ type }) => type === 'grading.progressed');
    const during = samples(await system.worker.readMetrics());
    expect(during.get('queue_jobs{queue="grading",state="running"}')).toBe(1);
    await untilGraded(system.staff, candidacyId, submissionId);
    await system.sql(`UPDATE grading SET state = 'needs_attention' WHERE submission_id = $1`, submissionId);
    const after = samples(await system.worker.readMetrics());
    const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    expect(grown('gradings_total{outcome="completed"}')).toBe(1);
    expect(grown('grading_duration_seconds_count{outcome="completed"}')).toBe(1);
    expect(grown('queue_wait_seconds_count{queue="grading"}')).toBe(1);
    // Made in advance: the next grading's may or may not be open by now.
    expect(after.get('sandbox_starts_total{result="opened"}')).toBeGreaterThan(0);
    expect(after.get('queue_jobs{queue="grading",state="needs_attention"}')).toBe(1);
    expect(after.get('queue_oldest_wait_seconds')).toBe(0);
    expect(after.has('queue_jobs{queue="grading",state="running"}')).toBe(false);
  });

  it('stands on no port that callers of an API reach', async () => {
    for (const url of [system.publicUrl, system.candidateUrl]) {
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
    }
  });
});
