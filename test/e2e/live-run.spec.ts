import type { RunOutputEvent } from '@assay/contracts/events';
import type { getRun, ResponseOf } from '@assay/contracts/http';
import { loseQueue, notesProject, publishNotesTask, RIGHT_NOTES, waitFor } from '@assay/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginSitting, type CandidateClient, submitFiles, writeFiles } from './journey.js';
import { liveConsolesOf } from './sandbox-traces.js';
import { type System, startSystem } from './system.js';

const TASK_ID = 'notes';
const IDLE_SECONDS = 15;
/** Waits for a sandbox, on a machine with much else to do. */
const STARTED_WITHIN_MS = 40_000;

/** Counts what it is asked, says so, and can be brought to its end. */
const COUNTER = notesProject(`import http from 'node:http';
let count = 0;
http.createServer(async (request, response) => {
  count += 1;
  console.log('asked ' + count);
  if (request.url === '/crash') { console.error('the end is near'); process.exit(3); }
  if (request.url === '/hang') return;
  if (request.url === '/bytes') return response.end(Buffer.from([0xff, 0xfe, 0x00]));
  if (request.url === '/long') return response.end('ä'.repeat(200_000));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  response.writeHead(200, { 'x-count': String(count), 'set-cookie': ['a=1', 'b=2'] });
  response.end(request.method + ' ' + request.url + ' ' + request.headers['x-one'] + ' ' + Buffer.concat(chunks));
}).listen(process.env.PORT, () => console.log('ready'));
`);

type Run = ResponseOf<typeof getRun>;

describe('a live run', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ liveRunIdleSeconds: IDLE_SECONDS });
    await publishNotesTask(system.ownerUrl, TASK_ID);
  });
  afterAll(() => system?.stop());

  const params = { taskId: TASK_ID };
  const stateOf = async (candidate: CandidateClient, runId: string) =>
    (await candidate.getRun({ params: { runId } })).state;
  const untilEnded = (candidate: CandidateClient, runId: string) =>
    waitFor(
      'the run to end',
      async () => {
        const run = await candidate.getRun({ params: { runId } });
        return run.finishedAt === null ? null : run;
      },
      STARTED_WITHIN_MS,
    );
  const get = (candidate: CandidateClient, runId: string, target: string) =>
    candidate.sendRequest({ params: { runId }, body: { method: 'GET', target } });

  /** A candidate whose server, this one, runs and accepts connections. */
  async function goLive(files = COUNTER) {
    const sitting = await beginSitting(system, [TASK_ID]);
    await writeFiles(sitting.candidate, TASK_ID, files);
    return { ...sitting, ...(await startServer(sitting.candidate)) };
  }

  async function startServer(candidate: CandidateClient): Promise<{ run: Run }> {
    const run = await candidate.startRun({ params, body: { kind: 'server' } });
    await untilTold(candidate, run.id, ({ type }) => type === 'listening');
    return { run };
  }

  /** What the run's stream tells after a sequence, up to the event that was waited for. */
  async function untilTold(
    candidate: CandidateClient,
    runId: string,
    isLast: (event: RunOutputEvent) => boolean,
    lastEventId?: number,
  ) {
    const gone = new AbortController();
    const told: { sequence: number; event: RunOutputEvent }[] = [];
    try {
      const stream = await candidate.streamRun({ params: { runId } }, { lastEventId, signal: gone.signal });
      for await (const one of stream) {
        told.push(one);
        if (isLast(one.event)) return told;
      }
    } finally {
      gone.abort();
    }
    throw new Error(`the stream has ended after ${JSON.stringify(told)}`);
  }

  const textOf = (told: { event: RunOutputEvent }[]) =>
    told.map(({ event }) => (event.type === 'output' ? event.text : '')).join('');

  it('answers its candidate, through any API, and shows what its server writes', async () => {
    const { candidate, attemptId, run, openAnotherTab } = await goLive();
    expect(run).toMatchObject({ kind: 'server', state: 'queued', queuePosition: 1 });
    const reply = await candidate.sendRequest({
      params: { runId: run.id },
      body: {
        method: 'POST',
        target: '/a?b=%20',
        headers: [{ name: 'X-One', value: 'two' }],
        body: 'drei ✓',
      },
    });
    expect(reply).toMatchObject({
      outcome: 'answered',
      status: 200,
      body: 'POST /a?b=%20 two drei ✓',
      bodyEncoding: 'text',
      isCut: false,
      ms: expect.any(Number),
    });
    const headers = reply.outcome === 'answered' ? reply.headers : [];
    expect(headers.filter(({ name }) => name === 'set-cookie').map(({ value }) => value)).toEqual([
      'a=1',
      'b=2',
    ]);
    expect(await get(candidate, run.id, '/bytes')).toMatchObject({ body: '//4A', bodyEncoding: 'base64' });
    const long = await get(candidate, run.id, '/long');
    expect(long).toMatchObject({ isCut: true, body: expect.stringMatching(/^ä{60000,70000}$/) });

    const other = await system.addAssessmentApi();
    await other.start();
    const otherTab = await openAnotherTab(other.url);
    const together = await Promise.all([get(candidate, run.id, '/'), get(otherTab, run.id, '/')]);
    expect(together.map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);

    const told = await untilTold(otherTab, run.id, ({ type, ...event }) => {
      return type === 'output' && 'text' in event && event.text.includes('asked 5');
    });
    expect(textOf(told)).toBe('ready\nasked 1\nasked 2\nasked 3\nasked 4\nasked 5\n');
    expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, i) => i + 1));
    const resumed = await untilTold(candidate, run.id, () => true, (told.at(-1)?.sequence ?? 0) - 1);
    expect(resumed).toEqual([told.at(-1)]);
    const shown = await candidate.getRun({ params: { runId: run.id } });
    expect(shown).toMatchObject({ state: 'running', queuePosition: 0, output: textOf(told) });
    const events = await system.sql<{ type: string }>(
      `SELECT payload->>'type' AS type FROM event WHERE stream = $1 ORDER BY sequence`,
      `attempt:${attemptId}`,
    );
    expect(events.map(({ type }) => type).slice(-3)).toEqual(['run.queued', 'run.started', 'run.listening']);
  });

  it('goes on while sample checks run on its files, and ends with a newer run', async () => {
    const { candidate, run } = await goLive(RIGHT_NOTES);
    const post = { method: 'POST', target: '/notes', body: '{"note":"kept"}' } as const;
    expect(await candidate.sendRequest({ params: { runId: run.id }, body: post })).toMatchObject({
      status: 201,
    });
    const checks = await candidate.checkRun({ params: { runId: run.id } });
    const checked = await untilEnded(candidate, checks.id);
    expect(checked).toMatchObject({ kind: 'checks', state: 'finished', checks: [{ verdict: 'passed' }] });
    expect(await get(candidate, run.id, '/notes')).toMatchObject({ body: '["kept"]' });

    const { run: newer } = await startServer(candidate);
    expect(await stateOf(candidate, run.id)).toBe('superseded');
    expect(await get(candidate, run.id, '/')).toEqual({
      outcome: 'no_answer',
      message: 'A newer run of this task has taken the place of this one.',
    });
    expect(await get(candidate, newer.id, '/notes')).toMatchObject({ body: '[]' });
    const [end] = (await untilTold(candidate, run.id, ({ type }) => type === 'ended')).slice(-1);
    expect(end?.event).toMatchObject({ type: 'ended', state: 'superseded' });
  });

  it('tells how its server crashed, with its last lines', async () => {
    const { candidate, run } = await goLive();
    const reply = await get(candidate, run.id, '/crash');
    expect(reply).toMatchObject({ outcome: 'no_answer', message: expect.stringContaining('Your server') });
    const told = await untilTold(candidate, run.id, ({ type }) => type === 'ended');
    expect(textOf(told)).toContain('the end is near');
    const ended = await untilEnded(candidate, run.id);
    expect(ended).toMatchObject({
      state: 'finished',
      endedBecause: 'exited',
      message: 'Your server ended with exit code 3.',
      exitCode: 3,
      exitSignal: null,
      output: expect.stringContaining('the end is near'),
    });
    expect(told.at(-1)?.event).toMatchObject({ endedBecause: 'exited', exitCode: 3 });
  });

  it('tells in a sentence that its server hangs, and ends when its candidate says so', async () => {
    const { candidate, run } = await goLive();
    expect(await get(candidate, run.id, '/hang')).toEqual({
      outcome: 'no_answer',
      message: 'Your server did not finish answering GET /hang within 10 s.',
    });
    await candidate.stopRun({ params: { runId: run.id } });
    expect(await untilEnded(candidate, run.id)).toMatchObject({ state: 'finished', endedBecause: 'stopped' });
    await waitFor(
      'its last output',
      async () => (await candidate.getRun({ params: { runId: run.id } })).output,
    );
    await candidate.stopRun({ params: { runId: run.id } });
  });

  it('ends with the submission of its task, and its sandbox with it', async () => {
    const { candidate, run } = await goLive();
    expect(await liveConsolesOf(system.worker.pid)).not.toEqual([]);
    await candidate.submitTask({ params });
    expect(await stateOf(candidate, run.id)).toBe('finished');
    expect(await get(candidate, run.id, '/')).toMatchObject({
      message: expect.stringContaining('has been submitted'),
    });
    await waitFor(
      'its sandbox to be gone',
      async () => (await liveConsolesOf(system.worker.pid)).length === 0,
      STARTED_WITHIN_MS,
    );
  });

  it('ends by itself when nobody asks it anything', async () => {
    const { candidate, run } = await goLive();
    expect(await untilEnded(candidate, run.id)).toMatchObject({
      state: 'finished',
      endedBecause: 'idle',
      message: `Nobody has sent a request to this server for ${IDLE_SECONDS} seconds.`,
    });
  });

  it('is ours when Redis loses it', async () => {
    const { candidate, run } = await goLive();
    const waiting = get(candidate, run.id, '/hang');
    await loseQueue(system.queue);
    expect(await waiting).toMatchObject({
      outcome: 'no_answer',
      message: expect.stringContaining('on our side'),
    });
    expect(await untilEnded(candidate, run.id)).toMatchObject({ state: 'failed_by_us', endedBecause: null });
    const { run: again } = await startServer(candidate);
    expect(await get(candidate, again.id, '/')).toMatchObject({ outcome: 'answered' });
  });

  it('is ours when Redis cannot be reached any more; when it can, there are new ones', async () => {
    const { candidate, run } = await goLive();
    system.redisWay.cut();
    expect(await get(candidate, run.id, '/')).toMatchObject({
      outcome: 'no_answer',
      message: expect.stringContaining('on our side'),
    });
    expect(await untilEnded(candidate, run.id)).toMatchObject({ state: 'failed_by_us' });
    const [end] = await untilTold(candidate, run.id, ({ type }) => type === 'ended');
    expect(end?.event).toMatchObject({
      state: 'failed_by_us',
      message: expect.stringContaining('on our side'),
    });
    system.redisWay.restore();
    const { run: again } = await startServer(candidate);
    expect(await get(candidate, again.id, '/')).toMatchObject({ outcome: 'answered' });
  });

  it('is ours when its worker is killed, and is not begun again by itself', async () => {
    const { candidate, attemptId, run } = await goLive();
    const waiting = get(candidate, run.id, '/hang');
    await system.worker.kill();
    expect(await waiting).toMatchObject({
      outcome: 'no_answer',
      message: expect.stringContaining('on our side'),
    });
    expect(await stateOf(candidate, run.id)).toBe('failed_by_us');
    await system.worker.start();
    const { run: again } = await startServer(candidate);
    expect(await get(candidate, again.id, '/')).toMatchObject({ outcome: 'answered' });
    expect(await stateOf(candidate, run.id)).toBe('failed_by_us');
    const [starts] = await system.sql<{ count: string }>(
      `SELECT count(*) FROM event WHERE stream = $1 AND payload->>'type' = 'run.started'`,
      `attempt:${attemptId}`,
    );
    expect(starts?.count).toBe('2');
  });

  it('and one of sample checks are not delayed by a backlog of gradings', async () => {
    const { candidate } = await beginSitting(system, [TASK_ID]);
    await writeFiles(candidate, TASK_ID, RIGHT_NOTES);
    const slow = notesProject(
      `await new Promise((go) => setTimeout(go, 2_000));\n${RIGHT_NOTES[1]?.content}`,
    );
    const backlog = [];
    for (let i = 0; i < 4; i++) backlog.push(await submitFiles(system, TASK_ID, slow));
    const positions = await Promise.all(
      backlog.map(async ({ candidate: one }) => (await one.getAttempt()).tasks[0]?.submission?.queuePosition),
    );
    expect(positions.at(-1)).toBeGreaterThanOrEqual(2);
    const checks = await candidate.startRun({ params });
    expect((await untilEnded(candidate, checks.id)).state).toBe('finished');
    await startServer(candidate);
    const [waiting] = await system.sql<{ count: string }>(
      `SELECT count(*) FROM grading WHERE state = 'queued'`,
    );
    expect(Number(waiting?.count)).toBeGreaterThan(0);
  });
});
