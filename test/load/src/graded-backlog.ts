import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ROOT, readSolution, TASK_ID } from './crud-task.js';
import { makeSeats, type Seat } from './seats.js';
import type { SystemUnderLoad } from './system.js';

const WORKER = join(ROOT, 'apps/grading-worker/dist/main.js');
const POLL_MS = 100;

const UNFINISHED = `SELECT count(*)::int AS count FROM grading WHERE state <> 'completed'`;
/** Of the gradings that have completed since the moment `$1`. */
const THROUGHPUT = `
SELECT count(*)::int AS count, min(score) AS lowest,
       extract(epoch FROM max(completed_at) - min(started_at)) AS seconds
FROM grading WHERE queued_at >= $1 AND outcome = 'completed'`;

/**
 * Submits the solution so many times while no worker runs, then lets a worker with so many slots grade them all. Gives
 * gradings per minute, from the first one's start to the last one's end. Rejects unless each has its full score.
 */
export async function gradeBacklog(system: SystemUnderLoad, slots: number, count: number): Promise<number> {
  const client = new pg.Client({ connectionString: system.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ now: Date }>('SELECT now()');
    for (const seat of await makeSeats(system, TASK_ID, count)) await submitSolution(system, seat);
    const worker = spawn(process.execPath, [WORKER], {
      env: { ...system.environment, ASSAY_GRADING_SLOTS: String(slots) },
      stdio: 'ignore',
    });
    try {
      await untilAllAreGraded(client, worker);
    } finally {
      await stop(worker);
    }
    const graded = await client.query<{ count: number; lowest: number; seconds: string }>(THROUGHPUT, [
      rows[0]?.now,
    ]);
    const row = graded.rows[0];
    if (row?.count !== count || row.lowest !== 1)
      throw new Error(`not every submission got its full score: ${JSON.stringify(row)}`);
    return (count / Number(row.seconds)) * 60;
  } finally {
    await client.end();
  }
}

async function untilAllAreGraded(client: pg.Client, worker: ChildProcess): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ count: number }>(UNFINISHED);
    if (rows[0]?.count === 0) return;
    if (worker.exitCode !== null || worker.signalCode !== null) throw new Error('the worker has ended');
    await delay(POLL_MS);
  }
}

async function stop(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exited = once(worker, 'exit');
  worker.kill('SIGTERM');
  await exited;
}

async function submitSolution({ environment }: SystemUnderLoad, { cookie }: Seat): Promise<void> {
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(
      new URL(`/v1/attempt/tasks/${TASK_ID}${path}`, environment.ASSAY_CANDIDATE_URL),
      {
        method,
        headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: JSON.stringify(body),
      },
    );
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${await response.text()}`);
    return response.json();
  };
  const { files } = (await send('GET', '')) as { files: { path: string; revision: number }[] }; // as contracted
  const revisions = new Map(files.map(({ path, revision }) => [path, revision]));
  for (const { path, content } of await readSolution())
    await send('PUT', '/file', { path, content, baseRevision: revisions.get(path) ?? 0 });
  await send('POST', '/submission');
}
