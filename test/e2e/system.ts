import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Client, createClient } from '@assay/contracts/client';
import { recruiterApi } from '@assay/contracts/http';
import { createTestDatabase, type QueueAddress, testRedis } from '@assay/testing';
import pg from 'pg';
import { AppProcess } from './app-process.js';

const run = promisify(execFile);
const SEED = join(import.meta.dirname, '../../tools/dist/seed.js');

export type Staff = Client<typeof recruiterApi>;

/** A whole Assay with a database and a queue prefix of its own. */
export interface System {
  /** Logged in as the owner of the demo organisation. */
  staff: Staff;
  publicUrl: string;
  candidateUrl: string;
  recruiterApi: AppProcess;
  assessmentApi: AppProcess;
  worker: AppProcess;
  /** All of them; `worker` is the first. */
  workers: AppProcess[];
  queue: QueueAddress;
  ownerUrl: string;
  /** The data folder. */
  home: string;
  /** As the database's owner: what no client could do, such as letting time pass. */
  sql<Row extends object>(text: string, ...values: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/**
 * Starts the built processes and publishes the tasks of content/. `gradingSlots`: gradings at once in each of the
 * `workers`.
 */
export async function startSystem({ gradingSlots = 1, workers: workerCount = 1 } = {}): Promise<System> {
  const [database, home] = [await createTestDatabase(), await makeHome()];
  const port = await findPorts(2 + workerCount);
  const { url: redisUrl, prefix } = testRedis();
  const shared = {
    ASSAY_PORT: String(port),
    ASSAY_HOME: home,
    ASSAY_GRADING_SLOTS: String(gradingSlots),
    ASSAY_QUEUE_PREFIX: prefix,
    REDIS_URL: redisUrl,
    ASSAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ASSAY_CANDIDATE_URL: `http://127.0.0.1:${port + 1}`,
  };
  const appOn = (name: string, offset: number, url: Record<string, string>) =>
    new AppProcess(name, { ...shared, ...url }, `http://127.0.0.1:${port + offset}/health/ready`);
  // A worker's health listens two above its ASSAY_PORT.
  const workerOn = (index: number) =>
    appOn('grading-worker', 2 + index, {
      WORKER_DATABASE_URL: database.workerUrl,
      ASSAY_PORT: String(port + index),
    });
  const apps = {
    recruiterApi: appOn('recruiter-api', 0, { DATABASE_URL: database.apiUrl }),
    assessmentApi: appOn('assessment-api', 1, { DATABASE_URL: database.apiUrl }),
    worker: workerOn(0),
  };
  const workers = [
    apps.worker,
    ...Array.from({ length: workerCount - 1 }, (_, index) => workerOn(index + 1)),
  ];
  const all = [apps.recruiterApi, apps.assessmentApi, ...workers];
  const stop = async () => {
    const stopped = await Promise.allSettled(all.map((app) => app.stop()));
    await database.drop();
    for (const result of stopped) if (result.status === 'rejected') throw result.reason;
  };
  try {
    const login = await seed(database.ownerUrl, home);
    await Promise.all(all.map((app) => app.start()));
    const staff = createClient(recruiterApi, shared.ASSAY_PUBLIC_URL);
    await staff.logIn({ body: login });
    return {
      ...apps,
      workers,
      staff,
      publicUrl: shared.ASSAY_PUBLIC_URL,
      candidateUrl: shared.ASSAY_CANDIDATE_URL,
      queue: { url: redisUrl, prefix },
      ownerUrl: database.ownerUrl,
      home,
      sql: (text, ...values) => query(database.ownerUrl, text, values),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

async function seed(ownerUrl: string, home: string): Promise<{ email: string; password: string }> {
  const env = { PATH: process.env.PATH ?? '', DATABASE_URL: ownerUrl, ASSAY_HOME: home };
  const { stdout } = await run(process.execPath, [SEED], { env });
  return JSON.parse(stdout) as { email: string; password: string };
}

async function query<Row extends object>(url: string, text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/**
 * One data folder for all runs, so that the sandbox's runtime is copied once. Its name can be guessed, so it must be
 * ours: a folder that another user made there could be theirs to change.
 */
async function makeHome(): Promise<string> {
  const home = join(tmpdir(), 'assay-e2e');
  await mkdir(home, { recursive: true });
  const entry = lstatSync(home);
  if (!entry.isDirectory() || entry.uid !== process.getuid?.()) throw new Error(`${home} is not ours`);
  await chmod(home, 0o711);
  return home;
}

/** The first of so many ports in a row that are free at the moment. */
async function findPorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
